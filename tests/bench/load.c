/*
 * load - applications by the hundred thousand: application.submitted, produced as an integrator
 * with one idempotent producer would.
 *
 *     load BROKER FIRST COUNT [RATE FILE [EVERY]]
 *
 * Applicant n is the same whoever asks: two share a family card, one in sixteen is too young and
 * one in sixteen is a pupil; all others are pooled. With RATE, so many a second are sent, and FILE gets
 * the instant of each applicant's first sending, eight bytes of nanoseconds of the real-time clock. With
 * EVERY, each EVERY-th of the COUNT records is one of the last applicants once more, with the same id and
 * the same bytes, as from somebody who presses the button again. Prints `kafka_produce_per_s=`, from
 * the first record to the last acknowledgement.
 */
#include "base/arena.h"
#include "base/calendar.h"
#include "decode/encode.h"
#include "publish/plain.h"
#include "schemas/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WAVE = 18,
    TEXT_SIZE = 32,
    FLUSH_MS = 120000,
    BILLION = 1000000000,
    REPEATS_WITHIN = 1000 /* applicants; a repeat follows so soon */
};

/* What is sent, and how. */
struct wave {
    int first, count, rate, every; /* no rate, no repeats: 0 */
    FILE *times;                   /* NULL: nobody asks      */
};

/* 17 August 2021, 03:00 UTC: while wave 18 was open. */
static const instant_us submitted_at = (instant_us)(18856 * 24 + 3) * 3600 * 1000000;

static const char *const regions[] = {"31.71", "31.74", "32.04", "32.73", "33.74", "35.15",
                                      "35.78", "36.71", "12.71", "16.71", "73.71", "51.71"};
static const char *const names[] = {"Siti Rahayu",   "Budi Santoso", "Dewi Lestari",
                                    "Agus Setiawan", "Nur Aini",     "Yohanes Wanggai"};

/* One applicant; the event points into it. */
struct applicant {
    char application_id[TEXT_SIZE], national_id[TEXT_SIZE], family_card_no[TEXT_SIZE];
    char msisdn[TEXT_SIZE], email[TEXT_SIZE], event_id[TEXT_SIZE];
    struct slice declarations[1];
    struct application_submitted_check checks[3];
    struct application_submitted event;
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * BILLION + now.tv_nsec;
}

/* Spreads the numbers, so that neighbours differ. */
static uint64_t mix(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

static void fill_texts(struct applicant *applicant, int number)
{
    snprintf(applicant->application_id, TEXT_SIZE, "PK18-%09d", number);
    snprintf(applicant->national_id, TEXT_SIZE, "31%014d", number);
    snprintf(applicant->family_card_no, TEXT_SIZE, "32%014d", number / 2);
    snprintf(applicant->msisdn, TEXT_SIZE, "+62811%08d", number);
    snprintf(applicant->email, TEXT_SIZE, "applicant%d@example.org", number);
    snprintf(applicant->event_id, TEXT_SIZE, "submitted-%09d", number);
    applicant->declarations[0] = SLICE("STATEMENT_SIGNED");
    static const char *const registers[] = {"POPULATION", "FAMILY_CARD", "FACE"};
    for (size_t i = 0; i < 3; i++)
        applicant->checks[i] =
            (struct application_submitted_check){.register_ = slice_of(registers[i]),
                                                 .result = SLICE("MATCH"),
                                                 .checked_at = submitted_at};
}

static void applicant_fill(struct applicant *applicant, int number)
{
    uint64_t chance = mix((uint64_t)number + 1);
    fill_texts(applicant, number);
    applicant->event = (struct application_submitted){
        .application_id = slice_of(applicant->application_id),
        .revision = 1,
        .programme = SLICE("kartu-prakerja"),
        .has_wave = true,
        .wave = WAVE,
        .submitted_at = submitted_at,
        .country = SLICE("ID"),
        .citizenship = SLICE("ID"),
        .national_id = slice_of(applicant->national_id),
        .has_family_card_no = true,
        .family_card_no = slice_of(applicant->family_card_no),
        .has_name = true,
        .name = slice_of(names[chance % (sizeof names / sizeof *names)]),
        .birth_date = chance % 16 == 1 ? 14000 : (epoch_day)(2000 + chance % 9000),
        .region_code = slice_of(regions[chance % (sizeof regions / sizeof *regions)]),
        .msisdn = slice_of(applicant->msisdn),
        .has_msisdn_verified_at = true,
        .msisdn_verified_at = submitted_at,
        .has_email = true,
        .email = slice_of(applicant->email),
        .has_email_verified_at = true,
        .email_verified_at = submitted_at,
        .language = SLICE("id"),
        .has_employment_status = true,
        .employment_status = SLICE("JOB_SEEKER"),
        .has_occupation_class = true,
        .occupation_class = SLICE("NONE"),
        .has_highest_qualification = true,
        .highest_qualification = SLICE("SMA"),
        .has_in_formal_education = true,
        .in_formal_education = chance % 16 == 2,
        .has_covid_affected = true,
        .covid_affected = true,
        .declarations = {applicant->declarations, 1},
        .checks = {applicant->checks, 3},
        .has_channel = true,
        .channel = SLICE("WEB")};
}

static bool send_one(struct plain *plain, int number, struct buffer *value, struct error *error)
{
    struct applicant applicant;
    applicant_fill(&applicant, number);
    const struct header headers[] = {
        {SLICE("ce_id"), slice_of(applicant.event_id)},
        {SLICE("ce_source"), SLICE("/integrator/bench")},
        {SLICE("ce_type"), SLICE("org.kerja.application.submitted.v1")},
        {SLICE("ce_specversion"), SLICE("1.0")}};
    buffer_clear(value);
    encode_event(&application_submitted_event, &applicant.event, value);
    return !buffer_failed(value) &&
           plain_send(plain, application_submitted_event.topic, applicant.event.application_id,
                      buffer_slice(value), headers, sizeof headers / sizeof *headers, 0,
                      error) == OK;
}

static void sleep_until(int64_t at_ns)
{
    struct timespec at = {.tv_sec = at_ns / BILLION, .tv_nsec = at_ns % BILLION};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

/* One who applied already. */
static int applied_before(int first, int next, int turn)
{
    uint64_t back = mix((uint64_t)turn) % REPEATS_WITHIN;
    return next - 1 - (int)(back < (uint64_t)(next - first) ? back : 0);
}

/* As many as asked for, evenly at `rate` a second where it is not 0. */
static bool send_all(struct plain *plain, const struct wave *wave, struct error *error)
{
    struct buffer value = {0};
    int64_t began_ns = now_ns(CLOCK_MONOTONIC);
    int next = wave->first;
    bool sent = true;
    for (int i = 0; i < wave->count && sent; i++) {
        if (wave->rate > 0)
            sleep_until(began_ns + (int64_t)i * BILLION / wave->rate);
        if (wave->every > 0 && i % wave->every == wave->every - 1) {
            sent = send_one(plain, applied_before(wave->first, next, i), &value, error);
            continue;
        }
        int64_t at_ns = now_ns(CLOCK_REALTIME);
        sent = send_one(plain, next++, &value, error) &&
               (wave->times == NULL || fwrite(&at_ns, sizeof at_ns, 1, wave->times) == 1);
    }
    buffer_release(&value);
    return sent && plain_flush(plain, FLUSH_MS, error) == OK;
}

static int number_of(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

int main(int argc, char **argv)
{
    struct error error = {0};
    if (argc != 4 && argc != 6 && argc != 7) {
        fprintf(stderr, "usage: load BROKER FIRST COUNT [RATE FILE [EVERY]]\n");
        return 2;
    }
    struct wave wave = {.first = number_of(argv[2]),
                        .count = number_of(argv[3]),
                        .rate = argc > 4 ? number_of(argv[4]) : 0,
                        .every = argc == 7 ? number_of(argv[6]) : 0,
                        .times = argc > 4 ? fopen(argv[5], "wb") : NULL};
    struct plain_settings settings = {
        .bootstrap = argv[1], .client_id = "bench-load", .message_timeout_ms = FLUSH_MS};
    struct plain *plain = plain_new(&settings, &error);
    int64_t began_ns = now_ns(CLOCK_MONOTONIC);
    bool sent =
        plain != NULL && (argc == 4 || wave.times != NULL) && send_all(plain, &wave, &error);
    double seconds = (double)(now_ns(CLOCK_MONOTONIC) - began_ns) / BILLION;
    sent = (wave.times == NULL || fclose(wave.times) == 0) && sent;
    plain_free(plain);
    if (!sent) {
        fprintf(stderr, "load: %s\n", error.text[0] ? error.text : "could not write the times");
        return EXIT_FAILURE;
    }
    printf("kafka_produce_per_s=%.0f\n", wave.count / seconds);
    return EXIT_SUCCESS;
}
