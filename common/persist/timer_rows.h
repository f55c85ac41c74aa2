/*
 * timer_rows - timers as parameters of the batch transaction. Internal to persist/.
 */
#ifndef KERJA_PERSIST_TIMER_ROWS_H
#define KERJA_PERSIST_TIMER_ROWS_H

#include "persist/parameters.h"
#include "persist/timer.h"

/* Parameters of insert_timers. */
void timer_parameters(const struct timer *timers, size_t count, struct parameters *parameters);

#endif
