#!/usr/bin/env perl
# `quarry explain` on statements and files that nobody should hand it: an error at a place or an
# answer, within seconds, and nothing of the user's is written. The program is $QUARRY, or build/quarry.
use strict;
use warnings;
use Digest::SHA;
use File::Temp qw(tempdir);
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $dir = tempdir(CLEANUP => 1);

# Exit status, signal and all output.
sub run_explain {
    my (@arguments) = @_;
    open my $pipe, '-|', 'sh', '-c', 'exec timeout 20 "$@" 2>&1', 'sh', $quarry, 'explain', @arguments
        or die $!;
    my $output = do { local $/; <$pipe> };
    close $pipe;
    return ($? >> 8, $output // '');
}

open my $schema, '>', "$dir/s.sql" or die $!;
print $schema "CREATE TABLE t (a INTEGER NOT NULL, b TEXT);\n";
close $schema;

my $ctes = join ', ', 'c0 AS (SELECT 1 AS x)',
    map { my $k = $_ - 1; "c$_ AS (SELECT l.x FROM c$k AS l, c$k AS r)" } 1 .. 40;
my @refused = (
    ['nothing', '', qr/^--sql:1:1: error: expected SELECT/],
    ['a comment', '-- x', qr/^--sql:1:5: error: expected SELECT/],
    ['10,000 brackets', 'SELECT ' . '(' x 10000 . '1' . ')' x 10000, qr/^--sql:1:1007: error: nested/],
    ['10,000 NOTs', 'SELECT ' . 'NOT ' x 10000 . '1', qr/^--sql:1:\d+: error: nested/],
    ['10,000 additions', 'SELECT 1' . '+1' x 10000, qr/^--sql:1:\d+: error: nested/],
    ['600 SELECTs', 'SELECT 1' . ' UNION ALL SELECT 1' x 600, qr/too many terms/],
    ['65 tables', 'SELECT 1 FROM ' . join(',', ('t') x 65), qr/64 tables/],
    ['invalid UTF-8', "SELECT \xff FROM t", qr/^--sql:1:8: error: no column/],
    ['a PRAGMA', 'PRAGMA user_version = 3', qr/^--sql:1:1: error: expected SELECT/],
    ['ATTACH', "ATTACH '$dir/new.db' AS n", qr/^--sql:1:1: error: expected SELECT/],
    ['VACUUM INTO', "VACUUM INTO '$dir/new.db'", qr/^--sql:1:1: error: expected SELECT/],
    ['common tables doubled 40 times', "WITH $ctes SELECT x FROM c40",
        qr/^--sql:1:1: error: this is more than 5000 SELECTs/],
    ['the second of two', 'SELECT 1; SELECT q FROM t', qr/^--sql:1:18: error: no column `q`/],
    ['a line with CR', "SELECT a,\r\n q FROM t", qr/^--sql:2:2: error: no column `q`/],
    ['a wide letter before', 'SELECT "é", q FROM t', qr/^--sql:1:13: error: no column `q`|^--sql:1:1\d: error/],
);
for my $case (@refused) {
    my ($name, $sql, $wanted) = @$case;
    my ($status, $output) = run_explain("$dir/s.sql", '--sql', $sql);
    is($status, 1, "$name: exit status");
    like($output, $wanted, "$name: error");
    unlike($output, qr/at 0x|Sanitizer/, "$name: no crash");
}
ok(!-e "$dir/new.db", 'nothing was made');

my @taken = (
    ['10,000 rows', 'VALUES ' . join(',', ('(1,2)') x 10000), qr/column2: integer/],
    ['an IN of 15,000', 'SELECT a FROM t WHERE a IN (' . join(',', 1 .. 15000) . ')', qr/a: integer/],
    ['a name of 5,000 letters', 'SELECT a AS ' . 'x' x 5000 . ' FROM t', qr/x{5000}: integer/],
    ['two statements', 'SELECT 1 AS p; SELECT a FROM t;', qr/p: integer.*a: integer/s],
    ['a CASE in LIMIT', 'SELECT a FROM t LIMIT CASE WHEN 1 THEN 2 ELSE 3 END', qr/a: integer/],
);
for my $case (@taken) {
    my ($name, $sql, $wanted) = @$case;
    my ($status, $output) = run_explain("$dir/s.sql", '--sql', $sql);
    is($status, 0, "$name: exit status") or diag(substr $output, 0, 300);
    like($output, $wanted, "$name: answer");
}

# ---- database files --------------------------------------------------------------------

my $make = <<'PYTHON';
import os, shutil, sqlite3, sys
dir, T = sys.argv[1], "CREATE TABLE t (a INTEGER NOT NULL, b TEXT)"
def made(name, *sql):
    db = sqlite3.connect(dir + "/" + name + ".db", isolation_level=None)
    for one in (T,) + sql:
        db.execute(one)
    return db
def left(db, name, *ends):
    """The file and those beside it as they are now, as if the program had died."""
    for end in ("",) + ends:
        shutil.copy(dir + "/" + name + ".db" + end, dir + "/left_" + name + ".db" + end)
    db.close()
made("plain", "INSERT INTO t VALUES (1, 'x')").close()
db = made("wal", "PRAGMA journal_mode = WAL", "CREATE TABLE u (c)")
left(db, "wal", "-wal")
db = made("hot", "PRAGMA cache_size = 2", "BEGIN", "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
          " FROM n WHERE i < 3000) INSERT INTO t SELECT i, hex(randomblob(200)) FROM n")
left(db, "hot", "-journal")
db = made("module", "PRAGMA writable_schema = ON")
db.execute("INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING none_such(a)')")
db.close()
db = made("schema", "PRAGMA writable_schema = ON", "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a'")
db.close()
plain = open(dir + "/plain.db", "rb").read()
for name, data in (("cut", plain[:150]), ("header", plain[:16]), ("torn", plain[:100] + b"\xff" * 40 + plain[140:]),
                   ("noise", bytes((i * 7919 >> 3) % 256 for i in range(8192)))):
    open(dir + "/" + name + ".db", "wb").write(data)
db = sqlite3.connect(dir + "/utf16.db")
db.execute("PRAGMA encoding = 'UTF-16le'")
db.execute(T)
db.close()
PYTHON
system('python3', '-c', $make, $dir) == 0 or die 'python3';

sub snapshot {
    return join "\n", map { "$_ " . Digest::SHA->new(256)->addfile($_)->hexdigest . ' ' . (stat $_)[9] } sort glob "$dir/*";
}

my @files = (
    ['plain', 0, qr/^  b: text\?, from t\.b$/m],
    ['utf16', 0, qr/^  b: text\?, from t\.b$/m],
    ['left_wal', 0, qr/^  b: text\?, from t\.b$/m],
    ['module', 0, qr/warning: a virtual table is left out: no such module: none_such/],
    ['left_hot', 1, qr/its last transaction was interrupted/],
    ['schema', 1, qr/malformed database schema/],
    ['cut', 1, qr/malformed|not a database/],
    ['header', 1, qr/not a database/],
    ['torn', 1, qr/malformed|not a database/],
    ['noise', 1, qr/unless it is encrypted/],
    ['none', 2, qr/No such file/],
);
my $before = snapshot();
for my $case (@files) {
    my ($name, $wanted_status, $wanted) = @$case;
    my ($status, $output) = run_explain("$dir/$name.db", '--sql', 'SELECT b FROM t WHERE a = :a');
    is($status, $wanted_status, "$name.db: exit status");
    like($output, $wanted, "$name.db: answer");
}
my ($status, $output) = run_explain("$dir/left_wal.db", '--sql', 'SELECT c FROM u');
is($status, 0, 'a table that is only in the -wal');
is(snapshot(), $before, 'no file is written, and none made');

done_testing();
