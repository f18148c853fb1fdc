#!/usr/bin/env perl
# instructions.pl FILE: reads what callgrind dumped while `bench --instructions` ran
# (FILE, FILE.1, FILE.2 ...) and prints instructions and their ratios, which don't depend on
# how busy the machine is.
use strict;
use warnings;

my $stem = shift or die "usage: instructions.pl FILE\n";
my (%count, @order);
my $number = sub { $_[0] =~ /\.(\d+)$/ ? $1 : 0 };
for my $file (sort { $number->($a) <=> $number->($b) } glob "$stem.*") {
    open my $in, '<', $file or die "$file: $!\n";
    my ($name, $total);
    while (<$in>) {
        $name  = $1 if /^desc: Trigger: Client Request: (.+)$/;
        $total = $1 if /^(?:totals|summary): (\d+)/;
    }
    next unless defined $name && defined $total;
    my ($workload, $engine) = split /\|/, $name;
    push @order, $workload unless exists $count{$workload};
    $count{$workload}{$engine} = $total;
}
die "$stem.*: no counts; did valgrind run?\n" unless @order;

printf "%-28s %12s %12s %7s %18s\n", 'instructions (millions)', 'hand', 'quarry', 'ratio',
    'to sqlite3_open()';
for my $workload (@order) {
    my %of = %{$count{$workload}};
    printf "%-28s %12.1f %12.1f %7.3f %18.3f\n", $workload, $of{hand} / 1e6,
        $of{quarry} / 1e6, $of{quarry} / $of{hand}, $of{quarry} / $of{'hand, sqlite3_open'};
}
