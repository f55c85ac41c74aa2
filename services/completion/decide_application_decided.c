/*
 * application.decided - an award begins here when its application is AWARDED; later ones only bring
 * its contact, language and notice day up to date.
 */
#include "handlers.h"

#include "deadlines.h"
#include "schemas/events.h"

void identify_application_decided(const void *event, void *subject, struct decision *decision)
{
    const struct application_decided *decided = event;
    struct award_subject *award = subject;
    award->office = decision->office;
    award->base.id = decided->award_id;
    award->base.occurred_at = decided->occurred_at;
    if (decided->status == APPLICATION_DECIDED_STATUS_AWARDED && !decided->has_year)
        decision_refuse(decision, "YEAR_MISSING",
                        "the award has no budget year, and no scheme can judge it without");
}

void keys_application_decided(const void *event, const void *subject, struct facts *facts)
{
    const struct application_decided *decided = event;
    const struct award_subject *award = subject;
    want_award(facts, &award->base.id, award->office);
    facts_want(facts, &person_row_type, &decided->person_id);
    if (decided->has_contact_id)
        facts_want(facts, &person_row_type, &decided->contact_id);
}

/* Whoever is reached may be another one than before. */
static void refresh_contact(struct file *file, const struct application_decided *decided)
{
    struct award_row *award = file->award;
    struct uuid reached = decided->has_contact_id ? decided->contact_id : decided->person_id;
    if (!uuid_equal(&award->contact_id, &reached))
        award_erase(award);
    award->contact_id = reached;
    award->erased = award_contact_erased(file->facts, award);
    if (award->erased) {
        award_erase(award);
    } else if (decided->has_contact_sealed) {
        award->has_contact_sealed = true;
        award->contact_sealed = decided->contact_sealed;
    }
}

/* What may change while an award lives. The notice day, once announced, stays. */
static void refresh(struct file *file, const struct application_decided *decided)
{
    struct award_row *award = file->award;
    award->application_sequence = decided->sequence;
    if (decided->status != APPLICATION_DECIDED_STATUS_AWARDED)
        return;
    award->language = decided->language;
    award->has_region_code = decided->has_region_code;
    award->region_code = decided->region_code;
    refresh_contact(file, decided);
    if (award->has_notice_day || !decided->has_notice_day)
        return;
    award->has_notice_day = true;
    award->notice_day = decided->notice_day;
    deadline_set(file, DEADLINE_FIRST_PURCHASE_REMINDER, 0);
    deadline_set(file, DEADLINE_FIRST_PURCHASE, 0);
}

static void begin(struct file *file, const struct application_decided *decided)
{
    struct award_row *award = file->award;
    award->person_id = decided->person_id;
    award->programme = decided->programme;
    award->scheme = decided->scheme;
    award->year = decided->year;
    award->wave = decided->has_wave ? decided->wave : 0;
    award->payee_kind = decided->payee.kind;
    award->payee_ref = decided->payee.ref;
    award->has_hired_on = decided->has_hired_on;
    award->hired_on = decided->hired_on;
    award->training_granted = standing_grants(&file->standing);
    refresh(file, decided);
    deadline_set(file, DEADLINE_BALANCE_CLOSES, 0);
    deadline_set(file, DEADLINE_AWARD_ENDS, 0);
}

/* False, and the decision refused, when the award lacks what a benefit of its scheme is owed by. */
static bool complete(struct decision *decision, const struct scheme *scheme,
                     const struct application_decided *decided)
{
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        if (benefit->payee == PAYS_EMPLOYER &&
            (decided->payee.kind != APPLICATION_DECIDED_PAYEE_KIND_EMPLOYER ||
             decided->payee.ref.size == 0)) {
            decision_refuse(decision, "PAYEE_MISSING",
                            "the scheme pays %.*s to an employer, and the award names none",
                            SLICE_ARGS(benefit->item));
            return false;
        }
        if ((benefit->due_from & (1u << DUE_HIRED_ON)) && !decided->has_hired_on) {
            decision_refuse(
                decision, "HIRE_DAY_MISSING",
                "the scheme counts %.*s from the day of hire, and the award has none",
                SLICE_ARGS(benefit->item));
            return false;
        }
    }
    return true;
}

void decide_application_decided(const void *event, const void *subject, struct facts *facts,
                                struct decision *decision)
{
    const struct application_decided *decided = event;
    const struct award_row *award = facts_find(facts, &award_row_type, &decided->award_id);
    struct file file = {
        .facts = facts, .decision = decision, .occurred_at = decided->occurred_at};
    (void)subject;
    if (award == NULL ? decided->status != APPLICATION_DECIDED_STATUS_AWARDED
                      : decided->sequence <= award->application_sequence) {
        decision_repeat(decision);
        return;
    }
    if (!standing_find(decision, award == NULL ? decided->programme : award->programme,
                       award == NULL ? decided->scheme : award->scheme,
                       award == NULL ? decided->year : award->year, &file.standing))
        return;
    if (award == NULL && !complete(decision, file.standing.scheme, decided))
        return;
    decision->scheme = file.standing.scheme;
    file.on = file_day(&file, file.occurred_at);
    file.award = facts_edit_or_add(facts, &award_row_type, &decided->award_id);
    file.seen = file.award;
    if (award == NULL)
        begin(&file, decided);
    else
        refresh(&file, decided);
}
