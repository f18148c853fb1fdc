#!/usr/bin/perl
# systems.t: the named queries of the five systems on data that is known, above all where the
# original's own SQL is wrong: hosts without measurements, days spliced into text, table sizes
# counted in sqlite_master, what users type taken for wildcards.
use strict;
use warnings;
use Cwd qw(getcwd);
use File::Temp qw(tempdir);
use Test::More;

my $root = getcwd();
my $dir = tempdir(CLEANUP => 1);
my @names = qw(dockstat duplistatus jadugar mission_control volumeviz);
my $include = join ' ', "-I$root/runtime", map { "-I$root/generated/$_" } @names;
my $sources = join ' ', map { glob "$root/generated/$_/{$_,${_}_migrations}.c" } @names;
my $line = "cc -std=c11 -Wall -Wextra -Werror -g -fsanitize=address,undefined $include " .
           "$root/tests/systems.c $sources $root/runtime/*.c -lsqlite3 -o $dir/systems";

is(system("$line > $dir/log 2>&1"), 0, 'the five systems in one program') or
    diag(substr do { open my $f, '<', "$dir/log"; local $/; <$f> }, 0, 5000);
my @lines = split /\n/, `env -i $dir/systems 2>&1`;
is($?, 0, 'it ends well');
for (@lines) {
    next if /^#/;
    my ($good, $what) = /^(ok|wrong): (.*)/ or do { fail($_); next; };
    is($good, 'ok', $what);
}
cmp_ok(scalar @lines, '>', 30, 'it says what it did');
done_testing();
