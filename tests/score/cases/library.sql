CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER, died INTEGER);
CREATE TABLE book (isbn TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER REFERENCES author(id), year INTEGER, pages INTEGER NOT NULL DEFAULT 0);
CREATE TABLE copy (id INTEGER PRIMARY KEY, isbn TEXT NOT NULL REFERENCES book(isbn), shelf TEXT);
CREATE TABLE member (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, joined TEXT NOT NULL, sponsor_id INTEGER REFERENCES member(id));
CREATE TABLE loan (copy_id INTEGER NOT NULL REFERENCES copy(id), member_id INTEGER NOT NULL REFERENCES member(id), lent TEXT NOT NULL, returned TEXT, fee REAL, PRIMARY KEY (copy_id, lent)) WITHOUT ROWID;
CREATE TABLE review (id INTEGER PRIMARY KEY, isbn TEXT NOT NULL, member_id INTEGER, stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5), body TEXT);
CREATE VIEW open_loan AS SELECT l.copy_id, l.member_id, l.lent, c.isbn FROM loan l JOIN copy c ON c.id = l.copy_id WHERE l.returned IS NULL;
CREATE VIEW shelf_state AS SELECT c.id AS copy_id, c.shelf, o.member_id, o.lent FROM copy c LEFT JOIN open_loan o ON o.copy_id = c.id;
CREATE VIEW member_state (member, email, books, since) AS SELECT m.name, m.email, count(s.copy_id), min(s.lent) FROM member m LEFT JOIN shelf_state s ON s.member_id = m.id GROUP BY m.id;
CREATE VIEW stars AS SELECT isbn, avg(stars) AS mean, count(*) AS n, max(body) AS some_body FROM review GROUP BY isbn;
CREATE VIEW all_people AS SELECT id, name, 'author' AS kind, died AS gone FROM author UNION ALL SELECT id, name, 'member', NULL FROM member;

-- => title text, name text?
SELECT b.title, a.name FROM book b LEFT JOIN author a ON a.id = b.author_id;
-- => title text, author text?, id integer?
SELECT b.title, a.name AS author, a.id FROM book b LEFT OUTER JOIN author a ON a.id = b.author_id AND a.died IS NULL;
-- => id integer, name text, born integer?, died integer?, isbn text?, title text?, author_id integer?, year integer?, pages integer?
SELECT * FROM author a LEFT JOIN book b ON b.author_id = a.id;
-- => title text, name text, lent text
SELECT b.title, m.name, l.lent FROM loan l, copy c, book b, member m WHERE c.id = l.copy_id AND b.isbn = c.isbn AND m.id = l.member_id;
-- => id integer, title text, lent text?, member text?
SELECT c.id, b.title, l.lent, m.name AS member FROM copy c JOIN book b ON b.isbn = c.isbn LEFT JOIN loan l ON l.copy_id = c.id LEFT JOIN member m ON m.id = l.member_id;
-- => id integer, lent text, member text
SELECT c.id, l.lent, m.name AS member FROM copy c LEFT JOIN loan l ON l.copy_id = c.id JOIN member m ON m.id = l.member_id;
-- => id integer, lent text, returned text?
SELECT c.id, l.lent, l.returned FROM copy c LEFT JOIN loan l ON l.copy_id = c.id WHERE l.fee > 1.0;
-- => id integer, lent text?
SELECT c.id, l.lent FROM copy c LEFT JOIN loan l ON l.copy_id = c.id WHERE l.fee IS NULL;
-- => id integer, lent text?
SELECT c.id, l.lent FROM copy c LEFT JOIN loan l ON l.copy_id = c.id WHERE l.fee IS NULL OR l.fee > 2;
-- => id integer, member_id integer?
SELECT c.id, l.member_id FROM copy c LEFT JOIN (loan l JOIN member m ON m.id = l.member_id) ON l.copy_id = c.id;
-- => name text, sponsor text?, grand text?
SELECT m.name, s.name AS sponsor, g.name AS grand FROM member m LEFT JOIN member s ON s.id = m.sponsor_id LEFT JOIN member g ON g.id = s.sponsor_id;
-- => name text, sponsor_id integer?
SELECT m.name, m.sponsor_id FROM member m LEFT JOIN member s ON s.id = m.sponsor_id;
-- => isbn text, shelf text?, title text
SELECT isbn, shelf, title FROM copy JOIN book USING (isbn);
-- => isbn text, n integer
SELECT isbn, count(*) AS n FROM book LEFT JOIN copy USING (isbn) GROUP BY isbn;
-- => isbn text, id integer?
SELECT isbn, copy.id FROM book LEFT JOIN copy USING (isbn);
-- => isbn text?
SELECT copy.isbn FROM book LEFT JOIN copy USING (isbn);
-- => isbn text, title text, author_id integer?, year integer?, pages integer, id integer?, shelf text?
SELECT * FROM book LEFT JOIN copy USING (isbn);
-- => isbn text, title text, author_id integer?, year integer?, pages integer, id integer, shelf text?
SELECT * FROM book NATURAL JOIN copy;
-- => isbn text, id integer?
SELECT isbn, id FROM book NATURAL LEFT JOIN copy;
-- => a integer, b integer
SELECT a.id AS a, b.id AS b FROM author a CROSS JOIN member b;
-- => copy_id integer, member_id integer, lent text, isbn text
SELECT * FROM open_loan;
-- => copy_id integer, shelf text?, member_id integer?, lent text?
SELECT * FROM shelf_state;
-- => member text, email text?, books integer, since text?
SELECT * FROM member_state;
-- => member text, since text
SELECT member, since FROM member_state WHERE since < date('now', '-30 days');
-- => isbn text, mean real, n integer, some_body text?
SELECT * FROM stars;
-- => title text, mean real?, n integer?
SELECT b.title, s.mean, s.n FROM book b LEFT JOIN stars s ON s.isbn = b.isbn;
-- => title text, mean real, n integer
SELECT b.title, coalesce(s.mean, 0.0) AS mean, ifnull(s.n, 0) AS n FROM book b LEFT JOIN stars s USING (isbn);
-- => id integer, name text, kind text, gone integer?
SELECT * FROM all_people;
-- => kind text, n integer
SELECT kind, count(*) AS n FROM all_people GROUP BY kind;
-- => name text
SELECT name FROM author UNION SELECT name FROM member;
-- => x text?
SELECT email AS x FROM member UNION ALL SELECT title FROM book;
-- => x text
SELECT title AS x FROM book UNION ALL SELECT email FROM member WHERE email IS NOT NULL;
-- => id integer, what text
SELECT id, email AS what FROM member INTERSECT SELECT id, name FROM author;
-- => email text?
SELECT email FROM member EXCEPT SELECT name FROM author;
-- => a integer?, b text?
SELECT 1 AS a, 'x' AS b UNION ALL SELECT NULL, NULL;
-- => a any
SELECT 1 AS a UNION ALL SELECT 'x';
-- => a real
SELECT 1 AS a UNION ALL SELECT 2.5;
-- => name text, books integer, first integer?, last integer?
SELECT a.name, count(b.isbn) AS books, min(b.year) AS first, max(b.year) AS last FROM author a LEFT JOIN book b ON b.author_id = a.id GROUP BY a.id;
-- => name text, pages integer?
SELECT a.name, sum(b.pages) AS pages FROM author a LEFT JOIN book b ON b.author_id = a.id GROUP BY a.id;
-- => name text, pages integer
SELECT a.name, sum(b.pages) AS pages FROM author a JOIN book b ON b.author_id = a.id GROUP BY a.id, a.name;
-- => name text, pages integer
SELECT a.name, coalesce(sum(b.pages), 0) AS pages FROM author a LEFT JOIN book b ON b.author_id = a.id GROUP BY a.name;
-- => titles text?
SELECT group_concat(title, ', ') AS titles FROM book;
-- => author_id integer?, titles text
SELECT author_id, group_concat(title, ', ') AS titles FROM book GROUP BY author_id;
-- => author_id integer, titles text
SELECT author_id, group_concat(title) AS titles FROM book WHERE author_id IS NOT NULL GROUP BY author_id;
-- => name text, titles text?
SELECT name, (SELECT group_concat(title) FROM book WHERE author_id = author.id) AS titles FROM author;
-- => name text, best text?
SELECT a.name, (SELECT b.title FROM book b WHERE b.author_id = a.id ORDER BY b.year DESC LIMIT 1) AS best FROM author a;
-- => name text, has_books integer
SELECT a.name, EXISTS (SELECT 1 FROM book b WHERE b.author_id = a.id) AS has_books FROM author a;
-- => name text, none integer
SELECT a.name, NOT EXISTS (SELECT 1 FROM book b WHERE b.author_id = a.id) AS none FROM author a;
-- => title text, age integer?
SELECT title, 2024 - year AS age FROM book;
-- => title text, age integer
SELECT title, 2024 - year AS age FROM book WHERE year IS NOT NULL;
-- => title text, old integer?
SELECT title, year < 1950 AS old FROM book;
-- => title text, old integer
SELECT title, coalesce(year < 1950, 0) AS old FROM book;
-- => title text, age text
SELECT title, CASE WHEN year < 1900 THEN 'old' WHEN year < 2000 THEN 'modern' ELSE 'new' END AS age FROM book;
-- => title text, age text?
SELECT title, CASE WHEN year < 1900 THEN 'old' WHEN year < 2000 THEN 'modern' END AS age FROM book;
-- => title text, v any?
SELECT title, CASE pages WHEN 0 THEN 'none' WHEN 1 THEN 1 ELSE NULL END AS v FROM book;
-- => title text, year integer
SELECT title, CASE WHEN year IS NULL THEN 0 ELSE year END AS year FROM book;
-- => title text, year integer
SELECT title, CASE WHEN year > 0 THEN year ELSE 0 END AS year FROM book;
-- => span integer?
SELECT died - born AS span FROM author;
-- => span integer
SELECT died - born AS span FROM author WHERE died > born;
-- => phone text?
SELECT coalesce(m.email, s.email) AS phone FROM member m LEFT JOIN member s ON s.id = m.sponsor_id;
-- => who text
SELECT coalesce(m.email, s.email, m.name) AS who FROM member m LEFT JOIN member s ON s.id = m.sponsor_id;
-- => who text?
SELECT coalesce(s.name, m.email) AS who FROM member m LEFT JOIN member s ON s.id = m.sponsor_id;
-- => title text, stars integer?
SELECT b.title, r.stars FROM book b LEFT JOIN review r ON r.isbn = b.isbn AND r.stars > 3;
-- => title text, stars integer
SELECT b.title, r.stars FROM book b LEFT JOIN review r ON r.isbn = b.isbn WHERE r.stars > 3;
-- => title text, body text?
SELECT b.title, r.body FROM book b INNER JOIN review r ON r.isbn = b.isbn;
-- => title text, mean real?
SELECT title, (SELECT avg(stars) FROM review r WHERE r.isbn = book.isbn) AS mean FROM book;
-- => title text, n integer
SELECT title, (SELECT count(*) FROM review r WHERE r.isbn = book.isbn) AS n FROM book;
-- => m real?
SELECT avg(n) AS m FROM (SELECT count(*) AS n FROM review GROUP BY isbn);
-- => isbn text, n integer
SELECT * FROM (SELECT isbn, count(*) AS n FROM review GROUP BY isbn) WHERE n > 3;
-- => title text, n integer
WITH counts AS (SELECT isbn, count(*) AS n FROM copy GROUP BY isbn) SELECT title, n FROM book JOIN counts USING (isbn);
-- => title text, n integer?
WITH counts (isbn, n) AS (SELECT isbn, count(*) FROM copy GROUP BY isbn) SELECT title, n FROM book LEFT JOIN counts USING (isbn);
-- => title text, n integer
WITH a AS (SELECT isbn FROM copy), b AS (SELECT isbn, count(*) AS n FROM a GROUP BY 1) SELECT title, n FROM book NATURAL JOIN b;
-- => id integer, name text, depth integer
WITH RECURSIVE chain (id, name, depth) AS (SELECT id, name, 0 FROM member WHERE sponsor_id IS NULL UNION ALL SELECT m.id, m.name, depth + 1 FROM member m JOIN chain ON m.sponsor_id = chain.id) SELECT * FROM chain;
-- => id integer, sponsor_id integer?, path text
WITH RECURSIVE up AS (SELECT id, sponsor_id, name AS path FROM member WHERE id = :id UNION SELECT m.id, m.sponsor_id, up.path || '/' || m.name FROM member m, up WHERE m.id = up.sponsor_id) SELECT * FROM up;
-- params: id integer
-- => d text?
WITH RECURSIVE days (d) AS (SELECT date('2024-01-01') UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-01-31') SELECT d FROM days;
-- => n integer, name text?
WITH RECURSIVE seq (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM seq WHERE n < 10) SELECT seq.n, author.name FROM seq LEFT JOIN author ON author.id = seq.n;
-- => x integer?
WITH RECURSIVE t (x) AS (SELECT 1 UNION ALL SELECT nullif(x + 1, 5) FROM t WHERE x IS NOT NULL) SELECT x FROM t;
-- => name text, title text, rank integer
SELECT name, title, rank FROM (SELECT a.name, b.title, row_number() OVER (PARTITION BY a.id ORDER BY b.pages DESC) AS rank FROM author a JOIN book b ON b.author_id = a.id) WHERE rank <= 3;
-- => id integer, prev text?, next text
SELECT id, lag(joined) OVER (ORDER BY joined) AS prev, lead(joined, 1, joined) OVER (ORDER BY joined) AS next FROM member;
-- => isbn text, share real?
SELECT isbn, 100.0 * pages / sum(pages) OVER () AS share FROM book;
-- => isbn text, n integer, s integer?
SELECT isbn, count(*) FILTER (WHERE stars = 5) AS n, sum(stars) FILTER (WHERE stars = 5) AS s FROM review GROUP BY isbn;
-- => lo integer, hi integer
SELECT min(stars) AS lo, max(stars) + 0 AS hi FROM review HAVING count(*) > 0;
-- => a integer, b text
SELECT author.id AS a, book.isbn AS b FROM author JOIN book ON author.id = book.author_id WHERE author.id IN (SELECT member_id FROM review WHERE member_id NOT NULL);
-- => author_id integer, name text
SELECT b.author_id, a.name FROM book b JOIN author a ON b.author_id = a.id;
-- => member_id integer
SELECT r.member_id FROM review r WHERE r.member_id IN (SELECT id FROM member);
-- => member_id integer?
SELECT r.member_id FROM review r WHERE EXISTS (SELECT 1 FROM member WHERE id > r.stars);
-- => n integer
SELECT count(DISTINCT author_id) AS n FROM book;
-- => n integer, m integer
SELECT count(*) AS n, count(email) AS m FROM member;
-- => name text
SELECT name FROM member GROUP BY name HAVING name IS NULL;
-- => id integer, email text
SELECT id, email FROM member WHERE email IN (SELECT email FROM member WHERE id > 5);
-- => a integer, b integer?
SELECT a.id AS a, b.id AS b FROM author a LEFT JOIN author b ON b.id = a.id + 1;
-- => name text, sponsor text?
SELECT m.name, s.name AS sponsor FROM member AS m LEFT JOIN (SELECT * FROM member WHERE email IS NOT NULL) AS s ON s.id = m.sponsor_id;
-- => name text, email text
SELECT m.name, s.email FROM member AS m JOIN (SELECT * FROM member WHERE email IS NOT NULL) AS s ON s.id = m.sponsor_id;
-- => id integer, email text?
SELECT s.id, s.email FROM (SELECT m.* FROM loan l LEFT JOIN member m ON m.id = l.member_id) s WHERE s.id > 0;
-- => name text
SELECT DISTINCT name FROM member ORDER BY name COLLATE NOCASE LIMIT 10 OFFSET 5;
-- => id integer
SELECT id FROM member WHERE id = (SELECT max(id) FROM member);
-- => m integer?
SELECT (SELECT max(id) FROM member) AS m;
-- => m integer
SELECT (SELECT count(*) FROM member) AS m;
-- => m integer
SELECT (SELECT 1) AS m;
-- => m integer?
SELECT (SELECT 1 WHERE 0) AS m;
-- => m integer
SELECT (SELECT 1 UNION ALL SELECT 2) AS m;
-- => m integer?
SELECT (SELECT id FROM member LIMIT 1) AS m;
-- => a text, b text?
SELECT m.name AS a, x.title AS b FROM member m LEFT JOIN (SELECT r.member_id, b.title FROM review r JOIN book b USING (isbn)) x ON x.member_id = m.id;
