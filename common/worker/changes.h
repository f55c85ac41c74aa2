/*
 * changes - which award.changed of an award were heard, of each writer and matter.
 *
 * A writer numbers its changes of an award, but two of its decisions may stand in two partitions'
 * outputs, and these reach the topic in the partitions' order: a lower number may come after a higher
 * one and is not stale for that. The newest number counts of each matter: of a hold (writer,
 * reason), and of a writer's REVOKED, CLOSED, DECREED and REINSTATED. RECOVERY_NOTICED and REPAID
 * carry amounts of their own: each number counts once.
 *
 * A row keeps a text for each, such as "OFFICER:FRAUD_SUSPECTED=7" or "COMPLETION/REVOKED=9".
 */
#ifndef KERJA_WORKER_CHANGES_H
#define KERJA_WORKER_CHANGES_H

#include "worker/service.h"

struct award_changed; /* schemas/events.h */

/* True when it may have an effect. Every service asks this, so that none holds what another does not. Else refuses the
 * record: a writer or a change that this release does not know (UNKNOWN_CHANGE); a hold or its release that names no
 * reason, for its code is what the person is told, and a code of more than REASON_CODE_BYTES bytes (BAD_REASON); money
 * without an amount above nothing (AMOUNT_MISSING); what an officer changes without a second one (decision_two_officers),
 * but for a hold and the notice of a recovery. */
bool changes_allowed(struct decision *decision, const struct award_changed *changed);

/* True when it, or a newer word on its matter, was heard; a REINSTATED is a newer word on an end. */
bool changes_stale(struct decision *decision, const struct slice *heard, size_t count,
                   const struct award_changed *changed);

/* True for a REVOKED or CLOSED, whoever says it, that is not later than the reinstatement that the award has seen: it
 * ended what has begun anew since. Writers number apart, so only their times can tell; a row therefore keeps the
 * occurred_at of the newest REINSTATED by APPLICATION. */
bool changes_outlived(const struct award_changed *changed, bool has_reinstated_at,
                      instant_us reinstated_at);

/* Remembers it in a copy of the list; it must not be stale. */
void changes_hear(struct decision *decision, const struct slice **heard, size_t *count,
                  const struct award_changed *changed);

#endif
