/*
 * mapping - a mapping of a document, read into a struct by a table of its keys.
 *
 * What is written in the table is checked once, for every key alike: a key that it lacks, or has
 * twice, or misses is a fault.
 */
#ifndef KERJA_RULES_MAPPING_H
#define KERJA_RULES_MAPPING_H

#include "rules/document.h"

#include <stdbool.h>
#include <stddef.h>

enum key_kind {
    KEY_TEXT,
    KEY_TEXTS,
    KEY_INT,
    KEY_DAY,
    KEY_FLAG,
    KEY_CHOICE,
    KEY_LIST,
    KEY_NOTE,
    KEY_NODE,
    KEY_READ
};

/* One key of a record. KEY_INT writes an int, KEY_CHOICE an int-sized enum, KEY_LIST a pointer
 * to slices and, at `has`, their count; with any other kind `has` is a bool beside the value, 0
 * when there is none. KEY_NODE keeps the node itself. KEY_NOTE is for the reader of the file: a
 * text or a list, not kept. KEY_READ is read by `read`, into the whole record. */
struct key {
    const char *name;
    enum key_kind kind;
    bool required;
    size_t offset, has;
    const char *const *choices;
    void (*read)(struct document *document, node *value, void *record);
};

/* Reads a mapping by its table; keys that it lacks, or has twice, or misses are faults. */
void node_record(struct document *document, node *at, const struct key *keys, size_t key_count,
                 void *record);

#endif
