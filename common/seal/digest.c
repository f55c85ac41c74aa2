/* SHA-256 states are copied by value, which only the interface can do that OpenSSL 3.0 calls
 * deprecated. Through EVP a message may fail for want of memory, and a keyed state is bound to
 * one thread; here neither can happen. */
#include "seal/digest.h"

#include <assert.h>
#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

enum {
    BLOCK_SIZE = 64,
    INNER_PAD = 0x36,
    OUTER_PAD = 0x5c,
    GATHERED_SIZE = 256,
    LENGTH_SIZE = 4
};

static_assert(sizeof(SHA256_CTX) <= sizeof(((struct hmac_key *)0)->inner),
              "a state of SHA-256 fits");

static struct digest finish(SHA256_CTX *state)
{
    struct digest digest;
    SHA256_Final(digest.bytes, state);
    return digest;
}

static SHA256_CTX resume(const unsigned char *state)
{
    SHA256_CTX resumed;
    memcpy(&resumed, state, sizeof resumed);
    return resumed;
}

static void flush(SHA256_CTX *state, const unsigned char *gathered, size_t *size)
{
    SHA256_Update(state, gathered, *size);
    *size = 0;
}

/* Parts are mostly short: they are gathered, because each SHA256_Update() costs as much as what it
 * is given. */
static void update_parts(SHA256_CTX *state, const struct slice *parts, size_t count)
{
    unsigned char gathered[GATHERED_SIZE];
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        assert(parts[i].size <= UINT32_MAX);
        if (sizeof gathered - size < LENGTH_SIZE)
            flush(state, gathered, &size);
        uint32_t length = htobe32((uint32_t)parts[i].size);
        memcpy(gathered + size, &length, LENGTH_SIZE);
        size += LENGTH_SIZE;
        if (sizeof gathered - size < parts[i].size) {
            flush(state, gathered, &size);
            SHA256_Update(state, parts[i].data, parts[i].size);
        } else if (parts[i].size > 0) {
            memcpy(gathered + size, parts[i].data, parts[i].size);
            size += parts[i].size;
        }
    }
    flush(state, gathered, &size);
}

struct digest sha256(struct slice bytes)
{
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, bytes.size == 0 ? "" : bytes.data, bytes.size);
    return finish(&state);
}

void sha256_begin(struct sha256_run *run)
{
    SHA256_CTX state;
    SHA256_Init(&state);
    memcpy(run->state, &state, sizeof state);
}

void sha256_add(struct sha256_run *run, struct slice bytes)
{
    SHA256_CTX state = resume(run->state);
    SHA256_Update(&state, bytes.size == 0 ? "" : bytes.data, bytes.size);
    memcpy(run->state, &state, sizeof state);
}

struct digest sha256_end(struct sha256_run *run)
{
    SHA256_CTX state = resume(run->state);
    return finish(&state);
}

struct digest sha256_parts(const struct slice *parts, size_t count)
{
    SHA256_CTX state;
    SHA256_Init(&state);
    update_parts(&state, parts, count);
    return finish(&state);
}

void digest_hex(const struct digest *digest, char text[static DIGEST_HEX_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        text[2 * i] = digits[digest->bytes[i] >> 4];
        text[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    text[DIGEST_HEX_SIZE] = '\0';
}

void seal_sha256_hex(struct slice bytes, char text[static DIGEST_HEX_SIZE + 1])
{
    struct digest digest = sha256(bytes);
    digest_hex(&digest, text);
}

static void prepare(unsigned char state[static sizeof(SHA256_CTX)],
                    const unsigned char block[static BLOCK_SIZE], unsigned char pad)
{
    unsigned char padded[BLOCK_SIZE];
    SHA256_CTX prepared;
    for (size_t i = 0; i < BLOCK_SIZE; i++)
        padded[i] = block[i] ^ pad;
    SHA256_Init(&prepared);
    SHA256_Update(&prepared, padded, sizeof padded);
    memcpy(state, &prepared, sizeof prepared);
    OPENSSL_cleanse(padded, sizeof padded);
    OPENSSL_cleanse(&prepared, sizeof prepared);
}

bool digest_equal(const struct digest *one, const struct digest *other)
{
    return CRYPTO_memcmp(one->bytes, other->bytes, DIGEST_SIZE) == 0;
}

void hmac_key_init(struct hmac_key *key, struct slice secret)
{
    unsigned char block[BLOCK_SIZE] = {0};
    if (secret.size > BLOCK_SIZE) {
        struct digest shorter = sha256(secret);
        memcpy(block, shorter.bytes, sizeof shorter.bytes);
        OPENSSL_cleanse(&shorter, sizeof shorter);
    } else if (secret.size > 0) {
        memcpy(block, secret.data, secret.size);
    }
    *key = (struct hmac_key){0};
    prepare(key->inner, block, INNER_PAD);
    prepare(key->outer, block, OUTER_PAD);
    OPENSSL_cleanse(block, sizeof block);
}

void hmac_key_release(struct hmac_key *key)
{
    if (key != NULL)
        OPENSSL_cleanse(key, sizeof *key);
}

static struct digest finish_outer(const struct hmac_key *key, SHA256_CTX *inner)
{
    struct digest digest = finish(inner);
    SHA256_CTX outer = resume(key->outer);
    SHA256_Update(&outer, digest.bytes, sizeof digest.bytes);
    return finish(&outer);
}

struct digest hmac_sha256(const struct hmac_key *key, struct slice message)
{
    SHA256_CTX inner = resume(key->inner);
    SHA256_Update(&inner, message.size == 0 ? "" : message.data, message.size);
    return finish_outer(key, &inner);
}

struct digest hmac_sha256_parts(const struct hmac_key *key, const struct slice *parts,
                                size_t count)
{
    SHA256_CTX inner = resume(key->inner);
    update_parts(&inner, parts, count);
    return finish_outer(key, &inner);
}
