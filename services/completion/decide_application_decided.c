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
    award->base.id = decided->award_id;
    award->base.occurred_at = decided->occurred_at;
    if (decided->status == APPLICATION_DECIDED_STATUS_AWARDED && !decided->has_year)
        decision_refuse(decision, "YEAR_MISSING",
                        "the award has no budget year, and no scheme can judge it without");
}

void keys_application_decided(const void *event, const void *subject, struct facts *facts)
{
    const struct application_decided *decided = event;
    want_award(facts, &((const struct award_subject *)subject)->base.id);
    facts_want(facts, &person_row_type, &decided->person_id);
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
    if (!award->erased && decided->has_contact_sealed) {
        award->has_contact_token = decided->has_contact_token;
        award->contact_token = decided->contact_token;
        award->has_contact_sealed = true;
        award->contact_sealed = decided->contact_sealed;
    }
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
    const struct person_row *person =
        facts_find(file->facts, &person_row_type, &decided->person_id);
    award->person_id = decided->person_id;
    award->erased = person != NULL && person->erased;
    award->programme = decided->programme;
    award->scheme = decided->scheme;
    award->year = decided->year;
    award->wave = decided->has_wave ? decided->wave : 0;
    award->payee_ref = decided->payee.ref;
    award->training_granted = standing_grants(&file->standing);
    refresh(file, decided);
    deadline_set(file, DEADLINE_BALANCE_CLOSES, 0);
    deadline_set(file, DEADLINE_AWARD_ENDS, 0);
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
    decision->scheme = file.standing.scheme;
    file.on = file_day(&file, file.occurred_at);
    file.award = award == NULL ? facts_add(facts, &award_row_type, &decided->award_id)
                               : facts_edit(facts, &award_row_type, &decided->award_id);
    file.seen = file.award;
    if (award == NULL)
        begin(&file, decided);
    else
        refresh(&file, decided);
}
