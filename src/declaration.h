/*-------------------------------------------------------------------------
 *
 * declaration.h
 *	  Relationships that somebody has declared.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_DECLARATION_H
#define RELNAV_DECLARATION_H

#include "relationship.h"

/* Why a declaration says nothing. */
typedef struct RelnavProblem
{
	int			sqlerrcode;
	const char *message;
	const char *detail;			/* or NULL */
} RelnavProblem;

extern RelnavRelationship *relnav_make_declared(RelnavReader *reader,
												const RelnavDeclaration *declaration);
extern const RelnavProblem *relnav_find_problem(RelnavReader *reader,
												const RelnavDeclaration *declaration);
extern const RelnavProblem *relnav_find_renaming_problem(RelnavReader *reader,
														 const RelnavDeclaration *declaration);
extern bool relnav_is_renamed(const RelnavDeclaration *declaration,
							  const RelnavRelationship *r);

#endif							/* RELNAV_DECLARATION_H */
