/*
 * random - numbers that look random and are the same for ever: xoshiro256** 1.0 (Blackman and Vigna,
 * 2018), its state filled by splitmix64. For made-up data only, never for a secret.
 */
#ifndef KERJA_CTL_RANDOM_H
#define KERJA_CTL_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* A stream of its own for every (seed, stream). */
void random_init(struct random *random, uint64_t seed, uint64_t stream);

uint64_t random_next(struct random *random);

/* 0 .. bound-1, each as likely to within 2^-32; bound up to 2^32. */
uint32_t random_below(struct random *random, uint64_t bound);

/* True `thousandths` times of a thousand. */
bool random_chance(struct random *random, uint32_t thousandths);

#endif
