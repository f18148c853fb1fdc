#!/usr/bin/env python3
"""Judges `quarry import` by databases in the style of well-known programs.

Usage: imports.py [-v] QUARRY LIBRARY FILE.sql... [--cc "gcc -O0"]

LIBRARY is the runtime, compiled. Each file is tried with its own rows and with hostile ones:
what is imported must generate, compile without a warning and pass its own tests; the SQL it
emits must build, by SQLite's pragmas, the database that it came from, but for what comments in
the YAML name. Then each table gets a new column in its middle and one at its end, and what
`quarry migrate new` makes of that is run on the database: every row must stay as it was.
"""
import argparse
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hostile import columns, connect, fill, query, tables, values_of  # noqa: E402
from migrations import shape  # noqa: E402

CFLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror",
          "-D_POSIX_C_SOURCE=200809L"]
ADDED = "zz_added_here"


class Failure(Exception):
    pass


def opened(path):
    """A connection with what the programs of these databases register."""
    db = connect(path)
    db.create_collation("unicase", lambda a, b: (a.casefold() > b.casefold()) -
                        (a.casefold() < b.casefold()))
    db.create_function("title_sort", 1, lambda a: a)
    db.create_function("uuid4", 0, lambda: "0")
    return db


def run(*command, accept=(0,), cwd=None):
    done = subprocess.run(command, capture_output=True, cwd=cwd, timeout=300)
    if done.returncode not in accept:
        text = (done.stderr + done.stdout).decode("utf-8", "replace")
        errors = [line for line in text.splitlines() if "error" in line or "not ok" in line]
        raise Failure(f"{' '.join(command[:3])}: {done.returncode}: " +
                      "\n  ".join((errors or text.splitlines())[:6]))
    return done.stdout.decode("utf-8", "replace")


class Trial:
    def __init__(self, options, name, folder):
        self.options, self.name, self.folder = options, name, folder
        self.path = os.path.join(folder, "it.db")
        self.yaml = os.path.join(folder, "it.yaml")

    def build(self, sql, hostile):
        db = opened(self.path)
        if hostile:
            sql = re.sub(r"^INSERT .*\n", "", sql, flags=re.M)
        db.executescript(sql)
        if hostile:
            fill(db, self.name, 24)
        db.close()

    def quarry(self, *arguments, accept=(0,)):
        return run(os.path.abspath(self.options.quarry), *arguments, accept=accept)

    def imported(self):
        text = self.quarry("import", "--name", "it", self.path)
        with open(self.yaml, "w", encoding="utf-8") as out:
            out.write(text)
        told = re.findall(r"^# still different: (.*)$", text, re.M)
        if told and "# not expressed" not in text:
            raise Failure("not the same, and no comment says why: " + "; ".join(told))
        found = self.quarry("diff", self.path, self.yaml, accept=(0, 1))
        if not found and told:
            raise Failure("comments tell of a difference that is none")
        if found and not told:
            raise Failure("a difference that no comment tells: " + found)
        return not told

    def compiled(self):
        base = os.path.join(self.folder, "it", "it")
        self.quarry("generate", self.yaml, "-o", self.folder)
        sources = [base + end for end in (".c", "_test.c", "_migrations.c")
                   if os.path.exists(base + end)]
        run(*self.options.cc.split(), *CFLAGS, "-Iruntime", *sources, self.options.library,
            "-lsqlite3", "-lm", "-lpthread", "-o", base + "_test")
        run(base + "_test", cwd=self.folder)

    def same_structure(self):
        """The SQL that is emitted, run by SQLite alone."""
        have, want = opened(":memory:"), opened(self.path)
        with open(os.path.join(self.folder, "it", "it.sql"), encoding="utf-8") as file:
            have.executescript(file.read())
        have.text_factory = want.text_factory = str
        a, b = plain_shape(have), plain_shape(want)
        for key in sorted(set(a) | set(b), key=repr):
            if a.get(key) != b.get(key):
                raise Failure(f"the SQL differs: {key}:\n  have {a.get(key)}\n  want {b.get(key)}")

    def migrated(self):
        self.quarry("migrate", "new", "first", self.yaml)
        with open(self.yaml, encoding="utf-8") as file:
            text = file.read()
        head, mark, tail = text.partition("\nmigrations:")
        head = re.sub(r"^(    columns:\n(?:      .*\n)*)",
                      lambda m: m[1] + f"      {ADDED}: {{type: text, default: \"it's\"}}\n",
                      head, flags=re.M)
        head = re.sub(r"^(    columns:\n      .*\n)",
                      lambda m: m[1] + "      zz_between: {type: integer, default: -1}\n",
                      head, flags=re.M)
        with open(self.yaml, "w", encoding="utf-8") as out:
            out.write(head + mark + tail)
        self.quarry("migrate", "new", "second", self.yaml)
        db = opened(self.path)
        names = {t: [c[0] for c in columns(db, t)] for t in tables(db)}
        before = {t: values_of(db, t, names[t]) for t in names}
        db.executescript(self.quarry("migrate", "plan", self.yaml, "1", "2"))
        for table in names:
            stays(db, table, names[table], before[table])
            if ADDED not in [c[0] for c in columns(db, table)]:
                raise Failure(f"{table} has no new column")
        db.executescript(self.quarry("migrate", "plan", self.yaml, "2", "1"))
        for table in names:
            stays(db, table, names[table], before[table])
        db.close()

    def run(self, sql, hostile):
        self.build(sql, hostile)
        same = self.imported()
        self.compiled()
        if same:
            self.same_structure()
            self.migrated()
            self.compiled()


def stays(db, table, names, before):
    have = values_of(db, table, names)
    gone = [r for r in before if r not in have]
    if gone or len(have) != len(before):
        raise Failure(f"rows of {table} changed: had {gone[:2]}, have "
                      f"{[r for r in have if r not in before][:2]}")


def bare(words):
    """Without parentheses around the whole."""
    while words.startswith("( ") and words.endswith(" )"):
        depth, inner = 0, words.split()[:-1]
        for word in inner:
            depth += (word == "(") - (word == ")")
            if depth == 0:
                return words
        words = words[2:-2]
    return words


def plain_shape(db):
    found = shape(db)
    for key, value in list(found.items()):
        if key[0] == "index":  # spelling of what SQLite has anyway
            found[key] = re.sub(r" (asc|collate binary)\b", "", value.replace(" main .", " "))
        if key[0] in ("view", "trigger"):  # "text" is written as 'text'
            value = found[key] = value.replace("'", "").lower()
        if key[0] == "trigger":
            value = value.replace(" for each row ", " ")
            found[key] = re.sub(r" when (.*?) begin ", lambda m: f" when {bare(m[1])} begin ", value)
        if key[0] == "table" and value:
            columns_, keys, indexes, options, checks, _ = value
            alone = sum(1 for c in columns_ if c[4]) == 1  # NOT NULL of a rowid is no news
            columns_ = [(c[0], c[1], 0 if alone and c[4] and c[1] == "integer" else c[2],
                         re.sub(r"\.0$", "", "" if c[3] == "null" else c[3]), *c[4:])
                        for c in columns_]
            keys = sorted((k[0], k[1].lower(), k[3], k[4]) for k in keys)
            checks = sorted((c[0], bare(c[1])) for c in checks)
            found[key] = columns_, keys, indexes, options, checks
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quarry")
    parser.add_argument("library")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--cc", default="gcc -O0")
    options = parser.parse_args()
    tried = failed = 0
    for path in options.files:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as file:
            sql = file.read()
        for hostile in (False, True):
            tried += 1
            folder = tempfile.mkdtemp()
            try:
                Trial(options, name, folder).run(sql, hostile)
            except (Failure, sqlite3.Error) as error:
                failed += 1
                print(f"{name}{' (hostile rows)' if hostile else ''}: {error}", flush=True)
            finally:
                shutil.rmtree(folder)
    print(f"{tried - failed} of {tried} trials of imports pass")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
