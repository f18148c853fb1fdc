#!/usr/bin/perl
# templates_doc.t: the fields of queries, parameters, rows and views that docs/templates.md names
# are those that templates see: none is missing, none is made up.
use strict;
use warnings;
use JSON::PP;
use Test::More;

my $quarry = $ENV{QUARRY} // 'build/quarry';
my $view = decode_json(scalar `$quarry view tests/schemas/queries.yaml`);
my $text = do { open my $f, '<', 'docs/templates.md' or die; local $/; <$f> };
my ($queries, $parameters, $results) = $text
    =~ /\n## Queries and views\n(.*?)\nA parameter has (.*?)\nWhat queries and views yield(.*)/s or die;
my %columns = map {$_ => 1} map {keys %$_} map {@{$_->{columns}}} @{$view->{tables}};
my %internal = map {$_ => 1} qw(rule test query integers);

# The names in backquotes in the first cells of a table.
sub named {
    return map {/`(\w+)`/g} $_[0] =~ /^\|([^|]*`[^|]*)\|/mg;
}

sub same_fields {
    my ($what, $object, @named) = @_;
    my %named = map {$_ => 1} @named;
    ok(exists $object->{$_}, "$what: `$_` is there") for @named;
    ok($named{$_} || $internal{$_} || ($what eq 'a parameter' && $columns{$_}), "$what: `$_` is told")
        for sort keys %$object;
}

same_fields('a query', $view->{queries}[0], named($queries));
my @with = grep {@{$_->{parameters}}} @{$view->{queries}};
my $parameter = $with[0]{parameters}[0];
delete @$parameter{qw(bind in_row in_key is_parameter is_element in_params sep comma or)}; # of all parameters
same_fields('a parameter', $parameter, named($parameters));
my ($rows, $views) = split /A view has/, $results;
ok(exists $view->{rows}[0]{$_}, "a row: `$_` is there") for grep {!/^(rows|embed|embed_\w+|first|may_miss|key)$/} $rows =~ /`(\w+)`/g;
ok(exists $view->{views}[0]{$_}, "a view: `$_` is there") for $views =~ /`(\w+)`/g;

done_testing();
