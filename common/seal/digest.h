/*
 * digest - SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) over texts and length-prefixed
 * parts.
 *
 * A keyed state is computed once and copied for every message: a one-shot HMAC through the
 * library costs 3.5 µs, most of it spent on looking up the algorithm and preparing the key.
 * Nothing here allocates.
 */
#ifndef KERJA_SEAL_DIGEST_H
#define KERJA_SEAL_DIGEST_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, DIGEST_HEX_SIZE = 64 };

struct digest {
    unsigned char bytes[DIGEST_SIZE];
};

/* Of all bytes at once. */
struct digest sha256(struct slice bytes);

/* The same of what is too long to be held at once: begin, add in order, end. */
struct sha256_run {
    _Alignas(8) unsigned char state[128];
};
void sha256_begin(struct sha256_run *run);
void sha256_add(struct sha256_run *run, struct slice bytes);
struct digest sha256_end(struct sha256_run *run);

/* 64 lower-case hex digits and a terminating zero. */
void digest_hex(const struct digest *digest, char text[static DIGEST_HEX_SIZE + 1]);

/* Both at once: the form in which the hash of a programme file is shown. */
void seal_sha256_hex(struct slice bytes, char text[static DIGEST_HEX_SIZE + 1]);

/* In the same time wherever they differ, so that nobody can feel his way to a right one. */
bool digest_equal(const struct digest *one, const struct digest *other);

/* The two SHA-256 states of a key; constant after hmac_key_init, so threads may share it.
 * Secret. */
struct hmac_key {
    _Alignas(8) unsigned char inner[128], outer[128];
};

/* A key of any length; Kerja's have 32 bytes. */
void hmac_key_init(struct hmac_key *key, struct slice secret);

/* Overwrites the secret. */
void hmac_key_release(struct hmac_key *key);

/* Over the bytes as they are: the digest of the draw takes the seed as key and the application
 * id as message, and its first 8 bytes, big-endian, as the rank. */
struct digest hmac_sha256(const struct hmac_key *key, struct slice message);

/* Over the parts, each preceded by its size as u32, big-endian, so that ("ab", "c") and ("a",
 * "bc") differ. */
struct digest hmac_sha256_parts(const struct hmac_key *key, const struct slice *parts,
                                size_t count);
struct digest sha256_parts(const struct slice *parts, size_t count);

#endif
