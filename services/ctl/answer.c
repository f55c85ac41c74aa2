#include "answer.h"

#include <stdio.h>

bool answer_form_read(const struct call *call, enum answer_form *form)
{
    bool csv = call_value(call, "--csv") != NULL, json = call_value(call, "--json") != NULL;
    *form = json ? ANSWER_JSON : csv ? ANSWER_CSV : ANSWER_TABLE;
    if (csv && json)
        call_misused(call, "expected --csv or --json, not both");
    return !csv || !json;
}

static bool stream_write(FILE *stream, const struct buffer *text)
{
    return text->size == 0 || fwrite(text->data, text->size, 1, stream) == 1;
}

bool answer_print(struct answer *answer, const struct call *call)
{
    bool whole = !buffer_failed(&answer->text) && !buffer_failed(&answer->beside);
    bool written = whole && stream_write(stdout, &answer->text) && fflush(stdout) == 0 &&
                   stream_write(stderr, &answer->beside);
    buffer_release(&answer->text);
    buffer_release(&answer->beside);
    if (!written)
        call_fails(call, "cannot write the answer: %s",
                   whole ? "the output is closed or full" : "no memory");
    return written;
}
