/*
 * document - a YAML file as a tree whose every node knows its line, and the faults found in it.
 *
 * A fault does not end the reading; the officer who wrote the file is told all of them. libyaml
 * reads the text; a second document is refused.
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

#endif
