#!/usr/bin/perl
# bulk.t: many rows at once inside a transaction that goes on after the failure, on a table
# without any constraint (SQLite then keeps no journal for the statement), and an upsert on a
# unique column that gives the stored key back.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $dir = tempdir(CLEANUP => 1);

is(system("$quarry generate tests/schemas/hard_cases.yaml -o $dir"), 0, 'generate');
open my $c, '>', "$dir/main.c" or die;
print $c <<'C';
#include "hard_cases.h"
#include <stdio.h>
#include <string.h>

int main(void)
{
    hard_cases_loose_value rows[] = {{.a = "x"}, {.a = "y"}, {.a = "\xff"}};
    hard_cases_uuid_key first, second;
    quarry_options options;
    quarry_db *db = NULL;
    int64_t count = -1;

    quarry_options_init(&options);
    options.ignore_environment = true;
    printf("open %d\n", hard_cases_open(":memory:", &options, &db));
    printf("begin %d\n", quarry_begin(db));
    printf("many %s\n", quarry_status_name(hard_cases_loose_value_insert_many(db, rows, 3)));
    printf("row %zu\n", quarry_last_error(db)->row);
    printf("commit %d\n", quarry_commit(db));
    hard_cases_loose_value_count(db, &count);
    printf("count %d\n", (int)count);
    hard_cases_uuid_key_init(&first);
    hard_cases_uuid_key_init(&second);
    first.email = second.email = "ada@example.org";
    printf("insert %d\n", hard_cases_uuid_key_insert(db, &first));
    printf("upsert %d\n", hard_cases_uuid_key_upsert_by_email(db, &second));
    printf("same key %d\n", strcmp(first.id.text, second.id.text) == 0);
    quarry_close(db);
    return 0;
}
C
close $c;
is(system("cc -std=c11 -Wall -Wextra -Werror -g -fsanitize=address,undefined -Iruntime "
        . "-I$dir/hard_cases $dir/main.c $dir/hard_cases/hard_cases.c runtime/*.c -lsqlite3 "
        . "-o $dir/main"), 0, 'compile');
is(`$dir/main`, <<'OUT', 'all or nothing, inside a transaction too; the key comes back');
open 0
begin 0
many invalid
row 2
commit 0
count 0
insert 0
upsert 0
same key 1
OUT
done_testing();
