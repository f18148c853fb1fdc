CREATE TABLE account (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('asset', 'debt')), balance INTEGER NOT NULL DEFAULT 0, note TEXT, closed_at TEXT, UNIQUE (owner, kind));
CREATE TABLE entry (account_id INTEGER NOT NULL, seq INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), memo TEXT, ref TEXT, PRIMARY KEY (account_id, seq), FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE rate (cur TEXT, day TEXT, rate REAL NOT NULL, PRIMARY KEY (cur, day));
CREATE TABLE kv (k TEXT NOT NULL PRIMARY KEY, v TEXT, n INTEGER NOT NULL DEFAULT 1, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE staging (owner TEXT, kind TEXT, amount INTEGER);
CREATE TABLE audit (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES account ON DELETE SET NULL, delta INTEGER NOT NULL);
CREATE TRIGGER t_entry AFTER INSERT ON entry BEGIN UPDATE account SET balance = balance + new.amount WHERE id = new.account_id; INSERT INTO audit (account_id, delta) VALUES (new.account_id, new.amount); END;
CREATE TEMP TABLE scratch (id INTEGER PRIMARY KEY, x REAL);

-- => id integer
INSERT INTO account (owner, kind, note) VALUES (:owner, :kind, :note) RETURNING id;
-- params: owner text, kind text, note text
-- => id integer, owner text, kind text, balance integer, note text?, closed_at text?
INSERT INTO account (owner, kind) VALUES (?, ?) RETURNING *;
-- => note text
INSERT INTO account (owner, kind, note) VALUES ('a', 'debt', 'x') RETURNING note;
-- => n integer
INSERT INTO kv (k, v) VALUES (:k, :v) ON CONFLICT (k) DO UPDATE SET v = excluded.v, n = n + 1 RETURNING n;
-- params: k text, v text
-- => k text, v text?
INSERT INTO kv (k, v) VALUES (?1, ?2) ON CONFLICT (k) DO UPDATE SET v = coalesce(excluded.v, v) WHERE excluded.v IS NOT v RETURNING k, v;
-- => k text
INSERT INTO kv (k) VALUES (?) ON CONFLICT DO NOTHING RETURNING k;
-- => k text, upper text
INSERT OR REPLACE INTO kv (k, v, n) VALUES (?, ?, ?) RETURNING k, upper(k) AS upper;
-- => balance integer, double integer
UPDATE account SET balance = balance - :amount WHERE id = :id AND balance >= :amount RETURNING balance, balance * 2 AS double;
-- params: amount integer, id integer
-- => id integer, note text
UPDATE account SET note = :note WHERE owner = :owner RETURNING id, note;
-- => id integer, closed_at text
UPDATE account SET closed_at = CURRENT_TIMESTAMP WHERE closed_at IS NULL RETURNING id, closed_at;
-- => id integer, note text?
UPDATE account SET note = NULL WHERE note IS NOT NULL RETURNING id, note;
-- => note text?
UPDATE account SET balance = 0 RETURNING note;
-- => note text
UPDATE account SET balance = 0 WHERE note > 'a' RETURNING note;
-- => id integer, balance integer
UPDATE account SET balance = s.total FROM (SELECT account_id, sum(amount) AS total FROM entry GROUP BY account_id) AS s WHERE s.account_id = account.id RETURNING id, balance;
-- => note text?
UPDATE account SET note = e.memo FROM entry AS e WHERE e.account_id = account.id AND e.seq = 1 RETURNING note;
-- => id integer, owner text, kind text
DELETE FROM account WHERE id = ? RETURNING id, owner, kind;
-- => gone text
DELETE FROM entry WHERE account_id IN (SELECT id FROM account WHERE closed_at < ?) RETURNING account_id || ':' || seq AS gone;
-- => cur text?, day text?, rate real
SELECT * FROM rate;
-- => id integer, total integer
SELECT a.id, coalesce(sum(e.amount), 0) AS total FROM account a LEFT JOIN entry e ON e.account_id = a.id GROUP BY a.id;
-- => id integer, total integer?
SELECT a.id, sum(e.amount) AS total FROM account a LEFT JOIN entry e ON e.account_id = a.id GROUP BY a.id HAVING a.balance <> 0;
-- => id integer, total integer
SELECT a.id, sum(e.amount) AS total FROM account a LEFT JOIN entry e ON e.account_id = a.id GROUP BY a.id HAVING sum(e.amount) <> a.balance;
-- => account_id integer, seq integer, running integer
SELECT account_id, seq, sum(amount) OVER (PARTITION BY account_id ORDER BY seq) AS running FROM entry;
-- => id integer, last_memo text?
SELECT id, (SELECT memo FROM entry WHERE account_id = account.id ORDER BY seq DESC LIMIT 1) AS last_memo FROM account;
-- => next integer
SELECT coalesce(max(seq), 0) + 1 AS next FROM entry WHERE account_id = ?;
-- => next integer
SELECT ifnull((SELECT max(seq) FROM entry WHERE account_id = ?1), 0) + 1 AS next;
-- => x real?
SELECT x FROM scratch;
-- => x real?
SELECT temp.scratch.x FROM temp.scratch;
-- => id integer
SELECT main.account.id FROM main.account;
-- => a integer
SELECT "a"."id" AS a FROM "account" AS "a";
-- => account_id integer?, delta integer
SELECT account_id, delta FROM audit;
-- => owner text, delta integer
SELECT owner, delta FROM audit JOIN account ON account.id = audit.account_id;
-- => account_id integer, owner text
SELECT account_id, owner FROM audit JOIN account ON account.id = audit.account_id;
-- => account_id integer
SELECT audit.account_id FROM audit, account a WHERE a.id = audit.account_id AND a.kind = 'debt';
-- => owner text, kind text, amount integer
SELECT owner, kind, amount FROM staging WHERE owner NOTNULL AND kind IN ('asset', 'debt') AND amount <> 0;
-- => id integer
INSERT INTO account (owner, kind, balance) SELECT owner, kind, sum(amount) FROM staging WHERE owner IS NOT NULL GROUP BY owner, kind ON CONFLICT (owner, kind) DO UPDATE SET balance = balance + excluded.balance RETURNING id;
-- => amount integer, side text
SELECT abs(amount) AS amount, CASE WHEN amount > 0 THEN 'in' ELSE 'out' END AS side FROM entry;
-- => m text, c integer
SELECT coalesce(memo, ref, '') AS m, coalesce(NULL, seq) AS c FROM entry;
-- => m text?
SELECT coalesce(memo, ref) AS m FROM entry;
-- => m text
SELECT coalesce(memo, ref) AS m FROM entry WHERE memo IS NOT NULL;
-- => m text
SELECT coalesce(memo, ref) AS m FROM entry WHERE coalesce(memo, ref) IS NOT NULL;
-- => memo text
SELECT memo FROM entry WHERE memo = ref;
-- => memo text
SELECT e.memo FROM entry e JOIN entry f ON e.memo = f.memo AND e.seq < f.seq;
-- => memo text, n integer
SELECT memo, count(*) AS n FROM entry WHERE memo <> '' GROUP BY memo;
-- => memo text?, n integer
SELECT memo, count(*) AS n FROM entry GROUP BY memo HAVING count(*) > 1;
-- => memo text
SELECT memo FROM entry GROUP BY memo HAVING memo <> '';
-- => id integer, has_note integer
SELECT id, note IS NOT NULL AS has_note FROM account;
-- => id integer, same integer?
SELECT id, note = owner AS same FROM account;
-- => id integer, same integer
SELECT id, note IS owner AS same FROM account;
-- => id integer, same integer
SELECT id, note IS DISTINCT FROM owner AS same FROM account;
-- => id integer, same integer
SELECT id, note IS NOT DISTINCT FROM owner AS same FROM account;
-- => both integer
SELECT (id, owner) = (1, 'x') AS both FROM account;
-- => less integer?
SELECT (owner, note) < ('a', 'b') AS less FROM account;
-- => inn integer, out integer
SELECT kind IN ('asset', 'debt') AS inn, kind NOT IN (SELECT kind FROM account) AS out FROM account;
-- => none integer
SELECT id IN () AS none FROM account;
-- => none integer
SELECT note IN () AS none FROM account;
-- => inn integer?
SELECT kind IN (SELECT note FROM account) AS inn FROM account;
-- => btw integer, nbtw integer?
SELECT id BETWEEN 1 AND 5 AS btw, note NOT BETWEEN 'a' AND 'b' AS nbtw FROM account;
-- => id integer
SELECT id FROM account WHERE owner = :who OR note = :who OR :who = kind;
-- params: who text
-- => id integer
SELECT id FROM account LIMIT ? OFFSET ?;
-- params: ?1 integer?, ?2 integer?
-- => id integer
SELECT id FROM account LIMIT max(:page, 1) * 10;
-- params: page integer
-- => sum integer?
SELECT sum(amount) AS sum FROM entry WHERE seq > ? AND account_id = ?;
-- => total integer
SELECT total FROM (SELECT sum(amount) AS total FROM entry) WHERE total IS NOT NULL;
-- => total integer?
SELECT t.total FROM account a LEFT JOIN (SELECT account_id, sum(amount) AS total FROM entry GROUP BY account_id) t ON t.account_id = a.id WHERE a.closed_at IS NULL;
-- => total integer
SELECT t.total FROM account a LEFT JOIN (SELECT account_id, sum(amount) AS total FROM entry GROUP BY account_id) t ON t.account_id = a.id WHERE t.total > 0;
-- => id integer, top integer?
SELECT id, (SELECT max(amount) FROM entry WHERE account_id = a.id) AS top FROM account a;
-- => ok integer
SELECT 1 AS ok WHERE EXISTS (SELECT * FROM account WHERE id = ?);
-- => ok integer
SELECT EXISTS (SELECT 1 FROM account WHERE owner = :o) AS ok;
-- => c integer, s integer
SELECT (SELECT count(*) FROM account) AS c, (SELECT coalesce(sum(balance), 0) FROM account) AS s;
-- => column1 integer, column2 text
VALUES (1, 'x'), (2, 'y');
