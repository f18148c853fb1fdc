CREATE TABLE sensors (id TEXT PRIMARY KEY NOT NULL, place TEXT, unit TEXT NOT NULL, minimum REAL, config JSON);
CREATE TABLE readings (sensor TEXT NOT NULL REFERENCES sensors(id), at TIMESTAMP NOT NULL, value REAL, quality INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (sensor, at)) WITHOUT ROWID;
CREATE TABLE alarms (id INTEGER PRIMARY KEY AUTOINCREMENT, sensor TEXT NOT NULL, raised INTEGER NOT NULL, cleared INTEGER, level INTEGER NOT NULL, acked BOOLEAN);
CREATE TABLE days (day DATE NOT NULL UNIQUE, low REAL, high REAL, spread REAL GENERATED ALWAYS AS (high - low) VIRTUAL);
CREATE VIRTUAL TABLE notes USING fts5(title, body, sensor UNINDEXED);
CREATE VIEW latest AS SELECT sensor, max(at) AS at, value FROM readings GROUP BY sensor;
CREATE VIEW open_alarms AS SELECT a.*, s.place FROM alarms a JOIN sensors s ON s.id = a.sensor WHERE a.cleared IS NULL;

-- => sensor text, at timestamp, value real?, quality integer
SELECT * FROM readings;
-- => sensor text, at timestamp, value real?
SELECT * FROM latest;
-- => id integer, sensor text, raised integer, cleared integer?, level integer, acked bool?, place text?
SELECT * FROM open_alarms;
-- => day date, low real?, high real?, spread real?
SELECT * FROM days;
-- => day date, spread real?
SELECT day, spread FROM days WHERE spread IS NOT NULL OR low IS NULL;
-- => spread real
SELECT spread FROM days WHERE spread > 10;
-- => hour text?, mean real?
SELECT strftime('%Y-%m-%d %H:00', at) AS hour, avg(value) AS mean FROM readings GROUP BY 1;
-- => mean real
SELECT avg(value) AS mean FROM readings WHERE value IS NOT NULL GROUP BY sensor;
-- => sensor text, delta real?
SELECT sensor, value - lag(value) OVER (PARTITION BY sensor ORDER BY at) AS delta FROM readings;
-- => sensor text, place text?, value real?
SELECT s.id AS sensor, s.place, r.value FROM sensors s LEFT JOIN readings r ON r.sensor = s.id AND r.at > ?;
-- => sensor text, n integer, bad integer
SELECT sensor, count(*) AS n, sum(quality < 0) AS bad FROM readings GROUP BY sensor;
-- => n integer, bad integer?
SELECT count(*) AS n, sum(quality < 0) AS bad FROM readings;
-- => share real?
SELECT 100.0 * sum(quality) / count(*) AS share FROM readings;
-- => share real
SELECT 100.0 * count(value) / 7 AS share FROM readings;
-- => sensor text, share real
SELECT sensor, 100.0 * count(value) / count(*) AS share FROM readings GROUP BY sensor;
-- => low real, high real
SELECT min(value) AS low, max(value) AS high FROM readings WHERE value > 0 GROUP BY sensor;
-- => low real?, high real?
SELECT min(value) AS low, max(value) AS high FROM readings WHERE value > 0;
-- => sensor text, at timestamp, value real
SELECT sensor, at, value FROM readings WHERE value BETWEEN ? AND ?;
-- => value real?
SELECT value FROM readings WHERE value BETWEEN 1 AND 2 OR quality = 3;
-- => value real
SELECT value FROM readings WHERE (value > 1 AND quality = 2) OR (value < 0 AND quality = 3);
-- => ok integer?
SELECT value >= minimum AS ok FROM readings JOIN sensors ON id = sensor;
-- => ok integer
SELECT value >= minimum AS ok FROM readings JOIN sensors ON id = sensor WHERE value + minimum > 0;
-- => config json?
SELECT config FROM sensors;
-- => limit_ any?
SELECT json_extract(config, '$.limit') AS limit_ FROM sensors;
-- => config text?
SELECT json_set(config, '$.limit', 3) AS config FROM sensors;
-- => n integer?
SELECT json_array_length(config) AS n FROM sensors;
-- => ok integer
SELECT json_valid(config) AS ok FROM sensors WHERE config <> '';
-- => o text, a text, g text
SELECT json_object('id', id, 'u', unit) AS o, json_array(id, unit) AS a, json_group_array(id) AS g FROM sensors GROUP BY id;
-- => g text
SELECT json_group_object(id, place) AS g FROM sensors;
-- => id text, key any?, value any?
SELECT s.id, j.key, j.value FROM sensors s LEFT JOIN json_each(s.config) j;
-- => title text?, body text?, sensor text?
SELECT * FROM notes WHERE notes MATCH ?;
-- => rowid integer, title text?
SELECT rowid, title FROM notes WHERE notes MATCH 'x' ORDER BY rank;
-- => score real
SELECT bm25(notes) AS score FROM notes WHERE notes MATCH 'x';
-- => s text?
SELECT snippet(notes, 1, '<b>', '</b>', '…', 10) AS s FROM notes WHERE notes MATCH 'x';
-- => s text?
SELECT highlight(notes, 0, '[', ']') AS s FROM notes WHERE notes MATCH 'x';
-- => title text?, place text?
SELECT n.title, s.place FROM notes n LEFT JOIN sensors s ON s.id = n.sensor;
-- => title text
SELECT title FROM notes WHERE title IS NOT NULL;
-- => lasted integer?
SELECT cleared - raised AS lasted FROM alarms;
-- => lasted integer
SELECT cleared - raised AS lasted FROM alarms WHERE cleared IS NOT NULL;
-- => lasted integer
SELECT coalesce(cleared, unixepoch('now')) - raised AS lasted FROM alarms;
-- => state text
SELECT CASE WHEN cleared IS NOT NULL THEN 'cleared' WHEN acked THEN 'acked' ELSE 'open' END AS state FROM alarms;
-- => acked integer
SELECT acked IS TRUE AS acked FROM alarms;
-- => acked bool
SELECT coalesce(acked, 0) AS acked FROM alarms;
-- => acked bool?
SELECT acked FROM alarms WHERE acked IS NOT TRUE;
-- => acked bool
SELECT acked FROM alarms WHERE acked IS TRUE;
-- => acked bool
SELECT acked FROM alarms WHERE acked;
-- => level integer, n integer, last integer
SELECT level, count(*) AS n, max(raised) AS last FROM alarms GROUP BY level ORDER BY n DESC LIMIT ? OFFSET ?;
-- => sensor text, raised integer, next integer?
SELECT sensor, raised, lead(raised) OVER (PARTITION BY sensor ORDER BY raised) AS next FROM alarms;
-- => id integer, cleared integer
UPDATE alarms SET cleared = unixepoch('now') WHERE cleared IS NULL AND sensor = ? RETURNING id, cleared;
-- => id integer
INSERT INTO alarms (sensor, raised, level) VALUES (?, ?, ?) RETURNING id;
-- => sensor text, value real?
INSERT INTO readings (sensor, at, value) VALUES (?, ?, ?) ON CONFLICT (sensor, at) DO UPDATE SET value = excluded.value RETURNING sensor, value;
-- => id text, place text
SELECT id, place FROM sensors WHERE (id, place) IN (SELECT sensor, sensor FROM readings);
-- => id text, place text
SELECT DISTINCT s.id, s.place FROM sensors s, readings r WHERE r.sensor = s.place;
-- => place text
SELECT place FROM sensors GROUP BY place HAVING place IS NOT NULL AND count(*) > 1;
-- => p text, n integer
SELECT ifnull(place, '?') AS p, count(*) AS n FROM sensors GROUP BY p;
-- => id text, unit text, top real?
SELECT s.id, s.unit, (SELECT max(value) FROM readings r WHERE r.sensor = s.id AND r.at >= datetime('now', '-1 day')) AS top FROM sensors s;
-- => d text, n integer
WITH RECURSIVE d(d) AS (SELECT date('now', '-6 days') UNION ALL SELECT date(d, '+1 day') FROM d WHERE d < date('now')) SELECT ifnull(d, '') AS d, (SELECT count(*) FROM readings WHERE date(at) = d.d) AS n FROM d;
-- => kind text, t any
SELECT 'alarm' AS kind, raised AS t FROM alarms UNION ALL SELECT 'reading', at FROM readings;
-- => a real, b real
SELECT total(value) AS a, total(value) FILTER (WHERE quality > 0) AS b FROM readings;
-- => value real
SELECT max(value) AS value FROM readings HAVING max(value) > 0;
