-- Maps in one file: long names, DEFAULT with strftime, R-trees kept by triggers, srs with negative ids.
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, max_x DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE "roads & paths" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, "name:de" TEXT(50), lanes MEDIUMINT, width FLOAT, surveyed DATE, flag BOOLEAN, CHECK (lanes IS NULL OR lanes BETWEEN 1 AND 12));
CREATE VIRTUAL TABLE "rtree_roads & paths_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE TRIGGER "rtree_insert" AFTER INSERT ON "roads & paths" WHEN (new.geom NOT NULL AND NOT new.geom = '') BEGIN INSERT OR REPLACE INTO "rtree_roads & paths_geom" VALUES (new.fid, 0, 1, 0, 1); END;
CREATE TRIGGER "rtree_delete" AFTER DELETE ON "roads & paths" WHEN old.geom NOT NULL BEGIN DELETE FROM "rtree_roads & paths_geom" WHERE id = old.fid; END;
CREATE TRIGGER gpkg_tile_matrix_zoom_level_insert BEFORE INSERT ON gpkg_contents FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'insert on table ''gpkg_contents'' violates constraint: data_type cannot be empty') WHERE (NEW.data_type = ''); END;
CREATE VIEW st_geometry_columns AS SELECT table_name, column_name, "ST_" || geometry_type_name AS geometry_type_name, g.srs_id, srs_name FROM gpkg_geometry_columns AS g JOIN gpkg_spatial_ref_sys AS s WHERE g.srs_id = s.srs_id;
INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined', -1, 'NONE', -1, 'undefined', NULL), ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84"]', 'x');
INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('roads & paths', 'features', 'roads', 4326);
INSERT INTO gpkg_geometry_columns VALUES ('roads & paths', 'geom', 'POINT', 4326, 0, 0);
INSERT INTO "roads & paths" (geom, "name:de", lanes) VALUES (x'4750', 'Straße', 2), (NULL, NULL, NULL);
