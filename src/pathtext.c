/*-------------------------------------------------------------------------
 *
 * pathtext.c
 *	  The text of a path, cut into its segments.
 *
 *	path    := segment { '.' segment }
 *	segment := letters, digits, '_' and '$'  |  '"' anything, '""' for '"' '"'
 *
 * Nothing is folded, no white space is skipped outside of quotes, and there
 * is no limit to the number of segments.  No catalog is read here: whether a
 * segment means anything is resolve.c's question.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pathtext.h"

static const char *scan_quoted_segment(const char *p, StringInfo name);
static const char *scan_plain_segment(const char *p, StringInfo name);
static char *describe_found(const char *p);

/*
 * Cut a path into its segments.
 *
 * Returns a List of palloc'd strings, none of them empty.  If the text is no
 * path, returns NIL, sets *error_at to the offset of the fault, and
 * *error_detail to a sentence about it.
 */
List *
relnav_parse_path(const char *path, int *error_at, const char **error_detail)
{
	List	   *segments = NIL;
	const char *p = path;
	StringInfoData name;

	initStringInfo(&name);
	for (;;)
	{
		const char *start = p;

		CHECK_FOR_INTERRUPTS();

		resetStringInfo(&name);
		if (*p == '"')
		{
			p = scan_quoted_segment(p, &name);
			if (p == NULL)
			{
				*error_at = start - path;
				*error_detail = "A double quote is not closed.";
				return NIL;
			}
			if (name.len == 0)
			{
				*error_at = start - path;
				*error_detail = "A name in double quotes is empty.";
				return NIL;
			}
		}
		else
		{
			p = scan_plain_segment(p, &name);
			if (name.len == 0)
			{
				*error_at = p - path;
				*error_detail =
					psprintf("Expected a name%s, but found %s.",
							 segments ? " after \".\"" : "", describe_found(p));
				return NIL;
			}
		}
		segments = lappend(segments, pnstrdup(name.data, name.len));

		if (*p == '\0')
			return segments;
		if (*p != '.')
		{
			*error_at = p - path;
			*error_detail =
				psprintf("Expected \".\" or the end after the name \"%s\", but found %s.",
						 name.data, describe_found(p));
			return NIL;
		}
		p++;
	}
}

/*
 * The same, for text that a user wrote as a path: raises an error if it is
 * none.
 */
List *
relnav_get_path(const char *path)
{
	int			error_at;
	const char *error_detail;
	List	   *segments = relnav_parse_path(path, &error_at, &error_detail);

	if (segments == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("invalid relationship path: \"%s\"",
						pnstrdup(path, pg_mbcliplen(path, strlen(path), 200))),
				 errdetail_internal("%s", error_detail),
				 errhint("Write names with dots between them, such as orders.items.product; a name with other characters than letters, digits, \"_\" and \"$\" stands in double quotes.")));
	return segments;
}

/*
 * Append what stands between the double quotes at p.  Returns the place after
 * the closing one, or NULL if there is none.
 */
static const char *
scan_quoted_segment(const char *p, StringInfo name)
{
	for (p++; *p; p++)
	{
		if (*p == '"')
		{
			if (p[1] != '"')
				return p + 1;
			p++;
		}
		appendStringInfoCharMacro(name, *p);
	}
	return NULL;
}

/* Append the longest name without quotes at p.  Returns the place after it. */
static const char *
scan_plain_segment(const char *p, StringInfo name)
{
	while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		   (*p >= '0' && *p <= '9') || *p == '_' || *p == '$' ||
		   IS_HIGHBIT_SET(*p))
	{
		appendStringInfoCharMacro(name, *p);
		p++;
	}
	return p;
}

/* The character at p, for a message. */
static char *
describe_found(const char *p)
{
	if (*p == '\0')
		return pstrdup("the end");
	if (*p == ' ')
		return pstrdup("a space");
	return psprintf("\"%.*s\"", pg_mblen(p), p);
}
