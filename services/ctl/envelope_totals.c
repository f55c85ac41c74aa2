#include "envelope_totals.h"

#include "ctl_embedded.h"
#include "order.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool envelope_name_read(const char *id, struct envelope_name *name, struct error *error)
{
    const char *last = strrchr(id, '/');
    const char *first = strchr(id, '/');
    if (last != NULL && last != first && (size_t)(first - id) < sizeof name->programme &&
        (size_t)(last - first - 1) < sizeof name->partner && first > id && last > first + 1 &&
        strlen(last + 1) == DAY_TEXT_SIZE && day_parse(slice_of(last + 1), &name->on)) {
        snprintf(name->programme, sizeof name->programme, "%.*s", (int)(first - id), id);
        snprintf(name->partner, sizeof name->partner, "%.*s", (int)(last - first - 1),
                 first + 1);
        snprintf(name->day, sizeof name->day, "%s", last + 1);
        return true;
    }
    error_set(error, REJECT,
              "\"%s\" is no envelope's id: expected programme/partner/day, such as "
              "kartu-prakerja/BNI/2021-09-01",
              id);
    return false;
}

bool envelope_totals_read(struct session *session, const struct envelope_name *name,
                          struct envelope_totals *totals)
{
    struct error *error = &session->call->error;
    const char *parameters[] = {name->programme, name->partner, name->day};
    PGresult *row = sql_run(session->sql, ctl_sql_envelope_totals_sql, parameters, 3, error);
    bool found = row != NULL && PQntuples(row) == 1;
    if (found) {
        totals->payouts = sql_number(row, 0, 0);
        totals->amount_hundredths = sql_number(row, 0, 1);
        snprintf(totals->currency, sizeof totals->currency, "%s", PQgetvalue(row, 0, 2));
    } else if (row != NULL) {
        error_set(error, REJECT, "nothing was asked of \"%s\" by \"%s\" on %s", name->partner,
                  name->programme, name->day);
    }
    PQclear(row);
    return found;
}

static bool totals_agree(struct session *session, const PGresult *asked)
{
    struct envelope_name name;
    struct envelope_totals now;
    snprintf(name.programme, sizeof name.programme, "%s", PQgetvalue(asked, 0, 0));
    snprintf(name.partner, sizeof name.partner, "%s", PQgetvalue(asked, 0, 1));
    snprintf(name.day, sizeof name.day, "%.*s", DAY_TEXT_SIZE, PQgetvalue(asked, 0, 2));
    if (!envelope_totals_read(session, &name, &now))
        return false;
    if (now.payouts == sql_number(asked, 0, 3) &&
        now.amount_hundredths == sql_number(asked, 0, 4) &&
        slice_is(sql_text(asked, 0, 5), now.currency))
        return true;
    error_set(&session->call->error, REJECT,
              "the envelope has changed since: %" PRId64 " payouts now, %s were to be signed; "
              "withdraw the command, and sign anew",
              now.payouts, PQgetvalue(asked, 0, 3));
    return false;
}

bool envelope_unchanged(struct session *session, int64_t number)
{
    char text[SQL_NUMBER_SIZE];
    const char *parameters[] = {text};
    order_number(number, text);
    PGresult *asked =
        sql_run(session->sql, ctl_sql_envelope_asked_sql, parameters, 1, &session->call->error);
    bool good = asked != NULL && (PQntuples(asked) == 0 || totals_agree(session, asked));
    PQclear(asked);
    return good;
}
