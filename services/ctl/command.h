/*
 * command - what every command of `kerja` is to the person who types it.
 *
 * A command is a row of a table: its words, what it takes, what it does and how it is run. The
 * parser, `kerja help` and the checks of arguments all come from that row. A run ends with one of
 * three statuses, and everything but DONE has said a sentence on standard error.
 */
#ifndef KERJA_CTL_COMMAND_H
#define KERJA_CTL_COMMAND_H

#include "base/calendar.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* the command could not, or found something wrong */
    EXIT_USAGE = 2   /* it was called or configured wrongly             */
};

enum { CALL_WORDS = 64, CALL_OPTIONS = 12 };

struct call_option {
    const char *name;     /* "--wave" */
    const char *argument; /* "N"; NULL: a flag */
    const char *meaning;
};

struct call;

struct command {
    const char *name;      /* "draw announce" */
    const char *arguments; /* "FILE", of the words behind the name; "" */
    size_t least, most;    /* how many of them */
    const char *summary;   /* one clause for the list of commands */
    const char *description;
    const struct call_option *options;
    size_t option_count;
    int (*run)(struct call *call);
};

/* One run: words and values are borrowed from argv. */
struct call {
    const struct command *command;
    const char *words[CALL_WORDS];
    size_t word_count;
    const char *values[CALL_OPTIONS]; /* in the order of command->options; NULL: not given */
    struct error error;
};

/* All commands there are, in the order of the list of help. */
extern const struct command *const commands[];
extern const size_t command_count;

/* Finds the command of argv, longest name first, and fills `call`. Returns EXIT_DONE, or EXIT_USAGE
 * after it has said what was expected. */
int call_parse(int argc, char **argv, struct call *call);

/* The value of an option, "" for a flag that was given, NULL where it was not. The option must be in
 * the command's table. */
const char *call_value(const struct call *call, const char *option);

/* A day that every reader of our records takes (decode.h): of the years 1700 to 2199. */
bool day_read(struct slice text, epoch_day *day);

/* Read an option's value into `value`; leave it as it is when the option was not given. False after a
 * sentence when it is not what was expected. */
bool call_number(struct call *call, const char *option, int64_t least, int64_t most,
                 int64_t *value);
bool call_day(struct call *call, const char *option, epoch_day *value);
bool call_instant(struct call *call, const char *option, instant_us *value);

/* False after a sentence unless the option is not given, or two capitals (ISO 3166-1): it is part of what a person's id is
 * made from, so a slip would be somebody else's. */
bool call_country(struct call *call, const char *option);

/* When something happened: an instant, or a day, which is its local midnight; nothing that is still to come. */
bool call_moment(struct call *call, const char *option, int utc_offset_minutes,
                 instant_us *value);

/* Say a sentence and return the status; call_fails() with NULL says call->error. */
int call_misused(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int call_fails(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Long work: "people 12,000 of 20,000" on one line that renews itself, on a terminal only, at most ten
 * times a second. `total` 0: not known. */
void progress_show(const char *what, int64_t done, int64_t total);
/* Clears the line. */
void progress_end(void);

#endif
