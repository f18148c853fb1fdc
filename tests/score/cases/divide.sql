CREATE TABLE s (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL, n INTEGER, r REAL NOT NULL, m REAL, t TEXT NOT NULL, u TEXT, flag BOOLEAN NOT NULL DEFAULT 0, maybe BOOLEAN, js TEXT NOT NULL DEFAULT '{}');
CREATE TABLE g (id INTEGER PRIMARY KEY, s_id INTEGER REFERENCES s(id), v INTEGER NOT NULL, w INTEGER);

-- => q real?
SELECT r / a AS q FROM s;
-- => q real
SELECT r / a AS q FROM s WHERE a > 0;
-- => q real
SELECT r / a AS q FROM s WHERE a <> 0;
-- => q integer
SELECT b / a AS q FROM s WHERE a;
-- => q integer
SELECT b % a AS q FROM s WHERE a >= 1;
-- => q integer?
SELECT b % a AS q FROM s WHERE a >= 0;
-- => q any?
SELECT b % r AS q FROM s WHERE r > 0;
-- => q real
SELECT CASE WHEN a > 0 THEN r / a ELSE 0.0 END AS q FROM s;
-- => q real
SELECT CASE WHEN a = 0 THEN 0.0 ELSE r / a END AS q FROM s;
-- => q real
SELECT iif(a = 0, 0.0, 100.0 * b / a) AS q FROM s;
-- => q real?
SELECT iif(a >= 0, r / a, 0.0) AS q FROM s;
-- => q real
SELECT r / coalesce(nullif(a, 0), 1) AS q FROM s;
-- => q real?
SELECT r / nullif(a, 0) AS q FROM s;
-- => q real
SELECT coalesce(r / nullif(a, 0), 0.0) AS q FROM s;
-- => q real
SELECT r / max(a, 1) AS q FROM s;
-- => q real
SELECT r / CASE WHEN a = 0 THEN 1 ELSE a END AS q FROM s;
-- => q real
SELECT 1.0 * sum(a) / count(*) AS q FROM s GROUP BY b;
-- => q real?
SELECT 1.0 * sum(a) / count(*) AS q FROM s;
-- => q real?
SELECT 1.0 * sum(a) / count(n) AS q FROM s GROUP BY b;
-- => q real
SELECT 1.0 * sum(a) / count(n) AS q FROM s WHERE n IS NOT NULL GROUP BY b;
-- => q real
SELECT 1.0 * sum(a) / (count(*) * 1.0) AS q FROM s GROUP BY b;
-- => q real
SELECT 1.0 * sum(a) / sum(b) AS q FROM s GROUP BY t HAVING sum(b) > 0;
-- => q real
SELECT a * 100.0 / count(*) OVER () AS q FROM s;
-- => q real
SELECT a * 100.0 / count(*) OVER (PARTITION BY b) AS q FROM s;
-- => q real?
SELECT a * 100.0 / sum(b) OVER () AS q FROM s;
-- => q real
SELECT a * 1.0 / row_number() OVER (ORDER BY id) AS q FROM s;
-- => b integer, per real
SELECT b, total / k AS per FROM (SELECT b, sum(r) AS total, count(*) AS k FROM s GROUP BY b);
-- => q real
WITH c AS (SELECT b, count(*) AS k FROM s GROUP BY b) SELECT r / k AS q FROM s JOIN c USING (b);
-- => q real?
WITH c AS (SELECT b, count(*) AS k FROM s GROUP BY b) SELECT r / k AS q FROM s LEFT JOIN c ON c.b = s.a;
-- => q real?
SELECT r / (SELECT count(*) FROM g) AS q FROM s;
-- => q real?
SELECT r / t AS q FROM s WHERE t > 0;
-- => q real
SELECT r / a AS q FROM s WHERE a BETWEEN 1 AND 9;
-- => q real
SELECT r / n AS q FROM s WHERE n > 0 OR n < -5;
-- => q real?
SELECT r / n AS q FROM s WHERE n > 0 OR b > 1;
-- => q real
SELECT 1.0 / id AS q FROM s WHERE NOT id <= 0;
-- => q real?
SELECT 1.0 / a AS q FROM s WHERE NOT a > 0;
-- => q integer
WITH RECURSIVE x (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM x WHERE k < 5) SELECT k AS q FROM x;
-- => q real?
WITH RECURSIVE x (k) AS (SELECT 3 UNION ALL SELECT k - 1 FROM x WHERE k > 0) SELECT 1.0 / k AS q FROM x;
-- => x integer, y integer
SELECT max(a) AS x, min(b) AS y FROM s HAVING count(*) > 0;
-- => x integer?, y integer
SELECT max(n) AS x, min(b) AS y FROM s HAVING count(*) >= 1;
-- => a integer, x integer
SELECT a, max(b) AS x FROM s HAVING count(a) <> 0;
-- => x integer?
SELECT max(a) AS x FROM s HAVING count(*) >= 0;
-- => f bool, g bool, h bool?
SELECT coalesce(maybe, 0) AS f, ifnull(maybe, FALSE) AS g, nullif(flag, 1) AS h FROM s;
-- => f bool
SELECT CASE WHEN a > 1 THEN flag ELSE 0 END AS f FROM s;
-- => f bool
SELECT iif(maybe IS NULL, TRUE, maybe) AS f FROM s;
-- => f integer
SELECT coalesce(maybe, 2) AS f FROM s;
-- => f bool?
SELECT s.maybe AS f FROM g LEFT JOIN s ON s.id = g.s_id;
-- => f bool
SELECT coalesce(s.flag, 0) AS f FROM g LEFT JOIN s ON s.id = g.s_id;
-- => f bool
SELECT max(flag) AS f FROM s GROUP BY b;
-- => f real?
SELECT iif(m IS NOT NULL, first_value(m) OVER (ORDER BY id), 0.0) AS f FROM s;
-- => f real?
SELECT CASE WHEN m IS NOT NULL THEN lag(m, 1, 0.0) OVER (ORDER BY id) ELSE 1.0 END AS f FROM s;
-- => f real?
SELECT CASE WHEN m IS NOT NULL THEN lead(m, 1, m) OVER (ORDER BY id) ELSE 1.0 END AS f FROM s;
-- => f integer?
SELECT CASE WHEN n > 0 THEN last_value(iif(n > 1, n, a + n)) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) ELSE 0 END AS f FROM s;
-- => f real
SELECT iif(m IS NOT NULL, sum(m) OVER (ORDER BY id), 0.0) AS f FROM s;
-- => f real
SELECT lag(m, 1, 0.0) OVER (ORDER BY id) AS f FROM s WHERE m IS NOT NULL;
-- => j text, k text, l text
SELECT json_set(js, '$.a', a) AS j, json_set(js, '$.a.b', n, '$[0]', u) AS k, json_insert(js, '$.' || t, n) AS l FROM s;
-- => j any?
SELECT json_set(js, '$', n) AS j FROM s;
-- => j any
SELECT json_replace(js, :path, a) AS j FROM s;
-- => j text, k text?
SELECT json_remove(js, '$.a') AS j, json_remove(js, '$') AS k FROM s;
-- => n integer, m integer?, t text, p text
SELECT json_array_length(js) AS n, json_array_length(js, '$.a') AS m, json_type(js) AS t, json_patch(js, '{"a":1}') AS p FROM s;
-- => d text, e text
SELECT datetime('now', 'localtime') AS d, date('now', 'start of month', '+1 month', '-1 day') AS e;
-- => t text
SELECT t FROM s WHERE (a, t) IN (VALUES (:a, :t), (2, :u));
-- params: a integer, t text, u text
-- => t text
SELECT t FROM s WHERE a IN (VALUES (:a), (:b)) AND t IN (SELECT :t UNION SELECT :u);
-- params: a integer, b integer, t text, u text
-- => t text
SELECT t FROM s WHERE (a, t) = (SELECT v, :x FROM g);
-- params: x text
