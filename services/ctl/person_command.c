/*
 * kerja person erase: personal data of a person, or of an employer, is to be erased by every service.
 *
 * A national id comes through standard input or a file that only its owner reads, never as an argument, and is
 * wiped once the person's id is made of it; neither audit nor record holds it. An employer's number is no secret: payments
 * and books name it.
 */
#include "commands.h"

#include "base/clock.h"
#include "ctl_embedded.h"
#include "national_id.h"
#include "order.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 128 };

struct erasing {
    struct call *call;
    struct session session;
    struct uuid person_id;
    char person[UUID_TEXT_SIZE + 1];
    const char *employer_no; /* NULL: a person */
    struct uuid *awards;
    size_t award_count;
    bool known;
};

static bool person_by_secret(struct erasing *erasing)
{
    struct call *call = erasing->call;
    char text[LINE_SIZE];
    struct slice line, country, national_id;
    bool good = secret_line_read(call_value(call, "--file"), text, sizeof text, &line,
                                 &call->error) == OK;
    if (good &&
        (!national_id_line(line, call_value(call, "--country"), &country, &national_id) ||
         !seal_person_id(erasing->session.seal, country, national_id, &erasing->person_id))) {
        error_set(&call->error, REJECT,
                  "expected one line with a country and a national id, such as ID and digits, "
                  "or the digits with --country");
        good = false;
    }
    explicit_bzero(text, sizeof text);
    return good;
}

static bool person_read(struct erasing *erasing)
{
    struct call *call = erasing->call;
    if (erasing->employer_no != NULL) {
        erasing->person_id =
            seal_employer_id(erasing->session.seal, slice_of(call_value(call, "--country")),
                             slice_of(erasing->employer_no));
        return true;
    }
    if (call->word_count == 0)
        return person_by_secret(erasing);
    if (uuid_parse(slice_of(call->words[0]), &erasing->person_id))
        return true;
    error_set(&call->error, REJECT,
              "it is no person's id, which has 36 characters; a national id comes through "
              "standard input or --file");
    return false;
}

struct view {
    const char *schema, *name, *statement;
};

/* Whatever service knows the person, and the awards it has; each award once. */
static bool view_read(struct erasing *erasing, const struct view *view)
{
    struct error *error = &erasing->call->error;
    const char *parameters[] = {erasing->person, erasing->employer_no};
    int count = erasing->employer_no == NULL ? 1 : 2;
    error->text[0] = '\0';
    if (!sql_has(erasing->session.sql, view->schema, view->name, error))
        return error->text[0] == '\0';
    PGresult *rows = sql_run(erasing->session.sql, view->statement, parameters, count, error);
    if (rows == NULL)
        return false;
    size_t room = erasing->award_count + (size_t)PQntuples(rows);
    struct uuid *grown = realloc(erasing->awards, (room + 1) * sizeof *grown);
    erasing->awards = grown == NULL ? erasing->awards : grown;
    for (int row = 0; grown != NULL && row < PQntuples(rows); row++) {
        struct uuid award;
        bool seen = false;
        erasing->known = true;
        if (!uuid_parse(sql_text(rows, row, 0), &award))
            continue;
        for (size_t i = 0; i < erasing->award_count; i++)
            seen = seen || uuid_equal(&erasing->awards[i], &award);
        if (!seen)
            erasing->awards[erasing->award_count++] = award;
    }
    if (grown == NULL)
        error_set(error, STOP, "cannot hold the person's awards: no memory");
    PQclear(rows);
    return grown != NULL;
}

static bool awards_read(struct erasing *erasing)
{
    static const struct view
        of_person[] = {{"application_read", "application", ctl_sql_person_application_sql},
                       {"completion_read", "award", ctl_sql_person_completion_sql},
                       {"incentive_read", "award", ctl_sql_person_incentive_sql},
                       {"incentive_read", "account", ctl_sql_person_account_sql}},
        of_employer[] = {{"application_read", "application", ctl_sql_employer_application_sql},
                         {"completion_read", "award", ctl_sql_employer_completion_sql},
                         {"incentive_read", "entitlement", ctl_sql_employer_incentive_sql},
                         {"incentive_read", "account", ctl_sql_employer_account_sql}};
    bool employer = erasing->employer_no != NULL;
    _Static_assert(sizeof of_person == sizeof of_employer, "as many of each");
    for (size_t i = 0; i < sizeof of_person / sizeof *of_person; i++)
        if (!view_read(erasing, employer ? &of_employer[i] : &of_person[i]))
            return false;
    if (!erasing->known)
        error_set(&erasing->call->error, REJECT, "no service knows such %s",
                  employer ? "an employer" : "a person");
    return erasing->known;
}

static int erase(struct erasing *erasing)
{
    struct call *call = erasing->call;
    instant_us at = realtime_us();
    if (!call_moment(call, "--at", 0, &at))
        return EXIT_USAGE;
    if (!person_read(erasing))
        return call_fails(call, NULL);
    uuid_format(&erasing->person_id, erasing->person);
    if (!awards_read(erasing))
        return call_fails(call, NULL);
    struct person_erased event = {.person_id = erasing->person_id,
                                  .requested_at = at,
                                  .authority = slice_of(call_value(call, "--authority"))};
    event.award_ids.items = erasing->awards;
    event.award_ids.count = erasing->award_count;
    event.has_employer_no = erasing->employer_no != NULL;
    if (event.has_employer_no)
        event.employer_no = slice_of(erasing->employer_no);
    return order_place(&erasing->session,
                       &(struct order){.subject = erasing->person,
                                       .type = &person_erased_event,
                                       .event = &event,
                                       .dated = call_value(call, "--at") != NULL});
}

static int run(struct call *call)
{
    struct erasing erasing = {.call = call, .employer_no = call_value(call, "--employer")};
    if (call_value(call, "--authority") == NULL || call_value(call, "--authority")[0] == '\0')
        return call_misused(call, "--authority TEXT says by whose order");
    if (call->word_count > 0 && call_value(call, "--file") != NULL)
        return call_misused(call, "expected PERSON_ID or --file, not both");
    if (erasing.employer_no != NULL &&
        (call_value(call, "--country") == NULL || call->word_count > 0 ||
         call_value(call, "--file") != NULL))
        return call_misused(call, "--employer NO needs --country CC, and no person");
    if (!call_country(call, "--country"))
        return EXIT_USAGE;
    int status = session_open(&erasing.session, call, OPEN_SQL | OPEN_PRODUCER | OPEN_SEAL);
    if (status == EXIT_DONE)
        status = erase(&erasing);
    free(erasing.awards);
    session_close(&erasing.session);
    return status;
}

static const struct call_option options[] = {
    {"--authority", "TEXT",
     "by whose order, such as the number of a request; no personal data"},
    {"--country", "CC",
     "where the line has the national id alone, or of the employer: such as ID"},
    {"--employer", "NO", "an employer by its number at social security, instead of a person"},
    {"--file", "PATH", "a file that only its owner reads, instead of standard input"},
    {"--at", "INSTANT", "when it was asked for, an instant or a day (now)"},
};

const struct command person_erase_command = {
    .name = "person erase",
    .arguments = "[PERSON_ID]",
    .most = 1,
    .summary = "erases a person's, or an employer's, personal data everywhere",
    .description =
        "Names, numbers and contacts of the person are erased by every service; decisions, "
        "money\n"
        "and ids stay. Without PERSON_ID it reads one line, country and national id, from "
        "standard\n"
        "input or --file: a command line is seen by everybody on the machine. Of an employer "
        "its\n"
        "mobile number, account and name as creditor go; its number names it still. Sent at "
        "once.\n"
        "It cannot be taken back.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
