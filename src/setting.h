/*-------------------------------------------------------------------------
 *
 * setting.h
 *	  Settings that are others for a while.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_SETTING_H
#define RELNAV_SETTING_H

#include "utils/guc.h"

/*
 * Change a setting that every user may change, until the end of the GUC nest
 * level: AtEOXact_GUC() takes it back, or the end of the (sub)transaction if
 * an error is raised.  Raises the server's error if the value is none.
 */
static inline void
relnav_change_setting(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

#endif							/* RELNAV_SETTING_H */
