/*
 * application.decided - an award begins here when its application is AWARDED; later ones only bring
 * its contact, language and notice day up to date.
 */
#include "handlers.h"

#include "file.h"
#include "rules/schedule.h"
#include "schemas/events.h"

void identify_application_decided(const void *event, void *subject, struct decision *decision)
{
    const struct application_decided *decided = event;
    struct award_subject *award = subject;
    award->base.id = decided->award_id;
    award->base.occurred_at = decided->occurred_at;
    if (decided->status == APPLICATION_DECIDED_STATUS_AWARDED && !decided->has_year)
        decision_refuse(decision, "YEAR_MISSING",
                        "an award without a budget year cannot be judged");
}

void keys_application_decided(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    want_award(facts, &((const struct award_subject *)subject)->base.id);
}

/* The largest balance that the scheme grants for courses: a ceiling over all of them. */
static int64_t granted(const struct scheme *scheme)
{
    int64_t most = 0;
    for (size_t i = 0; i < scheme->benefit_count; i++) {
        const struct benefit *benefit = &scheme->benefits[i];
        if (benefit->trigger == TRIGGER_COMPLETION_VERIFIED &&
            benefit->amount_kind == AMOUNT_MAXIMUM && benefit->amount_hundredths > most)
            most = benefit->amount_hundredths;
    }
    return most;
}

static void set_timer(const struct standing *standing, const struct award_row *award,
                      struct decision *decision, enum deadline_name name)
{
    struct due_deadline due;
    epoch_day start = award->has_notice_day ? award->notice_day : 0;
    if (schedule_deadline(standing->scheme, name, award->wave, standing->year, start, &due))
        decision_timer(decision, deadline_name(name), &award->award_id, due.fires_at);
}

/* What may change while an award lives. The notice day, once announced, stays. */
static void refresh(const struct standing *standing, struct award_row *award,
                    const struct application_decided *decided, struct decision *decision)
{
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
    set_timer(standing, award, decision, DEADLINE_FIRST_PURCHASE_REMINDER);
    set_timer(standing, award, decision, DEADLINE_FIRST_PURCHASE);
}

static void begin(const struct standing *standing, const struct application_decided *decided,
                  struct facts *facts, struct decision *decision)
{
    struct award_row *award = facts_add(facts, &award_row_type, &decided->award_id);
    award->person_id = decided->person_id;
    award->programme = decided->programme;
    award->scheme = decided->scheme;
    award->year = decided->year;
    award->wave = decided->has_wave ? decided->wave : 0;
    award->payee_ref = decided->payee.ref;
    award->training_granted = granted(standing->scheme);
    refresh(standing, award, decided, decision);
    set_timer(standing, award, decision, DEADLINE_BALANCE_CLOSES);
    set_timer(standing, award, decision, DEADLINE_AWARD_ENDS);
}

void decide_application_decided(const void *event, const void *subject, struct facts *facts,
                                struct decision *decision)
{
    const struct application_decided *decided = event;
    const struct award_row *award = facts_find(facts, &award_row_type, &decided->award_id);
    struct standing standing;
    (void)subject;
    if (award == NULL ? decided->status != APPLICATION_DECIDED_STATUS_AWARDED
                      : decided->sequence <= award->application_sequence) {
        decision_repeat(decision);
        return;
    }
    if (!standing_find(decision, award == NULL ? decided->programme : award->programme,
                       award == NULL ? decided->scheme : award->scheme,
                       award == NULL ? decided->year : award->year, &standing))
        return;
    decision->scheme = standing.scheme;
    if (award == NULL)
        begin(&standing, decided, facts, decision);
    else
        refresh(&standing, facts_edit(facts, &award_row_type, &decided->award_id), decided,
                decision);
}
