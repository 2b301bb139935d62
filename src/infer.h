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
extern RelnavRelationship *relnav_make_forwards(RelnavForeignKey *fk);
extern RelnavRelationship *relnav_make_backwards(RelnavForeignKey *fk);
extern RelnavRelationship *relnav_make_association(RelnavForeignKey *near,
												   RelnavForeignKey *far);
extern RelnavRelationship *relnav_invert(const RelnavRelationship *r);
extern RelnavRelationship *relnav_make_view_source(const RelnavRelationship *r,
												   RelnavTable *view,
												   int occurrence);
extern RelnavRelationship *relnav_make_view_target(const RelnavRelationship *r,
												   RelnavTable *view,
												   int occurrence);
extern bool relnav_is_inverse(const RelnavRelationship *a,
							  const RelnavRelationship *b);
extern const char *relnav_get_kind_name(RelnavKind kind);

#endif							/* RELNAV_INFER_H */
