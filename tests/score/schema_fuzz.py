#!/usr/bin/env python3
"""Random valid schemas: each must generate, compile without a warning and pass its own tests.

Usage: schema_fuzz.py QUARRY LIBRARY [COUNT [SEED]] [--cc "gcc -O0"] [--keep DIR] [--together]

LIBRARY is the runtime, compiled. A schema depends on its seed alone. Each failure is one line
with the seed and the first thing that was wrong; DIR keeps the schema and what was emitted.
--together compiles all schemas into one program: quicker for a few.
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = ["hosts", "items", "users", "links", "tags", "events", "boxes", "logs"]
COLUMNS = ["a", "b", "c", "name", "title", "size", "state", "kind", "host_id", "item_id", "note",
           "value", "data", "started", "ended", "x", "count", "first", "last", "rank", "flag",
           "body", "code", "day", "order_no", "length", "level", "owner", "parent", "path"]
CONFLICTS = ["abort", "rollback", "fail", "ignore", "replace"]
NUMBERS = ("integer", "int32", "real")
KEYS = ("integer", "int32", "text", "uuid", "bool", "date", "timestamp", "real")
WORDS = ["red", "green", "blue", "open", "closed", "x", "k8s-node", "in progress"]


class Word(str):
    """A word of the language, which is not quoted."""


def text_of(value):
    """A value as YAML flow."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {text_of(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(text_of(v) for v in value) + "]"


class Column:
    def __init__(self, name, kind, nullable=False, enum=None):
        self.name, self.kind, self.nullable, self.enum = name, kind, nullable, enum
        self.keys = {}
        self.generated = False

    def yaml(self):
        kind = (self.enum if self.kind == "enum" else self.kind) + ("?" if self.nullable else "")
        return {"type": kind, **self.keys}

    def sql(self):
        name = self.keys.get("sql_name", self.name)
        return '"' + name.replace('"', '""') + '"'

    def type_key(self):
        return (self.kind, self.enum)


class Table:
    def __init__(self, name, number):
        self.name, self.number = name, number
        self.columns, self.uniques, self.foreign, self.checks, self.indexes = [], [], [], [], []
        self.key, self.without_rowid, self.strict, self.use = [], False, True, []
        self.targets = []  # lists of columns that a foreign key can refer to
        self.terms = {}  # of keys, by the columns' names: how each is written
        self.conflicts = {}  # the same: its conflict clause

    def column(self, name):
        return next(c for c in self.columns if c.name == name)


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.tables, self.enums = [], {}
        self.timestamp = self.r.choice(["unix_ms", "unix", "text"])
        self.strict = self.chance(0.85)

    def chance(self, p):
        return self.r.random() < p

    # ---- columns ------------------------------------------------------------------------

    def make_enums(self):
        for i in range(self.r.randint(0, 3)):
            count = self.r.choice([1, 2, 2, 3, 5])
            if self.chance(0.3):
                self.enums[f"e{i}"] = {"storage": "integer",
                                       "values": {f"v{k}": k * 3 for k in range(count)}}
            else:
                self.enums[f"e{i}"] = self.r.sample(WORDS, count)

    def enum_values(self, enum):
        e = self.enums[enum]
        return list(e["values"]) if isinstance(e, dict) else e

    def kind(self, key):
        choices = list(KEYS) + (["enum"] * 2 if self.enums else [])
        if not key:
            choices += ["json", "labels", "blob", "text", "integer", "text"]
        kind = self.r.choice(choices)
        return kind, (self.r.choice(list(self.enums)) if kind == "enum" else None)

    def rules(self, c):
        r, keys = self.r, c.keys
        if c.kind in NUMBERS and self.chance(0.45):
            low = r.choice([-5, 0, 0, 1, 1, 7, 100, 2000000])
            span = r.choice([0, 1, 2, 3, 10, 100, 1000000])
            how = r.randint(0, 3)
            if how != 1:
                keys["min"] = low
            if how != 0:
                keys["max"] = low + span
            if how == 3:
                del keys["min"], keys["max"]
                keys["one_of"] = r.sample([1, 2, 5, 10, -3], r.randint(1, 3))
        elif c.kind in ("text", "blob") and self.chance(0.45):
            low, span = r.choice([0, 0, 1, 2, 5, 40]), r.choice([0, 1, 3, 20, 300])
            how = r.randint(0, 4 if c.kind == "text" else 2)
            if how == 3:
                keys["one_of"] = r.sample(WORDS, r.randint(1, 3))
            elif how == 4:
                keys["pattern"] = r.choice(["[a-z]*", "[A-Z][0-9][0-9]", "?", "*@*.*", "v*",
                                            "[01]", "[^ ]*", "x[a]y"])
            else:
                if how != 1 and low > 0:
                    keys["min_length"] = low
                if how != 0:
                    keys["max_length"] = max(1, low + span)
        if c.kind == "text" and self.chance(0.2):
            keys["collation"] = r.choice(["nocase", "rtrim"])

    def default(self, c, key=False):
        r, keys = self.r, c.keys
        if c.nullable and self.chance(0.1):
            keys["default"] = None
        elif c.kind in NUMBERS:
            value = r.choice(keys["one_of"]) if "one_of" in keys else \
                keys.get("min", keys.get("max", r.choice([0, 1, -1, 42])))
            keys["default"] = value
        elif c.kind == "bool":
            keys["default"] = self.chance(0.5)
        elif c.kind == "enum":
            keys["default"] = r.choice(self.enum_values(c.enum))
        elif c.kind == "text":
            if "one_of" in keys:
                keys["default"] = r.choice(keys["one_of"])
            elif "pattern" not in keys:
                keys["default"] = "x" * max(keys.get("min_length", 0),
                                            min(3, keys.get("max_length", 3)))
        elif c.kind == "timestamp":
            keys["default"] = r.choice([Word("now"), "2024-01-15"])
            if keys["default"] == "now" and not key and self.chance(0.3):
                keys["touch"] = True
        elif c.kind == "uuid":
            keys["default"] = Word("random")
        elif c.kind == "date":
            keys["default"] = "2024-02-29"
        elif c.kind == "json":
            keys["default"] = r.choice([{}, [1, 2], '"red"'])
        elif c.kind == "labels":
            keys["default"] = r.choice([{}, {"color": "red"}])

    def make_column(self, name, key=False):
        kind, enum = self.kind(key)
        c = Column(name, kind, not key and self.chance(0.3), enum)
        self.rules(c)
        if self.chance(0.3):
            self.default(c, key)
        if self.chance(0.06):
            c.keys["sql_name"] = self.r.choice(["", "the ", "1"]) + name.upper() + " x"
        if not key and kind not in ("json", "labels", "blob") and self.chance(0.15):
            c.keys["unique"] = True
        return c

    def make_generated(self, t, name):
        bases = [c for c in t.columns if not c.generated]
        if not bases:
            return None
        base = self.r.choice(bases)
        s = base.sql()
        if base.kind in ("integer", "int32", "bool"):
            kind, sql = self.r.choice([("integer", f"{s} % 10"), ("text", f"'n' || {s}"),
                                       ("integer", f"coalesce({s}, 0) / 2"),
                                       ("bool", f"coalesce({s} > 3, 0)")])
        elif base.kind in ("text", "date", "uuid"):
            kind, sql = self.r.choice([("integer", f"length({s})"), ("text", f"upper({s})"),
                                       ("text", f"coalesce({s}, '-') || '!'"),
                                       ("text", f"substr({s}, 1, 3)")])
        elif base.kind == "real":
            kind, sql = "real", f"{s} * 0.5"
        else:
            kind, sql = "bool", f"{s} IS NULL"
        c = Column(name, kind, "coalesce" not in sql and "IS NULL" not in sql)
        c.keys["generated"] = {"sql": sql, "stored": True} if self.chance(0.4) else sql
        c.generated = True
        if kind != "bool" and self.chance(0.15):
            c.keys["unique"] = True
        return c

    # ---- tables -------------------------------------------------------------------------

    def make_key(self, t):
        r, how = self.r, self.r.random()
        if how < 0.08:
            return
        if how < 0.5:
            c = Column("id", "integer")
            c.keys["primary_key"] = True
            if self.chance(0.2):
                c.keys["autoincrement"] = True
            if self.chance(0.2):
                c.keys["min"] = r.choice([0, 1, 2, 1000, -10, 5000000000])
            if self.chance(0.15):
                c.keys["max"] = max(c.keys.get("min", 0), 0) + r.choice([0, 1, 2, 3, 10, 10**6])
            t.columns.append(c)
            t.key = [c]
        elif how < 0.7:
            c = self.make_column("id", key=True)
            if c.kind not in ("text", "uuid", "date"):
                c.keys.pop("default", None)
            c.keys["primary_key"] = True
            t.columns.append(c)
            t.key = [c]
        else:
            for name in r.sample(["k1", "k2", "k3"], r.randint(2, 3)):
                c = self.make_column(name, key=True)
                t.columns.append(c)
                t.key.append(c)
        if not any("autoincrement" in c.keys for c in t.key) and self.chance(0.3):
            t.without_rowid = True

    def make_table(self, number):
        t = Table(TABLES[number], number)
        t.strict = self.strict if self.chance(0.9) else not self.strict
        self.tables.append(t)
        self.make_key(t)
        count = self.r.randint(35, 70) if self.chance(0.03) else self.r.randint(0, 8)
        names = COLUMNS + [f"c{i}" for i in range(60)]
        self.r.shuffle(names[:len(COLUMNS)])
        chosen = self.r.sample(names[:30], min(count, 30)) + names[30:30 + max(0, count - 30)]
        for name in chosen or ["only"]:
            c = self.make_generated(t, name) if self.chance(0.08) else None
            t.columns.append(c or self.make_column(name))
        if not [c for c in t.columns if not c.generated]:
            t.columns.append(self.make_column("only"))

    def plain(self, t, used=()):
        return [c for c in t.columns if not c.generated and c not in used]

    def indexable(self, t):
        return [c for c in t.columns if c.kind not in ("json", "labels", "blob")]

    def make_uniques(self, t):
        seen = {frozenset(c.name for c in t.key)}
        seen |= {frozenset([c.name]) for c in t.columns if "unique" in c.keys}
        for _ in range(self.r.choice([0, 0, 1, 1, 2, 4])):
            pool = self.indexable(t)
            columns = self.r.sample(pool, min(len(pool), self.r.randint(1, 3)))
            names = frozenset(c.name for c in columns)
            if not columns or names in seen:
                continue
            seen.add(names)
            t.uniques.append(columns)

    def make_terms(self, t):
        """Collations and directions of some keys, conflict clauses of others."""
        for key in t.uniques + ([t.key] if t.key else []):
            names = tuple(c.name for c in key)
            if self.chance(0.1):
                t.conflicts[names] = self.r.choice(CONFLICTS)
            if self.chance(0.7) or any("autoincrement" in c.keys for c in key) or \
                    (key is t.key and names == ("id",) and t.key[0].kind == "integer"
                     and "default" not in t.key[0].keys and self.chance(0.9)):
                continue
            t.terms[names] = [
                c.name + (" collate " + self.r.choice(["nocase", "rtrim", "binary"])
                          if c.kind == "text" and self.chance(0.6) else "") +
                (" desc" if self.chance(0.4) else "") for c in key]
        if len(t.key) == 1 and any(" " in term for term in t.terms.get((t.key[0].name,), [])):
            del t.key[0].keys["primary_key"]
        else:
            t.terms.pop(("id",), None)
        for c in t.columns:
            if not c.nullable and not c.generated and c not in t.key and self.chance(0.04):
                c.keys["not_null_on_conflict"] = self.r.choice(CONFLICTS)

    def compares_otherwise(self, t, key):
        return any(" collate " in term for term in t.terms.get(tuple(c.name for c in key), []))

    def unique_yaml(self, t, key):
        names = tuple(c.name for c in key)
        columns = t.terms.get(names, list(names))
        if names in t.conflicts:
            return {"columns": columns, "on_conflict": Word(t.conflicts[names])}
        return columns

    def find_targets(self, t):
        t.targets = [u for u in t.uniques] + [[c] for c in t.columns if "unique" in c.keys]
        if t.key:
            t.targets += [t.key, t.key]
        t.targets = [u for u in t.targets if not any(c.generated for c in u)
                     and not self.compares_otherwise(t, u)]

    # ---- foreign keys -------------------------------------------------------------------

    def actions(self, columns, keys):
        for which in ("on_delete", "on_update"):
            if self.chance(0.5):
                action = self.r.choice(["no_action", "restrict", "cascade", "set_null"])
                if action == "set_null" and (not all(c.nullable for c in columns) or
                                             any(c.key for c in columns)):
                    action = "cascade"
                keys[which] = action

    def make_foreign(self, t):
        parent = self.r.choice(self.tables)
        if not parent.targets:
            return
        target = self.r.choice(parent.targets)
        later = parent.number >= t.number
        columns = []
        for c in target:
            same = [d for d in t.columns if d.type_key() == c.type_key() and not d.generated
                    and d not in columns and not (parent is t and d in target)
                    and "touch" not in d.keys]
            if same and self.chance(0.35):
                columns.append(self.r.choice(same))
                continue
            d = Column(f"{parent.name[:-1]}_{c.name}_{len(t.columns)}", c.kind, False, c.enum)
            for key in ("min", "max", "one_of", "min_length", "max_length", "pattern",
                        "collation"):
                if key in c.keys and self.chance(0.8):
                    d.keys[key] = c.keys[key]
            d.nullable = self.chance(0.5) or (later and self.chance(0.8))
            columns.append(d)
        keys = {}
        if self.chance(0.15):
            keys["deferrable"] = True
        if later and not any(c.nullable for c in columns):
            keys["deferrable"] = True
        for c in columns:
            c.key = c in t.key
            if c not in t.columns:
                t.columns.append(c)
                if self.chance(0.1) and c.kind not in ("json", "labels", "blob"):
                    c.keys["unique"] = True
        self.actions(columns, keys)
        if any(set(c.name for c in f[0]) == set(c.name for c in columns) for f in t.foreign):
            return
        t.foreign.append((columns, parent, target, keys))

    # ---- expressions --------------------------------------------------------------------

    def condition(self, t, columns):
        """A condition over some columns, which ordinary values may or may not meet."""
        r, c = self.r, self.r.choice(columns)
        s = c.sql()
        same = [d for d in columns if d.kind == c.kind and d is not c]
        if same and c.kind in ("integer", "int32", "real", "date", "timestamp") and self.chance(0.6):
            o = r.choice(same).sql()
            forms = [f"{s} < {o}", f"{s} <= {o}", f"{s} <> {o}", f"{o} > {s}"]
            if c.kind in NUMBERS:
                forms += [f"{s} + {o} = 10", f"{s} + {o} < 1000", f"{s} = {o}"]
            return r.choice(forms)
        other = r.choice(columns)
        if other is not c and self.chance(0.3):
            return r.choice([f"({s} IS NULL) = ({other.sql()} IS NULL)",
                             f"{s} IS NULL OR {other.sql()} IS NOT NULL",
                             f"coalesce({s}, {other.sql()}) IS NOT NULL"])
        if c.kind in NUMBERS:
            return r.choice([f"{s} % 2 = 0", f"{s} <> 3", f"{s} BETWEEN 1 AND 9", f"{s} > 5",
                             f"{s} IN (2, 3, 7)", f"{s} IS NULL OR {s} >= 0", f"abs({s}) < 100"])
        if c.kind == "text":
            return r.choice([f"length(trim({s})) > 0", f"{s} <> 'x'", f"{s} GLOB 'a*'",
                             f"{s} = lower({s})", f"length({s}) BETWEEN 2 AND 5",
                             f"instr({s}, '@') > 0", f"{s} IS NOT 'no'"])
        if c.kind == "enum" and isinstance(self.enums[c.enum], list):
            word = r.choice(self.enums[c.enum])
            if other is not c and other.nullable:
                return f"({s} = '{word}') = ({other.sql()} IS NOT NULL)"
            return f"{s} <> '{word}'" if len(self.enums[c.enum]) > 1 else f"{s} = '{word}'"
        if c.kind == "json":
            return r.choice([f"json_type({s}) = 'object'", f"json_array_length({s}) >= 0"])
        if c.kind == "blob":
            return f"length({s}) > 1"
        if c.kind == "bool":
            return f"{s} = 1 OR {other.sql()} IS NOT NULL"
        return f"{s} IS NOT NULL"

    def make_checks(self, t):
        for _ in range(self.r.choice([0, 0, 0, 1, 1, 2, 3])):
            check = self.condition(t, self.plain(t))
            t.checks.append(check)

    def make_indexes(self, t):
        for i in range(self.r.choice([0, 0, 1, 1, 2, 3])):
            pool = self.indexable(t)
            if not pool:
                return
            terms = []
            for c in self.r.sample(pool, min(len(pool), self.r.randint(1, 3))):
                s = c.name
                if c.kind == "text" and self.chance(0.3):
                    s += " collate " + self.r.choice(["nocase", "rtrim", "binary"])
                elif self.chance(0.15):
                    s = f"lower({c.sql()})" if c.kind == "text" else f"coalesce({c.sql()}, 0)"
                terms.append(s + (" desc" if self.chance(0.3) else ""))
            index = {"columns": terms, "name": f"idx_{t.name}_{i}"}
            if self.chance(0.35):
                index["unique"] = True
            if self.chance(0.25):
                index["where"] = self.condition(t, self.plain(t))
            t.indexes.append(index)

    # ---- the schema ---------------------------------------------------------------------

    def make(self):
        self.make_enums()
        for i in range(self.r.choice([1, 1, 2, 3, 4, 6, 8])):
            self.make_table(i)
        for t in self.tables:
            self.make_uniques(t)
            self.make_terms(t)
            self.find_targets(t)
        for t in self.tables:
            if len(self.tables) > 1 or self.chance(0.3):
                for _ in range(self.r.choice([0, 1, 1, 2, 3])):
                    self.make_foreign(t)
        for t in self.tables:
            self.make_checks(t)
            self.make_indexes(t)
        return self.yaml()

    def table_yaml(self, t):
        lines = [f"  {t.name}:", "    columns:"]
        for c in t.columns:
            lines.append(f"      {c.name}: {text_of(c.yaml())}")
        key = tuple(c.name for c in t.key)
        if len(t.key) > 1 or key in t.terms:
            lines.append(f"    primary_key: {text_of(t.terms.get(key, list(key)))}")
        if key in t.conflicts:
            lines.append(f"    primary_key_on_conflict: {t.conflicts[key]}")
        if t.without_rowid:
            lines.append("    without_rowid: true")
        if t.strict != self.strict:
            lines.append(f"    strict: {text_of(t.strict)}")
        for name, items in (("unique", [self.unique_yaml(t, u) for u in t.uniques]),
                            ("checks", t.checks), ("indexes", t.indexes)):
            if items:
                lines.append(f"    {name}:")
                lines += [f"      - {text_of(i)}" for i in items]
        if t.foreign:
            lines.append("    foreign_keys:")
        for columns, parent, target, keys in t.foreign:
            item = {"columns": [c.name for c in columns],
                    "references": [f"{parent.name}.{c.name}" for c in target], **keys}
            lines.append(f"      - {text_of(item)}")
        return lines

    def yaml(self, name="fuzz"):
        lines = ["quarry: 1", f"name: {name}",
                 f"options: {{timestamp: {self.timestamp}, strict: {text_of(self.strict)}}}"]
        if self.enums:
            lines.append("enums:")
            lines += [f"  {n}: {text_of(v)}" for n, v in self.enums.items()]
        lines.append("tables:")
        for t in self.tables:
            lines += self.table_yaml(t)
        return "\n".join(lines) + "\n"


def first(text, pattern):
    for line in text.splitlines():
        if re.search(pattern, line):
            return line.strip()[:230]
    return text.strip().splitlines()[-1][:230] if text.strip() else "no message"


def run(command, folder):
    # LSan can't run where ptrace is forbidden
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder,
                          timeout=300, env={**os.environ, "TMPDIR": folder})
    return done.returncode, done.stdout.decode("utf-8", "replace")


def try_import(sql, options, folder):
    """The emitted SQL as a schema again: None, or what it does not say."""
    schema = os.path.join(folder, "imported.yaml")
    with open(schema, "wb") as f:
        done = subprocess.run([options.quarry, "import", sql], stdout=f, stderr=subprocess.PIPE,
                              cwd=folder, timeout=300)
    with open(schema, encoding="utf-8") as f:
        lost = [line.strip() for line in f if line.lstrip().startswith("# ")]
    if done.returncode != 0 or lost:
        return "import: " + (lost + [first(done.stderr.decode("utf-8", "replace"), r"error")])[0]
    status, out = run([options.quarry, "diff", sql, schema], folder)
    return "diff after import: " + first(out, r".") if status != 0 else None


def try_seed(seed, options, folder):
    """None, or what is wrong. The second value: how many tables have no tests."""
    schema = os.path.join(folder, "fuzz.yaml")
    with open(schema, "w", encoding="utf-8") as f:
        f.write(Maker(seed).make())
    status, out = run([options.quarry, "generate", schema, "-o", folder], folder)
    if status != 0:
        return "generate: " + first(out, r"error"), 0
    base = os.path.join(folder, "fuzz", "fuzz")
    problem = try_import(base + ".sql", options, folder)
    if problem:
        return problem, 0
    status, out = run([*options.cc.split(), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
                       "-Wshadow", "-Werror", f"-I{ROOT}/runtime", base + ".c", base + "_test.c",
                       options.library, "-lsqlite3", "-o", base + "_test"], folder)
    if status != 0:
        return "compile: " + first(out, r"error"), 0
    status, out = run([base + "_test"], folder)
    if status != 0:
        lines = out.splitlines()
        bad = next((i for i, l in enumerate(lines) if l.startswith("not ok")), len(lines))
        detail = " | ".join(l.strip("# ") for l in lines[max(0, bad - 3):bad] if l.startswith("#"))
        return f"test: {lines[bad] if bad < len(lines) else 'status %d ' % status + (lines[-1] if lines else '')}: {detail}"[:400], 0
    with open(base + "_test.c", encoding="utf-8") as f:
        return None, f.read().count("No tests of ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quarry")
    parser.add_argument("library")
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--cc", default="gcc -O0")
    parser.add_argument("--keep")
    options = parser.parse_args()
    options.quarry = os.path.abspath(options.quarry)
    options.library = os.path.abspath(options.library)
    failed = untested = 0
    for seed in range(options.seed, options.seed + options.count):
        with tempfile.TemporaryDirectory() as scratch:
            folder = scratch
            if options.keep:
                folder = os.path.join(os.path.abspath(options.keep), str(seed))
                os.makedirs(folder, exist_ok=True)
            problem, left_out = try_seed(seed, options, folder)
        untested += left_out
        if problem:
            failed += 1
            print(f"seed {seed}: {problem}", flush=True)
    print(f"{options.count} schemas from seed {options.seed}: {failed} failed, "
          f"{untested} tables without tests")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
