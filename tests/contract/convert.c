/*
 * convert - Kerja's own encoding for the contract tests: `convert encode|decode TOPIC`.
 *
 * `encode` reads JSON lines and writes each as a framed value in base16, one a line;
 * `decode` reads such lines and writes JSON. A line that is refused is answered with "! "
 * and the reason.
 */
#include "base/buffer.h"
#include "decode/decode.h"
#include "decode/encode.h"
#include "decode/json.h"
#include "schemas/events.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_CAPACITY = 16 << 20, EVENT_SIZE = 1 << 14 };

static const struct event_type *find_event(const char *topic)
{
    for (size_t i = 0; i < all_events_count; i++)
        if (strcmp(all_events[i]->topic, topic) == 0)
            return all_events[i];
    return NULL;
}

static void print_base16(struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        printf("%02x", (unsigned)(unsigned char)bytes.data[i]);
    printf("\n");
}

static size_t from_base16(char *line, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        char pair[] = {line[2 * i], line[2 * i + 1], '\0'};
        line[i] = (char)strtol(pair, NULL, 16);
    }
    return size / 2;
}

static void encode_line(const struct event_type *type, struct slice line, struct arena *arena,
                        void *event)
{
    struct error error;
    struct buffer buffer = {0};
    if (event_from_json(type, line, arena, event, &error) != OK) {
        printf("! %s\n", error.text);
        return;
    }
    encode_event(type, event, &buffer);
    print_base16(buffer_slice(&buffer));
    buffer_release(&buffer);
}

static void decode_line(struct decoder *decoder, const struct event_type *type,
                        struct slice value, struct arena *arena, void *event)
{
    struct decode_failure failure;
    struct buffer buffer = {0};
    if (decoder_decode(decoder, type, value, arena, event, &failure) != OK) {
        printf("! %s %s\n", decode_reason_name(failure.reason), failure.error.text);
        return;
    }
    record_to_json(type->record, event, false, &buffer);
    printf("%.*s\n", SLICE_ARGS(buffer_slice(&buffer)));
    buffer_release(&buffer);
}

int main(int argc, char **argv)
{
    static _Alignas(max_align_t) char event[EVENT_SIZE];
    struct error error;
    struct arena arena;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    const struct event_type *type = argc == 3 ? find_event(argv[2]) : NULL;
    struct decoder *decoder = decoder_new(all_events, all_events_count, &error);
    if (type == NULL || decoder == NULL || type->record->size > EVENT_SIZE ||
        !arena_init(&arena, ARENA_CAPACITY)) {
        fprintf(stderr, "usage: convert encode|decode TOPIC\n");
        return EXIT_FAILURE;
    }
    while ((size = getline(&line, &capacity, stdin)) > 0) {
        arena_reset(&arena);
        size -= line[size - 1] == '\n';
        if (strcmp(argv[1], "encode") == 0)
            encode_line(type, (struct slice){line, (size_t)size}, &arena, event);
        else
            decode_line(decoder, type, (struct slice){line, from_base16(line, (size_t)size)},
                        &arena, event);
    }
    free(line);
    arena_release(&arena);
    decoder_free(decoder);
    return EXIT_SUCCESS;
}
