/* words dalam bahasa Indonesia: in Indonesian. */
#include "rules/words.h"

static const struct code_words codes[] = {
    {"NONE", "tidak ada"},
    {"ID", "Indonesia"},
    {"MY", "Malaysia"},
    {"IDR", "rupiah"},
    {"MYR", "ringgit"},
    {"STATE_OFFICIAL", "pejabat negara"},
    {"DPRD", "pimpinan atau anggota DPRD"},
    {"ASN", "aparatur sipil negara (ASN)"},
    {"TNI", "prajurit TNI"},
    {"POLRI", "anggota Polri"},
    {"VILLAGE_HEAD_OR_STAFF", "kepala desa atau perangkat desa"},
    {"BUMN_BUMD_DIRECTOR_COMMISSIONER_SUPERVISOR",
     "direksi atau komisaris atau dewan pengawas BUMN/BUMD"},
    {"BUMN_BUMD_EMPLOYEE", "pegawai BUMN/BUMD"},
    {"PRIVATE_EMPLOYEE", "pegawai swasta"},
    {"FARMER", "petani"},
    {"JOB_SEEKER", "pencari kerja"},
    {"LAID_OFF", "terkena PHK"},
    {"WORKER_NEEDS_SKILL", "pekerja yang perlu meningkatkan kompetensi"},
    {"FURLOUGHED", "dirumahkan"},
    {"NON_WAGE_OR_MICRO_SMALL_OWNER", "bukan penerima upah atau pelaku usaha mikro dan kecil"},
    {"NOT_IN_LABOUR_FORCE", "bukan angkatan kerja"},
    {"PRIMARY", "sekolah dasar"},
    {"PMR_OR_PT3", "PMR atau PT3"},
    {"DIPLOMA", "diploma"},
    {"DEGREE", "sarjana"},
    {"STATEMENT_SIGNED", "surat pernyataan ditandatangani"},
    {"MATCH", "sesuai"},
    {"NO_MATCH", "tidak sesuai"},
    {"FAIL", "gagal"},
    {"NOT_FOUND", "tidak ditemukan"},
    {"PU_LAID_OFF", "penerima upah yang terkena PHK"},
    {"PU_ACTIVE", "penerima upah yang masih bekerja"},
    {"BPU", "bukan penerima upah (BPU)"},
    {"PMI", "pekerja migran Indonesia (PMI)"},
    {"LONG_UNEMPLOYED_YOUTH", "pemuda yang lama menganggur"},
    {"WOMAN_RETURNER_OR_SINGLE_MOTHER_OR_HOUSEWIFE",
     "perempuan yang kembali bekerja atau ibu tunggal atau ibu rumah tangga"},
    {"ORANG_ASLI", "Orang Asli"},
    {"OKU", "penyandang disabilitas (OKU)"},
    {"HARDCORE_POOR", "miskin ekstrem"},
    {"PAROLEE", "narapidana bebas bersyarat"},
    {"EX_CONVICT", "mantan narapidana"},
    {"HOMELESS", "tunawisma"},
    {"HARDCORE_UNEMPLOYED", "penganggur kronis"},
    {"SENIOR_CITIZEN", "lanjut usia"},
    {"TVET_GRADUATE", "lulusan TVET"},
    {"SCHOOL_LEAVER_SPM_OR_BELOW", "lulusan SPM atau di bawahnya"},
    {"PRIVATE", "perusahaan swasta"},
    {"GLC", "perusahaan milik pemerintah (GLC)"},
    {"GLIC", "perusahaan investasi milik pemerintah (GLIC)"},
    {"PUBLIC", "sektor publik"},
    {"SOLE_PROPRIETOR", "usaha perseorangan"},
    {"ONLINE", "daring"},
    {"CLASSROOM", "tatap muka"},
    {"BLENDED", "daring dan tatap muka"},
    {"COMPETENCY", "kompetensi"},
    {"PROFESSIONAL", "profesional"},
    {"MICROCREDENTIAL", "kredensial mikro"},
    {"PLATFORM_AGREEMENT", "perjanjian dengan platform digital"},
    {"STATEMENT", "surat pernyataan"},
    {"DISNAKER", "izin dinas tenaga kerja"},
    {"EQUIVALENT", "setara"},
    {"MINISTRY_REGISTERED", "terdaftar pada kementerian"},
    {"STATUTORY_HEI", "perguruan tinggi menurut undang-undang"},
    {"PRETEST", "tes awal"},
    {"POSTTEST", "tes akhir"},
    {"QUIZ", "kuis"},
    {"PRACTICAL", "praktik"},
    {"training", "pelatihan"},
    {"job_search_incentive", "insentif mencari kerja"},
    {"survey_incentive", "insentif survei"},
    {"training_fee", "biaya pelatihan"},
    {"training_allowance", "uang saku pelatihan"},
    {"daily_allowance", "uang harian"},
    {"hiring_incentive", "insentif perekrutan"},
    {"PARTICIPANT", "peserta"},
    {"EMPLOYER", "pemberi kerja"},
    {"PROVIDER", "lembaga pelatihan"},
    {"FRAUD_SUSPECTED", "dugaan kecurangan"},
    {"AUDIT_FINDING", "temuan pemeriksaan"},
    {"BASIC", "dasar"},
    {"FULL", "penuh"},
    {NULL, NULL},
};

static const struct code_words units[] = {
    {"years", "tahun"},
    {"months", "bulan"},
    {"days", "hari"},
    {"working days", "hari kerja"},
    {"minutes", "menit"},
    {"applications", "pendaftaran"},
    {"awards", "kepesertaan"},
    {"enrolments", "pelatihan"},
    {"videos", "video"},
    {"workers", "pekerja"},
    {"people", "orang"},
    {"indicators", "indikator"},
    {"sessions", "sesi"},
    {"surveys", "survei"},
    {NULL, NULL},
};

static const struct code_words events[] = {
    {"application.submitted", "pendaftaran dikirim lagi"},
    {"application.decided", "pendaftaran diputuskan"},
    {"register.listed", "sebuah daftar dimuat"},
    {"award.changed", "penahanan dibuka atau surat keputusan terbit"},
    {"programme.published", "berkas program diterbitkan"},
    {"milestone.reached", "satu langkah peserta dilaporkan"},
    {"course.listed", "pelatihan didaftarkan lagi"},
    {"course.enrolled", "pembelian pelatihan dikirim lagi"},
    {"course.completed", "penyelesaian pelatihan dikirim lagi"},
    {"completion.decided", "penyelesaian pelatihan diputuskan"},
    {"account.linked", "sebuah rekening dihubungkan"},
    {"payout.closed", "sebuah pembayaran berakhir"},
    {"payout.settled", "bank atau dompet menjawab"},
    {"commitment.released", "dana peserta lain dilepaskan"},
    {NULL, NULL},
};

static const struct code_words confidences[] = {
    {"2", "dua sumber yang tidak saling bergantung"},
    {"2o", "beberapa sumber dengan satu asal"},
    {"1", "satu sumber"},
    {"X", "sumber-sumber berbeda; inilah bacaan yang dipakai"},
    {"D", "disimpulkan, atau pengendalian program sendiri"},
    {"M", "dari ingatan, belum diperiksa"},
    {NULL, NULL},
};

const struct words words_id = {
    .language = "id",
    .codes = codes,
    .units = units,
    .events = events,
    .confidences = confidences,
    .operators = {"adalah {value}", "bukan {value}", "kurang dari {value}",
                  "paling banyak {value}", "lebih dari {value}", "paling sedikit {value}",
                  "salah satu dari: {value}", "bukan salah satu dari: {value}",
                  "antara {low} dan {high}", "tidak memuat satu pun dari: {value}",
                  "memuat sedikitnya satu dari: {value}", "ada|tidak ada"},
    .day_operators = {[OPERATOR_LT] = "sebelum {value}",
                      [OPERATOR_LE] = "paling lambat {value}",
                      [OPERATOR_GT] = "sesudah {value}",
                      [OPERATOR_GE] = "paling awal {value}"},
    .effects = {"tidak ada yang menghalangi",
                "tidak ada yang menghalangi; didahulukan dalam undian",
                "menunggu dan dicoba lagi dengan sendirinya", "menunggu", "manfaat ini hangus",
                "manfaat ini dan semua angsuran berikutnya dihentikan", "ditolak",
                "kepesertaan berakhir"},
    .phrases =
        {
            [PHRASE_MET] =
                "Syarat {number} terpenuhi. Diwajibkan: {required}. Ditemukan: {found}.",
            [PHRASE_NOT_MET] =
                "Syarat {number} tidak terpenuhi. Diwajibkan: {required}. Ditemukan: {found}.",
            [PHRASE_UNKNOWN] = "Syarat {number} belum dapat dinilai. Diwajibkan: {required}. "
                               "Ditemukan: {found}.",
            [PHRASE_NOT_APPLICABLE] =
                "Syarat {number} tidak berlaku di sini. Isinya: {required}.",
            [PHRASE_RAISES] = "Syarat {number} mendahulukan dalam undian. Ditanyakan: "
                              "{required}. Ditemukan: {found}.",
            [PHRASE_RAISES_NOT] = "Syarat {number} tidak mendahulukan dalam undian. "
                                  "Ditanyakan: {required}. Ditemukan: {found}.",
            [PHRASE_NOT_IN_FILE] = "Syarat {number} tidak ada dalam berkas ini.",
            [PHRASE_WHEN] = " Syarat ini berlaku hanya bila {when}.",
            [PHRASE_WHEN_FOUND] = "{required} (ditemukan: {found})",
            [PHRASE_CONSEQUENCE] = " Karena itu: {effect} ({code}).",
            [PHRASE_WAITS_FOR] = " Sampai diketahui: {effect} ({code}).",
            [PHRASE_SOURCE] = "Sumber syarat {number} ({confidence}): {sources}",
            [PHRASE_SOURCE_NONE] = "Sumber syarat {number} ({confidence}): tidak ada dokumen",
            [PHRASE_COUNTS] =
                "Syarat yang dinilai: {judged}; terpenuhi: {met}, tidak terpenuhi: {failed}, "
                "belum diketahui: {unknown}, tanpa akibat di sini: {rest}.",
            [PHRASE_VERDICT] = "Putusan: {effect}.",
            [PHRASE_REASON] = "Alasan {code}: {sentence}",
            [PHRASE_REASON_OTHER] =
                "Alasan {code}: kode dari petugas, bank, atau gerbang pembayaran yang "
                "memberikannya; berkas program tidak memuat kalimatnya.",
            [PHRASE_ENGINE] = "{code} berasal dari aturan yang berlaku bagi semua program, "
                              "bukan dari syarat dalam berkas.",
            [PHRASE_NEXT] = "Yang dapat dilakukan: {next}",
            [PHRASE_ENDS] = "Yang mengakhirinya: {ends}.",
            [PHRASE_EVERY_HOURS] = "diputuskan lagi setiap {hours} jam",
            [PHRASE_OFFICER] = "petugas menyelesaikannya",
            [PHRASE_PRIORITY] = "Didahulukan dalam undian oleh {code}: {sentence}",
            [PHRASE_CHANGE_ONE] = "Yang harus berubah: syarat {conditions} harus terpenuhi.",
            [PHRASE_CHANGE_MANY] = "Yang harus berubah: syarat {conditions} harus terpenuhi.",
            [PHRASE_VALUE_UNKNOWN] = "belum diketahui",
            [PHRASE_VALUE_ABSENT] = "tidak ada",
            [PHRASE_VALUE_GIVEN] = "ada",
            [PHRASE_NONE] = "kosong",
            [PHRASE_AND] = " dan ",
            [PHRASE_OR] = " atau ",
            [PHRASE_MONTHLY] = "{amount} per bulan",
            [PHRASE_ABOVE] = "kelebihan {distance}",
            [PHRASE_BELOW] = "kekurangan {distance}",
            [PHRASE_LATE] = "terlambat {distance}",
            [PHRASE_EARLY] = "terlalu awal {distance}",
        },
    .fields =
        {
            [FIELD_APPLICATION_CITIZENSHIP] = "kewarganegaraan",
            [FIELD_APPLICATION_DAY] = "hari pendaftaran",
            [FIELD_APPLICANT_AGE] = "usia pada hari pendaftaran",
            [FIELD_APPLICATION_IN_FORMAL_EDUCATION] =
                "pendaftar sedang menempuh pendidikan formal|pendaftar tidak sedang menempuh "
                "pendidikan formal",
            [FIELD_APPLICATION_OCCUPATION_CLASS] = "pekerjaan menurut pendaftar",
            [FIELD_APPLICATION_EMPLOYMENT_STATUS] = "status pekerjaan",
            [FIELD_APPLICATION_HIGHEST_QUALIFICATION] = "pendidikan tertinggi",
            [FIELD_APPLICATION_WANTS_FORMAL_JOB] =
                "pendaftar ingin bekerja di sektor formal|pendaftar tidak meminta pekerjaan di "
                "sektor formal",
            [FIELD_APPLICATION_INFORMAL_ONLY] =
                "pendaftar bekerja di sektor informal saja|pendaftar tidak hanya bekerja di "
                "sektor informal",
            [FIELD_APPLICATION_COVID_AFFECTED] =
                "pendaftar terdampak Covid-19|pendaftar tidak terdampak Covid-19",
            [FIELD_APPLICATION_ABILITY_TEST_TAKEN_ON] = "hari tes kemampuan dasar",
            [FIELD_APPLICATION_DECLARATIONS] = "kumpulan pernyataan yang dibuat",
            [FIELD_APPLICATION_MSISDN_VERIFIED_AT] = "konfirmasi nomor telepon",
            [FIELD_APPLICATION_EMAIL_VERIFIED_AT] = "konfirmasi alamat surel",
            [FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY] = "waktu tanpa jawaban",
            [FIELD_CHECK_POPULATION] =
                "hasil pemeriksaan NIK, nama, dan tanggal lahir dengan data kependudukan",
            [FIELD_CHECK_FAMILY_CARD] = "hasil pemeriksaan NIK dengan kartu keluarga",
            [FIELD_CHECK_FACE] = "hasil pencocokan wajah",
            [FIELD_REGISTER_EDUCATION_LISTED] =
                "orang ini tercatat dalam data pendidikan|orang ini tidak tercatat dalam data "
                "pendidikan",
            [FIELD_REGISTER_LAID_OFF_LISTED] =
                "orang ini tercatat dalam daftar PHK|orang ini tidak tercatat dalam daftar PHK",
            [FIELD_REGISTER_BLACKLIST_LISTED] =
                "orang ini tercatat dalam daftar hitam program|orang ini tidak tercatat dalam "
                "daftar hitam program",
            [FIELD_REGISTER_DTKS_LISTED] =
                "orang ini tercatat dalam DTKS|orang ini tidak tercatat dalam DTKS",
            [FIELD_REGISTER_PKH_LISTED] = "orang ini menerima PKH|orang ini tidak menerima PKH",
            [FIELD_REGISTER_BSU_LISTED] = "orang ini menerima bantuan subsidi upah (BSU)|orang "
                                          "ini tidak menerima bantuan subsidi upah (BSU)",
            [FIELD_REGISTER_BPUM_LISTED] = "orang ini menerima bantuan usaha mikro "
                                           "(BPUM)|orang ini tidak menerima bantuan "
                                           "usaha mikro (BPUM)",
            [FIELD_REGISTER_OCCUPATION_CODE] = "pekerjaan menurut daftar resmi",
            [FIELD_REGISTER_FRAUD_CASE_LISTED] =
                "ada perkara kecurangan yang menyebut orang ini|tidak ada perkara kecurangan "
                "yang menyebut orang ini",
            [FIELD_WAVE_OPEN] = "gelombang dibuka saat pendaftaran masuk|gelombang tidak "
                                "dibuka saat pendaftaran masuk",
            [FIELD_PERSON_OTHER_APPLICATIONS] = "jumlah pendaftaran lain untuk hal yang sama",
            [FIELD_PERSON_AWARDS_IN_PROGRAMME] =
                "jumlah kepesertaan lain orang ini dalam program",
            [FIELD_PERSON_REVOKED_AWARDS] =
                "jumlah kepesertaan orang ini yang dicabut dalam program",
            [FIELD_FAMILY_CARD_AWARDS] = "jumlah kepesertaan lain dalam kartu keluarga",
            [FIELD_MEMBER_CATEGORY] = "jenis kepesertaan jaminan sosial",
            [FIELD_MEMBER_CONTRIBUTION_MONTHS] = "lama iuran dibayar",
            [FIELD_MEMBER_ACTIVE] = "kepesertaan jaminan sosial aktif|kepesertaan jaminan "
                                    "sosial tidak aktif",
            [FIELD_MEMBER_SAVINGS_WITHDRAWN_ON] = "pencairan jaminan hari tua",
            [FIELD_MEMBER_REPORTED_WAGE] = "upah yang dilaporkan",
            [FIELD_MEMBER_WAGE_ABOVE_FLOOR] =
                "upah yang dilaporkan dikurangi upah minimum kabupaten terendah",
            [FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT] = "bulan penuh sejak berhenti bekerja",
            [FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT] =
                "bulan berjalan sejak berhenti bekerja",
            [FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON] =
                "hari iuran terakhir dari pekerjaan formal",
            [FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION] =
                "bulan penuh sejak iuran terakhir dari pekerjaan formal",
            [FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE] =
                "hari pertama kepesertaan sebagai pekerja mandiri",
            [FIELD_PARAMETER_LOWEST_DISTRICT_WAGE] = "upah minimum kabupaten terendah",
            [FIELD_HIRE_HIRED_ON] = "hari mulai bekerja",
            [FIELD_HIRE_MONTHS_UNEMPLOYED] = "lama menganggur sebelum mulai bekerja",
            [FIELD_HIRE_TARGET_GROUPS] = "kumpulan kelompok sasaran pekerja",
            [FIELD_HIRE_MONTHLY_WAGE] = "upah",
            [FIELD_HIRE_HEADCOUNT] = "jumlah pekerja menurut pemberi kerja",
            [FIELD_HIRE_AGE] = "usia pada hari mulai bekerja",
            [FIELD_HIRE_EMPLOYER_TYPE] = "jenis pemberi kerja",
            [FIELD_HIRE_VACANCY_POSTED] =
                "lowongan sudah diiklankan di MYFutureJobs|lowongan belum diiklankan di "
                "MYFutureJobs",
            [FIELD_HIRE_PROFILE_COMPLETE] =
                "profil di MYFutureJobs sudah lengkap|profil di MYFutureJobs belum lengkap",
            [FIELD_HIRE_ASSIST_REGISTERED] = "pemberi kerja terdaftar di ASSIST|pemberi kerja "
                                             "belum terdaftar di ASSIST",
            [FIELD_HIRE_WORKER_CONSENTED_AT] = "pengakuan pekerja sendiri atas pekerjaan ini",
            [FIELD_EMPLOYER_EXCESS_CLAIMS] =
                "pekerja yang diajukan melebihi yang dilaporkan pemberi kerja",
            [FIELD_AWARD_REVOKED] = "kepesertaan sudah dicabut|kepesertaan tidak dicabut",
            [FIELD_AWARD_PURCHASES] = "jumlah pelatihan dari kepesertaan ini",
            [FIELD_AWARD_PREVIOUS_TRAINING_DONE] =
                "semua pelatihan sebelumnya selesai, diulas, dan dinilai|ada pelatihan "
                "sebelumnya yang belum selesai, diulas, dan dinilai",
            [FIELD_AWARD_INTRO_VIDEOS] = "jumlah video pengantar yang ditonton",
            [FIELD_AWARD_ACCOUNT_LINKED_ON] = "hari rekening dihubungkan",
            [FIELD_PURCHASE_DAY] = "hari pembelian",
            [FIELD_PURCHASE_DAYS_SINCE_NOTICE] =
                "waktu dari pengumuman gelombang sampai pembelian",
            [FIELD_PURCHASE_DAYS_SINCE_FIRST_TRAINING] =
                "waktu dari selesainya pelatihan pertama sampai pembelian",
            [FIELD_PURCHASE_BALANCE_AFTER] = "saldo pelatihan sesudah pembelian",
            [FIELD_PURCHASE_PRICE] = "harga pelatihan",
            [FIELD_TRAINING_PLACE_RESTRICTED] =
                "di tempat pelatihan berlaku pembatasan kegiatan|di tempat pelatihan tidak "
                "berlaku pembatasan kegiatan",
            [FIELD_COURSE_MODE] = "cara pelatihan",
            [FIELD_COURSE_CATEGORY] = "kategori pelatihan",
            [FIELD_COURSE_TOTAL_MINUTES] = "lama pelatihan",
            [FIELD_COURSE_SYNCHRONOUS_MINUTES] = "lama pelajaran bersama pelatih",
            [FIELD_COURSE_VIDEO_MINUTES] = "lama video",
            [FIELD_COURSE_LONGEST_DAY_MINUTES] = "lama hari terpanjang",
            [FIELD_COURSE_TRAINEES_PER_TRAINER] = "jumlah peserta untuk setiap pelatih",
            [FIELD_COURSE_INTERACTIVE] = "pelatihan interaktif|pelatihan tidak interaktif",
            [FIELD_COURSE_IDENTICAL_TO_FREE] =
                "pelatihan yang sama gratis di tempat lain|pelatihan yang sama tidak gratis di "
                "tempat lain",
            [FIELD_COURSE_OUTSIDE_PRICE] = "harga pelatihan di luar program",
            [FIELD_COURSE_PRICE_ABOVE_OUTSIDE] =
                "kelebihan harga pelatihan atas harga di luar program",
            [FIELD_PLATFORM_PROVINCES_SHORT] = "jumlah provinsi yang tidak dijangkau platform",
            [FIELD_PROVIDER_DOCUMENTS] = "kumpulan dokumen lembaga pelatihan",
            [FIELD_PROVIDER_LICENCES] = "kumpulan izin lembaga pelatihan",
            [FIELD_PROVIDER_ACCREDITATIONS] = "kumpulan akreditasi lembaga pelatihan",
            [FIELD_PROVIDER_INDICATORS_MET] =
                "jumlah indikator yang dipenuhi lembaga pelatihan",
            [FIELD_PROVIDER_OWNER_OVERLAPS_PLATFORM] =
                "pemilik lembaga pelatihan ikut memiliki platform|pemilik lembaga pelatihan "
                "tidak ikut memiliki platform",
            [FIELD_PROVIDER_MONTHS_AS_LEGAL_ENTITY] = "lama berbadan hukum",
            [FIELD_PROVIDER_MONTHS_OPERATING] = "lama beroperasi",
            [FIELD_PROVIDER_REGISTERED_ON] =
                "hari lembaga pelatihan terdaftar sebagai pemberi kerja",
            [FIELD_PROVIDER_APPLIED_ON] = "hari lembaga pelatihan mendaftar",
            [FIELD_PROVIDER_CONTRIBUTION_MONTHS] =
                "lama lembaga pelatihan membayar iuran tanpa putus",
            [FIELD_PROVIDER_CONTRIBUTION_EXEMPT] =
                "lembaga pelatihan dibebaskan dari iuran|lembaga pelatihan tidak dibebaskan "
                "dari iuran",
            [FIELD_COMPLETION_DAY] = "hari pelatihan selesai",
            [FIELD_COMPLETION_FIRST] = "ini pelatihan pertama yang selesai dari kepesertaan "
                                       "ini|ini bukan pelatihan pertama yang selesai dari "
                                       "kepesertaan ini",
            [FIELD_COMPLETION_CERTIFICATE_ID] = "sertifikat",
            [FIELD_COMPLETION_SESSIONS_MISSED] = "jumlah sesi yang tidak dihadiri",
            [FIELD_COMPLETION_SESSIONS_WITHOUT_FACE] = "jumlah sesi tanpa pemeriksaan wajah",
            [FIELD_COMPLETION_SESSIONS_CAMERA_OFF] = "jumlah sesi dengan kamera mati",
            [FIELD_COMPLETION_ATTENDEE_IS_PARTICIPANT] =
                "peserta hadir sendiri|orang lain yang hadir",
            [FIELD_COMPLETION_ASSESSMENTS] = "kumpulan tes yang diikuti",
            [FIELD_PAYMENT_ITEM] = "manfaat yang dibayar",
            [FIELD_REVIEW_RATED_ON] = "hari ulasan dan penilaian",
            [FIELD_SURVEY_NUMBER] = "nomor survei",
            [FIELD_SURVEY_ANSWERED_ON] = "hari survei dijawab",
            [FIELD_SURVEY_DAYS_TO_ANSWER] = "waktu dari pembukaan survei sampai jawaban",
            [FIELD_SURVEY_EARLIER_UNANSWERED] = "jumlah survei sebelumnya yang belum dijawab",
            [FIELD_AWARD_INSTALMENT_1_PAID_ON] = "hari pembayaran insentif pertama",
            [FIELD_HIRE_EMPLOYED_TO_DUE_DAY] =
                "pekerja bekerja sampai bulan itu genap|pekerja berhenti sebelum bulan itu "
                "genap",
            [FIELD_PAYMENT_PAYEE_KIND] = "penerima pembayaran",
            [FIELD_PAYMENT_AMOUNT] = "jumlah yang dibayar",
            [FIELD_AWARD_DECREE_NO] = "nomor surat keputusan penerima",
            [FIELD_AWARD_HOLDS] = "kumpulan penahanan atas kepesertaan",
            [FIELD_PROGRAMME_PAUSED] = "pembayaran program dihentikan sementara|pembayaran "
                                       "program tidak dihentikan",
            [FIELD_ACCOUNT_LINKED_AT] = "rekening yang terhubung",
            [FIELD_ACCOUNT_PARTNER] = "bank atau dompet",
            [FIELD_ACCOUNT_KYC_LEVEL] = "tingkat verifikasi dompet",
            [FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT] =
                "rekening atas nama peserta sendiri|rekening atas nama orang lain",
            [FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS] =
                "nomor telepon dompet adalah nomor peserta|nomor telepon dompet bukan nomor "
                "peserta",
            [FIELD_ACCOUNT_ACTIVE] = "rekening aktif|rekening tidak aktif",
            [FIELD_ACCOUNT_CURRENCY] = "mata uang rekening",
            [FIELD_ACCOUNT_HEADROOM] = "jumlah yang masih dapat diterima rekening",
            [FIELD_ACCOUNT_HEADROOM_AFTER] =
                "jumlah yang masih dapat diterima rekening sesudah pembayaran",
            [FIELD_ACCOUNT_PERSONS] = "jumlah orang yang dibayar ke rekening ini",
            [FIELD_REGISTER_OWN_1_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tidak ada dalam daftar program ini",
            [FIELD_REGISTER_OWN_1_CODE] = "kode dalam daftar program ini",
            [FIELD_REGISTER_OWN_2_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tidak ada dalam daftar program ini",
            [FIELD_REGISTER_OWN_2_CODE] = "kode dalam daftar program ini",
            [FIELD_REGISTER_OWN_3_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tidak ada dalam daftar program ini",
            [FIELD_REGISTER_OWN_3_CODE] = "kode dalam daftar program ini",
            [FIELD_REGISTER_OWN_4_LISTED] = "orang ini ada dalam daftar program ini|orang ini "
                                            "tidak ada dalam daftar program ini",
            [FIELD_REGISTER_OWN_4_CODE] = "kode dalam daftar program ini",
        },
};
