CREATE TABLE "order" ("select" INTEGER PRIMARY KEY, "from" TEXT NOT NULL, [group] TEXT, `index` INTEGER NOT NULL, "weird name" REAL, "quote""d" TEXT, key TEXT NOT NULL, "a.b" INTEGER, "été" TEXT, "UPPER" TEXT NOT NULL);
CREATE TABLE "table" (action TEXT NOT NULL, value ANY, replace INTEGER, "end" TEXT NOT NULL, first INTEGER, last INTEGER, rank INTEGER NOT NULL, abort TEXT, rowid TEXT, desc TEXT, temp INTEGER, "values" TEXT, "full" INTEGER, "natural" INTEGER);
CREATE TABLE Mixed (Id INTEGER PRIMARY KEY, FirstName TEXT NOT NULL, lastName TEXT);
CREATE VIEW "my view" AS SELECT "select" AS "the id", "from" AS "all", count(*) OVER () AS "count" FROM "order";
CREATE TABLE t1 (a INTEGER NOT NULL, b TEXT);
CREATE INDEX t1_a ON t1 (a);
CREATE TABLE t2 (a INTEGER, c TEXT NOT NULL);

-- => select integer, from text, group text?, index integer
SELECT "select", "from", [group], `index` FROM "order";
-- => q text?, a integer?, e text?, u text
SELECT "quote""d" AS q, "a.b" AS a, "été" AS e, upper AS u FROM "order";
-- => key text
SELECT key FROM "order" WHERE key LIKE 'a%';
-- => x text
SELECT "no_such_column" AS x FROM t1;
-- => b text?
SELECT b FROM t1 WHERE b IN ("x", "y") OR a = 1;
-- => b text
SELECT b FROM t1 WHERE b = "literal";
-- => s text
SELECT 'it''s' AS s;
-- => action text, value any?, replace integer?, end text, first integer?, last integer?, rank integer, abort text?
SELECT action, value, replace, "end", first, last, rank, abort FROM "table";
-- => desc text?, temp integer?, values text?, full integer?, natural integer?
SELECT desc, temp, "values", "full", "natural" FROM "table";
-- => rowid text?, rowid integer
SELECT rowid, _rowid_ FROM "table";
-- => Id integer, FirstName text, lastName text?
SELECT * FROM mixed;
-- => Id integer, FirstName text
SELECT ID, firstname FROM MIXED;
-- => id integer, n text
SELECT m.id AS id, M.FIRSTNAME AS n FROM Mixed AS m;
-- => x text, y text?
SELECT replace(firstname, 'a', 'b') AS x, replace(lastname, 'a', 'b') AS y FROM mixed;
-- => a integer, a integer?
SELECT t1.a, t2.a FROM t1 LEFT JOIN t2 ON t1.a = t2.a;
-- => a integer, b text?, a integer?, c text?
SELECT * FROM t1 LEFT JOIN t2 ON t1.a = t2.a;
-- => a integer, b text?, c text?
SELECT * FROM t1 LEFT JOIN t2 USING (a);
-- => a integer, c text
SELECT a, c FROM t1 NATURAL JOIN t2;
-- => a integer, b text?, c text
SELECT t1.*, c FROM t1, t2;
-- => count integer
SELECT count(*) AS count FROM t1;
-- => count(*) integer, max(b) text?
SELECT count(*), max(b) FROM t1;
-- => the id integer, all text, count integer
SELECT "the id", "all", "count" FROM "my view";
-- => a+1 integer, b||'x' text?
SELECT a+1, b||'x' FROM t1;
-- => x integer
SELECT a AS x FROM t1 WHERE x > 1 GROUP BY x ORDER BY x;
-- => a integer, b text
SELECT a, b FROM t1 WHERE a = :a AND b = :a;
-- => x integer
SELECT/*c*/a/**/AS--y
x FROM t1;
-- => X integer
SeLeCt A As X fRoM T1;
-- => a integer, b text
SELECT a, b FROM (t1) WHERE b IS NOT NULL;
-- => a integer
SELECT ((((a)))) AS a FROM (((t1)));
-- => a integer, c text
SELECT * FROM (SELECT a FROM t1), (SELECT c FROM t2);
-- => a integer
SELECT a FROM t1 INDEXED BY t1_a WHERE a > 0;
-- => a integer
SELECT a FROM t1 NOT INDEXED;
-- => a integer
SELECT ALL a FROM t1;
-- => a integer
SELECT a FROM main.t1 AS "t 1" WHERE "t 1".b ISNULL;
-- => a integer, b text?
SELECT t1.a, (SELECT t2.c FROM t2 WHERE t2.a = t1.a) AS b FROM t1;
-- => b text
SELECT b FROM t1 WHERE b == 'x' AND NOT a <> 3;
-- => b text
SELECT b FROM t1 WHERE b LIKE 'x' OR b GLOB 'x';
-- => c text
SELECT c FROM t2 WHERE c COLLATE "NOCASE" = $c;
-- params: $c text?
-- => a integer
SELECT a FROM t1 WHERE a = $v::x;
-- => a integer
SELECT a FROM t1 WHERE a = :1;
-- => a integer, b text
SELECT t1.a, t1.b FROM t1 WHERE EXISTS (SELECT 1 FROM t2 WHERE t2.a = t1.a) AND t1.b >= ?;
-- => five integer, h integer, r real, e real, u integer
SELECT 5 AS five, 0xFF AS h, .5 AS r, 1e3 AS e, +5 AS u;
-- => t integer, f integer
SELECT TRUE AS t, false AS f;
-- => b blob
SELECT X'0102' AS b;
-- => n any?
SELECT NULL AS n;
-- => a integer, b integer
SELECT t1.rowid AS a, t2.oid AS b FROM t1, t2;
-- => a integer
WITH "with" AS (SELECT a FROM t1) SELECT a FROM "with";
-- => a integer
WITH x AS MATERIALIZED (SELECT a FROM t1), y AS NOT MATERIALIZED (SELECT a FROM x) SELECT a FROM y;
-- => a integer
WITH t1 AS (SELECT c AS b, 1 AS a FROM t2) SELECT a FROM t1;
-- => a integer?
WITH x (a) AS (SELECT a FROM t1 UNION SELECT a FROM t2) SELECT a FROM x ORDER BY a DESC NULLS LAST;
-- => b text
SELECT group_concat(b) AS b FROM t1 GROUP BY a HAVING group_concat(b) LIKE 'x%';
-- => a integer
SELECT a FROM t1 ORDER BY (SELECT count(*) FROM t2) + a COLLATE BINARY ASC LIMIT -1;
-- => a integer, b text?
SELECT a, b FROM t1 GROUP BY a, b HAVING a > 1 ORDER BY 1, 2 DESC LIMIT 5, 10;
-- => w text
SELECT iif(b IS NOT NULL, b, c) AS w FROM t1 JOIN t2 USING (a);
