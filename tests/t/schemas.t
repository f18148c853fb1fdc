#!/usr/bin/perl
# schemas.t: random valid schemas generate, compile without a warning and pass their own tests;
# a table for which no row can be made is left out with a warning, and what needs it as well.
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $root = getcwd();
my $dir = tempdir(CLEANUP => 1);
my $compile = "gcc -O0 -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I$root/runtime";

sub slurp { my ($path) = @_; open my $f, '<', $path or return ''; local $/; my $t = <$f>; return $t // ''; }
sub write_to { my ($path, $text) = @_; open my $f, '>', $path or die "$path: $!"; print $f $text; close $f; }

is(system("cd $dir && for f in $root/runtime/*.c; do gcc -O1 -std=c11 -D_POSIX_C_SOURCE=200809L " .
          "-c \$f || exit 1; done; ar rcs runtime.a *.o"), 0, 'runtime');

# ---- tables without tests ---------------------------------------------------------------

write_to("$dir/none.yaml", <<'YAML');
quarry: 1
name: none
tables:
  parents:
    columns: {id: {type: integer, primary_key: true}, a: integer}
    checks: [a < 1 AND a > 1]
  children:
    columns:
      id: {type: integer, primary_key: true}
      parent_id: {type: integer, references: parents.id}
      picture: blob
  others:
    columns:
      id: {type: integer, primary_key: true}
      parent_id: {type: integer?, references: parents.id}
YAML
is(system("$quarry generate $dir/none.yaml -o $dir > $dir/out 2>&1"), 0, 'no row: exit 0');
like(slurp("$dir/out"), qr/none.yaml:6:\d+: warning: no tests of `parents`: no row was found that satisfies the check `parents_check_1` \[Q0250\]/, 'the check is named');
like(slurp("$dir/out"), qr/give these columns `examples`/, 'what to do');
like(slurp("$dir/out"), qr/none.yaml:7:3: note: `children` needs its rows and has no tests either/, 'so is the child');
my $test = slurp("$dir/none/none_test.c");
$test =~ s/\s*\n[ *]*/ /g;
like($test, qr{/\* No tests of parents: no row was found}, 'the test says so');
like($test, qr{/\* No tests of children: its rows need rows of parents}, 'the test says why');
unlike($test, qr/parent_rows|child_rows/, 'nothing of the two is tested');
like($test, qr/others: round trip/, 'a table that needs no parent is');
is(system("$compile $dir/none/none.c $dir/none/none_test.c $dir/runtime.a -lsqlite3 -o $dir/none_test"), 0, 'it compiles');
is(system("$dir/none_test > $dir/out"), 0, 'and passes') or diag slurp("$dir/out");

# ---- rows that have to be searched ------------------------------------------------------

for my $case (
    ['(status = \'closed\') = (closed_at IS NOT NULL)', 'status: {type: text, one_of: [open, closed]}', 'closed_at: timestamp?'],
    ['end_at > start_at', 'end_at: timestamp', 'start_at: timestamp'],
    ['a + b = 10', 'a: integer', 'b: integer'],
    ['a * 2 = b AND b > 100', 'a: integer', 'b: integer'],
    ['a = upper(a) AND length(a) = 12', 'a: text', 'b: integer'],
    ['a LIKE \'http://%\'', 'a: {type: text, unique: true}', 'b: integer'],
    ['b IS NULL OR a = b', 'a: real', 'b: real?'],
    ['json_type(a) = \'array\'', 'a: json', 'b: integer'],
    ['(a IS NULL) <> (b IS NULL)', 'a: text?', 'b: text?'],
    ['a BETWEEN 1000 AND 1002', 'a: {type: integer, unique: true}', 'b: bool'],
    ['a IS NULL', 'a: {type: text?, examples: [null]}', 'b: bool'],
) {
    my ($check, @columns) = @$case;
    write_to("$dir/one.yaml", "quarry: 1\nname: one\ntables:\n  rows:\n    columns:\n      id: {type: integer, primary_key: true}\n" .
             join('', map { "      $_\n" } @columns) . "    checks:\n      - \"$check\"\n");
    is(system("$quarry generate $dir/one.yaml -o $dir > $dir/out 2>&1"), 0, "$check: exit 0");
    is(slurp("$dir/out") =~ /warning/ ? slurp("$dir/out") : '', '', "$check: a row is found");
}

# ---- patterns that are regular expressions ----------------------------------------------

for my $case (['^[a-z]', '\\^'], ['[a-z]$', '\\$'], ['[0-9]+', '\\+'], ['\\d*', '\\\\'], ['.*@x', '\\.'], ['(?i)a', '\\('],
              ['[a-z]*', undef], ['*@*.*', undef], ['v?.*', undef], ['[^ ]*', undef], ['a+b', undef]) {
    my ($pattern, $sign) = @$case;
    write_to("$dir/one.yaml", "quarry: 1\nname: one\ntables:\n  rows:\n    columns:\n      id: {type: integer, primary_key: true}\n" .
             "      a: {type: text, pattern: '$pattern'}\n");
    is(system("$quarry validate $dir/one.yaml > $dir/out 2>&1"), 0, "$pattern: exit 0");
    if (defined $sign) {
        like(slurp("$dir/out"), qr/one.yaml:7:\d+: warning: this looks like a regular expression.*`$sign` stands for itself \[Q0193\]/, "$pattern: a warning");
    } else {
        unlike(slurp("$dir/out"), qr/warning/, "$pattern: no warning");
    }
}

# ---- random schemas ---------------------------------------------------------------------

SKIP: {
    skip 'no python3', 1 if system('python3 --version > /dev/null 2>&1') != 0;
    my $status = system("python3 tests/score/schema_fuzz.py $quarry $dir/runtime.a 12 1 > $dir/out 2>&1");

    is($status, 0, 'random schemas') or diag slurp("$dir/out");
}
done_testing;
