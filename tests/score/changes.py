#!/usr/bin/env python3
"""Judges `quarry diff` by the pairs of schemas in tests/score/changes, with hostile rows.

Usage: changes.py [-v] QUARRY FILE.sql... [CASE...]

Each pair is tried plain and with views, triggers and a cascading child on every table of both
sides. The script is run by the sqlite3 shell with foreign keys on, once with rows that the
target takes and once with all. Judged by SQLite alone: the structure is the target's, it takes
and refuses the same rows, every column that stays has its bytes and rowids, no trigger fired,
no cascade ran, no row lost its parent; a second plan is empty; the way back leads back.
"""
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile import (Quiet, Text, alias, choose, columns, connect, drop_orphans, fill,  # noqa: E402
                     insert, literals, query, quoted, rowid_name, tables, values_of)
from migrations import shape, tokens  # noqa: E402


class Failure(Exception):
    pass


class Case:
    def __init__(self, name, text):
        self.name = name
        self.renames = [line.split("rename ", 1)[1].strip()
                        for line in text.splitlines() if line.startswith("--! rename ")]
        self.same = "--! same\n" in text
        self.one_way = "--! up only\n" in text
        self.pragmas = [line[4:] for line in text.splitlines() if line.startswith("--! pragma ")]
        body = "\n".join(l for l in text.splitlines() if not l.startswith("--!"))
        source, _, target = ("\n" + body + "\n").partition("\n-- ->\n")
        self.source, self.target = statements(source), statements(target)

    def table(self, old):
        """The name that the target gives a table."""
        for told in self.renames:
            a, b = told.rsplit(":", 1)
            if a == old and "." not in b:
                return b
        return old

    def column(self, table, old):
        for told in self.renames:
            a, b = told.rsplit(":", 1)
            if a == f"{table}.{old}":
                return b
        if any(told.startswith(table + ".") and told.endswith(":" + old) for told in self.renames):
            return None
        return old


def statements(sql):
    found, part = [], ""
    for piece in re.split(r"(;)", sql):
        part += piece
        if piece == ";" and sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    return found


def read_cases(path):
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^-- == (\w+)\n", file.read(), flags=re.M)
    return [Case(name, text) for name, text in zip(parts[1::2], parts[2::2])]


def scratch(sql):
    db = connect()
    for s in sql:
        db.execute(s)
    return db


def lower(name):
    """As SQLite compares names: only letters of ASCII."""
    return re.sub("[A-Z]", lambda m: m[0].lower(), name)


def same(names, wanted):
    return next((n for n in names if wanted is not None and lower(n) == lower(wanted)), None)


def affinity(kind, strict):
    kind = kind.upper()
    for affine, words in (("INTEGER", ("INT",)), ("TEXT", ("CHAR", "CLOB", "TEXT")),
                          ("BLOB", ("BLOB",)), ("REAL", ("REAL", "FLOA", "DOUB"))):
        if any(w in kind for w in words):
            return affine
    return "BLOB" if not kind or (strict and kind == "ANY") else "NUMERIC"


class Pair:
    """Tables of both sides and the columns that stay in each."""

    def __init__(self, case, source, target):
        a, b = scratch(source), scratch(target)
        self.tables = []
        taken = {case.table(t).lower() for t in tables(a) if case.table(t) != t}
        for old in tables(a):
            new = same(tables(b), case.table(old))
            if new is None or (case.table(old) == old and old.lower() in taken):
                continue
            stay = []
            for name, *rest in columns(a, old):
                partner = same([c[0] for c in columns(b, new)], case.column(old, name))
                if partner:
                    other = next(c for c in columns(b, new) if c[0] == partner)
                    stay.append((name, partner, self.exact(a, old, rest, b, new, other[1:])))
            self.tables.append((old, new, stay))
        self.a, self.b = a, b

    @staticmethod
    def exact(a, old, left, b, new, right):
        """Whether the values must be the same bytes; and whether NULLs may change."""
        strict = [query(d, "SELECT strict FROM pragma_table_list WHERE name = ?", (t,))[0][0]
                  for d, t in ((a, old), (b, new))]
        if left[4] or right[4] or affinity(left[0], strict[0]) != affinity(right[0], strict[1]):
            return None
        return bool(right[1] or right[3]) and not left[1]


def unique_column(db, table):
    """Columns a foreign key can refer to."""
    found = [alias(db, table)] if alias(db, table) else []
    for r in query(db, "SELECT * FROM pragma_index_list(?)", (table,)):
        info = [i for i in query(db, "SELECT * FROM pragma_index_xinfo(?)", (r[1],)) if i[5]]
        if r[2] and not r[4] and len(info) == 1 and info[0][1] >= 0 and info[0][4] == "BINARY":
            found.append(info[0][2])
    return found


def extras(pair, side):
    """Views, triggers and a cascading child on every table that stays, for one side."""
    sql = ["CREATE TABLE zz_log (what TEXT);"]
    for number, names in enumerate(pair.tables):
        table, stay = names[side], [s[side] for s in names[2]]
        t, first = quoted(table), quoted(stay[0]) if stay else "1"
        sql += [
            f"CREATE VIEW zz_all{number} AS SELECT * FROM {t};",
            f"CREATE VIEW zz_view{number} (n, v) AS SELECT count(*), {first} FROM {t};",
            f"CREATE VIEW zz_top{number} AS SELECT n, v FROM zz_view{number} JOIN {t};",
        ]
        for event in ("INSERT", "UPDATE", "DELETE"):
            row = "old" if event == "DELETE" else "new"
            value = f"{row}.{first}" if stay else "1"
            sql.append(f"CREATE TRIGGER zz_{event}{number} AFTER {event} ON {t} BEGIN "
                       f"INSERT INTO zz_log VALUES ({value}); END;")
        key = next((s for s in names[2] if s[2] is not None
                    and s[0] in unique_column(pair.a, names[0])
                    and s[1] in unique_column(pair.b, names[1])), None)
        if key:
            sql.append(f"CREATE TABLE zz_child{number} (id INTEGER PRIMARY KEY, ref REFERENCES "
                       f"{t} ({quoted(key[side])}) ON DELETE CASCADE ON UPDATE CASCADE);")
            if side == 0:
                pair.children.append((f"zz_child{number}", table, key[0]))
    return sql


def fill_children(db, pair):
    with Quiet(db):
        for child, table, key in pair.children:
            db.execute(f"INSERT INTO {child} (ref) SELECT {quoted(key)} FROM {quoted(table)} "
                       f"WHERE {quoted(key)} IS NOT NULL")


def keep_what_fits(db, pair):
    """Deletes the rows that the target's tables refuse, as found by inserting them there."""
    with Quiet(db):
        for _ in range(4):
            goal = pair.b
            goal.execute("PRAGMA foreign_keys = OFF")
            gone = 0
            with Quiet(goal):
                for _, new, _ in pair.tables:
                    goal.execute(f"DELETE FROM {quoted(new)}")
                for old, new, stay in pair.tables:
                    gone += refuse(db, goal, old, new, stay)
                gone += mirror_orphans(db, goal, pair)
            before = db.total_changes
            drop_orphans(db)
            if not gone and db.total_changes == before:
                return


def refuse(db, goal, old, new, stay):
    rowid, gone = rowid_name(db, old), 0
    hidden = {c[0] for c in columns(goal, new) if c[5]}
    info, number = {c[0]: c for c in columns(goal, new)}, alias(goal, new)
    names = [s for s in stay if s[1] not in hidden]
    what = ", ".join(quoted(s[0]) for s in names) or "1"
    where = rowid or ", ".join(quoted(c[0]) for c in columns(db, old) if c[4])
    keyed = "?" if rowid else ", ".join("?" for c in columns(db, old) if c[4])
    width = keyed.count("?")
    if not where:
        return 0
    for row in db.execute(f"SELECT {where}, {what} FROM {quoted(old)}").fetchall():
        key, values = row[:width], row[width:]
        pairs = [(n[1], v) for n, v in zip(names, values)
                 if not (v is None and info[n[1]][2] and info[n[1]][3] is not None)]
        try:
            if (number, None) in pairs:
                raise sqlite3.IntegrityError("a new id would be invented")
            insert(goal, new, [p[0] for p in pairs], [p[1] for p in pairs])
        except sqlite3.Error:
            db.execute(f"DELETE FROM {quoted(old)} WHERE ({where}) = ({keyed})",
                       [bytes(v) if isinstance(v, Text) else v for v in key])
            gone += 1
    return gone


def mirror_orphans(db, goal, pair):
    """Rows without a parent in the target: gone from the source, whole tables at a time."""
    try:
        bad = {r[0].lower() for r in query(goal, "PRAGMA foreign_key_check")}
    except sqlite3.Error:
        return 0
    gone = 0
    for old, new, stay in pair.tables:
        if new.lower() not in bad:
            continue
        for key in {r[3] for r in query(goal, "SELECT * FROM pragma_foreign_key_list(?)", (new,))}:
            name = next((s[0] for s in stay if s[1].lower() == key.lower()), None)
            if name:
                gone += db.execute(f"DELETE FROM {quoted(old)}").rowcount
    return gone


def diff(quarry, a, b, *options):
    done = subprocess.run([quarry, "diff", a, b, "--json", "--accept", "data_loss", *options],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1) or not done.stdout or "ERROR" in done.stderr:
        raise Failure("quarry: " + (done.stderr.strip() or f"status {done.returncode}"))
    return json.loads(done.stdout)


def shell(path, script):
    """What the sqlite3 shell says of it; empty if all went well."""
    done = subprocess.run(["sqlite3", "-bail", "-cmd", "PRAGMA foreign_keys = ON", path],
                          input=script.encode("utf-8", "surrogateescape"), capture_output=True)
    return (done.stderr + done.stdout).decode("utf-8", "replace") if done.returncode else ""


def structure(db):
    db.text_factory = str
    found = shape(db)
    for name, sql in db.execute("SELECT name, sql FROM sqlite_schema WHERE sql LIKE "
                                "'CREATE VIRTUAL%'").fetchall():
        found["virtual", name] = " ".join(tokens(sql[sql.lower().index("using"):]))
    fired = db.execute("SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger' "
                       "ORDER BY tbl_name, rowid").fetchall()
    found["order", "triggers"] = [f for f in fired if not f[1].startswith("zz_")]
    db.text_factory = Text
    return found


def must_equal(have, want, what):
    for key in sorted(set(want) | set(have), key=repr):
        if want.get(key) != have.get(key):
            raise Failure(f"{what}: {key}:\n  have {have.get(key)}\n  want {want.get(key)}")


def contents(db, pair, side):
    return {names[0]: values_of(db, names[side], [s[side] for s in names[2]])
            for names in pair.tables}


def rows_stay(pair, before, after, there_and_back=False):
    for old, new, stay in pair.tables:
        a, b = before[old], after[old]
        if len(a) != len(b):
            raise Failure(f"rows: {new} has {len(b)} rows, had {len(a)}")
        exact = [i for i, s in enumerate(stay) if s[2] is not None]
        loose = {i for i in exact if stay[i][2]}
        keys = alias(pair.a, old), alias(pair.b, new)
        kept = (rowid_name(pair.a, old) and rowid_name(pair.b, new) and
                (keys == (None, None) or
                 (keys[0] and keys[1] and (keys[0], keys[1]) in {s[:2] for s in stay})))

        def known(rows):
            return sorted((row[0] if kept else 0,
                           tuple(row[1][i] for i in exact if i not in loose)) for row in rows)
        if known(a) != known(b):
            x = [r for r in known(a) if r not in known(b)][:2]
            y = [r for r in known(b) if r not in known(a)][:2]
            raise Failure(f"rows of {new} changed: had {x}, have {y}")
        for i in loose:
            had = sorted(r[1][i] for r in a if r[1][i][0] != "NoneType")
            have = sorted(r[1][i] for r in b)
            for value in had:
                if value not in have:
                    raise Failure(f"rows: {new}.{stay[i][1]} lost {value}")


def everything(db):
    """The schema and all rows, to see that nothing changed."""
    return query(db, "SELECT type, name, sql FROM sqlite_schema"), {
        t: values_of(db, t, [c[0] for c in columns(db, t)]) for t in tables(db)}


def counters(db):
    try:
        return dict(query(db, "SELECT name, seq FROM sqlite_sequence"))
    except sqlite3.Error:
        return {}


def counters_stay(pair, before, after):
    for old, new, _ in pair.tables:
        if old in before and new in after and after[new] < before[old]:
            raise Failure(f"counter of {new} is {after[new]}, was {before[old]}")
        if old in before and new not in after and "autoincrement" in tokens(query(
                pair.b, "SELECT sql FROM sqlite_schema WHERE name = ?", (new,))[0][0]):
            raise Failure(f"counter of {new} is lost")


def sound(db, orphans):
    if query(db, "PRAGMA integrity_check") != [("ok",)]:
        raise Failure("integrity: " + repr(query(db, "PRAGMA integrity_check")))
    if violations(db) > orphans:
        raise Failure("orphans: " + repr(query(db, "PRAGMA foreign_key_check")[:3]))
    for name, sql in query(db, "SELECT name, sql FROM sqlite_schema WHERE sql LIKE "
                               "'CREATE VIRTUAL%fts5(%'"):
        q = quoted(name)
        db.execute(f"INSERT INTO {q} ({q}, rank) VALUES ('integrity-check', 1)")


def violations(db):
    """How many rows lack their parent; a parent table that is not there is no fault of theirs."""
    there = {r[0].lower() for r in query(db, "SELECT name FROM sqlite_schema")}
    try:
        return len([r for r in query(db, "PRAGMA foreign_key_check") if r[2].lower() in there])
    except sqlite3.Error:
        return 1 << 30


def behaves(path, target, seed, pragmas):
    """Emptied, the file takes and refuses the same rows as a new one of the target."""
    have, want = connect(path), scratch(pragmas + target)
    with Quiet(have):
        for table in tables(have):
            have.execute(f"DELETE FROM {quoted(table)}")
        if counters(have):
            have.execute("DELETE FROM sqlite_sequence")
    answers = [answers_of(db, target, seed) for db in (have, want)]
    for a, b in zip(*answers):
        if a != b:
            raise Failure(f"behaves: have {a}\n  want {b}")
    have.close()


def answers_of(db, target, seed):
    rng, found = random.Random(seed), []
    extra = literals(" ".join(target))
    db.execute("PRAGMA foreign_keys = ON")
    for table in sorted(tables(db)) * 2:
        info, key = columns(db, table), alias(db, table)
        for _ in range(12):
            some = [c for c in info if not c[5] and rng.random() < 0.8]
            values = [rng.choice([None, rng.randrange(99), Text(b"x")]) if c[0] == key else
                      choose(rng, c[1], extra) for c in some]
            try:
                insert(db, table, [c[0] for c in some], values)
                found.append("taken")
            except (sqlite3.Error, OverflowError) as error:
                found.append((table, values, str(error)))
        steady = [c[0] for c in info if not re.search(r"\(|current_", c[3] or "", re.I)]
        try:
            found.append((table, sorted(repr(r[1]) for r in values_of(db, table, steady))))
        except sqlite3.Error as error:
            found.append((table, str(error)))
    return found


class Trial:
    def __init__(self, quarry, case, extended, folder):
        self.quarry, self.case, self.extended = quarry, case, extended
        self.path = os.path.join(folder, "a.db")
        self.pair = Pair(case, case.source, case.target)
        self.pair.children = []
        self.source, self.target = list(case.source), list(case.target)
        if extended:
            self.source += extras(self.pair, 0)
            self.target += extras(self.pair, 1)
        self.files = []
        for name, sql in (("a.sql", self.source), ("b.sql", self.target)):
            self.files.append(os.path.join(folder, name))
            with open(self.files[-1], "w", encoding="utf-8") as out:
                out.write("\n".join(sql) + "\n")
        self.options = [o for r in case.renames for o in ("--rename", r)]

    def build(self, fits):
        if os.path.exists(self.path):
            os.remove(self.path)
        db = connect(self.path)
        for sql in self.case.pragmas + self.source:
            db.execute(sql)
        if fits is not None:
            fill(db, self.case.name)
            if fits:
                keep_what_fits(db, self.pair)
            fill_children(db, self.pair)
            if self.extended:
                db.execute("DELETE FROM zz_log")
        return db

    def state(self, db, side):
        quiet = [query(db, f"SELECT count(*) FROM {c[0]}") for c in self.pair.children]
        if self.extended:
            quiet.append(query(db, "SELECT * FROM zz_log"))
        return contents(db, self.pair, side), counters(db), quiet, min(violations(db), 1 << 29)

    def up(self, fits):
        """Runs the plan; what it was before, and whether it went through."""
        db = self.build(fits)
        before, dump = self.state(db, 0), everything(db)
        db.close()
        answer = diff(self.quarry, self.path, self.files[1], *self.options)
        if answer["equal"] != self.case.same or (self.case.same and answer["up"]["statements"]):
            raise Failure(f"equal is {answer['equal']}: {answer['up']['statements']}")
        complaint = shell(self.path, answer["up"]["script"])
        db = connect(self.path)
        if complaint:
            if fits is not False:
                raise Failure(f"up: {complaint}\n{answer['up']['script']}")
            if "can_fail" not in {w["kind"] for w in answer["up"]["warnings"]}:
                raise Failure(f"up: fails without a warning: {complaint}")
            if everything(db) != dump:
                raise Failure("up: refused, but something changed: " + complaint)
            db.close()
            return before, answer, False
        self.reached(db, before)
        db.close()
        return before, answer, True

    def reached(self, db, before):
        if not self.case.same:
            must_equal(structure(db), structure(scratch(self.target)), "up")
        after = self.state(db, 1)
        rows_stay(self.pair, before[0], after[0])
        counters_stay(self.pair, before[1], after[1])
        if before[2] != after[2]:
            raise Failure(f"a trigger or cascade: had {before[2]}, have {after[2]}")
        sound(db, before[3])
        for pragma in self.case.pragmas:
            name, _, value = pragma[7:].partition(" = ")
            have = str(query(db, "PRAGMA " + name)[0][0]).lower()
            if have not in (value.strip("'").lower(), "1" if value == "FULL" else ""):
                raise Failure(f"{pragma}: is {have}")

    def down(self, before, answer, filled):
        db = connect(self.path)
        dump = everything(db)
        db.close()
        complaint = shell(self.path, answer["down"]["script"])
        db = connect(self.path)
        if complaint:
            if not filled or "can_fail" not in {w["kind"] for w in answer["down"]["warnings"]}:
                raise Failure(f"down: {complaint}\n{answer['down']['script']}")
            if everything(db) != dump:
                raise Failure("down: refused, but something changed: " + complaint)
            db.close()
            return
        must_equal(structure(db), structure(scratch(self.source)), "down")
        after = self.state(db, 0)
        rows_stay(self.pair, before[0], after[0])
        if before[2] != after[2]:
            raise Failure(f"down: a trigger or cascade: had {before[2]}, have {after[2]}")
        sound(db, before[3])
        db.close()
        if not diff(self.quarry, self.path, self.files[0])["equal"]:
            raise Failure("a second plan back is not empty")

    def run(self):
        for fits in (None, True, False):
            before, answer, through = self.up(fits)
            if not through:
                continue
            again = diff(self.quarry, self.path, self.files[1])
            if not again["equal"] or again["up"]["statements"]:
                raise Failure("a second plan is not empty: " + str(again["up"]["statements"]))
            if not self.case.one_way:
                self.down(before, answer, fits is not None)
        if self.case.same:
            return
        self.build(True).close()
        shell(self.path, answer["up"]["script"])
        behaves(self.path, self.target, self.case.name, self.case.pragmas)


def main():
    arguments = [a for a in sys.argv[1:] if a != "-v"]
    files = [a for a in arguments[1:] if a.endswith(".sql")]
    wanted = set(arguments[1:]) - set(files)
    tried = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in (c for f in files for c in read_cases(f)):
            if wanted and case.name not in wanted:
                continue
            for extended in (False, True):
                tried += 1
                try:
                    Trial(os.path.abspath(arguments[0]), case, extended, folder).run()
                except (Failure, sqlite3.Error) as error:
                    failed += 1
                    print(f"{case.name}{' (extended)' if extended else ''}: {error}", flush=True)
    print(f"{tried - failed} of {tried} trials of changes pass")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
