/*
 * settings - what every process of Kerja is told by its environment: one table for all.
 */
#ifndef KERJA_WORKER_SETTINGS_H
#define KERJA_WORKER_SETTINGS_H

#include "base/config.h"

struct settings {
    const char *kafka, *postgres;
    struct config_address redis, http;
    const char *id_secret_file, *sealing_keys_file, *log_level;
    const char *kafka_security_file, *redis_password_file, *redis_ca_file;
    int64_t slot, partitions;
    int64_t batch_records, batch_bytes, linger_ms, arena_bytes;
    int64_t transaction_timeout_ms, session_timeout_ms, max_poll_interval_ms, scan_interval_ms;
    const char *fault;
};

extern const struct config_table settings_table;

#endif
