/*
 * A sequence of moves in the books of a scheme's year: the balances that it leads to, or the refusal.
 *
 * Moves are made by the ledger of the incentive service. Two limits stop them, as they stop a worker: an
 * award commits no more than its year's appropriation has left, and nothing is taken from an account on which
 * less stands. The first move that is refused ends the sequence; balances are those before it.
 */
#include "try.h"

#include "try_desk.h"

#include <string.h>

static struct slice text_of(const json_t *json, const char *otherwise)
{
    if (!json_is_string(json))
        return slice_of(otherwise);
    return (struct slice){json_string_value(json), json_string_length(json)};
}

/* "ceiling" of the case, an amount by component, replaces what the programme file gives the year. -1: none. */
static bool ceiling_find(struct trial *trial, struct slice component, int64_t *ceiling)
{
    json_t *given = json_object_get(trial->json, "ceiling");
    char name[64];
    *ceiling = -1;
    if (given != NULL) {
        snprintf(name, sizeof name, "%.*s", (int)component.size, component.data);
        const json_t *amount = json_object_get(given, name);
        if (!json_is_object(given) || (amount != NULL && !amount_from_json(amount, ceiling)))
            return trial_fault(trial,
                               "\"ceiling\" must give amounts by component, as {\"ALL\": "
                               "\"600000.00\"}");
        return true;
    }
    for (size_t i = 0; i < trial->programme->money_limit_count; i++) {
        const struct money_limit *limit = &trial->programme->money_limits[i];
        if (limit->year == trial->year->year && slice_equal(limit->component, component))
            *ceiling = limit->amount_hundredths;
    }
    return true;
}

/* True while the year has that much left; false with `full` set when it has not, or after a fault. */
static bool ceiling_allows(struct trial *trial, const struct try_books *books,
                           struct slice component, int64_t amount, bool *full)
{
    const struct slice limits[] = {component, SLICE("ALL")};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        int64_t ceiling;
        if (!ceiling_find(trial, limits[i], &ceiling))
            return false;
        if (ceiling >= 0 && try_books_committed(books, limits[i]) > ceiling - amount) {
            *full = true;
            return false;
        }
    }
    return true;
}

enum step { STEP_DONE, STEP_SHORT, STEP_FAULT };

static bool move_check(struct trial *trial, const json_t *move, size_t number)
{
    static const char *const names[] = {"award", "component", "from", "to", "amount", NULL};
    char where[32];
    snprintf(where, sizeof where, "move %zu", number);
    if (!trial_members(trial, where, move, names))
        return false;
    snprintf(where, sizeof where, "move %zu: ", number);
    for (size_t i = 0; i < 4; i++) /* the texts */
        if (!trial_text(trial, where, move, names[i]))
            return false;
    return true;
}

static enum step move_make(struct trial *trial, struct try_books *books, const json_t *move,
                           size_t number)
{
    if (!move_check(trial, move, number))
        return STEP_FAULT;
    struct slice component = text_of(json_object_get(move, "component"), "ALL");
    struct slice from = text_of(json_object_get(move, "from"), "");
    struct slice to = text_of(json_object_get(move, "to"), "");
    struct error error;
    int64_t amount = 0;
    bool full = false;
    if (!amount_from_json(json_object_get(move, "amount"), &amount) || amount <= 0) {
        trial_fault(trial, "move %zu: \"amount\" must be above nothing, as \"600000.00\"",
                    number);
        return STEP_FAULT;
    }
    if (slice_is(from, "APPROPRIATION") &&
        !ceiling_allows(trial, books, component, amount, &full))
        return full ? STEP_SHORT : STEP_FAULT;
    enum outcome outcome =
        try_books_move(books, text_of(json_object_get(move, "award"), "award"), component, from,
                       to, amount, &error);
    if (outcome == OK || outcome == RETRY)
        return outcome == OK ? STEP_DONE : STEP_SHORT;
    trial_fault(trial, "move %zu: %s", number, error.text);
    return STEP_FAULT;
}

struct telling {
    json_t *awards, *totals, *part;
    struct slice award, component;
};

static void tell(void *context, struct slice award, struct slice component, const char *account,
                 int64_t balance_hundredths)
{
    struct telling *telling = context;
    if (award.size == 0) {
        json_object_set_new(telling->totals, account, amount_json(balance_hundredths));
        return;
    }
    if (telling->part == NULL || !slice_equal(award, telling->award) ||
        !slice_equal(component, telling->component)) {
        telling->part = json_object();
        telling->award = award;
        telling->component = component;
        json_object_set_new(telling->part, "award", text_json(award));
        json_object_set_new(telling->part, "component", text_json(component));
        json_array_append_new(telling->awards, telling->part);
    }
    json_object_set_new(telling->part, account, amount_json(balance_hundredths));
}

static bool answer_with(struct trial *trial, const struct try_books *books, size_t refused,
                        json_t *answer)
{
    struct verdict *verdict = arena_alloc(trial->arena, sizeof *verdict);
    struct telling telling = {.awards = json_array(), .totals = json_object()};
    bool balanced = try_books_tell(books, tell, &telling);
    if (verdict != NULL)
        verdict_init(verdict);
    if (verdict != NULL && refused > 0)
        verdict_add(verdict, EFFECT_HOLD, SLICE("BUDGET_EXHAUSTED"));
    if (verdict != NULL)
        verdict_answer(trial, verdict, answer);
    if (refused > 0)
        json_object_set_new(answer, "refused_move", json_integer((json_int_t)refused));
    json_object_set_new(answer, "currency", text_json(trial->programme->currency));
    json_object_set_new(answer, "balances", telling.awards);
    json_object_set_new(answer, "totals", telling.totals);
    if (verdict != NULL)
        verdict_answer_explained(trial, verdict, answer);
    return verdict != NULL && balanced
               ? true
               : trial_fault(trial, "the entries do not add up to the balances");
}

bool trial_ledger(struct trial *trial, json_t *answer)
{
    const json_t *moves = json_object_get(trial->json, "moves");
    size_t refused = 0;
    if (!json_is_array(moves))
        return trial_fault(trial, "\"moves\" must be a list of {\"from\", \"to\", \"amount\", "
                                  "\"component\", \"award\"}");
    if (trial->year == NULL)
        return trial_fault(trial, "expected \"year\" or a wave: an appropriation is of a year");
    struct try_books *books = try_books_open(trial->programme, trial->scheme, trial->year->year,
                                             trial->arena, trial->bench->seal, &trial->error);
    if (books == NULL)
        return trial_fault(trial, "there is no memory for the books");
    for (size_t i = 0; i < json_array_size(moves) && refused == 0; i++) {
        enum step step = move_make(trial, books, json_array_get(moves, i), i + 1);
        if (step == STEP_FAULT)
            return false;
        refused = step == STEP_SHORT ? i + 1 : 0;
    }
    return answer_with(trial, books, refused, answer);
}
