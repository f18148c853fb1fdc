-- A blog engine moved from MySQL: NOCASE everywhere, zero dates, double-quoted defaults, triggers for ON UPDATE.
CREATE TABLE "wp_users" ("ID" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "user_login" text NOT NULL DEFAULT '' COLLATE NOCASE, "user_pass" text NOT NULL DEFAULT '' COLLATE NOCASE, "user_registered" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE, "user_status" integer NOT NULL DEFAULT '0');
CREATE INDEX "wp_users__user_login_key" ON "wp_users" ("user_login");
CREATE TABLE "wp_posts" ("ID" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "post_author" integer NOT NULL DEFAULT '0', "post_date" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE, "post_content" text NOT NULL COLLATE NOCASE, "post_title" text NOT NULL COLLATE NOCASE, "post_status" text NOT NULL DEFAULT 'publish' COLLATE NOCASE, "post_parent" integer NOT NULL DEFAULT '0', "menu_order" integer NOT NULL DEFAULT '0');
CREATE INDEX "wp_posts__type_status_date" ON "wp_posts" ("post_status", "post_date", "ID");
CREATE TABLE "wp_postmeta" ("meta_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "post_id" integer NOT NULL DEFAULT '0', "meta_key" text DEFAULT NULL COLLATE NOCASE, "meta_value" text COLLATE NOCASE);
CREATE TABLE "wp_options" ("option_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "option_name" text NOT NULL DEFAULT '' COLLATE NOCASE, "option_value" text NOT NULL COLLATE NOCASE, "autoload" text NOT NULL DEFAULT 'yes' COLLATE NOCASE);
CREATE UNIQUE INDEX "wp_options__option_name" ON "wp_options" ("option_name");
CREATE TABLE "wp_term_relationships" ("object_id" integer NOT NULL DEFAULT 0, "term_taxonomy_id" integer NOT NULL DEFAULT 0, "term_order" integer NOT NULL DEFAULT 0, PRIMARY KEY ("object_id", "term_taxonomy_id"));
CREATE TABLE _mysql_data_types_cache ("table" TEXT NOT NULL, "column_or_index" TEXT NOT NULL, "mysql_type" TEXT NOT NULL, PRIMARY KEY ("table", "column_or_index"));
CREATE TABLE "wp_counts" (name TEXT PRIMARY KEY, n INTEGER DEFAULT (0), stamp TIMESTAMP DEFAULT (strftime('%s','now')));
CREATE TRIGGER "wp_posts_modified_on_update" AFTER UPDATE ON "wp_posts" FOR EACH ROW BEGIN UPDATE "wp_posts" SET "post_date" = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid; END;
INSERT INTO wp_users (user_login) VALUES ('admin');
INSERT INTO wp_posts (post_content, post_title) VALUES ('<p>it''s</p>', 'Hello; world -- "x"'), ('', '');
INSERT INTO wp_options (option_name, option_value) VALUES ('siteurl', 'http://localhost'), ('cron', 'a:0:{}');
INSERT INTO _mysql_data_types_cache VALUES ('wp_posts', 'ID', 'bigint(20) unsigned');
