/*
 * seed - the 32 bytes that decide a draw, in a file that only its owner reads.
 *
 * The file has 64 hex digits. Its SHA-256 is published before the wave opens; the seed itself
 * when it is drawn. So nobody can choose a seed when the applicants are known.
 */
#ifndef KERJA_CTL_SEED_H
#define KERJA_CTL_SEED_H

#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"
#include "draw.h"
#include "seal/digest.h"

#include <stdbool.h>

struct seed {
    unsigned char bytes[DRAW_SEED_SIZE];
    char sha256[DIGEST_HEX_SIZE + 1];
};

/* Takes the seed from a file; where the file is missing and `make` is true, makes a seed from the
 * system's random numbers and the file with mode 0600. REJECT with a reason. */
enum outcome seed_file(const char *path, bool make, struct seed *seed, struct error *error);

/* A seed of random numbers without a file. */
enum outcome seed_make(struct seed *seed, struct error *error);

/* 64 hex digits. False for anything else. */
bool seed_parse(struct slice hex, struct seed *seed);
void seed_hex(const struct seed *seed, char text[static 2 * DRAW_SEED_SIZE + 1]);

/* The id of a draw: a function of programme, wave and the seed's hash. */
struct uuid draw_id_of(struct slice programme, int wave, const struct seed *seed);

#endif
