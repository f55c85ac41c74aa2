/*
 * zone - does the zone data of this machine agree with a programme's offset?
 *
 * Workers take the offset from the programme's file alone, so that a day ends at one instant everywhere. Whoever
 * checks or publishes a file is told here when that instant is not local midnight.
 */
#ifndef KERJA_CTL_ZONE_H
#define KERJA_CTL_ZONE_H

#include "base/error.h"
#include "rules/programme.h"

/* OK when the zone has the programme's offset on the first day of each month of its years, or when this machine
 * knows no such zone; REJECT with the day on which it differs. Leaves the process's own zone as it was. */
enum outcome zone_agrees(const struct programme *programme, struct error *error);

#endif
