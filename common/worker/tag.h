/*
 * tag - who committed an offset: the metadata that Kerja writes beside it.
 *
 * It names the service, the owner's epoch and the PostgreSQL cluster (its system
 * identifier), so that an operator's reset, another service's offsets and a database put back from
 * a backup are recognised instead of believed.
 */
#ifndef KERJA_WORKER_TAG_H
#define KERJA_WORKER_TAG_H

#include "worker/io.h"

struct identity {
    char service[SERVICE_NAME_SIZE]; /* letters, digits and '-' */
    uint64_t system_identifier;      /* pg_control_system() */
};

/* "kerja/1 <service> <owner_epoch> <system_identifier>", with a terminating zero. */
void tag_format(const struct identity *identity, int64_t owner_epoch,
                char tag[static TAG_SIZE]);

/* True when `tag` was written by this service over this database by the owner of
 * `owner_epoch` or by an earlier one. */
bool tag_is_ours(const struct identity *identity, int64_t owner_epoch, const char *tag);

#endif
