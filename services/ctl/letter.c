#include "letter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_BASE = 10 };

static struct slice value_of(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->header_count; i++)
        if (slice_is(record->headers[i].name, name))
            return record->headers[i].value;
    return (struct slice){0};
}

struct letter letter_of(const struct record *record)
{
    return (struct letter){.record = *record,
                           .service = value_of(record, "kerja_service"),
                           .reason = value_of(record, "kerja_reason"),
                           .sentence = value_of(record, "kerja_sentence"),
                           .topic = value_of(record, "kerja_topic"),
                           .partition = value_of(record, "kerja_partition"),
                           .offset = value_of(record, "kerja_offset")};
}

static bool number_read(const char *text, char end, int64_t most, int64_t *number,
                        const char **behind)
{
    char *stop;
    if (*text < '0' || *text > '9')
        return false;
    *number = strtoll(text, &stop, NUMBER_BASE);
    *behind = stop + 1;
    return *stop == end && *number <= most;
}

bool letter_place_read(const char *text, int32_t *partition, int64_t *offset)
{
    int64_t first, second;
    const char *behind;
    if (!number_read(text, ':', INT32_MAX, &first, &behind) ||
        !number_read(behind, '\0', INT64_MAX - 1, &second, &behind))
        return false;
    *partition = (int32_t)first;
    *offset = second;
    return true;
}

static bool is_ours(struct slice name)
{
    return name.size > 6 && memcmp(name.data, "kerja_", 6) == 0;
}

size_t letter_headers(const struct letter *letter, struct header *headers,
                      char id[static LETTER_ID_SIZE])
{
    size_t count = 0;
    const struct record *record = &letter->record;
    for (size_t i = 0; i < record->header_count && count < RECORD_HEADERS - 1; i++)
        if (!is_ours(record->headers[i].name) && !slice_is(record->headers[i].name, "ce_id"))
            headers[count++] = record->headers[i];
    struct slice own = value_of(record, "ce_id");
    if (own.size == 0) {
        snprintf(id, LETTER_ID_SIZE, "%.*s/%.*s/%.*s", SLICE_ARGS(letter->topic),
                 SLICE_ARGS(letter->partition), SLICE_ARGS(letter->offset));
        own = slice_of(id);
    }
    headers[count++] = (struct header){SLICE("ce_id"), own};
    return count;
}
