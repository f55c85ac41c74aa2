/*
 * drawing - one draw of a wave on its way: what the commands about draws share.
 *
 * announced -> pool read, ranked and stored in one transaction -> sent; or read back and verified.
 */
#ifndef KERJA_CTL_DRAWING_H
#define KERJA_CTL_DRAWING_H

#include "base/arena.h"
#include "base/calendar.h"
#include "command.h"
#include "draw.h"
#include "rules/programme.h"
#include "seed.h"
#include "session.h"

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
    size_t applicant_room, family_room;
    struct arena texts;
    size_t selected, pooled;
};

static inline struct error *error_of(struct drawing *drawing)
{
    return &drawing->call->error;
}

/* Runs the COPY that the statement `writer` writes. False with a reason. */
bool drawing_copy_begin(struct drawing *drawing, const char *writer,
                        const char *const *parameters, int count);

/* The wave's ceilings from the programme file; --seats replaces them by one for the whole. False after a
 * sentence when --seats is odd. */
bool drawing_seats_read(struct drawing *drawing);

/* Everybody who is pooled, with what the ranking needs; inside a transaction. False with a reason. */
bool drawing_pool_read(struct drawing *drawing);

/* Positions, pool, ranking and storing in one transaction on one snapshot. False with a reason. */
bool drawing_store(struct drawing *drawing);

/* Reads what drawing_store() kept of the circumstances. */
bool circumstances_parse(const char *text, struct circumstances *circumstances);

/* Checks a stored draw by its seed and list, and says what it found: --verify takes a draw's id, or a
 * programme and a wave. An exit status. */
int drawing_verify(struct drawing *drawing);

#endif
