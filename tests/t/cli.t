#!/usr/bin/perl
# cli.t: the program as its users call it: arguments, exit statuses, files, standard streams.
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $quarry = abs_path($ENV{QUARRY} // 'build/quarry');
my $root = getcwd();
my $dir = tempdir(CLEANUP => 1);
chdir $dir or die;
delete $ENV{NO_COLOR};

sub spew { my ($path, $text) = @_; open my $f, '>', $path or die "$path: $!"; print $f $text; close $f; }
sub slurp { my ($path) = @_; open my $f, '<', $path or return undef; local $/; my $t = <$f>; return $t // ''; }

# Runs a command line of the shell; gives exit status, stdout, stderr.
sub run {
    my ($line) = @_;
    system("($line) > out.txt 2> err.txt");
    my $status = $? >> 8;
    $status = 128 + ($? & 127) if $? & 127;
    return ($status, slurp('out.txt'), slurp('err.txt'));
}

sub files { return sort map { s/\Q$dir\E\/?//r } grep { -f } glob "$_[0]/*/* $_[0]/.*tmp* $_[0]/*/.*tmp*"; }

my $good = <<'Y';
quarry: 1
name: shop
tables:
  customers:
    columns:
      id: {type: integer, primary_key: true}
      name: text
Y
spew('shop.yaml', $good);
spew('bad.yaml', "quarry: 1\nname: bad\ntables:\n  things:\n    columns:\n      id: {typ: integer}\n");

# ---- usage
my ($status, $out, $err) = run("$quarry");
is($status, 2, 'no command: 2');
like($err, qr/^Usage: quarry COMMAND/, 'no command: usage on stderr');
($status, $out, $err) = run("$quarry --help");
is($status, 0, '--help: 0');
like($out, qr/generate.*check.*validate.*view.*version/s, '--help names the commands');
for my $command (qw(generate check validate view json-schema)) {
    ($status, $out, $err) = run("$quarry $command --help");
    is($status, 0, "$command --help: 0");
    like($out, qr/^Usage: quarry $command/, "$command --help: its usage");
    ($status, $out) = run("$quarry help $command");
    like($out, qr/^Usage: quarry $command/, "help $command: the same");
    ($status, $out, $err) = run("$quarry $command --no-such-option x");
    is($status, 2, "$command with a wrong option: 2");
}
($status, $out, $err) = run("$quarry nonsense");
is($status, 2, 'an unknown command: 2');
like($err, qr/unknown command `nonsense`/, 'an unknown command is named');
($status, $out) = run("$quarry version");
like($out, qr/^quarry \d+\.\d+\.\d+$/, 'version');
($status, $out) = run("$quarry --version");
like($out, qr/^quarry \d+\.\d+\.\d+$/, '--version');
is((run("$quarry generate shop.yaml"))[0], 2, 'generate without -o: 2');
is((run("$quarry generate -o out"))[0], 2, 'generate without a schema: 2');
is((run("$quarry validate"))[0], 2, 'validate without a schema: 2');
is((run("$quarry view shop.yaml shop.yaml"))[0], 2, 'view of two schemas: 2');

# ---- generate
($status, $out, $err) = run("$quarry generate shop.yaml -o out");
is($status, 0, 'generate: 0');
is("$out$err", '', 'generate says nothing when all is well');
is_deeply([files('out')], [map {"out/shop/$_"} sort qw(shop.c shop.h shop.sql shop_test.c)],
    'generate writes the files and nothing else');
my %mtime = map { $_ => (stat "out/shop/$_")[9] } qw(shop.c shop.h);
utime 1, 1, "out/shop/$_" for keys %mtime;
run("$quarry generate shop.yaml -o out");
is((stat 'out/shop/shop.c')[9], 1, 'an unchanged file is not rewritten');
($status, $out) = run("$quarry generate -v shop.yaml -o out");
is($out, '', '-v: nothing changed, nothing said');
spew('out/shop/shop.h', 'x');
($status, $out) = run("$quarry generate --dry-run shop.yaml -o out");
is($out, "would write out/shop/shop.h\n", '--dry-run names the file');
is(slurp('out/shop/shop.h'), 'x', '--dry-run writes nothing');
($status, $out) = run("$quarry generate -v shop.yaml -o out");
is($out, "wrote out/shop/shop.h\n", '-v names the file that changed');
is((stat 'out/shop/shop.c')[9], 1, '… and leaves the others');
($status) = run("$quarry generate --only '*.h' shop.yaml -o only");
is_deeply([files('only')], ['only/shop/shop.h'], '--only');
($status, $out, $err) = run("$quarry generate --only '*.hpp' shop.yaml -o nothing");
is($status, 2, '--only of nothing: 2');
like($err, qr/no file's name matches `\*\.hpp`/, '… and the pattern is named');
ok(!-e 'nothing', '… and nothing is made');
($status) = run("$quarry check --only 'shop_*.rs' shop.yaml -o out");
is($status, 2, 'check --only of nothing: 2');

# ---- what killed runs left
{
    my $gone = fork() // die;
    exit 0 if $gone == 0;
    waitpid $gone, 0;
    make_path('left/shop');
    my %left = (old => ".quarry-$gone-3-0.tmp", new => ".quarry-$gone-4-0.tmp", running => ".quarry-$$-1-0.tmp",
                other => ".quarry-$gone-x.tmp", named => "quarry-$gone-3-0.tmp");
    for my $which (keys %left) {
        spew("left/shop/$left{$which}", 'x');
        utime 1, time - 3600, "left/shop/$left{$which}" if $which ne 'new';
    }
    ($status) = run("$quarry generate --dry-run shop.yaml -o left");
    ok(-e "left/shop/$left{old}", '--dry-run leaves what a killed run left');
    ($status) = run("$quarry generate shop.yaml -o left");
    is($status, 0, 'generate beside files of a killed run');
    ok(!-e "left/shop/$left{old}", 'the file of a killed run is removed');
    ok(-e "left/shop/$left{$_}", "… the $_ one stays") for qw(new running other named);
}
($status) = run("$quarry generate - -o stdin < shop.yaml");
is($status, 0, 'a schema on standard input');
is(slurp('stdin/shop/shop.c'), slurp('out/shop/shop.c'), '… gives the same bytes');
make_path('elsewhere/deep');
($status) = run("cd elsewhere/deep && LC_ALL=C TZ=Asia/Tokyo $quarry generate ../../shop.yaml -o .");
is(slurp('elsewhere/deep/shop/shop.c'), slurp('out/shop/shop.c'), 'another folder and zone: the same bytes');

# ---- several processors
system("perl $root/bench/schema.pl 130 > many.yaml");
for my $schema ('many.yaml', "$root/schema/mission_control.yaml") {
    for my $jobs (1, 2, 3, 16, 100000, '99999999999999999999999') {
        ($status, $out, $err) = run("$quarry generate -j $jobs $schema -o jobs_$jobs");
        is("$status$out$err", '0', "--jobs=$jobs");
        is(system('diff', '-r', 'jobs_1', "jobs_$jobs"), 0, '… gives the same bytes');
    }
    is((run("$quarry check --jobs=2 $schema -o jobs_1"))[0], 0, 'check --jobs');
}
for my $jobs ('0', '-1', 'x', '2x', "''", "' 2'") {
    ($status, $out, $err) = run("$quarry generate --jobs=$jobs shop.yaml -o no_jobs");
    is($status, 2, "--jobs=$jobs: 2");
    like($err, qr/--jobs takes a number from 1/, '… and it says why');
}
ok(!-e 'no_jobs', '… and nothing is written');
make_path('split');
spew('split/schema.h.mustache', '{{name}}');
spew('split/schema.c.mustache', "{{#tables}}\n{{#columns}}{{nonsense}}{{/columns}}{{/tables}}");
spew('split/schema.sql.mustache', '{{name}} {{also_nonsense}}');
for my $jobs (1, 4) {
    ($status, $out, $err) = run("$quarry generate --jobs=$jobs --templates split shop.yaml -o halves");
    is($status, 1, 'an error in one of the files: 1');
    like($err, qr/\Asplit\/schema\.c\.mustache:2:15: error: nothing is called `nonsense`.*^1 error\n\z/ms,
        '… the first in the order of files is reported');
    ok(!-e 'halves', '… and nothing is written');
}

# ---- several schemas
spew('other.yaml', $good =~ s/shop/other/r);
($status) = run("$quarry generate shop.yaml other.yaml -o several");
is($status, 0, 'two schemas');
ok(-f 'several/shop/shop.h' && -f 'several/other/other.h', '… both written');
spew('twin.yaml', $good);
($status, $out, $err) = run("$quarry generate shop.yaml twin.yaml -o twins");
is($status, 2, 'two schemas of one name: 2');
like($err, qr/shop\.yaml and twin\.yaml are both named `shop`/, '… both are named');
ok(!-e 'twins', '… nothing is written');

# ---- after an error nothing is written
($status, $out, $err) = run("$quarry generate bad.yaml -o none");
is($status, 1, 'a wrong schema: 1');
like($err, qr/^bad\.yaml:6:12: error: unknown key `typ`.*\[Q\d{4}\]\n\s+6 \| .*\n\s+\|\s+\^~~ did you mean `type`\?/m,
    '… with place, caret and suggestion');
unlike($err, qr/\e/, '… and no colour where stderr is no terminal');
ok(!-e 'none', '… and no folder');
($status) = run("$quarry generate shop.yaml bad.yaml -o none");
is($status, 1, 'one wrong of two: 1');
ok(!-e 'none', '… nothing of either is written');
($status, $out, $err) = run("$quarry generate missing.yaml -o none");
is($status, 2, 'a missing file: 2');
like($err, qr/missing\.yaml: No such file/, '… is named');
is((run("$quarry generate . -o none"))[0], 2, 'a folder as schema: 2');

# ---- where it can't write
spew('file', '');
($status, $out, $err) = run("$quarry generate shop.yaml -o file");
is($status, 2, 'a file where the folder should be: 2');
like($err, qr/quarry: error: file/, '… is named');
make_path('full/shop');
symlink '/dev/full', 'full/shop/shop.sql';
($status, $out, $err) = run("$quarry generate shop.yaml -o full");
isnt($status, 0, 'a device in the place of a file is refused') or diag $err;
is_deeply([grep { !-l } files('full')], [], '… and nothing is left behind');
for my $command ('view shop.yaml', 'json-schema', 'version', '--help') {
    ($status, $out, $err) = run("$quarry $command > /dev/full");
    is($status, 2, "$command > /dev/full: 2");
    like($err, qr/No space left/, '… and says so');
}
SKIP: {
    skip 'root may write anywhere', 2 if $> == 0;
    make_path('locked');
    chmod 0555, 'locked';
    ($status, $out, $err) = run("$quarry generate shop.yaml -o locked");
    is($status, 2, 'a folder without permission: 2');
    like($err, qr/Permission denied/, '… and says so');
}
($status, $out, $err) = run("ulimit -f 4; trap '' XFSZ; $quarry generate shop.yaml -o small");
is($status, 2, 'a file size limit: 2');
ok(!-e 'small', '… nothing is left behind');

# ---- check
($status, $out) = run("$quarry check shop.yaml -o out");
is($status, 0, 'check: nothing differs');
is($out, '', '… nothing is said');
spew('out/shop/shop.sql', slurp('out/shop/shop.sql') =~ s/customers/clients/r);
my $before = slurp('out/shop/shop.sql');
($status, $out) = run("$quarry check shop.yaml -o out");
is($status, 1, 'check: a difference: 1');
like($out, qr/^--- .*shop\.sql.*\n\+\+\+ .*\n@@ .*@@\n/m, '… is printed as a unified diff');
is(slurp('out/shop/shop.sql'), $before, '… and nothing is written');
SKIP: {
    skip 'no patch', 1 unless `patch --version 2>/dev/null`;
    spew('diff.txt', $out);
    system('patch -s -p0 out/shop/shop.sql < diff.txt');
    is((run("$quarry check shop.yaml -o out"))[0], 0, '… and patch mends the file with it');
}
unlink 'out/shop/shop.h';
is((run("$quarry check shop.yaml -o out"))[0], 1, 'check: a missing file: 1');
ok(!-e 'out/shop/shop.h', '… is not made');

# ---- depfile
make_path('sp ace');
spew('sp ace/part$.yaml', "tables:\n  orders:\n    columns:\n      id: {type: integer, primary_key: true}\n");
spew('dep.yaml', "quarry: 1\nname: dep\ninclude: ['sp ace/part\$.yaml']\n");
($status, $out, $err) = run("$quarry generate dep.yaml -o dep --depfile dep.d");
is($status, 0, '--depfile') or diag $err;
spew('Makefile', "dep/dep/dep.h:\n\t\@touch ran; $quarry generate dep.yaml -o dep --depfile dep.d\n-include dep.d\n");
run('make -s dep/dep/dep.h');
ok(!-e 'ran', 'make: nothing to do');
utime time + 10, time + 10, 'sp ace/part$.yaml';
($status, $out, $err) = run('make -s dep/dep/dep.h');
ok(-e 'ran', 'make: a changed include, with a blank and a dollar in its name, is seen') or diag slurp('dep.d');
run("$quarry generate dep.yaml -o dep --depfile dep.d --depfile-target 'a stamp'");
like(slurp('dep.d'), qr/^a\\ stamp: /, '--depfile-target');
is((run("$quarry generate shop.yaml -o ''"))[0], 2, 'an empty folder name: 2');
unlink 'sp ace/part$.yaml';
spew('dep.yaml', $good =~ s/shop/dep/r);
is((run('make -s dep/dep/dep.h'))[0], 0, 'make: a removed include does no harm');

# ---- templates
make_path('templates');
spew('templates/schema.md.mustache', "# {{name}}\n{{#tables}}\n{{> line}}\n{{/tables}}\n");
spew('templates/line.mustache', "- {{table}}\n");
($status, $out, $err) = run("$quarry generate shop.yaml -o t --templates templates");
is($status, 0, '--templates') or diag $err;
is(slurp('t/shop/shop.md'), "# shop\n- customers\n", '… makes what they say');
is_deeply([files('t')], ['t/shop/shop.md'], '… and nothing else');
spew('templates/line.mustache', "- {{tabel}}\n");
($status, $out, $err) = run("$quarry generate shop.yaml -o t2 --templates templates");
is($status, 1, 'a wrong name in a template: 1');
like($err, qr/^templates\/line\.mustache:1:\d+: error: .*tabel.*\n.*\n.*did you mean `table`/m, '… at its place');
ok(!-e 't2', '… nothing is written');
is((run("$quarry generate shop.yaml -o t2 --templates nowhere"))[0], 2, 'no such folder of templates: 2');
make_path('empty');
is((run("$quarry generate shop.yaml -o t2 --templates empty"))[0], 2, 'a folder without templates: 2');

# ---- validate, view
is((run("$quarry validate shop.yaml other.yaml"))[0], 0, 'validate');
is((run("$quarry validate shop.yaml bad.yaml"))[0], 1, 'validate: one of two is wrong');
($status, $out) = run("$quarry validate --json bad.yaml");
is($status, 1, 'validate --json: 1');
SKIP: {
    skip 'no python3', 2 unless `python3 --version 2>/dev/null`;
    my ($s, $json) = run("$quarry validate --json bad.yaml | python3 -c 'import json,sys; d=json.load(sys.stdin); print(d[0][\"line\"], d[0][\"column\"])'");
    is($json, "6 12\n", '… is JSON with the place');
    ($s, $json) = run("$quarry view shop.yaml | python3 -c 'import json,sys; d=json.load(sys.stdin); print(d[\"name\"], d[\"tables\"][0][\"columns\"][1][\"field\"])'");
    is($json, "shop name\n", 'view is JSON');
}

# ---- everything that schemas can do to it
for my $text ("\xff\xfe", "\0", "quarry: 1\n\tname: x\n", '[' x 100000, "a: &a [*a]\n", 'x' x 1000000, "quarry: 1\nname: 1\n") {
    spew('odd.yaml', $text);
    ($status, $out, $err) = run("$quarry generate odd.yaml -o odd");
    is($status, 1, 'odd input of ' . length($text) . ' bytes: 1') or diag substr($err, 0, 500);
    ok(!-e 'odd', '… nothing is written');
}
open my $huge, '>', 'huge.yaml' or die;
print $huge "# " . ('x' x 1022) . "\n" for 1 .. 100 * 1024;
close $huge;
($status, $out, $err) = run("$quarry generate huge.yaml -o odd");
isnt($status, 0, 'a file of 100 MiB is refused');
like($err, qr/large|big/i, '… because of its size');

chdir $root;
done_testing();
