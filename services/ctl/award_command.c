/*
 * kerja award hold, release, revoke, reinstate, recover, repaid: an officer changes one award.
 *
 * The award is looked up in the published views first, so that what cannot be is told at once. All of them become
 * an award.changed by OFFICER, which the services judge.
 */
#include "commands.h"

#include "award_view.h"
#include "base/clock.h"
#include "order.h"
#include "schemas/events.h"

#include <string.h>

static int place(struct call *call, struct session *session, const struct award_view *view,
                 int32_t change, int64_t amount_hundredths)
{
    instant_us at = realtime_us();
    if (!call_moment(call, "--at", view->programme->utc_offset_minutes, &at))
        return EXIT_USAGE;
    const struct award_changed event = {.award_id = view->award_id,
                                        .programme = view->programme->id,
                                        .scheme = view->scheme_name,
                                        .change = change,
                                        .reason = slice_of(call_value(call, "--reason")),
                                        .by = AWARD_CHANGED_BY_OFFICER,
                                        .has_amount = amount_hundredths > 0,
                                        .amount = amount_hundredths,
                                        .currency = view->programme->currency,
                                        .occurred_at = at};
    return order_place(session, &(struct order){.subject = view->id,
                                                .type = &award_changed_event,
                                                .event = &event,
                                                .dated = call_value(call, "--at") != NULL});
}

static int change_award(struct call *call, int32_t change, int64_t amount_hundredths)
{
    struct session session;
    struct award_view view = {0};
    const char *reason = call_value(call, "--reason");
    if (reason == NULL)
        return call_misused(call, "--reason CODE says why");
    int status = session_open(&session, call, OPEN_SQL | OPEN_PRODUCER);
    if (status == EXIT_DONE) {
        if (!award_view_read(&session, call->words[0], reason, &view) ||
            award_view_reason(&view, slice_of(reason), &call->error) != OK ||
            award_change_check(&view.state, change, slice_of(reason), amount_hundredths,
                               &call->error) != OK)
            status = call_fails(call, NULL);
        else
            status = place(call, &session, &view, change, amount_hundredths);
    }
    award_view_release(&view);
    session_close(&session);
    return status;
}

static int hold(struct call *call)
{
    return change_award(call, AWARD_CHANGED_CHANGE_HELD, 0);
}

static int release(struct call *call)
{
    return change_award(call, AWARD_CHANGED_CHANGE_RELEASED, 0);
}

static int revoke(struct call *call)
{
    return change_award(call, AWARD_CHANGED_CHANGE_REVOKED, 0);
}

static int reinstate(struct call *call)
{
    return change_award(call, AWARD_CHANGED_CHANGE_REINSTATED, 0);
}

static int change_amount(struct call *call, int32_t change)
{
    int64_t amount_hundredths;
    if (call_value(call, "--amount") == NULL)
        return call_misused(call, "--amount A says how much");
    if (!amount_read(call_value(call, "--amount"), &amount_hundredths))
        return call_misused(
            call, "--amount is \"%s\": expected an amount such as 600000 or 600000.00",
            call_value(call, "--amount"));
    return change_award(call, change, amount_hundredths);
}

static int recover(struct call *call)
{
    return change_amount(call, AWARD_CHANGED_CHANGE_RECOVERY_NOTICED);
}

static int repaid(struct call *call)
{
    return change_amount(call, AWARD_CHANGED_CHANGE_REPAID);
}

#define CHANGE_OPTIONS                                                                         \
    {"--reason", "CODE", "a reason of the programme's file"},                                  \
    {                                                                                          \
        "--at", "INSTANT", "when it happened, an instant or a local day (now)"                 \
    }

static const struct call_option options[] = {CHANGE_OPTIONS};
static const struct call_option amount_options[] = {
    {"--amount", "A", "such as 600000 or 600000.00, in the programme's currency"},
    CHANGE_OPTIONS};

#define TAKES_TWO "\nTakes two officers: it is sent when another one approves it."

#define CHANGE_COMMAND(verb, what, function, table, about)                                     \
    const struct command award_##verb##_command = {                                            \
        .name = "award " #verb,                                                                \
        .arguments = "AWARD",                                                                  \
        .least = 1,                                                                            \
        .most = 1,                                                                             \
        .summary = what,                                                                       \
        .description = about,                                                                  \
        .options = table,                                                                      \
        .option_count = sizeof table / sizeof *table,                                          \
        .run = function,                                                                       \
    }

CHANGE_COMMAND(
    hold, "holds an award: nothing is bought or paid under it", hold, options,
    "Nothing is bought or paid under the award until `kerja award release` ends the\n"
    "hold. Sent at once; one officer suffices. An award may have several holds.");
CHANGE_COMMAND(release, "ends an officer's hold on an award", release, options,
               "Ends the hold for this reason. Of several holds all have to end." TAKES_TWO);
CHANGE_COMMAND(revoke, "ends an award", revoke, options,
               "Ends the award: its seat and whatever of its money is not used are free "
               "again." TAKES_TWO);
CHANGE_COMMAND(
    reinstate, "takes back the end of an award", reinstate, options,
    "Gives a revoked or closed award back, where its seat and money are still there "
    "and the\n"
    "limits of the family card allow it; where not, the record becomes a dead letter "
    "that\n"
    "says why." TAKES_TWO);
CHANGE_COMMAND(
    recover, "notes what is to be paid back", recover, amount_options,
    "Notes that the participant owes so much, tells it, and lists who has not paid in "
    "time.\n"
    "Sent at once.");
CHANGE_COMMAND(repaid, "notes what was paid back", repaid, amount_options,
               "Notes that so much came back." TAKES_TWO);
