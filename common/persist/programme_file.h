/*
 * programme_file - the published rule files: the one table that all services read and none writes.
 */
#ifndef KERJA_PERSIST_PROGRAMME_FILE_H
#define KERJA_PERSIST_PROGRAMME_FILE_H

#include "base/arena.h"
#include "base/slice.h"
#include "persist/database.h"

struct programme_file {
    struct slice programme; /* "kartu-prakerja" */
    struct slice sha256;    /* 64 hex digits    */
    struct slice text;      /* YAML             */
};

/* The newest file of each programme, into the arena. RETRY: the server is away. */
enum outcome programme_files_read(struct database *database, struct programme_file **files,
                                  size_t *count, struct arena *arena, struct error *error);

#endif
