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
    if (drawn->outcome == APPLICATION_DRAWN_OUTCOME_UNKNOWN) {
        decision_refuse(decision, "UNKNOWN_OUTCOME",
                        "the outcome of a draw is SELECTED or NOT_DRAWN");
        return;
    }
    made->application_key = application_key(decision->office->seal, drawn->programme,
                                            drawn->application_id, drawn->wave);
    made->subject.id = made->application_key;
    made->office = decision->office;
}

void want_around_application(struct facts *facts, const struct uuid *application_key)
{
    const struct application_row *row =
        facts_peek(facts, &application_row_type, application_key);
    facts_want(facts, &application_row_type, application_key);
    if (row == NULL)
        return;
    facts_want(facts, &person_row_type, &row->person_id);
    facts_want(facts, &person_row_type, contact_key(row));
    facts_want(facts, &award_row_type, &row->award_id);
    if (row->has_family_card_id)
        facts_want(facts, &family_card_row_type, &row->family_card_id);
    if (row->has_employer_id)
        facts_want(facts, &employer_row_type, &row->employer_id);
}

void drawn_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct application_drawn *drawn = event;
    const struct drawn_subject *made = subject;
    want_around_application(facts, &made->application_key);
    want_registers(made->office, office_programme(made->office, drawn->programme), facts);
}

/* The draw's notice day, else that of the programme file. False when neither gives one. */
static bool notice_day_of(const struct application_drawn *drawn,
                          const struct programme *programme, epoch_day *notice_day)
{
    const struct wave *wave = wave_find(programme, drawn->wave);
    if (!drawn->has_notice_day && (wave == NULL || !wave->has_notice_day))
        return false;
    *notice_day = drawn->has_notice_day ? drawn->notice_day : wave->notice_day;
    return true;
}

/* Who was held when the wave was drawn is judged by everything, who was pooled by SELECT again. */
static void award_or_hold(struct file *file, const struct application_drawn *drawn)
{
    bool pooled = file->application->status == APPLICATION_DECIDED_STATUS_POOLED;
    file->application->drawn = true;
    file->application->has_decree_no = drawn->has_decree_no;
    file->application->decree_no = drawn->decree_no;
    file_judge(file, pooled ? 1u << PHASE_SELECT : FILE_ALL_PHASES);
    file_conclude(file);
}

/* A register may have held somebody between the reading of the pool and the draw's word. */
static bool may_be_drawn(const struct application_row *known)
{
    return !known->drawn && (known->status == APPLICATION_DECIDED_STATUS_POOLED ||
                             known->status == APPLICATION_DECIDED_STATUS_HELD);
}

static void conclude_draw(struct file *file, const struct application_drawn *drawn,
                          bool noticed, epoch_day notice_day)
{
    file->application->has_notice_day = noticed;
    file->application->notice_day = notice_day;
    if (drawn->outcome == APPLICATION_DRAWN_OUTCOME_SELECTED)
        award_or_hold(file, drawn);
    else
        file_end(file, APPLICATION_DECIDED_STATUS_NOT_DRAWN, SLICE("NOT_DRAWN"));
}

void drawn_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision)
{
    const struct application_drawn *drawn = event;
    const struct drawn_subject *made = subject;
    const struct application_row *known =
        facts_find(facts, &application_row_type, &made->application_key);
    const struct programme *programme = office_programme(decision->office, drawn->programme);
    epoch_day notice_day = 0;
    bool noticed = notice_day_of(drawn, programme, &notice_day);
    struct file file;
    if (known == NULL) {
        decision_wait(decision, &application_row_type, &made->application_key);
    } else if (!may_be_drawn(known)) {
        decision_repeat(decision);
    } else if (!noticed && drawn->outcome == APPLICATION_DRAWN_OUTCOME_SELECTED) {
        decision_refuse(decision, "NOTICE_DAY_MISSING",
                        "the programme file gives wave %d no notice day, so the draw must",
                        drawn->wave);
    } else {
        file_open(&file, facts_edit(facts, &application_row_type, &made->application_key),
                  facts, decision, drawn->drawn_at);
        conclude_draw(&file, drawn, noticed, notice_day);
    }
}
