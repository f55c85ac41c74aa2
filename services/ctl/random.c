#include "random.h"

#include <assert.h>

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t rotated(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

void random_init(struct random *random, uint64_t seed, uint64_t stream)
{
    uint64_t state = seed;
    state = splitmix64(&state) ^ stream;
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix64(&state);
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state, result = rotated(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

uint32_t random_below(struct random *random, uint64_t bound)
{
    assert(bound > 0 && bound <= UINT64_C(1) << 32);
    return (uint32_t)((random_next(random) >> 32) * bound >> 32);
}

bool random_chance(struct random *random, uint32_t thousandths)
{
    return random_below(random, 1000) < thousandths;
}
