/*
 * json - events as people read and write them.
 *
 * Reading takes Avro's JSON encoding (Avro 1.11 specification, "JSON Encoding") and the
 * plainer form that people write: an optional value with or without its {"type": ...}
 * wrapper, a member with a default left out, a day as "2020-04-11", an instant in RFC
 * 3339, an amount as "600000.00"; days, instants also as raw numbers. Amounts as Avro's
 * string of bytes are taken where they cannot be mistaken for digits. A member that the
 * schema lacks is refused: it is a spelling mistake more often than not.
 *
 * Writing gives the plain forms, one line, members in the schema's order, absent ones left out.
 */
#ifndef KERJA_DECODE_JSON_H
#define KERJA_DECODE_JSON_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/event.h"

/* Reads one JSON object into `event` (written on success only), with the same checks as
 * decode.h. REJECT names the member and what was expected, never the value; RETRY: the arena
 * is full. Everything in `event` lives in the arena. */
enum outcome event_from_json(const struct event_type *type, struct slice json,
                             struct arena *arena, void *event, struct error *error);

/* The same for a record without a topic. */
enum outcome record_from_json(const struct record_type *type, struct slice json,
                              struct arena *arena, void *record, struct error *error);

/* Appends the record as one JSON object. With `hide_personal` every personal member is
 * written as "(hidden)". Bytes are written in base16. */
void record_to_json(const struct record_type *type, const void *record, bool hide_personal,
                    struct buffer *buffer);

#endif
