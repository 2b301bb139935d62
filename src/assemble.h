/*-------------------------------------------------------------------------
 *
 * assemble.h
 *	  Levels of rows put together as json.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_ASSEMBLE_H
#define RELNAV_ASSEMBLE_H

#include "access/htup.h"
#include "kepttree.h"

typedef struct RelnavAssembly RelnavAssembly;

extern RelnavAssembly *relnav_begin_assembly(MemoryContext context, Oid source,
											 const char *spec, Size length,
											 bool by_key);
extern const RelnavTree *relnav_get_tree(const RelnavAssembly *a);
extern void relnav_add_row(RelnavAssembly *a, HeapTupleHeader row);
extern uint32 relnav_add_key(RelnavAssembly *a, const Datum *values);
extern void relnav_fetch_rows(RelnavAssembly *a);
extern Datum relnav_write_tree(RelnavAssembly *a, uint32 key, bool *found);
extern Datum relnav_write_trees(RelnavAssembly *a);
extern void relnav_forget_rows(RelnavAssembly *a);
extern void relnav_end_assembly(RelnavAssembly *a);

#endif							/* RELNAV_ASSEMBLE_H */
