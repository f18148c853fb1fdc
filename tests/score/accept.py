#!/usr/bin/env python3
"""SQL statements found in texts: what SQLite prepares, `quarry explain` must take.

Usage: accept.py QUARRY FILE... Of Markdown and other text, all that begins as a statement does, up
to a semicolon or backquote; of .json every string, with the `setup` of the file. Exit status 1
where SQLite accepts a statement (given the CREATEs of the same file) and Quarry refuses it.
"""
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

QUERY = re.compile(r"\s*(select|with|insert|update|delete|replace|values)\b", re.I)
CREATE = re.compile(r"\s*create\b", re.I)


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings_of(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings_of(one)


def split(text):
    """By semicolons, as SQLite would."""
    part = ""
    for line in re.split(r"(?<=;)", text):
        part += line
        if sqlite3.complete_statement(part):
            yield part.strip().rstrip(";").strip()
            part = ""
    if part.strip():
        yield part.strip()


def texts_of(path):
    """Groups of texts that share a schema."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".json"):
        data = json.loads(text)
        cases = data.get("cases", data) if isinstance(data, dict) else data
        setup = data.get("setup", "") if isinstance(data, dict) else ""
        setup = setup if isinstance(setup, str) else ";\n".join(setup)
        for case in cases:
            yield [setup] + list(strings_of(case))
        return
    begin = (r"\b(?:CREATE\s+(?:TABLE|VIEW|UNIQUE|INDEX|TRIGGER|VIRTUAL)|SELECT|WITH|INSERT\s+(?:INTO|OR)"
             r"|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\b")
    yield [one.rstrip("\"\\ \n,)") for one in re.findall(begin + r"[^;`]*", text)] + \
          re.findall(begin + r"[^;`]*", text)


def accepts(db, sql):
    try:
        db.execute("EXPLAIN " + sql)
    except sqlite3.ProgrammingError:
        return True  # only the values of parameters are missing
    except (sqlite3.Error, sqlite3.Warning, ValueError):
        return False
    return True


def main():
    quarry, seen, refused = sys.argv[1], 0, 0
    for path in sys.argv[2:]:
        for texts in texts_of(path):
            db, schema, queries = sqlite3.connect(":memory:"), [], []
            for statement in (one for text in texts for one in split(text)):
                bare = re.sub(r"^(\s*--[^\n]*\n)+", "", statement)
                if CREATE.match(bare):
                    try:
                        db.execute(bare)
                        schema.append(bare + ";\n")
                    except sqlite3.Error:
                        pass
                elif QUERY.match(bare):
                    queries.append(bare)
            with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as file:
                file.write("".join(schema))
            for sql in queries:
                if not accepts(db, sql):
                    continue
                seen += 1
                done = subprocess.run([quarry, "explain", file.name, "--json", "--sql", sql],
                                      capture_output=True, text=True)
                if done.returncode != 0:
                    refused += 1
                    print("%s\n    %s" % (" ".join(sql.split())[:300], done.stderr.strip()[:600]))
            os.unlink(file.name)
    print("%d statements that SQLite accepts, %d refused" % (seen, refused))
    return refused > 0


if __name__ == "__main__":
    sys.exit(main())
