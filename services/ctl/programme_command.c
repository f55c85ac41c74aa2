/*
 * kerja programme check, kerja programme publish.
 *
 * Publishing stores the file for all services in one transaction with its audit row, then says
 * so in programme.published. Publishing the same file again stores nothing and says it again: so a
 * publication that was interrupted between the two is mended by repeating it.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "rulebook.h"
#include "schemas/events.h"
#include "zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell_fault(void *context, const char *fault)
{
    (void)context;
    printf("%s\n", fault);
}

/* What the file alone cannot show: whether its days are those of its zone. */
static size_t zone_faults(struct call *call, struct slice text)
{
    struct programme *programme = NULL;
    if (programme_load(text, call->words[0], &programme, &call->error) != OK)
        return 0;
    bool agrees = zone_agrees(programme, &call->error) == OK;
    if (!agrees)
        printf("%s: %s\n", call->words[0], call->error.text);
    programme_free(programme);
    return !agrees;
}

static int check(struct call *call)
{
    struct buffer text = {0};
    int status = EXIT_FAILED;
    if (file_read(call->words[0], &text, &call->error) != OK) {
        call_fails(call, NULL);
    } else {
        size_t faults = programme_check(buffer_slice(&text), call->words[0], tell_fault, NULL);
        faults += zone_faults(call, buffer_slice(&text));
        if (faults > 0)
            call_fails(call, "%zu fault%s", faults, faults == 1 ? "" : "s");
        else
            status = EXIT_DONE;
        if (faults == 0)
            printf("%s: no fault\n", call->words[0]);
    }
    buffer_release(&text);
    return status;
}

/* Of a programme the file that was published last rules: an older one is not taken up again by its text. */
static bool rules_newest(struct session *session, const char *const file[static 2])
{
    static const char newest[] = "SELECT encode(sha256, 'hex') = $2::text FROM kerja.programme "
                                 "WHERE programme = $1::text "
                                 "ORDER BY number DESC LIMIT 1";
    struct error *error = &session->call->error;
    PGresult *result = sql_run(session->sql, newest, file, 2, error);
    bool good = result != NULL && slice_is(sql_text(result, 0, 0), "t");
    if (result != NULL && !good)
        error_set(error, REJECT,
                  "this file of \"%s\" was published before, and another one since, which "
                  "rules: to return to it, "
                  "change its text, if only by a comment; nothing was published",
                  file[0]);
    PQclear(result);
    return good;
}

enum { DETAIL_SIZE = 160, PAUSE_SIZE = 2 * DAY_TEXT_SIZE + 2 };

/* "FROM" or "FROM:TO" of a pause; empty where there is none. */
static void pause_format(const struct programme_published *event, char text[static PAUSE_SIZE])
{
    text[0] = '\0';
    if (event->has_paused_from)
        day_format(event->paused_from, text);
    if (event->has_paused_to) {
        text[DAY_TEXT_SIZE] = ':';
        day_format(event->paused_to, text + DAY_TEXT_SIZE + 1);
    }
}

/* What is audited: the file, and whether its payments stand still. */
static void detail_format(const struct programme_published *event,
                          char detail[static DETAIL_SIZE])
{
    char pause[PAUSE_SIZE];
    pause_format(event, pause);
    snprintf(detail, DETAIL_SIZE, "{\"sha256\": \"%.*s\"%s%s%s}", SLICE_ARGS(event->sha256),
             event->has_paused_from ? ", \"paused\": \"" : "", pause,
             event->has_paused_from ? "\"" : "");
}

/* The moment counts against other publications, so it is the database's: officers' clocks differ. */
static bool moment_take(struct session *session, struct programme_published *event)
{
    static const char now[] =
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    PGresult *result = sql_run(session->sql, now, NULL, 0, &session->call->error);
    if (result != NULL)
        event->published_at = sql_number(result, 0, 0);
    PQclear(result);
    return result != NULL;
}

static bool store(struct session *session, const struct programme *programme, const char *text,
                  struct programme_published *event)
{
    struct error *error = &session->call->error;
    char id[128], detail[DETAIL_SIZE];
    snprintf(id, sizeof id, "%.*s", SLICE_ARGS(programme->id));
    detail_format(event, detail);
    const char *file[] = {id, programme->sha256, text};
    const char *audit[] = {"programme publish", id, detail};
    if (!sql_execute(session->sql, "BEGIN", error))
        return false;
    PGresult *stored = sql_run(session->sql, ctl_sql_programme_insert_sql, file, 3, error);
    PGresult *audited =
        stored == NULL ? NULL : sql_run(session->sql, ctl_sql_audit_sql, audit, 3, error);
    bool good = audited != NULL && rules_newest(session, file) && moment_take(session, event) &&
                sql_execute(session->sql, "COMMIT", error);
    PQclear(stored);
    PQclear(audited);
    return good;
}

enum { RESTRICTIONS = 100, RESTRICTION_PARTS = 4 };

struct restrictions {
    char text[8192]; /* what the items point into */
    struct programme_published_restricted_region items[RESTRICTIONS];
    size_t count;
};

/* "REGION:MEASURE:FROM[:TO]". */
static bool restriction_read(char *text, struct programme_published_restricted_region *item)
{
    char *parts[RESTRICTION_PARTS] = {NULL}, *part;
    size_t count = 0;
    while (count < RESTRICTION_PARTS && (part = strsep(&text, ":")) != NULL)
        parts[count++] = part;
    if (text != NULL || count < 3 || parts[0][0] == '\0' || parts[1][0] == '\0')
        return false;
    *item = (struct programme_published_restricted_region){
        .region_code = slice_of(parts[0]), .measure = slice_of(parts[1]), .has_to = count == 4};
    return day_read(slice_of(parts[2]), &item->from) &&
           (count < 4 || (day_read(slice_of(parts[3]), &item->to) && item->from <= item->to));
}

static int restrictions_read(struct call *call, struct restrictions *restrictions)
{
    const char *given = call_value(call, "--restrict");
    char *rest = restrictions->text, *one;
    restrictions->count = 0;
    if (given == NULL)
        return EXIT_DONE;
    if (strlen(given) >= sizeof restrictions->text)
        return call_misused(call, "--restrict is too long");
    memcpy(rest, given, strlen(given) + 1);
    while ((one = strsep(&rest, ",")) != NULL)
        if (restrictions->count == RESTRICTIONS ||
            !restriction_read(one, &restrictions->items[restrictions->count++]))
            return call_misused(call, "--restrict expects REGION:MEASURE:FROM[:TO], at most %d",
                                RESTRICTIONS);
    return EXIT_DONE;
}

/* "FROM[:TO]", both days of the pause. */
static int pause_read(struct call *call, struct programme_published *event)
{
    struct slice from = slice_of(call_value(call, "--paused")), to = {0};
    const char *colon = from.size == 0 ? NULL : memchr(from.data, ':', from.size);
    event->has_paused_from = call_value(call, "--paused") != NULL;
    event->has_paused_to = colon != NULL;
    if (colon != NULL) {
        to = (struct slice){colon + 1, from.size - (size_t)(colon + 1 - from.data)};
        from.size = (size_t)(colon - from.data);
    }
    if ((!event->has_paused_from || day_read(from, &event->paused_from)) &&
        (!event->has_paused_to ||
         (day_read(to, &event->paused_to) && event->paused_from <= event->paused_to)))
        return EXIT_DONE;
    return call_misused(call, "--paused expects FROM[:TO], the first and the last day on which "
                              "nothing is paid");
}

/* Adds the budget of the file, and sends it. */
static enum outcome announce(struct session *session, const struct programme *programme,
                             struct programme_published *event)
{
    size_t count = programme->money_limit_count;
    struct programme_published_appropriation *money =
        calloc(count == 0 ? 1 : count, sizeof *money);
    if (money == NULL)
        return error_set(&session->call->error, STOP, "cannot announce: no memory");
    for (size_t i = 0; i < count; i++)
        money[i] = (struct programme_published_appropriation){
            .year = programme->money_limits[i].year,
            .component = programme->money_limits[i].component,
            .amount = programme->money_limits[i].amount_hundredths,
            .currency = programme->currency};
    event->appropriations.items = money;
    event->appropriations.count = count;
    enum outcome outcome = session_send(session, &programme_published_event, event);
    if (outcome == OK)
        outcome = session_flush(session);
    free(money);
    return outcome == OK ? OK
                         : error_wrap(&session->call->error, outcome,
                                      "the file rules from now on, but budget, pauses and "
                                      "restrictions are not announced: give the same command "
                                      "again");
}

static int publish_loaded(struct call *call, const struct programme *programme,
                          const char *text)
{
    struct session session;
    const epoch_day today = instant_to_day(realtime_us(), programme->utc_offset_minutes);
    struct programme_published event = {.programme = programme->id,
                                        .sha256 = slice_of(programme->sha256),
                                        .effective_from = today};
    static struct restrictions restrictions;
    char pause[PAUSE_SIZE];
    if (!call_day(call, "--effective-from", &event.effective_from) ||
        restrictions_read(call, &restrictions) != EXIT_DONE ||
        pause_read(call, &event) != EXIT_DONE)
        return EXIT_USAGE;
    event.restricted_regions.items = restrictions.items;
    event.restricted_regions.count = restrictions.count;
    if (event.effective_from > today)
        return call_misused(call,
                            "--effective-from is still to come: a file rules from when it is "
                            "published, so publish it on that day");
    int status = session_open(&session, call, OPEN_SQL | OPEN_PRODUCER);
    if (status == EXIT_DONE && (!store(&session, programme, text, &event) ||
                                announce(&session, programme, &event) != OK))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        printf("published %.*s, sha256 %s: %zu schemes, %zu conditions, %zu budget lines\n",
               SLICE_ARGS(programme->id), programme->sha256, programme->scheme_count,
               programme->condition_count, programme->money_limit_count);
    pause_format(&event, pause);
    if (status == EXIT_DONE && event.has_paused_from)
        printf("payments are paused: %s\n", pause);
    session_close(&session);
    return status;
}

static int publish(struct call *call)
{
    struct buffer text = {0};
    struct programme *programme = NULL;
    int status;
    if (file_read(call->words[0], &text, &call->error) != OK ||
        programme_load(buffer_slice(&text), call->words[0], &programme, &call->error) != OK ||
        zone_agrees(programme, &call->error) != OK) {
        status = call_fails(call, NULL);
    } else {
        buffer_append_byte(&text, 0);
        status = publish_loaded(call, programme, text.data);
    }
    programme_free(programme);
    buffer_release(&text);
    return status;
}

const struct command programme_check_command = {
    .name = "programme check",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .summary = "tells every fault of a programme file",
    .description = "Reads a programme file and tells all its faults, each with file, line and\n"
                   "column, what was found and what was expected. Needs no server.",
    .run = check,
};

static const struct call_option publish_options[] = {
    {"--effective-from", "DAY", "first day that it is announced for, today or before (today)"},
    {"--restrict", "LIST",
     "where training is restricted, all of it: REGION:MEASURE:FROM[:TO], with commas"},
    {"--paused", "FROM[:TO]", "nothing is paid from the first day to the last"},
};

const struct command programme_publish_command = {
    .name = "programme publish",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .summary = "stores a programme file for all services and announces it",
    .description =
        "Checks the file, stores it by its SHA-256 with a row of audit, and emits\n"
        "programme.published with the budget of the file. The workers take it up\n"
        "within seconds. What is announced is whole, also when the same file is\n"
        "published again: what --restrict does not name is no longer restricted\n"
        "(MEASURE is a word of your own), and without --paused payments go on, those\n"
        "that stood still within a day.",
    .options = publish_options,
    .option_count = sizeof publish_options / sizeof *publish_options,
    .run = publish,
};
