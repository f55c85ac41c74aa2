/*
 * fixture - two tables and a limit of a made-up service, in the form that the rows' generator
 * gives them, and a database that holds them.
 */
#ifndef KERJA_TESTS_PERSIST_FIXTURE_H
#define KERJA_TESTS_PERSIST_FIXTURE_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/arena.h"
#include "base/clock.h"
#include "persist/batch.h"
#include "persist/load.h"
#include "persist/migration.h"
#include "persist/source_position.h"

#define CLUSTER "test-cluster"

#define assert_ok(call) assert_outcome(call, OK)
#define assert_outcome(call, want)                                                             \
    do {                                                                                       \
        int got_ = (int)(call);                                                                \
        if (got_ != (int)(want))                                                               \
            fail_msg("%s: %d, not %d: %s", #call, got_, (int)(want), error.text);              \
    } while (0)

/* Two workers at one server, and what they share. */
extern struct database one, other;
extern struct arena arena;
extern struct error error;
extern unsigned next_id; /* every case takes ids of its own */

struct note {
    int32_t number;
};

struct person {
    struct uuid person_id;
    int64_t version;
    struct slice name;
    bool has_name;
    struct {
        const struct slice *items;
        size_t count;
    } tags;
    int32_t born_on;
    bool has_born_on;
    int64_t seen_at;
    bool active;
    int64_t amount;
    int32_t state; /* symbol */
    struct note note;
    bool has_note;
};

struct quota {
    struct uuid quota_id;
    int64_t version;
    struct slice label;
    int64_t used;
    int64_t ceiling;
};

extern const struct row_type person_type, quota_type;
extern const struct nested_codec note_codec;
extern const struct migration fixture_migrations[];
extern const size_t fixture_migration_count;

/* Settings for the server under test, with the fixture's tables. */
struct database_settings fixture_settings(void);

/* An id that ends in `number`, and begins with it too, so that ids sort by number. */
struct uuid id_of(unsigned number);

/* A person with every member set. */
struct person person_of(unsigned number, int64_t version);

/* Runs the cases of around.c; the number that failed. */
int around_run(CMFixtureFunction open, CMFixtureFunction close);

#endif
