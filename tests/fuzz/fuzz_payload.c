/*
 * fuzz_payload - what the outbox keeps: a payload opens where it was sealed and as it was, and nowhere and in no
 * other way.
 *
 * The first byte tells: an even one that the rest is a payload that somebody made up; an odd one that
 * a sealed payload is changed by a list {place, place, byte}, its row by the byte's second bit.
 */
#include "base/frame.h"
#include "fuzz.h"
#include "seal/seal.h"
#include "worker/worker.h"

enum { CHANGE_SIZE = 3 };

static struct worker *worker;
static struct buffer sealed, clear;
static const struct topic_partition partition = {"application.submitted", 3};
static const struct payload_row here = {"application", "outbox", &partition, 1207};

static void start(void)
{
    struct seal_secrets secrets = {.key_count = 2, .keys = {{.id = 2}, {.id = 1}}};
    struct header header = {SLICE("ce_id"), SLICE("id")};
    struct frame frame = {.topic = 1,
                          .timestamp_ms = 5,
                          .key = SLICE("key"),
                          .value = SLICE("value"),
                          .headers = &header,
                          .header_count = 1};
    must((worker = calloc(1, sizeof *worker)) != NULL);
    must((worker->seal = seal_open(&secrets, &worker->error)) != NULL);
    must(frame_append(&clear, &frame) && frame_append(&clear, &frame));
    must(payload_seal(worker, &here, buffer_slice(&clear), &sealed));
}

static void check(const struct payload_row *row, struct slice payload, bool whole)
{
    struct buffer frames = {0};
    struct error error = {0};
    enum outcome outcome = payload_unseal(worker->seal, row, payload, &frames, &error);
    must((outcome == OK) == whole);
    must(outcome == OK || error.text[0] != '\0');
    must(outcome != OK || slice_equal(buffer_slice(&frames), buffer_slice(&clear)));
    buffer_release(&frames);
}

static void check_changed(const uint8_t *data, size_t size)
{
    struct payload_row row = here;
    struct buffer changed = {0};
    bool elsewhere = (data[0] & 2) != 0;
    size_t cut = (data[0] & 4) != 0 ? data[0] >> 3 : 0;
    buffer_append(&changed, sealed.data, sealed.size);
    for (size_t i = 1; i + CHANGE_SIZE <= size; i += CHANGE_SIZE)
        changed.data[(size_t)(data[i] << 8 | data[i + 1]) % changed.size] = (char)data[i + 2];
    changed.size -= cut < changed.size ? cut : changed.size;
    if (elsewhere)
        row.offset++;
    check(&row, buffer_slice(&changed),
          !elsewhere && slice_equal(buffer_slice(&changed), buffer_slice(&sealed)));
    buffer_release(&changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (worker == NULL)
        start();
    if (size == 0)
        return 0;
    if (data[0] % 2 == 1)
        check_changed(data, size);
    else
        check(&here, slice_of_input(data + 1, size - 1), false);
    return 0;
}
