/* words in English: what an explanation says to auditors and officers. */
#include "rules/words.h"

static const struct code_words codes[] = {
    {"NONE", "none"},
    {"ID", "Indonesia"},
    {"MY", "Malaysia"},
    {"IDR", "rupiah"},
    {"MYR", "ringgit"},
    {"STATE_OFFICIAL", "state official"},
    {"DPRD", "member of a regional assembly (DPRD)"},
    {"ASN", "civil servant (ASN)"},
    {"TNI", "member of the armed forces (TNI)"},
    {"POLRI", "member of the police (Polri)"},
    {"VILLAGE_HEAD_OR_STAFF", "village head or staff"},
    {"BUMN_BUMD_DIRECTOR_COMMISSIONER_SUPERVISOR",
     "director or commissioner or supervisor of a state-owned enterprise"},
    {"BUMN_BUMD_EMPLOYEE", "employee of a state-owned enterprise"},
    {"PRIVATE_EMPLOYEE", "employee of a private employer"},
    {"FARMER", "farmer"},
    {"JOB_SEEKER", "seeks work"},
    {"LAID_OFF", "laid off"},
    {"WORKER_NEEDS_SKILL", "worker who needs more skills"},
    {"FURLOUGHED", "furloughed"},
    {"NON_WAGE_OR_MICRO_SMALL_OWNER", "unpaid worker or owner of a micro or small business"},
    {"NOT_IN_LABOUR_FORCE", "not in the labour force"},
    {"PRIMARY", "primary school"},
    {"PMR_OR_PT3", "PMR or PT3"},
    {"DIPLOMA", "diploma"},
    {"DEGREE", "degree"},
    {"STATEMENT_SIGNED", "signed statement"},
    {"MATCH", "a match"},
    {"NO_MATCH", "no match"},
    {"FAIL", "a failure"},
    {"NOT_FOUND", "nothing found"},
    {"PU_LAID_OFF", "wage earner who was laid off"},
    {"PU_ACTIVE", "wage earner who still works"},
    {"BPU", "not a wage earner (BPU)"},
    {"PMI", "migrant worker (PMI)"},
    {"LONG_UNEMPLOYED_YOUTH", "young person long without work"},
    {"WOMAN_RETURNER_OR_SINGLE_MOTHER_OR_HOUSEWIFE",
     "woman returning to work or single mother or housewife"},
    {"ORANG_ASLI", "Orang Asli"},
    {"OKU", "person with a disability (OKU)"},
    {"HARDCORE_POOR", "hardcore poor"},
    {"PAROLEE", "parolee"},
    {"EX_CONVICT", "former prisoner"},
    {"HOMELESS", "homeless"},
    {"HARDCORE_UNEMPLOYED", "hardcore unemployed"},
    {"SENIOR_CITIZEN", "senior citizen"},
    {"TVET_GRADUATE", "TVET graduate"},
    {"SCHOOL_LEAVER_SPM_OR_BELOW", "school leaver with SPM or below"},
    {"PRIVATE", "private company"},
    {"GLC", "government-linked company (GLC)"},
    {"GLIC", "government-linked investment company (GLIC)"},
    {"PUBLIC", "public sector"},
    {"SOLE_PROPRIETOR", "sole proprietor"},
    {"ONLINE", "online"},
    {"CLASSROOM", "in a classroom"},
    {"BLENDED", "online and in a classroom"},
    {"COMPETENCY", "competency"},
    {"PROFESSIONAL", "professional"},
    {"MICROCREDENTIAL", "microcredential"},
    {"PLATFORM_AGREEMENT", "agreement with a platform"},
    {"STATEMENT", "statement"},
    {"DISNAKER", "licence of the manpower office (Disnaker)"},
    {"EQUIVALENT", "equivalent"},
    {"MINISTRY_REGISTERED", "registered with a ministry"},
    {"STATUTORY_HEI", "higher education institution by statute"},
    {"PRETEST", "test before"},
    {"POSTTEST", "test after"},
    {"QUIZ", "quiz"},
    {"PRACTICAL", "practical"},
    {"training", "training"},
    {"job_search_incentive", "job-search incentive"},
    {"survey_incentive", "survey incentive"},
    {"training_fee", "training fee"},
    {"training_allowance", "training allowance"},
    {"daily_allowance", "daily allowance"},
    {"hiring_incentive", "hiring incentive"},
    {"PARTICIPANT", "the participant"},
    {"EMPLOYER", "the employer"},
    {"PROVIDER", "the training provider"},
    {"FRAUD_SUSPECTED", "suspicion of fraud"},
    {"AUDIT_FINDING", "finding of an audit"},
    {"BASIC", "basic"},
    {"FULL", "full"},
    {NULL, NULL},
};

static const struct code_words units[] = {
    {"years", "year|years"},
    {"months", "month|months"},
    {"days", "day|days"},
    {"working days", "working day|working days"},
    {"minutes", "minute|minutes"},
    {"applications", "application|applications"},
    {"awards", "award|awards"},
    {"enrolments", "enrolment|enrolments"},
    {"videos", "video|videos"},
    {"workers", "worker|workers"},
    {"people", "person|people"},
    {"indicators", "indicator|indicators"},
    {"sessions", "session|sessions"},
    {"surveys", "survey|surveys"},
    {NULL, NULL},
};

static const struct code_words events[] = {
    {"application.submitted", "the application is sent again"},
    {"application.decided", "the application is decided"},
    {"register.listed", "a register is loaded"},
    {"award.changed", "the award is released or gets its decree"},
    {"programme.published", "a programme file is published"},
    {"milestone.reached", "a step of the award is reported"},
    {"course.listed", "the course is listed anew"},
    {"course.enrolled", "the enrolment is sent again"},
    {"course.completed", "the completion is sent again"},
    {"completion.decided", "the completion is decided"},
    {"account.linked", "an account is linked"},
    {"payout.closed", "a payment ends"},
    {"payout.settled", "the bank or wallet answers"},
    {"commitment.released", "money of another award is released"},
    {NULL, NULL},
};

static const struct code_words confidences[] = {
    {"2", "two independent sources"},
    {"2o", "several sources of one origin"},
    {"1", "one source"},
    {"X", "sources disagree; this is the reading used"},
    {"D", "derived, or a control of the programme's own"},
    {"M", "from memory, unchecked"},
    {NULL, NULL},
};

const struct words words_en = {
    .language = "en",
    .codes = codes,
    .units = units,
    .events = events,
    .confidences = confidences,
    .operators = {"is {value}", "is not {value}", "is less than {value}", "is at most {value}",
                  "is more than {value}", "is at least {value}", "is one of: {value}",
                  "is none of: {value}", "is from {low} to {high}", "has none of: {value}",
                  "has at least one of: {value}", "is given|is not given"},
    .day_operators = {[OPERATOR_LT] = "is before {value}",
                      [OPERATOR_LE] = "is not after {value}",
                      [OPERATOR_GT] = "is after {value}",
                      [OPERATOR_GE] = "is not before {value}"},
    .effects = {"nothing stands in the way", "nothing stands in the way; raised in the draw",
                "waits and is tried again by itself", "waits", "the item lapses",
                "this and all later instalments of the item are stopped", "refused",
                "the award ends"},
    .phrases =
        {
            [PHRASE_MET] = "Condition {number} is met. Required: {required}. Found: {found}.",
            [PHRASE_NOT_MET] =
                "Condition {number} is not met. Required: {required}. Found: {found}.",
            [PHRASE_UNKNOWN] = "Condition {number} cannot be judged yet. Required: {required}. "
                               "Found: {found}.",
            [PHRASE_NOT_APPLICABLE] =
                "Condition {number} does not apply here. It would require: {required}.",
            [PHRASE_RAISES] =
                "Condition {number} raises in the draw. Asked: {required}. Found: {found}.",
            [PHRASE_RAISES_NOT] =
                "Condition {number} does not raise in the draw. Asked: {required}. Found: "
                "{found}.",
            [PHRASE_NOT_IN_FILE] = "Condition {number} does not stand in this file.",
            [PHRASE_WHEN] = " It applies only where {when}.",
            [PHRASE_WHEN_FOUND] = "{required} (found: {found})",
            [PHRASE_CONSEQUENCE] = " Therefore: {effect} ({code}).",
            [PHRASE_WAITS_FOR] = " Until it is known: {effect} ({code}).",
            [PHRASE_SOURCE] = "Source of condition {number} ({confidence}): {sources}",
            [PHRASE_SOURCE_NONE] = "Source of condition {number} ({confidence}): no document",
            [PHRASE_COUNTS] = "Conditions judged: {judged}; met: {met}, not met: {failed}, not "
                              "known: {unknown}, without effect here: {rest}.",
            [PHRASE_VERDICT] = "Verdict: {effect}.",
            [PHRASE_REASON] = "Reason {code}: {sentence}",
            [PHRASE_REASON_OTHER] =
                "Reason {code}: a code of the officer, bank or gateway that gave it; the "
                "programme's file has no sentence for it.",
            [PHRASE_ENGINE] = "{code} follows from a rule of every programme, not from a "
                              "condition of the file.",
            [PHRASE_NEXT] = "What can be done: {next}",
            [PHRASE_ENDS] = "What ends it: {ends}.",
            [PHRASE_EVERY_HOURS] = "it is decided again every {hours} hours",
            [PHRASE_OFFICER] = "an officer resolves it",
            [PHRASE_PRIORITY] = "Raised in the draw by {code}: {sentence}",
            [PHRASE_CHANGE_ONE] =
                "What would have to change: condition {conditions} would have to be met.",
            [PHRASE_CHANGE_MANY] =
                "What would have to change: conditions {conditions} would have to be met.",
            [PHRASE_VALUE_UNKNOWN] = "not known yet",
            [PHRASE_VALUE_ABSENT] = "nothing",
            [PHRASE_VALUE_GIVEN] = "given",
            [PHRASE_NONE] = "none",
            [PHRASE_AND] = " and ",
            [PHRASE_OR] = " or ",
            [PHRASE_MONTHLY] = "{amount} a month",
            [PHRASE_ABOVE] = "{distance} above the limit",
            [PHRASE_BELOW] = "{distance} below the limit",
            [PHRASE_LATE] = "{distance} too late",
            [PHRASE_EARLY] = "{distance} too early",
        },
    .fields =
        {
            [FIELD_APPLICATION_CITIZENSHIP] = "citizenship",
            [FIELD_APPLICATION_DAY] = "day of the application",
            [FIELD_APPLICANT_AGE] = "age on the day of the application",
            [FIELD_APPLICATION_IN_FORMAL_EDUCATION] =
                "the applicant is in formal education|the applicant is not in formal education",
            [FIELD_APPLICATION_OCCUPATION_CLASS] = "occupation as the applicant states it",
            [FIELD_APPLICATION_EMPLOYMENT_STATUS] = "employment status",
            [FIELD_APPLICATION_HIGHEST_QUALIFICATION] = "highest qualification",
            [FIELD_APPLICATION_WANTS_FORMAL_JOB] =
                "the applicant wants formal work|the applicant does not ask for formal work",
            [FIELD_APPLICATION_INFORMAL_ONLY] =
                "the applicant works informally only|the applicant does not work informally "
                "only",
            [FIELD_APPLICATION_COVID_AFFECTED] = "the applicant is affected by Covid-19|the "
                                                 "applicant is not affected by Covid-19",
            [FIELD_APPLICATION_ABILITY_TEST_TAKEN_ON] = "day of the basic ability test",
            [FIELD_APPLICATION_DECLARATIONS] = "set of declarations made",
            [FIELD_APPLICATION_MSISDN_VERIFIED_AT] = "confirmation of the phone number",
            [FIELD_APPLICATION_EMAIL_VERIFIED_AT] = "confirmation of the e-mail address",
            [FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY] = "time without a reply",
            [FIELD_CHECK_POPULATION] = "result of comparing id number, name and birth date "
                                       "with the population register",
            [FIELD_CHECK_FAMILY_CARD] = "result of comparing id number and family card",
            [FIELD_CHECK_FACE] = "result of comparing faces",
            [FIELD_REGISTER_EDUCATION_LISTED] =
                "the education registers list the person|the education registers do not list "
                "the person",
            [FIELD_REGISTER_LAID_OFF_LISTED] = "the list of laid-off people has the person|the "
                                               "list of laid-off people lacks the person",
            [FIELD_REGISTER_BLACKLIST_LISTED] =
                "the person is on the programme's blacklist|the person is not on the "
                "programme's blacklist",
            [FIELD_REGISTER_DTKS_LISTED] = "the person is on the welfare list DTKS|the person "
                                           "is not on the welfare list DTKS",
            [FIELD_REGISTER_PKH_LISTED] = "the person receives the family aid PKH|the person "
                                          "does not receive the family aid PKH",
            [FIELD_REGISTER_BSU_LISTED] = "the person receives the wage subsidy BSU|the person "
                                          "does not receive the wage subsidy BSU",
            [FIELD_REGISTER_BPUM_LISTED] =
                "the person receives the micro-business aid BPUM|the person does not receive "
                "the micro-business aid BPUM",
            [FIELD_REGISTER_OCCUPATION_CODE] = "occupation in the register",
            [FIELD_REGISTER_FRAUD_CASE_LISTED] = "an open fraud case names the person|no open "
                                                 "fraud case names the person",
            [FIELD_WAVE_OPEN] = "the wave was open when the application came|the wave was not "
                                "open when the application came",
            [FIELD_PERSON_OTHER_APPLICATIONS] =
                "number of other applications of the person for the same",
            [FIELD_PERSON_AWARDS_IN_PROGRAMME] =
                "number of other awards of the person in the programme",
            [FIELD_PERSON_REVOKED_AWARDS] =
                "number of revoked awards of the person in the programme",
            [FIELD_FAMILY_CARD_AWARDS] = "number of other awards on the family card",
            [FIELD_MEMBER_CATEGORY] = "category of social-security membership",
            [FIELD_MEMBER_CONTRIBUTION_MONTHS] = "time with paid contributions",
            [FIELD_MEMBER_ACTIVE] = "the membership is active|the membership is not active",
            [FIELD_MEMBER_SAVINGS_WITHDRAWN_ON] = "withdrawal of the old-age savings",
            [FIELD_MEMBER_REPORTED_WAGE] = "reported wage",
            [FIELD_MEMBER_WAGE_ABOVE_FLOOR] =
                "reported wage less the lowest minimum wage of a district",
            [FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT] = "full months since the job ended",
            [FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT] = "months begun since the job ended",
            [FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON] =
                "day of the last contribution from formal work",
            [FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION] =
                "full months since the last contribution from formal work",
            [FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE] =
                "first day of membership as self-employed",
            [FIELD_PARAMETER_LOWEST_DISTRICT_WAGE] = "lowest minimum wage of a district",
            [FIELD_HIRE_HIRED_ON] = "day of hire",
            [FIELD_HIRE_MONTHS_UNEMPLOYED] = "time without work before the hire",
            [FIELD_HIRE_TARGET_GROUPS] = "set of the worker's target groups",
            [FIELD_HIRE_MONTHLY_WAGE] = "wage",
            [FIELD_HIRE_HEADCOUNT] = "number of workers that the employer reports",
            [FIELD_HIRE_AGE] = "age on the day of hire",
            [FIELD_HIRE_EMPLOYER_TYPE] = "kind of employer",
            [FIELD_HIRE_VACANCY_POSTED] =
                "the vacancy was posted on MYFutureJobs|the vacancy was not posted on "
                "MYFutureJobs",
            [FIELD_HIRE_PROFILE_COMPLETE] = "the profile on MYFutureJobs is complete|the "
                                            "profile on MYFutureJobs is not complete",
            [FIELD_HIRE_ASSIST_REGISTERED] =
                "the employer is registered in ASSIST|the employer is not registered in ASSIST",
            [FIELD_HIRE_WORKER_CONSENTED_AT] = "the worker's own confirmation of the job",
            [FIELD_EMPLOYER_EXCESS_CLAIMS] =
                "workers claimed beyond those that the employer reports",
            [FIELD_AWARD_REVOKED] = "the award is revoked|the award is not revoked",
            [FIELD_AWARD_PURCHASES] = "number of enrolments of the award",
            [FIELD_AWARD_PREVIOUS_TRAINING_DONE] =
                "every earlier training is finished, reviewed and rated|an earlier training is "
                "not finished, reviewed and rated",
            [FIELD_AWARD_INTRO_VIDEOS] = "number of introduction videos watched",
            [FIELD_AWARD_ACCOUNT_LINKED_ON] = "day on which the account was linked",
            [FIELD_PURCHASE_DAY] = "day of the purchase",
            [FIELD_PURCHASE_DAYS_SINCE_NOTICE] = "time from the wave's notice to the purchase",
            [FIELD_PURCHASE_DAYS_SINCE_FIRST_TRAINING] =
                "time from the first finished training to the purchase",
            [FIELD_PURCHASE_BALANCE_AFTER] = "training balance after the purchase",
            [FIELD_PURCHASE_PRICE] = "price of the training",
            [FIELD_TRAINING_PLACE_RESTRICTED] =
                "movement is restricted at the place of training|movement is not restricted at "
                "the place of training",
            [FIELD_COURSE_MODE] = "way of teaching",
            [FIELD_COURSE_CATEGORY] = "category of the course",
            [FIELD_COURSE_TOTAL_MINUTES] = "length of the course",
            [FIELD_COURSE_SYNCHRONOUS_MINUTES] = "length of the lessons with a trainer",
            [FIELD_COURSE_VIDEO_MINUTES] = "length of the videos",
            [FIELD_COURSE_LONGEST_DAY_MINUTES] = "length of the longest day",
            [FIELD_COURSE_TRAINEES_PER_TRAINER] = "trainees for each trainer",
            [FIELD_COURSE_INTERACTIVE] =
                "the course is interactive|the course is not interactive",
            [FIELD_COURSE_IDENTICAL_TO_FREE] =
                "the same course is free elsewhere|the same course is not free elsewhere",
            [FIELD_COURSE_OUTSIDE_PRICE] = "price of the course outside the programme",
            [FIELD_COURSE_PRICE_ABOVE_OUTSIDE] =
                "price of the course above the one outside the programme",
            [FIELD_PLATFORM_PROVINCES_SHORT] =
                "number of provinces that the platform does not reach",
            [FIELD_PROVIDER_DOCUMENTS] = "set of the provider's documents",
            [FIELD_PROVIDER_LICENCES] = "set of the provider's licences",
            [FIELD_PROVIDER_ACCREDITATIONS] = "set of the provider's accreditations",
            [FIELD_PROVIDER_INDICATORS_MET] = "number of indicators that the provider meets",
            [FIELD_PROVIDER_OWNER_OVERLAPS_PLATFORM] =
                "the provider's owner has a part in the platform|the provider's owner has no "
                "part in the platform",
            [FIELD_PROVIDER_MONTHS_AS_LEGAL_ENTITY] = "time as a legal entity",
            [FIELD_PROVIDER_MONTHS_OPERATING] = "time in operation",
            [FIELD_PROVIDER_REGISTERED_ON] = "day of the provider's registration as employer",
            [FIELD_PROVIDER_APPLIED_ON] = "day on which the provider registered for it",
            [FIELD_PROVIDER_CONTRIBUTION_MONTHS] =
                "time for which the provider paid contributions without a break",
            [FIELD_PROVIDER_CONTRIBUTION_EXEMPT] =
                "the provider is exempt from contributions|the provider is not exempt from "
                "contributions",
            [FIELD_COMPLETION_DAY] = "day on which the training was finished",
            [FIELD_COMPLETION_FIRST] = "it is the award's first finished training|it is not "
                                       "the award's first finished training",
            [FIELD_COMPLETION_CERTIFICATE_ID] = "certificate",
            [FIELD_COMPLETION_SESSIONS_MISSED] = "number of sessions missed",
            [FIELD_COMPLETION_SESSIONS_WITHOUT_FACE] =
                "number of sessions without a face check",
            [FIELD_COMPLETION_SESSIONS_CAMERA_OFF] = "number of sessions with the camera off",
            [FIELD_COMPLETION_ATTENDEE_IS_PARTICIPANT] =
                "the participant attended in person|somebody else attended",
            [FIELD_COMPLETION_ASSESSMENTS] = "set of the tests taken",
            [FIELD_PAYMENT_ITEM] = "item to be paid",
            [FIELD_REVIEW_RATED_ON] = "day of review and rating",
            [FIELD_SURVEY_NUMBER] = "number of the survey",
            [FIELD_SURVEY_ANSWERED_ON] = "day on which the survey was answered",
            [FIELD_SURVEY_DAYS_TO_ANSWER] = "time from the survey's opening to the answer",
            [FIELD_SURVEY_EARLIER_UNANSWERED] = "number of earlier surveys without an answer",
            [FIELD_AWARD_INSTALMENT_1_PAID_ON] =
                "day on which the first instalment of the incentive was paid",
            [FIELD_HIRE_EMPLOYED_TO_DUE_DAY] =
                "the worker was employed until the month was complete|the worker left before "
                "the month was complete",
            [FIELD_PAYMENT_PAYEE_KIND] = "payee",
            [FIELD_PAYMENT_AMOUNT] = "amount to be paid",
            [FIELD_AWARD_DECREE_NO] = "number of the decree that names the recipient",
            [FIELD_AWARD_HOLDS] = "set of holds on the award",
            [FIELD_PROGRAMME_PAUSED] = "payments of the programme are paused|payments of the "
                                       "programme are not paused",
            [FIELD_ACCOUNT_LINKED_AT] = "link to an account",
            [FIELD_ACCOUNT_PARTNER] = "bank or wallet",
            [FIELD_ACCOUNT_KYC_LEVEL] = "verification level of the wallet",
            [FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT] =
                "the account is the participant's own|the account is somebody else's",
            [FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS] =
                "the wallet's phone number is the participant's|the wallet's phone number is "
                "not the participant's",
            [FIELD_ACCOUNT_ACTIVE] = "the account is active|the account is not active",
            [FIELD_ACCOUNT_CURRENCY] = "currency of the account",
            [FIELD_ACCOUNT_HEADROOM] = "amount that the account can still take",
            [FIELD_ACCOUNT_HEADROOM_AFTER] =
                "amount that the account can still take after the payment",
            [FIELD_ACCOUNT_PERSONS] = "number of people who are paid to the account",
            [FIELD_REGISTER_OWN_1_LISTED] =
                "the person stands in the register of this programme|the person does not stand "
                "in the register of this programme",
            [FIELD_REGISTER_OWN_1_CODE] = "code in the register of this programme",
            [FIELD_REGISTER_OWN_2_LISTED] =
                "the person stands in the register of this programme|the person does not stand "
                "in the register of this programme",
            [FIELD_REGISTER_OWN_2_CODE] = "code in the register of this programme",
            [FIELD_REGISTER_OWN_3_LISTED] =
                "the person stands in the register of this programme|the person does not stand "
                "in the register of this programme",
            [FIELD_REGISTER_OWN_3_CODE] = "code in the register of this programme",
            [FIELD_REGISTER_OWN_4_LISTED] =
                "the person stands in the register of this programme|the person does not stand "
                "in the register of this programme",
            [FIELD_REGISTER_OWN_4_CODE] = "code in the register of this programme",
        },
};
