#!/usr/bin/perl
# endless.t: SQL that never ends stops neither the generator nor the emitted tests: queries that are
# read, written or counted, views, SQL files; each within steps that are the same everywhere.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $dir = tempdir(CLEANUP => 1);
my $numbers = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)';

sub write_file {
    my ($name, $text) = @_;
    open my $file, '>', "$dir/$name" or die;
    print $file $text;
    close $file;
}

# Exit status and output of a command that gets a minute, which is far more than it needs.
sub run {
    my ($command) = @_;
    my $output = `cd $dir && timeout 60 $command 2>&1`;
    return ($? >> 8, $output);
}

write_file('endless.yaml', <<"E");
quarry: 1
name: endless
tables:
  things:
    columns:
      id: {type: integer, primary_key: true}
      n: integer?
views:
  all_numbers: {sql: "$numbers SELECT x FROM c"}
queries:
  good: {sql: "SELECT id, n FROM things", returns: many}
  numbers: {sql: "$numbers SELECT x FROM c", returns: many}
  highest: {sql: "$numbers SELECT max(x) AS x FROM c", returns: one}
  written: {sql: "UPDATE things SET n = (SELECT max(x) FROM all_numbers) WHERE id > 0", returns: count}
  inserted: {sql: "INSERT INTO things (n) SELECT x FROM all_numbers", returns: exec}
  filtered:
    sql: SELECT count(*) AS n FROM all_numbers WHERE x > 0 [[ AND x <> :a ]] [[ AND x <> :b ]] [[ AND x <> :c ]] [[ AND x <> :d ]]
    returns: one
  after: {sql: "SELECT count(*) AS n FROM things", returns: one}
E
my ($status, $output) = run("$quarry generate endless.yaml -o out");
is($status, 0, 'a query that never ends is emitted');
my @stopped = $output =~ /^endless\.yaml:(\d+):\d+: warning: this was stopped after 5000000 steps .*Q0318/mg;
is("@stopped", '13 14 15 17', 'a warning for each that was stopped before it gave enough rows')
    or diag($output);

my $root = abs_path('.');
($status, $output) = run("cc -std=c11 -Wall -Wextra -Werror -Iout/endless -I$root/runtime out/endless/*.c"
    . " $root/runtime/*.c -lsqlite3 -lm -pthread -o test");
is($status, 0, 'the emitted test compiles') or diag($output);
($status, $output) = run('./test');
is($status, 0, 'the emitted test ends') or diag($output);
like($output, qr/^# stopped, and not compared: .*max\(x\)/m, 'and says what it could not compare');
like($output, qr/^ok \d+ - query after$/m, 'what stands behind it is compared');

write_file('endless.sql', "CREATE TABLE t AS $numbers SELECT x FROM c;\n");
($status, $output) = run("$quarry import endless.sql");
isnt($status, 0, 'a file of SQL is refused');
like($output, qr/it takes too many steps, or never ends/, 'with the reason');
write_file('huge.sql', "CREATE TABLE t AS SELECT hex(zeroblob(500000000)) AS x;\n");
($status, $output) = run("$quarry import huge.sql");
like($output, qr/too big/, 'a value that would take all memory too');
write_file('heavy.yaml', <<"E");
quarry: 1
name: heavy
tables:
  things:
    columns: {id: {type: integer, primary_key: true}}
    checks: [{name: slow, sql: "length(hex(randomblob(400000000))) > id"}]
E
($status, $output) = run("$quarry validate heavy.yaml");
is($status, 0, 'a check that takes all memory ends');
like($output, qr/no row was found that satisfies its rules/, 'and what can not be tried is told');

# A query, and a file of SQL, that stand for more SELECTs than SQLite can prepare.
my @chain = map {"c$_ AS (SELECT x FROM c" . ($_ - 1) . ' UNION ALL SELECT x + 1 FROM c' . ($_ - 1) . ')'} 1 .. 40;
write_file('chain.yaml', <<"E");
quarry: 1
name: chain
tables: {things: {columns: {id: {type: integer, primary_key: true}}}}
queries:
  q: {sql: "WITH c0 AS (SELECT id AS x FROM things), @{[join ', ', @chain]} SELECT x FROM c40", returns: many}
E
($status, $output) = run("$quarry validate chain.yaml");
like($output, qr/^chain\.yaml:5:12: error: this is more than 5000 SELECTs .*Q0320/m, 'common tables without number');
write_file('views.sql', join '', "CREATE TABLE things (id INTEGER PRIMARY KEY);\nCREATE VIEW v0 AS SELECT id FROM things;\n",
    map {"CREATE VIEW v$_ AS SELECT id FROM v" . ($_ - 1) . ' UNION ALL SELECT id FROM v' . ($_ - 1) . ";\n"} 1 .. 40);
($status, $output) = run("$quarry explain views.sql --sql 'SELECT 1'");
like($output, qr/the view `v11` is more than 5000 SELECTs/, 'views of a file');

done_testing();
