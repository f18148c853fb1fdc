#!/usr/bin/env perl
# Every YAML block of docs/schema-reference.md is a whole schema that the program takes.
use strict;
use warnings;
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
open my $file, '<', 'docs/schema-reference.md' or die $!;
my $text = do { local $/; <$file> };
my $section = '';
while ($text =~ /^## ([^\n]*)$|^```yaml\n(.*?)^```$/msg) {
    if (defined $1) {
        $section = $1;
        next;
    }
    open my $pipe, '|-', "$quarry validate -" or die $!;
    print $pipe $2;
    my $good = close $pipe;
    ok($good, "the example of: $section");
}
done_testing();
