/*-------------------------------------------------------------------------
 *
 * jsontext.h
 *	  Values as json text, written once.
 *
 * Copyright (c) 2026, relnav developers
 *
 *-------------------------------------------------------------------------
 */
#ifndef RELNAV_JSONTEXT_H
#define RELNAV_JSONTEXT_H

#include "fmgr.h"

/* How the values of a type are written. */
typedef enum RelnavWriterKind
{
	RELNAV_WRITE_BOOL,
	RELNAV_WRITE_INT2,
	RELNAV_WRITE_INT4,
	RELNAV_WRITE_INT8,
	RELNAV_WRITE_TEXT,			/* stored as text, written as a string */
	RELNAV_WRITE_JSON,			/* stored as text that is json already */
	RELNAV_WRITE_DATETIME,
	RELNAV_WRITE_NUMBER,		/* by its output function, a string if that is
								 * no number */
	RELNAV_WRITE_OUTPUT,		/* by its output function, as it is */
	RELNAV_WRITE_STRING,		/* by its output function, as a string */
	RELNAV_WRITE_TO_JSON		/* by to_json() */
} RelnavWriterKind;

typedef struct RelnavWriter
{
	RelnavWriterKind kind;
	Oid			type;			/* of no domain */
	FmgrInfo	function;		/* output function, or to_json() */
} RelnavWriter;

/*
 * Text that grows at its end and is kept.  Piece after piece is written; a
 * piece is contiguous, and does not move any more when it is finished.
 */
typedef struct RelnavArena
{
	MemoryContext context;		/* where the chunks are */
	Size		next_chunk;		/* the size of the next one */
	char	   *piece;			/* the piece that is being written */
	char	   *next;			/* its end so far */
	char	   *limit;			/* the end of its chunk */
	uint64		nbytes;			/* in all finished pieces */
} RelnavArena;

extern void relnav_init_writer(RelnavWriter *writer, Oid type);
extern void relnav_init_arena(RelnavArena *arena, MemoryContext context);
extern void relnav_grow_arena(RelnavArena *arena, Size room);
extern void relnav_write_value(RelnavArena *arena, RelnavWriter *writer,
							   Datum value);

/* Make room for so many bytes more in the piece. */
static inline void
relnav_reserve(RelnavArena *arena, Size room)
{
	if (unlikely((Size) (arena->limit - arena->next) < room))
		relnav_grow_arena(arena, room);
}

/* Text as it is. */
static inline void
relnav_write_bytes(RelnavArena *arena, const char *bytes, Size length)
{
	relnav_reserve(arena, length);
	memcpy(arena->next, bytes, length);
	arena->next += length;
}

/* The piece is finished: where it is, and how long. */
static inline char *
relnav_finish_piece(RelnavArena *arena, uint32 *length)
{
	char	   *piece = arena->piece;

	*length = arena->next - piece;
	arena->nbytes += *length;
	arena->piece = arena->next;
	return piece;
}

#endif							/* RELNAV_JSONTEXT_H */
