/*
 * fixture - a small programme whose parts a test replaces, and a subject whose values it sets.
 */
#ifndef KERJA_TESTS_RULES_FIXTURE_H
#define KERJA_TESTS_RULES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "rules/conditions.h"
#include "rules/explain.h"
#include "rules/message.h"
#include "rules/programme.h"
#include "rules/schedule.h"

#define DAY(y, m, d) day_from_civil((struct civil){(y), (m), (d)})

/* A whole file but for its conditions, whose first line is line 27, and its reasons. */
#define HEAD                                                                                   \
    "programme: test\n"                                                                        \
    "title: {en: Test}\n"                                                                      \
    "country: ID\n"                                                                            \
    "currency: IDR\n"                                                                          \
    "timezone: Asia/Jakarta\n"                                                                 \
    "languages: [en]\n"                                                                        \
    "selection: open\n"                                                                        \
    "once_per: person\n"                                                                       \
    "schemes:\n"                                                                               \
    "  - name: only\n"                                                                         \
    "    from_wave: 1\n"                                                                       \
    "    to_wave: 9\n"                                                                         \
    "    years: [{year: 2020, from_wave: 1, to_wave: 9, award_closes: 2021-06-30}]\n"          \
    "    package: {TRAINING: IDR 1000000.00}\n"                                                \
    "    benefits:\n"                                                                          \
    "      - item: training\n"                                                                 \
    "        name: {en: training}\n"                                                           \
    "        payee: PROVIDER\n"                                                                \
    "        component: TRAINING\n"                                                            \
    "        amount: {max: IDR 1000000.00}\n"                                                  \
    "        instalments: each enrolment\n"                                                    \
    "        trigger: COMPLETION_VERIFIED\n"                                                   \
    "        due: {latest_of: [completion.day], add_months: \"0\"}\n"                          \
    "messages: {held: {en: \"{programme} waits: {reason}\"}}\n"                                \
    "partners: [{name: DEFAULT, answer_within_minutes: 60, query_after_minutes: [30]}]\n"      \
    "conditions:\n"

#define REASON(code) "  " code ": {sentence: {en: " code " said.}, next: {en: Wait.}}\n"
#define WAITING(code)                                                                          \
    "  " code ": {sentence: {en: " code                                                        \
    " said.}, next: {en: Wait.}, ends_by: {officer: true}}\n"

#define ENGINE_REASONS                                                                         \
    "reasons:\n" WAITING("REGISTRY_UNAVAILABLE") WAITING("ACCT_NOT_LINKED")                    \
        REASON("ALREADY_BENEFITED") WAITING("AMOUNT_UNKNOWN") WAITING("AWARD_HELD")            \
            REASON("AWARD_REVOKED") REASON("BALANCE_INSUFFICIENT") REASON("BALANCE_RETURNED")  \
                WAITING("BUDGET_EXHAUSTED") REASON("CONCURRENT_COURSE")                        \
                    REASON("COURSE_CURRENCY") REASON("COURSE_NOT_OFFERED")                     \
                        REASON("DUPLICATE_INSTALMENT") REASON("PARTNER_MINUTE_FULL")           \
                            REASON("PRICE_ABOVE_LISTED") WAITING("PROVIDER_REJECTED")          \
                                WAITING("PROVIDER_TIMEOUT") REASON("QUOTA_FULL")               \
                                    WAITING("RECONCILE_MISMATCH") REASON("REPORTED_LATE")      \
                                        REASON("PROGRAMME_YEAR_CLOSED")

/* One condition a line, in the form of the file. */
#define CONDITION(number, phase, field, op, value, effect, reason)                             \
    "  - {number: " #number ", phase: " phase ", field: " field ", op: " op ", value: " value  \
    ", effect: " effect ", reason: " reason ", confidence: D}\n"

#define CONDITION_WHEN(number, phase, field, op, value, when, effect, reason)                  \
    "  - {number: " #number ", phase: " phase ", field: " field ", op: " op ", value: " value  \
    ", when: [" when "], effect: " effect ", reason: " reason ", confidence: D}\n"

static inline struct programme *programme_of(const char *text)
{
    struct programme *programme = NULL;
    struct error error = {0};
    if (programme_load(slice_of(text), "test.yaml", &programme, &error) != OK)
        fail_msg("%s", error.text);
    return programme;
}

struct known {
    enum rule_field field;
    struct value value;
};

struct facts {
    struct known known[12];
};

/* What the list does not name is unknown; it ends at the first value that was never set. */
static inline struct value fact(const void *context, enum rule_field field)
{
    const struct facts *facts = context;
    for (size_t i = 0; i < 12; i++)
        if (facts->known[i].field == field && facts->known[i].value.state != VALUE_UNKNOWN)
            return facts->known[i].value;
    return value_unknown();
}

static inline void judge(const struct programme *programme, enum rule_phase phase,
                         const struct facts *facts, struct verdict *verdict)
{
    struct rule_subject subject = {.value = fact,
                                   .context = facts,
                                   .has_wave = true,
                                   .wave = 5,
                                   .on = DAY(2020, 6, 15),
                                   .service = SERVICE_APPLICATION};
    verdict_init(verdict);
    rules_apply(&programme->schemes[0], phase, &subject, verdict);
}

/* "A,B": the verdict's reasons. */
static inline const char *reasons_of(const struct verdict *verdict)
{
    static char text[512];
    struct slice reasons[VERDICT_REASONS];
    size_t count = verdict_reasons(verdict, reasons), size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%.*s", i == 0 ? "" : ",",
                                 SLICE_ARGS(reasons[i]));
    return text;
}

#endif
