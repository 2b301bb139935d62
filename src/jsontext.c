/*-------------------------------------------------------------------------
 *
 * jsontext.c
 *	  Values as json text, written once.
 *
 * Every value comes out as to_json() would write it, but what to_json() has
 * to find out about its type for each value is found out here once for each
 * column.  Common types are written without a call of a function; others by
 * their output function.  What has parts of its own (arrays, rows), or a cast
 * to json that somebody made, is left to to_json() itself.
 *
 * The text goes into an arena: chunks of memory that are filled from their
 * beginning to their end and thrown away together.  Only the piece that is
 * being written may have to move, to a new chunk.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "common/jsonapi.h"
#include "compat.h"
#include "jsontext.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Chunks begin small, as most trees are, and double. */
#define FIRST_CHUNK ((Size) 4 * 1024)
#define LARGEST_CHUNK ((Size) 1024 * 1024)

static RelnavWriterKind get_writer_kind(Oid type);
static void init_to_json(FmgrInfo *function, Oid type);
static void write_text(RelnavArena *arena, Datum value, bool is_json);
static void write_datetime(RelnavArena *arena, Datum value, Oid type);
static void write_string(RelnavArena *arena, const char *string,
						 Size length);
static void write_escaped(RelnavArena *arena, const char *string,
						  Size length);

/*
 * Find out how the values of a type, or of a domain over it, are written.
 *
 * What the writer needs is allocated in the current memory context, and has
 * to live as long as the writer.
 */
void
relnav_init_writer(RelnavWriter *writer, Oid type)
{
	Oid			outfunc;
	bool		isvarlena;

	writer->type = getBaseType(type);
	writer->kind = get_writer_kind(writer->type);
	switch (writer->kind)
	{
		case RELNAV_WRITE_NUMBER:
		case RELNAV_WRITE_OUTPUT:
		case RELNAV_WRITE_STRING:
			getTypeOutputInfo(writer->type, &outfunc, &isvarlena);
			fmgr_info(outfunc, &writer->function);
			break;
		case RELNAV_WRITE_TO_JSON:
			init_to_json(&writer->function, writer->type);
			break;
		default:
			break;
	}
}

/* The same distinctions as to_json() makes. */
static RelnavWriterKind
get_writer_kind(Oid type)
{
	CoercionPathType pathway;
	Oid			cast;

	switch (type)
	{
		case BOOLOID:
			return RELNAV_WRITE_BOOL;
		case INT2OID:
			return RELNAV_WRITE_INT2;
		case INT4OID:
			return RELNAV_WRITE_INT4;
		case INT8OID:
			return RELNAV_WRITE_INT8;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return RELNAV_WRITE_TEXT;
		case JSONOID:
			return RELNAV_WRITE_JSON;
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return RELNAV_WRITE_DATETIME;
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return RELNAV_WRITE_NUMBER;
		case JSONBOID:
			return RELNAV_WRITE_OUTPUT;
	}
	if (OidIsValid(get_element_type(type)) || type_is_rowtype(type) ||
		type == ANYARRAYOID)
		return RELNAV_WRITE_TO_JSON;
	if (type >= FirstNormalObjectId)
	{
		pathway = find_coercion_pathway(JSONOID, type, COERCION_EXPLICIT, &cast);
		if (pathway == COERCION_PATH_FUNC && OidIsValid(cast))
			return RELNAV_WRITE_TO_JSON;
	}
	return RELNAV_WRITE_STRING;
}

/* to_json(), called with an argument of this type. */
static void
init_to_json(FmgrInfo *function, Oid type)
{
	Const	   *argument = makeNullConst(type, -1, get_typcollation(type));

	fmgr_info(F_TO_JSON, function);
	fmgr_info_set_expr((Node *) makeFuncExpr(F_TO_JSON, JSONOID,
											 list_make1(argument), InvalidOid,
											 InvalidOid, COERCE_EXPLICIT_CALL),
					   function);
}

/*
 * Begin an arena, whose chunks are made in the context and go with it.
 */
void
relnav_init_arena(RelnavArena *arena, MemoryContext context)
{
	memset(arena, 0, sizeof(RelnavArena));
	arena->context = context;
	arena->next_chunk = FIRST_CHUNK;
}

/*
 * Go on in a new chunk, which has room for so many bytes more than the piece
 * has already.  Raises an error if one piece is larger than any value may be.
 */
void
relnav_grow_arena(RelnavArena *arena, Size room)
{
	Size		done = arena->next - arena->piece;
	Size		chunk = arena->next_chunk;
	char	   *piece;

	if (room > MaxAllocSize - done)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a row of the tree is too large"),
				 errdetail("Its json text would exceed %zu bytes.", MaxAllocSize)));

	/*
	 * Twice what is there already, so that a long piece moves seldom; but not
	 * so much that it could become too long without coming here again.
	 */
	if (chunk < 2 * done + room)
		chunk = Min(2 * done + room, MaxAllocSize);
	piece = MemoryContextAllocHuge(arena->context, chunk);
	if (done > 0)
		memcpy(piece, arena->piece, done);
	arena->piece = piece;
	arena->next = piece + done;
	arena->limit = piece + chunk;
	if (arena->next_chunk < LARGEST_CHUNK)
		arena->next_chunk *= 2;
}

/*
 * Append a value, which is not null.
 *
 * Leaves garbage in the current memory context, which the caller resets.
 */
void
relnav_write_value(RelnavArena *arena, RelnavWriter *writer, Datum value)
{
	char	   *string;
	Size		length;

	switch (writer->kind)
	{
		case RELNAV_WRITE_BOOL:
			if (DatumGetBool(value))
				relnav_write_bytes(arena, "true", 4);
			else
				relnav_write_bytes(arena, "false", 5);
			break;

		case RELNAV_WRITE_INT2:
			relnav_reserve(arena, 12);
			arena->next += pg_ltoa(DatumGetInt16(value), arena->next);
			break;

		case RELNAV_WRITE_INT4:
			relnav_reserve(arena, 12);
			arena->next += pg_ltoa(DatumGetInt32(value), arena->next);
			break;

		case RELNAV_WRITE_INT8:
			relnav_reserve(arena, MAXINT8LEN + 1);
			arena->next += pg_lltoa(DatumGetInt64(value), arena->next);
			break;

		case RELNAV_WRITE_TEXT:
			write_text(arena, value, false);
			break;

		case RELNAV_WRITE_JSON:
			write_text(arena, value, true);
			break;

		case RELNAV_WRITE_DATETIME:
			write_datetime(arena, value, writer->type);
			break;

		case RELNAV_WRITE_NUMBER:
			string = OutputFunctionCall(&writer->function, value);
			length = strlen(string);
			if (IsValidJsonNumber(string, length))
				relnav_write_bytes(arena, string, length);
			else
				write_string(arena, string, length);
			break;

		case RELNAV_WRITE_OUTPUT:
			string = OutputFunctionCall(&writer->function, value);
			relnav_write_bytes(arena, string, strlen(string));
			break;

		case RELNAV_WRITE_STRING:
			string = OutputFunctionCall(&writer->function, value);
			write_string(arena, string, strlen(string));
			break;

		case RELNAV_WRITE_TO_JSON:
			write_text(arena, FunctionCall1(&writer->function, value), true);
			break;
	}
}

/* A value that is stored as text. */
static void
write_text(RelnavArena *arena, Datum value, bool is_json)
{
	text	   *stored = DatumGetTextPP(value);

	if (is_json)
		relnav_write_bytes(arena, VARDATA_ANY(stored),
						   VARSIZE_ANY_EXHDR(stored));
	else
		write_string(arena, VARDATA_ANY(stored),
					 VARSIZE_ANY_EXHDR(stored));
}

static void
write_datetime(RelnavArena *arena, Datum value, Oid type)
{
	char		written[MAXDATELEN + 1];

	JsonEncodeDateTime(written, value, type, NULL);
	relnav_reserve(arena, MAXDATELEN + 2);
	*arena->next++ = '"';
	memcpy(arena->next, written, strlen(written));
	arena->next += strlen(written);
	*arena->next++ = '"';
}

/*
 * Append text as a json string.
 *
 * Nearly all text has nothing to be escaped, so eight bytes at a time are
 * looked at, and copied.  A byte that needs care is below 0x20, or '"', or
 * '\'; the tests below set its highest bit, and never miss one.  They can
 * take another byte for one that needs care: then we look again, slowly.
 */
static void
write_string(RelnavArena *arena, const char *string, Size length)
{
	const uint64 ones = UINT64CONST(0x0101010101010101);
	const uint64 highest = UINT64CONST(0x8080808080808080);
	char	   *to;
	Size		i = 0;

	relnav_reserve(arena, length + 2);
	to = arena->next;
	*to++ = '"';
	for (; i + sizeof(uint64) <= length; i += sizeof(uint64))
	{
		uint64		bytes;
		uint64		control;
		uint64		quote;
		uint64		backslash;

		memcpy(&bytes, string + i, sizeof(uint64));
		control = (bytes - ones * 0x20) & ~bytes;
		quote = bytes ^ (ones * '"');
		quote = (quote - ones) & ~quote;
		backslash = bytes ^ (ones * '\\');
		backslash = (backslash - ones) & ~backslash;
		if (unlikely((control | quote | backslash) & highest))
		{
			write_escaped(arena, string, length);
			return;
		}
		memcpy(to + i, &bytes, sizeof(uint64));
	}
	for (; i < length; i++)
	{
		unsigned char c = string[i];

		if (unlikely(c < ' ' || c == '"' || c == '\\'))
		{
			write_escaped(arena, string, length);
			return;
		}
		to[i] = c;
	}
	to += length;
	*to++ = '"';
	arena->next = to;
}

/* The same by the server's own function. */
static void
write_escaped(RelnavArena *arena, const char *string, Size length)
{
	StringInfoData buf;

	initStringInfo(&buf);
	escape_json(&buf, pnstrdup(string, length));
	relnav_write_bytes(arena, buf.data, buf.len);
}
