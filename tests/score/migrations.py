#!/usr/bin/env python3
"""Scores `quarry diff` on the corpus of migration cases (see its README).

Usage: migrations.py [-v] QUARRY CASES.json

Every case is run on a database file with rows, the plan's script by Python's own sqlite3,
and judged by what SQLite's pragmas and the text of its schema say, not by quarry: (a) the
plan reaches the target, (b) the reverse leads back, (c) rows survive, (d) a second plan is
empty, (e) the same with a view, a trigger and a cascading child on the changed table and
foreign keys on. A case in which nothing changes must give an empty plan.
"""
import ast
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]"""
    r"""|[A-Za-z_0-9$\x80-\U0010ffff.]+|<>|!=|<=|>=|==|\|\||->>|->|<<|>>|.""",
    re.S,
)


def tokens(sql):
    """Normalised: no blanks or comments, names and words in lower case without quotes."""
    out = []
    for token in TOKEN.findall(sql or ""):
        if token.isspace() or token.startswith(("--", "/*")):
            continue
        if token[0] in '"`[':
            token = token[1:-1]
        if token[:1] != "'":
            token = token.lower()
        out.append(token)
    return out


def balanced(words, at):
    """The words in the parentheses that begin at `at`."""
    depth = 0
    for end in range(at, len(words)):
        depth += (words[end] == "(") - (words[end] == ")")
        if depth == 0:
            return words[at + 1 : end]
    return words[at:]


def checks(words):
    found = []
    for at, word in enumerate(words):
        if word == "check" and at + 1 < len(words) and words[at + 1] == "(":
            name = words[at - 1] if words[at - 2] == "constraint" else ""
            found.append((name, " ".join(balanced(words, at + 1))))
    return sorted(found)


def table_shape(db, name, sql):
    words = tokens(sql)
    columns = [
        (r[1], r[2].lower().replace(" ", ""), r[3], " ".join(tokens(r[4])), r[5], r[6])
        for r in db.execute("SELECT * FROM pragma_table_xinfo(?)", (name,))
    ]
    keys = sorted(
        (
            (
                tuple(r[2].lower() for r in rows),
                rows[0][0].lower(),
                tuple((r[1] or "").lower() for r in rows),
                rows[0][3],
                rows[0][4],
            )
            for rows in foreign_keys(db, name)
        ),
        key=repr,
    )
    indexes = sorted(
        (
            (r[2], r[3], r[4], index_shape(db, r[1]), r[1].lower() if r[3] == "c" else "")
            for r in db.execute("SELECT * FROM pragma_index_list(?)", (name,))
        ),
        key=repr,
    )
    options = db.execute(
        "SELECT wr, strict FROM pragma_table_list WHERE name = ?", (name,)
    ).fetchone()
    counts = [
        words.count(w)
        for w in ("autoincrement", "conflict", "deferred", "collate", "stored", "generated")
    ][:5]
    return columns, keys, indexes, options, checks(words), counts


def foreign_keys(db, name):
    """Rows (parent, to, from, on_update, on_delete) of each key, implicit ones resolved."""
    groups = {}
    for r in db.execute("SELECT * FROM pragma_foreign_key_list(?)", (name,)):
        groups.setdefault(r[0], []).append((r[2], r[4], r[3], r[5], r[6]))
    return groups.values()


def index_shape(db, name):
    """Columns by name, so that their order in the table does not matter here."""
    return tuple(
        (r[2], r[3], (r[4] or "").lower())
        for r in db.execute("SELECT * FROM pragma_index_xinfo(?)", (name,))
        if r[5]
    )


def shape(db):
    """What the database consists of, to be compared."""
    result = {}
    for kind, name, sql in db.execute(
        "SELECT type, name, sql FROM sqlite_schema "
        "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall():
        if kind == "table":
            result[kind, name] = table_shape(db, name, sql)
        else:
            words = tokens(sql)
            while kind == "trigger" and words[3:4] == ["before"]:
                del words[3]
            result[kind, name] = " ".join(words)
    return result


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def rows_of(db, tables):
    return {
        t: sorted(db.execute("SELECT * FROM " + quoted(t)).fetchall(), key=repr)
        for t in tables
    }


def columns_of(db, table):
    return [r[1] for r in db.execute("SELECT * FROM pragma_table_xinfo(?)", (table,))]


def tables_of(db):
    return [
        r[0]
        for r in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
    ]


def scratch(statements):
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(";\n".join(s.rstrip().rstrip(";") + "\n" for s in statements) + ";")
    return db


def hints(case):
    """--rename arguments from comments in the target or from a dict of columns."""
    found = []
    a, b = scratch(case["from_sql"] or []), scratch(case["to_sql"] or [])
    for text in case["renames"] or []:
        if not text.startswith("{"):
            continue
        for old, new in ast.literal_eval(text).items():
            for table in tables_of(a):
                if table in tables_of(b) and old in columns_of(a, table):
                    if new in columns_of(b, table):
                        found.append(f"{table}.{old}:{new}")
    for sql in case["to_sql"] or []:
        table = None
        for line in sql.split("\n"):
            create = re.match(r'\s*CREATE TABLE ("[^"]+"|\w+)', line)
            if create:
                table = create.group(1).strip('"')
            renamed = re.search(r'@renamed from=("[^"]+"|\w+)', line)
            if not renamed or "INDEX" in line:
                continue
            old = renamed.group(1).strip('"')
            if create:
                found.append(f"{old}:{table}")
            else:
                column = re.match(r'\s*("[^"]+"|\w+)', line).group(1).strip('"')
                found.append(f"{table}.{old}:{column}")
    return found


def value_for(kind, number):
    kind = kind.lower()
    if "int" in kind or "bool" in kind:
        return number
    if "char" in kind or "text" in kind or "clob" in kind:
        return f"value {number}"
    if "real" in kind or "floa" in kind or "doub" in kind:
        return number + 0.5
    return number


def fill(db, case):
    """The rows of the case; where it has none, two of our own in each table."""
    data = (case["expected_data"] or {}).get("before")
    db.execute("PRAGMA foreign_keys = OFF")
    for table in tables_of(db):
        info = [
            r
            for r in db.execute("SELECT * FROM pragma_table_xinfo(?)", (table,))
            if r[6] == 0
        ]
        rows = (
            data.get(table, [])
            if data is not None
            else [[value_for(r[2], n) for r in info] for n in (1, 2)]
        )
        for row in rows:
            row = [v[2:-1].encode() if isinstance(v, str) and v.startswith("b'") else v
                   for v in row]
            names = ", ".join(quoted(r[1]) for r in info)
            marks = ", ".join("?" * len(info))
            try:
                db.execute(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", row)
            except sqlite3.Error:
                if data is not None:
                    raise


def extras(case, renames):
    """A view, a trigger and a child on the first table that changes, for both sides."""
    a, b = scratch(case["from_sql"] or []), scratch(case["to_sql"] or [])
    tables = {r.split(":")[0]: r.split(":")[1] for r in renames if "." not in r}
    columns = {tuple(r.split(":")[0].split(".")): r.split(":")[1] for r in renames}
    names = [c.split(":")[1].split(".")[0].split("(")[0] for c in case["changes"] or []]
    names = [
        t
        for t in tables_of(a)
        if any(t.lower() == n.lower() for n in names) or t in tables
    ] or (tables_of(a) if not case["changes"] else [])
    for old in names:
        match = [
            t for t in tables_of(b) if t.lower() == tables.get(old, old).lower()
        ]
        if match:
            new = match[0]
            break
    else:
        return None
    def partner(name):
        want = columns.get((new, name), columns.get((old, name), name))
        return next((c for c in columns_of(b, new) if c.lower() == want.lower()), None)
    taken = {v for k, v in columns.items() if k[0] in (old, new)}
    common = [
        (c, partner(c))
        for c in columns_of(a, old)
        if partner(c) and (partner(c) not in taken or partner(c) != c)
    ]
    if not common:
        return None
    primary = [r[1] for r in a.execute("SELECT * FROM pragma_table_xinfo(?)", (old,)) if r[5]]
    target = [r[1] for r in b.execute("SELECT * FROM pragma_table_xinfo(?)", (new,)) if r[5]]
    key = common[0]
    for pair in common:
        if primary == [pair[0]] and target == [pair[1]]:
            key = pair
    def objects(table, names, ref):
        t = quoted(table)
        return [
            f"CREATE VIEW zz_view AS SELECT {', '.join(map(quoted, names))} FROM {t}",
            f"CREATE VIEW zz_all AS SELECT * FROM {t}",
            "CREATE TABLE zz_log (what TEXT)",
            f"CREATE TRIGGER zz_trigger AFTER INSERT ON {t} BEGIN "
            f"INSERT INTO zz_log VALUES (new.{quoted(names[0])}); END",
            f"CREATE TRIGGER zz_delete AFTER DELETE ON {t} BEGIN "
            f"INSERT INTO zz_log VALUES ('deleted'); END",
            "CREATE TABLE zz_child (id INTEGER PRIMARY KEY, "
            f"ref REFERENCES {t} ({quoted(ref)}) ON DELETE CASCADE)",
        ]
    return (
        objects(old, [p[0] for p in common], key[0]),
        objects(new, [p[1] for p in common], key[1]),
        (old, key[0]),
    )


class Failure(Exception):
    pass


def diff(quarry, a, b, *options):
    done = subprocess.run(
        [quarry, "diff", a, b, "--json", "--accept", "data_loss", *options],
        capture_output=True, text=True,
    )
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        raise Failure("quarry: " + (done.stderr.strip() or f"status {done.returncode}"))
    return json.loads(done.stdout)


def run_script(path, script, foreign_keys):
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        db.executescript(script)
    except sqlite3.Error as error:
        raise Failure(f"script: {error}\n{script}")
    finally:
        db.close()


def same_shape(db, statements, what):
    want, have = shape(scratch(statements)), shape(db)
    if want != have:
        for key in sorted(set(want) | set(have)):
            if want.get(key) != have.get(key):
                raise Failure(f"{what}: {key}:\n  have {have.get(key)}\n  want {want.get(key)}")


def compare_rows(case, before, db, renames):
    """Rows of every table that stays: as the case says, or those columns that stay."""
    after = (case["expected_data"] or {}).get("after")
    tables = {r.split(":")[0]: r.split(":")[1] for r in renames if "." not in r.split(":")[0]}
    have_tables = {t.lower(): t for t in tables_of(db)}
    for table, (names, rows) in before.items():
        new = have_tables.get(tables.get(table, table).lower())
        if new is None:
            continue
        have = db.execute("SELECT * FROM " + quoted(new)).fetchall()
        if len(have) != len(rows):
            raise Failure(f"rows: {new} has {len(have)} rows, had {len(rows)}")
        if after is not None and new in after and not table.startswith("zz_"):
            want = [[v[2:-1].encode() if isinstance(v, str) and v.startswith("b'") else v
                     for v in row] for row in after[new]]
            if sorted(map(repr, want)) != sorted(repr(list(r)) for r in have):
                raise Failure(f"rows: {new} has {have}, expected {want}")


def snapshot(db):
    return {
        t: (columns_of(db, t), db.execute("SELECT * FROM " + quoted(t)).fetchall())
        for t in tables_of(db)
    }


def run_case(quarry, case, extended, folder):
    renames = hints(case)
    source, target = list(case["from_sql"] or []), list(case["to_sql"] or [])
    child = None
    if extended:
        added = extras(case, renames)
        if added is None:
            return False
        source += added[0]
        target += added[1]
        child = added[2]
    path = os.path.join(folder, "a.db")
    goal = os.path.join(folder, "b.sql")
    origin = os.path.join(folder, "a.sql")
    for name in (path, path + "-journal"):
        if os.path.exists(name):
            os.remove(name)
    db = sqlite3.connect(path, isolation_level=None)
    for s in source:
        db.execute(s)
    fill(db, case)
    if child:
        db.execute(
            f"INSERT INTO zz_child (ref) SELECT {quoted(child[1])} FROM {quoted(child[0])}"
        )
        db.execute("DELETE FROM zz_log")
    before = snapshot(db)
    source_shape = shape(db)
    db.close()
    for name, statements in ((goal, target), (origin, source)):
        with open(name, "w", encoding="utf-8") as out:
            out.write("".join(s.rstrip().rstrip(";") + "\n;\n" for s in statements))
    options = [o for r in renames for o in ("--rename", r)]
    answer = diff(quarry, path, goal, *options)
    empty = not (case["changes"] or [])
    if empty and (not answer["equal"] or answer["up"]["statements"]):
        raise Failure("nothing changes, but the plan is " + str(answer["up"]["statements"]))
    run_script(path, answer["up"]["script"], extended)
    db = sqlite3.connect(path, isolation_level=None)
    same_shape(db, target, "up")
    compare_rows(case, before, db, renames)
    if extended and db.execute("SELECT count(*) FROM zz_log").fetchone()[0] and not empty:
        if "zz_log" in before and not before["zz_log"][1]:
            raise Failure("a trigger fired")
    db.close()
    if not diff(quarry, path, goal)["equal"]:
        raise Failure("a second plan is not empty")
    run_script(path, answer["down"]["script"], extended)
    db = sqlite3.connect(path, isolation_level=None)
    if shape(db) != source_shape:
        same_shape(db, source, "down")
    db.close()
    if not diff(quarry, path, origin)["equal"]:
        raise Failure("a second plan back is not empty")
    return True


def main():
    arguments = [a for a in sys.argv[1:] if a != "-v"]
    quarry, cases = arguments
    with open(cases, encoding="utf-8") as file:
        cases = json.load(file)
    passed = [0, 0]
    tried = [0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            for extended in (0, 1):
                try:
                    if run_case(quarry, case, extended, folder):
                        passed[extended] += 1
                        tried[extended] += 1
                except (Failure, sqlite3.Error) as error:
                    tried[extended] += 1
                    print(f"{case['id']}{'e' if extended else ''}: {error}")
    print(f"plain: {passed[0]} of {tried[0]}; with view, trigger and child: "
          f"{passed[1]} of {tried[1]}")
    return 0 if passed == tried else 1


if __name__ == "__main__":
    sys.exit(main())
