#!/usr/bin/perl
# run.pl DIR...: runs every test in the folders and adds up what they say. Programs and *.t
# scripts print TAP (https://testanything.org); cmocka does too when it is asked to. The last
# line is "N passed, N failed".
use strict;
use warnings;
use TAP::Harness;

$ENV{CMOCKA_MESSAGE_OUTPUT} = 'TAP';
$ENV{ASAN_OPTIONS} //= 'detect_leaks=1:abort_on_error=0:allocator_may_return_null=1';
$ENV{UBSAN_OPTIONS} //= 'print_stacktrace=1';
delete @ENV{grep { /DATABASE_/ } keys %ENV};

my @tests;
for my $dir (@ARGV) {
    push @tests, grep { -f && -x && !/\.[do]$/ } sort glob "$dir/*";
}
die "run.pl: no tests in @ARGV\n" unless @tests;

my $harness = TAP::Harness->new({
    exec => sub { my ($h, $test) = @_; return [$test] },
    jobs => $ENV{JOBS} // 2,
    merge => 0,
    verbosity => -1,
});
my $aggregate = $harness->runtests(@tests);
my $failed = $aggregate->failed + scalar $aggregate->parse_errors;
for my $test ($aggregate->descriptions) {
    my ($parser) = $aggregate->parsers($test);
    $failed++ if $parser->exit && !$parser->failed && !$parser->parse_errors;
}
printf "%d passed, %d failed\n", scalar $aggregate->passed, $failed;
exit($failed ? 1 : 0);
