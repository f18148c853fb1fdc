-- Names that need quotes, keywords, Unicode, names like those of SQLite.

-- == names_with_blanks
CREATE TABLE "order details" ("unit price" REAL, [order id] INTEGER, `quantity sold` INT, PRIMARY KEY ([order id]));
CREATE INDEX "by price" ON "order details" ("unit price" DESC);
-- ->
CREATE TABLE "order details" ("unit price" REAL NOT NULL DEFAULT 0, [order id] INTEGER, `quantity sold` INT, PRIMARY KEY ([order id]));
CREATE INDEX "by price" ON "order details" ("unit price" DESC);

-- == names_with_quotes_inside
CREATE TABLE "a""b" ("c""d" TEXT, "e'f" TEXT, "g`h" INT, "i]j" INT);
CREATE TABLE c (r INT, FOREIGN KEY (r) REFERENCES "a""b" ("g`h"));
CREATE UNIQUE INDEX "k""l" ON "a""b" ("g`h");
-- ->
CREATE TABLE "a""b" ("c""d" INT, "e'f" TEXT, "g`h" INT, "i]j" INT);
CREATE TABLE c (r INT, FOREIGN KEY (r) REFERENCES "a""b" ("g`h"));
CREATE UNIQUE INDEX "k""l" ON "a""b" ("g`h");

-- == names_with_quotes_renamed
--! rename a"b:it's
--! rename a"b.c"d:x y
CREATE TABLE "a""b" ("c""d" TEXT, e TEXT CHECK (e <> "c""d"));
CREATE VIEW v AS SELECT "c""d" FROM "a""b";
-- ->
CREATE TABLE "it's" ("x y" TEXT, e TEXT CHECK (e <> "x y"));
CREATE VIEW v AS SELECT "x y" AS "c""d" FROM "it's";

-- == names_are_keywords
CREATE TABLE "select" ("from" TEXT, "where" INTEGER PRIMARY KEY, "order" TEXT DEFAULT 'group', "check" INT CHECK ("check" > 0));
CREATE INDEX "index" ON "select" ("from", "order");
CREATE VIEW "view" AS SELECT "from" AS "to" FROM "select";
CREATE TRIGGER "trigger" AFTER INSERT ON "select" BEGIN UPDATE "select" SET "from" = "order" WHERE "where" = new."where"; END;
-- ->
CREATE TABLE "select" ("from" TEXT, "where" INTEGER PRIMARY KEY, "order" TEXT DEFAULT 'group', "check" INT CHECK ("check" > -1), "table" TEXT);
CREATE INDEX "index" ON "select" ("from", "order");
CREATE VIEW "view" AS SELECT "from" AS "to" FROM "select";
CREATE TRIGGER "trigger" AFTER INSERT ON "select" BEGIN UPDATE "select" SET "from" = "order" WHERE "where" = new."where"; END;

-- == names_are_soft_keywords
CREATE TABLE key (action TEXT, "default" INT, cascade TEXT, temp INT, replace TEXT, rowid_ INT, strict TEXT, generated INT, always TEXT);
-- ->
CREATE TABLE key (action TEXT, "default" INT, cascade TEXT NOT NULL DEFAULT 'x', temp INT, replace TEXT, rowid_ INT, strict TEXT, generated INT, always TEXT);

-- == names_in_unicode
CREATE TABLE größe (naïve TEXT, "日本 語" INTEGER PRIMARY KEY, "😀" BLOB);
CREATE VIEW übersicht AS SELECT "😀", naïve FROM größe;
-- ->
CREATE TABLE größe (naïve TEXT COLLATE NOCASE, "日本 語" INTEGER PRIMARY KEY, "😀" BLOB);
CREATE VIEW übersicht AS SELECT "😀", naïve FROM größe;

-- == names_differ_in_unicode_case
CREATE TABLE t (id INTEGER PRIMARY KEY, "É" TEXT, "é" TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, "é" TEXT, "É" TEXT NOT NULL DEFAULT '');

-- == names_like_sqlite
CREATE TABLE sqlite (id INTEGER PRIMARY KEY, sqlite_x TEXT);
CREATE TABLE sqlitefoo (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE "sqliteXsequence" (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
-- ->
CREATE TABLE sqlite (id INTEGER PRIMARY KEY, sqlite_x INT);
CREATE TABLE sqlitefoo (id INTEGER PRIMARY KEY, v INT);
CREATE TABLE "sqliteXsequence" (id INTEGER PRIMARY KEY AUTOINCREMENT, v INT);

-- == names_empty_and_odd
CREATE TABLE "t.x" ("a.b" TEXT, "" TEXT, " lead" INT, "tab	in" INT);
-- ->
CREATE TABLE "t.x" ("a.b" INT, "" TEXT, " lead" INT, "tab	in" INT);

-- == names_of_numbers_and_signs
CREATE TABLE "2020" ("1" TEXT, "-" TEXT, "a-b" INT, "$c" INT, "%" INT);
-- ->
CREATE TABLE "2020" ("1" TEXT, "-" TEXT NOT NULL DEFAULT '%s', "a-b" INT, "$c" INT, "%" INT);

-- == names_in_single_quotes
CREATE TABLE 'my table' ('my col' TEXT, 'id' INTEGER PRIMARY KEY);
CREATE INDEX 'my index' ON 'my table' ('my col');
-- ->
CREATE TABLE 'my table' ('my col' TEXT NOT NULL DEFAULT 'my col', 'id' INTEGER PRIMARY KEY);
CREATE INDEX 'my index' ON 'my table' ("my col");

-- == names_with_schema
CREATE TABLE main.t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX main.i ON t (a);
CREATE VIEW main.v AS SELECT a FROM main.t;
-- ->
CREATE TABLE main.t (id INTEGER PRIMARY KEY, a INT);
CREATE INDEX main.i ON t (a);
CREATE VIEW main.v AS SELECT a FROM main.t;

-- == names_if_not_exists
CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, a TEXT);
CREATE INDEX IF NOT EXISTS i ON t (a);
CREATE VIEW IF NOT EXISTS v AS SELECT a FROM t;
CREATE TRIGGER IF NOT EXISTS tr AFTER INSERT ON t BEGIN SELECT 1; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;

-- == names_case_differs_in_references
CREATE TABLE Parent (Id INTEGER PRIMARY KEY, V TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, p INT REFERENCES PARENT (ID) ON DELETE CASCADE);
CREATE INDEX i ON PARENT (v);
CREATE VIEW w AS SELECT ID, v FROM parent;
CREATE TRIGGER tr AFTER DELETE ON pArEnT BEGIN DELETE FROM CHILD WHERE P = OLD.id; END;
-- ->
CREATE TABLE Parent (Id INTEGER PRIMARY KEY, V TEXT NOT NULL DEFAULT '');
CREATE TABLE child (id INTEGER PRIMARY KEY, p INT REFERENCES PARENT (ID) ON DELETE CASCADE);
CREATE INDEX i ON PARENT (v);
CREATE VIEW w AS SELECT ID, v FROM parent;
CREATE TRIGGER tr AFTER DELETE ON pArEnT BEGIN DELETE FROM CHILD WHERE P = OLD.id; END;

-- == double_quoted_text_in_view
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT id, "not a column" AS s FROM t WHERE a <> "none";
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
CREATE VIEW v AS SELECT id, "not a column" AS s FROM t WHERE a <> "none";

-- == double_quoted_text_becomes_column
--! up only
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "status"));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> 'status'), status TEXT);

-- == column_named_like_its_table
--! rename t.t:u
CREATE TABLE t (t TEXT, id INTEGER PRIMARY KEY, CHECK (t.t <> ''));
CREATE VIEW v AS SELECT t.t FROM t AS t;
-- ->
CREATE TABLE t (u TEXT, id INTEGER PRIMARY KEY, CHECK (t.u <> ''));
CREATE VIEW v AS SELECT t.u AS t FROM t AS t;

-- == rename_in_using_and_natural
--! rename a.k:key
--! rename b.k:key
CREATE TABLE a (k INT, x TEXT);
CREATE TABLE b (k INT, y TEXT);
CREATE VIEW v AS SELECT x, y FROM a JOIN b USING (k);
CREATE VIEW n AS SELECT * FROM a NATURAL JOIN b;
-- ->
CREATE TABLE a (key INT, x TEXT);
CREATE TABLE b (key INT, y TEXT);
CREATE VIEW v AS SELECT x, y FROM a JOIN b USING (key);
CREATE VIEW n AS SELECT * FROM a NATURAL JOIN b;
