/*
 * replay - the inputs of a fuzz target where there is no libFuzzer: `fuzz_x RUNS` feeds bytes
 * of a fixed pseudo-random sequence, short and long, the same in every run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_BOUND = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* xorshift64: any sequence will do, so long as it is the same everywhere. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

int main(int argc, char **argv)
{
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
    long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    for (long i = 0; i < runs; i++) {
        uint8_t input[INPUT_BOUND];
        size_t size = next(&state) % (i % 8 == 0 ? INPUT_BOUND : 64);
        for (size_t j = 0; j < size; j++)
            input[j] = (uint8_t)next(&state);
        LLVMFuzzerTestOneInput(input, size);
    }
    printf("runs=%ld\n", runs);
    return EXIT_SUCCESS;
}
