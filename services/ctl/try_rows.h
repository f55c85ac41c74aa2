/*
 * try_rows - the rows of a case's facts, as a decision asks for them by their keys.
 *
 * A row gives its key, or is named by its own members as the service names it, or else is whatever row of its
 * table was asked for first. What it leaves out is as in a new row.
 */
#ifndef KERJA_CTL_TRY_ROWS_H
#define KERJA_CTL_TRY_ROWS_H

#include "try.h"
#include "try_desk.h"
#include "try_fill.h"
#include "worker/outputs.h"

/* An event on its way to its values. */
struct deriving {
    struct trial *trial;
    const struct try_desk *desk;
    const struct handler *handler;
    const struct seal *seal;
    struct filling filling;
    json_t *event, *facts; /* copies, to which what is missing is added */
    struct decision *decision;
    struct outputs outputs;
    bool failed, partial; /* partial: rows are not known that the decision looks at */
};

/* Answers all facts that are wanted, from the struct deriving in `context`; a row that cannot be read is a
 * fault of the trial and sets `failed`. Always true: no fact is left unanswered. */
bool rows_answer(void *context, struct facts *facts);

#endif
