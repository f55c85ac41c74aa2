#include "rules/vocabulary.h"

#include <assert.h>

static const char *const occupation_classes[] = {"STATE_OFFICIAL",
                                                 "DPRD",
                                                 "ASN",
                                                 "TNI",
                                                 "POLRI",
                                                 "VILLAGE_HEAD_OR_STAFF",
                                                 "BUMN_BUMD_DIRECTOR_COMMISSIONER_SUPERVISOR",
                                                 "BUMN_BUMD_EMPLOYEE",
                                                 "PRIVATE_EMPLOYEE",
                                                 "FARMER",
                                                 "NONE",
                                                 NULL};
static const char *const application_employment_status_codes[] = {
    "JOB_SEEKER",
    "LAID_OFF",
    "WORKER_NEEDS_SKILL",
    "FURLOUGHED",
    "NON_WAGE_OR_MICRO_SMALL_OWNER",
    "NOT_IN_LABOUR_FORCE",
    NULL};
static const char *const application_highest_qualification_codes[] = {
    "NONE", "PRIMARY", "PMR_OR_PT3", "SPM", "STPM", "DIPLOMA", "DEGREE", NULL};
static const char *const application_declarations_codes[] = {"STATEMENT_SIGNED", NULL};
static const char *const check_results[] = {"MATCH", "NO_MATCH", "FAIL", "NOT_FOUND", NULL};
static const char *const member_category_codes[] = {"PU_LAID_OFF", "PU_ACTIVE", "BPU",
                                                    "PMI",         "NONE",      NULL};
static const char *const hire_target_groups_codes[] = {
    "LONG_UNEMPLOYED_YOUTH",
    "WOMAN_RETURNER_OR_SINGLE_MOTHER_OR_HOUSEWIFE",
    "ORANG_ASLI",
    "OKU",
    "HARDCORE_POOR",
    "PAROLEE",
    "EX_CONVICT",
    "HOMELESS",
    "HARDCORE_UNEMPLOYED",
    "SENIOR_CITIZEN",
    "TVET_GRADUATE",
    "SCHOOL_LEAVER_SPM_OR_BELOW",
    NULL};
static const char *const hire_employer_type_codes[] = {
    "PRIVATE", "GLC", "GLIC", "PUBLIC", "SOLE_PROPRIETOR", NULL};
static const char *const course_mode_codes[] = {"ONLINE", "CLASSROOM", "BLENDED", NULL};
static const char *const course_category_codes[] = {"RPEL", "COMPETENCY", "PROFESSIONAL",
                                                    "MICROCREDENTIAL", NULL};
static const char *const provider_documents_codes[] = {
    "NIB", "NPWP", "KSWP", "PLATFORM_AGREEMENT", "STATEMENT", NULL};
static const char *const provider_licences_codes[] = {"DISNAKER", NULL};
static const char *const provider_accreditations_codes[] = {
    "JPK", "MQA", "EQUIVALENT", "MINISTRY_REGISTERED", "STATUTORY_HEI", NULL};
static const char *const completion_assessments_codes[] = {"PRETEST", "POSTTEST", "QUIZ",
                                                           "PRACTICAL", NULL};
static const char *const payment_item_codes[] = {
    "training",           "job_search_incentive", "survey_incentive", "training_fee",
    "training_allowance", "daily_allowance",      "hiring_incentive", NULL};
static const char *const payment_payee_kind_codes[] = {"PARTICIPANT", "EMPLOYER", "PROVIDER",
                                                       NULL};
static const char *const award_holds_codes[] = {"FRAUD_SUSPECTED", "AUDIT_FINDING", NULL};
static const char *const account_partner_codes[] = {"BNI",   "BCA",  "OVO", "LINKAJA",
                                                    "GOPAY", "DANA", NULL};
static const char *const account_kyc_level_codes[] = {"NONE", "BASIC", "FULL", NULL};

enum { APP = SERVICE_APPLICATION, COM = SERVICE_COMPLETION, INC = SERVICE_INCENTIVE };

/* What stands while a record or an answer has not come, and nothing better is known. */
#define SILENT "REGISTRY_UNAVAILABLE"

static const struct field_meaning meanings[RULE_FIELD_COUNT] = {
    [FIELD_APPLICATION_CITIZENSHIP] = {"application.citizenship", KIND_CODE, APP, false,
                                       "ISO 3166-1 alpha-2", NULL, SILENT},
    [FIELD_APPLICATION_DAY] = {"application.day", KIND_DAY, APP, false, NULL, NULL, SILENT},
    [FIELD_APPLICANT_AGE] = {"applicant.age", KIND_INT, APP, false, "years", NULL, SILENT},
    [FIELD_APPLICATION_IN_FORMAL_EDUCATION] = {"application.in_formal_education", KIND_BOOL,
                                               APP, false, NULL, NULL, "DECLARATION_MISSING"},
    [FIELD_APPLICATION_OCCUPATION_CLASS] = {"application.occupation_class", KIND_CODE, APP,
                                            true, NULL, occupation_classes,
                                            "DECLARATION_MISSING"},
    [FIELD_APPLICATION_EMPLOYMENT_STATUS] = {"application.employment_status", KIND_CODE, APP,
                                             true, NULL, application_employment_status_codes,
                                             "DECLARATION_MISSING"},
    [FIELD_APPLICATION_HIGHEST_QUALIFICATION] = {"application.highest_qualification",
                                                 KIND_LEVEL, APP, false, NULL,
                                                 application_highest_qualification_codes,
                                                 "DECLARATION_MISSING"},
    [FIELD_APPLICATION_WANTS_FORMAL_JOB] = {"application.wants_formal_job", KIND_BOOL, APP,
                                            false, NULL, NULL, SILENT},
    [FIELD_APPLICATION_INFORMAL_ONLY] = {"application.informal_only", KIND_BOOL, APP, false,
                                         NULL, NULL, "DECLARATION_MISSING"},
    [FIELD_APPLICATION_COVID_AFFECTED] = {"application.covid_affected", KIND_BOOL, APP, false,
                                          NULL, NULL, SILENT},
    [FIELD_APPLICATION_ABILITY_TEST_TAKEN_ON] = {"application.ability_test_taken_on", KIND_DAY,
                                                 APP, false, NULL, NULL, SILENT},
    [FIELD_APPLICATION_DECLARATIONS] = {"application.declarations", KIND_CODES, APP, true, NULL,
                                        application_declarations_codes, SILENT},
    [FIELD_APPLICATION_MSISDN_VERIFIED_AT] = {"application.msisdn_verified_at", KIND_INSTANT,
                                              APP, false, NULL, NULL, SILENT},
    [FIELD_APPLICATION_EMAIL_VERIFIED_AT] = {"application.email_verified_at", KIND_INSTANT, APP,
                                             false, NULL, NULL, SILENT},
    [FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY] = {"application.working_days_without_reply",
                                                      KIND_INT, APP, false, "working days",
                                                      NULL, SILENT},
    [FIELD_CHECK_POPULATION] = {"check.population", KIND_CODE, APP, false, NULL, check_results,
                                SILENT},
    [FIELD_CHECK_FAMILY_CARD] = {"check.family_card", KIND_CODE, APP, false, NULL,
                                 check_results, SILENT},
    [FIELD_CHECK_FACE] = {"check.face", KIND_CODE, APP, false, NULL, check_results, SILENT},
    [FIELD_REGISTER_EDUCATION_LISTED] = {"register.education.listed", KIND_BOOL, APP, false,
                                         NULL, NULL, SILENT},
    [FIELD_REGISTER_LAID_OFF_LISTED] = {"register.laid_off.listed", KIND_BOOL, APP, false, NULL,
                                        NULL, SILENT},
    [FIELD_REGISTER_BLACKLIST_LISTED] = {"register.blacklist.listed", KIND_BOOL, APP, false,
                                         NULL, NULL, SILENT},
    [FIELD_REGISTER_DTKS_LISTED] = {"register.dtks.listed", KIND_BOOL, APP, false, NULL, NULL,
                                    SILENT},
    [FIELD_REGISTER_PKH_LISTED] = {"register.pkh.listed", KIND_BOOL, APP, false, NULL, NULL,
                                   SILENT},
    [FIELD_REGISTER_BSU_LISTED] = {"register.bsu.listed", KIND_BOOL, APP, false, NULL, NULL,
                                   SILENT},
    [FIELD_REGISTER_BPUM_LISTED] = {"register.bpum.listed", KIND_BOOL, APP, false, NULL, NULL,
                                    SILENT},
    [FIELD_REGISTER_OCCUPATION_CODE] = {"register.occupation.code", KIND_CODE, APP, true, NULL,
                                        occupation_classes, SILENT},
    [FIELD_REGISTER_FRAUD_CASE_LISTED] = {"register.fraud_case.listed", KIND_BOOL, APP, false,
                                          NULL, NULL, SILENT},
    [FIELD_WAVE_OPEN] = {"wave.open", KIND_BOOL, APP, false, NULL, NULL, SILENT},
    [FIELD_PERSON_OTHER_APPLICATIONS] = {"person.other_applications", KIND_INT, APP, false,
                                         "applications", NULL, SILENT},
    [FIELD_PERSON_AWARDS_IN_PROGRAMME] = {"person.awards_in_programme", KIND_INT, APP, false,
                                          "awards", NULL, SILENT},
    [FIELD_PERSON_REVOKED_AWARDS] = {"person.revoked_awards", KIND_INT, APP, false, "awards",
                                     NULL, SILENT},
    [FIELD_FAMILY_CARD_AWARDS] = {"family_card.awards", KIND_INT, APP, false, "awards", NULL,
                                  SILENT},
    [FIELD_MEMBER_CATEGORY] = {"member.category", KIND_CODE, APP, true, NULL,
                               member_category_codes, SILENT},
    [FIELD_MEMBER_CONTRIBUTION_MONTHS] = {"member.contribution_months", KIND_INT, APP, false,
                                          "months", NULL, SILENT},
    [FIELD_MEMBER_ACTIVE] = {"member.active", KIND_BOOL, APP, false, NULL, NULL, SILENT},
    [FIELD_MEMBER_SAVINGS_WITHDRAWN_ON] = {"member.savings_withdrawn_on", KIND_DAY, APP, false,
                                           NULL, NULL, SILENT},
    [FIELD_MEMBER_REPORTED_WAGE] = {"member.reported_wage", KIND_MONEY, APP, false, "a month",
                                    NULL, SILENT},
    [FIELD_MEMBER_WAGE_ABOVE_FLOOR] = {"member.wage_above_floor", KIND_MONEY, APP, false,
                                       "a month", NULL, SILENT},
    [FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT] = {"member.full_months_since_employment",
                                                   KIND_INT, APP, false, "months", NULL,
                                                   "DECLARATION_MISSING"},
    [FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT] = {"member.months_begun_since_employment",
                                                    KIND_INT, APP, false, "months", NULL,
                                                    "DECLARATION_MISSING"},
    [FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON] = {"member.last_formal_contribution_on",
                                                  KIND_DAY, APP, false, NULL, NULL, SILENT},
    [FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION] =
        {"member.months_since_formal_contribution", KIND_INT, APP, false, "months", NULL,
         SILENT},
    [FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE] = {"member.self_employed_member_since", KIND_DAY,
                                                 APP, false, NULL, NULL, SILENT},
    [FIELD_PARAMETER_LOWEST_DISTRICT_WAGE] = {"parameter.lowest_district_wage", KIND_MONEY, APP,
                                              false, "a month", NULL, SILENT},
    [FIELD_HIRE_HIRED_ON] = {"hire.hired_on", KIND_DAY, APP, false, NULL, NULL, SILENT},
    [FIELD_HIRE_MONTHS_UNEMPLOYED] = {"hire.months_unemployed", KIND_INT, APP, false, "months",
                                      NULL, "DECLARATION_MISSING"},
    [FIELD_HIRE_TARGET_GROUPS] = {"hire.target_groups", KIND_CODES, APP, true, NULL,
                                  hire_target_groups_codes, SILENT},
    [FIELD_HIRE_MONTHLY_WAGE] = {"hire.monthly_wage", KIND_MONEY, APP, false, "a month", NULL,
                                 SILENT},
    [FIELD_HIRE_HEADCOUNT] = {"hire.headcount", KIND_INT, APP, false, "workers", NULL, SILENT},
    [FIELD_HIRE_AGE] = {"hire.age", KIND_INT, APP, false, "years", NULL, SILENT},
    [FIELD_HIRE_EMPLOYER_TYPE] = {"hire.employer_type", KIND_CODE, APP, true, NULL,
                                  hire_employer_type_codes, "DECLARATION_MISSING"},
    [FIELD_HIRE_VACANCY_POSTED] = {"hire.vacancy_posted", KIND_BOOL, APP, false, NULL, NULL,
                                   "VACANCY_NOT_ADVERTISED"},
    [FIELD_HIRE_PROFILE_COMPLETE] = {"hire.profile_complete", KIND_BOOL, APP, false, NULL, NULL,
                                     "VACANCY_NOT_ADVERTISED"},
    [FIELD_HIRE_ASSIST_REGISTERED] = {"hire.assist_registered", KIND_BOOL, APP, false, NULL,
                                      NULL, "VACANCY_NOT_ADVERTISED"},
    [FIELD_HIRE_WORKER_CONSENTED_AT] = {"hire.worker_consented_at", KIND_INSTANT, APP, false,
                                        NULL, NULL, SILENT},
    [FIELD_EMPLOYER_EXCESS_CLAIMS] = {"employer.excess_claims", KIND_INT, APP, false, "workers",
                                      NULL, SILENT},
    [FIELD_AWARD_REVOKED] = {"award.revoked", KIND_BOOL, COM | INC, false, NULL, NULL, SILENT},
    [FIELD_AWARD_PURCHASES] = {"award.purchases", KIND_INT, COM, false, "enrolments", NULL,
                               SILENT},
    [FIELD_AWARD_PREVIOUS_TRAINING_DONE] = {"award.previous_training_done", KIND_BOOL, COM,
                                            false, NULL, NULL, SILENT},
    [FIELD_AWARD_INTRO_VIDEOS] = {"award.intro_videos", KIND_INT, COM, false, "videos", NULL,
                                  SILENT},
    [FIELD_AWARD_ACCOUNT_LINKED_ON] = {"award.account_linked_on", KIND_DAY, COM, false, NULL,
                                       NULL, SILENT},
    [FIELD_PURCHASE_DAY] = {"purchase.day", KIND_DAY, COM, false, NULL, NULL, SILENT},
    [FIELD_PURCHASE_DAYS_SINCE_NOTICE] = {"purchase.days_since_notice", KIND_INT, COM, false,
                                          "days", NULL, SILENT},
    [FIELD_PURCHASE_DAYS_SINCE_FIRST_TRAINING] = {"purchase.days_since_first_training",
                                                  KIND_INT, COM, false, "days", NULL, SILENT},
    [FIELD_PURCHASE_BALANCE_AFTER] = {"purchase.balance_after", KIND_MONEY, COM, false, NULL,
                                      NULL, SILENT},
    [FIELD_PURCHASE_PRICE] = {"purchase.price", KIND_MONEY, COM, false, NULL, NULL, SILENT},
    [FIELD_TRAINING_PLACE_RESTRICTED] = {"training.place_restricted", KIND_BOOL, COM, false,
                                         NULL, NULL, SILENT},
    [FIELD_COURSE_MODE] = {"course.mode", KIND_CODE, COM, false, NULL, course_mode_codes,
                           SILENT},
    [FIELD_COURSE_CATEGORY] = {"course.category", KIND_CODE, COM, true, NULL,
                               course_category_codes, SILENT},
    [FIELD_COURSE_TOTAL_MINUTES] = {"course.total_minutes", KIND_INT, COM, false, "minutes",
                                    NULL, SILENT},
    [FIELD_COURSE_SYNCHRONOUS_MINUTES] = {"course.synchronous_minutes", KIND_INT, COM, false,
                                          "minutes", NULL, SILENT},
    [FIELD_COURSE_VIDEO_MINUTES] = {"course.video_minutes", KIND_INT, COM, false, "minutes",
                                    NULL, SILENT},
    [FIELD_COURSE_LONGEST_DAY_MINUTES] = {"course.longest_day_minutes", KIND_INT, COM, false,
                                          "minutes", NULL, SILENT},
    [FIELD_COURSE_TRAINEES_PER_TRAINER] = {"course.trainees_per_trainer", KIND_INT, COM, false,
                                           "people", NULL, SILENT},
    [FIELD_COURSE_INTERACTIVE] = {"course.interactive", KIND_BOOL, COM, false, NULL, NULL,
                                  SILENT},
    [FIELD_COURSE_IDENTICAL_TO_FREE] = {"course.identical_to_free", KIND_BOOL, COM, false, NULL,
                                        NULL, SILENT},
    [FIELD_COURSE_OUTSIDE_PRICE] = {"course.outside_price", KIND_MONEY, COM, false, NULL, NULL,
                                    SILENT},
    [FIELD_COURSE_PRICE_ABOVE_OUTSIDE] = {"course.price_above_outside", KIND_MONEY, COM, false,
                                          NULL, NULL, SILENT},
    [FIELD_PLATFORM_PROVINCES_SHORT] = {"platform.provinces_short", KIND_INT, COM, false, NULL,
                                        NULL, SILENT},
    [FIELD_PROVIDER_DOCUMENTS] = {"provider.documents", KIND_CODES, COM, true, NULL,
                                  provider_documents_codes, SILENT},
    [FIELD_PROVIDER_LICENCES] = {"provider.licences", KIND_CODES, COM, true, NULL,
                                 provider_licences_codes, SILENT},
    [FIELD_PROVIDER_ACCREDITATIONS] = {"provider.accreditations", KIND_CODES, COM, true, NULL,
                                       provider_accreditations_codes, SILENT},
    [FIELD_PROVIDER_INDICATORS_MET] = {"provider.indicators_met", KIND_INT, COM, false,
                                       "indicators", NULL, SILENT},
    [FIELD_PROVIDER_OWNER_OVERLAPS_PLATFORM] = {"provider.owner_overlaps_platform", KIND_BOOL,
                                                COM, false, NULL, NULL, SILENT},
    [FIELD_PROVIDER_MONTHS_AS_LEGAL_ENTITY] = {"provider.months_as_legal_entity", KIND_INT, COM,
                                               false, "months", NULL, SILENT},
    [FIELD_PROVIDER_MONTHS_OPERATING] = {"provider.months_operating", KIND_INT, COM, false,
                                         "months", NULL, SILENT},
    [FIELD_PROVIDER_REGISTERED_ON] = {"provider.registered_on", KIND_DAY, COM, false, NULL,
                                      NULL, SILENT},
    [FIELD_PROVIDER_APPLIED_ON] = {"provider.applied_on", KIND_DAY, COM, false, NULL, NULL,
                                   SILENT},
    [FIELD_PROVIDER_CONTRIBUTION_MONTHS] = {"provider.contribution_months", KIND_INT, COM,
                                            false, "months", NULL, SILENT},
    [FIELD_PROVIDER_CONTRIBUTION_EXEMPT] = {"provider.contribution_exempt", KIND_BOOL, COM,
                                            false, NULL, NULL, SILENT},
    [FIELD_COMPLETION_DAY] = {"completion.day", KIND_DAY, COM, false, NULL, NULL, SILENT},
    [FIELD_COMPLETION_FIRST] = {"completion.first", KIND_BOOL, COM, false, NULL, NULL, SILENT},
    [FIELD_COMPLETION_CERTIFICATE_ID] = {"completion.certificate_id", KIND_TEXT, COM, false,
                                         NULL, NULL, SILENT},
    [FIELD_COMPLETION_SESSIONS_MISSED] = {"completion.sessions_missed", KIND_INT, COM, false,
                                          "sessions", NULL, SILENT},
    [FIELD_COMPLETION_SESSIONS_WITHOUT_FACE] = {"completion.sessions_without_face", KIND_INT,
                                                COM, false, "sessions", NULL, SILENT},
    [FIELD_COMPLETION_SESSIONS_CAMERA_OFF] = {"completion.sessions_camera_off", KIND_INT, COM,
                                              false, "sessions", NULL, SILENT},
    [FIELD_COMPLETION_ATTENDEE_IS_PARTICIPANT] = {"completion.attendee_is_participant",
                                                  KIND_BOOL, COM, false, NULL, NULL, SILENT},
    [FIELD_COMPLETION_ASSESSMENTS] = {"completion.assessments", KIND_CODES, COM, true, NULL,
                                      completion_assessments_codes, SILENT},
    [FIELD_PAYMENT_ITEM] = {"payment.item", KIND_CODE, COM | INC, true, NULL,
                            payment_item_codes, SILENT},
    [FIELD_REVIEW_RATED_ON] = {"review.rated_on", KIND_DAY, COM, false, NULL, NULL, SILENT},
    [FIELD_SURVEY_NUMBER] = {"survey.number", KIND_INT, COM, false, NULL, NULL, SILENT},
    [FIELD_SURVEY_ANSWERED_ON] = {"survey.answered_on", KIND_DAY, COM, false, NULL, NULL,
                                  SILENT},
    [FIELD_SURVEY_DAYS_TO_ANSWER] = {"survey.days_to_answer", KIND_INT, COM, false, "days",
                                     NULL, SILENT},
    [FIELD_SURVEY_EARLIER_UNANSWERED] = {"survey.earlier_unanswered", KIND_INT, COM, false,
                                         "surveys", NULL, SILENT},
    [FIELD_AWARD_INSTALMENT_1_PAID_ON] = {"award.instalment_1_paid_on", KIND_DAY, COM, false,
                                          NULL, NULL, SILENT},
    [FIELD_HIRE_EMPLOYED_TO_DUE_DAY] = {"hire.employed_to_due_day", KIND_BOOL, COM, false, NULL,
                                        NULL, SILENT},
    [FIELD_PAYMENT_PAYEE_KIND] = {"payment.payee_kind", KIND_CODE, INC, false, NULL,
                                  payment_payee_kind_codes, SILENT},
    [FIELD_PAYMENT_AMOUNT] = {"payment.amount", KIND_MONEY, COM | INC, false, NULL, NULL,
                              SILENT},
    [FIELD_AWARD_DECREE_NO] = {"award.decree_no", KIND_TEXT, INC, false, NULL, NULL, SILENT},
    [FIELD_AWARD_HOLDS] = {"award.holds", KIND_CODES, INC, true, NULL, award_holds_codes,
                           SILENT},
    [FIELD_PROGRAMME_PAUSED] = {"programme.paused", KIND_BOOL, INC, false, NULL, NULL, SILENT},
    [FIELD_ACCOUNT_LINKED_AT] = {"account.linked_at", KIND_INSTANT, INC, false, NULL, NULL,
                                 "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_PARTNER] = {"account.partner", KIND_CODE, INC, true, NULL,
                               account_partner_codes, "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_KYC_LEVEL] = {"account.kyc_level", KIND_CODE, INC, true, NULL,
                                 account_kyc_level_codes, "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT] = {"account.holder_is_participant", KIND_BOOL, INC,
                                             false, NULL, NULL, "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS] = {"account.phone_is_participants", KIND_BOOL, INC,
                                             false, NULL, NULL, "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_ACTIVE] = {"account.active", KIND_BOOL, INC, false, NULL, NULL,
                              "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_CURRENCY] = {"account.currency", KIND_CODE, INC, false, "ISO 4217", NULL,
                                "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_HEADROOM] = {"account.headroom", KIND_MONEY, INC, false, NULL, NULL,
                                "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_HEADROOM_AFTER] = {"account.headroom_after", KIND_MONEY, INC, false, NULL,
                                      NULL, "ACCT_NOT_LINKED"},
    [FIELD_ACCOUNT_PERSONS] = {"account.persons", KIND_INT, INC, false, "people", NULL,
                               "ACCT_NOT_LINKED"},
    [FIELD_REGISTER_OWN_1_LISTED] = {"register.own_1.listed", KIND_BOOL, APP, false, NULL, NULL,
                                     SILENT},
    [FIELD_REGISTER_OWN_1_CODE] = {"register.own_1.code", KIND_CODE, APP, true, NULL, NULL,
                                   SILENT},
    [FIELD_REGISTER_OWN_2_LISTED] = {"register.own_2.listed", KIND_BOOL, APP, false, NULL, NULL,
                                     SILENT},
    [FIELD_REGISTER_OWN_2_CODE] = {"register.own_2.code", KIND_CODE, APP, true, NULL, NULL,
                                   SILENT},
    [FIELD_REGISTER_OWN_3_LISTED] = {"register.own_3.listed", KIND_BOOL, APP, false, NULL, NULL,
                                     SILENT},
    [FIELD_REGISTER_OWN_3_CODE] = {"register.own_3.code", KIND_CODE, APP, true, NULL, NULL,
                                   SILENT},
    [FIELD_REGISTER_OWN_4_LISTED] = {"register.own_4.listed", KIND_BOOL, APP, false, NULL, NULL,
                                     SILENT},
    [FIELD_REGISTER_OWN_4_CODE] = {"register.own_4.code", KIND_CODE, APP, true, NULL, NULL,
                                   SILENT},
};

const struct field_meaning *field_meaning(enum rule_field field)
{
    assert(field < RULE_FIELD_COUNT);
    return &meanings[field];
}

bool field_find(struct slice name, enum rule_field *field)
{
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
        if (slice_is(name, meanings[i].name)) {
            *field = (enum rule_field)i;
            return true;
        }
    }
    return false;
}

size_t level_find(const struct slice *levels, size_t count, struct slice code)
{
    size_t at = 0;
    while (at < count && !slice_equal(levels[at], code))
        at++;
    return at;
}

bool field_accepts(enum rule_field field, struct slice code)
{
    const struct field_meaning *meaning = field_meaning(field);
    bool accepted = meaning->codes == NULL || meaning->open;
    for (const char *const *one = meaning->codes; !accepted && *one != NULL; one++)
        accepted = slice_is(code, *one);
    return accepted && code.size > 0;
}
