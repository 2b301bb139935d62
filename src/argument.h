/*-------------------------------------------------------------------------
 *
 * argument.h
 *	  What an SQL function was given: a row and of which table, a key, a text.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_ARGUMENT_H
#define RELNAV_ARGUMENT_H

#include "execute.h"
#include "fmgr.h"

extern void relnav_check_type_exists(Oid type);
extern Oid	relnav_get_source_relation(FunctionCallInfo fcinfo, int number);
extern void relnav_get_source_row(FunctionCallInfo fcinfo, int number,
								  RelnavSourceValue *source);
extern void relnav_get_source_key(FunctionCallInfo fcinfo,
								  RelnavSourceValue *source);
extern char *relnav_get_text_argument(FunctionCallInfo fcinfo, int number);

#endif							/* RELNAV_ARGUMENT_H */
