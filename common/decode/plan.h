/*
 * plan - how a body that was written with one schema becomes one of our structs.
 *
 * Made once per writer schema, from the schema as Avro C parsed it: for every member of the
 * writer the member of ours that takes it, or none, and then its bytes are skipped; symbols by
 * name; our defaults for what the writer lacks.
 *
 * The plan reads the bytes itself. Avro C parses the schema and could build its own values
 * first, but that takes five times as long (tests/bench/bare_decode), bounds neither the
 * count of a block nor its negation (AVRO-4275, AVRO-4279), and cannot say how many bytes
 * it has read. fastavro is the oracle of what a plan reads (tests/contract), Avro C that
 * of the fuzzer.
 */
#ifndef KERJA_DECODE_PLAN_H
#define KERJA_DECODE_PLAN_H

#include "base/error.h"
#include "base/field.h"

struct plan;
struct reading;

/* NULL with the reason when the JSON is no schema, is no record, or lacks a member that has no
 * default with us. `type` is borrowed for the plan's life. */
struct plan *plan_new(const char *schema_json, const struct record_type *type,
                      struct error *error);
void plan_free(struct plan *plan);

/* Reads a body into `record`, which must be all zero. */
bool plan_read(const struct plan *plan, struct reading *reading, void *record);

#endif
