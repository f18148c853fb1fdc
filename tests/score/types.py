#!/usr/bin/env python3
"""Scores `quarry explain --json` on a corpus of typed queries; see shared/corpora/README.md.

Usage: types.py QUARRY CORPUS [--verbose]. CORPUS is a .json file in the shape of the corpora, or a
.sql file of our own: a schema, then statements, each behind a line `-- => name type[?], …` with what is
expected; what SQLite really yields is observed here, over random rows. Unsound: "not null" where NULL was observed,
or a type that an observed value is not of. Imprecise: nullable where not null is expected.
Exit status 1 where anything is unsound, untyped, imprecise, of another type or refused.
"""
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

TYPES = {"integer": "INTEGER", "text": "TEXT", "real": "REAL", "blob": "BLOB",
         "bool": "BOOLEAN", "null": "NULL"}
HOLDS = {"integer": {"INTEGER"}, "real": {"REAL", "INTEGER"}, "text": {"TEXT"},
         "blob": {"BLOB"}, "null": set()}
COUNTS = ("columns", "unsound", "imprecise", "untyped", "wrong type", "too sharp")


def explain(quarry, setup, query):
    with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as file:
        file.write(setup)
    try:
        done = subprocess.run([quarry, "explain", file.name, "--json", "--sql", query],
                              capture_output=True, text=True)
    finally:
        os.unlink(file.name)
    if done.returncode != 0:
        return None, done.stderr
    answer = json.loads(done.stdout)
    if isinstance(answer, list):
        with_columns = [one for one in answer if one["columns"]]
        answer = with_columns[-1] if with_columns else answer[-1]
    return answer, ""


def type_of(column):
    return TYPES.get(column["type"], column["type"].upper())


def judge(expected, column):
    """Which of COUNTS the column adds to."""
    faults = ["columns"]
    observed = expected.get("observed") or {}
    if expected["name"] is not None and expected["name"] != column["name"]:
        faults.append("wrong type")
    if not column["nullable"] and observed.get("null"):
        faults.append("unsound")
    classes = HOLDS.get(column["storage"])
    bound = column["name"].startswith("?") and column["type"] == "null"
    if classes is not None and not bound and set(observed.get("types", [])) - classes \
            and not (expected.get("type") and type_of(column) == expected["type"]):
        faults.append("unsound")
    if expected.get("nullable") is False and column["nullable"]:
        faults.append("imprecise")
    if expected.get("nullable") is True and not column["nullable"] \
            and not expected.get("conservative"):
        faults.append("too sharp")
    if column["type"] == "any":
        if expected.get("type") is not None:
            faults.append("untyped")
    elif expected.get("type") is not None and type_of(column) != expected["type"]:
        faults.append("wrong type")
    return faults


def judge_case(quarry, setup, case, totals, verbose):
    extra = case.get("setup_extra") or []
    extra = [extra] if isinstance(extra, str) else extra
    text = "\n".join([setup] + [one.rstrip().rstrip(";") + ";" for one in extra])
    answer, error = explain(quarry, text, case["query"])
    problems = []
    if case.get("expect_error"):
        if answer is not None:
            problems.append("should be refused")
    elif answer is None:
        problems.append("refused: " + error.strip())
    elif len(answer["columns"]) != len(case["columns"]):
        problems.append("%d columns, expected %d"
                        % (len(answer["columns"]), len(case["columns"])))
    else:
        for expected, column in zip(case["columns"], answer["columns"]):
            kind = "plain" if column["origin"] else "expression"
            for fault in judge(expected, column):
                totals[kind][fault] += 1
                if fault != "columns":
                    problems.append("%s: %s: got %s %s, expected %s %s (%s)" % (
                        fault, column["name"], column["type"],
                        "null" if column["nullable"] else "not null", expected.get("type"),
                        expected.get("nullable"), column["reason"]["rule"]))
    if problems and verbose:
        print("%s: %s" % (case["id"], case["query"].strip()))
        for problem in problems:
            print("    " + problem)
    return not problems


# ---- our own cases ---------------------------------------------------------------------

VALUES = {"INTEGER": [0, 1, 2, -1, 100, 2 ** 40], "REAL": [0.0, 1.5, -2.5, 100.0],
          "TEXT": ["", "a", "x", "abc", "2020-01-01 10:00:00"], "BLOB": [b"", b"a", b"\xff"],
          "JSON": ["[1,null]", "{}", '{"color":"red","limit":3}']}


def values_of(declared, name):
    declared = declared.upper()
    if declared == "JSON" or name == "attributes":
        return VALUES["JSON"]
    for word, kind in (("INT", "INTEGER"), ("BOOL", "INTEGER"), ("REAL", "REAL"),
                       ("NUM", "REAL"), ("BLOB", "BLOB"), ("CHAR", "TEXT"), ("TEXT", "TEXT"),
                       ("TIME", "TEXT"), ("DATE", "TEXT")):
        if word in declared:
            return [0, 1] if word == "BOOL" else VALUES[kind]
    return VALUES["TEXT"] if declared == "" else VALUES["INTEGER"] + VALUES["TEXT"]


def fill(db, chance, rows):
    tables = [row[0] for row in db.execute(
        "SELECT name FROM pragma_table_list WHERE type IN ('table', 'virtual')"
        " AND schema = 'main' AND name NOT LIKE 'sqlite_%'")]
    for table in tables:
        columns = [row for row in db.execute("SELECT name, type, \"notnull\", hidden"
                                             " FROM pragma_table_xinfo(?)", (table,))
                   if row[3] == 0]
        for _ in range(chance.randrange(rows + 1)):
            row = [None if not column[2] and chance.random() < 0.3
                   else chance.choice(values_of(column[1], column[0])) for column in columns]
            db.execute("INSERT OR IGNORE INTO \"%s\" (%s) VALUES (%s)" % (
                table, ", ".join('"%s"' % column[0] for column in columns),
                ", ".join("?" * len(columns))), row)


def observe(setup, query, chance):
    """For each column: whether NULL came, and which storage classes."""
    seen = None
    for attempt in range(60):
        db = sqlite3.connect(":memory:")
        db.executescript(setup)
        fill(db, chance, attempt % 9)
        bound = [chance.choice(VALUES["INTEGER"] + VALUES["TEXT"]) for _ in range(query.count("?"))]
        try:
            cursor = db.execute(query, bound)
            seen = seen or [{"null": False, "types": []} for _ in cursor.description]
            for row in cursor.fetchmany(200):
                for column, value in zip(seen, row):
                    kind = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}.get(type(value))
                    column["null"] = column["null"] or kind is None
                    if kind is not None and kind not in column["types"]:
                        column["types"].append(kind)
        except sqlite3.Error:
            pass  # a constraint, a MATCH that is none
        db.close()
    return seen


def read_cases(path):
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^-- => (.*)\n", file.read(), flags=re.M)
    cases, chance = [], random.Random(1)
    for number, (expected, query) in enumerate(zip(parts[1::2], parts[2::2]), 1):
        query = query.strip().rstrip(";")
        seen = observe(parts[0], query, chance)
        columns = []
        for index, one in enumerate(expected.split(", ")):
            name, kind = one.split(" ")
            nullable, kind = kind.endswith("?"), kind.rstrip("?")
            columns.append({
                "name": name, "nullable": nullable,
                "type": None if kind == "any" else TYPES.get(kind, kind.upper()),
                "observed": seen[index] if seen and index < len(seen) else {}})
        cases.append({"id": "%s:%d" % (os.path.basename(path), number), "query": query,
                      "columns": columns})
    return {"setup": parts[0], "cases": cases}


def main():
    quarry, corpus = sys.argv[1], sys.argv[2]
    verbose = "--verbose" in sys.argv
    if corpus.endswith(".sql"):
        data = read_cases(corpus)
    else:
        with open(corpus, encoding="utf-8") as file:
            data = json.load(file)
    setup = data["setup"] if isinstance(data["setup"], str) else ";\n".join(data["setup"])
    totals = {kind: dict.fromkeys(COUNTS, 0) for kind in ("plain", "expression")}
    good = sum(judge_case(quarry, setup, case, totals, verbose) for case in data["cases"])
    print("%-12s%s" % ("", "".join("%12s" % name for name in COUNTS)))
    for kind, counts in totals.items():
        print("%-12s%s" % (kind, "".join("%12d" % counts[name] for name in COUNTS)))
    print("cases %d/%d" % (good, len(data["cases"])))
    return 0 if good == len(data["cases"]) else 1


if __name__ == "__main__":
    sys.exit(main())
