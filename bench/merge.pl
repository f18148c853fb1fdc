#!/usr/bin/env perl
# merge.pl FILE...: prints the JSON arrays in the files, which have one item a line, as one.
use strict;
use warnings;

my @items;
while (<>) {
    chomp;
    next if /^[\[\]]$/;
    s/,$//;
    push @items, $_;
}
print "[\n", join(",\n", @items), "\n]\n";
