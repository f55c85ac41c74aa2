#include "dossier.h"

#include "deadlines.h"
#include "place.h"

/* What a sender may leave out: not said is not known. */
static struct value said(bool has, int64_t number)
{
    return has ? value_number(number) : value_unknown();
}

static epoch_day local_day(const struct dossier *dossier, instant_us instant)
{
    return instant_to_day(instant, dossier->standing.programme->utc_offset_minutes);
}

/* Days from one to the other; none where the other is not after the award's reinstatement: no deadline ends before that day
 * (deadlines.h). */
static int64_t days_since(const struct dossier *dossier, epoch_day from, epoch_day on)
{
    const struct award_row *award = dossier->award;
    bool renewed = award->has_reinstated_at && on <= local_day(dossier, award->reinstated_at);
    return renewed ? 0 : (int64_t)on - from;
}

/* Every earlier accepted enrolment is verified and rated. */
static struct value previous_training_done(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->award->enrolments.count; i++) {
        const struct award_row_enrolment *entry = &dossier->award->enrolments.items[i];
        bool own = dossier->enrolment != NULL &&
                   uuid_equal(&entry->enrolment_key, &dossier->enrolment->enrolment_key);
        if (!own && !entry->held && !(entry->verified && entry->rated))
            return value_number(false);
    }
    return value_number(true);
}

static struct value intro_videos(const struct award_row *award)
{
    int64_t count = 0;
    for (uint32_t mask = (uint32_t)award->intro_videos; mask != 0; mask &= mask - 1)
        count++;
    return value_number(count);
}

/* A deadline asks who bought nothing: not who waits to finish what expired with an award that lives again. */
static int64_t purchases(const struct dossier *dossier)
{
    const struct award_row *award = dossier->award;
    return award->purchases + (dossier->enrolment == NULL ? award->unfinished_purchases : 0);
}

/* Without an enrolment a deadline asks: is the completion that started it still the only one? */
static struct value first_completion(const struct dossier *dossier)
{
    if (dossier->enrolment == NULL)
        return value_number(dossier->award->verified_completions == 1);
    return value_number(dossier->award->verified_completions == 0);
}

static bool award_value(const struct dossier *dossier, enum rule_field field,
                        struct value *value)
{
    const struct award_row *award = dossier->award;
    switch ((int)field) {
    case FIELD_AWARD_REVOKED:
        *value = value_number(award->revoked);
        return true;
    case FIELD_AWARD_PURCHASES:
        *value = value_number(purchases(dossier));
        return true;
    case FIELD_AWARD_PREVIOUS_TRAINING_DONE:
        *value = previous_training_done(dossier);
        return true;
    case FIELD_AWARD_INTRO_VIDEOS:
        *value = intro_videos(award);
        return true;
    case FIELD_AWARD_ACCOUNT_LINKED_ON:
        *value = value_number_if(award->has_account_linked_on, award->account_linked_on);
        return true;
    case FIELD_REVIEW_RATED_ON:
        *value = value_number_if(award->has_review_rated_on, award->review_rated_on);
        return true;
    case FIELD_AWARD_INSTALMENT_1_PAID_ON:
        *value = value_number_if(award->has_instalment_1_paid_on, award->instalment_1_paid_on);
        return true;
    case FIELD_COMPLETION_FIRST:
        *value = first_completion(dossier);
        return true;
    }
    return false;
}

static bool purchase_value(const struct dossier *dossier, enum rule_field field,
                           struct value *value)
{
    const struct award_row *award = dossier->award;
    const struct enrolment_row *enrolment = dossier->enrolment;
    const epoch_day bought_on = local_day(dossier, enrolment->enrolled_at);
    epoch_day from;
    const bool begun = purchase_begins_on(award, &from);
    switch ((int)field) {
    case FIELD_PURCHASE_DAY:
        *value = value_number(bought_on);
        return true;
    case FIELD_PURCHASE_DAYS_SINCE_NOTICE:
        *value = said(begun, (int64_t)bought_on - from);
        return true;
    case FIELD_PURCHASE_DAYS_SINCE_FIRST_TRAINING:
        *value = value_number_if(award->has_first_completion_on,
                                 days_since(dossier, award->first_completion_on, bought_on));
        return true;
    case FIELD_PURCHASE_BALANCE_AFTER:
        *value = value_number(award_balance(award) - enrolment->price);
        return true;
    case FIELD_PURCHASE_PRICE:
        *value = value_number(enrolment->price);
        return true;
    case FIELD_TRAINING_PLACE_RESTRICTED:
        *value =
            place_restricted(dossier->published, award, enrolment, dossier->course, bought_on);
        return true;
    }
    return false;
}

/* Sessions held less those that count; unknown while no session was held or nobody counted. */
static struct value sessions_without(const struct enrolment_row *enrolment, bool has,
                                     int counted)
{
    return said(has && enrolment->sessions_held > 0,
                (int64_t)enrolment->sessions_held - counted);
}

static bool completion_value(const struct dossier *dossier, enum rule_field field,
                             struct value *value)
{
    const struct enrolment_row *enrolment = dossier->enrolment;
    switch ((int)field) {
    case FIELD_COMPLETION_DAY:
        *value = said(enrolment->has_completed_at, local_day(dossier, enrolment->completed_at));
        return true;
    case FIELD_COMPLETION_CERTIFICATE_ID:
        *value = value_code_if(enrolment->has_certificate_id, enrolment->certificate_id);
        return true;
    case FIELD_COMPLETION_SESSIONS_MISSED:
        *value = sessions_without(enrolment, true, enrolment->sessions_attended);
        return true;
    case FIELD_COMPLETION_SESSIONS_WITHOUT_FACE:
        *value = sessions_without(enrolment, enrolment->has_face_verified_sessions,
                                  enrolment->face_verified_sessions);
        return true;
    case FIELD_COMPLETION_SESSIONS_CAMERA_OFF:
        *value = sessions_without(enrolment, enrolment->has_camera_on_sessions,
                                  enrolment->camera_on_sessions);
        return true;
    case FIELD_COMPLETION_ATTENDEE_IS_PARTICIPANT:
        *value =
            said(enrolment->has_attendee_is_participant, enrolment->attendee_is_participant);
        return true;
    case FIELD_COMPLETION_ASSESSMENTS:
        *value = value_codes(enrolment->assessments.items, enrolment->assessments.count);
        return true;
    }
    return false;
}

static struct value earlier_unanswered(const struct dossier *dossier)
{
    int64_t count = 0;
    for (int number = 1; number < dossier->survey->number; number++) {
        const struct award_row_survey *earlier = award_survey(dossier->award, number);
        count += earlier == NULL || !earlier->has_answered_on;
    }
    return value_number(count);
}

static bool survey_value(const struct dossier *dossier, enum rule_field field,
                         struct value *value)
{
    const struct award_row_survey *survey = dossier->survey;
    switch ((int)field) {
    case FIELD_SURVEY_NUMBER:
        *value = value_number(survey->number);
        return true;
    case FIELD_SURVEY_ANSWERED_ON:
        *value = value_number_if(survey->has_answered_on, survey->answered_on);
        return true;
    case FIELD_SURVEY_DAYS_TO_ANSWER:
        *value = said(survey->has_opened_on && survey->has_answered_on,
                      days_since(dossier, survey->opened_on, survey->answered_on));
        return true;
    case FIELD_SURVEY_EARLIER_UNANSWERED:
        *value = earlier_unanswered(dossier);
        return true;
    }
    return false;
}

/* Nobody's employment ended, or not before the payment falls due. */
static struct value employed_to_due_day(const struct dossier *dossier)
{
    const struct award_row *award = dossier->award;
    if (!award->has_employment_ended_on)
        return value_number(true);
    return said(dossier->due_on != NULL,
                dossier->due_on != NULL && award->employment_ended_on >= *dossier->due_on);
}

static bool payment_value(const struct dossier *dossier, enum rule_field field,
                          struct value *value)
{
    switch ((int)field) {
    case FIELD_PAYMENT_ITEM:
        *value = value_code_if(dossier->item.size > 0, dossier->item);
        return true;
    case FIELD_PAYMENT_AMOUNT:
        *value = value_number_if(dossier->has_amount, dossier->amount_hundredths);
        return true;
    case FIELD_HIRE_EMPLOYED_TO_DUE_DAY:
        *value = employed_to_due_day(dossier);
        return true;
    }
    return false;
}

static struct value mode_code(int32_t mode)
{
    if (mode == COURSE_LISTED_MODE_UNKNOWN)
        return value_unknown();
    return value_code(slice_of(symbols_name(&course_listed_mode_symbols, mode)));
}

/* Two thirds of the provinces, in whole numbers: what is missing to three times as many. */
static struct value provinces_short(const struct dossier *dossier)
{
    const struct course_listed *listed = dossier->listed;
    const struct parameter *provinces =
        parameter_find(dossier->standing.programme, SLICE("provinces"), dossier->on);
    if (!listed->has_platform_provinces || provinces == NULL || !provinces->known)
        return value_unknown();
    return value_number(2 * provinces->number - 3 * (int64_t)listed->platform_provinces);
}

static struct value listed_value(const struct dossier *dossier, enum rule_field field)
{
    const struct course_listed *listed = dossier->listed;
    switch ((int)field) {
    case FIELD_COURSE_MODE:
        return mode_code(listed->mode);
    case FIELD_COURSE_CATEGORY:
        return value_code_if(listed->has_category, listed->category);
    case FIELD_COURSE_TOTAL_MINUTES:
        return said(listed->has_synchronous_minutes,
                    (int64_t)listed->synchronous_minutes + listed->video_minutes);
    case FIELD_COURSE_SYNCHRONOUS_MINUTES:
        return said(listed->has_synchronous_minutes, listed->synchronous_minutes);
    case FIELD_COURSE_VIDEO_MINUTES:
        return value_number_if(listed->has_video_minutes, listed->video_minutes);
    case FIELD_COURSE_LONGEST_DAY_MINUTES:
        return said(listed->has_longest_day_minutes, listed->longest_day_minutes);
    case FIELD_COURSE_TRAINEES_PER_TRAINER:
        return said(listed->has_trainees_per_trainer, listed->trainees_per_trainer);
    case FIELD_COURSE_INTERACTIVE:
        return said(listed->has_interactive, listed->interactive);
    case FIELD_COURSE_IDENTICAL_TO_FREE:
        return said(listed->has_identical_to_free, listed->identical_to_free);
    case FIELD_COURSE_OUTSIDE_PRICE:
        return value_number_if(listed->has_outside_price, listed->outside_price);
    case FIELD_COURSE_PRICE_ABOVE_OUTSIDE:
        return value_number_if(listed->has_outside_price,
                               listed->price - listed->outside_price);
    case FIELD_PLATFORM_PROVINCES_SHORT:
        return provinces_short(dossier);
    }
    return value_unknown();
}

static struct value provider_value(const struct dossier *dossier, enum rule_field field)
{
    const struct course_listed_provider *provider = &dossier->listed->provider;
    const epoch_day from = dossier->listed->valid_from;
    switch ((int)field) {
    case FIELD_PROVIDER_DOCUMENTS:
        return value_codes(provider->documents.items, provider->documents.count);
    case FIELD_PROVIDER_LICENCES:
        return value_codes(provider->licences.items, provider->licences.count);
    case FIELD_PROVIDER_ACCREDITATIONS:
        return value_codes(provider->accreditations.items, provider->accreditations.count);
    case FIELD_PROVIDER_INDICATORS_MET:
        return said(provider->has_indicators_met, provider->indicators_met);
    case FIELD_PROVIDER_OWNER_OVERLAPS_PLATFORM:
        return said(provider->has_owner_overlaps_platform, provider->owner_overlaps_platform);
    case FIELD_PROVIDER_MONTHS_AS_LEGAL_ENTITY:
        return said(provider->has_legal_since, months_between(provider->legal_since, from));
    case FIELD_PROVIDER_MONTHS_OPERATING:
        return said(provider->has_operating_since,
                    months_between(provider->operating_since,
                                   provider->has_applied_on ? provider->applied_on : from));
    case FIELD_PROVIDER_REGISTERED_ON:
        return value_number_if(provider->has_registered_on, provider->registered_on);
    case FIELD_PROVIDER_APPLIED_ON:
        return value_number_if(provider->has_applied_on, provider->applied_on);
    case FIELD_PROVIDER_CONTRIBUTION_MONTHS:
        return said(provider->has_contribution_months, provider->contribution_months);
    case FIELD_PROVIDER_CONTRIBUTION_EXEMPT:
        return said(provider->has_contribution_exempt, provider->contribution_exempt);
    }
    return listed_value(dossier, field);
}

/* A purchase may ask how its course is held and what it is. */
static struct value course_value(const struct dossier *dossier, enum rule_field field)
{
    if (dossier->listed != NULL)
        return provider_value(dossier, field);
    if (dossier->course != NULL && field == FIELD_COURSE_MODE)
        return mode_code(dossier->course->mode);
    if (dossier->course != NULL && field == FIELD_COURSE_CATEGORY)
        return value_code_if(dossier->course->has_category, dossier->course->category);
    return value_unknown();
}

static struct value dossier_value(const void *context, enum rule_field field)
{
    const struct dossier *dossier = context;
    struct value value;
    if (dossier->award != NULL && award_value(dossier, field, &value))
        return value;
    if (dossier->enrolment != NULL && purchase_value(dossier, field, &value))
        return value;
    if (dossier->enrolment != NULL && completion_value(dossier, field, &value))
        return value;
    if (dossier->award != NULL && payment_value(dossier, field, &value))
        return value;
    if (dossier->survey != NULL && survey_value(dossier, field, &value))
        return value;
    return course_value(dossier, field);
}

static struct rule_subject subject_of(const struct dossier *dossier)
{
    return (struct rule_subject){.value = dossier_value,
                                 .context = dossier,
                                 .has_wave = dossier->wave != 0,
                                 .wave = dossier->wave,
                                 .on = dossier->on,
                                 .service = SERVICE_COMPLETION};
}

struct dossier dossier_of(const struct file *file)
{
    return (struct dossier){.standing = file->standing,
                            .award = file->seen,
                            .wave = file->seen->wave,
                            .on = file->on};
}

void dossier_judge(const struct dossier *dossier, enum rule_phase phase,
                   struct verdict *verdict)
{
    struct rule_subject subject = subject_of(dossier);
    rules_apply(dossier->standing.scheme, phase, &subject, verdict);
}

bool dossier_hold(const struct dossier *dossier, const struct deadline *deadline)
{
    struct rule_subject subject = subject_of(dossier);
    return rules_hold(deadline->when, deadline->when_count, &subject) == CONDITION_PASS;
}

static const struct condition *condition_numbered(const struct scheme *scheme,
                                                  enum rule_phase phase, int number)
{
    for (size_t i = 0; i < scheme->condition_count[phase]; i++)
        if (scheme->conditions[phase][i]->number == number)
            return scheme->conditions[phase][i];
    return NULL;
}

struct slice dossier_reason(const struct dossier *dossier, enum rule_phase phase,
                            const struct verdict *verdict, enum effect effect)
{
    for (size_t i = 0; i < verdict->condition_count; i++) {
        const struct condition *condition =
            condition_numbered(dossier->standing.scheme, phase, verdict->conditions[i].number);
        if (condition != NULL && condition->effect == effect &&
            verdict->conditions[i].result == CONDITION_FAIL)
            return condition->reason->code;
    }
    return (struct slice){0};
}
