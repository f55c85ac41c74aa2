/*
 * programme - one programme's published rules, read from its file.
 *
 * A file in the words of its regulation: schemes, waves, seats, benefits, deadlines,
 * conditions, reasons and message texts, each fact with its source. C knows no programme by
 * name. The file is YAML; docs/programmes.md describes every key.
 *
 * A loaded programme never changes and all its pointers live until programme_free(). It is
 * shared by threads without locks. Every list is a pointer and a count.
 */
#ifndef KERJA_RULES_PROGRAMME_H
#define KERJA_RULES_PROGRAMME_H

#include "base/calendar.h"
#include "base/error.h"
#include "base/slice.h"
#include "rules/conditions.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RULES_HASH_SIZE = 16, SHA256_TEXT_SIZE = 64, LANGUAGE_BOUND = 4 };

enum selection { SELECTION_DRAW, SELECTION_OPEN }; /* pooled until drawn; decided at once  */
enum once_per { ONCE_PER_PERSON, ONCE_PER_HIRE };  /* what an award is unique for          */
enum benefit_payee { PAYS_PARTICIPANT, PAYS_EMPLOYER, PAYS_PROVIDER };

/* One text in each of the programme's languages, in their order; an empty slice where missing.
 */
struct texts {
    struct slice in[LANGUAGE_BOUND];
};

/* What ends a hold or a retry. */
struct ends_by {
    const struct slice *events; /* topics whose record wakes it: "account.linked"    */
    size_t event_count;
    int every_hours; /* > 0: a timer decides again so often                          */
    bool officer;    /* case.resolved                                                */
};

enum { REASON_CODE_BYTES = 64 };

struct reason {
    struct slice code;      /* "AGE_OUT_OF_RANGE", of 1 to REASON_CODE_BYTES bytes */
    struct texts sentence;  /* for the person     */
    struct texts next_step; /* what he or she can do */
    struct ends_by ends_by; /* all zero unless something holds or retries with it */
};

struct scheme_year {
    int year;
    int from_wave,
        to_wave; /* 0, 0 where the scheme has no waves: the calendar year of the day */
    bool has_purchase_closes;
    epoch_day purchase_closes; /* last day of a purchase */
    epoch_day award_closes;    /* last day on which open items may still become due */
};

enum benefit_trigger {
    TRIGGER_COMPLETION_VERIFIED, /* every verified completion       */
    TRIGGER_FIRST_COMPLETION,    /* the award's first one only      */
    TRIGGER_SURVEY_ANSWERED,     /* instalment = number of survey   */
    TRIGGER_MONTH_EMPLOYED,      /* instalment = number of month    */
    TRIGGER_TRAINING_MONTH,
    TRIGGER_DAY_ATTENDED,
};

/* Days from which an item's start is taken: bits of due_from. */
enum due_day {
    DUE_COMPLETION_DAY,
    DUE_REVIEW_RATED_ON,
    DUE_ACCOUNT_LINKED_ON,
    DUE_SURVEY_ANSWERED_ON,
    DUE_INSTALMENT_1_PAID_ON,
    DUE_HIRED_ON,
    DUE_COURSE_STARTS_ON,
    DUE_DAY_COUNT
};

enum due_months { DUE_MONTHS_NONE, DUE_MONTHS_N_LESS_1, DUE_MONTHS_N };
enum amount_kind { AMOUNT_FIXED, AMOUNT_MAXIMUM, AMOUNT_UNKNOWN };

struct benefit {
    const struct scheme *scheme;
    enum benefit_payee payee;
    struct slice item;      /* "job_search_incentive" */
    struct slice component; /* "INCENTIVE": the budget line it is paid from */
    struct texts name;      /* for messages */
    enum amount_kind amount_kind;
    int64_t amount_hundredths; /* one instalment; the ceiling over all of them for a maximum */
    int instalments;           /* 0: as many as there are enrolments, or days */
    enum benefit_trigger trigger;
    const struct slice *categories; /* of the course; empty: all */
    size_t category_count;
    uint32_t due_from; /* mask of 1u << enum due_day: the latest of them starts it */
    enum due_months due_months;
    bool due_not_after_course_end; /* the course's last day is the latest due day */
    int pay_within_days, pay_within_working_days; /* 0: not promised */
};

/* What an award commits, a component at a time. */
struct package_part {
    struct slice component;
    int64_t amount_hundredths;
};

struct programme;

struct scheme {
    const struct programme *programme;
    struct slice name;
    int from_wave, to_wave; /* selected by wave; 0, 0: by the application day */
    bool has_from, has_to;  /* selected by the application day                */
    epoch_day from, to;
    const struct scheme_year *years;
    size_t year_count;
    bool package_known;
    int64_t package_hundredths; /* sum of the parts */
    const struct package_part *package;
    size_t package_count;
    const struct benefit *benefits;
    size_t benefit_count;
    const struct condition *const *conditions[PHASE_COUNT]; /* active ones, by number */
    size_t condition_count[PHASE_COUNT];
};

struct wave {
    int number;
    bool has_opens, has_closes, has_notice_day, has_seats;
    instant_us opens, closes; /* closes: the first instant at which it is closed */
    epoch_day notice_day;
    int64_t seats;
};

/* A ceiling on seats. */
struct seat_limit {
    const struct scheme *scheme;
    int wave;            /* 0: no waves */
    struct slice region; /* "ALL": the whole */
    int64_t seats;
};

/* A ceiling on money. */
struct money_limit {
    int year;
    struct slice component; /* "ALL": the whole package */
    int64_t amount_hundredths;
};

enum deadline_name {
    DEADLINE_FIRST_PURCHASE,
    DEADLINE_FIRST_PURCHASE_REMINDER,
    DEADLINE_NEXT_PURCHASE,
    DEADLINE_BALANCE_CLOSES,
    DEADLINE_SURVEY_WINDOW,
    DEADLINE_REPAYMENT,
    DEADLINE_AWARD_ENDS,
    DEADLINE_COUNT
};

enum deadline_start {
    START_NOTICE_DAY,
    START_FIRST_PURCHASE, /* the last day of that deadline */
    START_COMPLETION_DAY,
    START_SURVEY_OPENED,
    START_RECOVERY_NOTICED,
    START_PURCHASE_CLOSES, /* of the award's year */
    START_AWARD_CLOSES,    /* of the award's year */
};

enum deadline_effect {
    DEADLINE_REVOKES,
    DEADLINE_EXPIRES_ITEM,
    DEADLINE_SENDS_MESSAGE,
    DEADLINE_LISTS
};

struct deadline {
    enum deadline_name name;
    const struct scheme *const *schemes;
    size_t scheme_count;
    int from_wave, to_wave; /* 0, 0: all */
    enum deadline_start start;
    int days;
    bool not_after_purchase_closes;
    const struct comparison *when;
    size_t when_count;
    enum deadline_effect effect;
    const struct reason *reason; /* NULL: only a message */
};

enum message_kind {
    MESSAGE_SELECTED,
    MESSAGE_NOT_SELECTED,
    MESSAGE_REFUSED,
    MESSAGE_HELD,
    MESSAGE_REVOKED,
    MESSAGE_FIRST_PURCHASE_REMINDER,
    MESSAGE_COMPLETED,
    MESSAGE_PAYOUT_SENT,
    MESSAGE_PAYOUT_FAILED,
    MESSAGE_RECOVERY_NOTICED,
    MESSAGE_KIND_COUNT
};

/* A bank or a wallet through which is paid. */
struct payment_partner {
    struct slice name; /* "OVO"; "DEFAULT" serves every partner that is not listed */
    int answer_within_minutes;
    const int
        *query_after_minutes; /* waits before the first, second... query; the last repeats */
    size_t query_count;
    int payouts_per_minute;          /* 0: no limit */
    const struct slice *retry_codes; /* try again by itself; any other code holds */
    size_t retry_code_count;
    const struct slice *hold_codes;
    size_t hold_code_count;
    int retry_after_hours;
};

/* A document that conditions cite by its key: what it is and where it stands. */
struct citation {
    struct slice key;   /* "PMK" */
    struct slice where; /* "https://... (PMK 25/PMK.05/2020)" */
};

/* What this file calls a code, or a field of yes or no ("yes|no"). */
struct own_words {
    struct slice name; /* "FISHER", "register.dtks.listed" */
    struct texts texts;
};

/* A register of this country's own, which conditions name by its part of a field: "fishing_fleet". */
struct own_register {
    struct slice name;
    struct slice loaded_as;    /* "TL_FISHING_FLEET": the name under which it is loaded */
    const char *listed, *code; /* "register.fishing_fleet.listed" */
};

/* A number that changes on dates; the loader refuses dates that overlap. */
struct parameter {
    struct slice name; /* "provinces" */
    bool known, has_from, has_to;
    epoch_day from, to;
    int64_t number; /* hundredths when it is money */
};

struct programme {
    struct slice id; /* "kartu-prakerja" */
    struct texts title;
    char rules_hash[RULES_HASH_SIZE + 1]; /* first 16 hex digits of the file's SHA-256 */
    char sha256[SHA256_TEXT_SIZE + 1];
    struct slice country;  /* ISO 3166-1: "ID" */
    struct slice currency; /* ISO 4217: "IDR"  */
    struct slice timezone; /* IANA: "Asia/Jakarta" */
    int utc_offset_minutes;
    struct slice languages[LANGUAGE_BOUND]; /* [0] is the one to fall back on */
    size_t language_count;
    enum selection selection;
    enum once_per once_per;
    struct slice exclusive_group; /* "": none */
    int family_card_limit;        /* 0: no limit */
    const epoch_day *holidays;    /* sorted */
    size_t holiday_count;
    const struct parameter *parameters;
    size_t parameter_count;
    const struct scheme *schemes;
    size_t scheme_count;
    const struct wave *waves; /* by number */
    size_t wave_count;
    const struct seat_limit *seat_limits;
    size_t seat_limit_count;
    const struct money_limit *money_limits;
    size_t money_limit_count;
    const struct condition *conditions; /* by number, inactive ones too */
    size_t condition_count;
    const struct deadline *deadlines;
    size_t deadline_count;
    const struct reason *reasons; /* by code */
    size_t reason_count;
    struct texts messages[MESSAGE_KIND_COUNT];
    const struct payment_partner *partners;
    size_t partner_count;
    const struct citation *sources; /* in the file's order */
    size_t source_count;
    const struct slice
        *levels; /* of application.highest_qualification, ascending; the file's, else Kerja's */
    size_t level_count;
    const struct own_words *words; /* in the file's order */
    size_t word_count;
    struct own_register registers[OWN_REGISTERS]; /* in the file's order */
    size_t register_count;
};

/* What the programme calls a field: the vocabulary's name, or that of its own register. Never NULL. */
const char *programme_field_name(const struct programme *programme, enum rule_field field);

/* Finds a field by what the programme calls it. False for any other name. */
bool programme_field_find(const struct programme *programme, struct slice name,
                          enum rule_field *field);

/* True of "DTKS", and of "dtks": a register that every programme may ask about, whatever its file brings. */
bool register_is_common(struct slice name);

/* The register that the field is of; NULL unless it is one of the programme's own. */
const struct own_register *programme_register(const struct programme *programme,
                                              enum rule_field field);

/* Reads a programme file. `name` stands in messages, as the file's name. On anything
 * wrong returns REJECT with "file:line:column: what was found, what was expected" of the first
 * fault; on success *programme is the caller's until programme_free(). Copies what it keeps of
 * `text`. */
enum outcome programme_load(struct slice text, const char *name, struct programme **programme,
                            struct error *error);
void programme_free(struct programme *programme);

enum { PROGRAMME_FAULTS = 50 };

/* All faults of a file, at most PROGRAMME_FAULTS, by line: calls `tell` with each, and returns
 * how many there were. Text that is not YAML has one fault. */
size_t programme_check(struct slice text, const char *name,
                       void (*tell)(void *context, const char *fault), void *context);

/* Scheme and year that a wave or a day picks; NULL when there is none. */
const struct scheme *scheme_for_wave(const struct programme *programme, int wave);
const struct scheme *scheme_for_day(const struct programme *programme, epoch_day day);
const struct scheme *scheme_find(const struct programme *programme, struct slice name);
const struct scheme_year *year_for_wave(const struct scheme *scheme, int wave);
const struct scheme_year *year_for_day(const struct scheme *scheme, epoch_day day);
const struct scheme_year *year_find(const struct scheme *scheme, int year);

/* NULL when the file does not name it. */
const struct wave *wave_find(const struct programme *programme, int wave);

/* True when `at` lies in the wave's opening times; a time that the file does not give does not
 * limit. False for a wave that no scheme has. */
bool wave_open(const struct programme *programme, int wave, instant_us at);

/* The codes that raise in a wave's draw, sorted by bytes, each once: written to `codes`, their
 * number returned. The class of an application is this number less its own priorities. */
size_t wave_priorities(const struct programme *programme, int wave,
                       struct slice codes[static VERDICT_PRIORITIES]);

/* By name as the file writes it; NULL when the file has none. */
const struct benefit *benefit_find(const struct scheme *scheme, struct slice item);
const struct reason *reason_find(const struct programme *programme, struct slice code);
const struct payment_partner *partner_find(const struct programme *programme,
                                           struct slice name);

/* By its number, inactive ones too; NULL when the file has none. */
const struct condition *condition_find(const struct programme *programme, int number);

/* What the file calls a code or a field in a language; empty when it does not say. */
struct slice own_words_find(const struct programme *programme, struct slice name,
                            size_t language);

/* What a key of a condition's sources stands for; empty when the file does not say. */
struct slice citation_find(const struct programme *programme, struct slice key);

/* The parameter's row that holds on a day, or NULL. */
const struct parameter *parameter_find(const struct programme *programme, struct slice name,
                                       epoch_day on);

/* True when somebody of the region who gets a seat takes it of this ceiling too: of the whole, and of every region
 * whose code his or hers begins with. */
bool seat_limit_counts(const struct seat_limit *limit, const struct scheme *scheme, int wave,
                       struct slice region);

/* Place of a language in `languages` by its BCP 47 primary subtag; 0, the fall-back, when it is
 * none. */
size_t language_find(const struct programme *programme, struct slice language);

/* A text in a language; in the fall-back language where that one lacks it. */
struct slice text_in(const struct texts *texts, size_t language);

/* "job_search_incentive"-like names of the closed lists, as the file writes them. */
const char *deadline_name(enum deadline_name name);
const char *message_kind_name(enum message_kind kind);

/* "PARTICIPANT", "EMPLOYER", "PROVIDER": as the file says it, and events do. */
const char *benefit_payee_name(enum benefit_payee payee);

#endif
