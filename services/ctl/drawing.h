/*
 * drawing - one draw of a wave on its way: what the commands about draws share.
 *
 * seed announced -> pool announced -> pool read, ranked and stored in one transaction -> sent, published;
 * or read back and verified.
 */
#ifndef KERJA_CTL_DRAWING_H
#define KERJA_CTL_DRAWING_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/calendar.h"
#include "command.h"
#include "draw.h"
#include "rules/programme.h"
#include "seed.h"
#include "session.h"

#include <string.h>

/* What a repeated draw must say again in the same words. */
struct circumstances {
    instant_us drawn_at;
    bool has_notice_day, has_decree_no;
    epoch_day notice_day;
    char decree_no[128];
};

struct drawing {
    struct call *call;
    struct session session;
    struct programme *programme;
    char name[128];  /* of the programme */
    char number[16]; /* of the wave      */
    int wave;
    struct seed seed;
    struct uuid draw_id;
    char draw_text[UUID_TEXT_SIZE + 1];
    struct circumstances circumstances;
    struct draw draw;
    struct arena applicants, families,
        texts; /* of the draw: each grows in place, behind itself */
    size_t selected, pooled;
    char pool_sha256[DIGEST_HEX_SIZE + 1]; /* as announced; "" where it was not */
};

static inline struct error *error_of(struct drawing *drawing)
{
    return &drawing->call->error;
}

/* Takes --programme and --wave, which every form but --verify DRAW_ID needs. An exit status. */
int drawing_wave_read(struct drawing *drawing);
void drawing_id_set(struct drawing *drawing, const struct uuid *draw_id);

/* Waits until application has decided everything that was said before now. False with a reason. */
bool drawing_service_wait(struct drawing *drawing);

/* Runs the COPY that the statement `writer` writes. False with a reason. */
bool drawing_copy_begin(struct drawing *drawing, const char *writer,
                        const char *const *parameters, int count);

/* The wave's ceilings from the programme file; --seats replaces them by one for the whole. False after a
 * sentence when --seats is odd. */
bool drawing_seats_read(struct drawing *drawing);

/* The ceilings that a file gives for a wave, into seats that free() gives back. False when there is no memory. */
bool drawing_limits_take(const struct programme *programme, int wave, struct draw *draw);

/* Makes room for the family card of that number and returns it; NULL when there is none. */
struct draw_family *drawing_family(struct drawing *drawing, size_t number);

/* Reserves address space for a pool; pages are taken as people come. False with a reason. */
bool drawing_open(struct drawing *drawing);
void drawing_close(struct drawing *drawing);

/* Everybody who is pooled, with what the ranking needs, in the order of their ids, and the SHA-256 of that
 * list; inside a transaction. False with a reason. */
bool drawing_pool_read(struct drawing *drawing, struct digest *pool);

/* The pool is no longer needed: gives its memory back. */
void drawing_pool_forget(struct drawing *drawing);

/* One person of a pool as it is published, the same line as COPY writes: id, region, class, family, awards
 * before the draw. */
void drawing_pool_line(const struct draw_applicant *applicant, const struct draw *draw,
                       struct buffer *line);

/* The region of somebody in a pool that drawing_pool_read() made: its text stands behind the id's. */
static inline struct slice drawing_region(const struct draw_applicant *applicant)
{
    return slice_of(applicant->application_id + strlen(applicant->application_id) + 1);
}

/* Positions, pool, ranking and storing in one transaction on one snapshot. False with a reason, REJECT where
 * the pool is not the one that was announced. */
bool drawing_store(struct drawing *drawing);

/* Read what drawing_store() kept of the circumstances, and of seats and limits, with no seat taken. */
bool circumstances_parse(const char *text, struct circumstances *circumstances);
bool drawing_limits_parse(const char *text, struct arena *texts, struct draw *draw);

/* Checks a stored draw by its seed and list, and says what it found: --verify takes a draw's id, or a
 * programme and a wave. An exit status. */
int drawing_verify(struct drawing *drawing);

#endif
