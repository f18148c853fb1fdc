CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES nodes(id), label TEXT NOT NULL, weight REAL, data BLOB, created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE edges (a INTEGER NOT NULL REFERENCES nodes(id), b INTEGER NOT NULL REFERENCES nodes(id), cost INTEGER, kind TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE marks (node INTEGER NOT NULL, name ANY NOT NULL, value ANY, PRIMARY KEY (node, name)) STRICT;
CREATE VIEW roots AS SELECT id, label FROM nodes WHERE parent IS NULL;
CREATE VIEW leaves AS SELECT n.id, n.label, n.weight FROM nodes n LEFT JOIN nodes c ON c.parent = n.id WHERE c.id IS NULL;

-- => id integer, label text
SELECT * FROM roots;
-- => id integer, label text, weight real?
SELECT * FROM leaves;
-- => id integer, depth integer
WITH RECURSIVE t(id, depth) AS (SELECT id, 0 FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, t.depth + 1 FROM nodes n JOIN t ON n.parent = t.id WHERE t.depth < 20) SELECT id, depth FROM t;
-- => id integer, path text
WITH RECURSIVE t(id, path) AS (SELECT id, label FROM nodes WHERE parent IS NULL UNION SELECT n.id, t.path || '/' || n.label FROM nodes n JOIN t ON n.parent = t.id WHERE length(t.path) < 40) SELECT * FROM t;
-- => id integer, up integer?
WITH RECURSIVE t(id, up) AS (SELECT id, NULL FROM nodes WHERE parent IS NULL UNION SELECT n.id, n.parent FROM nodes n JOIN t ON n.parent = t.id) SELECT id, up FROM t;
-- => x integer
WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < 10) SELECT x FROM c;
-- => x integer
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5) SELECT x FROM c;
-- => total real?
WITH RECURSIVE t(id, w) AS (SELECT id, weight FROM nodes WHERE id = ? UNION SELECT n.id, n.weight FROM nodes n, t WHERE n.parent = t.id) SELECT sum(w) AS total FROM t;
-- => id integer, parent text?
SELECT n.id, p.label AS parent FROM nodes n LEFT JOIN nodes p ON p.id = n.parent;
-- => parent integer, n integer
SELECT parent, count(*) AS n FROM nodes WHERE parent IS NOT NULL GROUP BY parent;
-- => parent integer?, n integer
SELECT parent, count(*) AS n FROM nodes GROUP BY parent;
-- => parent integer, n integer
SELECT parent, count(*) AS n FROM nodes GROUP BY parent HAVING parent > 3;
-- => from_label text, to_label text, cost integer?
SELECT x.label AS from_label, y.label AS to_label, e.cost FROM edges e JOIN nodes x ON x.id = e.a JOIN nodes y ON y.id = e.b;
-- => label text, cost integer?
SELECT n.label, e.cost FROM nodes n LEFT JOIN edges e ON e.a = n.id AND e.cost > 0;
-- => label text, b integer
SELECT n.label, e.b FROM nodes n LEFT JOIN edges e ON e.a = n.id WHERE e.kind = 'x';
-- => a integer, cheapest integer?
SELECT a, min(cost) AS cheapest FROM edges GROUP BY a;
-- => a integer, cheapest integer
SELECT a, min(cost) AS cheapest FROM edges WHERE cost >= 0 GROUP BY a;
-- => id integer, out integer, back integer
SELECT id, (SELECT count(*) FROM edges WHERE a = n.id) AS out, (SELECT count(*) FROM edges WHERE b = n.id) AS back FROM nodes n;
-- => id integer, best integer?
SELECT id, (SELECT b FROM edges WHERE a = n.id ORDER BY cost LIMIT 1) AS best FROM nodes n;
-- => id integer, best integer
SELECT id, coalesce((SELECT b FROM edges WHERE a = n.id ORDER BY cost LIMIT 1), -1) AS best FROM nodes n;
-- => node integer, name any, value any?
SELECT * FROM marks;
-- => name any, value any
SELECT name, value FROM marks WHERE value <> 0;
-- => t text
SELECT typeof(value) AS t FROM marks;
-- => v integer?
SELECT CAST(value AS INTEGER) AS v FROM marks;
-- => v text
SELECT quote(value) AS v FROM marks;
-- => h text
SELECT hex(data) AS h FROM nodes;
-- => n integer?
SELECT length(data) AS n FROM nodes;
-- => data blob
SELECT data FROM nodes WHERE length(data) > 0;
-- => z blob
SELECT zeroblob(4) AS z;
-- => b blob
SELECT x'00ff' AS b;
-- => one integer, two real, three text, four any?
SELECT 1 AS one, 2.5 AS two, 'x' AS three, NULL AS four;
-- => big real, hex integer, neg integer
SELECT 9223372036854775808 AS big, 0x10 AS hex, -9223372036854775808 AS neg;
-- => r integer
SELECT random() AS r;
-- => column1 integer, column2 text
VALUES (1, 'a'), (2, 'b');
-- => column1 integer?, column2 text
VALUES (1, 'a'), (NULL, 'b');
-- => id integer, id integer
SELECT id, rowid FROM nodes;
-- => dense integer, pct real, cume real, tile integer
SELECT dense_rank() OVER w AS dense, percent_rank() OVER w AS pct, cume_dist() OVER w AS cume, ntile(4) OVER w AS tile FROM nodes WINDOW w AS (ORDER BY weight);
-- => first text, last text, third text?
SELECT first_value(label) OVER w AS first, last_value(label) OVER w AS last, nth_value(label, 3) OVER w AS third FROM nodes WINDOW w AS (PARTITION BY parent ORDER BY id);
-- => moving real?
SELECT avg(weight) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM nodes;
-- => moving real
SELECT avg(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM nodes;
-- => before integer?
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS before FROM nodes;
-- => created timestamp
SELECT created FROM nodes;
-- => created timestamp?
SELECT max(created) AS created FROM nodes;
-- => year text?
SELECT strftime('%Y', created) AS year FROM nodes;
-- => now text, today text, clock text
SELECT datetime('now') AS now, date('now', '-7 days') AS today, CURRENT_TIME AS clock;
-- => s integer
SELECT unixepoch('now') AS s;
-- => a integer, b integer?
SELECT x.a, y.b FROM edges x LEFT JOIN edges y ON x.b = y.a AND y.kind IS NOT NULL;
-- => a integer, kind text?
SELECT x.a, y.kind FROM edges x LEFT JOIN edges y ON x.b = y.a AND y.kind IS NOT NULL;
-- => id integer, name any?
SELECT id, name FROM nodes LEFT JOIN marks ON node = id;
-- => id integer
SELECT id FROM nodes WHERE id IN (SELECT a FROM edges) AND id NOT IN (SELECT b FROM edges);
-- => is_in integer
SELECT id IN (SELECT a FROM edges) AS is_in FROM nodes;
-- => is_in integer?
SELECT id IN (SELECT cost FROM edges) AS is_in FROM nodes;
-- => is_in integer?
SELECT weight IN (1, 2) AS is_in FROM nodes;
-- => cmp integer
SELECT weight IS 1 AS cmp FROM nodes;
-- => cmp integer?
SELECT (cost, kind) = (1, 'x') AS cmp FROM edges;
-- => b integer, o integer?
SELECT label LIKE 'a%' AS b, weight > 1 OR id < 0 AS o FROM nodes;
-- => a integer, b integer
UPDATE edges SET cost = cost + 1 WHERE kind = ? RETURNING a, b;
-- => cost integer
UPDATE edges SET cost = ifnull(cost, 0) + 1 RETURNING cost;
-- => id integer, parent integer?
INSERT INTO nodes (label, parent) SELECT label, parent FROM nodes WHERE id = ? RETURNING id, parent;
-- => id integer, parent integer
INSERT INTO nodes (label, parent) SELECT label, id FROM nodes RETURNING id, parent;
-- => id integer, weight real
UPDATE nodes SET weight = s.w FROM (SELECT a, 1.5 * count(*) AS w FROM edges GROUP BY a) AS s WHERE s.a = nodes.id RETURNING id, weight;
