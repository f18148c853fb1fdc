CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT NOT NULL UNIQUE, a INTEGER NOT NULL, n INTEGER, r REAL, t TEXT, b BLOB, d DATETIME, flag BOOLEAN NOT NULL);
CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id), v INTEGER NOT NULL, w TEXT, z INTEGER NOT NULL DEFAULT 0);
CREATE TABLE wr (x TEXT, y INTEGER, q INTEGER, PRIMARY KEY (x, y)) WITHOUT ROWID;
CREATE TABLE st (id INT PRIMARY KEY, any ANY NOT NULL, i INT, t TEXT NOT NULL) STRICT;
CREATE VIEW vl AS SELECT p.id, p.k, c.id AS c_id, c.v, c.w FROM p LEFT JOIN c ON c.p_id = p.id;
CREATE VIEW vv AS SELECT id, v, count(*) AS n, max(w) AS w FROM vl GROUP BY id, v;
CREATE VIEW vu (what, num) AS SELECT k, a FROM p UNION ALL SELECT w, v FROM c;

-- => k text, v integer?
SELECT p.k, (SELECT v FROM c WHERE c.p_id = p.id) AS v FROM p;
-- => k text, v integer?
SELECT p.k, (SELECT sum(v) + count(*) FROM c WHERE c.p_id = p.id GROUP BY p_id) AS v FROM p;
-- => k text, s integer?
SELECT p.k, s.s FROM p LEFT JOIN (SELECT p_id, sum(v) AS s FROM c GROUP BY p_id) AS s ON s.p_id = p.id;
-- => id integer, v integer?, n integer, w text?
SELECT * FROM vv;
-- => what text?, num integer
SELECT * FROM vu;
-- => what text, num integer
SELECT what, num FROM vu WHERE what <> '';
-- => n integer
SELECT max(n, 0) AS n FROM p WHERE n IS NOT NULL;
-- => m integer?
SELECT max(a, n) AS m FROM p;
-- => m integer?
SELECT max(n) AS m FROM p GROUP BY k;
-- => m integer
SELECT max(n) AS m FROM p GROUP BY k HAVING max(n) IS NOT NULL;
-- => x any?
SELECT min(a, t) AS x FROM p;
-- => t integer?
SELECT total(a) > avg(a) AS t FROM p;
-- => v integer
SELECT v FROM c RIGHT JOIN p ON p.id = c.p_id WHERE c.id > 0;
-- => k text?, v integer
SELECT p.k, c.v FROM p RIGHT JOIN c ON c.p_id = p.id;
-- => k text?, v integer?
SELECT p.k, c.v FROM p FULL JOIN c ON c.p_id = p.id;
-- => id integer, k text?, v integer?
SELECT coalesce(p.id, c.id, 0) AS id, p.k, c.v FROM p FULL JOIN c ON c.p_id = p.id;
-- => k text, n integer
SELECT k, count(*) FILTER (WHERE n > 1) AS n FROM p GROUP BY k;
-- => g text?
SELECT group_concat(w, ',') FILTER (WHERE w <> '') AS g FROM c GROUP BY p_id;
-- => f integer, l integer?
SELECT first_value(v) OVER (PARTITION BY p_id ORDER BY id) AS f, lead(v, 2) OVER (ORDER BY id) AS l FROM c;
-- => s integer
SELECT sum(v) OVER (ORDER BY id RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS s FROM c;
-- => s integer?
SELECT sum(v) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING EXCLUDE GROUP) AS s FROM c;
-- => n real?
SELECT avg(n) OVER (ORDER BY id ROWS 3 PRECEDING) AS n FROM p;
-- => d any?
SELECT max(d) AS d FROM p;
-- => y text?
SELECT strftime('%Y', d) AS y FROM p WHERE d IS NOT NULL;
-- => x integer?
SELECT instr(t, 'x') AS x FROM p;
-- => x text?
SELECT substr(t, 2) || k AS x FROM p;
-- => x text
SELECT coalesce(substr(t, 2), k) AS x FROM p;
-- => x integer
SELECT length(k) + a AS x FROM p;
-- => x blob?
SELECT substr(b, 1, 4) AS x FROM p WHERE b IS NOT NULL;
-- => x text
SELECT hex(b) AS x FROM p;
-- => x text
SELECT iif(b IS NULL, 'none', 'some') AS x FROM p;
-- => x integer?
SELECT n > 5 OR flag AS x FROM p;
-- => x integer
SELECT (n IS NOT NULL) + (r IS NOT NULL) AS x FROM p;
-- => n integer
INSERT INTO p (k, a, n, flag) VALUES ('x', 1, 2, 0) RETURNING n;
-- => n integer, t text
INSERT INTO p (k, a, n, t, flag) VALUES ('x', 1, :n, 'lit', 1) RETURNING n, t;
-- => r real?
INSERT INTO p (k, a, flag) VALUES ('x', 1, 0) RETURNING r;
-- => n integer?
INSERT INTO p (k, a, n, flag) SELECT w, v, z, 1 FROM c WHERE w IS NOT NULL ON CONFLICT (k) DO UPDATE SET n = p.n RETURNING n;
-- => w text?
UPDATE c SET v = v + 1 FROM p WHERE p.id = c.p_id RETURNING w;
-- => n integer?
UPDATE p SET a = a + 1 WHERE n > 3 OR t IS NULL RETURNING n;
-- => n integer
UPDATE p SET n = n + 1 WHERE n > 3 RETURNING n;
-- => t text?
UPDATE p SET (n, t) = (SELECT v, w FROM c WHERE c.p_id = p.id) RETURNING t;
-- => n integer?
UPDATE p SET n = (SELECT max(v) FROM c) RETURNING n;
-- => n integer
UPDATE p SET n = (SELECT count(*) FROM c) RETURNING n;
-- => x text, y integer, q integer?
SELECT * FROM wr;
-- => id integer, any any, i integer?, t text
SELECT * FROM st;
-- => id integer?, i integer?
SELECT st.id, st.i FROM c LEFT JOIN st ON st.id = c.v;
-- => id integer, z integer
SELECT p.id, c.z FROM p, c WHERE p.id = c.p_id AND p.n = c.v;
-- => p_id integer, n integer
SELECT c.p_id, p.n FROM p JOIN c ON p.id = c.p_id AND p.n = c.v;
-- => a integer, b integer?
WITH RECURSIVE f (a, b) AS (SELECT 0, NULL UNION ALL SELECT a + 1, a FROM f WHERE a < 5) SELECT a, b FROM f;
-- => a integer, b integer
WITH RECURSIVE f (a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM f LIMIT 10) SELECT a, b FROM f;
-- => id integer, path text
WITH RECURSIVE t (id, path) AS (SELECT id, k FROM p WHERE n IS NULL UNION ALL SELECT p.id, t.path || '>' || p.k FROM p JOIN t ON p.n = t.id) SELECT * FROM t;
-- => e integer
SELECT EXISTS (SELECT 1 FROM c WHERE p_id = :p) AND NOT EXISTS (SELECT 1 FROM p WHERE id = :p) AS e;
-- params: p integer
-- => k text
SELECT k FROM p WHERE d >= :since AND d < :until AND flag = :flag AND r BETWEEN :lo AND :hi LIMIT :n;
-- params: flag bool, lo real, hi real, n integer
-- => k text
SELECT k FROM p WHERE t LIKE '%' || :q || '%' OR t GLOB :g;
-- params: q text, g text
-- => k text
SELECT k FROM p WHERE n IS :maybe OR (n, t) IS (:n, :t);
-- => k text
SELECT k FROM p WHERE (:f IS NULL OR k = :f) AND (:g IS NULL OR a > :g);
-- params: f text, g integer
-- => x integer
SELECT count(*) AS x FROM p WHERE k IN (SELECT w FROM c WHERE v = :v) AND a NOT IN (:a, :b);
-- params: v integer, a integer, b integer
-- => x any
SELECT coalesce(n, t, 0) AS x FROM p;
-- => x integer
SELECT coalesce(n, :d) AS x FROM p;
-- params: d integer
-- => x text?
SELECT trim(replace(t, char(10), ' ')) AS x FROM p;
-- => x integer
SELECT CAST(round(coalesce(r, 0.0) * 100) AS INTEGER) AS x FROM p;
-- => x real
SELECT round(coalesce(r, 0), 2) AS x FROM p;
-- => x integer?
SELECT CAST(strftime('%s', d) AS INTEGER) AS x FROM p;
-- => a integer, n integer
SELECT a, count(*) AS n FROM p GROUP BY a ORDER BY n DESC, a LIMIT 5;
-- => c_id integer, w text?
SELECT c_id, w FROM vl WHERE c_id IS NOT NULL;
