/*
 * fuzz_json - events as people write them: what is accepted is written and read again to the same event.
 *
 * The first byte picks the event; the rest is its JSON.
 */
#include "decode/encode.h"
#include "decode/json.h"
#include "fuzz.h"
#include "schemas/events.h"

enum { ARENA_CAPACITY = 8 << 20, EVENT_SIZE = 1 << 14 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    static _Alignas(max_align_t) char event[EVENT_SIZE], again[EVENT_SIZE];
    struct buffer once = {0}, twice = {0}, json = {0};
    struct error error = {0};
    if (arena.base == NULL)
        must(arena_init(&arena, ARENA_CAPACITY));
    arena_reset(&arena);
    if (size == 0)
        return 0;
    const struct event_type *type = all_events[data[0] % all_events_count];
    must(type->record->size <= EVENT_SIZE);
    enum outcome outcome =
        event_from_json(type, slice_of_input(data + 1, size - 1), &arena, event, &error);
    must(outcome == OK || error.text[0] != '\0');
    if (outcome != OK)
        return 0;
    encode_event(type, event, &once);
    record_to_json(type->record, event, false, &json);
    must(event_from_json(type, buffer_slice(&json), &arena, again, &error) == OK);
    encode_event(type, again, &twice);
    must(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
    buffer_release(&once);
    buffer_release(&twice);
    buffer_release(&json);
    return 0;
}
