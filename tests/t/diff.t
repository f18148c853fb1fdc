#!/bin/sh
# diff.t: `quarry diff` between schemas, databases and SQL files: exit statuses, output as
# steps, SQL and JSON, bad input, and that what is named is never written to. QUARRY names
# the program.
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
diff_is() { # diff_is STATUS TEXT ARGUMENTS...: status, TEXT in stdout or stderr
    status=$1 text=$2
    shift 2
    "$quarry" diff "$@" >out 2>err
    got=$?
    cat out err
    [ $got -eq "$status" ] && grep -q -e "$text" out err
}
silent() { # no difference: nothing is printed
    "$quarry" diff "$@" >out 2>err && [ ! -s out ] && [ ! -s err ]
}
python() { python3 - "$@"; }

cat >a.sql <<'SQL'
CREATE TABLE hosts (id TEXT PRIMARY KEY, name TEXT NOT NULL, port INTEGER DEFAULT 2375);
CREATE INDEX by_name ON hosts (name);
INSERT INTO hosts VALUES ('a', 'A', 1);
SQL
cat >b.sql <<'SQL'
create table HOSTS (id text primary key, name text not null,
    port integer default 2375 /* same */);
create index by_name on hosts (NAME);
SQL
cat >c.sql <<'SQL'
CREATE TABLE hosts (id TEXT PRIMARY KEY, title TEXT NOT NULL, up INTEGER);
SQL
cat >s.yaml <<'YAML'
quarry: 1
name: small
tables:
  hosts:
    columns:
      id: {type: text, primary_key: true}
      name: text
      port: {type: integer, default: 2375}
YAML
python a.db <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(open("a.sql").read())
PY

check 'a file is equal to itself' silent a.sql a.sql
check 'a database is equal to its SQL' silent a.db a.sql
check 'a schema is equal to itself' silent s.yaml s.yaml
: >empty.sql
: >empty.db
check 'nothing is equal to nothing' silent empty.db empty.sql
check 'standard input' sh -c '"$1" diff - a.db <a.sql' x "$quarry"
check 'a schema on standard input' sh -c '"$1" diff - s.yaml <s.yaml' x "$quarry"
check 'case of a table name is a rename' diff_is 1 'rename table hosts to HOSTS' a.sql b.sql
check 'a difference exits 1' diff_is 1 'drop column hosts.port' a.db c.sql
check 'a rename that is not told is none' diff_is 1 'drop column hosts.name' a.db c.sql
check 'a rename that is told' diff_is 1 'rename column hosts.name to title' a.db c.sql \
    --rename hosts.name:title
check 'the other way' diff_is 1 'rename column hosts.title to name' a.db c.sql --reverse \
    --rename hosts.name:title
check 'data loss is told' diff_is 1 'warning: data_loss: drop table hosts' a.db empty.sql
check 'SQL that loses data must be accepted' diff_is 1 'pass --accept data_loss' \
    --sql a.db c.sql
check 'and is not printed' [ ! -s out ]
check 'accepted' diff_is 1 'BEGIN IMMEDIATE' --sql a.db c.sql --accept data_loss
check 'no SQL where nothing differs' silent --sql a.db a.sql
check 'database to schema' diff_is 1 'alter table hosts: strict' a.db s.yaml

run_script() { # the printed script leads there, rows and all
    cp a.db d.db
    "$quarry" diff --sql --accept data_loss --rename hosts.name:title d.db c.sql >up.sql 2>err
    python <<'PY' || return 1
import sqlite3
db = sqlite3.connect("d.db")
db.execute("PRAGMA foreign_keys = ON")
db.executescript(open("up.sql").read())
assert db.execute("SELECT * FROM hosts").fetchall() == [("a", "A", None)]
PY
    silent d.db c.sql
}
check 'the script reaches the target' run_script

json() {
    "$quarry" diff --json --rename hosts.name:title a.db c.sql >out
    [ $? -eq 1 ] && python <<'PY'
import json
d = json.load(open("out"))
assert not d["equal"] and not d["accepted"]
assert d["up"]["destroys"] and not d["down"]["destroys"] is None
kinds = [s["kind"] for s in d["up"]["steps"]]
assert kinds == ["drop_index", "rename_column", "drop_column", "add_column"], kinds
assert any(w["kind"] == "data_loss" for w in d["up"]["warnings"])
assert d["up"]["script"].startswith("-- Stop at the first error")
assert "\nBEGIN IMMEDIATE;\n" in d["up"]["script"]
assert len(d["up"]["statements"]) == 4, d["up"]["statements"]
PY
}
check 'JSON' json

untouched() { # neither the file nor a journal beside it
    before=$(cksum <a.db)
    "$quarry" diff a.db c.sql >out
    [ "$(cksum <a.db)" = "$before" ] && [ "$(ls a.db*)" = a.db ]
}
check 'a database is only read' untouched

untouched_wal() { # a reader in WAL mode would leave two files
    python wal.db <<'PY' || return 1
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("PRAGMA journal_mode = WAL; " + open("a.sql").read())
PY
    "$quarry" diff wal.db a.sql && [ "$(ls wal.db*)" = wal.db ]
}
check 'in WAL mode too' untouched_wal
in_use() { # what is still in the log is seen
    python use.db <<'PY'
import os, sqlite3, subprocess, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("PRAGMA journal_mode = WAL; " + open("a.sql").read())
db.execute("CREATE TABLE late (a)")
sys.exit(subprocess.call([os.environ["PROGRAM"], "diff", "use.db", "a.sql"]) != 1)
PY
}
PROGRAM=$quarry
export PROGRAM
check 'a database in use' in_use
mkdir 'odd?name#1%'
cp a.db 'odd?name#1%/a.db'
check 'a path with marks of URIs' silent 'odd?name#1%/a.db' a.sql
check 'an absolute one' silent "$dir/odd?name#1%/a.db" a.sql

printf 'CREATE TABLE t(a);\nCREATE TABLE t(b);\n' >bad.sql
printf 'CREATE TABLE t(a);\0' >nul.sql
printf 'SQLite format 3\0garbage' >bad.db
printf 'quarry: 1\nname: x\ntabels: {}\n' >bad.yaml
printf "ATTACH 'leak.db' AS leak; CREATE TABLE leak.t(a);" >attach.sql
check 'wrong SQL' diff_is 2 'bad.sql: error: line 2: table t already exists' bad.sql a.sql
check 'a NUL in SQL' diff_is 2 'NUL byte' nul.sql a.sql
check 'a broken database' diff_is 2 'bad.db' bad.db a.sql
check 'a wrong schema' diff_is 2 'unknown key' bad.yaml a.sql
check 'no file' diff_is 2 'No such file' none.sql a.sql
check 'a directory' diff_is 2 'quarry' . a.sql
check 'SQL reaches no file' diff_is 2 'attach' attach.sql a.sql
check 'nor made one' [ ! -e leak.db ]
check 'one argument' diff_is 2 'name two' a.sql
check 'three arguments' diff_is 2 'name two' a.sql a.sql a.sql
check 'an unknown option' diff_is 2 'Try' --wrong a.sql a.sql
check 'an unknown --accept' diff_is 2 'takes data_loss' --accept all a.sql a.sql
change() { # change TEXT FROM TO: SQL texts; what the difference says of them
    printf '%s;\n' "$2" >from.sql
    printf '%s;\n' "$3" >to.sql
    diff_is 1 "$1" from.sql to.sql
}
risk() { # risk RULE FROM TO: rows can break a rule that both have
    change "can_fail: alter column .*: values can break $1 then" "$2" "$3"
}
applies() { # applies ROWS FROM TO QUERY ANSWER: the script runs on them, and they are
    rm -f run.db
    printf '%s;\n' "$2" >from.sql
    printf '%s;\n' "$3" >to.sql
    sqlite3 -bail run.db "$2; $1" &&
        "$quarry" diff --sql --accept data_loss run.db to.sql >run.sql 2>err
    cat run.sql
    sqlite3 -bail run.db <run.sql || return 1
    silent run.db to.sql && [ "$(sqlite3 run.db "$4")" = "$5" ]
}
check 'converted values can be equal' risk 'unique (k)' "CREATE TABLE t (k TEXT, UNIQUE (k))" \
    "CREATE TABLE t (k INTEGER, UNIQUE (k))"
check 'values of another collation can be equal' risk 'unique index i' \
    "CREATE TABLE t (k TEXT); CREATE UNIQUE INDEX i ON t (k)" \
    "CREATE TABLE t (k TEXT COLLATE NOCASE); CREATE UNIQUE INDEX i ON t (k)"
check 'a default can break a check' risk 'check (k > 0)' "CREATE TABLE t (k INT CHECK (k > 0))" \
    "CREATE TABLE t (k INT NOT NULL DEFAULT -1 CHECK (k > 0))"
check 'a default can lack its parent' risk 'the foreign key to p' \
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (k INT REFERENCES p)" \
    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (k INT NOT NULL DEFAULT 1 REFERENCES p)"
check 'children can lose a parent that is converted' risk 'a foreign key of c' \
    "CREATE TABLE t (k TEXT, k2 INT); CREATE TABLE c (k TEXT REFERENCES t (k))" \
    "CREATE TABLE t (k INT, k2 INT); CREATE TABLE c (k TEXT REFERENCES t (k))"
check 'what is computed of it can be equal' risk 'unique index i' \
    "CREATE TABLE t (a TEXT, g AS (a), h AS (g)); CREATE UNIQUE INDEX i ON t (h)" \
    "CREATE TABLE t (a INT, g AS (a), h AS (g)); CREATE UNIQUE INDEX i ON t (h)"
check 'STRICT refuses other types' change 'can_fail: alter column t.a: type ANY to TEXT: values that the type does not take' \
    "CREATE TABLE t (a ANY) STRICT" "CREATE TABLE t (a TEXT) STRICT"
check 'a generated column that must not be NULL' change 'can_fail: add column t.g: .*yields NULL' \
    "CREATE TABLE t (a)" "CREATE TABLE t (a, g INT NOT NULL AS (a))"
no_risk() { # no_risk FROM TO: there is a difference and no rows can refuse it
    ! change can_fail "$1" "$2" && [ -s out ]
}
check 'a list of values that grows' no_risk "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y')))" \
    "CREATE TABLE t (a TEXT CHECK (a IN ('z', 'y', 'x')))"
check 'one that loses a value' change 'can_fail: add check (a in' "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y')))" \
    "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'z', 'Y')))"
check 'one of another column' change 'can_fail: add check (b in' "CREATE TABLE t (a TEXT CHECK (a IN ('x')), b TEXT)" \
    "CREATE TABLE t (a TEXT, b TEXT CHECK (b IN ('x', 'y')))"
check 'one that compares in another way' change 'can_fail: add check (a in' \
    "CREATE TABLE t (a TEXT COLLATE NOCASE CHECK (a IN ('x')))" "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y')))"
check 'one with an expression' change 'can_fail: add check (a in' "CREATE TABLE t (a INT CHECK (a IN (1, 2)))" \
    "CREATE TABLE t (a INT CHECK (a IN (1, 2) AND a > 1))"
check 'a type that converts all values' no_risk "CREATE TABLE t (a INT) STRICT" \
    "CREATE TABLE t (a ANY) STRICT"
check 'what changes is in no rule' no_risk "CREATE TABLE t (a TEXT, b INT CHECK (b > 0), c UNIQUE)" \
    "CREATE TABLE t (a INT, b INT CHECK (b > 0), c UNIQUE)"
check 'a table with the name that the script uses' applies "INSERT INTO quarry_violations VALUES (7)" \
    "CREATE TABLE quarry_violations (a TEXT); CREATE TABLE c (a)" \
    "CREATE TABLE quarry_violations (a INT); CREATE TABLE c (a)" \
    'SELECT a FROM quarry_violations' 7
check 'one that goes' applies "INSERT INTO c VALUES (7)" \
    "CREATE TABLE quarry_violations (a TEXT); CREATE TABLE c (a)" "CREATE TABLE c (a INT)" \
    'SELECT a FROM c' 7
check 'a text that would become a name' applies "INSERT INTO t (a) VALUES ('x')" \
    "CREATE TABLE t (a TEXT CHECK (a <> \"status\"))" \
    "CREATE TABLE t (a TEXT CHECK (a <> 'status'), status TEXT DEFAULT 'x')" 'SELECT * FROM t' 'x|x'
check 'rows stay where no column does' applies "INSERT INTO t VALUES ('x'), ('y')" \
    "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID" \
    "CREATE TABLE t (b INTEGER PRIMARY KEY, c DEFAULT 5)" 'SELECT count(*), sum(c) FROM t' '2|10'
check 'an index on a view that comes with it' applies "INSERT INTO t VALUES (1, 'word')" \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a)" \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE VIEW v AS SELECT id, a FROM t;
     CREATE VIRTUAL TABLE f USING fts5(a, content='v', content_rowid='id')" \
    "SELECT rowid FROM f('word')" 1
check 'an index on values that become the default' applies "INSERT INTO t VALUES (1, NULL)" \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f
     USING fts5(a, content='t', content_rowid='id')" \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'word'); CREATE VIRTUAL TABLE f
     USING fts5(a, content='t', content_rowid='id')" "SELECT rowid FROM f('word')" 1
check 'an index on a view that changes' applies "INSERT INTO t VALUES (1, 'one');
     INSERT INTO f(f) VALUES ('rebuild')" \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE VIEW v AS SELECT id, a FROM t;
     CREATE VIRTUAL TABLE f USING fts5(a, content='v', content_rowid='id')" \
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE VIEW v AS SELECT id, a || ' two' AS a FROM t;
     CREATE VIRTUAL TABLE f USING fts5(a, content='v', content_rowid='id')" \
    "SELECT rowid FROM f('two')" 1
check 'a virtual table that becomes a table' applies "INSERT INTO t VALUES (1, 'one')" \
    "CREATE VIRTUAL TABLE x USING fts5(a); CREATE TABLE t (id INTEGER PRIMARY KEY, a)" \
    "CREATE TABLE x (a); CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE VIEW v AS SELECT a FROM x;
     CREATE VIRTUAL TABLE f USING fts5(a, content='x')" "SELECT count(*) FROM x" 0
check 'an unknown rename' diff_is 2 'no such table or column' --rename x:y a.sql a.sql
check '--help' diff_is 0 'Usage: quarry diff' --help
[ -w /dev/full ] && check 'a full disk' \
    sh -c '"$1" diff a.sql c.sql >/dev/full 2>err; [ $? -eq 2 ]' x "$quarry"
echo "1..$count"
