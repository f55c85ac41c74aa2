/*
 * fuzz_people - files of recipes for made-up people: one that is wrong is refused with a sentence, and who comes of
 * the others is the same person whenever asked, at a time when the file says that people apply.
 */
#include "fuzz.h"
#include "population_people.h"

enum { ARENA_CAPACITY = 8 << 20, PEOPLE = 4, SEED = 7, OFFSET_MINUTES = 7 * 60 };

static struct arena arena;

static enum outcome make(const struct people *people, const struct people_line *place,
                         struct buffer *line)
{
    struct error error = {0};
    arena_reset(&arena);
    enum outcome outcome = people_write(people, place, &arena, line, &error);
    must(outcome == OK || error.text[0] != '\0');
    return outcome;
}

static void make_twice(const struct people *people, const struct people_line *place)
{
    struct buffer once = {0}, twice = {0};
    enum outcome outcome = make(people, place, &once);
    must(make(people, place, &twice) == outcome);
    must(outcome != OK || slice_equal(buffer_slice(&once), buffer_slice(&twice)));
    buffer_release(&once);
    buffer_release(&twice);
}

static void people_check(const struct people *people)
{
    struct error error = {0};
    for (uint32_t number = 1; number <= PEOPLE; number++) {
        struct people_line line = {.at = people_applies_at(people, number),
                                   .number = number,
                                   .employer = 1,
                                   .first_hire = 1,
                                   .revision = 1};
        must(people_hires(people, line.employer, &line.hires, &error) == OK ||
             error.text[0] != '\0');
        must(line.hires <= PEOPLE_HIRES_BOUND);
        must(instant_to_day(line.at, OFFSET_MINUTES) >= people->opens);
        must(instant_to_day(line.at, OFFSET_MINUTES) <= people->closes);
        make_twice(people, &line);
        struct people_line mended = line;
        mended.revision = 2;
        if (people_mended(people, &line, &mended.at)) {
            must(mended.at > line.at);
            make_twice(people, &mended);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct people people;
    struct error error = {0};
    if (arena.base == NULL)
        must(arena_init(&arena, ARENA_CAPACITY));
    enum outcome outcome =
        people_read(slice_of_input(data, size), SEED, OFFSET_MINUTES, &people, &error);
    must(outcome == OK || error.text[0] != '\0');
    if (outcome == OK)
        people_check(&people);
    people_release(&people);
    return 0;
}
