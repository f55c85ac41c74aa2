#include "fixture.h"

#include <stddef.h>
#include <stdlib.h>

static const char *const state_names[] = {"UNKNOWN", "HELD", "AWARDED"};
static const struct symbols state_symbols = {"State", state_names, 3};
static const struct field note_fields[] = {
    {.name = "number", .kind = FIELD_INT, .offset = 0, .size = sizeof(int32_t)}};
static const struct record_type note_record = {"Note", sizeof(struct note), note_fields, 1};

#define PERSON(member)   .offset = offsetof(struct person, member), .name = #member
#define OPTIONAL(member) .optional = true, .has_offset = offsetof(struct person, has_##member)

static const struct field person_fields[] = {
    {PERSON(person_id), .kind = FIELD_UUID, .size = sizeof(struct uuid)},
    {PERSON(version), .kind = FIELD_LONG, .size = sizeof(int64_t)},
    {PERSON(name), .kind = FIELD_TEXT, .size = sizeof(struct slice), OPTIONAL(name)},
    {PERSON(tags), .kind = FIELD_TEXT, .size = sizeof(struct slice), .repeated = true},
    {PERSON(born_on), .kind = FIELD_DAY, .size = sizeof(int32_t), OPTIONAL(born_on)},
    {PERSON(seen_at), .kind = FIELD_INSTANT, .size = sizeof(int64_t)},
    {PERSON(active), .kind = FIELD_BOOL, .size = sizeof(bool)},
    {PERSON(amount), .kind = FIELD_MONEY, .size = sizeof(int64_t)},
    {PERSON(state), .kind = FIELD_SYMBOL, .size = sizeof(int32_t), .symbols = &state_symbols},
    {PERSON(note), .kind = FIELD_RECORD, .size = sizeof(struct note), OPTIONAL(note),
     .record = &note_record},
};
static const struct record_type person_record = {"Person", sizeof(struct person), person_fields,
                                                 10};

#define PERSON_COLUMNS                                                                         \
    "person_id, version, name, tags, born_on, seen_at, active, amount, state, note"
#define PERSON_INSERT                                                                          \
    "INSERT INTO person AS t (" PERSON_COLUMNS ") SELECT unnest($1::uuid[]), "                 \
    "unnest($2::int8[]), unnest($3::text[]), unnest($4::text[])::text[], unnest($5::date[]), " \
    "unnest($6::timestamptz[]), unnest($7::bool[]), unnest($8::int8[]), unnest($9::text[]), "  \
    "unnest($10::bytea[])"
#define CHECK(table, key)                                                                      \
    "SELECT kerja.must((SELECT count(*) FROM (SELECT unnest($1::uuid[]) AS key, "              \
    "unnest($2::int8[]) AS version) AS seen JOIN " table " AS t ON t." key " = seen.key "      \
    "AND t.version = seen.version) - (SELECT count(*) FROM " table " WHERE " key " = "         \
    "ANY($3::uuid[])), cardinality($1::uuid[])::int8, 'KJ004')"

const struct row_type person_type = {
    .table = "person",
    .record = &person_record,
    .key_offset = offsetof(struct person, person_id),
    .version_offset = offsetof(struct person, version),
    .insert_sql = PERSON_INSERT,
    .save_sql =
        "WITH saved AS (" PERSON_INSERT " ON CONFLICT (person_id) DO UPDATE SET "
        "version = excluded.version, name = excluded.name, tags = excluded.tags, "
        "born_on = excluded.born_on, seen_at = excluded.seen_at, active = excluded.active, "
        "amount = excluded.amount, state = excluded.state, note = excluded.note "
        "WHERE t.version = excluded.version - 1 RETURNING 1) "
        "SELECT kerja.must(count(*), $11::int8, 'KJ001') FROM saved",
    .load_sql = "SELECT " PERSON_COLUMNS " FROM person WHERE person_id = ANY($1::uuid[])",
    .load_locked_sql = "SELECT " PERSON_COLUMNS " FROM person WHERE person_id = "
                       "ANY($1::uuid[]) ORDER BY person_id FOR UPDATE",
    .check_sql = CHECK("person", "person_id"),
};

#define QUOTA(member) .offset = offsetof(struct quota, member), .name = #member

static const struct field quota_fields[] = {
    {QUOTA(quota_id), .kind = FIELD_UUID, .size = sizeof(struct uuid)},
    {QUOTA(version), .kind = FIELD_LONG, .size = sizeof(int64_t)},
    {QUOTA(label), .kind = FIELD_TEXT, .size = sizeof(struct slice)},
    {QUOTA(used), .kind = FIELD_LONG, .size = sizeof(int64_t)},
    {QUOTA(ceiling), .kind = FIELD_LONG, .size = sizeof(int64_t)},
};
static const struct record_type quota_record = {"Quota", sizeof(struct quota), quota_fields, 5};
#define QUOTA_LOAD                                                                             \
    "SELECT quota_id, version, label, used, ceiling FROM quota WHERE quota_id = "              \
    "ANY($1::uuid[])"

const struct row_type quota_type = {
    .table = "quota",
    .record = &quota_record,
    .key_offset = offsetof(struct quota, quota_id),
    .version_offset = offsetof(struct quota, version),
    .load_sql = QUOTA_LOAD,
    .load_locked_sql = QUOTA_LOAD " ORDER BY quota_id FOR UPDATE",
};

enum { NOTE_ROOM = 4096 }; /* as a list of structs is larger than its bytes */

static bool note_encode(const struct field *field, const void *value, struct buffer *buffer)
{
    const struct note *note = value;
    buffer_append_u32(buffer, (uint32_t)note->number);
    return field->record == &note_record;
}

static bool note_decode(const struct field *field, struct slice bytes, struct arena *place,
                        void *value)
{
    struct note *note = value;
    if (arena_alloc(place, NOTE_ROOM) == NULL || field->record != &note_record ||
        bytes.size != sizeof note->number)
        return false;
    memcpy(&note->number, bytes.data, bytes.size);
    return true;
}

const struct nested_codec note_codec = {note_encode, note_decode};

const struct migration fixture_migrations[] = {
    {1, "tables",
     "CREATE TABLE person (person_id uuid PRIMARY KEY, version bigint NOT NULL, name text, "
     "tags text[] NOT NULL, born_on date, seen_at timestamptz NOT NULL, active bool NOT NULL, "
     "amount bigint NOT NULL CHECK (amount >= 0), state text NOT NULL, note bytea);"
     "CREATE TABLE quota (quota_id uuid PRIMARY KEY, version bigint NOT NULL, label text, "
     "used bigint NOT NULL, ceiling bigint NOT NULL)"},
};
const size_t fixture_migration_count = 1;

struct database_settings fixture_settings(void)
{
    static const struct row_type *const tables[] = {&person_type};
    static const struct row_type *const limits[] = {&quota_type};
    return (struct database_settings){
        .uri = getenv("KERJA_TEST_POSTGRES"),
        .service = "trial",
        .role = "kerja_trial",
        .tables = tables,
        .table_count = 1,
        .limits = limits,
        .limit_count = 1,
        .lock_timeout_ms = 3000,
    };
}

struct uuid id_of(unsigned number)
{
    struct uuid id = {{0}};
    id.bytes[0] = (unsigned char)(number >> 8);
    id.bytes[1] = (unsigned char)number;
    id.bytes[6] = 0x80;
    id.bytes[8] = 0x80;
    return id;
}

struct person person_of(unsigned number, int64_t version)
{
    static const struct slice tags[] = {
        {"plain", 5}, {"a \"b\" \\ {c},d", 13}, {"", 0}, {"NULL", 4}};
    struct person person = {
        .person_id = id_of(number),
        .version = version,
        .name = SLICE("Siti"),
        .has_name = true,
        .born_on = -3650,
        .has_born_on = true,
        .seen_at = INT64_C(1600000000000001),
        .active = true,
        .amount = 350000000,
        .state = 2,
        .note = {7},
        .has_note = true,
    };
    person.tags.items = tags;
    person.tags.count = 4;
    return person;
}
