CREATE TABLE product (id INTEGER PRIMARY KEY, sku VARCHAR(20) NOT NULL UNIQUE, title NVARCHAR(100), blurb CLOB, price DECIMAL(10,2) NOT NULL, cost NUMERIC, weight DOUBLE PRECISION, rating FLOAT NOT NULL DEFAULT 0, stock INT NOT NULL, size SMALLINT, big UNSIGNED BIG INT, active BOOLEAN NOT NULL DEFAULT TRUE, flagged BOOL, made DATETIME NOT NULL, sold DATE, photo BLOB, extra, anything ANY);
CREATE TABLE tag (name TEXT PRIMARY KEY, color CHAR(6));
CREATE TABLE product_tag (product_id INT NOT NULL REFERENCES product, tag TEXT NOT NULL REFERENCES tag, PRIMARY KEY (product_id, tag)) WITHOUT ROWID;
CREATE TABLE setting (key TEXT, value TEXT, PRIMARY KEY (key)) WITHOUT ROWID;
CREATE TABLE reading (id INTEGER PRIMARY KEY, sensor TEXT NOT NULL, value REAL, raw ANY, at INTEGER NOT NULL) STRICT;
CREATE TABLE strict_pk (code TEXT PRIMARY KEY, n INT) STRICT;
CREATE TABLE bigpk (id BIGINT PRIMARY KEY, v TEXT);
CREATE TABLE descpk (id INTEGER PRIMARY KEY DESC, v TEXT);
CREATE TABLE tablepk (id INTEGER, v TEXT, PRIMARY KEY (id DESC));
CREATE TABLE intpk (id INT PRIMARY KEY, v TEXT);
CREATE TABLE pair (a INTEGER, b TEXT, c REAL, PRIMARY KEY (a, b));
CREATE TABLE defaults (a INTEGER DEFAULT 5, b TEXT DEFAULT (datetime('now')), c INTEGER NOT NULL ON CONFLICT REPLACE DEFAULT 0, d TEXT CONSTRAINT nn NOT NULL, e TEXT CHECK (e IS NOT NULL), f INTEGER CHECK (f > 0), g TEXT CHECK (length(g) > 0 AND g IS NOT NULL), h INTEGER NULL, i INTEGER CHECK (typeof(i) = 'integer'));
CREATE TABLE gen (id INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT, full TEXT GENERATED ALWAYS AS (first || ' ' || last) VIRTUAL, up TEXT AS (upper(first)) STORED NOT NULL, len INT AS (length(first)), price REAL NOT NULL, qty INT NOT NULL, total AS (price * qty), cheap INTEGER GENERATED ALWAYS AS (CASE WHEN price < 10 THEN 1 END));

-- => id integer, sku text, title text?, blurb text?, price real, cost real?
SELECT id, sku, title, blurb, price, cost FROM product;
-- => weight real?, rating real, stock integer, size integer?, big integer?, active bool, flagged bool?
SELECT weight, rating, stock, size, big, active, flagged FROM product;
-- => made any, sold any?, photo blob?, extra any?, anything any?
SELECT made, sold, photo, extra, anything FROM product;
-- => made text
SELECT CAST(made AS TEXT) AS made FROM product;
-- => n integer, price real, label text
SELECT CAST(stock AS INTEGER) AS n, CAST(price AS REAL) AS price, CAST(id AS TEXT) AS label FROM product;
-- => p blob?
SELECT CAST(title AS BLOB) AS p FROM product;
-- => v text?
SELECT CAST(extra AS VARCHAR(10)) AS v FROM product;
-- => v integer?
SELECT CAST(extra AS UNSIGNED BIG INT) AS v FROM product;
-- => v real?
SELECT CAST(anything AS DOUBLE PRECISION) AS v FROM product;
-- => kind text, n integer?
SELECT typeof(extra) AS kind, length(extra) AS n FROM product;
-- => inactive integer
SELECT NOT active AS inactive FROM product;
-- => v bool?
SELECT flagged AS v FROM product WHERE active;
-- => flagged bool
SELECT flagged FROM product WHERE flagged;
-- => flagged bool
SELECT flagged FROM product WHERE NOT flagged;
-- => flagged bool
SELECT flagged FROM product WHERE flagged = TRUE;
-- => flagged bool
SELECT flagged FROM product WHERE flagged IS TRUE;
-- => flagged bool?
SELECT flagged FROM product WHERE flagged IS NOT TRUE;
-- => flagged bool
SELECT flagged FROM product WHERE flagged IS FALSE;
-- => t integer
SELECT flagged IS TRUE AS t FROM product;
-- => v bool
SELECT ifnull(flagged, FALSE) AS v FROM product;
-- => margin real?, markup real?
SELECT price - cost AS margin, price / cost AS markup FROM product;
-- => double integer, half integer, third real
SELECT stock * 2 AS double, stock / 2 AS half, stock / 3.0 AS third FROM product;
-- => none integer?
SELECT stock / 0 AS none FROM product;
-- => bits integer, inv integer, shifted integer
SELECT stock & 7 AS bits, ~stock AS inv, stock << 2 AS shifted FROM product;
-- => neg integer, pos integer, nsize integer?
SELECT -stock AS neg, +stock AS pos, -size AS nsize FROM product;
-- => abs integer, r real, r2 real?, sign integer
SELECT abs(stock) AS abs, round(rating) AS r, round(weight, 2) AS r2, sign(stock) AS sign FROM product;
-- => name text?, color text?
SELECT * FROM tag;
-- => name text
SELECT name FROM tag WHERE name IS NOT NULL;
-- => product_id integer, tag text
SELECT * FROM product_tag;
-- => key text, value text?
SELECT * FROM setting;
-- => value text?
SELECT value FROM setting WHERE key = 'theme';
-- => id integer, sensor text, value real?, raw any?, at integer
SELECT * FROM reading;
-- => code text, n integer?
SELECT * FROM strict_pk;
-- => id integer?, v text?
SELECT * FROM bigpk;
-- => id integer?, v text?
SELECT * FROM descpk;
-- => id integer, v text?
SELECT * FROM tablepk;
-- => id integer?, v text?
SELECT * FROM intpk;
-- => id integer
SELECT id FROM intpk WHERE id = 3;
-- => a integer?, b text?, c real?
SELECT * FROM pair;
-- => a integer?, b text?, c integer, d text
SELECT a, b, c, d FROM defaults;
-- => e text, f integer?, g text, h integer?, i integer
SELECT e, f, g, h, i FROM defaults;
-- => id integer, first text, last text?, full text?, up text, len integer, price real, qty integer, total real, cheap integer?
SELECT * FROM gen;
-- => full text
SELECT full FROM gen WHERE full > 'a';
-- => n integer, total real?
SELECT count(total) AS n, max(total) AS total FROM gen;
-- => up text
INSERT INTO gen (first, price, qty) VALUES (?, ?, ?) RETURNING up;
-- => id integer, price real
INSERT INTO product (sku, price, stock, made) VALUES (:sku, :price, :stock, :made) RETURNING id, price;
-- params: sku text, price real, stock integer, made any
-- => rowid integer, code text
SELECT rowid, code FROM strict_pk;
-- => rowid integer, v text?
SELECT oid, v FROM bigpk;
-- => rowid integer
SELECT _rowid_ FROM intpk;
-- => lo integer, hi integer
SELECT min(id, stock) AS lo, max(id, 5, stock) AS hi FROM product;
-- => hi integer?
SELECT max(stock, size) AS hi FROM product;
-- => value real
SELECT value FROM reading WHERE value BETWEEN 1 AND 2;
-- => value real
SELECT value FROM reading WHERE value NOT BETWEEN ? AND ?;
-- => value real?
SELECT value FROM reading WHERE value BETWEEN 1 AND 2 OR at = 0;
-- => raw any
SELECT raw FROM reading WHERE raw LIKE 'a%';
-- => extra any
SELECT extra FROM product WHERE extra GLOB 'a*';
-- => title text
SELECT title FROM product WHERE title || blurb = 'ab';
-- => blurb text
SELECT blurb FROM product WHERE (title, blurb) = ('a', 'b');
-- => title text
SELECT title FROM product WHERE lower(title) IN (SELECT name FROM tag);
-- => title text?
SELECT title FROM product WHERE title NOT IN (SELECT name FROM tag);
-- => title text
SELECT title FROM product WHERE title NOT IN ('a', 'b');
-- => title text
SELECT title FROM product WHERE title COLLATE NOCASE = 'A';
-- => size integer
SELECT size FROM product WHERE size + 1 > 2;
-- => size integer?
SELECT size FROM product WHERE ifnull(size, 0) > 2;
-- => size integer
SELECT size FROM product WHERE nullif(size, 0) > 2;
-- => size integer
SELECT size FROM product WHERE size IS NOT NULL AND (title IS NULL OR title = 'x');
-- => size integer, title text?
SELECT size, title FROM product WHERE (size = 1 AND title = 'x') OR size = 2;
-- => size integer
SELECT size FROM product WHERE size IS 3;
-- => size integer?
SELECT size FROM product WHERE size IS ?;
-- => size integer?
SELECT size FROM product WHERE size IS NOT 3;
-- => size integer
SELECT size FROM product WHERE size IS stock;
-- => size integer
SELECT size FROM product WHERE NOT (size IS NULL OR title IS NULL);
-- => size integer
SELECT size FROM product WHERE size NOTNULL;
-- => size integer?
SELECT size FROM product WHERE size ISNULL;
-- => size integer
SELECT size FROM product WHERE stock = size;
-- => size integer
SELECT size FROM product WHERE EXISTS (SELECT 1 WHERE size > 0);
