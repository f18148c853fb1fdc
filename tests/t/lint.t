#!/usr/bin/env perl
# What `quarry lint` finds. Each file of tests/lint says in comments what has to be found,
# and nothing else may be:
#
#     # expect L101 LINE:COLUMN: part of the message
#     # expect note LINE:COLUMN: part of the message of a second place
#     # expect hint: part of what stands behind a caret
#
# in SQL with -- instead of #. The program is $QUARRY, or build/quarry.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $dir = tempdir(CLEANUP => 1);

sub expectations {
    my ($path) = @_;
    my @expect;
    open my $file, '<:encoding(UTF-8)', $path or die "$path: $!";
    while (<$file>) {
        if (/^(?:#|--) expect (L\d\d\d) (\d+:\d+): (.*)$/) {
            push @expect, ["$path:$2: warning: ", $3, "[$1]"];
        } elsif (/^(?:#|--) expect note (\d+:\d+): (.*)$/) {
            push @expect, ["$path:$1: note: ", $2, ''];
        } elsif (/^(?:#|--) expect hint: (.*)$/) {
            push @expect, ['|', $1, ''];
        } elsif (/^(?:#|--) expect/) {
            die "$path: can't read: $_";
        }
    }
    return @expect;
}

sub is_found {
    my ($output, $expect) = @_;
    my ($start, $text, $end) = @$expect;
    return $output =~ /^ +\|[ \t]*\^~*[^\n]*\Q$text\E/m if $start eq '|';
    return $output =~ /^\Q$start\E[^\n]*\Q$text\E[^\n]*\Q$end\E$/m;
}

sub lint {
    my (@arguments) = @_;
    my $output = `$quarry lint @arguments 2>&1`;
    utf8::decode($output);
    return ($? >> 8, $output);
}

for my $path (sort glob 'tests/lint/*') {
    my @expect = expectations($path);
    my ($status, $output) = lint($path);
    my @missing = grep { !is_found($output, $_) } @expect;
    my $wanted = grep { $_->[2] ne '' } @expect;
    my $count = () = $output =~ /^[^\n|]+: warning: /mg;
    my $good = $status == ($wanted > 0 ? 1 : 0) && !@missing && $count == $wanted;
    ok($good, $path)
        or diag("exit status $status, $count findings instead of $wanted\n"
            . join('', map { "missing: @$_\n" } @missing) . $output);
}

# The same of a database as of its SQL, but without places.
for my $path (sort glob 'tests/lint/*.sql') {
    my $db = "$dir/lint.db";
    unlink $db;
    system('python3', '-c',
        'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())',
        $db, $path) == 0 or die 'python3';
    my ($sql_status, $sql) = lint($path);
    my ($status, $output) = lint($db);
    my $messages = sub { join "\n", sort $_[0] =~ /: warning: (.*)$/mg };
    is($status, $sql_status, "the exit status of a database with $path");
    is($messages->($output), $messages->($sql), "the findings in a database with $path");
    like($output, qr/^\Q$db\E: warning: /m, 'a database is named without a line');
}

# Exit statuses and forms of output.
my ($status, $output) = lint('--json', 'tests/lint/schema.yaml');
my $json = eval { decode_json($output) };
is($status, 1, 'findings exit 1 with --json too');
is(ref $json, 'ARRAY', '--json prints an array');
is_deeply([sort map { $_->{code} } @$json],
    [sort $output =~ /"code": "(L\d\d\d)"/g], 'each finding has a code');
is($json->[0]{severity}, 'warning', 'findings are warnings');
($status, $output) = lint('--json', 'schema/duplistatus.yaml');
is("$status $output", "0 []\n", 'nothing found is an empty array');
($status, $output) = lint('schema/duplistatus.yaml');
is("$status $output", '0 ', 'nothing found is silent');
($status, $output) = lint('tests/must_fail/two_primary_keys.yaml');
is($status, 1, 'a wrong schema exits 1');
like($output, qr/: error: /, 'and says what is wrong');
($status, $output) = lint('--json', 'tests/must_fail/two_primary_keys.yaml');
is(eval { decode_json($output)->[0]{severity} }, 'error', 'in JSON too');
($status) = lint("$dir/nothing.yaml");
is($status, 2, 'a file that is not there exits 2');
($status) = lint('--wrong');
is($status, 2, 'a wrong option exits 2');
($status) = lint('');
is($status, 2, 'no schema exits 2');
($status) = lint('schema/duplistatus.yaml', 'tests/lint/types.sql');
is($status, 1, 'of several the worst counts');

# Released migrations can't be bettered.
system('sh', '-c', "cp tests/lint/migrations.yaml $dir/m.yaml && $quarry migrate release $dir/m.yaml >/dev/null 2>&1");
ok(-s "$dir/schema.lock", 'the migrations are released');
($status, $output) = lint("$dir/m.yaml");
is("$status $output", '0 ', 'then nothing is found in them');

# What ANALYZE has counted in a database is believed.
system('python3', '-c', <<'PY', "$dir/counted.db") == 0 or die 'python3';
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("""
CREATE TABLE parents (id INTEGER PRIMARY KEY);
CREATE TABLE few (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents);
CREATE TABLE many (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents);
CREATE VIEW all_of_many AS SELECT * FROM many;
CREATE VIEW one_of_few AS SELECT * FROM few WHERE parent = 1;
INSERT INTO few (parent) VALUES (NULL);
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO many (id) SELECT i FROM n;
ANALYZE""")
PY
($status, $output) = lint("$dir/counted.db");
is_deeply([sort $output =~ /\[(L\d\d\d)\]/g], ['L101', 'L304'], 'the small table is left alone')
    or diag($output);
like($output, qr/all rows of `many` are read, about 2000/, 'the number is that of ANALYZE');

# SQLite as judge of foreign keys: a delete of a parent scans where L101 says so, and what
# L114 says can't work does not.
my $scans = `python3 - <<'PY'
import sqlite3
db = sqlite3.connect(":memory:")
db.executescript("PRAGMA foreign_keys = ON;" + open("tests/lint/foreign_keys.sql").read())
print(sum(row[3].startswith("SCAN") for table in ("hosts", '"pairs of"')
          for row in db.execute(f"EXPLAIN QUERY PLAN DELETE FROM {table} WHERE rowid = 1")))
PY
`;
($status, $output) = lint('tests/lint/foreign_keys.sql');
my $said = () = $output =~ /\[L101\]$/mg;
is($said, $scans + 0, 'a delete scans where L101 says so');
my $refused = `python3 - <<'PY'
import sqlite3
db = sqlite3.connect(":memory:")
db.executescript("PRAGMA foreign_keys = ON;" + open("tests/lint/mismatches.sql").read())
for column, value in dict(a=1, b="1", c="1", d="1", e="1", typed=1, x="1").items():
    try:
        db.execute(f"INSERT INTO children (needed, {column}) VALUES (NULL, ?)", (value,))
    except sqlite3.OperationalError as error:
        print("mismatch" if "mismatch" in str(error) else "no table" if "no such" in str(error) else error)
        break
PY
`;
like($refused, qr/^(mismatch|no table)$/m, 'what L114 says is refused when a row is written');

# The schemas of this repository keep the rules, or say why not.
for my $path (glob 'schema/*.yaml') {
    ($status, $output) = lint($path);
    is("$status $output", '0 ', $path);
}

# Every code is in the list, in docs/lint.md, and tested here.
my ($codes) = (lint('--codes'))[1];
binmode Test::More->builder->$_, ":utf8" for qw(output failure_output todo_output);
open my $docs, '<', 'docs/lint.md' or die $!;
my $text = do { local $/; <$docs> };
my $cases = `cat tests/lint/*`;
for my $code ($codes =~ /^(L\d\d\d)  \S/mg) {
    ok($text =~ /^\| $code \|/m, "docs/lint.md has $code");
    ok($cases =~ /^(?:#|--) expect $code /m, "$code has a case");
}

done_testing();
