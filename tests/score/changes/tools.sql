-- What the DDL of frameworks looks like, and the changes that they get wrong.

-- == django_field_altered
CREATE TABLE "blog_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "age" integer unsigned NOT NULL CHECK ("age" >= 0), "meta" text NOT NULL CHECK ((JSON_VALID("meta") OR "meta" IS NULL)));
CREATE TABLE "blog_post" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(200) NOT NULL, "author_id" bigint NOT NULL REFERENCES "blog_author" ("id") DEFERRABLE INITIALLY DEFERRED, "created" datetime NOT NULL);
CREATE TABLE "blog_post_tags" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "post_id" bigint NOT NULL REFERENCES "blog_post" ("id") DEFERRABLE INITIALLY DEFERRED, "tag" varchar(10) NOT NULL);
CREATE INDEX "blog_post_author_id_dd7a8485" ON "blog_post" ("author_id");
CREATE UNIQUE INDEX "blog_post_tags_post_id_tag_uniq" ON "blog_post_tags" ("post_id", "tag");
-- ->
CREATE TABLE "blog_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(200) NOT NULL COLLATE NOCASE, "age" integer unsigned NULL CHECK ("age" >= 0), "meta" text NOT NULL CHECK ((JSON_VALID("meta") OR "meta" IS NULL)), "slug" varchar(50) DEFAULT '' NOT NULL);
CREATE TABLE "blog_post" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "author_id" bigint NULL REFERENCES "blog_author" ("id") DEFERRABLE INITIALLY DEFERRED, "title" varchar(200) NOT NULL, "created" datetime NOT NULL);
CREATE TABLE "blog_post_tags" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "post_id" bigint NOT NULL REFERENCES "blog_post" ("id") DEFERRABLE INITIALLY DEFERRED, "tag" varchar(10) NOT NULL, CONSTRAINT "tag_known" CHECK ("tag" <> 'bad'));
CREATE INDEX "blog_post_author_id_dd7a8485" ON "blog_post" ("author_id");
CREATE UNIQUE INDEX "blog_post_tags_post_id_tag_uniq" ON "blog_post_tags" ("post_id", "tag");

-- == django_rename_model_and_field
--! rename app_person:app_human
--! rename app_person_friends:app_human_friends
--! rename app_person_friends.from_person_id:from_human_id
--! rename app_person_friends.to_person_id:to_human_id
CREATE TABLE "app_person" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "mentor_id" bigint NULL REFERENCES "app_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "app_person_friends" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "from_person_id" bigint NOT NULL REFERENCES "app_person" ("id") DEFERRABLE INITIALLY DEFERRED, "to_person_id" bigint NOT NULL REFERENCES "app_person" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "pair" ON "app_person_friends" ("from_person_id", "to_person_id");
-- ->
CREATE TABLE "app_human" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "mentor_id" bigint NULL REFERENCES "app_human" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "app_human_friends" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "from_human_id" bigint NOT NULL REFERENCES "app_human" ("id") DEFERRABLE INITIALLY DEFERRED, "to_human_id" bigint NOT NULL REFERENCES "app_human" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "pair" ON "app_human_friends" ("from_human_id", "to_human_id");

-- == rails_change_column
CREATE TABLE "users" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar DEFAULT '' NOT NULL, "admin" boolean DEFAULT FALSE NOT NULL, "created_at" datetime(6) NOT NULL, "settings" json DEFAULT '{}');
CREATE TABLE "posts" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "user_id" integer NOT NULL, "body" text, CONSTRAINT "fk_rails_5b5ddfd518" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE);
CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email") /*application='App'*/;
CREATE INDEX "index_posts_on_user_id" ON "posts" ("user_id");
CREATE INDEX "index_users_on_lower_email" ON "users" (lower(email)) WHERE admin = 1;
-- ->
CREATE TABLE "users" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "email" varchar(255) DEFAULT '' NOT NULL, "admin" boolean DEFAULT TRUE NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) DEFAULT CURRENT_TIMESTAMP NOT NULL, "settings" json DEFAULT '{"a": 1}', CONSTRAINT chk_email CHECK (email <> 'root'));
CREATE TABLE "posts" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "user_id" integer, "body" text, "published" boolean DEFAULT 0, CONSTRAINT "fk_rails_5b5ddfd518" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL);
CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email");
CREATE INDEX "index_posts_on_user_id_and_published" ON "posts" ("user_id", "published" DESC);
CREATE INDEX "index_users_on_lower_email" ON "users" (lower(email)) WHERE admin = 1;

-- == prisma_relation_made_optional
CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "balance" DECIMAL NOT NULL DEFAULT 0, "big" BIGINT);
CREATE TABLE "Post" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "authorId" TEXT NOT NULL, "data" JSONB, CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE);
CREATE TABLE "_PostToUser" ("A" INTEGER NOT NULL, "B" TEXT NOT NULL, CONSTRAINT "_PostToUser_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT "_PostToUser_B_fkey" FOREIGN KEY ("B") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE UNIQUE INDEX "_PostToUser_AB_unique" ON "_PostToUser"("A", "B");
-- ->
CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "balance" DECIMAL NOT NULL DEFAULT 0, "role" TEXT NOT NULL DEFAULT 'USER', "big" BIGINT NOT NULL DEFAULT 0);
CREATE TABLE "Post" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "authorId" TEXT, "data" JSONB, CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
CREATE TABLE "_PostToUser" ("A" INTEGER NOT NULL, "B" TEXT NOT NULL, CONSTRAINT "_PostToUser_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" ("id") ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT "_PostToUser_B_fkey" FOREIGN KEY ("B") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE UNIQUE INDEX "_PostToUser_AB_unique" ON "_PostToUser"("A", "B");

-- == drizzle_defaults
CREATE TABLE `collections` (`id` text PRIMARY KEY NOT NULL, `kind` text DEFAULT "base" NOT NULL, `made` integer DEFAULT (unixepoch()) NOT NULL, `opts` text DEFAULT '{"a":"it''s"}' NOT NULL);
CREATE UNIQUE INDEX `collections_kind_unique` ON `collections` (`kind`,lower(`opts`));
-- ->
CREATE TABLE `collections` (`id` text PRIMARY KEY NOT NULL, `kind` text DEFAULT 'base' NOT NULL, `made` integer DEFAULT (unixepoch('now')) NOT NULL, `opts` text DEFAULT "{}" NOT NULL, `note` text DEFAULT `x y`);
CREATE UNIQUE INDEX `collections_kind_unique` ON `collections` (`kind`,lower(`opts`));

-- == efcore_nullable_to_required
CREATE TABLE "Blogs" ("BlogId" INTEGER NOT NULL CONSTRAINT "PK_Blogs" PRIMARY KEY AUTOINCREMENT, "Url" TEXT NULL, "Rating" REAL NOT NULL DEFAULT 0.0, "Rank" TEXT NOT NULL DEFAULT '0.0');
CREATE TABLE "Posts" ("PostId" INTEGER NOT NULL CONSTRAINT "PK_Posts" PRIMARY KEY AUTOINCREMENT, "BlogId" INTEGER NOT NULL, CONSTRAINT "FK_Posts_Blogs_BlogId" FOREIGN KEY ("BlogId") REFERENCES "Blogs" ("BlogId") ON DELETE CASCADE);
CREATE INDEX "IX_Posts_BlogId" ON "Posts" ("BlogId");
CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY, "ProductVersion" TEXT NOT NULL);
-- ->
CREATE TABLE "Blogs" ("BlogId" INTEGER NOT NULL CONSTRAINT "PK_Blogs" PRIMARY KEY AUTOINCREMENT, "Rank" TEXT NOT NULL DEFAULT '0.0', "Rating" REAL NOT NULL DEFAULT 0.0, "Url" TEXT NOT NULL DEFAULT '');
CREATE TABLE "Posts" ("PostId" INTEGER NOT NULL CONSTRAINT "PK_Posts" PRIMARY KEY AUTOINCREMENT, "BlogId" INTEGER NULL, CONSTRAINT "FK_Posts_Blogs_BlogId" FOREIGN KEY ("BlogId") REFERENCES "Blogs" ("BlogId"));
CREATE INDEX "IX_Posts_BlogId" ON "Posts" ("BlogId");
CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY, "ProductVersion" TEXT NOT NULL);

-- == db_browser_style
CREATE TABLE "Items" (
	"ID"	INTEGER,
	"Name"	TEXT NOT NULL UNIQUE,
	"Price"	NUMERIC DEFAULT 0 CHECK("Price" >= 0),
	"Parent"	INTEGER,
	FOREIGN KEY("Parent") REFERENCES "Items"("ID") ON DELETE CASCADE,
	PRIMARY KEY("ID" AUTOINCREMENT)
);
-- ->
CREATE TABLE "Items" (
	"ID"	INTEGER,
	"Name"	TEXT NOT NULL,
	"Price"	REAL DEFAULT 0 CHECK("Price" >= 0),
	"Parent"	INTEGER,
	PRIMARY KEY("ID" AUTOINCREMENT),
	FOREIGN KEY("Parent") REFERENCES "Items"("ID") ON DELETE SET NULL
);

-- == constraint_names_everywhere
CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY CONSTRAINT ai NOT NULL, a TEXT CONSTRAINT nn NOT NULL CONSTRAINT df DEFAULT 'x' CONSTRAINT ck CHECK (a <> '') CONSTRAINT uq UNIQUE CONSTRAINT co COLLATE NOCASE, b INT CONSTRAINT fk REFERENCES t (id));
-- ->
CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY CONSTRAINT ai NOT NULL, a TEXT CONSTRAINT nn NOT NULL CONSTRAINT df DEFAULT 'y' CONSTRAINT ck CHECK (a <> '?') CONSTRAINT uq UNIQUE CONSTRAINT co COLLATE NOCASE, b INT CONSTRAINT fk REFERENCES t (id) ON DELETE CASCADE);

-- == values_that_collide_after_conversion
CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT, UNIQUE (code));
CREATE TABLE c (code TEXT REFERENCES t (code) ON DELETE CASCADE);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, code INTEGER, UNIQUE (code));
CREATE TABLE c (code INTEGER REFERENCES t (code) ON DELETE CASCADE);

-- == values_that_break_a_check_after_conversion
CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT CHECK (typeof(code) <> 'integer'));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, code INTEGER CHECK (typeof(code) <> 'integer'));

-- == default_without_a_parent
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id));
-- ->
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INT NOT NULL DEFAULT 12345 REFERENCES p (id));

-- == default_breaks_a_check
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a <> 3 OR id % 2 = 0));
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL DEFAULT 3 CHECK (a <> 3 OR id % 2 = 0));

-- == generated_not_null_added
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT NOT NULL AS (length(a)), s TEXT AS (a || '') STORED NOT NULL);

-- == generated_becomes_equal_under_unique
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, k TEXT AS (a || id) UNIQUE);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, k TEXT AS (lower(a)) UNIQUE);

-- == key_without_rowid_of_nulls
CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT);
-- ->
CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;

-- == added_unique_with_default
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, u INT DEFAULT 5 UNIQUE, w TEXT CHECK (w IS NOT NULL));

-- == compat_view_takes_the_old_name
--! rename users:accounts
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, u INT REFERENCES users (id) ON DELETE CASCADE);
CREATE TRIGGER users_del AFTER DELETE ON users BEGIN DELETE FROM posts WHERE u = old.id; END;
-- ->
CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE posts (id INTEGER PRIMARY KEY, u INT REFERENCES accounts (id) ON DELETE CASCADE);
CREATE VIEW users AS SELECT id, name FROM accounts;
CREATE TRIGGER users_del INSTEAD OF DELETE ON users BEGIN DELETE FROM accounts WHERE id = old.id; END;

-- == names_of_the_plan_itself
CREATE TABLE quarry_violations (before INTEGER, after INTEGER);
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT REFERENCES t);
CREATE VIEW __new_t AS SELECT 1 AS x;
-- ->
CREATE TABLE quarry_violations (before INTEGER NOT NULL DEFAULT 0, after TEXT);
CREATE TABLE t (id INTEGER PRIMARY KEY, v INT REFERENCES t);
CREATE VIEW __new_t AS SELECT 1 AS x;

-- == names_of_the_plan_dropped
CREATE TABLE quarry_violations (before INTEGER, after INTEGER);
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT REFERENCES t);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, v INT REFERENCES t);

-- == tables_named_temp_and_main
CREATE TABLE temp (id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE main (id INTEGER PRIMARY KEY, t INT REFERENCES temp (id) ON DELETE CASCADE);
-- ->
CREATE TABLE temp (id INTEGER PRIMARY KEY, v INT);
CREATE TABLE main (id INTEGER PRIMARY KEY, t INT REFERENCES temp (id) ON DELETE CASCADE, w TEXT NOT NULL DEFAULT (1));

-- == rename_with_names_shadowed_in_views
--! rename a.x:z
CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT);
CREATE VIEW v AS WITH x AS (SELECT x FROM b) SELECT a.x AS ax, (SELECT x FROM b WHERE b.id = a.id) AS bx FROM a, x WHERE a.x > x.x;
CREATE TRIGGER tr AFTER UPDATE OF x ON a WHEN new.x <> 'x' BEGIN UPDATE b SET x = new.x WHERE id = old.id; SELECT x FROM b; END;
-- ->
CREATE TABLE a (id INTEGER PRIMARY KEY, z TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT);
CREATE VIEW v AS WITH x AS (SELECT x FROM b) SELECT a.z AS ax, (SELECT x FROM b WHERE b.id = a.id) AS bx FROM a, x WHERE a.z > x.x;
CREATE TRIGGER tr AFTER UPDATE OF z ON a WHEN new.z <> 'x' BEGIN UPDATE b SET x = new.z WHERE id = old.id; SELECT x FROM b; END;

-- == rename_column_while_a_view_is_broken
--! rename t.a:b
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW broken AS SELECT x FROM nowhere;
CREATE TRIGGER also AFTER INSERT ON t BEGIN INSERT INTO nowhere VALUES (1); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT);
CREATE VIEW broken AS SELECT x FROM nowhere;
CREATE TRIGGER also AFTER INSERT ON t BEGIN INSERT INTO nowhere VALUES (1); END;

-- == rename_table_while_a_view_is_broken
--! rename t:u
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW broken AS SELECT x FROM nowhere;
CREATE VIEW good AS SELECT a FROM t;
-- ->
CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE VIEW broken AS SELECT x FROM nowhere;
CREATE VIEW good AS SELECT a FROM u;

-- == view_with_a_function_of_the_program
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW v AS SELECT my_function(a) AS x FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT my_other(new.a); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '', b INT);
CREATE VIEW v AS SELECT my_function(a) AS x FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT my_other(new.a); END;

-- == trigger_renamed_only
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER one AFTER INSERT ON t BEGIN UPDATE t SET a = 'n' WHERE id = new.id; END;
CREATE VIEW v1 AS SELECT a FROM t;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER two AFTER INSERT ON t BEGIN UPDATE t SET a = 'n' WHERE id = new.id; END;
CREATE VIEW v2 AS SELECT a FROM t;

-- == trigger_insert_without_columns
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE copy (id INTEGER PRIMARY KEY, a TEXT);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO copy VALUES (new.id, new.a); END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE copy (id INTEGER PRIMARY KEY, a TEXT, at TEXT);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO copy VALUES (new.id, new.a, 'now'); END;

-- == trigger_with_everything
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT);
CREATE TABLE u (k TEXT PRIMARY KEY, n INT);
CREATE TRIGGER tr BEFORE UPDATE OF a, n ON t FOR EACH ROW WHEN new.a IS NOT old.a AND (SELECT count(*) FROM u) >= 0 BEGIN INSERT INTO u (k, n) VALUES (new.a, 1) ON CONFLICT (k) DO UPDATE SET n = n + excluded.n WHERE excluded.n > 0; INSERT OR REPLACE INTO u SELECT a, n FROM t WHERE id = new.id; DELETE FROM u WHERE k IN (WITH r AS (SELECT a FROM t) SELECT a FROM r EXCEPT SELECT k FROM u); UPDATE u SET n = x.n FROM t AS x WHERE x.a = u.k; END;
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT NOT NULL DEFAULT 0);
CREATE TABLE u (k TEXT PRIMARY KEY, n INT) WITHOUT ROWID;
CREATE TRIGGER tr BEFORE UPDATE OF a, n ON t FOR EACH ROW WHEN new.a IS NOT old.a AND (SELECT count(*) FROM u) >= 0 BEGIN INSERT INTO u (k, n) VALUES (new.a, 1) ON CONFLICT (k) DO UPDATE SET n = n + excluded.n WHERE excluded.n > 0; INSERT OR REPLACE INTO u SELECT a, n FROM t WHERE id = new.id; DELETE FROM u WHERE k IN (WITH r AS (SELECT a FROM t) SELECT a FROM r EXCEPT SELECT k FROM u); UPDATE u SET n = x.n FROM t AS x WHERE x.a = u.k; END;

-- == fts5_content_table_renamed
--! rename doc:page
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');
CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN INSERT INTO fts (rowid, body) VALUES (new.id, new.body); END;
-- ->
CREATE TABLE page (id INTEGER PRIMARY KEY, body TEXT, lang TEXT);
CREATE VIRTUAL TABLE fts USING fts5(body, content='page', content_rowid='id');
CREATE TRIGGER doc_ai AFTER INSERT ON page BEGIN INSERT INTO fts (rowid, body) VALUES (new.id, new.body); END;

-- == fts5_content_column_renamed
--! rename doc.body:content
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');
-- ->
CREATE TABLE doc (id INTEGER PRIMARY KEY, content TEXT);
CREATE VIRTUAL TABLE fts USING fts5(content, content='doc', content_rowid='id');

-- == fts5_tokenizer_changes
CREATE VIRTUAL TABLE notes USING fts5(title, body, tokenize = 'porter ascii');
-- ->
CREATE VIRTUAL TABLE notes USING fts5(title, body, tokenize = 'trigram', prefix = '2 3');

-- == fts5_contentless
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIRTUAL TABLE words USING fts5(a, content='');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
CREATE VIRTUAL TABLE words USING fts5(a, content='');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');

-- == fts5_content_is_a_view
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE VIEW doc AS SELECT id, a || ' ' || b AS body FROM t;
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '', b TEXT);
CREATE VIEW doc AS SELECT id, a || ' ' || b AS body FROM t;
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');

-- == fts5_named_strangely
CREATE VIRTUAL TABLE "my fts" USING fts5("col one", [select], tokenize = "porter");
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE VIRTUAL TABLE "my fts" USING fts5("col one", [select], tokenize = "porter");
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT '');
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO "my fts" ("col one") VALUES (new.a); END;

-- == rtree_goes_and_comes
CREATE VIRTUAL TABLE old_box USING rtree_i32(id, x0, x1);
-- ->
CREATE VIRTUAL TABLE new_box USING rtree(id, x0, x1, y0, y1);

-- == wide_table
CREATE TABLE w (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20 TEXT, c21 INT, c22 REAL, c23 BLOB, c24 NUMERIC);
-- ->
CREATE TABLE w (c24 NUMERIC, c23 BLOB, c22 REAL, c21 INT, c20 TEXT, c19, c18, c17, c16, c15, c14, c13, c12, c11, c10, c9, c8, c7, c6, c5, c4, c3, c2, c1, c0 NOT NULL DEFAULT 0);

-- == utf16_database
--! pragma encoding = 'UTF-16be'
CREATE TABLE "größe" (id INTEGER PRIMARY KEY, "ä" TEXT DEFAULT 'ü', b BLOB);
CREATE INDEX i ON "größe" ("ä");
-- ->
CREATE TABLE "größe" (id INTEGER PRIMARY KEY, "ä" TEXT NOT NULL DEFAULT 'üü', b BLOB);
CREATE INDEX i ON "größe" ("ä");

-- == wal_and_versions
--! pragma journal_mode = WAL
--! pragma user_version = -7
--! pragma application_id = 99
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'w');

-- == auto_vacuum_database
--! pragma auto_vacuum = FULL
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY, t INT REFERENCES t ON DELETE CASCADE);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT);
CREATE TABLE u (id INTEGER PRIMARY KEY, t INT REFERENCES t ON DELETE CASCADE, c TEXT UNIQUE);

-- == fts5_contentless_appears
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIRTUAL TABLE words USING fts5(a, content='');

-- == fts5_contentless_changes
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIRTUAL TABLE words USING fts5(a, content='');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIRTUAL TABLE words USING fts5(a, b, content='');

-- == fts5_on_a_view_appears
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW doc AS SELECT id, upper(a) AS body FROM t;
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');

-- == fts5_content_is_converted
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');
-- ->
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT 'some words');
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');

-- == fts5_view_of_content_changes
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW doc AS SELECT id, a AS body FROM t;
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');
-- ->
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIEW doc AS SELECT id, a || ' more' AS body FROM t;
CREATE VIRTUAL TABLE fts USING fts5(body, content='doc', content_rowid='id');
