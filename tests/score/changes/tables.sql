-- Tables, views, triggers, virtual tables; many changes at once.

-- == from_nothing
-- ->
CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b (id));
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id));
CREATE INDEX i ON a (b);
CREATE VIEW v2 AS SELECT * FROM v1;
CREATE VIEW v1 AS SELECT a.id AS x, b.id AS y FROM a LEFT JOIN b ON a.b = b.id;
CREATE TRIGGER tr INSTEAD OF DELETE ON v2 BEGIN DELETE FROM a WHERE id = old.x; END;

-- == to_nothing
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b INT REFERENCES b (id) ON DELETE CASCADE);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id) ON DELETE RESTRICT);
CREATE INDEX i ON a (b);
CREATE VIEW v AS SELECT a.id AS x, b.id AS y FROM a LEFT JOIN b ON a.b = b.id;
CREATE TRIGGER tr INSTEAD OF DELETE ON v BEGIN DELETE FROM a WHERE id = old.x; END;
CREATE TRIGGER tr2 BEFORE DELETE ON a BEGIN SELECT raise(ABORT, 'never'); END;
-- ->

-- == drop_parent_keep_child
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INT);
CREATE TABLE gone (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE);
-- ->
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INT);

-- == table_renamed
--! rename old:new
CREATE TABLE old (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, o INT REFERENCES old (id) ON DELETE CASCADE);
CREATE INDEX old_v ON old (v);
CREATE VIEW v AS SELECT old.v FROM old;
CREATE TRIGGER tr AFTER UPDATE ON old BEGIN UPDATE old SET v = new.v WHERE old.id = new.id + 1; END;
-- ->
CREATE TABLE new (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, o INT REFERENCES new (id) ON DELETE CASCADE);
CREATE INDEX old_v ON new (v);
CREATE VIEW v AS SELECT new.v FROM new;
CREATE TRIGGER tr AFTER UPDATE ON new BEGIN UPDATE new SET v = new.v WHERE old.id = new.id + 1; END;

-- == table_renamed_case_only
CREATE TABLE Users (Id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE c (u INT REFERENCES Users (Id) ON DELETE CASCADE);
-- ->
CREATE TABLE users (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE c (u INT REFERENCES users (id) ON DELETE CASCADE);

-- == table_renamed_another_takes_its_name
--! rename a:b
CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE c (r INT REFERENCES a (id) ON DELETE CASCADE);
-- ->
CREATE TABLE b (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE a (id INTEGER PRIMARY KEY, other REAL);
CREATE TABLE c (r INT REFERENCES b (id) ON DELETE CASCADE);

-- == table_replaces_a_dropped_one
--! rename a:b
CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, w TEXT);
-- ->
CREATE TABLE b (id INTEGER PRIMARY KEY, v TEXT);

-- == table_names_swapped
--! rename a:b
--! rename b:a
CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, w INT REFERENCES a (id) ON DELETE CASCADE);
CREATE VIEW both AS SELECT a.v, b.w FROM a, b;
-- ->
CREATE TABLE b (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE a (id INTEGER PRIMARY KEY, w INT REFERENCES b (id) ON DELETE CASCADE);
CREATE VIEW both AS SELECT b.v, a.w FROM b, a;

-- == table_becomes_view
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT);
-- ->
CREATE VIEW t AS SELECT id, v FROM s WHERE id > 0;
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT);

-- == view_becomes_table
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT);
CREATE VIEW t AS SELECT id, v FROM s WHERE id > 0;
CREATE VIEW u AS SELECT * FROM t;
-- ->
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
CREATE VIEW u AS SELECT * FROM t;

-- == index_name_becomes_table_name
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT);
CREATE INDEX x ON s (v);
-- ->
CREATE TABLE s (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE x (id INTEGER PRIMARY KEY);

-- == temporary_name_taken
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE __new_t (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE quarry_new_t (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE t_new (id INTEGER PRIMARY KEY, v TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v INT);
CREATE TABLE __new_t (id INTEGER PRIMARY KEY, v INT);
CREATE TABLE quarry_new_t (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE t_new (id INTEGER PRIMARY KEY, v TEXT);

-- == views_on_views
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE VIEW v1 AS SELECT id, a FROM t;
CREATE VIEW v2 AS SELECT * FROM v1 WHERE a <> '';
CREATE VIEW v3 (k, w) AS SELECT v2.id, t.b FROM v2 JOIN t USING (id);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '', b INT);
CREATE VIEW v1 AS SELECT id, a FROM t;
CREATE VIEW v2 AS SELECT * FROM v1 WHERE a <> '';
CREATE VIEW v3 (k, w) AS SELECT v2.id, t.b FROM v2 JOIN t USING (id);

-- == view_changes_under_another
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW base AS SELECT id, a FROM t;
CREATE VIEW top AS SELECT a FROM base;
CREATE TRIGGER ins INSTEAD OF INSERT ON top BEGIN INSERT INTO t (a) VALUES (new.a); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW base AS SELECT id, a || '!' AS a FROM t;
CREATE VIEW top AS SELECT a FROM base;
CREATE TRIGGER ins INSTEAD OF INSERT ON top BEGIN INSERT INTO t (a) VALUES (new.a); END;

-- == view_broken_before
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW broken AS SELECT absent FROM nowhere;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);

-- == view_stays_broken
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW broken AS SELECT absent FROM nowhere;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, a INT);
CREATE VIEW broken AS SELECT absent FROM nowhere;

-- == view_texts
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT 'a  b' AS x, "a" FROM t /* c */ WHERE a LIKE '%''%' -- end
;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT 'a b' AS x, "a" FROM t /* c */ WHERE a LIKE '%''%' -- end
;

-- == view_with_cte_and_window
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT);
CREATE VIEW v AS WITH r AS (SELECT a, row_number() OVER (PARTITION BY a ORDER BY n DESC) AS k FROM t) SELECT * FROM r WHERE k = 1;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, n INT);
CREATE VIEW v AS WITH r AS (SELECT a, row_number() OVER (PARTITION BY a ORDER BY n DESC) AS k FROM t) SELECT * FROM r WHERE k = 1;

-- == trigger_changes
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT);
CREATE TRIGGER tr AFTER UPDATE ON t BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT);
CREATE TRIGGER tr AFTER UPDATE OF a ON t WHEN old.a IS NOT new.a BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END;

-- == trigger_moves_table
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER tr AFTER DELETE ON t BEGIN DELETE FROM u; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER tr AFTER DELETE ON u BEGIN DELETE FROM t; END;

-- == trigger_on_another_table_names_it
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, tid INT);
CREATE TRIGGER tr AFTER INSERT ON u BEGIN UPDATE t SET a = a || '!' WHERE id = new.tid; INSERT INTO t (a) SELECT a FROM t WHERE id = new.tid; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
CREATE TABLE u (id INTEGER PRIMARY KEY, tid INT);
CREATE TRIGGER tr AFTER INSERT ON u BEGIN UPDATE t SET a = a || '!' WHERE id = new.tid; INSERT INTO t (a) SELECT a FROM t WHERE id = new.tid; END;

-- == trigger_with_keywords_in_text
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER "begin end" AFTER INSERT ON t WHEN new.a = 'BEGIN; END;' BEGIN -- END;
  /* END; */ UPDATE t SET a = CASE WHEN a = 'END' THEN 'BEGIN' ELSE '; END;' END WHERE id = new.id; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'END;');
CREATE TRIGGER "begin end" AFTER INSERT ON t WHEN new.a = 'BEGIN; END;' BEGIN -- END;
  /* END; */ UPDATE t SET a = CASE WHEN a = 'END' THEN 'BEGIN' ELSE '; END;' END WHERE id = new.id; END;

-- == trigger_raise_guards
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER no_delete BEFORE DELETE ON t BEGIN SELECT raise(ABORT, 'keep it'); END;
CREATE TRIGGER no_update BEFORE UPDATE ON t BEGIN SELECT raise(FAIL, 'it''s "fixed"'); END;
CREATE TRIGGER no_insert BEFORE INSERT ON t WHEN new.id > 1000000 BEGIN SELECT raise(IGNORE); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL DEFAULT (lower('X')));
CREATE TRIGGER no_delete BEFORE DELETE ON t BEGIN SELECT raise(ABORT, 'keep it'); END;
CREATE TRIGGER no_update BEFORE UPDATE ON t BEGIN SELECT raise(FAIL, 'it''s "fixed"'); END;
CREATE TRIGGER no_insert BEFORE INSERT ON t WHEN new.id > 1000000 BEGIN SELECT raise(IGNORE); END;

-- == instead_of_triggers
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a); END;
CREATE TRIGGER vu INSTEAD OF UPDATE OF a ON v BEGIN UPDATE t SET a = new.a WHERE id = old.id; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
CREATE VIEW v AS SELECT id, a, b FROM t;
CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a, b) VALUES (new.a, new.b); END;
CREATE TRIGGER vu INSTEAD OF UPDATE OF a ON v BEGIN UPDATE t SET a = new.a WHERE id = old.id; END;

-- == trigger_order_of_making
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER z AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 2; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB);
CREATE TRIGGER z AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 2; END;

-- == fts5_plain
CREATE VIRTUAL TABLE notes USING fts5(title, body);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE VIRTUAL TABLE notes USING fts5(title, body, tags UNINDEXED);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- == fts5_external_content
CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE doc_fts USING fts5(title, body, content='doc', content_rowid='id');
CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN INSERT INTO doc_fts (rowid, title, body) VALUES (new.id, new.title, new.body); END;
CREATE TRIGGER doc_ad AFTER DELETE ON doc BEGIN INSERT INTO doc_fts (doc_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END;
-- ->
CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT NOT NULL DEFAULT '', lang TEXT DEFAULT 'en', body TEXT);
CREATE VIRTUAL TABLE doc_fts USING fts5(title, body, content='doc', content_rowid='id');
CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN INSERT INTO doc_fts (rowid, title, body) VALUES (new.id, new.title, new.body); END;
CREATE TRIGGER doc_ad AFTER DELETE ON doc BEGIN INSERT INTO doc_fts (doc_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END;

-- == fts5_external_content_without_id
CREATE TABLE doc (title TEXT, body TEXT);
CREATE VIRTUAL TABLE doc_fts USING fts5(title, body, content='doc');
CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN INSERT INTO doc_fts (rowid, title, body) VALUES (new.rowid, new.title, new.body); END;
-- ->
CREATE TABLE doc (body TEXT, title TEXT);
CREATE VIRTUAL TABLE doc_fts USING fts5(title, body, content='doc');
CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN INSERT INTO doc_fts (rowid, title, body) VALUES (new.rowid, new.title, new.body); END;

-- == fts5_appears
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
-- ->
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE doc_fts USING fts5(body, content=doc, content_rowid=id, tokenize='porter unicode61');

-- == fts5_goes
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE "doc fts" USING fts5(body, tokenize = "unicode61 remove_diacritics 2");
-- ->
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT '');

-- == fts4_and_fts3
CREATE VIRTUAL TABLE a USING fts4(x, y, tokenize=porter);
CREATE VIRTUAL TABLE b USING fts3(x TEXT, y);
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
-- ->
CREATE VIRTUAL TABLE a USING fts4(x, y, tokenize=porter);
CREATE VIRTUAL TABLE b USING fts3(x TEXT, y);
CREATE TABLE t (id INTEGER PRIMARY KEY, v INT);

-- == rtree_stays
CREATE VIRTUAL TABLE box USING rtree(id, x0, x1, y0, y1, +label TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
-- ->
CREATE VIRTUAL TABLE box USING rtree(id, x0, x1, y0, y1, +label TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL DEFAULT 'x', w INT);

-- == table_named_like_a_shadow
CREATE TABLE notes_data (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE notes_content (id INTEGER PRIMARY KEY, v TEXT);
-- ->
CREATE TABLE notes_data (id INTEGER PRIMARY KEY, v INT);
CREATE TABLE notes_content (id INTEGER PRIMARY KEY, v TEXT, w TEXT);

-- == comments_inside
CREATE TABLE t ( -- the table
  id INTEGER PRIMARY KEY, -- the 'key
  a TEXT /* a "comment" with ) and , */ DEFAULT 'x', -- last
  b INT -- no comma
);
-- ->
CREATE TABLE t (id INTEGER /* here */ PRIMARY KEY, a TEXT DEFAULT 'y' -- changed
, b INT);

-- == comment_at_the_very_end
CREATE TABLE t (a TEXT, b TEXT -- b is last
);
-- ->
CREATE TABLE t (a TEXT, b TEXT, -- b is not last
 c TEXT -- c is
);

-- == create_table_as_select
CREATE TABLE s (a INTEGER, b TEXT);
CREATE TABLE t AS SELECT a, b, a + 1 AS c FROM s;
-- ->
CREATE TABLE s (a INTEGER, b TEXT);
CREATE TABLE t (a INT, b TEXT, c INT);

-- == one_table_becomes_two
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, street TEXT, city TEXT);
CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INT NOT NULL REFERENCES person ON DELETE CASCADE);
-- ->
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, address INT REFERENCES address);
CREATE TABLE address (id INTEGER PRIMARY KEY, street TEXT, city TEXT);
CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INT NOT NULL REFERENCES person ON DELETE CASCADE);

-- == chain_of_tables_all_rebuilt
CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a ON DELETE CASCADE, v TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b ON DELETE CASCADE, v TEXT);
CREATE TABLE d (id INTEGER PRIMARY KEY, c INT NOT NULL REFERENCES c ON DELETE CASCADE, v TEXT);
CREATE VIEW abcd AS SELECT a.v AS av, b.v AS bv, c.v AS cv, d.v AS dv FROM a JOIN b ON b.a = a.id JOIN c ON c.b = b.id JOIN d ON d.c = c.id;
CREATE TRIGGER da AFTER DELETE ON d BEGIN DELETE FROM a WHERE id = old.id; END;
-- ->
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a ON DELETE RESTRICT, v TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b ON DELETE CASCADE, v BLOB);
CREATE TABLE d (id INTEGER PRIMARY KEY, c INT REFERENCES c ON DELETE SET NULL, v TEXT, CHECK (c IS NOT 0));
CREATE VIEW abcd AS SELECT a.v AS av, b.v AS bv, c.v AS cv, d.v AS dv FROM a JOIN b ON b.a = a.id JOIN c ON c.b = b.id JOIN d ON d.c = c.id;
CREATE TRIGGER da AFTER DELETE ON d BEGIN DELETE FROM a WHERE id = old.id; END;

-- == rename_table_column_and_rebuild_at_once
--! rename users:accounts
--! rename users.mail:email
--! rename posts.user_id:account_id
CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT NOT NULL REFERENCES users (id) ON DELETE CASCADE, body TEXT);
CREATE INDEX posts_user ON posts (user_id);
CREATE VIEW authors AS SELECT u.mail, count(*) AS n FROM users u JOIN posts p ON p.user_id = u.id GROUP BY u.id;
CREATE TRIGGER mailer AFTER UPDATE OF mail ON users BEGIN UPDATE posts SET body = body || new.mail WHERE user_id = new.id; END;
-- ->
CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, name TEXT NOT NULL DEFAULT '?');
CREATE TABLE posts (id INTEGER PRIMARY KEY, account_id INT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, body TEXT);
CREATE INDEX posts_user ON posts (account_id);
CREATE VIEW authors AS SELECT u.email, count(*) AS n FROM accounts u JOIN posts p ON p.account_id = u.id GROUP BY u.id;
CREATE TRIGGER mailer AFTER UPDATE OF email ON accounts BEGIN UPDATE posts SET body = body || new.email WHERE account_id = new.id; END;

-- == drop_table_a_view_needs
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT a FROM u;
-- ->
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT a FROM u;

-- == drop_table_a_trigger_needs
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO audit (what) VALUES (new.a); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);

-- == same_name_other_table
--! up only
CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT) WITHOUT ROWID;
-- ->
CREATE TABLE t (x INTEGER PRIMARY KEY AUTOINCREMENT, y REAL NOT NULL DEFAULT 0) STRICT;

-- == analyzed
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX i ON t (a);
ANALYZE;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
CREATE INDEX i ON t (a);
