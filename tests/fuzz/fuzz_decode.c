/*
 * fuzz_decode - what decoding promises for any bytes.
 *
 * The first byte picks the event, one past ours being an event of foreign writers. If the second is odd, the rest is
 * a body behind the right frame, else it is a list of changes {position, byte} to a good application; its other bits
 * pick the writer's schema, and its highest Confluent's frame. Whatever is accepted must be encoded and read
 * again to the same bytes, and Avro C must be able to read what we encode.
 */
#include "decode/decode.h"
#include "decode/encode.h"
#include "decode/json.h"
#include "fuzz.h"
#include "moved_event.h"
#include "sample_event.h"

#include <avro.h>

enum {
    FRAME_SIZE = 10,
    ARENA_CAPACITY = 4 << 20,
    EVENT_SIZE = 1 << 14,
    EVENTS = 64,
    VERSIONS = 16
};

static struct decoder *decoder;
static struct arena arena;

static const struct event_type *events[EVENTS];
static size_t event_count;

static void start(void)
{
    struct error error;
    must(all_events_count < EVENTS);
    memcpy(events, all_events, all_events_count * sizeof *all_events);
    events[all_events_count] = &moved_event;
    event_count = all_events_count + 1;
    decoder = decoder_new(events, event_count, &error);
    must(decoder != NULL && arena_init(&arena, ARENA_CAPACITY));
    for (uint32_t i = 0; i < event_count; i++)
        for (uint32_t v = 0; v < events[i]->schema_count; v++)
            must(decoder_know_id(decoder, i * VERSIONS + v, events[i]->schemas[v].fingerprint));
}

static void avro_c_reads(const struct event_type *type, struct slice framed)
{
    static const struct event_type *last;
    static avro_value_iface_t *class;
    avro_schema_t schema;
    avro_value_t value;
    char behind;
    if (last != type) {
        if (class != NULL)
            avro_value_iface_decref(class);
        must(avro_schema_from_json_length(type->schemas[0].json, strlen(type->schemas[0].json),
                                          &schema) == 0);
        class = avro_generic_class_from_schema(schema);
        avro_schema_decref(schema);
        last = type;
    }
    avro_reader_t reader =
        avro_reader_memory(framed.data + FRAME_SIZE, (int64_t)(framed.size - FRAME_SIZE));
    must(avro_generic_value_new(class, &value) == 0);
    must(avro_value_read(reader, &value) == 0);
    must(avro_read(reader, &behind, 1) != 0); /* nothing is left */
    avro_value_decref(&value);
    avro_reader_free(reader);
}

static void check(const struct event_type *type, struct slice framed)
{
    static _Alignas(max_align_t) char event[EVENT_SIZE], again[EVENT_SIZE];
    struct decode_failure failure;
    struct buffer once = {0}, twice = {0}, json = {0};
    must(type->record->size <= EVENT_SIZE);
    if (decoder_decode(decoder, type, framed, &arena, event, &failure) != OK)
        return;
    record_to_json(type->record, event, true, &json);
    buffer_release(&json);
    if (type == &moved_event) /* nobody of our release writes it */
        return;
    encode_event(type, event, &once);
    must(decoder_decode(decoder, type, buffer_slice(&once), &arena, again, &failure) == OK);
    encode_event(type, again, &twice);
    must(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
    avro_c_reads(type, buffer_slice(&once));
    buffer_release(&once);
    buffer_release(&twice);
}

static void check_changed(const uint8_t *data, size_t size)
{
    struct sample_event sample;
    struct buffer buffer = {0};
    sample_event_fill(&sample);
    encode_event(&application_submitted_event, &sample.application, &buffer);
    for (size_t i = 0; i + 2 < size; i += 3)
        buffer.data[(data[i] << 8 | data[i + 1]) % buffer.size] = (char)data[i + 2];
    check(&application_submitted_event, buffer_slice(&buffer));
    buffer_release(&buffer);
}

static void check_body(uint32_t index, uint8_t how, const uint8_t *data, size_t size)
{
    const struct event_type *type = events[index];
    uint32_t version = (how >> 1 & 0x3f) % (uint32_t)type->schema_count;
    struct buffer buffer = {0};
    must(type->schema_count <= VERSIONS);
    if ((how & 0x80) != 0) {
        uint32_t id = index * VERSIONS + version;
        const unsigned char head[] = {0, 0, 0, (unsigned char)(id >> 8), (unsigned char)id};
        buffer_append(&buffer, head, sizeof head);
    } else {
        buffer_append(&buffer, "\xc3\x01", 2);
        buffer_append_u64(&buffer, type->schemas[version].fingerprint);
    }
    buffer_append(&buffer, data, size);
    check(type, buffer_slice(&buffer));
    buffer_release(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (decoder == NULL)
        start();
    arena_reset(&arena);
    if (size < 2)
        return 0;
    if (data[1] % 2 == 1)
        check_body((uint32_t)(data[0] % event_count), data[1], data + 2, size - 2);
    else
        check_changed(data + 2, size - 2);
    return 0;
}
