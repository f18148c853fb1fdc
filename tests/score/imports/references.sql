-- A manager of references: INT keys that are not rowids, composite keys everywhere, triggers that guard, views over them.
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT, templateItemTypeID INT, display INT DEFAULT 1);
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT NOT NULL, version INT NOT NULL DEFAULT 0);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL, dateAdded TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, clientDateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, libraryID INT NOT NULL, key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0, UNIQUE (libraryID, key), FOREIGN KEY (libraryID) REFERENCES libraries(libraryID) ON DELETE CASCADE);
CREATE INDEX items_synced ON items(synced);
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID, PRIMARY KEY (itemID, fieldID), FOREIGN KEY (itemID) REFERENCES items(itemID) ON DELETE CASCADE, FOREIGN KEY (valueID) REFERENCES itemDataValues(valueID));
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL, parentCollectionID INT DEFAULT NULL, libraryID INT NOT NULL, FOREIGN KEY (libraryID) REFERENCES libraries(libraryID) ON DELETE CASCADE, FOREIGN KEY (parentCollectionID) REFERENCES collections(collectionID) ON DELETE CASCADE);
CREATE TABLE collectionItems (collectionID INT NOT NULL, itemID INT NOT NULL, orderIndex INT NOT NULL DEFAULT 0, PRIMARY KEY (collectionID, itemID), FOREIGN KEY (collectionID) REFERENCES collections(collectionID) ON DELETE CASCADE, FOREIGN KEY (itemID) REFERENCES items(itemID) ON DELETE CASCADE);
CREATE TABLE settings (setting TEXT, key TEXT, value, PRIMARY KEY (setting, key));
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TRIGGER fki_collections_parent BEFORE UPDATE OF parentCollectionID ON collections FOR EACH ROW WHEN NEW.parentCollectionID IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a collection can''t be its own parent') WHERE NEW.parentCollectionID = NEW.collectionID; END;
CREATE VIEW fullItems AS SELECT i.itemID, t.typeName, (SELECT value FROM itemData d JOIN itemDataValues v USING (valueID) WHERE d.itemID = i.itemID LIMIT 1) AS title FROM items i LEFT JOIN itemTypes t USING (itemTypeID);
INSERT INTO itemTypes VALUES (1, 'book', NULL, 1);
INSERT INTO libraries VALUES (1, 'user', 1, 0);
INSERT INTO items (itemTypeID, libraryID, key) VALUES (1, 1, 'ABCD1234'), (1, 1, 'EFGH5678');
INSERT INTO itemDataValues VALUES (1, 'Title'), (2, 1999), (3, 2.5);
INSERT INTO itemData VALUES (1, 1, 1), (1, 2, 2);
INSERT INTO settings VALUES ('account', 'userID', 42), ('client', 'x', 'y');
