#include "worker/settings.h"

#include "base/position.h"

#define SETTING(variable, kind, fallback, minimum, maximum, member, meaning)                   \
    {                                                                                          \
        "KERJA_" variable, SETTING_##kind, fallback, minimum, maximum, meaning,                \
            offsetof(struct settings, member)                                                  \
    }

enum { MINUTE_MS = 60 * 1000, MIB = 1 << 20 };

static const struct setting settings[] = {
    SETTING("KAFKA", TEXT, NULL, 0, 0, kafka,
            "Kafka's bootstrap servers, host:port separated by commas"),
    SETTING(
        "KAFKA_SECURITY_FILE", SECRET_FILE, "", 0, 0, kafka_security_file,
        "how to be safe with Kafka: librdkafka's security.*, sasl.* and ssl.*, name=value a "
        "line"),
    SETTING("POSTGRES", URI, NULL, 0, 0, postgres, "PostgreSQL, as a libpq connection URI"),
    SETTING("REDIS", ADDRESS, "", 0, 0, redis,
            "Redis, which keeps look-ups; without it they cost a query each"),
    SETTING("REDIS_PASSWORD_FILE", SECRET_FILE, "", 0, 0, redis_password_file,
            "one line: Redis's password, or a user, a blank and the password"),
    SETTING("REDIS_CA_FILE", SECRET_FILE, "", 0, 0, redis_ca_file,
            "speaks TLS with Redis, whose certificate one of these must have signed"),
    SETTING("HTTP", ADDRESS, ":0", 0, 0, http,
            "where /healthz, /readyz and /metrics answer; port 0 takes any free one"),
    SETTING("ID_SECRET_FILE", SECRET_FILE, NULL, 0, 0, id_secret_file,
            "the secret from which all ids are made; it never changes"),
    SETTING("SEALING_KEYS_FILE", SECRET_FILE, NULL, 0, 0, sealing_keys_file,
            "the keys that seal personal data, the newest first"),
    SETTING("LOG_LEVEL", TEXT, "info", 0, 0, log_level, "debug, info, warning or error"),
    SETTING("SLOT", INT, "-1", -1, 1023, slot,
            "the worker's number in its group; -1 takes the lowest free one"),
    /* The twelve topics that completion reads must fit into PARTITION_BOUND. */
    SETTING("PARTITIONS", INT, "12", 1, PARTITION_BOUND / 12, partitions,
            "partitions of a topic, when topics are made"),
    SETTING("BATCH_RECORDS", INT, "2500", 1, 100000, batch_records,
            "records in a batch, at most"),
    SETTING("BATCH_BYTES", BYTES, "8MiB", 1 << 16, 256 * MIB, batch_bytes,
            "bytes of records in a batch, at most"),
    SETTING("LINGER", DURATION_MS, "20ms", 0, 10000, linger_ms,
            "how long a batch waits to fill"),
    SETTING("ARENA", BYTES, "256MiB", MIB, INT64_C(8) << 30, arena_bytes,
            "memory of a batch, at least twice its bytes; a batch that outgrows it is halved"),
    SETTING("TRANSACTION_TIMEOUT", DURATION_MS, "10s", 2000, 15 * MINUTE_MS,
            transaction_timeout_ms, "transaction.timeout.ms of the publisher"),
    SETTING("SESSION_TIMEOUT", DURATION_MS, "45s", 3000, 30 * MINUTE_MS, session_timeout_ms,
            "session.timeout.ms of the consumer; longer than the transaction timeout"),
    SETTING("MAX_POLL_INTERVAL", DURATION_MS, "5m", 5000, 60 * MINUTE_MS, max_poll_interval_ms,
            "max.poll.interval.ms; longer than the session timeout"),
    SETTING("SCAN_INTERVAL", DURATION_MS, "10s", 100, 10 * MINUTE_MS, scan_interval_ms,
            "how often the broker looks for timed-out transactions"),
    SETTING("FAULT", TEXT, "", 0, 0, fault,
            "where a worker built for fault tests dies or stops: POINT:KIND[:N]"),
};

const struct config_table settings_table = {settings, sizeof settings / sizeof settings[0]};
