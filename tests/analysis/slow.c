/*
 * slow - a library that makes a worker take its time (./run analyse --slow).
 *
 * Loaded before a worker (LD_PRELOAD, ld.so(8)), it begins late and comes late to the first record of each batch. Nothing a
 * worker promises has to do with time, so only a test that believes it to be fast can notice.
 */
#include <dlfcn.h>
#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BEGIN_MS = 2000, BATCH_MS = 1200 };

static unsigned seed;

/* From a quarter of so long to all of it. */
static void doze(int longest_ms)
{
    int ms = longest_ms / 4 + rand_r(&seed) % (longest_ms - longest_ms / 4);
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&time, NULL); /* nobody waits for something to become right */
}

__attribute__((constructor)) static void begin(void)
{
    seed = (unsigned)getpid();
    doze(BEGIN_MS);
}

__attribute__((visibility("default"))) rd_kafka_message_t *
rd_kafka_consumer_poll(rd_kafka_t *client, int timeout_ms)
{
    static rd_kafka_message_t *(*librdkafkas)(rd_kafka_t *, int);
    if (librdkafkas == NULL)
        *(void **)&librdkafkas = dlsym(RTLD_NEXT, "rd_kafka_consumer_poll");
    rd_kafka_message_t *message = librdkafkas(client, timeout_ms);
    if (message != NULL && message->err == RD_KAFKA_RESP_ERR_NO_ERROR && timeout_ms > 0)
        doze(BATCH_MS);
    return message;
}
