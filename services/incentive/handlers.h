/*
 * handlers - the events that the incentive service reads, one decision each.
 */
#ifndef KERJA_INCENTIVE_HANDLERS_H
#define KERJA_INCENTIVE_HANDLERS_H

#include "worker/service.h"

extern const struct handler incentive_handlers[];
extern const size_t incentive_handler_count;

#endif
