/*-------------------------------------------------------------------------
 *
 * inline.h
 *	  A navigation in the planner.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_INLINE_H
#define RELNAV_INLINE_H

extern bool relnav_inline;

extern void relnav_install_planner_hook(void);

#endif							/* RELNAV_INLINE_H */
