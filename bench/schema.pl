#!/usr/bin/env perl
# schema.pl TABLES: prints a schema of that many tables with 12 columns of mixed types, a
# foreign key and an index each, for measuring the generator. Always the same text. The
# foreign keys form trees of eight tables, so that all sizes have the same work per table:
# the emitted tests insert a row's ancestors first.
use strict;
use warnings;

my $tables = shift;
die "usage: schema.pl TABLES\n" unless defined $tables && $tables =~ /^[1-9][0-9]*$/;

print "quarry: 1\nname: synthetic\ndoc: $tables tables for a benchmark.\n\n";
print "enums:\n  level: [low, middle, high]\n\ntables:\n";
for my $i (1 .. $tables) {
    my $place = ($i - 1) % 8;
    my $parent = $i - $place + ($place > 0 ? int(($place - 1) / 2) : 0);
    my ($self, $to) = map { sprintf 'item_%05ds', $_ } $i, $parent;
    print <<"END";
  $self:
    doc: Table $i of the benchmark.
    columns:
      id:          {type: integer, primary_key: true}
      parent_id:   {type: integer?, references: $to.id, on_delete: cascade}
      name:        {type: text, min_length: 1, max_length: 100, doc: Shown to people.}
      code:        {type: text, max_length: 40}
      note:        text?
      amount:      {type: integer, default: 0, min: 0}
      share:       {type: real, min: 0, max: 1}
      enabled:     {type: bool, default: true}
      level:       {type: level, default: low}
      settings:    {type: json, default: {}}
      content:     blob?
      created:     {type: timestamp, default: now}
    indexes:
      - [parent_id, name]
END
}
