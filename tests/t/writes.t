#!/usr/bin/perl
# writes.t: what writes set in the caller's row and what they leave alone, where only a trigger
# or the database itself can tell.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $dir = tempdir(CLEANUP => 1);

sub spew { my ($path, $text) = @_; open my $f, '>', $path or die "$path: $!"; print $f $text; close $f; }

spew("$dir/shop.yaml", <<'YAML');
quarry: 1
name: shop
tables:
  items:
    columns:
      id: {type: integer, primary_key: true}
      name: text
      made: {type: timestamp, default: now}
      seen: {type: timestamp?, default: now}
      token: {type: uuid, default: random}
      changed: {type: timestamp, default: now, touch: true}
  shifted:
    columns:
      id: {type: integer, primary_key: true}
      label: {type: text, generated: "'n' || id"}
      share: real
      size: integer
YAML
is(system("$quarry generate $dir/shop.yaml -o $dir"), 0, 'generate');
spew("$dir/main.c", <<'C');
#include "shop.h"
#include <stdio.h>
#include <string.h>

static void ignored_rows(quarry_db *db)
{
    shop_item rows[3];
    int i;

    for (i = 0; i < 3; i++)
        shop_item_init(&rows[i]);
    rows[0].name = "first";
    rows[1].name = "ignored";
    rows[2].name = "second";
    quarry_exec(db, "CREATE TRIGGER ignore BEFORE INSERT ON items WHEN NEW.name = 'ignored'\n"
                    "BEGIN SELECT RAISE(IGNORE); END");
    printf("insert %d", shop_item_insert(db, &rows[0]));
    printf(" key %d\n", (int)rows[0].id);
    printf("ignored %d", shop_item_insert(db, &rows[1]));
    printf(" key %d\n", (int)rows[1].id);
    for (i = 0; i < 3; i++)
        rows[i].id = 0;
    printf("many %d", shop_item_insert_many(db, rows, 3));
    printf(" keys %d %d %d\n", (int)rows[0].id, (int)rows[1].id, (int)rows[2].id);
    rows[1].id = 0;
    printf("upsert %d", shop_item_upsert(db, &rows[1]));
    printf(" key %d\n", (int)rows[1].id);
}

static void stamps(quarry_db *db)
{
    shop_item row, *found = NULL;
    quarry_timestamp start = quarry_now();

    shop_item_init(&row);
    row.name = "stamped";
    row.made = 1000;
    row.seen.value = 2000;
    row.changed = 3000;
    shop_item_insert(db, &row);
    row.name = "renamed";
    row.made = QUARRY_NOW;
    row.seen.value = QUARRY_NOW;
    row.token.text[0] = '\0';
    row.changed = 3000;
    printf("update %d", shop_item_update_columns(db, &row, QUARRY_BIT(SHOP_ITEM_NAME)));
    printf(" row %d %d %d", row.made == QUARRY_NOW, row.seen.value == QUARRY_NOW,
           row.token.text[0] == '\0');
    printf(" touched %d\n", row.changed >= start);
    shop_item_get(db, row.id, &found);
    printf("stored %s %d %d", found->name, (int)found->made, (int)found->seen.value);
    printf(" token %d", (int)strlen(found->token.text));
    printf(" touched %d\n", found->changed >= start && found->changed == row.changed);
    shop_item_free(found);
    printf("update %d", shop_item_update_columns(db, &row, QUARRY_BIT(SHOP_ITEM_SEEN)));
    printf(" row %d %d\n", row.made == QUARRY_NOW, row.seen.value >= start);
}

/* SQLite 3.40 makes REAL of the integer that stands where it looks for the real column. */
static void big_integers(quarry_db *db)
{
    shop_shifted rows[2] = {{.id = 1, .share = 0.5, .size = 7},
                            {.id = 2, .share = 0.5, .size = 7}};
    shop_shifted_list *list = NULL;
    size_t i;

    shop_shifted_insert_many(db, rows, 2);
    rows[0].size = rows[1].size = 9007199254740993;
    rows[0].share = rows[1].share = 3;
    printf("upsert %d", shop_shifted_upsert(db, &rows[0]));
    printf(" many %d\n", shop_shifted_upsert_many(db, rows, 2));
    shop_shifted_list_all(db, &list);
    for (i = 0; list != NULL && i < list->count; i++)
        printf("size %lld share %.1f\n", (long long)list->rows[i].size, list->rows[i].share);
    shop_shifted_list_free(list);
}

int main(void)
{
    quarry_options options;
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    shop_open(":memory:", &options, &db);
    ignored_rows(db);
    stamps(db);
    big_integers(db);
    quarry_close(db);
    return 0;
}
C
is(system("cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -g -fsanitize=address,undefined -Iruntime -I$dir/shop "
        . "$dir/main.c $dir/shop/shop.c runtime/*.c -lsqlite3 -lm -o $dir/main"), 0, 'compile');
is(`ASAN_OPTIONS=detect_leaks=0 $dir/main`, <<'OUT', 'a row that a trigger ignores gets no key; stamps of other columns stay; big integers survive an upsert');
insert 0 key 1
ignored 0 key 0
many 0 keys 2 0 3
upsert 0 key 0
update 0 row 1 1 1 touched 1
stored renamed 1000 2000 token 36 touched 1
update 0 row 1 1
upsert 0 many 0
size 9007199254740993 share 3.0
size 9007199254740993 share 3.0
OUT
done_testing();
