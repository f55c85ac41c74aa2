/* What the outbox keeps does not open anywhere else, whoever may write to the database. */
#include "seal/seal.h"
#include "worker/worker.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct topic_partition here = {"award.changed", 3}, beside = {"award.changed", 4};

static void a_payload_opens_in_its_own_row_alone(void **state)
{
    (void)state;
    const struct {
        struct payload_row row;
        enum outcome outcome;
    } cases[] = {
        {{"completion", "outbox", &here, 1207}, OK},
        {{"completion", "outbox", &here, 1208}, REJECT},
        {{"completion", "outbox", &beside, 1207}, REJECT},
        {{"completion", "waiting", &here, 1207}, REJECT},
        {{"incentive", "outbox", &here, 1207}, REJECT},
    };
    struct seal_secrets secrets = {.key_count = 1, .keys = {{.id = 1}}};
    struct worker worker = {.seal = seal_open(&secrets, NULL)};
    struct buffer payload = {0};
    assert_non_null(worker.seal);
    assert_true(payload_seal(&worker, &cases[0].row, SLICE("frames"), &payload));
    assert_true(payload.size > PAYLOAD_HEAD);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer frames = {0};
        struct error error = {""};
        assert_int_equal(
            payload_unseal(worker.seal, &cases[i].row, buffer_slice(&payload), &frames, &error),
            cases[i].outcome);
        assert_int_equal(slice_is(buffer_slice(&frames), "frames"), cases[i].outcome == OK);
        buffer_release(&frames);
    }
    buffer_release(&payload);
    seal_close(worker.seal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payload_opens_in_its_own_row_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
