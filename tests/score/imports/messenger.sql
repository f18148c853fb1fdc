-- A phone's messenger: recipients and threads that refer to each other, FTS with triggers, booleans as INTEGER.
CREATE TABLE recipient (_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT UNIQUE DEFAULT NULL, phone TEXT UNIQUE DEFAULT NULL, group_id TEXT UNIQUE DEFAULT NULL, blocked INTEGER DEFAULT 0, mute_until INTEGER DEFAULT 0, profile_key TEXT DEFAULT NULL, capabilities INTEGER DEFAULT 0, extras BLOB DEFAULT NULL, badges BLOB DEFAULT x'');
CREATE TABLE thread (_id INTEGER PRIMARY KEY AUTOINCREMENT, date INTEGER DEFAULT 0, recipient_id INTEGER NOT NULL UNIQUE REFERENCES recipient (_id) ON DELETE CASCADE ON UPDATE CASCADE, read INTEGER DEFAULT 1, snippet TEXT, archived INTEGER DEFAULT 0, pinned INTEGER UNIQUE DEFAULT NULL);
CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, date_sent INTEGER NOT NULL, date_received INTEGER NOT NULL, date_server INTEGER DEFAULT -1, thread_id INTEGER NOT NULL REFERENCES thread (_id) ON DELETE CASCADE, from_recipient_id INTEGER NOT NULL REFERENCES recipient (_id) ON DELETE CASCADE, type INTEGER NOT NULL, body TEXT, quote_id INTEGER DEFAULT 0, original_message_id INTEGER DEFAULT NULL REFERENCES message (_id) ON DELETE CASCADE, latest_revision_id INTEGER DEFAULT NULL REFERENCES message (_id) ON DELETE CASCADE, remote_deleted INTEGER DEFAULT 0);
CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL REFERENCES message (_id) ON DELETE CASCADE, author_id INTEGER NOT NULL REFERENCES recipient (_id) ON DELETE CASCADE, emoji TEXT NOT NULL, UNIQUE (message_id, author_id) ON CONFLICT REPLACE);
CREATE TABLE key_value (_id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, value TEXT, type INTEGER);
CREATE VIRTUAL TABLE message_fts USING fts5(body, thread_id UNINDEXED, content=message, content_rowid=_id, tokenize = "unicode61 categories 'L* N* Co Sc So'");
CREATE TRIGGER message_ai AFTER INSERT ON message BEGIN INSERT INTO message_fts(rowid, body, thread_id) VALUES (new._id, new.body, new.thread_id); END;
CREATE TRIGGER message_ad AFTER DELETE ON message BEGIN INSERT INTO message_fts(message_fts, rowid, body, thread_id) VALUES ('delete', old._id, old.body, old.thread_id); END;
CREATE TRIGGER message_au AFTER UPDATE ON message BEGIN INSERT INTO message_fts(message_fts, rowid, body, thread_id) VALUES ('delete', old._id, old.body, old.thread_id); INSERT INTO message_fts(rowid, body, thread_id) VALUES (new._id, new.body, new.thread_id); END;
CREATE INDEX message_thread_date ON message (thread_id, date_received DESC) WHERE latest_revision_id IS NULL;
CREATE UNIQUE INDEX message_unique_sent_from_thread ON message (date_sent, from_recipient_id, thread_id);
INSERT INTO recipient (uuid, phone) VALUES ('11111111-2222-3333-4444-555555555555', '+491'), (NULL, '+492');
INSERT INTO thread (recipient_id, snippet) VALUES (1, 'hi'), (2, NULL);
INSERT INTO message (date_sent, date_received, thread_id, from_recipient_id, type, body) VALUES (1700000000000, 1700000000001, 1, 1, 20, 'hi there'), (1700000000005, 1700000000006, 1, 2, 20, NULL);
INSERT INTO reaction (message_id, author_id, emoji) VALUES (1, 2, '👍');
