#include "concluding.h"

#include "announce.h"
#include "counting.h"
#include "grant.h"
#include "once.h"
#include "rules/schedule.h"
#include "waivers.h"
#include "worker/texts.h"

#define YEAR_CLOSED "PROGRAMME_YEAR_CLOSED"

void file_open(struct file *file, struct application_row *application, struct facts *facts,
               struct decision *decision, instant_us occurred_at)
{
    *file = (struct file){.application = application,
                          .facts = facts,
                          .decision = decision,
                          .occurred_at = occurred_at};
    standing_of(decision, application, &file->standing);
    file->person = facts_edit(facts, &person_row_type, &application->person_id);
    file->contact = facts_find(facts, &person_row_type, contact_key(application));
    file->on = instant_to_day(occurred_at, file->standing.programme->utc_offset_minutes);
    decision->scheme = file->standing.scheme;
}

void file_judge(struct file *file, unsigned phases)
{
    struct dossier dossier;
    dossier_open(&dossier, &file->standing, file->application, file->decision->office->seal,
                 file->facts);
    dossier.on = file->on;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        if (phases & 1u << phase)
            dossier_judge(&dossier, (enum rule_phase)phase, &file->decision->verdict);
}

bool file_wave_closed(const struct file *file)
{
    const struct wave *wave = wave_find(file->standing.programme, file->application->wave);
    return wave != NULL && wave->has_closes && file->occurred_at >= wave->closes;
}

static int32_t status_of(const struct file *file, bool granted)
{
    switch (waivers_effect(file->application, &file->decision->verdict)) {
    case EFFECT_REVOKE:
    case EFFECT_REJECT:
        return APPLICATION_DECIDED_STATUS_REJECTED;
    case EFFECT_HOLD:
    case EFFECT_RETRY:
    case EFFECT_STOP_ITEM:
    case EFFECT_EXPIRE_ITEM:
        return file_wave_closed(file) && !file->application->drawn
                   ? APPLICATION_DECIDED_STATUS_REJECTED
                   : APPLICATION_DECIDED_STATUS_HELD;
    case EFFECT_PASS:
    case EFFECT_PRIORITY:
        break;
    }
    return granted ? APPLICATION_DECIDED_STATUS_AWARDED : APPLICATION_DECIDED_STATUS_POOLED;
}

static void keep_codes(struct decision *decision, const struct slice *codes, size_t count,
                       const struct slice **items, size_t *item_count)
{
    *items = decision_list(decision, codes, count, sizeof *codes);
    *item_count = count;
}

/* An employer's claims are its open applications and its awards. */
static bool claims(const struct application_row *application)
{
    return application->status == APPLICATION_DECIDED_STATUS_HELD ||
           application->status == APPLICATION_DECIDED_STATUS_POOLED ||
           application->status == APPLICATION_DECIDED_STATUS_AWARDED;
}

/* The person's row remembers every application's state, the employer's how many are open or awarded. */
static void remember(struct file *file)
{
    counting_claim(file->facts, file->decision, file->application, claims(file->application));
    struct person_row *person = file->person;
    struct application_row *application = file->application;
    size_t count = person->applications.count, at = 0;
    struct person_row_application *list =
        decision_list(file->decision, person->applications.items, count, sizeof *list);
    while (at < count && !uuid_equal(&list[at].application_key, &application->application_key))
        at++;
    list[at] = (struct person_row_application){.application_key = application->application_key,
                                               .award_id = application->award_id,
                                               .programme = application->programme,
                                               .wave = application->wave,
                                               .status = application->status,
                                               .revoked = at < count && list[at].revoked,
                                               .closed = at < count && list[at].closed,
                                               .sequence = application->sequence};
    person->applications.items = list;
    person->applications.count = at < count ? count : count + 1;
}

static void open_award(struct file *file)
{
    struct application_row *application = file->application;
    struct award_row *award = facts_add(file->facts, &award_row_type, &application->award_id);
    award->application_key = application->application_key;
    award->person_id = application->person_id;
    award->has_family_card_id = application->has_family_card_id;
    award->family_card_id = application->family_card_id;
    award->programme = application->programme;
    /* Told later than its wave was, whoever is awarded has the whole time nonetheless. */
    if (application->has_notice_day && application->notice_day < file->on)
        application->notice_day = file->on;
    application->commitment = file->standing.scheme->package_hundredths;
    counting_join_card(file->facts, file->decision, award);
}

static void tell(struct file *file, struct slice reason)
{
    file->application->sequence = counting_next_sequence(file->person, file->application);
    enum message_kind kind = MESSAGE_KIND_COUNT;
    switch ((enum application_decided_status)file->application->status) {
    case APPLICATION_DECIDED_STATUS_AWARDED:
        kind = MESSAGE_SELECTED;
        break;
    case APPLICATION_DECIDED_STATUS_NOT_DRAWN:
        kind = MESSAGE_NOT_SELECTED;
        break;
    case APPLICATION_DECIDED_STATUS_REJECTED:
        kind = MESSAGE_REFUSED;
        break;
    case APPLICATION_DECIDED_STATUS_HELD:
        kind = MESSAGE_HELD;
        break;
    case APPLICATION_DECIDED_STATUS_UNKNOWN:
    case APPLICATION_DECIDED_STATUS_POOLED:
    case APPLICATION_DECIDED_STATUS_WITHDRAWN:
        break;
    }
    announce_decided(file->decision, &file->standing, file->application, file->contact,
                     file->occurred_at);
    if (kind != MESSAGE_KIND_COUNT)
        announce_message(file->decision, &file->standing, file->application, file->contact,
                         kind, reason, file->application->sequence, file->occurred_at);
}

/* The end of the running period of so many hours, counted from local midnight: however often
 * something is judged meanwhile, it is tried again at one instant. */
static instant_us period_end(const struct file *file, int hours)
{
    instant_us period = (instant_us)hours * 3600 * US_PER_SECOND;
    instant_us local =
        (instant_us)file->standing.programme->utc_offset_minutes * 60 * US_PER_SECOND;
    return ((file->occurred_at + local) / period + 1) * period - local;
}

/* Reasons that the programme file tries again by itself: the money of a year may come back. */
static void watch_retries(const struct file *file)
{
    const struct application_row *application = file->application;
    for (size_t i = 0; i < application->reasons.count; i++) {
        const struct reason *reason =
            reason_find(file->standing.programme, application->reasons.items[i]);
        if (reason != NULL && reason->ends_by.every_hours > 0)
            decision_timer(file->decision, "RETRY", &application->application_key,
                           period_end(file, reason->ends_by.every_hours));
    }
}

/* A limit on the working days that an application may wait: the first day beyond it. */
static bool reply_limit(const struct condition *condition, int *beyond)
{
    const struct comparison *must = &condition->must;
    if (must->field != FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY ||
        condition->effect == EFFECT_PRIORITY ||
        (must->op != OPERATOR_LE && must->op != OPERATOR_LT))
        return false;
    *beyond = (int)must->low + (must->op == OPERATOR_LE);
    return true;
}

/* Where a programme limits how long an answer may take, the application is judged again once it has taken longer. */
static void watch_reply(const struct file *file)
{
    const struct programme *programme = file->standing.programme;
    const struct scheme *scheme = file->standing.scheme;
    epoch_day from =
        instant_to_day(file->application->submitted_at, programme->utc_offset_minutes);
    int beyond;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        for (size_t i = 0; i < scheme->condition_count[phase]; i++) {
            if (!reply_limit(scheme->conditions[phase][i], &beyond))
                continue;
            decision_timer(file->decision, "NO_REPLY", &file->application->application_key,
                           day_to_instant(working_days_after(programme, from, beyond),
                                          programme->utc_offset_minutes));
        }
}

/* The last day on which an award is worth having: its holder may still buy, or, where the year has no such day, be paid. */
static epoch_day last_award_day(const struct file *file)
{
    const struct scheme_year *year = file->standing.year;
    return year->has_purchase_closes ? year->purchase_closes : year->award_closes;
}

/* A held application is refused when its wave closes; where that does not end it, because the draw has selected it or
 * there is no closing, it ends with the year, whatever it waits for. */
static void watch_closing(const struct file *file)
{
    const struct wave *wave = wave_find(file->standing.programme, file->application->wave);
    bool ends = wave != NULL && wave->has_closes && !file->application->drawn;
    decision_timer(file->decision, ends ? "WAVE_CLOSED" : "YEAR_CLOSED",
                   &file->application->application_key,
                   ends ? wave->closes
                        : day_to_instant(last_award_day(file) + 1,
                                         file->standing.programme->utc_offset_minutes));
}

static bool year_closed(const struct file *file)
{
    return file->on > last_award_day(file);
}

/* The day from which an entry says something else than on day `on`; 0: it stays as it is. */
static epoch_day entry_changes(const struct person_row_register *entry, epoch_day on)
{
    if (entry->listed && entry->valid_from > on)
        return entry->valid_from;
    if (entry->listed && entry->has_valid_to && entry->valid_to >= on)
        return entry->valid_to + 1;
    return 0;
}

/* The soonest is enough: judged then, the award is watched for the next. */
void file_watch_registers(const struct file *file)
{
    epoch_day soonest = 0;
    for (size_t i = 0; i < file->person->registers.count; i++) {
        epoch_day day = entry_changes(&file->person->registers.items[i], file->on);
        if (day != 0 && (soonest == 0 || day < soonest))
            soonest = day;
    }
    if (soonest != 0)
        decision_timer(file->decision, "REGISTER_DAY", &file->application->application_key,
                       day_to_instant(soonest, file->standing.programme->utc_offset_minutes));
}

/* The award's id is of person and cohort: another application may have given it already. */
static bool award_is_new(const struct file *file)
{
    if (facts_find(file->facts, &award_row_type, &file->application->award_id) == NULL)
        return true;
    verdict_add(&file->decision->verdict, EFFECT_REJECT, SLICE("ALREADY_BENEFITED"));
    return false;
}

/* Seats are given at once where the programme does not draw, and to whom the draw has selected. */
static bool may_be_granted(const struct file *file)
{
    return file->application->drawn || file->standing.programme->selection == SELECTION_OPEN;
}

void file_conclude(struct file *file)
{
    struct verdict *verdict = &file->decision->verdict;
    struct application_row *application = file->application;
    struct slice reasons[VERDICT_REASONS];
    once_judge(file);
    bool late = year_closed(file);
    if (late) /* nothing could be bought with its award, or nothing of it be paid */
        verdict_add(verdict, EFFECT_REJECT, SLICE(YEAR_CLOSED));
    bool clear = waivers_effect(application, verdict) <= EFFECT_PRIORITY;
    bool granted = may_be_granted(file) && clear && award_is_new(file) &&
                   grant_take(&file->standing, file->decision->office->seal, application,
                              file->facts, verdict);
    size_t count = waivers_reasons(application, verdict, reasons);
    bool same =
        texts_equal(reasons, count, application->reasons.items, application->reasons.count) &&
        application->status == status_of(file, granted);
    keep_codes(file->decision, reasons, count, &application->reasons.items,
               &application->reasons.count);
    keep_codes(file->decision, verdict->priorities, verdict->priority_count,
               &application->priorities.items, &application->priorities.count);
    application->status = status_of(file, granted);
    if (granted) {
        open_award(file);
        file_watch_registers(file);
    }
    if (application->status == APPLICATION_DECIDED_STATUS_HELD) {
        watch_retries(file);
        watch_reply(file);
        watch_closing(file);
    }
    struct slice told = count > 0 ? reasons[0] : (struct slice){0};
    if (late) /* what it waited for matters no more */
        told = SLICE(YEAR_CLOSED);
    if (!same || !file->quiet)
        tell(file, told);
    remember(file);
}

static void end_with(struct file *file, int32_t status, const struct slice *reasons,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        verdict_add(&file->decision->verdict, EFFECT_REJECT, reasons[i]);
    keep_codes(file->decision, reasons, count, &file->application->reasons.items,
               &file->application->reasons.count);
    file->application->status = status;
    tell(file, count > 0 ? file->application->reasons.items[0] : (struct slice){0});
    remember(file);
}

void file_end(struct file *file, int32_t status, struct slice reason)
{
    end_with(file, status, &reason, 1);
}

void file_stay_held(struct file *file)
{
    const struct application_row *application = file->application;
    for (size_t i = 0; i < application->reasons.count; i++)
        verdict_add(&file->decision->verdict, EFFECT_HOLD, application->reasons.items[i]);
    watch_closing(file);
}

void file_refuse_held(struct file *file)
{
    const struct application_row *application = file->application;
    end_with(file, APPLICATION_DECIDED_STATUS_REJECTED, application->reasons.items,
             application->reasons.count);
}
