/*
 * decode - what a Kafka value says, as one of our structs.
 *
 * A value is framed: C3 01 and the writer schema's fingerprint (Avro 1.11 specification,
 * "Single-object encoding"), or Confluent's 00 and a schema id where that id was made known.
 * The body is read with the writer's schema, which Avro C parses, and projected onto our
 * struct by a plan made once per writer schema (plan.h): members by name, symbols by name,
 * our defaults for what an older writer lacks. Avro C must not resolve schemas itself: it
 * refuses a reader's new field even with a default, and maps enums by position.
 *
 * Everything a record needs comes from the caller's arena, and lengths are measured against
 * the bytes that are there. After decoder_know_id() a decoder is only read: threads may share
 * it, each with an arena of its own.
 *
 * Accepted values keep these promises: uuids are well formed, amounts have at most 18
 * digits, texts are UTF-8 without NUL (PostgreSQL cannot store it), days lie in the years 1700 to
 * 2199, instants in 2000 to 2199, unknown symbols are 0 (UNKNOWN).
 */
#ifndef KERJA_DECODE_DECODE_H
#define KERJA_DECODE_DECODE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/event.h"
#include "base/slice.h"

struct decoder;

/* Why a value was not decoded, as dead letters name it: decode_reason_name(). */
enum decode_reason {
    DECODE_NO_VALUE,        /* a tombstone, or no byte                              */
    DECODE_UNKNOWN_FRAMING, /* neither C3 01 nor 00                                 */
    DECODE_UNKNOWN_SCHEMA,  /* no writer of this topic has that fingerprint or id    */
    DECODE_TRUNCATED,       /* the bytes end inside a value                         */
    DECODE_TRAILING_BYTES,  /* bytes are left after the record                      */
    DECODE_MALFORMED,       /* a length, branch or symbol that no writer produces   */
    DECODE_WRONG_TYPE,      /* the writer's type cannot be read as ours             */
    DECODE_BAD_UUID,
    DECODE_BAD_DECIMAL,
    DECODE_BAD_TIME,
    DECODE_BAD_UTF8,
    DECODE_ARENA_FULL, /* not the record's fault: outcome RETRY, halve the batch */
};

struct decode_failure {
    enum decode_reason reason;
    struct error error; /* one sentence that names the member, never its value */
};

/* "NO_VALUE", "UNKNOWN_FRAMING" and so on; a constant. */
const char *decode_reason_name(enum decode_reason reason);

/* Parses every writer schema of `events` and makes their plans. The table and the types
 * are borrowed for the decoder's life. NULL, with the reason in `error`, when a schema is
 * broken or there is no memory: both are our own fault. */
struct decoder *decoder_new(const struct event_type *const *events, size_t count,
                            struct error *error);
void decoder_free(struct decoder *decoder);

/* Makes Confluent's `schema_id` mean the writer schema with this fingerprint. False when no
 * event of this decoder has such a schema, or when the table of ids is full (1,024). */
bool decoder_know_id(struct decoder *decoder, uint32_t schema_id, uint64_t fingerprint);

/* Decodes a framed value into `event` (type->record->size bytes, which are written on
 * success only). Texts, bytes and lists point into the arena.
 *   OK      the event stands
 *   REJECT  the record is at fault: failure->reason and one sentence
 *   RETRY   the arena is full: reset it and come with fewer records
 *   STOP    `type` is not one of this decoder's events */
enum outcome decoder_decode(struct decoder *decoder, const struct event_type *type,
                            struct slice framed, struct arena *arena, void *event,
                            struct decode_failure *failure);

#endif
