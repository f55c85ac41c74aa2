#include "seal/seal.h"
#include "seal/digest.h"
#include "seal/keyed.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

enum {
    FORM_VERSION = 1,
    HEAD_SIZE = 5, /* version and key id */
    NONCE_SIZE = 12,
    TAG_SIZE = 16,
    PART_LENGTH_SIZE = 4,
    PLACE_NAME_BOUND = 64, /* of a table's or column's name */
    NONCE_POOL_SIZE = 85 * NONCE_SIZE,
    CLEAR_BOUND = INT_MAX - SEAL_OVERHEAD /* libcrypto counts in int */
};

static_assert(HEAD_SIZE + NONCE_SIZE + TAG_SIZE == SEAL_OVERHEAD,
              "the header tells the overhead");

/* Each key has a context in which it is already set, so that a call sets only the nonce. */
struct cipher {
    uint32_t key_id;
    EVP_CIPHER_CTX *encrypt, *decrypt;
};

/* Random bytes for nonces, fetched many at once: asking for twelve costs as much as the sealing. */
struct nonces {
    unsigned char bytes[NONCE_POOL_SIZE];
    size_t left; /* unused ones stand at the end */
};

struct seal {
    struct hmac_key id_key;
    struct cipher ciphers[SEAL_KEYS];
    size_t cipher_count;
    struct nonces *nonces;
};

static EVP_CIPHER_CTX *keyed_context(const unsigned char *key, int encrypts)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL ||
        EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, NULL, encrypts) == 1)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

static const struct cipher *find_cipher(const struct seal *seal, uint32_t key_id)
{
    for (size_t i = 0; i < seal->cipher_count; i++)
        if (seal->ciphers[i].key_id == key_id)
            return &seal->ciphers[i];
    return NULL;
}

static enum outcome add_cipher(struct seal *seal, const struct seal_sealing_key *key,
                               struct error *error)
{
    if (key->id == 0 || find_cipher(seal, key->id) != NULL)
        return error_set(error, STOP, "cannot use sealing key %" PRIu32 ": %s", key->id,
                         key->id == 0 ? "ids begin at 1" : "its id is there twice");
    struct cipher *cipher = &seal->ciphers[seal->cipher_count++];
    *cipher =
        (struct cipher){key->id, keyed_context(key->bytes, 1), keyed_context(key->bytes, 0)};
    if (cipher->encrypt == NULL || cipher->decrypt == NULL)
        return error_set(error, STOP,
                         "cannot use sealing key %" PRIu32 ": libcrypto refuses AES-256-GCM",
                         key->id);
    return OK;
}

struct seal *seal_open(const struct seal_secrets *secrets, struct error *error)
{
    assert(secrets->key_count <= SEAL_KEYS);
    struct seal *seal = calloc(1, sizeof *seal);
    enum outcome outcome = OK;
    if (seal != NULL)
        seal->nonces = calloc(1, sizeof *seal->nonces);
    if (seal == NULL || seal->nonces == NULL || secrets->key_count == 0) {
        error_set(error, STOP, "cannot seal: %s",
                  seal == NULL || seal->nonces == NULL ? "no memory" : "there is no key");
        seal_close(seal);
        return NULL;
    }
    hmac_key_init(&seal->id_key,
                  (struct slice){(const char *)secrets->id_secret, SEAL_SECRET_SIZE});
    for (size_t i = 0; i < secrets->key_count && outcome == OK; i++)
        outcome = add_cipher(seal, &secrets->keys[i], error);
    if (outcome == OK)
        return seal;
    seal_close(seal);
    return NULL;
}

void seal_close(struct seal *seal)
{
    if (seal == NULL)
        return;
    for (size_t i = 0; i < seal->cipher_count; i++) {
        EVP_CIPHER_CTX_free(seal->ciphers[i].encrypt);
        EVP_CIPHER_CTX_free(seal->ciphers[i].decrypt);
    }
    free(seal->nonces);
    OPENSSL_cleanse(seal, sizeof *seal);
    free(seal);
}

const struct hmac_key *seal_id_key(const struct seal *seal)
{
    return &seal->id_key;
}

static size_t put_part(unsigned char *at, const char *data, size_t size)
{
    for (int i = 0; i < PART_LENGTH_SIZE; i++)
        at[i] = (unsigned char)(size >> (24 - 8 * i));
    memcpy(at + PART_LENGTH_SIZE, data, size);
    return PART_LENGTH_SIZE + size;
}

/* What is authenticated beside the clear text: the head of the sealed bytes, and the place. */
static bool add_place(EVP_CIPHER_CTX *context, const unsigned char *head,
                      const struct seal_place *place)
{
    unsigned char
        beside[HEAD_SIZE + 3 * PART_LENGTH_SIZE + 2 * PLACE_NAME_BOUND + UUID_TEXT_SIZE];
    char row[UUID_TEXT_SIZE + 1];
    size_t table_size = strlen(place->table), column_size = strlen(place->column);
    size_t size = HEAD_SIZE;
    int ignored;
    assert(table_size <= PLACE_NAME_BOUND && column_size <= PLACE_NAME_BOUND);
    uuid_format(&place->row, row);
    memcpy(beside, head, HEAD_SIZE);
    size += put_part(beside + size, place->table, table_size);
    size += put_part(beside + size, place->column, column_size);
    size += put_part(beside + size, row, UUID_TEXT_SIZE);
    return EVP_CipherUpdate(context, NULL, &ignored, beside, (int)size) == 1;
}

static bool nonce_take(struct nonces *nonces, unsigned char *nonce)
{
    if (nonces->left < NONCE_SIZE) {
        if (RAND_bytes(nonces->bytes, NONCE_POOL_SIZE) != 1)
            return false;
        nonces->left = NONCE_POOL_SIZE;
    }
    memcpy(nonce, nonces->bytes + NONCE_POOL_SIZE - nonces->left, NONCE_SIZE);
    nonces->left -= NONCE_SIZE;
    return true;
}

static bool encrypt(EVP_CIPHER_CTX *context, struct nonces *nonces,
                    const struct seal_place *place, struct slice clear, unsigned char *out)
{
    unsigned char *nonce = out + HEAD_SIZE, *body = nonce + NONCE_SIZE;
    int size = 0, rest = 0;
    return nonce_take(nonces, nonce) &&
           EVP_CipherInit_ex(context, NULL, NULL, NULL, nonce, 1) == 1 &&
           add_place(context, out, place) &&
           (clear.size == 0 ||
            EVP_CipherUpdate(context, body, &size, (const unsigned char *)clear.data,
                             (int)clear.size) == 1) &&
           EVP_CipherFinal_ex(context, body + size, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, body + clear.size) == 1;
}

enum outcome seal_seal(const struct seal *seal, const struct seal_place *place,
                       struct slice clear, struct buffer *out, struct error *error)
{
    const struct cipher *cipher = &seal->ciphers[0];
    unsigned char *room = NULL;
    if (clear.size <= CLEAR_BOUND)
        room = (unsigned char *)buffer_reserve(out, clear.size + SEAL_OVERHEAD);
    if (room == NULL)
        return error_set(error, STOP, "cannot seal \"%s.%s\": %zu bytes are too many",
                         place->table, place->column, clear.size);
    room[0] = FORM_VERSION;
    for (int i = 0; i < 4; i++)
        room[1 + i] = (unsigned char)(cipher->key_id >> (24 - 8 * i));
    if (!encrypt(cipher->encrypt, seal->nonces, place, clear, room))
        return error_set(error, STOP, "cannot seal \"%s.%s\": libcrypto failed", place->table,
                         place->column);
    out->size += clear.size + SEAL_OVERHEAD;
    return OK;
}

static bool decrypt(EVP_CIPHER_CTX *context, const struct seal_place *place,
                    struct slice sealed, unsigned char *out)
{
    const unsigned char *head = (const unsigned char *)sealed.data;
    const unsigned char *nonce = head + HEAD_SIZE, *body = nonce + NONCE_SIZE;
    size_t clear_size = sealed.size - SEAL_OVERHEAD;
    unsigned char tag[TAG_SIZE];
    int size = 0, rest = 0;
    memcpy(tag, body + clear_size, TAG_SIZE);
    return EVP_CipherInit_ex(context, NULL, NULL, NULL, nonce, 0) == 1 &&
           add_place(context, head, place) &&
           (clear_size == 0 ||
            EVP_CipherUpdate(context, out, &size, body, (int)clear_size) == 1) &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1 &&
           EVP_CipherFinal_ex(context, out + size, &rest) == 1;
}

static uint32_t key_id_of(struct slice sealed)
{
    const unsigned char *head = (const unsigned char *)sealed.data;
    return (uint32_t)head[1] << 24 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 8 | head[4];
}

enum outcome seal_unseal(const struct seal *seal, const struct seal_place *place,
                         struct slice sealed, struct buffer *out, struct error *error)
{
    bool formed = sealed.size >= SEAL_OVERHEAD && sealed.size <= INT_MAX &&
                  sealed.data[0] == FORM_VERSION;
    if (!formed)
        return error_set(error, REJECT,
                         "cannot unseal \"%s.%s\": the bytes are not sealed ones", place->table,
                         place->column);
    const struct cipher *cipher = find_cipher(seal, key_id_of(sealed));
    if (cipher == NULL)
        return error_set(error, STOP,
                         "cannot unseal \"%s.%s\": sealing key %" PRIu32
                         " is not in KERJA_SEALING_KEYS_FILE; add it and start again",
                         place->table, place->column, key_id_of(sealed));
    /* One byte more, so that an empty text has somewhere to be. */
    char *room = buffer_reserve(out, sealed.size - SEAL_OVERHEAD + 1);
    if (room == NULL)
        return error_set(error, STOP, "could not unseal \"%s.%s\": no memory", place->table,
                         place->column);
    if (!decrypt(cipher->decrypt, place, sealed, (unsigned char *)room)) {
        /* Unauthenticated clear text stays nowhere. */
        OPENSSL_cleanse(room, sealed.size - SEAL_OVERHEAD + 1);
        return error_set(error, REJECT,
                         "cannot unseal \"%s.%s\": the bytes were changed or moved",
                         place->table, place->column);
    }
    out->size += sealed.size - SEAL_OVERHEAD;
    return OK;
}
