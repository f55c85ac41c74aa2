#include "persist/connection_string.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <string.h>

static bool option_is(const PQconninfoOption *option, const char *keyword)
{
    return option->val != NULL && strcmp(option->keyword, keyword) == 0;
}

/* What stands in front of an "@", or where a port should, was meant to be a password. */
static bool option_odd(const PQconninfoOption *option)
{
    if (option_is(option, "host") || option_is(option, "dbname"))
        return strchr(option->val, '@') != NULL;
    return option_is(option, "port") && option->val[strspn(option->val, "0123456789,")] != '\0';
}

enum outcome connection_string_check(const char *text, struct error *error)
{
    PQconninfoOption *options = PQconninfoParse(text, NULL);
    bool good = options != NULL;
    for (const PQconninfoOption *option = options; good && option->keyword != NULL; option++)
        good = !option_odd(option);
    PQconninfoFree(options);
    return good ? OK
                : error_set(error, STOP,
                            "cannot read the PostgreSQL connection string: expected "
                            "postgresql://user:password@host:port/database, where signs of a "
                            "password such as @ : / %% are written %%40 %%3A %%2F %%25, or "
                            "key='value' pairs");
}
