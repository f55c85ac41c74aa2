/*
 * statement - the SQL of the loop, by name.
 *
 * Each stands in a file of its own below sql/, is embedded at build time, and is prepared on
 * every connection before it is used: a statement that the schema does not understand
 * stops the process at start-up. Internal to persist/.
 */
#ifndef KERJA_PERSIST_STATEMENT_H
#define KERJA_PERSIST_STATEMENT_H

#include "persist/database.h"

enum { STATEMENT_NAME_SIZE = 64 }; /* PostgreSQL cuts longer names */

enum row_statement { ROW_INSERT, ROW_SAVE, ROW_LOAD, ROW_LOAD_LOCKED, ROW_CHECK, ROW_LIMIT };

/* The name under which a table's statement is prepared: "person.save". */
void statement_row_name(const struct row_type *type, enum row_statement kind,
                        char name[static STATEMENT_NAME_SIZE]);

/* Prepares the loop's statements, those of settings.tables and of settings.limits. STOP,
 * with the statement's name, for the first that fails; RETRY when the connection goes. */
enum outcome statement_prepare_all(struct database *database, struct error *error);

#endif
