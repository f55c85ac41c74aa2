/*
 * kerja simulate-rules: a draft of a programme file against what was submitted and decided, touching nothing.
 *
 * One transaction that only reads, as kerja_read. It needs no Kafka and no secret.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "report.h"
#include "rulebook.h"
#include "simulate_rules_store.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAVE_MOST = 65535,
    SIMULATE_ARENA = 16 << 20,
    LIST_TEXT = 512,
    PROVINCE_DIGITS = 2,
    REASONS = VERDICT_REASONS
};

/* The figures of a region, in the order of the columns. */
enum {
    APPLICATIONS,
    AWARDED,
    KEEPS,
    LOSES,
    HELD,
    LEAVES,
    GAINS,
    OTHER_REASONS,
    CANNOT_SAY,
    COMMITTED,
    COST_LEAST,
    COST_MOST
};

struct simulating {
    struct call *call;
    struct session session;
    struct programme *draft;
    const char *programme, *wave;
    bool by_province;
    struct simulated_store store;
    struct arena arena;
    struct report regions, reasons, fields;
    struct table list; /* of whom something changes */
    int64_t without_decision, without_scheme, without_package;
};

static const struct table_column list_columns[] = {
    {"application_id", COLUMN_TEXT}, {"region", COLUMN_TEXT}, {"status", COLUMN_TEXT},
    {"change", COLUMN_TEXT},         {"before", COLUMN_TEXT}, {"after", COLUMN_TEXT}};

static const char *const leaves_out[] = {
    "answers that no condition asked for then: the cases that hang on them are under "
    "cannot_say",
    "registers as they are now: each application is judged by what its own decisions saw",
    "the draw: who gains comes into the pool, and who of the pool would be drawn is not said",
    "seats and money: least counts the awards that stay, most everybody whom the draft would "
    "let pass",
    "what the draft says of wave times, parameters and family cards: such values stay as they "
    "were",
    "what follows the award: courses, purchases, completions and payments",
};
enum { LEAVES_OUT = sizeof leaves_out / sizeof *leaves_out };

static const struct scheme *scheme_of(const struct programme *programme, int wave, epoch_day on)
{
    return wave != 0 ? scheme_for_wave(programme, wave) : scheme_for_day(programme, on);
}

static void codes_join(const struct slice *codes, size_t count, char text[static LIST_TEXT])
{
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && size < LIST_TEXT; i++)
        size += (size_t)snprintf(text + size, LIST_TEXT - size, "%s%.*s", i == 0 ? "" : " ",
                                 SLICE_ARGS(codes[i]));
}

static void list_add(struct simulating *simulating,
                     const struct simulated_application *application,
                     const struct simulated_answer *answer)
{
    char before[LIST_TEXT], after[LIST_TEXT];
    codes_join(answer->before, answer->before_count, before);
    codes_join(answer->after, answer->after_count, after);
    table_row(&simulating->list);
    table_cell(&simulating->list, 0, application->id);
    table_cell(&simulating->list, 1, application->region);
    table_cell(&simulating->list, 2, application->status);
    table_cell(&simulating->list, 3, slice_of(simulated_change_name(answer->change)));
    table_cell(&simulating->list, 4, slice_of(before));
    table_cell(&simulating->list, 5, slice_of(after));
}

static void reasons_add(struct simulating *simulating, const struct slice *codes, size_t count,
                        size_t figure)
{
    for (size_t i = 0; i < count; i++) {
        struct report_line *line = report_part(&simulating->reasons, &codes[i]);
        report_add(line, figure, 1);
        report_add(line, 1 - figure, 0);
    }
}

/* Every figure of the line, so that 0 is said. */
static void line_add(struct report_line *line, enum simulated_change change, bool awarded,
                     int64_t committed, int64_t package)
{
    static const int figures[CHANGE_COUNT] = {[CHANGE_KEEPS] = KEEPS,
                                              [CHANGE_LOSES] = LOSES,
                                              [CHANGE_HELD] = HELD,
                                              [CHANGE_LEAVES] = LEAVES,
                                              [CHANGE_GAINS] = GAINS,
                                              [CHANGE_REASONS] = OTHER_REASONS,
                                              [CHANGE_CANNOT_SAY] = CANNOT_SAY};
    bool stays = change == CHANGE_KEEPS;
    bool may = stays || change == CHANGE_STAYS || change == CHANGE_GAINS ||
               change == CHANGE_HELD || change == CHANGE_CANNOT_SAY;
    for (size_t figure = AWARDED; figure <= COST_MOST; figure++)
        report_add(line, figure, 0);
    report_add(line, APPLICATIONS, 1);
    report_add(line, AWARDED, awarded);
    if (figures[change] != 0)
        report_add(line, (size_t)figures[change], 1);
    report_add(line, COMMITTED, committed);
    report_add(line, COST_LEAST, stays ? package : 0);
    report_add(line, COST_MOST, may ? package : 0);
}

static void fields_add(struct simulating *simulating, const struct simulated_answer *answer)
{
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
        struct slice name = slice_of(field_meaning((enum rule_field)i)->name);
        if (answer->missing[i])
            report_add(report_part(&simulating->fields, &name), 0, 1);
    }
}

/* Its district, or with --by province the first two digits of it; an ISO 3166-2 code stands for itself. */
static struct slice region_of(const struct simulating *simulating, struct slice region)
{
    bool digits = region.size > PROVINCE_DIGITS;
    for (size_t i = 0; digits && i < PROVINCE_DIGITS; i++)
        digits = region.data[i] >= '0' && region.data[i] <= '9';
    return simulating->by_province && digits ? (struct slice){region.data, PROVINCE_DIGITS}
                                             : region;
}

static void answer_add(struct simulating *simulating,
                       const struct simulated_application *application,
                       const struct simulated_case *simulated,
                       const struct simulated_answer *answer)
{
    const struct scheme *scheme = simulated->draft_scheme;
    int64_t package = scheme != NULL && scheme->package_known ? scheme->package_hundredths : 0;
    simulating->without_decision += simulated->seen.size == 0 || simulated->then_scheme == NULL;
    simulating->without_scheme += scheme == NULL;
    simulating->without_package += scheme != NULL && !scheme->package_known;
    struct slice region = region_of(simulating, application->region);
    line_add(report_part(&simulating->regions, &region), answer->change,
             slice_is(application->status, "AWARDED"), application->committed_hundredths,
             package);
    if (answer->change == CHANGE_CANNOT_SAY) {
        fields_add(simulating, answer);
    } else {
        reasons_add(simulating, answer->before, answer->before_count, 0);
        reasons_add(simulating, answer->after, answer->after_count, 1);
    }
    if (answer->change != CHANGE_KEEPS && answer->change != CHANGE_STAYS &&
        answer->change != CHANGE_NOTHING)
        list_add(simulating, application, answer);
}

static enum outcome application_simulate(struct simulating *simulating,
                                         const struct simulated_application *application)
{
    static struct simulated_answer answer;
    struct slice reasons[REASONS], waived[REASONS];
    const struct programme *then = application->book, *draft = simulating->draft;
    epoch_day on = instant_to_day(application->submitted_at, draft->utc_offset_minutes);
    struct simulated_case simulated = {
        .then = then,
        .draft = draft,
        .then_scheme = then == NULL ? NULL : scheme_find(then, application->scheme),
        .draft_scheme = scheme_of(draft, application->wave, on),
        .has_wave = application->wave != 0,
        .wave = application->wave,
        .on = on,
        .seen = {application->seen, application->seen_size},
        .reasons = reasons,
        .waived = waived,
        .reason_count = slice_split(application->reasons, ',', reasons, REASONS),
        .waived_count = slice_split(application->waived, ',', waived, REASONS)};
    struct error *error = &simulating->call->error;
    if (!simulated_standing_of(application->status, &simulated.standing))
        return error_set(error, STOP, "cannot tell what the status \"%.*s\" means",
                         SLICE_ARGS(application->status));
    arena_reset(&simulating->arena);
    enum outcome outcome = simulate_rules(&simulated, &simulating->arena,
                                          &simulating->store.judging, &answer, error);
    if (outcome == OK)
        answer_add(simulating, application, &simulated, &answer);
    return outcome;
}

static void reports_open(struct simulating *simulating)
{
    static const char *const counts[] = {"applications", "awarded",       "keeps",
                                         "loses",        "held",          "leaves",
                                         "gains",        "other_reasons", "cannot_say"};
    struct report *regions = &simulating->regions;
    report_init(regions, "simulate-rules", false);
    report_key(regions, "region");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        report_figure(regions, counts[i], COLUMN_COUNT);
    report_figure(regions, "committed", COLUMN_MONEY);
    report_figure(regions, "least", COLUMN_MONEY);
    report_figure(regions, "most", COLUMN_MONEY);
    report_init(&simulating->reasons, "reasons", false);
    report_key(&simulating->reasons, "reason");
    report_figure(&simulating->reasons, "before", COLUMN_COUNT);
    report_figure(&simulating->reasons, "after", COLUMN_COUNT);
    report_init(&simulating->fields, "fields", false);
    report_key(&simulating->fields, "field");
    report_figure(&simulating->fields, "cannot_say", COLUMN_COUNT);
    table_init(&simulating->list, list_columns, sizeof list_columns / sizeof *list_columns);
}

/* What all regions must add up to: what there is from the database, what it became from the cases. */
static bool total_make(struct simulating *simulating)
{
    const char *parameters[] = {simulating->programme, simulating->wave};
    PGresult *row = sql_run(simulating->session.sql, ctl_sql_simulate_total_sql, parameters, 2,
                            &simulating->call->error);
    if (row == NULL)
        return false;
    struct report *regions = &simulating->regions;
    struct report_line *total = report_total(regions, (struct slice){0});
    for (size_t i = 0; i < regions->parts.count; i++)
        for (size_t figure = KEEPS; figure <= COST_MOST; figure++)
            if (figure != COMMITTED)
                report_add(total, figure, regions->parts.items[i].figures[figure]);
    report_add(total, APPLICATIONS, sql_number(row, 0, 0));
    report_add(total, AWARDED, sql_number(row, 0, 1));
    report_add(total, COMMITTED, sql_number(row, 0, 2));
    PQclear(row);
    report_check(regions);
    return true;
}

static bool simulate(struct simulating *simulating)
{
    struct sql *sql = simulating->session.sql;
    struct error *error = &simulating->call->error;
    if (!sql_execute(sql, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                     error) ||
        !sql_execute(sql, "SET LOCAL ROLE kerja_read", error) ||
        !simulated_store_read(&simulating->session, simulating->programme, simulating->wave,
                              &simulating->store))
        return false;
    for (size_t i = 0; i < simulating->store.count; i++) {
        progress_show("judged", (int64_t)i, (int64_t)simulating->store.count);
        if (application_simulate(simulating, &simulating->store.items[i]) != OK)
            return false;
    }
    progress_end();
    return total_make(simulating) && sql_execute(sql, "ROLLBACK", error);
}

static void say(struct buffer *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void say(struct buffer *text, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    buffer_append(text, line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

static void doubts_say(const struct simulating *simulating, struct buffer *text)
{
    if (simulating->without_decision > 0)
        say(text, "%" PRId64 " applications have no stored decision: nobody can say\n",
            simulating->without_decision);
    if (simulating->without_scheme > 0)
        say(text, "%" PRId64 " applications have no scheme in the draft: nobody can say\n",
            simulating->without_scheme);
    if (simulating->without_package > 0)
        say(text,
            "%" PRId64 " applications have a scheme whose package the draft does not know: "
            "they cost nothing here\n",
            simulating->without_package);
    say(text, "left out:\n");
    for (size_t i = 0; i < LEAVES_OUT; i++)
        say(text, "  %s\n", leaves_out[i]);
}

static void text_write(const struct simulating *simulating, struct buffer *text)
{
    say(text, "what %s of the file %s would have decided%s%s; amounts in %.*s\n",
        simulating->programme, simulating->draft->rules_hash,
        simulating->wave == NULL ? "" : " of wave ",
        simulating->wave == NULL ? "" : simulating->wave,
        SLICE_ARGS(simulating->draft->currency));
    report_write(&simulating->regions, text);
    if (simulating->reasons.parts.count > 0) {
        say(text, "\nreasons before and after, of whom it can say\n");
        report_write(&simulating->reasons, text);
    }
    if (simulating->fields.parts.count > 0) {
        say(text, "\nnot stored, because nobody asked for it then\n");
        report_write(&simulating->fields, text);
    }
    if (call_value(simulating->call, "--list") != NULL) {
        say(text, "\nof whom something changes\n");
        table_write(&simulating->list, text);
    }
    say(text, "\n");
    doubts_say(simulating, text);
}

static void json_write(const struct simulating *simulating, struct buffer *text)
{
    say(text,
        "{\"simulated\": \"%s\", \"wave\": %s, \"rules_hash\": \"%s\", \"currency\": "
        "\"%.*s\",\n ",
        simulating->programme, simulating->wave == NULL ? "null" : simulating->wave,
        simulating->draft->rules_hash, SLICE_ARGS(simulating->draft->currency));
    report_write_json(&simulating->regions, text);
    say(text, ",\n \"reasons\": {");
    report_write_json(&simulating->reasons, text);
    say(text, "},\n \"not_stored\": {");
    report_write_json(&simulating->fields, text);
    say(text, "},\n \"changes\": ");
    table_write_json(&simulating->list, text);
    say(text,
        ",\n \"without_decision\": %" PRId64 ", \"without_scheme\": %" PRId64
        ", \"without_package\": %" PRId64 ",\n \"left_out\": [",
        simulating->without_decision, simulating->without_scheme, simulating->without_package);
    for (size_t i = 0; i < LEAVES_OUT; i++) {
        say(text, "%s", i == 0 ? "" : ", ");
        json_text_write(slice_of(leaves_out[i]), text);
    }
    say(text, "]}\n");
}

static int print(const struct simulating *simulating)
{
    struct call *call = simulating->call;
    struct buffer text = {0}, said = {0};
    if (call_value(call, "--json") != NULL) {
        json_write(simulating, &text);
    } else if (call_value(call, "--csv") != NULL) {
        if (call_value(call, "--list") != NULL)
            table_write_csv(&simulating->list, &text);
        else
            report_write_csv(&simulating->regions, &text);
        report_write_faults(&simulating->regions, &said);
        doubts_say(simulating, &said);
    } else {
        text_write(simulating, &text);
    }
    bool failed = buffer_failed(&text) || buffer_failed(&said) || simulating->regions.failed;
    if (!failed) {
        printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
        fprintf(stderr, "%.*s", SLICE_ARGS(buffer_slice(&said)));
    }
    buffer_release(&text);
    buffer_release(&said);
    if (failed)
        return call_fails(call, "cannot write what it found: no memory");
    return simulating->regions.fault_count == 0
               ? EXIT_DONE
               : call_fails(call, "%zu figures do not agree", simulating->regions.fault_count);
}

static bool by_read(const struct call *call, bool *by_province)
{
    const char *by = call_value(call, "--by");
    *by_province = by != NULL && strcmp(by, "province") == 0;
    if (by == NULL || *by_province || strcmp(by, "district") == 0)
        return true;
    call_misused(call, "--by is \"%s\": expected district or province", by);
    return false;
}

static int run(struct call *call)
{
    static struct simulating simulating;
    int64_t wave = 0;
    simulating = (struct simulating){.call = call,
                                     .programme = call_value(call, "--programme"),
                                     .wave = call_value(call, "--wave")};
    if (simulating.programme == NULL && simulating.wave == NULL)
        return call_misused(call,
                            "expected --wave N, or --programme P for all its applications");
    if (call_value(call, "--csv") != NULL && call_value(call, "--json") != NULL)
        return call_misused(call, "expected --csv or --json, not both");
    if (!by_read(call, &simulating.by_province))
        return EXIT_USAGE;
    if (!call_number(call, "--wave", 1, WAVE_MOST, &wave))
        return EXIT_USAGE;
    struct buffer text = {0};
    int status = EXIT_DONE;
    if (file_read(call->words[0], &text, &call->error) != OK ||
        programme_load(buffer_slice(&text), call->words[0], &simulating.draft, &call->error) !=
            OK)
        status = call_fails(call, NULL);
    buffer_release(&text);
    char own[128] = "";
    if (status == EXIT_DONE && simulating.programme == NULL) {
        snprintf(own, sizeof own, "%.*s", SLICE_ARGS(simulating.draft->id));
        simulating.programme = own;
    }
    if (status == EXIT_DONE)
        status = session_open(&simulating.session, call, OPEN_SQL);
    reports_open(&simulating);
    if (status == EXIT_DONE &&
        (!arena_init(&simulating.arena, SIMULATE_ARENA) || !simulate(&simulating)))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        status = print(&simulating);
    report_release(&simulating.regions);
    report_release(&simulating.reasons);
    report_release(&simulating.fields);
    table_release(&simulating.list);
    simulated_store_release(&simulating.store);
    arena_release(&simulating.arena);
    programme_free(simulating.draft);
    session_close(&simulating.session);
    return status;
}

static const struct call_option options[] = {
    {"--wave", "N", "the applications of one wave"},
    {"--programme", "P",
     "of this programme, where it is not the draft's own; all waves without --wave"},
    {"--by", "WHAT", "the regions: district (as it is without) or province"},
    {"--list", NULL, "also a line for each application of which something changes"},
    {"--csv", NULL, "the regions, or with --list the applications, as CSV"},
    {"--json", NULL, "everything as one JSON document"},
};

const struct command simulate_rules_command = {
    .name = "simulate-rules",
    .arguments = "DRAFT.yaml",
    .least = 1,
    .most = 1,
    .summary = "what a draft would have decided of a wave, touching nothing",
    .description =
        "Judges stored applications once more, by the file that judged them and by a draft, "
        "on\n"
        "the values that their decisions saw, and tells the difference by region: who keeps "
        "the\n"
        "award, loses it, would be held, leaves the pool, comes into it (gains), is out for "
        "other\n"
        "reasons, and of whom nobody can say, because the draft asks for what was not stored.\n"
        "committed is what the awards took; least and most are what the draft's awards would "
        "cost\n"
        "if only those that stay count, and if everybody whom it lets pass were awarded.\n"
        "It says what it leaves out. One transaction that only reads; status 0 whatever it "
        "finds.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
