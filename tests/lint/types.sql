-- declared types that SQLite takes for others.
-- expect L111 6:5: `a` is declared STRING, to SQLite a number: '007' becomes 7
-- expect L111 7:5: `b` is declared FLOATING POINT, to SQLite a whole number, because INT is in it
-- expect L111 8:5: `c` is declared INTERVAL
CREATE TABLE t (id INTEGER PRIMARY KEY,
    a STRING,
    b FLOATING POINT,
    c INTERVAL,
    d UNSIGNED BIG INT,
    e int8,
    f BIGINT (20),
    g MEDIUMINT UNSIGNED,
    h VARCHAR(20),
    i DATETIME,
    j UINT32,
    k,
    l UNSIGNED INTEGER,
    m TINYINT(1)
);
