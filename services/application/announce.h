/*
 * announce - what the application service tells others about a decision.
 */
#ifndef KERJA_APPLICATION_ANNOUNCE_H
#define KERJA_APPLICATION_ANNOUNCE_H

#include "facts.h"
#include "schemas/events.h"

/* Emits application.decided for the row as it stands. `contact` may be NULL: then nobody can be told. */
void announce_decided(struct decision *decision, const struct standing *standing,
                      const struct application_row *application,
                      const struct person_row *contact, instant_us occurred_at);

/* Emits award.changed by this service, under the award's next number. */
void announce_change(struct decision *decision, const struct standing *standing,
                     struct award_row *award, int32_t change, struct slice reason,
                     instant_us occurred_at);

/* Emits notification.requested with a text of the programme file; nothing where there is no contact or the file has
 * no such message. `number` tells messages of one kind about one award apart. */
void announce_message(struct decision *decision, const struct standing *standing,
                      const struct application_row *application,
                      const struct person_row *contact, enum message_kind kind,
                      struct slice reason, int64_t number, instant_us occurred_at);

#endif
