#!/usr/bin/perl
# diagnostics.t: every code of docs/diagnostics.md is reported in a test, and every code that the
# schemas of tests/must_fail get is documented there, once.
use strict;
use warnings;
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';

# What only SQLite of another version, a full memory or a mistake of ours could bring about.
my %unreachable = map { $_ => 1 } qw(Q0243 Q0244 Q0245 Q0253);

# Seen by their text: the tests quote the message and not the code.
my %by_text = (
    Q0006 => ['tests/unit/test_yaml.c', 'is not a line end'],
    Q0401 => ['tests/t/migrate.t', 'is no name of a migration'],
    Q0431 => ['tests/t/migrate.t', 'was released and is missing'],
    Q0432 => ['tests/t/migrate.t', 'this is no line of a lock file'],
    Q0491 => ['tests/t/migrate.t', 'is no migration and is not read'],
    Q0623 => ['tests/unit/test_template.c', 'is used inside itself too deep'],
);

sub slurp { my ($path) = @_; open my $f, '<', $path or die "$path: $!"; local $/; my $t = <$f>; return $t // ''; }

my (%documented, %seen);
for (split /\n/, slurp('docs/diagnostics.md')) {
    next unless /^\| (Q\d{4}) \| (.*) \| (.*) \|$/;
    ok(!$documented{$1}++, "$1 is there once");
    ok(length $2 && length $3, "$1 has a message and what to do");
}
for my $path (glob 'tests/must_fail/*.yaml') {
    $seen{$_}++ for `$quarry validate $path 2>&1` =~ /\[(Q\d{4})\]$/mg;
}
# Warnings, which refuse nothing.
my %warned = (
    Q0490 => <<'YAML',
quarry: 1
name: t
tables:
  a: {columns: {id: {type: integer, primary_key: true}, n: {type: integer, unique: true}}}
migrations:
  - version: 1
    name: one
    up:
      - create_table: {name: a, columns: {id: {type: integer, primary_key: true}, n: {type: integer, unique: true}}}
  - version: 2
    name: two
    up:
      - sql: UPDATE a SET n = 1
        down: []
YAML
    Q0323 => <<'YAML',
quarry: 1
name: t
tables:
  a: {columns: {id: {type: integer, primary_key: true}, n: integer}}
queries:
  one: {sql: "SELECT id FROM a WHERE n IN (:n)", returns: many}
YAML
);
for my $code (sort keys %warned) {
    my $out = `printf %s '$warned{$code}' | $quarry validate - 2>&1`;

    like($out, qr/: warning: .* \[$code\]$/m, "$code is a warning");
    $seen{$code}++ if $? == 0;
}
ok($documented{$_}, "$_ is documented") for sort keys %seen;
for my $path (glob('tests/unit/*.c'), grep { $_ ne 'tests/t/diagnostics.t' } glob('tests/t/*.t')) {
    $seen{$_}++ for slurp($path) =~ /\b(Q\d{4})\b/g;
}
for my $code (sort keys %documented) {
    my $text = $by_text{$code};

    next if $unreachable{$code};
    ok($seen{$code} || (defined $text && index(slurp($text->[0]), $text->[1]) >= 0), "$code is reported in a test");
}
done_testing;
