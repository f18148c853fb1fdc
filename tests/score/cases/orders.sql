CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phone TEXT, referred_by INTEGER REFERENCES customers(id), active BOOLEAN NOT NULL DEFAULT 1);
CREATE TABLE products (sku TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, price NUMERIC NOT NULL, weight REAL, stock INTEGER NOT NULL DEFAULT 0, attributes TEXT) WITHOUT ROWID;
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), placed TEXT NOT NULL, shipped TEXT, discount REAL, note TEXT);
CREATE TABLE lines (order_id INTEGER NOT NULL REFERENCES orders(id), sku TEXT NOT NULL REFERENCES products(sku), quantity INTEGER NOT NULL CHECK (quantity > 0), unit_price REAL NOT NULL, PRIMARY KEY (order_id, sku)) WITHOUT ROWID;
CREATE TABLE coupons (code TEXT PRIMARY KEY, percent INTEGER, order_id INTEGER);
CREATE VIEW totals AS SELECT order_id, sum(quantity * unit_price) AS total, count(*) AS n FROM lines GROUP BY order_id;
CREATE VIEW customer_orders (customer, name, order_id, total) AS SELECT c.id, c.name, o.id, t.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id LEFT JOIN totals t ON t.order_id = o.id;

-- => id integer, email text, name text, phone text?, referred_by integer?, active bool
SELECT * FROM customers;
-- => id integer, phone text
SELECT id, phone FROM customers WHERE phone IS NOT NULL;
-- => phone text
SELECT phone FROM customers WHERE phone LIKE '+49%';
-- => phone text?
SELECT phone FROM customers WHERE phone IS NULL OR phone = '';
-- => phone text
SELECT phone FROM customers WHERE phone = ?;
-- => phone text
SELECT phone FROM customers WHERE phone IN ('a', 'b') OR phone > 'c';
-- => phone text
SELECT phone FROM customers WHERE NOT (phone IS NULL);
-- => phone text
SELECT phone FROM customers WHERE length(phone) > 3;
-- => phone text?
SELECT phone FROM customers WHERE coalesce(phone, '') <> 'x';
-- => p text
SELECT coalesce(phone, email) AS p FROM customers;
-- => p text?
SELECT nullif(name, '') AS p FROM customers;
-- => p text
SELECT ifnull(phone, 'none') AS p FROM customers;
-- => kind text
SELECT CASE WHEN phone IS NULL THEN 'no' ELSE 'yes' END AS kind FROM customers;
-- => kind text?
SELECT CASE WHEN active THEN 'on' END AS kind FROM customers;
-- => p text
SELECT CASE WHEN phone IS NOT NULL THEN phone ELSE name END AS p FROM customers;
-- => p text
SELECT iif(phone IS NULL, name, phone) AS p FROM customers;
-- => code text?, percent integer?
SELECT code, percent FROM coupons;
-- => sku text, price real
SELECT sku, price FROM products;
-- => name text, referrer text?
SELECT c.name, r.name AS referrer FROM customers c LEFT JOIN customers r ON r.id = c.referred_by;
-- => name text, referrer text
SELECT c.name, r.name AS referrer FROM customers c JOIN customers r ON r.id = c.referred_by;
-- => referred_by integer
SELECT c.referred_by FROM customers c JOIN customers r ON r.id = c.referred_by;
-- => id integer, n integer
SELECT o.id, count(l.sku) AS n FROM orders o LEFT JOIN lines l ON l.order_id = o.id GROUP BY o.id;
-- => id integer, total real?
SELECT o.id, sum(l.quantity * l.unit_price) AS total FROM orders o LEFT JOIN lines l ON l.order_id = o.id GROUP BY o.id;
-- => id integer, total real
SELECT o.id, total(l.quantity * l.unit_price) AS total FROM orders o LEFT JOIN lines l ON l.order_id = o.id GROUP BY o.id;
-- => order_id integer, total real
SELECT order_id, sum(quantity * unit_price) AS total FROM lines GROUP BY order_id;
-- => total real?
SELECT sum(quantity * unit_price) AS total FROM lines;
-- => n integer
SELECT count(*) AS n FROM orders WHERE shipped IS NULL;
-- => first text?, last text?
SELECT min(placed) AS first, max(shipped) AS last FROM orders;
-- => customer_id integer, first text, last text?
SELECT customer_id, min(placed) AS first, max(shipped) AS last FROM orders GROUP BY customer_id;
-- => customer_id integer, last text
SELECT customer_id, max(shipped) AS last FROM orders GROUP BY customer_id HAVING max(shipped) IS NOT NULL;
-- => customer_id integer, last text
SELECT customer_id, max(shipped) AS last FROM orders WHERE shipped > '2020' GROUP BY customer_id;
-- => order_id integer, total real, n integer
SELECT * FROM totals;
-- => customer integer, name text, order_id integer?, total real?
SELECT * FROM customer_orders;
-- => customer integer, name text, order_id integer?, total real
SELECT customer, name, order_id, coalesce(total, 0.0) AS total FROM customer_orders;
-- => order_id integer, total real?
SELECT order_id, total FROM customer_orders WHERE order_id IS NOT NULL;
-- => name text, n integer?
SELECT c.name, t.n FROM customers c LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) t ON t.customer_id = c.id;
-- => name text, n integer
SELECT c.name, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM customers c;
-- => name text, last text?
SELECT c.name, (SELECT max(placed) FROM orders o WHERE o.customer_id = c.id) AS last FROM customers c;
-- => name text, some integer
SELECT name, EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) AS some FROM customers c;
-- => id integer, share real?
SELECT id, discount / 100.0 AS share FROM orders;
-- => id integer, share real
SELECT id, discount / 100.0 AS share FROM orders WHERE discount IS NOT NULL;
-- => ratio real?
SELECT price / stock AS ratio FROM products;
-- => rest integer
SELECT stock % 10 AS rest FROM products;
-- => rest integer?
SELECT stock % length(title) AS rest FROM products;
-- => sku text, rank integer
SELECT sku, row_number() OVER (ORDER BY price DESC) AS rank FROM products;
-- => sku text, before text?
SELECT sku, lag(title) OVER (ORDER BY sku) AS before FROM products;
-- => sku text, before text
SELECT sku, lag(title, 1, '') OVER (ORDER BY sku) AS before FROM products;
-- => sku text, running real
SELECT sku, sum(unit_price) OVER (PARTITION BY sku ORDER BY order_id) AS running FROM lines;
-- => sku text, share real?
SELECT sku, sum(unit_price) FILTER (WHERE quantity > 1) OVER (PARTITION BY sku) AS share FROM lines;
-- => big integer, total integer
SELECT count(*) FILTER (WHERE quantity > 10) AS big, count(*) AS total FROM lines;
-- => avg real?
SELECT avg(quantity) FILTER (WHERE quantity > 10) AS avg FROM lines;
-- => skus text
SELECT group_concat(sku, ', ') AS skus FROM lines GROUP BY order_id;
-- => name text
SELECT name FROM customers UNION SELECT title FROM products;
-- => name text?
SELECT name FROM customers UNION ALL SELECT phone FROM customers;
-- => phone text?
SELECT phone FROM customers EXCEPT SELECT name FROM customers;
-- => phone text
SELECT phone FROM customers INTERSECT SELECT name FROM customers;
-- => id integer, late integer
SELECT id, CAST(shipped > placed AS BOOLEAN) AS late FROM orders WHERE shipped IS NOT NULL;
-- => id integer, late integer?
SELECT id, shipped > placed AS late FROM orders;
-- => id integer, late integer
SELECT id, shipped IS NOT NULL AND shipped > placed AS late FROM orders WHERE shipped > '';
-- => id integer, day text?
SELECT id, date(shipped) AS day FROM orders;
-- => days real?
SELECT julianday(shipped) - julianday(placed) AS days FROM orders;
-- => id integer
INSERT INTO orders (customer_id, placed) VALUES (?, datetime('now')) RETURNING id;
-- => id integer, shipped text
UPDATE orders SET shipped = datetime('now') WHERE id = ? RETURNING id, shipped;
-- => id integer, note text?
DELETE FROM orders WHERE shipped IS NULL RETURNING id, note;
-- => sku text, stock integer
INSERT INTO products (sku, title, price) VALUES (?, ?, ?) ON CONFLICT (sku) DO UPDATE SET stock = stock + 1 RETURNING sku, stock;
-- => color any?
SELECT attributes ->> 'color' AS color FROM products;
-- => color text?
SELECT attributes -> '$.color' AS color FROM products;
-- => color any
SELECT coalesce(json_extract(attributes, '$.color'), 'none') AS color FROM products;
-- => sku text, tag any?
SELECT p.sku, j.value AS tag FROM products p, json_each(p.attributes) j;
-- => id integer, name text, phone text?
WITH active AS (SELECT id, name, phone FROM customers WHERE active) SELECT * FROM active;
-- => id integer, total real?
WITH t AS (SELECT order_id, sum(unit_price) AS total FROM lines GROUP BY order_id) SELECT o.id, t.total FROM orders o LEFT JOIN t ON t.order_id = o.id;
-- => id integer, total real
WITH t AS (SELECT order_id, sum(unit_price) AS total FROM lines GROUP BY order_id) SELECT o.id, t.total FROM orders o JOIN t ON t.order_id = o.id;
-- => order_id integer, sku text, quantity integer, unit_price real, title text
SELECT lines.*, products.title FROM lines JOIN products USING (sku);
-- => sku text, order_id integer?, title text
SELECT sku, order_id, title FROM lines RIGHT JOIN products USING (sku);
-- => sku text, order_id integer?, title text?
SELECT sku, order_id, title FROM lines FULL JOIN products USING (sku);
-- => percent integer, order_id integer
SELECT percent, order_id FROM coupons WHERE (percent, order_id) = (10, 5);
-- => percent integer, order_id integer
SELECT percent, order_id FROM coupons WHERE percent BETWEEN 1 AND 10 AND order_id IN (SELECT id FROM orders);
-- => code text
SELECT code FROM coupons WHERE code IN (SELECT note FROM orders);
-- => n integer, p integer?
SELECT count(*) AS n, percent AS p FROM coupons WHERE percent > 3;
-- => upper text, len integer, ini text
SELECT upper(name) AS upper, length(name) AS len, substr(name, 1, 1) AS ini FROM customers;
-- => a real, b integer, c real
SELECT round(unit_price, 2) AS a, abs(quantity) AS b, abs(unit_price) AS c FROM lines;
-- => lo real, hi real?
SELECT min(unit_price, 1.0) AS lo, max(weight, 1.0) AS hi FROM lines JOIN products USING (sku);
-- => label text?
SELECT title || ' (' || weight || ' kg)' AS label FROM products;
-- => label text
SELECT printf('%s %d', title, stock) AS label FROM products;
-- => total real
SELECT coalesce(sum(unit_price), 0.0) AS total FROM lines;
-- => total integer
SELECT coalesce(sum(quantity), 0) AS total FROM lines;
-- => shipped text
SELECT o.shipped FROM orders o WHERE EXISTS (SELECT 1 FROM lines l WHERE l.sku = o.shipped);
-- => id integer, shipped text?
SELECT id, shipped FROM orders WHERE NOT EXISTS (SELECT 1 FROM lines l WHERE l.sku = orders.shipped);
