#!/usr/bin/env python3
"""pitfalls.t: what goes wrong when tables are changed by hand (see docs/migrations.md), done by
`quarry diff --sql` on databases with rows: nothing is lost, no trigger fires, no key dangles,
or the change is refused and the database is as it was. SQLite itself is the judge. Each test
begins with the pitfall's id. QUARRY names the program."""
import os
import sqlite3
import subprocess
import sys
import tempfile

quarry = os.path.abspath(os.environ.get("QUARRY", "build/quarry"))
count = failed = 0


class Wrong(Exception):
    pass


def run(*arguments):
    done = subprocess.run([quarry, *arguments], capture_output=True, text=True)
    if done.returncode < 0 or done.returncode > 2:
        raise Wrong(f"quarry ended with {done.returncode}: {done.stderr}")
    return done


def connect(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def dump(db):
    return "\n".join(db.iterdump()) + repr(
        db.execute("SELECT name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall())


class Case:
    """A database made by `start`, to be changed to what `target` makes."""

    def __init__(self, folder, start, target, *options):
        self.path = os.path.join(folder, "case.db")
        self.target = os.path.join(folder, "target.sql")
        for ending in ("", "-wal", "-journal"):
            if os.path.exists(self.path + ending):
                os.unlink(self.path + ending)
        with open(self.target, "w", encoding="utf-8") as file:
            file.write(target)
        self.db = connect(self.path)
        self.db.executescript(start)
        self.before = dump(self.db)
        self.options = options
        self.planned = run("diff", self.path, self.target, "--sql", *options)
        self.script = self.planned.stdout

    def rows(self, sql):
        return self.db.execute(sql).fetchall()

    def equal(self, sql, *wanted):
        got = self.rows(sql)
        if got != list(wanted):
            raise Wrong(f"{sql}\n  gives {got}\n  not {list(wanted)}\n{self.script}")

    def goes(self):
        """The plan runs, reaches its target, and leaves a sound database."""
        if self.planned.returncode == 2:
            raise Wrong(self.planned.stderr)
        try:
            self.db.executescript(self.script)
        except sqlite3.Error as error:
            raise Wrong(f"{error}\n{self.script}") from error
        again = run("diff", self.path, self.target)
        if again.returncode != 0:
            raise Wrong(f"still different: {again.stdout}{again.stderr}\n{self.script}")
        self.equal("PRAGMA integrity_check", ("ok",))
        self.equal("PRAGMA foreign_key_check")
        self.equal("PRAGMA foreign_keys", (1,))
        self.equal("PRAGMA legacy_alter_table", (0,))
        for word in ("writable_schema", "IF NOT EXISTS", "OR IGNORE", "OR REPLACE"):
            if word.lower() in self.script.lower():
                raise Wrong(f"{word} in\n{self.script}")
        return self

    def stops(self, *words):
        """The script fails, and the database is as before."""
        if self.planned.returncode == 2:
            raise Wrong(self.planned.stderr)
        try:
            self.db.executescript(self.script)
        except sqlite3.Error as error:
            message = str(error)
        else:
            raise Wrong(f"it should fail\n{self.script}")
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        if not any(word in message for word in words):
            raise Wrong(f"{message}: none of {words}")
        if dump(self.db) != self.before:
            raise Wrong(f"the database has changed\n{self.script}")
        return self

    def refused(self, *words):
        """There is no script at all."""
        said = self.planned.stderr + self.planned.stdout
        if self.planned.returncode != 2 and "CREATE TABLE" in self.script:
            raise Wrong(f"not refused:\n{self.script}")
        if not any(word in said for word in words):
            raise Wrong(f"{said}: none of {words}")
        return self

    def warned(self, *words):
        said = run("diff", self.path, self.target, *self.options).stdout
        for word in words:
            if word not in said:
                raise Wrong(f"no {word} in\n{said}")
        return self


tests = []


def test(name):
    def keep(function):
        tests.append((name, function))
        return function
    return keep


def children(action):
    return (f"CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT);"
            f"CREATE TABLE c(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id) {action});"
            "INSERT INTO p VALUES(1,'a'); INSERT INTO c VALUES(1,1),(2,1);")


for number, (pitfall, act) in enumerate([
        ("P1 P1f", "ON DELETE CASCADE"), ("P1b", ""), ("P1b restrict", "ON DELETE RESTRICT"),
        ("P1c deferred", "DEFERRABLE INITIALLY DEFERRED"),
        ("P1d", "ON DELETE CASCADE ON UPDATE CASCADE"), ("P1e", "ON DELETE SET NULL")]):
    def parent(folder, act=act):
        case = Case(folder, children(act),
                    "CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT NOT NULL);"
                    f"CREATE TABLE c(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id) {act});").goes()
        case.equal("SELECT * FROM p", (1, "a"))
        case.equal("SELECT * FROM c", (1, 1), (2, 1))
    tests.append((f"{pitfall}: a parent is rebuilt under its children", parent))

PROGRAMS = ("CREATE VIEW v AS SELECT n FROM p;"
            "CREATE TRIGGER tr AFTER INSERT ON c BEGIN UPDATE p SET n='t' WHERE id=new.pid; END;"
            "CREATE INDEX pi ON p(n);")


@test("P2 P2b P2c P3c P3d P7: views, triggers and indexes that name a rebuilt table")
def _(folder):
    tables = "CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT{});" \
             "CREATE TABLE c(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id));"
    case = Case(folder, tables.format("") + PROGRAMS + "INSERT INTO p VALUES(1,'a');",
                tables.format(" NOT NULL") + PROGRAMS).goes()
    case.equal("SELECT * FROM v", ("a",))
    case.db.execute("INSERT INTO c VALUES(1, 1)")
    case.equal("SELECT n FROM p", ("t",))


@test("P3 P3b: a view that needs a dropped column is told")
def _(folder):
    view = "CREATE VIEW v AS SELECT n, z FROM p;"
    case = Case(folder, "CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT, z TEXT);" + view +
                "INSERT INTO p VALUES(1,'a','b');",
                "CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT);" + view,
                "--accept", "data_loss")
    case.warned("broken", "v")


@test("P5: the counter of AUTOINCREMENT survives")
def _(folder):
    case = Case(folder, "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);"
                "INSERT INTO t(n) VALUES('a'),('b'),('c'); DELETE FROM t WHERE id>1;",
                "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT NOT NULL);").goes()
    case.equal("SELECT * FROM sqlite_sequence", ("t", 3))
    case.db.execute("INSERT INTO t(n) VALUES('d')")
    case.equal("SELECT id FROM t", (1,), (4,))


@test("P5b: also that of an empty table")
def _(folder):
    case = Case(folder, "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);"
                "INSERT INTO t(n) VALUES('a'),('b'); DELETE FROM t;",
                "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT NOT NULL);").goes()
    case.db.execute("INSERT INTO t(n) VALUES('d')")
    case.equal("SELECT id FROM t", (3,))


@test("P6: generated columns are computed, not copied")
def _(folder):
    table = "CREATE TABLE t(a INT, b INT AS (a*2) VIRTUAL, c INT AS (a*3) STORED, d TEXT{});"
    case = Case(folder, table.format("") + "INSERT INTO t(a,d) VALUES(1,'x');",
                table.format(" NOT NULL")).goes()
    case.equal("SELECT * FROM t", (1, 2, 3, "x"))


@test("P6: a stored column is added, one that others need is dropped")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a INT, b INT AS (a+1), z INT); INSERT INTO t(a) VALUES(1);",
                "CREATE TABLE t(a INT, z INT, e INT AS (a+1) STORED);",
                "--accept", "data_loss").goes()
    case.equal("SELECT a, e FROM t", (1, 2))


@test("P7: triggers on views survive the change of what they write to")
def _(folder):
    table = "CREATE TABLE t(a INT{}, b TEXT);"
    more = ("CREATE INDEX i1 ON t(b) WHERE a>0;"
            "CREATE UNIQUE INDEX i2 ON t(lower(b) COLLATE NOCASE DESC);"
            "CREATE VIEW v AS SELECT * FROM t;"
            "CREATE TRIGGER iv INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES(new.a,new.b); END;")
    case = Case(folder, table.format("") + more + "INSERT INTO t VALUES(1,'x');",
                table.format(" NOT NULL") + more).goes()
    case.db.execute("INSERT INTO v VALUES(2, 'y')")
    case.equal("SELECT * FROM t ORDER BY a", (1, "x"), (2, "y"))


HIDDEN = ("CREATE TABLE t(a INTEGER PRIMARY KEY ON CONFLICT REPLACE, b TEXT COLLATE NOCASE NOT NULL "
          "ON CONFLICT IGNORE DEFAULT ('x'||'y') CHECK(length(b)<9), c INT UNIQUE ON CONFLICT FAIL, "
          "d INT AS (a+1), CONSTRAINT ck CHECK(c>{}), CONSTRAINT fkn FOREIGN KEY(c) REFERENCES t(a) "
          "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);"
          "CREATE INDEX ix ON t(b, lower(b), c DESC) WHERE c>1;")


@test("P7b P7c: what no pragma shows is kept")
def _(folder):
    case = Case(folder, HIDDEN.format(0) + "INSERT INTO t VALUES(5,'q',5);",
                HIDDEN.format(1)).goes()
    case.equal("SELECT * FROM t", (5, "q", 5, 6))
    case.db.execute("INSERT INTO t(a, b, c) VALUES(5, 'z', NULL)")
    case.equal("SELECT b FROM t", ("z",))
    case.db.execute("INSERT INTO t(a, b, c) VALUES(6, NULL, NULL)")
    case.equal("SELECT count(*) FROM t", (1,))


@test("P8: a key of NULL does not get into a table without rowid")
def _(folder):
    Case(folder, "CREATE TABLE c3(id TEXT PRIMARY KEY, p TEXT); INSERT INTO c3 VALUES(NULL,'x'),(NULL,'y');",
         "CREATE TABLE c3(id TEXT PRIMARY KEY, p TEXT) WITHOUT ROWID;").stops("NOT NULL")


@test("P8: WITHOUT ROWID with a foreign key is rebuilt")
def _(folder):
    table = "CREATE TABLE p(id TEXT PRIMARY KEY);" \
            "CREATE TABLE c(id TEXT PRIMARY KEY, p TEXT REFERENCES p(id){}) WITHOUT ROWID;"
    Case(folder, table.format("") + "INSERT INTO p VALUES('a'); INSERT INTO c VALUES('c1','a');",
         table.format(" ON DELETE CASCADE")).goes().equal("SELECT * FROM c", ("c1", "a"))


@test("P9: dirty rows stop the way to STRICT")
def _(folder):
    Case(folder, "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, s TEXT, b BLOB);"
         "INSERT INTO t VALUES(1,'abc','x',NULL),(2,'12',5,'text');",
         "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, s TEXT, b BLOB) STRICT;"
         ).stops("cannot store")


@test("P10 P38: rowids that are no key survive")
def _(folder):
    case = Case(folder, "CREATE TABLE t(k TEXT PRIMARY KEY, v);"
                "INSERT INTO t VALUES('a',1),('b',2),('c',3); DELETE FROM t WHERE k='a';",
                "CREATE TABLE t(k TEXT PRIMARY KEY, v NOT NULL);").goes()
    case.equal("SELECT rowid, k FROM t", (2, "b"), (3, "c"))


@test("P10: also where columns are called as the rowid is")
def _(folder):
    case = Case(folder, "CREATE TABLE q(rowid TEXT, oid TEXT, v); INSERT INTO q VALUES('r','o',1);"
                "INSERT INTO q VALUES('s','p',2); DELETE FROM q WHERE v=1;",
                "CREATE TABLE q(rowid TEXT, oid TEXT, v NOT NULL);").goes()
    case.equal("SELECT _rowid_, rowid, oid FROM q", (2, "s", "p"))


@test("P11 P11b: no trigger fires during the copy")
def _(folder):
    programs = ("CREATE TRIGGER td AFTER DELETE ON t BEGIN INSERT INTO log VALUES('del'); END;"
                "CREATE TRIGGER ti AFTER INSERT ON t BEGIN INSERT INTO log VALUES('ins'); END;"
                "CREATE TRIGGER tu AFTER UPDATE ON t BEGIN INSERT INTO log VALUES('upd'); END;")
    table = "CREATE TABLE log(m); CREATE TABLE t(a INT, b TEXT{});"
    case = Case(folder, table.format("") + "INSERT INTO t VALUES(1,'x'),(2,NULL);" + programs,
                table.format(" NOT NULL DEFAULT 'n'") + programs, "--accept", "data_loss").goes()
    case.equal("SELECT * FROM log")
    case.equal("SELECT * FROM t", (1, "x"), (2, "n"))


@test("P13: NULLs stop a NOT NULL without a default")
def _(folder):
    Case(folder, "CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT); INSERT INTO t VALUES(1,'a'),(2,NULL);",
         "CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT NOT NULL);").stops("NOT NULL")


DROPS = ("CREATE TABLE r(id INTEGER PRIMARY KEY); CREATE TABLE l(m);"
         "CREATE TABLE t(pk INTEGER PRIMARY KEY{u}{i}{ck}{fk}{tg}, plain INT{checks});")


@test("P14 R17: columns in keys, checks, indexes, foreign keys and triggers are dropped")
def _(folder):
    start = DROPS.format(u=", u INT UNIQUE", i=", i INT", ck=", ck INT, cc INT CHECK(cc>0)",
                         fk=", fk INT REFERENCES r(id)", tg=", tg INT", checks=", CHECK(ck>0)")
    case = Case(folder, start + "CREATE INDEX ti ON t(i);"
                "CREATE TRIGGER tr AFTER UPDATE OF tg ON t BEGIN INSERT INTO l VALUES(new.tg); END;"
                "INSERT INTO t(pk, ck, cc, plain) VALUES(1, 1, 1, 7);",
                DROPS.format(u="", i="", ck="", fk="", tg="", checks=""),
                "--accept", "data_loss").goes()
    case.equal("SELECT * FROM t", (1, 7))


@test("P14: the primary key is dropped")
def _(folder):
    Case(folder, "CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES(3, 4);",
         "CREATE TABLE t(b);", "--accept", "data_loss").goes().equal("SELECT b FROM t", (4,))


@test("P14b: a parent's column that children refer to is told")
def _(folder):
    Case(folder, "CREATE TABLE p(id INTEGER PRIMARY KEY, code TEXT UNIQUE);"
         "CREATE TABLE c(x REFERENCES p(code)); INSERT INTO p VALUES(1,'a'); INSERT INTO c VALUES('a');",
         "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(x REFERENCES p(code));",
         "--accept", "data_loss").warned("broken")


@test("P15: a renamed column is renamed wherever it is named")
def _(folder):
    sql = ("CREATE TABLE p(id INTEGER PRIMARY KEY, {c} TEXT UNIQUE, {n} INT CHECK({n}>0), g AS ({n}+1));"
           "CREATE TABLE c(x TEXT REFERENCES p({c})); CREATE INDEX pi ON p({n}) WHERE {n}>1;"
           "CREATE VIEW v AS SELECT {n} AS nn, p.{n}, {c} FROM p WHERE {n} IN (SELECT {n} FROM p);"
           "CREATE TABLE l(m); CREATE TRIGGER tr AFTER UPDATE OF {n} ON p WHEN new.{n}>1 "
           "BEGIN INSERT INTO l SELECT {n} FROM p WHERE {n}=old.{n}; END;")
    case = Case(folder, sql.format(n="n", c="code") + "INSERT INTO p VALUES(1,'a',5); INSERT INTO c VALUES('a');",
                sql.format(n="num", c='"the code"'), "--rename", "p.n:num",
                "--rename", "p.code:the code").goes()
    case.equal("SELECT * FROM v", (5, 5, "a"))


@test("P15b: a text in double quotes stays a text")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a TEXT, b TEXT CHECK(b<>\"zz\"));"
                "CREATE VIEW v AS SELECT a FROM t WHERE b=\"lit\"; INSERT INTO t VALUES('r','lit');",
                "CREATE TABLE t(a TEXT, b TEXT CHECK(b<>'zz'), lit TEXT);"
                "CREATE VIEW v AS SELECT a FROM t WHERE b='lit';").goes()
    case.db.execute("UPDATE t SET lit = 'other'")
    case.equal("SELECT count(*) FROM v", (1,))


ADDED = ["n1 TEXT NOT NULL DEFAULT ''", "t1 TEXT DEFAULT CURRENT_TIMESTAMP", "t2 TEXT DEFAULT (datetime('now'))",
         "t3 INT DEFAULT (1+1)", "u TEXT UNIQUE", "g INT AS (a) STORED", "r INT REFERENCES f(a)",
         "c INT CHECK (c > 0)", "k TEXT COLLATE NOCASE", "x INT DEFAULT 5 REFERENCES f(a)",
         "cc INT NOT NULL DEFAULT 3 CHECK (cc > 1)"]
for extra in ADDED:
    def add(folder, extra=extra):
        start = "CREATE TABLE f(a INTEGER PRIMARY KEY); INSERT INTO f VALUES(1),(5);"
        case = Case(folder, start, f"CREATE TABLE f(a INTEGER PRIMARY KEY, {extra});").goes()
        case.equal("SELECT a FROM f", (1,), (5,))
    tests.append((f"P16: add column {extra}", add))


@test("P16: NOT NULL without a default stops on rows, goes without them")
def _(folder):
    target = "CREATE TABLE f(a, n1 TEXT NOT NULL);"
    Case(folder, "CREATE TABLE f(a); INSERT INTO f VALUES(1);", target).stops("NOT NULL")
    Case(folder, "CREATE TABLE f(a);", target).goes()


@test("P17 R16: comments and what ALTER TABLE leaves of a text do no harm")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a INT, -- the a\n b INT -- last col\n);"
                "ALTER TABLE t ADD COLUMN c INT; ALTER TABLE t DROP COLUMN b; INSERT INTO t VALUES(1,2);",
                "CREATE TABLE t(a INT, c INT, d INT /* new */ NOT NULL DEFAULT 4);").goes()
    case.equal("SELECT * FROM t", (1, 2, 4))


@test("P18 R16: quotes and blanks are no difference")
def _(folder):
    case = Case(folder, "CREATE TABLE t(\n a INTEGER PRIMARY KEY,\n b TEXT NOT NULL -- note\n);"
                "ALTER TABLE t ADD COLUMN c INT DEFAULT 0; ALTER TABLE t RENAME COLUMN b TO \"b2\";"
                "ALTER TABLE t RENAME TO t2;",
                "create table t2 ([a] integer primary key, `b2` text not null, c int default 0)")
    if case.script.strip() or case.planned.returncode != 0:
        raise Wrong(case.script)


@test("P20: user_version and application_id stay")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a); PRAGMA user_version = 7; PRAGMA application_id = 9;",
                "CREATE TABLE t(a NOT NULL);").goes()
    case.equal("SELECT user_version, application_id FROM pragma_user_version, pragma_application_id",
               (7, 9))


@test("P22: nothing stands in the transaction that has no effect there")
def _(folder):
    case = Case(folder, children(""), children("").replace("n TEXT", "n TEXT NOT NULL").split("INSERT")[0])
    inside = case.script.upper().split("BEGIN", 1)[1].split("COMMIT")[0]
    for word in ("VACUUM", "JOURNAL_MODE", "FOREIGN_KEYS ", "FOREIGN_KEYS=", "SYNCHRONOUS"):
        if word in inside:
            raise Wrong(case.script)
    case.goes()


@test("P26: NOT NULL is never written over the schema's text")
def _(folder):
    case = Case(folder, "CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT); INSERT INTO t VALUES(1,'x');",
                "CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT NOT NULL);").goes()
    case.equal("SELECT * FROM t", (1, "x"))


@test("P29: a table that refers to itself")
def _(folder):
    case = Case(folder, "CREATE TABLE t(id INTEGER PRIMARY KEY, up INT REFERENCES t(id), CHECK(t.id>0));"
                "INSERT INTO t VALUES(1,NULL),(2,1);",
                "CREATE TABLE t(id INTEGER PRIMARY KEY, up INT REFERENCES t(id) ON DELETE CASCADE, CHECK(t.id>0));").goes()
    case.equal("SELECT * FROM t", (1, None), (2, 1))
    case.db.execute("DELETE FROM t WHERE id = 1")
    case.equal("SELECT count(*) FROM t", (0,))


@test("P30: numbers made of text need --accept")
def _(folder):
    start = ("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, c TEXT);"
             "INSERT INTO t VALUES(1,'007','12345678901234567890');")
    target = "CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, c NUMERIC);"
    Case(folder, start, target).refused("data_loss")
    Case(folder, start, target, "--accept", "data_loss").goes().equal("SELECT a FROM t", (7,))


@test("P33: a parent with children left is told")
def _(folder):
    case = Case(folder, "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p(id));"
                "INSERT INTO p VALUES(1); INSERT INTO c VALUES(1);",
                "CREATE TABLE c(p REFERENCES p(id));", "--accept", "data_loss")
    case.warned("broken")


@test("P33b: a foreign key to what is not unique is told")
def _(folder):
    Case(folder, "CREATE TABLE p(id INT UNIQUE); CREATE TABLE c(p REFERENCES p(id));",
         "CREATE TABLE p(id INT); CREATE TABLE c(p REFERENCES p(id));").warned("broken")


@test("P36: full text on the content of a table with rowids of its own")
def _(folder):
    table = "CREATE TABLE d(k TEXT PRIMARY KEY, body TEXT{});"
    index = "CREATE VIRTUAL TABLE f USING fts5(body, content='d', content_rowid='rowid');"
    case = Case(folder, table.format("") + "INSERT INTO d VALUES('a','alpha'),('b','beta'),('c','gamma');" +
                index + "INSERT INTO f(f) VALUES('rebuild'); DELETE FROM d WHERE k='a';"
                "INSERT INTO f(f,rowid,body) VALUES('delete',1,'alpha');",
                table.format(" NOT NULL") + index).goes()
    case.equal("SELECT rowid, body FROM f WHERE f MATCH 'beta'", (2, "beta"))
    case.db.execute("INSERT INTO f(f, rank) VALUES('integrity-check', 1)")


@test("P37: what ANALYZE found is found again")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a,b); CREATE INDEX i ON t(a); INSERT INTO t VALUES(1,2); ANALYZE;",
                "CREATE TABLE t(a,b NOT NULL); CREATE INDEX i ON t(a);").goes()
    case.equal("SELECT count(*) FROM sqlite_stat1", (1,))


@test("P38: INT PRIMARY KEY is not INTEGER PRIMARY KEY")
def _(folder):
    case = Case(folder, "CREATE TABLE t(id INT PRIMARY KEY, n); INSERT INTO t VALUES(7,'x');",
                "CREATE TABLE t(id INTEGER PRIMARY KEY, n);").goes()
    case.equal("SELECT rowid, id, n FROM t", (7, 7, "x"))


@test("P39: a table that is called as the new one is left alone")
def _(folder):
    more = "CREATE TABLE new_t(a); CREATE TABLE _quarry_t(a); CREATE TABLE quarry_new_t(a);"
    case = Case(folder, "CREATE TABLE t(a);" + more + "INSERT INTO new_t VALUES(1); INSERT INTO t VALUES(2);",
                "CREATE TABLE t(a NOT NULL);" + more).goes()
    case.equal("SELECT * FROM new_t", (1,))
    case.equal("SELECT * FROM t", (2,))


@test("P40 R4: names that change in case only")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 2); CREATE INDEX i ON t(a);",
                "CREATE TABLE T(A, b); CREATE INDEX I ON T(A);").goes()
    case.equal("SELECT name FROM sqlite_schema ORDER BY name", ("I",), ("T",))


@test("P40 R4: names that are swapped")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 2);", "CREATE TABLE t(b, a);",
                "--rename", "t.a:b", "--rename", "t.b:a").goes()
    case.equal("SELECT b, a FROM t", (1, 2))


@test("P41: what a check may not say is refused with SQLite's words")
def _(folder):
    Case(folder, "CREATE TABLE t(a);", "CREATE TABLE t(a, b AS (random()));").refused("non-deterministic")


@test("P41b: functions of an application are no obstacle")
def _(folder):
    programs = "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO l VALUES(app_uuid()); END;"
    case = Case(folder, "CREATE TABLE t(a,b,c); CREATE TABLE l(m);" + programs + "INSERT INTO l VALUES(1);",
                "CREATE TABLE t(a,bb NOT NULL); CREATE TABLE l(m);" + programs,
                "--rename", "t.b:bb", "--accept", "data_loss").goes()
    case.equal("SELECT * FROM l", (1,))


@test("R1: all of it at once")
def _(folder):
    table = ("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, up INT REFERENCES t(id), n TEXT{});"
             "CREATE TABLE c(id INTEGER PRIMARY KEY, tid INT REFERENCES t(id) ON DELETE CASCADE);"
             "CREATE TABLE o(id INTEGER PRIMARY KEY); CREATE TABLE log(m);"
             "CREATE INDEX ti ON t(n) WHERE n IS NOT NULL; CREATE VIEW v AS SELECT id,n FROM t;"
             "CREATE VIEW v2 AS SELECT * FROM v;"
             "CREATE TRIGGER ttr AFTER INSERT ON t BEGIN INSERT INTO log VALUES('ins'); END;"
             "CREATE TRIGGER otr AFTER INSERT ON o BEGIN INSERT INTO t(n) VALUES('from o'); END;"
             "CREATE TRIGGER vtr INSTEAD OF INSERT ON v BEGIN INSERT INTO t(n) VALUES(new.n); END;")
    case = Case(folder, table.format(", drop_me TEXT") + "INSERT INTO t(id,up,n) VALUES(5,NULL,'a'),(9,5,'b');"
                "INSERT INTO c VALUES(1,5),(2,9); DELETE FROM log;",
                table.format(" NOT NULL").replace("n TEXT NOT NULL", "n TEXT NOT NULL DEFAULT ''"),
                "--accept", "data_loss").goes()
    case.equal("SELECT id, up, n FROM t", (5, None, "a"), (9, 5, "b"))
    case.equal("SELECT * FROM c", (1, 5), (2, 9))
    case.equal("SELECT * FROM log")
    case.db.execute("INSERT INTO o VALUES(1)")
    case.equal("SELECT max(id) FROM t", (10,))
    case.equal("SELECT count(*) FROM v2", (3,))


for pitfall, program, target in [
        ("R2", "CREATE VIEW v AS SELECT a,b FROM t;", "CREATE TABLE t(a);"),
        ("R2b", "CREATE TRIGGER tr AFTER INSERT ON o BEGIN INSERT INTO t VALUES(1,2); END;", "CREATE TABLE t(a);"),
        ("R2b", "CREATE VIEW v(x, y) AS SELECT * FROM t;", "CREATE TABLE t(a);"),
        ("R13", "CREATE TRIGGER tr AFTER INSERT ON o BEGIN UPDATE t SET b=1; END;", "CREATE TABLE t(a);"),
        ("R13", "CREATE TRIGGER tr AFTER DELETE ON o BEGIN INSERT INTO t(b) VALUES(1); END;", "CREATE TABLE t(a);")]:
    def broken(folder, program=program, target=target):
        other = "CREATE TABLE o(x);"
        Case(folder, "CREATE TABLE t(a,b);" + other + program, target + other + program,
             "--accept", "data_loss").warned("broken")
    tests.append((f"{pitfall}: found broken: {program}", broken))


@test("R3: SQLite's own indexes have the names of a fresh table")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a TEXT PRIMARY KEY, b);",
                "CREATE TABLE t(a TEXT PRIMARY KEY, b UNIQUE);").goes()
    case.equal("SELECT name FROM sqlite_schema ORDER BY name", ("sqlite_autoindex_t_1",),
               ("sqlite_autoindex_t_2",), ("t",))


@test("R7: duplicates stop a UNIQUE, orphans a foreign key")
def _(folder):
    Case(folder, "CREATE TABLE t(a); INSERT INTO t VALUES(1),(1);", "CREATE TABLE t(a UNIQUE);").stops("UNIQUE")
    Case(folder, "CREATE TABLE t(a); INSERT INTO t VALUES(1),(1);",
         "CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(a);").stops("UNIQUE")
    Case(folder, "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p INT); INSERT INTO c VALUES(5);",
         "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p INT REFERENCES p(id));"
         ).stops("foreign_keys_are_violated")


@test("R8: another collation makes duplicates")
def _(folder):
    Case(folder, "CREATE TABLE t(a TEXT UNIQUE); INSERT INTO t VALUES('x'),('X');",
         "CREATE TABLE t(a TEXT COLLATE NOCASE UNIQUE);").stops("UNIQUE")


@test("R10: a view of all columns sees a new one")
def _(folder):
    case = Case(folder, "CREATE TABLE t(a); CREATE VIEW v AS SELECT * FROM t;",
                "CREATE TABLE t(a, b); CREATE VIEW v AS SELECT * FROM t;").goes()
    case.equal("SELECT group_concat(name) FROM pragma_table_info('v')", ("a,b",))


@test("R11: an error in the middle leaves the database whole")
def _(folder):
    Case(folder, "CREATE TABLE t(a); INSERT INTO t VALUES(NULL);",
         "CREATE TABLE x1(a); CREATE TABLE t(a NOT NULL);").stops("NOT NULL")


@test("R12: a conflict clause of a constraint can't end the transaction")
def _(folder):
    Case(folder, "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 1), (1, 2);",
         "CREATE TABLE step1(a); CREATE TABLE t(a UNIQUE ON CONFLICT ROLLBACK, b);").stops("UNIQUE")
    Case(folder, "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 1), (1, 2);",
         "CREATE TABLE step1(a); CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, b);").stops("UNIQUE")


@test("R17: columns of STRICT tables without rowid")
def _(folder):
    case = Case(folder, "CREATE TABLE w(k TEXT PRIMARY KEY, v INT, z INT) WITHOUT ROWID, STRICT;"
                "INSERT INTO w VALUES('a',1,2); CREATE TABLE u(a,b,UNIQUE(a,b)); INSERT INTO u VALUES(1,2);",
                "CREATE TABLE w(k TEXT PRIMARY KEY, z INT) WITHOUT ROWID, STRICT; CREATE TABLE u(a);",
                "--accept", "data_loss").goes()
    case.equal("SELECT * FROM w", ("a", 2))
    case.equal("SELECT * FROM u", (1,))


@test("R18: children follow a renamed parent")
def _(folder):
    case = Case(folder, "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p(id));"
                "INSERT INTO p VALUES(1); INSERT INTO c VALUES(1);",
                "CREATE TABLE p2(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p2(id));",
                "--rename", "p:p2").goes()
    case.equal("SELECT * FROM c", (1,))


@test("R19: an index that moves to another table keeps its name")
def _(folder):
    Case(folder, "CREATE TABLE a(x); CREATE TABLE b(x); CREATE INDEX i ON a(x);",
         "CREATE TABLE a(x); CREATE TABLE b(x); CREATE INDEX i ON b(x);").goes()


with tempfile.TemporaryDirectory() as place:
    for title, function in tests:
        count += 1
        try:
            function(place)
            print(f"ok {count} - {title}")
        except (Wrong, sqlite3.Error) as wrong:
            failed += 1
            print(f"not ok {count} - {title}")
            print("\n".join("# " + line for line in str(wrong).splitlines()))
print(f"1..{count}")
sys.exit(1 if failed else 0)
