/*-------------------------------------------------------------------------
 *
 * declare.c
 *	  The SQL functions that declare relationships and give them names.
 *
 * What is declared is kept in the table relnav.declared, which everybody may
 * write.  Its trigger is where the rules are, so it makes no difference
 * whether a row comes from relnav.declare() or from the dump of a database:
 * only the owner of a table may say what it is related to, and what is said
 * must mean something.  The trigger also announces the change, as a change of
 * the relations concerned, so that it counts in the next statement of every
 * session.
 *
 * Everything is done with the caller's rights.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "compat.h"
#include "declaration.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "resolve.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

static void check_old_row(const RelnavDeclaration *declaration);
static bool check_new_row(const RelnavDeclaration *declaration,
						  const RelnavDeclaration *old);
static void check_complete(const RelnavDeclaration *declaration);
static void check_relation(RelnavReader *reader, Oid relid);
static void check_owner(Oid relid);
static void check_name(const char *name);
static bool is_declared_already(RelnavReader *reader,
								const RelnavDeclaration *declaration,
								const RelnavDeclaration *old);
static void check_name_is_free(RelnavReader *reader, Oid relid,
							   const char *name, const RelnavDeclaration *old);
static bool is_same_declaration(const RelnavDeclaration *a,
								const RelnavDeclaration *b);
static bool is_same_list(const List *a, const List *b);
static void announce(const RelnavDeclaration *declaration);
static void announce_relation(Oid relid);
static char *name_relation(Oid relid);
static const RelnavRelationship *get_relationship(const RelnavListing *listing,
												  const char *name);
static void delete_declaration(Oid source, const char *name);
static void insert_renaming(Oid source, const char *name,
							const RelnavRelationship *r);

PG_FUNCTION_INFO_V1(relnav_declared_trigger);
PG_FUNCTION_INFO_V1(relnav_declared_truncate_trigger);
PG_FUNCTION_INFO_V1(relnav_declaration_problem);
PG_FUNCTION_INFO_V1(relnav_undeclare);
PG_FUNCTION_INFO_V1(relnav_rename);

/*
 * The trigger of relnav.declared, before each row that is inserted, updated
 * or deleted.
 */
Datum
relnav_declared_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	TupleDesc	desc;
	HeapTuple	result;
	RelnavDeclaration *old = NULL;

	/* Anybody can make a trigger of this function, on any table. */
	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		!TRIGGER_FIRED_BEFORE(data->tg_event) ||
		!relnav_is_declared_table(data->tg_relation))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is for the trigger of table \"relnav.declared\" alone")));

	desc = RelationGetDescr(data->tg_relation);
	result = data->tg_trigtuple;
	if (!TRIGGER_FIRED_BY_INSERT(data->tg_event))
	{
		old = relnav_make_declaration(data->tg_trigtuple, desc);
		check_old_row(old);
	}
	if (!TRIGGER_FIRED_BY_DELETE(data->tg_event))
	{
		RelnavDeclaration *new;

		if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
			result = data->tg_newtuple;
		new = relnav_make_declaration(result, desc);

		/* The same again is no error, and nothing to be done. */
		if (!check_new_row(new, old))
			return PointerGetDatum(NULL);
		announce(new);
	}
	if (old)
		announce(old);
	return PointerGetDatum(result);
}

/*
 * The same after all of it was thrown away at once.
 */
Datum
relnav_declared_truncate_trigger(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is for the trigger of table \"relnav.declared\" alone")));
	if (relnav_is_declared_table(((TriggerData *) fcinfo->context)->tg_relation))
		CacheInvalidateRelcacheAll();
	return PointerGetDatum(NULL);
}

/*
 * relnav.declaration_problem(declaration relnav.declared): why it is skipped,
 * or null if it is not.
 */
Datum
relnav_declaration_problem(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row;
	TupleDesc	desc;
	HeapTupleData tuple;
	RelnavDeclaration *declaration;
	RelnavReader *reader;
	const RelnavProblem *problem;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	row = PG_GETARG_HEAPTUPLEHEADER(0);
	desc = lookup_rowtype_tupdesc_copy(HeapTupleHeaderGetTypeId(row),
									   HeapTupleHeaderGetTypMod(row));
	if (!relnav_has_declared_columns(desc))
		PG_RETURN_TEXT_P(cstring_to_text("table \"relnav.declared\" was altered"));
	reader = relnav_create_reader();
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	declaration = relnav_make_declaration(&tuple, desc);

	problem = relnav_is_renaming(declaration)
		? relnav_find_renaming_problem(reader, declaration)
		: relnav_find_problem(reader, declaration);
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem->message));
}

/*
 * relnav.undeclare(source regclass, name text)
 */
Datum
relnav_undeclare(PG_FUNCTION_ARGS)
{
	Oid			source;
	char	   *name;
	RelnavReader *reader;
	const RelnavDeclaration *inverse = NULL;
	bool		found = false;
	ListCell   *lc;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("source and name must not be null")));
	source = PG_GETARG_OID(0);
	name = text_to_cstring(PG_GETARG_TEXT_PP(1));

	reader = relnav_create_reader();
	foreach(lc, relnav_get_declarations(reader, source))
	{
		const RelnavDeclaration *declaration = lfirst(lc);

		if (relnav_is_renaming(declaration))
			continue;
		if (declaration->source == source &&
			strcmp(declaration->name, name) == 0)
			found = true;
		else if (declaration->target == source && declaration->inverse &&
				 strcmp(declaration->inverse, name) == 0)
			inverse = declaration;
	}
	if (!found)
	{
		const RelnavRelation *rel = relnav_find_relation(reader, source);
		const RelnavRelation *other = inverse
			? relnav_find_relation(reader, inverse->source) : NULL;

		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("relation \"%s\" has no declared relationship \"%s\"",
						rel ? rel->name : psprintf("%u", source), name),
				 other ? errhint("It is the inverse of relationship \"%s\" of relation \"%s\"; undeclare that.",
								 inverse->name, other->name) : 0));
	}
	delete_declaration(source, name);
	PG_RETURN_VOID();
}

/*
 * relnav.rename(source regclass, name text, new_name text)
 */
Datum
relnav_rename(PG_FUNCTION_ARGS)
{
	Oid			source;
	char	   *name;
	char	   *new_name;
	const RelnavListing *listing;
	const RelnavRelationship *r;
	RelnavReader *reader;
	const RelnavDeclaration *old = NULL;
	ListCell   *lc;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("source and name must not be null")));
	source = PG_GETARG_OID(0);
	name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	new_name = PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2));

	LockRelationOid(source, AccessShareLock);
	listing = relnav_get_listing(source);
	r = relnav_copy_relationship(get_relationship(listing, name));

	reader = relnav_create_reader();
	foreach(lc, relnav_get_declarations(reader, source))
	{
		const RelnavDeclaration *declaration = lfirst(lc);

		if (relnav_is_renaming(declaration) && declaration->source == source &&
			relnav_is_renamed(declaration, r))
			old = declaration;
	}
	if (old && new_name && strcmp(old->name, new_name) == 0)
		PG_RETURN_VOID();
	if (old)
		delete_declaration(source, old->name);
	if (new_name)
		insert_renaming(source, new_name, r);
	else if (old == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("relationship \"%s\" of relation \"%s\" has no other name to be taken back",
						name, r->source->name)));
	PG_RETURN_VOID();
}

/*
 * A row can go if its source is the caller's, or is gone itself.
 */
static void
check_old_row(const RelnavDeclaration *declaration)
{
	if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(declaration->source)))
		check_owner(declaration->source);
}

/*
 * May this row come?  old is the one that it replaces, or NULL.  Raises an
 * error if not; returns false if it is there already.
 *
 * Of a renaming it is not checked whether the constraints are there: in a
 * restored database they come later.
 */
static bool
check_new_row(const RelnavDeclaration *declaration,
			  const RelnavDeclaration *old)
{
	RelnavReader *reader;
	const RelnavProblem *problem;

	check_complete(declaration);
	check_name(declaration->name);
	if (declaration->inverse)
		check_name(declaration->inverse);

	/* What we check must not be dropped meanwhile. */
	LockRelationOid(declaration->source, AccessShareLock);
	if (relnav_is_renaming(declaration))
		LockRelationOid(declaration->constraint_table, AccessShareLock);
	else
	{
		LockRelationOid(declaration->target, AccessShareLock);
		if (OidIsValid(declaration->association))
			LockRelationOid(declaration->association, AccessShareLock);
	}

	reader = relnav_create_reader();
	check_relation(reader, declaration->source);
	check_owner(declaration->source);
	if (relnav_is_renaming(declaration))
		check_relation(reader, declaration->constraint_table);
	else
	{
		check_relation(reader, declaration->target);
		if (declaration->inverse)
			check_owner(declaration->target);
		if (OidIsValid(declaration->association))
			check_relation(reader, declaration->association);
		problem = relnav_find_problem(reader, declaration);
		if (problem)
			ereport(ERROR,
					(errcode(problem->sqlerrcode),
					 errmsg_internal("%s", problem->message),
					 problem->detail ? errdetail_internal("%s", problem->detail) : 0));
	}

	if (is_declared_already(reader, declaration, old))
		return false;
	check_name_is_free(reader, declaration->source, declaration->name, old);
	if (declaration->inverse)
	{
		check_name_is_free(reader, declaration->target, declaration->inverse, old);
		if (declaration->target == declaration->source &&
			strcmp(declaration->inverse, declaration->name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("a relationship and its inverse cannot both be called \"%s\" at one relation",
							declaration->name)));
	}
	return true;
}

/* Is all there that must be, and nothing else? */
static void
check_complete(const RelnavDeclaration *declaration)
{
	bool		complete = OidIsValid(declaration->source) && declaration->name;
	bool		through = OidIsValid(declaration->association) ||
		declaration->association_source_columns != NIL ||
		declaration->association_target_columns != NIL;

	if (complete && relnav_is_renaming(declaration))
		complete = OidIsValid(declaration->constraint_table) &&
			list_length(declaration->constraints) <= 2 &&
			!OidIsValid(declaration->target) && !through &&
			declaration->source_columns == NIL &&
			declaration->target_columns == NIL && !declaration->inverse;
	else if (complete)
		complete = OidIsValid(declaration->target) &&
			declaration->source_columns != NIL &&
			declaration->target_columns != NIL &&
			!OidIsValid(declaration->constraint_table);
	if (!complete)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the declaration is not complete"),
				 errdetail("It needs a source and a target with their columns, and a name."),
				 errhint("Write relnav.declare('orders', 'customer', '{customer_no}', 'customer', '{no}').")));
	if (through && (!OidIsValid(declaration->association) ||
					declaration->association_source_columns == NIL ||
					declaration->association_target_columns == NIL))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the declaration of an association is not complete"),
				 errdetail("It needs an association table, the columns that belong to the source's, and those that belong to the target's.")));
	if (through && declaration->to_one)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a relationship through an association table is many-to-many"),
				 errhint("Leave out to_one.")));
}

/* Is this something that can have relationships for longer than a session? */
static void
check_relation(RelnavReader *reader, Oid relid)
{
	const RelnavRelation *rel = relnav_find_relation(reader, relid);

	if (rel == NULL)
		relnav_report_no_relation(relid);
	if (get_rel_persistence(relid) == RELPERSISTENCE_TEMP)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("cannot declare a relationship of temporary table \"%s\"",
						rel->name),
				 errdetail("Declarations are kept for longer than a session.")));
	if (relid < FirstNormalObjectId || !relnav_is_user_relation(rel))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("cannot declare a relationship of system relation \"%s\"",
						rel->name)));
}

static void
check_owner(Oid relid)
{
	if (!object_ownercheck(RelationRelationId, relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER,
					   get_relkind_objtype(get_rel_relkind(relid)),
					   get_rel_name(relid));
}

static void
check_name(const char *name)
{
	if (*name == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("the name of a relationship must not be empty")));
	if (strlen(name) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("the name of a relationship must be shorter than %d bytes",
						NAMEDATALEN)));
}

/* Has just this been declared? */
static bool
is_declared_already(RelnavReader *reader, const RelnavDeclaration *declaration,
					const RelnavDeclaration *old)
{
	ListCell   *lc;

	if (old)
		return false;
	foreach(lc, relnav_get_declarations(reader, declaration->source))
	{
		if (is_same_declaration(lfirst(lc), declaration))
			return true;
	}
	return false;
}

/* Has nobody given this name at a relation yet? */
static void
check_name_is_free(RelnavReader *reader, Oid relid, const char *name,
				   const RelnavDeclaration *old)
{
	ListCell   *lc;

	foreach(lc, relnav_get_declarations(reader, relid))
	{
		const RelnavDeclaration *other = lfirst(lc);

		if (old && is_same_declaration(old, other))
			continue;
		if ((other->source == relid && strcmp(other->name, name) == 0) ||
			(other->inverse && other->target == relid &&
			 strcmp(other->inverse, name) == 0))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("another relationship \"%s\" of relation \"%s\" is declared already",
							name, relnav_find_relation(reader, relid)->name),
					 relnav_is_renaming(other)
					 ? errhint("Take that name back first: relnav.rename(%s, %s, NULL).",
							   quote_literal_cstr(name_relation(other->source)),
							   quote_literal_cstr(other->name))
					 : errhint("Undeclare that first: relnav.undeclare(%s, %s).",
							   quote_literal_cstr(name_relation(other->source)),
							   quote_literal_cstr(other->name))));
	}
}

static bool
is_same_declaration(const RelnavDeclaration *a, const RelnavDeclaration *b)
{
	return a->source == b->source && strcmp(a->name, b->name) == 0 &&
		is_same_list(a->source_columns, b->source_columns) &&
		a->target == b->target &&
		is_same_list(a->target_columns, b->target_columns) &&
		a->association == b->association &&
		is_same_list(a->association_source_columns,
					 b->association_source_columns) &&
		is_same_list(a->association_target_columns,
					 b->association_target_columns) &&
		(a->inverse == NULL) == (b->inverse == NULL) &&
		(a->inverse == NULL || strcmp(a->inverse, b->inverse) == 0) &&
		a->to_one == b->to_one &&
		a->constraint_table == b->constraint_table &&
		is_same_list(a->constraints, b->constraints) &&
		a->backwards == b->backwards;
}

/* Have two Lists of char * the same members in the same order? */
static bool
is_same_list(const List *a, const List *b)
{
	ListCell   *la;
	ListCell   *lb;

	if (list_length(a) != list_length(b))
		return false;
	forboth(la, a, lb, b)
	{
		if (strcmp(lfirst(la), lfirst(lb)) != 0)
			return false;
	}
	return true;
}

/* Tell every session that the relationships of some relations have changed. */
static void
announce(const RelnavDeclaration *declaration)
{
	announce_relation(declaration->source);
	announce_relation(declaration->target);
	announce_relation(declaration->association);
}

static void
announce_relation(Oid relid)
{
	if (OidIsValid(relid) &&
		SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		CacheInvalidateRelcacheByRelid(relid);
}

/* A relation as it can be written anywhere. */
static char *
name_relation(Oid relid)
{
	char	   *name = get_rel_name(relid);

	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  name ? name : "?");
}

/*
 * The relationship that is to be renamed: the one that is listed by this name,
 * or has it as its full name.
 */
static const RelnavRelationship *
get_relationship(const RelnavListing *listing, const char *name)
{
	const RelnavRelationship *found = NULL;
	Oid			owner;
	int			i;

	for (i = 0; i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;

		if (strcmp(r->name, name) == 0)
			found = r;
	}
	for (i = 0; found == NULL && i < listing->nrelationships; i++)
	{
		const RelnavRelationship *r = listing->relationships[i].relationship;

		if (strcmp(r->full_name, name) == 0)
			found = r;
	}
	if (found == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("relation \"%s\" has no relationship \"%s\"",
						listing->table->rel->name, name),
				 errhint("relnav.describe(%s) lists the relationships.",
						 quote_literal_cstr(name_relation(listing->relid)))));
	if (relnav_get_origin(found) == RELNAV_DECLARED)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relationship \"%s\" of relation \"%s\" is declared",
						name, listing->table->rel->name),
				 errhint("Undeclare it, and declare it by another name.")));
	if (relnav_get_origin(found) == RELNAV_VIEW)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("cannot rename relationship \"%s\" of view \"%s\"",
						name, listing->table->rel->name),
				 errdetail("A view has its relationships from its tables."),
				 errhint("Give the view's column another name, or declare a relationship of the view.")));

	owner = found->direction == RELNAV_FORWARDS
		? found->near->table->rel->relid : found->near->pk_rel->relid;
	if (owner != listing->relid)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("cannot rename relationship \"%s\" of partition \"%s\" alone",
						name, listing->table->rel->name),
				 errhint("Rename it at the partitioned table.")));
	return found;
}

/* Delete a row of relnav.declared, as the caller. */
static void
delete_declaration(Oid source, const char *name)
{
	Oid			types[2] = {REGCLASSOID, TEXTOID};
	Datum		values[2];

	values[0] = ObjectIdGetDatum(source);
	values[1] = CStringGetTextDatum(name);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args("DELETE FROM relnav.declared"
							  " WHERE source OPERATOR(pg_catalog.=) $1"
							  " AND name OPERATOR(pg_catalog.=) $2",
							  2, types, values, NULL, false, 0) != SPI_OK_DELETE)
		elog(ERROR, "could not delete from relnav.declared");
	SPI_finish();
}

/* Insert another name for a relationship, as the caller. */
static void
insert_renaming(Oid source, const char *name, const RelnavRelationship *r)
{
	Oid			types[5] = {REGCLASSOID, TEXTOID, REGCLASSOID, NAMEARRAYOID, BOOLOID};
	Datum		values[5];
	Datum		constraints[2];
	NameData	names[2];

	namestrcpy(&names[0], r->near->name);
	constraints[0] = NameGetDatum(&names[0]);
	if (r->far)
	{
		namestrcpy(&names[1], r->far->name);
		constraints[1] = NameGetDatum(&names[1]);
	}
	values[0] = ObjectIdGetDatum(source);
	values[1] = CStringGetTextDatum(name);
	values[2] = ObjectIdGetDatum(r->near->table->rel->relid);
	values[3] = PointerGetDatum(construct_array(constraints, r->far ? 2 : 1,
												NAMEOID, NAMEDATALEN, false,
												TYPALIGN_CHAR));
	values[4] = BoolGetDatum(r->direction == RELNAV_BACKWARDS);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args("INSERT INTO relnav.declared"
							  " (source, name, constraint_table, constraints, backwards)"
							  " VALUES ($1, $2, $3, $4, $5)",
							  5, types, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not insert into relnav.declared");
	SPI_finish();
}
