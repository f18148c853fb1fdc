CREATE TABLE host (id INTEGER PRIMARY KEY, name TEXT NOT NULL, os TEXT, tags TEXT);
CREATE TABLE sample (host_id INTEGER NOT NULL REFERENCES host(id), at INTEGER NOT NULL, cpu REAL NOT NULL, mem REAL, procs INTEGER NOT NULL, errs INTEGER, state TEXT NOT NULL DEFAULT 'ok', PRIMARY KEY (host_id, at)) WITHOUT ROWID;
CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, host_id INTEGER REFERENCES host(id), kind TEXT NOT NULL, message TEXT, seen DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, day TEXT NOT NULL DEFAULT CURRENT_DATE, weight NUMERIC);
CREATE VIEW hourly AS SELECT host_id, at / 3600 * 3600 AS hour, avg(cpu) AS cpu, max(mem) AS mem, count(*) AS n FROM sample GROUP BY host_id, at / 3600;
CREATE VIEW hot AS SELECT h.name, y.hour, y.cpu FROM hourly y JOIN host h ON h.id = y.host_id WHERE y.cpu > 0.9;

-- => n integer, s real?, a real?, t real, lo real?, hi real?
SELECT count(*) AS n, sum(cpu) AS s, avg(cpu) AS a, total(cpu) AS t, min(cpu) AS lo, max(cpu) AS hi FROM sample;
-- => host_id integer, n integer, s real, a real, lo real, hi real
SELECT host_id, count(*) AS n, sum(cpu) AS s, avg(cpu) AS a, min(cpu) AS lo, max(cpu) AS hi FROM sample GROUP BY host_id;
-- => host_id integer, s real?, a real?, t real, n integer
SELECT host_id, sum(mem) AS s, avg(mem) AS a, total(mem) AS t, count(mem) AS n FROM sample GROUP BY host_id;
-- => s integer?
SELECT sum(procs) AS s FROM sample;
-- => s integer
SELECT sum(procs) AS s FROM sample GROUP BY state;
-- => s integer?
SELECT sum(errs) AS s FROM sample GROUP BY state;
-- => s integer
SELECT sum(ifnull(errs, 0)) AS s FROM sample GROUP BY state;
-- => s integer
SELECT sum(errs) AS s FROM sample WHERE errs IS NOT NULL GROUP BY state;
-- => s integer?
SELECT sum(errs) AS s FROM sample WHERE errs IS NOT NULL;
-- => ok integer?, bad integer
SELECT sum(state = 'ok') AS ok, count(CASE WHEN state = 'bad' THEN 1 END) AS bad FROM sample;
-- => host_id integer, ok integer, pct real
SELECT host_id, sum(CASE WHEN state = 'ok' THEN 1 ELSE 0 END) AS ok, 100.0 * sum(CASE WHEN state = 'ok' THEN 1 ELSE 0 END) / count(*) AS pct FROM sample GROUP BY host_id;
-- => host_id integer, s integer?
SELECT host_id, sum(CASE WHEN state = 'ok' THEN procs END) AS s FROM sample GROUP BY host_id;
-- => host_id integer, s integer?
SELECT host_id, sum(procs) FILTER (WHERE state = 'ok') AS s FROM sample GROUP BY host_id;
-- => pct real?
SELECT sum(errs) * 100.0 / count(*) AS pct FROM sample;
-- => pct real?
SELECT sum(errs) * 1.0 / nullif(sum(procs), 0) AS pct FROM sample GROUP BY host_id;
-- => mode integer
SELECT count(*) * 2 AS mode FROM sample;
-- => host_id integer?, n integer
SELECT host_id, count(*) AS n FROM sample;
-- => at integer?, cpu real?
SELECT at, max(cpu) AS cpu FROM sample;
-- => at integer, cpu real
SELECT at, max(cpu) AS cpu FROM sample GROUP BY host_id;
-- => hour integer, cpu real
SELECT at / 3600 AS hour, avg(cpu) AS cpu FROM sample GROUP BY 1 ORDER BY 1;
-- => hour integer, cpu real
SELECT at / 3600 AS hour, avg(cpu) AS cpu FROM sample GROUP BY hour HAVING avg(cpu) > 0.5;
-- => one integer
SELECT 1 AS one FROM sample GROUP BY NULL;
-- => n integer
SELECT count(*) AS n FROM sample HAVING count(*) > 5;
-- => n integer, s real
SELECT count(*) AS n, sum(cpu) AS s FROM sample HAVING sum(cpu) > 5;
-- => host_id integer, hour integer, cpu real, mem real?, n integer
SELECT * FROM hourly;
-- => name text, hour integer, cpu real
SELECT * FROM hot;
-- => name text, cpu real?
SELECT host.name, hourly.cpu FROM host LEFT JOIN hourly ON hourly.host_id = host.id;
-- => at integer, avg3 real, run real
SELECT at, avg(cpu) OVER (ORDER BY at ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS avg3, sum(cpu) OVER (ORDER BY at) AS run FROM sample;
-- => at integer, before real?
SELECT at, sum(cpu) OVER (ORDER BY at ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS before FROM sample;
-- => at integer, after real?
SELECT at, max(cpu) OVER (ORDER BY at ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after FROM sample;
-- => at integer, others real?
SELECT at, avg(cpu) OVER (PARTITION BY host_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS others FROM sample;
-- => at integer, grp integer
SELECT at, count(*) OVER (ORDER BY at GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS grp FROM sample;
-- => at integer, s real?
SELECT at, sum(cpu) FILTER (WHERE state = 'ok') OVER (PARTITION BY host_id) AS s FROM sample;
-- => at integer, n integer
SELECT at, count(*) FILTER (WHERE state = 'ok') OVER (PARTITION BY host_id) AS n FROM sample;
-- => at integer, s real
SELECT at, sum(cpu) OVER w AS s FROM sample WINDOW w AS (PARTITION BY host_id ORDER BY at);
-- => at integer, f real, l real, n real?
SELECT at, first_value(cpu) OVER w AS f, last_value(cpu) OVER w AS l, nth_value(cpu, 2) OVER w AS n FROM sample WINDOW w AS (PARTITION BY host_id ORDER BY at);
-- => at integer, f real?
SELECT at, first_value(cpu) OVER (ORDER BY at ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS f FROM sample;
-- => at integer, delta real?
SELECT at, cpu - lag(cpu) OVER (PARTITION BY host_id ORDER BY at) AS delta FROM sample;
-- => at integer, delta real
SELECT at, cpu - lag(cpu, 1, 0.0) OVER (PARTITION BY host_id ORDER BY at) AS delta FROM sample;
-- => at integer, prev real?
SELECT at, lag(cpu, 1, mem) OVER (ORDER BY at) AS prev FROM sample;
-- => rn integer, rk integer, dr integer, pr real, cd real, nt integer
SELECT row_number() OVER (ORDER BY cpu) AS rn, rank() OVER (ORDER BY cpu) AS rk, dense_rank() OVER (ORDER BY cpu) AS dr, percent_rank() OVER (ORDER BY cpu) AS pr, cume_dist() OVER (ORDER BY cpu) AS cd, ntile(4) OVER (ORDER BY cpu) AS nt FROM sample;
-- => host_id integer, cpu real, place integer
SELECT host_id, sum(cpu) AS cpu, rank() OVER (ORDER BY sum(cpu) DESC) AS place FROM sample GROUP BY host_id;
-- => host_id integer, total real, grand real
SELECT host_id, sum(cpu) AS total, sum(sum(cpu)) OVER () AS grand FROM sample GROUP BY host_id;
-- => names text?
SELECT group_concat(name, '/') OVER (ORDER BY id) AS names FROM host;
-- => oses text?
SELECT group_concat(os) AS oses FROM host GROUP BY name;
-- => oses text?
SELECT group_concat(DISTINCT os) AS oses FROM host;
-- => d text, t text, dt text, j real, u integer, s text
SELECT date('now') AS d, time('now') AS t, datetime('now', 'localtime') AS dt, julianday('now') AS j, unixepoch() AS u, strftime('%Y', 'now') AS s;
-- => day text?, j real?, u integer?
SELECT date(seen) AS day, julianday(seen) AS j, unixepoch(seen) AS u FROM event;
-- => day text?
SELECT date(at, 'unixepoch') AS day FROM sample;
-- => day text?, n integer
SELECT strftime('%Y-%m-%d', at, 'unixepoch') AS day, count(*) AS n FROM sample GROUP BY day;
-- => d text?
SELECT date(?) AS d;
-- => now text, today text, clock text
SELECT CURRENT_TIMESTAMP AS now, CURRENT_DATE AS today, CURRENT_TIME AS clock;
-- => age real?
SELECT julianday('now') - julianday(seen) AS age FROM event;
-- => seen any, day text, weight real?
SELECT seen, day, weight FROM event;
-- => host_id integer?, kinds integer
SELECT host_id, count(DISTINCT kind) AS kinds FROM event GROUP BY host_id;
-- => kind text, last any
SELECT kind, max(seen) AS last FROM event GROUP BY kind;
-- => kind text, message text?, id integer
SELECT kind, message, max(id) AS id FROM event GROUP BY kind;
-- => u text, l text, n integer, t text, s text, r text, i integer
SELECT upper(name) AS u, lower(name) AS l, length(name) AS n, trim(name) AS t, substr(name, 1, 2) AS s, replace(name, 'a', 'b') AS r, instr(name, 'x') AS i FROM host;
-- => u text?, n integer?, s text?, i integer?
SELECT upper(os) AS u, length(os) AS n, substring(os, 2) AS s, instr(os, 'x') AS i FROM host;
-- => p text, h text, q text, c text, u integer?
SELECT printf('%d %s', id, os) AS p, hex(name) AS h, quote(os) AS q, char(65, 66) AS c, unicode(name) AS u FROM host;
-- => f text
SELECT format('%s', name) AS f FROM host;
-- => x text, y text?
SELECT ltrim(name, 'x') AS x, rtrim(os) AS y FROM host;
-- => a integer, b integer, c integer
SELECT name LIKE 'a%' AS a, name GLOB 'a*' AS b, name NOT LIKE '%\_%' ESCAPE '\' AS c FROM host;
-- => a integer?, b integer
SELECT os LIKE 'a%' AS a, coalesce(os LIKE 'a%', 0) AS b FROM host;
-- => a integer?
SELECT name LIKE os AS a FROM host;
-- => r integer, b blob, z blob
SELECT random() AS r, randomblob(8) AS b, zeroblob(2) AS z;
-- => v text, c integer, t integer, l integer
SELECT sqlite_version() AS v, changes() AS c, total_changes() AS t, last_insert_rowid() AS l;
-- => a integer, b real, c integer
SELECT max(1, 2) AS a, min(1.5, 2.5) AS b, abs(-3) AS c;
-- => a text, b text
SELECT 'x' || 1 AS a, 1 || 2 AS b;
-- => a integer, b real, c real, d integer, e integer
SELECT 7 / 2 AS a, 7 / 2.0 AS b, 7.0 * 2 AS c, 7 % 2 AS d, 1 << 3 AS e;
-- => a integer?, b real?
SELECT 1 / 0 AS a, 1 % 0.0 AS b;
-- => a integer, b integer?, c integer
SELECT 1 = 1 AS a, NULL = 1 AS b, NULL IS NULL AS c;
-- => a any?
SELECT nullif(1, 1) AS a;
-- => a integer
SELECT iif(1 < 2, 1, 2) AS a;
-- => m real?, n integer
SELECT mem AS m, mem IS NULL AS n FROM sample;
-- => m real
SELECT iif(mem IS NULL, cpu, mem) AS m FROM sample;
-- => m real
SELECT CASE WHEN mem IS NOT NULL AND mem > 1 THEN mem ELSE cpu END AS m FROM sample;
-- => m real
SELECT CASE WHEN mem IS NULL OR mem < 0 THEN cpu ELSE mem END AS m FROM sample;
-- => m real
SELECT CASE WHEN mem IS NULL THEN cpu WHEN mem > 1 THEN mem ELSE mem + 1 END AS m FROM sample;
-- => m real?
SELECT CASE WHEN cpu > 1 THEN mem ELSE cpu END AS m FROM sample;
-- => b text
SELECT CASE state WHEN 'ok' THEN 'fine' WHEN 'bad' THEN 'broken' ELSE state END AS b FROM sample;
-- => name text, cpu real
SELECT name, cpu FROM host JOIN sample ON host_id = id WHERE at > :from AND at <= :to ORDER BY at LIMIT :limit OFFSET :offset;
-- params: from integer, to integer, limit integer, offset integer
-- => n integer
SELECT count(*) AS n FROM sample WHERE cpu > ?1 AND (mem > ?1 OR state = ?2);
-- params: ?1 real?, ?2 text?
-- => n integer
SELECT count(*) AS n FROM sample WHERE host_id = @host AND state IN ($a, $b, 'ok');
-- params: @host integer?, $a text?, $b text?
-- => name text
SELECT name FROM host WHERE name LIKE :pattern ESCAPE '\';
-- params: pattern text
-- => name text
SELECT name FROM host WHERE lower(name) = lower(:name);
-- params: name text
-- => name text
SELECT name FROM host WHERE id BETWEEN :lo AND :hi;
-- params: lo integer, hi integer
-- => name text
SELECT name FROM host WHERE (id, name) > (:id, :name);
-- params: id integer, name text
-- => name text
SELECT name FROM host WHERE (id, name) IN (VALUES (:a, :b), (1, 'x'));
-- params: a integer, b text
-- => name text
SELECT name FROM host WHERE id = coalesce(:id, 1);
-- params: id integer
-- => name text
SELECT name FROM host WHERE CASE WHEN :on THEN id > :id ELSE 1 END;
-- params: id integer
-- => name text
SELECT name FROM host WHERE id IN (SELECT host_id FROM sample WHERE cpu > :cpu GROUP BY host_id HAVING count(*) > :n);
-- params: cpu real, n integer
-- => name text, label text
SELECT name, name || :suffix AS label FROM host;
-- params: suffix text
-- => scaled real
SELECT cpu * :factor AS scaled FROM sample;
-- => day text?
SELECT date(at, 'unixepoch', :modifier) AS day FROM sample;
-- params: modifier text
-- => s text
SELECT substr(name, :start, :length) AS s FROM host;
-- params: start integer, length integer
-- => at integer
SELECT at FROM sample WHERE at > unixepoch(:since) AND -cpu < :x;
-- params: since text, x real
-- => at integer
SELECT at FROM sample WHERE at >= :now - 3600 AND at < :now;
-- params: now integer
-- => at integer
SELECT at FROM sample ORDER BY CASE WHEN :dir = 'asc' THEN at END, at DESC;
-- params: dir text
-- => r any
SELECT round(cpu, :digits) + :more AS r FROM sample;
