-- primary keys.
-- expect L105 8:14: the table `keyless` has no primary key
-- expect L112 9:21: the primary key `id` can be NULL
-- expect L112 10:22: the primary key `a` can be NULL
-- expect L113 11:23: `id` is declared INT, so it is not the rowid
-- expect L113 12:24: `id` is declared INTEGER, so it is not the rowid
-- expect L113 13:22: `id` is declared BIGINT
CREATE TABLE keyless (a INTEGER);
CREATE TABLE texts (id TEXT PRIMARY KEY);
CREATE TABLE pairs  (a TEXT, b TEXT NOT NULL, PRIMARY KEY (a, b));
CREATE TABLE short   (id INT NOT NULL PRIMARY KEY);
CREATE TABLE behind   (id INTEGER PRIMARY KEY DESC NOT NULL);
CREATE TABLE strict (id BIGINT NOT NULL, PRIMARY KEY (id));
CREATE TABLE good (id INTEGER PRIMARY KEY);
CREATE TABLE good_text (id TEXT PRIMARY KEY NOT NULL);
CREATE TABLE good_strict (id TEXT PRIMARY KEY) STRICT;
CREATE TABLE good_ordered (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE good_short (id INT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE good_desc (id INTEGER, PRIMARY KEY (id DESC));
CREATE VIRTUAL TABLE search USING fts5 (body);
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT);
