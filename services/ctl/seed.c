#include "seed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static void hash(struct seed *seed)
{
    seal_sha256_hex((struct slice){(const char *)seed->bytes, sizeof seed->bytes},
                    seed->sha256);
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool seed_parse(struct slice hex, struct seed *seed)
{
    struct seed parsed;
    if (hex.size != 2 * DRAW_SEED_SIZE)
        return false;
    for (size_t i = 0; i < DRAW_SEED_SIZE; i++) {
        int high = hex_digit(hex.data[2 * i]), low = hex_digit(hex.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        parsed.bytes[i] = (unsigned char)(high << 4 | low);
    }
    hash(&parsed);
    *seed = parsed;
    return true;
}

void seed_hex(const struct seed *seed, char text[static 2 * DRAW_SEED_SIZE + 1])
{
    for (size_t i = 0; i < DRAW_SEED_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", seed->bytes[i]);
}

enum outcome seed_make(struct seed *seed, struct error *error)
{
    if (getrandom(seed->bytes, sizeof seed->bytes, 0) != (ssize_t)sizeof seed->bytes)
        return error_set(error, STOP, "cannot make a seed: the system gives no random numbers");
    hash(seed);
    return OK;
}

static enum outcome file_make(const char *path, struct seed *seed, struct error *error)
{
    char text[2 * DRAW_SEED_SIZE + 2];
    if (seed_make(seed, error) != OK)
        return STOP;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return error_set(error, REJECT, "cannot make the seed's file \"%s\": %s", path,
                         strerror(errno));
    seed_hex(seed, text);
    text[2 * DRAW_SEED_SIZE] = '\n';
    bool whole =
        write(file, text, 2 * DRAW_SEED_SIZE + 1) == 2 * DRAW_SEED_SIZE + 1 && fsync(file) == 0;
    close(file);
    return whole ? OK : error_set(error, REJECT, "cannot write the seed's file \"%s\"", path);
}

enum outcome seed_file(const char *path, bool make, struct seed *seed, struct error *error)
{
    char text[2 * DRAW_SEED_SIZE + 2];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT && make)
        return file_make(path, seed, error);
    if (file < 0)
        return error_set(error, REJECT, "cannot read the seed's file \"%s\": %s", path,
                         strerror(errno));
    ssize_t size = read(file, text, sizeof text);
    close(file);
    if (size > 0 && text[size - 1] == '\n')
        size--;
    if (size >= 0 && seed_parse((struct slice){text, (size_t)size}, seed))
        return OK;
    return error_set(error, REJECT, "cannot use \"%s\": expected 64 hex digits", path);
}

struct uuid draw_id_of(struct slice programme, int wave, const struct seed *seed)
{
    char number[16];
    struct uuid id;
    snprintf(number, sizeof number, "%d", wave);
    const struct slice parts[] = {SLICE("draw"), programme, slice_of(number),
                                  slice_of(seed->sha256)};
    struct digest digest = sha256_parts(parts, sizeof parts / sizeof *parts);
    memcpy(id.bytes, digest.bytes, sizeof id.bytes);
    uuid_mark_version_8(&id);
    return id;
}
