/*
 * log - one key=value line a fact, on standard error.
 *
 *   at=2024-05-02T09:00:00.000000Z level=info service=application slot=0 fact="batch committed"
 *
 * What every line repeats (service, slot, topic, partition) is bound once. A value that is not
 * plain is quoted and escaped, so that a line is always one line and splits at its blanks. A
 * log holds only the values it is given, and nobody gives it personal data: ids, positions,
 * counts and reasons.
 *
 * A line is written by one write(2), so that threads and processes never mix within it. Only
 * worker/ and ctl/ log; libraries return errors.
 */
#ifndef KERJA_BASE_LOG_H
#define KERJA_BASE_LOG_H

#include "base/slice.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };

enum {
    LOG_BOUND = 8,        /* bound fields; more are a mistake of ours, and asserted */
    LOG_VALUE_SIZE = 128, /* of a bound value; longer ones are cut                  */
    LOG_LINE_SIZE = 4096, /* a line is cut there, which the ending " cut=true" tells */
    LOG_OUTAGE_EVERY_MS = 60000
};

/* One key and its value; made by the macros below. The key is a plain word. */
struct log_field {
    const char *key;
    struct slice text;
    int64_t number;
    bool is_number;
};

#define LOG_TEXT(key, text)     ((struct log_field){(key), slice_of(text), 0, false})
#define LOG_SLICE(key, slice)   ((struct log_field){(key), (slice), 0, false})
#define LOG_NUMBER(key, number) ((struct log_field){(key), {NULL, 0}, (int64_t)(number), true})
/* What happened, a few words in lower case: the first field of a line. */
#define LOG_FACT(text) LOG_TEXT("fact", text)

struct log {
    int descriptor;       /* 2, but in tests     */
    enum log_level level; /* lines below it are not written */
    size_t bound_count;
    struct {
        const char *key;
        char value[LOG_VALUE_SIZE];
    } bound[LOG_BOUND];
};

/* A log of lines at `level` and above on standard error, with nothing bound. */
struct log log_new(enum log_level level);

/* "debug", "info", "warning", "error". Returns false, and writes nothing, for another word. */
bool log_level_parse(struct slice word, enum log_level *level);

/* Binds a field to every later line of this log, in the place of an earlier value; a copy of the
 * struct inherits it, so that a partition has its own log. `key` is borrowed for ever (a literal),
 * `value` is copied. */
void log_bind(struct log *log, const char *key, const char *value);
void log_bind_number(struct log *log, const char *key, int64_t value);

/* One line: time, level, what is bound, then the fields. Not written when `level` is below the
 * log's. Called through the macros below. */
void log_write(const struct log *log, enum log_level level, const struct log_field *fields,
               size_t count);

/* log_at(log, LEVEL_INFO, LOG_FACT("batch committed"), LOG_NUMBER("records", n)) */
#define log_at(log, level, ...)                                                                \
    log_write((log), (level), (const struct log_field[]){__VA_ARGS__},                         \
              sizeof(const struct log_field[]){__VA_ARGS__} / sizeof(struct log_field))
#define log_debug(log, ...)   log_at(log, LEVEL_DEBUG, __VA_ARGS__)
#define log_info(log, ...)    log_at(log, LEVEL_INFO, __VA_ARGS__)
#define log_warning(log, ...) log_at(log, LEVEL_WARNING, __VA_ARGS__)
#define log_error(log, ...)   log_at(log, LEVEL_ERROR, __VA_ARGS__)

/* Something that fails again and again is told when it begins, once a minute while it lasts,
 * and when it is over: never once a try. All zero is "no outage". */
struct log_outage {
    bool lasting;
    int64_t began_ms, told_ms;
    uint64_t failures;
};

/* Counts a failure of `what` ("postgres") at now_ms; writes a warning at the first, and one a
 * minute with the number of failures. `reason` is an error text, `next` what will be done
 * ("retry"). Returns true when a line was due. */
bool log_outage_failed(const struct log *log, struct log_outage *outage, int64_t now_ms,
                       const char *what, const char *reason, const char *next);

/* Writes one info line when an outage ends; nothing when there was none. */
void log_outage_over(const struct log *log, struct log_outage *outage, int64_t now_ms,
                     const char *what);

#endif
