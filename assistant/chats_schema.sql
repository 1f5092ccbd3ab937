-- Conversations and what readers said about answers: people's own, never made again.
-- Whoever changes this raises SCHEMA_VERSION in chats_file.py and says there how an older file
-- becomes a newer one.

CREATE TABLE chats (
    id TEXT PRIMARY KEY,       -- 32 hexadecimal digits that the page chose at random
    reader TEXT NOT NULL,      -- SHA-256 of the secret in the browser that it belongs to
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL      -- when its last turn was kept
);
CREATE INDEX chats_of_reader ON chats (reader, changed);

-- What indexes were made with, by recipe: a JSON object of ingredients.
CREATE TABLE recipes (recipe TEXT PRIMARY KEY, ingredients TEXT NOT NULL);

CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    asked TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,      -- the object that 'assistant ask --json' prints
    shown TEXT NOT NULL,       -- the message as the page showed it
    filters TEXT NOT NULL,     -- a JSON object, as in a case of 'evals'
    recipe TEXT NOT NULL REFERENCES recipes (recipe),
    replaced INTEGER NOT NULL DEFAULT 0,  -- asked again, and kept for its feedback
    digest TEXT NOT NULL       -- of question, answer and shown: SQLite notices no flipped byte
);
CREATE INDEX turns_of_chat ON turns (chat);

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    verdict TEXT NOT NULL CHECK (verdict IN ('good', 'bad', 'wrong citation')),
    marker INTEGER,            -- the citation it is about
    comment TEXT NOT NULL,
    given TEXT NOT NULL
);
CREATE INDEX feedback_of_turn ON feedback (turn);
-- The last word counts: one verdict on an answer, one on each of its citations.
CREATE UNIQUE INDEX one_verdict ON feedback (turn, ifnull(marker, 0));

-- Questions that were declined and that a reader wants documents for.
CREATE TABLE wishes (
    turn INTEGER PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
    comment TEXT NOT NULL,
    made TEXT NOT NULL,
    done TEXT                  -- when a curator had seen to it
);

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
