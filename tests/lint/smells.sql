-- views that most likely say something else than was meant.
-- expect L201 12:41: a comparison with NULL is never true
-- expect hint: write IS NULL
-- expect L202 13:41: where one `note` is NULL, this NOT IN finds nothing
-- expect L203 14:47: a condition needs a row of `hosts`: the outer join is an inner one
-- expect L204 15:49: no column is called `up`, so that it is a text
-- expect L205 16:41: LIMIT without ORDER BY
-- expect L206 17:38: no condition joins `hosts` to the other tables
-- expect L207 18:31: `name` is of any row of its group
CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, host INTEGER UNIQUE REFERENCES hosts, state TEXT UNIQUE);
CREATE VIEW a AS SELECT id FROM c WHERE host = NULL;
CREATE VIEW b AS SELECT id FROM c WHERE state NOT IN (SELECT note FROM hosts);
CREATE VIEW d AS SELECT c.id FROM c LEFT JOIN hosts ON hosts.id = c.host WHERE hosts.name > 'a';
CREATE VIEW e AS SELECT id FROM c WHERE state = "up";
CREATE VIEW f AS SELECT id FROM c LIMIT 5;
CREATE VIEW g AS SELECT c.id FROM c, hosts WHERE c.id = 1;
CREATE VIEW h AS SELECT note, name, count(*) FROM hosts GROUP BY note;
