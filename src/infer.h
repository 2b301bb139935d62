/*-------------------------------------------------------------------------
 *
 * infer.h
 *	  How relationships follow from keys.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_INFER_H
#define RELNAV_INFER_H

#include "relationship.h"

extern List *relnav_infer_relationships(const RelnavTable *source,
										List *incoming);
extern RelnavRelationship *relnav_make_association(RelnavForeignKey *near,
												   RelnavForeignKey *far);
extern bool relnav_is_inverse(const RelnavRelationship *a,
							  const RelnavRelationship *b);
extern const char *relnav_get_kind_name(RelnavKind kind);

#endif							/* RELNAV_INFER_H */
