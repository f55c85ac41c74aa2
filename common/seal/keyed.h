/*
 * keyed - what seal/ids.c needs of a struct seal: the keyed state of the id secret.
 */
#ifndef KERJA_SEAL_KEYED_H
#define KERJA_SEAL_KEYED_H

#include "seal/digest.h"
#include "seal/seal.h"

/* Borrowed for the life of the seal. */
const struct hmac_key *seal_id_key(const struct seal *seal);

#endif
