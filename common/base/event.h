/*
 * event - what is known of a kind of event: its topic, its struct, and every schema
 * with which somebody may have written it.
 *
 * The tables are made from schemas/ at build time. A fact row is described by the same
 * record_type, without a topic.
 */
#ifndef KERJA_BASE_EVENT_H
#define KERJA_BASE_EVENT_H

#include "base/field.h"

#include <stdint.h>

struct writer_schema {
    /* CRC-64-AVRO of the Parsing Canonical Form (Avro 1.11, "Schema Fingerprints"). */
    uint64_t fingerprint;
    const char *json;
};

struct event_type {
    const char *topic;   /* "application.submitted"                    */
    const char *ce_type; /* "org.kerja.application.submitted.v1"       */
    const char *key;     /* name of the member that is the record key  */
    bool personal;       /* topic marked P: some member is personal    */
    const struct record_type *record;
    const struct writer_schema *schemas; /* newest first; [0] is what we write     */
    size_t schema_count;
};

#endif
