/*
 * register_file - whom a register lists, as its CSV file says.
 *
 * Columns: national_id[,code][,number][,valid_from][,valid_to], in any order; others are passed over. Somebody who stands
 * in it several times counts as the last row says. One wrong row, and nothing of the file is taken.
 */
#ifndef KERJA_CTL_REGISTER_FILE_H
#define KERJA_CTL_REGISTER_FILE_H

#include "base/uuid.h"
#include "command.h"
#include "seal/ids.h"

struct listed {
    struct uuid person_id;
    size_t line; /* the last row of a person counts */
    struct slice code;
    bool has_number, has_valid_to;
    int64_t number;
    epoch_day valid_from, valid_to;
};

struct register_file {
    struct call *call;
    const char *name; /* for what is said of its rows */
    const struct seal *seal;
    struct slice country; /* of the national ids         */
    epoch_day valid_from; /* where a row does not say    */
    struct listed *rows;  /* by person, one each         */
    size_t count, room, wrong;
};

/* Reads the rows of the text, which must be writable, and stay while they are used. Returns EXIT_DONE, or EXIT_FAILED after
 * it has told the first wrong rows. */
int register_file_read(struct register_file *file, struct slice text);
void register_file_release(struct register_file *file);

#endif
