#!/usr/bin/env perl
# `quarry explain` as a whole: its sources, plan, tables, advice, JSON and errors. What is
# inferred and advised has unit tests. The program is $QUARRY, or build/quarry.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $dir = tempdir(CLEANUP => 1);

sub write_file {
    my ($name, $text) = @_;
    open my $file, '>', "$dir/$name" or die "$name: $!";
    print $file $text;
    close $file;
    return "$dir/$name";
}

sub run_explain {
    my (@arguments) = @_;
    open my $pipe, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', $quarry, 'explain', @arguments or die $!;
    my $output = do { local $/; <$pipe> };
    close $pipe;
    return ($? >> 8, $output // '');
}

my $sql = write_file('s.sql', <<'SQL');
CREATE TABLE hosts (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL);
CREATE TABLE containers (id INTEGER PRIMARY KEY, state TEXT NOT NULL,
    host TEXT NOT NULL REFERENCES hosts ON DELETE CASCADE);
CREATE INDEX by_host ON containers (host);
CREATE VIEW running (name, of_host) AS
    SELECT c.state, h.name FROM containers c LEFT JOIN hosts h ON h.id = c.host
     WHERE c.state = 'running';
SQL
my $yaml = write_file('s.yaml', <<'YAML');
quarry: 1
name: s
tables:
  hosts:
    rows: 20
    columns: {id: {type: text, primary_key: true}, name: text}
  containers:
    rows: 100000
    columns:
      id: {type: integer, primary_key: true}
      the_state: {type: text, sql_name: state}
      host: {type: text, references: hosts.id, on_delete: cascade}
    indexes: [[host]]
YAML
my $db = "$dir/s.db";
system('python3', '-c',
    'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())',
    $db, $sql) == 0 or die 'python3';

my $query = "SELECT h.name FROM containers c JOIN hosts h ON h.id = c.host\n WHERE state = :state";
for my $source ($sql, $db, $yaml) {
    my ($status, $output) = run_explain($source, '--sql', $query);
    is($status, 0, "$source: exit status");
    like($output, qr/^  name: text, from hosts\.name$/m, "$source: columns");
    like($output, qr/^tables:\n  containers: read\n  hosts: read$/m, "$source: tables");
    like($output, qr/^plan:\n  SCAN .\n  SEARCH . USING /m, "$source: the plan");
    like($output, qr/^warning: every row of `containers` is read to find those that match, at 2:8 \[L301\]$/m,
        "$source: a warning");
}
my ($status, $output) = run_explain($sql, '--sql', $query);
like($output, qr/^    CREATE INDEX … ON containers \(state\)$/m, 'SQL is advised SQL');
($status, $output) = run_explain($yaml, '--sql', $query);
like($output, qr/^    add to `indexes` of `containers`: - \[the_state\]$/m,
    'YAML is advised YAML, with the names of the schema');

# What the schema says of rows is believed.
($status, $output) = run_explain($yaml, '--sql', 'SELECT * FROM hosts ORDER BY name');
unlike($output, qr/^(warning|note): all rows/m, 'a small table may be read and sorted');
like($output, qr/^note: a temporary B-tree sorts rows for ORDER BY/m, 'the sort is told');
($status, $output) = run_explain($yaml, '--sql', 'SELECT * FROM containers');
like($output, qr/^warning: all rows of `containers` are read, about 100000, at 1:15 \[L304\]$/m,
    'a big table is not to be read whole');
($status, $output) = run_explain($sql, '--sql', 'SELECT * FROM containers');
like($output, qr/^note: all rows of `containers` are read, at 1:15$/m,
    'of unknown size that is a note');

# The plan is a tree.
($status, $output) =
    run_explain($sql, '--sql', 'SELECT * FROM hosts WHERE id IN (SELECT host FROM containers)');
like($output, qr/^plan:\n  SEARCH hosts.*\n  LIST SUBQUERY.*\n     SCAN containers/m, 'a tree');

# Views: what they are is in their own text.
($status, $output) = run_explain($sql, 'running');
is($status, 0, 'a view by its name');
like($output, qr/^view running\ncolumns:\n  name: text, from containers\.state/m,
    'a view names its columns');
like($output, qr/^  of_host: text\?, from hosts\.name\n      nullable: an outer join finds no row: `hosts h` at 2:56$/m,
    'a place in the text of the view');
like($output, qr/^warning: .* at 3:12 \[L301\]$/m, 'a warning in the text of the view');
($status, $output) = run_explain($sql, 'walking');
is($status, 2, 'a view that is not there');

# Queries, with the types that the schema gives them.
my $named = write_file('q.yaml', <<'YAML');
quarry: 1
name: q
enums: {state: [on, off]}
tables:
  items:
    columns: {id: {type: integer, primary_key: true}, state: state, seen: timestamp?}
queries:
  seen_since:
    sql: SELECT id, state, seen FROM items WHERE seen >= :since [[ AND state = :state ]]
    returns: many
  touch:
    sql: UPDATE items SET seen = :seen WHERE id = :id
    returns: count
views:
  quiet: {sql: SELECT id FROM items WHERE seen IS NULL}
YAML
($status, $output) = run_explain($named);
is($status, 0, 'all views and queries') or diag($output);
like($output, qr/^view quiet\n.*^select seen_since\n.*^update touch\n/ms, 'views, then queries');
($status, $output) = run_explain($named, 'seen_since');
like($output, qr/^  :since: timestamp \(integer\)/m, 'a timestamp stays one');
like($output, qr/^  state: state \(text\), from items\.state$/m, 'an enum stays one');
like($output, qr/add to `indexes` of `items`: - \[state, seen\]/, 'advice with all filters');
unlike($output, qr/touch/, 'one alone');
($status, $output) = run_explain('--json', $named, 'touch');
is(eval { decode_json($output)->{name} }, 'touch', 'JSON has its name');

# JSON has all of it.
($status, $output) = run_explain('--json', $sql, '--sql', 'DELETE FROM hosts WHERE name = :name');
my $json = eval { decode_json($output) };
is(ref $json, 'HASH', 'one statement is an object') or diag($output);
is_deeply([sort keys %$json], [sort qw(name kind params columns tables plan warnings)], 'its keys');
is($json->{kind}, 'delete', 'kind');
is_deeply($json->{tables}, [
    {name => 'containers', reads => JSON::PP::true, inserts => JSON::PP::false,
     updates => JSON::PP::false, deletes => JSON::PP::true, through => 'foreign key of `containers`'},
    {name => 'hosts', reads => JSON::PP::true, inserts => JSON::PP::false,
     updates => JSON::PP::false, deletes => JSON::PP::true, through => undef},
], 'tables');
is($json->{plan}[0]{detail}, 'SCAN hosts', 'plan');
is($json->{plan}[0]{parent}, 0, 'parent');
is_deeply($json->{warnings}, [{code => 'L301', severity => 'warning',
    message => 'every row of `hosts` is read to find those that match',
    hint => "CREATE INDEX \x{2026} ON hosts (name)", start => 24, end => 36}], 'warnings');
($status, $output) = run_explain('--json', $sql);
is(ref eval { decode_json($output) }, 'ARRAY', 'all views are a list');
($status, $output) = run_explain('--json', $sql, '--sql', 'SELECT 1; SELECT 2');
my $two = eval { decode_json($output) };
is(ref $two eq "ARRAY" ? scalar @$two : 0, 2, 'two statements are a list of two');

# What is wrong is told at its place, and exits 1.
($status, $output) = run_explain($sql, '--sql', "SELECT id\n  FROM host");
is($status, 1, 'a mistake exits 1');
like($output, qr/^--sql:2:8: error: no table `host`/m, 'at its place');
like($output, qr/did you mean `hosts`\?/, 'with a suggestion');
for my $broken ('SELECT', 'SELEC 1', '', 'SELECT 1;;', 'SELECT * FROM c WHERE', "SELECT 'x") {
    ($status) = run_explain($sql, '--sql', $broken);
    is($status, 1, "refused: $broken");
}
($status, $output) = run_explain("$dir/none.yaml");
is($status, 2, 'a file that is not there exits 2');
($status, $output) = run_explain(write_file('bad.sql', "CREATE TABLE a (b);\nCREATE TABEL c (d);\n"));
is($status, 1, 'SQL that is wrong exits 1');
like($output, qr/line 2/, 'and names its line');
($status, $output) = run_explain(write_file('bad.yaml', "quarry: 1\nname: 5x\n"));
is($status, 1, 'a schema that is wrong exits 1');
($status, $output) = run_explain(write_file('functions.sql', <<'SQL'));
CREATE TABLE a (b TEXT);
CREATE INDEX c ON a (slug(b));
CREATE VIEW d AS SELECT slug(b) AS e FROM a;
SQL
unlike($output, qr/no such function/, 'functions of the application are no hindrance');

done_testing();
