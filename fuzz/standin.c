/*-------------------------------------------------------------------------
 *
 * standin.c
 *	  What the parsers need of a server, where there is none.
 *
 * The server's own source gives the scanner, lists, string buffers and
 * encodings: fuzz/run compiles those files.  This file stands in for the two
 * parts that cannot come along, because they would bring the whole server:
 * memory contexts and error reports.
 *
 * Each palloc is a malloc, so that AddressSanitizer sees where each chunk
 * begins and ends and when it was freed.  There is one context, and it is
 * emptied after each input.  An error jumps to the innermost PG_TRY, after
 * the error context callbacks have been called, as in the server.  Warnings
 * are not looked at.
 *
 * Functions of the server that no input leads to are missing.  A call to one
 * of them ends at address 0, and so as a finding.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sanitizer/asan_interface.h>

#include "fuzz/standin.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/*
 * A parser's memory may grow with its input, but no faster.  These are bytes
 * over the whole of one run, freed ones too.
 */
#define MAX_BYTES_ONCE (256 * 1024)
#define MAX_BYTES_PER_BYTE 2048

/* What stands before each chunk.  Nobody else may touch it. */
typedef struct Chunk
{
	struct Chunk *previous;
	struct Chunk *next;
	Size		size;
	Size		unused;			/* keeps chunks aligned */
} Chunk;

static Chunk *chunks = NULL;
static Size allocated = 0;
static ErrorData error;			/* the one being made, or raised */
static bool failing = false;	/* is there one? */

MemoryContext CurrentMemoryContext = NULL;
MemoryContext TopMemoryContext = NULL;
sigjmp_buf *PG_exception_stack = NULL;
ErrorContextCallback *error_context_stack = NULL;
volatile sig_atomic_t InterruptPending = false;


/* ----- memory ----- */

static Chunk *
get_chunk(void *pointer)
{
	Chunk	   *chunk = (Chunk *) pointer - 1;

	ASAN_UNPOISON_MEMORY_REGION(chunk, sizeof(Chunk));
	return chunk;
}

static void *
add_chunk(Chunk *chunk, Size size)
{
	REQUIRE(chunk != NULL);
	chunk->size = size;
	chunk->previous = NULL;
	chunk->next = chunks;
	if (chunks)
	{
		get_chunk(chunks + 1)->previous = chunk;
		ASAN_POISON_MEMORY_REGION(chunks, sizeof(Chunk));
	}
	chunks = chunk;
	allocated += size;
	ASAN_POISON_MEMORY_REGION(chunk, sizeof(Chunk));
	return chunk + 1;
}

static void
remove_chunk(Chunk *chunk)
{
	if (chunk->next)
	{
		get_chunk(chunk->next + 1)->previous = chunk->previous;
		ASAN_POISON_MEMORY_REGION(chunk->next, sizeof(Chunk));
	}
	if (chunk->previous)
	{
		get_chunk(chunk->previous + 1)->next = chunk->next;
		ASAN_POISON_MEMORY_REGION(chunk->previous, sizeof(Chunk));
	}
	else
		chunks = chunk->next;
}

void *
palloc(Size size)
{
	REQUIRE(AllocSizeIsValid(size));
	return add_chunk(malloc(sizeof(Chunk) + size), size);
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void *
repalloc(void *pointer, Size size)
{
	void	   *result = palloc(size);

	/* Always to another place: the old one must not be used any more. */
	memcpy(result, pointer, Min(get_chunk(pointer)->size, size));
	pfree(pointer);
	return result;
}

void
pfree(void *pointer)
{
	Chunk	   *chunk = get_chunk(pointer);

	remove_chunk(chunk);
	free(chunk);
}

void *
MemoryContextAlloc(MemoryContext context, Size size)
{
	return palloc(size);
}

void *
MemoryContextAllocZeroAligned(MemoryContext context, Size size)
{
	return palloc0(size);
}

void *
MemoryContextAllocZero(MemoryContext context, Size size)
{
	return palloc0(size);
}

char *
pstrdup(const char *string)
{
	return strcpy(palloc(strlen(string) + 1), string);
}

char *
pnstrdup(const char *string, Size length)
{
	char	   *result;

	length = strnlen(string, length);
	result = memcpy(palloc(length + 1), string, length);
	result[length] = '\0';
	return result;
}


/* ----- errors ----- */

bool
errstart(int elevel, const char *domain)
{
	if (elevel < ERROR)
		return false;
	REQUIRE(!failing);			/* while another error is being made */
	memset(&error, 0, sizeof(error));
	error.elevel = elevel;
	error.sqlerrcode = ERRCODE_INTERNAL_ERROR;
	failing = true;
	return true;
}

bool
errstart_cold(int elevel, const char *domain)
{
	return errstart(elevel, domain);
}

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	ErrorContextCallback *callback;

	for (callback = error_context_stack; callback; callback = callback->previous)
		callback->callback(callback->arg);
	pg_re_throw();
}

void
pg_re_throw(void)
{
	REQUIRE(failing && PG_exception_stack != NULL);
	siglongjmp(*PG_exception_stack, 1);
}

void
ReThrowError(ErrorData *edata)
{
	REQUIRE(!failing);
	error = *edata;
	failing = true;
	pg_re_throw();
}

ErrorData *
CopyErrorData(void)
{
	ErrorData  *result = palloc(sizeof(ErrorData));

	REQUIRE(failing);
	*result = error;
	return result;
}

void
FlushErrorState(void)
{
	failing = false;
}

int
errcode(int sqlerrcode)
{
	error.sqlerrcode = sqlerrcode;
	return 0;
}

int
errposition(int cursorpos)
{
	error.cursorpos = cursorpos;
	return 0;
}

int
geterrcode(void)
{
	return error.sqlerrcode;
}

int
geterrposition(void)
{
	return error.cursorpos;
}

#define SET_ERROR_FIELD(field) \
	do { \
		va_list		args; \
		StringInfoData buf; \
		int			needed; \
\
		initStringInfo(&buf); \
		for (;;) \
		{ \
			va_start(args, format); \
			needed = appendStringInfoVA(&buf, format, args); \
			va_end(args); \
			if (needed == 0) \
				break; \
			enlargeStringInfo(&buf, needed); \
		} \
		error.field = buf.data; \
	} while (0)

int
errmsg(const char *format,...)
{
	SET_ERROR_FIELD(message);
	return 0;
}

int
errmsg_internal(const char *format,...)
{
	SET_ERROR_FIELD(message);
	return 0;
}

int
errdetail(const char *format,...)
{
	SET_ERROR_FIELD(detail);
	return 0;
}

int
errdetail_internal(const char *format,...)
{
	SET_ERROR_FIELD(detail);
	return 0;
}

int
errhint(const char *format,...)
{
	SET_ERROR_FIELD(hint);
	return 0;
}

#if PG_VERSION_NUM >= 160000
void
ExceptionalCondition(const char *condition, const char *file, int line)
#else
void
ExceptionalCondition(const char *condition, const char *type,
					 const char *file, int line)
#endif
{
	standin_fail(condition, file, line);
}


/* ----- the rest ----- */

void
ProcessInterrupts(void)
{
}

void
check_stack_depth(void)
{
}


/* ----- for the harnesses ----- */

/*
 * Begin a run.  Returns the input as the server would pass it: valid in the
 * encoding of the database, which is UTF8, and with a zero byte at its end.
 * What is not valid becomes a question mark.
 */
char *
standin_begin(const uint8_t *data, size_t size)
{
	char	   *text = malloc(size + 1);
	size_t		i;

	SetDatabaseEncoding(PG_UTF8);
	REQUIRE(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	for (i = 0; i < size;)
	{
		int			length = pg_utf_mblen((unsigned char *) text + i);

		if (i + length <= size && text[i] != '\0' &&
			pg_utf8_islegal((unsigned char *) text + i, length))
			i += length;
		else
			text[i++] = '?';
	}
	allocated = 0;
	return text;
}

/*
 * Call the function.  Returns NULL, or the error that it has raised.
 */
ErrorData *
standin_try(void (*function) (void *arg), void *arg)
{
	ErrorData  *volatile result = NULL;

	PG_TRY();
	{
		function(arg);
	}
	PG_CATCH();
	{
		result = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	REQUIRE(!failing && error_context_stack == NULL);
	return result;
}

/* Is this something a message can consist of? */
bool
standin_is_text(const char *text)
{
	return text != NULL && text[0] != '\0' &&
		pg_verify_mbstr(PG_UTF8, text, strlen(text), true);
}

/*
 * End the run that has returned this text.
 */
void
standin_end(char *text)
{
	REQUIRE(allocated <= MAX_BYTES_ONCE + MAX_BYTES_PER_BYTE * strlen(text));
	while (chunks)
		pfree(chunks + 1);
	free(text);
}

/* Does not return: the fuzzer keeps the input. */
void
standin_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, condition);
	if (failing && error.message)
		fprintf(stderr, "error: %s\n", error.message);
	abort();
}
