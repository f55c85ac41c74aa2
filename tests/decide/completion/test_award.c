/* The award's projection: application.decided, award.changed, and the events that only leave a note. */
#include "desk.h"

static void test_award_begins(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    struct application_decided decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.status = APPLICATION_DECIDED_STATUS_POOLED;
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "repeat");
    assert_null(desk_award(&desk));
    decided.status = APPLICATION_DECIDED_STATUS_AWARDED;
    decided.sequence = 2;
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "");
    assert_int_equal(desk_award(&desk)->training_granted, RUPIAH(1000000));
    assert_int_equal(room_timer(&desk.room, "first_purchase"),
                     day_to_instant(DAY(2021, 10, 22), 7 * 60));
    assert_int_equal(room_timer(&desk.room, "first_purchase_reminder"),
                     day_to_instant(DAY(2021, 10, 14), 7 * 60));
    assert_int_equal(room_timer(&desk.room, "balance_closes"),
                     day_to_instant(DAY(2021, 12, 1), 7 * 60));
    assert_int_equal(room_timer(&desk.room, "award_ends"),
                     day_to_instant(DAY(2022, 7, 1), 7 * 60));
    desk_close(&desk);
}

static void test_near_the_years_end_the_earlier_day_counts(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 22);
    desk_step(&desk, &(struct step){AWARDED, .on = DAY(2021, 11, 2)});
    assert_int_equal(room_timer(&desk.room, "first_purchase"),
                     day_to_instant(DAY(2021, 12, 1), 7 * 60));
    desk_close(&desk);
}

static void test_award_is_refreshed(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    struct application_decided decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.has_notice_day = false;
    desk_take(&desk, &application_decided_event, &decided);
    assert_int_equal(room_timer(&desk.room, "first_purchase"), 0);
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "repeat");
    decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.sequence = 3;
    decided.language = SLICE("en");
    desk_take(&desk, &application_decided_event, &decided);
    assert_int_equal(room_timer(&desk.room, "first_purchase"),
                     day_to_instant(DAY(2021, 10, 22), 7 * 60));
    assert_true(slice_is(desk_award(&desk)->language, "en"));
    decided.sequence = 2;
    decided.language = SLICE("id");
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "repeat");
    assert_true(slice_is(desk_award(&desk)->language, "en"));
    decided.sequence = 4;
    decided.notice_day += 5;
    desk_take(&desk, &application_decided_event, &decided);
    assert_int_equal(desk_award(&desk)->notice_day, DAY(2021, 9, 22));
    desk_close(&desk);
}

static void test_unknown_rules(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    struct application_decided decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.programme = SLICE("kartu-pintar");
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "refused UNKNOWN_PROGRAMME");
    decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.scheme = SLICE("abnormal");
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "refused UNKNOWN_SCHEME");
    decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.year = 1999;
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "refused UNKNOWN_SCHEME");
    decided.has_year = false;
    desk_take(&desk, &application_decided_event, &decided);
    assert_string_equal(desk.told, "refused YEAR_MISSING");
    desk_close(&desk);
}

static void test_changes(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"before the award",
         -21,
         {{CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .told = "wait award"}}},
        {"a stale one",
         21,
         {{CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .revision = 2, .told = ""},
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .revision = 1, .told = "repeat"},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 2),
           .told = "enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"}}},
        {"two holds need two releases",
         21,
         {{CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .told = ""},
          {CHANGED, .kind = "HELD", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 1),
           .told = ""},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 2),
           .told = "enrolment HELD AUDIT_FINDING,AWARD_HELD,FRAUD_SUSPECTED left=1000000"},
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 3),
           .told = "enrolment HELD AWARD_HELD,FRAUD_SUSPECTED left=1000000"},
          {CHANGED, .kind = "RELEASED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 4),
           .told = "enrolment ACCEPTED left=500000"}}},
        {"a lower number for another reason counts",
         21,
         {{CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .revision = 3, .told = ""},
          {CHANGED, .kind = "HELD", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 1),
           .revision = 2, .told = ""},
          {CHANGED, .kind = "HELD", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 1),
           .revision = 2, .told = "repeat"},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 2),
           .told = "enrolment HELD AUDIT_FINDING,AWARD_HELD,FRAUD_SUSPECTED left=1000000"},
          {CHANGED, .kind = "RELEASED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 3),
           .revision = 5, .told = "enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"},
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 4),
           .revision = 4, .told = "enrolment ACCEPTED left=500000"}}},
        {"a release before its hold",
         21,
         {{CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .revision = 2, .told = ""},
          {CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .revision = 1, .told = "repeat"},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 2),
           .told = "enrolment ACCEPTED left=500000"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_changes_that_are_no_holds(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"a decree is the payment's matter",
         21,
         {{CHANGED, .kind = "DECREED", .reason = "", .on = DAY(2021, 10, 1), .told = ""}}},
        {"a recovery without an amount",
         21,
         {{CHANGED, .kind = "RECOVERY_NOTICED", .reason = "RECOVER_INELIGIBLE",
           .on = DAY(2021, 10, 1), .told = "refused AMOUNT_MISSING"}}},
        {"an officer alone",
         21,
         {{CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .flaw = ALONE, .told = ""},
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .flaw = ALONE, .told = "refused SECOND_OFFICER_MISSING"},
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 1),
           .flaw = ALONE, .told = "refused SECOND_OFFICER_MISSING"},
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "CERT_MISSING",
           .on = DAY(2021, 10, 1), .flaw = ALONE, .told = "refused SECOND_OFFICER_MISSING"},
          {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "CERT_MISSING",
           .on = DAY(2021, 10, 1), .flaw = ALONE, .told = "refused SECOND_OFFICER_MISSING"}}},
        {"a change of another contract",
         21,
         {{CHANGED, .kind = "PAINTED", .reason = "", .on = DAY(2021, 10, 1),
           .told = "refused UNKNOWN_CHANGE"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* The same reason by two writers is two holds; what this service said itself it knows. */
static void test_writers(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    struct award_changed changed = {.award_id = desk_award_id(&desk),
                                    .change = AWARD_CHANGED_CHANGE_HELD,
                                    .reason = SLICE("FRAUD_SUSPECTED"),
                                    .by = AWARD_CHANGED_BY_OFFICER,
                                    .sequence = 1};
    desk_take(&desk, &award_changed_event, &changed);
    changed.by = AWARD_CHANGED_BY_APPLICATION;
    desk_take(&desk, &award_changed_event, &changed);
    assert_int_equal(desk_award(&desk)->holds.count, 2);
    changed.by = AWARD_CHANGED_BY_COMPLETION;
    desk_take(&desk, &award_changed_event, &changed);
    assert_string_equal(desk.told, "repeat");
    changed.by = AWARD_CHANGED_BY_UNKNOWN;
    desk_take(&desk, &award_changed_event, &changed);
    assert_string_equal(desk.told, "refused UNKNOWN_CHANGE");
    desk_close(&desk);
}

static void take(struct desk *desk, const char *kind, int number, int sequence)
{
    desk_step(desk,
              &(struct step){CHANGED, .kind = kind, .reason = "AUDIT_FINDING", .number = number,
                             .on = DAY(2021, 10, 1), .revision = sequence});
}

static void test_every_repayment_counts_once_in_any_order(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 21);
    desk_ready(&desk);
    take(&desk, "REPAID", 300, 3);
    take(&desk, "RECOVERY_NOTICED", 900, 1);
    take(&desk, "REPAID", 200, 2);
    take(&desk, "REPAID", 300, 3);
    assert_string_equal(desk.told, "repeat");
    take(&desk, "RECOVERY_NOTICED", 900, 1);
    assert_string_equal(desk.told, "repeat");
    assert_int_equal(desk_award(&desk)->recovery_noticed, RUPIAH(900));
    assert_int_equal(desk_award(&desk)->recovery_repaid, RUPIAH(500));
    desk_close(&desk);
}

static void test_erasure(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    struct uuid awards[] = {desk_award_id(&desk), {{9}}};
    struct person_erased erased = {.person_id = desk_person(&desk), .requested_at = 1};
    erased.award_ids.items = awards;
    erased.award_ids.count = 2;
    desk_take(&desk, &person_erased_event, &erased);
    assert_string_equal(desk.told, "");
    assert_false(desk_award(&desk)->has_contact_sealed);
    desk_take(&desk, &person_erased_event, &erased);
    assert_string_equal(desk.told, "repeat");
    /* A later word about the award brings no contact back, and nobody is written to. */
    struct application_decided decided = desk_awarded(&desk, DAY(2021, 9, 22));
    decided.sequence = 9;
    desk_take(&desk, &application_decided_event, &decided);
    assert_false(desk_award(&desk)->has_contact_sealed);
    desk_step(&desk, &(struct step){FIRED, .kind = "first_purchase_reminder",
                                    .on = DAY(2021, 10, 14)});
    assert_string_equal(desk.told, "");
    desk_close(&desk);
}

/* Said before the erasure and heard after it; the last case: by another worker in the same instant. */
static void test_an_award_that_is_heard_of_after_the_erasure(void **state)
{
    (void)state;
    for (int crossed = 0; crossed < 2; crossed++) {
        struct desk desk;
        desk_open(&desk, 21);
        struct uuid award = desk_award_id(&desk);
        struct person_erased erased = {.person_id = desk_person(&desk), .requested_at = 1};
        struct application_decided decided = desk_awarded(&desk, DAY(2021, 9, 22));
        char id[UUID_TEXT_SIZE + 1];
        uuid_format(&award, id);
        struct timer_fired fired = {.subject_id = slice_of(id),
                                    .kind = SLICE(TIMER_ERASURE),
                                    .due_at = 1 + ERASURE_LOOK_S * US_PER_SECOND};
        erased.award_ids.items = &award;
        erased.award_ids.count = 1;
        decided.has_contact_sealed = true;
        if (crossed)
            desk_take(&desk, &application_decided_event, &decided);
        struct award_row *row =
            crossed ? facts_edit(&desk.room.facts, &award_row_type, &award) : NULL;
        if (crossed)
            row->contact_id = (struct uuid){{1}}; /* unseen, as the other worker's row is */
        desk_take(&desk, &person_erased_event, &erased);
        if (crossed)
            row->contact_id = erased.person_id;
        else
            desk_take(&desk, &application_decided_event, &decided);
        assert_int_equal(desk_award(&desk)->has_contact_sealed, crossed);
        desk_take(&desk, &timer_completion_event, &fired);
        assert_string_equal(desk.told, crossed ? "" : "repeat");
        assert_false(desk_award(&desk)->has_contact_sealed);
        desk_close(&desk);
    }
}

/* An employer is written to: what is erased of whom, heard of first or later, and a correction that names the worker's number. */
static void test_a_contact_goes_with_whoever_it_reaches(void **state)
{
    const struct uuid employer = {{7}}, stranger = {{8}};
    const struct {
        const char *name;
        bool worker, later, kept;
    } cases[] = {{"somebody else", false, false, true},
                 {"the employer", false, false, false},
                 {"the employer, and the award is heard of later", false, true, false},
                 {"its worker", true, false, true},
                 {"its worker, and the award is heard of later", true, true, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk, 21);
        struct uuid award = desk_award_id(&desk);
        struct application_decided decided = desk_awarded(&desk, DAY(2021, 9, 22));
        struct person_erased erased = {
            .person_id = cases[i].worker ? desk_person(&desk) : employer, .requested_at = 1};
        if (!cases[i].worker && cases[i].kept)
            erased.person_id = stranger;
        erased.award_ids.items = &award;
        erased.award_ids.count = 1;
        decided.has_contact_id = true;
        decided.contact_id = employer;
        if (!cases[i].later)
            desk_take(&desk, &application_decided_event, &decided);
        desk_take(&desk, &person_erased_event, &erased);
        if (cases[i].later)
            desk_take(&desk, &application_decided_event, &decided);
        if (desk_award(&desk)->has_contact_sealed != cases[i].kept)
            fail_msg("%s: the contact is %s", cases[i].name, cases[i].kept ? "gone" : "kept");
        decided.has_contact_id =
            false; /* and its own number, of a worker who was not erased, is taken up */
        decided.sequence++;
        desk_take(&desk, &application_decided_event, &decided);
        if (desk_award(&desk)->has_contact_sealed == cases[i].worker)
            fail_msg("%s: the worker's contact is wrong", cases[i].name);
        decided.has_contact_id =
            true; /* back, and nothing said of the number: the worker's does not stay */
        decided.has_contact_sealed = false;
        decided.sequence++;
        desk_take(&desk, &application_decided_event, &decided);
        assert_false(desk_award(&desk)->has_contact_sealed);
        desk_close(&desk);
    }
}

static void test_somebody_elses_award_is_not_erased(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    struct uuid award = desk_award_id(&desk);
    struct person_erased erased = {.person_id = {{1}}, .requested_at = 1};
    erased.award_ids.items = &award;
    erased.award_ids.count = 1;
    desk_take(&desk, &person_erased_event, &erased);
    assert_string_equal(desk.told, "");
    assert_true(desk_award(&desk)->has_contact_sealed);
    desk_close(&desk);
}

static void test_messages(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    struct notification_settled settled = {.notification_id = {{3}},
                                           .award_id = {{4}},
                                           .status = NOTIFICATION_SETTLED_STATUS_SENT,
                                           .settled_at = 10};
    desk_take(&desk, &notification_settled_event, &settled);
    assert_string_equal(desk.told, "");
    desk_take(&desk, &notification_settled_event, &settled);
    assert_string_equal(desk.told, "repeat");
    settled.status = NOTIFICATION_SETTLED_STATUS_FAILED;
    settled.settled_at = 9;
    desk_take(&desk, &notification_settled_event, &settled);
    assert_string_equal(desk.told, "repeat");
    settled.settled_at = 11;
    desk_take(&desk, &notification_settled_event, &settled);
    const struct message_row *row =
        facts_find(&desk.room.facts, &message_row_type, &settled.notification_id);
    assert_int_equal(row->status, NOTIFICATION_SETTLED_STATUS_FAILED);
    settled.status = NOTIFICATION_SETTLED_STATUS_UNKNOWN;
    desk_take(&desk, &notification_settled_event, &settled);
    assert_string_equal(desk.told, "refused UNKNOWN_STATUS");
    settled.notification_id = (struct uuid){{0}};
    desk_take(&desk, &notification_settled_event, &settled);
    assert_string_equal(desk.told, "refused BAD_ID");
    desk_close(&desk);
}

/* It stands in a row of its own, which officers list; the award's clock goes on. */
static void test_an_undelivered_message_moves_no_deadline(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    desk_step(&desk, &(struct step){FIRED, .kind = "first_purchase_reminder",
                                    .on = DAY(2021, 10, 14)});
    const struct notification_requested *message =
        room_output(&desk.room, &notification_requested_event, 0);
    struct notification_settled settled = {.notification_id = message->notification_id,
                                           .award_id = desk_award_id(&desk),
                                           .status = NOTIFICATION_SETTLED_STATUS_FAILED,
                                           .settled_at = MIDNIGHT(2021, 10, 15)};
    const int64_t version = desk_award(&desk)->version;
    desk_take(&desk, &notification_settled_event, &settled);
    assert_string_equal(desk.told, "");
    assert_int_equal(desk_award(&desk)->version, version);
    const struct message_row *row =
        facts_find(&desk.room.facts, &message_row_type, &settled.notification_id);
    assert_int_equal(row->status, NOTIFICATION_SETTLED_STATUS_FAILED);
    desk_step(&desk, &(struct step){FIRED, .kind = "first_purchase_reminder",
                                    .on = DAY(2021, 10, 14)});
    assert_string_equal(desk.told, "repeat");
    desk_step(&desk, &(struct step){FIRED, .kind = "first_purchase", .on = DAY(2021, 10, 22)});
    assert_string_equal(desk.told, REVOKED);
    desk_close(&desk);
}

static void test_what_is_not_ours(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    struct case_resolved resolved = {.subject_id = SLICE("A-1"),
                                     .reason = SLICE("ID_FACE_MISMATCH"),
                                     .outcome = CASE_RESOLVED_OUTCOME_WAIVED,
                                     .by = SLICE("siti"),
                                     .has_approved_by = true,
                                     .approved_by = SLICE("budi"),
                                     .occurred_at = 1};
    struct timer_fired fired = {
        .subject_id = SLICE("A-1"), .kind = SLICE("retry"), .due_at = 1};
    desk_take(&desk, &case_resolved_event, &resolved);
    assert_string_equal(desk.told, "repeat");
    resolved.outcome = CASE_RESOLVED_OUTCOME_UNKNOWN;
    desk_take(&desk, &case_resolved_event, &resolved);
    assert_string_equal(desk.told, "refused UNKNOWN_OUTCOME");
    desk_take(&desk, &timer_completion_event, &fired);
    assert_string_equal(desk.told, "refused BAD_ID");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_award_begins),
        cmocka_unit_test(test_near_the_years_end_the_earlier_day_counts),
        cmocka_unit_test(test_award_is_refreshed),
        cmocka_unit_test(test_unknown_rules),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_changes_that_are_no_holds),
        cmocka_unit_test(test_writers),
        cmocka_unit_test(test_every_repayment_counts_once_in_any_order),
        cmocka_unit_test(test_erasure),
        cmocka_unit_test(test_an_award_that_is_heard_of_after_the_erasure),
        cmocka_unit_test(test_a_contact_goes_with_whoever_it_reaches),
        cmocka_unit_test(test_somebody_elses_award_is_not_erased),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_an_undelivered_message_moves_no_deadline),
        cmocka_unit_test(test_what_is_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
