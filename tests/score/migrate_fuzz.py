#!/usr/bin/env python3
"""Random pairs of schemas with rows through `quarry diff`, judged as migrations.py does.

Usage: migrate_fuzz.py QUARRY [COUNT [SEED]]

The second schema is the first with a few random changes, some of them renames that quarry is
told. The plan must reach the target, keep rows (counted, rowids and untouched columns
compared), fire no trigger, be followed by an empty plan, and lead back.
"""
import copy
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

from migrations import Failure, columns_of, diff, quoted, same_shape, shape, tables_of

NAMES = ["id", "name", "Kind", "old name", "select", "t", "value", "x", "length", "é", "a.b",
         "rowid", "oid", 'q"q', "note:1"]
TABLES = ["t", "Users", "order", "two words", "log"]
TYPES = ["INTEGER", "TEXT", "REAL", "BLOB", "", "VARCHAR(40)", "numeric(10, 2)", "INT",
         "datetime"]
STRICT = ["INTEGER", "TEXT", "REAL", "BLOB", "ANY", "INT"]
DEFAULTS = ["0", "-1", "'x'", "'it''s'", "NULL", "CURRENT_TIMESTAMP", "(1 + 2)", "1.5",
            "x'00ff'", "TRUE", "('a' || 'b')", "(7)"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, p):
        return self.random.random() < p

    def column(self, table, name):
        strict = table["strict"]
        c = {"name": name, "type": self.random.choice(STRICT if strict else TYPES),
             "not_null": False, "default": None, "collate": None, "generated": None,
             "unique": False, "check": None, "references": None}
        if self.chance(0.3):
            c["default"] = self.random.choice(DEFAULTS)
            if c["default"] not in ("NULL",) and self.chance(0.5):
                c["not_null"] = True
        if self.chance(0.15):
            c["collate"] = self.random.choice(["NOCASE", "RTRIM", "BINARY"])
        if self.chance(0.1):
            c["check"] = f"({quoted(name)} IS NOT 'impossible')"
        if self.chance(0.1):
            c["references"] = self.random.choice(TABLES)
        if self.chance(0.06):
            c["unique"] = True
        return c

    def name(self, table):
        used = {c["name"].lower() for c in table["columns"]}
        return self.random.choice([n for n in NAMES if n.lower() not in used])

    def table(self, name):
        t = {"name": name, "strict": self.chance(0.25), "columns": [], "key": None,
             "without_rowid": False, "autoincrement": False, "checks": [], "unique": [],
             "foreign_keys": [], "conflict": self.chance(0.1)}
        for _ in range(self.random.randint(1, 5)):
            t["columns"].append(self.column(t, self.name(t)))
        roll = self.random.random()
        first = t["columns"][0]
        if roll < 0.5:
            first.update(type="INTEGER", default=None, not_null=False, collate=None,
                         check=None, references=None, unique=False)
            t["key"] = [first["name"]]
            t["autoincrement"] = self.chance(0.3)
        elif roll < 0.7:
            t["key"] = [first["name"]]
            t["without_rowid"] = self.chance(0.4)
        if self.chance(0.2) and len(t["columns"]) > 1:
            base = t["columns"][0]["name"]
            g = self.column(t, self.name(t))
            g.update(default=None, not_null=False, unique=False, references=None, check=None,
                     generated=(f"(coalesce({quoted(base)}, 0))", self.chance(0.5)),
                     type="ANY" if t["strict"] else "")
            t["columns"].append(g)
        if self.chance(0.2):
            names = self.random.sample(t["columns"], min(2, len(t["columns"])))
            t["checks"].append((self.random.choice(["", "ck", "Rule 1"]),
                                " OR ".join(f"{quoted(c['name'])} IS NOT 'bad'" for c in names)))
        if self.chance(0.15):
            t["foreign_keys"].append((self.random.choice(t["columns"])["name"],
                                      self.random.choice(TABLES),
                                      self.random.choice(["CASCADE", "SET NULL", "RESTRICT"])))
        return t

    def schema(self):
        s = {"tables": [], "indexes": [], "views": [], "triggers": []}
        for name in self.random.sample(TABLES, self.random.randint(1, 3)):
            s["tables"].append(self.table(name))
        for t in s["tables"]:
            if self.chance(0.5):
                s["indexes"].append(self.index(t, s))
            if self.chance(0.4):
                s["views"].append({"name": "v_" + t["name"], "table": t["name"],
                                   "columns": [c["name"] for c in t["columns"]][:2]})
            if self.chance(0.4):
                s["triggers"].append({"name": "tr " + t["name"], "table": t["name"],
                                      "column": t["columns"][0]["name"],
                                      "event": self.random.choice(["INSERT", "DELETE", "UPDATE"]),
                                      "time": self.random.choice(["BEFORE", "AFTER", ""])})
        return s

    def index(self, t, s):
        columns = self.random.sample(t["columns"], min(len(t["columns"]), self.random.randint(1, 2)))
        return {"name": f"ix_{len(s['indexes'])}_{t['name']}", "table": t["name"],
                "columns": [(c["name"], self.random.choice(["", " DESC", " COLLATE NOCASE", "()"]))
                            for c in columns],
                "where": columns[0]["name"] if self.chance(0.2) else None}

    # ---- changes -------------------------------------------------------------------------

    def rename_in(self, s, table, old, new):
        for i in s["indexes"]:
            if i["table"] == table:
                i["columns"] = [(new if n == old else n, x) for n, x in i["columns"]]
                i["where"] = new if i["where"] == old else i["where"]
        for v in s["views"]:
            if v["table"] == table:
                v["columns"] = [new if n == old else n for n in v["columns"]]
        for t in s["triggers"]:
            if t["table"] == table and t["column"] == old:
                t["column"] = new

    def forget(self, s, table, column):
        s["indexes"] = [i for i in s["indexes"] if i["table"] != table or
                        (column not in [n for n, _ in i["columns"]] and i["where"] != column)]
        s["views"] = [v for v in s["views"] if v["table"] != table or column not in v["columns"]]
        s["triggers"] = [t for t in s["triggers"]
                         if t["table"] != table or t["column"] != column]

    def uses(self, t, column):
        q = quoted(column)
        return (column in (t["key"] or []) or any(q in c for _, c in t["checks"]) or
                any(f[0] == column for f in t["foreign_keys"]) or
                any(c["generated"] and q in c["generated"][0] for c in t["columns"]))

    def change(self, s, renames):
        t = self.random.choice(s["tables"])
        kind = self.random.randint(0, 14)
        c = self.random.choice(t["columns"])
        if kind in (0, 1):
            n = self.column(t, self.name(t))
            n.update(unique=False, fresh=True)
            at = len(t["columns"]) if self.chance(0.7) else self.random.randint(0, len(t["columns"]))
            t["columns"].insert(at, n)
        elif kind in (2, 3) and len(t["columns"]) > 1 and not self.uses(t, c["name"]):
            if any(r.startswith(t["name"] + ".") for r in renames):
                return
            t["columns"].remove(c)
            self.forget(s, t["name"], c["name"])
        elif kind == 4 and not self.uses(t, c["name"]) and not (c["check"] or c.get("fresh")):
            new = self.name(t)
            if ":" in c["name"] or any(r.endswith(":" + c["name"]) for r in renames):
                return
            if t.get("was") or t.get("fresh"):
                return
            self.rename_in(s, t["name"], c["name"], new)
            renames.append(f"{t['name']}.{c['name']}:{new}")
            c["name"] = new
        elif kind == 5 and c["name"] not in (t["key"] or []):
            c["type"] = self.random.choice(["TEXT", "ANY"] if t["strict"] else TYPES)
        elif kind == 6 and not c["generated"] and c["name"] not in (t["key"] or []):
            c["default"] = self.random.choice(DEFAULTS + [None])
            c["not_null"] = False
        elif kind == 7 and not c["generated"] and c["name"] not in (t["key"] or []):
            c["default"], c["not_null"] = "0", not c["not_null"]
            if t["strict"]:
                c["type"] = "ANY"
        elif kind == 8:
            self.random.shuffle(t["columns"])
        elif kind == 9:
            s["indexes"].append(self.index(t, s))
        elif kind == 10 and s["indexes"]:
            s["indexes"].remove(self.random.choice(s["indexes"]))
        elif kind == 11 and len(s["tables"]) < 4:
            free = [n for n in TABLES if n.lower() not in {x["name"].lower() for x in s["tables"]}]
            if free and not any(r.startswith(n + ":") for r in renames for n in free):
                new = self.table(self.random.choice(free))
                new["fresh"] = True
                s["tables"].append(new)
        elif kind == 12 and len(s["tables"]) > 1 and not any(
                r.startswith(t["name"] + ".") or r.endswith(":" + t["name"]) for r in renames):
            s["tables"].remove(t)
            for key in ("indexes", "views", "triggers"):
                s[key] = [o for o in s[key] if o["table"] != t["name"]]
        elif kind == 13:
            t["checks"] = [] if t["checks"] else [("ck2", f"{quoted(c['name'])} IS NOT 'no'")]
        elif kind == 14 and not t.get("fresh") and not any(r.startswith(t["name"] + ".") for r in renames):
            if t.get("was"):
                return
            new = t["name"] + "_renamed"
            t["was"] = t["name"]
            renames.append(f"{t['name']}:{new}")
            for key in ("indexes", "views", "triggers"):
                for o in s[key]:
                    if o["table"] == t["name"]:
                        o["table"] = new
            for other in s["tables"]:
                other["foreign_keys"] = [(a, new if b == t["name"] else b, d)
                                         for a, b, d in other["foreign_keys"]]
                for col in other["columns"]:
                    if col["references"] == t["name"]:
                        col["references"] = new
            t["name"] = new

    # ---- as SQL ----------------------------------------------------------------------------

    def quote(self, name):
        if name.isidentifier() and name.isascii() and name.lower() not in ("select", "order") and self.chance(0.5):
            return name
        return self.random.choice([quoted(name), f"[{name}]", "`" + name.replace("`", "``") + "`"]) \
            if "]" not in name else quoted(name)

    def column_sql(self, t, c):
        out = [self.quote(c["name"]), c["type"] if self.chance(0.7) else c["type"].lower()]
        rules = []
        if c["not_null"]:
            rules.append("NOT NULL")
        if c["default"] is not None:
            rules.append("DEFAULT " + c["default"])
        if c["collate"]:
            rules.append("COLLATE " + c["collate"])
        if c["check"]:
            rules.append("CHECK " + c["check"])
        if c["references"]:
            rules.append(f"REFERENCES {self.quote(c['references'])} ON DELETE CASCADE")
        if c["unique"]:
            rules.append("UNIQUE" + (" ON CONFLICT REPLACE" if t["conflict"] else ""))
        if c["generated"]:
            rules.append(f"AS {c['generated'][0]}" + (" STORED" if c["generated"][1] else ""))
        self.random.shuffle(rules)
        if t["autoincrement"]:
            if t["key"] == [c["name"]]:
                rules.append("PRIMARY KEY AUTOINCREMENT")
        return " ".join(out + rules)

    def table_sql(self, t):
        parts = [self.column_sql(t, c) for c in t["columns"]]
        if t["key"] and not t["autoincrement"]:
            parts.append(f"PRIMARY KEY ({', '.join(map(self.quote, t['key']))})")
        for name, sql in t["checks"]:
            parts.append((f"CONSTRAINT {quoted(name)} " if name else "") + f"CHECK ({sql})")
        for column, parent, action in t["foreign_keys"]:
            parts.append(f"FOREIGN KEY ({self.quote(column)}) REFERENCES {self.quote(parent)} ON DELETE {action}")
        options = (["STRICT"] if t["strict"] else []) + (["WITHOUT ROWID"] if t["without_rowid"] else [])
        joint = self.random.choice([", ", ",\n  ", ", -- comment, '\n"])
        return f"CREATE TABLE {self.quote(t['name'])} (\n  {joint.join(parts)}{self.random.choice(['', '', ' -- last', ' /* ) */'])}\n) {', '.join(options)}"

    def sql(self, s):
        out = [self.table_sql(t) for t in s["tables"]]
        for i in s["indexes"]:
            terms = [f"length({quoted(n)})" if x == "()" else quoted(n) + x for n, x in i["columns"]]
            where = f" WHERE {quoted(i['where'])} IS NOT NULL" if i["where"] else ""
            out.append(f"CREATE INDEX {quoted(i['name'])} ON {quoted(i['table'])} ({', '.join(terms)}){where}")
        for v in s["views"]:
            out.append(f"CREATE VIEW {quoted(v['name'])} AS SELECT {', '.join(map(quoted, v['columns']))} FROM {quoted(v['table'])}")
        out.append("CREATE TABLE zz_log (what TEXT)")
        for t in s["triggers"]:
            row = "old" if t["event"] == "DELETE" else "new"
            out.append(f"CREATE TRIGGER {quoted(t['name'])} {t['time']} {t['event']} ON {quoted(t['table'])} "
                       f"BEGIN INSERT INTO zz_log SELECT {row}.{quoted(t['column'])}; END")
        return out


def valid(statements):
    """None where SQLite refuses it, or a view or trigger of it."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for s in statements:
            db.execute(s)
        return db
    except sqlite3.Error:
        return None


def fill(db, rng):
    for table in tables_of(db):
        if table == "zz_log":
            continue
        info = [r for r in db.execute("SELECT * FROM pragma_table_xinfo(?)", (table,)) if not r[6]]
        for n in range(rng.randint(0, 6)):
            row = []
            for r in info:
                kind = r[2].upper()
                v = rng.choice([n * 7 + 1, f"v{n}", n + 0.5, b"\0x", None, "", "007"])
                if "INT" in kind or kind == "ANY":
                    v = n * 7 + 1
                elif kind in ("TEXT", "REAL", "BLOB"):
                    v = {"TEXT": f"v{n}", "REAL": n + 0.5, "BLOB": b"b%d" % n}[kind]
                row.append(v)
            try:
                db.execute(f"INSERT INTO {quoted(table)} ({', '.join(quoted(r[1]) for r in info)}) "
                           f"VALUES ({', '.join('?' * len(info))})", row)
            except sqlite3.Error:
                pass
        try:  # counters and rowids with gaps
            db.execute(f"DELETE FROM {quoted(table)} WHERE {quoted(info[0][1])} = (SELECT max({quoted(info[0][1])}) FROM {quoted(table)})")
        except sqlite3.Error:
            pass
    db.execute("DELETE FROM zz_log")


def facts(db):
    result = {"seq": {}}
    try:
        result["seq"] = dict(db.execute("SELECT name, max(seq) FROM sqlite_sequence GROUP BY 1"))
    except sqlite3.Error:
        pass
    for table in tables_of(db):
        wr = db.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()[0]
        names = columns_of(db, table)
        rowid = next((r for r in ("rowid", "_rowid_", "oid") if r not in [n.lower() for n in names]), None)
        key = "0" if wr or rowid is None else rowid
        rows = db.execute(f"SELECT {key}, {', '.join(quoted(n) for n in names)} FROM {quoted(table)}").fetchall()
        types = {r[1]: (r[2].upper(), r[6], r[3]) for r in db.execute("SELECT * FROM pragma_table_xinfo(?)", (table,))}
        strict = db.execute("SELECT strict FROM pragma_table_list WHERE name = ?", (table,)).fetchone()[0]
        result[table] = (wr or rowid is None, names, rows, types, strict)
    return result


def compare(before, after, renames, a, b):
    names = {t["name"]: t.get("was", t["name"]) for t in b["tables"] if not t.get("fresh")}
    for new, old in names.items():
        if old not in before or new not in after:
            continue
        wr, old_names, old_rows, old_types, old_strict = before[old]
        new_wr, new_names, new_rows, new_types, new_strict = after[new]
        if len(old_rows) != len(new_rows):
            raise Failure(f"{new}: {len(old_rows)} rows became {len(new_rows)}")
        if not wr and not new_wr and sorted(r[0] for r in old_rows) != sorted(r[0] for r in new_rows):
            raise Failure(f"{new}: rowids changed")
        moved = {r.split(":", 1)[0].split(".", 1)[1]: r.split(":", 1)[1]
                 for r in renames if "." in r.split(":")[0] and r.startswith(new + ".")}
        for i, c in enumerate(old_names):
            d = moved.get(c, c)
            if d not in new_names or (d in moved.values() and c not in moved):
                continue
            if old_types[c] != new_types[d] or old_types[c][1] or old_strict != new_strict:
                continue
            j = new_names.index(d)
            if sorted(map(repr, (r[i + 1] for r in old_rows))) != sorted(map(repr, (r[j + 1] for r in new_rows))):
                raise Failure(f"{new}.{d}: values changed")
        if old in before["seq"] and new in after["seq"] and after["seq"][new] < before["seq"][old]:
            raise Failure(f"{new}: the counter went back")


def run_case(quarry, seed, folder):
    maker = Maker(seed)
    a = maker.schema()
    b = copy.deepcopy(a)
    renames = []
    for _ in range(maker.random.randint(0, 4)):
        maker.change(b, renames)
    source, target = maker.sql(a), maker.sql(b)
    if valid(source) is None or valid(target) is None:
        return False
    path, goal, origin = (os.path.join(folder, n) for n in ("a.db", "b.sql", "a.sql"))
    if os.path.exists(path):
        os.remove(path)
    db = sqlite3.connect(path, isolation_level=None)
    for s in source:
        db.execute(s)
    fill(db, maker.random)
    before = facts(db)
    db.close()
    for name, statements in ((goal, target), (origin, source)):
        with open(name, "w", encoding="utf-8") as out:
            out.write(";\n".join(statements) + ";\n")
    options = [o for r in renames for o in ("--rename", r)]
    try:
        answer = diff(quarry, path, goal, *options)
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("PRAGMA foreign_keys = ON")
        try:
            db.executescript(answer["up"]["script"])
        except sqlite3.IntegrityError:
            return False  # rows that the target cannot hold
        except sqlite3.Error as error:
            raise Failure(f"script: {error}\n{answer['up']['script']}")
        same_shape(db, target, "up")
        after = facts(db)
        if after["zz_log"][2]:
            raise Failure("a trigger fired")
        compare(before, after, renames, a, b)
        db.close()
        if not diff(quarry, path, goal)["equal"]:
            raise Failure("a second plan is not empty")
        db = sqlite3.connect(path, isolation_level=None)
        try:
            db.executescript(answer["down"]["script"])
        except sqlite3.IntegrityError:
            return True
        except sqlite3.Error as error:
            raise Failure(f"script back: {error}\n{answer['down']['script']}")
        same_shape(db, source, "down")
    except Failure as failure:
        raise Failure(f"{failure}\n--- from\n" + ";\n".join(source) + "\n--- to\n" +
                      ";\n".join(target) + f"\n--- renames {renames}") from None
    finally:
        db.close()
    return True


def main():
    quarry = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    tried = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            try:
                tried += run_case(quarry, seed, folder)
            except (Failure, subprocess.SubprocessError) as failure:
                failed += 1
                print(f"==== seed {seed}: {failure}\n")
    print(f"{tried} of {count} pairs ran to the end, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
