/*
 * Made-up draws of a few people, regions and cards: every way in which the unknown may turn out is drawn, and
 * the interval must hold for each.
 */
#include "draw_interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 8, FAMILIES = 3, ROWS = 4, WORLDS = 3000 };

static const char *const ids[PEOPLE] = {"A", "B", "C", "D", "E", "F", "G", "H"};
static const char *const regions[] = {"3201", "3202", "1701"};

struct world {
    struct draw_seats seats[ROWS];
    size_t seat_count;
    struct draw_family families[FAMILIES];
    struct draw_applicant people[PEOPLE];
    enum draw_chance takes_part[PEOPLE];
    unsigned unknown; /* bits of those who take part perhaps */
};

static uint32_t below(uint64_t *state, uint32_t bound)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % bound;
}

static void world_make(struct world *world, uint64_t *state, bool all_known)
{
    static const char *const rows[ROWS] = {"ALL", "32", "3201", "3202"};
    *world = (struct world){0};
    for (size_t i = 0; i < ROWS; i++)
        if (below(state, 4) > 0)
            world->seats[world->seat_count++] =
                (struct draw_seats){.region = slice_of(rows[i]), .seats = below(state, 5)};
    for (size_t i = 1; i < FAMILIES; i++)
        world->families[i].awards = (uint16_t)below(state, 2);
    for (size_t i = 0; i < PEOPLE; i++) {
        world->people[i] = (struct draw_applicant){
            .application_id = ids[i],
            .family = below(state, FAMILIES),
            .seats = draw_seats_find(world->seats, world->seat_count,
                                     slice_of(regions[below(state, 3)])),
            .priority_class = (uint8_t)below(state, 2)};
        world->takes_part[i] =
            below(state, 3) == 0 && !all_known ? CHANCE_PERHAPS : CHANCE_SURE;
        if (world->takes_part[i] == CHANCE_PERHAPS)
            world->unknown |= 1u << i;
    }
}

/* A draw with its own books among those whose bits are set. */
struct drawn {
    struct draw draw;
    struct draw_seats seats[ROWS];
    struct draw_family families[FAMILIES];
    struct draw_applicant people[PEOPLE];
};

static void drawn_open(struct drawn *drawn, const struct world *world, unsigned taking_part)
{
    memcpy(drawn->seats, world->seats, sizeof drawn->seats);
    memcpy(drawn->families, world->families, sizeof drawn->families);
    drawn->draw = (struct draw){.applicants = drawn->people,
                                .seats = drawn->seats,
                                .seat_count = world->seat_count,
                                .families = drawn->families,
                                .family_limit = 1};
    for (size_t i = 0; i < PEOPLE; i++)
        if (taking_part & 1u << i)
            drawn->people[drawn->draw.count++] = world->people[i];
}

static size_t place_of(const struct draw_applicant *applicant)
{
    return (size_t)(applicant->application_id[0] - 'A');
}

/* Bits of those who are selected when these take part. */
static unsigned selected(const struct world *world, unsigned taking_part, size_t *count)
{
    static struct drawn drawn;
    unsigned won = 0;
    drawn_open(&drawn, world, taking_part);
    assert_true(draw_run(&drawn.draw, count));
    for (size_t i = 0; i < drawn.draw.count; i++)
        if (drawn.people[i].selected)
            won |= 1u << place_of(&drawn.people[i]);
    return won;
}

static size_t interval_of(const struct world *world, unsigned *surely, unsigned *perhaps)
{
    static struct drawn drawn;
    struct draw_interval interval;
    *surely = *perhaps = 0;
    drawn_open(&drawn, world, (1u << PEOPLE) - 1);
    assert_true(draw_rank(&drawn.draw));
    assert_true(draw_interval_begin(&interval, &drawn.draw, FAMILIES));
    for (size_t i = 0; i < PEOPLE; i++) {
        size_t place = place_of(&drawn.people[i]);
        enum draw_chance wins =
            draw_interval_step(&interval, &drawn.people[i], world->takes_part[place]);
        *surely |= wins == CHANCE_SURE ? 1u << place : 0;
        *perhaps |= wins != CHANCE_NONE ? 1u << place : 0;
    }
    size_t together = interval.together;
    draw_interval_release(&interval);
    draw_interval_release(&interval);
    return together;
}

static void where_everybody_is_known_it_is_the_draw(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (int i = 0; i < WORLDS; i++) {
        struct world world;
        unsigned surely, perhaps;
        size_t count;
        world_make(&world, &random, true);
        interval_of(&world, &surely, &perhaps);
        unsigned won = selected(&world, (1u << PEOPLE) - 1, &count);
        if (surely != won || perhaps != won)
            fail_msg("world %d: %x selected, %x to %x by the interval", i, won, surely,
                     perhaps);
    }
}

static void however_the_unknown_turn_out_the_interval_holds(void **state)
{
    uint64_t random = 2;
    size_t open = 0;
    (void)state;
    for (int i = 0; i < WORLDS; i++) {
        struct world world;
        unsigned surely, perhaps;
        world_make(&world, &random, false);
        size_t together = interval_of(&world, &surely, &perhaps), count;
        unsigned known = ((1u << PEOPLE) - 1) & ~world.unknown;
        open += surely != perhaps;
        for (unsigned some = world.unknown;; some = (some - 1) & world.unknown) {
            unsigned won = selected(&world, known | some, &count);
            if ((surely & ~won) != 0 || (won & ~perhaps) != 0 || count > together)
                fail_msg("world %d, with %x: %x selected, %zu of at most %zu; %x to %x", i,
                         some, won, count, together, surely, perhaps);
            if (some == 0)
                break;
        }
    }
    assert_in_range(open, WORLDS / 4, WORLDS);
}

static void who_does_not_take_part_takes_nothing(void **state)
{
    struct draw_seats seats[] = {{.region = SLICE("ALL"), .seats = 1}};
    struct draw_family families[] = {{0, 0}};
    struct draw draw = {.seats = seats, .seat_count = 1, .families = families};
    const struct draw_applicant first = {.application_id = "A"},
                                second = {.application_id = "B"};
    struct draw_interval interval;
    (void)state;
    draw_seats_link(seats, 1);
    assert_true(draw_interval_begin(&interval, &draw, 1));
    assert_int_equal(draw_interval_step(&interval, &first, CHANCE_NONE), CHANCE_NONE);
    assert_int_equal(draw_interval_step(&interval, &second, CHANCE_SURE), CHANCE_SURE);
    assert_int_equal(draw_interval_step(&interval, &first, CHANCE_SURE), CHANCE_NONE);
    assert_int_equal(interval.together, 1);
    assert_int_equal(seats[0].taken, 0);
    draw_interval_release(&interval);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_everybody_is_known_it_is_the_draw),
        cmocka_unit_test(however_the_unknown_turn_out_the_interval_holds),
        cmocka_unit_test(who_does_not_take_part_takes_nothing),
    };
    return cmocka_run_group_tests_name("draw_interval", tests, NULL, NULL);
}
