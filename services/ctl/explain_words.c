#include "explain_words.h"

#include "rules/words.h"

enum { SPOKEN = 3 }; /* en, id, ms: in this order below */

static const char *const phrases[PAGE_PHRASE_COUNT][SPOKEN] = {
    [PAGE_NOW] = {", now: {state}", ", sekarang: {state}", ", kini: {state}"},
    [PAGE_ROW] = {"{table} {key}, as the service {service} decided on it",
                  "{table} {key}, menurut keputusan layanan {service}",
                  "{table} {key}, menurut keputusan perkhidmatan {service}"},
    [PAGE_DECIDED] = {"{at}: decided by the service {service}.",
                      "{at}: diputuskan oleh layanan {service}.",
                      "{at}: diputuskan oleh perkhidmatan {service}."},
    [PAGE_REPEATED] = {"{at}: a repeat for the service {service}; nothing changed.",
                       "{at}: pengulangan bagi layanan {service}; tidak ada yang berubah.",
                       "{at}: ulangan bagi perkhidmatan {service}; tiada yang berubah."},
    [PAGE_WAITING] = {"{at}: the service {service} waits for what it speaks of.",
                      "{at}: layanan {service} menunggu hal yang disebutnya.",
                      "{at}: perkhidmatan {service} menunggu perkara yang disebutnya."},
    [PAGE_DEAD_LETTERED] = {"{at}: the service {service} could not decide it; the record is a "
                            "dead letter.",
                            "{at}: layanan {service} tidak dapat memutuskannya; catatan ini "
                            "surat mati.",
                            "{at}: perkhidmatan {service} tidak dapat memutuskannya; rekod ini "
                            "surat mati."},
    [PAGE_TOLD_ABOVE] =
        {"{at}: the decision by {topic}, partition {partition}, offset {offset}, as told "
         "above.",
         "{at}: keputusan oleh {topic}, partisi {partition}, ofset {offset}, seperti di atas.",
         "{at}: keputusan oleh {topic}, partisi {partition}, ofset {offset}, seperti di atas."},
    [PAGE_CAUSE] = {"Cause: the record {topic}, partition {partition}, offset {offset}.",
                    "Penyebab: catatan {topic}, partisi {partition}, ofset {offset}.",
                    "Punca: rekod {topic}, partisi {partition}, ofset {offset}."},
    [PAGE_RULES] = {"Rules: programme {programme}, scheme {scheme}, file {hash}.",
                    "Aturan: program {programme}, skema {scheme}, berkas {hash}.",
                    "Peraturan: program {programme}, skim {scheme}, fail {hash}."},
    [PAGE_ROWS] = {"It stood on: {rows}.", "Dasarnya: {rows}.", "Asasnya: {rows}."},
    [PAGE_ROW_VERSION] = {"{table} version {version}", "{table} versi {version}",
                          "{table} versi {version}"},
    [PAGE_ROW_NEW] = {"{table} (new)", "{table} (baru)", "{table} (baharu)"},
    [PAGE_NO_CONDITION] = {"No condition judged it.", "Tidak ada syarat yang menilainya.",
                           "Tiada syarat yang menilainya."},
    [PAGE_CHECKED] = {"Checked: decided again from its own values, the same to the byte.",
                      "Diperiksa: diputuskan lagi dari nilainya sendiri, sama sampai ke bita.",
                      "Disemak: diputuskan semula daripada nilainya sendiri, sama hingga ke "
                      "bait."},
    [PAGE_DIFFERENT] = {"DIFFERENT when decided again: {error}.",
                        "BERBEDA ketika diputuskan lagi: {error}.",
                        "BERBEZA apabila diputuskan semula: {error}."},
    [PAGE_CANNOT_BE_TOLD] = {"It cannot be told: {error}.", "Tidak dapat dijelaskan: {error}.",
                             "Tidak dapat dijelaskan: {error}."},
    [PAGE_OLDER] = {"More than {count} decisions; the older ones are not shown.",
                    "Lebih dari {count} keputusan; yang lebih lama tidak ditampilkan.",
                    "Lebih daripada {count} keputusan; yang lebih lama tidak ditunjukkan."},
    [PAGE_SUMMARY] = {"{decisions} decisions, {checked} decided again, {different} different",
                      "{decisions} keputusan, {checked} diputuskan lagi, {different} berbeda",
                      "{decisions} keputusan, {checked} diputuskan semula, {different} "
                      "berbeza"},
    [PAGE_WITHHELD] = {"This login may not read {what}: what it says is left out.",
                       "Akun ini tidak boleh membaca {what}: isinya tidak disertakan.",
                       "Akaun ini tidak boleh membaca {what}: isinya tidak disertakan."},
    [PAGE_DRAW] = {"Draw of wave {wave}: position {rank} of {pool}, {outcome}.",
                   "Undian gelombang {wave}: urutan {rank} dari {pool}, {outcome}.",
                   "Cabutan gelombang {wave}: kedudukan {rank} daripada {pool}, {outcome}."},
    [PAGE_CHOSEN] = {"{selected} were selected; the last of them stood at position {last}.",
                     "{selected} terpilih; yang terakhir berada pada urutan {last}.",
                     "{selected} terpilih; yang terakhir berada pada kedudukan {last}."},
    [PAGE_SELECTED] = {"selected", "terpilih", "terpilih"},
    [PAGE_NOT_SELECTED] = {"not selected", "tidak terpilih", "tidak terpilih"},
    [PAGE_ORDER] =
        {"Its order: priority class {class}, then the digest {digest}, then the id.",
         "Urutannya: kelas prioritas {class}, lalu intisari {digest}, lalu nomor "
         "pendaftaran.",
         "Susunannya: kelas keutamaan {class}, kemudian ringkasan {digest}, kemudian "
         "nombor permohonan."},
    [PAGE_SEED] = {"Seed: {seed}. Its SHA-256, {sha256}, was published on {announced}; drawn "
                   "on {drawn}.",
                   "Benih: {seed}. SHA-256-nya, {sha256}, diumumkan pada {announced}; diundi "
                   "pada {drawn}.",
                   "Benih: {seed}. SHA-256 benih itu, {sha256}, diumumkan pada {announced}; "
                   "dicabut pada {drawn}."},
    [PAGE_VERIFY] = {"Anybody can check the draw: {command}",
                     "Siapa saja dapat memeriksa undian ini: {command}",
                     "Sesiapa sahaja boleh menyemak cabutan ini: {command}"},
    [PAGE_INSTALMENT] = {"{item}, instalment {number}: {amount} to {payee}, due on {due}.",
                         "{item}, angsuran {number}: {amount} kepada {payee}, jatuh tempo "
                         "{due}.",
                         "{item}, ansuran {number}: {amount} kepada {payee}, perlu dibayar "
                         "pada {due}."},
    [PAGE_AMOUNT_NOT_SET] = {"an amount not set", "jumlah yang belum ditetapkan",
                             "jumlah yang belum ditetapkan"},
    [PAGE_STATE] = {"State: {state}.", "Keadaan: {state}.", "Keadaan: {state}."},
    [PAGE_ACCOUNT] = {"Account: at {partner}; its number is sealed.",
                      "Rekening: pada {partner}; nomornya disegel.",
                      "Akaun: di {partner}; nombornya dimeterai."},
    [PAGE_NO_ACCOUNT] = {"Account: none was asked to pay yet.",
                         "Rekening: belum ada yang diminta membayar.",
                         "Akaun: belum ada yang diminta membayar."},
    [PAGE_ATTEMPT] =
        {"Attempt {number}, instruction {instruction}: {amount} asked for on {at}.",
         "Percobaan {number}, instruksi {instruction}: {amount} diminta pada {at}.",
         "Percubaan {number}, arahan {instruction}: {amount} diminta pada {at}."},
    [PAGE_RETURNED] = {"The money came back on {at}.", "Dana kembali pada {at}.",
                       "Wang kembali pada {at}."},
    [PAGE_PAID] = {"The bank or wallet paid it on {at}.",
                   "Bank atau dompet membayarnya pada {at}.",
                   "Bank atau dompet membayarnya pada {at}."},
};

static const struct {
    const char *name;
    const char *in[SPOKEN];
} names[] = {
    {"application", {"application", "pendaftaran", "permohonan"}},
    {"award", {"award", "kepesertaan", "penyertaan"}},
    {"enrolment", {"enrolment", "pembelian pelatihan", "pendaftaran kursus"}},
    {"entitlement", {"instalment", "angsuran", "ansuran"}},
    {"person", {"person", "orang", "orang"}},
    {"family_card", {"family card", "kartu keluarga", "kad keluarga"}},
    {"employer", {"employer", "pemberi kerja", "majikan"}},
    {"register_snapshot", {"register", "daftar", "daftar"}},
    {"quota", {"quota", "kuota", "kuota"}},
    {"course", {"course", "pelatihan", "kursus"}},
    {"message", {"message", "pesan", "mesej"}},
    {"account", {"account", "rekening", "akaun"}},
    {"account_number", {"account number", "nomor rekening", "nombor akaun"}},
    {"programme", {"programme", "program", "program"}},
    {"ledger_entry", {"ledger entry", "catatan buku besar", "catatan lejar"}},
    {"ledger_balance", {"balance", "saldo buku besar", "baki lejar"}},
    {"partner_minute", {"minute of a partner", "menit mitra", "minit rakan"}},
    {"APPROVED",
     {"approved, waits for its day", "disetujui, menunggu harinya",
      "diluluskan, menunggu harinya"}},
    {"POOLED", {"in the pool, not drawn yet", "menunggu undian", "menunggu cabutan"}},
    {"AWARDED", {"awarded", "diterima", "diluluskan"}},
    {"NOT_DRAWN", {"not drawn", "tidak terpilih", "tidak terpilih"}},
    {"REJECTED", {"refused", "ditolak", "ditolak"}},
    {"WITHDRAWN", {"withdrawn", "ditarik kembali", "ditarik balik"}},
    {"ACCEPTED", {"accepted", "diterima", "diterima"}},
    {"VERIFIED",
     {"finished and verified", "selesai dan terverifikasi", "selesai dan disahkan"}},
    {"ACTIVE", {"running", "berjalan", "berjalan"}},
    {"REVOKED", {"revoked", "dicabut", "dibatalkan"}},
    {"CLOSED", {"closed", "ditutup", "ditutup"}},
    {"HELD", {"held", "ditahan", "ditahan"}},
    {"IN_FLIGHT", {"on its way", "sedang dikirim", "sedang dihantar"}},
    {"PAID", {"paid", "sudah dibayar", "sudah dibayar"}},
    {"STOPPED", {"stopped", "dihentikan", "dihentikan"}},
    {"EXPIRED", {"lapsed", "hangus", "luput"}},
    {"REFUSED", {"refused", "ditolak", "ditolak"}},
    {"CANCELLED", {"cancelled", "dibatalkan", "dibatalkan"}},
};

static size_t place_of(struct slice language)
{
    const struct words *words = words_in(language);
    return words == &words_id ? 1 : words == &words_ms ? 2 : 0;
}

const char *page_phrase(struct slice language, enum page_phrase phrase)
{
    return phrases[phrase][place_of(language)];
}

struct slice page_name(struct slice language, struct slice name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_is(name, names[i].name))
            return slice_of(names[i].in[place_of(language)]);
    return name;
}
