-- A film rental: numeric keys, ENUM-like checks, triggers that set last_update, views with CASE.
CREATE TABLE actor (actor_id numeric NOT NULL, first_name VARCHAR(45) NOT NULL, last_name VARCHAR(45) NOT NULL, last_update TIMESTAMP NOT NULL, PRIMARY KEY (actor_id));
CREATE INDEX idx_actor_last_name ON actor(last_name);
CREATE TABLE language (language_id SMALLINT NOT NULL, name CHAR(20) NOT NULL, last_update TIMESTAMP NOT NULL, PRIMARY KEY (language_id));
CREATE TABLE film (film_id int NOT NULL, title VARCHAR(255) NOT NULL, description BLOB SUB_TYPE TEXT DEFAULT NULL, release_year VARCHAR(4) DEFAULT NULL, language_id SMALLINT NOT NULL, original_language_id SMALLINT DEFAULT NULL, rental_duration SMALLINT DEFAULT 3 NOT NULL, rental_rate DECIMAL(4,2) DEFAULT 4.99 NOT NULL, length SMALLINT DEFAULT NULL, rating VARCHAR(10) DEFAULT 'G', special_features VARCHAR(100) DEFAULT NULL, last_update TIMESTAMP NOT NULL, PRIMARY KEY (film_id), CONSTRAINT CHECK_special_features CHECK (special_features IS NULL OR special_features LIKE '%Trailers%' OR special_features LIKE '%Deleted Scenes%'), CONSTRAINT CHECK_special_rating CHECK (rating IN ('G', 'PG', 'PG-13', 'R', 'NC-17')), CONSTRAINT fk_film_language FOREIGN KEY (language_id) REFERENCES language (language_id), CONSTRAINT fk_film_language_original FOREIGN KEY (original_language_id) REFERENCES language (language_id));
CREATE INDEX idx_fk_language_id ON film(language_id);
CREATE TABLE film_actor (actor_id INT NOT NULL, film_id INT NOT NULL, last_update TIMESTAMP NOT NULL, PRIMARY KEY (actor_id, film_id), CONSTRAINT fk_film_actor_actor FOREIGN KEY (actor_id) REFERENCES actor (actor_id) ON DELETE NO ACTION ON UPDATE CASCADE, CONSTRAINT fk_film_actor_film FOREIGN KEY (film_id) REFERENCES film (film_id) ON DELETE NO ACTION ON UPDATE CASCADE);
CREATE TABLE customer (customer_id INT NOT NULL, email VARCHAR(50) DEFAULT NULL, active CHAR(1) DEFAULT 'Y' NOT NULL, create_date TIMESTAMP NOT NULL, last_update TIMESTAMP NOT NULL, PRIMARY KEY (customer_id));
CREATE TRIGGER actor_trigger_ai AFTER INSERT ON actor BEGIN UPDATE actor SET last_update = DATETIME('NOW') WHERE rowid = new.rowid; END;
CREATE TRIGGER actor_trigger_au AFTER UPDATE ON actor BEGIN UPDATE actor SET last_update = DATETIME('NOW') WHERE rowid = new.rowid; END;
CREATE TRIGGER customer_trigger_ai AFTER INSERT ON customer BEGIN UPDATE customer SET last_update = DATETIME('NOW') WHERE rowid = new.rowid; END;
CREATE VIEW customer_list AS SELECT cu.customer_id AS ID, cu.email AS "e mail", CASE WHEN cu.active = 1 THEN 'active' ELSE '' END AS notes FROM customer AS cu;
CREATE VIEW film_list AS SELECT film.film_id AS FID, film.title AS title, actor.first_name || ' ' || actor.last_name AS actors FROM film JOIN film_actor ON film.film_id = film_actor.film_id JOIN actor ON film_actor.actor_id = actor.actor_id;
INSERT INTO actor VALUES (1, 'PENELOPE', 'GUINESS', '2020-12-23 07:12:30');
INSERT INTO language VALUES (1, 'English', '2020-12-23 07:12:12');
INSERT INTO film (film_id, title, language_id, last_update) VALUES (1, 'ACADEMY', 1, '2020-12-23 07:12:31'), (2, 'ACE', 1, '2020-12-23');
INSERT INTO film_actor VALUES (1, 1, '2020-12-23 07:13:00');
INSERT INTO customer VALUES (1, NULL, 'Y', '2006-02-14', '2020-12-23 07:15:11');
