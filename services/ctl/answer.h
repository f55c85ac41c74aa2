/*
 * answer - what a command that tells figures prints: a table for people, CSV or one JSON document.
 *
 * Programs read standard output, so beside CSV everything that is no row goes to standard error.
 */
#ifndef KERJA_CTL_ANSWER_H
#define KERJA_CTL_ANSWER_H

#include "base/buffer.h"
#include "command.h"

enum answer_form { ANSWER_TABLE, ANSWER_CSV, ANSWER_JSON };

struct answer {
    enum answer_form form;
    struct buffer text;   /* for standard output */
    struct buffer beside; /* for standard error  */
};

/* Reads --csv and --json of the call. False after a sentence when both were given. */
bool answer_form_read(const struct call *call, enum answer_form *form);

/* Where to say what is no row: in the table's text, or beside CSV. */
static inline struct buffer *answer_aside(struct answer *answer)
{
    return answer->form == ANSWER_CSV ? &answer->beside : &answer->text;
}

/* Prints and releases it. False after a sentence. */
bool answer_print(struct answer *answer, const struct call *call);

#endif
