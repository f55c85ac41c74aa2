#include "rulebook.h"

#include "ctl_embedded.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { READ_SIZE = 1 << 16, FILE_BOUND = 1 << 30 };

enum outcome file_read(const char *path, struct buffer *text, struct error *error)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (file == NULL)
        return error_set(error, REJECT, "cannot read \"%s\": %s", path, strerror(errno));
    for (size_t got = 1; got > 0 && text->size < FILE_BOUND && !buffer_failed(text);) {
        char *to = buffer_reserve(text, READ_SIZE);
        got = to == NULL ? 0 : fread(to, 1, READ_SIZE, file);
        text->size += got;
    }
    bool failed = ferror(file) != 0 || buffer_failed(text);
    if (file != stdin)
        fclose(file);
    if (!failed && text->size >= FILE_BOUND)
        return error_set(error, REJECT, "\"%s\" is too large: expected less than %d MiB", path,
                         FILE_BOUND >> 20);
    return failed ? error_set(error, REJECT, "cannot read \"%s\" to its end", path) : OK;
}

bool rulebook_register_known(struct session *session, const char *name)
{
    static const char small[] = "abcdefghijklmnopqrstuvwxyz";
    bool known = name[strcspn(name, small)] == '\0' && register_is_common(slice_of(name));
    PGresult *files = known ? NULL
                            : sql_run(session->sql, ctl_sql_programme_newest_sql, NULL, 0,
                                      &session->call->error);
    for (int row = 0; files != NULL && row < PQntuples(files) && !known; row++) {
        struct programme *loaded = NULL;
        if (programme_load(sql_text(files, row, 1), PQgetvalue(files, row, 0), &loaded,
                           &session->call->error) != OK)
            break;
        for (size_t i = 0; i < loaded->register_count && !known; i++)
            known = slice_is(loaded->registers[i].loaded_as, name);
        programme_free(loaded);
    }
    if (files != NULL && !known)
        error_set(&session->call->error, REJECT,
                  "no rule asks about a register \"%s\": expected one of Kerja's own, such as "
                  "BLACKLIST, or one that a published programme's file names",
                  name);
    PQclear(files);
    return known;
}

struct programme *rulebook_published(struct session *session, struct slice programme,
                                     const char *hash)
{
    char name[128];
    const char *parameters[] = {name, hash};
    struct programme *loaded = NULL;
    snprintf(name, sizeof name, "%.*s", SLICE_ARGS(programme));
    PGresult *result =
        sql_run(session->sql, ctl_sql_programme_text_sql, parameters, 2, &session->call->error);
    if (result == NULL)
        return NULL;
    if (PQntuples(result) == 0)
        error_set(&session->call->error, REJECT,
                  "cannot find a published file of programme \"%s\"%s%s", name,
                  hash == NULL ? "; publish it with `kerja programme publish FILE`"
                               : " with hash ",
                  hash == NULL ? "" : hash);
    else
        programme_load(sql_text(result, 0, 0), name, &loaded, &session->call->error);
    PQclear(result);
    return loaded;
}

enum outcome rulebook_offset(struct session *session, int *utc_offset_minutes)
{
    struct programme *loaded = NULL;
    enum outcome outcome = OK;
    *utc_offset_minutes = 0;
    PGresult *result =
        sql_run(session->sql, ctl_sql_programme_first_sql, NULL, 0, &session->call->error);
    if (result == NULL)
        return STOP;
    if (PQntuples(result) == 1)
        outcome = programme_load(sql_text(result, 0, 1), PQgetvalue(result, 0, 0), &loaded,
                                 &session->call->error);
    if (loaded != NULL)
        *utc_offset_minutes = loaded->utc_offset_minutes;
    programme_free(loaded);
    PQclear(result);
    return outcome;
}
