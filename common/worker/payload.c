/*
 * payload - what the outbox and the waiting store keep: frames, sealed.
 *
 * A payload is a version byte, the hash of the list of topics that frames name by index, and the
 * sealed frames. It is bound to its service, its table and the record it came from, so a payload copied to
 * another row, table or service does not open.
 */
#include "schemas/events.h"
#include "seal/digest.h"
#include "worker/worker.h"

#include <inttypes.h>
#include <stdio.h>

enum { PAYLOAD_VERSION = 1, TOPIC_HASH_SIZE = PAYLOAD_HEAD - 1 };

/* The hash of all topic names in their order. */
static const unsigned char *topic_hash(void)
{
    static _Thread_local struct digest digest;
    static _Thread_local bool known;
    if (!known) {
        struct slice names[UINT8_MAX];
        for (size_t i = 0; i < all_events_count; i++)
            names[i] = slice_of(all_events[i]->topic);
        digest = sha256_parts(names, all_events_count);
        known = true;
    }
    return digest.bytes;
}

static struct seal_place place_of(const struct payload_row *row)
{
    char offset[48];
    snprintf(offset, sizeof offset, "%" PRId32 "/%" PRId64, row->at->partition, row->offset);
    struct seal_place place = {.table = row->table, .column = "payload"};
    struct slice parts[] = {slice_of(row->service), slice_of(row->at->topic), slice_of(offset)};
    struct digest digest = sha256_parts(parts, sizeof parts / sizeof *parts);
    memcpy(place.row.bytes, digest.bytes, sizeof place.row.bytes);
    return place;
}

bool payload_seal(struct worker *worker, const struct payload_row *row, struct slice frames,
                  struct buffer *payload)
{
    struct seal_place place = place_of(row);
    buffer_append_byte(payload, PAYLOAD_VERSION);
    buffer_append(payload, topic_hash(), TOPIC_HASH_SIZE);
    return seal_seal(worker->seal, &place, frames, payload, &worker->error) == OK &&
           !buffer_failed(payload);
}

enum outcome payload_unseal(const struct seal *seal, const struct payload_row *row,
                            struct slice payload, struct buffer *frames, struct error *error)
{
    struct seal_place place = place_of(row);
    if (payload.size < PAYLOAD_HEAD || payload.data[0] != PAYLOAD_VERSION)
        return error_set(error, STOP, "cannot read a payload of %s: not of version %d",
                         row->table, PAYLOAD_VERSION);
    if (memcmp(payload.data + 1, topic_hash(), TOPIC_HASH_SIZE) != 0)
        return error_set(error, STOP,
                         "cannot read a payload of %s: it names topics of another release; "
                         "let the release that wrote it publish it first",
                         row->table);
    struct slice sealed = {payload.data + PAYLOAD_HEAD, payload.size - PAYLOAD_HEAD};
    return seal_unseal(seal, &place, sealed, frames, error);
}
