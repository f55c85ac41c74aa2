#include "subject_id.h"

#include "base/uuid.h"

#include <stddef.h>
#include <string.h>

enum { NATIONAL_ID_LEAST = 12, NATIONAL_ID_MOST = 20, END_TO_END_ID_SIZE = 32 };

bool subject_id_is_national(const char *id)
{
    size_t digits = 0;
    for (; *id != '\0'; id++) {
        if (*id >= '0' && *id <= '9')
            digits++;
        else if (strchr(" .-", *id) == NULL)
            return false;
    }
    return digits >= NATIONAL_ID_LEAST && digits <= NATIONAL_ID_MOST;
}

const char *subject_id_uuid(const char *id)
{
    struct uuid uuid;
    size_t hex = strspn(id, "0123456789abcdefABCDEF");
    bool end_to_end = hex == END_TO_END_ID_SIZE && id[hex] == '\0';
    return end_to_end || uuid_parse(slice_of(id), &uuid) ? id : NULL;
}
