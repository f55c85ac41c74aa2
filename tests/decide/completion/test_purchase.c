/* Purchases: course.enrolled, and what makes it judged again. */
#include "desk.h"

#define BUY(voucher, rupiah, day, text)                                                        \
    {                                                                                          \
        ENROLLED, .id = (voucher), .number = (rupiah), .on = (day), .told = (text)             \
    }

static void test_bounds(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"bought on the notice day",
         21,
         {BUY("E-1", 500000, DAY(2021, 9, 22), "enrolment ACCEPTED left=500000")}},
        {"first purchase on the last day",
         21,
         {BUY("E-1", 500000, DAY(2021, 10, 21), "enrolment ACCEPTED left=500000")}},
        {"first purchase on the day after revokes",
         21,
         {BUY("E-1", 500000, DAY(2021, 10, 22),
              "enrolment REJECTED FIRST_TRAINING_LATE left=1000000; award REVOKED "
              "FIRST_TRAINING_LATE; message revoked"),
          BUY("E-2", 500000, DAY(2021, 10, 22),
              "enrolment REJECTED AWARD_REVOKED,FIRST_TRAINING_LATE left=1000000")}},
        {"normal scheme, first purchase on the last day",
         48,
         {BUY("E-1", 500000, DAY(2023, 3, 15), "enrolment ACCEPTED left=3000000")}},
        {"normal scheme, on the day after",
         48,
         {BUY("E-1", 500000, DAY(2023, 3, 16),
              "enrolment REJECTED FIRST_TRAINING_LATE left=3500000; award REVOKED "
              "FIRST_TRAINING_LATE; message revoked")}},
        {"the whole balance",
         21,
         {BUY("E-1", 1000000, DAY(2021, 9, 30), "enrolment ACCEPTED left=0")}},
        {"price above the listed one and the balance",
         21,
         {BUY("E-1", 1000001, DAY(2021, 9, 30),
              "enrolment REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED left=1000000")}},
        {"price above the listed one",
         48,
         {BUY("E-1", 1000001, DAY(2023, 3, 2),
              "enrolment REJECTED PRICE_ABOVE_LISTED left=3500000")}},
        {"free of charge",
         21,
         {BUY("E-1", 0, DAY(2021, 9, 30), "enrolment ACCEPTED left=1000000")}},
        {"a negative price", 21, {BUY("E-1", -1, DAY(2021, 9, 30), "refused BAD_PRICE")}},
        {"before the days of sale",
         5,
         {{LISTED, .id = "C-1", .told = "repeat"},
          BUY("E-1", 500000, DAY(2020, 3, 31),
              "enrolment REJECTED COURSE_NOT_OFFERED left=1000000")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_held_until_what_lacks_comes(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"no video yet: held, and accepted with the third",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30), "enrolment HELD INTRO_NOT_WATCHED left=1000000"),
          {REACHED, .kind = "INTRO_WATCHED", .number = 1, .on = DAY(2021, 10, 1), .told = ""},
          {REACHED, .kind = "INTRO_WATCHED", .number = 3, .on = DAY(2021, 10, 1), .told = ""},
          {REACHED, .kind = "INTRO_WATCHED", .number = 3, .on = DAY(2021, 10, 2),
           .told = "repeat"},
          {REACHED, .kind = "INTRO_WATCHED", .number = 2, .on = DAY(2021, 11, 2),
           .told = "enrolment ACCEPTED left=500000"}}},
        {"no account in the normal scheme: held, and accepted with it",
         -48,
         {{AWARDED, .on = DAY(2023, 3, 1), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          {REACHED, .kind = "INTRO_WATCHED", .number = 1, .on = DAY(2023, 3, 1), .told = ""},
          {REACHED, .kind = "INTRO_WATCHED", .number = 2, .on = DAY(2023, 3, 1), .told = ""},
          BUY("E-1", 500000, DAY(2023, 3, 2),
              "enrolment HELD ACCT_NOT_LINKED,INTRO_NOT_WATCHED left=3500000"),
          {REACHED, .kind = "INTRO_WATCHED", .number = 3, .on = DAY(2023, 3, 3),
           .told = "enrolment HELD ACCT_NOT_LINKED left=3500000"},
          {REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2023, 4, 3),
           .told = "enrolment ACCEPTED left=3000000"}}},
        {"early waves ask for no videos",
         -5,
         {{AWARDED, .on = DAY(2020, 8, 27), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          BUY("E-1", 500000, DAY(2020, 8, 28), "enrolment ACCEPTED left=500000")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_held_awards_and_officers(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"a held award holds with its reason, and its release accepts",
         21,
         {{CHANGED, .kind = "HELD", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 9, 23),
           .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30),
              "enrolment HELD AWARD_HELD,FRAUD_SUSPECTED left=1000000"),
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .told = ""},
          {CHANGED, .kind = "RELEASED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 12, 24),
           .told = "enrolment ACCEPTED left=500000"}}},
        {"held, then revoked by an officer: rejected",
         21,
         {{CHANGED, .kind = "HELD", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 9, 23),
           .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30),
              "enrolment HELD AWARD_HELD,FRAUD_SUSPECTED left=1000000"),
          {CHANGED, .kind = "REVOKED", .reason = "RECOVER_INELIGIBLE", .on = DAY(2021, 10, 1),
           .told =
               "enrolment REJECTED AWARD_HELD,AWARD_REVOKED,FRAUD_SUSPECTED left=1000000"}}},
        {"revoked awards buy nothing",
         21,
         {{CHANGED, .kind = "REVOKED", .reason = "RECOVER_INELIGIBLE", .on = DAY(2021, 9, 23),
           .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30),
              "enrolment REJECTED AWARD_REVOKED left=1000000")}},
        {"closed awards buy nothing",
         21,
         {{CHANGED, .kind = "CLOSED", .reason = "BALANCE_RETURNED", .on = DAY(2021, 9, 23),
           .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30),
              "enrolment REJECTED BALANCE_RETURNED left=1000000")}},
        {"held and no officer's hold: an officer waives the videos",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30), "enrolment HELD INTRO_NOT_WATCHED left=1000000"),
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "CERT_MISSING",
           .on = DAY(2021, 10, 1), .told = "repeat"},
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "INTRO_NOT_WATCHED",
           .on = DAY(2021, 10, 1), .told = "enrolment ACCEPTED left=500000"},
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "INTRO_NOT_WATCHED",
           .on = DAY(2021, 10, 2), .told = "repeat"}}},
        {"an officer upholds it",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30), "enrolment HELD INTRO_NOT_WATCHED left=1000000"),
          {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "INTRO_NOT_WATCHED",
           .on = DAY(2021, 10, 1),
           .told = "enrolment REJECTED INTRO_NOT_WATCHED left=1000000"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_order_and_repeats(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"before the award is known",
         -21,
         {BUY("E-1", 500000, DAY(2021, 9, 30), "wait award")}},
        {"before the course is known",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          BUY("E-1", 500000, DAY(2021, 9, 30), "wait course")}},
        {"the same revision again",
         21,
         {BUY("E-1", 500000, DAY(2021, 9, 30), "enrolment ACCEPTED left=500000"),
          BUY("E-1", 500000, DAY(2021, 9, 30), "repeat")}},
        {"a correction of an accepted purchase is recorded, once",
         21,
         {BUY("E-1", 500000, DAY(2021, 9, 30), "enrolment ACCEPTED left=500000"),
          {ENROLLED, .id = "E-1", .number = 400000, .on = DAY(2021, 9, 30), .revision = 2,
           .told = ""},
          {ENROLLED, .id = "E-1", .number = 400000, .on = DAY(2021, 9, 30), .revision = 2,
           .told = "repeat"}}},
        {"a correction of a rejected purchase is judged anew",
         21,
         {BUY("E-1", 1000001, DAY(2021, 9, 30),
              "enrolment REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED left=1000000"),
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30), .revision = 2,
           .told = "enrolment ACCEPTED left=500000"}}},
        {"a second course before the first is done",
         21,
         {BUY("E-1", 300000, DAY(2021, 9, 30), "enrolment ACCEPTED left=700000"),
          BUY("E-2", 300000, DAY(2021, 10, 1),
              "enrolment REJECTED PREVIOUS_TRAINING_OPEN left=700000")}},
        {"a second course before the first is rated, and after",
         21,
         {BUY("E-1", 300000, DAY(2021, 9, 30), "enrolment ACCEPTED left=700000"),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:300000@2021-10-05"},
          BUY("E-2", 300000, DAY(2021, 10, 6),
              "enrolment REJECTED PREVIOUS_TRAINING_OPEN left=700000"),
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 6), .told = ""},
          BUY("E-3", 300000, DAY(2021, 11, 30), "enrolment ACCEPTED left=400000"),
          {COMPLETED, .id = "E-3", .on = DAY(2021, 12, 2),
           .told = "completion VERIFIED; message completed; approved training PROVIDER P-1 "
                   "2:300000@2021-12-02"}}},
        {"after the year's last day of purchase",
         21,
         {BUY("E-1", 300000, DAY(2021, 9, 30), "enrolment ACCEPTED left=700000"),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:300000@2021-10-05"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 6), .told = ""},
          BUY("E-2", 300000, DAY(2021, 12, 1),
              "enrolment REJECTED PROGRAMME_YEAR_CLOSED left=700000")}},
        {"normal scheme: the second purchase on its last day, and after",
         48,
         {BUY("E-1", 500000, DAY(2023, 3, 2), "enrolment ACCEPTED left=3000000"),
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2023-03-20"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2023, 3, 21),
           .told = "approved job_search_incentive PARTICIPANT 1:600000@2023-03-21"},
          BUY("E-2", 500000, DAY(2023, 4, 5),
              "enrolment REJECTED NEXT_TRAINING_LATE left=3000000; stopped training from=2 "
              "EXPIRED NEXT_TRAINING_LATE"),
          BUY("E-3", 500000, DAY(2023, 4, 4),
              "enrolment REJECTED BALANCE_INSUFFICIENT,REPORTED_LATE left=0")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_one_course_a_person_over_all_awards(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    struct uuid person = desk_person(&desk);
    struct person_row *row = facts_find(&desk.room.facts, &person_row_type, &person) == NULL
                                 ? facts_add(&desk.room.facts, &person_row_type, &person)
                                 : facts_edit(&desk.room.facts, &person_row_type, &person);
    static const struct person_row_course elsewhere = {{{1}}, {{2}}};
    row->courses.items = &elsewhere;
    row->courses.count = 1;
    desk_step(&desk,
              &(struct step){ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30)});
    assert_string_equal(desk.told, "enrolment REJECTED CONCURRENT_COURSE left=1000000");
    desk_close(&desk);
}

static void test_bad_records(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    struct course_enrolled enrolled =
        desk_enrolled(&desk, "", "C-1", RUPIAH(1), DAY(2021, 9, 30));
    desk_take(&desk, &course_enrolled_event, &enrolled);
    assert_string_equal(desk.told, "refused BAD_ID");
    enrolled = desk_enrolled(&desk, "E-1", "C-1", RUPIAH(1), DAY(2021, 9, 30));
    enrolled.currency = SLICE("MYR");
    desk_take(&desk, &course_enrolled_event, &enrolled);
    assert_string_equal(desk.told, "refused BAD_CURRENCY");
    enrolled = desk_enrolled(&desk, "E-1", "C-1", RUPIAH(1), DAY(2021, 9, 30));
    enrolled.has_starts_on = enrolled.has_ends_on = true;
    enrolled.starts_on = 2;
    enrolled.ends_on = 1;
    desk_take(&desk, &course_enrolled_event, &enrolled);
    assert_string_equal(desk.told, "refused BAD_TIME");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_held_until_what_lacks_comes),
        cmocka_unit_test(test_held_awards_and_officers),
        cmocka_unit_test(test_order_and_repeats),
        cmocka_unit_test(test_one_course_a_person_over_all_awards),
        cmocka_unit_test(test_bad_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
