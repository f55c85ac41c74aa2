#include "persist/programme_file.h"

#include "persist/pipeline.h"

static struct slice column_copy(const PGresult *result, int row, int column,
                                struct arena *arena)
{
    return arena_copy(arena, answer_bytes(result, row, column));
}

enum outcome programme_files_read(struct database *database, struct programme_file **files,
                                  size_t *count, struct arena *arena, struct error *error)
{
    struct parameters parameters;
    PGresult *result = NULL;
    parameters_begin(&parameters, &database->parameters);
    enum outcome outcome =
        pipeline_single(database, "programme_files", &parameters, &result, error);
    if (outcome != OK)
        return outcome;
    size_t rows = (size_t)PQntuples(result);
    struct programme_file *read = arena_alloc(arena, rows * sizeof *read);
    for (size_t i = 0; read != NULL && i < rows; i++) {
        read[i] = (struct programme_file){column_copy(result, (int)i, 0, arena),
                                          column_copy(result, (int)i, 1, arena),
                                          column_copy(result, (int)i, 2, arena)};
        if (read[i].text.data == NULL)
            read = NULL;
    }
    PQclear(result);
    if (read == NULL)
        return error_set(error, REJECT, "cannot hold %zu programme files", rows);
    *files = read;
    *count = rows;
    return OK;
}
