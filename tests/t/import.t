#!/bin/sh
# import.t: `quarry import`: what it writes is a valid schema whose structure is that of the
# database, quoted names, loose types and all; what the language cannot say is named. QUARRY
# names the program.
quarry=${QUARRY:-build/quarry}
case $quarry in /*) ;; *) quarry=$(pwd)/$quarry ;; esac
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
count=0

check() { # check NAME COMMAND...
    name=$1
    shift
    count=$((count + 1))
    if "$@" >log 2>&1; then echo "ok $count - $name"; else
        echo "not ok $count - $name"
        sed 's/^/# /' log
    fi
}
round_trip() { # round_trip FILE: imports without a difference, and so does diff
    "$quarry" import "$1" >out.yaml || return 1
    cat out.yaml
    ! grep -q -e 'still different' -e 'not expressed' out.yaml || return 1
    "$quarry" diff "$1" out.yaml
}
says() { # says STATUS TEXT ARGUMENTS...
    status=$1 text=$2
    shift 2
    "$quarry" import "$@" >out 2>err
    got=$?
    cat out err
    [ $got -eq "$status" ] && grep -q -e "$text" out err
}
make_db() { # make_db FILE: from SQL on standard input
    python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1]); db.executescript(sys.stdin.read())' "$1"
}

cat >shop.sql <<'SQL'
CREATE TABLE [Artist] ([ArtistId] INTEGER NOT NULL, [Name] NVARCHAR(120),
    CONSTRAINT [PK_Artist] PRIMARY KEY ([ArtistId]));
CREATE TABLE "Album Titles" ("Album Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "class" VARCHAR (20) NOT NULL DEFAULT 'it''s "new"', price NUMERIC (10,2) NOT NULL,
    ArtistId INTEGER NOT NULL, sold REAL DEFAULT -1.5, note TEXT COLLATE NOCASE,
    twice REAL GENERATED ALWAYS AS (price * 2) STORED NOT NULL,
    CONSTRAINT "one title" UNIQUE ("class", ArtistId),
    FOREIGN KEY (ArtistId) REFERENCES Artist ON DELETE CASCADE ON UPDATE CASCADE
        DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "by note" ON "Album Titles" (note COLLATE RTRIM DESC, lower("class"))
    WHERE sold > 0;
CREATE TABLE pairs (a TEXT NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (b, a))
    STRICT, WITHOUT ROWID;
SQL
check 'quoted names, declared types, keys, indexes' round_trip shop.sql
make_db shop.db <shop.sql
check 'the same from a database' round_trip shop.db
check 'the same from standard input' sh -c '"$1" import - --name shop <shop.sql >in.yaml &&
    "$1" diff shop.sql in.yaml' x "$quarry"

make_db loose.db <<'SQL'
CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a DATETIME, b DECIMAL(9, 2),
    c STRING);
INSERT INTO t VALUES (1, 5, 7, 'text');
SQL
check 'loose types come from the data: integer' says 0 'a: {type: integer?' loose.db
check 'a declared fraction stays one' says 0 'b: {type: real?' loose.db
check 'text' says 0 'c: {type: text?' loose.db

make_db checked.db <<'SQL'
CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT NOT NULL,
    CONSTRAINT short CHECK (a IN ('xy:z', 'w')));
INSERT INTO t VALUES (1, 'xy:z'), (2, 'w');
SQL
check 'rows become examples of what is checked' round_trip checked.db

cat >trade.sql <<'SQL'
CREATE TABLE [Customers] ([CustomerID] TEXT, [CompanyName] TEXT, PRIMARY KEY (`CustomerID`));
CREATE TABLE [Employees] ([EmployeeID] INTEGER PRIMARY KEY AUTOINCREMENT,
    [HireDate] DATETIME DEFAULT CURRENT_TIMESTAMP, [Photo] BLOB, [ReportsTo] INTEGER,
    FOREIGN KEY ([ReportsTo]) REFERENCES [Employees] ([EmployeeID]) ON DELETE NO ACTION);
CREATE TABLE [Orders] ([OrderID]INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, [CustomerID]TEXT,
    [EmployeeID]INTEGER, [Freight]NUMERIC DEFAULT 0, "Ship Name" NVARCHAR(40) DEFAULT "n/a",
    money MONEY DEFAULT (0.0), big UNSIGNED BIG INT, anything,
    created DATETIME NOT NULL DEFAULT (datetime('now', 'localtime')),
    flag BOOLEAN NOT NULL DEFAULT FALSE, hex INTEGER DEFAULT 0x10, mood DEFAULT good,
    "from" TEXT, "to" TEXT, "order" INTEGER, "1st" TEXT, "Ã©" TEXT, "class" TEXT, "Class " TEXT,
    CHECK (hex > 0 OR "to" > ''), FOREIGN KEY ([EmployeeID]) REFERENCES [Employees] ([EmployeeID]),
    FOREIGN KEY ([CustomerID]) REFERENCES [Customers] ([CustomerID]));
CREATE TABLE [Order Details] ([OrderID]INTEGER NOT NULL, [ProductID]INTEGER NOT NULL,
    [UnitPrice]NUMERIC NOT NULL DEFAULT 0, [Quantity]INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY ("OrderID", "ProductID"), CHECK ([Quantity]>(0)),
    FOREIGN KEY ([OrderID]) REFERENCES [Orders] ([OrderID]) ON DELETE NO ACTION);
CREATE UNIQUE INDEX ux ON Orders(lower("Ship Name")) WHERE flag;
SQL
cat >>trade.sql <<'SQL'
CREATE VIEW [Order Details Extended] AS SELECT d.OrderID, CAST(Quantity AS REAL)*UnitPrice
    AS "Extended Price" FROM "Order Details" AS d -- no end
;
CREATE VIEW "a ""view""" as select * from [order details extended];
CREATE TRIGGER "orders touch" AFTER UPDATE OF Freight, "Ship Name" ON Orders FOR EACH ROW
    WHEN new.flag AND CASE WHEN new.hex THEN 1 END BEGIN
    UPDATE Orders SET created = CURRENT_TIMESTAMP WHERE OrderID = new.OrderID;
    SELECT CASE WHEN 1 THEN 2 END; END;
CREATE TRIGGER instead INSTEAD OF INSERT ON "a ""view""" BEGIN SELECT 'END'; END;
CREATE TRIGGER plain DELETE ON "Order Details" BEGIN SELECT raise(ignore); END;
SQL
check 'keys that can be NULL, defaults in SQL, no types, checks without a name' round_trip trade.sql
check 'what is imported makes C' "$quarry" generate out.yaml -o made

cat >own.yaml <<'YAML'
quarry: 1
name: own
enums:
  house_mood: {values: {good: "good", not_so_good: "not so good", in_between: "in_between"}}
  house_size: {storage: integer, values: {value_1: 1, minus_20: -20}}
  house_form: {values: ["wide", "high"]}
  house_door: {values: {left: "left", it_s: "it's"}}
tables:
  houses:
    columns:
      id: {type: integer, primary_key: true, autoincrement: true}
      street: {type: text, collation: nocase, min_length: 1, max_length: 80}
      code: {type: text, min_length: 3, max_length: 3, pattern: "[A-Z]*"}
      mood: {type: house_mood, default: "not so good"}
      next_mood: {type: house_mood?}
      size: {type: house_size, default: minus_20}
      inhabited: {type: bool, default: true}
      floors: {type: int32, default: 2}
      form: {type: house_form?}
      value: {type: real, min: -1.5, max: 1000000.0}
      area: {type: integer, min: 0}
      door: {type: house_door?}
      share: {type: real, one_of: [0.5, 1.5]}
      papers: {type: json, default: []}
      tags: {type: labels?, default: {}}
      built: {type: date, default: "1999-12-31"}
      file: {type: uuid, default: random}
      made: {type: timestamp, default: now}
      seen: {type: timestamp?}
YAML
for way in unix_ms unix text; do
    sed "s/^enums/options: {timestamp: $way}\nenums/" own.yaml >own_$way.yaml
    "$quarry" generate own_$way.yaml -o own >/dev/null
    "$quarry" import own/own/own.sql >again.yaml
    [ $way = text ] || sed -i 's/seen: {type: timestamp?}/seen: {type: integer?}/' own_$way.yaml
    sed -e 's/^options: {timestamp: unix_ms}$//' -e '/^$/d' own_$way.yaml >wanted
    sed -e '/^$/d' again.yaml >got
    check "types behind checks, timestamps as $way" diff wanted got
done

cat >odd.sql <<'SQL'
CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE VIEW v(x) AS SELECT a
  FROM t;
SQL
check 'a view that names its columns' says 0 'columns: \["x"\]' odd.sql
check 'a default that is SQL' says 0 'default_sql: "CURRENT_TIMESTAMP"' odd.sql
printf 'CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, u INTEGER REFERENCES gone);' >more.sql
check 'what the language has no words for is told' says 0 '# not expressed: foreign key to gone' more.sql
cat >broken.sql <<'SQL'
CREATE TABLE p (id INTEGER PRIMARY KEY, n INT, t TEXT UNIQUE, "NULL" INT, UNIQUE (t), CHECK (n > 0),
    CONSTRAINT x CHECK (n > 1), CONSTRAINT x CHECK (n > 2));
CREATE TABLE c (id INTEGER PRIMARY KEY, n INT REFERENCES p (n), t INT REFERENCES p (t), d INT NOT NULL DEFAULT NULL);
SQL
check 'foreign keys that SQLite refuses at each write, two checks of one name, a column NULL: the rest is valid' \
    sh -c '"$1" import broken.sql >broken.yaml && [ $(grep -c "# not expressed: foreign key to p" broken.yaml) -eq 2 ] &&
    ! grep -q "still different: .*unique" broken.yaml && "$1" generate broken.yaml -o broken' x "$quarry"
check 'and what differs by it' says 0 'still different: add foreign key' more.sql
"$quarry" import odd.sql >odd.yaml
check 'it is valid all the same' "$quarry" validate odd.yaml
printf 'CREATE TABLE "a\n# b: c"(id INTEGER NOT NULL PRIMARY KEY, "x\n  y: {" TEXT);' >evil.sql
check 'names with line ends' round_trip evil.sql
: >empty.sql
check 'nothing' says 0 'tables: {}' empty.sql
make_db listed.db <<'SQL'
CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY,
    a TEXT NOT NULL CONSTRAINT one CHECK (a IN ('xy:z', 'w')),
    b INTEGER NOT NULL CONSTRAINT two CHECK (b BETWEEN 70000 AND 80000),
    c INTEGER NOT NULL CONSTRAINT three CHECK (c BETWEEN -7 AND 5 AND c <> 0));
SQL
check 'what a check lists becomes examples' round_trip listed.db
check 'with its sign' says 0 'examples: \[-7, 5' listed.db
cat >text.sql <<'SQL'
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "none"), g TEXT AS (a || "!"),
    d TEXT DEFAULT "it's");
CREATE INDEX i ON t (lower(a)) WHERE a <> "x'y";
CREATE VIEW v AS SELECT id AS "e mail", "ST_" || a AS "a" FROM t WHERE "a" <> "it's"
    ORDER BY "e mail";
CREATE VIEW w AS WITH c("x") AS (SELECT a FROM t) SELECT "x" FROM c;
CREATE TRIGGER first AFTER INSERT ON t WHEN new.a = "go" BEGIN
    UPDATE t SET a = "done" WHERE id = new.id; END;
CREATE TRIGGER second AFTER INSERT ON t BEGIN UPDATE t SET "a" = "b" WHERE id = new.id; END;
SQL
generates() { # generates FILE: what is imported is all that generate wants
    "$quarry" import "$1" >out.yaml && "$quarry" generate out.yaml -o made >/dev/null
}
same_views() { # what the views give is as it was, with text in double quotes refused
    generates text.sql && python3 - <<'PY'
import re, sqlite3, glob
rows = "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'it''s'), (3, 'go')"
old, new = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
old.executescript(open("text.sql").read())
sql = open(glob.glob("made/out/out.sql")[0]).read() if glob.glob("made/out/out.sql") else \
    open("made/text/text.sql").read()
new.executescript(sql)
for db in old, new:
    db.execute(rows)
for query in "SELECT * FROM v", "SELECT * FROM w", "SELECT * FROM t":
    a, b = old.execute(query).fetchall(), new.execute(query).fetchall()
    assert a == b and a, (query, a, b)
names = [r[1] for r in new.execute("SELECT * FROM pragma_table_xinfo('t')")]
text = " ".join(r[0] for r in new.execute("SELECT sql FROM sqlite_schema WHERE sql NOT NULL"))
for word in "none", "!", "it's", "ST_", "go", "done", "b":
    assert '"%s"' % word not in text, word
PY
}
check 'text in double quotes' round_trip text.sql
check 'it means what it meant' same_views

refused() { # refused SQL TEXT: the language refuses it, a comment says so, the rest generates
    printf '%s;\n' "$1" >refused.sql
    generates refused.sql && cat out.yaml && grep -q -e "# not expressed: $2" out.yaml &&
        grep -q 'still different' out.yaml
}
check 'an index on a blob' refused "CREATE TABLE t (a BLOB, b TEXT); CREATE INDEX i ON t (a);
    CREATE INDEX j ON t (b)" "\`a\` can't be in an index"
check 'a collation of the program' refused \
    "CREATE TABLE t (a TEXT COLLATE unicase NOT NULL); CREATE INDEX i ON t (a)" '`unicase`'
check 'a key of types that do not agree' refused \
    "CREATE TABLE p (id TEXT PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p)" '.*key'
check 'a trigger that names what is not there' refused \
    "CREATE TABLE t (a); CREATE TRIGGER tr AFTER INSERT ON t
     BEGIN INSERT INTO f VALUES (new.a); END; CREATE TRIGGER good AFTER INSERT ON t
     BEGIN DELETE FROM t WHERE a = 1; END" 'SQLite refuses the trigger `tr`'
check 'the others stay' grep -q '^  "good":' out.yaml
check 'a view with a function of the program, and one on it' refused \
    "CREATE TABLE t (a); CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE VIEW w AS SELECT x FROM v;
     CREATE VIEW good AS SELECT a FROM t" '.*no such function: f'
check 'a heading goes with all that it had' refused \
    "CREATE TABLE t (a BLOB); CREATE INDEX i ON t (a)" '`a`'
check 'so it does' sh -c '! grep -q indexes: out.yaml'
printf 'CREATE TABLE t (a TEXT DEFAULT NULL, b INT DEFAULT (NULL));' >null.sql
check 'DEFAULT NULL is none' round_trip null.sql
printf 'CREATE TABLE p (id NUMERIC PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p, q REFERENCES p);' \
    >keys.sql
check 'sides of a key that can agree' round_trip keys.sql
check 'and generate' generates keys.sql
printf 'CREATE TABLE film (id INTEGER PRIMARY KEY); CREATE VIEW film_list AS SELECT id FROM film;' \
    >list.sql
check 'a view named like a list' round_trip list.sql
check 'generates' generates list.sql
check 'no file' says 2 'No such file' none.db
check 'no argument' says 2 'name one'
check '--help' says 0 'Usage: quarry import' --help
echo "1..$count"
