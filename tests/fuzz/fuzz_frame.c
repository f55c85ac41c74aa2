/*
 * fuzz_frame - the frames of a payload: reading any bytes ends, inside them, and what was read is
 * written again to the same bytes.
 */
#include "base/frame.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice payload = slice_of_input(data, size);
    struct frame_iterator iterator = {.rest = payload};
    struct frame frame;
    struct error error = {0};
    struct buffer again = {0};
    enum frame_step step;
    while ((step = frame_next(&iterator, &frame, &error)) == FRAME_READ) {
        must(frame.header_count <= FRAME_HEADERS);
        must(frame_append(&again, &frame));
        must(iterator.rest.size == size - again.size);
    }
    must(again.size == 0 || memcmp(again.data, data, again.size) == 0);
    must((step == FRAME_DONE) == (again.size == size));
    if (step == FRAME_CORRUPT) {
        must(error.text[0] != '\0');
        must(frame_next(&iterator, &frame, &error) == FRAME_CORRUPT);
    }
    buffer_release(&again);
    return 0;
}
