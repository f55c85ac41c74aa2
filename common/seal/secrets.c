#include "seal/seal.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>

enum { LINE_SIZE = 256, SECRET_HEX = 2 * SEAL_SECRET_SIZE };

/* Reads the next line that says something, without its end. Returns false at the end of the
 * file. */
static bool next_line(FILE *file, char line[static LINE_SIZE], unsigned *number)
{
    while (fgets(line, LINE_SIZE, file) != NULL) {
        bool comment = line[0] == '#';
        (*number)++;
        while (comment && strchr(line, '\n') == NULL && fgets(line, LINE_SIZE, file) != NULL)
            ; /* however long it is */
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] != '\0' && !comment)
            return true;
    }
    return false;
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* Exactly 64 hex digits. */
static bool parse_secret(const char *text, unsigned char bytes[static SEAL_SECRET_SIZE])
{
    if (strlen(text) != SECRET_HEX)
        return false;
    for (size_t i = 0; i < SEAL_SECRET_SIZE; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool parse_key(const char *text, struct seal_sealing_key *key)
{
    char *end;
    errno = 0;
    unsigned long id = strtoul(text, &end, 10);
    bool number = text[0] >= '0' && text[0] <= '9' && errno == 0 && id >= 1 && id <= UINT32_MAX;
    if (!number || *end != ':')
        return false;
    key->id = (uint32_t)id;
    return parse_secret(end + 1, key->bytes);
}

static enum outcome read_id_secret(FILE *file, const char *path, struct seal_secrets *secrets,
                                   struct error *error)
{
    char line[LINE_SIZE];
    unsigned number = 0;
    bool read = next_line(file, line, &number) && parse_secret(line, secrets->id_secret);
    bool more = read && next_line(file, line, &number);
    OPENSSL_cleanse(line, sizeof line);
    if (!read || more)
        return error_set(error, STOP,
                         "cannot use \"%s\": line %u: expected one line of 64 hex digits", path,
                         number);
    return OK;
}

static enum outcome read_keys(FILE *file, const char *path, struct seal_secrets *secrets,
                              struct error *error)
{
    char line[LINE_SIZE];
    unsigned number = 0;
    enum outcome outcome = OK;
    secrets->key_count = 0;
    while (outcome == OK && next_line(file, line, &number)) {
        if (secrets->key_count == SEAL_KEYS)
            outcome = error_set(error, STOP, "cannot use \"%s\": line %u: more than %d keys",
                                path, number, SEAL_KEYS);
        else if (!parse_key(line, &secrets->keys[secrets->key_count]))
            outcome = error_set(
                error, STOP,
                "cannot use \"%s\": line %u: expected id:hex, a number and 64 hex digits", path,
                number);
        else
            secrets->key_count++;
    }
    OPENSSL_cleanse(line, sizeof line);
    if (outcome == OK && secrets->key_count == 0)
        return error_set(error, STOP, "cannot use \"%s\": it holds no key", path);
    return outcome;
}

static enum outcome read_file(const char *path, struct seal_secrets *secrets,
                              enum outcome (*read)(FILE *, const char *, struct seal_secrets *,
                                                   struct error *),
                              struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(error, STOP, "cannot read \"%s\": %s", path, strerror(errno));
    /* No copy of a secret is left behind in a buffer of the library. */
    setvbuf(file, NULL, _IONBF, 0);
    enum outcome outcome = read(file, path, secrets, error);
    if (outcome == OK && ferror(file))
        outcome = error_set(error, STOP, "cannot read \"%s\"", path);
    fclose(file);
    return outcome;
}

enum outcome seal_secrets_read(const char *id_secret_path, const char *sealing_keys_path,
                               struct seal_secrets *secrets, struct error *error)
{
    assert(id_secret_path != NULL && sealing_keys_path != NULL);
    struct seal_secrets read = {.key_count = 0};
    enum outcome outcome = read_file(id_secret_path, &read, read_id_secret, error);
    if (outcome == OK)
        outcome = read_file(sealing_keys_path, &read, read_keys, error);
    if (outcome == OK)
        *secrets = read;
    seal_secrets_release(&read);
    return outcome;
}

void seal_secrets_release(struct seal_secrets *secrets)
{
    if (secrets != NULL)
        OPENSSL_cleanse(secrets, sizeof *secrets);
}
