#!/usr/bin/env perl
# queries.pl TABLES QUERIES: prints a schema of so many tables and queries, for measuring
# what typing and proving queries costs. Always the same text. The queries are of four
# kinds: a range, a join with aggregates, a list, a whole row.
use strict;
use warnings;

my ($tables, $queries) = @ARGV;
die "usage: queries.pl TABLES QUERIES\n" unless ($tables // 0) =~ /^[1-9]\d*$/ && ($queries // '') =~ /^\d+$/;

print "quarry: 1\nname: asked\n\ntables:\n";
for my $t (0 .. $tables - 1) {
    print <<"END";
  things_$t:
    row: thing_$t
    columns:
      id:      {type: integer, primary_key: true}
      name:    text
      note:    text?
      amount:  {type: integer, min: 0}
      score:   real?
      created: {type: timestamp, default: now}
END
    printf "      parent:  {type: integer, references: things_%d.id}\n", $t - 1 if $t % 10 > 0;
}
print "\nqueries:\n";
for my $q (0 .. $queries - 1) {
    my $t = $q % $tables;
    my $o = ($t + 1) % $tables;
    my ($returns, $sql) = @{(
        ['many', "SELECT id, name, amount FROM things_$t WHERE created >= :since AND name LIKE :pattern"
               . " ORDER BY created DESC LIMIT :limit"],
        ['many', "SELECT a.name, b.note, count(*) AS n, avg(b.score) AS score FROM things_$t a"
               . " LEFT JOIN things_$o b ON b.id = a.id WHERE a.amount > :least GROUP BY a.id"],
        ['one',  "SELECT sum(amount) AS total, max(created) AS last FROM things_$t WHERE id IN (:ids...)"],
        ['many', "SELECT * FROM things_$t WHERE note IS NOT NULL AND id = :id"],
    )[int($q / $tables) % 4]};
    print "  query_$q: {sql: \"$sql\", returns: $returns}\n";
}
