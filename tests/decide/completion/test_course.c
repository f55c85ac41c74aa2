/* Courses: course.listed, judged once for each scheme and year that its days of sale touch. */
#include "desk.h"

struct listing {
    const char *name;
    void (*change)(struct course_listed *listed);
    const char *scheme;
    int year;
    const char *verdict;
};

static void nothing(struct course_listed *listed)
{
    (void)listed;
}
static void hours_on_the_bound(struct course_listed *listed)
{
    listed->synchronous_minutes = 900;
}
static void a_minute_short(struct course_listed *listed)
{
    listed->synchronous_minutes = 899;
}
static void long_day_online(struct course_listed *listed)
{
    listed->longest_day_minutes = 181;
}
static void long_day_in_class(struct course_listed *listed)
{
    listed->mode = COURSE_LISTED_MODE_CLASSROOM;
    listed->longest_day_minutes = 480;
    listed->trainees_per_trainer = 30;
}
static void too_long_in_class(struct course_listed *listed)
{
    listed->mode = COURSE_LISTED_MODE_CLASSROOM;
    listed->longest_day_minutes = 481;
    listed->trainees_per_trainer = 31;
}
static void too_many_online(struct course_listed *listed)
{
    listed->trainees_per_trainer = 51;
}
static void videos_short(struct course_listed *listed)
{
    listed->has_video_minutes = true;
    listed->video_minutes = 539;
}
static void videos_enough(struct course_listed *listed)
{
    listed->has_video_minutes = true;
    listed->video_minutes = 540;
}
static void free_elsewhere(struct course_listed *listed)
{
    listed->identical_to_free = true;
}
static void cheaper_elsewhere(struct course_listed *listed)
{
    listed->has_outside_price = true;
    listed->outside_price = listed->price - 1;
}
static void same_price_elsewhere(struct course_listed *listed)
{
    listed->has_outside_price = true;
    listed->outside_price = listed->price;
}
static void not_interactive(struct course_listed *listed)
{
    listed->interactive = false;
}
static void interactive_not_said(struct course_listed *listed)
{
    listed->has_interactive = false;
}
static void same_owner(struct course_listed *listed)
{
    listed->provider.owner_overlaps_platform = true;
}
static void young_provider(struct course_listed *listed)
{
    listed->valid_from = DAY(2023, 3, 1);
    listed->provider.legal_since = DAY(2022, 3, 2);
}
static void one_year_old(struct course_listed *listed)
{
    listed->valid_from = DAY(2023, 3, 1);
    listed->provider.legal_since = DAY(2022, 3, 1);
}
static void a_paper_short(struct course_listed *listed)
{
    listed->provider.documents.count = 4;
}
static void an_indicator_short(struct course_listed *listed)
{
    listed->provider.indicators_met = 58;
}
static void two_thirds(struct course_listed *listed)
{
    listed->platform_provinces = 23;
}
static void below_two_thirds(struct course_listed *listed)
{
    listed->platform_provinces = 22;
}
static void until_2020(struct course_listed *listed)
{
    listed->has_valid_to = true;
    listed->valid_to = DAY(2020, 12, 31);
}
static void from_the_last_day_of_2021(struct course_listed *listed)
{
    listed->valid_from = DAY(2021, 11, 30);
}
static void after_2021(struct course_listed *listed)
{
    listed->valid_from = DAY(2021, 12, 1);
}
static void ringgit(struct course_listed *listed)
{
    listed->currency = SLICE("MYR");
}

static const struct listing listings[] = {
    {"nothing wrong, 2020", nothing, "semi-bansos", 2020, "PASS"},
    {"nothing wrong, 2021", nothing, "semi-bansos", 2021, "PASS"},
    {"nothing wrong, 2023", nothing, "normal", 2023, "PASS"},
    {"nothing wrong, 2024", nothing, "normal", 2024, "PASS"},
    {"15 hours", hours_on_the_bound, "normal", 2023, "PASS"},
    {"a minute short of 15 hours", a_minute_short, "normal", 2023, "REJECT PROV_HOURS_SHORT"},
    {"hours did not count before 2023", a_minute_short, "semi-bansos", 2022, "PASS"},
    {"three hours and a minute a day online", long_day_online, "normal", 2023,
     "REJECT PROV_DAY_TOO_LONG"},
    {"eight hours and thirty trainees in class", long_day_in_class, "normal", 2023, "PASS"},
    {"one more of each in class", too_long_in_class, "normal", 2023,
     "REJECT PROV_CLASS_TOO_BIG,PROV_DAY_TOO_LONG"},
    {"fifty-one trainees online", too_many_online, "normal", 2024, "REJECT PROV_CLASS_TOO_BIG"},
    {"video a minute short of nine hours", videos_short, "normal", 2023,
     "REJECT PROV_HOURS_SHORT"},
    {"nine hours of video", videos_enough, "normal", 2023, "PASS"},
    {"the same is free elsewhere", free_elsewhere, "semi-bansos", 2020,
     "REJECT PROV_FREE_DUPLICATE"},
    {"that was asked in the first scheme only", free_elsewhere, "normal", 2023, "PASS"},
    {"cheaper elsewhere", cheaper_elsewhere, "semi-bansos", 2021,
     "REJECT PROV_PRICE_ABOVE_MARKET"},
    {"as dear elsewhere", same_price_elsewhere, "semi-bansos", 2021, "PASS"},
    {"online and not interactive", not_interactive, "semi-bansos", 2021,
     "REJECT PROV_NOT_INTERACTIVE"},
    {"nobody said whether it is interactive", interactive_not_said, "semi-bansos", 2021,
     "HOLD REGISTRY_UNAVAILABLE"},
    {"provider and platform share an owner", same_owner, "normal", 2023,
     "HOLD PROV_CONFLICT_OF_INTEREST"},
    {"a provider a day short of a year", young_provider, "normal", 2023, "REJECT PROV_TOO_NEW"},
    {"a provider of one year", one_year_old, "normal", 2023, "PASS"},
    {"a paper is missing", a_paper_short, "normal", 2023, "REJECT PROV_DOCS_MISSING"},
    {"the papers are asked for from wave 48 to 62", a_paper_short, "normal", 2024, "PASS"},
    {"58 of 59 indicators", an_indicator_short, "semi-bansos", 2021,
     "REJECT PROV_INDICATORS_SHORT"},
    {"the indicators are those of 2021", an_indicator_short, "semi-bansos", 2022, "PASS"},
    {"a platform of 23 of 34 provinces", two_thirds, "semi-bansos", 2020, "PASS"},
    {"a platform of 22", below_two_thirds, "semi-bansos", 2020, "REJECT PLAT_COVERAGE_SHORT"},
    {"sold in 2020 only: 2020", until_2020, "semi-bansos", 2020, "PASS"},
    {"sold in 2020 only: 2021", until_2020, "semi-bansos", 2021, ""},
    {"from the last day of purchase", from_the_last_day_of_2021, "semi-bansos", 2021, "PASS"},
    {"from the day after it", after_2021, "semi-bansos", 2021, ""},
    {"priced in another currency", ringgit, "normal", 2023, "REJECT COURSE_CURRENCY"},
};

static void test_verdicts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        struct desk desk;
        struct course_listed listed = desk_listed("C-1");
        desk_open(&desk, 21);
        listings[i].change(&listed);
        desk_take(&desk, &course_listed_event, &listed);
        const char *verdict = desk_verdict(&desk, listings[i].scheme, listings[i].year);
        if (strcmp(desk.told, "") != 0 || strcmp(verdict, listings[i].verdict) != 0)
            fail_msg("%s: told \"%s\", \"%s\", expected \"%s\"", listings[i].name, desk.told,
                     verdict, listings[i].verdict);
        desk_close(&desk);
    }
}

static void test_revisions(void **state)
{
    (void)state;
    struct desk desk;
    struct course_listed listed = desk_listed("C-1");
    desk_open(&desk, 21);
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "");
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "repeat");
    listed.revision = 2;
    listed.identical_to_free = true;
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk_verdict(&desk, "semi-bansos", 2021), "REJECT PROV_FREE_DUPLICATE");
    listed.revision = 1;
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "repeat");
    desk_close(&desk);
}

/* A purchase takes the verdict of its award's scheme and year, and no other. */
static void test_purchases_take_the_verdict(void **state)
{
    (void)state;
    const struct {
        const char *name;
        void (*change)(struct course_listed *listed);
        int wave;
        epoch_day on;
        const char *told;
    } purchases[] = {
        {"rejected for its year", an_indicator_short, 21, DAY(2021, 9, 30),
         "enrolment REJECTED PROV_INDICATORS_SHORT left=1000000"},
        {"rejected for another year only", an_indicator_short, 48, DAY(2023, 3, 2),
         "enrolment ACCEPTED left=3000000"},
        {"rejected for another scheme only", a_minute_short, 21, DAY(2021, 9, 30),
         "enrolment ACCEPTED left=500000"},
        {"not offered in its year", until_2020, 21, DAY(2021, 9, 30),
         "enrolment REJECTED COURSE_NOT_OFFERED left=1000000"},
        {"held for an officer", same_owner, 21, DAY(2021, 9, 30),
         "enrolment HELD PROV_CONFLICT_OF_INTEREST left=1000000"},
        {"held for an answer", interactive_not_said, 21, DAY(2021, 9, 30),
         "enrolment HELD REGISTRY_UNAVAILABLE left=1000000"},
    };
    for (size_t i = 0; i < sizeof purchases / sizeof purchases[0]; i++) {
        struct desk desk;
        struct course_listed listed = desk_listed("C-1");
        desk_open(&desk, purchases[i].wave);
        desk_ready(&desk);
        listed.revision = 2;
        purchases[i].change(&listed);
        desk_take(&desk, &course_listed_event, &listed);
        desk_step(&desk, &(struct step){ENROLLED, .id = "E-1", .number = 500000,
                                        .on = purchases[i].on});
        if (strcmp(desk.told, purchases[i].told) != 0)
            fail_msg("%s: told \"%s\"", purchases[i].name, desk.told);
        desk_close(&desk);
    }
}

/* An unanswered question is asked again by itself a day later. */
static void test_held_courses(void **state)
{
    (void)state;
    struct desk desk;
    struct course_listed listed = desk_listed("C-1");
    const struct step enrol = {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30)};
    const struct step again = {FIRED, .kind = "retry", .on = DAY(2021, 10, 1)};
    desk_open(&desk, 21);
    desk_ready(&desk);
    listed.revision = 2;
    interactive_not_said(&listed);
    desk_take(&desk, &course_listed_event, &listed);
    desk_step(&desk, &enrol);
    assert_int_equal(room_timer(&desk.room, "retry"),
                     day_to_instant(DAY(2021, 10, 1), 7 * 60) + US_PER_DAY / 2);
    desk_step(&desk, &again);
    assert_string_equal(desk.told, "");
    desk_step(&desk, &again);
    assert_string_equal(desk.told, "repeat");
    listed = desk_listed("C-1");
    listed.revision = 3;
    desk_take(&desk, &course_listed_event, &listed);
    desk_step(&desk, &(struct step){FIRED, .kind = "retry", .on = DAY(2021, 10, 2)});
    assert_string_equal(desk.told, "enrolment ACCEPTED left=500000");
    desk_close(&desk);
}

/* An officer's word on a course names no purchase: the held ones look again by themselves. */
static void test_purchases_follow_the_officer(void **state)
{
    (void)state;
    const struct {
        const char *outcome, *told;
    } cases[] = {{"WAIVED", "enrolment ACCEPTED left=500000"},
                 {"UPHELD", "enrolment REJECTED PROV_CONFLICT_OF_INTEREST left=1000000"}};
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct course_listed listed = desk_listed("C-1");
        desk_open(&desk, 21);
        desk_ready(&desk);
        listed.revision = 2;
        same_owner(&listed);
        desk_take(&desk, &course_listed_event, &listed);
        desk_step(&desk, &(struct step){ENROLLED, .id = "E-1", .number = 500000,
                                        .on = DAY(2021, 9, 30)});
        assert_string_equal(desk.told, "enrolment HELD PROV_CONFLICT_OF_INTEREST left=1000000");
        desk_step(&desk, &(struct step){
                             RESOLVED, .id = "none", .course = "C-1", .kind = cases[i].outcome,
                             .reason = "PROV_CONFLICT_OF_INTEREST", .on = DAY(2021, 9, 30)});
        desk_step(&desk, &(struct step){FIRED, .kind = "retry", .on = DAY(2021, 10, 1)});
        assert_string_equal(desk.told, cases[i].told);
        desk_close(&desk);
    }
}

static void test_officer_and_course(void **state)
{
    (void)state;
    const struct {
        const char *outcome, *verdict;
    } cases[] = {{"WAIVED", "PASS"}, {"UPHELD", "REJECT PROV_CONFLICT_OF_INTEREST"}};
    for (size_t i = 0; i < 2; i++) {
        struct desk desk;
        struct course_listed listed = desk_listed("C-1");
        struct step resolved = {RESOLVED,
                                .id = "none",
                                .course = "C-1",
                                .kind = cases[i].outcome,
                                .reason = "PROV_CONFLICT_OF_INTEREST",
                                .on = DAY(2023, 3, 2)};
        desk_open(&desk, 48);
        same_owner(&listed);
        desk_take(&desk, &course_listed_event, &listed);
        desk_step(&desk, &resolved);
        assert_string_equal(desk.told, "");
        assert_string_equal(desk_verdict(&desk, "normal", 2023), cases[i].verdict);
        desk_step(&desk, &resolved);
        assert_string_equal(desk.told, "repeat");
        desk_close(&desk);
    }
}

static void test_bad_listings(void **state)
{
    (void)state;
    static const struct slice others[] = {{"kartu-prakerja", 14}, {"kartu-pintar", 12}};
    struct desk desk;
    struct course_listed listed = desk_listed("");
    desk_open(&desk, 21);
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "refused BAD_ID");
    listed = desk_listed("C-1");
    listed.programmes.items = others;
    listed.programmes.count = 2;
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "refused UNKNOWN_PROGRAMME");
    listed.programmes.count = 0;
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "refused UNKNOWN_PROGRAMME");
    listed = desk_listed("C-1");
    listed.price = -1;
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "refused BAD_COURSE");
    listed = desk_listed("C-1");
    listed.has_valid_to = true;
    listed.valid_to = listed.valid_from - 1;
    desk_take(&desk, &course_listed_event, &listed);
    assert_string_equal(desk.told, "refused BAD_COURSE");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_revisions),
        cmocka_unit_test(test_purchases_take_the_verdict),
        cmocka_unit_test(test_held_courses),
        cmocka_unit_test(test_officer_and_course),
        cmocka_unit_test(test_purchases_follow_the_officer),
        cmocka_unit_test(test_bad_listings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
