#!/usr/bin/perl
# query.t: what queries do with values that are wrong, with many and with none: parameters that
# are NULL, lists up to 100,000, a second row, types that the data breaks, changes that are undone,
# files whose columns stand in another order.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $dir = tempdir(CLEANUP => 1);

is(system("$quarry generate tests/schemas/queries.yaml -o $dir"), 0, 'generate');
open my $c, '>', "$dir/main.c" or die;
print $c <<'C';
#include "asked.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static quarry_db *db;

static void say(const char *what, quarry_status status)
{
    bool told = status != QUARRY_OK && status != QUARRY_NOT_FOUND;

    printf("%s: %s%s%s\n", what, quarry_status_name(status), told ? ": " : "",
           told ? quarry_last_error(db)->message : "");
}

static void count(const char *what)
{
    asked_person_list *list = NULL;

    asked_all_people(db, &list);
    printf("%s: %zu people\n", what, list->count);
    asked_person_list_free(list);
}

static void lists(void)
{
    static int64_t ids[100000];
    static const char *names[100000];
    static const size_t sizes[] = {0, 1, 2, 1000, 100000};
    size_t i, seen;

    for (i = 0; i < 100000; i++) {
        ids[i] = (int64_t)i + 1;
        names[i] = i % 2 == 0 ? "it's \"quoted\"" : "";
    }
    for (i = 0; i < 5; i++) {
        asked_two_lists_row_list *list = NULL;
        asked_two_lists_row_cursor cursor;

        say("list", asked_two_lists(db, ids, sizes[i], 0, names, sizes[i], &list));
        printf("%zu values: %zu rows\n", sizes[i], list->count);
        asked_two_lists_row_list_free(list);
        asked_two_lists_each(db, ids, sizes[i], 0, NULL, 0, &cursor);
        for (seen = 0; asked_two_lists_row_next(&cursor); seen++)
            continue;
        say("each", asked_two_lists_row_close(&cursor));
        printf("%zu values: %zu rows\n", sizes[i], seen);
    }
    {
        asked_two_lists_row_list *list = NULL;
        asked_state none = (asked_state)77;
        asked_in_all_params params;
        asked_in_all_row_list *things = NULL;

        names[1] = NULL;
        say("NULL in a list", asked_two_lists(db, ids, 3, 0, names, 3, &list));
        say("NULL list", asked_two_lists(db, NULL, 3, 0, names, 1, &list));
        asked_in_all_params_init(&params);
        params.states = &none;
        params.states_count = 1;
        say("no state", asked_in_all(db, &params, &things));
    }
}
C
print $c <<'C';

static void wrong_values(void)
{
    asked_one_found_params params;
    asked_find_params find;
    asked_one_found_row found;
    asked_a_text_row *text = NULL;
    asked_find_row_list *things = NULL;
    int64_t id;

    say("NULL for a text", asked_add(db, NULL, NULL, &id));
    say("no place", asked_add(db, "x", NULL, NULL));
    say("no place for a row", asked_a_text(db, 1, NULL));
    say("no place for a list", asked_all_people(db, NULL));
    say("no cursor", asked_all_people_each(db, NULL));
    say("no params", asked_one_found(db, NULL, &found));
    say("no row", asked_a_text(db, -5, &text));
    printf("%s\n", text == NULL ? "NULL" : "a row");
    asked_one_found_params_init(&params);
    params.state.has = true;
    params.state.value = (asked_state)77;
    say("no such state", asked_one_found(db, &params, &found));
    asked_find_params_init(&find);
    find.low.has = true;
    say("half a filter", asked_find(db, &find, &things));
    find.low.has = false;
    find.order = (asked_find_order)3;
    say("no such order", asked_find(db, &find, &things));
    say("a connection", asked_all_people(NULL, NULL));
}

static void shared(void)
{
    static const int64_t bosses[] = {1};
    asked_shared_params given;
    asked_shared_row_list *rows = NULL;

    asked_shared_params_init(&given);
    say("no filter", asked_shared(db, &given, &rows));
    printf("all: %zu\n", rows->count);
    asked_shared_row_list_free(rows);
    given.name = "p1";
    say("one filter", asked_shared(db, &given, &rows));
    printf("by name: %zu\n", rows->count);
    asked_shared_row_list_free(rows);
    given.bosses = bosses;
    given.bosses_count = 1;
    say("both filters", asked_shared(db, &given, &rows));
    printf("by name and boss: %zu\n", rows->count);
    asked_shared_row_list_free(rows);
    given.name = NULL;
    say("a list alone", asked_shared(db, &given, &rows));
    asked_shared_params_init(&given);
    given.boss = (quarry_opt_int64){true, 1};
    say("a boss alone", asked_shared(db, &given, &rows));
    given.id = (quarry_opt_int64){true, 1};
    given.name = "p1";
    say("a boss and all", asked_shared(db, &given, &rows));
    asked_shared_row_list_free(rows);
}

static void changes(void)
{
    asked_rename_row *row = NULL;
    quarry_uuid uid;
    int64_t id = 0, n = 0;

    say("add", asked_add(db, "Eve", NULL, &id));
    printf("id %d\n", (int)id);
    say("add twice", asked_add(db, "Eve", NULL, &id));
    say("add or not", asked_add_all(db, "Eve", &n));
    printf("changed %d\n", (int)n);
    say("rename", asked_rename(db, "Adam", id, &row));
    asked_rename_row_free(row);
    say("rename nobody", asked_rename(db, "Adam", -1, &row));
    say("two rows of a change", asked_touch(db, 99, 1, &uid));
    say("one row of a change", asked_touch(db, 98, 2, &uid));
    printf("%s\n", uid.text);
    quarry_begin(db);
    say("two rows inside a transaction", asked_touch(db, 97, 1, &uid));
    printf("depth %d\n", quarry_in_transaction(db));
    quarry_rollback(db);
}

static void embedded(void)
{
    asked_with_things_row_list *list = NULL;
    asked_one_with_row *one = NULL;
    asked_with_things_row_cursor cursor;
    size_t i;

    say("embedded", asked_with_things(db, &list));
    for (i = 0; i < list->count; i++)
        printf("%s has %.8s\n", list->rows[i].p.name,
               list->rows[i].t == NULL ? "nothing" : list->rows[i].t->uid.text);
    asked_with_things_row_list_free(list);
    asked_with_things_each(db, &cursor);
    while (asked_with_things_row_next(&cursor))
        if (cursor.row.t != NULL)
            printf("%s: %s\n", cursor.row.p.name, cursor.row.t->kind);
    say("embedded", asked_with_things_row_close(&cursor));
    say("one embedded", asked_one_with(db, 2, &one));
    printf("%s, %.8s\n", one->p.name, one->t->uid.text);
    asked_one_with_row_free(one);
}

static int small_of(int64_t owner)
{
    sqlite3_stmt *stmt = NULL;
    int small;

    sqlite3_prepare_v2(quarry_sqlite(db), "SELECT max(small) FROM things WHERE owner = ?1", -1, &stmt,
                       NULL);
    sqlite3_bind_int64(stmt, 1, owner);
    sqlite3_step(stmt);
    small = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return small;
}

int main(int argc, char **argv)
{
    quarry_options options;
    asked_narrowed_row_list *narrowed = NULL;
    asked_loose_list *loose = NULL;
    asked_bosses_row_list *none = NULL;
    int i;

    quarry_options_init(&options);
    options.ignore_environment = true;
    options.check_schema = argc < 3;
    say("open", asked_open(argv[1], &options, &db));
    if (argc > 2) {
        asked_person_list *people = NULL;

        say("other order", asked_all_people(db, &people));
        printf("%s\n", people->rows[0].name);
        asked_person_list_free(people);
        quarry_close(db);
        return 0;
    }
    for (i = 1; i <= 5; i++) {
        asked_person person;
        char name[20];

        asked_person_init(&person);
        snprintf(name, sizeof name, "p%d", i);
        person.name = i == 5 ? "it's \"quoted\"" : name;
        say("insert", asked_person_insert(db, &person));
    }
    for (i = 0; i < 3; i++) {
        asked_thing thing;

        asked_thing_init(&thing);
        thing.uid = quarry_uuid_random();
        memset(thing.uid.text, "abc"[i], 8);
        thing.owner = i < 2 ? 1 : 2;
        thing.kind = "k";
        say("insert", asked_thing_insert(db, &thing));
    }
    lists();
    wrong_values();
    shared();
    changes();
    printf("small %d %d\n", small_of(1), small_of(2));
    say("narrowed", asked_narrowed(db, &narrowed));
    printf("%zu\n", narrowed->count);
    asked_narrowed_row_list_free(narrowed);
    quarry_exec(db, "INSERT INTO \"Loose Things\" (\"a key\", \"select\") VALUES (1, x'00')");
    say("broken data", asked_loosely(db, 0, &loose));
    printf("%s.%s\n", quarry_last_error(db)->table, quarry_last_error(db)->column);
    say("outer join", asked_bosses(db, &none));
    printf("%zu %d\n", none->count, none->rows[0].id.has);
    asked_bosses_row_list_free(none);
    embedded();
    count("at last");
    quarry_close(db);
    return 0;
}
C
close $c;

my $flags = '-std=c11 -Wall -Wextra -Werror -g -fsanitize=address,undefined -fno-sanitize-recover=undefined';
is(system("gcc $flags -I$dir/asked -Iruntime $dir/main.c $dir/asked/asked.c runtime/*.c -lsqlite3 -o $dir/main"),
   0, 'compile');
my $output = `$dir/main :memory: 2>&1`;
is($? >> 8, 0, 'run');

sub says { my ($line, $what) = @_; ok($output =~ /^\Q$line\E$/m, $what // $line) or diag($output); }

# 5 people; one's name is in the lists from length 1 on, and the lists' ids are all from 1.
says("$_->[0] values: $_->[1] rows", "a list of $_->[0]") for [0, 0], [1, 1], [2, 2], [1000, 4], [100000, 4];
my %each = (0 => 0, 1 => 1, 2 => 2, 1000 => 5, 100000 => 5);
says("$_ values: $each{$_} rows", "a cursor over a list of $_") for keys %each;
like($output, qr/^NULL in a list: misuse: .*a list has a value that is NULL/m, 'NULL in a list');
says('NULL list: misuse: asked_two_lists: ids is NULL');
like($output, qr/^no state: misuse: .*a list has a value that is NULL/m, 'an undeclared enum in a list');
says('NULL for a text: misuse: asked_add: name is NULL');
says('no place: misuse: a query needs a place for its result');
says('no place for a row: misuse: a query needs a place for its result');
like($output, qr/^no place for a list: misuse/m, 'no place for a list');
says('no cursor: misuse: asked_all_people_each: cursor is NULL');
says('no params: misuse: asked_one_found: params is NULL');
says('no row: not found');
like($output, qr/^no such state: misuse: asked_one_found: state is no state/m, 'an undeclared enum in a filter');
says('half a filter: misuse: asked_find: low and high are given together or not at all');
says('no such order: misuse: the query has no such order');
like($output, qr/^a connection: misuse/m, 'no connection');
says($_) for 'all: 5', 'by name: 1', 'by name and boss: 0', 'a boss and all: ok';
says("a list alone: misuse: asked_shared: bosses is given without what goes with it");
says("a boss alone: misuse: asked_shared: boss is given without what goes with it");
says('id 6');
like($output, qr/^add twice: unique/m, 'a unique constraint');
says('changed 0');
says('rename: ok');
says('rename nobody: not found');
says('two rows of a change: mismatch: query touch gives more than one row');
says('one row of a change: ok');
says('two rows inside a transaction: mismatch: query touch gives more than one row');
says('depth 1');
says('small 7 98', 'a change with too many rows has not happened');
like($output, qr/^broken data: mismatch: Loose Things.select of row 1: a blob/m, 'data of another type');
says('Loose Things.select');
says('6 0', 'a row that an outer join makes up');
says($_) for 'p1 has aaaaaaaa', 'p1 has bbbbbbbb', 'p2 has cccccccc', 'p3 has nothing', 'p1: k',
    'p2, cccccccc';
says('at last: 6 people');

# Which tables a query reads and writes stands in the schema's descriptor.
my $source = do { open my $f, '<', "$dir/asked/asked.c" or die; local $/; <$f> };
sub uses {
    my ($query, $reads, $writes) = @_;
    like($source, qr/\.name = "$query",\s+\.reads = \(const char \*const\[\]\)\{\s*\Q$reads\E\s*\},\s+\.writes = \(const char \*const\[\]\)\{\s*\Q$writes\E\s*\},/,
        "$query reads and writes");
}
uses('of_view', '"people", "things", NULL', 'NULL');
uses('drop_some', '"people", "things", NULL', '"people", "things", NULL');

# A file whose columns stand in another order.
system("sqlite3 $dir/other.db 'CREATE TABLE people (note TEXT, boss INTEGER, name TEXT NOT NULL UNIQUE, id INTEGER PRIMARY KEY); INSERT INTO people (id, name) VALUES (1, \"right\")'");
like(`$dir/main $dir/other.db other 2>&1`, qr/^right$/m, 'columns in another order');

done_testing();
