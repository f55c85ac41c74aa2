/* words dalam bahasa Melayu: in Malay, as Malaysia writes it. */
#include "rules/words.h"

static const struct code_words codes[] = {
    {"NONE", "tiada"},
    {"ID", "Indonesia"},
    {"MY", "Malaysia"},
    {"IDR", "rupiah"},
    {"MYR", "ringgit"},
    {"STATE_OFFICIAL", "pegawai tinggi negara"},
    {"DPRD", "ahli dewan daerah (DPRD)"},
    {"ASN", "penjawat awam (ASN)"},
    {"TNI", "anggota tentera (TNI)"},
    {"POLRI", "anggota polis (Polri)"},
    {"VILLAGE_HEAD_OR_STAFF", "ketua atau kakitangan kampung"},
    {"BUMN_BUMD_DIRECTOR_COMMISSIONER_SUPERVISOR",
     "pengarah atau pesuruhjaya atau penyelia syarikat milik negara"},
    {"BUMN_BUMD_EMPLOYEE", "pekerja syarikat milik negara"},
    {"PRIVATE_EMPLOYEE", "pekerja swasta"},
    {"FARMER", "petani"},
    {"JOB_SEEKER", "pencari kerja"},
    {"LAID_OFF", "diberhentikan kerja"},
    {"WORKER_NEEDS_SKILL", "pekerja yang perlu meningkatkan kemahiran"},
    {"FURLOUGHED", "dirumahkan"},
    {"NON_WAGE_OR_MICRO_SMALL_OWNER",
     "pekerja tanpa gaji atau pemilik perniagaan mikro dan kecil"},
    {"NOT_IN_LABOUR_FORCE", "bukan dalam tenaga kerja"},
    {"PRIMARY", "sekolah rendah"},
    {"PMR_OR_PT3", "PMR atau PT3"},
    {"DIPLOMA", "diploma"},
    {"DEGREE", "ijazah"},
    {"STATEMENT_SIGNED", "perakuan ditandatangani"},
    {"MATCH", "padan"},
    {"NO_MATCH", "tidak padan"},
    {"FAIL", "gagal"},
    {"NOT_FOUND", "tidak dijumpai"},
    {"PU_LAID_OFF", "penerima gaji yang diberhentikan kerja"},
    {"PU_ACTIVE", "penerima gaji yang masih bekerja"},
    {"BPU", "bukan penerima gaji (BPU)"},
    {"PMI", "pekerja migran Indonesia (PMI)"},
    {"LONG_UNEMPLOYED_YOUTH", "belia yang lama menganggur"},
    {"WOMAN_RETURNER_OR_SINGLE_MOTHER_OR_HOUSEWIFE",
     "wanita kembali bekerja atau ibu tunggal atau suri rumah"},
    {"ORANG_ASLI", "Orang Asli"},
    {"OKU", "orang kurang upaya (OKU)"},
    {"HARDCORE_POOR", "miskin tegar"},
    {"PAROLEE", "parolee"},
    {"EX_CONVICT", "bekas banduan"},
    {"HOMELESS", "gelandangan"},
    {"HARDCORE_UNEMPLOYED", "penganggur tegar"},
    {"SENIOR_CITIZEN", "warga emas"},
    {"TVET_GRADUATE", "graduan TVET"},
    {"SCHOOL_LEAVER_SPM_OR_BELOW", "lepasan sekolah dengan SPM atau ke bawah"},
    {"PRIVATE", "syarikat swasta"},
    {"GLC", "syarikat berkaitan kerajaan (GLC)"},
    {"GLIC", "syarikat pelaburan berkaitan kerajaan (GLIC)"},
    {"PUBLIC", "sektor awam"},
    {"SOLE_PROPRIETOR", "pemilik tunggal"},
    {"ONLINE", "dalam talian"},
    {"CLASSROOM", "bersemuka"},
    {"BLENDED", "dalam talian dan bersemuka"},
    {"COMPETENCY", "kompetensi"},
    {"PROFESSIONAL", "profesional"},
    {"MICROCREDENTIAL", "mikrokredensial"},
    {"PLATFORM_AGREEMENT", "perjanjian dengan platform"},
    {"STATEMENT", "surat perakuan"},
    {"DISNAKER", "lesen jabatan tenaga kerja (Disnaker)"},
    {"EQUIVALENT", "setaraf"},
    {"MINISTRY_REGISTERED", "berdaftar dengan kementerian"},
    {"STATUTORY_HEI", "institusi pengajian tinggi menurut undang-undang"},
    {"PRETEST", "ujian awal"},
    {"POSTTEST", "ujian akhir"},
    {"QUIZ", "kuiz"},
    {"PRACTICAL", "amali"},
    {"training", "latihan"},
    {"job_search_incentive", "insentif mencari kerja"},
    {"survey_incentive", "insentif tinjauan"},
    {"training_fee", "yuran latihan"},
    {"training_allowance", "elaun latihan"},
    {"daily_allowance", "elaun harian"},
    {"hiring_incentive", "insentif pengambilan pekerja"},
    {"PARTICIPANT", "peserta"},
    {"EMPLOYER", "majikan"},
    {"PROVIDER", "penyedia latihan"},
    {"FRAUD_SUSPECTED", "syak penipuan"},
    {"AUDIT_FINDING", "penemuan audit"},
    {"BASIC", "asas"},
    {"FULL", "penuh"},
    {NULL, NULL},
};

static const struct code_words units[] = {
    {"years", "tahun"},
    {"months", "bulan"},
    {"days", "hari"},
    {"working days", "hari bekerja"},
    {"minutes", "minit"},
    {"applications", "permohonan"},
    {"awards", "penyertaan"},
    {"enrolments", "kursus"},
    {"videos", "video"},
    {"workers", "pekerja"},
    {"people", "orang"},
    {"indicators", "penunjuk"},
    {"sessions", "sesi"},
    {"surveys", "tinjauan"},
    {NULL, NULL},
};

static const struct code_words events[] = {
    {"application.submitted", "permohonan dihantar semula"},
    {"application.decided", "permohonan diputuskan"},
    {"register.listed", "satu daftar dimuatkan"},
    {"award.changed", "penahanan ditamatkan atau surat keputusan dikeluarkan"},
    {"programme.published", "fail program diterbitkan"},
    {"milestone.reached", "satu langkah penyertaan dilaporkan"},
    {"course.listed", "kursus disenaraikan semula"},
    {"course.enrolled", "pendaftaran kursus dihantar semula"},
    {"course.completed", "penamatan kursus dihantar semula"},
    {"completion.decided", "penamatan kursus diputuskan"},
    {"account.linked", "satu akaun dipautkan"},
    {"payout.closed", "satu bayaran berakhir"},
    {"payout.settled", "bank atau dompet menjawab"},
    {"commitment.released", "dana penyertaan lain dilepaskan"},
    {NULL, NULL},
};

static const struct code_words confidences[] = {
    {"2", "dua sumber bebas"},
    {"2o", "beberapa sumber daripada satu asal"},
    {"1", "satu sumber"},
    {"X", "sumber-sumber bercanggah; inilah bacaan yang dipakai"},
    {"D", "disimpulkan, atau kawalan program sendiri"},
    {"M", "daripada ingatan, belum disemak"},
    {NULL, NULL},
};

const struct words words_ms = {
    .language = "ms",
    .codes = codes,
    .units = units,
    .events = events,
    .confidences = confidences,
    .operators = {"ialah {value}", "bukan {value}", "kurang daripada {value}",
                  "tidak melebihi {value}", "lebih daripada {value}",
                  "sekurang-kurangnya {value}", "salah satu daripada: {value}",
                  "bukan salah satu daripada: {value}", "antara {low} hingga {high}",
                  "tidak mengandungi mana-mana daripada: {value}",
                  "mengandungi sekurang-kurangnya satu daripada: {value}", "ada|tiada"},
    .day_operators = {[OPERATOR_LT] = "sebelum {value}",
                      [OPERATOR_LE] = "tidak lewat daripada {value}",
                      [OPERATOR_GT] = "selepas {value}",
                      [OPERATOR_GE] = "tidak lebih awal daripada {value}"},
    .effects = {"tiada halangan", "tiada halangan; didahulukan dalam cabutan",
                "menunggu dan dicuba lagi dengan sendirinya", "menunggu", "manfaat ini luput",
                "manfaat ini dan semua ansuran seterusnya dihentikan", "ditolak",
                "penyertaan berakhir"},
    .phrases =
        {
            [PHRASE_MET] =
                "Syarat {number} dipenuhi. Diperlukan: {required}. Didapati: {found}.",
            [PHRASE_NOT_MET] =
                "Syarat {number} tidak dipenuhi. Diperlukan: {required}. Didapati: {found}.",
            [PHRASE_UNKNOWN] =
                "Syarat {number} belum dapat dinilai. Diperlukan: {required}. Didapati: "
                "{found}.",
            [PHRASE_NOT_APPLICABLE] =
                "Syarat {number} tidak terpakai di sini. Kandungannya: {required}.",
            [PHRASE_RAISES] = "Syarat {number} mendahulukan dalam cabutan. Ditanya: "
                              "{required}. Didapati: {found}.",
            [PHRASE_RAISES_NOT] = "Syarat {number} tidak mendahulukan dalam cabutan. Ditanya: "
                                  "{required}. Didapati: {found}.",
            [PHRASE_NOT_IN_FILE] = "Syarat {number} tiada dalam fail ini.",
            [PHRASE_WHEN] = " Syarat ini terpakai hanya jika {when}.",
            [PHRASE_WHEN_FOUND] = "{required} (didapati: {found})",
            [PHRASE_CONSEQUENCE] = " Oleh itu: {effect} ({code}).",
            [PHRASE_WAITS_FOR] = " Sehingga diketahui: {effect} ({code}).",
            [PHRASE_SOURCE] = "Sumber syarat {number} ({confidence}): {sources}",
            [PHRASE_SOURCE_NONE] = "Sumber syarat {number} ({confidence}): tiada dokumen",
            [PHRASE_COUNTS] =
                "Syarat yang dinilai: {judged}; dipenuhi: {met}, tidak dipenuhi: {failed}, "
                "belum diketahui: {unknown}, tanpa kesan di sini: {rest}.",
            [PHRASE_VERDICT] = "Keputusan: {effect}.",
            [PHRASE_REASON] = "Sebab {code}: {sentence}",
            [PHRASE_REASON_OTHER] = "Sebab {code}: kod pegawai, bank atau gerbang bayaran yang "
                                    "memberikannya; fail program tiada ayat untuknya.",
            [PHRASE_ENGINE] = "{code} datang daripada peraturan bagi semua program, bukan "
                              "daripada syarat dalam fail.",
            [PHRASE_NEXT] = "Apa yang boleh dibuat: {next}",
            [PHRASE_ENDS] = "Yang menamatkannya: {ends}.",
            [PHRASE_EVERY_HOURS] = "diputuskan semula setiap {hours} jam",
            [PHRASE_OFFICER] = "pegawai menyelesaikannya",
            [PHRASE_PRIORITY] = "Didahulukan dalam cabutan oleh {code}: {sentence}",
            [PHRASE_CHANGE_ONE] = "Yang perlu berubah: syarat {conditions} perlu dipenuhi.",
            [PHRASE_CHANGE_MANY] = "Yang perlu berubah: syarat {conditions} perlu dipenuhi.",
            [PHRASE_VALUE_UNKNOWN] = "belum diketahui",
            [PHRASE_VALUE_ABSENT] = "tiada",
            [PHRASE_VALUE_GIVEN] = "ada",
            [PHRASE_NONE] = "kosong",
            [PHRASE_AND] = " dan ",
            [PHRASE_OR] = " atau ",
            [PHRASE_MONTHLY] = "{amount} sebulan",
            [PHRASE_ABOVE] = "terlebih {distance}",
            [PHRASE_BELOW] = "terkurang {distance}",
            [PHRASE_LATE] = "terlewat {distance}",
            [PHRASE_EARLY] = "terlalu awal {distance}",
        },
    .fields =
        {
            [FIELD_APPLICATION_CITIZENSHIP] = "kewarganegaraan",
            [FIELD_APPLICATION_DAY] = "hari permohonan",
            [FIELD_APPLICANT_AGE] = "umur pada hari permohonan",
            [FIELD_APPLICATION_IN_FORMAL_EDUCATION] =
                "pemohon sedang dalam pendidikan formal|pemohon tidak dalam pendidikan formal",
            [FIELD_APPLICATION_OCCUPATION_CLASS] = "pekerjaan menurut pemohon",
            [FIELD_APPLICATION_EMPLOYMENT_STATUS] = "status pekerjaan",
            [FIELD_APPLICATION_HIGHEST_QUALIFICATION] = "kelayakan tertinggi",
            [FIELD_APPLICATION_WANTS_FORMAL_JOB] =
                "pemohon mahu bekerja di sektor formal|pemohon tidak meminta kerja di sektor "
                "formal",
            [FIELD_APPLICATION_INFORMAL_ONLY] =
                "pemohon bekerja di sektor tidak formal sahaja|pemohon tidak bekerja di sektor "
                "tidak formal sahaja",
            [FIELD_APPLICATION_COVID_AFFECTED] =
                "pemohon terjejas oleh Covid-19|pemohon tidak terjejas oleh Covid-19",
            [FIELD_APPLICATION_ABILITY_TEST_TAKEN_ON] = "hari ujian kebolehan asas",
            [FIELD_APPLICATION_DECLARATIONS] = "set perakuan yang dibuat",
            [FIELD_APPLICATION_MSISDN_VERIFIED_AT] = "pengesahan nombor telefon",
            [FIELD_APPLICATION_EMAIL_VERIFIED_AT] = "pengesahan alamat e-mel",
            [FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY] = "tempoh tanpa jawapan",
            [FIELD_CHECK_POPULATION] =
                "hasil semakan nombor pengenalan, nama dan tarikh lahir dengan daftar penduduk",
            [FIELD_CHECK_FAMILY_CARD] = "hasil semakan nombor pengenalan dengan kad keluarga",
            [FIELD_CHECK_FACE] = "hasil padanan wajah",
            [FIELD_REGISTER_EDUCATION_LISTED] =
                "orang ini ada dalam daftar pendidikan|orang ini tiada dalam daftar pendidikan",
            [FIELD_REGISTER_LAID_OFF_LISTED] =
                "orang ini ada dalam senarai yang diberhentikan kerja|orang ini tiada dalam "
                "senarai yang diberhentikan kerja",
            [FIELD_REGISTER_BLACKLIST_LISTED] =
                "orang ini ada dalam senarai hitam program|orang ini tiada dalam senarai hitam "
                "program",
            [FIELD_REGISTER_DTKS_LISTED] = "orang ini ada dalam senarai kebajikan DTKS|orang "
                                           "ini tiada dalam senarai kebajikan DTKS",
            [FIELD_REGISTER_PKH_LISTED] =
                "orang ini menerima bantuan keluarga PKH|orang ini tidak menerima bantuan "
                "keluarga PKH",
            [FIELD_REGISTER_BSU_LISTED] =
                "orang ini menerima subsidi gaji BSU|orang ini tidak menerima subsidi gaji BSU",
            [FIELD_REGISTER_BPUM_LISTED] =
                "orang ini menerima bantuan perniagaan mikro BPUM|orang ini tidak menerima "
                "bantuan perniagaan mikro BPUM",
            [FIELD_REGISTER_OCCUPATION_CODE] = "pekerjaan menurut daftar",
            [FIELD_REGISTER_FRAUD_CASE_LISTED] =
                "ada kes penipuan terbuka yang menyebut orang ini|tiada kes penipuan terbuka "
                "yang menyebut orang ini",
            [FIELD_WAVE_OPEN] = "gelombang dibuka semasa permohonan diterima|gelombang tidak "
                                "dibuka semasa permohonan diterima",
            [FIELD_PERSON_OTHER_APPLICATIONS] =
                "bilangan permohonan lain orang ini untuk perkara yang sama",
            [FIELD_PERSON_AWARDS_IN_PROGRAMME] =
                "bilangan penyertaan lain orang ini dalam program",
            [FIELD_PERSON_REVOKED_AWARDS] =
                "bilangan penyertaan orang ini yang dibatalkan dalam program",
            [FIELD_FAMILY_CARD_AWARDS] = "bilangan penyertaan lain dalam kad keluarga",
            [FIELD_MEMBER_CATEGORY] = "kategori keahlian keselamatan sosial",
            [FIELD_MEMBER_CONTRIBUTION_MONTHS] = "tempoh caruman dibayar",
            [FIELD_MEMBER_ACTIVE] = "keahlian keselamatan sosial aktif|keahlian keselamatan "
                                    "sosial tidak aktif",
            [FIELD_MEMBER_SAVINGS_WITHDRAWN_ON] = "pengeluaran simpanan hari tua",
            [FIELD_MEMBER_REPORTED_WAGE] = "gaji yang dilaporkan",
            [FIELD_MEMBER_WAGE_ABOVE_FLOOR] =
                "gaji yang dilaporkan ditolak gaji minimum daerah terendah",
            [FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT] = "bulan penuh sejak berhenti kerja",
            [FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT] =
                "bulan yang bermula sejak berhenti kerja",
            [FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON] =
                "hari caruman terakhir daripada kerja formal",
            [FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION] =
                "bulan penuh sejak caruman terakhir daripada kerja formal",
            [FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE] =
                "hari pertama keahlian sebagai pekerja sendiri",
            [FIELD_PARAMETER_LOWEST_DISTRICT_WAGE] = "gaji minimum daerah terendah",
            [FIELD_HIRE_HIRED_ON] = "hari mula bekerja",
            [FIELD_HIRE_MONTHS_UNEMPLOYED] = "tempoh menganggur sebelum mula bekerja",
            [FIELD_HIRE_TARGET_GROUPS] = "set kumpulan sasaran pekerja",
            [FIELD_HIRE_MONTHLY_WAGE] = "gaji",
            [FIELD_HIRE_HEADCOUNT] = "bilangan pekerja yang dilaporkan majikan",
            [FIELD_HIRE_AGE] = "umur pada hari mula bekerja",
            [FIELD_HIRE_EMPLOYER_TYPE] = "jenis majikan",
            [FIELD_HIRE_VACANCY_POSTED] =
                "kekosongan sudah diiklankan di MYFutureJobs|kekosongan belum diiklankan di "
                "MYFutureJobs",
            [FIELD_HIRE_PROFILE_COMPLETE] =
                "profil di MYFutureJobs sudah lengkap|profil di MYFutureJobs belum lengkap",
            [FIELD_HIRE_ASSIST_REGISTERED] =
                "majikan berdaftar dalam ASSIST|majikan belum berdaftar dalam ASSIST",
            [FIELD_HIRE_WORKER_CONSENTED_AT] =
                "pengesahan pekerja sendiri tentang pekerjaan ini",
            [FIELD_EMPLOYER_EXCESS_CLAIMS] =
                "pekerja yang dituntut melebihi yang dilaporkan majikan",
            [FIELD_AWARD_REVOKED] = "penyertaan sudah dibatalkan|penyertaan tidak dibatalkan",
            [FIELD_AWARD_PURCHASES] = "bilangan kursus dalam penyertaan ini",
            [FIELD_AWARD_PREVIOUS_TRAINING_DONE] =
                "semua latihan terdahulu selesai, diulas dan dinilai|ada latihan terdahulu "
                "yang belum selesai, diulas dan dinilai",
            [FIELD_AWARD_INTRO_VIDEOS] = "bilangan video pengenalan yang ditonton",
            [FIELD_AWARD_ACCOUNT_LINKED_ON] = "hari akaun dipautkan",
            [FIELD_PURCHASE_DAY] = "hari pembelian",
            [FIELD_PURCHASE_DAYS_SINCE_NOTICE] =
                "tempoh dari pengumuman gelombang hingga pembelian",
            [FIELD_PURCHASE_DAYS_SINCE_FIRST_TRAINING] =
                "tempoh dari tamatnya latihan pertama hingga pembelian",
            [FIELD_PURCHASE_BALANCE_AFTER] = "baki latihan selepas pembelian",
            [FIELD_PURCHASE_PRICE] = "yuran latihan",
            [FIELD_TRAINING_PLACE_RESTRICTED] =
                "pergerakan dihadkan di tempat latihan|pergerakan tidak dihadkan di tempat "
                "latihan",
            [FIELD_COURSE_MODE] = "cara latihan",
            [FIELD_COURSE_CATEGORY] = "kategori kursus",
            [FIELD_COURSE_TOTAL_MINUTES] = "tempoh kursus",
            [FIELD_COURSE_SYNCHRONOUS_MINUTES] = "tempoh pelajaran bersama jurulatih",
            [FIELD_COURSE_VIDEO_MINUTES] = "tempoh video",
            [FIELD_COURSE_LONGEST_DAY_MINUTES] = "tempoh hari terpanjang",
            [FIELD_COURSE_TRAINEES_PER_TRAINER] = "bilangan pelatih bagi setiap jurulatih",
            [FIELD_COURSE_INTERACTIVE] = "kursus interaktif|kursus tidak interaktif",
            [FIELD_COURSE_IDENTICAL_TO_FREE] =
                "kursus yang sama percuma di tempat lain|kursus yang sama tidak percuma di "
                "tempat lain",
            [FIELD_COURSE_OUTSIDE_PRICE] = "yuran kursus di luar program",
            [FIELD_COURSE_PRICE_ABOVE_OUTSIDE] =
                "lebihan yuran kursus atas yuran di luar program",
            [FIELD_PLATFORM_PROVINCES_SHORT] = "bilangan wilayah yang tidak dicapai platform",
            [FIELD_PROVIDER_DOCUMENTS] = "set dokumen penyedia latihan",
            [FIELD_PROVIDER_LICENCES] = "set lesen penyedia latihan",
            [FIELD_PROVIDER_ACCREDITATIONS] = "set pentauliahan penyedia latihan",
            [FIELD_PROVIDER_INDICATORS_MET] =
                "bilangan penunjuk yang dipenuhi penyedia latihan",
            [FIELD_PROVIDER_OWNER_OVERLAPS_PLATFORM] =
                "pemilik penyedia latihan ada bahagian dalam platform|pemilik penyedia latihan "
                "tiada bahagian dalam platform",
            [FIELD_PROVIDER_MONTHS_AS_LEGAL_ENTITY] = "tempoh sebagai entiti sah",
            [FIELD_PROVIDER_MONTHS_OPERATING] = "tempoh beroperasi",
            [FIELD_PROVIDER_REGISTERED_ON] = "hari penyedia latihan berdaftar sebagai majikan",
            [FIELD_PROVIDER_APPLIED_ON] = "hari penyedia latihan mendaftar",
            [FIELD_PROVIDER_CONTRIBUTION_MONTHS] =
                "tempoh penyedia latihan mencarum tanpa putus",
            [FIELD_PROVIDER_CONTRIBUTION_EXEMPT] =
                "penyedia latihan dikecualikan daripada caruman|penyedia latihan tidak "
                "dikecualikan daripada caruman",
            [FIELD_COMPLETION_DAY] = "hari latihan tamat",
            [FIELD_COMPLETION_FIRST] = "ini latihan pertama penyertaan ini yang tamat|ini "
                                       "bukan latihan pertama penyertaan ini yang tamat",
            [FIELD_COMPLETION_CERTIFICATE_ID] = "sijil",
            [FIELD_COMPLETION_SESSIONS_MISSED] = "bilangan sesi yang tidak dihadiri",
            [FIELD_COMPLETION_SESSIONS_WITHOUT_FACE] = "bilangan sesi tanpa semakan wajah",
            [FIELD_COMPLETION_SESSIONS_CAMERA_OFF] = "bilangan sesi dengan kamera ditutup",
            [FIELD_COMPLETION_ATTENDEE_IS_PARTICIPANT] =
                "peserta hadir sendiri|orang lain yang hadir",
            [FIELD_COMPLETION_ASSESSMENTS] = "set ujian yang diambil",
            [FIELD_PAYMENT_ITEM] = "manfaat yang dibayar",
            [FIELD_REVIEW_RATED_ON] = "hari ulasan dan penilaian",
            [FIELD_SURVEY_NUMBER] = "nombor tinjauan",
            [FIELD_SURVEY_ANSWERED_ON] = "hari tinjauan dijawab",
            [FIELD_SURVEY_DAYS_TO_ANSWER] = "tempoh dari pembukaan tinjauan hingga jawapan",
            [FIELD_SURVEY_EARLIER_UNANSWERED] = "bilangan tinjauan terdahulu tanpa jawapan",
            [FIELD_AWARD_INSTALMENT_1_PAID_ON] = "hari bayaran pertama insentif",
            [FIELD_HIRE_EMPLOYED_TO_DUE_DAY] =
                "pekerja bekerja sehingga bulan itu cukup|pekerja berhenti sebelum bulan itu "
                "cukup",
            [FIELD_PAYMENT_PAYEE_KIND] = "penerima bayaran",
            [FIELD_PAYMENT_AMOUNT] = "jumlah yang dibayar",
            [FIELD_AWARD_DECREE_NO] = "nombor surat keputusan penerima",
            [FIELD_AWARD_HOLDS] = "set penahanan atas penyertaan",
            [FIELD_PROGRAMME_PAUSED] = "bayaran program dihentikan sementara|bayaran program "
                                       "tidak dihentikan",
            [FIELD_ACCOUNT_LINKED_AT] = "akaun yang dipautkan",
            [FIELD_ACCOUNT_PARTNER] = "bank atau dompet",
            [FIELD_ACCOUNT_KYC_LEVEL] = "tahap pengesahan dompet",
            [FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT] =
                "akaun atas nama peserta sendiri|akaun atas nama orang lain",
            [FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS] =
                "nombor telefon dompet ialah nombor peserta|nombor telefon dompet bukan nombor "
                "peserta",
            [FIELD_ACCOUNT_ACTIVE] = "akaun aktif|akaun tidak aktif",
            [FIELD_ACCOUNT_CURRENCY] = "mata wang akaun",
            [FIELD_ACCOUNT_HEADROOM] = "jumlah yang masih boleh diterima akaun",
            [FIELD_ACCOUNT_HEADROOM_AFTER] =
                "jumlah yang masih boleh diterima akaun selepas bayaran",
            [FIELD_ACCOUNT_PERSONS] = "bilangan orang yang dibayar ke akaun ini",
            [FIELD_REGISTER_OWN_1_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tiada dalam daftar program ini",
            [FIELD_REGISTER_OWN_1_CODE] = "kod dalam daftar program ini",
            [FIELD_REGISTER_OWN_2_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tiada dalam daftar program ini",
            [FIELD_REGISTER_OWN_2_CODE] = "kod dalam daftar program ini",
            [FIELD_REGISTER_OWN_3_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tiada dalam daftar program ini",
            [FIELD_REGISTER_OWN_3_CODE] = "kod dalam daftar program ini",
            [FIELD_REGISTER_OWN_4_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tiada dalam daftar program ini",
            [FIELD_REGISTER_OWN_4_CODE] = "kod dalam daftar program ini",
        },
};
