/*
 * draw - who is taken in a wave: the ranking and the walk, pure.
 *
 * The pool is ranked by (priority class, digest, application id), all ascending. The class is the
 * number of the wave's priority codes that the applicant lacks. The digest is HMAC-SHA-256 with
 * the 32 bytes of the seed as key and the UTF-8 application id as message, its first 8 bytes as an
 * unsigned big-endian number; ids compare by bytes. One walk over the whole pool takes who finds a
 * seat in each row of seats that holds his region ("ALL" holds every region, "32" also "3273"), and
 * fewer than the limit of awards on his family card, those of this walk included. Everybody can repeat
 * it with the seed.
 */
#ifndef KERJA_CTL_DRAW_H
#define KERJA_CTL_DRAW_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DRAW_SEED_SIZE = 32, DRAW_SEATS = 1024, DRAW_NO_SEATS = 0xffff };

struct draw_applicant {
    uint64_t digest;
    const char *application_id; /* zero-terminated, borrowed */
    uint32_t family;            /* index into draw.families; 0: no family card      */
    uint16_t seats;             /* draw_seats_find(); DRAW_NO_SEATS: no limit       */
    uint8_t priority_class;     /* 0 is drawn first                                  */
    bool selected;
};

struct draw_seats {
    struct slice region; /* "ALL", or the beginning of a region's code */
    int64_t seats, taken;
    uint16_t wider; /* the next that hold this region; DRAW_NO_SEATS: none do */
};

/* A family card: not-revoked awards before the draw, and those of the draw. */
struct draw_family {
    uint16_t awards, drawn;
};

struct draw {
    unsigned char seed[DRAW_SEED_SIZE];
    struct draw_applicant *applicants;
    size_t count;
    struct draw_seats *seats;
    size_t seat_count;
    struct draw_family *families; /* [0] is not looked at */
    uint32_t family_limit;        /* 0: no limit          */
};

/* The digest of one application. */
uint64_t draw_digest(const unsigned char seed[static DRAW_SEED_SIZE],
                     struct slice application_id);

/* The narrowest seats that hold a region, DRAW_NO_SEATS when none do. */
uint16_t draw_seats_find(const struct draw_seats *seats, size_t count, struct slice region);

/* How many of `wanted` the applicant lacks; both are lists of codes. */
uint8_t draw_class(const struct slice *wanted, size_t wanted_count, const struct slice *has,
                   size_t has_count);

/* Fills `wider`; no region stands twice. */
void draw_seats_link(struct draw_seats *seats, size_t count);

/* Takes a seat in the narrowest and in each that is wider; false, and none taken, where one is full. */
bool draw_seats_take(struct draw_seats *seats, uint16_t narrowest);

/* Sorts the applicants by the bytes of their ids: the order in which a pool is published. False when there is no
 * memory. */
bool draw_sort_by_id(struct draw *draw);

/* True when there is a seat and a place on the card for the applicant. */
bool draw_fits(const struct draw *draw, const struct draw_applicant *applicant);

/* One step of the walk: takes what the applicant needs, seat and place on the card; false where there is
 * none. The seats were linked. */
bool draw_take(struct draw *draw, const struct draw_applicant *applicant);

/* Links the seats, fills the digests and sorts the applicants by rank. False when there is no memory to sort in. */
bool draw_rank(struct draw *draw);

/* Ranks, walks, and tells how many were selected. False when there is no
 * memory to sort in. */
bool draw_run(struct draw *draw, size_t *selected);

/* <0, 0, >0 by rank. */
int draw_compare(const struct draw_applicant *a, const struct draw_applicant *b);

#endif
