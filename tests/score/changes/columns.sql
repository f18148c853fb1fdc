-- Columns that change: types, nullability, defaults, collations, checks, order.
-- Each case: "-- == name", what is there, "-- ->", what is wanted. "--! rename x:y" is told to quarry.

-- == type_int_to_text
CREATE TABLE t (id INTEGER PRIMARY KEY, v INT, w TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w TEXT);

-- == type_text_to_int
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w BLOB);
CREATE INDEX t_v ON t (v);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, w BLOB);
CREATE INDEX t_v ON t (v);

-- == type_length_only
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(30) NOT NULL, bio varchar);
-- ->
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(100) NOT NULL, bio varchar(500));

-- == type_words_with_blanks
CREATE TABLE t (a DOUBLE PRECISION, b UNSIGNED BIG INT, c NATIVE CHARACTER(70), d DECIMAL(10,5));
-- ->
CREATE TABLE t (a DOUBLE, b BIGINT, c NATIVE CHARACTER (70), d DECIMAL(10,2));

-- == type_taken_away
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c NUMERIC, d);
-- ->
CREATE TABLE t (a INTEGER PRIMARY KEY, b, c, d BLOB);

-- == type_with_quotes_and_sign
CREATE TABLE t (a "long text", b [weird type](-1, +2), c 'str');
-- ->
CREATE TABLE t (a "long text", b [weird type](-1, +3), c 'str');

-- == not_null_with_default
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT DEFAULT 'none', n INTEGER DEFAULT -1);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL DEFAULT 'none', n INTEGER NOT NULL DEFAULT -1);

-- == not_null_with_new_default
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, at TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);

-- == not_null_without_default
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w REAL);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL, w REAL);

-- == not_null_taken_away
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL, w REAL NOT NULL DEFAULT 0.5, UNIQUE (v, w));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w REAL DEFAULT 0.5, UNIQUE (v, w));

-- == not_null_conflict_clause
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'x');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL ON CONFLICT IGNORE DEFAULT 'x');

-- == default_added
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 0, b TEXT DEFAULT 'it''s', c BLOB DEFAULT x'00ff');

-- == default_taken_away
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT +5, b TEXT DEFAULT '', c BLOB DEFAULT x'', d DEFAULT NULL);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB, d);

-- == default_null_is_none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT NULL, b TEXT DEFAULT 'NULL');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'NULL', b TEXT DEFAULT NULL);

-- == default_number_to_text
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 1, b TEXT DEFAULT '1.0');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT '1', b TEXT DEFAULT 1.0);

-- == default_expressions
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT (datetime('now')), b INTEGER DEFAULT (1 + 2), c DEFAULT (random()));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT (datetime('now', 'localtime')), b INTEGER DEFAULT (1+3), c DEFAULT (hex(randomblob(16))));

-- == default_current
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT CURRENT_TIMESTAMP, b TEXT DEFAULT CURRENT_DATE, c TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'CURRENT_TIMESTAMP', b TEXT DEFAULT CURRENT_TIME, c TEXT DEFAULT current_timestamp);

-- == default_strings_with_quotes
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT '"', b TEXT DEFAULT '''', c TEXT DEFAULT "double ""quoted""", d TEXT DEFAULT 'a;b--c/*d');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT '''', b TEXT DEFAULT '"', c TEXT DEFAULT 'double "quoted"!', d TEXT DEFAULT 'a;b--c/*d*/');

-- == default_numbers
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT -9223372036854775808, b REAL DEFAULT 1e300, c INT DEFAULT 0x7f, d REAL DEFAULT -0.0, e INT DEFAULT 9223372036854775807);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT 9223372036854775807, b REAL DEFAULT -1.5e-300, c INT DEFAULT 0xFFFFFFFF, d REAL DEFAULT 0.0, e INT DEFAULT 9223372036854775808);

-- == default_true_false
CREATE TABLE t (id INTEGER PRIMARY KEY, a BOOLEAN DEFAULT TRUE, b BOOLEAN NOT NULL DEFAULT false, c BOOLEAN DEFAULT 1);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a BOOLEAN DEFAULT 1, b BOOLEAN NOT NULL DEFAULT true, c BOOLEAN DEFAULT 'true');

-- == default_bare_word
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT good, b TEXT DEFAULT [in brackets]);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT bad, b TEXT DEFAULT 'in brackets');

-- == default_of_new_column_expression
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, made TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), n INT DEFAULT (abs(-4)));

-- == add_nullable_and_constant
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT NOT NULL DEFAULT 'x''y"z', d BLOB DEFAULT x'01');

-- == add_not_null_without_default_empty_or_not
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT NOT NULL);

-- == add_in_the_middle
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, z TEXT);
CREATE TRIGGER t_ins AFTER INSERT ON t WHEN new.z IS NULL BEGIN UPDATE t SET z = 'z' WHERE id = new.id; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, m TEXT DEFAULT 'mid', z TEXT);
CREATE TRIGGER t_ins AFTER INSERT ON t WHEN new.z IS NULL BEGIN UPDATE t SET z = 'z' WHERE id = new.id; END;

-- == add_unique_column
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, code TEXT UNIQUE);

-- == add_column_with_check_and_reference
CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, pid INTEGER REFERENCES p (id) ON DELETE CASCADE, b INT DEFAULT 3 CHECK (b > 2));

-- == add_column_reference_with_default
CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, pid INTEGER DEFAULT NULL REFERENCES p (id));

-- == drop_plain
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);

-- == drop_indexed
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
CREATE INDEX t_b ON t (b);
CREATE INDEX t_ac ON t (a DESC, c) WHERE c IS NOT NULL;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
CREATE INDEX t_ac ON t (a DESC, c) WHERE c IS NOT NULL;

-- == drop_part_of_an_index
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
CREATE UNIQUE INDEX t_abc ON t (a, b, c);
CREATE INDEX t_p ON t (a) WHERE b > '';
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
CREATE INDEX t_abc ON t (a, c);
CREATE INDEX t_p ON t (a);

-- == drop_unique_column
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT, UNIQUE (b, a));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);

-- == drop_column_of_a_foreign_key
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, pid INTEGER REFERENCES p ON DELETE CASCADE, b TEXT);
-- ->
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);

-- == drop_column_named_in_check
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, c INT, CHECK (a < b), CONSTRAINT positive CHECK (c IS NULL OR c > -100));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, c INT, CONSTRAINT positive CHECK (c IS NULL OR c > -100));

-- == drop_column_used_by_a_trigger
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_upd AFTER UPDATE OF a, b ON t BEGIN INSERT INTO log VALUES ('now', old.b || new.b); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE log (at TEXT, what TEXT);
CREATE TRIGGER t_upd AFTER UPDATE OF a ON t BEGIN INSERT INTO log VALUES ('now', old.a || new.a); END;

-- == drop_first_column
CREATE TABLE t (junk TEXT, id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

-- == drop_all_but_one_and_add
CREATE TABLE t (a TEXT, b TEXT, c TEXT);
-- ->
CREATE TABLE t (c TEXT, d TEXT);

-- == all_columns_replaced
CREATE TABLE t (a TEXT, b TEXT);
-- ->
CREATE TABLE t (x INTEGER DEFAULT 7, y TEXT);

-- == order_only
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL, c BLOB);
CREATE VIEW v AS SELECT * FROM t;
-- ->
CREATE TABLE t (c BLOB, b REAL, id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT * FROM t;

-- == rename_told
--! rename t.a:title
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT CHECK (b > length(a) - 1000));
CREATE INDEX t_a ON t (lower(a));
CREATE VIEW v AS SELECT a AS a, b FROM t WHERE a <> '';
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT NOT NULL, b INT CHECK (b > length(title) - 1000));
CREATE INDEX t_a ON t (lower(title));
CREATE VIEW v AS SELECT title AS a, b FROM t WHERE title <> '';

-- == rename_and_change
--! rename t.a:b
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'q' COLLATE NOCASE, c TEXT);

-- == rename_not_told
CREATE TABLE t (id INTEGER PRIMARY KEY, old_name TEXT, c TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, new_name TEXT, c TEXT);

-- == rename_swap
--! rename t.a:b
--! rename t.b:a
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
CREATE INDEX t_a ON t (a, c);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, a TEXT, c TEXT);
CREATE INDEX t_a ON t (b, c);

-- == rename_circle_of_three
--! rename t.a:b
--! rename t.b:c
--! rename t.c:a
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c BLOB);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, c INT, a BLOB);

-- == rename_to_the_name_of_a_dropped_one
--! rename t.a:b
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, c TEXT);

-- == rename_shift
--! rename t.b:c
--! rename t.a:b
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, c TEXT);

-- == rename_case_only
CREATE TABLE t (id INTEGER PRIMARY KEY, userName TEXT, other TEXT);
CREATE INDEX i ON t (userName);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, username TEXT, Other TEXT);
CREATE INDEX i ON t (username);

-- == rename_referenced_key
--! rename p.id:pk
CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, pid INT REFERENCES p (id) ON DELETE CASCADE, q INT REFERENCES p);
-- ->
CREATE TABLE p (pk INTEGER PRIMARY KEY, n TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, pid INT REFERENCES p (pk) ON DELETE CASCADE, q INT REFERENCES p);

-- == collation_added
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT COLLATE RTRIM);
CREATE INDEX i ON t (a, b);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b TEXT);
CREATE INDEX i ON t (a, b);

-- == collation_binary_is_none
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE BINARY, b TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE nocase, b TEXT);

-- == collation_of_unique
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE UNIQUE);

-- == check_added_to_column
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a >= 0), b TEXT CHECK (b IN ('x', 'it''s', 'a,b', ')')));

-- == check_changed
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a IN ('x', 'y')), b INT, CONSTRAINT small CHECK (b < 100));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a IN ('x', 'y', 'z')), b INT, CONSTRAINT small CHECK (b < 1000));

-- == check_taken_away
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (length(a) > 0), b INT, CHECK (b <> 0), CHECK (a <> b));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, CHECK (b <> 0));

-- == check_renamed
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, CONSTRAINT one CHECK (a > 0));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, CONSTRAINT two CHECK (a > 0));

-- == check_case_of_text_matters
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a IN ('yes', 'no')));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a IN ('Yes', 'no')));

-- == check_with_double_quoted_text
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "none"), b INT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> "none"), b INT NOT NULL DEFAULT 0);

-- == generated_virtual_to_stored
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, s INT GENERATED ALWAYS AS (a + b) VIRTUAL);
CREATE INDEX i ON t (s);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, s INT GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX i ON t (s);

-- == generated_stored_to_plain
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, s INT AS (a * 2) STORED);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, s INT);

-- == generated_plain_to_virtual
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, s TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, s TEXT AS (upper(a)));

-- == generated_expression_changes
CREATE TABLE t (id INTEGER PRIMARY KEY, first TEXT, last TEXT, full TEXT AS (first || ' ' || last));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, first TEXT, last TEXT, full TEXT AS (last || ', ' || first));

-- == generated_added_stored
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, len INT AS (length(a)) STORED, low TEXT AS (lower(a)));

-- == generated_source_dropped
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, c INT AS (a + 1), d INT AS (b + c) STORED);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, c INT AS (a + 1));

-- == generated_before_its_source
CREATE TABLE t (g INT AS (a + 1), id INTEGER PRIMARY KEY, a INT);
-- ->
CREATE TABLE t (g INT AS (a + 1), id INTEGER PRIMARY KEY, a INT NOT NULL DEFAULT 4);

-- == generated_unique_and_referenced
CREATE TABLE t (id INTEGER PRIMARY KEY, doc TEXT, k TEXT AS (substr(doc, 1, 3)) UNIQUE, w TEXT);
CREATE TABLE c (r TEXT REFERENCES t (k));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, doc TEXT, k TEXT AS (substr(doc, 1, 4)) UNIQUE, w TEXT);
CREATE TABLE c (r TEXT);

-- == generated_renamed_source
--! rename t.a:amount
CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL, tax REAL AS (a * 0.19) STORED, CHECK (tax IS NULL OR tax = a * 0.19));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, amount REAL, tax REAL AS (amount * 0.19) STORED, CHECK (tax IS NULL OR tax = amount * 0.19));

-- == generated_only_type
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, g AS (a || 'x') NOT NULL);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, g TEXT AS (a || 'x'));
