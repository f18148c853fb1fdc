-- indexes that do nothing.
-- expect L102 23:14: the index `prefix` is the beginning of the index `long` (a, b, c)
-- expect note 22:14: the index `long` (a, b, c) is here
-- expect L102 25:14: the index `backwards` is the beginning of the index `down`
-- expect L102 30:14: the index `of_key` is the beginning of the unique constraint (d, e)
-- expect L102 36:14: the index `part_a` is the beginning of the index `part_ab`
-- expect L102 39:14: the index `lower_a` is the beginning of the index `lower_ab`
-- expect L103 27:14: the index `again` repeats the index `down`
-- expect L103 31:14: the index `of_unique` repeats the unique constraint (f)
-- expect L103 32:14: the index `of_rowid` repeats the primary key (id)
-- expect L103 33:21: the index `unique_again` repeats the unique constraint (f)
-- expect L104 34:21: (f, a) is unique already, because of the unique constraint (f)
-- expect L104 41:21: (x, y, z) is unique already, because of the primary key (x, y)
-- expect L104 48:21: (name, id) is unique already
-- expect L104 20:65: (d, e) is unique already, because of the index `shorter_but_unique`
-- expect L106 44:14: the index `flagged` has only two values
-- expect hint: index other columns where done = 1 (or 0)
-- expect L107 46:55: where `gone` is NULL, (name, gone) is not unique
-- expect L104 47:21: (gone, id) is unique already
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT NOT NULL,
    e TEXT NOT NULL, f TEXT NOT NULL UNIQUE, UNIQUE (d, e));
CREATE INDEX long ON t (a, b, c);
CREATE INDEX prefix ON t (a, b);
CREATE INDEX down ON t (b, c DESC, a);
CREATE INDEX backwards ON t (b DESC, c);
CREATE INDEX other_way ON t (b, c, d); -- another order: not the same
CREATE INDEX again ON t (b, c DESC, a);
CREATE INDEX folded ON t (a COLLATE NOCASE, b); -- another collation
CREATE INDEX other ON t (b, a);
CREATE INDEX of_key ON t (d);
CREATE INDEX of_unique ON t (f);
CREATE INDEX of_rowid ON t (id);
CREATE UNIQUE INDEX unique_again ON t (f);
CREATE UNIQUE INDEX wider ON t (f, a);
CREATE INDEX part_ab ON t (c, a, b) WHERE d > 'x';
CREATE INDEX part_a ON t (c, a) WHERE  "d" >  'x';
CREATE INDEX part_other ON t (c) WHERE d > 'y';
CREATE INDEX lower_ab ON t (lower(a), b);
CREATE INDEX lower_a ON t (LOWER( a ));
CREATE UNIQUE INDEX shorter_but_unique ON t (e);
CREATE TABLE keyed (x INT NOT NULL, y INT NOT NULL, z INT NOT NULL, PRIMARY KEY (x, y),
    UNIQUE ( x, y, z));
CREATE TABLE flags (id INTEGER PRIMARY KEY, done BOOLEAN NOT NULL, gone TEXT, name TEXT NOT NULL);
CREATE INDEX flagged ON flags (done);
CREATE INDEX flagged_some ON flags (done) WHERE done = 1;
CREATE TABLE soft (id INTEGER PRIMARY KEY, gone TEXT, name TEXT NOT NULL, UNIQUE (name, gone));
CREATE UNIQUE INDEX gone_id ON soft (gone, id);
CREATE UNIQUE INDEX only_there ON soft (name, id) WHERE gone IS NULL;
CREATE TABLE named (id INTEGER PRIMARY KEY, email TEXT UNIQUE); -- unique where it is given
-- unique only so that a foreign key can refer to it
CREATE TABLE parents (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, UNIQUE (id, kind));
CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER, kind TEXT,
    FOREIGN KEY (parent, kind) REFERENCES parents (id, kind));
CREATE INDEX by_parent ON children (parent);
