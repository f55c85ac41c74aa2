/*
 * fuzz_settings - the environment of a process, a variable a line: what is odd is told, never taken, and no
 * sentence holds the address of a database, which may have a password in it.
 */
#include "fuzz.h"
#include "worker/settings.h"

enum { VARIABLES = 64 };

static const char password[] = "postgresql://kerja:hunter2@db/";

static bool bounded(const struct setting *setting, int64_t value)
{
    return setting->minimum == 0 && setting->maximum == 0
               ? value >= 0
               : value >= setting->minimum && value <= setting->maximum;
}

/* What was accepted is of its kind and within its bounds. */
static void check_values(const struct settings *values)
{
    for (size_t i = 0; i < settings_table.count; i++) {
        const struct setting *setting = &settings_table.settings[i];
        const char *member = (const char *)values + setting->offset;
        int64_t number;
        switch (setting->kind) {
        case SETTING_INT:
        case SETTING_DURATION_MS:
        case SETTING_BYTES:
            memcpy(&number, member, sizeof number);
            must(bounded(setting, number));
            break;
        case SETTING_ADDRESS:
            must(memchr(member, '\0', CONFIG_HOST_SIZE) != NULL);
            break;
        case SETTING_TEXT:
        case SETTING_SECRET_FILE:
        case SETTING_URI:
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *environment[VARIABLES + 2], postgres[128];
    char *text = malloc(size + 1);
    struct settings values = {0};
    struct buffer problems = {0};
    size_t count = 0;
    must(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    for (char *line = text; line != NULL && count < VARIABLES;) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end++ = '\0';
        environment[count++] = line;
        line = end;
    }
    /* Whatever follows it, the first is a database with a password. */
    snprintf(postgres, sizeof postgres, "KERJA_POSTGRES=%s", password);
    environment[count++] = postgres;
    environment[count] = NULL;
    enum outcome outcome = config_read(&settings_table, environment, &values, &problems);
    must(outcome == OK || outcome == STOP);
    must((outcome == STOP) == (problems.size > 0));
    must(problems.size == 0 ||
         memmem(problems.data, problems.size, "hunter2", strlen("hunter2")) == NULL ||
         memmem(text, size, "hunter2", strlen("hunter2")) != NULL);
    if (outcome == OK)
        check_values(&values);
    buffer_release(&problems);
    free(text);
    return 0;
}
