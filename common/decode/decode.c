#include "decode/decode.h"

#include "decode/plan.h"
#include "decode/reading.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

enum {
    ID_BOUND = 1024,           /* Confluent ids that can be known               */
    FINGERPRINT_FRAME = 2 + 8, /* C3 01, fingerprint in little-endian            */
    ID_FRAME = 1 + 4           /* 00, id in big-endian                           */
};

struct writer {
    const struct event_type *event;
    uint64_t fingerprint;
    struct plan *plan;
};

struct known_id {
    uint32_t id;
    uint64_t fingerprint;
};

struct decoder {
    struct writer *writers; /* those of one event stand together */
    size_t writer_count;
    struct known_id ids[ID_BOUND];
    size_t id_count;
};

const char *decode_reason_name(enum decode_reason reason)
{
    switch (reason) {
    case DECODE_NO_VALUE:
        return "NO_VALUE";
    case DECODE_UNKNOWN_FRAMING:
        return "UNKNOWN_FRAMING";
    case DECODE_UNKNOWN_SCHEMA:
        return "UNKNOWN_SCHEMA";
    case DECODE_TRUNCATED:
        return "TRUNCATED";
    case DECODE_TRAILING_BYTES:
        return "TRAILING_BYTES";
    case DECODE_MALFORMED:
        return "MALFORMED";
    case DECODE_WRONG_TYPE:
        return "WRONG_TYPE";
    case DECODE_BAD_UUID:
        return "BAD_UUID";
    case DECODE_BAD_DECIMAL:
        return "BAD_DECIMAL";
    case DECODE_BAD_TIME:
        return "BAD_TIME";
    case DECODE_BAD_UTF8:
        return "BAD_UTF8";
    case DECODE_ARENA_FULL:
        return "ARENA_FULL";
    }
    return "MALFORMED";
}

static const char *reason_sentence(enum decode_reason reason)
{
    switch (reason) {
    case DECODE_TRUNCATED:
        return "the bytes end inside it";
    case DECODE_TRAILING_BYTES:
        return "bytes are left after the record";
    case DECODE_MALFORMED:
        return "a length, branch or symbol that no writer produces";
    case DECODE_WRONG_TYPE:
        return "the writer's type cannot be read as ours";
    case DECODE_BAD_UUID:
        return "not a uuid";
    case DECODE_BAD_DECIMAL:
        return "not an amount of at most 18 digits";
    case DECODE_BAD_TIME:
        return "a day before 1700, a time before 2000, or either after 2199";
    case DECODE_BAD_UTF8:
        return "not UTF-8, or a NUL in it";
    case DECODE_ARENA_FULL:
        return "the batch outgrows its memory";
    case DECODE_NO_VALUE:
    case DECODE_UNKNOWN_FRAMING:
    case DECODE_UNKNOWN_SCHEMA:
        break;
    }
    return "cannot be read";
}

struct decoder *decoder_new(const struct event_type *const *events, size_t count,
                            struct error *error)
{
    size_t writers = 0;
    for (size_t i = 0; i < count; i++)
        writers += events[i]->schema_count;
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder != NULL)
        decoder->writers = calloc(writers + 1, sizeof *decoder->writers);
    if (decoder == NULL || decoder->writers == NULL) {
        error_set(error, STOP, "cannot make a decoder: no memory");
        decoder_free(decoder);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < events[i]->schema_count; j++) {
            const struct writer_schema *schema = &events[i]->schemas[j];
            struct plan *plan = plan_new(schema->json, events[i]->record, error);
            if (plan == NULL) {
                error_wrap(error, STOP, "topic \"%s\"", events[i]->topic);
                decoder_free(decoder);
                return NULL;
            }
            decoder->writers[decoder->writer_count++] =
                (struct writer){events[i], schema->fingerprint, plan};
        }
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    for (size_t i = 0; i < decoder->writer_count; i++)
        plan_free(decoder->writers[i].plan);
    free(decoder->writers);
    free(decoder);
}

bool decoder_know_id(struct decoder *decoder, uint32_t schema_id, uint64_t fingerprint)
{
    bool known = false;
    for (size_t i = 0; i < decoder->writer_count; i++)
        known = known || decoder->writers[i].fingerprint == fingerprint;
    if (!known || decoder->id_count == ID_BOUND)
        return false;
    decoder->ids[decoder->id_count++] = (struct known_id){schema_id, fingerprint};
    return true;
}

static enum outcome fail(struct decode_failure *failure, enum decode_reason reason,
                         const char *sentence)
{
    failure->reason = reason;
    return error_set(&failure->error, REJECT, "%s", sentence);
}

static bool find_id(const struct decoder *decoder, uint32_t id, uint64_t *fingerprint)
{
    for (size_t i = 0; i < decoder->id_count; i++)
        if (decoder->ids[i].id == id) {
            *fingerprint = decoder->ids[i].fingerprint;
            return true;
        }
    return false;
}

static uint64_t big_endian(const unsigned char *bytes, int size)
{
    uint64_t number = 0;
    for (int i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

static uint64_t little_endian(const unsigned char *bytes, int size)
{
    uint64_t number = 0;
    for (int i = size - 1; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

/* Takes the frame off and says which schema wrote the body. */
static enum outcome unframe(const struct decoder *decoder, struct slice framed,
                            struct slice *body, uint64_t *fingerprint,
                            struct decode_failure *failure)
{
    const unsigned char *bytes = (const unsigned char *)framed.data;
    size_t frame = FINGERPRINT_FRAME;
    if (framed.size == 0)
        return fail(failure, DECODE_NO_VALUE, "cannot read a record without a value");
    if (bytes[0] == 0)
        frame = ID_FRAME;
    else if (bytes[0] != 0xc3 || (framed.size > 1 && bytes[1] != 1))
        return fail(failure, DECODE_UNKNOWN_FRAMING,
                    "cannot read a value that begins neither with C3 01 nor with 00");
    if (framed.size < frame)
        return fail(failure, DECODE_TRUNCATED, "cannot read a value that ends in its frame");
    if (frame == FINGERPRINT_FRAME) {
        *fingerprint = little_endian(bytes + 2, 8);
    } else if (!find_id(decoder, (uint32_t)big_endian(bytes + 1, 4), fingerprint)) {
        failure->reason = DECODE_UNKNOWN_SCHEMA;
        return error_set(&failure->error, REJECT, "cannot read schema id %u: nobody named it",
                         (unsigned)big_endian(bytes + 1, 4));
    }
    *body = (struct slice){framed.data + frame, framed.size - frame};
    return OK;
}

static enum outcome find_writer(const struct decoder *decoder, const struct event_type *type,
                                uint64_t fingerprint, const struct plan **plan,
                                struct decode_failure *failure)
{
    bool known = false;
    for (size_t i = 0; i < decoder->writer_count; i++) {
        const struct writer *writer = &decoder->writers[i];
        if (writer->event != type)
            continue;
        known = true;
        if (writer->fingerprint == fingerprint) {
            *plan = writer->plan;
            return OK;
        }
    }
    failure->reason = DECODE_UNKNOWN_SCHEMA;
    if (!known)
        return error_set(&failure->error, STOP, "cannot decode \"%s\": not one of ours",
                         type->topic);
    return error_set(&failure->error, REJECT,
                     "cannot read \"%s\" written with schema %016" PRIx64, type->topic,
                     fingerprint);
}

/* The body is copied once, and texts point into the copy: the record may be given back. */
static enum outcome read_body(const struct plan *plan, const struct event_type *type,
                              struct slice body, struct arena *arena, void *event,
                              struct decode_failure *failure)
{
    struct reading reading;
    bool read = reading_begin(&reading, body, arena);
    void *record = read ? arena_alloc(arena, type->record->size) : NULL;
    read = record != NULL && plan_read(plan, &reading, record);
    if (read && reading.at != reading.end)
        read = reading_fails(&reading, DECODE_TRAILING_BYTES, type->record->name);
    if (read) {
        memcpy(event, record, type->record->size);
        return OK;
    }
    failure->reason = reading.reason;
    return error_set(&failure->error, reading.reason == DECODE_ARENA_FULL ? RETRY : REJECT,
                     "cannot read \"%s\" of \"%s\": %s",
                     reading.member == NULL ? type->record->name : reading.member, type->topic,
                     reason_sentence(reading.reason));
}

enum outcome decoder_decode(struct decoder *decoder, const struct event_type *type,
                            struct slice framed, struct arena *arena, void *event,
                            struct decode_failure *failure)
{
    struct slice body = {0};
    uint64_t fingerprint = 0;
    const struct plan *plan = NULL;
    assert(decoder != NULL && event != NULL && failure != NULL);

    enum outcome outcome = unframe(decoder, framed, &body, &fingerprint, failure);
    if (outcome == OK)
        outcome = find_writer(decoder, type, fingerprint, &plan, failure);
    if (outcome != OK)
        return outcome;
    size_t mark = arena_mark(arena);
    outcome = read_body(plan, type, body, arena, event, failure);
    if (outcome != OK)
        arena_rewind(arena, mark);
    return outcome;
}
