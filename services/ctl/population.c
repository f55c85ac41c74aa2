#include "population.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Streams of random numbers: what is asked of a person never shifts what else is asked. */
enum stream {
    STREAM_PERSON = 1,
    STREAM_FAMILY,
    STREAM_INSTANT,
    STREAM_REGISTER = 16,
    STREAM_COUNT = 64
};

#define CHOICE(array, random) (array)[random_below((random), sizeof(array) / sizeof *(array))]

static const char *const women[] = {"Ayu",  "Dewi",  "Intan", "Lestari", "Maya",
                                    "Nur",  "Putri", "Rina",  "Sari",    "Siti",
                                    "Tuti", "Wulan", "Yanti"};
static const char *const men[] = {"Adi",  "Agus", "Bayu",   "Budi", "Dedi",  "Eko",  "Hadi",
                                  "Joko", "Rudi", "Slamet", "Tono", "Wahyu", "Yusuf"};
static const char *const last_names[] = {
    "Contoh",  "Hidayat",  "Kurniawan", "Nugroho", "Pratama", "Rahayu", "Santoso",
    "Saputra", "Setiawan", "Siregar",   "Susanto", "Utami",   "Wibowo", "Wijaya"};
static const char *const occupations[] = {"ASN", "TNI", "POLRI", "VILLAGE_HEAD_OR_STAFF",
                                          "STATE_OFFICIAL"};
static const char *const qualifications[] = {"SD",  "SMP", "SMA", "SMA", "SMA",
                                             "SMK", "SMK", "D3",  "S1",  "S1"};

static void stream_open(struct random *random, uint64_t seed, uint64_t number, uint64_t stream)
{
    random_init(random, seed, number * STREAM_COUNT + stream);
}

static const char *status_choose(struct random *random)
{
    static const char *const covered[] = {"JOB_SEEKER",
                                          "JOB_SEEKER",
                                          "JOB_SEEKER",
                                          "JOB_SEEKER",
                                          "JOB_SEEKER",
                                          "JOB_SEEKER",
                                          "LAID_OFF",
                                          "WORKER_NEEDS_SKILL",
                                          "WORKER_NEEDS_SKILL",
                                          "FURLOUGHED",
                                          "NON_WAGE_OR_MICRO_SMALL_OWNER"};
    bool uncovered = random_chance(random, SHARE_NOT_COVERED);
    const char *status = CHOICE(covered, random);
    return uncovered ? "EMPLOYED" : status;
}

/* Half are 18 to 27, a third 28 to 39, the rest to 64; a few too young or older. */
static int age_choose(struct random *random)
{
    uint32_t kind = random_below(random, 1000), within = random_below(random, 1000);
    if (kind < SHARE_MINOR)
        return 15 + (int)(within % 3);
    if (kind < SHARE_MINOR + SHARE_OLD)
        return 65 + (int)(within % 8);
    if (kind < 520)
        return 18 + (int)(within % 10);
    return kind < 850 ? 28 + (int)(within % 12) : 40 + (int)(within % 25);
}

static void birth_choose(struct random *random, epoch_day on, struct inhabitant *inhabitant)
{
    int age = age_choose(random);
    epoch_day latest = day_add_months(on, -12 * age);
    inhabitant->birth_date = latest - 30 - (epoch_day)random_below(random, 330);
    struct civil civil = day_to_civil(inhabitant->birth_date);
    /* As on an identity card: day of birth, a woman's plus 40, month, year; but area 99. */
    snprintf(
        inhabitant->national_id, sizeof inhabitant->national_id, "99%02u%02u%02u%08" PRIu32,
        (unsigned)(civil.day + (inhabitant->woman ? 40 : 0)) % 100, (unsigned)civil.month % 100,
        (unsigned)civil.year % 100, (uint32_t)(inhabitant->number % 100000000));
}

/* One draw decides how far somebody gets in the funnel, so that the shares nest. */
static void funnel_choose(struct random *random, struct inhabitant *inhabitant)
{
    uint32_t place = random_below(random, 1000);
    bool card_unknown = random_chance(random, 300);
    bool national_id_fails = place >= SHARE_REGISTERED_NATIONAL_ID && place < SHARE_EMAIL;
    inhabitant->email_verified = place < SHARE_EMAIL;
    inhabitant->known_national_id = !national_id_fails || card_unknown;
    inhabitant->known_family_card = !national_id_fails || !card_unknown;
    inhabitant->msisdn_verified = place < SHARE_MSISDN || place >= SHARE_REGISTERED_NATIONAL_ID;
}

void inhabitant_make(uint64_t seed, uint64_t number, uint32_t family, epoch_day on,
                     struct inhabitant *inhabitant)
{
    struct random random;
    stream_open(&random, seed, number, STREAM_PERSON);
    *inhabitant = (struct inhabitant){.number = number, .woman = random_chance(&random, 510)};
    inhabitant->first_name = inhabitant->woman ? CHOICE(women, &random) : CHOICE(men, &random);
    inhabitant->last_name = CHOICE(last_names, &random);
    birth_choose(&random, on, inhabitant);
    funnel_choose(&random, inhabitant);
    region_choose(&random, inhabitant->region_code);
    inhabitant->citizen = !random_chance(&random, SHARE_FOREIGN);
    inhabitant->pupil = random_chance(&random, SHARE_PUPIL);
    inhabitant->employment_status = status_choose(&random);
    bool excluded = random_chance(&random, SHARE_EXCLUDED_OCCUPATION);
    const char *occupation = CHOICE(occupations, &random);
    inhabitant->occupation_class = excluded ? occupation : "OTHER";
    inhabitant->qualification = CHOICE(qualifications, &random);
    inhabitant->face_matches = !random_chance(&random, SHARE_FACE_FAILS);
    inhabitant->covid_affected = random_chance(&random, SHARE_COVID);
    inhabitant->applies_twice = random_chance(&random, SHARE_APPLIES_TWICE);
    inhabitant->corrects = random_chance(&random, SHARE_CORRECTS);
    snprintf(inhabitant->family_card_no, sizeof inhabitant->family_card_no,
             "98%04" PRIu32 "%010" PRIu32, (uint32_t)(seed % 10000), family);
}

uint32_t family_size(uint64_t seed, uint64_t number)
{
    static const uint32_t thousandths[FAMILY_CARD_PEOPLE] = {620, 220, 100, 40, 20};
    struct random random;
    stream_open(&random, seed, number, STREAM_FAMILY);
    uint32_t place = random_below(&random, 1000), size = 0;
    while (place >= thousandths[size])
        place -= thousandths[size++];
    return size + 1;
}

instant_us application_instant(uint64_t seed, uint64_t number, enum application_kind kind,
                               const struct wave_window *window)
{
    struct random random;
    stream_open(&random, seed ^ (uint64_t)window->wave << 32, number,
                STREAM_INSTANT + (uint64_t)kind);
    /* Only multiplication, which every machine does alike. */
    double place = (double)random_below(&random, UINT64_C(1) << 32) / 4294967296.0;
    double share = random_chance(&random, 500) ? place * place * place : place;
    int64_t length_s = (window->closes - window->opens) / US_PER_SECOND;
    int64_t at_s = (int64_t)(share * (double)length_s);
    if (kind != FIRST_APPLICATION) /* later than the first, but inside the window still */
        at_s = length_s - 1 - (length_s - 1) / 8 + (int64_t)(share * (double)(length_s / 8));
    instant_us at = window->opens + at_s * US_PER_SECOND + random_below(&random, 1000000);
    return at < window->closes ? at : window->closes - 1;
}

static void optional_text(struct buffer *line, const char *name, const char *value)
{
    if (value == NULL)
        buffer_format(line, ",\"%s\":null", name);
    else
        buffer_format(line, ",\"%s\":{\"string\":\"%s\"}", name, value);
}

static void optional_number(struct buffer *line, const char *name, const char *type, bool has,
                            int64_t value)
{
    if (has)
        buffer_format(line, ",\"%s\":{\"%s\":%" PRId64 "}", name, type, value);
    else
        buffer_format(line, ",\"%s\":null", name);
}

static void optional_flag(struct buffer *line, const char *name, bool has, bool value)
{
    if (has)
        buffer_format(line, ",\"%s\":{\"boolean\":%s}", name, value ? "true" : "false");
    else
        buffer_format(line, ",\"%s\":null", name);
}

static void check_write(struct buffer *line, const char *name, const char *result,
                        instant_us checked_at, bool first)
{
    buffer_format(
        line,
        "%s{\"register\":\"%s\",\"result\":\"%s\",\"number\":null,\"text\":null,\"checked_at\":"
        "%" PRId64 "}",
        first ? "" : ",", name, result, checked_at);
}

static void id_write(const struct inhabitant *inhabitant, enum application_kind kind,
                     const struct wave_window *window, struct buffer *line)
{
    buffer_format(line, "{\"application_id\":\"A%03d-%08" PRIu64 "%s\",\"revision\":%d",
                  window->wave, inhabitant->number, kind == SECOND_APPLICATION ? "-B" : "",
                  kind == CORRECTION ? 2 : 1);
}

static void contact_write(const struct inhabitant *inhabitant, bool email_verified,
                          bool msisdn_verified, instant_us submitted_at, struct buffer *line)
{
    instant_us before = submitted_at - 300 * US_PER_SECOND;
    buffer_format(line, ",\"msisdn\":\"+62800%08" PRIu32 "\"",
                  (uint32_t)(inhabitant->number % 100000000));
    optional_number(line, "msisdn_verified_at", "long", msisdn_verified, before);
    buffer_format(line, ",\"email\":{\"string\":\"orang%08" PRIu64 "@example.org\"}",
                  inhabitant->number);
    optional_number(line, "email_verified_at", "long", email_verified, before);
}

static void answers_write(const struct inhabitant *inhabitant, const struct wave_window *window,
                          epoch_day on, struct buffer *line)
{
    bool laid_off = strcmp(inhabitant->employment_status, "LAID_OFF") == 0;
    optional_text(line, "employment_status", inhabitant->employment_status);
    optional_text(line, "occupation_class", inhabitant->occupation_class);
    optional_number(line, "employment_ended_on", "int", laid_off, on - 90);
    optional_text(line, "highest_qualification", inhabitant->qualification);
    optional_flag(line, "in_formal_education", true, inhabitant->pupil);
    optional_flag(line, "wants_formal_job", false, false);
    optional_flag(line, "informal_only", false, false);
    optional_flag(line, "covid_affected", window->social_assistance,
                  inhabitant->covid_affected);
    optional_number(line, "ability_test_taken_on", "int", inhabitant->number % 33 != 0, on);
    buffer_format(line, ",\"declarations\":[\"DATA_TRUE\",\"TERMS\"]");
}

void application_write(const struct inhabitant *inhabitant, enum application_kind kind,
                       const struct wave_window *window, const char *programme,
                       const char *country, instant_us submitted_at, struct buffer *line)
{
    /* Who corrects an application has confirmed what was missing. */
    bool mended = kind == CORRECTION;
    epoch_day on = (epoch_day)(submitted_at / US_PER_DAY);
    instant_us checked_at = submitted_at - US_PER_SECOND;
    id_write(inhabitant, kind, window, line);
    buffer_format(line, ",\"programme\":\"%s\",\"wave\":{\"int\":%d},\"submitted_at\":%" PRId64,
                  programme, window->wave, submitted_at);
    buffer_format(line, ",\"country\":\"%s\",\"citizenship\":\"%s\",\"national_id\":\"%s\"",
                  country, inhabitant->citizen ? country : "XX", inhabitant->national_id);
    buffer_format(line,
                  ",\"family_card_no\":{\"string\":\"%s\"},\"name\":{\"string\":\"%s %s\"}",
                  inhabitant->family_card_no, inhabitant->first_name, inhabitant->last_name);
    buffer_format(line, ",\"birth_date\":%d,\"region_code\":\"%s\"",
                  (int)inhabitant->birth_date, inhabitant->region_code);
    contact_write(inhabitant, inhabitant->email_verified || mended,
                  inhabitant->msisdn_verified || mended, submitted_at, line);
    buffer_format(line, ",\"language\":\"%s\"", inhabitant->number % 50 == 0 ? "en" : "id");
    answers_write(inhabitant, window, on, line);
    buffer_format(line, ",\"checks\":[");
    check_write(line, "POPULATION", inhabitant->known_national_id ? "MATCH" : "NO_MATCH",
                checked_at, true);
    check_write(line, "FAMILY_CARD", inhabitant->known_family_card ? "MATCH" : "NO_MATCH",
                checked_at, false);
    check_write(line, "FACE", inhabitant->face_matches ? "MATCH" : "FAIL", checked_at, false);
    buffer_format(line,
                  "],\"membership\":null,\"hire\":null,\"channel\":{\"string\":\"WEB\"}}\n");
}

const struct made_register made_registers[] = {
    {"EDUCATION", 4, ""}, {"OCCUPATION", 3, "ASN"}, {"BLACKLIST", 2, ""},
    {"DTKS", 10, ""},     {"PKH", 5, ""},           {"BSU", 8, ""},
    {"BPUM", 6, ""},      {"LAID_OFF", 30, ""},     {"FRAUD_CASE", 1, ""},
};
const size_t made_register_count = sizeof made_registers / sizeof *made_registers;

bool register_lists(uint64_t seed, const struct inhabitant *inhabitant, size_t register_index)
{
    struct random random;
    stream_open(&random, seed, inhabitant->number, STREAM_REGISTER + register_index);
    return random_chance(&random, made_registers[register_index].thousandths);
}
