/*
 * fuzz_secrets - files of secrets and of how to be safe with a server: they are taken or refused, and no sentence
 * says what stands in them.
 *
 * The first byte tells: of three, an id secret, sealing keys, or properties.
 */
#include "base/properties.h"
#include "fuzz.h"
#include "seal/seal.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATH_SIZE = 32, SHOWN_BYTES = 12 };

static const char id_secret[] =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

/* A file in memory that a path leads to. */
struct file {
    int descriptor;
    char path[PATH_SIZE];
};

static void file_fill(struct file *file, const void *data, size_t size)
{
    if (file->path[0] == '\0') {
        must((file->descriptor = memfd_create("secrets", MFD_CLOEXEC)) >= 0);
        snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
    }
    must(ftruncate(file->descriptor, 0) == 0);
    must(size == 0 || pwrite(file->descriptor, data, size, 0) == (ssize_t)size);
}

/* No run of bytes of the file stands in the sentence, but for what a sentence may hold by itself. */
static void check_silent(const struct error *error, const char *path, struct slice content)
{
    must(error->text[0] != '\0');
    for (size_t at = 0; at + SHOWN_BYTES <= content.size; at++) {
        char part[SHOWN_BYTES + 1];
        memcpy(part, content.data + at, SHOWN_BYTES);
        part[SHOWN_BYTES] = '\0';
        if (strlen(part) < SHOWN_BYTES || strstr(error->text, part) == NULL)
            continue;
        must(strstr(path, part) != NULL ||
             strspn(part, " ,.:abcdefghijklmnopqrstuvwxyz0123456789-=\"") == SHOWN_BYTES);
    }
}

static void check_properties(const struct file *file, struct slice content)
{
    static struct properties properties;
    struct error error = {0};
    if (properties_read(file->path, kafka_security_prefixes, &properties, &error) != OK) {
        check_silent(&error, file->path, content);
        return;
    }
    must(properties.count <= PROPERTIES);
    for (size_t i = 0; i < properties.count; i++) {
        bool allowed = false;
        for (const char *const *prefix = kafka_security_prefixes; *prefix != NULL; prefix++)
            allowed =
                allowed || strncmp(properties.items[i].name, *prefix, strlen(*prefix)) == 0;
        must(allowed && properties.items[i].value[0] != '\0');
    }
    properties_release(&properties);
}

static void check_secrets(const struct file *id, const struct file *keys,
                          const struct file *given, struct slice content)
{
    struct seal_secrets secrets;
    struct error error = {0};
    if (seal_secrets_read(id->path, keys->path, &secrets, &error) != OK) {
        check_silent(&error, given->path, content);
        return;
    }
    must(secrets.key_count > 0 && secrets.key_count <= SEAL_KEYS);
    struct seal *seal = seal_open(&secrets, &error);
    must(seal != NULL || error.text[0] != '\0');
    seal_close(seal);
    seal_secrets_release(&secrets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct file sound_id, sound_keys, given;
    static char key[sizeof id_secret + 2] = "1:";
    if (size == 0)
        return 0;
    if (sound_id.path[0] == '\0') {
        memcpy(key + 2, id_secret, sizeof id_secret);
        file_fill(&sound_id, id_secret, strlen(id_secret));
        file_fill(&sound_keys, key, strlen(key));
    }
    file_fill(&given, data + 1, size - 1);
    struct slice content = slice_of_input(data + 1, size - 1);
    if (data[0] % 3 == 0)
        check_secrets(&given, &sound_keys, &given, content);
    else if (data[0] % 3 == 1)
        check_secrets(&sound_id, &given, &given, content);
    else
        check_properties(&given, content);
    return 0;
}
