#!/usr/bin/perl
# words.t: words of the language that existing databases need, end to end: collations and
# directions of keys, conflict clauses, virtual tables, views that name their columns. Each is imported, compared,
# written as migrations there and back, and what the generated functions do is held against the
# sqlite3 shell.
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $root = getcwd();
my $dir = tempdir(CLEANUP => 1);
my $compile = "gcc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -g -fsanitize=address,undefined";
chdir $dir or die;

sub spew { my ($path, $text) = @_; open my $f, '>', $path or die "$path: $!"; print $f $text; close $f; }
sub slurp { my ($path) = @_; open my $f, '<', $path or return ''; local $/; my $t = <$f>; return $t // ''; }
sub run { my ($command) = @_; my $out = `$command 2>&1`; return ($? >> 8, $out); }
sub good { my ($command, $name) = @_; my ($s, $o) = run($command); is($s, 0, $name // $command) or diag($o); return $o; }

# ---- import: nothing is left out, and what was imported is the same -----------------------

my @imported = (
    ['collations and directions of keys', <<'SQL', qr/primary_key: \["x collate nocase", "y desc"\]/],
CREATE TABLE a (x TEXT, y INTEGER, z TEXT COLLATE NOCASE, PRIMARY KEY (x COLLATE NOCASE, y DESC),
    UNIQUE (z COLLATE RTRIM DESC), CONSTRAINT zy UNIQUE (z COLLATE BINARY, y));
CREATE TABLE b (t TEXT COLLATE NOCASE PRIMARY KEY DESC, n) WITHOUT ROWID;
CREATE INDEX ai ON a (x, x COLLATE NOCASE DESC);
SQL
    ['INTEGER PRIMARY KEY DESC is no rowid', <<'SQL', qr/primary_key: \["id desc"\]/],
CREATE TABLE a (id INTEGER PRIMARY KEY DESC, n INT);
CREATE TABLE b (id INTEGER, n INT, PRIMARY KEY (id DESC));
CREATE TABLE c (id INTEGER, n INT, PRIMARY KEY (id COLLATE NOCASE));
SQL
    ['conflict clauses', <<'SQL', qr/primary_key_on_conflict: ignore/],
CREATE TABLE a (id INTEGER PRIMARY KEY ON CONFLICT IGNORE AUTOINCREMENT, n INT UNIQUE ON CONFLICT FAIL,
    t TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'x', u TEXT NOT NULL ON CONFLICT ABORT,
    CONSTRAINT tu UNIQUE (t, u) ON CONFLICT REPLACE, CHECK (n > 0) ON CONFLICT FAIL);
CREATE TABLE b (x TEXT, y TEXT, PRIMARY KEY (x, y) ON CONFLICT ROLLBACK) WITHOUT ROWID;
CREATE TABLE c (x TEXT NOT NULL ON CONFLICT FAIL PRIMARY KEY ON CONFLICT REPLACE) STRICT;
SQL
    ['views that name their columns', <<'SQL', qr/columns: \["x", "the y"\]/],
CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);
CREATE VIEW v (x, [the y]) AS SELECT id, n FROM a;
CREATE VIEW w AS SELECT x, "the y" FROM v;
SQL
    ['defaults of NULL', <<'SQL', qr/default_sql: "NULL"/],
CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT DEFAULT NULL, n INT DEFAULT (NULL), x NOT NULL DEFAULT 'x', k TEXT);
SQL
    ['virtual tables', <<'SQL', qr/arguments: \["title", "content='notes'", "prefix='2 3'", "tokenize=\\"unicode61 remove_diacritics 1\\""\]/],
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);
CREATE VIRTUAL TABLE [the index] USING fts5(title, content='notes', prefix='2 3', tokenize="unicode61 remove_diacritics 1");
CREATE VIRTUAL TABLE boxes USING rtree(id, a, b, +label TEXT);
CREATE VIRTUAL TABLE old USING fts4(a, b, tokenize=porter);
CREATE VIRTUAL TABLE pages USING dbstat();
CREATE VIEW found AS SELECT rowid AS id, title FROM [the index];
CREATE TRIGGER t AFTER INSERT ON notes BEGIN INSERT INTO [the index] (rowid, title) VALUES (new.id, new.title); END;
SQL
);
for my $case (@imported) {
    my ($name, $sql, $like) = @$case;

    spew('in.sql', $sql);
    good("$quarry import in.sql > in.yaml", "$name: import");
    my $yaml = slurp('in.yaml');
    like($yaml, $like, "$name: in the language");
    unlike($yaml, qr/not expressed|still different/, "$name: all of it");
    good("$quarry diff in.sql in.yaml", "$name: the same");
}

# ---- migrations: there and back, with rows ---------------------------------------------

my $head = "quarry: 1\nname: words\ntables:\n";
my @changes = (
    ['a collation in the key',
        "  t:\n    columns: {a: text, b: integer, c: integer}\n    primary_key: [a, b]\n",
        "  t:\n    columns: {a: text, b: integer, c: integer}\n    primary_key: [a collate nocase, b desc]\n"],
    ['the direction of a rowid, which is none then',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, n: integer}\n",
        "  t:\n    columns: {id: integer, n: integer}\n    primary_key: [id desc]\n"],
    ['a collation in a unique constraint',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, a: text, b: text}\n    unique: [[a], {columns: [b], name: bu}]\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, a: text, b: text}\n    unique: [[a collate nocase desc], {columns: [b collate rtrim], name: bu}]\n"],
    ['conflict clauses',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, a: text, b: {type: text, default: x}}\n    unique: [[a], {columns: [b, id], name: bu}]\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, a: text, b: {type: text, default: x, not_null_on_conflict: replace}}\n" .
        "    primary_key_on_conflict: fail\n    unique: [{columns: [a], on_conflict: ignore}, {columns: [b, id], name: bu, on_conflict: replace}]\n"],
    ['a key with a conflict clause goes',
        "  t:\n    columns: {id: integer, a: text}\n    primary_key: [id, a]\n    primary_key_on_conflict: ignore\n",
        "  t:\n    columns: {id: integer, a: text}\n"],
    ['a new table with all of it',
        "  t:\n    columns: {id: {type: integer, primary_key: true}}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}}\n  u:\n    row: u_row\n    columns: {a: {type: text, not_null_on_conflict: ignore}, b: integer}\n" .
        "    primary_key: [a collate nocase, b desc]\n    primary_key_on_conflict: ignore\n    unique: [{columns: [b desc], on_conflict: rollback}]\n"],
    ['names of a view\'s columns',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, n: integer}\nviews:\n  v: {columns: [x, y], sql: \"SELECT id, n FROM t\"}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, n: integer}\nviews:\n  v: {columns: [x, the z], sql: \"SELECT id, n FROM t\"}\n"],
    ['a virtual table comes',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, content=t, content_rowid=id]}\n" .
        "triggers:\n  ti: {on: t, when: after insert, sql: \"INSERT INTO f (rowid, body) VALUES (new.id, new.body)\"}\nviews:\n  v: {sql: SELECT body FROM f}\n"],
    ['a virtual table changes',
        "  t:\n    columns: {id: {type: integer, primary_key: true}}\nvirtual_tables:\n  f: {module: fts5, arguments: [body]}\n  g: {module: rtree, arguments: [id, a, b]}\nviews:\n  v: {sql: SELECT body FROM f}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, title, \"tokenize='porter'\"]}\n  g: {module: rtree, arguments: [id, a, b]}\nviews:\n  v: {sql: SELECT body FROM f}\n"],
    ['a virtual table goes',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, content=t]}\n  g: {module: rtree, arguments: [id, a, b]}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text}\nvirtual_tables: {}\n"],
    ['a table is rebuilt under an index of it',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, content=t, content_rowid=id]}\n" .
        "triggers:\n  ti: {on: t, when: after insert, sql: \"INSERT INTO f (rowid, body) VALUES (new.id, new.body)\"}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: {type: text, max_length: 1000}}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, content=t, content_rowid=id]}\n" .
        "triggers:\n  ti: {on: t, when: after insert, sql: \"INSERT INTO f (rowid, body) VALUES (new.id, new.body)\"}\n"],
    ['a rename beside an index that changes, written by triggers',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text, a: text}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, content=t, content_rowid=id]}\n" .
        "triggers:\n  ti: {on: t, when: after insert, sql: \"INSERT INTO f (rowid, body) VALUES (new.id, new.body)\"}\nviews:\n  v: {sql: SELECT body FROM F}\n  w: {sql: SELECT body FROM v}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, body: text, b: {type: text, was: a}}\nvirtual_tables:\n  f: {module: fts5, arguments: [body, content=t, content_rowid=id, \"prefix='2'\"]}\n" .
        "triggers:\n  ti: {on: t, when: after insert, sql: \"INSERT INTO f (rowid, body) VALUES (new.id, new.body)\"}\nviews:\n  v: {sql: SELECT body FROM F}\n  w: {sql: SELECT body FROM v}\n"],
    ['a rename in a view that others read',
        "  t:\n    columns: {id: {type: integer, primary_key: true}, a: text}\nviews:\n  v: {sql: \"SELECT id, a FROM t\"}\n  w: {sql: SELECT id FROM V}\n  x: {sql: SELECT id FROM w}\n",
        "  t:\n    columns: {id: {type: integer, primary_key: true}, b: {type: text, was: a}}\nviews:\n  v: {sql: \"SELECT id, b FROM t\"}\n  w: {sql: SELECT id FROM V}\n  x: {sql: SELECT id FROM w}\n"],
    ['a renamed column in the terms of keys',
        "  t:\n    columns: {a: text, b: integer}\n    primary_key: [a collate nocase desc]\n    unique: [[b desc, a collate rtrim]]\n",
        "  t:\n    columns: {c: {type: text, was: a}, b: integer}\n    primary_key: [c collate nocase desc]\n    unique: [[b desc, c collate rtrim]]\n"],
);
for my $case (@changes) {
    my ($name, $before, $after) = @$case;

    system('rm -rf m words.db generated');
    spew('words.yaml', "$head${before}migrations: m\n");
    good("$quarry migrate new first words.yaml", "$name: the first");
    spew('words.yaml', "$head${after}migrations: m\n");
    good("$quarry migrate new second words.yaml --accept data_loss", "$name: the second");
    good("$quarry validate words.yaml", "$name: proved, up and down, with rows");
    good("$quarry migrate plan words.yaml | sqlite3 -bail words.db", "$name: through the shell");
    good("$quarry diff words.db words.yaml", "$name: what it makes");
    good("$quarry migrate plan words.yaml 2 0 | sqlite3 -bail words.db", "$name: and back");
    spew('before.yaml', "$head$before");
    isnt((run("$quarry diff before.yaml words.yaml"))[0], 0, "$name: diff sees it");
}

# ---- what the functions do ---------------------------------------------------------------

good("$quarry generate $root/tests/schemas/words.yaml -o generated", 'generate');
spew('main.c', <<'C');
#include "words.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

static int64_t count(quarry_db *db)
{
    int64_t n = 0;
    assert(words_setting_count(db, &n) == QUARRY_OK);
    return n;
}

int main(void)
{
    quarry_db *db = NULL;
    assert(words_open(":memory:", NULL, &db) == QUARRY_OK);

    /* a key by its own collation */
    words_place place = {.house = "Main", .number = 1, .code = "Ab"}, *found = NULL;
    words_place other = {.house = "Main", .number = 2, .code = "cd"};
    assert(words_place_insert(db, &place) == QUARRY_OK && words_place_insert(db, &other) == QUARRY_OK);
    words_place same = {.house = "MAIN", .number = 1, .code = "x"};
    assert(words_place_insert(db, &same) == QUARRY_UNIQUE);
    assert(words_place_get(db, "mAIN", 1, &found) == QUARRY_OK && strcmp(found->house, "Main") == 0);
    words_place_free(found);
    assert(words_place_get_by_code(db, "AB", &found) == QUARRY_OK && found->number == 1);
    words_place_free(found);
    words_place_key keys[] = {{"MAIN", 2}, {"main", 1}};
    words_place_list *list = NULL;
    assert(words_place_get_many(db, keys, 2, &list) == QUARRY_OK && list->count == 2 &&
           list->rows[0].number == 2 && list->rows[1].number == 1);
    words_place_list_free(list);
    assert(words_place_list_all(db, &list) == QUARRY_OK && list->count == 2 && list->rows[0].number == 2);
    words_place_list_free(list);
    same.code = "new";
    assert(words_place_update_columns(db, &same, QUARRY_BIT(WORDS_PLACE_CODE)) == QUARRY_OK);
    same.code = "newer";
    assert(words_place_upsert(db, &same) == QUARRY_OK);
    assert(words_place_get_by_code(db, "NEWER", &found) == QUARRY_OK && strcmp(found->house, "Main") == 0);
    words_place_free(found);
    bool exists = false;
    assert(words_place_exists(db, "MAIN", 2, &exists) == QUARRY_OK && exists);
    assert(words_place_delete(db, "MAIN", 2) == QUARRY_OK);

    /* conflict clauses are not for these functions: replace, ignore, fail, rollback */
    words_setting first = {.id = 10, .key = "k", .value = "v", .n = 10};
    words_setting rows[] = {{.id = 11, .key = "l", .value = "v", .n = 11}, {.id = 12, .key = "m", .value = "v", .n = 10}};
    assert(words_setting_insert(db, &first) == QUARRY_OK);
    int64_t before = count(db);
    words_setting taken = {.id = 13, .key = "k", .value = "v", .n = 13};
    assert(quarry_begin(db) == QUARRY_OK);
    assert(words_setting_insert(db, &taken) == QUARRY_UNIQUE && count(db) == before);
    taken = (words_setting){.id = 10, .key = "z", .value = "v", .n = 13};
    assert(words_setting_insert(db, &taken) == QUARRY_UNIQUE && count(db) == before);
    assert(words_setting_insert_many(db, rows, 2) == QUARRY_UNIQUE && count(db) == before);
    assert(words_setting_insert(db, &rows[0]) == QUARRY_OK);
    rows[0].n = 10;
    assert(words_setting_update(db, &rows[0]) == QUARRY_UNIQUE && count(db) == before + 1);
    assert(words_setting_update_columns(db, &rows[0], QUARRY_BIT(WORDS_SETTING_N)) == QUARRY_UNIQUE);
    rows[0].key = "k";
    assert(words_setting_update_columns(db, &rows[0], QUARRY_BIT(WORDS_SETTING_KEY)) == QUARRY_UNIQUE &&
           count(db) == before + 1);
    assert(quarry_commit(db) == QUARRY_OK && count(db) == before + 1); /* the transaction was open all the time */
    words_word word = {.word = "w", .n = 1};
    assert(words_word_insert(db, &word) == QUARRY_OK);
    assert(words_word_insert(db, &word) == QUARRY_UNIQUE);

    /* they are for SQL of others: the row in the way goes */
    int64_t changed = 0;
    before = count(db);
    assert(words_add_setting(db, "k", "other", 77, &changed) == QUARRY_OK && changed == 1 && count(db) == before);
    words_setting *kept = NULL;
    assert(words_setting_get_by_key(db, "k", &kept) == QUARRY_OK && kept->n == 77 && kept->id != 10);
    words_setting_free(kept);

    /* ON CONFLICT ROLLBACK in SQL of others ends the transaction, and commit says so */
    assert(quarry_begin(db) == QUARRY_OK);
    before = count(db);
    assert(quarry_exec(db, "INSERT INTO settings (id, key_, value, n) VALUES (1, 'q', 'q', 99)") == QUARRY_UNIQUE);
    assert(!quarry_in_transaction(db) && quarry_commit(db) != QUARRY_OK && count(db) == before);
    assert(quarry_begin(db) == QUARRY_OK && quarry_commit(db) == QUARRY_OK);

    /* names of a view's columns */
    words_room_numbers_row_list *numbers = NULL;
    assert(words_room_numbers(db, "Main", &numbers) == QUARRY_OK && numbers->count == 1 && numbers->rows[0].number == 1);
    words_room_numbers_row_list_free(numbers);
    quarry_close(db);
    puts("good");
    return 0;
}
C
good("$compile -Igenerated/words -I$root/runtime main.c generated/words/words.c $root/runtime/*.c -lsqlite3 -o main", 'compile');
is(good('./main', 'run'), "good\n", 'functions');

# ---- virtual tables: kept by triggers, over migrations, no drift by the module's own tables ---

my $notes = <<'YAML';
quarry: 1
name: notes
tables:
  notes:
    columns: {id: {type: integer, primary_key: true}, body: text}
    seed: [{id: 1, body: the first of all notes}]
virtual_tables:
  notes_index: {module: fts5, arguments: [body, content=notes, content_rowid=id]}
triggers:
  come: {on: notes, when: after insert, sql: "INSERT INTO notes_index (rowid, body) VALUES (new.id, new.body)"}
  go: {on: notes, when: after delete, sql: "INSERT INTO notes_index (notes_index, rowid, body) VALUES ('delete', old.id, old.body)"}
views:
  indexed: {row: indexed_row, sql: "SELECT rowid AS id, body FROM notes_index"}
queries:
  find: {sql: "SELECT n.* FROM notes_index JOIN notes AS n ON n.id = notes_index.rowid WHERE notes_index MATCH :words ORDER BY n.id", returns: many}
YAML
spew('use.c', <<'C');
#include "notes.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    quarry_db *db = NULL;
    quarry_status status = notes_open(argv[1], NULL, &db);
    if (status != QUARRY_OK)
        return fprintf(stderr, "%s\n", quarry_last_error(db)->message), 1;
    notes_note note = {.body = "a word that is new"};
    notes_note_list *found = NULL;
    assert(notes_note_insert(db, &note) == QUARRY_OK);
    assert(notes_find(db, "new", &found) == QUARRY_OK && found->rows[found->count - 1].id == note.id);
    size_t many = found->count;
    notes_note_list_free(found);
    assert(notes_find(db, "first", &found) == QUARRY_OK && found->count == (argc > 2 ? 1 : 0));
    notes_note_list_free(found);
    int64_t count = 0;
    assert(notes_indexed_row_count(db, &count) == QUARRY_OK && count >= (int64_t)many);
    quarry_close(db);
    return 0;
}
C
spew('notes.yaml', $notes);
good("$quarry generate notes.yaml -o generated", 'notes: generate');
system('rm -f generated/notes/notes_test.c notes.db');
good("$compile -Igenerated/notes -I$root/runtime use.c generated/notes/notes.c $root/runtime/*.c -lsqlite3 -o use", 'notes: compile');
good('./use notes.db seeded', 'a new file: triggers and seeds are in the index');
good('./use notes.db seeded', 'an old file: no drift');
is(`sqlite3 notes.db "INSERT INTO notes_index(notes_index) VALUES ('integrity-check')" 2>&1`, '', 'the index is that of the table');
system('sqlite3 notes.db "DROP TABLE notes_index; CREATE VIRTUAL TABLE notes_index USING fts5 (body, content=notes, content_rowid=id, prefix=2)"');
like((run('./use notes.db seeded'))[1], qr/the file differs from schema notes: table notes_index/, 'another index is drift');

(my $first = $notes) =~ s/^virtual_tables:.*?(?=^queries:)//ms;
$first =~ s/^queries:.*//ms;
system('rm -rf m notes.db generated/notes');
spew('notes.yaml', "${first}migrations: m\n");
good("$quarry migrate new first notes.yaml", 'notes: the first migration');
good("$quarry migrate plan notes.yaml | sqlite3 -bail plan.db", 'its plan');
spew('notes.yaml', "${notes}migrations: m\n");
good("$quarry migrate new index notes.yaml", 'notes: the index comes');
like(slurp('m/0002_index.yaml'), qr/create_virtual_table:\n\s+name: notes_index\n\s+module: fts5\n\s+arguments: \[body, content=notes, content_rowid=id\]/, 'as a step');
unlike(good("$quarry migrate lint notes.yaml"), qr/data_loss/, 'nothing is lost by an index');
good("$quarry generate notes.yaml -o generated", 'notes: generate with migrations');
good("$compile -Igenerated/notes -I$root/runtime use.c generated/notes/notes.c generated/notes/notes_migrations.c $root/runtime/*.c -lsqlite3 -o use", 'compile');
good('./use notes.db seeded', 'a file from nothing to the last version');
good('./use notes.db seeded', 'and again');
good("$compile -Igenerated/notes -I$root/runtime generated/notes/notes_test.c generated/notes/notes.c generated/notes/notes_migrations.c $root/runtime/*.c -lsqlite3 -o test", 'compile the emitted test');
unlike(good('./test', 'run it'), qr/^not ok/m, 'all of it is good');
like(good("$quarry migrate plan notes.yaml 1 2"), qr/VALUES \('rebuild'\)/, 'the index of rows that are there is filled');

# ---- triggers under OR ABORT -------------------------------------------------------------

for my $case (['INSERT OR IGNORE INTO log VALUES (new.a)', 1], ['REPLACE INTO log VALUES (new.a)', 1],
              ['UPDATE OR FAIL log SET a = new.a', 1], ['INSERT INTO log VALUES (new.a) ON CONFLICT DO NOTHING', 0],
              ["INSERT INTO log VALUES (replace(new.a, 'or', 'ignore') || ' or ignore')", 0]) {
    my ($sql, $warns) = @$case;

    spew('t.yaml', "quarry: 1\nname: t\ntables:\n  log: {columns: {a: {type: text, primary_key: true}}}\n" .
        "  t:\n    columns: {a: text}\n    unique: [{columns: [a], on_conflict: ignore}]\n" .
        "triggers:\n  x: {on: t, when: after insert, sql: \"$sql\"}\n");
    my ($status, $out) = run("$quarry validate t.yaml");
    is($status, 0, "$sql: valid") or diag($out);
    $warns ? like($out, qr/OR ABORT, which counts inside its triggers too \[Q0194\]/, "$sql: told")
           : unlike($out, qr/Q0194/, "$sql: nothing to tell");
}
done_testing;
