#!/usr/bin/perl
# emitted.t: what is generated from tests/schemas compiles under the strict flags with gcc and
# clang, passes its own tests under ASan and UBSan, and is the same bytes wherever it is made.
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $root = getcwd();
my $dir = tempdir(CLEANUP => 1);
my @schemas = sort glob "$root/tests/schemas/*.yaml";
my @compilers = grep { system("$_ --version > /dev/null 2>&1") == 0 } qw(gcc clang);
my $strict = '-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror';
my $sanitize = '-g -fsanitize=address,undefined -fno-sanitize-recover=undefined';

sub slurp { my ($path) = @_; open my $f, '<', $path or return ''; local $/; my $t = <$f>; return $t // ''; }

# Runs a command line of the shell; true where its status is 0. Says what it printed if not.
sub good {
    my ($line) = @_;
    return 1 if system("$line > $dir/out 2>&1") == 0;
    diag($line, "\n", join "\n", grep { !/^ok / } split /\n/, substr slurp("$dir/out"), 0, 20000);
    return 0;
}

sub name_of { my ($schema) = @_; return slurp($schema) =~ /^name: *(\w+)/m ? $1 : die "$schema: no name"; }

# All that the program prints: every line ok, and as many as planned.
sub passes {
    my ($program) = @_;
    return 0 unless good("env DATABASE_PATH=/nowhere TMPDIR=$dir $program");
    my @lines = split /\n/, slurp("$dir/out");
    my $passed = grep { /^ok \d+ - / } @lines;
    return $passed > 0 && $lines[-1] eq "1..$passed" && @lines == $passed + 1;
}

mkdir "$dir/a";
for my $schema (@schemas) {
    ok(good("$quarry generate $schema -o $dir/a"), "generate " . name_of($schema));
}

for my $cc (@compilers) {
    my $library = "$dir/$cc";
    mkdir $library;
    ok(good("cd $library && for f in $root/runtime/*.c; do " .
            "$cc -std=c11 -D_POSIX_C_SOURCE=200809L $sanitize -c \$f || exit 1; done"),
       "$cc: runtime");
    for my $name (map { name_of($_) } @schemas) {
        my $base = "$dir/a/$name/$name";
        ok(good("$cc -std=c11 $strict $sanitize -I$root/runtime $base.c ${base}_test.c " .
                "$library/*.o -lsqlite3 -o $library/$name"), "$cc: $name compiles");
        ok(passes("$library/$name"), "$cc: the tests of $name pass");
        ok(good("$cc -std=c11 $strict -Wcomment -Wtrigraphs -trigraphs -fsyntax-only " .
                "-I$root/runtime $base.c"), "$cc: $name.c with trigraphs");
    }
}

# The long values that tests share are what their names say.
my %long = (STRANGE_10 => "é日𝄞Z'\"\\% ß", STRANGE_50 => "é日𝄞Z'\"\\% ß" x 5,
    STRANGE_200 => "é日𝄞Z'\"\\% ß" x 20, WIDE_100 => 'a' x 100, WIDE_500 => 'a' x 500,
    WIDE_1000 => 'a' x 1000, BYTES_256 => join '', map { chr } reverse 0 .. 255);
my ($with_blobs) = grep { slurp($_) =~ /BYTES_256/ } glob "$dir/a/*/*_test.c";
my $macros = join '', slurp($with_blobs) =~ /^(#define (?:STRANGE|WIDE|BYTES).*?[^\\]\n)/msg;
for my $name (sort keys %long) {
    open my $f, '>', "$dir/long.c" or die;
    print $f "#include <stdio.h>\n${macros}int main(void) { fwrite($name, 1, sizeof $name - 1, stdout); }\n";
    close $f;
    ok(good("$compilers[0] $dir/long.c -o $dir/long && $dir/long") && slurp("$dir/out") eq $long{$name}, $name);
}

# Headers alone, twice, and all together, as C and as C++.
for my $language ('-x c -std=c11', '-x c++ -std=c++11') {
    my $all = '';
    for my $name (map { name_of($_) } @schemas) {
        my $text = "#include \\\"$dir/a/$name/$name.h\\\"\\n";
        $all .= $text;
        for my $cc (@compilers) {
            ok(good("printf \"$text$text\" | $cc $language -Wall -Wextra -Wpedantic -Werror " .
                    "-fsyntax-only -I$root/runtime -"), "$cc $language: $name.h");
        }
    }
    ok(good("printf \"$all\" | $_ $language -Wall -Wextra -Wpedantic -Werror -fsyntax-only " .
            "-I$root/runtime -"), "$_ $language: all headers") for @compilers;
}

# The same bytes from another folder, by relative paths, in another locale and time zone.
my ($locale) = grep { /^(de_DE|tr_TR)/i } split /\n/, `locale -a 2>/dev/null`;
$locale //= 'C.UTF-8';
mkdir "$dir/b";
symlink "$root/tests/schemas", "$dir/schemas";
for my $schema (@schemas) {
    my ($file) = $schema =~ m{([^/]+)$};
    my $name = name_of($schema);
    ok(good("cd $dir && LC_ALL=$locale TZ=Pacific/Chatham $quarry generate schemas/$file -o b"),
       "generate $name elsewhere");
    ok(good("diff -r $dir/a/$name $dir/b/$name"), "$name is the same bytes ($locale)");
}

# A second run changes nothing, and no emitted line has what an editor would complain of.
sub stamps { return join ' ', map { "$_=" . (stat)[9] . ':' . (stat)[1] } sort glob "$dir/a/*/*"; }
my $before = stamps();
ok(good("$quarry generate @schemas -o $dir/a"), 'generate again');
is(stamps(), $before, 'no file was written again');
for my $file (sort glob "$dir/a/*/*.[ch] $dir/a/*/*.sql") {
    my ($short) = $file =~ m{([^/]+)$};
    my $text = slurp($file);
    my @faults;
    my $is_c = $file =~ /\.[ch]$/; # a text in SQL may hold anything
    push @faults, 'a blank at the end of a line' if $is_c && $text =~ /[ \t]\n/;
    push @faults, 'two empty lines' if $is_c && $text =~ /\n\n\n/;
    push @faults, 'no newline at the end' if $text !~ /[^\n]\n\z/;
    push @faults, 'a path' if index($text, $dir) >= 0 || index($text, $root) >= 0;
    is("@faults", '', "$short is clean");
}

# A failing program says so: the tests are not just words.
my ($cc) = @compilers;
my $broken = slurp("$dir/a/wide/wide.c");
ok($broken =~ s/(quarry_bind_\w+\(stmt, )2(, )/${1}3$2/, 'a defect for the tests to find');
mkdir "$dir/c";
open my $out, '>', "$dir/c/wide.c" or die;
print $out $broken;
close $out;
ok(good("$cc -std=c11 -I$root/runtime -I$dir/a/wide -g -fsanitize=address,undefined $dir/c/wide.c " .
        "$dir/a/wide/wide_test.c $dir/$cc/*.o -lsqlite3 -o $dir/c/wide"), 'it compiles');
isnt(system("$dir/c/wide > $dir/out 2>&1"), 0, 'the program fails');
like(slurp("$dir/out"), qr/^not ok \d+ - .*\n/m, 'and says what is not ok');
like(slurp("$dir/out"), qr/^1\.\.\d+$/m, 'and goes on to the end');

done_testing();
