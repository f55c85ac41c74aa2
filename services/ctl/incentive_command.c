/*
 * kerja incentive approve: a benefit falls due by an officer's word, because what should have told it never came.
 *
 * Payee, component, year and amount are those of the award, the programme's file and, for a course's price, the
 * purchase; only an amount that is said to be another is another. The ids are those that the completion service
 * would have given, so that its own approval, when it comes after all, is a repeat and nothing is paid twice.
 */
#include "commands.h"

#include "award_view.h"
#include "base/clock.h"
#include "ctl_embedded.h"
#include "order.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { INSTALMENT_BOUND = 64 };

struct approval {
    struct call *call;
    struct session session;
    struct award_view view;
    const struct benefit *benefit;
    int64_t instalment;
    PGresult *payee; /* ref, and the price where a course was bought */
    struct incentive_approved_instalment item;
};

static bool benefit_read(struct approval *approval)
{
    const char *item = call_value(approval->call, "--item");
    struct error *error = &approval->call->error;
    approval->benefit = benefit_find(approval->view.scheme, slice_of(item));
    if (approval->benefit == NULL)
        error_set(error, REJECT, "scheme \"%.*s\" has no benefit \"%s\"",
                  SLICE_ARGS(approval->view.scheme_name), item);
    else if (approval->benefit->instalments > 0 &&
             approval->instalment > approval->benefit->instalments)
        error_set(error, REJECT, "\"%s\" has %d instalment%s, not %" PRId64, item,
                  approval->benefit->instalments,
                  approval->benefit->instalments == 1 ? "" : "s", approval->instalment);
    else
        return true;
    return false;
}

static bool payee_read(struct approval *approval)
{
    char number[SQL_NUMBER_SIZE];
    struct error *error = &approval->call->error;
    const char *parameters[] = {approval->view.id, number};
    bool provider = approval->benefit->payee == PAYS_PROVIDER;
    order_number(approval->instalment, number);
    approval->payee =
        provider
            ? sql_run(approval->session.sql, ctl_sql_payee_provider_sql, parameters, 2, error)
            : sql_run(approval->session.sql, ctl_sql_payee_award_sql, parameters, 1, error);
    if (approval->payee == NULL)
        return false;
    if (PQntuples(approval->payee) == 1)
        return true;
    if (provider)
        error_set(error, REJECT, "the award has no purchase number %" PRId64,
                  approval->instalment);
    else
        error_set(error, REJECT, "the completion service does not know the award yet");
    return false;
}

/* The officer's amount, or the one that the file or the purchase gives. */
static bool amount_set(struct approval *approval)
{
    const char *said = call_value(approval->call, "--amount");
    struct slice price = sql_text(approval->payee, 0, 1);
    struct error *error = &approval->call->error;
    approval->item.has_amount = true;
    if (said != NULL) {
        if (amount_read(said, &approval->item.amount))
            return true;
        error_set(error, REJECT,
                  "--amount is \"%s\": expected an amount such as 600000 or 600000.00", said);
    } else if (approval->benefit->payee == PAYS_PROVIDER && price.size > 0) {
        approval->item.amount = sql_number(approval->payee, 0, 1);
        return true;
    } else if (approval->benefit->amount_kind == AMOUNT_FIXED) {
        approval->item.amount = approval->benefit->amount_hundredths;
        return true;
    } else {
        error_set(error, REJECT, "the file gives no amount of \"%.*s\": --amount says it",
                  SLICE_ARGS(approval->benefit->item));
    }
    return false;
}

/* What is approved with an amount stays as it is: saying it again would change nothing. */
static bool entitlement_free(struct approval *approval)
{
    char id[UUID_TEXT_SIZE + 1];
    const char *parameters[] = {id};
    struct error *error = &approval->call->error;
    uuid_format(&approval->item.entitlement_id, id);
    error->text[0] = '\0';
    if (!sql_has(approval->session.sql, "incentive_read", "entitlement", error))
        return error->text[0] == '\0';
    PGresult *known =
        sql_run(approval->session.sql, ctl_sql_entitlement_known_sql, parameters, 1, error);
    bool unknown = known != NULL && PQntuples(known) == 0;
    if (known != NULL && !unknown)
        error_set(error, REJECT, "it is approved already: entitlement %s is %s", id,
                  PQgetvalue(known, 0, 0));
    PQclear(known);
    return unknown;
}

static int place(struct approval *approval, instant_us at)
{
    struct award_view *view = &approval->view;
    struct incentive_approved event = {
        .approval_id = seal_approval_id(approval->session.seal, &view->award_id,
                                        approval->benefit->item, (int32_t)approval->instalment),
        .award_id = view->award_id,
        .person_id = view->person_id,
        .programme = view->programme->id,
        .scheme = view->scheme_name,
        .item = approval->benefit->item,
        .payee = {symbols_find(&incentive_approved_payee_kind_symbols,
                               slice_of(benefit_payee_name(approval->benefit->payee))),
                  sql_text(approval->payee, 0, 0)},
        .currency = view->programme->currency,
        .budget_year = view->year,
        .component = approval->benefit->component,
        .approved_at = at};
    event.instalments.items = &approval->item;
    event.instalments.count = 1;
    return order_place(&approval->session,
                       &(struct order){.subject = view->id,
                                       .type = &incentive_approved_event,
                                       .event = &event,
                                       .dated = call_value(approval->call, "--at") != NULL});
}

static int approve_item(struct approval *approval)
{
    struct call *call = approval->call;
    struct award_view *view = &approval->view;
    instant_us at = realtime_us();
    if (!award_view_read(&approval->session, call->words[0], NULL, view) ||
        !benefit_read(approval) || !payee_read(approval) || !amount_set(approval))
        return call_fails(call, NULL);
    if (!call_moment(call, "--at", view->programme->utc_offset_minutes, &at))
        return EXIT_USAGE;
    approval->item.number = (int32_t)approval->instalment;
    approval->item.due_on = instant_to_day(at, view->programme->utc_offset_minutes);
    if (!call_day(call, "--due-on", &approval->item.due_on))
        return EXIT_USAGE;
    approval->item.entitlement_id =
        seal_entitlement_id(approval->session.seal, &view->award_id, approval->benefit->item,
                            approval->item.number);
    if (!entitlement_free(approval))
        return call_fails(call, NULL);
    return place(approval, at);
}

static int run(struct call *call)
{
    struct approval approval = {.call = call, .instalment = 1};
    if (call_value(call, "--item") == NULL)
        return call_misused(call, "--item ITEM says what is due");
    if (!call_number(call, "--instalment", 1, INSTALMENT_BOUND, &approval.instalment))
        return EXIT_USAGE;
    int status = session_open(&approval.session, call, OPEN_SQL | OPEN_PRODUCER | OPEN_SEAL);
    if (status == EXIT_DONE)
        status = approve_item(&approval);
    PQclear(approval.payee);
    award_view_release(&approval.view);
    session_close(&approval.session);
    return status;
}

static const struct call_option options[] = {
    {"--item", "ITEM", "a benefit of the award's scheme, such as training or survey"},
    {"--instalment", "N", "its number within the item, of a course the purchase's (1)"},
    {"--amount", "A", "another amount than the file's or the purchase's"},
    {"--due-on", "DAY", "first day on which it may be paid (that of --at)"},
    {"--at", "INSTANT", "when it fell due, an instant or a local day (now)"},
};

const struct command incentive_approve_command = {
    .name = "incentive approve",
    .arguments = "AWARD",
    .least = 1,
    .most = 1,
    .summary = "lets a benefit fall due",
    .description =
        "Payee, component and amount are those of the programme's file; a course's price is "
        "that\n"
        "of the purchase. What is approved already is not approved again, and whatever the\n"
        "completion service says of it later is a repeat: it is paid once. It is paid out of "
        "the\n"
        "award's own commitment and under all conditions of the file. Takes two officers.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
