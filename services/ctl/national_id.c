#include "national_id.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct slice trimmed(struct slice text)
{
    while (text.size > 0 && blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

static bool capital(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

bool national_id_line(struct slice text, const char *country, struct slice *country_found,
                      struct slice *national_id)
{
    struct slice line = trimmed(text), place = slice_of(country == NULL ? "" : country);
    if (line.size > 3 && capital(line.data[0]) && capital(line.data[1]) &&
        blank(line.data[2])) {
        struct slice said = {line.data, 2};
        if (place.size > 0 && !slice_equal(place, said))
            return false;
        place = said;
        line = trimmed((struct slice){line.data + 2, line.size - 2});
    }
    if (place.size != 2 || line.size == 0 || memchr(line.data, '\n', line.size) != NULL)
        return false;
    *country_found = place;
    *national_id = line;
    return true;
}

static enum outcome open_secret(const char *path, int *descriptor, struct error *error)
{
    struct stat about;
    *descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (*descriptor < 0)
        return error_set(error, REJECT, "cannot read \"%s\": %s", path, strerror(errno));
    if (fstat(*descriptor, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return OK;
    close(*descriptor);
    return error_set(error, REJECT,
                     "\"%s\" may be read by others: let its owner alone read it (chmod 600)",
                     path);
}

enum outcome secret_line_read(const char *path, char *text, size_t size, struct slice *line,
                              struct error *error)
{
    int descriptor = STDIN_FILENO;
    size_t used = 0;
    ssize_t got = 1;
    if (path != NULL && open_secret(path, &descriptor, error) != OK)
        return REJECT;
    while (used < size && (got = read(descriptor, text + used, size - used)) > 0)
        used += (size_t)got;
    if (path != NULL)
        close(descriptor);
    if (got < 0 || used == size)
        return error_set(error, REJECT, "cannot read a country and a national id from %s%s%s",
                         path == NULL ? "standard input" : "\"", path == NULL ? "" : path,
                         path == NULL ? "" : "\"");
    *line = (struct slice){text, used};
    return OK;
}
