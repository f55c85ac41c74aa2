/* The providers and courses of the programmes without waves: what each asks, on both sides of each bound. */
#include "ground.h"

struct listing {
    const char *name;
    void (*change)(struct course_listed *listed);
    const char *verdict;
};

static void nothing(struct course_listed *listed)
{
    (void)listed;
}
static void registered_in_2022(struct course_listed *listed)
{
    listed->provider.registered_on = DAY(2022, 12, 31);
}
static void registered_in_2023(struct course_listed *listed)
{
    listed->provider.registered_on = DAY(2023, 1, 1);
}
static void registered_never_said(struct course_listed *listed)
{
    listed->provider.has_registered_on = false;
}
static void exempt_and_young(struct course_listed *listed)
{
    listed->provider.contribution_exempt = true;
    listed->provider.registered_on = DAY(2023, 1, 1);
    listed->provider.contribution_months = 0;
}
static void twelve_contributions(struct course_listed *listed)
{
    listed->provider.contribution_months = 12;
}
static void eleven_contributions(struct course_listed *listed)
{
    listed->provider.contribution_months = 11;
}
static void a_year_when_applied(struct course_listed *listed)
{
    listed->provider.operating_since = DAY(2022, 5, 2);
}
static void a_day_less(struct course_listed *listed)
{
    listed->provider.operating_since = DAY(2022, 5, 3);
}
static void no_accreditation(struct course_listed *listed)
{
    listed->provider.accreditations.count = 0;
}
static void another_accreditation(struct course_listed *listed)
{
    static const struct slice other[] = {{"FRIENDS", 7}};
    listed->provider.accreditations.items = other;
}
static void of_a_ministry(struct course_listed *listed)
{
    static const struct slice other[] = {{"MINISTRY_REGISTERED", 19}};
    listed->provider.accreditations.items = other;
}
static void applied_too_early(struct course_listed *listed)
{
    listed->provider.applied_on = DAY(2023, 4, 19);
}
static void applied_first_day(struct course_listed *listed)
{
    listed->provider.applied_on = DAY(2023, 4, 20);
}
static void applied_last_day(struct course_listed *listed)
{
    listed->provider.applied_on = DAY(2023, 5, 31);
}
static void applied_too_late(struct course_listed *listed)
{
    listed->provider.applied_on = DAY(2023, 6, 1);
}
static void a_minute_short(struct course_listed *listed)
{
    listed->synchronous_minutes = 2399;
}
static void videos_make_it_up(struct course_listed *listed)
{
    listed->synchronous_minutes = 2000;
    listed->has_video_minutes = true;
    listed->video_minutes = 400;
}
static void hours_never_said(struct course_listed *listed)
{
    listed->has_synchronous_minutes = false;
}
static void in_rupiah(struct course_listed *listed)
{
    listed->currency = SLICE("IDR");
}
static void no_licence(struct course_listed *listed)
{
    listed->provider.licences.count = 0;
}
static void a_year_at_the_listing(struct course_listed *listed)
{
    listed->provider.has_applied_on = false;
    listed->valid_from = DAY(2020, 4, 1);
    listed->provider.operating_since = DAY(2019, 4, 1);
}
static void a_day_less_at_the_listing(struct course_listed *listed)
{
    a_year_at_the_listing(listed);
    listed->provider.operating_since = DAY(2019, 4, 2);
}

static void judge_all(const struct ground *ground, const struct listing *listings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct desk desk;
        const struct step step = {LISTED, .id = "C-1", .kind = "RPEL"};
        desk_open_on(&desk, ground);
        struct course_listed listed = ground_listed(&desk, &step);
        listings[i].change(&listed);
        desk_take(&desk, &course_listed_event, &listed);
        if (strcmp(desk_verdict(&desk, desk.ground->scheme, desk.ground->year),
                   listings[i].verdict) != 0)
            fail_msg("%s: %s: \"%s\", expected \"%s\"", ground->scheme, listings[i].name,
                     desk_verdict(&desk, desk.ground->scheme, desk.ground->year),
                     listings[i].verdict);
        desk_close(&desk);
    }
}

/* MOFP, for both: registered with SOCSO before 2023, twelve contributions, a year of experience, accredited, applied from
 * 20 April to 31 May 2023. AHK, for Bina Kerjaya: at least 40 hours. */
static void test_malaysia(void **state)
{
    (void)state;
    static const struct ground grounds[] = {
        {"bina-kerjaya", "bina-kerjaya-2023", 2023, 0, NULL, NULL},
        {"daya-kerjaya-tvet", "daya-kerjaya-tvet-2023", 2023, 1, NULL, NULL}};
    static const struct listing both[] = {
        {"nothing wrong", nothing, "PASS"},
        {"registered on the last day of 2022", registered_in_2022, "PASS"},
        {"registered on the first day of 2023", registered_in_2023, "REJECT PROV_TOO_NEW"},
        {"nobody said when", registered_never_said, "HOLD REGISTRY_UNAVAILABLE"},
        {"exempt from both", exempt_and_young, "PASS"},
        {"twelve contributions", twelve_contributions, "PASS"},
        {"eleven", eleven_contributions, "REJECT PROV_CONTRIB_SHORT"},
        {"a year of experience on the day of applying", a_year_when_applied, "PASS"},
        {"a day less", a_day_less, "REJECT PROV_EXPERIENCE_SHORT"},
        {"no accreditation", no_accreditation, "REJECT PROV_LICENCE_MISSING"},
        {"one that does not count", another_accreditation, "REJECT PROV_LICENCE_MISSING"},
        {"a ministry's", of_a_ministry, "PASS"},
        {"applied on 19 April", applied_too_early, "REJECT PROV_WINDOW_CLOSED"},
        {"applied on 20 April", applied_first_day, "PASS"},
        {"applied on 31 May", applied_last_day, "PASS"},
        {"applied on 1 June", applied_too_late, "REJECT PROV_WINDOW_CLOSED"},
        {"priced in another currency", in_rupiah, "REJECT COURSE_CURRENCY"},
    };
    static const struct listing bina[] = {
        {"39 hours 59", a_minute_short, "REJECT PROV_HOURS_SHORT"},
        {"videos count", videos_make_it_up, "PASS"},
        {"nobody said how long", hours_never_said, "HOLD REGISTRY_UNAVAILABLE"},
    };
    static const struct listing tvet[] = {{"hours are not asked", a_minute_short, "PASS"}};
    for (size_t i = 0; i < 2; i++)
        judge_all(&grounds[i], both, sizeof both / sizeof both[0]);
    judge_all(&grounds[0], bina, sizeof bina / sizeof bina[0]);
    judge_all(&grounds[1], tvet, sizeof tvet / sizeof tvet[0]);
}

/* SEED1, of the version of 2020: a licence of the manpower office, and a year of experience. */
static void test_vokasi(void **state)
{
    (void)state;
    static const struct ground of_2019 = {
        "vokasi-indonesia-pekerja", "vokasi-2019", 2020, 0, NULL, NULL};
    static const struct ground of_2020 = {
        "vokasi-indonesia-pekerja", "vokasi-2020", 2020, 0, NULL, NULL};
    static const struct listing asked[] = {
        {"nothing wrong", nothing, "PASS"},
        {"no licence", no_licence, "REJECT PROV_LICENCE_MISSING"},
        {"a year on the first day of sale", a_year_at_the_listing, "PASS"},
        {"a day less", a_day_less_at_the_listing, "REJECT PROV_EXPERIENCE_SHORT"},
    };
    static const struct listing not_asked[] = {
        {"no licence", no_licence, "PASS"},
        {"a day less", a_day_less_at_the_listing, "PASS"},
    };
    judge_all(&of_2020, asked, sizeof asked / sizeof asked[0]);
    judge_all(&of_2019, not_asked, sizeof not_asked / sizeof not_asked[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malaysia),
        cmocka_unit_test(test_vokasi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
