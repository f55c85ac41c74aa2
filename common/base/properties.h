/*
 * properties - how to be safe with a server: lines "name=value" of a file, handed on as they stand to the
 * library that speaks with it.
 *
 * The file may hold a password, so it is read once, at the start, and no message holds a value. Empty lines
 * and lines that begin with '#' are passed over. Only names that begin as the caller allows are taken: a
 * file about safety cannot change how work is done.
 */
#ifndef KERJA_BASE_PROPERTIES_H
#define KERJA_BASE_PROPERTIES_H

#include "base/error.h"

#include <stddef.h>

enum { PROPERTIES = 32, PROPERTIES_BYTES = 8192 };

struct property {
    const char *name, *value;
};

struct properties {
    char text[PROPERTIES_BYTES]; /* of the file, cut into names and values */
    struct property items[PROPERTIES];
    size_t count;
};

/* What Kafka's client may be told in a file of its own. */
extern const char *const kafka_security_prefixes[];

/* Reads the file at `path`; NULL or "" is none, and gives no properties. `prefixes` ends with NULL. STOP names
 * the file and the line, and says what was expected there. `properties` must not be moved afterwards. */
enum outcome properties_read(const char *path, const char *const *prefixes,
                             struct properties *properties, struct error *error);

/* Overwrites what was read. */
void properties_release(struct properties *properties);

#endif
