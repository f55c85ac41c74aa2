/*
 * document - a YAML file as a tree whose every node knows its line, and the faults found in it.
 *
 * Records are read by a table of their keys: what is written there is checked once, for
 * every key alike. A fault does not end the reading; the officer who wrote the file is told all
 * of them. libyaml reads the text; a second document is refused.
 */
#ifndef KERJA_RULES_DOCUMENT_H
#define KERJA_RULES_DOCUMENT_H

#include "base/arena.h"
#include "base/calendar.h"
#include "base/slice.h"
#include "rules/programme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

enum { FAULT_TEXT_SIZE = 400, DOCUMENT_BOUND = 4 << 20 };

struct fault {
    size_t line, column;
    char text[FAULT_TEXT_SIZE];
};

struct document {
    const char *name;
    yaml_document_t yaml;
    struct arena *arena; /* what is read lives here */
    struct fault faults[PROGRAMME_FAULTS];
    size_t fault_count;            /* may exceed the bound: what is beyond it was not kept */
    struct slice currency;         /* of the file, known before any amount is read */
    const struct slice *languages; /* of the file, likewise                        */
    size_t language_count;
};

typedef const yaml_node_t node;

/* Parses the text. False, with a fault, when it is no YAML or too large; document_release() in
 * any case. */
bool document_parse(struct document *document, struct slice text, const char *name,
                    struct arena *arena);
void document_release(struct document *document);

/* The outermost node, a mapping; NULL, with a fault, for anything else. */
node *document_root(struct document *document);

/* Keeps a fault at a node: "found X, expected Y". */
void document_fault(struct document *document, node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Orders the faults by line and column. */
void document_sort_faults(struct document *document);

/* Zeroed memory that lives with the programme; NULL, with a fault, when the file is too large.
 */
void *document_alloc(struct document *document, size_t count, size_t size);

/* Adds a zeroed item to a list that begins as NULL and 0; NULL, with a fault, when there is no
 * room. Items move when the list grows. */
void *list_add(struct document *document, void **items, size_t *count, size_t size);

/* Scalars. Each returns false with a fault when the node is something else. */
bool node_text(struct document *document, node *at, struct slice *text);
bool node_number(struct document *document, node *at, int64_t *number);
bool node_flag(struct document *document, node *at, bool *flag);
bool node_day(struct document *document, node *at, epoch_day *day);
bool node_amount(struct document *document, node *at,
                 int64_t *hundredths); /* "IDR 600000.00" */
bool node_texts(struct document *document, node *at,
                struct texts *texts); /* {id: ..., en: ...} */
bool node_is(node *at, const char *text);

/* The index of the node's text in a NULL-terminated list; false with a fault that names them.
 */
bool node_choice(struct document *document, node *at, const char *const *choices, int *choice);

/* Sequences: the number of items (0 with a fault when it is none), and one of them. */
size_t node_count(struct document *document, node *at);
node *node_item(struct document *document, node *at, size_t index);

/* A list of texts, copied. */
bool node_list(struct document *document, node *at, const struct slice **items, size_t *count);

/* Mappings: the value of a key, or NULL. */
node *node_member(struct document *document, node *at, const char *key);

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
