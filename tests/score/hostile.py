"""Fills any SQLite database with values that break careless tools, as far as it accepts them.

It knows SQLite and nothing of quarry: what a table takes is found by trying.
"""
import random
import re
import sqlite3

BYTES = [
    b"", b"a", b"A", b"it's \"q\"; --", b"nul\0inside", b"\xff\xfe", b"007", b" 12 ", b"1e5",
    b"x", b"y", b"NULL", b"9223372036854775808", "日本 É😀".encode(), b"z" * 5000,
]
NUMBERS = [
    0, 1, -1, 2, 7, 100, 2**63 - 1, -(2**63), 9007199254740993, 0.5, -0.0, 0.1 + 0.2, 1e308,
    -5e-324, float("inf"), 12.0,
]


class Text(bytes):
    """Bytes to be stored as text, whether they are UTF-8 or not."""


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def connect(path=":memory:"):
    db = sqlite3.connect(path, isolation_level=None)
    db.text_factory = Text
    return db


def text(value):
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def query(db, sql, parameters=()):
    """Rows with names and SQL as str."""
    return [tuple(map(text, row)) for row in db.execute(sql, parameters)]


def tables(db):
    """Plain tables: no views, no virtual tables, no shadow tables."""
    return [
        r[0] for r in query(db, "SELECT name FROM pragma_table_list WHERE schema = 'main' "
                                "AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    ]


def columns(db, table):
    """(name, type, notnull, default, pk, hidden) of each column, generated ones too."""
    return [r[1:] for r in query(db, "SELECT * FROM pragma_table_xinfo(?)", (table,))]


def literals(sql):
    found = [Text(s[1:-1].replace("''", "'").encode()) for s in re.findall(r"'(?:[^']|'')*'", sql)]
    return found + [int(n) for n in re.findall(r"(?<![\w.])\d{1,9}(?![\w.])", sql)]


def choose(rng, kind, extra):
    """A value for a column of this type: most fit, some are hostile."""
    if extra and rng.random() < 0.3:
        return rng.choice(extra)
    luck = rng.random()
    if luck < 0.12:
        return None
    if luck < 0.5:
        kind = kind.upper()
        if "INT" in kind or "BOOL" in kind:
            return rng.choice([n for n in NUMBERS if isinstance(n, int)])
        if "CHAR" in kind or "TEXT" in kind or "CLOB" in kind:
            return Text(rng.choice(BYTES))
        if "BLOB" in kind:
            return rng.choice(BYTES)
        return rng.choice(NUMBERS)
    if luck < 0.7:
        return rng.randrange(1, 30)
    if luck < 0.8:
        return Text(rng.choice(BYTES))
    return rng.choice(BYTES) if luck < 0.9 else rng.choice(NUMBERS)


def insert(db, table, names, values):
    marks = ", ".join("CAST(? AS TEXT)" if isinstance(v, Text) else "?" for v in values)
    what = f"({', '.join(map(quoted, names))}) VALUES ({marks})" if names else "DEFAULT VALUES"
    db.execute(f"INSERT INTO {quoted(table)} {what}",
               [bytes(v) if isinstance(v, Text) else v for v in values])


def parents(db, table):
    """Column -> (parent, column) of each single foreign key column."""
    found = {}
    for r in query(db, "SELECT * FROM pragma_foreign_key_list(?)", (table,)):
        to = r[4]
        if to is None:
            keys = sorted((c[4], c[0]) for c in columns(db, r[2]) if c[4])
            to = keys[r[1]][1] if r[1] < len(keys) else None
        if to is not None:
            found[r[3]] = (r[2], to)
    return found


def insert_random(db, table, rng, extra):
    names, values = [], []
    keys = parents(db, table)
    for name, kind, _, _, _, hidden in columns(db, table):
        if hidden or rng.random() < 0.08:
            continue
        value = choose(rng, kind, extra)
        if name in keys and rng.random() < 0.9:
            try:
                rows = db.execute(f"SELECT {quoted(keys[name][1])} FROM {quoted(keys[name][0])}")
                value = rng.choice(rows.fetchall() or [(None,)])[0]
            except sqlite3.Error:
                pass
        names.append(name)
        values.append(value)
    insert(db, table, names, values)


def drop_orphans(db):
    """Takes away what violates a foreign key, until nothing does."""
    for _ in range(20):
        try:
            bad = query(db, "PRAGMA foreign_key_check")
        except sqlite3.Error:
            return
        bad = [r for r in bad if r[2].lower() in {t.lower() for t in tables(db)}]
        if not bad:
            return
        for table, rowid, _, number in bad:
            if rowid is not None:
                db.execute(f"DELETE FROM {quoted(table)} WHERE {rowid_name(db, table)} = ?",
                           (rowid,))
            else:
                db.execute(f"DELETE FROM {quoted(table)}")


def rowid_name(db, table):
    """A name of the rowid that no column hides; None where there is no rowid or no name."""
    if query(db, "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?",
             (table,))[0][0]:
        return None
    taken = {c[0].lower() for c in columns(db, table)}
    free = [n for n in ("rowid", "oid", "_rowid_") if n not in taken]
    return free[0] if free else alias(db, table)


def alias(db, table):
    """The column that is the rowid, or None."""
    key = [c for c in columns(db, table) if c[4]]
    if len(key) != 1 or key[0][1].upper() != "INTEGER" or key[0][5]:
        return None
    made = [r for r in query(db, "SELECT * FROM pragma_index_list(?)", (table,)) if r[3] == "pk"]
    without = query(db, "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?",
                    (table,))[0][0]
    return None if made or without else key[0][0]


class Quiet:
    """No triggers and no foreign keys while this lasts."""

    def __init__(self, db):
        self.db = db

    def __enter__(self):
        self.db.execute("PRAGMA foreign_keys = OFF")
        self.made = query(self.db, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' "
                                   "ORDER BY rowid")
        for name, _ in self.made:
            self.db.execute(f"DROP TRIGGER {quoted(name)}")

    def __exit__(self, *_):
        for _, sql in self.made:
            self.db.execute(sql)


def fill(db, seed, count=40):
    """Up to `count` rows in each table; gaps in rowids and AUTOINCREMENT counters ahead."""
    rng = random.Random(seed)
    with Quiet(db):
        order = tables(db)
        for _ in range(2):
            for table in order:
                sql = query(db, "SELECT sql FROM sqlite_schema WHERE name = ?", (table,))[0][0]
                extra = literals(sql)
                for _ in range(count // 2):
                    try:
                        insert_random(db, table, rng, extra)
                    except (sqlite3.Error, OverflowError):
                        pass
            order = order[::-1]
        drop_orphans(db)
        for table in tables(db):
            rowid = rowid_name(db, table)
            if rowid:
                db.execute(f"DELETE FROM {quoted(table)} WHERE {rowid} IN (SELECT {rowid} FROM "
                           f"{quoted(table)} ORDER BY {rowid} DESC LIMIT 1 OFFSET 1)")
        drop_orphans(db)
        fill_virtual(db, rng)


def fill_virtual(db, rng):
    for name, sql in query(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' "
                               "AND sql LIKE 'CREATE VIRTUAL%'"):
        if "fts5vocab" in sql:
            continue
        if re.search(r"content\s*=\s*['\"]?\w", sql):
            db.execute(f"INSERT INTO {quoted(name)} ({quoted(name)}) VALUES ('rebuild')")
            continue
        names = [c[0] for c in columns(db, name) if not c[5]]
        for number in range(12):
            values = [number, -3.5, 4.5, 1.25, 8.0, Text(b"label")][: len(names)]
            if "rtree" not in sql.lower():
                values = [Text(f"word{rng.randrange(9)} it's {number}".encode()) for _ in names]
            insert(db, name, names, values)


def values_of(db, table, names):
    """rowid (or None) and the values of each row, exact."""
    rowid = rowid_name(db, table)
    what = ", ".join([rowid or "NULL"] + [quoted(n) for n in names])
    return [
        (row[0], tuple((type(v).__name__, repr(v)) for v in row[1:]))
        for row in db.execute(f"SELECT {what} FROM {quoted(table)}")
    ]
