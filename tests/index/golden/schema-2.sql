-- 036660884ade
PRAGMA user_version = 2;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('catalogue', '33af7ebc1ab41ae6');
CREATE TABLE documents (
    generation INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'retired')),
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
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
    digest TEXT NOT NULL DEFAULT ''  -- of all that is stored of this generation
);
INSERT INTO documents (generation, state, id, title, text, date, source, url, language, tags, media_type, path, sha256, stamp, added, problems, removed, guessed, digest) VALUES (1, 'active', 'ban', 'The ban', 'The city banned the cameras. The police may not use them.', NULL, NULL, NULL, 'en', '[]', 'text/plain', 'ban.txt', '00611dd62aca1b58148b5dca06589dace379fead0ec4d347a1f00fbe62d9e602', '8618d84e778a5ba8', '2026-11-26T00:08:27+00:00', '["no date found"]', '[]', '["title", "language"]', '6b177667ebdc7dab0bdd16f1a6e152c4b79dc76e2bd9575dbd07f8b9d310d0b2');
INSERT INTO documents (generation, state, id, title, text, date, source, url, language, tags, media_type, path, sha256, stamp, added, problems, removed, guessed, digest) VALUES (2, 'active', 'fine', 'The fine', 'The regulator fined the vendor in 2022. It did not pay. The letter went out in May, and the vendor answered in June that it had never worked in the country, that its pictures came from pages anybody could open, and that no court there could tell it what to do. The regulator disagreed and wrote so.', NULL, NULL, NULL, 'en', '[]', 'text/plain', 'fine.txt', 'e474b48b6903069735e3e07e7c9a0fd58db784f3ca8c72a5e6cea9fb3ced19d0', 'e4b1fd18861dabb9', '2026-11-26T00:08:27+00:00', '["no date found"]', '[]', '["title", "language"]', 'ad39b8deee318eae67953816022d9723703626e04e4f1dc11e98bfe5b9c0fb5f');
INSERT INTO documents (generation, state, id, title, text, date, source, url, language, tags, media_type, path, sha256, stamp, added, problems, removed, guessed, digest) VALUES (3, 'active', 'leak', 'The leak', 'A list of customers was leaked on Friday.' || char(10) || '' || char(10) || '## Reaction' || char(10) || '' || char(10) || 'The vendor said that the hole was closed. Dr. Rao doubted it.', '2020-02-28', 'Gazette', NULL, 'en', '["security"]', 'text/markdown', 'leak.md', '0af9ac864f499484df10ed465b0772ad10647ae8c90ac7fcac6b8de30de7a10c', '06c02228925bcbb0', '2026-11-26T00:08:28+00:00', '[]', '[]', '["language"]', '948cccfa40dcf33fba0cb8541bef4b9c81409e77f1e7c86dfbdb1159d8627828');
CREATE UNIQUE INDEX one_active ON documents (id) WHERE state = 'active';
CREATE INDEX by_text ON documents (sha256);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES documents (generation),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    heading TEXT NOT NULL,
    vector BLOB NOT NULL,
    sentence_spans BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);
INSERT INTO passages (number, generation, start, end, heading, vector, sentence_spans, sentence_vectors) VALUES (1, 1, 0, 57, '', X'052D313942322D3E42322D3E1C1CAD3E052D313942322D3E052D3139052D3139052D31398752583F42322D3E42322D3E052D3139052D313942322D3E052D3139', X'000000001C0000001D00000039000000', X'4705C639A992C13E4705C6394705C6394705C6394705C6394705C6394705C6394705C639E779413FA992C13EA992C13E4705C6394705C6394705C6394705C639E6B1A539E6B1A539E6B1A53970E4213FE6B1A53927F9A13EE6B1A539E6B1A539E6B1A53970E4213FE6B1A539E6B1A539E6B1A539E6B1A53927F9A13EE6B1A539');
INSERT INTO passages (number, generation, start, end, heading, vector, sentence_spans, sentence_vectors) VALUES (2, 2, 0, 298, '', X'D0D7E93D615A2F3EAA1B923EE752AF3ED0D7E93DAA1B923E615A2F3EBCF5693DE752AF3E238ACC3EE752AF3EEA556F38D0D7E93DBCF5693D5FC1E93ED0D7E93D', X'000000002700000028000000370000003800000004010000050100002A010000', X'6AFA9D390A6E9A3E6AFA9D394A5A1A3F6AFA9D396AFA9D396AFA9D396AFA9D390A6E9A3E4A5A1A3F6AFA9D396AFA9D396AFA9D396AFA9D390A6E9A3E6AFA9D3999E5D53999E5D53999E5D539B017D13E99E5D539F3FC503F99E5D53999E5D53999E5D53999E5D539B017D13E99E5D53999E5D53999E5D53999E5D53999E5D539DFE62B3E85F0AF38E0DBAB3EA8E7803EDFE62B3EDFE62B3EA8E7803EDEFCAB3D19D0D63EA8E7803EE0DBAB3E85F0AF38DFE62B3EDEFCAB3D29E2003FDFE62B3E60D3D539E105D13EE105D13E60D3D53960D3D539E105D13E60D3D53960D3D53960D3D539E105D13EE105D13E60D3D53960D3D53960D3D539E105D13E60D3D539');
INSERT INTO passages (number, generation, start, end, heading, vector, sentence_spans, sentence_vectors) VALUES (3, 3, 0, 41, '', X'75E0883E75E0883E95058C3975E0883E95058C3995058C3975E0883E95058C39F4CE083F75E0883EF4CE083F95058C3995058C3995058C3995058C3975E0883E', X'0000000029000000', X'D2D9933ED2D9933E7F3F9739D2D9933E7F3F97397F3F9739D2D9933E7F3F9739E9C6133F7F3F9739E9C6133F7F3F97397F3F97397F3F97397F3F97397F3F9739');
INSERT INTO passages (number, generation, start, end, heading, vector, sentence_spans, sentence_vectors) VALUES (4, 3, 56, 117, 'Reaction', X'1C3D3C39BC02383E1C3D3C3934EBB73E1C3D3C391C3D3C3934EBB73EBC02383EBC02383E70DF373FBC02383EBC02383E1C3D3C391C3D3C39BC02383EBC02383E', X'38000000610000006200000075000000', X'A7018339A7018339A7018339FAFFFF3EA7018339A70183395E10803EA7018339A7018339CCF73F3FA70183395E10803EA7018339A70183395E10803EA7018339DDF0023ADDF0023ADDF0023ADDF0023ADDF0023ADDF0023AE8FFFF3EE8FFFF3EE8FFFF3EDDF0023AE8FFFF3EDDF0023ADDF0023ADDF0023ADDF0023ADDF0023A');
CREATE INDEX by_generation ON passages (generation);
CREATE VIRTUAL TABLE lexicon USING fts5 (
    title, about, heading, body, tokenize = "ascii tokenchars '.'"
);
INSERT INTO lexicon (rowid, title, about, heading, body) VALUES (1, 'ban', '', '', 'citi ban camera polic may use');
INSERT INTO lexicon (rowid, title, about, heading, body) VALUES (2, 'fine', '', '', 'regul fine vendor 2022 pay letter went may vendor answer june never work countri pictur came page anybodi open court regul disagre wrote');
INSERT INTO lexicon (rowid, title, about, heading, body) VALUES (3, 'leak', 'gazett secur 2020 februari 28', '', 'list custom leak friday');
INSERT INTO lexicon (rowid, title, about, heading, body) VALUES (4, 'leak', 'gazett secur 2020 februari 28', 'reaction', 'vendor said hole close dr rao doubt');
CREATE VIRTUAL TABLE lexicon_terms USING fts5vocab ('lexicon', 'row');
