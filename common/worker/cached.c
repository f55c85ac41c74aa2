#include "worker/cached.h"
#include "decode/decode.h"
#include "decode/encode.h"
#include "seal/ids.h"

enum { FINGERPRINT_SIZE = sizeof(uint64_t) };

bool cached_write(const struct seal *seal, const struct row_type *type, struct slice key,
                  const void *row, struct buffer *value)
{
    struct digest mark = {{0}};
    size_t begin = value->size;
    buffer_append(value, &mark, DIGEST_SIZE);
    buffer_append(value, &type->fingerprint, FINGERPRINT_SIZE);
    encode_record(type->record, row, value);
    if (buffer_failed(value))
        return false;
    char *at = value->data + begin;
    mark = seal_mark(seal, key,
                     (struct slice){at + DIGEST_SIZE, value->size - begin - DIGEST_SIZE});
    memcpy(at, mark.bytes, DIGEST_SIZE);
    return true;
}

enum cached cached_read(const struct seal *seal, const struct row_type *type, struct slice key,
                        struct slice value, struct arena *arena, void **row)
{
    if (value.size < DIGEST_SIZE + FINGERPRINT_SIZE)
        return CACHED_FORGED;
    struct slice marked = {value.data + DIGEST_SIZE, value.size - DIGEST_SIZE};
    struct digest right = seal_mark(seal, key, marked), mark;
    memcpy(mark.bytes, value.data, DIGEST_SIZE);
    if (!digest_equal(&mark, &right))
        return CACHED_FORGED;
    if (memcmp(marked.data, &type->fingerprint, FINGERPRINT_SIZE) != 0)
        return CACHED_OTHER_FORM;
    struct slice body = {marked.data + FINGERPRINT_SIZE, marked.size - FINGERPRINT_SIZE};
    void *read = arena_alloc(arena, type->record->size);
    if (read == NULL || !decode_record(type->record, body, arena, read))
        return CACHED_OTHER_FORM;
    *row = read;
    return CACHED_ROW;
}
