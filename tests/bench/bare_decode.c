/*
 * bare_decode - what reading one application.submitted costs: with Avro C alone, generic values
 * and its default allocator, and as our struct by common/decode.
 *
 * Prints `bare_decode_us_per_event=` and `kerja_decode_us_per_event=`, the medians of several
 * rounds; both read the same bytes with all 39 members present.
 */
#include "decode/decode.h"
#include "decode/encode.h"
#include "sample_event.h"
#include "schemas/events.h"

#include <avro.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    ROUNDS = 9,
    EVENTS_A_ROUND = 20000,
    FRAME_SIZE = 10,
    ARENA_CAPACITY = 64 << 20,
    EVENTS_A_BATCH = 5000
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static bool bare_round(avro_value_iface_t *class, struct slice body)
{
    for (int i = 0; i < EVENTS_A_ROUND; i++) {
        avro_value_t value;
        avro_reader_t reader = avro_reader_memory(body.data, (int64_t)body.size);
        bool read =
            avro_generic_value_new(class, &value) == 0 && avro_value_read(reader, &value) == 0;
        avro_value_decref(&value);
        avro_reader_free(reader);
        if (!read)
            return false;
    }
    return true;
}

static bool kerja_round(struct decoder *decoder, struct slice framed, struct arena *arena)
{
    struct decode_failure failure;
    for (int i = 0; i < EVENTS_A_ROUND; i++) {
        struct application_submitted application;
        if (i % EVENTS_A_BATCH == 0)
            arena_reset(arena);
        if (decoder_decode(decoder, &application_submitted_event, framed, arena, &application,
                           &failure) != OK)
            return false;
    }
    return true;
}

int main(void)
{
    const struct event_type *type = &application_submitted_event;
    struct sample_event sample;
    struct buffer buffer = {0};
    struct error error;
    struct arena arena;
    avro_schema_t schema;
    double bare[ROUNDS], kerja[ROUNDS];

    sample_event_fill(&sample);
    encode_event(type, &sample.application, &buffer);
    struct slice framed = buffer_slice(&buffer);
    struct slice body = {framed.data + FRAME_SIZE, framed.size - FRAME_SIZE};
    struct decoder *decoder = decoder_new(&type, 1, &error);
    if (decoder == NULL || !arena_init(&arena, ARENA_CAPACITY) ||
        avro_schema_from_json_length(type->schemas[0].json, strlen(type->schemas[0].json),
                                     &schema) != 0)
        return EXIT_FAILURE;
    avro_value_iface_t *class = avro_generic_class_from_schema(schema);

    for (int i = 0; i < ROUNDS; i++) {
        double start = now_us();
        if (!bare_round(class, body))
            return EXIT_FAILURE;
        double middle = now_us();
        if (!kerja_round(decoder, framed, &arena))
            return EXIT_FAILURE;
        bare[i] = (middle - start) / EVENTS_A_ROUND;
        kerja[i] = (now_us() - middle) / EVENTS_A_ROUND;
    }
    qsort(bare, ROUNDS, sizeof *bare, by_size);
    qsort(kerja, ROUNDS, sizeof *kerja, by_size);
    printf("bare_decode_us_per_event=%.2f\n", bare[ROUNDS / 2]);
    printf("kerja_decode_us_per_event=%.2f\n", kerja[ROUNDS / 2]);
    avro_value_iface_decref(class);
    avro_schema_decref(schema);
    decoder_free(decoder);
    arena_release(&arena);
    buffer_release(&buffer);
    return EXIT_SUCCESS;
}
