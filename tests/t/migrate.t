#!/usr/bin/perl
# migrate.t: `quarry migrate` as its users call it: new migrations into a list and into a folder,
# what they refuse, the SQL of plan through the sqlite3 shell, lint, release; the emitted C of a
# schema with migrations that rebuild tables and call a function of the program's.
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $root = getcwd();
my $dir = tempdir(CLEANUP => 1);
chdir $dir or die;

sub spew { my ($path, $text) = @_; open my $f, '>', $path or die "$path: $!"; print $f $text; close $f; }
sub slurp { my ($path) = @_; open my $f, '<', $path or return undef; local $/; my $t = <$f>; return $t // ''; }
sub run {
    my ($command) = @_;
    my $out = `$command 2>&1`;
    return ($? >> 8, $out);
}
sub good { my ($command, $name) = @_; my ($s, $o) = run($command); is($s, 0, $name // $command) or diag($o); return $o; }
sub bad { my ($command, $status, $text, $name) = @_;
    my ($s, $o) = run($command); is($s, $status, "$name: status") or diag($o); like($o, $text, $name); return $o; }

# ---- from nothing: the five systems, without and with their own migrations ---------------

for my $system (qw(dockstat duplistatus jadugar mission_control volumeviz)) {
    my $text = slurp("$root/schema/$system.yaml");
    $text =~ s/^migrations:.*?(?=^\S|\z)//ms;
    spew("$system.yaml", $text);
    good("$quarry migrate new initial $system.yaml", "$system: new");
    like(slurp("$system.yaml"), qr/\A\Q$text\E/, "$system: nothing before it has changed");
    good("$quarry validate $system.yaml", "$system: what was written is proved");
    bad("$quarry migrate new again $system.yaml", 1, qr/lead to the declared tables already/, "$system: nothing to do");
    unlink "$system.db";
    good("$quarry migrate plan $system.yaml | sqlite3 -bail $system.db", "$system: plan through the shell");
    good("$quarry diff $system.db $system.yaml", "$system: is the schema then");
    good("$quarry migrate plan $system.yaml 1 0 | sqlite3 -bail $system.db", "$system: and back");
    is(`sqlite3 $system.db "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"`, "0\n",
        "$system: nothing is left");
}

# ---- a change of everything ----------------------------------------------------------------

my $first = <<'YAML';
quarry: 1
name: shop   # the name
tables:
  customers:
    columns:
      id: {type: integer, primary_key: true}
      email: text
      name: text?
      gone: text?
  orders:
    columns:
      id: {type: integer, primary_key: true}
      customer_id: {type: integer, references: customers.id, on_delete: cascade}
    indexes: [[customer_id]]
YAML
my $second = <<'YAML';
quarry: 1
name: shop   # the name
enums:
  state: [open, closed]
  grade: {storage: integer, values: {low: 10, high: 20}}
tables:
  customers:
    columns:
      id: {type: integer, primary_key: true}
      email: {type: text, unique: true, max_length: 254}
      title: {type: text?, was: name}
      grade: {type: grade, default: low}
  sales:
    was: orders
    row: sale
    columns:
      id: {type: integer, primary_key: true}
      state: {type: state, default: open}
      customer_id: {type: integer?, references: customers.id, on_delete: set_null}
    indexes: [[customer_id, state]]
    checks: [{name: positive, sql: id > 0}]
  levels:
    columns: {id: {type: integer, primary_key: true}, grade: grade, note: "text?"}
    seed: [{id: 1, grade: high, note: "it's: {a} # b"}, {id: 2, grade: low}]
views:
  open_sales: {sql: "SELECT id FROM sales WHERE state = 'open'"}
triggers:
  keep:
    on: sales
    when: before delete
    condition: old.state = 'closed'
    sql: |
      SELECT raise(abort, 'closed');
YAML
spew('shop.yaml', $first);
good("$quarry migrate new initial shop.yaml");
my $list = slurp('shop.yaml');
$list =~ s/\A\Q$first\E// or die;
spew('shop.yaml', "$second$list\n# the end\n");
bad("$quarry migrate new second shop.yaml", 1, qr/would destroy data:.*loses all values of customers.gone/s, 'a loss is refused');
is(slurp('shop.yaml'), "$second$list\n# the end\n", 'and nothing is written');
my $printed = good("$quarry migrate new second shop.yaml --accept data_loss --stdout", 'printed');
is(slurp('shop.yaml'), "$second$list\n# the end\n", 'and nothing is written');
good("$quarry migrate new second shop.yaml --accept data_loss", 'written');
my $written = slurp('shop.yaml');
like($written, qr/\A\Q$second$list\E\n  - version: 2\n    name: second\n    accept: data_loss\n.*\n# the end\n\z/s,
    'behind the last item, before what follows');
for my $step ('rename_table: {table: orders, to: sales}', 'rename_column: {table: customers, column: name, to: title}',
    'drop_column: {table: customers, column: gone}', 'insert:', 'create_view:', 'create_trigger:', 'name: levels') {
    like($written, qr/- \Q$step\E|\Q$step\E/, "there is: $step");
}
good("$quarry validate shop.yaml");
bad("$quarry migrate lint shop.yaml", 1, qr/slow: table customers is rebuilt/, 'lint');
like((run("$quarry migrate lint shop.yaml"))[1], qr/can_fail: add unique \(email\)/, 'lint names what can fail');
(my $accepted = $written) =~ s/accept: data_loss/accept: [data_loss, slow, can_fail]/;
spew('accepted.yaml', $accepted);
good("$quarry migrate lint accepted.yaml", 'lint is silent about what is accepted');
bad("$quarry migrate plan shop.yaml 2 0", 1, qr/is irreversible/, 'no way back');
bad("$quarry migrate plan shop.yaml 3", 2, qr/versions are 0 to 2/, 'no such version');
bad("$quarry migrate plan shop.yaml -- -1", 2, qr/versions are 0 to 2/, 'nor this');

# rows through the shell, version by version
unlink 'shop.db';
good("$quarry migrate plan shop.yaml 0 1 | sqlite3 -bail shop.db");
good(qq{sqlite3 shop.db "PRAGMA foreign_keys=ON; INSERT INTO customers VALUES (1,'a','Ada','x'),(2,'b',NULL,NULL);}
    . qq{INSERT INTO orders VALUES (7,1),(9,2)"});
good("$quarry migrate plan shop.yaml 1 2 | sqlite3 -bail shop.db");
is(`sqlite3 shop.db "SELECT group_concat(s.id || title || state || grade) FROM sales s JOIN customers c ON c.id = customer_id WHERE title IS NOT NULL"`,
    "7Adaopen10\n", 'the rows are there');
good("$quarry diff shop.db shop.yaml", 'and the tables are the declared ones');

# without telling, a new name is a drop and an add
(my $silent = $second) =~ s/, was: name//;
$silent =~ s/    was: orders\n//;
spew('silent.yaml', "$silent$list");
bad("$quarry migrate new second silent.yaml", 1, qr/drop table orders.*/s, 'a rename is never guessed');
good("$quarry migrate new second silent.yaml --accept data_loss --rename orders:sales --rename customers.name:title",
    'but told');
like(slurp('silent.yaml'), qr/rename_table: \{table: orders, to: sales\}/, 'it is one');
bad("$quarry migrate new third silent.yaml --rename a:b", 2, qr/--rename a:b: it is OLD:NEW/, 'a rename of nothing');
bad("$quarry migrate new 'no name' shop.yaml", 2, qr/is no name: write `no_name`/, 'a bad name');
bad("$quarry migrate", 2, qr/say what/, 'nothing to do');
bad("$quarry migrate old shop.yaml", 2, qr/there is no `old`/, 'no such part');
bad("$quarry migrate plan $root/tests/schemas/hard_cases.yaml", 2, qr/has no migrations/, 'no migrations');
spew('flow.yaml', "$second\nmigrations: []\n");
bad("$quarry migrate new x flow.yaml", 2, qr/a line for each item/, 'a list in flow style is not edited');

# ---- seeds -----------------------------------------------------------------------------------

my $seeds = <<'YAML';
quarry: 1
name: seeds
enums:
  level: {storage: integer, values: {low: 1, high: 2}}
  mood: [good, bad]
tables:
  roles:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: text, unique: true}
      active: {type: bool, default: true}
      level: {type: level, default: low}
      mood: {type: mood?}
      share: real?
      meta: json?
      tags: labels?
      raw: blob?
      made: timestamp?
    seed:
      - {id: 1, name: admin}
      - {id: 2, name: "null", mood: bad, share: 0.1, meta: {a: [1, 2]}, tags: {a: b, c: "d: e"}, raw: x'00ff', made: 2024-01-15T10:00:00Z}
      - {id: 3, name: guest}
  users:
    columns:
      id: {type: integer, primary_key: true}
      role: {type: integer, references: roles.id}
      email: {type: text, unique: true}
    seed:
      - {role: 1, email: root@x}
      - {role: 2, email: gone@x}
  words:
    columns: {word: text, n: {type: integer, default: 0}}
    seed:
      - {word: one}
migrations: seeded/
YAML
spew('seeds.yaml', $seeds);
good("$quarry migrate new first seeds.yaml");
my $changed = $seeds;
$changed =~ s/\{id: 3, name: guest\}/{id: 4, name: "it's \\"new\\""}/ or die;
$changed =~ s/\{id: 1, name: admin\}/{id: 1, name: admin, level: high, active: false}/ or die;
$changed =~ s/mood: bad.*Z\}/mood: good, share: 1e300, meta: null, tags: {}, raw: x'', made: 12}/ or die;
$changed =~ s/\{role: 2, email: gone\@x\}/{role: 4, email: new\@x}/ or die;
$changed =~ s/\{role: 1, email/{role: 2, email/ or die;
$changed =~ s/\{word: one\}/{word: two}/ or die;
spew('seeds.yaml', $changed);
bad("$quarry validate seeds.yaml", 1, qr/no migration inserts this row of `roles`/, 'changed seeds are told');
good("$quarry migrate new second seeds.yaml");
good("$quarry validate seeds.yaml", 'the steps that are written for seeds are proved');
bad("$quarry migrate new third seeds.yaml", 1, qr/lead to the declared tables already/, 'seeds: nothing is left to do');
my $dump = "sqlite3 s.db 'SELECT * FROM roles; SELECT role, email FROM users; SELECT * FROM words' '.dump roles'";
good("$quarry migrate plan seeds.yaml 0 1 | sqlite3 -bail s.db");
my $before = `$dump`;
good("$quarry migrate plan seeds.yaml 1 2 | sqlite3 -bail s.db");
my $after = `$dump`;
isnt($after, $before, 'the rows have changed');
like($after, qr/^1\|admin\|0\|2\|.*^2\|null\|1\|1\|good\|1.0e\+300\|\|\{\}\|\|12\n4\|it's "new"\|1/ms, 'as declared');
like($after, qr/^2\|root\@x\n4\|new\@x\ntwo\|0$/m, 'with their references');
good("$quarry migrate plan seeds.yaml 2 1 | sqlite3 -bail s.db");
is(`$dump`, $before, 'the way back brings every value back');
good("$quarry migrate plan seeds.yaml 1 2 | sqlite3 -bail s.db");
is(`$dump`, $after, 'and up again');
(my $added = $changed) =~ s/      made: timestamp\?\n/      made: timestamp?\n      rank: {type: integer, default: 0}\n/ or die;
$added =~ s/\{id: 1, name: admin,/{id: 1, name: admin, rank: 9,/ or die;
spew('seeds.yaml', $added);
good("$quarry migrate new third seeds.yaml");
like(slurp('seeded/0003_third.yaml'), qr/add_column.*update: \{table: roles, set: \{rank: 9\}, where: \{id: 1\}\}/s, 'a seed with a new column');
(my $cascading = $added) =~ s/references: roles.id\}/references: roles.id, on_delete: cascade}/ or die;
spew('seeds.yaml', $cascading);
good("$quarry migrate new fourth seeds.yaml");
$cascading =~ s/      - \{id: 4.*\n// or die;
$cascading =~ s/role: 4/role: 2/ or die;
spew('seeds.yaml', $cascading);
bad("$quarry migrate new fifth seeds.yaml", 1, qr/this would destroy data:\n  rows of users go with rows of roles/, 'a seed that cascades');
good("$quarry migrate new fifth seeds.yaml --accept data_loss");
$cascading =~ s/\{id: 2, name/{id: 7, name/ or die;
$cascading =~ s/role: 2/role: 7/g;
spew('seeds.yaml', $cascading);
good("$quarry migrate new sixth seeds.yaml --accept data_loss", 'a seed with another key and the same unique value');
like(slurp('seeded/0006_sixth.yaml'), qr/delete: \{table: roles, where: \{id: 2\}\}.*insert: \{table: roles/s, 'goes before it comes');
for my $same ('roles:roles', 'roles.name:name') {
    bad("$quarry migrate new seventh seeds.yaml --rename $same", 2, qr/--rename \Q$same\E: .*another name/, "--rename $same");
}

# ---- a new table that refers to what another one only gets -----------------------------------

my $late = "quarry: 1\nname: late\ntables:\n  hosts:\n    columns: {id: {type: integer, primary_key: true}}\nmigrations: late/\n";
spew('late.yaml', $late);
good("$quarry migrate new first late.yaml");
$late =~ s/hosts:\n.*\n/hosts:\n    columns: {id: {type: integer, primary_key: true}, zone: {type: text?, unique: true}, tag: {type: integer?, references: tags.id}}\n  disks:\n    columns: {id: {type: integer, primary_key: true}, zone: {type: text?, references: hosts.zone}}\n  parts:\n    columns: {id: {type: integer, primary_key: true}, disk: {type: integer, references: disks.id}}\n  tags:\n    columns: {id: {type: integer, primary_key: true}}\n/ or die;
spew('late.yaml', $late);
good("$quarry migrate new second late.yaml", 'new tables before and after the table that changes');
good("$quarry validate late.yaml");
like(slurp('late/0002_second.yaml'), qr/name: tags.*add_column: \{table: hosts.*name: disks.*name: parts/s, 'in this order');

# ---- a folder ------------------------------------------------------------------------------

mkdir 'migrations';
spew('folder.yaml', "${first}migrations: migrations/\n");
good("$quarry migrate new initial folder.yaml");
ok(-e 'migrations/0001_initial.yaml', 'a file in the folder');
is(slurp('folder.yaml'), "${first}migrations: migrations/\n", 'the schema is as it was');
good("$quarry validate folder.yaml");
spew('folder.yaml', "${second}migrations: migrations\n");
good("$quarry migrate new second folder.yaml --accept data_loss");
good("$quarry generate folder.yaml -o out --depfile out.d");
like(slurp('out.d'), qr{migrations/0002_second.yaml}, 'the files are dependencies');
my $c = slurp('out/shop/shop_migrations.c');
rename 'migrations/0002_second.yaml', 'migrations/0003_second.yaml' or die;
bad("$quarry validate folder.yaml", 1, qr/the file's name says version 3/, 'file and content disagree');
(my $bare = slurp('migrations/0003_second.yaml')) =~ s/^version: 2\nname: second\n//;
spew('migrations/0003_second.yaml', $bare);
bad("$quarry validate folder.yaml", 1, qr/has version 3, but the next one is 2/, 'a gap');
rename 'migrations/0003_second.yaml', 'migrations/0002_second.yaml' or die;
good("$quarry generate folder.yaml -o out", 'the name of the file is enough');
is(slurp('out/shop/shop_migrations.c'), $c, 'and means the same');
spew('migrations/notes.yaml', '');
bad("$quarry validate folder.yaml", 1, qr/is no name of a migration's file/, 'another file');
unlink 'migrations/notes.yaml';
for my $file ('0003_x.yml', '0003_x.YAML', '0003-x.yaml', 'x.yaml', '0000_x.yaml', '0003_X.yaml', '0003_.yaml', '3.yaml') {
    spew("migrations/$file", "up: []\n");
    bad("$quarry validate folder.yaml", 1, qr/\Qmigrations\/$file` is no name of a migration's file\E/, "$file is an error");
    unlink "migrations/$file";
}
for my $file ('0003_x.yaml.orig', '0003_x.yaml.rej', '0003_x.sql', '0003_x', 'x') {
    spew("migrations/$file", "up: []\n");
    like(good("$quarry validate folder.yaml"), qr/warning: `migrations\/\Q$file\E` is no migration and is not read/, "$file is named");
    unlink "migrations/$file";
}
mkdir 'migrations/old';
like(good("$quarry validate folder.yaml"), qr/warning: `migrations\/old` is no migration/, 'a folder is named');
rmdir 'migrations/old';
for my $file ('.gitkeep', '.0002_second.yaml.swp', '0002_second.yaml~', '#0002_second.yaml#', 'README.md', 'README', 'NOTES.txt') {
    spew("migrations/$file", 'x');
    unlike(good("$quarry validate folder.yaml"), qr/warning/, "$file disturbs nobody");
    unlink "migrations/$file";
}
rename 'migrations/0002_second.yaml', 'migrations/2_second.yaml' or die;
good("$quarry generate folder.yaml -o out", 'zeros in front are as you like');
spew('migrations/02_other.yaml', slurp('migrations/2_second.yaml'));
bad("$quarry validate folder.yaml", 1, qr/has version 2, but the next one is 3/, 'one version twice');
unlink 'migrations/02_other.yaml';
rename 'migrations/2_second.yaml', 'migrations/0002_second.yaml' or die;
good("$quarry generate shop.yaml -o list", 'the list');
is(slurp('list/shop/shop_migrations.c'), $c, 'a list and a folder make the same C');

# ---- released ------------------------------------------------------------------------------

good("$quarry migrate release shop.yaml", 'released');
my $lock = slurp('schema.lock');
like($lock, qr/^shop 1 initial [0-9a-f]{64}\nshop 2 second [0-9a-f]{64}\n\z/m, 'schema.lock');
good("$quarry migrate release shop.yaml", 'released again');
is(slurp('schema.lock'), $lock, 'the same');
good("$quarry migrate release jadugar.yaml", 'another schema in the same folder');
like(slurp('schema.lock'), qr/^jadugar 1 initial .*^shop 1 initial/ms, 'is in the same file');
good("$quarry validate shop.yaml");
(my $formatted = slurp('shop.yaml')) =~ s/^( *- create_index: )\{table: orders, columns: \[customer_id\]\}/$1\{columns: [ customer_id ], "table": orders} # by customer/m;
spew('shop.yaml', $formatted);
good("$quarry validate shop.yaml", 'formatting is free');
(my $edited = slurp('shop.yaml')) =~ s/email: text$/email: text?/m;
spew('shop.yaml', $edited);
my $told = bad("$quarry validate shop.yaml", 1, qr/`initial`, was changed after its release: it has the checksum [0-9a-f]{64} and was released with [0-9a-f]{64}/,
    'an edited one is refused');
like($told, qr/schema.lock:\d+:1: note: it was released here/, 'with the place of its release');
bad("$quarry generate shop.yaml -o list", 1, qr/Q0430/, 'by generate too');
spew('shop.yaml', "$second\nmigrations: []\n");
bad("$quarry validate shop.yaml", 1, qr/there is no migration yet/, 'an empty list');
spew('shop.yaml', "${first}${list}");
bad("$quarry validate shop.yaml", 1, qr/migration 2, `second`, was released and is missing/, 'a missing one is refused');
spew('schema.lock', "shop one\n");
bad("$quarry validate shop.yaml", 1, qr/this is no line of a lock file/, 'a damaged lock file');
unlink 'schema.lock';

# ---- emitted -------------------------------------------------------------------------------

spew('calls.yaml', <<'YAML');
quarry: 1
name: calls
tables:
  items:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: text, collation: nocase}
      slug: {type: text, default: ""}
migrations:
  - version: 1
    name: initial
    up:
      - create_table: {name: items, columns: {id: {type: integer, primary_key: true}, name: text}}
  - version: 2
    name: slugs
    doc: Names for addresses. */
    up:
      - add_column: {table: items, column: {slug: {type: text, default: ""}}}
      - call: fill_slugs
        down: []
      - alter_column: {table: items, column: {name: {type: text, collation: nocase}}}
YAML
spew('main.c', <<'C');
#include "calls.h"
#include <sqlite3.h>
#include <stdio.h>

quarry_status calls_fill_slugs(quarry_db *db, void *context)
{
    if (context != NULL)
        return QUARRY_INVALID;
    return quarry_exec(db, "UPDATE items SET slug = 'slug-' || id");
}

static void show(quarry_db *db)
{
    sqlite3_stmt *stmt = NULL;
    int version = -1;

    quarry_schema_version(db, &version);
    sqlite3_prepare_v2(quarry_sqlite(db), "SELECT group_concat(name || slug) FROM items", -1, &stmt, NULL);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        printf("%d %s\n", version, (const char *)sqlite3_column_text(stmt, 0));
    else
        printf("%d\n", version);
    sqlite3_finalize(stmt);
}

int main(void)
{
    quarry_options options;
    quarry_migrate_options failing = {.context = &options};
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    options.pending = QUARRY_PENDING_IGNORE;
    printf("%s\n", quarry_status_name(calls_open(":memory:", &options, &db)));
    printf("%s\n", quarry_status_name(quarry_migrate(db, 1, NULL)));
    printf("%s\n", quarry_status_name(quarry_exec(db, "INSERT INTO items (name) VALUES ('a'), ('b')")));
    printf("%s\n", quarry_status_name(quarry_migrate(db, 2, &failing)));
    show(db);
    printf("%s\n", quarry_status_name(quarry_migrate(db, 2, NULL)));
    show(db);
    printf("%s\n", quarry_status_name(quarry_migrate_back(db, 1, NULL)));
    show(db);
    quarry_close(db);
    return 0;
}
C
good("$quarry generate calls.yaml -o out", 'generate a schema that calls');
like(slurp('out/calls/calls.h'), qr/^quarry_status calls_fill_slugs\(quarry_db \*db, void \*context\);/m, 'the function is declared');
my $strict = '-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -g -fsanitize=address,undefined';
for my $cc (qw(gcc clang)) {
    good("$cc $strict -I$root/runtime -Iout/calls main.c out/calls/calls.c out/calls/calls_migrations.c "
        . "$root/runtime/*.c -lsqlite3 -o main", "$cc: it compiles with the program's function");
    is(`./main`, "ok\nok\nok\nmigration\n1\nok\n2 aslug-1,bslug-2\nok\n1\n", "$cc: which is called, and rolled back");
    good("$cc $strict -DCALLS_STUB_CALLS -I$root/runtime out/calls/*.c $root/runtime/*.c -lsqlite3 -lm -o calls_test",
        "$cc: its test compiles with a function in its place");
    unlike(good('./calls_test', "$cc: and passes"), qr/^not ok/m, 'no failure');
    good("$cc $strict -I$root/runtime list/shop/*.c $root/runtime/*.c -lsqlite3 -lm -o shop_test", "$cc: the other");
    unlike(good('./shop_test', "$cc: passes too"), qr/^not ok/m, 'no failure');
}
good("g++ -std=c++11 -Wall -Wextra -Werror -fsyntax-only -I$root/runtime -x c++ out/calls/calls.h", 'the header as C++');
done_testing();
