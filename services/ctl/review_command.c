/*
 * kerja review: an officer ends a hold that waits for a person.
 *
 * What is held is named as `kerja show` names it. Services know it by their own keys, so the published views are
 * asked which of them holds it, for that reason, and the record gets the key that this service expects.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "order.h"
#include "rulebook.h"
#include "schemas/events.h"
#include "subject_id.h"

#include <stdio.h>
#include <string.h>

/* Where something may be held. The statements give: the key that the service expects, programme or '' where it has
 * several, whether it is held for the reason (NULL: nobody can tell), and the reasons it is held for. */
static const struct place {
    const char *schema, *view, *what;
    const char *statement;
    bool by_file; /* the file says whether a person may end it */
} places[] = {
    {"application_read", "application", "application", ctl_sql_held_application_sql, true},
    {"application_read", "award", "award", ctl_sql_held_award_sql, false},
    {"completion_read", "enrolment", "enrolment", ctl_sql_held_enrolment_sql, true},
    {"completion_read", "course", "course", ctl_sql_held_course_sql, false},
    {"incentive_read", "entitlement", "entitlement", ctl_sql_held_entitlement_sql, true},
};

struct review {
    struct call *call;
    struct session session;
    const char *reason;
    const struct place *place; /* of what was found; NULL: nothing */
    bool held;
    char key[ORDER_SUBJECT_SIZE], programme[ORDER_SUBJECT_SIZE], reasons[ORDER_SUBJECT_SIZE];
};

/* What is held for the reason counts more than what is only known. */
static void row_take(struct review *review, const struct place *place, const PGresult *rows,
                     int row)
{
    bool held = PQgetisnull(rows, row, 2) || slice_is(sql_text(rows, row, 2), "t");
    if (review->held || (review->place != NULL && !held && PQgetlength(rows, row, 3) == 0))
        return;
    review->place = place;
    review->held = held;
    snprintf(review->key, sizeof review->key, "%s", PQgetvalue(rows, row, 0));
    snprintf(review->programme, sizeof review->programme, "%s", PQgetvalue(rows, row, 1));
    snprintf(review->reasons, sizeof review->reasons, "%s", PQgetvalue(rows, row, 3));
}

static bool place_look(struct review *review, const struct place *place)
{
    const char *id = review->call->words[0];
    struct error *error = &review->call->error;
    const char *parameters[] = {id, subject_id_uuid(id), review->reason};
    error->text[0] = '\0';
    if (!sql_has(review->session.sql, place->schema, place->view, error))
        return error->text[0] == '\0';
    PGresult *rows = sql_run(review->session.sql, place->statement, parameters, 3, error);
    for (int row = 0; rows != NULL && row < PQntuples(rows); row++)
        row_take(review, place, rows, row);
    PQclear(rows);
    return rows != NULL;
}

static bool subject_find(struct review *review)
{
    struct error *error = &review->call->error;
    const char *id = review->call->words[0];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (!place_look(review, &places[i]))
            return false;
    if (review->place == NULL)
        error_set(error, REJECT, "nothing is known of \"%s\"", id);
    else if (!review->held && review->reasons[0] == '\0')
        error_set(error, REJECT, "%s \"%s\" is not held", review->place->what, id);
    else if (!review->held)
        error_set(error, REJECT, "%s \"%s\" is not held for %s, but for %s",
                  review->place->what, id, review->reason, review->reasons);
    return review->held;
}

static void ends_by_tell(const struct ends_by *ends_by, const char *reason, struct error *error)
{
    char events[200] = "";
    for (size_t i = 0; i < ends_by->event_count; i++) {
        size_t used = strlen(events);
        snprintf(events + used, sizeof events - used, "%s%.*s", used == 0 ? "" : ", ",
                 SLICE_ARGS(ends_by->events[i]));
    }
    error_set(error, REJECT,
              "no officer ends %s: the programme's file says that it ends by %s%s%s", reason,
              events, ends_by->every_hours > 0 && events[0] != '\0' ? " or " : "",
              ends_by->every_hours > 0 ? "itself, in time"
              : events[0] == '\0'      ? "nothing"
                                       : "");
}

/* A reason that the file lacks is a payment partner's own; only the service knows whether it stands with a refusal. */
static bool reason_check(struct review *review, const struct programme *programme)
{
    struct error *error = &review->call->error;
    const struct reason *reason = reason_find(programme, slice_of(review->reason));
    bool partners = strcmp(review->place->what, "entitlement") == 0;
    if (reason == NULL && !partners)
        error_set(error, REJECT, "the file of \"%.*s\" has no reason \"%s\"",
                  SLICE_ARGS(programme->id), review->reason);
    else if (reason != NULL && review->place->by_file && !reason->ends_by.officer)
        ends_by_tell(&reason->ends_by, review->reason, error);
    else
        return true;
    return false;
}

static int place_case(struct review *review, int utc_offset_minutes, bool waived)
{
    struct call *call = review->call;
    instant_us at = realtime_us();
    if (!call_moment(call, "--at", utc_offset_minutes, &at))
        return EXIT_USAGE;
    const struct case_resolved event = {.subject_id = slice_of(review->key),
                                        .reason = slice_of(review->reason),
                                        .outcome = waived ? CASE_RESOLVED_OUTCOME_WAIVED
                                                          : CASE_RESOLVED_OUTCOME_UPHELD,
                                        .occurred_at = at};
    return order_place(&review->session,
                       &(struct order){.subject = call->words[0],
                                       .type = &case_resolved_event,
                                       .event = &event,
                                       .dated = call_value(call, "--at") != NULL});
}

static int resolve(struct review *review, bool waived)
{
    int utc_offset_minutes;
    if (!subject_find(review))
        return call_fails(review->call, NULL);
    if (review->programme[0] == '\0') { /* a course is of several programmes */
        if (rulebook_offset(&review->session, &utc_offset_minutes) != OK)
            return call_fails(review->call, NULL);
        return place_case(review, utc_offset_minutes, waived);
    }
    struct programme *programme =
        rulebook_published(&review->session, slice_of(review->programme), NULL);
    int status = programme == NULL || !reason_check(review, programme)
                     ? call_fails(review->call, NULL)
                     : place_case(review, programme->utc_offset_minutes, waived);
    programme_free(programme);
    return status;
}

static int run(struct call *call)
{
    struct review review = {.call = call, .reason = call_value(call, "--reason")};
    bool waived = call_value(call, "--waive") != NULL;
    if (subject_id_is_national(call->words[0]))
        return call_misused(call, "national ids are not accepted on a command line");
    if (review.reason == NULL)
        return call_misused(call, "--reason CODE says which hold");
    if (waived == (call_value(call, "--uphold") != NULL))
        return call_misused(call, "expected --waive or --uphold");
    int status = session_open(&review.session, call, OPEN_SQL | OPEN_PRODUCER);
    if (status == EXIT_DONE)
        status = resolve(&review, waived);
    session_close(&review.session);
    return status;
}

static const struct call_option options[] = {
    {"--reason", "CODE", "the hold's reason"},
    {"--waive", NULL, "the reason no longer counts: it is judged again without it"},
    {"--uphold", NULL, "the reason stands: what is held is refused"},
    {"--at", "INSTANT", "when it was decided, an instant or a local day (now)"},
};

const struct command review_command = {
    .name = "review",
    .arguments = "SUBJECT",
    .least = 1,
    .most = 1,
    .summary = "ends a hold that waits for a person",
    .description =
        "SUBJECT is the id of what is held: an application, an award (a register's hold), an\n"
        "enrolment, a course or an entitlement, as `kerja show` names it. The programme's file "
        "says\n"
        "which reasons a person may end. Takes two officers, whichever way it ends.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
