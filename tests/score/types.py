#!/usr/bin/env python3
"""Scores `quarry explain --json` on a corpus of typed queries; see shared/corpora/README.md.

Usage: types.py QUARRY CORPUS.json [--verbose]. Unsound: "not null" where NULL was observed,
or a type that an observed value is not of. Imprecise: nullable where not null is expected.
Exit status 1 where anything is unsound, untyped, imprecise, of another type or refused.
"""
import json
import os
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
            and not (expected.get("type") and TYPES.get(column["type"]) == expected["type"]):
        faults.append("unsound")
    if expected.get("nullable") is False and column["nullable"]:
        faults.append("imprecise")
    if expected.get("nullable") is True and not column["nullable"] \
            and not expected.get("conservative"):
        faults.append("too sharp")
    if column["type"] == "any":
        if expected.get("type") is not None:
            faults.append("untyped")
    elif expected.get("type") is not None and TYPES.get(column["type"]) != expected["type"]:
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


def main():
    quarry, corpus = sys.argv[1], sys.argv[2]
    verbose = "--verbose" in sys.argv
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
