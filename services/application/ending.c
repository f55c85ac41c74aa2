#include "ending.h"

#include "announce.h"
#include "concluding.h"
#include "counting.h"
#include "grant.h"
#include "holds.h"
#include "once.h"
#include "releases.h"
#include "worker/changes.h"

bool award_ended(const struct award_row *award)
{
    return award->revoked || award->closed;
}

static void note_end(struct award_row *award, instant_us occurred_at)
{
    if (!award->has_ended_at || award->ended_at < occurred_at)
        award->ended_at = occurred_at;
    award->has_ended_at = true;
}

void award_revoke(struct facts *facts, struct decision *decision, struct award_row *award,
                  struct slice reason, instant_us occurred_at)
{
    const struct application_row *application =
        facts_find(facts, &application_row_type, &award->application_key);
    bool ended = award_ended(award);
    struct standing standing;
    note_end(award, occurred_at);
    if (ended || application == NULL)
        return; /* both ends are final, and a closed award never frees its seat */
    standing_of(decision, application, &standing);
    award->revoked = award->has_revoked_for = true;
    award->revoked_for = reason;
    counting_mark_person(facts, decision, award, true, false);
    counting_leave_card(facts, decision, award);
    if (application->claims)
        counting_claim(facts, decision,
                       facts_edit(facts, &application_row_type, &award->application_key),
                       false);
    grant_free_seat(&standing, decision->office->seal, application, facts);
}

void award_close(struct facts *facts, struct decision *decision, struct award_row *award,
                 instant_us occurred_at)
{
    const struct programme *programme = office_programme(decision->office, award->programme);
    bool ended = award_ended(award);
    award->closed = !award->revoked;
    note_end(award, occurred_at);
    if (!ended && programme->exclusive_group.size > 0) /* another of the group may run now */
        counting_mark_person(facts, decision, award, false, true);
}

/* One award a person, so many a family card, nobody who was revoked: unlike what a register says, which
 * holds, these refuse. */
static bool limits(enum rule_field field)
{
    return field == FIELD_FAMILY_CARD_AWARDS || field == FIELD_PERSON_AWARDS_IN_PROGRAMME ||
           field == FIELD_PERSON_REVOKED_AWARDS;
}

static bool surely_failed(const struct verdict *verdict, int number)
{
    for (size_t i = 0; i < verdict->condition_count; i++)
        if (verdict->conditions[i].number == number)
            return verdict->conditions[i].result == CONDITION_FAIL;
    return false;
}

/* The first condition about a limit that failed, or NULL. */
static const struct condition *limit_failed(const struct scheme *scheme,
                                            const struct verdict *verdict)
{
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        for (size_t i = 0; i < scheme->condition_count[phase]; i++) {
            const struct condition *condition = scheme->conditions[phase][i];
            if (limits(condition->must.field) && condition->effect != EFFECT_PRIORITY &&
                surely_failed(verdict, condition->number))
                return condition;
        }
    return NULL;
}

static void judge_limits(struct facts *facts, struct decision *decision,
                         const struct standing *standing,
                         const struct application_row *application, instant_us occurred_at)
{
    struct dossier dossier;
    dossier_open(&dossier, standing, application, decision->office->seal, facts);
    dossier.on = instant_to_day(occurred_at, standing->programme->utc_offset_minutes);
    dossier_judge(&dossier, PHASE_APPLY, &decision->verdict);
    dossier_judge(&dossier, PHASE_SELECT, &decision->verdict);
    dossier_judge(&dossier, PHASE_EMPLOYER, &decision->verdict);
}

static void refuse_limit(struct decision *decision, const struct standing *standing,
                         const struct condition *condition)
{
    struct slice code = condition->reason->code;
    decision_refuse(decision, decision_text(decision, "%.*s", SLICE_ARGS(code)).data,
                    "the award cannot be given again: condition %d, on %s, does not hold any "
                    "more",
                    condition->number,
                    programme_field_name(standing->programme, condition->must.field));
}

/* Seat and money are taken in the same way as when the award was given; what is short is said only in tight mode. */
static bool take_again(struct facts *facts, struct decision *decision,
                       const struct standing *standing,
                       const struct application_row *application, const struct award_row *award,
                       instant_us at)
{
    switch (grant_take_again(standing, decision->office->seal, application, award, at, facts)) {
    case GRANT_TAKEN:
        return true;
    case GRANT_NO_SEAT:
        decision_refuse(
            decision, "QUOTA_FULL",
            "the seat that the award gave back was given to somebody else, and none "
            "is free among the seats that it would take%s; the award stays revoked",
            application->wave == 0
                ? ""
                : decision_text(decision, " in wave %d", application->wave).data);
        break;
    case GRANT_NO_MONEY:
        decision_refuse(decision, "BUDGET_EXHAUSTED",
                        "what the award gave back is committed to others, and the budget of %d "
                        "has too little left; the award stays ended",
                        application->year);
        break;
    }
    return false;
}

/* Registers may have spoken while the award had ended: it comes back with the holds of today. */
static void bring_back(struct facts *facts, struct decision *decision,
                       const struct award_row *known, const struct award_changed *changed)
{
    struct file file;
    struct award_row *award = facts_edit(facts, &award_row_type, &known->award_id);
    file_open(&file, facts_edit(facts, &application_row_type, &award->application_key), facts,
              decision, changed->occurred_at);
    if (award->revoked) {
        counting_join_card(facts, decision, award);
        counting_claim(facts, decision, file.application, true);
    }
    counting_mark_person(facts, decision, award, false, false);
    award->revoked = award->closed = award->has_revoked_for = false;
    award->revoked_for = (struct slice){0};
    award->has_reinstated_at = true;
    award->reinstated_at = changed->occurred_at;
    releases_take(decision, award, changed->occurred_at);
    changes_hear(decision, &award->changes_heard.items, &award->changes_heard.count, changed);
    announce_change(decision, &file.standing, award, AWARD_CHANGED_CHANGE_REINSTATED,
                    changed->reason, changed->occurred_at);
    holds_follow(&file);
}

/* Why there is nothing to bring back; NULL when there is. */
static const char *nothing_ended(const struct award_row *award, instant_us at)
{
    if (!award_ended(award))
        return "the award has not ended, as far as is known here; if its end is still under "
               "way, "
               "ask again once it has come";
    if (award->ended_at > at)
        return "the award ended, or ended once more, after the instant of the reinstatement; "
               "give "
               "a later one";
    return NULL;
}

void award_reinstate(struct facts *facts, struct decision *decision,
                     const struct award_changed *changed)
{
    const struct award_row *award = facts_find(facts, &award_row_type, &changed->award_id);
    const struct application_row *application =
        facts_find(facts, &application_row_type, &award->application_key);
    const char *nothing = nothing_ended(award, changed->occurred_at);
    struct standing standing;
    if (nothing != NULL || application == NULL) {
        decision_refuse(decision, "NOT_ENDED", "%s",
                        nothing != NULL ? nothing : "the award has no application");
        return;
    }
    standing_of(decision, application, &standing);
    judge_limits(facts, decision, &standing, application, changed->occurred_at);
    const struct condition *failed = limit_failed(standing.scheme, &decision->verdict);
    const char *hinders = once_hinders(
        decision->office, facts_find(facts, &person_row_type, &award->person_id), application);
    if (failed != NULL)
        refuse_limit(decision, &standing, failed);
    else if (hinders != NULL)
        decision_refuse(decision, hinders,
                        "the award cannot be given again: the person has another one of the "
                        "programme, or one that runs in the group of programmes");
    else if (take_again(facts, decision, &standing, application, award, changed->occurred_at))
        bring_back(facts, decision, award, changed);
}
