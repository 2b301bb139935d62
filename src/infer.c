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
 * the key, and compares them as the key does.
 *
 * This file is pure: it reads no catalog, and what it returns depends on its
 * arguments alone.  Results are in the current memory context and point into
 * the facts they were made from.  DESIGN.md section 2 has the rules.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "infer.h"
#include "miscadmin.h"

static RelnavRelationship *make_forwards(RelnavForeignKey *fk);
static RelnavRelationship *make_backwards(RelnavForeignKey *fk);
static bool is_association(const RelnavForeignKey *near,
						   const RelnavForeignKey *far);
static bool is_unique_key(const RelnavForeignKey *fk);
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
							const RelnavForeignKey *fk);

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
		result = lappend(result, make_forwards(lfirst(lc)));

	foreach(lc, incoming)
	{
		RelnavForeignKey *near = lfirst(lc);
		ListCell   *lf;

		CHECK_FOR_INTERRUPTS();

		result = lappend(result, make_backwards(near));
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
	result->kind = RELNAV_MANY_TO_MANY;
	result->source = near->pk_rel;
	result->target = far->pk_rel;
	result->near = near;
	result->source_cols = near->pk_cols;
	result->near_cols = near->fk_cols;
	result->far = far;
	result->far_cols = far->fk_cols;
	result->target_cols = far->pk_cols;
	result->repeats = !is_unique_pair(near, far);
	result->validated = near->validated && near->enforced &&
		far->validated && far->enforced;
	result->indexed = has_lookup_index(near);
	return result;
}

/*
 * Are two relationships the same keys, read the other way round?
 */
bool
relnav_is_inverse(const RelnavRelationship *a, const RelnavRelationship *b)
{
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

/* A foreign key read towards the table it references. */
static RelnavRelationship *
make_forwards(RelnavForeignKey *fk)
{
	RelnavRelationship *result = palloc0(sizeof(RelnavRelationship));
	int			i;

	result->direction = RELNAV_FORWARDS;
	result->source = fk->table->rel;
	result->target = fk->pk_rel;
	result->near = fk;
	result->source_cols = fk->fk_cols;
	result->near_cols = fk->pk_cols;
	if (fk->temporal)
	{
		/* One period can lie over several of the referenced rows. */
		result->kind = RELNAV_MANY_TO_MANY;
		result->repeats = true;
	}
	else
		result->kind = is_unique_key(fk) ? RELNAV_ONE_TO_ONE : RELNAV_MANY_TO_ONE;
	result->validated = fk->validated && fk->enforced;
	result->required = result->validated && !fk->temporal;
	for (i = 0; i < fk->nkeys; i++)
		result->required &= fk->fk_cols[i].not_null;

	/* There is an index on what a foreign key references. */
	result->indexed = true;
	return result;
}

/* A foreign key read towards the table that has it. */
static RelnavRelationship *
make_backwards(RelnavForeignKey *fk)
{
	RelnavRelationship *result = palloc0(sizeof(RelnavRelationship));

	result->direction = RELNAV_BACKWARDS;
	result->source = fk->pk_rel;
	result->target = fk->table->rel;
	result->near = fk;
	result->source_cols = fk->pk_cols;
	result->near_cols = fk->fk_cols;
	if (fk->temporal)
	{
		result->kind = RELNAV_MANY_TO_MANY;
		result->repeats = true;
	}
	else
		result->kind = is_unique_key(fk) ? RELNAV_ONE_TO_ONE : RELNAV_ONE_TO_MANY;
	result->validated = fk->validated && fk->enforced;
	result->indexed = has_lookup_index(fk);
	return result;
}

/*
 * Do two keys make their table an association table?
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

	if (near == far || near->temporal || far->temporal)
		return false;
	if (contains_key(near, far) || contains_key(far, near))
		return false;
	if (is_unique_key(near) || is_unique_key(far))
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
		if (is_lookup_index(lfirst(lc), fk))
			return true;
	}
	return false;
}

/*
 * Are the leading columns of an index the key's, in any order, so that the
 * planner can use it for the key's comparison?
 *
 * The comparison makes the key's columns not null, which is all that a
 * partial index may ask for.  It is made with the collation of the referencing
 * column, or the referenced one's if one of them is not deterministic.
 */
static bool
is_lookup_index(const RelnavIndex *index, const RelnavForeignKey *fk)
{
	int			attnum = -1;
	int			ncolumns = 0;
	int			i;

	for (i = 0; i < index->nkeys; i++)
	{
		const RelnavIndexColumn *column = &index->columns[i];
		int			k;

		for (k = 0; k < fk->nkeys; k++)
		{
			const RelnavColumn *fk_col = &fk->fk_cols[k];
			const RelnavColumn *pk_col = &fk->pk_cols[k];
			Oid			collation;

			collation = fk_col->deterministic && pk_col->deterministic
				? fk_col->collation : pk_col->collation;
			if (fk_col->attnum == column->attnum &&
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
			if (index->columns[j].attnum == fk->fk_cols[i].attnum)
				break;
		}
		if (j == ncolumns)
			return false;
	}

	while ((attnum = bms_next_member(index->not_null_columns, attnum)) >= 0)
	{
		if (!has_column(fk, attnum))
			return false;
	}
	return true;
}
