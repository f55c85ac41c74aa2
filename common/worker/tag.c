#include "worker/tag.h"

#include <assert.h>
#include <inttypes.h>

void tag_format(const struct identity *identity, int64_t owner_epoch, char tag[static TAG_SIZE])
{
    int size = snprintf(tag, TAG_SIZE, "kerja/1 %s %" PRId64 " %" PRIu64, identity->service,
                        owner_epoch, identity->system_identifier);
    assert(size > 0 && size < TAG_SIZE);
    (void)size;
}

bool tag_is_ours(const struct identity *identity, int64_t owner_epoch, const char *tag)
{
    const char *service = tag + strcspn(tag, " ");
    service += *service == ' ';
    const char *epoch = service + strcspn(service, " ");
    int64_t tag_epoch = strtoll(epoch, NULL, 10);

    /* Written again and compared whole: what we cannot have written is not ours. */
    char expected[TAG_SIZE];
    tag_format(identity, tag_epoch, expected);
    return tag_epoch >= 0 && tag_epoch <= owner_epoch && strcmp(tag, expected) == 0;
}
