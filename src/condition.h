/*-------------------------------------------------------------------------
 *
 * condition.h
 *	  A condition that somebody wrote, as SQL that may be run.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_CONDITION_H
#define RELNAV_CONDITION_H

#include "spec.h"

/* A condition with parameters in the place of its constants. */
typedef struct RelnavCondition
{
	char	   *sql;			/* with parentheses around it */
	int			nparams;
	Oid		   *types;
	Datum	   *values;
	bool	   *nulls;

	/*
	 * Do the values depend on the text alone, not on settings such as
	 * TimeZone or DateStyle?
	 */
	bool		is_lasting;
} RelnavCondition;

extern RelnavCondition *relnav_get_condition(const char *spec,
											 const RelnavSpecCondition *where,
											 Oid relid, const char *alias,
											 int first_param);

#endif							/* RELNAV_CONDITION_H */
