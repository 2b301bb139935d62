/*-------------------------------------------------------------------------
 *
 * path.c
 *	  Any text as a path.
 *
 * A path that can be read is written again and gives the same segments.
 * One that cannot gives an error that says why and where.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fuzz/standin.h"
#include "src/pathtext.h"
#include "src/sqlbuf.h"
#include "utils/errcodes.h"

static char *write_path(List *segments);
static void get_path(void *arg);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = standin_begin(data, size);
	int			error_at = -1;
	const char *error_detail = NULL;
	List	   *segments = relnav_parse_path(text, &error_at, &error_detail);
	ErrorData  *error = standin_try(get_path, text);

	if (segments == NIL)
	{
		REQUIRE(error_at >= 0 && error_at <= (int) strlen(text));
		REQUIRE(text[error_at] == '\0' || standin_is_text(text + error_at));
		REQUIRE(standin_is_text(error_detail));

		REQUIRE(error && error->sqlerrcode == ERRCODE_SYNTAX_ERROR);
		REQUIRE(standin_is_text(error->message));
		REQUIRE(standin_is_text(error->detail));
		REQUIRE(strcmp(error->detail, error_detail) == 0);
		REQUIRE(standin_is_text(error->hint));
	}
	else
	{
		char	   *written = write_path(segments);
		List	   *again = relnav_parse_path(written, &error_at, &error_detail);
		ListCell   *lc1;
		ListCell   *lc2;

		REQUIRE(error == NULL);
		REQUIRE(list_length(segments) == list_length(again));
		forboth(lc1, segments, lc2, again)
			REQUIRE(strcmp(lfirst(lc1), lfirst(lc2)) == 0);
		REQUIRE(strcmp(written, write_path(again)) == 0);
	}
	standin_end(text);
	return 0;
}

static char *
write_path(List *segments)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, segments)
	{
		REQUIRE(standin_is_text(lfirst(lc)));
		if (buf.len > 0)
			appendStringInfoChar(&buf, '.');
		relnav_append_segment(&buf, lfirst(lc));
	}
	return buf.data;
}

static void
get_path(void *arg)
{
	(void) relnav_get_path(arg);
}
