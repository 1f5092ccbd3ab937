"""The first tables: the index, conversations, accounts.

Conversations have the tables that ``assistant/chats_schema.sql`` has, so that the same SQL works on
both.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE corpus (                    -- one row
    one integer PRIMARY KEY CHECK (one = 1),
    identity text NOT NULL,              -- random: whose writes a host has followed
    head bigint NOT NULL DEFAULT 0,      -- number of the last write
    lease bigint NOT NULL DEFAULT 0,     -- number of the last turn of a writer
    holder text NOT NULL DEFAULT '',     -- who took it
    folder text,                         -- mark in the documents folder that is the truth
    folder_host text                     -- where that was last written
);
CREATE TABLE indexes (
    recipe text PRIMARY KEY,
    ingredients text NOT NULL,           -- JSON, as in the catalogue
    model text NOT NULL,                 -- JSON: the settings that name the model
    made timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE documents (
    recipe text NOT NULL REFERENCES indexes ON DELETE CASCADE,
    id text NOT NULL,
    change bigint NOT NULL,              -- the write that made it so
    place integer NOT NULL,              -- its place among what was written with it
    sha256 text,                         -- of its text; null with all that follows: it is gone
    stamp text,                          -- of its file
    digest text,                         -- of the data, unpacked
    data bytea,                          -- index/copied.py
    PRIMARY KEY (recipe, id)
);
ALTER TABLE documents ALTER data SET STORAGE EXTERNAL;
CREATE INDEX documents_by_change ON documents (recipe, change, place);
CREATE TABLE writes (
    change bigint PRIMARY KEY,
    mark text NOT NULL,                  -- random: a database that was put back has others
    host text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE chats (
    id text PRIMARY KEY,
    reader text NOT NULL,
    title text NOT NULL,
    created text NOT NULL,
    changed text NOT NULL
);
CREATE INDEX chats_of_reader ON chats (reader, changed);
CREATE TABLE recipes (recipe text PRIMARY KEY, ingredients text NOT NULL);
CREATE TABLE turns (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chat text NOT NULL REFERENCES chats ON DELETE CASCADE,
    asked text NOT NULL,
    question text NOT NULL,
    answer text NOT NULL,
    shown text NOT NULL,
    filters text NOT NULL,
    recipe text NOT NULL REFERENCES recipes,
    replaced integer NOT NULL DEFAULT 0,
    digest text NOT NULL
);
CREATE INDEX turns_of_chat ON turns (chat);
CREATE TABLE feedback (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    turn bigint NOT NULL REFERENCES turns ON DELETE CASCADE,
    verdict text NOT NULL CHECK (verdict IN ('good', 'bad', 'wrong citation')),
    marker integer,
    comment text NOT NULL,
    given text NOT NULL
);
CREATE INDEX feedback_of_turn ON feedback (turn);
CREATE UNIQUE INDEX one_verdict ON feedback (turn, coalesce(marker, 0));
CREATE TABLE accounts (                  -- one row
    one integer PRIMARY KEY CHECK (one = 1),
    version bigint NOT NULL,
    kept text NOT NULL                   -- JSON, as in var/accounts.json
);
"""


def upgrade() -> None:
    """Make the tables."""
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
