#!/usr/bin/env perl
# Schemas that must be refused. Each file of tests/must_fail says in comments what has to be
# reported, and nothing else may be:
#
#     # expect error LINE:COLUMN: part of the message
#     # expect error parts/other.yaml:LINE:COLUMN: part of the message
#     # expect note LINE:COLUMN: part of the message of a second place
#     # expect hint: part of what stands behind a caret
#
# The program is $QUARRY, or build/quarry. No generated file may appear.
use strict;
use warnings;
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $folder = 'tests/must_fail';

sub expectations {
    my ($path) = @_;
    my %expect = (error => [], note => [], hint => []);
    open my $file, '<:encoding(UTF-8)', $path or die "$path: $!";
    while (<$file>) {
        if (/^# expect (error|note) (?:([^\s:]+):)?(\d+:\d+): (.*)$/) {
            push @{$expect{$1}}, ['' . (defined $2 ? "$folder/$2" : $path) . ":$3", $4];
        } elsif (/^# expect hint: (.*)$/) {
            push @{$expect{hint}}, $1;
        } elsif (/^# expect/) {
            die "$path: can't read: $_";
        }
    }
    return \%expect;
}

sub has_message {
    my ($output, $kind, $place, $text) = @_;
    return $output =~ /^\Q$place\E: $kind: [^\n]*\Q$text\E/m;
}

for my $path (sort glob "$folder/*.yaml") {
    my $expect = expectations($path);
    my $output = `$quarry validate $path 2>&1`;
    my $status = $? >> 8;
    utf8::decode($output);
    my @missing;
    for my $kind ('error', 'note') {
        push @missing, map { "$kind $_->[0]: $_->[1]" }
            grep { !has_message($output, $kind, @$_) } @{$expect->{$kind}};
    }
    push @missing, map {"hint: $_"}
        grep { my $hint = $_; $output !~ /^ +\|[ \t]*\^~*[^\n]*\Q$hint\E/m } @{$expect->{hint}};
    my $count = () = $output =~ /^[^\n|]+: error: /mg;
    my $good = $? != -1 && $status == 1 && !@missing && $count == @{$expect->{error}} && $count > 0;
    ok($good, $path)
        or diag("exit status $status, $count errors instead of "
            . scalar(@{$expect->{error}}) . "\n"
            . join('', map {"missing: $_\n"} @missing) . $output);
}

done_testing();
