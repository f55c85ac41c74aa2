/*
 * broker - what commands ask of Kafka: ends, offsets of groups, records at a place.
 *
 * It joins no group, and commits an offset only where broker_commit() is told to. Ends are those of every record appended, those of open
 * transactions too, so that "nobody is behind the end" means that nothing is under way. Records are
 * read as read_committed readers see them.
 */
#ifndef KERJA_CTL_BROKER_H
#define KERJA_CTL_BROKER_H

#include "base/client_log.h"
#include "base/error.h"
#include "base/position.h"
#include "base/properties.h"
#include "base/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BROKER_POSITIONS = 8192 }; /* partitions one question may be about */

struct broker;

/* NULL with a reason when a setting is odd; connects later. `security` and `log` are borrowed
 * while it is open. */
struct broker *broker_open(const char *bootstrap, const struct properties *security,
                           struct client_log *log, struct error *error);
void broker_close(struct broker *broker);

enum outcome broker_cluster_id(struct broker *broker, char *id, size_t size,
                               struct error *error);

/* REJECT when there is no such topic. */
enum outcome broker_partition_count(struct broker *broker, const char *topic, int *count,
                                    struct error *error);

/* Fill the offsets: of the log's end, of its start, of the first record appended at or after an instant
 * (the end where there is none). */
enum outcome broker_ends(struct broker *broker, struct position *positions, size_t count,
                         struct error *error);
enum outcome broker_starts(struct broker *broker, struct position *positions, size_t count,
                           struct error *error);
enum outcome broker_offsets_at(struct broker *broker, struct position *positions, size_t count,
                               int64_t time_ms, struct error *error);

/* What a group has committed, and, with the offset -1, what its members are assigned and have not
 * committed. `*count` holds the room and becomes the number. `settled` is false while the group
 * rebalances or nobody is in it who ever committed. */
enum outcome broker_group(struct broker *broker, const char *group, struct position *positions,
                          size_t *count, bool *settled, struct error *error);

/* Sets what a group has committed, with `metadata` beside it. REJECT while the group has members, or had
 * one that may still come back: only they may commit then. */
enum outcome broker_commit(struct broker *broker, const char *group,
                           const struct position *position, const char *metadata,
                           struct error *error);

/* Begins reading at these places; broker_read() gives one record (true; valid until the next
 * call) or none within the time; `at_end` is true once all places were read to their end. */
enum outcome broker_seek(struct broker *broker, const struct position *positions, size_t count,
                         struct error *error);
bool broker_read(struct broker *broker, int timeout_ms, struct record *record, bool *at_end,
                 struct error *error);

#endif
