/*
 * waiting_rows - results of the table `waiting` as structs. Internal to persist/.
 */
#ifndef KERJA_PERSIST_WAITING_ROWS_H
#define KERJA_PERSIST_WAITING_ROWS_H

#include "persist/pipeline.h"
#include "persist/waiting.h"

/* Reads all rows into the arena; REJECT when it is too small. */
enum outcome waiting_rows_read(const PGresult *result, struct waiting_record **records,
                               size_t *count, struct arena *arena, struct error *error);

/* Parameters of put_waiting and of delete_waiting. */
void waiting_put_parameters(const struct waiting_record *records, size_t count,
                            struct parameters *parameters);
void waiting_done_parameters(const struct waiting_record *records, size_t count,
                             struct parameters *parameters);

#endif
