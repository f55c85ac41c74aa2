/*
 * decide_drawn - the draw has spoken about one pooled application.
 *
 * Who was drawn is judged once more on current facts; a seat and the package's money are
 * taken then. Who was not is NOT_DRAWN, and may apply again in a later wave.
 */
#ifndef KERJA_APPLICATION_DECIDE_DRAWN_H
#define KERJA_APPLICATION_DECIDE_DRAWN_H

#include "facts.h"

struct drawn_subject {
    struct subject subject; /* id: the application's key, until its row is known */
    struct uuid application_key;
    const struct office *office;
};

void drawn_identify(const void *event, void *subject, struct decision *decision);
void drawn_keys(const void *event, const void *subject, struct facts *facts);
void drawn_decide(const void *event, const void *subject, struct facts *facts,
                  struct decision *decision);

/* Names the rows around a loaded application: for every handler that begins at one. */
void want_around_application(struct facts *facts, const struct uuid *application_key);

#endif
