/*
 * load - the parts of a programme file, read one after the other.
 *
 * Order matters: currency and languages before any text or amount, reasons and schemes before
 * what names them. Inside common/rules only; programme_load() is the way in.
 */
#ifndef KERJA_RULES_LOAD_H
#define KERJA_RULES_LOAD_H

#include "rules/document.h"
#include "rules/mapping.h"
#include "rules/node.h"
#include "rules/programme.h"

struct loading {
    struct document document; /* first, so that a key's reader finds its loading */
    struct programme *programme;
    struct scheme *schemes; /* the programme's own, while they are being filled */
    node **reason_nodes;    /* where each reason stands, by its index           */
    bool *reason_used;
};

static inline struct loading *loading_of(struct document *document)
{
    return (struct loading *)document;
}

/* Marks the reason as used and returns it; NULL, with a fault at `at`, when the file does not
 * give it. */
const struct reason *load_reason_use(struct loading *loading, node *at, struct slice code);

/* A fault at `at` when the reason does not say what ends it. */
void load_reason_ends(struct loading *loading, node *at, const struct reason *reason);

/* Resolves a list of scheme names; a fault for each unknown one. */
void load_scheme_names(struct loading *loading, node *list,
                       const struct scheme *const **schemes, size_t *count);

/* Reads `field`, `op` and `value` of a mapping. `phase` limits the fields to those that a
 * service of that phase knows; PHASE_COUNT: any. False with faults. */
bool load_comparison(struct loading *loading, node *at, enum rule_phase phase,
                     struct comparison *comparison);

/* Reads a `when` list. */
void load_when(struct loading *loading, node *list, enum rule_phase phase,
               const struct comparison **when, size_t *count);

/* Kerja's own order of qualifications, which `levels` may replace. */
void load_own_levels(struct loading *loading);

/* The parts. */
void load_levels(struct loading *loading, node *at);
void load_registers(struct loading *loading, node *at);
void load_words(struct loading *loading, node *at);
void load_reasons(struct loading *loading, node *at);
void load_schemes(struct loading *loading, node *at);
void load_waves(struct loading *loading, node *at);
void load_seats(struct loading *loading, node *at);
void load_budgets(struct loading *loading, node *at);
void load_parameters(struct loading *loading, node *at);
void load_conditions(struct loading *loading, node *at);
void load_deadlines(struct loading *loading, node *at);
void load_messages(struct loading *loading, node *at);
void load_partners(struct loading *loading, node *at);
void load_sources(struct loading *loading, node *at);

/* A fault unless both waves are there, the first not above the last, or neither (0). */
void load_check_waves(struct document *document, node *at, int from_wave, int to_wave);

/* What only the whole file shows: reasons that nothing uses, engine reasons that are missing,
 * numbers that contradict each other. */
void load_check_whole(struct loading *loading, node *root);

#define KEYS_OF(array) (array), sizeof(array) / sizeof((array)[0])

#endif
