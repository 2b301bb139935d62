/*-------------------------------------------------------------------------
 *
 * naming.c
 *	  What relationships are called.
 *
 * Every relationship has a short and a full name, made from the names of its
 * own tables, columns and constraints.  Text is used as it is: nothing is
 * made plural or folded.  The stem of a key is what its column is about:
 * "customer" of customer_id.
 *
 *				short				full
 *	forwards	<stem>				the column's name
 *	backwards	<table>				<table>_by_<stem>
 *	through		<target>			<far>_via_<association>[_by_<near stem>]
 *
 * Within one source the full names are made unique first.  Then short names
 * are given: where several relationships would have the same, the nearest
 * kind of relationship keeps it, and among several of that kind nobody does.
 * The name that is listed is the short one, or the full one of those who
 * lost.  So a listed name is unique, and no odd schema can make it an error.
 *
 * A declared relationship has the one name that was declared, whatever others
 * would be called, and so has one that was given another name.  These names
 * are taken before all others are given.
 *
 * A view's relationships are named like those of its tables; but a full name
 * that is a column's is that of the view's column.
 *
 * This file is pure: names depend on the relationships alone, not on their
 * order, nor on OIDs.  The rules are in doc/reference.md.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "lib/qunique.h"
#include "miscadmin.h"
#include "naming.h"

/*
 * What several relationships of one source share: the tables they lead to or
 * through, sorted by name, to see which names need their schema.
 */
typedef struct NameScope
{
	const RelnavRelation **tables;
	int			ntables;
} NameScope;

/* Who gets a short name if several ask for it, best first. */
typedef enum NameClass
{
	CLASS_TO_PARENT,
	CLASS_TO_CHILDREN,
	CLASS_ASSOCIATION,
	CLASS_REPEATING_ASSOCIATION
} NameClass;

static void collect_tables(NameScope *scope, List *relationships);
static void add_table(NameScope *scope, const RelnavRelation *rel);
static const char *get_label(const NameScope *scope, const RelnavRelation *rel);
static void make_names(RelnavRelationship *r, const NameScope *scope);
static const char *make_full_name(const RelnavRelationship *r,
								  const NameScope *scope, bool by_constraint);
static const char *get_forward_name(const RelnavForeignKey *fk);
static const char *get_stem(const RelnavForeignKey *fk, const char *table);
static char *find_column_stem(const char *column, const char *referenced,
							  const char *table);
static char *strip_word(const char *name, const char *word);
static bool ends_with(const char *name, const char *end);
static bool contains_folded(const char *name, const char *part);
static const RelnavForeignKey *get_original(const RelnavForeignKey *fk);
static int	count_keys(const RelnavForeignKey *fk, const RelnavTable *table);
static List *take_given_names(List *relationships);
static const char *take_name(List **taken, const char *name);
static bool is_taken(List *taken, const char *name,
					 const RelnavRelationship *except);
static void make_full_names_unique(RelnavRelationship **rels, int n,
								   const NameScope *scope, List *taken);
static void give_short_names(RelnavRelationship **rels, int n, List *taken);
static NameClass get_name_class(const RelnavRelationship *r);
static bool has_full_name(RelnavRelationship **by_full, int n,
						  const char *name, const RelnavRelationship *except);
static int	compare_tables(const void *a, const void *b);
static int	compare_full_names(const void *a, const void *b);
static int	compare_short_names(const void *a, const void *b);
static int	compare_identities(const RelnavRelationship *a,
							   const RelnavRelationship *b);
static int	compare_given_names(const ListCell *a, const ListCell *b);
static int	compare_listed_names(const ListCell *a, const ListCell *b);

/*
 * Give names to all relationships of one source.
 *
 * The names are allocated in the current memory context, or are those of the
 * facts.
 */
void
relnav_name_relationships(List *relationships)
{
	int			n = list_length(relationships);
	RelnavRelationship **rels;
	NameScope	scope;
	List	   *taken;
	ListCell   *lc;
	int			i = 0;

	if (n == 0)
		return;

	taken = take_given_names(relationships);
	collect_tables(&scope, relationships);
	rels = palloc(sizeof(RelnavRelationship *) * n);
	foreach(lc, relationships)
	{
		RelnavRelationship *r = lfirst(lc);

		if (r->declared_name)
			continue;
		make_names(r, &scope);
		rels[i++] = r;
	}
	make_full_names_unique(rels, i, &scope, taken);
	give_short_names(rels, i, taken);
	pfree(rels);
	pfree(scope.tables);
}

/*
 * Give the declared relationships their names, and find out which names those
 * have that were given another.
 *
 * Somebody may have declared the same name twice: for a partitioned table and
 * its partition, or two tables of one view.  Then the second has a number.
 *
 * Returns a List of all these names.
 */
static List *
take_given_names(List *relationships)
{
	List	   *given = NIL;
	List	   *taken = NIL;
	ListCell   *lc;

	foreach(lc, relationships)
	{
		RelnavRelationship *r = lfirst(lc);

		if (r->declared_name || r->new_name)
			given = lappend(given, r);
	}
	if (given == NIL)
		return NIL;

	list_sort(given, compare_given_names);
	foreach(lc, given)
	{
		RelnavRelationship *r = lfirst(lc);

		if (r->new_name)
			r->new_name = take_name(&taken, r->new_name);
		else
			r->name = r->full_name = r->short_name = r->stem =
				take_name(&taken, r->declared_name);
	}
	return taken;
}

/* Take a name, or, if it is taken, the first number of it that is not. */
static const char *
take_name(List **taken, const char *name)
{
	const char *result = name;
	int			number = 2;

	while (is_taken(*taken, result, NULL))
		result = psprintf("%s_%d", name, number++);
	*taken = lappend(*taken, (char *) result);
	return result;
}

/* Is a name taken, other than by the new name of a relationship itself? */
static bool
is_taken(List *taken, const char *name, const RelnavRelationship *except)
{
	ListCell   *lc;

	if (except && except->new_name && strcmp(except->new_name, name) == 0)
		return false;
	foreach(lc, taken)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/*
 * Could a full name, which is unique among the relationships by keys of the
 * same tables, be that of a relationship by keys of yet another table?
 *
 * If not, it is what it would be among all relationships of its source,
 * provided that no other relation in the database is called *table or
 * *association, where these are set, and that neither of them could be read
 * as the name of a schema and a table.
 */
bool
relnav_may_be_another(const RelnavRelationship *r, const char **table,
					  const char **association)
{
	const char *by = strstr(r->full_name, "_by_");
	const char *via = strstr(r->full_name, "_via_");

	*table = NULL;
	*association = NULL;
	switch (r->direction)
	{
		case RELNAV_FORWARDS:
			return by != NULL || via != NULL;

		case RELNAV_BACKWARDS:
			*table = r->target->name;
			return via != NULL || by == NULL || strstr(by + 1, "_by_") != NULL ||
				strncmp(r->full_name, r->target->name, by - r->full_name) != 0 ||
				strlen(r->target->name) != (size_t) (by - r->full_name);

		case RELNAV_THROUGH:
			*table = r->target->name;
			*association = relnav_get_association(r)->name;
			return by != NULL || via == NULL || strstr(via + 1, "_via_") != NULL ||
				strcmp(via + strlen("_via_"), *association) != 0;
	}
	return true;
}

/*
 * Sort relationships by their listed names, bytewise, in place.
 */
List *
relnav_sort_by_name(List *relationships)
{
	list_sort(relationships, compare_listed_names);
	return relationships;
}

/* Note which tables are met. */
static void
collect_tables(NameScope *scope, List *relationships)
{
	ListCell   *lc;

	scope->tables = palloc(sizeof(RelnavRelation *) * 2 * list_length(relationships));
	scope->ntables = 0;
	foreach(lc, relationships)
	{
		RelnavRelationship *r = lfirst(lc);

		if (r->declared_name)
			continue;
		add_table(scope, r->target);
		if (r->far)
			add_table(scope, relnav_get_association(r));
	}
	qsort(scope->tables, scope->ntables, sizeof(RelnavRelation *),
		  compare_tables);

	/* Each one once: many keys can lead to the same table. */
	if (scope->ntables > 0)
		scope->ntables = qunique(scope->tables, scope->ntables,
								 sizeof(RelnavRelation *), compare_tables);
}

static void
add_table(NameScope *scope, const RelnavRelation *rel)
{
	scope->tables[scope->ntables++] = rel;
}

/*
 * A table's name; with its schema's if tables of this name in several schemas
 * are met.
 */
static const char *
get_label(const NameScope *scope, const RelnavRelation *rel)
{
	int			low = 0;
	int			high = scope->ntables;
	int			i;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (strcmp(scope->tables[middle]->name, rel->name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low; i < scope->ntables &&
		 strcmp(scope->tables[i]->name, rel->name) == 0; i++)
	{
		if (scope->tables[i]->relid != rel->relid)
			return psprintf("%s_%s", rel->schema, rel->name);
	}
	return rel->name;
}

/* The names that a relationship would have if it were alone. */
static void
make_names(RelnavRelationship *r, const NameScope *scope)
{
	const RelnavForeignKey *near = get_original(r->near);

	switch (r->direction)
	{
		case RELNAV_FORWARDS:
			r->stem = get_stem(near, get_label(scope, r->target));
			r->short_name = r->stem;
			break;
		case RELNAV_BACKWARDS:
			r->stem = get_stem(near, near->pk_rel->name);
			r->short_name = get_label(scope, r->target);
			break;
		case RELNAV_THROUGH:
			r->stem = get_stem(r->far, get_label(scope, r->target));
			if (near->pk_rel->relid == r->far->pk_rel->relid)
				r->short_name = r->stem;
			else
				r->short_name = get_label(scope, r->target);
			break;
	}
	r->full_name = make_full_name(r, scope, false);
}

/*
 * A relationship's full name, made of stems or, where that is not enough to
 * tell it from others, of the names of constraints.
 */
static const char *
make_full_name(const RelnavRelationship *r, const NameScope *scope,
			   bool by_constraint)
{
	const char *far;
	const char *association;

	if (r->direction == RELNAV_FORWARDS)
		return by_constraint ? r->near->name : get_forward_name(r->near);

	if (r->direction == RELNAV_BACKWARDS)
		return psprintf("%s_by_%s", get_label(scope, r->target),
						by_constraint ? r->near->name : r->stem);

	association = get_label(scope, relnav_get_association(r));
	if (count_keys(r->far, r->near->table) > 1)
		far = by_constraint ? r->far->name : r->stem;
	else
		far = get_label(scope, r->target);

	if (count_keys(r->near, r->near->table) > 1)
	{
		const RelnavForeignKey *near = get_original(r->near);

		return psprintf("%s_via_%s_by_%s", far, association,
						by_constraint ? near->name
						: get_stem(near, near->pk_rel->name));
	}
	return psprintf("%s_via_%s", far, association);
}

/*
 * The full name of a key that is read forwards: its column's name.  Of several
 * columns the one that has a name of its own, not that of the column it
 * references, if there is exactly one; else the constraint's name.
 */
static const char *
get_forward_name(const RelnavForeignKey *fk)
{
	const char *own = NULL;
	int			i;

	if (fk->nkeys == 1)
		return fk->fk_cols[0].name;

	for (i = 0; i < fk->nkeys; i++)
	{
		const char *name = fk->fk_cols[i].name;
		char	   *stripped;

		if (strcmp(name, fk->pk_cols[i].name) == 0)
			continue;
		if (own != NULL)
			return fk->name;
		stripped = strip_word(name, "id");
		if (stripped == NULL)
			stripped = strip_word(name, "fk");
		own = stripped && *stripped ? stripped : name;
	}
	return own ? own : fk->name;
}

/*
 * What a key is about.  table is what to call the referenced table if the
 * column does not tell.
 */
static const char *
get_stem(const RelnavForeignKey *fk, const char *table)
{
	char	   *stem;

	if (fk->nkeys > 1)
		return table;
	stem = find_column_stem(fk->fk_cols[0].name, fk->pk_cols[0].name,
							fk->pk_rel->name);
	return stem ? stem : table;
}

/*
 * A column's name without what only says that it is a key, or NULL if then
 * nothing is left that tells more than the table's name.
 */
static char *
find_column_stem(const char *column, const char *referenced, const char *table)
{
	const char *last_word = strrchr(referenced, '_');
	int			length = strlen(column);
	char	   *stem;

	last_word = last_word ? last_word + 1 : referenced;

	if (*last_word && length > (int) strlen(last_word) &&
		ends_with(column, last_word) &&
		column[length - strlen(last_word) - 1] == '_')
		stem = pnstrdup(column, length - strlen(last_word) - 1);
	else if ((stem = strip_word(column, "id")) == NULL &&
			 (stem = strip_word(column, "fk")) == NULL)
	{
		if ((ends_with(column, "Id") || ends_with(column, "ID")) && length > 2 &&
			(islower((unsigned char) column[length - 3]) ||
			 isdigit((unsigned char) column[length - 3])))
			stem = pnstrdup(column, length - 2);
		else if (strlen(referenced) > 2 &&
				 ends_with(referenced, "id") && ends_with(column, "id"))
			stem = pnstrdup(column, length - 2);
		else
			stem = pstrdup(column);
	}

	if (*stem == '\0')
		return NULL;
	if (strcmp(column, referenced) == 0 && !contains_folded(table, stem))
		return NULL;
	return stem;
}

/*
 * A name without "_" and a word, in lower or upper case, at its end; NULL if
 * it does not end so.
 */
static char *
strip_word(const char *name, const char *word)
{
	int			length = strlen(name);
	int			word_length = strlen(word);

	if (length > word_length && name[length - word_length - 1] == '_' &&
		pg_strcasecmp(name + length - word_length, word) == 0)
		return pnstrdup(name, length - word_length - 1);
	return NULL;
}

static bool
ends_with(const char *name, const char *end)
{
	int			length = strlen(name);
	int			end_length = strlen(end);

	return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

/* Is part a part of name?  ASCII letters are equal in either case. */
static bool
contains_folded(const char *name, const char *part)
{
	int			part_length = strlen(part);

	for (; *name; name++)
	{
		if (pg_strncasecmp(name, part, part_length) == 0)
			return true;
	}
	return false;
}

/* A key itself, or that of a table which a view has it from. */
static const RelnavForeignKey *
get_original(const RelnavForeignKey *fk)
{
	return fk->original ? fk->original : fk;
}

/* How many keys of a table reference what this one does? */
static int
count_keys(const RelnavForeignKey *fk, const RelnavTable *table)
{
	Oid			relid = get_original(fk)->pk_rel->relid;
	int			count = 0;
	ListCell   *lc;

	foreach(lc, table->foreign_keys)
	{
		if (((RelnavForeignKey *) lfirst(lc))->pk_rel->relid == relid)
			count++;
	}
	return count;
}

/*
 * Make the full names unique: by the constraints' names first, then by
 * numbers.
 */
static void
make_full_names_unique(RelnavRelationship **rels, int n, const NameScope *scope,
					   List *taken)
{
	bool		collided = false;
	int			first,
				i;

	qsort(rels, n, sizeof(RelnavRelationship *), compare_full_names);
	for (first = 0; first < n; first = i)
	{
		const char *name = rels[first]->full_name;

		for (i = first + 1; i < n && strcmp(rels[i]->full_name, name) == 0; i++)
			;
		if (i - first > 1 || is_taken(taken, name, rels[first]))
		{
			int			j;

			collided = true;

			/* Of a table that is twice in a view the constraint is the same. */
			for (j = first + 1; j < i; j++)
			{
				if (rels[j]->near->oid != rels[first]->near->oid ||
					(rels[j]->far == NULL) != (rels[first]->far == NULL) ||
					(rels[j]->far && rels[j]->far->oid != rels[first]->far->oid))
					break;
			}
			if (i - first > 1 && j == i)
				continue;
			for (j = first; j < i; j++)
				rels[j]->full_name = make_full_name(rels[j], scope, true);
		}
	}
	if (!collided)
		return;

	/* One at a time, as a number may lead to yet another name in use. */
	qsort(rels, n, sizeof(RelnavRelationship *), compare_full_names);
	for (first = 0; first < n; first = i)
	{
		const char *name = rels[first]->full_name;
		int			number = 2;

		for (i = first + 1; i < n && strcmp(rels[i]->full_name, name) == 0; i++)
			;
		if (i - first > 1 || is_taken(taken, name, rels[first]))
		{
			int			j = first;

			CHECK_FOR_INTERRUPTS();

			if (!is_taken(taken, name, rels[first]))
				j++;
			for (; j < i; j++)
			{
				char	   *numbered;
				int			k;

				do
				{
					numbered = psprintf("%s_%d", name, number++);
					for (k = 0; k < n; k++)
					{
						if (strcmp(rels[k]->full_name, numbered) == 0)
							break;
					}
				} while (k < n || is_taken(taken, numbered, NULL));
				rels[j]->full_name = numbered;
			}
		}
	}
}

/*
 * Decide which relationships are listed by their short names.
 *
 * A self-reference read backwards never is: its short name would be the
 * source's own.  Nor is a short name that is another relationship's full
 * name, by which that one must stay reachable.
 */
static void
give_short_names(RelnavRelationship **rels, int n, List *taken)
{
	RelnavRelationship **by_full = palloc(sizeof(RelnavRelationship *) * n);
	int			first,
				i;

	for (i = 0; i < n; i++)
		by_full[i] = rels[i];
	qsort(by_full, n, sizeof(RelnavRelationship *), compare_full_names);

	qsort(rels, n, sizeof(RelnavRelationship *), compare_short_names);
	for (first = 0; first < n; first = i)
	{
		const char *name = rels[first]->short_name;
		RelnavRelationship *winner = NULL;
		bool		tie = false;

		for (i = first; i < n && strcmp(rels[i]->short_name, name) == 0; i++)
		{
			const RelnavForeignKey *near = get_original(rels[i]->near);

			rels[i]->name = rels[i]->new_name ? rels[i]->new_name
				: rels[i]->full_name;
			if (rels[i]->new_name ||
				(rels[i]->direction == RELNAV_BACKWARDS &&
				 near->pk_rel->relid == near->table->rel->relid))
				continue;
			if (winner == NULL ||
				get_name_class(rels[i]) < get_name_class(winner))
			{
				winner = rels[i];
				tie = false;
			}
			else if (get_name_class(rels[i]) == get_name_class(winner))
				tie = true;
		}
		if (winner && !tie && !has_full_name(by_full, n, name, winner) &&
			!is_taken(taken, name, NULL))
			winner->name = winner->short_name;
	}
	pfree(by_full);
}

static NameClass
get_name_class(const RelnavRelationship *r)
{
	switch (r->direction)
	{
		case RELNAV_FORWARDS:
			return CLASS_TO_PARENT;
		case RELNAV_BACKWARDS:
			return CLASS_TO_CHILDREN;
		case RELNAV_THROUGH:
			break;
	}
	return r->repeats ? CLASS_REPEATING_ASSOCIATION : CLASS_ASSOCIATION;
}

/* Is a name the full name of any other relationship? */
static bool
has_full_name(RelnavRelationship **by_full, int n, const char *name,
			  const RelnavRelationship *except)
{
	int			low = 0;
	int			high = n;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (strcmp(by_full[middle]->full_name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && strcmp(by_full[low]->full_name, name) == 0 &&
		by_full[low] != except;
}

/* By name; the rest only brings those together that are the same. */
static int
compare_tables(const void *a, const void *b)
{
	const RelnavRelation *ra = *(const RelnavRelation *const *) a;
	const RelnavRelation *rb = *(const RelnavRelation *const *) b;
	int			result = strcmp(ra->name, rb->name);

	if (result != 0 || ra->relid == rb->relid)
		return result;
	return ra->relid < rb->relid ? -1 : 1;
}

static int
compare_full_names(const void *a, const void *b)
{
	const RelnavRelationship *ra = *(const RelnavRelationship *const *) a;
	const RelnavRelationship *rb = *(const RelnavRelationship *const *) b;
	int			result = strcmp(ra->full_name, rb->full_name);

	return result != 0 ? result : compare_identities(ra, rb);
}

static int
compare_short_names(const void *a, const void *b)
{
	const RelnavRelationship *ra = *(const RelnavRelationship *const *) a;
	const RelnavRelationship *rb = *(const RelnavRelationship *const *) b;
	int			result = strcmp(ra->short_name, rb->short_name);

	return result != 0 ? result : compare_identities(ra, rb);
}

/* An order of relationships that does not depend on OIDs. */
static int
compare_identities(const RelnavRelationship *a, const RelnavRelationship *b)
{
	const RelnavRelation *ta = a->near->table->rel;
	const RelnavRelation *tb = b->near->table->rel;
	int			result;

	if ((result = strcmp(ta->schema, tb->schema)) != 0 ||
		(result = strcmp(ta->name, tb->name)) != 0 ||
		(result = strcmp(a->near->name, b->near->name)) != 0)
		return result;
	if (a->direction != b->direction)
		return a->direction < b->direction ? -1 : 1;
	if (a->far && b->far &&
		(result = strcmp(a->far->name, b->far->name)) != 0)
		return result;

	/* A table can be in a view twice, with the same key. */
	return a->source_cols[0].attnum - b->source_cols[0].attnum;
}

/* By the names that were given. */
static int
compare_given_names(const ListCell *a, const ListCell *b)
{
	const RelnavRelationship *ra = lfirst(a);
	const RelnavRelationship *rb = lfirst(b);
	int			result = strcmp(ra->new_name ? ra->new_name : ra->declared_name,
								rb->new_name ? rb->new_name : rb->declared_name);

	return result != 0 ? result : compare_identities(ra, rb);
}

static int
compare_listed_names(const ListCell *a, const ListCell *b)
{
	return strcmp(((const RelnavRelationship *) lfirst(a))->name,
				  ((const RelnavRelationship *) lfirst(b))->name);
}
