-- Two ways to write one thing: nothing may be planned.

-- == same_formatting
--! same
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x', b REAL, CHECK (b > 0 AND a <> 'X  Y'));
CREATE INDEX i ON t (a ASC, b DESC) WHERE b IS NOT NULL;
CREATE VIEW v AS SELECT id, a FROM t WHERE a LIKE 'x%';
-- ->
create table "t"
(
    [id] integer primary key, -- key
    `a` text default 'x' not null,
    "b" real, /* last */
    check ( b>0 and "a"<>'X  Y' )
);
create index "i" on "t" ( "a", [b] desc ) where "b" is not null;
create view "v" as
    select "id", "a"
      from "t"
     where "a" like 'x%';

-- == same_constraints_elsewhere
--! same
CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, k TEXT UNIQUE);
CREATE TABLE t (a INT REFERENCES p (id) ON DELETE CASCADE, b TEXT UNIQUE CHECK (b <> ''), c TEXT PRIMARY KEY);
-- ->
CREATE TABLE p (id INTEGER, k TEXT, UNIQUE (k), PRIMARY KEY (id AUTOINCREMENT));
CREATE TABLE t (a INT, b TEXT, c TEXT, PRIMARY KEY (c), UNIQUE (b), CHECK (b <> ''), FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- == same_no_commas
--! same
CREATE TABLE t (a INT, b INT, UNIQUE (a), CHECK (b > 0), CONSTRAINT c1 CHECK (a > 0));
-- ->
CREATE TABLE t (a INT, b INT, UNIQUE (a) CHECK (b > 0) CONSTRAINT c1 CHECK (a > 0));

-- == same_null_keyword
--! same
CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INT, c TEXT NOT NULL);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY NOT NULL, a TEXT NULL, b INT NULL, c TEXT NOT NULL ON CONFLICT ABORT);

-- == same_defaults
--! same
CREATE TABLE t (a INT DEFAULT 1, b TEXT DEFAULT 'x', c TEXT DEFAULT CURRENT_TIMESTAMP, d INT DEFAULT (1+2), e INT DEFAULT -5);
-- ->
CREATE TABLE t (a INT DEFAULT (1), b TEXT DEFAULT ('x'), c TEXT DEFAULT current_timestamp, d INT DEFAULT ( 1 + 2 ), e INT DEFAULT - 5);

-- == same_generated
--! same
CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) VIRTUAL, c INT AS (a+1) STORED);
-- ->
CREATE TABLE t (a INT, b INT AS (a*2), c INT GENERATED ALWAYS AS (a + 1) STORED);

-- == same_foreign_keys
--! same
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (a INT REFERENCES p, b INT REFERENCES p (id) ON DELETE NO ACTION, d INT REFERENCES p NOT DEFERRABLE);
-- ->
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (a INT REFERENCES p (id), b INT REFERENCES P ON UPDATE NO ACTION, d INT REFERENCES "p" ("id") DEFERRABLE INITIALLY IMMEDIATE);

-- == same_trigger
--! same
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER tr AFTER UPDATE OF a ON t WHEN old.a <> new.a BEGIN UPDATE t SET a = 'It''s' WHERE id = new.id; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
create trigger if not exists [tr] after update of [a] on [t] for each row when OLD.a <> NEW.a
begin
    update t set a = 'It''s' where id = NEW.id; -- done
end;

-- == same_index_spelling
--! same
CREATE TABLE t (a TEXT, b TEXT COLLATE NOCASE);
CREATE UNIQUE INDEX i ON t (a, b);
CREATE INDEX j ON t (lower(a), b COLLATE BINARY);
-- ->
CREATE TABLE t (a TEXT COLLATE BINARY, b TEXT COLLATE "nocase");
CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a ASC, b);
CREATE INDEX j ON "t" (LOWER("a"), "b" COLLATE binary);

-- == same_order_of_objects
--! same
CREATE TABLE a (id INTEGER PRIMARY KEY);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);
CREATE INDEX i ON b (a);
CREATE VIEW v AS SELECT 1 AS one;
-- ->
CREATE VIEW v AS SELECT 1 AS one;
CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a);
CREATE INDEX i ON b (a);
CREATE TABLE a (id INTEGER PRIMARY KEY);

-- == same_after_renames_by_sqlite
--! same
CREATE TABLE was (id INTEGER PRIMARY KEY, old TEXT CHECK (old <> ''));
CREATE INDEX i ON was (old);
CREATE VIEW v AS SELECT old AS x FROM was;
ALTER TABLE was RENAME TO "is";
ALTER TABLE "is" RENAME COLUMN old TO new;
ALTER TABLE "is" ADD COLUMN more INT DEFAULT 3;
-- ->
CREATE TABLE "is" (id INTEGER PRIMARY KEY, new TEXT CHECK (new <> ''), more INT DEFAULT 3);
CREATE INDEX i ON "is" (new);
CREATE VIEW v AS SELECT new AS x FROM "is";

-- == same_strict_without_rowid
--! same
CREATE TABLE t (a TEXT PRIMARY KEY, b INT) STRICT, WITHOUT ROWID;
-- ->
CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b INT) without rowid , strict;

-- == same_virtual
--! same
CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize = 'porter ascii');
-- ->
create virtual table if not exists "f" using FTS5 (a, b, tokenize = 'porter ascii');

-- == same_virtual_spaces
--! same
CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize = 'porter ascii');
-- ->
CREATE VIRTUAL TABLE f USING fts5( a,b , tokenize='porter ascii' );
