/*
 * config - what a process is told by its environment, as one table.
 *
 * The table of {variable, kind, default, meaning} is the parser, the answer to `--settings`
 * and the table in docs/operations.md. Every variable is called KERJA_SOMETHING. What is
 * missing, unknown or odd is told all at once, a sentence each, and the process does not start:
 * a misspelt variable that is silently ignored costs a night.
 *
 * A member of the settings struct belongs to each kind:
 *
 *   SETTING_TEXT         const char *           any text, not empty
 *   SETTING_SECRET_FILE  const char *           path of a readable file, never read here
 *   SETTING_INT          int64_t                whole number within minimum..maximum
 *   SETTING_DURATION_MS  int64_t                "250ms" "10s" "5m" "2h"; kept in milliseconds
 *   SETTING_BYTES        int64_t                "4096" "64KiB" "512MiB" "1GiB"; kept in bytes
 *   SETTING_ADDRESS      struct config_address  "host:port", "[v6]:port", ":port" (127.0.0.1)
 *   SETTING_URI          const char *           "scheme://..." or libpq's "key=value ..."
 *
 * A URI may hold a password, so no value of that kind is ever printed.
 * An empty value counts as missing.
 */
#ifndef KERJA_BASE_CONFIG_H
#define KERJA_BASE_CONFIG_H

#include "base/buffer.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum setting_kind {
    SETTING_TEXT,
    SETTING_SECRET_FILE,
    SETTING_INT,
    SETTING_DURATION_MS,
    SETTING_BYTES,
    SETTING_ADDRESS,
    SETTING_URI,
};

enum { CONFIG_HOST_SIZE = 256 }; /* a DNS name has at most 253 characters */

struct config_address {
    char host[CONFIG_HOST_SIZE]; /* without the brackets of an IPv6 address */
    uint16_t port;               /* 0: any free one, where a server listens */
};

struct setting {
    const char *variable; /* "KERJA_BATCH_RECORDS" */
    enum setting_kind kind;
    /* In the form of the environment; NULL: must be given; "": may be absent, all zero. */
    const char *fallback;
    /* Of INT, DURATION_MS and BYTES, both allowed; 0 and 0: 0 or more. */
    int64_t minimum, maximum;
    const char *meaning; /* one clause without a full stop */
    size_t offset;       /* of the member in the settings struct */
};

struct config_table {
    const struct setting *settings;
    size_t count;
};

/* Fills `values` from `environment` (like environ: "NAME=value" texts, NULL at the end).
 * Returns OK, or STOP with one sentence a line for every problem in `problems`; `values` is
 * then incomplete. Texts are borrowed from the environment or the table. A KERJA_ variable of
 * no setting is a problem, told with the nearest known name. No message holds the value of a
 * SETTING_URI. */
enum outcome config_read(const struct config_table *table, char *const *environment,
                         void *values, struct buffer *problems);

/* The table with the default and meaning of each variable, aligned for a terminal. */
void config_print(const struct config_table *table, FILE *out);

/* The same as a Markdown table. */
void config_print_markdown(const struct config_table *table, FILE *out);

#endif
