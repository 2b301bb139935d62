/*-------------------------------------------------------------------------
 *
 * resolve.c
 *	  What a navigation's text means: a path becomes a route.
 *
 * Each segment of a path is looked for among the relationships of the table
 * that the ones before have led to.  The function says in which directions
 * (relnav.parent goes forwards), and for the last segment the target's type
 * says where it must lead.  Among those that are left, names are compared in
 * tiers: a listed name beats a full name, that a column, and so on.  The
 * first tier with a match decides; two matches in it are an error.
 *
 * A view is a target only where somebody has written it: as the target's
 * type, or as a segment.  Then a relationship to one of the view's tables is
 * taken for one to the view.  A segment can only mean a view that lies in a
 * schema of the tables themselves; so nobody can make a path lead to a view of
 * his own in another schema.
 *
 * All errors about relationships that are not there, or not one, are raised
 * here and nowhere else.  For callers that must not raise any, there is
 * relnav_find_route(), which answers with NULL instead.
 *
 * A route is in the caller's context and borrows nothing.  The relations that
 * its query reads are locked, as a SELECT would, before it is trusted: these,
 * in the order of the path, and no others.  So whoever waits for us, or we for
 * him, does so as with the join written by hand.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "compat.h"
#include "infer.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pathtext.h"
#include "resolve.h"
#include "sqlbuf.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

/* How many candidates an error message lists. */
#define MAX_CANDIDATES 10

/* The planner cannot be stopped while it reads a join of thousands. */
#define MAX_HOPS 250

/* How far we look for a path to propose, and how many tables we look at. */
#define MAX_PROPOSED_HOPS 4
#define MAX_PROPOSAL_TABLES 500

/* Against what a selector is compared, best first. */
typedef enum Tier
{
	TIER_LISTED_NAME,
	TIER_FULL_NAME,
	TIER_SHORT_NAME,
	TIER_STEM,
	TIER_COLUMN,
	TIER_CONSTRAINT,
	TIER_ASSOCIATION,
	TIER_VIEW,
	TIER_VIEW_FULL_NAME
} Tier;

/* One segment to be resolved. */
typedef struct Segment
{
	const RelnavCall *call;
	const char *name;			/* NULL: whatever leads to the target */
	const char *schema;			/* of an association table, or NULL */
	bool		last;
	List	   *target_relids;	/* what the last one may lead to; NIL: all */

	/*
	 * Views that may have been written, as a List of RelnavTable: the target,
	 * else those of this name, or of one that it begins with.
	 */
	List	   *views;
	bool		view_is_target;
	List	   *view_associations;	/* through them, if that is asked for */
} Segment;

static RelnavRoute *resolve_locked(const RelnavCall *call, bool missing_ok);
static void unlock_relations(List *relids);
static RelnavRoute *find_route(const RelnavCall *call, bool missing_ok);
static const RelnavKey *find_key(Oid relid, bool missing_ok);
static RelnavRoute *resolve(const RelnavCall *call, bool missing_ok);
static bool resolve_segment(const Segment *segment,
							const RelnavListing *listing, bool missing_ok,
							RelnavRelationship **result);
static List *turn_around(const Segment *segment, List *candidates,
						 List *found);
static List *find_candidates(const Segment *segment,
							 const RelnavListing *listing);
static List *find_matches(const Segment *segment, List *candidates);
static void find_views(Segment *segment);
static List *find_views_called(const char *name);
static char *make_view_name(const RelnavRelationship *r,
							const RelnavRelationship *to_view);
static List *find_view_candidates(const Segment *segment,
								  const RelnavListing *listing);
static List *find_view_associations(const Segment *segment,
									const RelnavListing *view);
static List *find_unlisted_associations(const Segment *segment,
										const RelnavListing *listing);
static bool matches(const RelnavRelationship *r, const Segment *segment,
					Tier tier);
static bool is_key_column(const RelnavForeignKey *fk, const char *name);
static bool is_view_column(const RelnavRelationship *r, const char *name);
static bool follows_direction(RelnavFunction function,
							  const RelnavRelationship *r);
static bool leads_to_target(const Segment *segment,
							const RelnavRelationship *r);
static bool narrow_to_partition(RelnavRelationship *r, Oid partition);
static bool is_plain(List *hops);
static void collect_views(RelnavRoute *route, const RelnavTable *table);
static void collect_rivals(RelnavRoute *route, const RelnavListing *listing,
						   const RelnavRelationship *hop);
static void collect_relids(RelnavRoute *route);
pg_noreturn static void report_ambiguous(const Segment *segment,
										 const RelnavListing *listing,
										 List *candidates);
pg_noreturn static void report_no_relationship(const Segment *segment,
											   const RelnavListing *listing);
pg_noreturn static void report_no_recursion(const Segment *segment,
											const RelnavListing *listing);
pg_noreturn static void report_wrong_target(const Segment *segment,
											const RelnavRelationship *r);
pg_noreturn static void report_no_name(const Segment *segment,
									   const RelnavListing *listing);
static char *describe_candidate(const Segment *segment, const RelnavRelationship *r);
static const char *write_name(const Segment *segment,
							  const RelnavRelationship *r);
static bool is_function_name(const char *name);
static char *list_names(const Segment *segment, List *relationships);
static void append_constraints(StringInfo buf, const RelnavRelationship *r);
static void append_key_columns(StringInfo buf, const RelnavForeignKey *fk);
static char *write_call(const Segment *segment, RelnavFunction function,
						Oid target, const char *path);
static const char *get_function_name(RelnavFunction function);
static RelnavFunction get_function_for(const RelnavRelationship *r);
static char *write_relation(Oid relid);
static char *get_target_name(Oid relid);
static char *find_partitions_with_key(const Segment *segment);
static void append_partition(StringInfo buf, int number, const char *name);
static char *propose_path(Oid source, List *target_relids);

/*
 * The route that a call means.  Locks the relations that its query reads in
 * ACCESS SHARE mode.  Raises an error if there is none, or more than one.
 */
RelnavRoute *
relnav_get_route(const RelnavCall *call)
{
	return resolve_locked(call, false);
}

/*
 * The same, but NULL instead of an error.
 */
RelnavRoute *
relnav_find_route(const RelnavCall *call)
{
	return resolve_locked(call, true);
}

/*
 * Take back the locks of a route that nobody is going to run.
 */
void
relnav_unlock_route(const RelnavRoute *route)
{
	unlock_relations(route->relids);
}

/*
 * A relation as a source of navigations, which must be locked.  The result is
 * in the current memory context.  Raises an error if it is none.
 */
const RelnavRelation *
relnav_get_source(Oid relid)
{
	return relnav_copy_relation(relnav_get_listing(relid)->table->rel);
}

/*
 * The route of one relationship.  key, which may be NULL, is the key that its
 * source is found by.
 *
 * The result borrows hop and key.  Locks nothing, and has no generation.
 */
RelnavRoute *
relnav_make_single_route(const RelnavRelationship *hop, const RelnavKey *key)
{
	RelnavRoute *route = palloc0(sizeof(RelnavRoute));

	route->source = hop->source;
	route->target = hop->target;
	route->hops = list_make1((RelnavRelationship *) hop);
	route->plain = is_plain(route->hops);
	route->key = key;
	collect_relids(route);
	return route;
}

/*
 * The key by which callers mean one row of a table, in the current memory
 * context.  Raises an error if there is none, or more than one.
 */
const RelnavKey *
relnav_get_key(Oid relid)
{
	return find_key(relid, false);
}

/*
 * The listing of a relation, borrowed as all are.  Raises an error if there is
 * no such relation, or it is none that has rows.
 */
const RelnavListing *
relnav_get_listing(Oid relid)
{
	const RelnavListing *listing = relnav_find_listing(relid);

	if (listing == NULL)
		relnav_report_no_relation(relid);
	return listing;
}

/*
 * Resolve a call until nothing changes any more.
 *
 * What we find before we have the locks may be changed meanwhile; messages of
 * that arrive with the locks.  Where messages of other changes never cease, we
 * are content with what we know under the locks: the generation of the result
 * is then over, so nobody keeps it.
 *
 * If nothing is found, it may be because of a change that has not been
 * committed.  So before we say so, we wait for those who change the two
 * tables that were named.
 */
static RelnavRoute *
resolve_locked(const RelnavCall *call, bool missing_ok)
{
	List	   *named = NIL;
	List	   *locked = NIL;
	RelnavRoute *route;
	uint64		generation;
	int			attempt = 0;
	ListCell   *lc;

	/* There may be no lock to be taken, by which messages are delivered. */
	AcceptInvalidationMessages();
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();

		generation = relnav_get_graph_generation();
		route = find_route(call, missing_ok || named == NIL);
		if (route == NULL)
		{
			if (named != NIL)
				break;
			named = list_make1_oid(call->source);
			if (OidIsValid(call->target) && call->target != call->source)
				named = lappend_oid(named, call->target);
			foreach(lc, named)
				LockRelationOid(lfirst_oid(lc), AccessShareLock);
			continue;
		}
		foreach(lc, route->relids)
			LockRelationOid(lfirst_oid(lc), AccessShareLock);
		unlock_relations(locked);
		locked = route->relids;
		if (generation == relnav_get_graph_generation() ||
			++attempt >= RELNAV_MAX_ATTEMPTS)
			break;
	}
	unlock_relations(named);
	if (route == NULL)
		unlock_relations(locked);
	else
		route->generation = generation;
	return route;
}

/* Take back locks. */
static void
unlock_relations(List *relids)
{
	ListCell   *lc;

	foreach(lc, relids)
		UnlockRelationOid(lfirst_oid(lc), AccessShareLock);
}

/* Resolve a call by what is known now, with the source's key if it needs one. */
static RelnavRoute *
find_route(const RelnavCall *call, bool missing_ok)
{
	RelnavRoute *route = resolve(call, missing_ok);

	if (route == NULL)
		return NULL;
	if (call->by_key)
	{
		route->key = find_key(call->source, missing_ok);
		if (route->key == NULL)
			return NULL;
	}
	collect_relids(route);
	return route;
}

/*
 * The columns by which a caller means one row of a table: the primary key,
 * else the only key there is.  The result is in the current memory context.
 */
static const RelnavKey *
find_key(Oid relid, bool missing_ok)
{
	const RelnavListing *listing = relnav_find_listing(relid);
	const RelnavKey *key;
	StringInfoData buf;
	ListCell   *lc;

	if (missing_ok && (listing == NULL || listing->keys == NIL))
		return NULL;
	if (listing == NULL)
		relnav_report_no_relation(relid);
	if (listing->keys == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table \"%s\" has no key to find a row by",
						listing->table->rel->name),
				 errdetail("It has neither a primary key nor a unique index on columns that are not null."),
				 errhint("Pass a row instead of a key, the t of FROM %s t.",
						 quote_identifier(listing->table->rel->name))));

	key = linitial(listing->keys);
	if (!key->primary && list_length(listing->keys) > 1)
	{
		if (missing_ok)
			return NULL;
		initStringInfo(&buf);
		foreach(lc, listing->keys)
		{
			const RelnavKey *choice = lfirst(lc);
			int			i;

			appendStringInfoString(&buf, buf.len ? ", (" : "(");
			for (i = 0; i < choice->nkeys; i++)
				appendStringInfo(&buf, "%s%s", i ? ", " : "",
								 quote_identifier(choice->columns[i].name));
			appendStringInfoChar(&buf, ')');
		}
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_COLUMN),
				 errmsg("table \"%s\" has no primary key, but %d unique keys",
						listing->table->rel->name, list_length(listing->keys)),
				 errdetail("The keys are %s.", buf.data),
				 errhint("Pass a row instead of a key, the t of FROM %s t.",
						 quote_identifier(listing->table->rel->name))));
	}

	return relnav_copy_key(key);
}

/* Resolve a call segment by segment. */
static RelnavRoute *
resolve(const RelnavCall *call, bool missing_ok)
{
	RelnavRoute *route = palloc0(sizeof(RelnavRoute));
	List	   *names = list_make1(NULL);
	List	   *target_relids = NIL;
	Oid			relid = call->source;
	const char *schema = NULL;
	ListCell   *lc;

	if (call->path != NULL)
	{
		int			error_at;
		const char *error_detail;

		names = missing_ok
			? relnav_parse_path(call->path, &error_at, &error_detail)
			: relnav_get_path(call->path);
		if (names == NIL)
			return NULL;
	}

	/* To be shown it may be of any length, but not to be planned. */
	if (OidIsValid(call->target) && list_length(names) > MAX_HOPS)
	{
		if (missing_ok)
			return NULL;
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("path has %d relationships, more than %d",
						list_length(names), MAX_HOPS),
				 errhint("Go in several steps: FROM t, relnav.related(t, ...) u, relnav.related(u, ...).")));
	}

	/* The typed functions but related() go one hop; so a dot is a schema's. */
	if (call->function == RELNAV_ASSOCIATED && list_length(names) == 2)
	{
		schema = linitial(names);
		names = list_delete_first(names);
	}
	else if (call->function != RELNAV_RELATED && list_length(names) > 1)
	{
		if (missing_ok)
			return NULL;
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("path \"%s\" is not a single relationship",
						pnstrdup(call->path,
								 pg_mbcliplen(call->path, strlen(call->path), 200))),
				 errhint("Use relnav.related for paths; a name with a dot in it stands in double quotes.")));
	}

	if (OidIsValid(call->target))
		target_relids = lcons_oid(call->target,
								  relnav_get_partition_ancestors(call->target));

	foreach(lc, names)
	{
		const RelnavListing *listing = relnav_find_listing(relid);
		RelnavRelationship *hop;
		Segment		segment;
		ListCell   *lv;

		CHECK_FOR_INTERRUPTS();

		if (call->segment)
			*call->segment = foreach_current_index(lc);
		if (listing == NULL)
		{
			if (missing_ok)
				return NULL;
			relnav_report_no_relation(relid);
		}
		if (route->source == NULL)
			route->source = relnav_copy_relation(listing->table->rel);

		segment.call = call;
		segment.name = lfirst(lc);
		segment.schema = schema;
		segment.last = (lnext(names, lc) == NULL);
		segment.target_relids = segment.last ? target_relids : NIL;
		segment.views = NIL;
		segment.view_is_target = false;
		segment.view_associations = NIL;

		if (!resolve_segment(&segment, listing, true, &hop))
		{
			/* Perhaps a view is meant.  Looking for it makes other listings. */
			find_views(&segment);
			listing = relnav_find_listing(relid);
			if (listing == NULL ||
				!resolve_segment(&segment, listing, missing_ok, &hop))
				return NULL;
		}
		collect_rivals(route, listing, hop);
		collect_views(route, listing->table);
		foreach(lv, segment.views)
			collect_views(route, lfirst(lv));

		/* Rows of one partition only? */
		if (segment.last && OidIsValid(call->target) &&
			hop->target->relid != call->target &&
			!narrow_to_partition(hop, call->target))
			return NULL;

		route->hops = lappend(route->hops, hop);
		relid = hop->target->relid;
		route->target = hop->target;
	}
	route->plain = is_plain(route->hops);

	/* Tables can have thousands of them, so they are made unique at once. */
	list_sort(route->rival_relids, list_oid_cmp);
	list_deduplicate_oid(route->rival_relids);
	return route;
}

/*
 * Find the one relationship that a segment means.
 *
 * The result is a copy.  Returns false if there is none, or several, and
 * nothing may be raised.
 */
static bool
resolve_segment(const Segment *segment, const RelnavListing *listing,
				bool missing_ok, RelnavRelationship **result)
{
	List	   *candidates = find_candidates(segment, listing);
	List	   *found;

	found = segment->name ? find_matches(segment, candidates) : candidates;
	if (relnav_is_recursive(segment->call->function))
		found = turn_around(segment, candidates, found);
	if (found == NIL && segment->views)
	{
		found = find_view_candidates(segment, listing);
		if (segment->name)
			found = find_matches(segment, found);
	}
	if (found == NIL && segment->name &&
		segment->call->function == RELNAV_ASSOCIATED)
		found = find_unlisted_associations(segment, listing);
	if (found == NIL)
		found = segment->view_associations;

	if (list_length(found) == 1)
	{
		*result = relnav_copy_relationship(linitial(found));
		return true;
	}
	if (missing_ok)
		return false;
	if (found != NIL)
		report_ambiguous(segment, listing, found);
	report_no_relationship(segment, listing);
	return false;
}

/*
 * Of relationships of a table with itself, either name means both directions,
 * and the function says which to follow.  Of an association the name says
 * where its descendants are; the ancestors are the other way round.
 */
static List *
turn_around(const Segment *segment, List *candidates, List *found)
{
	RelnavDirection wanted = segment->call->function == RELNAV_DESCENDANTS
		? RELNAV_BACKWARDS : RELNAV_FORWARDS;
	List	   *result = NIL;
	ListCell   *lf;

	foreach(lf, found)
	{
		RelnavRelationship *r = lfirst(lf);
		bool		turned = false;
		ListCell   *lc;

		if (r->direction == wanted ||
			(r->far && segment->call->function == RELNAV_DESCENDANTS))
		{
			result = list_append_unique_ptr(result, r);
			continue;
		}
		foreach(lc, candidates)
		{
			if (relnav_is_inverse(lfirst(lc), r))
			{
				result = list_append_unique_ptr(result, lfirst(lc));
				turned = true;
			}
		}

		/* A declaration need not name the way back. */
		if (!turned && relnav_get_origin(r) == RELNAV_DECLARED)
		{
			RelnavRelationship *inverse = relnav_invert(r);

			inverse->name = inverse->short_name = inverse->full_name =
				inverse->stem = r->name;
			result = lappend(result, inverse);
		}
	}

	/* An association is only followed where it is named. */
	if (segment->name == NULL)
	{
		foreach(lf, result)
		{
			if (((RelnavRelationship *) lfirst(lf))->far)
				result = foreach_delete_current(result, lf);
		}
	}
	return result;
}

/* The relationships that the function and the target's type leave. */
static List *
find_candidates(const Segment *segment, const RelnavListing *listing)
{
	List	   *result = NIL;
	int			i;

	for (i = 0; i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;

		if (follows_direction(segment->call->function, r) &&
			leads_to_target(segment, r) &&
			(!relnav_is_recursive(segment->call->function) ||
			 (r->target->relid == r->source->relid && !r->near->temporal)))
			result = lappend(result, (void *) r);
	}
	return result;
}

/* Those among the candidates that the segment's name means. */
static List *
find_matches(const Segment *segment, List *candidates)
{
	List	   *result = NIL;
	Tier		tier;

	for (tier = TIER_LISTED_NAME; tier <= TIER_VIEW_FULL_NAME && result == NIL; tier++)
	{
		ListCell   *lc;

		foreach(lc, candidates)
		{
			if (matches(lfirst(lc), segment, tier))
				result = lappend(result, lfirst(lc));
		}
	}
	return result;
}

/*
 * Find the views that a segment may mean: the target, if it is a view, or
 * those that are called like the segment.
 *
 * Makes other listings.
 */
static void
find_views(Segment *segment)
{
	List	   *relids = NIL;
	ListCell   *lc;

	if (relnav_is_recursive(segment->call->function))
		return;
	if (segment->last && OidIsValid(segment->call->target))
	{
		char		relkind = get_rel_relkind(segment->call->target);

		segment->view_is_target = relkind == RELKIND_VIEW ||
			relkind == RELKIND_MATVIEW;
	}
	if (segment->view_is_target)
		relids = list_make1_oid(segment->call->target);
	else if (segment->name)
		relids = find_views_called(segment->name);

	foreach(lc, relids)
	{
		const RelnavListing *listing = relnav_find_listing(lfirst_oid(lc));

		if (listing == NULL || listing->table->trace == NULL)
			continue;
		segment->views = lappend(segment->views,
								 relnav_copy_view(listing->table));
	}

	/* The view between is never the target. */
	if (segment->call->function == RELNAV_ASSOCIATED && segment->name)
	{
		foreach(lc, relnav_find_views_named(segment->name))
		{
			const RelnavListing *listing = relnav_find_listing(lfirst_oid(lc));

			if (listing == NULL || listing->table->trace == NULL)
				continue;
			segment->view_associations =
				list_concat(segment->view_associations,
							find_view_associations(segment, listing));
		}
	}
}

/*
 * The OIDs of the views of a name, and of those whose name is followed by what
 * tells apart the relationships that lead to them.
 */
static List *
find_views_called(const char *name)
{
	static const char *const separators[] = {"_by_", "_via_", "_as_"};
	List	   *result = NIL;
	int			length;

	for (length = 1; length < NAMEDATALEN && name[length - 1] != '\0'; length++)
	{
		bool		ends = name[length] == '\0';
		size_t		i;

		for (i = 0; i < lengthof(separators) && !ends; i++)
			ends = strncmp(name + length, separators[i], strlen(separators[i])) == 0;
		if (ends)
			result = list_concat(result,
								 relnav_find_views_named(pnstrdup(name, length)));
	}
	return result;
}

/*
 * The relationships of a listing as if they led to the views that were
 * written, in the place of their tables.
 */
static List *
find_view_candidates(const Segment *segment, const RelnavListing *listing)
{
	List	   *result = NIL;
	ListCell   *lv;

	foreach(lv, segment->views)
	{
		RelnavTable *view = lfirst(lv);
		int			i;

		/* The segment means this one view, and that is not the target. */
		if (!segment->view_is_target && segment->target_relids != NIL &&
			!list_member_oid(segment->target_relids, view->rel->relid))
			continue;

		for (i = 0; i < listing->nrelationships; i++)
		{
			const RelnavRelationship *r = listing->relationships[i].relationship;
			int			k;

			if (!follows_direction(segment->call->function, r) ||
				r->near->temporal)
				continue;
			if (!segment->view_is_target &&
				strcmp(view->rel->schema, r->source->schema) != 0 &&
				strcmp(view->rel->schema, r->target->schema) != 0)
				continue;
			for (k = 0; k < view->trace->noccurrences; k++)
			{
				RelnavRelationship *to_view;
				ListCell   *lc;

				if (!list_member_oid(view->trace->occurrences[k].relids,
									 r->target->relid))
					continue;
				to_view = relnav_make_view_target(r, view, k);
				if (to_view == NULL)
					continue;

				/* A table that is in the view twice: say which. */
				foreach(lc, result)
				{
					if (strcmp(((RelnavRelationship *) lfirst(lc))->name, r->name) == 0)
						to_view->name = to_view->far
							? to_view->target_cols[0].name
							: to_view->near_cols[0].name;
				}
				to_view->view_name = make_view_name(r, to_view);
				result = lappend(result, to_view);
			}
		}
	}
	return result;
}

/*
 * What a relationship to a table is called if it is to lead to a view: the full
 * name with the view's in the place of the table's, or else the view's name and
 * the listed one.
 */
static char *
make_view_name(const RelnavRelationship *r, const RelnavRelationship *to_view)
{
	const char *view = to_view->target->name;

	if (r->direction != RELNAV_FORWARDS && strcmp(to_view->name, r->name) == 0)
	{
		const char *rest = r->full_name;
		size_t		length = strlen(r->target->schema);

		/* Where tables of one name meet, the schema's stands before it. */
		if (strncmp(rest, r->target->name, strlen(r->target->name)) != 0 &&
			strncmp(rest, r->target->schema, length) == 0 && rest[length] == '_')
			rest += length + 1;
		length = strlen(r->target->name);
		if (strncmp(rest, r->target->name, length) == 0 &&
			(strncmp(rest + length, "_by_", 4) == 0 ||
			 strncmp(rest + length, "_via_", 5) == 0))
			return psprintf("%s%s", view, rest + length);
	}
	return psprintf("%s_as_%s", view, to_view->name);
}

/*
 * A view with keys to both sides serves as association table where it is
 * named, with its schema or in that of the source.  The results are copies.
 */
static List *
find_view_associations(const Segment *segment, const RelnavListing *view)
{
	Oid			source = segment->call->source;
	const char *schema = segment->schema ? segment->schema
		: get_namespace_name(get_rel_namespace(source));
	List	   *result = NIL;
	int			i,
				k;

	if (schema == NULL || strcmp(view->table->rel->schema, schema) != 0)
		return NIL;
	for (i = 0; i < view->nrelationships; i++)
	{
		const RelnavRelationship *near = view->relationships[i].relationship;

		if (near->direction != RELNAV_FORWARDS || near->near->temporal ||
			near->target->relid != source)
			continue;
		for (k = 0; k < view->nrelationships; k++)
		{
			const RelnavRelationship *far = view->relationships[k].relationship;
			RelnavRelationship *through;

			if (k == i || far->direction != RELNAV_FORWARDS ||
				far->near->temporal ||
				!list_member_oid(segment->target_relids, far->target->relid))
				continue;
			through = relnav_make_association(near->near, far->near);
			through->unlisted = true;
			through->name = psprintf("%s.%s",
									 relnav_quote_segment(view->table->rel->name),
									 relnav_quote_segment(far->name));
			through->short_name = through->full_name = through->name;
			through->stem = through->name;
			result = lappend(result, relnav_copy_relationship(through));
		}
	}
	return result;
}

/*
 * Any table with keys to both sides serves as association table where it is
 * named, also one that is not listed as such.
 */
static List *
find_unlisted_associations(const Segment *segment, const RelnavListing *listing)
{
	List	   *result = NIL;
	int			i;

	for (i = 0; i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;
		ListCell   *lc;

		if (r->direction != RELNAV_BACKWARDS || r->near->temporal ||
			strcmp(r->target->name, segment->name) != 0 ||
			(segment->schema && strcmp(r->target->schema, segment->schema) != 0))
			continue;
		foreach(lc, r->near->table->foreign_keys)
		{
			RelnavForeignKey *far = lfirst(lc);
			RelnavRelationship *through;

			if (far == r->near || far == r->near->original || far->temporal ||
				!list_member_oid(segment->target_relids, far->pk_rel->relid))
				continue;
			through = relnav_make_association(r->near, far);
			through->source = r->source;
			through->source_cols = r->source_cols;
			through->unlisted = true;
			through->name = psprintf("%s.%s", relnav_quote_segment(r->name),
									 relnav_quote_segment(far->name));
			through->short_name = through->full_name = through->name;
			through->stem = through->name;
			result = lappend(result, through);
		}
	}
	return result;
}

/* Does a name mean a relationship, compared by one tier? */
static bool
matches(const RelnavRelationship *r, const Segment *segment, Tier tier)
{
	const char *name = segment->name;

	/* With a schema it can only be an association table's. */
	if (segment->schema != NULL && tier != TIER_ASSOCIATION)
		return false;

	/* To a view that is not the target lead its own names alone. */
	if (segment->views && !segment->view_is_target && tier < TIER_VIEW &&
		relnav_get_origin(r) == RELNAV_VIEW && relnav_is_view(r->target))
		return false;

	switch (tier)
	{
		case TIER_LISTED_NAME:
			return strcmp(r->name, name) == 0;
		case TIER_FULL_NAME:
			return strcmp(r->full_name, name) == 0;
		case TIER_SHORT_NAME:
			return strcmp(r->short_name, name) == 0;
		case TIER_STEM:
			return strcmp(r->stem, name) == 0;
		case TIER_COLUMN:
			return is_key_column(r->near, name) ||
				(r->far && is_key_column(r->far, name)) ||
				is_view_column(r, name);
		case TIER_CONSTRAINT:
			return relnav_has_constraint_name(r->near, name) ||
				(r->far && relnav_has_constraint_name(r->far, name));
		case TIER_ASSOCIATION:
			return segment->call->function == RELNAV_ASSOCIATED && r->far &&
				strcmp(relnav_get_association(r)->name, name) == 0 &&
				(segment->schema == NULL ||
				 strcmp(relnav_get_association(r)->schema, segment->schema) == 0);
		case TIER_VIEW:
			return relnav_get_origin(r) == RELNAV_VIEW &&
				relnav_is_view(r->target) && strcmp(r->target->name, name) == 0;
		case TIER_VIEW_FULL_NAME:
			return r->view_name && strcmp(r->view_name, name) == 0;
	}
	return false;
}

/* Is this a referencing column of the key? */
static bool
is_key_column(const RelnavForeignKey *fk, const char *name)
{
	int			i;

	for (i = 0; i < fk->nkeys; i++)
	{
		if (strcmp(fk->fk_cols[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Is this a column of the view that a relationship leads to? */
static bool
is_view_column(const RelnavRelationship *r, const char *name)
{
	const RelnavColumn *columns = r->far ? r->target_cols : r->near_cols;
	int			n = r->far ? r->far->nkeys : r->near->nkeys;
	int			i;

	if (relnav_get_origin(r) != RELNAV_VIEW || !relnav_is_view(r->target))
		return false;
	for (i = 0; i < n; i++)
	{
		if (strcmp(columns[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool
follows_direction(RelnavFunction function, const RelnavRelationship *r)
{
	switch (function)
	{
		case RELNAV_PARENT:
			return r->direction == RELNAV_FORWARDS;
		case RELNAV_CHILDREN:
			return r->direction == RELNAV_BACKWARDS;
		case RELNAV_ASSOCIATED:
			return r->direction == RELNAV_THROUGH;
		case RELNAV_RELATED:
		case RELNAV_DESCENDANTS:
		case RELNAV_ANCESTORS:
		case RELNAV_NEIGHBORS:
			return true;
	}
	return false;
}

static bool
leads_to_target(const Segment *segment, const RelnavRelationship *r)
{
	return segment->target_relids == NIL ||
		list_member_oid(segment->target_relids, r->target->relid);
}

/*
 * Let a hop lead to one partition of its target.  Returns false if a column
 * is missing there, because the table is being changed.
 */
static bool
narrow_to_partition(RelnavRelationship *r, Oid partition)
{
	const RelnavListing *listing = relnav_find_listing(partition);
	RelnavColumn *columns = r->far ? r->target_cols : r->near_cols;
	int			n = r->far ? r->far->nkeys : r->near->nkeys;
	int			i;

	if (listing == NULL)
		return false;
	for (i = 0; i < n; i++)
	{
		const RelnavColumn *column =
			relnav_find_column(listing->table, columns[i].name);

		if (column == NULL)
			return false;
		columns[i] = *column;
		columns[i].name = pstrdup(column->name);
	}
	r->target = relnav_copy_relation(listing->table->rel);
	return true;
}

/*
 * Can no target row come twice?  To-one hops first: then there is one row to
 * go on from.  Then at most one association that does not repeat, then only
 * hops backwards, where each row is the child of one row.  By other conditions
 * than an association's, each row comes once from each row; and to-one is only
 * what is proven to be.
 */
static bool
is_plain(List *hops)
{
	bool		spread = false; /* more than one row to go on from? */
	ListCell   *lc;

	foreach(lc, hops)
	{
		const RelnavRelationship *r = lfirst(lc);

		if (r->far)
		{
			if (spread || r->repeats)
				return false;
			spread = true;
			continue;
		}
		if (spread && !r->source_is_unique)
			return false;
		if (!r->target_is_unique)
			spread = true;
	}
	return true;
}

/* Note what the meaning of a view's columns depends on. */
static void
collect_views(RelnavRoute *route, const RelnavTable *table)
{
	if (table->trace)
		route->rival_relids = list_concat(route->rival_relids,
										  table->trace->relids);
}

/* Note the tables with keys to both sides of a hop, associations or not. */
static void
collect_rivals(RelnavRoute *route, const RelnavListing *listing,
			   const RelnavRelationship *hop)
{
	const RelnavTable *previous = NULL;
	int			i;

	for (i = 0; i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;
		ListCell   *lc;

		/* Of a table with many keys to the source one tells as much as all. */
		if (r->direction != RELNAV_BACKWARDS || r->near->table == previous)
			continue;
		previous = r->near->table;
		foreach(lc, r->near->table->foreign_keys)
		{
			const RelnavForeignKey *far = lfirst(lc);

			if (far != r->near && far->pk_rel->relid == hop->target->relid)
			{
				route->rival_relids = lappend_oid(route->rival_relids,
												  r->near->table->rel->relid);
				break;
			}
		}
	}
}

/*
 * Must the source be read to find its row by a key?
 *
 * Not if the first hop starts from the key's own columns, and a row that is
 * related to the key can only be there if the source's row is.
 */
bool
relnav_must_read_source(const RelnavRoute *route)
{
	const RelnavRelationship *first = linitial(route->hops);
	const RelnavKey *key = route->key;
	int			i;

	/* Only a foreign key guarantees that. */
	if (first->direction == RELNAV_FORWARDS || first->near->temporal ||
		relnav_get_origin(first) != RELNAV_FOREIGN_KEY ||
		!first->near->validated || !first->near->enforced ||
		route->source->is_partition || route->source->row_security)
		return true;

	/* The key must be compared whole. */
	if (first->near->nkeys != key->nkeys)
		return true;
	for (i = 0; i < first->near->nkeys; i++)
	{
		int			k;

		for (k = 0; k < key->nkeys; k++)
		{
			if (key->columns[k].attnum == first->source_cols[i].attnum)
				break;
		}
		if (k == key->nkeys)
			return true;
	}
	return false;
}

/* Note all relations that a route's query reads, in the order of the path. */
static void
collect_relids(RelnavRoute *route)
{
	ListCell   *lc;

	if (route->key && relnav_must_read_source(route))
		route->relids = list_make1_oid(route->source->relid);
	foreach(lc, route->hops)
	{
		const RelnavRelationship *r = lfirst(lc);

		if (r->far)
			route->relids =
				list_append_unique_oid(route->relids,
									   relnav_get_association(r)->relid);
		route->relids = list_append_unique_oid(route->relids, r->target->relid);
	}
}

/* There is no such relation, or it is none that has rows. */
void
relnav_report_no_relation(Oid relid)
{
	char	   *name = get_rel_name(relid);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relid)));
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" is not a table or view", name)));
}

/* Several relationships are meant. */
static void
report_ambiguous(const Segment *segment, const RelnavListing *listing,
				 List *candidates)
{
	const char *source = listing->table->rel->name;
	RelnavRelationship *first = linitial(candidates);
	StringInfoData detail;
	int			n = 0;
	ListCell   *lc;

	initStringInfo(&detail);
	foreach(lc, candidates)
	{
		if (n++ == MAX_CANDIDATES)
			break;
		appendStringInfo(&detail, "%s%s: ", n > 1 ? "\n" : "",
						 write_name(segment, lfirst(lc)));
		append_constraints(&detail, lfirst(lc));
	}
	if (list_length(candidates) > MAX_CANDIDATES)
		appendStringInfo(&detail, "\nand %d more",
						 list_length(candidates) - MAX_CANDIDATES);

	if (segment->name && first->unlisted)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_ALIAS),
				 errmsg("relationship \"%s\" of table \"%s\" is ambiguous",
						segment->name, source),
				 errdetail_internal("%s", detail.data),
				 errhint("Write one of these paths, as in %s.",
						 write_call(segment, RELNAV_RELATED,
									segment->call->target, first->name))));

	if (segment->name)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_ALIAS),
				 errmsg("relationship \"%s\" of table \"%s\" is ambiguous",
						segment->name, source),
				 errdetail_internal("%s", detail.data),
				 errhint("Write one of the listed names, such as \"%s\".",
						 write_name(segment, first))));

	ereport(ERROR,
			(errcode(ERRCODE_AMBIGUOUS_ALIAS),
			 errmsg("table \"%s\" has %d relationships to table \"%s\"",
					source, list_length(candidates),
					get_target_name(segment->call->target)),
			 errdetail_internal("%s", detail.data),
			 errhint("Name the one you mean, as in %s.",
					 write_call(segment, segment->call->function,
								segment->call->target,
								relnav_quote_segment(first->name)))));
}

/* No relationship is meant: find out why, and what could be. */
static void
report_no_relationship(const Segment *segment, const RelnavListing *listing)
{
	char	   *source = pstrdup(listing->table->rel->name);
	bool		has_any = listing->nrelationships > 0;
	RelnavFunction function = segment->call->function;
	const char *target;
	const char *partitions;
	const char *path;
	Segment		wider = *segment;
	RelnavCall	call = *segment->call;
	List	   *found;

	if (segment->name)
		report_no_name(segment, listing);
	if (relnav_is_recursive(function))
		report_no_recursion(segment, listing);

	target = get_target_name(segment->call->target);

	/* In another direction? */
	call.function = RELNAV_RELATED;
	wider.call = &call;
	found = find_candidates(&wider, listing);
	if (found != NIL)
	{
		RelnavRelationship *r = linitial(found);

		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 function == RELNAV_PARENT
				 ? errmsg("table \"%s\" has no foreign key to table \"%s\"",
						  source, target)
				 : function == RELNAV_CHILDREN
				 ? errmsg("table \"%s\" has no foreign key to table \"%s\"",
						  target, source)
				 : errmsg("no association table lies between tables \"%s\" and \"%s\"",
						  source, target),
				 errdetail_internal("%s", describe_candidate(segment, r)),
				 errhint("Use %s.",
						 write_call(segment, get_function_for(r),
									segment->call->target,
									list_length(found) > 1
									? relnav_quote_segment(r->name) : NULL))));
	}

	/* From here on other listings are read, and ours is not borrowed more. */
	partitions = find_partitions_with_key(segment);
	if (partitions)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("table \"%s\" has no relationship to table \"%s\"",
						source, target),
				 errdetail("Only these partitions have: %s.", partitions),
				 errhint("Navigate from, or to, the rows of such a partition.")));

	path = propose_path(segment->call->source, segment->target_relids);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" has no relationship to table \"%s\"",
					source, target),
			 !has_any
			 ? errdetail("Table \"%s\" has no foreign keys in either direction.", source)
			 : path == NULL && segment->call->source != segment->call->target
			 ? errdetail("No path of up to %d relationships leads there.",
						 MAX_PROPOSED_HOPS) : 0,
			 path ? errhint("The shortest path is %s.",
							write_call(segment, RELNAV_RELATED,
									   segment->call->target, path))
			 : has_any
			 ? errhint("relnav.describe(%s) lists the relationships; relnav.declare adds one.",
					   quote_literal_cstr(write_relation(segment->call->source)))
			 : errhint("relnav.declare says what belongs together without a foreign key.")));
}

/* A table has no relationship with itself that need not be named. */
static void
report_no_recursion(const Segment *segment, const RelnavListing *listing)
{
	const RelnavRelation *rel = listing->table->rel;
	const char *association = NULL;
	ListCell   *lc;

	foreach(lc, find_candidates(segment, listing))
	{
		const RelnavRelationship *r = lfirst(lc);

		if (r->far)
			association = r->name;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" has no foreign key to itself", rel->name),
			 rel->is_partition
			 ? errhint("The row is of a partition's type; cast it to that of the partitioned table.")
			 : association
			 ? errhint("To follow an association, name it, as in %s.",
					   write_call(segment, segment->call->function,
								  segment->call->target,
								  relnav_quote_segment(association))) : 0));
}

/* No relationship has the name of the segment. */
static void
report_no_name(const Segment *segment, const RelnavListing *listing)
{
	char	   *source = pstrdup(listing->table->rel->name);
	Oid			relid = listing->relid;
	bool		has_any = listing->nrelationships > 0;
	ClosestMatchState match;
	const char *closest;
	const char *choices = NULL;
	const char *path = NULL;
	bool		is_column;
	bool		is_function;
	Segment		wider = *segment;
	RelnavCall	call = *segment->call;
	List	   *found;
	ListCell   *lc;

	/* It leads to another table than the type says? */
	wider.target_relids = NIL;
	found = find_matches(&wider, find_candidates(&wider, listing));
	if (list_length(found) == 1 && segment->target_relids != NIL &&
		!relnav_is_recursive(segment->call->function))
		report_wrong_target(segment, linitial(found));

	/* In another direction? */
	call.function = RELNAV_RELATED;
	wider.call = &call;
	found = find_matches(&wider, find_candidates(&wider, listing));
	if (found != NIL && segment->call->function != RELNAV_RELATED &&
		!relnav_is_recursive(segment->call->function))
	{
		RelnavRelationship *r = linitial(found);

		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 segment->call->function == RELNAV_PARENT
				 ? errmsg("relationship \"%s\" of table \"%s\" does not lead to a parent",
						  segment->name, source)
				 : segment->call->function == RELNAV_CHILDREN
				 ? errmsg("relationship \"%s\" of table \"%s\" does not lead to children",
						  segment->name, source)
				 : errmsg("relationship \"%s\" of table \"%s\" does not lead through an association table",
						  segment->name, source),
				 errdetail_internal("%s", describe_candidate(segment, r)),
				 errhint("Use %s.",
						 write_call(segment, get_function_for(r), r->target->relid,
									relnav_quote_segment(r->name)))));
	}

	initClosestMatch(&match, segment->name, 4);
	foreach(lc, find_candidates(segment, listing))
		updateClosestMatch(&match, ((RelnavRelationship *) lfirst(lc))->name);
	closest = getClosestMatch(&match);
	wider.target_relids = segment->target_relids;

	is_column = get_attnum(relid, segment->name) > 0;
	is_function = segment->call->like_function && !is_column &&
		is_function_name(segment->name);
	if (closest != NULL)
		closest = relnav_quote_segment(closest);
	else if (segment->target_relids != NIL &&
			 !relnav_is_recursive(segment->call->function))
	{
		found = find_candidates(&wider, listing);
		if (list_length(found) > 1)
			choices = list_names(&wider, found);
		else
			path = propose_path(segment->call->source, segment->target_relids);
	}

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" has no relationship \"%s\"",
					source, segment->name),
			 !has_any
			 ? errdetail("Table \"%s\" has no foreign keys in either direction.", source)
			 : is_column
			 ? errdetail("Column \"%s\" is in no foreign key.", segment->name) : 0,
			 closest ? errhint("Perhaps you meant the relationship \"%s\".",
							   closest)
			 : is_function ? errhint("The only function in a spec is count(...).")
			 : choices ? errhint("To table \"%s\" lead the relationships %s.",
								 get_target_name(segment->call->target), choices)
			 : path ? errhint("The shortest path to table \"%s\" is %s.",
							  get_target_name(segment->call->target),
							  write_call(segment, RELNAV_RELATED,
										 segment->call->target, path))
			 : has_any
			 ? errhint("relnav.describe(%s) lists the relationships.",
					   quote_literal_cstr(write_relation(relid))) : 0));
}

/* Is there a function of this name anywhere? */
static bool
is_function_name(const char *name)
{
	CatCList   *functions;
	int			n;

	if (strlen(name) >= NAMEDATALEN)
		return false;
	functions = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
	n = functions->n_members;
	ReleaseSysCacheList(functions);
	return n > 0;
}

/* The path leads somewhere else. */
static void
report_wrong_target(const Segment *segment, const RelnavRelationship *r)
{
	const char *target = get_target_name(segment->call->target);
	RelnavRelation *reached = relnav_copy_relation(r->target);
	StringInfoData further;
	char	   *path;

	path = propose_path(reached->relid, segment->target_relids);
	initStringInfo(&further);
	if (path)
		appendStringInfo(&further, "%s.%s", segment->call->path, path);

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("path \"%s\" leads to table \"%s\", not to table \"%s\"",
					segment->call->path, reached->name, target),
			 path
			 ? errhint("Write NULL::%s as the target, or go on: %s.",
					   write_relation(reached->relid),
					   write_call(segment, RELNAV_RELATED,
								  segment->call->target, further.data))
			 : errhint("Write NULL::%s as the target.",
					   write_relation(reached->relid))));
}

/* A relationship in one line: its name, what it is, constraints and columns. */
static char *
describe_candidate(const Segment *segment, const RelnavRelationship *r)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s: %s to table \"%s\", ", write_name(segment, r),
					 relnav_get_kind_name(r->kind), r->target->name);
	append_constraints(&buf, r);
	return buf.data;
}

/* A relationship's name, or the path in its place, as it must be written. */
static const char *
write_name(const Segment *segment, const RelnavRelationship *r)
{
	if (r->unlisted)
		return r->name;
	return relnav_quote_segment(r->view_name && !segment->view_is_target
								? r->view_name : r->name);
}

/* The names of relationships for a hint. */
static char *
list_names(const Segment *segment, List *relationships)
{
	StringInfoData buf;
	int			n = 0;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, relationships)
	{
		if (n++ == MAX_CANDIDATES)
			break;
		appendStringInfo(&buf, "%s\"%s\"", n == 1 ? "" : ", ",
						 write_name(segment, lfirst(lc)));
	}
	if (list_length(relationships) > MAX_CANDIDATES)
		appendStringInfo(&buf, " and %d more",
						 list_length(relationships) - MAX_CANDIDATES);
	return buf.data;
}

/* The constraints that make a relationship, with their columns. */
static void
append_constraints(StringInfo buf, const RelnavRelationship *r)
{
	bool		declared = !OidIsValid(r->near->oid) && r->near->members == NIL;

	if (r->far)
		appendStringInfo(buf, "through table \"%s\", ",
						 relnav_get_association(r)->name);
	if (declared)
		appendStringInfoString(buf, "declared ");
	else
		appendStringInfo(buf, r->far ? "constraints \"%s\" " : "constraint \"%s\" ",
						 r->near->name);
	append_key_columns(buf, r->near);
	if (r->far)
	{
		appendStringInfoString(buf, " and ");
		if (!declared)
			appendStringInfo(buf, "\"%s\" ", r->far->name);
		append_key_columns(buf, r->far);
	}
}

static void
append_key_columns(StringInfo buf, const RelnavForeignKey *fk)
{
	int			i;

	for (i = 0; i < fk->nkeys; i++)
		appendStringInfo(buf, "%s%s", i ? ", " : "(",
						 quote_identifier(fk->fk_cols[i].name));
	appendStringInfoChar(buf, ')');
}

/*
 * A call that works, in the form that the user has chosen.  path may be NULL.
 */
static char *
write_call(const Segment *segment, RelnavFunction function, Oid target,
		   const char *path)
{
	const RelnavCall *call = segment->call;
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "relnav.%s(", get_function_name(function));
	if (call->by_key)
		appendStringInfo(&buf, "%s, key",
						 quote_literal_cstr(write_relation(call->source)));
	else
		appendStringInfoString(&buf,
							   quote_identifier(get_target_name(call->source)));
	if (OidIsValid(target) && (call->by_key || !relnav_is_recursive(function)))
		appendStringInfo(&buf, ", NULL::%s", write_relation(target));
	if (path)
		appendStringInfo(&buf, ", %s", quote_literal_cstr(path));
	appendStringInfoChar(&buf, ')');
	return buf.data;
}

static const char *
get_function_name(RelnavFunction function)
{
	switch (function)
	{
		case RELNAV_PARENT:
			return "parent";
		case RELNAV_CHILDREN:
			return "children";
		case RELNAV_ASSOCIATED:
			return "associated";
		case RELNAV_DESCENDANTS:
			return "descendants";
		case RELNAV_ANCESTORS:
			return "ancestors";
		case RELNAV_RELATED:
		case RELNAV_NEIGHBORS:
			break;
	}
	return "related";
}

/* The function that goes where a relationship leads. */
static RelnavFunction
get_function_for(const RelnavRelationship *r)
{
	switch (r->direction)
	{
		case RELNAV_FORWARDS:
			return RELNAV_PARENT;
		case RELNAV_BACKWARDS:
			return RELNAV_CHILDREN;
		case RELNAV_THROUGH:
			break;
	}
	return RELNAV_ASSOCIATED;
}

/* A relation as it must be written here and now, with its schema if needed. */
static char *
write_relation(Oid relid)
{
	char	   *name = get_target_name(relid);
	Oid			nsp = get_rel_namespace(relid);

	if (!OidIsValid(nsp) || RelationIsVisible(relid))
		return pstrdup(quote_identifier(name));
	return quote_qualified_identifier(get_namespace_name(nsp), name);
}

/* A relation's name for a message, also if it has just been dropped. */
static char *
get_target_name(Oid relid)
{
	char	   *name = get_rel_name(relid);

	return name ? name : psprintf("%u", relid);
}

/*
 * Names of partitions of the source, or of the target, that have a
 * relationship where the partitioned table has none; NULL if there is none.
 *
 * Makes other listings, so what was borrowed is gone.
 */
static char *
find_partitions_with_key(const Segment *segment)
{
	StringInfoData buf;
	int			count = 0;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, relnav_get_partitions(segment->call->source))
	{
		const RelnavListing *partition = relnav_find_listing(lfirst_oid(lc));

		CHECK_FOR_INTERRUPTS();

		if (partition && find_candidates(segment, partition) != NIL)
			append_partition(&buf, ++count, partition->table->rel->name);
	}
	foreach(lc, relnav_get_partitions(segment->call->target))
	{
		const RelnavListing *source = relnav_find_listing(segment->call->source);
		Segment		narrower = *segment;
		List	   *found;

		narrower.target_relids = list_make1_oid(lfirst_oid(lc));
		found = source ? find_candidates(&narrower, source) : NIL;
		if (found != NIL)
			append_partition(&buf, ++count,
							 ((RelnavRelationship *) linitial(found))->target->name);
	}
	if (count > MAX_CANDIDATES)
		appendStringInfo(&buf, " and %d more", count - MAX_CANDIDATES);
	return count > 0 ? buf.data : NULL;
}

static void
append_partition(StringInfo buf, int number, const char *name)
{
	if (number <= MAX_CANDIDATES)
		appendStringInfo(buf, "%s\"%s\"", number > 1 ? ", " : "", name);
}

/*
 * The shortest path from a table to one of others, to be proposed; NULL if
 * there is none nearby.
 */
static char *
propose_path(Oid source, List *target_relids)
{
	List	   *relids = list_make1_oid(source);
	List	   *paths = list_make1("");
	int			done = 0;
	int			level_end = 1;
	int			hops = 0;

	while (done < list_length(relids) && done < MAX_PROPOSAL_TABLES)
	{
		const RelnavListing *listing;
		const char *path;
		int			i;

		CHECK_FOR_INTERRUPTS();

		if (done == level_end)
		{
			if (++hops == MAX_PROPOSED_HOPS)
				break;
			level_end = list_length(relids);
		}
		path = list_nth(paths, done);
		listing = relnav_find_listing(list_nth_oid(relids, done));
		done++;
		if (listing == NULL)
			continue;
		for (i = 0; i < listing->nrelationships; i++)
		{
			const RelnavRelationship *r = listing->relationships[i].relationship;
			char	   *longer;

			if (list_member_oid(relids, r->target->relid))
				continue;
			longer = psprintf("%s%s%s", path, *path ? "." : "",
							  relnav_quote_segment(r->name));
			if (list_member_oid(target_relids, r->target->relid))
				return longer;
			relids = lappend_oid(relids, r->target->relid);
			paths = lappend(paths, longer);
		}
	}
	return NULL;
}
