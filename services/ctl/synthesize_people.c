#include "synthesize_people.h"

#include "population_people.h"
#include "rulebook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PROGRESS_LINES = 1000, LINE_ARENA = 1 << 20 };

struct planned {
    struct people_line *lines; /* two for each person at most */
    size_t count;
};

static int by_time(const void *a, const void *b)
{
    const struct people_line *one = a, *other = b;
    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    return one->revision - other->revision;
}

static void person_plan(const struct people *people, struct people_line place,
                        struct planned *planned)
{
    place.at = people_applies_at(people, place.number);
    place.revision = 1;
    planned->lines[planned->count++] = place;
    struct people_line again = place;
    again.revision = 2;
    if (people_mended(people, &place, &again.at))
        planned->lines[planned->count++] = again;
}

/* Employers take people in the order of their numbers, until there are no more. */
static enum outcome people_plan(const struct people *people, uint32_t count,
                                struct planned *planned, struct error *error)
{
    struct people_line place = {0};
    uint16_t left = 0;
    planned->lines = malloc(2 * (size_t)count * sizeof *planned->lines);
    if (planned->lines == NULL)
        return error_set(error, STOP, "cannot hold %" PRIu32 " people: no memory", count);
    for (place.number = 1; place.number <= count; place.number++) {
        if (left == 0) {
            uint16_t hires;
            if (people_hires(people, place.employer + 1, &hires, error) != OK)
                return REJECT;
            uint32_t rest = count - place.number + 1;
            place.hires = rest < hires ? (uint16_t)rest : hires;
            place.employer += hires > 0;
            place.first_hire = place.number;
            left = place.hires;
        }
        left = left > 0 ? (uint16_t)(left - 1) : 0;
        person_plan(people, place, planned);
    }
    qsort(planned->lines, planned->count, sizeof *planned->lines, by_time);
    return OK;
}

static enum outcome lines_write(const struct people *people, const struct planned *planned,
                                struct error *error)
{
    struct buffer line = {0};
    struct arena arena;
    enum outcome outcome = OK;
    if (!arena_init(&arena, LINE_ARENA))
        return error_set(error, STOP, "cannot reserve memory for a line");
    for (size_t i = 0; i < planned->count && outcome == OK; i++) {
        arena_reset(&arena);
        buffer_clear(&line);
        outcome = people_write(people, &planned->lines[i], &arena, &line, error);
        if (outcome == OK &&
            (buffer_failed(&line) || fwrite(line.data, 1, line.size, stdout) != line.size))
            outcome = error_set(error, STOP,
                                "could not write the applications: the output is closed");
        if (i % PROGRESS_LINES == 0)
            progress_show("applications written:", (int64_t)i, (int64_t)planned->count);
    }
    progress_end();
    buffer_release(&line);
    arena_release(&arena);
    if (outcome == OK && fflush(stdout) != 0)
        return error_set(error, STOP, "could not write the applications: the output is closed");
    return outcome;
}

int synthesize_people(struct call *call, const struct programme *programme, const char *path,
                      uint64_t seed, uint32_t count)
{
    struct buffer text = {0};
    struct people people = {0};
    struct planned planned = {0};
    struct error *error = &call->error;
    enum outcome outcome = file_read(path, &text, error);
    if (outcome == OK)
        outcome = people_read(buffer_slice(&text), seed, programme->utc_offset_minutes, &people,
                              error);
    if (outcome == OK && !slice_equal(people.programme, programme->id))
        outcome =
            error_set(error, REJECT, "the people of \"%s\" apply to \"%.64s\", not to \"%.*s\"",
                      path, people.programme.data, SLICE_ARGS(programme->id));
    if (outcome == OK)
        outcome = people_plan(&people, count, &planned, error);
    if (outcome == OK)
        outcome = lines_write(&people, &planned, error);
    free(planned.lines);
    people_release(&people);
    buffer_release(&text);
    return outcome == OK ? EXIT_DONE : call_fails(call, NULL);
}
