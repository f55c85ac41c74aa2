#include "decide_drawn.h"

#include "concluding.h"
#include "schemas/events.h"

void drawn_identify(const void *event, void *subject, struct decision *decision)
{
    const struct application_drawn *drawn = event;
    struct drawn_subject *made = subject;
    made->subject.occurred_at = drawn->drawn_at;
    if (office_programme(decision->office, drawn->programme) == NULL) {
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the drawn programme is published");
        return;
    }
    if (drawn->wave < 1 || drawn->wave > UINT16_MAX) {
        decision_refuse(decision, "UNKNOWN_WAVE",
                        "a draw is of a wave from 1 to 65535, not of %d", drawn->wave);
        return;
    }
    made->application_key =
        application_key(decision->office->seal, drawn->application_id, drawn->wave);
    made->subject.id = made->application_key;
    made->seal = decision->office->seal;
}

void want_around_application(struct facts *facts, const struct uuid *application_key)
{
    const struct application_row *row =
        facts_peek(facts, &application_row_type, application_key);
    facts_want(facts, &application_row_type, application_key);
    if (row == NULL)
        return;
    facts_want(facts, &person_row_type, &row->person_id);
    facts_want(facts, &contact_row_type, &row->person_id);
    facts_want(facts, &award_row_type, &row->award_id);
    if (row->has_family_card_id)
        facts_want(facts, &family_card_row_type, &row->family_card_id);
}

void drawn_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct drawn_subject *made = subject;
    (void)event;
    want_around_application(facts, &made->application_key);
    want_registers(made->seal, facts);
}

static void award_or_hold(struct file *file, const struct application_drawn *drawn)
{
    file->application->drawn = true;
    file->application->has_notice_day = drawn->has_notice_day;
    file->application->notice_day = drawn->notice_day;
    file->application->has_decree_no = drawn->has_decree_no;
    file->application->decree_no = drawn->decree_no;
    file_judge(file, 1u << PHASE_SELECT);
    file_conclude(file);
}

void drawn_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct application_drawn *drawn = event;
    const struct drawn_subject *made = subject;
    const struct application_row *known =
        facts_find(facts, &application_row_type, &made->application_key);
    struct file file;
    if (known == NULL) {
        decision_wait(decision, &application_row_type, &made->application_key);
        return;
    }
    if (known->status != APPLICATION_DECIDED_STATUS_POOLED) {
        decision_repeat(decision);
        return;
    }
    file_open(&file, facts_edit(facts, &application_row_type, &made->application_key), facts,
              decision, drawn->drawn_at);
    switch ((enum application_drawn_outcome)drawn->outcome) {
    case APPLICATION_DRAWN_OUTCOME_SELECTED:
        award_or_hold(&file, drawn);
        return;
    case APPLICATION_DRAWN_OUTCOME_NOT_DRAWN:
    case APPLICATION_DRAWN_OUTCOME_UNKNOWN:
        break;
    }
    file_end(&file, APPLICATION_DECIDED_STATUS_NOT_DRAWN, SLICE("NOT_DRAWN"));
}
