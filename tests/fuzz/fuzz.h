/*
 * fuzz - what every fuzz target has: its one function, and a way to say that a promise is broken.
 *
 * A target feeds any bytes to one parser of ours and holds it to what its header promises: no
 * crash, no read outside the bytes, and what was accepted is written and read again to the same.
 * It keeps what is dear to make (a decoder, a loaded programme) between inputs.
 */
#ifndef KERJA_TESTS_FUZZ_H
#define KERJA_TESTS_FUZZ_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise; one that does not hold is a finding, told with its text. */
#define must(promise)                                                                          \
    do {                                                                                       \
        if (!(promise)) {                                                                      \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise);              \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

static inline struct slice slice_of_input(const uint8_t *data, size_t size)
{
    return (struct slice){(const char *)data, size};
}

#endif
