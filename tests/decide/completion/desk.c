#include "desk.h"

#include "ground.h"

void desk_open(struct desk *desk, int wave)
{
    static const char *const personal[] = {NATIONAL_ID, &MSISDN[3], NULL};
    *desk = (struct desk){.wave = wave};
    room_open(&desk->room, "completion", completion_tables, completion_table_count, NULL, NULL);
    desk->room.personal = personal;
}

void desk_open_on(struct desk *desk, const struct ground *ground)
{
    static const char *const personal[] = {NATIONAL_ID, &MSISDN[3], NULL};
    *desk = (struct desk){.ground = ground};
    room_open_corrected(&desk->room, ground->programme, "completion", completion_tables,
                        completion_table_count, ground->old, ground->new);
    desk->room.personal = personal;
}

void desk_close(struct desk *desk)
{
    room_close(&desk->room);
}

struct uuid desk_person(const struct desk *desk)
{
    struct uuid id;
    assert_true(seal_person_id(desk->room.seal, desk->room.programme->country,
                               SLICE(NATIONAL_ID), &id));
    return id;
}

static const struct scheme *scheme_of(const struct desk *desk)
{
    return desk->ground != NULL
               ? scheme_find(desk->room.programme, slice_of(desk->ground->scheme))
               : scheme_for_wave(desk->room.programme, desk->wave);
}

struct uuid desk_award_id(const struct desk *desk)
{
    struct uuid person = desk_person(desk);
    return seal_award_id(desk->room.seal, desk->room.programme->id, scheme_of(desk)->name,
                         (uint16_t)desk->wave, &person);
}

const struct award_row *desk_award(struct desk *desk)
{
    struct uuid id = desk_award_id(desk);
    return facts_find(&desk->room.facts, &award_row_type, &id);
}

const struct enrolment_row *desk_enrolment(struct desk *desk, const char *enrolment_id)
{
    struct uuid key = enrolment_key(desk->room.seal, slice_of(enrolment_id));
    return facts_find(&desk->room.facts, &enrolment_row_type, &key);
}

const struct course_row *desk_course(struct desk *desk, const char *course_id)
{
    struct uuid key = course_key(desk->room.seal, slice_of(course_id));
    return facts_find(&desk->room.facts, &course_row_type, &key);
}

/* What may be counted of a course is what its verdicts say. */
static void objections_check(const struct course_row *course)
{
    char text[256];
    size_t at = 0;
    for (size_t i = 0; i < course->verdicts.count; i++) {
        const struct course_row_verdict *one = &course->verdicts.items[i];
        for (size_t j = 0; j < one->reasons.count; j++, at++) {
            snprintf(text, sizeof text, "%.*s/%.*s/%d/%.*s/%.*s", SLICE_ARGS(one->programme),
                     SLICE_ARGS(one->scheme), one->year, SLICE_ARGS(one->effect),
                     SLICE_ARGS(one->reasons.items[j]));
            assert_true(at < course->objections.count);
            assert_true(slice_is(course->objections.items[at], text));
        }
    }
    assert_int_equal(course->objections.count, at);
}

const char *desk_verdict(struct desk *desk, const char *scheme, int year)
{
    static char text[256];
    const struct course_row *course = desk_course(desk, "C-1");
    text[0] = '\0';
    objections_check(course);
    for (size_t i = 0; i < course->verdicts.count; i++) {
        const struct course_row_verdict *one = &course->verdicts.items[i];
        if (!slice_is(one->scheme, scheme) || one->year != year)
            continue;
        snprintf(text, sizeof text, "%.*s", SLICE_ARGS(one->effect));
        for (size_t j = 0; j < one->reasons.count; j++) {
            size_t size = strlen(text);
            snprintf(text + size, sizeof text - size, "%s%.*s", j == 0 ? " " : ",",
                     SLICE_ARGS(one->reasons.items[j]));
        }
    }
    return text;
}

static const struct handler *handler_of(const struct event_type *type)
{
    for (size_t i = 0; i < completion_handler_count; i++)
        if (completion_handlers[i].event == type)
            return &completion_handlers[i];
    fail_msg("no handler of %s", type->topic);
    return NULL;
}

void desk_take(struct desk *desk, const struct event_type *type, const void *event)
{
    room_decide(&desk->room, handler_of(type), event);
    desk_tell(desk);
}

/* --- events --- */

static instant_us noon(epoch_day on)
{
    return day_to_instant(on, 7 * 60) + US_PER_DAY / 2;
}

static instant_us time_of(const struct step *step)
{
    return step->at != 0 ? step->at : noon(step->on);
}

static struct slice sealed_contact(struct desk *desk)
{
    struct buffer bytes = {0};
    struct error error;
    struct seal_place place = {"application.decided", "contact", desk_award_id(desk)};
    assert_int_equal(seal_seal(desk->room.seal, &place, SLICE(MSISDN), &bytes, &error), OK);
    struct slice sealed = arena_copy(&desk->room.arena, buffer_slice(&bytes));
    buffer_release(&bytes);
    return sealed;
}

struct application_decided desk_awarded(struct desk *desk, epoch_day notice_day)
{
    const struct scheme *scheme = scheme_of(desk);
    return (struct application_decided){
        .application_id = SLICE("A-1"),
        .award_id = desk_award_id(desk),
        .person_id = desk_person(desk),
        .programme = desk->room.programme->id,
        .scheme = scheme->name,
        .has_wave = true,
        .wave = desk->wave,
        .has_region_code = true,
        .region_code = SLICE("31.75"),
        .status = APPLICATION_DECIDED_STATUS_AWARDED,
        .sequence = 1,
        .occurred_at = noon(notice_day - 1),
        .decided_at = noon(notice_day - 1),
        .language = SLICE("id"),
        .has_contact_sealed = true,
        .contact_sealed = sealed_contact(desk),
        .payee = {APPLICATION_DECIDED_PAYEE_KIND_PARTICIPANT, SLICE("the-person")},
        .has_notice_day = true,
        .notice_day = notice_day,
        .has_year = true,
        .year = year_for_wave(scheme, desk->wave)->year,
        .commitment = scheme->package_hundredths,
        .currency = SLICE("IDR")};
}

struct course_listed desk_listed(const char *course_id)
{
    static const struct slice programmes[] = {{"kartu-prakerja", 14}};
    static const struct slice documents[] = {
        {"KSWP", 4}, {"NIB", 3}, {"NPWP", 4}, {"PLATFORM_AGREEMENT", 18}, {"STATEMENT", 9}};
    struct course_listed listed = {.course_id = slice_of(course_id),
                                   .revision = 1,
                                   .provider_id = SLICE("P-1"),
                                   .has_platform_provinces = true,
                                   .platform_provinces = 34,
                                   .title = SLICE("Spreadsheets"),
                                   .mode = COURSE_LISTED_MODE_ONLINE,
                                   .price = RUPIAH(1000000),
                                   .currency = SLICE("IDR"),
                                   .has_synchronous_minutes = true,
                                   .synchronous_minutes = 900,
                                   .has_longest_day_minutes = true,
                                   .longest_day_minutes = 180,
                                   .has_trainees_per_trainer = true,
                                   .trainees_per_trainer = 50,
                                   .has_interactive = true,
                                   .interactive = true,
                                   .has_identical_to_free = true,
                                   .valid_from = DAY(2020, 4, 1)};
    listed.programmes.items = programmes;
    listed.programmes.count = 1;
    listed.provider.documents.items = documents;
    listed.provider.documents.count = 5;
    listed.provider.has_legal_since = true;
    listed.provider.legal_since = DAY(2015, 1, 1);
    listed.provider.has_indicators_met = true;
    listed.provider.indicators_met = 59;
    listed.provider.has_owner_overlaps_platform = true;
    return listed;
}

struct course_enrolled desk_enrolled(const struct desk *desk, const char *enrolment_id,
                                     const char *course_id, int64_t price, epoch_day on)
{
    return (struct course_enrolled){.enrolment_id = slice_of(enrolment_id),
                                    .revision = 1,
                                    .award_id = desk_award_id(desk),
                                    .course_id = slice_of(course_id),
                                    .price = price,
                                    .currency = desk->room.programme->currency,
                                    .enrolled_at = noon(on)};
}

struct course_completed desk_completed(const struct desk *desk, const char *enrolment_id,
                                       const char *course_id, epoch_day on)
{
    static const struct course_completed_assessment tests[] = {{.kind = {"POSTTEST", 8}},
                                                               {.kind = {"PRACTICAL", 9}},
                                                               {.kind = {"QUIZ", 4}},
                                                               {.kind = {"PRETEST", 7}}};
    struct course_completed completed = {.enrolment_id = slice_of(enrolment_id),
                                         .revision = 1,
                                         .award_id = desk_award_id(desk),
                                         .course_id = slice_of(course_id),
                                         .has_attendee_national_id = true,
                                         .attendee_national_id = SLICE(NATIONAL_ID),
                                         .completed_at = noon(on),
                                         .has_certificate_id = true,
                                         .certificate_id = SLICE("CERT-1"),
                                         .sessions_held = 6,
                                         .sessions_attended = 6,
                                         .has_face_verified_sessions = true,
                                         .face_verified_sessions = 6,
                                         .has_camera_on_sessions = true,
                                         .camera_on_sessions = 6,
                                         .mode = COURSE_COMPLETED_MODE_ONLINE};
    completed.assessments.items = tests;
    completed.assessments.count = 4;
    return completed;
}

static void flaw_completion(struct course_completed *completed, int flaw)
{
    if (flaw & NO_CERTIFICATE)
        completed->has_certificate_id = false;
    if (flaw & SESSION_MISSED)
        completed->sessions_attended--;
    if (flaw & FACE_MISSED)
        completed->face_verified_sessions--;
    if (flaw & CAMERA_OFF)
        completed->camera_on_sessions--;
    if (flaw & PROXY)
        completed->attendee_national_id = SLICE("3175091203900002");
    if (flaw & NO_PRETEST)
        completed->assessments.count = 3;
    if (flaw & FACES_NOT_COUNTED)
        completed->has_face_verified_sessions = false;
    if (flaw & NO_SESSIONS)
        completed->sessions_held = completed->sessions_attended =
            completed->face_verified_sessions = completed->camera_on_sessions = 0;
    if (flaw & NOBODY_NAMED)
        completed->has_attendee_national_id = false;
}

/* --- steps --- */

static const char *course_of(const struct step *step)
{
    return step->course == NULL ? "C-1" : step->course;
}

static void take_listing(struct desk *desk, const struct step *step)
{
    struct course_listed listed =
        desk->ground != NULL ? ground_listed(desk, step) : desk_listed(step->id);
    listed.revision = step->revision == 0 ? 1 : step->revision;
    if (step->flaw & CONFLICT)
        listed.provider.owner_overlaps_platform = true;
    desk_take(desk, &course_listed_event, &listed);
}

static void take_milestone(struct desk *desk, const struct step *step)
{
    struct milestone_reached reached = {.milestone_id = SLICE("M-1"),
                                        .award_id = desk_award_id(desk),
                                        .kind = slice_of(step->kind),
                                        .number = step->number == 0 ? 1 : step->number,
                                        .reached_at = time_of(step),
                                        .has_enrolment_id = step->id != NULL,
                                        .enrolment_id = slice_of(step->id)};
    desk_take(desk, &milestone_reached_event, &reached);
}

static void take_payout(struct desk *desk, const struct step *step)
{
    bool paid = step->action == PAID;
    struct payout_closed closed = {
        .award_id = desk_award_id(desk),
        .item = step->kind == NULL ? SLICE("job_search_incentive") : slice_of(step->kind),
        .instalment = step->number,
        .outcome = paid ? PAYOUT_CLOSED_OUTCOME_PAID : PAYOUT_CLOSED_OUTCOME_RETURNED,
        .currency = SLICE("IDR"),
        .has_paid_at = paid,
        .paid_at = paid ? time_of(step) : 0,
        .sequence = step->revision == 0 ? ++desk->sequence : step->revision};
    desk_take(desk, &payout_closed_event, &closed);
}

static struct slice uuid_slice(struct desk *desk, const struct uuid *uuid)
{
    char text[UUID_TEXT_SIZE + 1];
    uuid_format(uuid, text);
    return arena_copy(&desk->room.arena, slice_of(text));
}

static void take_timer(struct desk *desk, const struct step *step)
{
    struct uuid award_id = desk_award_id(desk);
    struct timer_fired fired = {.subject_id = uuid_slice(desk, &award_id),
                                .kind = slice_of(step->kind),
                                .due_at = day_to_instant(step->on, 7 * 60),
                                .attempt = 1};
    /* What is tried again by itself is due at noon, as what held it came. */
    if (strcmp(step->kind, "retry") == 0 || step->at != 0)
        fired.due_at = time_of(step);
    desk_take(desk, &timer_completion_event, &fired);
}

static void take_change(struct desk *desk, const struct step *step)
{
    int32_t by = step->by == NULL ? (int32_t)AWARD_CHANGED_BY_OFFICER
                                  : symbols_find(&award_changed_by_symbols, slice_of(step->by));
    struct award_changed changed = {
        .award_id = desk_award_id(desk),
        .programme = desk->room.programme->id,
        .scheme = scheme_of(desk)->name,
        .change = symbols_find(&award_changed_change_symbols, slice_of(step->kind)),
        .reason = slice_of(step->reason),
        .by = by,
        .has_amount = step->number != 0,
        .amount = RUPIAH(step->number),
        .currency = SLICE("IDR"),
        .occurred_at = time_of(step),
        .sequence = step->revision == 0 ? ++desk->sequence : step->revision,
        .has_requested_by = by == AWARD_CHANGED_BY_OFFICER,
        .has_approved_by = by == AWARD_CHANGED_BY_OFFICER && !(step->flaw & ALONE)};
    if (changed.has_requested_by)
        changed.requested_by = SLICE("siti");
    if (changed.has_approved_by)
        changed.approved_by = SLICE("budi");
    desk_take(desk, &award_changed_event, &changed);
}

static void take_case(struct desk *desk, const struct step *step)
{
    struct uuid key = enrolment_key(desk->room.seal, slice_of(step->id));
    struct case_resolved resolved = {
        .subject_id = step->course == NULL ? uuid_slice(desk, &key) : slice_of(step->course),
        .reason = slice_of(step->reason),
        .outcome = symbols_find(&case_resolved_outcome_symbols, slice_of(step->kind)),
        .by = SLICE("siti"),
        .has_approved_by = true,
        .approved_by = (step->flaw & ALONE) ? SLICE("siti") : SLICE("budi"),
        .occurred_at = time_of(step),
        .sequence = ++desk->sequence};
    desk_take(desk, &case_resolved_event, &resolved);
}

void desk_step(struct desk *desk, const struct step *step)
{
    int revision = step->revision == 0 ? 1 : step->revision;
    switch (step->action) {
    case AWARDED: {
        struct application_decided decided = desk->ground != NULL
                                                 ? ground_awarded(desk, step->on)
                                                 : desk_awarded(desk, step->on);
        decided.sequence = revision;
        desk_take(desk, &application_decided_event, &decided);
        return;
    }
    case LISTED:
        take_listing(desk, step);
        return;
    case ENROLLED: {
        struct course_enrolled enrolled =
            desk_enrolled(desk, step->id, course_of(step), RUPIAH(step->number), step->on);
        enrolled.enrolled_at = time_of(step);
        enrolled.revision = revision;
        enrolled.has_starts_on = step->first != 0;
        enrolled.starts_on = step->first;
        enrolled.has_ends_on = step->last != 0;
        enrolled.ends_on = step->last;
        enrolled.has_region_code = step->region != NULL;
        enrolled.region_code = slice_of(step->region);
        desk_take(desk, &course_enrolled_event, &enrolled);
        return;
    }
    case COMPLETED: {
        struct course_completed completed =
            desk_completed(desk, step->id, course_of(step), step->on);
        completed.completed_at = time_of(step);
        completed.revision = revision;
        flaw_completion(&completed, step->flaw);
        desk_take(desk, &course_completed_event, &completed);
        return;
    }
    case PUBLISHED:
        ground_publish(desk, step);
        return;
    case REACHED:
        take_milestone(desk, step);
        return;
    case PAID:
    case RETURNED:
        take_payout(desk, step);
        return;
    case FIRED:
        take_timer(desk, step);
        return;
    case CHANGED:
        take_change(desk, step);
        return;
    case RESOLVED:
        take_case(desk, step);
        return;
    }
}

void desk_ready(struct desk *desk)
{
    bool normal = desk->wave >= 48;
    epoch_day notice_day = normal ? DAY(2023, 3, 1) : DAY(2021, 9, 22);
    if (desk->wave <= 11)
        notice_day = DAY(2020, 8, 27);
    if (desk->wave >= 23 && !normal)
        notice_day = DAY(2022, 3, 1);
    desk_step(desk, &(struct step){AWARDED, .on = notice_day});
    desk_step(desk, &(struct step){LISTED, .id = "C-1"});
    for (int number = 1; number <= 3; number++)
        desk_step(desk, &(struct step){REACHED, .kind = "INTRO_WATCHED", .number = number,
                                       .on = notice_day});
    if (normal)
        desk_step(desk, &(struct step){REACHED, .kind = "ACCOUNT_LINKED", .on = notice_day});
}

static void play(const struct script *script, const struct ground *ground)
{
    struct desk desk;
    if (ground != NULL)
        desk_open_on(&desk, ground);
    else
        desk_open(&desk, script->wave < 0 ? -script->wave : script->wave);
    if (ground == NULL && script->wave > 0)
        desk_ready(&desk);
    for (size_t i = 0; i < STEPS && script->steps[i].told != NULL; i++) {
        desk_step(&desk, &script->steps[i]);
        if (strcmp(desk.told, script->steps[i].told) != 0)
            fail_msg("%s, step %zu:\n  told     \"%s\"\n  expected \"%s\"", script->name, i + 1,
                     desk.told, script->steps[i].told);
    }
    desk_close(&desk);
}

void desk_play(const struct script *scripts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        play(&scripts[i], NULL);
}

void desk_play_on(const struct ground *ground, const struct script *scripts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        play(&scripts[i], ground);
}
