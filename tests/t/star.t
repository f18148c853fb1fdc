#!/usr/bin/perl
# star.t: a `*` is written out in emitted SQL, whatever the joins: it yields what the `*` yields in
# SQLite itself, on rows with and without partners, and still does when a column was added by hand.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $dir = tempdir(CLEANUP => 1);
my @joins = (
    'a JOIN b USING (id)', 'a LEFT JOIN b USING (id)', 'a RIGHT JOIN b USING (id)',
    'a FULL JOIN b USING (id)', 'a NATURAL JOIN b', 'a NATURAL FULL JOIN b', 'a NATURAL RIGHT JOIN b',
    'a FULL JOIN b USING (id) FULL JOIN c USING (id)', 'a RIGHT JOIN b USING (id) LEFT JOIN c USING (id)',
    'a LEFT JOIN b USING (id) RIGHT JOIN c USING (id)', 'a FULL JOIN b USING (id) LEFT JOIN c USING (id)',
    'a FULL JOIN b USING (id) RIGHT JOIN c USING (id)', 'a JOIN b USING (id) FULL JOIN c USING (id)',
    'a JOIN (b JOIN c USING (id)) USING (id)', 'a LEFT JOIN (b JOIN c USING (id)) AS j USING (id)',
    'a FULL JOIN (b JOIN c USING (id)) AS j USING (id)', 'a FULL JOIN (b FULL JOIN c USING (id)) USING (id)',
    'a RIGHT JOIN (b FULL JOIN c USING (id)) USING (id)', 'a JOIN (SELECT id, y FROM b) USING (id)',
    'a FULL JOIN (SELECT id, y FROM b) USING (id)', 'a JOIN (SELECT id AS i, y FROM b) ON i = a.id',
    'a AS l NATURAL FULL JOIN b AS r', 'b, (SELECT max(x) AS m FROM a)');

open my $file, '>', "$dir/star.yaml" or die;
print $file "quarry: 1\nname: star\ntables:\n";
for (['a', 'x'], ['b', 'y'], ['c', 'z']) {
    print $file "  $_->[0]: {columns: {id: {type: integer, primary_key: true}, $_->[1]: integer?}}\n";
}
print $file "queries:\n", map {"  q$_: {sql: \"SELECT * FROM $joins[$_]\", returns: many}\n"} 0 .. $#joins;
close $file;
my $view = decode_json(scalar `$quarry view $dir/star.yaml`);
is($?, 0, 'all joins are taken');

# Rows whose ids are in one, two or all of the tables.
my $rows = join '', map {
    my ($table, $bit) = @$_;
    join '', map {$_ & $bit ? "INSERT INTO $table VALUES ($_, " . ($_ % 3 ? $_ * $bit * 10 : 'NULL') . ");" : ''} 0 .. 15;
} ['a', 1], ['b', 2], ['c', 4];
my $tables = 'CREATE TABLE a (id INTEGER PRIMARY KEY, x); CREATE TABLE b (id INTEGER PRIMARY KEY, y);'
    . 'CREATE TABLE c (id INTEGER PRIMARY KEY, z);';
my $added = 'ALTER TABLE a ADD COLUMN later DEFAULT 7;';

sub result_of {
    my ($sql, $more) = @_;
    open my $script, '>', "$dir/script.sql" or die;
    print $script "$tables $rows $more\n.nullvalue NULL\n$sql;\n";
    close $script;
    return join '', sort `sqlite3 :memory: < $dir/script.sql 2>&1`;
}

for my $query (@{$view->{queries}}) {
    my $sql = join '', map {my $text = $_->{text}; $text =~ s/\\n/\n/g; $text} @{$query->{sql}{lines}};
    my ($number) = $query->{query} =~ /(\d+)/;
    my $wanted = result_of("SELECT * FROM $joins[$number]", '');

    unlike($sql, qr/SELECT \*/, "$joins[$number] is written out");
    unlike($wanted, qr/rror/, '… SQLite takes it');
    is(result_of($sql, ''), $wanted, '… and yields the same');
    is(result_of($sql, $added), $wanted, '… also with a column added by hand');
}

done_testing();
