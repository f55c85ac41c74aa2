/*
 * rejudge - an existing application judged again, because something it stands on has changed.
 */
#ifndef KERJA_APPLICATION_REJUDGE_H
#define KERJA_APPLICATION_REJUDGE_H

#include "facts.h"

/* Judges an open (held or pooled) application anew, and holds or releases the award of one that is AWARDED. Emits
 * only what changed. False when the application is in no such state. The decision's verdict is then of the
 * application judged last. */
bool rejudge(struct facts *facts, struct decision *decision, const struct uuid *application_key,
             instant_us occurred_at);

/* Names what rejudge() looks at, round by round. */
void rejudge_keys(struct facts *facts, const struct office *office,
                  const struct uuid *application_key);

#endif
