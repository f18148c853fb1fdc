CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL DEFAULT '', meta JSON, tags TEXT NOT NULL DEFAULT '[]', data BLOB, created INTEGER NOT NULL, author TEXT GENERATED ALWAYS AS (meta ->> '$.author') VIRTUAL, size INTEGER NOT NULL GENERATED ALWAYS AS (length(body)) STORED, slug TEXT AS (lower(replace(title, ' ', '-'))));
CREATE UNIQUE INDEX note_slug ON note (slug);
CREATE VIRTUAL TABLE note_fts USING fts5(title, body, content='note', content_rowid='id');
CREATE VIRTUAL TABLE plain_fts USING fts5(a, b UNINDEXED, tokenize = 'porter unicode61', prefix='2 3');
CREATE VIRTUAL TABLE area USING rtree(id, x0, x1, y0, y1, +label TEXT);
CREATE TRIGGER note_ai AFTER INSERT ON note BEGIN INSERT INTO note_fts (rowid, title, body) VALUES (new.id, new.title, new.body); END;
CREATE TABLE log (id INTEGER PRIMARY KEY, note_id INTEGER, what TEXT NOT NULL, old TEXT, new TEXT);
CREATE TRIGGER note_au AFTER UPDATE OF title ON note WHEN old.title <> new.title BEGIN INSERT INTO log (note_id, what, old, new) VALUES (old.id, 'title', old.title, new.title); END;
CREATE TRIGGER note_bd BEFORE DELETE ON note BEGIN SELECT raise(ABORT, 'kept') WHERE old.title = 'keep'; END;
CREATE VIEW tagged AS SELECT note.id, t.value AS tag FROM note, json_each(note.tags) AS t;
CREATE VIEW editable AS SELECT id, title FROM note;
CREATE TRIGGER editable_u INSTEAD OF UPDATE ON editable BEGIN UPDATE note SET title = new.title WHERE id = old.id; END;

-- => id integer, title text, body text, meta any?, tags text, data blob?, created integer, author text?, size integer, slug text
SELECT * FROM note;
-- => author any?
SELECT json_extract(meta, '$.author') AS author FROM note;
-- => raw text?
SELECT meta -> '$.author' AS raw FROM note;
-- => author any?
SELECT meta ->> 'author' AS author FROM note;
-- => author text?
SELECT CAST(meta ->> '$.author' AS TEXT) AS author FROM note;
-- => o text, a text
SELECT json_object('id', id, 'title', title) AS o, json_array(id, title) AS a FROM note;
-- => s text?
SELECT json_set(meta, '$.seen', 1) AS s FROM note;
-- => s text
SELECT json_set('{}', '$.seen', id) AS s FROM note;
-- => g text
SELECT json_group_array(title) AS g FROM note;
-- => g text
SELECT json_group_object(slug, id) AS g FROM note;
-- => n integer?
SELECT json_array_length(meta) AS n FROM note;
-- => v integer?, t text?
SELECT json_valid(meta) AS v, json_type(meta) AS t FROM note;
-- => q text
SELECT json_quote(title) AS q FROM note;
-- => p text?
SELECT json_patch(meta, '{"a":1}') AS p FROM note;
-- => id integer, tag any?
SELECT * FROM tagged;
-- => id integer, key any?, value any?
SELECT note.id, e.key, e.value FROM note, json_each(note.meta) e;
-- => key any?, value any?, type text, atom any?, id integer, parent integer?, fullkey text, path text
SELECT * FROM json_each('{"a":1}');
-- => id integer, value any?
SELECT note.id, json_each.value FROM note JOIN json_each(note.tags) WHERE json_each.type = 'text';
-- => id integer, value any?
SELECT note.id, j.value FROM note LEFT JOIN json_each(note.tags) j;
-- => fullkey text, atom any
SELECT fullkey, atom FROM note, json_tree(meta) WHERE atom IS NOT NULL;
-- => id integer
SELECT id FROM note WHERE EXISTS (SELECT 1 FROM json_each(note.tags) WHERE value = :tag);
-- => n integer
SELECT count(*) AS n FROM note, json_each(tags) WHERE json_each.value LIKE 'a%';
-- => title any?, body any?
SELECT * FROM note_fts;
-- => rowid integer, title any?
SELECT rowid, title FROM note_fts WHERE note_fts MATCH ?;
-- => title any?, rank any?
SELECT title, rank FROM note_fts WHERE note_fts MATCH :query ORDER BY rank LIMIT 20;
-- => id integer, title text, score real
SELECT n.id, n.title, bm25(note_fts) AS score FROM note_fts JOIN note n ON n.id = note_fts.rowid WHERE note_fts MATCH :q;
-- params: q text
-- => hit text?
SELECT highlight(note_fts, 0, '<b>', '</b>') AS hit FROM note_fts('x');
-- => hit text?
SELECT snippet(note_fts, 1, '[', ']', '...', 8) AS hit FROM note_fts WHERE note_fts = 'x';
-- => a any?
SELECT a FROM plain_fts WHERE plain_fts MATCH 'a' || ?;
-- => id integer, x0 real, label any?
SELECT id, x0, label FROM area WHERE x0 >= ? AND x1 <= ?;
-- => id integer, title text
SELECT * FROM editable;
-- => id integer, title text
UPDATE note SET title = :title WHERE id = :id RETURNING id, title;
-- params: title text, id integer
-- => id integer, slug text, size integer
INSERT INTO note (title, created) VALUES (?, unixepoch()) RETURNING id, slug, size;
-- => id integer, slug text
INSERT INTO note (title, created) VALUES (?, 1) RETURNING rowid, slug;
-- => id integer, old text?
DELETE FROM log WHERE old IS NULL OR new = ? RETURNING id, old;
-- => old text
DELETE FROM log WHERE old LIKE ? RETURNING old;
-- => n integer?
SELECT length(data) AS n FROM note;
-- => n integer
SELECT length(coalesce(data, x'')) AS n FROM note;
-- => t text
SELECT typeof(data) AS t FROM note;
-- => c any
SELECT iif(data IS NULL, 0, data) AS c FROM note;
-- => author text
SELECT author FROM note WHERE author = ?;
-- => author text?, n integer
SELECT author, count(*) AS n FROM note GROUP BY author;
-- => tags text?
SELECT (SELECT group_concat(value, ',') FROM json_each(note.tags)) AS tags FROM note;
-- => tags text
SELECT (SELECT json_group_array(value) FROM json_each(note.tags)) AS tags FROM note;
-- => x integer, y text
WITH input (x, y) AS (VALUES (1, 'a'), (2, 'b')) SELECT * FROM input;
-- => x any?
SELECT value AS x FROM json_each(?);
-- => name text, type text
SELECT name, type FROM sqlite_schema WHERE type = 'table';
-- => type text, name text, tbl_name text, rootpage integer, sql text?
SELECT * FROM sqlite_master;
-- => name text, notnull integer
SELECT name, "notnull" FROM pragma_table_info('note');
-- => n integer
SELECT count(*) AS n FROM pragma_foreign_key_list('note');
-- => j text
SELECT json('{"a": 1}') AS j;
-- => j any?
SELECT '{"a":1}' ->> '$.a' AS j;
-- => j text
SELECT json_remove('[1,2]', '$[0]') AS j;
-- => j text
SELECT json_insert('[1,2]', '$[2]', id) AS j FROM note;
-- => j text?
SELECT json_replace(meta, '$.a', id) AS j FROM note;
-- => id integer, what text
INSERT INTO log (what) SELECT title FROM note WHERE id IN (SELECT rowid FROM note_fts WHERE note_fts MATCH ?) RETURNING id, what;
