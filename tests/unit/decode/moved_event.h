/*
 * moved_event - an event whose writers are not our release: they lack members, have others of every kind that we
 * skip, number their symbols otherwise, and write a type that cannot be read as ours.
 */
#ifndef KERJA_TESTS_MOVED_EVENT_H
#define KERJA_TESTS_MOVED_EVENT_H

#include "base/event.h"

/* A reader whose schema has moved on: a symbol in the middle, a new member with a default, an
 * int that has become a long. */
enum mood { MOOD_UNKNOWN, MOOD_GLAD, MOOD_CALM, MOOD_SAD };
struct moved {
    struct slice id;
    int32_t mood;
    int64_t total;
    struct slice purpose;
    int32_t revision;
    bool has_note;
    struct slice note;
    struct list tags;
};
static const char *const mood_names[] = {"UNKNOWN", "GLAD", "CALM", "SAD"};
static const struct symbols mood_symbols = {"Mood", mood_names, 4};
static const struct field moved_fields[] = {
    {.name = "id",
     .kind = FIELD_TEXT,
     .offset = offsetof(struct moved, id),
     .size = sizeof(struct slice)},
    {.name = "mood",
     .kind = FIELD_SYMBOL,
     .offset = offsetof(struct moved, mood),
     .size = 4,
     .symbols = &mood_symbols},
    {.name = "total", .kind = FIELD_LONG, .offset = offsetof(struct moved, total), .size = 8},
    {.name = "purpose",
     .kind = FIELD_TEXT,
     .has_default = true,
     .offset = offsetof(struct moved, purpose),
     .size = sizeof(struct slice),
     .default_text = "GOVT"},
    {.name = "revision",
     .kind = FIELD_INT,
     .has_default = true,
     .offset = offsetof(struct moved, revision),
     .size = 4,
     .default_number = 1},
    {.name = "note",
     .kind = FIELD_TEXT,
     .optional = true,
     .has_default = true,
     .offset = offsetof(struct moved, note),
     .has_offset = offsetof(struct moved, has_note),
     .size = sizeof(struct slice)},
    {.name = "tags",
     .kind = FIELD_TEXT,
     .repeated = true,
     .has_default = true,
     .offset = offsetof(struct moved, tags),
     .size = sizeof(struct slice)},
};
static const struct record_type moved_record = {"Moved", sizeof(struct moved), moved_fields, 7};
static const struct writer_schema moved_schemas[] = {
    {1, "{\"type\":\"record\",\"name\":\"Moved\",\"fields\":["
        "{\"name\":\"gone\",\"type\":{\"type\":\"array\",\"items\":[\"null\",\"double\"]}},"
        "{\"name\":\"id\",\"type\":\"string\"},"
        "{\"name\":\"mood\",\"type\":{\"type\":\"enum\",\"name\":\"Mood\",\"symbols\":["
        "\"UNKNOWN\",\"GLAD\",\"SAD\",\"LOST\"]}},"
        "{\"name\":\"total\",\"type\":\"int\"},"
        "{\"name\":\"map\",\"type\":{\"type\":\"map\",\"values\":\"long\"}}]}"},
    {2, "{\"type\":\"record\",\"name\":\"Moved\",\"fields\":[{\"name\":\"id\",\"type\":"
        "\"double\"},"
        "{\"name\":\"mood\",\"type\":\"int\"},{\"name\":\"total\",\"type\":\"long\"}]}"},
    {3, "{\"type\":\"record\",\"name\":\"Moved\",\"fields\":[{\"name\":\"id\",\"type\":["
        "\"null\",\"string\"]},"
        "{\"name\":\"mood\",\"type\":{\"type\":\"enum\",\"name\":\"Mood\",\"symbols\":["
        "\"UNKNOWN\"]}},"
        "{\"name\":\"total\",\"type\":\"long\"},{\"name\":\"tags\",\"type\":{\"type\":"
        "\"array\",\"items\":\"string\"}}]}"},
    {4,
     "{\"type\":\"record\",\"name\":\"Moved\",\"fields\":["
     "{\"name\":\"half\",\"type\":\"float\"},{\"name\":\"id\",\"type\":\"bytes\"},"
     "{\"name\":\"four\",\"type\":{\"type\":\"fixed\",\"name\":\"Four\",\"size\":4}},"
     "{\"name\":\"mood\",\"type\":{\"type\":\"enum\",\"name\":\"Mood\",\"symbols\":[\"SAD\"]}},"
     "{\"name\":\"inner\",\"type\":{\"type\":\"record\",\"name\":\"Inner\",\"fields\":["
     "{\"name\":\"yes\",\"type\":\"boolean\"},{\"name\":\"none\",\"type\":\"null\"},"
     "{\"name\":\"again\",\"type\":\"Four\"},{\"name\":\"other\",\"type\":\"Mood\"}]}},"
     "{\"name\":\"total\",\"type\":\"long\"},{\"name\":\"note\",\"type\":[\"int\",\"string\"]}]"
     "}"},
};
static const struct event_type moved_event = {"moved",       "moved.v1",    "id", false,
                                              &moved_record, moved_schemas, 4};

#endif
