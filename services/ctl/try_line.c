/*
 * From a line to its answer.
 */
#include "try.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool judge(struct trial *trial, json_t *answer)
{
    if (!trial_read(trial))
        return false;
    switch (trial->phase) {
    case TRIAL_RULES:
        return trial_derive(trial) && trial_judge(trial, answer);
    case TRIAL_SCHEDULE:
        return trial_schedule(trial, answer);
    case TRIAL_DRAW:
        return trial_draw(trial, answer);
    case TRIAL_LEDGER:
        return trial_ledger(trial, answer);
    }
    return false;
}

static json_t *answer_of(const json_t *id)
{
    json_t *answer = json_object();
    if (answer != NULL &&
        json_object_set_new_nocheck(answer, "id",
                                    id == NULL ? json_null() : json_deep_copy(id)) != 0) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

static json_t *error_answer(const json_t *id, const char *text)
{
    json_t *answer = answer_of(id);
    if (answer != NULL)
        json_object_set_new_nocheck(answer, "error", text_json(slice_of(text)));
    return answer;
}

/* What is wrong with a line that the parser refuses; NULL where it is no JSON at all. */
static const char *parse_fault(const json_error_t *why)
{
    switch ((int)json_error_code(why)) {
    case json_error_numeric_overflow:
        return "a number that is too large";
    case json_error_duplicate_key:
        return "a member stands twice";
    case json_error_invalid_utf8:
        return "letters that are no UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a letter of number zero";
    case json_error_stack_overflow:
        return "nested too deeply";
    }
    return NULL;
}

static json_t *parse_error(int64_t number, const json_error_t *why)
{
    char text[ERROR_TEXT_SIZE];
    const char *fault = parse_fault(why);
    if (fault != NULL)
        snprintf(text, sizeof text, "line %" PRId64 ": %s, before column %d", number, fault,
                 why->column + 1);
    else
        snprintf(text, sizeof text,
                 "line %" PRId64
                 ": no JSON from column %d on, expected an object with id, phase "
                 "and more",
                 number, why->column);
    return error_answer(NULL, text);
}

json_t *try_line(const struct try_bench *bench, struct arena *arena, struct slice line,
                 int64_t number, bool *wrong)
{
    json_error_t why = {0};
    arena_reset(arena);
    struct trial *trial = arena_alloc(arena, sizeof *trial);
    json_t *json = json_loadb(line.data, line.size, JSON_REJECT_DUPLICATES, &why);
    *wrong = true;
    if (json == NULL)
        return parse_error(number, &why);
    json_t *answer = answer_of(json_object_get(json, "id"));
    if (trial != NULL && answer != NULL) {
        *trial = (struct trial){.bench = bench, .arena = arena, .json = json, .line = number};
        if (!json_is_object(json))
            *wrong = !trial_fault(trial, "expected a case, an object with id, phase and more");
        else
            *wrong = !judge(trial, answer);
        if (*wrong) {
            json_decref(answer);
            answer = error_answer(json_object_get(json, "id"), trial->error.text);
        }
    }
    json_decref(json);
    return trial == NULL ? (json_decref(answer), NULL) : answer;
}
