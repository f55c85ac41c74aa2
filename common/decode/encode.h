/*
 * encode - our structs as Avro bytes, and those same bytes back.
 *
 * We write one schema only, our newest, so writing needs no Avro library: the field table is
 * the schema. What was written here by the same build (cache entries, nested columns of a
 * row, decision segments) is read back by decode_record(), which expects exactly that
 * schema; bytes that may outlive a deployment have their row's fingerprint beside them (base/row.h).
 */
#ifndef KERJA_DECODE_ENCODE_H
#define KERJA_DECODE_ENCODE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/event.h"

/* Appends C3 01, the fingerprint of type->schemas[0] and the body. */
void encode_event(const struct event_type *type, const void *event, struct buffer *buffer);

/* Appends the body alone. */
void encode_record(const struct record_type *type, const void *record, struct buffer *buffer);

/* Reads a body that encode_record() wrote for the same type; texts, bytes and lists are
 * copied into the arena. False, and `record` untouched, for anything else and when the
 * arena is full. */
bool decode_record(const struct record_type *type, struct slice body, struct arena *arena,
                   void *record);

/* A count and so many bodies: how a repeated nested record is kept in one column. `items` are
 * `count` structs of type->size bytes. decode_list() writes `list` on success only. */
void encode_list(const struct record_type *type, const struct list *list,
                 struct buffer *buffer);
bool decode_list(const struct record_type *type, struct slice body, struct arena *arena,
                 struct list *list);

#endif
