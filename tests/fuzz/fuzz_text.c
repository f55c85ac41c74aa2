/*
 * fuzz_text - the small texts that people, files and Kafka give us: ids, days, instants, positions, tags, seeds,
 * the description of a draw. What is accepted is written again to the same text, or means the same.
 */
#include "base/calendar.h"
#include "base/uuid.h"
#include "draw.h"
#include "fuzz.h"
#include "letter.h"
#include "national_id.h"
#include "seed.h"
#include "subject_id.h"
#include "worker/tag.h"

enum { EPOCH = 100, CODES = 8 };

static void check_ids(struct slice text, const char *terminated)
{
    char formatted[UUID_TEXT_SIZE + 1];
    struct uuid uuid, again;
    struct slice country, national_id;
    if (uuid_parse(text, &uuid)) {
        uuid_format(&uuid, formatted);
        must(text.size == UUID_TEXT_SIZE && uuid_parse(slice_of(formatted), &again));
        must(uuid_equal(&uuid, &again));
    }
    const char *id = subject_id_uuid(terminated);
    must(id == NULL || id[0] == '\0' || !subject_id_is_national(id) || strlen(id) <= text.size);
    if (national_id_line(text, NULL, &country, &national_id)) {
        must(country.size == 2 && national_id.size > 0);
        must(national_id.data >= text.data &&
             national_id.data + national_id.size <= text.data + text.size);
    }
}

static void check_times(struct slice text)
{
    char day_text[DAY_TEXT_SIZE + 1], instant_text[INSTANT_TEXT_SIZE + 1];
    epoch_day day, day_again;
    instant_us instant, instant_again;
    int minutes;
    if (day_parse(text, &day)) {
        day_format(day, day_text);
        must(slice_is(text, day_text) && day_parse(slice_of(day_text), &day_again));
        must(day == day_again);
    }
    if (instant_parse(text, &instant)) {
        instant_format(instant, instant_text);
        must(instant_parse(slice_of(instant_text), &instant_again));
        must(instant == instant_again);
    }
    zone_offset_minutes(text, &minutes);
}

static void check_places(const char *text)
{
    static const struct identity identity = {"application", 7};
    char again[TAG_SIZE];
    int32_t partition;
    int64_t offset;
    if (letter_place_read(text, &partition, &offset))
        must(partition >= 0 && offset >= 0);
    if (!tag_is_ours(&identity, EPOCH, text))
        return;
    /* Nothing but what we write ourselves is believed. */
    bool written = false;
    for (int64_t epoch = 0; epoch <= EPOCH && !written; epoch++) {
        tag_format(&identity, epoch, again);
        written = strcmp(again, text) == 0;
    }
    must(written);
}

static void check_draw(struct slice text)
{
    char hex[2 * DRAW_SEED_SIZE + 1];
    struct seed seed, again;
    struct slice rest = text, codes[CODES], first = slice_take(&rest, ' ');
    size_t count = 0;
    while (count < CODES && rest.size > 0)
        codes[count++] = slice_take(&rest, ' ');
    if (seed_parse(first, &seed)) {
        seed_hex(&seed, hex);
        must(seed_parse(slice_of(hex), &again));
        must(memcmp(seed.bytes, again.bytes, sizeof seed.bytes) == 0);
        draw_digest(seed.bytes, text);
    }
    must(draw_class(codes, count, codes, count) == 0);
    must(draw_class(codes, count, NULL, 0) <= count);
    struct draw_seats seats[CODES];
    for (size_t i = 0; i < count; i++)
        seats[i] = (struct draw_seats){.region = codes[i], .seats = 1};
    uint16_t found = draw_seats_find(seats, count, first);
    must(found == DRAW_NO_SEATS || found < count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *terminated = malloc(size + 1);
    must(terminated != NULL);
    if (size > 0)
        memcpy(terminated, data, size);
    terminated[size] = '\0';
    struct slice text = {terminated, size};
    check_ids(text, terminated);
    check_times(text);
    check_places(terminated);
    check_draw(text);
    free(terminated);
    return 0;
}
