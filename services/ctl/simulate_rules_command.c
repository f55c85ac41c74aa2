/*
 * kerja simulate-rules: a draft of a programme file against what was submitted and decided, touching nothing.
 *
 * One transaction that only reads, as kerja_read. It needs no Kafka and no secret.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "rulebook.h"
#include "simulate_rules_page.h"

#include <stdio.h>
#include <string.h>

enum { WAVE_MOST = 65535, SIMULATE_ARENA = 16 << 20 };

struct simulating {
    struct call *call;
    struct session session;
    enum answer_form form;
    struct programme *draft;
    char own[128]; /* the draft's programme */
    const char *programme, *wave, *by;
    struct simulated_store store;
    struct arena arena;
    struct simulated_drawing drawing;
    struct simulation_figures figures;
};

/* What there is in all is asked apart from the applications themselves. */
static bool total_make(struct simulating *simulating)
{
    const char *parameters[] = {simulating->programme, simulating->wave};
    PGresult *row = sql_run(simulating->session.sql, ctl_sql_simulate_total_sql, parameters, 2,
                            &simulating->call->error);
    if (row == NULL)
        return false;
    const struct simulation_total stated = {
        sql_number(row, 0, 0), sql_number(row, 0, 1), sql_number(row, 0, 2),
        simulating->drawing.again ? (int64_t)simulating->drawing.together : -1};
    PQclear(row);
    figures_total(&simulating->figures, &stated);
    return true;
}

static bool judge_all(struct simulating *simulating)
{
    struct simulated_store *store = &simulating->store;
    enum outcome outcome = OK;
    for (size_t i = 0; outcome == OK && i < store->count; i++) {
        progress_show("judged", (int64_t)i, (int64_t)store->count);
        outcome = figures_judge(&simulating->figures, &store->items[i], &simulating->arena,
                                &store->judging, &simulating->call->error);
    }
    progress_end();
    return outcome == OK;
}

static bool simulate(struct simulating *simulating)
{
    struct session *session = &simulating->session;
    struct simulated_store *store = &simulating->store;
    struct error *error = &simulating->call->error;
    bool good = arena_init(&simulating->arena, SIMULATE_ARENA) &&
                sql_begin_reading(session->sql, error) &&
                simulated_store_read(session, simulating->programme, simulating->wave,
                                     simulating->by, store) &&
                judge_all(simulating) &&
                simulated_draw(session, simulating->draft, simulating->programme,
                               simulating->wave, store, &simulating->drawing);
    for (size_t i = 0; good && i < store->count; i++)
        figures_count(&simulating->figures, &store->items[i]);
    good = good && total_make(simulating) && sql_execute(session->sql, "ROLLBACK", error);
    if (good && simulating->figures.regions.failed)
        error_set(error, STOP, "cannot count what it found: no memory");
    return good && !simulating->figures.regions.failed;
}

static int print(const struct simulating *simulating)
{
    struct answer answer = {.form = simulating->form};
    const struct simulation_page page = {simulating->programme, simulating->wave,
                                         &simulating->figures, &simulating->drawing,
                                         call_value(simulating->call, "--list") != NULL};
    simulation_page_write(&page, &answer);
    if (!answer_print(&answer, simulating->call))
        return EXIT_FAILED;
    size_t wrong = report_wrong(&simulating->figures.regions);
    return wrong == 0 ? EXIT_DONE
                      : call_fails(simulating->call, "%zu figure%s not agree", wrong,
                                   wrong == 1 ? " does" : "s do");
}

static int options_read(struct simulating *simulating)
{
    struct call *call = simulating->call;
    int64_t wave = 0;
    const char *by = call_value(call, "--by");
    simulating->programme = call_value(call, "--programme");
    simulating->wave = call_value(call, "--wave");
    simulating->by = by == NULL ? "district" : by;
    if (simulating->programme == NULL && simulating->wave == NULL)
        return call_misused(call,
                            "expected --wave N, or --programme P for all its applications");
    if (strcmp(simulating->by, "district") != 0 && strcmp(simulating->by, "province") != 0)
        return call_misused(call, "--by is \"%s\": expected district or province", by);
    if (!answer_form_read(call, &simulating->form) ||
        !call_number(call, "--wave", 1, WAVE_MOST, &wave))
        return EXIT_USAGE;
    return EXIT_DONE;
}

static int draft_read(struct simulating *simulating)
{
    struct call *call = simulating->call;
    struct buffer text = {0};
    bool good = file_read(call->words[0], &text, &call->error) == OK &&
                programme_load(buffer_slice(&text), call->words[0], &simulating->draft,
                               &call->error) == OK;
    buffer_release(&text);
    if (!good)
        return call_fails(call, NULL);
    snprintf(simulating->own, sizeof simulating->own, "%.*s",
             SLICE_ARGS(simulating->draft->id));
    if (simulating->programme == NULL)
        simulating->programme = simulating->own;
    return EXIT_DONE;
}

static int run(struct call *call)
{
    static struct simulating simulating;
    simulating = (struct simulating){.call = call};
    int status = options_read(&simulating);
    if (status == EXIT_DONE)
        status = draft_read(&simulating);
    if (status == EXIT_DONE)
        status = session_open(&simulating.session, call, OPEN_SQL);
    if (simulating.draft == NULL)
        return status;
    figures_open(&simulating.figures, simulating.draft);
    if (status == EXIT_DONE)
        status = simulate(&simulating) ? print(&simulating) : call_fails(call, NULL);
    figures_release(&simulating.figures);
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
        "reasons, and of whom nobody can say, because the draft asks what nobody asked then.\n"
        "A wave that was drawn is drawn again, with its published seed and the draft's seats "
        "and\n"
        "priorities: who would win at least, whatever the missing answers are, and at most, "
        "and\n"
        "what that costs. It says what it leaves out. One transaction that only reads; status "
        "0\n"
        "whatever it finds.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
