# Copyright (c) 2026, relnav developers

# With debug_discard_caches = 1 a server forgets its catalog caches at every
# chance, so that whoever keeps a pointer into them reads what is not there any
# more.  delete_impact did.  Every function that reads must give the answers
# that it gives otherwise.
#
# Only servers that were built with assertions (--enable-cassert) can do this.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use FindBin;
use lib $FindBin::RealBin;
use EveryFunction;

my $node = PostgreSQL::Test::Cluster->new('forgetful');
$node->init(extra => [ '--no-locale', '--encoding=UTF8' ]);
$node->start;
if ($node->safe_psql('postgres', 'SHOW debug_assertions') ne 'on')
{
	$node->stop;
	plan skip_all => 'this server was built without assertions';
}

$node->safe_psql('postgres', 'CREATE DATABASE shop');
EveryFunction::load($node, 'shop');

# Keys with each action, which delete_impact follows, and triggers of users.
$node->safe_psql(
	'shop', q{
SET search_path = shop;
CREATE TABLE top (id int PRIMARY KEY);
CREATE TABLE deleted (id int PRIMARY KEY, top_id int REFERENCES top ON DELETE CASCADE);
CREATE TABLE emptied (id int PRIMARY KEY, top_id int REFERENCES top ON DELETE SET NULL, deleted_id int REFERENCES deleted ON DELETE CASCADE);
CREATE TABLE blocking (id int PRIMARY KEY, deleted_id int REFERENCES deleted);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE TRIGGER told BEFORE DELETE ON deleted FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE TRIGGER told BEFORE UPDATE ON emptied FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO top VALUES (1);
INSERT INTO deleted VALUES (1, 1), (2, 1);
INSERT INTO emptied VALUES (1, 1, NULL), (2, NULL, 2);
INSERT INTO blocking VALUES (1, 2);
});
my $impact = q{SET search_path = shop; SELECT * FROM relnav.delete_impact('top', 1)};
my $before = $node->safe_psql('shop', $impact);
like($before, qr/trigger "told"/, 'delete_impact names the triggers of users');

my $forget = "SET debug_discard_caches = 1; LOAD 'relnav';";
my ($status, $out, $err) = $node->psql('shop', "$forget $impact");
is($err, '', 'delete_impact ends well without caches');
is($out, $before, '... with the same rows');

if ($ENV{RELNAV_FORGET_ALL})
{
	my $expected = EveryFunction::answers($node, 'shop');

	foreach my $inline ('on', 'off')
	{
		my $answers = EveryFunction::answers($node, 'shop', "$forget SET relnav.inline = $inline;", timeout => 3600);

		is(join(' ', EveryFunction::differing($expected, $answers)), '', "every function says the same with relnav.inline = $inline");
	}
}
unlike(slurp_file($node->logfile), qr/TRAP|PANIC|was terminated by signal/, 'no session crashed');

$node->stop;
done_testing();
