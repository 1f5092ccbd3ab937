-- The catalogue: everything the index knows, derived from the documents folder.
-- A generation is one reading of one document. It is written whole as 'pending', becomes 'active'
-- when Chroma holds its vectors too, and replaces the generation before it in the same transaction.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE documents (
    generation INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')),
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    source TEXT,
    url TEXT,
    language TEXT,
    tags TEXT NOT NULL,
    media_type TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    stamp TEXT NOT NULL,
    added TEXT NOT NULL,
    problems TEXT NOT NULL,
    removed TEXT NOT NULL,
    guessed TEXT NOT NULL,
    author TEXT,
    pages TEXT NOT NULL,  -- offsets at which pages begin, as a JSON list
    quarantine TEXT NOT NULL,  -- reasons, as a JSON list; with one there are no passages
    signature BLOB,
    version_of TEXT,  -- id of the document that this is another version of
    digest TEXT NOT NULL DEFAULT '',  -- of all that is stored of this generation
    first INTEGER,  -- of its passages' numbers, which follow each other
    last INTEGER,
    -- The last column: whoever reads one behind a long text reads through the text.
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX one_active ON documents (id) WHERE state = 'active';
CREATE INDEX by_text ON documents (sha256);
-- All that filters look at, so that no text is read for it.
CREATE INDEX by_filter ON documents (date, source, tags, id, first, last) WHERE state = 'active';
CREATE INDEX not_active ON documents (state) WHERE state != 'active';

-- Keys of the signatures: documents that share some may be versions of one text.
CREATE TABLE bands (
    band INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (band, generation)
) WITHOUT ROWID;

-- Vectors are little-endian float32; spans are little-endian int32 pairs of document offsets.
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES documents (generation),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    heading TEXT NOT NULL,
    vector BLOB NOT NULL,
    sentence_spans BLOB NOT NULL,
    words BLOB NOT NULL,  -- index/worded.py
    sentence_vectors BLOB NOT NULL
);
CREATE INDEX by_generation ON passages (generation);

-- The stems of each passage, separated by spaces.
CREATE TABLE lexicon (
    number INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    heading TEXT NOT NULL,
    body TEXT NOT NULL
);

-- Which passages have a stem: index/postings.py. Follows from the lexicon.
CREATE TABLE postings (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
