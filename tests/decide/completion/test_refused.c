/* Bad input: what each record of it is decided to be, and the sentence of a dead letter, which names the thing. */
#include "desk.h"

static void price(struct course_enrolled *enrolled)
{
    enrolled->price = RUPIAH(1000000) + 1;
}

static void currency(struct course_enrolled *enrolled)
{
    enrolled->currency = SLICE("MYR");
}

static void unknown_course(struct course_enrolled *enrolled)
{
    enrolled->course_id = SLICE("C-404");
}

static void unknown_award(struct course_enrolled *enrolled)
{
    enrolled->award_id = (struct uuid){{4, 0, 4}};
}

static void negative(struct course_enrolled *enrolled)
{
    enrolled->price = -1;
}

static void withdrawn(struct course_listed *listed)
{
    listed->withdrawn = true;
}

static void expired(struct course_listed *listed)
{
    listed->has_valid_to = true;
    listed->valid_to = DAY(2021, 9, 30);
}

static void not_yet(struct course_listed *listed)
{
    listed->valid_from = DAY(2021, 10, 2);
}

static void ringgit(struct course_listed *listed)
{
    listed->currency = SLICE("MYR");
}

static void test_purchases(void **state)
{
    static const struct {
        const char *name;
        void (*list)(struct course_listed *); /* a second revision of the course; NULL: none */
        void (*flaw)(struct course_enrolled *); /* NULL: none */
        const char *told, *sentence;            /* part of the dead letter's */
    } cases[] = {
        {"above the listed price by a sen", NULL, price,
         "enrolment REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED left=1000000", NULL},
        {"in another currency", NULL, currency, "refused BAD_CURRENCY",
         "\"E-1\" is priced in \"MYR\", and the programme pays in \"IDR\""},
        {"below nothing", NULL, negative, "refused BAD_PRICE", "\"E-1\""},
        {"on a course that nobody listed", NULL, unknown_course, "wait course", NULL},
        {"out of an award that nobody has", NULL, unknown_award, "wait award", NULL},
        {"on a withdrawn course", withdrawn, NULL,
         "enrolment REJECTED COURSE_NOT_OFFERED left=1000000", NULL},
        {"a day after its last day of sale", expired, NULL,
         "enrolment REJECTED COURSE_NOT_OFFERED left=1000000", NULL},
        {"a day before its first day of sale", not_yet, NULL,
         "enrolment REJECTED COURSE_NOT_OFFERED left=1000000", NULL},
        {"on a course listed in another currency", ringgit, NULL,
         "enrolment REJECTED COURSE_CURRENCY left=1000000", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk, 21);
        desk_ready(&desk);
        struct course_listed listed = desk_listed("C-1");
        listed.revision = 2;
        if (cases[i].list != NULL) {
            cases[i].list(&listed);
            desk_take(&desk, &course_listed_event, &listed);
            assert_string_equal(desk.told, "");
        }
        struct course_enrolled enrolled =
            desk_enrolled(&desk, "E-1", "C-1", RUPIAH(500000), DAY(2021, 10, 1));
        if (cases[i].flaw != NULL)
            cases[i].flaw(&enrolled);
        desk_take(&desk, &course_enrolled_event, &enrolled);
        if (strcmp(desk.told, cases[i].told) != 0)
            fail_msg("%s: told \"%s\"", cases[i].name, desk.told);
        if (cases[i].sentence != NULL &&
            strstr(desk.room.decision.sentence, cases[i].sentence) == NULL)
            fail_msg("%s: \"%s\"", cases[i].name, desk.room.decision.sentence);
        desk_close(&desk);
    }
}

static void test_a_course_of_another_provider(void **state)
{
    static const struct {
        const char *name, *provider;
        int revision;
        const char *told;
    } cases[] = {
        {"the same again", "P-1", 1, "repeat"},
        {"a correction", "P-1", 2, ""},
        {"another provider", "P-2", 1, "refused COURSE_TAKEN"},
        {"another provider, with a higher revision", "P-2", 2, "refused COURSE_TAKEN"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        desk_open(&desk, 21);
        desk_ready(&desk);
        struct course_listed listed = desk_listed("C-1");
        listed.provider_id = slice_of(cases[i].provider);
        listed.revision = cases[i].revision;
        desk_take(&desk, &course_listed_event, &listed);
        if (strcmp(desk.told, cases[i].told) != 0)
            fail_msg("%s: told \"%s\"", cases[i].name, desk.told);
        assert_true(slice_is(desk_course(&desk, "C-1")->provider_id, "P-1"));
        desk_close(&desk);
    }
}

/* A voucher is used once, whatever the waves of the two awards. */
static void test_one_voucher_in_two_awards(void **state)
{
    static const int waves[] = {21, 22};
    (void)state;
    for (size_t i = 0; i < sizeof waves / sizeof waves[0]; i++) {
        struct desk desk;
        desk_open(&desk, 21);
        desk_ready(&desk);
        desk_step(&desk, &(struct step){ENROLLED, .id = "E-1", .number = 500000,
                                        .on = DAY(2021, 10, 1)});
        struct application_decided other = desk_awarded(&desk, DAY(2021, 9, 22));
        struct uuid person = {{9}};
        other.wave = waves[i];
        other.person_id = person;
        other.award_id = seal_award_id(desk.room.seal, other.programme, other.scheme,
                                       (uint16_t)waves[i], &person);
        other.has_contact_sealed = false;
        desk_take(&desk, &application_decided_event, &other);
        struct course_enrolled enrolled =
            desk_enrolled(&desk, "E-1", "C-1", RUPIAH(500000), DAY(2021, 10, 1));
        enrolled.award_id = other.award_id;
        desk_take(&desk, &course_enrolled_event, &enrolled);
        assert_string_equal(desk.told, "refused ENROLMENT_TAKEN");
        assert_non_null(
            strstr(desk.room.decision.sentence, "\"E-1\" belongs to another award"));
        struct course_completed completed =
            desk_completed(&desk, "E-1", "C-1", DAY(2021, 10, 9));
        completed.award_id = other.award_id;
        desk_take(&desk, &course_completed_event, &completed);
        assert_string_equal(desk.told, "refused ENROLMENT_TAKEN");
        desk_close(&desk);
    }
}

static void test_completions_and_milestones(void **state)
{
    const struct script scripts[] = {
        {"a review before its course",
         21,
         {{REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 1),
           .told = "wait enrolment"},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1),
           .told = "enrolment ACCEPTED left=500000"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 1), .told = ""}}},
        {"a completion before its course",
         21,
         {{COMPLETED, .id = "E-1", .on = DAY(2021, 10, 1), .told = "wait enrolment"}}},
        {"by another national id",
         48,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),
           .told = "enrolment ACCEPTED left=3000000"},
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 9), .flaw = PROXY,
           .told = "completion REJECTED ATTENDED_BY_PROXY; enrolment REJECTED "
                   "ATTENDED_BY_PROXY left=3500000"}}},
        {"of a rejected enrolment",
         21,
         {{ENROLLED, .id = "E-1", .number = 1000001, .on = DAY(2021, 10, 1),
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED left=1000000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 9),
           .told = "completion REJECTED BALANCE_INSUFFICIENT,PRICE_ABOVE_LISTED"}}},
        {"of another course",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1),
           .told = "enrolment ACCEPTED left=500000"},
          {COMPLETED, .id = "E-1", .course = "C-2", .on = DAY(2021, 10, 9),
           .told = "refused COURSE_MISMATCH"}}},
        {"finished before it was bought",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 2),
           .told = "enrolment ACCEPTED left=500000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 1), .told = "refused BAD_TIME"}}},
        {"a milestone that nobody knows",
         21,
         {{REACHED, .kind = "MOON_REACHED", .on = DAY(2021, 10, 1),
           .told = "refused UNKNOWN_MILESTONE"}}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purchases),
        cmocka_unit_test(test_a_course_of_another_provider),
        cmocka_unit_test(test_one_voucher_in_two_awards),
        cmocka_unit_test(test_completions_and_milestones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
