/*
 * seal - what stands where a person's data would stand: ids, equality tokens, sealed bytes.
 *
 * Clear personal data stands only on the topics that need it. Everywhere else there is an id
 * (seal/ids.h), or, where the value must be read again, AES-256-GCM (NIST SP 800-38D) bound to
 * the table, column and row it belongs to, so that sealed bytes copied to another row do not
 * open.
 *
 * The id secret never changes: all ids would. Sealing keys do: new bytes are sealed with the
 * first key, old ones open with the key that they name. A nonce is 96 random bits, so a key is
 * replaced before it has sealed 2^32 values.
 *
 * One struct seal per thread, and none across a fork: it holds cipher contexts that are used anew by each call, and
 * random bytes for nonces that must never be used twice. The
 * functions take it const because a caller sees no change.
 *
 * Files of secrets are lines of text; "#" begins a comment, blank lines are skipped. The id
 * secret is one line of 64 hex digits. The sealing keys are one line a key, `id:hex`, a number
 * from 1 to 4294967295 and 64 hex digits; the first is the one that seals.
 *
 * Sealed bytes: 1 (the version of this form), key id u32 big-endian, nonce 12 bytes, ciphertext
 * as long as the clear text, tag 16 bytes. Authenticated beside it: the first five bytes, then
 * table, column and row as parts (seal/digest.h).
 */
#ifndef KERJA_SEAL_SEAL_H
#define KERJA_SEAL_SEAL_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/uuid.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SEAL_SECRET_SIZE = 32, /* of the id secret and of each sealing key */
    SEAL_KEYS = 8,         /* kept at once                              */
    SEAL_OVERHEAD = 33     /* sealed bytes are so much longer           */
};

struct seal_sealing_key {
    uint32_t id;
    unsigned char bytes[SEAL_SECRET_SIZE];
};

struct seal_secrets {
    unsigned char id_secret[SEAL_SECRET_SIZE];
    struct seal_sealing_key keys[SEAL_KEYS]; /* [0] seals */
    size_t key_count;
};

/* Reads both files. STOP names the file, the line and what was expected there, never what
 * stands there. */
enum outcome seal_secrets_read(const char *id_secret_path, const char *sealing_keys_path,
                               struct seal_secrets *secrets, struct error *error);

/* Overwrites the secrets. */
void seal_secrets_release(struct seal_secrets *secrets);

struct seal;

/* NULL and a reason when a key id is repeated or zero, there is no key, or libcrypto refuses.
 * Copies what it needs. */
struct seal *seal_open(const struct seal_secrets *secrets, struct error *error);
void seal_close(struct seal *seal);

/* Where sealed bytes belong. */
struct seal_place {
    const char *table, *column;
    struct uuid row;
};

/* Appends the sealed bytes to `out`. STOP when libcrypto fails or there is no memory. */
enum outcome seal_seal(const struct seal *seal, const struct seal_place *place,
                       struct slice clear, struct buffer *out, struct error *error);

/* Appends the clear bytes to `out`. REJECT when they were changed, cut or moved to another
 * place. STOP when they name a key that is not there (the message has its id), or there is no memory: the
 * bytes may be as good as any. `out` is then as it was. */
enum outcome seal_unseal(const struct seal *seal, const struct seal_place *place,
                         struct slice sealed, struct buffer *out, struct error *error);

#endif
