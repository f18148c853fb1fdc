#!/usr/bin/env perl
# bench.t: what the benchmarks leave is JSON that says on which machine it was measured. It
# measures nothing.
use strict;
use warnings;
use File::Temp 'tempdir';
use FindBin;
use JSON::PP 'decode_json';
use Test::More;

my $merge = "$FindBin::Bin/../../bench/merge.pl";
my $dir = tempdir(CLEANUP => 1);

sub leave {
    my ($name, $text) = @_;
    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print $out $text;
    close $out;
    return "$dir/$name";
}

my @files = (
    leave('a.json', qq([\n  {"workload": "insert", "ratio": 1.01, "spread": 0.2},\n)
          . qq(  {"workload": "list", "ratio": 0.6, "target": null}\n]\n)),
    leave('b.json', qq([\n  {"workload": "generate", "value": 380.5}\n]\n)),
);
my $items = decode_json(scalar `perl $merge @files`);
is(scalar @$items, 3, 'items of both files');
is($items->[0]{ratio}, 1.01, 'a number stays');
is($items->[1]{target}, undef, 'null stays');
is($items->[2]{workload}, 'generate', 'in their order');
for my $item (@$items) {
    like($item->{machine}, qr/\A[ -~]+\z/, "$item->{workload}: the machine");
    (my $system = `uname -sr`) =~ s/\s+\z//;
    like($item->{machine}, qr/\Q$system\E/, "$item->{workload}: its system");
}
is_deeply(decode_json(scalar `perl $merge $dir/a.json`)->[0],
    $items->[0], 'the same at every call');

done_testing;
