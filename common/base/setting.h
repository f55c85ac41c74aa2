/*
 * setting - one value of the configuration: its kinds, how each is read and shown.
 *
 * Used by config alone; a program fills its settings with config_read().
 */
#ifndef KERJA_BASE_SETTING_H
#define KERJA_BASE_SETTING_H

#include "base/buffer.h"
#include "base/config.h"

#include <stdbool.h>

/* Reads `text` into the member of `values` that belongs to the setting. Returns false, and
 * writes nothing, when it is not of the kind or out of bounds. */
bool setting_parse(const struct setting *setting, const char *text, void *values);

/* Appends what a value of the setting looks like: "a whole number from 1 to 100". */
void setting_describe(const struct setting *setting, struct buffer *text);

/* "duration", for the column of a table. */
const char *setting_kind_name(enum setting_kind kind);

/* The default as a table shows it: "required", "none", "not shown" or the value. */
const char *setting_default(const struct setting *setting);

#endif
