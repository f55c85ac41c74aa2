/*
 * vocabulary - the closed list of what a programme's conditions may ask about.
 *
 * A condition of a programme file names a field; a field is a member of an event or a fact,
 * or a value derived from them, and some service knows how to give its value. Nothing
 * outside this table can be asked, so a condition never needs an expression, and the loader can
 * refuse a file before anybody is judged by it. Adding a field means one row here and
 * one case in the service that knows it.
 */
#ifndef KERJA_RULES_VOCABULARY_H
#define KERJA_RULES_VOCABULARY_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of the table. A field's number stands in every stored decision (verdict_bytes.h): a new
 * field comes last, and none is taken out. */
enum rule_field {
    FIELD_APPLICATION_CITIZENSHIP,
    FIELD_APPLICATION_DAY,
    FIELD_APPLICANT_AGE,
    FIELD_APPLICATION_IN_FORMAL_EDUCATION,
    FIELD_APPLICATION_OCCUPATION_CLASS,
    FIELD_APPLICATION_EMPLOYMENT_STATUS,
    FIELD_APPLICATION_HIGHEST_QUALIFICATION,
    FIELD_APPLICATION_WANTS_FORMAL_JOB,
    FIELD_APPLICATION_INFORMAL_ONLY,
    FIELD_APPLICATION_COVID_AFFECTED,
    FIELD_APPLICATION_ABILITY_TEST_TAKEN_ON,
    FIELD_APPLICATION_DECLARATIONS,
    FIELD_APPLICATION_MSISDN_VERIFIED_AT,
    FIELD_APPLICATION_EMAIL_VERIFIED_AT,
    FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY,
    FIELD_CHECK_POPULATION,
    FIELD_CHECK_FAMILY_CARD,
    FIELD_CHECK_FACE,
    FIELD_REGISTER_EDUCATION_LISTED,
    FIELD_REGISTER_LAID_OFF_LISTED,
    FIELD_REGISTER_BLACKLIST_LISTED,
    FIELD_REGISTER_DTKS_LISTED,
    FIELD_REGISTER_PKH_LISTED,
    FIELD_REGISTER_BSU_LISTED,
    FIELD_REGISTER_BPUM_LISTED,
    FIELD_REGISTER_OCCUPATION_CODE,
    FIELD_REGISTER_FRAUD_CASE_LISTED,
    FIELD_WAVE_OPEN,
    FIELD_PERSON_OTHER_APPLICATIONS,
    FIELD_PERSON_AWARDS_IN_PROGRAMME,
    FIELD_PERSON_REVOKED_AWARDS,
    FIELD_FAMILY_CARD_AWARDS,
    FIELD_MEMBER_CATEGORY,
    FIELD_MEMBER_CONTRIBUTION_MONTHS,
    FIELD_MEMBER_ACTIVE,
    FIELD_MEMBER_SAVINGS_WITHDRAWN_ON,
    FIELD_MEMBER_REPORTED_WAGE,
    FIELD_MEMBER_WAGE_ABOVE_FLOOR,
    FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT,
    FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT,
    FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON,
    FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION,
    FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE,
    FIELD_PARAMETER_LOWEST_DISTRICT_WAGE,
    FIELD_HIRE_HIRED_ON,
    FIELD_HIRE_MONTHS_UNEMPLOYED,
    FIELD_HIRE_TARGET_GROUPS,
    FIELD_HIRE_MONTHLY_WAGE,
    FIELD_HIRE_HEADCOUNT,
    FIELD_HIRE_AGE,
    FIELD_HIRE_EMPLOYER_TYPE,
    FIELD_HIRE_VACANCY_POSTED,
    FIELD_HIRE_PROFILE_COMPLETE,
    FIELD_HIRE_ASSIST_REGISTERED,
    FIELD_HIRE_WORKER_CONSENTED_AT,
    FIELD_EMPLOYER_EXCESS_CLAIMS,
    FIELD_AWARD_REVOKED,
    FIELD_AWARD_PURCHASES,
    FIELD_AWARD_PREVIOUS_TRAINING_DONE,
    FIELD_AWARD_INTRO_VIDEOS,
    FIELD_AWARD_ACCOUNT_LINKED_ON,
    FIELD_PURCHASE_DAY,
    FIELD_PURCHASE_DAYS_SINCE_NOTICE,
    FIELD_PURCHASE_DAYS_SINCE_FIRST_TRAINING,
    FIELD_PURCHASE_BALANCE_AFTER,
    FIELD_PURCHASE_PRICE,
    FIELD_TRAINING_PLACE_RESTRICTED,
    FIELD_COURSE_MODE,
    FIELD_COURSE_CATEGORY,
    FIELD_COURSE_TOTAL_MINUTES,
    FIELD_COURSE_SYNCHRONOUS_MINUTES,
    FIELD_COURSE_VIDEO_MINUTES,
    FIELD_COURSE_LONGEST_DAY_MINUTES,
    FIELD_COURSE_TRAINEES_PER_TRAINER,
    FIELD_COURSE_INTERACTIVE,
    FIELD_COURSE_IDENTICAL_TO_FREE,
    FIELD_COURSE_OUTSIDE_PRICE,
    FIELD_COURSE_PRICE_ABOVE_OUTSIDE,
    FIELD_PLATFORM_PROVINCES_SHORT,
    FIELD_PROVIDER_DOCUMENTS,
    FIELD_PROVIDER_LICENCES,
    FIELD_PROVIDER_ACCREDITATIONS,
    FIELD_PROVIDER_INDICATORS_MET,
    FIELD_PROVIDER_OWNER_OVERLAPS_PLATFORM,
    FIELD_PROVIDER_MONTHS_AS_LEGAL_ENTITY,
    FIELD_PROVIDER_MONTHS_OPERATING,
    FIELD_PROVIDER_REGISTERED_ON,
    FIELD_PROVIDER_APPLIED_ON,
    FIELD_PROVIDER_CONTRIBUTION_MONTHS,
    FIELD_PROVIDER_CONTRIBUTION_EXEMPT,
    FIELD_COMPLETION_DAY,
    FIELD_COMPLETION_FIRST,
    FIELD_COMPLETION_CERTIFICATE_ID,
    FIELD_COMPLETION_SESSIONS_MISSED,
    FIELD_COMPLETION_SESSIONS_WITHOUT_FACE,
    FIELD_COMPLETION_SESSIONS_CAMERA_OFF,
    FIELD_COMPLETION_ATTENDEE_IS_PARTICIPANT,
    FIELD_COMPLETION_ASSESSMENTS,
    FIELD_PAYMENT_ITEM,
    FIELD_REVIEW_RATED_ON,
    FIELD_SURVEY_NUMBER,
    FIELD_SURVEY_ANSWERED_ON,
    FIELD_SURVEY_DAYS_TO_ANSWER,
    FIELD_SURVEY_EARLIER_UNANSWERED,
    FIELD_AWARD_INSTALMENT_1_PAID_ON,
    FIELD_HIRE_EMPLOYED_TO_DUE_DAY,
    FIELD_PAYMENT_PAYEE_KIND,
    FIELD_PAYMENT_AMOUNT,
    FIELD_AWARD_DECREE_NO,
    FIELD_AWARD_HOLDS,
    FIELD_PROGRAMME_PAUSED,
    FIELD_ACCOUNT_LINKED_AT,
    FIELD_ACCOUNT_PARTNER,
    FIELD_ACCOUNT_KYC_LEVEL,
    FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT,
    FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS,
    FIELD_ACCOUNT_ACTIVE,
    FIELD_ACCOUNT_CURRENCY,
    FIELD_ACCOUNT_HEADROOM,
    FIELD_ACCOUNT_HEADROOM_AFTER,
    FIELD_ACCOUNT_PERSONS,
    FIELD_REGISTER_OWN_1_LISTED,
    FIELD_REGISTER_OWN_1_CODE,
    FIELD_REGISTER_OWN_2_LISTED,
    FIELD_REGISTER_OWN_2_CODE,
    FIELD_REGISTER_OWN_3_LISTED,
    FIELD_REGISTER_OWN_3_CODE,
    FIELD_REGISTER_OWN_4_LISTED,
    FIELD_REGISTER_OWN_4_CODE,
    RULE_FIELD_COUNT
};

enum value_kind {
    KIND_BOOL,
    KIND_INT,
    KIND_MONEY,   /* hundredths of the programme's currency */
    KIND_DAY,     /* epoch_day, local to the programme      */
    KIND_INSTANT, /* instant_us                             */
    KIND_CODE,    /* one code                               */
    KIND_CODES,   /* a set of codes                         */
    KIND_LEVEL,   /* a code of an ordered list              */
    KIND_TEXT,    /* only whether it exists is ever asked   */
};

/* Registers that a programme's file brings (programme.h): two fields each, one after the other, in the file's order. In the
 * table they have names that no file may say. */
enum { OWN_REGISTERS = 4 };

static inline bool field_of_own_register(enum rule_field field)
{
    return field >= FIELD_REGISTER_OWN_1_LISTED && field <= FIELD_REGISTER_OWN_4_CODE;
}

/* Who can give a field's value; bits of a mask. */
enum rule_service {
    SERVICE_APPLICATION = 1,
    SERVICE_COMPLETION = 2,
    SERVICE_INCENTIVE = 4,
};

struct field_meaning {
    const char *name; /* "applicant.age" */
    enum value_kind kind;
    uint8_t services; /* mask of enum rule_service                            */
    bool open;        /* codes beside those listed are accepted               */
    const char *unit; /* "years"; NULL when it has none                       */
    const char *const
        *codes;          /* NULL-terminated; for a level in ascending order; NULL: any code */
    const char *unknown; /* reason that stands while the value is not known; never NULL */
};

/* Never NULL for a field of the enumeration. */
const struct field_meaning *field_meaning(enum rule_field field);

/* Finds a field by name. Returns false for a name that is not in the table. */
bool field_find(struct slice name, enum rule_field *field);

/* Place of a level in an ascending order, from 0; `count` for a code that the order lacks. */
size_t level_find(const struct slice *levels, size_t count, struct slice code);

/* True when `code` may be compared with the field: listed, or the field is open or lists none.
 * Of a level it says whether Kerja's own order has it; a programme may bring another. */
bool field_accepts(enum rule_field field, struct slice code);

#endif
