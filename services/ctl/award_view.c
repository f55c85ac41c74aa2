#include "award_view.h"

#include "ctl_embedded.h"
#include "rulebook.h"

#include <string.h>

static void fill(const PGresult *row, struct award_view *view)
{
    uuid_parse(sql_text(row, 0, 0), &view->award_id);
    uuid_parse(sql_text(row, 0, 1), &view->person_id);
    uuid_format(&view->award_id, view->id);
    view->scheme_name = sql_text(row, 0, 3);
    view->year = (int32_t)sql_number(row, 0, 4);
    view->wave = (int32_t)sql_number(row, 0, 5);
    view->state = (struct award_state){.revoked = slice_is(sql_text(row, 0, 6), "t"),
                                       .closed = slice_is(sql_text(row, 0, 7), "t"),
                                       .holds = sql_text(row, 0, 8),
                                       .held_by_officer = slice_is(sql_text(row, 0, 9), "t"),
                                       .held_by_service = slice_is(sql_text(row, 0, 10), "t"),
                                       .decree_no = sql_text(row, 0, 11)};
}

static bool outstanding_read(struct session *session, struct award_view *view)
{
    struct error *error = &session->call->error;
    const char *parameters[] = {view->id};
    error->text[0] = '\0';
    if (!sql_has(session->sql, "completion_read", "award", error))
        return error->text[0] == '\0';
    PGresult *row = sql_run(session->sql, ctl_sql_award_outstanding_sql, parameters, 1, error);
    if (row != NULL && PQntuples(row) == 1)
        view->state.outstanding_hundredths = sql_number(row, 0, 0);
    PQclear(row);
    return row != NULL;
}

bool award_view_read(struct session *session, const char *award, const char *reason,
                     struct award_view *view)
{
    struct uuid id;
    struct error *error = &session->call->error;
    const char *parameters[] = {award, reason};
    *view = (struct award_view){0};
    if (!uuid_parse(slice_of(award), &id)) {
        error_set(error, REJECT, "\"%s\" is no award's id, which has 36 characters", award);
        return false;
    }
    view->row = sql_run(session->sql, ctl_sql_award_state_sql, parameters, 2, error);
    if (view->row == NULL)
        return false;
    if (PQntuples(view->row) == 0) {
        error_set(error, REJECT, "there is no award \"%s\"", award);
        return false;
    }
    fill(view->row, view);
    view->programme = rulebook_published(session, sql_text(view->row, 0, 2), NULL);
    if (view->programme == NULL)
        return false;
    view->scheme = scheme_find(view->programme, view->scheme_name);
    if (view->scheme == NULL) {
        error_set(error, REJECT, "the published file has no scheme \"%.*s\"",
                  SLICE_ARGS(view->scheme_name));
        return false;
    }
    return outstanding_read(session, view);
}

void award_view_release(struct award_view *view)
{
    programme_free(view->programme);
    PQclear(view->row);
    *view = (struct award_view){0};
}

enum outcome award_view_reason(const struct award_view *view, struct slice reason,
                               struct error *error)
{
    if (reason_find(view->programme, reason) != NULL)
        return OK;
    return error_set(error, REJECT,
                     "the file of \"%.*s\" has no reason \"%.*s\"; its list of reasons has all",
                     SLICE_ARGS(view->programme->id), SLICE_ARGS(reason));
}
