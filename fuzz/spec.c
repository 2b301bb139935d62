/*-------------------------------------------------------------------------
 *
 * spec.c
 *	  Any text as a tree's spec.
 *
 * A spec that can be read is written again, with everything said that was
 * left out and every name in double quotes, and gives the same tree.  Each
 * place that is kept for messages is where the name, the number or the
 * condition is.  A spec that cannot be read gives an error with its place.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fuzz/standin.h"
#include "src/pathtext.h"
#include "src/spec.h"
#include "utils/errcodes.h"

/* How wide the line may be that shows a fault, with dots at both ends. */
#define MAX_MARK_COLUMNS 100

typedef struct Run
{
	const char *spec;
	RelnavSpecNode *root;
} Run;

static void parse(void *arg);
static void check_error(ErrorData *error);
static char *write_spec(const char *spec, RelnavSpecNode *root);
static void write_node(StringInfo buf, const char *spec, RelnavSpecNode *node);
static void write_item(StringInfo buf, const char *spec, RelnavSpecItem *item);
static void write_path(StringInfo buf, const char *spec, RelnavSpecItem *item);
static void write_condition(StringInfo buf, const char *spec,
							RelnavSpecCondition *where);
static void write_number(StringInfo buf, const char *spec, const char *clause,
						 int64 number, int at);
static void write_name(StringInfo buf, const char *name);
static void check_name(const char *spec, int at, const char *name);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = standin_begin(data, size);
	Run			run = {.spec = text};
	ErrorData  *error = standin_try(parse, &run);

	if (error)
		check_error(error);
	else
	{
		Run			again = {.spec = write_spec(text, run.root)};

		REQUIRE(standin_try(parse, &again) == NULL);
		REQUIRE(strcmp(again.spec, write_spec(again.spec, again.root)) == 0);
	}
	standin_end(text);
	return 0;
}

static void
parse(void *arg)
{
	Run		   *run = arg;

	run->root = relnav_parse_spec(run->spec);
}

/*
 * Our own errors and the server's scanner's: each has a detail that ends with
 * the line of the fault and a caret under it.
 */
static void
check_error(ErrorData *error)
{
	const char *line;
	const char *caret;

	switch (error->sqlerrcode)
	{
		case ERRCODE_SYNTAX_ERROR:
		case ERRCODE_CHARACTER_NOT_IN_REPERTOIRE:
		case ERRCODE_INVALID_ESCAPE_SEQUENCE:
		case ERRCODE_NONSTANDARD_USE_OF_ESCAPE_CHARACTER:
			break;
		default:
			standin_fail("another SQLSTATE", error->message, error->sqlerrcode);
	}

	/*
	 * The server's scanner may show one byte of a character that it stopped
	 * at, in SELECT E'\\ud83dä' as here.
	 */
	REQUIRE(standin_is_text(error->message) ||
			strstr(error->message, "at or near") != NULL);
	REQUIRE(strlen(error->message) < 300);
	REQUIRE(error->hint == NULL || standin_is_text(error->hint));

	/* The encoding's own check, of what an escape stands for, knows no place. */
	if (error->sqlerrcode == ERRCODE_CHARACTER_NOT_IN_REPERTOIRE && error->detail == NULL)
		return;
	REQUIRE(standin_is_text(error->detail));

	/* A place in the spec must not be taken for one in the statement. */
	REQUIRE(error->cursorpos == 0);

	caret = strrchr(error->detail, '\n');
	REQUIRE(caret != NULL);
	REQUIRE(strspn(caret + 1, " ") == strlen(caret + 1) - 1);
	REQUIRE(caret[strlen(caret) - 1] == '^');
	REQUIRE(strlen(caret) < MAX_MARK_COLUMNS);

	for (line = caret; line > error->detail && line[-1] != '\n'; line--)
		;
	REQUIRE(line > error->detail);
}

static char *
write_spec(const char *spec, RelnavSpecNode *root)
{
	StringInfoData buf;

	REQUIRE(root->where.length == 0 && root->order_by == NIL &&
			root->limit == -1 && root->offset == 0 && root->depth == 0);
	initStringInfo(&buf);
	write_node(&buf, spec, root);
	return buf.data;
}

static void
write_node(StringInfo buf, const char *spec, RelnavSpecNode *node)
{
	const char *sep = "";
	ListCell   *lc;

	REQUIRE(node->items != NIL);
	foreach(lc, node->items)
	{
		appendStringInfoString(buf, sep);
		write_item(buf, spec, lfirst(lc));
		sep = ", ";
	}
	write_condition(buf, spec, &node->where);

	sep = " order by ";
	foreach(lc, node->order_by)
	{
		RelnavSpecOrder *order = lfirst(lc);

		check_name(spec, order->at, order->column);
		appendStringInfoString(buf, sep);
		write_name(buf, order->column);
		appendStringInfoString(buf, order->descending ? " desc" : " asc");
		appendStringInfoString(buf, order->nulls_first ? " nulls first" : " nulls last");
		sep = ", ";
	}
	REQUIRE(node->limit >= -1 && node->offset >= 0);
	REQUIRE(node->depth >= 0 && node->depth <= RELNAV_MAX_TREE_DEPTH);
	if (node->limit >= 0)
		write_number(buf, spec, "limit", node->limit, node->limit_at);
	if (node->offset > 0)
		write_number(buf, spec, "offset", node->offset, node->offset_at);
	if (node->depth > 0)
		write_number(buf, spec, "depth", node->depth, node->depth_at);
}

static void
write_item(StringInfo buf, const char *spec, RelnavSpecItem *item)
{
	REQUIRE(item->at >= 0 && item->at <= (int) strlen(spec));
	REQUIRE(list_length(item->path) == list_length(item->path_at));
	if (item->key)
	{
		write_name(buf, item->key);
		appendStringInfoChar(buf, ':');
	}
	switch (item->kind)
	{
		case RELNAV_ITEM_COLUMN:
			write_path(buf, spec, item);
			if (item->path)
				appendStringInfoChar(buf, '.');
			check_name(spec, item->column_at, item->column);
			write_name(buf, item->column);
			return;
		case RELNAV_ITEM_COUNT:
			appendStringInfoString(buf, "COUNT (");
			write_path(buf, spec, item);
			write_condition(buf, spec, &item->where);
			appendStringInfoChar(buf, ')');
			return;
		case RELNAV_ITEM_NODE:
			write_path(buf, spec, item);
			break;
		case RELNAV_ITEM_ALL_COLUMNS:
		case RELNAV_ITEM_ALL_NODES:
			REQUIRE(item->key == NULL && item->path == NIL);
			appendStringInfoChar(buf, '*');
			if (item->kind == RELNAV_ITEM_ALL_COLUMNS)
				return;
			break;
	}
	appendStringInfoChar(buf, '(');
	write_node(buf, spec, item->node);
	appendStringInfoChar(buf, ')');
}

static void
write_path(StringInfo buf, const char *spec, RelnavSpecItem *item)
{
	const char *sep = "";
	ListCell   *lc1;
	ListCell   *lc2;

	forboth(lc1, item->path, lc2, item->path_at)
	{
		check_name(spec, lfirst_int(lc2), lfirst(lc1));
		appendStringInfoString(buf, sep);
		write_name(buf, lfirst(lc1));
		sep = ".";
	}
}

static void
write_condition(StringInfo buf, const char *spec, RelnavSpecCondition *where)
{
	char	   *condition;

	if (where->length == 0)
		return;
	REQUIRE(where->at > 0 && where->length > 0);
	REQUIRE(where->at + where->length < (int) strlen(spec));
	condition = pnstrdup(spec + where->at, where->length);
	REQUIRE(standin_is_text(condition));
	appendStringInfo(buf, " where %s", condition);
}

static void
write_number(StringInfo buf, const char *spec, const char *clause,
			 int64 number, int at)
{
	REQUIRE(at > 0 && at < (int) strlen(spec));
	REQUIRE(strtoll(spec + at, NULL, 10) == number);
	appendStringInfo(buf, " %s " INT64_FORMAT, clause, number);
}

static void
write_name(StringInfo buf, const char *name)
{
	REQUIRE(standin_is_text(name));
	appendStringInfoChar(buf, '"');
	for (; *name; name++)
	{
		if (*name == '"')
			appendStringInfoChar(buf, '"');
		appendStringInfoChar(buf, *name);
	}
	appendStringInfoChar(buf, '"');
}

/* The name stands at this place of the spec. */
static void
check_name(const char *spec, int at, const char *name)
{
	StringInfoData found;
	const char *detail;

	REQUIRE(at >= 0 && at < (int) strlen(spec));
	initStringInfo(&found);
	REQUIRE(relnav_scan_segment(spec + at, "", &found, &detail) != NULL);
	REQUIRE(strcmp(found.data, name) == 0);
}
