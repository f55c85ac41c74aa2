/* Revisions of a purchase: what a correction changes, and what it may not contradict. */
#include "desk.h"

#define HOLD(day)                                                                              \
    {                                                                                          \
        CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = (day), .told = ""            \
    }
#define RELEASE(day, text)                                                                     \
    {                                                                                          \
        CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = (day), .told = (text)    \
    }
#define HELD(left) "enrolment HELD AUDIT_FINDING,AWARD_HELD left=" left
#define BUY(course_id, day, number_of_revision, text)                                          \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = (day), .course = (course_id),           \
                  .revision = (number_of_revision), .told = (text)                             \
    }
#define FINISHED                                                                               \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),                                        \
                   .told = "completion HELD AUDIT_FINDING,AWARD_HELD"                          \
    }
#define VERIFIED                                                                               \
    "completion VERIFIED first; message completed; approved training PROVIDER P-1 "            \
    "1:500000@2021-10-05"

static void test_after_its_completion_was_kept(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"another course",
         21,
         {{LISTED, .id = "C-2", .told = ""},
          HOLD(DAY(2021, 10, 1)),
          BUY("C-1", DAY(2021, 10, 2), 1, HELD("1000000")),
          FINISHED,
          BUY("C-2", DAY(2021, 10, 2), 2, "refused COURSE_MISMATCH"),
          RELEASE(DAY(2021, 10, 8), "enrolment ACCEPTED left=500000; " VERIFIED)}},
        {"on the day on which it was finished",
         21,
         {HOLD(DAY(2021, 10, 1)), BUY("C-1", DAY(2021, 10, 2), 1, HELD("1000000")), FINISHED,
          BUY("C-1", DAY(2021, 10, 5), 2, HELD("1000000")),
          RELEASE(DAY(2021, 10, 8), "enrolment ACCEPTED left=500000; " VERIFIED)}},
        {"a day later",
         21,
         {HOLD(DAY(2021, 10, 1)), BUY("C-1", DAY(2021, 10, 2), 1, HELD("1000000")), FINISHED,
          BUY("C-1", DAY(2021, 10, 6), 2, "refused BAD_TIME")}},
        {"another course, before anything was finished",
         21,
         {{LISTED, .id = "C-2", .told = ""},
          HOLD(DAY(2021, 10, 1)),
          BUY("C-1", DAY(2021, 10, 2), 1, HELD("1000000")),
          BUY("C-2", DAY(2021, 10, 2), 2, HELD("1000000")),
          RELEASE(DAY(2021, 10, 8), "enrolment ACCEPTED left=500000"),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .course = "C-2", .told = VERIFIED}}},
        {"of a verified one it is recorded, whatever it says",
         21,
         {BUY("C-1", DAY(2021, 10, 2), 1, "enrolment ACCEPTED left=500000"),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = VERIFIED},
          BUY("C-1", DAY(2021, 10, 6), 2, "")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* A platform that told the next purchase before the completion or the review sends it again. */
static void test_after_the_training_before_it_was_told(void **state)
{
    (void)state;
#define NEXT(number_of_revision, text)                                                         \
    {                                                                                          \
        ENROLLED, .id = "E-2", .number = 300000, .on = DAY(2021, 10, 12),                      \
                  .revision = (number_of_revision), .told = (text)                             \
    }
#define OPEN "enrolment REJECTED PREVIOUS_TRAINING_OPEN left=500000"
    const struct script scripts[] = {
        {"finished, then rated",
         21,
         {BUY("C-1", DAY(2021, 10, 2), 1, "enrolment ACCEPTED left=500000"),
          NEXT(1, OPEN),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = VERIFIED},
          NEXT(2, OPEN),
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 6), .told = ""},
          NEXT(3, "enrolment ACCEPTED left=200000")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_what_an_officer_said_of_another_course(void **state)
{
    (void)state;
#define CONFLICTS                                                                              \
    {LISTED, .id = "C-2", .flaw = CONFLICT, .told = ""},                                       \
    {                                                                                          \
        LISTED, .id = "C-3", .flaw = CONFLICT, .told = ""                                      \
    }
#define SAYS(outcome, why, text)                                                               \
    {                                                                                          \
        RESOLVED, .id = "E-1", .kind = (outcome), .reason = (why), .on = DAY(2021, 10, 3),     \
                  .told = (text)                                                               \
    }
#define HELD_TWICE                                                                             \
    "enrolment HELD AUDIT_FINDING,AWARD_HELD,PROV_CONFLICT_OF_INTEREST left=1000000"
    const struct script scripts[] = {
        {"waived, and of the same course still",
         21,
         {CONFLICTS, HOLD(DAY(2021, 10, 1)), BUY("C-2", DAY(2021, 10, 2), 1, HELD_TWICE),
          SAYS("WAIVED", "PROV_CONFLICT_OF_INTEREST", ""),
          BUY("C-2", DAY(2021, 10, 2), 2, HELD_TWICE), SAYS("WAIVED", "AUDIT_FINDING", ""),
          SAYS("WAIVED", "AWARD_HELD", "enrolment ACCEPTED left=500000")}},
        {"waived, and not of another course",
         21,
         {CONFLICTS, HOLD(DAY(2021, 10, 1)), BUY("C-2", DAY(2021, 10, 2), 1, HELD_TWICE),
          SAYS("WAIVED", "PROV_CONFLICT_OF_INTEREST", ""),
          BUY("C-3", DAY(2021, 10, 2), 2, HELD_TWICE), SAYS("WAIVED", "AUDIT_FINDING", ""),
          SAYS("WAIVED", "AWARD_HELD", ""),
          SAYS("WAIVED", "PROV_CONFLICT_OF_INTEREST", "enrolment ACCEPTED left=500000")}},
        {"upheld, and not against another course",
         21,
         {CONFLICTS,
          BUY("C-2", DAY(2021, 10, 2), 1,
              "enrolment HELD PROV_CONFLICT_OF_INTEREST left=1000000"),
          SAYS("UPHELD", "PROV_CONFLICT_OF_INTEREST",
               "enrolment REJECTED PROV_CONFLICT_OF_INTEREST left=1000000"),
          BUY("C-3", DAY(2021, 10, 2), 2,
              "enrolment HELD PROV_CONFLICT_OF_INTEREST left=1000000")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

#define TRAIN(from, to, number_of_revision, text)                                              \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 2500, .on = DAY(2023, 5, 12), .first = (from),        \
                  .last = (to), .revision = (number_of_revision), .told = (text)               \
    }
#define READY                                                                                  \
    {AWARDED, .on = DAY(2023, 5, 10), .told = ""},                                             \
    {                                                                                          \
        LISTED, .id = "C-1", .kind = "RPEL", .told = ""                                        \
    }
#define MONTH(n, day, text)                                                                    \
    {                                                                                          \
        REACHED, .kind = "TRAINING_MONTH", .id = "E-1", .number = (n), .on = (day),            \
                 .told = (text)                                                                \
    }

static void test_days_of_training(void **state)
{
    (void)state;
    const struct ground ground = {"bina-kerjaya", "bina-kerjaya-2023", 2023, 0, NULL, NULL};
    const struct script scripts[] = {
        {"a last day fills the gap",
         0,
         {READY, TRAIN(DAY(2023, 6, 1), 0, 1, "enrolment ACCEPTED left=5500"),
          TRAIN(0, DAY(2023, 6, 1), 2, "")}},
        {"a last day before the first that is known",
         0,
         {READY, TRAIN(DAY(2023, 6, 1), 0, 1, "enrolment ACCEPTED left=5500"),
          TRAIN(0, DAY(2023, 5, 31), 2, "refused BAD_TIME")}},
        {"a first day after the last that is known",
         0,
         {READY, TRAIN(0, DAY(2023, 6, 20), 1, "enrolment ACCEPTED left=5500"),
          TRAIN(DAY(2023, 6, 21), 0, 2, "refused BAD_TIME")}},
        {"shorter than the month that was told while it was held",
         0,
         {READY, HOLD(DAY(2023, 5, 11)),
          TRAIN(DAY(2023, 6, 1), DAY(2023, 8, 31), 1, HELD("8000")),
          MONTH(3, DAY(2023, 8, 2), ""), MONTH(1, DAY(2023, 6, 2), ""),
          TRAIN(DAY(2023, 6, 1), DAY(2023, 6, 20), 2, HELD("8000")),
          RELEASE(DAY(2023, 8, 3),
                  "enrolment ACCEPTED left=5500; approved training_allowance PARTICIPANT "
                  "1:300@2023-06-20")}},
        {"later than the month that was told while it was held",
         0,
         {READY, HOLD(DAY(2023, 5, 11)),
          TRAIN(DAY(2023, 6, 1), DAY(2023, 8, 31), 1, HELD("8000")),
          MONTH(1, DAY(2023, 6, 2), ""),
          TRAIN(DAY(2023, 6, 3), DAY(2023, 8, 31), 2, HELD("8000")),
          RELEASE(DAY(2023, 8, 3), "enrolment ACCEPTED left=5500")}},
        {"without the first day that the month needs",
         0,
         {READY, HOLD(DAY(2023, 5, 11)),
          TRAIN(DAY(2023, 6, 1), DAY(2023, 8, 31), 1, HELD("8000")),
          MONTH(1, DAY(2023, 6, 2), ""), TRAIN(0, DAY(2023, 8, 31), 2, HELD("8000")),
          RELEASE(DAY(2023, 8, 3), "enrolment ACCEPTED left=5500")}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* Refused purchases take no room, so there is no bound on them; their corrections meet the same one. */
static void test_a_correction_finds_no_room(void **state)
{
    (void)state;
    struct desk desk;
    char ids[AWARD_ENROLMENTS + 1][16];
    desk_open(&desk, 21);
    desk_ready(&desk);
    desk_step(&desk, &(struct step)HOLD(DAY(2021, 10, 1)));
    for (int revision = 1; revision <= 2; revision++)
        for (int i = 0; i <= AWARD_ENROLMENTS; i++) {
            snprintf(ids[i], sizeof ids[i], "E-%d", i);
            desk_step(&desk, &(struct step){ENROLLED, .id = ids[i],
                                            .number = revision == 1 ? 1000001 : 500000,
                                            .on = DAY(2021, 10, 2), .revision = revision});
        }
    assert_string_equal(desk.told, "refused TOO_MANY_ENROLMENTS");
    assert_int_equal(desk_award(&desk)->enrolments.count, AWARD_ENROLMENTS);
    desk_step(&desk, &(struct step)BUY("C-1", DAY(2021, 10, 2), 3, ""));
    assert_string_equal(desk.told, HELD("1000000"));
    desk_close(&desk);
}

static void test_a_refused_course_finds_no_room_to_come_back(void **state)
{
    (void)state;
    struct desk desk;
    char ids[AWARD_ENROLMENTS][16];
    const struct step once_accepted[] = {
        BUY("C-1", DAY(2021, 10, 2), 1, ""),
        {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .flaw = NO_CERTIFICATE},
        {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "CERT_MISSING",
         .on = DAY(2021, 10, 5)},
        HOLD(DAY(2021, 10, 5)),
    };
    desk_open(&desk, 21);
    desk_ready(&desk);
    for (int i = 0; i < 4; i++)
        desk_step(&desk, &once_accepted[i]);
    for (int i = 0; i < AWARD_ENROLMENTS; i++) {
        snprintf(ids[i], sizeof ids[i], "F-%d", i);
        desk_step(&desk, &(struct step){ENROLLED, .id = ids[i], .number = 500000,
                                        .on = DAY(2021, 10, 2)});
    }
    desk_step(&desk, &(struct step){COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
                                    .flaw = NO_CERTIFICATE, .revision = 2});
    assert_string_equal(desk.told, "refused TOO_MANY_ENROLMENTS");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_after_its_completion_was_kept),
        cmocka_unit_test(test_after_the_training_before_it_was_told),
        cmocka_unit_test(test_what_an_officer_said_of_another_course),
        cmocka_unit_test(test_days_of_training),
        cmocka_unit_test(test_a_correction_finds_no_room),
        cmocka_unit_test(test_a_refused_course_finds_no_room_to_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
