/*-------------------------------------------------------------------------
 *
 * infer.c
 *	  How relationships follow from keys.
 *
 * A foreign key can be read forwards, to the one row it references, and
 * backwards, to the rows that reference.  Two foreign keys of one table can
 * be read through it, if the table is there to associate: that makes a
 * many-to-many.
 *
 * What kind a relationship is depends on proofs of uniqueness.  The
 * referenced side of a foreign key is unique by the server's own rule.  The
 * referencing side is unique if some unique index has no other columns than
 * the key, and compares them as the key does.  A key that was declared, or
 * that a view has, needs such an index on both sides; for the referenced one
 * the declaration may stand in, but only where a kind is asked for.
 *
 * A view has the relationships of the tables that its columns stand for.  They
 * are made from those of the table, by putting the view in its place; so do
 * those that lead to a view.
 *
 * This file is pure: it reads no catalog, and what it returns depends on its
 * arguments alone.  Results are in the current memory context and point into
 * the facts they were made from.  The rules are in doc/reference.md.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "infer.h"
#include "miscadmin.h"

static void set_kind(RelnavRelationship *r);
static RelnavColumn *find_view_columns(const RelnavTable *view, int occurrence,
									   const RelnavColumn *columns, int n);
static RelnavForeignKey *copy_for_view(RelnavForeignKey *fk);
static bool is_association(const RelnavForeignKey *near,
						   const RelnavForeignKey *far);
static bool is_unique_key(const RelnavForeignKey *fk);
static bool is_unique_reference(const RelnavForeignKey *fk);
static bool is_unique_pair(const RelnavForeignKey *near,
						   const RelnavForeignKey *far);
static bool index_is_within(const RelnavTable *table, const RelnavIndex *index,
							const RelnavForeignKey *a,
							const RelnavForeignKey *b);
static bool index_contains_pair(const RelnavIndex *index,
								const RelnavForeignKey *near,
								const RelnavForeignKey *far);
static bool predicate_holds(const RelnavTable *table, const RelnavIndex *index,
							const RelnavForeignKey *a,
							const RelnavForeignKey *b);
static bool has_column(const RelnavForeignKey *fk, AttrNumber attnum);
static bool contains_key(const RelnavForeignKey *outer,
						 const RelnavForeignKey *inner);
static bool compares_alike(const RelnavForeignKey *fk,
						   const RelnavIndexColumn *column);
static bool has_lookup_index(const RelnavForeignKey *fk);
static bool is_lookup_index(const RelnavIndex *index,
							const RelnavForeignKey *fk, bool referenced);
static bool has_reference_index(const RelnavForeignKey *fk);
static bool keeps_indexes(const RelnavRelation *rel);

/*
 * The relationships of a table, without names.
 *
 * incoming are the foreign keys that reference the table.  Returns a List of
 * RelnavRelationship.
 */
List *
relnav_infer_relationships(const RelnavTable *source, List *incoming)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, source->foreign_keys)
		result = lappend(result, relnav_make_forwards(lfirst(lc)));

	foreach(lc, incoming)
	{
		RelnavForeignKey *near = lfirst(lc);
		ListCell   *lf;

		CHECK_FOR_INTERRUPTS();

		result = lappend(result, relnav_make_backwards(near));
		if (near->temporal || is_unique_key(near))
			continue;			/* no table between others */
		foreach(lf, near->table->foreign_keys)
		{
			RelnavForeignKey *far = lfirst(lf);

			if (is_association(near, far))
				result = lappend(result, relnav_make_association(near, far));
		}
	}
	return result;
}

/*
 * The many-to-many through the table of two of its keys, whether or not we
 * would infer one.
 */
RelnavRelationship *
relnav_make_association(RelnavForeignKey *near, RelnavForeignKey *far)
{
	RelnavRelationship *result = palloc0(sizeof(RelnavRelationship));

	result->direction = RELNAV_THROUGH;
	result->source = near->pk_rel;
	result->target = far->pk_rel;
	result->near = near;
	result->source_cols = near->pk_cols;
	result->near_cols = near->fk_cols;
	result->far = far;
	result->far_cols = far->fk_cols;
	result->target_cols = far->pk_cols;
	set_kind(result);
	return result;
}

/*
 * A relationship read the other way round.
 */
RelnavRelationship *
relnav_invert(const RelnavRelationship *r)
{
	RelnavRelationship *result;

	if (r->far)
		result = relnav_make_association(r->far, r->near);
	else if (r->direction == RELNAV_FORWARDS)
		result = relnav_make_backwards(r->near);
	else
		result = relnav_make_forwards(r->near);
	result->declaration = r->declaration;
	result->inverted = !r->inverted;
	return result;
}

/*
 * A table's relationship as that of a view, one of whose occurrences is the
 * table; NULL if the view has not all the columns that it takes.
 */
RelnavRelationship *
relnav_make_view_source(const RelnavRelationship *r, RelnavTable *view,
						int occurrence)
{
	RelnavColumn *columns = find_view_columns(view, occurrence, r->source_cols,
											  r->near->nkeys);
	RelnavRelationship *result;

	if (columns == NULL)
		return NULL;

	result = palloc(sizeof(RelnavRelationship));
	*result = *r;
	result->declaration = NULL;
	result->new_name = NULL;
	result->source = view->rel;
	result->source_cols = columns;
	result->near = copy_for_view(r->near);
	if (r->direction == RELNAV_FORWARDS)
	{
		result->near->table = view;
		result->near->fk_cols = columns;
	}
	else
	{
		result->near->pk_rel = view->rel;
		result->near->pk_table = view;
		result->near->pk_cols = columns;
		result->near->pk_claimed &= view->trace->occurrences[occurrence].unique;
	}
	set_kind(result);
	return result;
}

/*
 * A relationship to a table as one to a view, one of whose occurrences is the
 * table; NULL if the view has not all the columns that it takes.
 */
RelnavRelationship *
relnav_make_view_target(const RelnavRelationship *r, RelnavTable *view,
						int occurrence)
{
	RelnavColumn *columns = r->far
		? find_view_columns(view, occurrence, r->target_cols, r->far->nkeys)
		: find_view_columns(view, occurrence, r->near_cols, r->near->nkeys);
	RelnavForeignKey *key;
	RelnavRelationship *result;

	if (columns == NULL)
		return NULL;

	result = palloc(sizeof(RelnavRelationship));
	*result = *r;
	result->declaration = NULL;
	result->target = view->rel;
	key = copy_for_view(r->far ? r->far : r->near);
	if (r->far)
	{
		result->far = key;
		result->target_cols = columns;

		/* Origins are asked of near. */
		result->near = copy_for_view(r->near);
	}
	else
	{
		result->near = key;
		result->near_cols = columns;
	}
	if (r->direction == RELNAV_BACKWARDS)
	{
		key->table = view;
		key->fk_cols = columns;
	}
	else
	{
		key->pk_rel = view->rel;
		key->pk_table = view;
		key->pk_cols = columns;
		key->pk_claimed &= view->trace->occurrences[occurrence].unique;
	}
	set_kind(result);
	return result;
}

/*
 * The columns of a view that stand for some of a table's; NULL if one is
 * missing.  They are found by name, as those of a partition are.
 */
static RelnavColumn *
find_view_columns(const RelnavTable *view, int occurrence,
				  const RelnavColumn *columns, int n)
{
	RelnavColumn *result = palloc(sizeof(RelnavColumn) * n);
	int			i;

	for (i = 0; i < n; i++)
	{
		int			k;

		for (k = 0; k < view->ncolumns; k++)
		{
			const RelnavTracedColumn *traced = &view->trace->columns[k];

			if (traced->occurrence == occurrence &&
				strcmp(traced->name, columns[i].name) == 0 &&
				view->columns[k].type == columns[i].type)
				break;
		}
		if (k == view->ncolumns)
			return NULL;
		result[i] = view->columns[k];
	}
	return result;
}

/* A table's key, to become that of a view. */
static RelnavForeignKey *
copy_for_view(RelnavForeignKey *fk)
{
	RelnavForeignKey *result = palloc(sizeof(RelnavForeignKey));

	*result = *fk;
	result->origin = RELNAV_VIEW;
	result->original = fk->original ? fk->original : fk;
	return result;
}

/*
 * Are two relationships the same keys, read the other way round?
 *
 * Those of a view have no inverse: at the table that they lead to there is
 * none to the view.
 */
bool
relnav_is_inverse(const RelnavRelationship *a, const RelnavRelationship *b)
{
	if (relnav_get_origin(a) != relnav_get_origin(b) ||
		relnav_get_origin(a) == RELNAV_VIEW)
		return false;
	if (relnav_get_origin(a) == RELNAV_DECLARED)
		return a->inverted != b->inverted &&
			a->declaration->source == b->declaration->source &&
			strcmp(a->declaration->name, b->declaration->name) == 0;
	if ((a->far == NULL) != (b->far == NULL))
		return false;
	if (a->far)
		return a->near->oid == b->far->oid && a->far->oid == b->near->oid;
	return a->near->oid == b->near->oid && a->direction != b->direction;
}

/*
 * What a kind is called in SQL.
 */
const char *
relnav_get_kind_name(RelnavKind kind)
{
	switch (kind)
	{
		case RELNAV_MANY_TO_ONE:
			return "many-to-one";
		case RELNAV_ONE_TO_MANY:
			return "one-to-many";
		case RELNAV_ONE_TO_ONE:
			return "one-to-one";
		case RELNAV_MANY_TO_MANY:
			return "many-to-many";
	}
	pg_unreachable();
}

/*
 * A key read towards the table that it references.
 */
RelnavRelationship *
relnav_make_forwards(RelnavForeignKey *fk)
{
	RelnavRelationship *result = palloc0(sizeof(RelnavRelationship));

	result->direction = RELNAV_FORWARDS;
	result->source = fk->table->rel;
	result->target = fk->pk_rel;
	result->near = fk;
	result->source_cols = fk->fk_cols;
	result->near_cols = fk->pk_cols;
	set_kind(result);
	return result;
}

/*
 * A key read towards the table that has it.
 */
RelnavRelationship *
relnav_make_backwards(RelnavForeignKey *fk)
{
	RelnavRelationship *result = palloc0(sizeof(RelnavRelationship));

	result->direction = RELNAV_BACKWARDS;
	result->source = fk->pk_rel;
	result->target = fk->table->rel;
	result->near = fk;
	result->source_cols = fk->pk_cols;
	result->near_cols = fk->fk_cols;
	set_kind(result);
	return result;
}

/* Set what follows from a relationship's keys. */
static void
set_kind(RelnavRelationship *r)
{
	const RelnavForeignKey *near = r->near;
	const RelnavForeignKey *far = r->far;
	bool		from_one;
	bool		to_one;
	int			i;

	r->validated = near->validated && near->enforced &&
		(far == NULL || (far->validated && far->enforced));
	r->required = false;
	r->repeats = false;
	r->index_unknown = false;

	switch (r->direction)
	{
		case RELNAV_FORWARDS:
			r->source_is_unique = is_unique_key(near);
			r->target_is_unique = is_unique_reference(near);
			from_one = r->source_is_unique;
			to_one = r->target_is_unique || near->pk_claimed;

			/* A view need not have all rows of its table. */
			r->required = r->validated && !near->temporal &&
				near->pk_table == NULL;
			for (i = 0; i < near->nkeys; i++)
				r->required &= near->fk_cols[i].not_null;

			r->indexed = has_reference_index(near);
			r->index_unknown = !keeps_indexes(near->pk_rel);
			break;

		case RELNAV_BACKWARDS:
			r->source_is_unique = is_unique_reference(near);
			r->target_is_unique = is_unique_key(near);
			from_one = r->source_is_unique || near->pk_claimed;
			to_one = r->target_is_unique;
			r->indexed = has_lookup_index(near);
			r->index_unknown = !keeps_indexes(near->table->rel);
			break;

		case RELNAV_THROUGH:
		default:
			r->source_is_unique = r->target_is_unique = false;
			from_one = to_one = false;
			r->repeats = !is_unique_pair(near, far);
			r->indexed = has_lookup_index(near) && has_reference_index(far);
			r->index_unknown = !keeps_indexes(near->table->rel) ||
				!keeps_indexes(far->pk_rel);
			break;
	}

	/* One period can lie over several of the referenced rows. */
	if (near->temporal)
	{
		r->source_is_unique = r->target_is_unique = false;
		from_one = to_one = false;
		r->repeats = true;
	}

	if (to_one)
		r->kind = from_one ? RELNAV_ONE_TO_ONE : RELNAV_MANY_TO_ONE;
	else
		r->kind = from_one ? RELNAV_ONE_TO_MANY : RELNAV_MANY_TO_MANY;
	if (r->index_unknown)
		r->indexed = false;
}

/*
 * Do two keys make their table an association table?  The caller knows that
 * near is neither temporal nor unique.
 *
 * Not if one of them says all that the other does, nor if there is at most
 * one row for a referenced one: then the table is a child, or a part.  Else
 * either a unique key shows that the pair is what a row is about, or there is
 * nothing else in the table.
 */
static bool
is_association(const RelnavForeignKey *near, const RelnavForeignKey *far)
{
	const RelnavTable *table = near->table;
	ListCell   *lc;
	int			i;

	if (near == far || far->temporal)
		return false;
	if (contains_key(near, far) || contains_key(far, near))
		return false;
	if (is_unique_key(far))
		return false;

	foreach(lc, table->indexes)
	{
		const RelnavIndex *index = lfirst(lc);

		if (!index->unique)
			continue;
		if (index_is_within(table, index, near, far) ||
			index_contains_pair(index, near, far))
			return true;
	}

	if (list_length(table->foreign_keys) != 2)
		return false;
	for (i = 0; i < table->ncolumns; i++)
	{
		if (!has_column(near, table->columns[i].attnum) &&
			!has_column(far, table->columns[i].attnum))
			return false;
	}
	return true;
}

/* Is there at most one referencing row for each referenced one? */
static bool
is_unique_key(const RelnavForeignKey *fk)
{
	ListCell   *lc;

	foreach(lc, fk->table->indexes)
	{
		const RelnavIndex *index = lfirst(lc);

		if (index->unique && index_is_within(fk->table, index, fk, fk))
			return true;
	}
	return false;
}

/*
 * Is there at most one referenced row for each referencing one?
 */
static bool
is_unique_reference(const RelnavForeignKey *fk)
{
	ListCell   *lc;

	if (fk->pk_table == NULL)
		return !fk->temporal;

	foreach(lc, fk->pk_table->indexes)
	{
		const RelnavIndex *index = lfirst(lc);
		Bitmapset  *missing = bms_copy(index->not_null_columns);
		int			i;

		if (!index->unique)
			continue;
		for (i = 0; i < index->nkeys; i++)
		{
			const RelnavIndexColumn *column = &index->columns[i];
			int			k;

			for (k = 0; k < fk->nkeys; k++)
			{
				if (fk->pk_cols[k].attnum == column->attnum &&
					list_member_oid(fk->pp_families[k], column->opfamily) &&
					(fk->pk_cols[k].collation == column->collation ||
					 (fk->pk_cols[k].deterministic && column->deterministic)))
					break;
			}
			if (k == fk->nkeys)
				break;
		}
		if (i < index->nkeys)
			continue;

		/* What is compared is not null. */
		for (i = 0; i < fk->nkeys; i++)
			missing = bms_del_member(missing, fk->pk_cols[i].attnum);
		for (i = 0; i < fk->pk_table->ncolumns; i++)
		{
			if (fk->pk_table->columns[i].not_null)
				missing = bms_del_member(missing,
										 fk->pk_table->columns[i].attnum);
		}
		if (bms_is_empty(missing))
			return true;
	}
	return false;
}

/* Is there at most one row for each pair of referenced ones? */
static bool
is_unique_pair(const RelnavForeignKey *near, const RelnavForeignKey *far)
{
	ListCell   *lc;

	foreach(lc, near->table->indexes)
	{
		const RelnavIndex *index = lfirst(lc);

		if (index->unique && index_is_within(near->table, index, near, far))
			return true;
	}
	return false;
}

/*
 * Are all columns of a unique index columns of one or the other key, and
 * equal for the index whenever they are for the key?
 *
 * Columns that are null do no harm: they match nothing that is referenced.
 */
static bool
index_is_within(const RelnavTable *table, const RelnavIndex *index,
				const RelnavForeignKey *a, const RelnavForeignKey *b)
{
	int			i;

	for (i = 0; i < index->nkeys; i++)
	{
		if (!compares_alike(a, &index->columns[i]) &&
			!compares_alike(b, &index->columns[i]))
			return false;
	}
	return predicate_holds(table, index, a, b);
}

/*
 * Does a unique index contain all columns of two keys?  Those that both have,
 * such as the number of a tenant, may be missing.  What else is in the index
 * tells rows for the same pair apart.
 */
static bool
index_contains_pair(const RelnavIndex *index, const RelnavForeignKey *near,
					const RelnavForeignKey *far)
{
	const RelnavForeignKey *keys[2] = {near, far};
	int			k;

	for (k = 0; k < 2; k++)
	{
		const RelnavForeignKey *this = keys[k];
		const RelnavForeignKey *other = keys[1 - k];
		int			i;

		for (i = 0; i < this->nkeys; i++)
		{
			AttrNumber	attnum = this->fk_cols[i].attnum;
			int			j;

			if (has_column(other, attnum))
				continue;
			for (j = 0; j < index->nkeys; j++)
			{
				if (index->columns[j].attnum == attnum &&
					compares_alike(this, &index->columns[j]))
					break;
			}
			if (j == index->nkeys)
				return false;
		}
	}
	return predicate_holds(near->table, index, near, far);
}

/*
 * Is a row whose key columns are not null in the index, whatever its
 * predicate?
 */
static bool
predicate_holds(const RelnavTable *table, const RelnavIndex *index,
				const RelnavForeignKey *a, const RelnavForeignKey *b)
{
	int			attnum = -1;

	while ((attnum = bms_next_member(index->not_null_columns, attnum)) >= 0)
	{
		int			i;

		if (has_column(a, attnum) || has_column(b, attnum))
			continue;
		for (i = 0; i < table->ncolumns; i++)
		{
			if (table->columns[i].attnum == attnum && table->columns[i].not_null)
				break;
		}
		if (i == table->ncolumns)
			return false;
	}
	return true;
}

/* Is a column one of the key's referencing ones? */
static bool
has_column(const RelnavForeignKey *fk, AttrNumber attnum)
{
	int			i;

	for (i = 0; i < fk->nkeys; i++)
	{
		if (fk->fk_cols[i].attnum == attnum)
			return true;
	}
	return false;
}

/* Are all columns of the inner key also columns of the outer one? */
static bool
contains_key(const RelnavForeignKey *outer, const RelnavForeignKey *inner)
{
	int			i;

	for (i = 0; i < inner->nkeys; i++)
	{
		if (!has_column(outer, inner->fk_cols[i].attnum))
			return false;
	}
	return true;
}

/*
 * Is the index column one of the key's, and are values that the key takes for
 * equal also equal to the index?
 *
 * The key compares by the collation of the referenced column.  Deterministic
 * collations all agree about what is equal.
 */
static bool
compares_alike(const RelnavForeignKey *fk, const RelnavIndexColumn *column)
{
	int			i;

	for (i = 0; i < fk->nkeys; i++)
	{
		if (fk->fk_cols[i].attnum == column->attnum &&
			list_member_oid(fk->ff_families[i], column->opfamily) &&
			(fk->pk_cols[i].collation == column->collation ||
			 (fk->pk_cols[i].deterministic && column->deterministic)))
			return true;
	}
	return false;
}

/* Can the referencing rows be looked up by an index? */
static bool
has_lookup_index(const RelnavForeignKey *fk)
{
	ListCell   *lc;

	foreach(lc, fk->table->indexes)
	{
		if (is_lookup_index(lfirst(lc), fk, false))
			return true;
	}
	return false;
}

/* Can the referenced rows be?  There is an index on what a foreign key is to. */
static bool
has_reference_index(const RelnavForeignKey *fk)
{
	ListCell   *lc;

	if (fk->pk_table == NULL)
		return true;
	foreach(lc, fk->pk_table->indexes)
	{
		if (is_lookup_index(lfirst(lc), fk, true))
			return true;
	}
	return false;
}

/* Do we know which indexes serve a relation? */
static bool
keeps_indexes(const RelnavRelation *rel)
{
	return rel->relkind != RELKIND_VIEW && rel->relkind != RELKIND_FOREIGN_TABLE;
}

/*
 * Are the leading columns of an index the key's, on its referencing or its
 * referenced side, in any order, so that the planner can use it for the key's
 * comparison?
 *
 * The comparison makes the key's columns not null, which is all that a
 * partial index may ask for.  It is made with the collation of the column that
 * is looked up, or the referenced one's if one of them is not deterministic.
 */
static bool
is_lookup_index(const RelnavIndex *index, const RelnavForeignKey *fk,
				bool referenced)
{
	const RelnavColumn *columns = referenced ? fk->pk_cols : fk->fk_cols;
	int			attnum = -1;
	int			ncolumns = 0;
	int			i;

	if (!index->lookup)
		return false;
	for (i = 0; i < index->nkeys; i++)
	{
		const RelnavIndexColumn *column = &index->columns[i];
		int			k;

		for (k = 0; k < fk->nkeys; k++)
		{
			Oid			collation;

			collation = fk->fk_cols[k].deterministic && fk->pk_cols[k].deterministic
				? columns[k].collation : fk->pk_cols[k].collation;
			if (columns[k].attnum == column->attnum &&
				column->collation == collation &&
				list_member_oid(fk->pf_families[k], column->opfamily))
				break;
		}
		if (k == fk->nkeys)
			break;
		ncolumns++;
	}

	/* Each column of the key must be there; it may be in it twice. */
	for (i = 0; i < fk->nkeys; i++)
	{
		int			j;

		for (j = 0; j < ncolumns; j++)
		{
			if (index->columns[j].attnum == columns[i].attnum)
				break;
		}
		if (j == ncolumns)
			return false;
	}

	while ((attnum = bms_next_member(index->not_null_columns, attnum)) >= 0)
	{
		for (i = 0; i < fk->nkeys; i++)
		{
			if (columns[i].attnum == attnum)
				break;
		}
		if (i == fk->nkeys)
			return false;
	}
	return true;
}
