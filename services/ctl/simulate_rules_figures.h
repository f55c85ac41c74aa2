/*
 * simulate_rules_figures - what a draft would change, counted: by region, by reason, by what nobody asked for, and who.
 *
 * Each application is judged once (figures_judge), then the wave is drawn again, then each is counted
 * (figures_count): only then is known who wins.
 */
#ifndef KERJA_CTL_SIMULATE_RULES_FIGURES_H
#define KERJA_CTL_SIMULATE_RULES_FIGURES_H

#include "report.h"
#include "simulate_rules_store.h"

/* The figures of a region, in the order of the columns: what changes, then who wins and what that costs. */
enum region_figure {
    APPLICATIONS,
    KEEPS,
    LOSES,
    HELD,
    LEAVES,
    GAINS,
    OTHER_REASONS,
    CANNOT_SAY,
    AWARDED,
    WINS_LEAST,
    WINS_MOST,
    COMMITTED,
    COST_LEAST,
    COST_MOST,
    REGION_FIGURES
};

struct simulation_figures {
    const struct programme *draft;
    struct report regions, reasons, fields;
    struct table list; /* of whom something changes */
    int64_t
        not_asked; /* applications for which the draft asks what nobody asked then, and whose answer hangs on it */
    int64_t not_ranked; /* those whose priority hangs on it */
    int64_t package_most_hundredths;
    int64_t without_decision, without_scheme, without_package;
};

void figures_open(struct simulation_figures *figures, const struct programme *draft);
void figures_release(struct simulation_figures *figures);

/* Judges an application by both files, and keeps in it what follows. */
enum outcome figures_judge(struct simulation_figures *figures,
                           struct simulated_application *application, struct arena *arena,
                           struct simulated_room *room, struct error *error);

/* Adds one that was judged, and of which is known whether it wins. */
void figures_count(struct simulation_figures *figures,
                   const struct simulated_application *application);

/* What all regions must add up to: what there is in all, said by the database, and what it became, by the cases. No
 * more than `together` can win at once, though more may win; -1: nobody knows. */
struct simulation_total {
    int64_t applications, awarded, committed_hundredths, together;
};
void figures_total(struct simulation_figures *figures, const struct simulation_total *stated);

#endif
