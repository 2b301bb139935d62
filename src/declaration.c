/*-------------------------------------------------------------------------
 *
 * declaration.c
 *	  Relationships that somebody has declared.
 *
 * A declaration says which columns of two relations belong together, directly
 * or through a third.  It is kept by names: of columns, not their numbers, so
 * that it can be dumped and restored; a column that is renamed breaks it.
 * What has become invalid is no relationship, and no error either.
 *
 * A declaration is made into the same keys as a foreign key is, and so into
 * the same relationships.  What kind it is nobody declares, but for one word:
 * the unique indexes of both sides prove it.  The side that is unique is taken
 * for the referenced one, first the target, then the source.
 *
 * Here is also what a declaration must meet to be made at all.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "declaration.h"
#include "infer.h"
#include "utils/builtins.h"
#include "views.h"

static RelnavForeignKey *make_key(RelnavReader *reader,
								  const RelnavDeclaration *declaration,
								  Oid fk_relid, List *fk_columns,
								  Oid pk_relid, List *pk_columns,
								  const RelnavProblem **problem);
static RelnavColumn *find_columns(const RelnavTable *table, List *names,
								  const RelnavProblem **problem);
static const RelnavProblem *make_problem(int sqlerrcode, const char *message,
										 const char *detail);

/*
 * The relationship that was declared, seen from its source; NULL if the
 * declaration is not valid any more.
 *
 * The result is in the current memory context, which must be the reader's.
 */
RelnavRelationship *
relnav_make_declared(RelnavReader *reader, const RelnavDeclaration *declaration)
{
	const RelnavProblem *problem = NULL;
	RelnavRelationship *result;
	RelnavForeignKey *near;

	if (OidIsValid(declaration->association))
	{
		RelnavForeignKey *far;

		near = make_key(reader, declaration,
						declaration->association,
						declaration->association_source_columns,
						declaration->source, declaration->source_columns,
						&problem);
		far = make_key(reader, declaration,
					   declaration->association,
					   declaration->association_target_columns,
					   declaration->target, declaration->target_columns,
					   &problem);
		if (problem)
			return NULL;
		result = relnav_make_association(near, far);
	}
	else
	{
		near = make_key(reader, declaration,
						declaration->source, declaration->source_columns,
						declaration->target, declaration->target_columns,
						&problem);
		if (problem)
			return NULL;
		near->pk_claimed = declaration->to_one;
		result = relnav_make_forwards(near);
		if (relnav_is_to_many(result))
		{
			RelnavForeignKey *reversed;

			reversed = make_key(reader, declaration,
								declaration->target, declaration->target_columns,
								declaration->source, declaration->source_columns,
								&problem);
			if (problem == NULL)
			{
				RelnavRelationship *backwards = relnav_make_backwards(reversed);

				if (backwards->source_is_unique)
					result = backwards;
			}
		}
	}
	result->declaration = declaration;
	result->declared_name = declaration->name;
	return result;
}

/*
 * Why a declaration that is no renaming says nothing, or NULL if it does.
 *
 * The result is in the current memory context, which must be the reader's.
 */
const RelnavProblem *
relnav_find_problem(RelnavReader *reader, const RelnavDeclaration *declaration)
{
	const RelnavProblem *problem = NULL;

	if (OidIsValid(declaration->association))
	{
		(void) make_key(reader, declaration,
						declaration->association,
						declaration->association_source_columns,
						declaration->source, declaration->source_columns,
						&problem);
		if (problem == NULL)
			(void) make_key(reader, declaration,
							declaration->association,
							declaration->association_target_columns,
							declaration->target, declaration->target_columns,
							&problem);
	}
	else
		(void) make_key(reader, declaration,
						declaration->source, declaration->source_columns,
						declaration->target, declaration->target_columns,
						&problem);
	return problem;
}

/*
 * The same for a renaming: are its constraints there?
 */
const RelnavProblem *
relnav_find_renaming_problem(RelnavReader *reader,
							 const RelnavDeclaration *declaration)
{
	const RelnavTable *table = relnav_find_table(reader,
												 declaration->constraint_table);
	ListCell   *lc;

	if (relnav_find_relation(reader, declaration->source) == NULL)
		return make_problem(ERRCODE_UNDEFINED_TABLE,
							psprintf("relation with OID %u does not exist",
									 declaration->source), NULL);
	if (table == NULL)
		return make_problem(ERRCODE_UNDEFINED_TABLE,
							psprintf("relation with OID %u does not exist",
									 declaration->constraint_table), NULL);
	foreach(lc, declaration->constraints)
	{
		const char *name = lfirst(lc);
		bool		found = false;
		ListCell   *lk;

		foreach(lk, table->foreign_keys)
			found |= relnav_has_constraint_name(lfirst(lk), name);
		if (!found)
			return make_problem(ERRCODE_UNDEFINED_OBJECT,
								psprintf("table \"%s\" has no foreign key \"%s\"",
										 table->rel->name, name), NULL);
	}
	return NULL;
}

/*
 * Is a renaming about this relationship, which is one of its source?
 */
bool
relnav_is_renamed(const RelnavDeclaration *declaration,
				  const RelnavRelationship *r)
{
	if (relnav_get_origin(r) != RELNAV_FOREIGN_KEY ||
		r->near->table->rel->relid != declaration->constraint_table ||
		list_length(declaration->constraints) != (r->far ? 2 : 1) ||
		!relnav_has_constraint_name(r->near, linitial(declaration->constraints)))
		return false;
	if (r->far)
		return relnav_has_constraint_name(r->far,
										  lsecond(declaration->constraints));
	return (r->direction == RELNAV_BACKWARDS) == declaration->backwards;
}

/*
 * Make the key of some columns of one relation and some of another.  If there
 * is something wrong, says so in *problem, unless that says something already.
 */
static RelnavForeignKey *
make_key(RelnavReader *reader, const RelnavDeclaration *declaration,
		 Oid fk_relid, List *fk_columns, Oid pk_relid, List *pk_columns,
		 const RelnavProblem **problem)
{
	RelnavTable *fk_table = relnav_find_traced_table(reader, fk_relid);
	RelnavTable *pk_table = relnav_find_traced_table(reader, pk_relid);
	RelnavColumn *fk_cols;
	RelnavColumn *pk_cols;
	RelnavForeignKey *fk;
	int			unmatched;

	if (*problem)
		return NULL;
	if (fk_table == NULL || pk_table == NULL)
	{
		*problem = make_problem(ERRCODE_UNDEFINED_TABLE,
								psprintf("relation with OID %u does not exist",
										 fk_table ? pk_relid : fk_relid), NULL);
		return NULL;
	}
	if (fk_columns == NIL || list_length(fk_columns) != list_length(pk_columns))
	{
		*problem = make_problem(ERRCODE_INVALID_PARAMETER_VALUE,
								psprintf("%d columns of relation \"%s\" cannot be compared with %d of relation \"%s\"",
										 list_length(fk_columns),
										 fk_table->rel->name,
										 list_length(pk_columns),
										 pk_table->rel->name),
								"The columns on both sides are compared in pairs.");
		return NULL;
	}
	if (list_length(fk_columns) > INDEX_MAX_KEYS)
	{
		*problem = make_problem(ERRCODE_TOO_MANY_COLUMNS,
								psprintf("cannot compare more than %d columns",
										 INDEX_MAX_KEYS), NULL);
		return NULL;
	}
	fk_cols = find_columns(fk_table, fk_columns, problem);
	pk_cols = *problem ? NULL : find_columns(pk_table, pk_columns, problem);
	if (*problem)
		return NULL;

	fk = relnav_make_key(reader, fk_table, fk_cols, pk_table, pk_cols,
						 list_length(fk_columns), &unmatched);
	if (fk == NULL)
	{
		*problem = make_problem(ERRCODE_UNDEFINED_FUNCTION,
								psprintf("column \"%s\" of relation \"%s\" cannot be compared with column \"%s\" of relation \"%s\"",
										 fk_cols[unmatched].name,
										 fk_table->rel->name,
										 pk_cols[unmatched].name,
										 pk_table->rel->name),
								psprintf("No btree or hash operator class has an equality of %s and %s.",
										 format_type_be(fk_cols[unmatched].type),
										 format_type_be(pk_cols[unmatched].type)));
		return NULL;
	}
	fk->name = declaration->name;
	return fk;
}

/* Find columns by name, each once. */
static RelnavColumn *
find_columns(const RelnavTable *table, List *names,
			 const RelnavProblem **problem)
{
	RelnavColumn *result = palloc(sizeof(RelnavColumn) * list_length(names));
	ListCell   *lc;
	int			i = 0;

	foreach(lc, names)
	{
		const char *name = lfirst(lc);
		const RelnavColumn *column = relnav_find_column(table, name);

		if (column == NULL)
		{
			*problem = make_problem(ERRCODE_UNDEFINED_COLUMN,
									psprintf("column \"%s\" of relation \"%s\" does not exist",
											 name, table->rel->name), NULL);
			return NULL;
		}
		result[i++] = *column;
	}
	return result;
}

static const RelnavProblem *
make_problem(int sqlerrcode, const char *message, const char *detail)
{
	RelnavProblem *result = palloc(sizeof(RelnavProblem));

	result->sqlerrcode = sqlerrcode;
	result->message = message;
	result->detail = detail;
	return result;
}
