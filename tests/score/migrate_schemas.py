#!/usr/bin/env python3
"""migrate_schemas.py: random schemas as two versions of one: `quarry migrate new` writes the first as
migration 1 and what leads to the second as migration 2, which must be proved. The SQL of `quarry
migrate plan` is run by the sqlite3 shell, which must end at the schema. With --compile the emitted
tests run too. Usage: migrate_schemas.py QUARRY [COUNT [SEED]] [--compile LIBRARY]"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from schema_fuzz import ROOT, Maker, first  # noqa: E402


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


def try_pair(seed, options, folder):
    old, new = Maker(seed), Maker(seed + 1000000)
    new.timestamp, new.strict = old.timestamp, old.strict
    path = os.path.join(folder, "fuzz.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(old.make())
    status, out, err = run(options.quarry, "migrate", "new", "one", path)
    if status != 0:
        return "one: " + first(err, "error")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    migrations = text[text.index("\nmigrations:"):]
    with open(path, "w", encoding="utf-8") as f:
        f.write(new.make() + migrations)
    status, out, err = run(options.quarry, "migrate", "new", "two", path, "--accept", "data_loss")
    if status != 0 and "already" not in err:
        return "two: " + first(err, "error")
    status, out, err = run(options.quarry, "validate", path)
    if status != 0:
        return "validate: " + first(err, "error")
    db = os.path.join(folder, "fuzz.db")
    status, out, err = run(options.quarry, "migrate", "plan", path)
    status, out, err = run("sqlite3", "-bail", db, text=out)
    if status != 0 or err:
        return "shell: " + err
    status, out, err = run(options.quarry, "diff", db, path)
    if status != 0:
        return "diff: " + out + err
    return compile_test(path, options, folder) if options.compile else None


def compile_test(path, options, folder):
    status, out, err = run(options.quarry, "generate", path, "-o", folder)
    if status != 0:
        return "generate: " + first(err, "error")
    base = os.path.join(folder, "fuzz", "fuzz")
    status, out, err = run("gcc", "-O0", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
                           "-Wshadow", "-Werror", f"-I{ROOT}/runtime", base + ".c",
                           base + "_migrations.c", base + "_test.c", options.compile, "-lsqlite3",
                           "-lm", "-o", base + "_test")
    if status != 0:
        return "compile: " + first(err, "error")
    status, out, err = run(base + "_test")
    return None if status == 0 else "test: " + first(out, "^not ok")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quarry")
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--compile")
    parser.add_argument("--keep")
    options = parser.parse_args()
    failed = 0
    for seed in range(options.seed, options.seed + options.count):
        with tempfile.TemporaryDirectory() as folder:
            if options.keep:
                folder = options.keep
            problem = try_pair(seed, options, folder)
        if problem:
            failed += 1
            print(f"seed {seed}: {problem}"[:600], flush=True)
    print(f"{options.count} pairs from seed {options.seed}: {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
