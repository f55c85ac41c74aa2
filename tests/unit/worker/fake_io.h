/*
 * fake_io - a struct io that does as it is told and writes down what it was asked, one letter
 * a call: M membership, L log bounds, C claim, O open, D destroy, K committed, R outbox read,
 * X conflict, b begin, p produce, f flush, o offsets, c commit, a abort.
 */
#ifndef KERJA_TEST_FAKE_IO_H
#define KERJA_TEST_FAKE_IO_H

#include "worker/recover.h"

enum { FAKE_CALLS = 4096, FAKE_ROWS = 64, FAKE_PARTITIONS = 2 };

struct fake {
    char calls[FAKE_CALLS];
    size_t call_count;
    char failing;           /* this call fails ...                          */
    enum io_result failure; /* ... so ...                                   */
    int failures;           /* ... that many times                          */
    bool commit_stands;     /* a failing commit has taken effect all the same */
    int end_txn_requests;   /* of a commit                                  */
    int64_t commit_takes_ms;
    int64_t now_ms;
    bool no_member;
    struct source positions[FAKE_PARTITIONS]; /* what the servers say          */
    struct outbox_row rows[FAKE_ROWS];        /* `source` is the partition     */
    size_t row_count;
    struct tagged_position sent[FAKE_PARTITIONS];
    size_t sent_count;
    int32_t produced; /* records in the open transaction              */
    int32_t visible;  /* records committed                            */
    char conflict[128];
};

struct io fake_io(struct fake *fake);

/* A partition with W, K, G, our tag, and a log that holds it all. */
void fake_position(struct fake *fake, int partition, int64_t seen, int64_t committed,
                   int64_t decided);
void fake_row(struct fake *fake, int partition, int64_t from, int64_t next, int32_t records);

extern const struct publisher_settings fake_settings;

#endif
