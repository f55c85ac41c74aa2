/*
 * A stored draw, checked by whoever likes: seed, digests, order, the walk and the pool, all computed anew. Entries
 * come by rank, so that only seats and family cards are kept.
 */
#include "drawing.h"

#include "copy_text.h"
#include "ctl_embedded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ENTRY_FIELDS = 8 };

struct verification {
    struct drawing *drawing;
    size_t rank;
    struct draw_applicant before;
    struct buffer before_id;
};

static bool verify_fails(const struct verification *verification, const char *what)
{
    call_fails(verification->drawing->call, "rank %zu: %s", verification->rank, what);
    return false;
}

/* The card that an entry names, with the awards that it had. Each entry of a card must say the same. */
static bool card_take(struct drawing *drawing, const struct slice *fields, uint32_t *family)
{
    size_t number = strtoul(fields[6].data, NULL, 10);
    size_t awards = strtoul(fields[7].data, NULL, 10);
    struct draw_family *card = drawing_family(drawing, 0);
    *family = (uint32_t)number;
    if (number != 0 && number < UINT32_MAX)
        card = drawing_family(drawing, number);
    if (card == NULL || awards > UINT16_MAX)
        return false;
    if (number == 0)
        return awards == 0;
    if (card->awards == 0 && card->drawn == 0)
        card->awards = (uint16_t)awards;
    return card->awards == awards;
}

/* Against the seed, the entry before it, and the walk so far. */
static bool entry_judge(struct verification *verification, const struct slice *fields,
                        const struct draw_applicant *now)
{
    struct drawing *drawing = verification->drawing;
    char hex[20];
    snprintf(hex, sizeof hex, "%016" PRIx64, now->digest);
    if (strtoull(fields[0].data, NULL, 10) != verification->rank)
        return verify_fails(verification, "a rank is missing");
    if (!slice_is(fields[3], hex))
        return verify_fails(verification, "the digest is not that of the seed and this id");
    if (verification->rank > 1 && draw_compare(&verification->before, now) >= 0)
        return verify_fails(verification, "it does not come behind the rank before it");
    if (draw_take(&drawing->draw, now) != slice_is(fields[4], "t"))
        return verify_fails(verification, slice_is(fields[4], "t")
                                              ? "it was selected and finds no seat or no place "
                                                "on its family card"
                                              : "it was passed over and finds a seat");
    drawing->selected += slice_is(fields[4], "t");
    return true;
}

/* One stored entry: rank, id, class, digest, selected, region, family card, awards on it. */
static bool entry_verify(struct verification *verification, struct slice line)
{
    struct drawing *drawing = verification->drawing;
    struct slice fields[ENTRY_FIELDS];
    struct draw_applicant now = {0};
    bool is_null, whole = true;
    verification->rank++;
    for (size_t i = 0; i < ENTRY_FIELDS && whole; i++)
        whole = copy_field_take(&line, &fields[i], &is_null);
    if (!whole)
        return verify_fails(verification, "it cannot be read");
    struct slice id = fields[1];
    now.digest = draw_digest(drawing->seed.bytes, id);
    now.priority_class = (uint8_t)strtoul(fields[2].data, NULL, 10);
    now.seats = draw_seats_find(drawing->draw.seats, drawing->draw.seat_count, fields[5]);
    if (!card_take(drawing, fields, &now.family))
        return verify_fails(verification, "its family card had other awards at another rank");
    ((char *)id.data)[id.size] = '\0'; /* over the tab, which was read */
    now.application_id = id.data;
    if (!entry_judge(verification, fields, &now))
        return false;
    buffer_clear(&verification->before_id);
    buffer_append(&verification->before_id, id.data, id.size + 1);
    if (buffer_failed(&verification->before_id))
        return verify_fails(verification, "there is no memory");
    verification->before = now;
    verification->before.application_id = verification->before_id.data;
    return true;
}

static bool entries_verify(struct drawing *drawing)
{
    const char *parameters[] = {drawing->draw_text};
    struct verification verification = {.drawing = drawing};
    struct slice line;
    bool failed = false, good = true;
    if (!drawing_copy_begin(drawing, ctl_sql_draw_entries_sql, parameters, 1)) {
        call_fails(drawing->call, NULL);
        return false;
    }
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing)))
        good = good && entry_verify(&verification, line);
    if (failed)
        call_fails(drawing->call, NULL);
    if (good && !failed && verification.rank != drawing->pooled)
        good = verify_fails(&verification, "the list ends before the pool's number");
    buffer_release(&verification.before_id);
    return good && !failed;
}

/* The pool by its ids: its hash is the announced one, and nobody is in it twice. */
static bool pool_verify(struct drawing *drawing)
{
    const char *parameters[] = {drawing->draw_text};
    struct sha256_run run;
    struct slice line, id;
    struct buffer before = {0};
    bool failed = false, twice = false, is_null;
    char hex[DIGEST_HEX_SIZE + 1];
    sha256_begin(&run);
    if (!drawing_copy_begin(drawing, ctl_sql_draw_public_pool_sql, parameters, 1)) {
        call_fails(drawing->call, NULL);
        return false;
    }
    while (sql_copy_line(drawing->session.sql, &line, &failed, error_of(drawing))) {
        sha256_add(&run, line);
        sha256_add(&run, SLICE("\n"));
        copy_field_take(&line, &id, &is_null);
        twice = twice || (before.size > 0 && slice_equal(id, buffer_slice(&before)));
        buffer_clear(&before);
        buffer_append(&before, id.data, id.size);
    }
    buffer_release(&before);
    struct digest pool = sha256_end(&run);
    digest_hex(&pool, hex);
    if (failed)
        call_fails(drawing->call, NULL);
    else if (twice)
        call_fails(drawing->call, "an application stands in the list twice");
    else if (strcmp(hex, drawing->pool_sha256) != 0)
        call_fails(drawing->call, "the pool does not have the SHA-256 announced");
    return !failed && !twice && strcmp(hex, drawing->pool_sha256) == 0;
}

static int draw_verify(struct drawing *drawing, const char *draw_id)
{
    const char *parameters[] = {draw_id};
    PGresult *known =
        sql_run(drawing->session.sql, ctl_sql_draw_by_id_sql, parameters, 1, error_of(drawing));
    if (known == NULL)
        return call_fails(drawing->call, NULL);
    int status = EXIT_DONE;
    if (PQntuples(known) == 0 || PQgetisnull(known, 0, 3))
        status = call_fails(drawing->call, "draw %s was not drawn", draw_id);
    else if (!seed_parse(sql_text(known, 0, 3), &drawing->seed) ||
             !slice_is(sql_text(known, 0, 2), drawing->seed.sha256))
        status = call_fails(drawing->call, "the seed does not have the SHA-256 announced");
    else if (!drawing_limits_parse(PQgetvalue(known, 0, 6), &drawing->texts, &drawing->draw))
        status = call_fails(drawing->call, "cannot read the seats of the stored draw");
    if (status == EXIT_DONE) {
        snprintf(drawing->draw_text, sizeof drawing->draw_text, "%s", draw_id);
        snprintf(drawing->pool_sha256, sizeof drawing->pool_sha256, "%s",
                 PQgetvalue(known, 0, 5));
        drawing->pooled = (size_t)sql_number(known, 0, 4);
        status = entries_verify(drawing) && pool_verify(drawing) ? EXIT_DONE : EXIT_FAILED;
    }
    if (status == EXIT_DONE)
        printf(
            "draw %s of %s wave %s verified: seed and pool have the announced SHA-256 %s and "
            "%s, %zu applications stand in the order of their digests, and the walk selects "
            "these %zu\n",
            draw_id, PQgetvalue(known, 0, 0), PQgetvalue(known, 0, 1), drawing->seed.sha256,
            drawing->pool_sha256, drawing->pooled, drawing->selected);
    PQclear(known);
    return status;
}

int drawing_verify(struct drawing *drawing)
{
    struct uuid id;
    if (drawing->call->word_count == 1) {
        if (!uuid_parse(slice_of(drawing->call->words[0]), &id))
            return call_misused(drawing->call, "expected the draw's id, a UUID");
        return draw_verify(drawing, drawing->call->words[0]);
    }
    const char *parameters[] = {drawing->name, drawing->number};
    PGresult *known =
        sql_run(drawing->session.sql, ctl_sql_draw_find_sql, parameters, 2, error_of(drawing));
    if (known == NULL)
        return call_fails(drawing->call, NULL);
    int status = PQntuples(known) == 1
                     ? draw_verify(drawing, PQgetvalue(known, 0, 0))
                     : call_fails(drawing->call, "%s wave %d was neither announced nor drawn",
                                  drawing->name, drawing->wave);
    PQclear(known);
    return status;
}
