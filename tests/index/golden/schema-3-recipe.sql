-- 8250671c3755
PRAGMA user_version = 3;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('catalogue', 'eae8f5c1051141ce');
INSERT INTO meta (key, value) VALUES ('complete', '2026-11-26T04:45:13+00:00');
INSERT INTO meta (key, value) VALUES ('recipe', '{"ingredients": {"schema": "3", "readers": "1", "cleaner": "2", "sentences": "1", "splitter": "2 of 180", "terms": "1", "context": "1", "signatures": "1", "model": "golden"}, "model": "", "backend": "", "query_prefix": "", "passage_prefix": "", "made": "2026-11-26T04:44:36+00:00"}');
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
    author TEXT,
    pages TEXT NOT NULL,  -- offsets at which pages begin, as a JSON list
    quarantine TEXT NOT NULL,  -- reasons, as a JSON list; with one there are no passages
    signature BLOB,
    version_of TEXT,  -- id of the document that this is another version of
    digest TEXT NOT NULL DEFAULT ''  -- of all that is stored of this generation
);
INSERT INTO documents (generation, state, id, title, text, date, source, url, language, tags, media_type, path, sha256, stamp, added, problems, removed, guessed, author, pages, quarantine, signature, version_of, digest) VALUES (1, 'active', 'ban', 'The ban', 'The city banned the cameras. The police may not use them.', NULL, NULL, NULL, 'en', '[]', 'text/plain', 'ban.txt', '00611dd62aca1b58148b5dca06589dace379fead0ec4d347a1f00fbe62d9e602', 'bfec7b07f074dfad', '2026-11-26T04:45:00+00:00', '["no date found"]', '[]', '["title", "language"]', NULL, '[]', '[]', X'', NULL, '27b97ec8ddeaeaaf332df1033e37fbce678f7be6acc3baac90e9b2a7590389e8');
INSERT INTO documents (generation, state, id, title, text, date, source, url, language, tags, media_type, path, sha256, stamp, added, problems, removed, guessed, author, pages, quarantine, signature, version_of, digest) VALUES (2, 'active', 'fine', 'The fine', 'The regulator fined the vendor in 2022. It did not pay. The letter went out in May, and the vendor answered in June that it had never worked in the country, that its pictures came from pages anybody could open, and that no court there could tell it what to do. The regulator disagreed and wrote so.', NULL, NULL, NULL, 'en', '[]', 'text/plain', 'fine.txt', 'e474b48b6903069735e3e07e7c9a0fd58db784f3ca8c72a5e6cea9fb3ced19d0', 'be37cb1c9cca7295', '2026-11-26T04:45:00+00:00', '["no date found"]', '[]', '["title", "language"]', NULL, '[]', '[]', X'3700000071F6490480A5CC015D43F4016739D00163BB13055894890606379B029E977B01157FEB01F08118071D6BAE031650C507BCCAF10139C93A06082F0801E0980C0D74536D0320F5F109C7C6570478D94B03C376C304A41EC2001848DD013C6E0F02870A37001C6C4D0517A026022298F102FDF326015F5FDA085DD7600201B01C015CBD850093DBC4045B7A5000DAF14901E5BF1D0480646404551375060BE6120E02B38C043BA9F9001DE15E02399FC404D086A302B5D68E05206296076226CB0937174C05C99EE70316A3C303EEE46902F41F07044FD6D7058A895807A826AA01E0CD2A03C58418001E84E70592691404722A5200E0788100133BF60A04D305001F0327013F996200932C710C4332560B29C58B00884BFC076267E7007B4F4400B31E9901976F39028A9D7A04C897890248D7BA026E21E60232E4C504C92D1100CCBFCD06436CC70048C65F0B85E4DD036C2210038C92560016C0C400286F8D0281C61D01571CB9012FB44B0420BE56004C88880459459D09BA79DB01F32651099310C10386BAC4006EEE2906E4612003B858AD0027E61905EE722D01BD07800225561503652EBE01EBE14600A1DB2F035E94A30802393F013F7E1F03F691160D2682E901C991420046221E014524E200D8705F2B314312009C4A740108494200B6167A042950C30548BA5B026F2FA00F7597D400E6403D07A63791014EC22000', NULL, '806e51d7c52c5740534a40733c638f6e4944126839755744f335b6f8a5072757');
INSERT INTO documents (generation, state, id, title, text, date, source, url, language, tags, media_type, path, sha256, stamp, added, problems, removed, guessed, author, pages, quarantine, signature, version_of, digest) VALUES (3, 'active', 'leak', 'The leak', 'A list of customers was leaked on Friday.' || char(10) || '' || char(10) || '## Reaction' || char(10) || '' || char(10) || 'The vendor said that the hole was closed. Dr. Rao doubted it.', '2020-02-28', 'Gazette', NULL, 'en', '["security"]', 'text/markdown', 'leak.md', '0af9ac864f499484df10ed465b0772ad10647ae8c90ac7fcac6b8de30de7a10c', 'ea8e1bb1abb7d695', '2026-11-26T04:45:00+00:00', '[]', '[]', '["language"]', NULL, '[]', '[]', X'', NULL, 'b059aa66d1cd086d01cc458d4ad4a8f77f98bbf0cc82572483c74dad396fac97');
CREATE UNIQUE INDEX one_active ON documents (id) WHERE state = 'active';
CREATE INDEX by_text ON documents (sha256);
CREATE INDEX not_active ON documents (state) WHERE state != 'active';
CREATE TABLE bands (
    band INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (band, generation)
) WITHOUT ROWID;
INSERT INTO bands (band, generation) VALUES (-1165013453276624784, 2);
INSERT INTO bands (band, generation) VALUES (-1265476874859992519, 2);
INSERT INTO bands (band, generation) VALUES (-2000184643538328655, 2);
INSERT INTO bands (band, generation) VALUES (-2140232851209002302, 2);
INSERT INTO bands (band, generation) VALUES (-220948823684350012, 2);
INSERT INTO bands (band, generation) VALUES (-2498533234022217827, 2);
INSERT INTO bands (band, generation) VALUES (-2612146185687814045, 2);
INSERT INTO bands (band, generation) VALUES (-2691263650118858960, 2);
INSERT INTO bands (band, generation) VALUES (-2700451035053267059, 2);
INSERT INTO bands (band, generation) VALUES (-2810300328091284029, 2);
INSERT INTO bands (band, generation) VALUES (-2870463868340459388, 2);
INSERT INTO bands (band, generation) VALUES (-3005087487546107042, 2);
INSERT INTO bands (band, generation) VALUES (-3371550119954215226, 2);
INSERT INTO bands (band, generation) VALUES (-338004245277465581, 2);
INSERT INTO bands (band, generation) VALUES (-3412483039037413685, 2);
INSERT INTO bands (band, generation) VALUES (-3418058863993398062, 2);
INSERT INTO bands (band, generation) VALUES (-4033946455915838218, 2);
INSERT INTO bands (band, generation) VALUES (-4419958317855257279, 2);
INSERT INTO bands (band, generation) VALUES (-4569440667142258884, 2);
INSERT INTO bands (band, generation) VALUES (-5179853732976093654, 2);
INSERT INTO bands (band, generation) VALUES (-6045040068771997849, 2);
INSERT INTO bands (band, generation) VALUES (-6223287141709124207, 2);
INSERT INTO bands (band, generation) VALUES (-6530283381707742630, 2);
INSERT INTO bands (band, generation) VALUES (-6578196973149845650, 2);
INSERT INTO bands (band, generation) VALUES (-6683984105381273350, 2);
INSERT INTO bands (band, generation) VALUES (-6760542671539300822, 2);
INSERT INTO bands (band, generation) VALUES (-6820758514654737149, 2);
INSERT INTO bands (band, generation) VALUES (-682847400911209291, 2);
INSERT INTO bands (band, generation) VALUES (-6910127895507715523, 2);
INSERT INTO bands (band, generation) VALUES (-6996691071150742113, 2);
INSERT INTO bands (band, generation) VALUES (-7052520560568255338, 2);
INSERT INTO bands (band, generation) VALUES (-7350536367615652695, 2);
INSERT INTO bands (band, generation) VALUES (-8473221889418817058, 2);
INSERT INTO bands (band, generation) VALUES (-8505979889647462980, 2);
INSERT INTO bands (band, generation) VALUES (-863964774111149117, 2);
INSERT INTO bands (band, generation) VALUES (-8997915010717698626, 2);
INSERT INTO bands (band, generation) VALUES (-9016746034385732685, 2);
INSERT INTO bands (band, generation) VALUES (-927447558650825190, 2);
INSERT INTO bands (band, generation) VALUES (1287409339069519690, 2);
INSERT INTO bands (band, generation) VALUES (1690595806026906799, 2);
INSERT INTO bands (band, generation) VALUES (2231558083850844676, 2);
INSERT INTO bands (band, generation) VALUES (2344447005871573719, 2);
INSERT INTO bands (band, generation) VALUES (3032648918113870569, 2);
INSERT INTO bands (band, generation) VALUES (3077686160071336980, 2);
INSERT INTO bands (band, generation) VALUES (3335757516990099858, 2);
INSERT INTO bands (band, generation) VALUES (3575464700490452590, 2);
INSERT INTO bands (band, generation) VALUES (3708917710487902328, 2);
INSERT INTO bands (band, generation) VALUES (4213260591772870484, 2);
INSERT INTO bands (band, generation) VALUES (4884249572263029278, 2);
INSERT INTO bands (band, generation) VALUES (5490239053276646372, 2);
INSERT INTO bands (band, generation) VALUES (5661827202387434113, 2);
INSERT INTO bands (band, generation) VALUES (5705964717835326628, 2);
INSERT INTO bands (band, generation) VALUES (628928581109181820, 2);
INSERT INTO bands (band, generation) VALUES (6292899149358937451, 2);
INSERT INTO bands (band, generation) VALUES (6447341808034885290, 2);
INSERT INTO bands (band, generation) VALUES (6548817741615331227, 2);
INSERT INTO bands (band, generation) VALUES (7266215855017292141, 2);
INSERT INTO bands (band, generation) VALUES (7668609107652842905, 2);
INSERT INTO bands (band, generation) VALUES (81973283154505107, 2);
INSERT INTO bands (band, generation) VALUES (8485253580861314521, 2);
INSERT INTO bands (band, generation) VALUES (8678802572286705343, 2);
INSERT INTO bands (band, generation) VALUES (8742251512870087821, 2);
INSERT INTO bands (band, generation) VALUES (9137669637409474189, 2);
INSERT INTO bands (band, generation) VALUES (95657072869771011, 2);
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
