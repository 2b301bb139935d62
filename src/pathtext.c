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
 * segment means anything is resolve.c's question.  A tree's spec consists of
 * the same names.
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
#include "sqlbuf.h"

static const char *scan_quoted_segment(const char *p, StringInfo name);
static const char *scan_plain_segment(const char *p, StringInfo name);

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
		p = relnav_scan_segment(start, segments ? " after \".\"" : "", &name,
								error_detail);
		if (p == NULL)
		{
			*error_at = start - path;
			return NIL;
		}
		segments = lappend(segments, pnstrdup(name.data, name.len));

		if (*p == '\0')
			return segments;
		if (*p != '.')
		{
			*error_at = p - path;
			*error_detail =
				psprintf("Expected \".\" or the end after the name \"%s\", but found %s.",
						 name.data, relnav_describe_found(p));
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
 * Append the segment at p, without its quotes, to name, which is empty.
 *
 * Returns the place after it.  If there is none at p, returns NULL and sets
 * *error_detail to a sentence about it; where says in words where a segment
 * was expected, with a space before, or is empty.
 */
const char *
relnav_scan_segment(const char *p, const char *where, StringInfo name,
					const char **error_detail)
{
	const char *end;

	if (*p == '"')
	{
		end = scan_quoted_segment(p, name);
		if (end == NULL)
			*error_detail = "A double quote is not closed.";
		else if (name->len == 0)
			*error_detail = "A name in double quotes is empty.";
	}
	else
	{
		end = scan_plain_segment(p, name);
		if (name->len == 0)
			*error_detail = psprintf("Expected a name%s, but found %s.",
									 where, relnav_describe_found(p));
	}
	return name->len > 0 ? end : NULL;
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
	while (relnav_is_segment_char((unsigned char) *p))
	{
		appendStringInfoCharMacro(name, *p);
		p++;
	}
	return p;
}

/* The character at p, for a message. */
char *
relnav_describe_found(const char *p)
{
	if (*p == '\0')
		return pstrdup("the end");
	if (*p == ' ')
		return pstrdup("a space");
	return psprintf("\"%.*s\"", pg_mblen(p), p);
}
