#include "worker/outputs.h"

#include "base/frame.h"
#include "base/position.h"
#include "decode/encode.h"
#include "decode/reading.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

uint8_t topic_index(const struct event_type *type)
{
    size_t index = 0;
    while (index < all_events_count && all_events[index] != type)
        index++;
    assert(index < all_events_count);
    return (uint8_t)index;
}

uint8_t topic_index_dead_letter(void)
{
    return (uint8_t)all_events_count;
}

static struct slice header_value(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->header_count; i++)
        if (slice_is(record->headers[i].name, name))
            return record->headers[i].value;
    return (struct slice){0};
}

enum { CAUSE_ID_SIZE = 1024, TRACEPARENT_SIZE = 55 /* W3C Trace Context, version 00 */ };

/* What a header must be to be kept beside a waiting event: short, and text. */
static bool id_usable(struct slice id)
{
    return id.size > 0 && id.size <= CAUSE_ID_SIZE && text_is_storable(id);
}

struct cause cause_of(const struct record *record, struct arena *arena)
{
    struct cause cause = {.source = header_value(record, "ce_source"),
                          .id = header_value(record, "ce_id"),
                          .traceparent = header_value(record, "traceparent"),
                          .timestamp_ms = record->timestamp_ms};
    /* Two senders that leave their name out may count alike: their topics tell them apart. */
    if (cause.source.size == 0)
        cause.source = slice_of(record->topic);
    if (cause.traceparent.size != TRACEPARENT_SIZE)
        cause.traceparent = (struct slice){0};
    if (!id_usable(cause.id)) {
        char place[TOPIC_NAME_SIZE + 64];
        snprintf(place, sizeof place, "%s/%" PRId32 "/%" PRId64, record->topic,
                 record->partition, record->offset);
        cause.source = SLICE("");
        cause.id = arena_copy(arena, slice_of(place));
    }
    return cause;
}

void outputs_clear(struct outputs *outputs)
{
    *outputs = (struct outputs){0};
    outputs->last = &outputs->first;
    outputs->last_timer = &outputs->first_timer;
}

bool outputs_add(struct outputs *outputs, struct arena *arena, const struct event_type *type,
                 void **event)
{
    struct output *output = arena_alloc(arena, sizeof *output);
    void *memory = arena_alloc(arena, type->record->size);
    if (output == NULL || memory == NULL)
        return false;
    *output = (struct output){.type = type, .event = memory};
    *outputs->last = output;
    outputs->last = &output->next;
    outputs->count++;
    *event = memory;
    return true;
}

bool outputs_add_timer(struct outputs *outputs, struct arena *arena, const char *kind,
                       const struct uuid *subject, instant_us due_at)
{
    struct output_timer *timer = arena_alloc(arena, sizeof *timer);
    if (timer == NULL)
        return false;
    *timer = (struct output_timer){.kind = kind, .subject = *subject, .due_at = due_at};
    *outputs->last_timer = timer;
    outputs->last_timer = &timer->next;
    return true;
}

/* The record key: the member that the schema names, ids as text. */
static struct slice output_key(const struct output *output,
                               char text[static UUID_TEXT_SIZE + 1])
{
    const struct field *field =
        record_type_field(output->type->record, slice_of(output->type->key));
    assert(field != NULL && (field->kind == FIELD_UUID || field->kind == FIELD_TEXT));
    if (field->kind == FIELD_TEXT)
        return *(const struct slice *)field_value(field, output->event);
    uuid_format(field_value(field, output->event), text);
    return (struct slice){text, UUID_TEXT_SIZE};
}

bool outputs_encode(const struct outputs *outputs, const char *service,
                    const struct cause *cause, struct buffer *scratch, struct buffer *payload)
{
    uint32_t index = 0;
    for (const struct output *output = outputs->first; output != NULL; output = output->next) {
        char key[UUID_TEXT_SIZE + 1], id_text[UUID_TEXT_SIZE + 1];
        struct uuid id = seal_event_id(slice_of(service), cause->source, cause->id, index++);
        uuid_format(&id, id_text);
        struct header headers[] = {{SLICE("ce_id"), {id_text, UUID_TEXT_SIZE}},
                                   {SLICE("traceparent"), cause->traceparent}};
        buffer_clear(scratch);
        encode_event(output->type, output->event, scratch);
        if (buffer_failed(scratch) || scratch->size > OUTPUT_BYTES)
            return false;
        if (!frame_append(payload,
                          &(struct frame){.topic = topic_index(output->type),
                                          .timestamp_ms = cause->timestamp_ms,
                                          .key = output_key(output, key),
                                          .value = buffer_slice(scratch),
                                          .headers = headers,
                                          .header_count = cause->traceparent.size > 0 ? 2 : 1}))
            return false;
    }
    return true;
}

enum { DEAD_LETTER_HEADERS = 7, KEPT_HEADERS = 8, KEPT_HEADER_SIZE = 1024 };

bool header_of_cause(const struct header *header)
{
    return slice_is(header->name, "ce_id") || slice_is(header->name, "ce_source") ||
           slice_is(header->name, "traceparent");
}

bool header_is_cloud_events(const struct header *header)
{
    return header->name.size > 3 && memcmp(header->name.data, "ce_", 3) == 0;
}

/* The sender's own CloudEvents headers travel on, so that the origin can be found; what is too long
 * to be one does not. */
static size_t keep_cloud_events(const struct record *record, struct header *headers)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->header_count && kept < KEPT_HEADERS; i++)
        if (header_is_cloud_events(&record->headers[i]) &&
            record->headers[i].name.size <= KEPT_HEADER_SIZE &&
            record->headers[i].value.size <= KEPT_HEADER_SIZE)
            headers[kept++] = record->headers[i];
    return kept;
}

bool dead_letter_encode(const char *service, const struct record *record, const char *reason,
                        const char *sentence, struct buffer *payload)
{
    char partition[16], offset[24], failed_at[24];
    snprintf(partition, sizeof partition, "%" PRId32, record->partition);
    snprintf(offset, sizeof offset, "%" PRId64, record->offset);
    snprintf(failed_at, sizeof failed_at, "%" PRId64, record->timestamp_ms);
    struct header headers[DEAD_LETTER_HEADERS + KEPT_HEADERS] = {
        {SLICE("kerja_topic"), slice_of(record->topic)},
        {SLICE("kerja_partition"), slice_of(partition)},
        {SLICE("kerja_offset"), slice_of(offset)},
        {SLICE("kerja_service"), slice_of(service)},
        {SLICE("kerja_reason"), slice_of(reason)},
        {SLICE("kerja_sentence"), slice_of(sentence)},
        {SLICE("kerja_failed_at"), slice_of(failed_at)},
    };
    size_t count =
        DEAD_LETTER_HEADERS + keep_cloud_events(record, headers + DEAD_LETTER_HEADERS);
    return frame_append(
        payload,
        &(struct frame){.topic = topic_index_dead_letter(),
                        .timestamp_ms = record->timestamp_ms,
                        .key = record->key.size <= UINT16_MAX ? record->key : (struct slice){0},
                        .value = record->value,
                        .headers = headers,
                        .header_count = count});
}
