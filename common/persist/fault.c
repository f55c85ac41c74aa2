#include "persist/pipeline.h"

#include <stdio.h>
#include <string.h>

static bool state_is(const char *sqlstate, const char *whole)
{
    return strcmp(sqlstate, whole) == 0;
}

static bool state_class(const char *sqlstate, const char *two)
{
    return strncmp(sqlstate, two, 2) == 0;
}

/* Codes that mean one thing each; PostgreSQL 15, appendix A. */
static const struct {
    const char *sqlstate;
    enum fault fault;
} known_states[] = {
    {"KJ001", FAULT_STALE},        {"KJ002", FAULT_POSITION},   {"KJ003", FAULT_LIMIT},
    {"KJ004", FAULT_READ_CHANGED}, {"23505", FAULT_STALE},      {"40P01", FAULT_STALE},
    {"40001", FAULT_STALE},        {"55P03", FAULT_RESOURCES},  {"57014", FAULT_RESOURCES},
    {"57P03", FAULT_RESOURCES},    {"58030", FAULT_RESOURCES},  {"57P01", FAULT_CONNECTION},
    {"57P02", FAULT_CONNECTION},   {"57P05", FAULT_CONNECTION}, {"25P03", FAULT_CONNECTION},
    {"42501", FAULT_ACCESS},       {"3D000", FAULT_ACCESS},     {"3F000", FAULT_ACCESS},
    {"25006", FAULT_RESOURCES}, /* a standby after a switch-over: read only for a while */
};

enum fault fault_of_sqlstate(const char *sqlstate)
{
    if (sqlstate == NULL || sqlstate[0] == '\0')
        return FAULT_CONNECTION;
    for (size_t i = 0; i < sizeof known_states / sizeof *known_states; i++) {
        if (state_is(sqlstate, known_states[i].sqlstate))
            return known_states[i].fault;
    }
    if (state_class(sqlstate, "22") || state_class(sqlstate, "23"))
        return FAULT_RECORD;
    if (state_class(sqlstate, "53"))
        return FAULT_RESOURCES;
    if (state_class(sqlstate, "08"))
        return FAULT_CONNECTION;
    if (state_class(sqlstate, "28"))
        return FAULT_ACCESS;
    return FAULT_OURS;
}

enum outcome fault_outcome(enum fault fault)
{
    switch (fault) {
    case FAULT_STALE:
    case FAULT_READ_CHANGED:
    case FAULT_LIMIT:
    case FAULT_RESOURCES:
    case FAULT_CONNECTION:
        return RETRY;
    case FAULT_RECORD:
        return REJECT;
    case FAULT_POSITION:
    case FAULT_ACCESS:
    case FAULT_OURS:
        return STOP;
    }
    return STOP;
}

/* Values stand in the detail and the context, and in class 22 in the message itself:
 * 'invalid input syntax for type date: "..."'. Those are never read. */
enum fault database_fault(struct database *database, const PGresult *result,
                          struct error *error)
{
    const char *sqlstate = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(database->sqlstate, sizeof database->sqlstate, "%s",
             sqlstate == NULL ? "" : sqlstate);
    enum fault fault = fault_of_sqlstate(sqlstate);
    if (sqlstate == NULL) {
        error_set(error, fault_outcome(fault), "the connection to PostgreSQL was lost");
        return fault;
    }
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *table = PQresultErrorField(result, PG_DIAG_TABLE_NAME);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    bool quotes = state_class(sqlstate, "22") || message == NULL;
    error_set(error, fault_outcome(fault), "PostgreSQL says %s: %.200s%s%.63s%s%s%.63s%s",
              sqlstate, quotes ? "a value does not fit its type" : message,
              table == NULL ? "" : ", table \"", table == NULL ? "" : table,
              table == NULL ? "" : "\"", constraint == NULL ? "" : ", constraint \"",
              constraint == NULL ? "" : constraint, constraint == NULL ? "" : "\"");
    return fault;
}
