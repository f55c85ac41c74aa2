/* A course that is held, and the deadlines of whoever bought it in time. */
#include "desk.h"

#define CONFLICT_LISTED(course)                                                                \
    {                                                                                          \
        LISTED, .id = (course), .flaw = CONFLICT, .told = ""                                   \
    }
#define CONFLICT_IS(outcome, voucher, day, text)                                               \
    {                                                                                          \
        RESOLVED, .id = (voucher), .kind = (outcome), .reason = "PROV_CONFLICT_OF_INTEREST",   \
                  .on = (day), .told = (text)                                                  \
    }

/* Bought in time; only an officer, or the platform, can say what its course waits for. */
static void test_a_course_that_keeps_waiting(void **state)
{
    (void)state;
#define HELD_FIRST(day)                                                                        \
    CONFLICT_LISTED("C-2"),                                                                    \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = (day), .course = "C-2",                 \
                  .told = "enrolment HELD PROV_CONFLICT_OF_INTEREST left=1000000"              \
    }
    const struct script scripts[] = {
        {"first purchase on its last day: looked at again until an officer has spoken",
         21,
         {HELD_FIRST(DAY(2021, 10, 21)), AT("first_purchase", DAY(2021, 10, 22), ""),
          AT("first_purchase", DAY(2021, 10, 23), ""),
          CONFLICT_IS("WAIVED", "E-1", DAY(2021, 10, 23), "enrolment ACCEPTED left=500000"),
          AT("first_purchase", DAY(2021, 10, 24), "repeat")}},
        {"the platform mends the course between two looks",
         21,
         {HELD_FIRST(DAY(2021, 10, 21)),
          AT("first_purchase", DAY(2021, 10, 22), ""),
          {FIRED, .kind = "retry", .on = DAY(2021, 10, 22), .told = ""},
          {LISTED, .id = "C-2", .revision = 2, .told = ""},
          AT("first_purchase", DAY(2021, 10, 23), "enrolment ACCEPTED left=500000")}},
        {"another one bought late beside it is refused, no more",
         21,
         {HELD_FIRST(DAY(2021, 10, 21)),
          AT("first_purchase", DAY(2021, 10, 22), ""),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2021, 10, 25),
           .told = "enrolment REJECTED FIRST_TRAINING_LATE left=1000000"},
          CONFLICT_IS("WAIVED", "E-1", DAY(2021, 10, 26), "enrolment ACCEPTED left=500000")}},
        {"the officer refuses it: nothing was bought",
         21,
         {HELD_FIRST(DAY(2021, 10, 21)), AT("first_purchase", DAY(2021, 10, 22), ""),
          CONFLICT_IS("UPHELD", "E-1", DAY(2021, 10, 22),
                      "enrolment REJECTED PROV_CONFLICT_OF_INTEREST left=1000000"),
          AT("first_purchase", DAY(2021, 10, 23), REVOKED)}},
        {"what the course waited for was waived, and the videos are the person's own doing",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          CONFLICT_LISTED("C-2"),
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 21), .course = "C-2",
           .told = "enrolment HELD INTRO_NOT_WATCHED,PROV_CONFLICT_OF_INTEREST left=1000000"},
          AT("first_purchase", DAY(2021, 10, 22), ""),
          CONFLICT_IS("WAIVED", "E-1", DAY(2021, 10, 22), ""),
          AT("first_purchase", DAY(2021, 10, 23),
             REVOKED "; enrolment REJECTED AWARD_REVOKED left=1000000")}},
        {"the next purchase",
         48,
         {FIRST_COURSE,
          CONFLICT_LISTED("C-2"),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2023, 4, 4), .course = "C-2",
           .told = "enrolment HELD PROV_CONFLICT_OF_INTEREST left=3000000"},
          AT("next_purchase", DAY(2023, 4, 5), ""),
          CONFLICT_IS("WAIVED", "E-2", DAY(2023, 4, 6), "enrolment ACCEPTED left=2500000")}},
        {"the balance",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 21),
           .told = "enrolment ACCEPTED left=500000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 30),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2021-10-30"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 30), .told = ""},
          CONFLICT_LISTED("C-2"),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2021, 11, 30), .course = "C-2",
           .told = "enrolment HELD PROV_CONFLICT_OF_INTEREST left=500000"},
          AT("balance_closes", DAY(2021, 12, 1), ""),
          CONFLICT_IS("WAIVED", "E-2", DAY(2021, 12, 2), "enrolment ACCEPTED left=0")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* One look at two held purchases: what is told is that the second is accepted, and that is what is explained. */
static void test_what_told_nothing_explains_nothing(void **state)
{
    struct desk desk;
    const struct step steps[] = {
        CONFLICT_LISTED("C-2"),
        CONFLICT_LISTED("C-3"),
        {ENROLLED, .id = "E-1", .number = 300000, .on = DAY(2021, 10, 2), .course = "C-2"},
        {ENROLLED, .id = "E-2", .number = 300000, .on = DAY(2021, 10, 2), .course = "C-3"},
        {LISTED, .id = "C-3", .revision = 2},
        {FIRED, .kind = "retry", .on = DAY(2021, 10, 3)},
    };
    (void)state;
    desk_open(&desk, 21);
    desk_ready(&desk);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        desk_step(&desk, &steps[i]);
    assert_string_equal(desk.told, "enrolment ACCEPTED left=700000");
    assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_PASS);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_course_that_keeps_waiting),
        cmocka_unit_test(test_what_told_nothing_explains_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
