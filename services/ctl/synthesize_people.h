/*
 * synthesize_people - `kerja synthesize --population FILE`: who applies, in the order of time.
 */
#ifndef KERJA_CTL_SYNTHESIZE_PEOPLE_H
#define KERJA_CTL_SYNTHESIZE_PEOPLE_H

#include "command.h"
#include "rules/programme.h"

/* Writes `count` people of the file, first and second revisions, to standard output. The file must be of the
 * programme. Returns an exit status after it has said what was wrong. */
int synthesize_people(struct call *call, const struct programme *programme, const char *path,
                      uint64_t seed, uint32_t count);

#endif
