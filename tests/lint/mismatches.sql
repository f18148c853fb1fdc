-- foreign keys that SQLite takes and that can't work.
-- expect L114 20:5: there is no table `nowhere`
-- expect L114 21:5: (name) is no primary key of `hosts`, nor unique
-- expect L114 22:5: (part) is no primary key of `hosts`
-- expect L114 23:5: 1 columns can't refer to 2
-- expect L114 24:5: (folded) is no primary key of `hosts`
-- expect L115 25:5: `typed` is TEXT, `hosts.id` is INTEGER
-- expect L115 26:5: `cased` compares as binary, `hosts.nick` as nocase
-- expect L116 27:5: ON DELETE sets `needed` to NULL, which it can't be
-- expect L116 28:5: ON UPDATE sets `given` to NULL
-- expect L101 26:5: no index on (cased)
CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT, part TEXT, folded TEXT,
    nick TEXT COLLATE NOCASE UNIQUE);
CREATE UNIQUE INDEX by_part ON hosts (part) WHERE part > 'm';
CREATE UNIQUE INDEX by_folded ON hosts (folded COLLATE NOCASE);
CREATE INDEX by_name ON hosts (name);
CREATE TABLE pairs (a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b, a));
CREATE TABLE children (
    id INTEGER PRIMARY KEY,
    a INTEGER REFERENCES nowhere,
    b TEXT REFERENCES hosts (name),
    c TEXT REFERENCES hosts (part),
    d TEXT REFERENCES pairs,
    e TEXT REFERENCES hosts (folded),
    typed TEXT UNIQUE REFERENCES hosts,
    cased TEXT UNIQUE REFERENCES hosts (nick),
    needed INTEGER NOT NULL UNIQUE REFERENCES hosts ON DELETE SET NULL,
    given INTEGER NOT NULL UNIQUE REFERENCES hosts ON UPDATE SET DEFAULT,
    good INTEGER NOT NULL DEFAULT 1 UNIQUE REFERENCES hosts ON UPDATE SET DEFAULT,
    x TEXT,
    y TEXT,
    UNIQUE (x),
    FOREIGN KEY (x, y) REFERENCES pairs (a, b)
);
