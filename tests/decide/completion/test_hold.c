/* Holds: who holds, what is held, and what a release wakes. */
#include "desk.h"

#define HOLD(writer, why)                                                                      \
    {                                                                                          \
        CHANGED, .kind = "HELD", .by = (writer), .reason = (why), .on = DAY(2021, 10, 1),      \
                 .told = ""                                                                    \
    }
#define RELEASE(writer, why, text)                                                             \
    {                                                                                          \
        CHANGED, .kind = "RELEASED", .by = (writer), .reason = (why), .on = DAY(2021, 10, 3),  \
                 .told = (text)                                                                \
    }
#define BUY(text)                                                                              \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 2), .told = (text)        \
    }
#define BOUGHT   BUY("enrolment ACCEPTED left=500000")
#define ACCEPTED "enrolment ACCEPTED left=500000"
#define DONE                                                                                   \
    "completion VERIFIED first; message completed; approved training PROVIDER P-1 "            \
    "1:500000@2021-10-05"

static void test_who_holds(void **state)
{
    const struct script scripts[] = {
        {"an officer",
         21,
         {HOLD(NULL, "FRAUD_SUSPECTED"),
          BUY("enrolment HELD AWARD_HELD,FRAUD_SUSPECTED left=1000000"),
          RELEASE(NULL, "FRAUD_SUSPECTED", ACCEPTED)}},
        {"the application service, for a register",
         21,
         {HOLD("APPLICATION", "EDU_ENROLLED"),
          BUY("enrolment HELD AWARD_HELD,EDU_ENROLLED left=1000000"),
          RELEASE("APPLICATION", "EDU_ENROLLED", ACCEPTED)}},
        {"this service itself: it knows what it said",
         21,
         {{CHANGED, .kind = "HELD", .by = "COMPLETION", .reason = "FRAUD_SUSPECTED",
           .on = DAY(2021, 10, 1), .told = "repeat"},
          BOUGHT}},
        {"nobody that is known",
         21,
         {{CHANGED, .kind = "HELD", .by = "MAYOR", .reason = "FRAUD_SUSPECTED",
           .on = DAY(2021, 10, 1), .told = "refused UNKNOWN_CHANGE"},
          BOUGHT}},
        {"two writers for one reason: two holds",
         21,
         {HOLD(NULL, "OCC_EXCLUDED"), HOLD("APPLICATION", "OCC_EXCLUDED"),
          BUY("enrolment HELD AWARD_HELD,OCC_EXCLUDED left=1000000"),
          RELEASE(NULL, "OCC_EXCLUDED", ""), RELEASE("APPLICATION", "OCC_EXCLUDED", ACCEPTED)}},
        {"three holds at once, each released",
         21,
         {HOLD(NULL, "AUDIT_FINDING"), HOLD(NULL, "FRAUD_SUSPECTED"),
          HOLD("APPLICATION", "EDU_ENROLLED"),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD,EDU_ENROLLED,FRAUD_SUSPECTED "
              "left=1000000"),
          RELEASE(NULL, "FRAUD_SUSPECTED",
                  "enrolment HELD AUDIT_FINDING,AWARD_HELD,EDU_ENROLLED left=1000000"),
          RELEASE("APPLICATION", "EDU_ENROLLED",
                  "enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"),
          RELEASE(NULL, "AUDIT_FINDING", ACCEPTED)}},
        {"a release by another writer releases nothing",
         21,
         {HOLD("APPLICATION", "EDU_ENROLLED"), RELEASE(NULL, "EDU_ENROLLED", ""),
          BUY("enrolment HELD AWARD_HELD,EDU_ENROLLED left=1000000")}},
        {"a release for another reason releases nothing",
         21,
         {HOLD(NULL, "AUDIT_FINDING"), RELEASE(NULL, "FRAUD_SUSPECTED", ""),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000")}},
        {"a hold, or its release, that names no reason",
         21,
         {{CHANGED, .kind = "HELD", .reason = "", .on = DAY(2021, 10, 1),
           .told = "refused BAD_REASON"},
          {CHANGED, .kind = "RELEASED", .reason = "", .on = DAY(2021, 10, 1),
           .told = "refused BAD_REASON"},
          BOUGHT}},
        {"a reason that no programme file has",
         21,
         {HOLD(NULL, "LETTER_OF_THE_COURT"),
          BUY("enrolment HELD AWARD_HELD,LETTER_OF_THE_COURT left=1000000"),
          RELEASE(NULL, "LETTER_OF_THE_COURT", ACCEPTED)}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_what_is_held(void **state)
{
    const struct script scripts[] = {
        {"between purchase and completion: proved all the same, and each payment asks for "
         "holds",
         21,
         {BOUGHT,
          HOLD(NULL, "AUDIT_FINDING"),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = DONE},
          RELEASE(NULL, "AUDIT_FINDING", "")}},
        {"a held purchase that was finished meanwhile",
         21,
         {HOLD(NULL, "AUDIT_FINDING"),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"),
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion HELD AUDIT_FINDING,AWARD_HELD"},
          RELEASE(NULL, "AUDIT_FINDING", ACCEPTED "; " DONE)}},
        {"held for two things: the release leaves the other",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          HOLD(NULL, "AUDIT_FINDING"),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD,INTRO_NOT_WATCHED left=1000000"),
          RELEASE(NULL, "AUDIT_FINDING", "enrolment HELD INTRO_NOT_WATCHED left=1000000")}},
        {"what is surely refused is refused at once",
         21,
         {HOLD(NULL, "AUDIT_FINDING"),
          {ENROLLED, .id = "E-1", .number = 1000001, .on = DAY(2021, 10, 2),
           .told = "enrolment REJECTED AUDIT_FINDING,AWARD_HELD,BALANCE_INSUFFICIENT,"
                   "PRICE_ABOVE_LISTED left=1000000"}}},
        {"two purchases: the first released takes its place",
         21,
         {HOLD(NULL, "AUDIT_FINDING"),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"),
          {ENROLLED, .id = "E-2", .number = 400000, .on = DAY(2021, 10, 2),
           .told = "enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"},
          RELEASE(NULL, "AUDIT_FINDING",
                  ACCEPTED "; enrolment REJECTED PREVIOUS_TRAINING_OPEN left=500000")}},
        {"an officer waives the hold for one purchase",
         21,
         {HOLD(NULL, "AUDIT_FINDING"),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"),
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "AUDIT_FINDING",
           .on = DAY(2021, 10, 3), .told = ""},
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "AWARD_HELD",
           .on = DAY(2021, 10, 3), .told = ACCEPTED}}},
        {"a held award that is revoked",
         21,
         {HOLD(NULL, "AUDIT_FINDING"),
          BUY("enrolment HELD AUDIT_FINDING,AWARD_HELD left=1000000"),
          {CHANGED, .kind = "REVOKED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 3),
           .told = "enrolment REJECTED AUDIT_FINDING,AWARD_HELD,AWARD_REVOKED left=1000000"}}},
        {"the balance closes though the award is on hold",
         21,
         {BOUGHT,
          HOLD(NULL, "AUDIT_FINDING"),
          {FIRED, .kind = "balance_closes", .on = DAY(2021, 12, 1),
           .told = "stopped training from=2 EXPIRED BALANCE_RETURNED"}}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* One release, two purchases: why the second was refused is what the person asks. */
static void test_the_worst_explains(void **state)
{
    struct desk desk;
    struct slice reasons[VERDICT_REASONS];
    const struct step steps[] = {
        HOLD(NULL, "AUDIT_FINDING"),
        BUY(""),
        {ENROLLED, .id = "E-2", .number = 400000, .on = DAY(2021, 10, 2)},
        RELEASE(NULL, "AUDIT_FINDING", ""),
    };
    (void)state;
    desk_open(&desk, 21);
    desk_ready(&desk);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        desk_step(&desk, &steps[i]);
    assert_int_equal(verdict_effect(&desk.room.decision.verdict), EFFECT_REJECT);
    assert_int_equal(verdict_reasons(&desk.room.decision.verdict, reasons), 1);
    assert_true(slice_is(reasons[0], "PREVIOUS_TRAINING_OPEN"));
    desk_close(&desk);
}

/* To buy late is no worse than to buy nothing, which waits for the release. */
static void test_buying_late_meanwhile(void **state)
{
    const struct script scripts[] = {
        {"the first purchase: refused, and the award lives",
         21,
         {HOLD(NULL, "AUDIT_FINDING"),
          {FIRED, .kind = "first_purchase", .on = DAY(2021, 10, 22), .told = ""},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 22),
           .told = "enrolment REJECTED AUDIT_FINDING,AWARD_HELD,FIRST_TRAINING_LATE "
                   "left=1000000"},
          {FIRED, .kind = "first_purchase", .on = DAY(2021, 10, 23), .told = ""}}},
        {"the next purchase: refused, and the balance stays",
         48,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),
           .told = "enrolment ACCEPTED left=3000000"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2023, 3, 3), .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2023-03-20; approved job_search_incentive PARTICIPANT "
                   "1:600000@2023-03-20"},
          HOLD(NULL, "AUDIT_FINDING"),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2023, 4, 5),
           .told = "enrolment REJECTED AUDIT_FINDING,AWARD_HELD,NEXT_TRAINING_LATE "
                   "left=3000000"}}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_holds),
        cmocka_unit_test(test_what_is_held),
        cmocka_unit_test(test_the_worst_explains),
        cmocka_unit_test(test_buying_late_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
