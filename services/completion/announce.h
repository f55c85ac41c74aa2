/*
 * announce - what the completion service tells others about a decision.
 *
 * Each event about an award carries the award's own number for its kind, one more each time, so
 * that a reader can drop what is older than what it knows.
 */
#ifndef KERJA_COMPLETION_ANNOUNCE_H
#define KERJA_COMPLETION_ANNOUNCE_H

#include "file.h"
#include "schemas/events.h"

/* enrolment.decided and completion.decided for the row as it stands. */
void announce_enrolment(struct file *file, const struct enrolment_row *enrolment);
void announce_completion(struct file *file, const struct enrolment_row *enrolment, bool first);

/* incentive.approved: one benefit's instalments from one trigger. Borrows `instalments`, which must
 * live as long as the batch. */
void announce_approval(struct file *file, const struct benefit *benefit, struct slice payee_ref,
                       const struct incentive_approved_instalment *instalments, size_t count,
                       int first_number);

/* incentive.stopped: what of the item is not approved yet, from this instalment on, will not be. Returned for a balance,
 * which says how much of it lapses: what purchases took is told elsewhere, in any order. */
struct incentive_stopped *announce_stopped(struct file *file, struct slice item,
                                           int from_instalment,
                                           enum incentive_stopped_effect effect,
                                           struct slice reason);

/* award.changed by this service. */
void announce_change(struct file *file, enum award_changed_change change, struct slice reason);

/* notification.requested with a text of the programme file; nothing where nobody can be told or the file has
 * no such message. `number` tells apart messages of one kind about one award. */
void announce_message(struct file *file, enum message_kind kind, struct slice reason,
                      bool has_day, epoch_day day, int64_t number);

#endif
