-- statements of triggers, OLD and NEW among their values.
-- expect L301 8:27: every row of `lines` is read to find those that match
CREATE TABLE orders (id INTEGER PRIMARY KEY, total INT NOT NULL);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INT NOT NULL, sku TEXT NOT NULL);
CREATE INDEX of_order ON lines (order_id);
CREATE TRIGGER IF NOT EXISTS clean AFTER DELETE ON orders WHEN old.total > 0 BEGIN
  DELETE FROM lines WHERE order_id = old.id;
  DELETE FROM lines WHERE sku = 'of ' || old.id;
END;
