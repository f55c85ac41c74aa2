#include "order.h"

#include "ctl_embedded.h"
#include "decode/json.h"
#include "letters.h"
#include "schemas/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A row of kerja.command, borrowed from the result. */
struct stored {
    int64_t number;
    PGresult *row;
    struct slice command, subject, topic, event, requested_by, approved_by, sent_at;
    bool allowed, waits, dated;
    instant_us at; /* of the last yes */
};

void order_number(int64_t number, char text[static SQL_NUMBER_SIZE])
{
    snprintf(text, SQL_NUMBER_SIZE, "%" PRId64, number);
}

static bool stored_read(struct session *session, int64_t number, struct stored *stored)
{
    char text[SQL_NUMBER_SIZE];
    const char *parameters[] = {text};
    order_number(number, text);
    PGresult *row =
        sql_run(session->sql, ctl_sql_order_read_sql, parameters, 1, &session->call->error);
    if (row == NULL || PQntuples(row) == 0) {
        if (row != NULL)
            error_set(&session->call->error, REJECT,
                      "there is no command %" PRId64 "; `kerja approve --list` has those that "
                      "wait",
                      number);
        PQclear(row);
        return false;
    }
    *stored = (struct stored){.number = number,
                              .row = row,
                              .command = sql_text(row, 0, 0),
                              .subject = sql_text(row, 0, 1),
                              .topic = sql_text(row, 0, 2),
                              .event = sql_text(row, 0, 3),
                              .requested_by = sql_text(row, 0, 4),
                              .approved_by = sql_text(row, 0, 5),
                              .allowed = slice_is(sql_text(row, 0, 6), "t"),
                              .sent_at = sql_text(row, 0, 7),
                              .waits = slice_is(sql_text(row, 0, 8), "t"),
                              .dated = PQgetisnull(row, 0, 9),
                              .at = sql_number(row, 0, 9)};
    return true;
}

static const struct event_type *type_of(struct slice topic)
{
    static const struct event_type *const types[] = {
        &award_changed_event, &incentive_approved_event, &case_resolved_event,
        &person_erased_event, &envelope_signed_event};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (slice_is(topic, types[i]->topic))
            return types[i];
    return NULL;
}

/* When it happened, where the officer did not say: with the yes that let it happen. What was commanded
 * long before would be stale to whoever heard of something since. */
static void date(const struct event_type *type, void *event, instant_us at)
{
    if (type == &award_changed_event)
        ((struct award_changed *)event)->occurred_at = at;
    else if (type == &case_resolved_event)
        ((struct case_resolved *)event)->occurred_at = at;
    else if (type == &incentive_approved_event)
        ((struct incentive_approved *)event)->approved_at = at;
    else if (type == &person_erased_event)
        ((struct person_erased *)event)->requested_at = at;
    else if (type == &envelope_signed_event)
        ((struct envelope_signed *)event)->signed_at = at;
}

/* Who and which number: the row's word, whatever the stored event says. */
static void sign(const struct event_type *type, void *event, const struct stored *stored)
{
    bool approved = stored->approved_by.size > 0;
    if (type == &award_changed_event) {
        struct award_changed *changed = event;
        changed->by = AWARD_CHANGED_BY_OFFICER;
        changed->sequence = stored->number;
        changed->has_requested_by = true;
        changed->requested_by = stored->requested_by;
        changed->has_approved_by = approved;
        changed->approved_by = stored->approved_by;
    } else if (type == &case_resolved_event) {
        struct case_resolved *resolved = event;
        resolved->sequence = stored->number;
        resolved->by = stored->requested_by;
        resolved->has_approved_by = approved;
        resolved->approved_by = stored->approved_by;
    } else if (type == &incentive_approved_event) {
        struct incentive_approved *incentive = event;
        incentive->sequence = stored->number;
        incentive->has_requested_by = true;
        incentive->requested_by = stored->requested_by;
        incentive->approved_by = stored->approved_by;
    } else if (type == &envelope_signed_event) {
        struct envelope_signed *totals = event;
        totals->sequence = stored->number;
        totals->has_requested_by = true;
        totals->requested_by = stored->requested_by;
        totals->has_approved_by = approved;
        totals->approved_by = stored->approved_by;
    }
}

/* Once for each award of the order. */
static enum outcome send_many(struct session *session, const PGresult *awards,
                              struct award_changed *changed)
{
    enum outcome outcome = OK;
    for (int row = 0; row < PQntuples(awards) && outcome == OK; row++) {
        if (!uuid_parse(sql_text(awards, row, 0), &changed->award_id))
            return error_set(&session->call->error, STOP, "cannot read a stored award");
        changed->scheme = sql_text(awards, row, 1);
        outcome = session_send(session, &award_changed_event, changed);
        progress_show("awards", row, PQntuples(awards));
    }
    progress_end();
    return outcome;
}

static enum outcome send_event(struct session *session, const struct stored *stored)
{
    _Alignas(16) char event[ORDER_EVENT_SIZE];
    struct error *error = &session->call->error;
    const struct event_type *type = type_of(stored->topic);
    struct arena arena;
    char number[SQL_NUMBER_SIZE];
    const char *parameters[] = {number};
    if (type == NULL || type->record->size > sizeof event)
        return error_set(error, STOP, "cannot send a record of topic \"%.*s\"",
                         SLICE_ARGS(stored->topic));
    order_number(stored->number, number);
    PGresult *awards = sql_run(session->sql, ctl_sql_order_awards_sql, parameters, 1, error);
    if (awards == NULL)
        return STOP;
    enum outcome outcome = OK;
    if (!arena_init(&arena, ORDER_ARENA))
        outcome = error_set(error, STOP, "cannot reserve memory for a record");
    else
        outcome = event_from_json(type, stored->event, &arena, event, error);
    if (outcome == OK) {
        sign(type, event, stored);
        if (!stored->dated)
            date(type, event, stored->at);
        outcome = PQntuples(awards) > 0
                      ? send_many(session, awards, (struct award_changed *)(void *)event)
                      : session_send(session, type, event);
    }
    if (outcome == OK)
        outcome = session_flush(session);
    arena_release(&arena);
    PQclear(awards);
    return outcome;
}

static enum outcome send_stored(struct session *session, const struct stored *stored)
{
    char number[SQL_NUMBER_SIZE];
    const char *parameters[] = {number};
    enum outcome outcome = slice_is(stored->topic, DEAD_LETTER_TOPIC)
                               ? letter_replay(session, stored->event)
                               : send_event(session, stored);
    if (outcome != OK)
        return error_wrap(&session->call->error, outcome,
                          "command %" PRId64 " is stored and not sent; `kerja approve %" PRId64
                          "` sends it",
                          stored->number, stored->number);
    order_number(stored->number, number);
    PGresult *marked =
        sql_run(session->sql, ctl_sql_order_sent_sql, parameters, 1, &session->call->error);
    outcome = marked == NULL ? STOP : OK;
    PQclear(marked);
    return outcome;
}

static void sent_print(int64_t records, const struct stored *stored)
{
    printf("command %" PRId64 " sent: %.*s %.*s", stored->number, SLICE_ARGS(stored->command),
           SLICE_ARGS(stored->subject));
    if (records > 1)
        printf(", %" PRId64 " records", records);
    printf("\n");
}

int order_send(struct session *session, int64_t number)
{
    struct stored stored;
    int status = EXIT_DONE;
    int64_t before = session->sent;
    if (!stored_read(session, number, &stored))
        return call_fails(session->call, NULL);
    if (stored.sent_at.size > 0)
        printf("command %" PRId64 " was sent at %.*s; nothing was done\n", number,
               SLICE_ARGS(stored.sent_at));
    else if (!stored.allowed)
        status = call_fails(session->call, "command %" PRId64 " %s", number,
                            stored.waits ? "waits for a second officer" : "was withdrawn");
    else if (send_stored(session, &stored) != OK)
        status = call_fails(session->call, NULL);
    else
        sent_print(session->sent - before, &stored);
    PQclear(stored.row);
    return status;
}

/* False, with a sentence, when the same is asked of the same award and waits. */
static bool alone(struct session *session, const char *const parameters[static 4])
{
    struct error *error = &session->call->error;
    PGresult *twin = sql_run(session->sql, ctl_sql_order_twin_sql, parameters, 4, error);
    bool none = twin != NULL && PQntuples(twin) == 0;
    if (twin != NULL && !none)
        error_set(error, REJECT,
                  "command %s of %s asks the same and waits: approve or withdraw it first",
                  PQgetvalue(twin, 0, 0), PQgetvalue(twin, 0, 1));
    PQclear(twin);
    return none;
}

/* Stores a request, and sends it where nobody else is needed. */
static int request(struct session *session, const char *const parameters[static 7])
{
    struct stored stored;
    struct error *error = &session->call->error;
    if (!alone(session, parameters))
        return call_fails(session->call, NULL);
    PGresult *made = sql_run(session->sql, ctl_sql_order_request_sql, parameters, 7, error);
    int64_t number = made == NULL ? 0 : sql_number(made, 0, 0);
    PQclear(made);
    if (number == 0 || !stored_read(session, number, &stored))
        return call_fails(session->call, NULL);
    bool waits = stored.waits;
    PQclear(stored.row);
    if (!waits)
        return order_send(session, number);
    printf("command %" PRId64 " waits for a second officer: kerja approve %" PRId64 "\n",
           number, number);
    return EXIT_DONE;
}

int order_place_json(struct session *session, const char *subject, const char *topic,
                     const char *event)
{
    const char *parameters[] = {
        session->call->command->name, subject, topic, event, "t", NULL, NULL};
    return request(session, parameters);
}

int order_place(struct session *session, const struct order *order)
{
    struct buffer event = {0};
    int status;
    if (session_check(session, order->type, order->event) != OK)
        return call_fails(session->call, NULL);
    record_to_json(order->type->record, order->event, false, &event);
    buffer_append_byte(&event, 0);
    const char *parameters[] = {
        session->call->command->name, order->subject, order->type->topic, event.data,
        order->dated ? "t" : "f",     order->awards,  order->schemes};
    status = buffer_failed(&event) ? call_fails(session->call, "cannot store it: no memory")
                                   : request(session, parameters);
    buffer_release(&event);
    return status;
}
