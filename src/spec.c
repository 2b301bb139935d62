/*-------------------------------------------------------------------------
 *
 * spec.c
 *	  The text of a tree's spec, taken apart.
 *
 *	spec    := [ item { ',' item } ]
 *	item    := '*'  |  '*(' node ')'
 *			 | [ alias ':' ] { name '.' } name
 *			 | [ alias ':' ] path '(' node ')'
 *			 | [ alias ':' ] 'count' '(' path [ 'where' condition ] ')'
 *	node    := spec [ 'where' condition ] [ 'order' 'by' key { ',' key } ]
 *			   [ 'limit' n ] [ 'offset' n ] [ 'depth' n ]
 *	key     := name [ 'asc' | 'desc' ] [ 'nulls' ( 'first' | 'last' ) ]
 *
 * Names are those of pathtext.c.  White space may stand between any two
 * tokens.  No word is reserved: a name in double quotes is always a name, and
 * a clause begins only where a name cannot stand.  That is after an item, and
 * at the start of a node for words that are followed by what makes them a
 * clause: "limit" by a number, "order" by "by", "where" by anything that
 * cannot follow a name.
 *
 * A condition is SQL, so where it ends is for the server's own scanner to
 * say: what is a string or a comment depends on its rules and settings.  The
 * scanner reads the whole spec, but everything outside of conditions has been
 * blanked out for it, and it goes on from one condition to the next.  That
 * keeps the time linear in the spec's length.  Its keyword list is empty, so
 * that each word comes as an identifier: the codes of keywords are known to
 * the server's own grammar only.
 *
 * This file is pure: it reads no catalog.  Whether names mean anything, and
 * whether a clause makes sense where it is, is decided by those who resolve
 * them.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/int.h"
#include "compat.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scanner.h"
#include "parser/scansup.h"
#include "pathtext.h"
#include "spec.h"
#include "sqlbuf.h"

/* How many columns of the spec are shown around a fault. */
#define MARK_COLUMNS 76
#define MARK_COLUMNS_BEFORE 50

/* Comments that begin in each other without anything between. */
#define MAX_NESTED_COMMENTS 100

/* Signs without anything between. */
#define MAX_SIGNS 100

/* Tokens of the server's scanner; scanner.h promises that they do not move. */
typedef enum ScannerToken
{
	TOKEN_IDENT = 258,
	TOKEN_FCONST = 260,
	TOKEN_ICONST = 266
} ScannerToken;

typedef struct Parser
{
	const char *spec;
	const char *p;				/* what has not been read yet */
	int			nnodes;			/* nodes around p */
	StringInfoData name;		/* buffer for one name */

	/* The server's scanner, from the first condition on. */
	core_yyscan_t scanner;
	core_yy_extra_type scanner_state;
	int			scanned;		/* the end of the last token it has read */
} Parser;

static RelnavSpecNode *parse_node(Parser *s, const char *open, int *height);
static int	parse_items(Parser *s, RelnavSpecNode *node, bool in_parentheses);
static RelnavSpecItem *parse_item(Parser *s, const char *where, int *height);
static RelnavSpecItem *parse_star(Parser *s, int *height);
static void parse_count(Parser *s, RelnavSpecItem *item, const char *alias);
static void parse_path(Parser *s, RelnavSpecItem *item, const char *where);
static RelnavSpecItem *make_item(RelnavItemKind kind, int at);
static bool parse_clauses(Parser *s, RelnavSpecNode *node);
static List *parse_order_by(Parser *s);
static void parse_direction(Parser *s, RelnavSpecOrder *order);
static int64 parse_number(Parser *s, const char *clause, int64 min, int64 max,
						  int *at);
static void parse_condition(Parser *s, RelnavSpecCondition *where);
static void start_scanner(Parser *s, int start);
static void check_nested_comments(Parser *s);
static int	find_condition_end(Parser *s, RelnavSpecCondition *where);
static void check_comments(Parser *s, int from, int to);
static bool at_clause(Parser *s);
static bool at_leading_clause(Parser *s);
static bool at_word(Parser *s, const char *word);
static bool skip_word(Parser *s, const char *word);
static const char *find_word_end(const char *p);
static bool is_word(const char *p, int length, const char *word);
static char *parse_name(Parser *s, const char *where);
static void skip_blanks(Parser *s);
static const char *after_blanks(const char *p);
static char *describe_next(const char *p);
static char *get_condition_hint(int sqlerrcode);
static void note_error_position(void *arg);
static int	get_columns(const char *p);
static const char *hint_after_item(const char *p, const char *otherwise);
pg_noreturn static void report_spec(Parser *s, const char *at,
									const char *detail, const char *hint);

#define EXAMPLE \
	"Write items with commas between them, such as name, orders(id, total where total > 10 order by id limit 5)."
#define CLAUSE_EXAMPLE \
	"After the items of a node stand where, order by, limit, offset and depth, in this order and without commas, as in orders(id, total where total > 10 order by id desc limit 5)."

/* No word is a keyword. */
static const ScanKeywordList no_keywords = {"", NULL, NULL, 0, 0};

/*
 * Take a spec apart.
 *
 * Returns the spec as a node without clauses, in the current memory context.
 * Raises an error that shows the place if the text is no spec.
 */
RelnavSpecNode *
relnav_parse_spec(const char *spec)
{
	Parser		s = {0};
	RelnavSpecNode *root = palloc0(sizeof(RelnavSpecNode));

	s.spec = spec;
	s.p = spec;
	initStringInfo(&s.name);
	root->limit = -1;
	(void) parse_items(&s, root, false);

	if (at_clause(&s))
		report_spec(&s, s.p,
					psprintf("Clauses stand in the parentheses of a node, but %s is in none.",
							 describe_next(s.p)),
					"Write them as in orders(id, total where total > 10).");
	if (*s.p != '\0')
		report_spec(&s, s.p,
					psprintf("Expected a comma or the end, but found %s.",
							 describe_next(s.p)),
					hint_after_item(s.p, EXAMPLE));
	if (s.scanner)
		scanner_finish(s.scanner);
	pfree(s.name.data);
	return root;
}

/*
 * Parse what stands in a node's parentheses, of which the first, at open, has
 * been read, and the last one.
 *
 * Sets *height to how many nodes stand in each other here, this one included.
 */
static RelnavSpecNode *
parse_node(Parser *s, const char *open, int *height)
{
	RelnavSpecNode *node = palloc0(sizeof(RelnavSpecNode));
	int			inner_height;
	bool		has_clauses;

	check_stack_depth();

	if (++s->nnodes > RELNAV_MAX_TREE_DEPTH)
		report_spec(s, open,
					psprintf("Nodes stand in each other more than %d deep.",
							 RELNAV_MAX_TREE_DEPTH),
					"A path such as orders.items(product_id) is one node.");

	node->limit = -1;
	inner_height = parse_items(s, node, true);
	has_clauses = parse_clauses(s, node);
	if (*s->p != ')')
		report_spec(s, s->p,
					psprintf("Expected %s, but found %s.",
							 has_clauses ? "the next clause or \")\"" :
							 "a comma, a clause or \")\"",
							 describe_next(s->p)),
					has_clauses ? CLAUSE_EXAMPLE : hint_after_item(s->p, CLAUSE_EXAMPLE));
	s->p++;

	/* The depth of the nodes around this one has not been read yet. */
	*height = Max(node->depth, 1) + inner_height;
	if (s->nnodes - 1 + *height > RELNAV_MAX_TREE_DEPTH)
		report_spec(s, s->spec + node->depth_at,
					psprintf("With this depth, nodes would stand in each other more than %d deep.",
							 RELNAV_MAX_TREE_DEPTH),
					"The depths of nodes that stand in each other add up.");
	s->nnodes--;
	return node;
}

/*
 * Parse the items of a node, or of the spec.  Returns how many nodes stand in
 * each other in them.
 */
static int
parse_items(Parser *s, RelnavSpecNode *node, bool in_parentheses)
{
	int			result = 0;

	skip_blanks(s);
	if (*s->p == (in_parentheses ? ')' : '\0') ||
		(in_parentheses && at_leading_clause(s)))
	{
		node->items = list_make1(make_item(RELNAV_ITEM_ALL_COLUMNS,
										   s->p - s->spec));
		return result;
	}

	for (;;)
	{
		int			height;

		CHECK_FOR_INTERRUPTS();

		node->items = lappend(node->items,
							  parse_item(s, node->items ? " after the comma" : "",
										 &height));
		result = Max(result, height);
		skip_blanks(s);
		if (*s->p != ',')
			return result;
		s->p++;
		skip_blanks(s);
	}
}

/*
 * Parse one item.  where says, for a message, where it is expected.  Sets
 * *height to how many nodes stand in each other in it.
 */
static RelnavSpecItem *
parse_item(Parser *s, const char *where, int *height)
{
	const char *start = s->p;
	const char *alias = NULL;
	RelnavSpecItem *item;
	bool		is_count;

	*height = 0;
	if (*s->p == '*')
		return parse_star(s, height);

	item = make_item(RELNAV_ITEM_COLUMN, start - s->spec);
	is_count = at_word(s, "count");
	parse_path(s, item, where);
	if (s->p[0] == ':' && s->p[1] != ':')
	{
		if (list_length(item->path) > 1)
			report_spec(s, s->p, "An alias is one name, without dots.",
						"Write it as in country: address.city.country.name.");
		alias = linitial(item->path);
		s->p++;
		skip_blanks(s);
		if (*s->p == '*')
			report_spec(s, s->p, "\"*\" stands for many items, so it can have no alias.",
						EXAMPLE);
		item->path = NIL;
		item->path_at = NIL;
		is_count = at_word(s, "count");
		parse_path(s, item, " after the alias");
	}

	if (*s->p != '(')
	{
		item->column = llast(item->path);
		item->column_at = llast_int(item->path_at);
		item->path = list_truncate(item->path, list_length(item->path) - 1);
		item->path_at = list_truncate(item->path_at, list_length(item->path_at) - 1);
		item->key = alias ? alias : item->column;
	}
	else if (is_count && list_length(item->path) == 1)
		parse_count(s, item, alias);
	else
	{
		item->kind = RELNAV_ITEM_NODE;
		item->key = alias ? alias : llast(item->path);
		s->p++;
		item->node = parse_node(s, s->p - 1, height);
	}
	return item;
}

/* Parse "*" or "*( ... )". */
static RelnavSpecItem *
parse_star(Parser *s, int *height)
{
	RelnavSpecItem *item = make_item(RELNAV_ITEM_ALL_COLUMNS, s->p - s->spec);

	s->p++;
	skip_blanks(s);
	if (*s->p == '(')
	{
		item->kind = RELNAV_ITEM_ALL_NODES;
		s->p++;
		item->node = parse_node(s, s->p - 1, height);
	}
	return item;
}

/*
 * Parse what stands in the parentheses of count(), and these.
 */
static void
parse_count(Parser *s, RelnavSpecItem *item, const char *alias)
{
	item->kind = RELNAV_ITEM_COUNT;
	item->path = NIL;
	item->path_at = NIL;

	s->p++;
	skip_blanks(s);
	if (*s->p == '*' || *s->p == ')')
		report_spec(s, s->p,
					psprintf("Expected the relationship that is counted, but found %s.",
							 describe_next(s->p)),
					"Write it as in count(orders) or count(orders where total > 10). A relationship called \"count\" is written in double quotes.");
	parse_path(s, item, " of the relationship that is counted");
	item->key = alias ? alias : psprintf("%s_count", (char *) llast(item->path));

	if (skip_word(s, "where"))
		parse_condition(s, &item->where);
	if (*s->p != ')')
		report_spec(s, s->p,
					psprintf("Expected %s\")\", but found %s.",
							 item->where.length == 0 ? "where or " : "",
							 describe_next(s->p)),
					"Write it as in count(orders) or count(orders where total > 10).");
	s->p++;
}

/*
 * Parse names with dots between them, and the blanks after them, into the
 * path of an item.  where says, for a message, where they are expected.
 */
static void
parse_path(Parser *s, RelnavSpecItem *item, const char *where)
{
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();

		item->path_at = lappend_int(item->path_at, s->p - s->spec);
		item->path = lappend(item->path, parse_name(s, where));
		skip_blanks(s);
		if (*s->p != '.')
			return;
		s->p++;
		skip_blanks(s);
		if (*s->p == '*')
			report_spec(s, s->p, "Expected a name after \".\", but found \"*\".",
						"All columns of related rows are written as in orders(*), one of them as in customer.name.");
		where = " after \".\"";
	}
}

static RelnavSpecItem *
make_item(RelnavItemKind kind, int at)
{
	RelnavSpecItem *item = palloc0(sizeof(RelnavSpecItem));

	item->kind = kind;
	item->at = at;
	return item;
}

/*
 * Parse the clauses of a node, and the blanks after them.  Returns whether
 * there are any.
 */
static bool
parse_clauses(Parser *s, RelnavSpecNode *node)
{
	const char *start = s->p;

	if (skip_word(s, "where"))
		parse_condition(s, &node->where);
	if (skip_word(s, "order"))
		node->order_by = parse_order_by(s);
	if (skip_word(s, "limit"))
		node->limit = parse_number(s, "limit", 0, PG_INT64_MAX, &node->limit_at);
	if (skip_word(s, "offset"))
		node->offset = parse_number(s, "offset", 0, PG_INT64_MAX, &node->offset_at);
	if (skip_word(s, "depth"))
		node->depth = parse_number(s, "depth", 1, RELNAV_MAX_TREE_DEPTH,
								   &node->depth_at);
	return s->p > start;
}

/*
 * Parse what follows "order".
 */
static List *
parse_order_by(Parser *s)
{
	List	   *result = NIL;

	if (!skip_word(s, "by"))
		report_spec(s, s->p,
					psprintf("Expected \"by\" after \"order\", but found %s.",
							 describe_next(s->p)),
					CLAUSE_EXAMPLE);
	for (;;)
	{
		RelnavSpecOrder *order = palloc0(sizeof(RelnavSpecOrder));

		CHECK_FOR_INTERRUPTS();

		order->at = s->p - s->spec;
		order->column = parse_name(s, result ? " after the comma" : " after \"order by\"");
		skip_blanks(s);
		if (*s->p == '.' || *s->p == '(')
			report_spec(s, s->p,
						psprintf("Expected a comma, a clause or \")\", but found %s: rows are ordered by columns of their own.",
								 describe_next(s->p)),
						CLAUSE_EXAMPLE);
		parse_direction(s, order);
		result = lappend(result, order);
		if (*s->p != ',')
			return result;
		s->p++;
		skip_blanks(s);
	}
}

static void
parse_direction(Parser *s, RelnavSpecOrder *order)
{
	if (!skip_word(s, "asc"))
		order->descending = skip_word(s, "desc");

	/* The server's defaults: nulls are larger than everything else. */
	order->nulls_first = order->descending;
	if (skip_word(s, "nulls"))
	{
		order->nulls_first = skip_word(s, "first");
		if (!order->nulls_first && !skip_word(s, "last"))
			report_spec(s, s->p,
						psprintf("Expected \"first\" or \"last\" after \"nulls\", but found %s.",
								 describe_next(s->p)),
						CLAUSE_EXAMPLE);
	}
}

/*
 * Parse the number of a clause, and the blanks after it.  Sets *at to where
 * it is.
 */
static int64
parse_number(Parser *s, const char *clause, int64 min, int64 max, int *at)
{
	const char *end = find_word_end(s->p);
	const char *p;
	int64		result = 0;
	bool		overflow = false;

	*at = s->p - s->spec;
	for (p = s->p; p < end && *p >= '0' && *p <= '9'; p++)
		overflow = overflow ||
			pg_mul_s64_overflow(result, 10, &result) ||
			pg_add_s64_overflow(result, *p - '0', &result);
	if (p == s->p || p < end)
		report_spec(s, s->p,
					psprintf("Expected a whole number after \"%s\", but found %s.",
							 clause, describe_next(s->p)),
					CLAUSE_EXAMPLE);
	if (overflow || result < min || result > max)
		report_spec(s, s->p,
					psprintf("The number after \"%s\" must be from " INT64_FORMAT " to " INT64_FORMAT ".",
							 clause, min, max),
					CLAUSE_EXAMPLE);
	s->p = end;
	skip_blanks(s);
	return result;
}

/*
 * Find out how far the condition at s->p reaches, and go on after it.
 */
static void
parse_condition(Parser *s, RelnavSpecCondition *where)
{
	RelnavSpecErrors errors;

	where->at = s->p - s->spec;
	start_scanner(s, where->at);

	relnav_begin_spec_errors(&errors, s->spec, s->scanner_state.scanbuf, 0);
	PG_TRY();
	{
		s->p = s->spec + find_condition_end(s, where);
	}
	PG_CATCH();
	{
		relnav_rethrow_spec_error(&errors);
	}
	PG_END_TRY();
	relnav_end_spec_errors(&errors);

	if (where->length == 0)
		report_spec(s, s->p,
					psprintf("Expected a condition after \"where\", but found %s.",
							 describe_next(s->p)),
					CLAUSE_EXAMPLE);
}

/*
 * Have the server's scanner read on from this place of the spec.
 *
 * Between the last condition and this one it finds blanks.  The first of
 * these characters is still as it was, because the scanner puts it back, but
 * after a condition it is a blank, a comma or a parenthesis.
 */
static void
start_scanner(Parser *s, int start)
{
	if (s->scanner == NULL)
	{
		check_nested_comments(s);
		s->scanner = scanner_init(s->spec, &s->scanner_state, &no_keywords, NULL);

		/* The warning will come from whoever parses the condition. */
		RelnavSilenceScanner(&s->scanner_state);
	}
	memset(s->scanner_state.scanbuf + s->scanned, ' ', start - s->scanned);
}

/*
 * The server's scanner takes the beginning of a comment together with all
 * operator characters that follow, only to put these back.  For "/" and "*"
 * in turns, half a million times, it would take minutes, in which it cannot
 * be interrupted.  So they are counted before it begins.
 */
static void
check_nested_comments(Parser *s)
{
	const char *p;
	int			n = 0;

	for (p = s->spec; *p; p++)
	{
		if (p[0] == '/' && p[1] == '*')
		{
			if (++n > MAX_NESTED_COMMENTS)
				report_spec(s, p, "Too many comments begin in each other.",
							CLAUSE_EXAMPLE);
			p++;
		}
		else if (strchr("~!@#^&|`?+-*/%<>=", *p) == NULL)
			n = 0;
	}
}

/*
 * Read the condition with the server's scanner.  It ends before a parenthesis
 * that closes more than the condition has opened, before the reserved words
 * ORDER, LIMIT and OFFSET, and before "depth" and a number: no expression has
 * a number after a name.  Sets the condition's length, and returns where what
 * follows it is.
 */
static int
find_condition_end(Parser *s, RelnavSpecCondition *where)
{
	int			nesting = 0;
	int			previous = 0;
	int			end = where->at;	/* of the condition so far */
	int			depth_at = -1;	/* "depth", if it is the last token, */
	int			depth_end = 0;	/* and where the condition ends before it */
	int			signs = 0;		/* that stand side by side here */
	bool		first = true;

	for (;;)
	{
		core_YYSTYPE value;
		int			at;
		int			token;
		const char *word;
		int			length;
		bool		is_depth = false;

		CHECK_FOR_INTERRUPTS();

		token = core_yylex(&value, &at, s->scanner);

		/* What comes before the condition has been read as something else. */
		if (first && at < where->at)
		{
			s->scanned = at + strlen(s->scanner_state.scanbuf + at);
			continue;
		}
		check_comments(s, first ? where->at : s->scanned, at);
		first = false;

		/* These, too, are taken together, and put back but for one. */
		if (token != '+' && token != '-')
			signs = 0;
		else if (at > s->scanned)
			signs = 1;
		else if (++signs > MAX_SIGNS)
			report_spec(s, s->spec + at, "Too many signs stand side by side.",
						"Put parentheses or blanks between them.");

		word = s->spec + at;
		length = strlen(s->scanner_state.scanbuf + at);
		s->scanned = at + length;

		if (token == 0)
			report_spec(s, word,
						nesting > 0
						? "A parenthesis in the condition is not closed."
						: "Expected \")\" after the condition, but found the end.",
						CLAUSE_EXAMPLE);
		if (nesting == 0)
		{
			if (token == ')')
			{
				where->length = end - where->at;
				return at;
			}
			if (token == TOKEN_IDENT && *word != '"' && previous != '.')
			{
				if (is_word(word, length, "order") ||
					is_word(word, length, "limit") ||
					is_word(word, length, "offset"))
				{
					where->length = end - where->at;
					return at;
				}
				is_depth = is_word(word, length, "depth");
			}
			if ((token == TOKEN_ICONST || token == TOKEN_FCONST) && depth_at >= 0)
			{
				where->length = depth_end - where->at;
				return depth_at;
			}
		}
		if (token == '(')
			nesting++;
		else if (token == ')')
			nesting--;

		depth_at = is_depth ? at : -1;
		depth_end = end;
		end = s->scanned;
		previous = token;
	}
}

/*
 * What lies between two tokens is blanks and comments.  A comment that runs
 * to the end of the line could hide the parenthesis that closes the node, so
 * we do not take those.
 */
static void
check_comments(Parser *s, int from, int to)
{
	const char *p = s->spec + from;
	const char *end = s->spec + to;
	int			depth = 0;		/* comments stand in each other */

	while (p < end)
	{
		if (p[0] == '/' && p[1] == '*')
		{
			depth++;
			p += 2;
		}
		else if (depth > 0 && p[0] == '*' && p[1] == '/')
		{
			depth--;
			p += 2;
		}
		else if (depth == 0 && p[0] == '-')
			report_spec(s, p,
						"A comment that runs to the end of the line cannot stand in a condition.",
						"Write it between /* and */.");
		else
			p++;
	}
}

/* Does a clause stand here, where an item could not? */
static bool
at_clause(Parser *s)
{
	return at_word(s, "where") || at_word(s, "order") || at_word(s, "limit") ||
		at_word(s, "offset") || at_word(s, "depth");
}

/*
 * Does a clause stand here, where an item could?
 */
static bool
at_leading_clause(Parser *s)
{
	const char *end;
	const char *next;

	if (!at_clause(s))
		return false;

	end = find_word_end(s->p);
	next = after_blanks(end);
	if (at_word(s, "where"))
		return *next != '\0' && strchr(",).:", *next) == NULL;
	if (at_word(s, "order"))
		return is_word(next, find_word_end(next) - next, "by");
	return *next >= '0' && *next <= '9';
}

/* Is this word, without quotes and in any case, the next? */
static bool
at_word(Parser *s, const char *word)
{
	return is_word(s->p, find_word_end(s->p) - s->p, word);
}

/* If it is, skip it and the blanks after it. */
static bool
skip_word(Parser *s, const char *word)
{
	if (!at_word(s, word))
		return false;
	s->p += strlen(word);
	skip_blanks(s);
	return true;
}

/* The end of the name without quotes at p, which is p if there is none. */
static const char *
find_word_end(const char *p)
{
	while (relnav_is_segment_char((unsigned char) *p))
		p++;
	return p;
}

static bool
is_word(const char *p, int length, const char *word)
{
	return (int) strlen(word) == length && pg_strncasecmp(p, word, length) == 0;
}

/* Parse a name.  where says, for a message, where it is expected. */
static char *
parse_name(Parser *s, const char *where)
{
	const char *detail;
	const char *end;

	resetStringInfo(&s->name);
	end = relnav_scan_segment(s->p, where, &s->name, &detail);
	if (end == NULL)
		report_spec(s, s->p, detail, EXAMPLE);
	s->p = end;
	return pnstrdup(s->name.data, s->name.len);
}

static void
skip_blanks(Parser *s)
{
	s->p = after_blanks(s->p);
}

static const char *
after_blanks(const char *p)
{
	while (scanner_isspace(*p))
		p++;
	return p;
}

/* The word or the character at p, for a message. */
static char *
describe_next(const char *p)
{
	int			length = find_word_end(p) - p;

	if (length == 0)
		return relnav_describe_found(p);
	return psprintf("\"%s\"", pnstrdup(p, pg_mbcliplen(p, length, NAMEDATALEN)));
}

/* What may somebody have meant who goes on like this after an item? */
static const char *
hint_after_item(const char *p, const char *otherwise)
{
	if (is_word(p, find_word_end(p) - p, "as"))
		return "An alias stands before the item, as in total: amount.";
	if (*p && (strchr("~!@#^&|`?+-*/%<>=[", *p) != NULL || strncmp(p, "::", 2) == 0))
		return "An item is the name of a column or a relationship, in double quotes where it has other characters; an expression needs a view or a generated column.";
	return otherwise;
}

static void
report_spec(Parser *s, const char *at, const char *detail, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("invalid tree spec"),
			 errdetail_internal("%s\n%s", detail,
								relnav_mark_spec(s->spec, at - s->spec)),
			 errhint("%s", hint)));
}

/*
 * From here on, and until relnav_end_spec_errors(), the server reads a part
 * of a spec, which begins at part_at.
 *
 * Where the server says a fault is would be taken for a place in the user's
 * statement.  We note it and take it away.  Who catches the error calls
 * relnav_rethrow_spec_error().
 */
void
relnav_begin_spec_errors(RelnavSpecErrors *errors, const char *spec,
						 const char *part, int part_at)
{
	errors->spec = spec;
	errors->part = part;
	errors->part_at = part_at;
	errors->position = 0;
	errors->context = CurrentMemoryContext;
	errors->callback.callback = note_error_position;
	errors->callback.arg = errors;
	errors->callback.previous = error_context_stack;
	error_context_stack = &errors->callback;
}

void
relnav_end_spec_errors(RelnavSpecErrors *errors)
{
	error_context_stack = errors->callback.previous;
}

static void
note_error_position(void *arg)
{
	RelnavSpecErrors *errors = arg;

	if (geterrposition() > 0)
	{
		errors->position = geterrposition();
		errposition(0);
	}
}

/* What helps with an error that the server finds in a condition; or NULL. */
static char *
get_condition_hint(int sqlerrcode)
{
	switch (sqlerrcode)
	{
		case ERRCODE_UNDEFINED_COLUMN:
		case ERRCODE_UNDEFINED_TABLE:
			return _("A condition has the columns of its own node, without the name of a table.");
		case ERRCODE_UNDEFINED_PARAMETER:
			return _("Write the value itself, as format('... where id = %L', value) does.");
		default:
			return NULL;
	}
}

/*
 * To be called in PG_CATCH: raise the error again.  If the server has said
 * where in the part the fault is, the detail shows the place in the spec.
 */
void
relnav_rethrow_spec_error(RelnavSpecErrors *errors)
{
	ErrorData  *edata;
	const char *p = errors->part;
	char	   *mark;
	int			i;

	relnav_end_spec_errors(errors);
	if (errors->position == 0)
		PG_RE_THROW();

	MemoryContextSwitchTo(errors->context);
	edata = CopyErrorData();
	FlushErrorState();

	/* The position counts characters, from 1. */
	for (i = 1; i < errors->position && *p; i++)
		p += pg_mblen(p);
	mark = relnav_mark_spec(errors->spec, errors->part_at + (p - errors->part));
	edata->detail = psprintf("%s\n%s",
							 edata->detail ? edata->detail : _("In the spec:"), mark);

	if (edata->hint == NULL)
		edata->hint = get_condition_hint(edata->sqlerrcode);

	/* Messages about what is not closed quote all that follows. */
	if (strlen(edata->message) > 200)
		edata->message = psprintf("%s...",
								  pnstrdup(edata->message,
										   pg_mbcliplen(edata->message, strlen(edata->message), 200)));
	ReThrowError(edata);
}

/*
 * The line of a spec that a fault is in, and a line with a caret under it.
 *
 * at is an offset in bytes.  Of a long line only what is around it is shown.
 * Tabs and other control characters are shown as spaces.  The result is
 * palloc'd.
 */
char *
relnav_mark_spec(const char *spec, int at)
{
	StringInfoData buf;
	const char *fault = spec + at;
	const char *start;
	const char *end;
	const char *p;
	int			columns = 0;
	int			caret;

	/* The end is shown after the last thing there is. */
	if (*fault == '\0')
		while (fault > spec && scanner_isspace(fault[-1]))
			fault--;

	/* The line begins after the last line break before the fault ... */
	for (start = fault; start > spec && start[-1] != '\n' && start[-1] != '\r'; start--)
		;

	/* ... but we show no more than so much before it. */
	initStringInfo(&buf);
	for (p = start; p < fault; p += pg_mblen(p))
		columns += get_columns(p);
	if (columns > MARK_COLUMNS_BEFORE)
	{
		appendStringInfoString(&buf, "...");
		while (columns > MARK_COLUMNS_BEFORE)
		{
			columns -= get_columns(start);
			start += pg_mblen(start);
		}
	}
	caret = buf.len + columns;

	columns = caret;
	for (end = fault; *end && *end != '\n' && *end != '\r'; end += pg_mblen(end))
	{
		columns += get_columns(end);
		if (columns > MARK_COLUMNS)
			break;
	}

	for (p = start; p < end; p += pg_mblen(p))
	{
		if ((unsigned char) *p < ' ' || *p == 0x7f)
			appendStringInfoChar(&buf, ' ');
		else
			appendBinaryStringInfo(&buf, p, pg_mblen(p));
	}
	if (columns > MARK_COLUMNS)
		appendStringInfoString(&buf, "...");
	appendStringInfo(&buf, "\n%*s^", caret, "");
	return buf.data;
}

/* How many columns of a terminal does the character at p take? */
static int
get_columns(const char *p)
{
	if ((unsigned char) *p < ' ' || *p == 0x7f)
		return 1;
	return Max(pg_dsplen(p), 0);
}
