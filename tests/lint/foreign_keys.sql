-- foreign keys without an index on their columns.
-- expect L101 14:5: no index on (bare): each delete in `hosts` reads all of `children`
-- expect hint: CREATE INDEX … ON children (bare)
-- expect L101 17:5: no index on (half)
-- expect L101 18:5: no index on (other)
-- expect L101 21:5: no index on (x, y)
-- expect L101 36:29: each delete in `hosts` reads all of `aliased`
-- expect hint: CREATE INDEX … ON aliased ("a host")
CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE);
CREATE TABLE "pairs of" (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE children (
    id INTEGER PRIMARY KEY REFERENCES hosts, -- the rowid is its own index
    unique_one INTEGER UNIQUE REFERENCES hosts,
    bare INTEGER REFERENCES hosts,
    first INTEGER REFERENCES hosts,
    partial INTEGER REFERENCES hosts,
    half INTEGER REFERENCES hosts,
    other TEXT COLLATE NOCASE REFERENCES hosts (name),
    p INTEGER,
    q INTEGER,
    x INTEGER,
    y INTEGER,
    second INTEGER REFERENCES hosts,
    FOREIGN KEY (p, q) REFERENCES "pairs of",
    FOREIGN KEY (x, y) REFERENCES "pairs of" (a, b)
);
CREATE INDEX by_first ON children (first, bare);
CREATE INDEX by_partial ON children (partial) WHERE partial IS NOT NULL;
CREATE INDEX by_half ON children (half) WHERE half > 10;
CREATE INDEX by_other ON children (other COLLATE BINARY);
CREATE INDEX by_pair ON children (q, p);
CREATE INDEX by_second ON children (second);
-- in brackets the name of the table, and of a type, are no columns
CREATE TABLE keyed (a INTEGER, b INTEGER REFERENCES hosts, PRIMARY KEY (b, a)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS main.aliased (
    id INTEGER PRIMARY KEY, [a host] INTEGER REFERENCES hosts);
