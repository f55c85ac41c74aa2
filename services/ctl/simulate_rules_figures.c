#include "simulate_rules_figures.h"

#include <stdlib.h>

static const struct table_column list_columns[] = {
    {"application_id", COLUMN_TEXT}, {"region", COLUMN_TEXT}, {"status", COLUMN_TEXT},
    {"change", COLUMN_TEXT},         {"drawn", COLUMN_TEXT},  {"wins", COLUMN_TEXT},
    {"before", COLUMN_TEXT},         {"after", COLUMN_TEXT}};

static void regions_open(struct report *regions)
{
    static const struct {
        const char *title;
        enum column_kind kind;
    } figures[REGION_FIGURES] = {[APPLICATIONS] = {"applications", COLUMN_COUNT},
                                 [KEEPS] = {"keeps", COLUMN_COUNT},
                                 [LOSES] = {"loses", COLUMN_COUNT},
                                 [HELD] = {"held", COLUMN_COUNT},
                                 [LEAVES] = {"leaves", COLUMN_COUNT},
                                 [GAINS] = {"gains", COLUMN_COUNT},
                                 [OTHER_REASONS] = {"other_reasons", COLUMN_COUNT},
                                 [CANNOT_SAY] = {"cannot_say", COLUMN_COUNT},
                                 [AWARDED] = {"awarded", COLUMN_COUNT},
                                 [WINS_LEAST] = {"wins_least", COLUMN_COUNT},
                                 [WINS_MOST] = {"wins_most", COLUMN_COUNT},
                                 [COMMITTED] = {"committed", COLUMN_MONEY},
                                 [COST_LEAST] = {"cost_least", COLUMN_MONEY},
                                 [COST_MOST] = {"cost_most", COLUMN_MONEY}};
    report_init(regions, "simulate-rules", false);
    regions->overlap = "more may win than there are seats";
    report_key(regions, "region");
    for (size_t i = 0; i < REGION_FIGURES; i++)
        report_figure(regions, figures[i].title, figures[i].kind);
}

void figures_open(struct simulation_figures *figures, const struct programme *draft)
{
    *figures = (struct simulation_figures){.draft = draft};
    regions_open(&figures->regions);
    report_init(&figures->reasons, "reasons", false);
    report_key(&figures->reasons, "reason");
    report_figure(&figures->reasons, "before", COLUMN_COUNT);
    report_figure(&figures->reasons, "after", COLUMN_COUNT);
    report_init(&figures->fields, "fields", false);
    report_key(&figures->fields, "field");
    report_figure(&figures->fields, "cannot_say", COLUMN_COUNT);
    report_figure(&figures->fields, "priority", COLUMN_COUNT);
    table_init(&figures->list, list_columns, sizeof list_columns / sizeof *list_columns);
}

void figures_release(struct simulation_figures *figures)
{
    report_release(&figures->regions);
    report_release(&figures->reasons);
    report_release(&figures->fields);
    table_release(&figures->list);
}

static const struct scheme *scheme_of(const struct programme *programme, int wave, epoch_day on)
{
    return wave != 0 ? scheme_for_wave(programme, wave) : scheme_for_day(programme, on);
}

static void reasons_add(struct report *report, const struct slice *codes, size_t count,
                        size_t figure)
{
    for (size_t i = 0; i < count; i++) {
        struct report_line *line = report_part(report, &codes[i]);
        report_add(line, figure, 1);
        report_add(line, 1 - figure, 0);
    }
}

/* Which fields were missing, and how often each. */
static bool fields_add(struct simulation_figures *figures, const bool *missing, size_t figure)
{
    bool any = false;
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
        struct slice name = slice_of(programme_field_name(figures->draft, (enum rule_field)i));
        if (!missing[i])
            continue;
        struct report_line *line = report_part(&figures->fields, &name);
        report_add(line, figure, 1);
        report_add(line, 1 - figure, 0);
        any = true;
    }
    return any;
}

static char *codes_join(const struct slice *codes, size_t count)
{
    struct buffer text = {0};
    for (size_t i = 0; i < count; i++)
        buffer_format(&text, "%s%.*s", i == 0 ? "" : " ", SLICE_ARGS(codes[i]));
    buffer_append_byte(&text, '\0');
    if (buffer_failed(&text))
        buffer_release(&text);
    return text.data;
}

static uint8_t class_of(const struct programme *draft, int wave,
                        const struct simulated_answer *answer)
{
    struct slice wanted[VERDICT_PRIORITIES];
    size_t count = wave_priorities(draft, wave, wanted);
    return draw_class(wanted, count, answer->priorities, answer->priority_count);
}

static bool changes(const struct simulated_application *application)
{
    return application->change != CHANGE_KEEPS && application->change != CHANGE_STAYS &&
           application->change != CHANGE_NOTHING;
}

static enum outcome answer_keep(struct simulation_figures *figures,
                                struct simulated_application *application,
                                const struct simulated_case *simulated,
                                const struct simulated_answer *answer, struct error *error)
{
    const struct scheme *scheme = simulated->draft_scheme;
    bool package_known = scheme != NULL && scheme->package_known;
    application->change = answer->change;
    application->chance = answer->chance;
    application->priority_class = class_of(figures->draft, application->wave, answer);
    application->package_hundredths = package_known ? scheme->package_hundredths : 0;
    if (application->package_hundredths > figures->package_most_hundredths)
        figures->package_most_hundredths = application->package_hundredths;
    figures->without_decision += simulated->seen.size == 0 || simulated->then_scheme == NULL;
    figures->without_scheme += scheme == NULL;
    figures->without_package += scheme != NULL && !package_known;
    if (answer->chance != CHANCE_NONE)
        figures->not_ranked += fields_add(figures, answer->unranked, 1);
    if (answer->change == CHANGE_CANNOT_SAY) {
        figures->not_asked += fields_add(figures, answer->missing, 0);
    } else {
        reasons_add(&figures->reasons, answer->before, answer->before_count, 0);
        reasons_add(&figures->reasons, answer->after, answer->after_count, 1);
    }
    if (!changes(application))
        return OK;
    application->before = codes_join(answer->before, answer->before_count);
    application->after = codes_join(answer->after, answer->after_count);
    return application->before != NULL && application->after != NULL
               ? OK
               : error_set(error, STOP, "cannot keep what changes: no memory");
}

enum outcome figures_judge(struct simulation_figures *figures,
                           struct simulated_application *application, struct arena *arena,
                           struct simulated_room *room, struct error *error)
{
    static struct simulated_answer answer;
    struct slice reasons[VERDICT_REASONS], waived[VERDICT_REASONS];
    const struct programme *then = application->book, *draft = figures->draft;
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
        .reason_count = slice_split(application->reasons, ',', reasons, VERDICT_REASONS),
        .waived_count = slice_split(application->waived, ',', waived, VERDICT_REASONS)};
    if (!simulated_standing_of(application->status, &simulated.standing))
        return error_set(error, STOP, "cannot tell what the status \"%.*s\" means",
                         SLICE_ARGS(application->status));
    arena_reset(arena);
    enum outcome outcome = simulate_rules(&simulated, arena, room, &answer, error);
    if (outcome == OK)
        outcome = answer_keep(figures, application, &simulated, &answer, error);
    return outcome;
}

/* Every figure of the line, so that 0 is said. */
static void line_add(struct report_line *line, const struct simulated_application *application)
{
    static const int figures[CHANGE_COUNT] = {[CHANGE_KEEPS] = KEEPS,
                                              [CHANGE_LOSES] = LOSES,
                                              [CHANGE_HELD] = HELD,
                                              [CHANGE_LEAVES] = LEAVES,
                                              [CHANGE_GAINS] = GAINS,
                                              [CHANGE_REASONS] = OTHER_REASONS,
                                              [CHANGE_CANNOT_SAY] = CANNOT_SAY};
    bool surely = application->wins == CHANCE_SURE, may = application->wins != CHANCE_NONE;
    for (size_t figure = 0; figure < REGION_FIGURES; figure++)
        report_add(line, figure, 0);
    report_add(line, APPLICATIONS, 1);
    if (figures[application->change] != 0)
        report_add(line, (size_t)figures[application->change], 1);
    report_add(line, AWARDED, slice_is(application->status, "AWARDED"));
    report_add(line, WINS_LEAST, surely);
    report_add(line, WINS_MOST, may);
    report_add(line, COMMITTED, application->committed_hundredths);
    report_add(line, COST_LEAST, surely ? application->package_hundredths : 0);
    report_add(line, COST_MOST, may ? application->package_hundredths : 0);
}

/* Selected then and not surely now, or the other way round. */
static bool luck_changes(const struct simulated_application *application)
{
    return (application->lot == LOT_SELECTED && application->change == CHANGE_KEEPS &&
            application->wins != CHANCE_SURE) ||
           (application->lot == LOT_NOT_DRAWN && application->change == CHANGE_STAYS &&
            application->wins != CHANCE_NONE);
}

static void list_add(struct table *list, const struct simulated_application *application)
{
    static const char *const lots[] = {
        [LOT_NONE] = "", [LOT_NOT_DRAWN] = "NOT_DRAWN", [LOT_SELECTED] = "SELECTED"};
    static const char *const wins[] = {
        [CHANCE_NONE] = "NO", [CHANCE_PERHAPS] = "PERHAPS", [CHANCE_SURE] = "YES"};
    const char *before = application->before, *after = application->after;
    table_row(list);
    table_cell(list, 0, application->id);
    table_cell(list, 1, application->region);
    table_cell(list, 2, application->status);
    table_cell(list, 3, slice_of(simulated_change_name(application->change)));
    table_cell(list, 4, slice_of(lots[application->lot]));
    table_cell(list, 5, slice_of(wins[application->wins]));
    table_cell(list, 6, slice_of(before == NULL ? "" : before));
    table_cell(list, 7, slice_of(after == NULL ? "" : after));
}

void figures_count(struct simulation_figures *figures,
                   const struct simulated_application *application)
{
    line_add(report_part(&figures->regions, &application->told_under), application);
    if (changes(application) || luck_changes(application))
        list_add(&figures->list, application);
}

void figures_total(struct simulation_figures *figures, const struct simulation_total *stated)
{
    struct report *regions = &figures->regions;
    struct report_line *total = report_total(regions, (struct slice){0});
    for (size_t figure = 0; total != NULL && figure < REGION_FIGURES; figure++) {
        report_add(total, figure, 0);
        for (size_t i = 0; i < regions->parts.count; i++)
            report_add(total, figure, regions->parts.items[i].figures[figure]);
    }
    if (total == NULL)
        return;
    total->figures[APPLICATIONS] = stated->applications;
    total->figures[AWARDED] = stated->awarded;
    total->figures[COMMITTED] = stated->committed_hundredths;
    if (stated->together >= 0 && stated->together < total->figures[WINS_MOST]) {
        int64_t cost = stated->together * figures->package_most_hundredths;
        total->figures[WINS_MOST] = stated->together;
        if (cost < total->figures[COST_MOST])
            total->figures[COST_MOST] = cost;
    }
    report_check(regions);
}
