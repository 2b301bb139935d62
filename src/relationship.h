/*-------------------------------------------------------------------------
 *
 * relationship.h
 *	  What a relationship is.
 *
 * Made by infer.c, also for declaration.c, named by naming.c, kept by graph.c.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_RELATIONSHIP_H
#define RELNAV_RELATIONSHIP_H

#include "catalog.h"

/* Cardinality, and nothing else. */
typedef enum RelnavKind
{
	RELNAV_MANY_TO_ONE,
	RELNAV_ONE_TO_MANY,
	RELNAV_ONE_TO_ONE,
	RELNAV_MANY_TO_MANY
} RelnavKind;

/* How the foreign keys are read, seen from the source. */
typedef enum RelnavDirection
{
	RELNAV_FORWARDS,			/* to the parent */
	RELNAV_BACKWARDS,			/* to the children */
	RELNAV_THROUGH				/* to the rows associated by another table */
} RelnavDirection;

typedef struct RelnavRelationship
{
	RelnavDirection direction;
	RelnavKind	kind;
	const RelnavRelation *source;
	const RelnavRelation *target;

	/* The key that is read; of two, the one that references the source. */
	RelnavForeignKey *near;

	/* The columns of near, on the source and on the other side. */
	RelnavColumn *source_cols;
	RelnavColumn *near_cols;

	/* Through an association table: the other key, else NULL. */
	RelnavForeignKey *far;
	RelnavColumn *far_cols;
	RelnavColumn *target_cols;

	/*
	 * Is it proven that a target row belongs to one source row at most, and
	 * the other way round?  What is only declared counts for the kind, but
	 * not here.
	 */
	bool		source_is_unique;
	bool		target_is_unique;

	bool		required;
	bool		repeats;
	bool		validated;
	bool		indexed;
	bool		index_unknown;	/* views and foreign tables keep theirs secret */

	/* If it was declared for its source or, inverted, for its target. */
	const RelnavDeclaration *declaration;
	bool		inverted;

	/*
	 * The name that was declared, also for the table that a view has the
	 * relationship from; and another name that the relationship was given.
	 */
	const char *declared_name;
	const char *new_name;

	/* Set by naming.c. */
	const char *name;			/* the listed one: the new, the short or the
								 * full */
	const char *short_name;
	const char *full_name;
	const char *stem;			/* of near, or of far through an association */

	/* What it is called by the view that it leads to, if one was written. */
	const char *view_name;

	/*
	 * Not listed, but found by the name of the table between: then the name
	 * is a path that means the same.
	 */
	bool		unlisted;
} RelnavRelationship;

/* Can following it from one row lead to more than one row? */
static inline bool
relnav_is_to_many(const RelnavRelationship *relationship)
{
	return relationship->kind == RELNAV_ONE_TO_MANY ||
		relationship->kind == RELNAV_MANY_TO_MANY;
}

/* Where it comes from. */
static inline RelnavOrigin
relnav_get_origin(const RelnavRelationship *relationship)
{
	return relationship->near->origin;
}

/* The association table, or NULL. */
static inline const RelnavRelation *
relnav_get_association(const RelnavRelationship *relationship)
{
	return relationship->far ? relationship->near->table->rel : NULL;
}

#endif							/* RELNAV_RELATIONSHIP_H */
