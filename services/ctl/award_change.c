#include "award_change.h"

#include "schemas/events.h"

#include <inttypes.h>
#include <string.h>

enum { AMOUNT_DIGITS = 16 }; /* before the point, as decimal(18,2) has */

static enum outcome check_hold(const struct award_state *state, struct slice reason,
                               struct error *error)
{
    if (state->held_by_officer)
        return error_set(error, REJECT, "the award is held for %.*s by an officer already",
                         SLICE_ARGS(reason));
    return OK;
}

static enum outcome check_release(const struct award_state *state, struct slice reason,
                                  struct error *error)
{
    if (state->held_by_officer)
        return OK;
    if (state->held_by_service)
        return error_set(error, REJECT,
                         "no officer holds the award for %.*s, a service does: `kerja review` "
                         "answers that",
                         SLICE_ARGS(reason));
    if (state->holds.size == 0)
        return error_set(error, REJECT, "the award is not held");
    return error_set(error, REJECT, "the award is not held for %.*s; its holds are %.*s",
                     SLICE_ARGS(reason), SLICE_ARGS(state->holds));
}

static enum outcome check_end(const struct award_state *state, struct error *error)
{
    if (state->revoked || state->closed)
        return error_set(error, REJECT, "the award is %s already",
                         state->revoked ? "revoked" : "closed");
    return OK;
}

static enum outcome check_repaid(const struct award_state *state, int64_t amount_hundredths,
                                 struct error *error)
{
    if (amount_hundredths <= state->outstanding_hundredths)
        return OK;
    return error_set(error, REJECT,
                     "only %" PRId64 ".%02d is to be paid back still; `kerja award recover` "
                     "notes what is owed",
                     state->outstanding_hundredths / 100,
                     (int)(state->outstanding_hundredths % 100));
}

enum outcome award_change_check(const struct award_state *state, int32_t change,
                                struct slice reason, int64_t amount_hundredths,
                                struct error *error)
{
    switch ((enum award_changed_change)change) {
    case AWARD_CHANGED_CHANGE_HELD:
        return check_hold(state, reason, error);
    case AWARD_CHANGED_CHANGE_RELEASED:
        return check_release(state, reason, error);
    case AWARD_CHANGED_CHANGE_REVOKED:
        return check_end(state, error);
    case AWARD_CHANGED_CHANGE_REINSTATED:
        if (!state->revoked && !state->closed)
            return error_set(error, REJECT, "the award has not ended");
        return OK;
    case AWARD_CHANGED_CHANGE_DECREED:
        if (state->decree_no.size > 0)
            return error_set(error, REJECT, "the award has a decree, number \"%.*s\"",
                             SLICE_ARGS(state->decree_no));
        return OK;
    case AWARD_CHANGED_CHANGE_REPAID:
        return check_repaid(state, amount_hundredths, error);
    case AWARD_CHANGED_CHANGE_RECOVERY_NOTICED:
        return OK;
    case AWARD_CHANGED_CHANGE_CLOSED:
    case AWARD_CHANGED_CHANGE_UNKNOWN:
        break;
    }
    return error_set(error, REJECT, "no officer changes an award so");
}

bool amount_read(const char *text, int64_t *hundredths)
{
    size_t whole = strspn(text, "0123456789");
    const char *cents = text + whole;
    int64_t value = 0;
    bool bare = *cents == '\0';
    if (whole == 0 || whole > AMOUNT_DIGITS ||
        (!bare && (*cents != '.' || strspn(cents + 1, "0123456789") != 2 || cents[3] != '\0')))
        return false;
    for (size_t i = 0; i < whole; i++)
        value = value * 10 + (text[i] - '0');
    value = value * 100 + (bare ? 0 : (cents[1] - '0') * 10 + (cents[2] - '0'));
    if (value == 0)
        return false;
    *hundredths = value;
    return true;
}
