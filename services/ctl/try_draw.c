/*
 * A draw over a made-up pool: the same ranking and walk as `kerja draw`.
 */
#include "try.h"

#include "draw.h"
#include "seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRIORITY_CODES = 16 };

static json_t *member(const json_t *json, const char *name)
{
    return json_object_get(json, name);
}

static struct slice text_of(const json_t *json)
{
    return (struct slice){json_string_value(json), json_string_length(json)};
}

/* Seats of the case, a number for the whole or an object by region; else the programme file's. */
static bool seats_read(struct trial *trial, struct draw *draw)
{
    json_t *seats = member(trial->json, "seats"), *value;
    const struct programme *programme = trial->programme;
    const char *region;
    size_t room = programme->seat_limit_count + json_object_size(seats) + 1;
    draw->seats = arena_alloc(trial->arena, room * sizeof *draw->seats);
    if (draw->seats == NULL || room > DRAW_SEATS)
        return trial_fault(trial, "there are more regions than %d", DRAW_SEATS);
    json_object_foreach(seats, region, value)
    {
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return trial_fault(trial, "\"seats\" must give whole numbers by region");
        draw->seats[draw->seat_count++] =
            (struct draw_seats){.region = slice_of(region), .seats = json_integer_value(value)};
    }
    if (json_is_integer(seats) && json_integer_value(seats) >= 0)
        draw->seats[draw->seat_count++] =
            (struct draw_seats){.region = SLICE("ALL"), .seats = json_integer_value(seats)};
    else if (seats != NULL && !json_is_object(seats))
        return trial_fault(trial, "\"seats\" must be a whole number, or numbers by region");
    if (seats != NULL)
        return true;
    for (size_t i = 0; i < programme->seat_limit_count; i++)
        if (programme->seat_limits[i].wave == trial->wave)
            draw->seats[draw->seat_count++] =
                (struct draw_seats){.region = programme->seat_limits[i].region,
                                    .seats = programme->seat_limits[i].seats};
    return true;
}

/* Family cards by name: numbers in the order in which they first appear, by a sorted list. */
struct card {
    struct slice name;
    size_t applicant;
};

static int card_compare(const void *a, const void *b)
{
    const struct card *one = a, *other = b;
    int order = slice_compare(one->name, other->name);
    if (order != 0)
        return order;
    return one->applicant < other->applicant ? -1 : one->applicant > other->applicant;
}

static bool families_read(struct trial *trial, struct draw *draw, const json_t *pool)
{
    struct card *cards = arena_alloc(trial->arena, (draw->count + 1) * sizeof *cards);
    draw->families = arena_alloc(trial->arena, (draw->count + 1) * sizeof *draw->families);
    size_t count = 0;
    uint32_t family = 0;
    if (cards == NULL || draw->families == NULL)
        return trial_fault(trial, "the pool is too large");
    for (size_t i = 0; i < draw->count; i++) {
        const json_t *card = member(json_array_get(pool, i), "family_card");
        if (json_is_string(card))
            cards[count++] = (struct card){text_of(card), i};
    }
    qsort(cards, count, sizeof *cards, card_compare);
    for (size_t i = 0; i < count; i++) {
        const json_t *awards =
            member(json_array_get(pool, cards[i].applicant), "family_card_awards");
        family += i == 0 || !slice_equal(cards[i].name, cards[i - 1].name);
        draw->applicants[cards[i].applicant].family = family;
        if (json_integer_value(awards) > draw->families[family].awards)
            draw->families[family].awards = (uint16_t)json_integer_value(awards);
    }
    return true;
}

static uint8_t class_of(const struct trial *trial, const json_t *priorities)
{
    struct slice wanted[VERDICT_PRIORITIES], has[PRIORITY_CODES];
    size_t wanted_count = wave_priorities(trial->programme, trial->wave, wanted), count = 0;
    for (; count < json_array_size(priorities) && count < PRIORITY_CODES; count++)
        has[count] = text_of(json_array_get(priorities, count));
    return draw_class(wanted, wanted_count, has, count);
}

/* A member of the wrong kind that was passed over would be another draw than the one that was meant. */
static bool applicant_check(struct trial *trial, const json_t *one, size_t number)
{
    static const char *const names[] = {"application_id", "region_code",        "priorities",
                                        "family_card",    "family_card_awards", NULL};
    const json_t *priorities = member(one, "priorities");
    char where[48];
    snprintf(where, sizeof where, "\"pool\": applicant %zu", number);
    if (!trial_members(trial, where, one, names))
        return false;
    snprintf(where, sizeof where, "\"pool\": applicant %zu: ", number);
    for (size_t i = 0; i < json_array_size(priorities); i++)
        if (!json_is_string(json_array_get(priorities, i)))
            return trial_fault(trial, "%s\"priorities\" must be a list of codes", where);
    if (priorities != NULL && !json_is_null(priorities) && !json_is_array(priorities))
        return trial_fault(trial, "%s\"priorities\" must be a list of codes", where);
    const char *id = json_string_value(member(one, "application_id"));
    if (id == NULL || *id == '\0')
        return trial_fault(trial, "\"pool\": applicant %zu has no application_id", number);
    return trial_text(trial, where, one, "region_code") &&
           trial_text(trial, where, one, "family_card") &&
           trial_number(trial, where, one, "family_card_awards", 0, UINT16_MAX);
}

static int ids_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Who stands twice would have two chances. */
static bool ids_check(struct trial *trial, const struct draw *draw)
{
    const char **ids = arena_alloc(trial->arena, (draw->count + 1) * sizeof *ids);
    if (ids == NULL)
        return trial_fault(trial, "the pool is too large");
    for (size_t i = 0; i < draw->count; i++)
        ids[i] = draw->applicants[i].application_id;
    qsort(ids, draw->count, sizeof *ids, ids_compare);
    for (size_t i = 1; i < draw->count; i++)
        if (strcmp(ids[i - 1], ids[i]) == 0)
            return trial_fault(trial, "\"pool\": the application_id \"%.60s\" stands twice",
                               ids[i]);
    return true;
}

static bool pool_read(struct trial *trial, struct draw *draw)
{
    const json_t *pool = member(trial->json, "pool");
    if (!json_is_array(pool))
        return trial_fault(trial, "\"pool\" must be a list of applicants");
    draw->count = json_array_size(pool);
    draw->applicants = arena_alloc(trial->arena, (draw->count + 1) * sizeof *draw->applicants);
    if (draw->applicants == NULL)
        return trial_fault(trial, "the pool is too large");
    for (size_t i = 0; i < draw->count; i++) {
        const json_t *one = json_array_get(pool, i);
        if (!applicant_check(trial, one, i + 1))
            return false;
        draw->applicants[i] = (struct draw_applicant){
            .application_id = json_string_value(member(one, "application_id")),
            .seats = draw_seats_find(draw->seats, draw->seat_count,
                                     text_of(member(one, "region_code"))),
            .priority_class = class_of(trial, member(one, "priorities"))};
    }
    draw->family_limit = (uint32_t)trial->programme->family_card_limit;
    return ids_check(trial, draw) && families_read(trial, draw, pool);
}

static json_t *list_json(const struct draw *draw)
{
    json_t *list = json_array();
    for (size_t i = 0; i < draw->count; i++) {
        const struct draw_applicant *applicant = &draw->applicants[i];
        char digest[17];
        json_t *one = json_object();
        snprintf(digest, sizeof digest, "%016" PRIx64, applicant->digest);
        json_object_set_new(one, "rank", json_integer((json_int_t)i + 1));
        json_object_set_new(one, "application_id", json_string(applicant->application_id));
        json_object_set_new(one, "class", json_integer(applicant->priority_class));
        json_object_set_new(one, "digest", json_string(digest));
        json_object_set_new(one, "selected", json_boolean(applicant->selected));
        json_array_append_new(list, one);
    }
    return list;
}

bool trial_draw(struct trial *trial, json_t *answer)
{
    struct draw draw = {0};
    struct seed seed;
    if (!trial->has_wave)
        return trial_fault(trial, "expected \"wave\": a draw is of one wave");
    if (scheme_for_wave(trial->programme, trial->wave) == NULL)
        return trial_fault(trial, "the programme file has no wave %d", trial->wave);
    if (!seed_parse(text_of(member(trial->json, "seed")), &seed))
        return trial_fault(trial, "\"seed\" must be 64 hex digits");
    memcpy(draw.seed, seed.bytes, sizeof draw.seed);
    if (!seats_read(trial, &draw) || !pool_read(trial, &draw))
        return false;
    size_t selected;
    if (!draw_run(&draw, &selected))
        return trial_fault(trial, "the pool is too large");
    json_object_set_new(answer, "verdict", json_string("PASS"));
    json_object_set_new(answer, "seed_sha256", json_string(seed.sha256));
    json_object_set_new(answer, "pooled", json_integer((json_int_t)draw.count));
    json_object_set_new(answer, "selected", json_integer((json_int_t)selected));
    json_object_set_new(answer, "list", list_json(&draw));
    return true;
}
