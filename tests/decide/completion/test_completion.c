/* Completions: course.completed, each proof missing once, and what a rejected one takes back. */
#include "desk.h"

#define VERIFIED_SEMI                                                                          \
    "completion VERIFIED first; message completed; approved training PROVIDER P-1 "            \
    "1:500000@2021-10-05"
#define VERIFIED_NORMAL                                                                        \
    "completion VERIFIED first; message completed; approved training PROVIDER P-1 "            \
    "1:500000@2023-03-20"

#define BOUGHT_SEMI                                                                            \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30),                       \
                  .told = "enrolment ACCEPTED left=500000"                                     \
    }
#define BOUGHT_NORMAL                                                                          \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),                        \
                  .told = "enrolment ACCEPTED left=3000000"                                    \
    }
#define DONE(flaws, text)                                                                      \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .flaw = (flaws), .told = (text)        \
    }
#define TAKEN_BACK(reason)                                                                     \
    "completion REJECTED " reason "; enrolment REJECTED " reason " left=3500000"

static void test_proofs(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"all proofs", 48, {BOUGHT_NORMAL, DONE(0, VERIFIED_NORMAL)}},
        {"all sessions but one",
         48,
         {BOUGHT_NORMAL, DONE(SESSION_MISSED, TAKEN_BACK("ATTENDANCE_SHORT"))}},
        {"all faces but one",
         48,
         {BOUGHT_NORMAL, DONE(FACE_MISSED, TAKEN_BACK("ATTENDANCE_FACE_FAIL"))}},
        {"camera off once",
         48,
         {BOUGHT_NORMAL, DONE(CAMERA_OFF, TAKEN_BACK("ATTENDANCE_CAMERA_OFF"))}},
        {"somebody else attended",
         48,
         {BOUGHT_NORMAL, DONE(PROXY, TAKEN_BACK("ATTENDED_BY_PROXY"))}},
        {"two proofs fail, both are told",
         48,
         {BOUGHT_NORMAL,
          DONE(SESSION_MISSED | PROXY, TAKEN_BACK("ATTENDANCE_SHORT,ATTENDED_BY_PROXY"))}},
        {"no pre-test",
         48,
         {BOUGHT_NORMAL, DONE(NO_PRETEST, "completion HELD ASSESSMENT_MISSING")}},
        {"no certificate",
         48,
         {BOUGHT_NORMAL, DONE(NO_CERTIFICATE, "completion HELD CERT_MISSING")}},
        {"every failing condition is told, also the milder ones",
         48,
         {BOUGHT_NORMAL,
          DONE(NO_CERTIFICATE | SESSION_MISSED, TAKEN_BACK("ATTENDANCE_SHORT,CERT_MISSING"))}},
        {"what failed stands before what is not known",
         48,
         {BOUGHT_NORMAL,
          DONE(FACES_NOT_COUNTED | SESSION_MISSED, TAKEN_BACK("ATTENDANCE_SHORT"))}},
        {"faces not counted: not known, not accused",
         48,
         {BOUGHT_NORMAL, DONE(FACES_NOT_COUNTED, "completion HELD REGISTRY_UNAVAILABLE")}},
        {"no session held proves nothing",
         48,
         {BOUGHT_NORMAL, DONE(NO_SESSIONS, "completion HELD REGISTRY_UNAVAILABLE")}},
        {"nobody says who attended",
         48,
         {BOUGHT_NORMAL, DONE(NOBODY_NAMED, "completion HELD REGISTRY_UNAVAILABLE")}},
        {"semi-bansos asks for the certificate",
         21,
         {BOUGHT_SEMI,
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"}}},
        {"semi-bansos asks for nothing else",
         21,
         {BOUGHT_SEMI,
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .flaw = SESSION_MISSED | FACE_MISSED | CAMERA_OFF | NO_PRETEST,
           .told = VERIFIED_SEMI}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_revisions(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"the same again", 48, {BOUGHT_NORMAL, DONE(0, VERIFIED_NORMAL), DONE(0, "repeat")}},
        {"a held one is mended by a revision",
         48,
         {BOUGHT_NORMAL,
          DONE(NO_CERTIFICATE, "completion HELD CERT_MISSING"),
          DONE(0, "repeat"),
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .revision = 2,
           .told = VERIFIED_NORMAL}}},
        {"held again for the same reason: told once",
         48,
         {BOUGHT_NORMAL,
          DONE(NO_CERTIFICATE, "completion HELD CERT_MISSING"),
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .revision = 2,
           .flaw = NO_CERTIFICATE, .told = ""}}},
        {"a rejected one that a revision verifies brings the enrolment back",
         48,
         {BOUGHT_NORMAL,
          DONE(SESSION_MISSED, TAKEN_BACK("ATTENDANCE_SHORT")),
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .revision = 2,
           .told = "enrolment ACCEPTED left=3000000; " VERIFIED_NORMAL}}},
        {"a verified one is final: a later revision is recorded",
         48,
         {BOUGHT_NORMAL,
          DONE(0, VERIFIED_NORMAL),
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .revision = 2, .flaw = PROXY,
           .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .revision = 2, .flaw = PROXY,
           .told = "repeat"}}},
        {"an officer waives the pre-test",
         48,
         {BOUGHT_NORMAL,
          DONE(NO_PRETEST, "completion HELD ASSESSMENT_MISSING"),
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "ASSESSMENT_MISSING",
           .on = DAY(2023, 3, 25), .told = VERIFIED_NORMAL}}},
        {"an officer upholds the missing pre-test",
         48,
         {BOUGHT_NORMAL,
          DONE(NO_PRETEST, "completion HELD ASSESSMENT_MISSING"),
          {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "ASSESSMENT_MISSING",
           .on = DAY(2023, 3, 25), .told = TAKEN_BACK("ASSESSMENT_MISSING")}}},
        {"the price came back, was spent elsewhere, and is missing now",
         21,
         {{ENROLLED, .id = "E-1", .number = 800000, .on = DAY(2021, 9, 30),
           .told = "enrolment ACCEPTED left=200000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"},
          {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "CERT_MISSING",
           .on = DAY(2021, 10, 6),
           .told = "completion REJECTED CERT_MISSING; enrolment REJECTED CERT_MISSING "
                   "left=1000000"},
          {ENROLLED, .id = "E-2", .number = 600000, .on = DAY(2021, 10, 7),
           .told = "enrolment ACCEPTED left=400000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 8), .revision = 2,
           .told = "completion REJECTED BALANCE_INSUFFICIENT"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_coming_back_over_a_held_revision(void **state)
{
    (void)state;
#define REJECTED_FIRST BOUGHT_NORMAL, DONE(FACE_MISSED, TAKEN_BACK("ATTENDANCE_FACE_FAIL"))
#define AGAIN(flaws, number, text)                                                             \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20), .flaw = (flaws), .revision = (number), \
                   .told = (text)                                                              \
    }
    const struct script scripts[] = {
        {"rejected, held, perfect: both come back",
         48,
         {REJECTED_FIRST, AGAIN(NO_CERTIFICATE, 2, "completion HELD CERT_MISSING"),
          AGAIN(0, 3, "enrolment ACCEPTED left=3000000; " VERIFIED_NORMAL)}},
        {"rejected, held, waived: both come back",
         48,
         {REJECTED_FIRST,
          AGAIN(NO_CERTIFICATE, 2, "completion HELD CERT_MISSING"),
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "CERT_MISSING",
           .on = DAY(2023, 3, 21),
           .told = "enrolment ACCEPTED left=3000000; " VERIFIED_NORMAL}}},
        {"what holds by itself is looked at again by itself",
         48,
         {REJECTED_FIRST,
          AGAIN(FACES_NOT_COUNTED, 2, "completion HELD REGISTRY_UNAVAILABLE"),
          {FIRED, .kind = "retry", .on = DAY(2023, 3, 21), .told = ""},
          {FIRED, .kind = "retry", .on = DAY(2023, 3, 22), .told = ""}}},
        {"held when the award ends: it ends with it, and the purchase is not told twice",
         48,
         {REJECTED_FIRST,
          AGAIN(NO_CERTIFICATE, 2, "completion HELD CERT_MISSING"),
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "completion REJECTED BALANCE_RETURNED; stopped training from=2 EXPIRED "
                   "BALANCE_RETURNED; stopped job_search_incentive from=1 EXPIRED "
                   "BALANCE_RETURNED; stopped survey_incentive from=1 EXPIRED "
                   "BALANCE_RETURNED; award CLOSED BALANCE_RETURNED"}}},
        {"rejected again: nothing is left to end with the award",
         48,
         {REJECTED_FIRST,
          AGAIN(NO_CERTIFICATE, 2, "completion HELD CERT_MISSING"),
          AGAIN(PROXY, 3, "completion REJECTED ATTENDED_BY_PROXY"),
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "stopped training from=2 EXPIRED BALANCE_RETURNED; stopped "
                   "job_search_incentive from=1 EXPIRED BALANCE_RETURNED; stopped "
                   "survey_incentive from=1 EXPIRED BALANCE_RETURNED; award CLOSED "
                   "BALANCE_RETURNED"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_of_a_rejected_purchase(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"refused with it",
         21,
         {{ENROLLED, .id = "E-1", .number = 1000001, .on = DAY(2021, 9, 30),
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED left=1000000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED"}}},
        {"corrected: judged again, and verified with it",
         21,
         {{ENROLLED, .id = "E-1", .number = 1000001, .on = DAY(2021, 9, 30),
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED left=1000000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED"},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30), .revision = 2,
           .told = "enrolment ACCEPTED left=500000; " VERIFIED_SEMI}}},
        {"corrected, and it proves nothing by itself",
         48,
         {{ENROLLED, .id = "E-1", .number = 1000001, .on = DAY(2023, 3, 2),
           .told = "enrolment REJECTED PRICE_ABOVE_LISTED left=3500000"},
          DONE(PROXY, "completion REJECTED ATTENDED_BY_PROXY,PRICE_ABOVE_LISTED"),
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2), .revision = 2,
           .told = "enrolment ACCEPTED left=3000000; " TAKEN_BACK("ATTENDED_BY_PROXY")}}},
        {"which a correction only holds: it waits with it",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          {ENROLLED, .id = "E-1", .number = 1000001, .on = DAY(2021, 9, 30),
           .told = "enrolment REJECTED "
                   "BALANCE_INSUFFICIENT,INTRO_NOT_WATCHED,PRICE_ABOVE_LISTED left=1000000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told =
               "completion REJECTED BALANCE_INSUFFICIENT,INTRO_NOT_WATCHED,PRICE_ABOVE_LISTED"},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30), .revision = 2,
           .told = "enrolment HELD INTRO_NOT_WATCHED left=1000000"},
          {RESOLVED, .id = "E-1", .kind = "WAIVED", .reason = "INTRO_NOT_WATCHED",
           .on = DAY(2021, 10, 6), .told = "enrolment ACCEPTED left=500000; " VERIFIED_SEMI}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_order(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"before the award",
         -21,
         {{COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = "wait award"}}},
        {"before the enrolment",
         21,
         {{COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = "wait enrolment"}}},
        {"before its purchase is accepted: held with its reasons, verified with it",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          {REACHED, .kind = "INTRO_WATCHED", .number = 1, .on = DAY(2021, 10, 1), .told = ""},
          {REACHED, .kind = "INTRO_WATCHED", .number = 2, .on = DAY(2021, 10, 1), .told = ""},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30),
           .told = "enrolment HELD INTRO_NOT_WATCHED left=1000000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion HELD INTRO_NOT_WATCHED"},
          {REACHED, .kind = "INTRO_WATCHED", .number = 3, .on = DAY(2021, 10, 6),
           .told = "enrolment ACCEPTED left=500000; " VERIFIED_SEMI}}},
        {"of a revoked award",
         21,
         {BOUGHT_SEMI,
          {CHANGED, .kind = "REVOKED", .reason = "RECOVER_INELIGIBLE", .on = DAY(2021, 10, 1),
           .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5),
           .told = "completion REJECTED AWARD_REVOKED; enrolment REJECTED AWARD_REVOKED "
                   "left=1000000"}}},
        {"while the award is held: done is done",
         21,
         {BOUGHT_SEMI,
          {CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = VERIFIED_SEMI}}},
        {"of another course",
         21,
         {BOUGHT_SEMI,
          {COMPLETED, .id = "E-1", .course = "C-2", .on = DAY(2021, 10, 5),
           .told = "refused COURSE_MISMATCH"}}},
        {"before it was bought",
         21,
         {BOUGHT_SEMI,
          {COMPLETED, .id = "E-1", .on = DAY(2021, 9, 29), .told = "refused BAD_TIME"}}},
        {"2022: on the last day of completion",
         30,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2022, 3, 2),
           .told = "enrolment ACCEPTED left=500000"},
          {COMPLETED, .id = "E-1", .on = DAY(2022, 12, 5),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2022-12-05"}}},
        {"2022: a day later",
         30,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2022, 3, 2),
           .told = "enrolment ACCEPTED left=500000"},
          {COMPLETED, .id = "E-1", .on = DAY(2022, 12, 6),
           .told = "completion REJECTED COMPLETION_LATE; enrolment REJECTED COMPLETION_LATE "
                   "left=1000000"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_bad_sessions(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk, 21);
    desk_ready(&desk);
    struct course_completed completed = desk_completed(&desk, "E-1", "C-1", DAY(2021, 10, 5));
    completed.sessions_attended = 7;
    desk_take(&desk, &course_completed_event, &completed);
    assert_string_equal(desk.told, "refused BAD_SESSIONS");
    completed = desk_completed(&desk, "E-1", "C-1", DAY(2021, 10, 5));
    completed.face_verified_sessions = 7;
    desk_take(&desk, &course_completed_event, &completed);
    assert_string_equal(desk.told, "refused BAD_SESSIONS");
    completed = desk_completed(&desk, "E-1", "C-1", DAY(2021, 10, 5));
    completed.sessions_held = completed.sessions_attended = -1;
    desk_take(&desk, &course_completed_event, &completed);
    assert_string_equal(desk.told, "refused BAD_SESSIONS");
    desk_close(&desk);
}

static void test_what_is_told(void **state)
{
    (void)state;
    struct desk desk;
    const struct step steps[] = {BOUGHT_NORMAL, DONE(0, VERIFIED_NORMAL)};
    desk_open(&desk, 48);
    desk_ready(&desk);
    for (size_t i = 0; i < 2; i++)
        desk_step(&desk, &steps[i]);
    const struct completion_decided *decided =
        room_output(&desk.room, &completion_decided_event, 0);
    const struct incentive_approved *approved =
        room_output(&desk.room, &incentive_approved_event, 0);
    const struct notification_requested *message =
        room_output(&desk.room, &notification_requested_event, 0);
    struct uuid award_id = desk_award_id(&desk);
    struct uuid entitlement =
        seal_entitlement_id(desk.room.seal, &award_id, SLICE("training"), 1);
    assert_int_equal(decided->decided_at,
                     steps[1].on * US_PER_DAY + US_PER_DAY / 2 - 7 * 3600 * US_PER_SECOND);
    assert_int_equal(decided->rules_hash.size, 64);
    assert_true(uuid_equal(&approved->instalments.items[0].entitlement_id, &entitlement));
    assert_int_equal(approved->budget_year, 2023);
    assert_true(slice_is(approved->component, "TRAINING"));
    assert_true(slice_is(message->to, MSISDN));
    assert_true(message->text.size > 0);
    assert_int_equal(room_timer(&desk.room, "next_purchase"),
                     day_to_instant(DAY(2023, 4, 5), 7 * 60));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proofs),
        cmocka_unit_test(test_revisions),
        cmocka_unit_test(test_coming_back_over_a_held_revision),
        cmocka_unit_test(test_of_a_rejected_purchase),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_bad_sessions),
        cmocka_unit_test(test_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
