/*
 * kerja award decree: many awards get the number of their decree, by one command and one approval.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "order.h"
#include "rulebook.h"
#include "schemas/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct decree {
    struct call *call;
    struct session session;
    struct slice programme; /* of all awards; borrowed from rows */
    PGresult *rows;
    struct buffer awards, schemes; /* arrays as PostgreSQL writes them */
    char subject[ORDER_SUBJECT_SIZE];
};

/* Ids and schemes need no quoting but that of the schemes' names. */
static void element_add(struct buffer *array, struct slice element, bool last)
{
    buffer_append(array, "\"", 1);
    buffer_append(array, element.data, element.size);
    buffer_append(array, last ? "\"}" : "\",", 2);
}

/* The awards that were named, or those of the wave that have no decree. */
static bool awards_read(struct decree *decree, const char *programme, const char *wave)
{
    struct call *call = decree->call;
    struct buffer *named = &decree->awards;
    const char *parameters[] = {programme, wave, NULL};
    struct uuid id;
    for (size_t i = 0; i < call->word_count; i++) {
        if (!uuid_parse(slice_of(call->words[i]), &id)) {
            error_set(&call->error, REJECT, "\"%s\" is no award's id, which has 36 characters",
                      call->words[i]);
            return false;
        }
        buffer_append(named, i == 0 ? "{" : "", i == 0);
        element_add(named, slice_of(call->words[i]), i + 1 == call->word_count);
    }
    buffer_append_byte(named, 0);
    parameters[2] = call->word_count == 0 ? NULL : named->data;
    decree->rows =
        sql_run(decree->session.sql, ctl_sql_decree_awards_sql, parameters, 3, &call->error);
    return decree->rows != NULL;
}

/* Each award named must be one, of one programme, and have no decree. */
static bool awards_check(struct decree *decree)
{
    struct error *error = &decree->call->error;
    int count = PQntuples(decree->rows);
    if (decree->call->word_count > 0 && (size_t)count != decree->call->word_count)
        error_set(error, REJECT, "%zu awards were named and %d of them exist; each once",
                  decree->call->word_count, count);
    else if (count == 0)
        error_set(error, REJECT, "no award of that wave waits for a decree");
    else
        for (int row = 0; row < count && error->text[0] == '\0'; row++) {
            if (!slice_equal(sql_text(decree->rows, row, 2), sql_text(decree->rows, 0, 2)))
                error_set(error, REJECT, "the awards are of different programmes");
            else if (sql_text(decree->rows, row, 3).size > 0)
                error_set(error, REJECT, "award %s has a decree, number \"%s\"",
                          PQgetvalue(decree->rows, row, 0), PQgetvalue(decree->rows, row, 3));
        }
    return error->text[0] == '\0';
}

static void arrays_fill(struct decree *decree)
{
    int count = PQntuples(decree->rows);
    buffer_clear(&decree->awards);
    buffer_append(&decree->awards, "{", 1);
    buffer_append(&decree->schemes, "{", 1);
    for (int row = 0; row < count; row++) {
        element_add(&decree->awards, sql_text(decree->rows, row, 0), row + 1 == count);
        element_add(&decree->schemes, sql_text(decree->rows, row, 1), row + 1 == count);
    }
    buffer_append_byte(&decree->awards, 0);
    buffer_append_byte(&decree->schemes, 0);
}

static int place(struct decree *decree, const char *decree_no)
{
    struct call *call = decree->call;
    struct programme *programme =
        rulebook_published(&decree->session, sql_text(decree->rows, 0, 2), NULL);
    instant_us at = realtime_us();
    if (programme == NULL)
        return call_fails(call, NULL);
    int status = EXIT_USAGE;
    if (call_moment(call, "--at", programme->utc_offset_minutes, &at)) {
        const struct award_changed event = {.programme = programme->id,
                                            .change = AWARD_CHANGED_CHANGE_DECREED,
                                            .reason = SLICE("DECREED"),
                                            .by = AWARD_CHANGED_BY_OFFICER,
                                            .has_decree_no = true,
                                            .decree_no = slice_of(decree_no),
                                            .currency = programme->currency,
                                            .occurred_at = at};
        status = order_place(&decree->session,
                             &(struct order){.subject = decree->subject,
                                             .type = &award_changed_event,
                                             .event = &event,
                                             .dated = call_value(call, "--at") != NULL,
                                             .awards = decree->awards.data,
                                             .schemes = decree->schemes.data});
    }
    programme_free(programme);
    return status;
}

static int decree_all(struct decree *decree, const char *programme, const char *wave)
{
    struct call *call = decree->call;
    if (!awards_read(decree, programme, wave) || !awards_check(decree))
        return call_fails(call, NULL);
    arrays_fill(decree);
    if (buffer_failed(&decree->awards) || buffer_failed(&decree->schemes))
        return call_fails(call, "cannot hold all awards: no memory");
    if (wave != NULL)
        snprintf(decree->subject, sizeof decree->subject, "%s wave %s", programme, wave);
    else
        snprintf(decree->subject, sizeof decree->subject, "%s", PQgetvalue(decree->rows, 0, 0));
    return place(decree, call_value(call, "--decree-no"));
}

static int run(struct call *call)
{
    struct decree decree = {.call = call};
    const char *programme = call_value(call, "--programme"), *wave = call_value(call, "--wave");
    int64_t number = 0;
    bool by_wave = programme != NULL && wave != NULL;
    if (!call_number(call, "--wave", 1, INT32_MAX, &number))
        return EXIT_USAGE;
    if (by_wave == (call->word_count > 0) || (programme != NULL) != (wave != NULL))
        return call_misused(call, "expected awards, or --programme P and --wave N");
    if (call_value(call, "--decree-no") == NULL || call_value(call, "--decree-no")[0] == '\0')
        return call_misused(call, "--decree-no NO is the number of the decree");
    int status = session_open(&decree.session, call, OPEN_SQL | OPEN_PRODUCER);
    if (status == EXIT_DONE)
        status = decree_all(&decree, programme, wave);
    PQclear(decree.rows);
    buffer_release(&decree.awards);
    buffer_release(&decree.schemes);
    session_close(&decree.session);
    return status;
}

static const struct call_option options[] = {
    {"--programme", "P", "with --wave instead of awards: all of the wave that have no decree"},
    {"--wave", "N", "the wave"},
    {"--decree-no", "NO", "the number of the decree"},
    {"--at", "INSTANT", "when it was signed, an instant or a local day (now)"},
};

const struct command award_decree_command = {
    .name = "award decree",
    .arguments = "[AWARD...]",
    .most = CALL_WORDS,
    .summary = "gives awards the number of their decree",
    .description =
        "Where a programme asks for a decree, nothing is paid under an award before it has a\n"
        "number. One command is of many awards: those that are named, or all of a wave that "
        "have\n"
        "none. Takes two officers: it is sent when another one approves it.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
