/* The year's total after ends, reinstatements and releases in any order: what incentive's books say, by the same sum. */
#include "desk.h"

enum { PLAYS = 200, ENDS = 3, WISHES = 3, RELEASES = 5, RECORDS = ENDS + WISHES + RELEASES };

static const int64_t package = INT64_C(355000000), part = INT64_C(15000000);

static uint64_t below(uint64_t *random, uint64_t bound)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (*random >> 11) % bound;
}

/* Instants meet often. */
static instant_us some_noon(uint64_t *random)
{
    return NOON(2021, 10, 22) + (instant_us)below(random, 6) * US_PER_DAY;
}

struct heard {
    instant_us at[RELEASES];
    size_t count;
};

static void take_release(struct desk *desk, uint64_t *random, int64_t sequence,
                         struct heard *heard)
{
    struct commitment_released event = desk_release(desk, 21, "TRAINING", part, sequence);
    event.occurred_at = some_noon(random);
    assert_int_equal(desk_released(desk, &event), DECIDED);
    heard->at[heard->count++] = event.occurred_at;
}

static void take(struct desk *desk, uint64_t *random, size_t record, struct heard *heard)
{
    if (record >= ENDS + WISHES) {
        take_release(desk, random, (int64_t)record, heard);
        return;
    }
    struct award_changed event = desk_officer(desk, 21,
                                              record < ENDS ? AWARD_CHANGED_CHANGE_REVOKED
                                                            : AWARD_CHANGED_CHANGE_REINSTATED,
                                              "APPEAL_GRANTED", 9);
    static int64_t number = 9; /* an officers' later word has the higher one */
    event.sequence = ++number;
    event.occurred_at = some_noon(random);
    desk_award(desk, &event);
}

/* As incentive adds up its account RELEASED (tests/decide/incentive/desk.c). */
static int64_t released(struct desk *desk, const struct heard *heard)
{
    const struct award_row *award = desk_award_row(desk, 21);
    int64_t sum = 0;
    for (size_t i = 0; i < heard->count; i++)
        if (!award->has_reinstated_at || heard->at[i] > award->reinstated_at)
            sum += part;
    return sum;
}

static void test_what_is_taken_is_what_incentive_has_not_released(void **state)
{
    size_t reinstated = 0;
    (void)state;
    for (uint64_t play = 1; play <= PLAYS; play++) {
        struct desk desk;
        uint64_t random = play * UINT64_C(0x9e3779b97f4a7c15) | 1;
        struct heard heard = {.count = 0};
        size_t records[RECORDS];
        for (size_t i = 0; i < RECORDS; i++)
            records[i] = i;
        desk_open(&desk);
        desk_give_award(&desk, 21);
        for (size_t left = RECORDS; left > 0; left--) {
            size_t at = below(&random, left);
            take(&desk, &random, records[at], &heard);
            records[at] = records[left - 1];
            int64_t taken = desk_money_taken(&desk, 2021, "ALL");
            if (taken != package - released(&desk, &heard))
                fail_msg("play %u: %jd is taken", (unsigned)play, (intmax_t)taken);
        }
        reinstated += desk_award_row(&desk, 21)->has_reinstated_at;
        desk_close(&desk);
    }
    assert_true(reinstated > PLAYS / 4); /* or the plays show nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_taken_is_what_incentive_has_not_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
