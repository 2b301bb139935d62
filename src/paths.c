/*-------------------------------------------------------------------------
 *
 * paths.c
 *	  The paths from one table to another.
 *
 * relnav.paths() looks for all paths of one hop, then of two, and so on, until
 * it has enough of them.  Real schemas have tables with hundreds of
 * neighbours, from where everything is two hops away; so the search goes from
 * both ends at once, always where it has fewer tables to look at, and follows
 * from the source only what can still meet the target in time.
 *
 * A path visits no table twice.  An association is one hop, and the two keys
 * of its table are not listed as two hops besides.  Associations that repeat
 * have more in their key than the two ends, so they mean something else than
 * a link: they are followed by their keys, and as one hop only where nothing
 * else leads to the target.
 *
 * Of paths that are equally long the ones come first that a person would
 * choose.  Going up to a parent and down again to its other children says
 * little (orders of the same status), so paths that do so come later; and so
 * do those through tables with many neighbours, which connect everything with
 * everything.
 *
 * The search is bounded, in tables looked at, steps, and paths found.  Where
 * hundreds of keys lead to a table between the ends, listing this table alone
 * can take longer than all the rest.  We read a few hundred keys; after that
 * such tables are left out, and the search goes round them.  Only if nothing
 * is found, and one of them is known to be near both ends, we go through it.
 * Whoever gets less than all is told so.
 *
 * What is known of a table is copied from its listing at once, into the
 * caller's context.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>
#include <math.h>

#include "fmgr.h"
#include "funcapi.h"
#include "graph.h"
#include "infer.h"
#include "miscadmin.h"
#include "resolve.h"
#include "sqlbuf.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#define DEFAULT_MAX_HOPS 4
#define DEFAULT_MAX_PATHS 20

/* What bounds the search. */
#define MAX_TABLES 500
#define MAX_STEPS 200000
#define MAX_FOUND 10000

/*
 * A table is a hub if more keys than MAX_KEYS lead to it.  No hub is listed
 * when that would make it more than MAX_WORK, counted in keys that are read.
 * A listing takes a few times as long as each key in it (measured).  Who asks
 * at a table that is large itself can wait longer.
 */
#define MAX_KEYS 50
#define MAX_WORK 300
#define MAX_WORK_PER_SOURCE_KEY 15
#define WORK_PER_TABLE 5

/* How many hubs that were left out are named. */
#define MAX_NAMED_HUBS 3

/* No path is longer, whoever asks. */
#define MAX_HOPS 32

#define NUM_COLUMNS 3

typedef struct Table Table;

/* A relationship that can be taken. */
typedef struct Edge
{
	const char *name;
	RelnavDirection direction;
	RelnavKind	kind;
	bool		repeats;
	Oid			near;			/* the keys; what was declared has no OID, */
	Oid			far;
	const char *near_name;		/* but a name, and tables that it lies between */
	Oid			near_table;
	Oid			near_target;
	Table	   *target;
} Edge;

/* A table that the search has met. */
struct Table
{
	Oid			relid;			/* hash key */
	bool		loaded;			/* are the edges known? */
	int			nedges;
	Edge	   *edges;
	int			nkeys;			/* that lead to it, about; -1: not known */
	int			from_source;	/* distance, negative: not known */
	int			to_target;
	List	   *nearer;			/* of Table: those one hop nearer to it */
	bool		end;			/* is it the source or a goal? */
	bool		goal;
	bool		visited;		/* is it on the way that we are going? */
};

/* A path that was found. */
typedef struct FoundPath
{
	const char *text;
	int			hops;
	RelnavKind	kind;
	int			turns;			/* how often it goes up and down again */
	double		weight;			/* of the tables between */
} FoundPath;

/* One end of the search. */
typedef struct Frontier
{
	List	   *tables;			/* at the distance reached */
	int			distance;
} Frontier;

typedef struct Search
{
	RelnavReader *reader;
	HTAB	   *tables;
	Table	   *source;
	Frontier	ends[2];		/* from the source, from the target */
	bool		repeating;		/* follow associations that repeat? */
	bool		cut;			/* was anything left out? */
	List	   *hubs;			/* of Table: those left out */
	int			ntables;		/* of which the edges are known */
	int			work;			/* done to know them */
	int			max_work;
	Oid			needed_hub;		/* is not left out; or invalid */
	int			nsteps;
	int			nfound;
	List	   *found;			/* of FoundPath, of the current length */
	int			length;
	const Edge *way[MAX_HOPS];
	const Table *passed[MAX_HOPS];	/* where each of them starts */
} Search;

static List *find_paths(Search *search, Oid source, Oid target, int max_hops,
						int max_paths);
static List *find_paths_once(Search *search, Oid source, Oid target,
							 int max_hops, int max_paths);
static Oid	find_needed_hub(const Search *search, int max_hops);
static void begin_search(Search *search, Oid source, Oid target);
static Table *get_table(Search *search, Oid relid);
static bool load_table(Search *search, Table *table);
static int	count_keys(Table *table);
static bool is_usable(const Search *search, const Edge *edge);
static bool widen(Search *search, int length);
static bool expand(Search *search, int end);
static void meet(Frontier *frontier, int end, Table *table, Table *target,
				 List **next);
static int	choose_end(const Search *search);
static int	count_unloaded(const Frontier *frontier);
static int	estimate_work(const Frontier *frontier, int limit);
static void go(Search *search, Table *table, int depth);
static bool can_come_nearer(const Table *table);
static bool read_same_key(const Edge *a, const Edge *b);
static bool is_one_hop(const Table *near, const Edge *down, const Edge *up);
static void add_path(Search *search);
static int	compare_paths(const ListCell *a, const ListCell *b);
static void report_cut(const Search *search);

PG_FUNCTION_INFO_V1(relnav_paths);

/*
 * relnav.paths(source regclass, target regclass, max_hops int DEFAULT 4,
 * max_paths int DEFAULT 20)
 */
Datum
relnav_paths(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int			max_hops = PG_ARGISNULL(2) ? DEFAULT_MAX_HOPS : PG_GETARG_INT32(2);
	int			max_paths = PG_ARGISNULL(3) ? DEFAULT_MAX_PATHS : PG_GETARG_INT32(3);
	Search		search = {0};
	ListCell   *lc;

	InitMaterializedSRF(fcinfo, 0);
	if (max_hops < 1 || max_hops > MAX_HOPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_hops must be between 1 and %d", MAX_HOPS)));
	if (max_paths < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_paths must be positive")));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;

	/* We take no lock, by which messages would be delivered. */
	AcceptInvalidationMessages();
	(void) relnav_get_listing(PG_GETARG_OID(1));	/* it must be there */
	(void) relnav_get_listing(PG_GETARG_OID(0));

	foreach(lc, find_paths(&search, PG_GETARG_OID(0), PG_GETARG_OID(1),
						   max_hops, max_paths))
	{
		const FoundPath *path = lfirst(lc);
		Datum		values[NUM_COLUMNS];
		bool		nulls[NUM_COLUMNS] = {0};

		values[0] = CStringGetTextDatum(path->text);
		values[1] = Int32GetDatum(path->hops);
		values[2] = CStringGetTextDatum(relnav_get_kind_name(path->kind));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}

	if (search.cut || search.hubs != NIL)
		report_cut(&search);
	return (Datum) 0;
}

/*
 * All shortest paths, then longer ones, as a List of FoundPath.  Associations
 * that repeat are tried where there is no other path.
 */
static List *
find_paths(Search *search, Oid source, Oid target, int max_hops, int max_paths)
{
	List	   *result = NIL;
	int			attempt;

	search->reader = relnav_create_reader();
	for (attempt = 0; attempt < 2 && result == NIL; attempt++)
	{
		search->repeating = attempt > 0;
		search->needed_hub = InvalidOid;
		result = find_paths_once(search, source, target, max_hops, max_paths);
		if (result != NIL)
			break;

		/* Begin anew: who comes through it was not known. */
		search->needed_hub = find_needed_hub(search, max_hops);
		if (OidIsValid(search->needed_hub))
			result = find_paths_once(search, source, target, max_hops, max_paths);
	}
	relnav_forget_reader(search->reader);
	return list_truncate(result, max_paths);
}

/* The same, with or without those associations. */
static List *
find_paths_once(Search *search, Oid source, Oid target, int max_hops,
				int max_paths)
{
	List	   *result = NIL;

	begin_search(search, source, target);
	for (search->length = 1;
		 search->length <= max_hops && list_length(result) < max_paths;
		 search->length++)
	{
		if (!widen(search, search->length))
			break;
		search->found = NIL;
		go(search, search->source, 0);
		list_sort(search->found, compare_paths);
		result = list_concat(result, search->found);
		if (search->nsteps >= MAX_STEPS || search->nfound >= MAX_FOUND)
			break;
	}
	return result;
}

/*
 * Of the hubs that were left out the one through which the shortest path
 * leads, or the smallest of those; invalid if none is known to be near enough
 * to both ends.
 */
static Oid
find_needed_hub(const Search *search, int max_hops)
{
	const Table *best = NULL;
	ListCell   *lc;

	foreach(lc, search->hubs)
	{
		const Table *hub = lfirst(lc);
		int			hops = hub->from_source + hub->to_target;
		int			best_hops;

		if (hub->from_source < 0 || hub->to_target < 0 || hops > max_hops)
			continue;
		best_hops = best ? best->from_source + best->to_target : INT_MAX;
		if (hops < best_hops || (hops == best_hops && hub->nkeys < best->nkeys))
			best = hub;
	}
	return best ? best->relid : InvalidOid;
}

/* Start at both ends. */
static void
begin_search(Search *search, Oid source, Oid target)
{
	HASHCTL		ctl;
	List	   *goals;
	ListCell   *lc;

	memset(&ctl, 0, sizeof(ctl));
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(Table);
	ctl.hcxt = CurrentMemoryContext;
	search->tables = hash_create("relnav paths: tables", 256, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	search->ntables = search->work = search->nsteps = search->nfound = 0;
	search->cut = false;
	search->hubs = NIL;

	search->source = get_table(search, source);
	search->source->end = true;
	search->source->from_source = 0;
	search->max_work = Max(MAX_WORK, MAX_WORK_PER_SOURCE_KEY *
						   count_keys(search->source));
	search->ends[0].tables = list_make1(search->source);
	search->ends[0].distance = 0;

	/* Relationships lead to partitioned tables, and so to their partitions. */
	goals = lcons_oid(target, relnav_get_partition_ancestors(target));
	search->ends[1].tables = NIL;
	search->ends[1].distance = 0;
	foreach(lc, goals)
	{
		Table	   *table = get_table(search, lfirst_oid(lc));

		table->end = table->goal = true;
		table->to_target = 0;
		search->ends[1].tables = lappend(search->ends[1].tables, table);
	}
}

/* What is known of a table. */
static Table *
get_table(Search *search, Oid relid)
{
	bool		found;
	Table	   *table = hash_search(search->tables, &relid, HASH_ENTER, &found);

	if (!found)
	{
		memset(table, 0, sizeof(Table));
		table->relid = relid;
		table->nkeys = table->from_source = table->to_target = -1;
	}
	return table;
}

/*
 * Find a table's edges.  A hub that is left out gets none.  Returns false if
 * there are too many tables.
 */
static bool
load_table(Search *search, Table *table)
{
	const RelnavListing *listing;
	int			i;

	CHECK_FOR_INTERRUPTS();

	if (table->loaded)
		return true;
	if (search->ntables == MAX_TABLES)
	{
		search->cut = true;
		return false;
	}
	search->ntables++;
	table->loaded = true;
	if (!table->end && table->relid != search->needed_hub &&
		count_keys(table) > MAX_KEYS &&
		search->work + table->nkeys > search->max_work)
	{
		search->hubs = lappend(search->hubs, table);
		return true;
	}
	search->work += WORK_PER_TABLE + count_keys(table);
	listing = relnav_find_listing(table->relid);
	if (listing == NULL)
		return true;			/* dropped meanwhile */

	table->edges = palloc(sizeof(Edge) * Max(listing->nrelationships, 1));
	for (i = 0; i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;
		Edge	   *edge = &table->edges[table->nedges++];
		const RelnavForeignKey *near;

		edge->name = relnav_quote_segment(r->name);
		edge->direction = r->direction;
		edge->kind = r->kind;
		edge->repeats = r->repeats;
		near = r->near->original ? r->near->original : r->near;
		edge->near = r->near->oid;
		edge->near_name = pstrdup(near->name);
		edge->near_table = near->table->rel->relid;
		edge->near_target = near->pk_rel->relid;
		edge->far = r->far ? r->far->oid : InvalidOid;
		edge->target = get_table(search, r->target->relid);
	}
	return true;
}

/* How many keys lead to a table, counted once. */
static int
count_keys(Table *table)
{
	if (table->nkeys < 0)
		table->nkeys = relnav_count_incoming_keys(table->relid, MAX_KEYS);
	return table->nkeys;
}

static bool
is_usable(const Search *search, const Edge *edge)
{
	return !edge->repeats || search->repeating;
}

/*
 * Look around both ends until paths of a length can be found: together they
 * must reach as far as that.  Returns false if there are too many tables.
 */
static bool
widen(Search *search, int length)
{
	while (search->ends[0].distance + search->ends[1].distance < length)
	{
		int			end = choose_end(search);

		/* Beyond the last table there is nothing to be known. */
		if (search->ends[end].tables == NIL)
			search->ends[end].distance = MAX_HOPS;
		else if (!expand(search, end))
			return false;
	}
	return true;
}

/* Go one hop further from one end. */
static bool
expand(Search *search, int end)
{
	Frontier   *frontier = &search->ends[end];
	List	   *next = NIL;
	ListCell   *lc;

	foreach(lc, frontier->tables)
	{
		Table	   *table = lfirst(lc);
		int			i;

		if (!load_table(search, table))
			return false;
		for (i = 0; i < table->nedges; i++)
		{
			if (is_usable(search, &table->edges[i]))
				meet(frontier, end, table, table->edges[i].target, &next);
		}

		/* From the target we go backwards: to where a way back may miss. */
		if (end == 1)
		{
			ListCell   *ls;

			foreach(ls, relnav_find_one_way_sources(search->reader, table->relid))
				meet(frontier, end, table, get_table(search, lfirst_oid(ls)), &next);
		}
	}
	frontier->tables = next;
	frontier->distance++;
	return true;
}

/* Note that a table was met, one hop further from one end than another. */
static void
meet(Frontier *frontier, int end, Table *table, Table *target, List **next)
{
	int		   *distance = end == 0 ? &target->from_source : &target->to_target;

	if (*distance < 0)
	{
		*distance = frontier->distance + 1;
		*next = lappend(*next, target);
	}
	if (end == 1 && *distance == frontier->distance + 1 &&
		(target->nearer == NIL || llast(target->nearer) != table))
		target->nearer = lappend(target->nearer, table);
}

/*
 * Which end is less work to look around?  Where one has more tables than the
 * other is work altogether, nothing is counted there.
 */
static int
choose_end(const Search *search)
{
	int			smaller = count_unloaded(&search->ends[1]) <
		count_unloaded(&search->ends[0]) ? 1 : 0;
	int			work = estimate_work(&search->ends[smaller], INT_MAX);

	return estimate_work(&search->ends[1 - smaller], work) < work
		? 1 - smaller : smaller;
}

/* How many tables are there to be looked at? */
static int
count_unloaded(const Frontier *frontier)
{
	int			result = 0;
	ListCell   *lc;

	foreach(lc, frontier->tables)
		result += !((Table *) lfirst(lc))->loaded;
	return result;
}

/* How much work is that?  It is not counted further than the limit. */
static int
estimate_work(const Frontier *frontier, int limit)
{
	int			result = WORK_PER_TABLE * count_unloaded(frontier);
	ListCell   *lc;

	foreach(lc, frontier->tables)
	{
		Table	   *table = lfirst(lc);

		if (result >= limit)
			break;
		if (!table->loaded)
			result += count_keys(table);
	}
	return result;
}

/*
 * Take every way from a table, to which depth hops have led, that can reach
 * the target in exactly as many hops as are left.
 */
static void
go(Search *search, Table *table, int depth)
{
	int			i;

	check_stack_depth();

	if (!load_table(search, table))
		return;
	table->visited = true;
	for (i = 0; i < table->nedges; i++)
	{
		const Edge *edge = &table->edges[i];
		Table	   *target = edge->target;
		int			left = search->length - depth - 1;
		int			needed;

		if (search->nsteps >= MAX_STEPS || search->nfound >= MAX_FOUND)
		{
			search->cut = true;
			break;
		}
		search->nsteps++;

		if (!is_usable(search, edge))
			continue;

		if (depth > 0 && is_one_hop(search->passed[depth - 1],
									search->way[depth - 1], edge))
			continue;

		search->way[depth] = edge;
		search->passed[depth] = table;
		if (target->goal)
		{
			if (left == 0)
				add_path(search);
			continue;
		}

		/* Who is not known to be near the target is further away than those. */
		needed = target->to_target >= 0 ? target->to_target
			: search->ends[1].distance + 1;
		if (target->visited || needed > left ||
			(needed == left && !can_come_nearer(target)))
			continue;
		go(search, target, depth + 1);
	}
	table->visited = false;
}

/*
 * Where every hop must lead nearer to the target, is there one that does not
 * lead to where we have been?  Else the table need not be looked at, which
 * saves us all neighbours of a hub that we have come through.
 */
static bool
can_come_nearer(const Table *table)
{
	ListCell   *lc;

	if (table->to_target < 0)
		return true;			/* not known */
	foreach(lc, table->nearer)
	{
		if (!((Table *) lfirst(lc))->visited)
			return true;
	}
	return false;
}

static bool
read_same_key(const Edge *a, const Edge *b)
{
	if (OidIsValid(a->near) || OidIsValid(b->near))
		return a->near == b->near;
	return a->near_table == b->near_table &&
		a->near_target == b->near_target &&
		strcmp(a->near_name, b->near_name) == 0;
}

/*
 * Is a hop down to a table and one up from it not worth two hops?  near is
 * the table from where it goes down.
 *
 * To an association table and up from it they belong together.
 * That is what the relationship between the two ends is for.  Those that repeat
 * are not followed as one hop, so they are as two.
 */
static bool
is_one_hop(const Table *near, const Edge *down, const Edge *up)
{
	int			i;

	if (down->direction != RELNAV_BACKWARDS || up->direction != RELNAV_FORWARDS)
		return false;

	/* Down and up by one key leads to where we were. */
	if (read_same_key(down, up))
		return true;
	if (!OidIsValid(down->near) || !OidIsValid(up->near))
		return false;
	for (i = 0; i < near->nedges; i++)
	{
		if (near->edges[i].direction == RELNAV_THROUGH &&
			!near->edges[i].repeats &&
			near->edges[i].near == down->near && near->edges[i].far == up->near)
			return true;
	}
	return false;
}

/* Note the path that we have gone. */
static void
add_path(Search *search)
{
	FoundPath  *path = palloc0(sizeof(FoundPath));
	StringInfoData text;
	bool		to_one = true;
	bool		from_one = true;
	bool		up = false;
	int			i;

	initStringInfo(&text);
	for (i = 0; i < search->length; i++)
	{
		const Edge *edge = search->way[i];

		appendStringInfo(&text, "%s%s", i ? "." : "", edge->name);
		to_one &= edge->kind == RELNAV_MANY_TO_ONE || edge->kind == RELNAV_ONE_TO_ONE;
		from_one &= edge->kind == RELNAV_ONE_TO_MANY || edge->kind == RELNAV_ONE_TO_ONE;

		/* Through an association it goes down first. */
		if (edge->direction != RELNAV_FORWARDS && up)
			path->turns++;
		up = edge->direction != RELNAV_BACKWARDS;

		if (i < search->length - 1)
			path->weight += log(Max(edge->target->nedges, 1));
	}
	path->text = text.data;

	path->hops = search->length;
	path->kind = to_one
		? (from_one ? RELNAV_ONE_TO_ONE : RELNAV_MANY_TO_ONE)
		: (from_one ? RELNAV_ONE_TO_MANY : RELNAV_MANY_TO_MANY);
	search->found = lappend(search->found, path);
	search->nfound++;
}

/* Which of two paths of the same length comes first? */
static int
compare_paths(const ListCell *a, const ListCell *b)
{
	const FoundPath *x = lfirst(a);
	const FoundPath *y = lfirst(b);

	if (x->turns != y->turns)
		return x->turns < y->turns ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* Tell what was left out. */
static void
report_cut(const Search *search)
{
	StringInfoData names;
	int			n = list_length(search->hubs);
	int			i;

	initStringInfo(&names);
	for (i = 0; i < Min(n, MAX_NAMED_HUBS); i++)
	{
		const Table *hub = list_nth(search->hubs, i);
		char	   *name = get_rel_name(hub->relid);

		appendStringInfo(&names, "%s\"%s\" (%d)", i ? ", " : "",
						 name ? name : "?", hub->nkeys);
	}
	if (n > MAX_NAMED_HUBS)
		appendStringInfo(&names, " and %d more", n - MAX_NAMED_HUBS);

	ereport(NOTICE,
			(errmsg("there may be more paths than those listed"),
			 search->cut
			 ? errdetail("The search was ended after %d tables.", search->ntables)
			 : errdetail("The search did not go through tables to which many foreign keys lead: %s.",
						 names.data),
			 search->cut
			 ? errhint("Ask for the paths to or from a table between the two, or for fewer hops.")
			 : errhint("Ask for the paths to or from these tables.")));
}
