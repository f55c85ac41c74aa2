#include "persist/limit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct seats {
    struct uuid seats_id;
    int64_t version, used, ceiling;
};

#define SEATS(member, type)                                                                    \
    .name = #member, .offset = offsetof(struct seats, member), .size = sizeof(type)
static const struct field fields[] = {
    {SEATS(seats_id, struct uuid), .kind = FIELD_UUID},
    {SEATS(version, int64_t), .kind = FIELD_LONG},
    {SEATS(used, int64_t), .kind = FIELD_LONG},
    {SEATS(ceiling, int64_t), .kind = FIELD_LONG},
};
static const struct record_type record = {"Seats", sizeof(struct seats), fields, 4};
static const struct row_type seats_type = {
    .table = "seats", .record = &record, .key_offset = 0, .version_offset = 16};

static void the_statement_adds_up_to_the_ceiling(void **state)
{
    (void)state;
    struct buffer sql = {0};
    limit_sql_append(&seats_type, &sql);
    assert_string_equal(
        sql.data,
        "WITH wanted AS (SELECT unnest($1::uuid[]) AS \"seats_id\", unnest($2::bigint[]) AS "
        "\"version\", unnest($3::bigint[]) AS \"used\", unnest($4::bigint[]) AS \"ceiling\"), "
        "moved AS (INSERT INTO \"seats\" AS t (\"seats_id\", \"version\", \"used\", "
        "\"ceiling\") SELECT \"seats_id\", \"version\", \"used\", \"ceiling\" FROM wanted "
        "WHERE used <= ceiling OR used <= 0 ON CONFLICT (\"seats_id\") DO UPDATE SET used = "
        "t.used + excluded.used, ceiling = excluded.ceiling, version = t.version + 1 WHERE "
        "excluded.used <= 0 OR t.used + excluded.used <= excluded.ceiling RETURNING 1) SELECT "
        "kerja.must(count(*), $5::bigint, 'KJ003') FROM moved");
    buffer_release(&sql);
}

static void a_move_carries_its_own_numbers(void **state)
{
    (void)state;
    struct seats described = {.used = 99, .ceiling = 99, .version = 99};
    struct limit_move move = {&seats_type, {{1}}, 3, 10, &described};
    struct buffer buffer = {0};
    struct parameters parameters;
    parameters_begin(&parameters, &buffer);
    assert_true(limit_parameters(&move, 1, NULL, &parameters));
    assert_int_equal(parameters.count, 5);
    for (int i = 0; i < 3; i++) {
        static const unsigned char wanted[] = {1, 3, 10};
        size_t end = parameters.starts[i + 1] + parameters.sizes[i + 1];
        assert_int_equal((unsigned char)buffer.data[end - 1], wanted[i]);
    }
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statement_adds_up_to_the_ceiling),
        cmocka_unit_test(a_move_carries_its_own_numbers),
    };
    return cmocka_run_group_tests_name("persist/limit", tests, NULL, NULL);
}
