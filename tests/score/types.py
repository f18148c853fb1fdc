#!/usr/bin/env python3
"""Scores `quarry explain --json` on a corpus of typed queries; see shared/corpora/README.md.

Usage: types.py QUARRY CORPUS [--verbose]. CORPUS is a .json file in the shape of the corpora, or a
.sql file of our own: a schema, then statements, each behind a line `-- => name type[?], …` with what is
expected; what SQLite really yields is observed here, over random rows. A line `-- params: name type[?], …`
may follow. A case that SQLite itself contradicts fails too. Unsound: "not null" where NULL was observed,
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


def judge_params(case, answer):
    got = {one["name"].lstrip(":"): one for one in answer["params"]}
    problems = []
    for name, kind, nullable in case.get("params", []):
        one = got.get(name)
        if one is None:
            problems.append("no parameter %s, but %s" % (name, ", ".join(got)))
        elif kind != "any" and (one["type"] != kind or one["nullable"] != nullable):
            problems.append("parameter %s: got %s%s, expected %s%s" % (
                name, one["type"], "?" * one["nullable"], kind, "?" * nullable))
    return problems


def judge_case(quarry, setup, case, totals, verbose):
    extra = case.get("setup_extra") or []
    extra = [extra] if isinstance(extra, str) else extra
    text = "\n".join([setup] + [one.rstrip().rstrip(";") + ";" for one in extra])
    answer, error = explain(quarry, text, case["query"])
    problems = ["the case is wrong: " + case["wrong"]] if case.get("wrong") else []
    if case.get("expect_error"):
        if answer is not None:
            problems.append("should be refused")
        elif type(case["expect_error"]) is str and case["expect_error"] not in error:
            problems.append("refused otherwise: " + error.strip())
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
    if answer is not None:
        problems += judge_params(case, answer)
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


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def fill(db, chance, rows):
    """Random rows in all tables; the texts that a table's CHECKs name are among the values."""
    tables = list(db.execute(
        "SELECT l.schema, l.name, coalesce(s.sql, '') FROM pragma_table_list AS l"
        " LEFT JOIN (SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema) AS s"
        " ON s.type = 'table' AND s.name = l.name WHERE l.type IN ('table', 'virtual')"
        " AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"))
    for schema, table, sql in tables:
        columns = [row for row in db.execute("SELECT name, type, \"notnull\", hidden"
                                             " FROM pragma_table_xinfo(?)", (table,))
                   if row[3] == 0]
        named = re.findall(r"'([^']*)'", sql) if "CHECK" in sql.upper() else []
        for _ in range(chance.randrange(rows + 1)):
            row = [None if not column[2] and chance.random() < 0.3
                   else chance.choice(values_of(column[1], column[0])) for column in columns]
            row = [chance.choice(named) if named and type(value) is str and chance.random() < 0.7
                   else value for value in row]
            try:
                db.execute("INSERT OR IGNORE INTO %s.%s (%s) VALUES (%s)" % (
                    schema, quoted(table), ", ".join(quoted(column[0]) for column in columns),
                    ", ".join("?" * len(columns))), row)
            except sqlite3.Error:
                pass  # a trigger, a generated column, a STRICT type, a virtual table that refuses it


def parameters(query):
    """The names of the parameters, in order and once each, as SQLite numbers them."""
    bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", " ", query,
                  flags=re.S)
    names = []
    for found in re.findall(r"\?\d*|[:@$][A-Za-z_0-9]+(?:::[A-Za-z_0-9]+)*", bare):
        if found.startswith("?"):
            number = int(found[1:]) if found[1:] else len(names) + 1
            names += ["?%d" % (one + 1) for one in range(len(names), number)]
        elif found not in names:
            names.append(found)
    return names


def bindings(query, texts, chance):
    """Values for the parameters, as a map for named ones and a list for numbers."""
    names = parameters(query)
    pool = VALUES["INTEGER"] + VALUES["TEXT"] + texts
    values = [chance.choice(pool) for _ in names]
    if any(name[0] != "?" for name in names):
        return {name[1:]: value for name, value in zip(names, values)}
    return values


def databases(setup, chance):
    """The same schema with rows of many kinds, and with none."""
    made = []
    for attempt in range(60):
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript(setup)
        fill(db, chance, attempt % 9)
        made.append(db)
    return made


def observe(filled, query, texts, chance):
    """For each column: its name, whether NULL came, and which storage classes."""
    seen, failure = None, "it yields no columns"
    for db in filled:
        db.execute("BEGIN")
        try:
            cursor = db.execute(query, bindings(query, texts, chance))
            seen = seen or [{"name": one[0], "null": False, "types": []}
                            for one in cursor.description]
            for row in cursor.fetchmany(200):
                for column, value in zip(seen, row):
                    kind = {int: "INTEGER", float: "REAL", str: "TEXT",
                            bytes: "BLOB"}.get(type(value))
                    column["null"] = column["null"] or kind is None
                    if kind is not None and kind not in column["types"]:
                        column["types"].append(kind)
        except sqlite3.Error as error:
            failure = str(error)  # a constraint, a MATCH that is none
        if db.in_transaction:
            db.execute("ROLLBACK")
    return seen, failure


def split_columns(text):
    """`name type[?]` behind commas; a name can hold blanks, and commas within brackets."""
    for one in re.split(r",\s+(?![^(]*\))", text.strip()):
        name, kind = one.rsplit(" ", 1)
        yield name, kind.rstrip("?"), kind.endswith("?")


def read_case(path, number, expected, query, filled, texts, chance):
    params = re.search(r"^-- params: (.*)$", query, flags=re.M)
    query = re.sub(r"^-- params: .*\n?", "", query, flags=re.M).strip()
    query = query[:-1] if query.endswith(";") else query
    case = {"id": "%s:%d" % (os.path.basename(path), number), "query": query, "columns": []}
    if expected.startswith("error "):
        case["expect_error"] = expected[6:]
        return case
    seen, failure = observe(filled, query, texts, chance)
    if seen is None:
        case["wrong"] = failure
    for index, (name, kind, nullable) in enumerate(split_columns(expected)):
        case["columns"].append({
            "name": name, "nullable": nullable,
            "type": None if kind == "any" else TYPES.get(kind, kind.upper()),
            "observed": seen[index] if seen and index < len(seen) else {}})
    for column in case["columns"]:
        if column["observed"].get("null") and not column["nullable"]:
            case["wrong"] = "SQLite yields a NULL in %s" % column["name"]
        if column["observed"].get("name", column["name"]) != column["name"]:
            case["wrong"] = "SQLite calls it %s" % column["observed"]["name"]
    if params:
        case["params"] = list(split_columns(params.group(1)))
    return case


def read_cases(path):
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^-- => (.*)\n", file.read(), flags=re.M)
    chance = random.Random(1)
    filled = databases(parts[0], chance)
    return {"setup": parts[0], "cases": [
        read_case(path, number, expected, query, filled, re.findall(r"'([^']*)'", parts[0]), chance)
        for number, (expected, query) in enumerate(zip(parts[1::2], parts[2::2]), 1)]}


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
