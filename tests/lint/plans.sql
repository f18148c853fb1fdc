-- views that an index would help.
-- expect L301 11:44: every row of `c` is read to find those that match
-- expect hint: CREATE INDEX … ON c (state, created)
-- expect L302 12:73: each run builds an index of all rows of `hosts` for this join
-- expect L303 13:47: all rows of `c` are sorted each time
-- expect L305 14:45: an index on `name` does not know `lower(name)`
-- expect L306 15:44: LIKE ignores case, the index on `name` does not
CREATE TABLE hosts (id INTEGER PRIMARY KEY, label TEXT, port INT);
CREATE TABLE c (id INTEGER PRIMARY KEY, state TEXT, created INT, name TEXT);
CREATE INDEX by_name ON c (name);
CREATE VIEW found AS SELECT * FROM c WHERE state = 'running' ORDER BY created;
CREATE VIEW joined (a, b) AS SELECT c.id, hosts.id FROM c JOIN hosts ON hosts.label = c.state;
CREATE VIEW first AS SELECT * FROM c ORDER BY created LIMIT 1;
CREATE VIEW folded AS SELECT * FROM c WHERE lower(name) = 'x';
CREATE VIEW liked AS SELECT * FROM c WHERE name LIKE 'x%';
CREATE VIEW good AS SELECT * FROM c WHERE id IN (1, 2) OR name = 'x';
CREATE VIEW all_of_it AS SELECT *, row_number() OVER (ORDER BY created) FROM c ORDER BY state;
