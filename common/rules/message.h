/*
 * message - the texts of SMS, in the person's language.
 *
 * A template of the programme file with placeholders from a closed list: {programme} {wave}
 * {amount} {item} {instalment} {day} {reason} {next_step}. The loader refuses any other,
 * and a template with a link: whoever sends links in a programme's name is a fraudster, and
 * people can be told so. Codes never appear, sentences do.
 *
 * Length. An SMS carries 160 letters of the alphabet of GSM 03.38 (3GPP TS 23.038); a longer text
 * goes as several of 153 each, one letter outside of that alphabet leaves 70. Our texts keep to
 * the letters that count once: what has no reason in it is one SMS, what tells a reason and the
 * next step at most two. A text that would need a third is cut at a word.
 */
#ifndef KERJA_RULES_MESSAGE_H
#define KERJA_RULES_MESSAGE_H

#include "base/calendar.h"
#include "base/slice.h"
#include "rules/programme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SEGMENT_ALONE = 160,
    SEGMENT_JOINED = 153,
    MESSAGE_SEGMENTS = 2,
    MESSAGE_SIZE = MESSAGE_SEGMENTS * SEGMENT_JOINED,
};

/* What the placeholders become; what a template does not use may stay zero. */
struct message_values {
    int wave;
    bool has_amount;
    int64_t amount_hundredths;
    struct slice item; /* of a benefit, told by its name */
    const struct scheme *scheme;
    int instalment;
    bool has_day;
    epoch_day day;       /* due on, or last day */
    struct slice reason; /* a code, told by its sentence and next step */
};

/* Writes the text and a terminating zero and returns its size; a longer text is cut at a word.
 * 0, and an empty text, when the programme has no such message, or a placeholder's value is not
 * given. */
size_t message_render(const struct programme *programme, enum message_kind kind,
                      struct slice language, const struct message_values *values,
                      char text[static MESSAGE_SIZE + 1]);

/* NULL for a template that may be used, else what is wrong with it: an unknown placeholder, a
 * link, or more than MESSAGE_SIZE bytes. */
const char *message_template_fault(struct slice template);

/* How many SMS a text is; 0 when it has a letter that does not count once, as "[" or "\xc3". */
size_t message_segments(struct slice text);

enum { AMOUNT_TEXT_SIZE = 48, LOCAL_DAY_SIZE = 48 };

/* "Rp600.000", "RM1,500.00"; another currency as "EUR 600.00". Returns the size. */
size_t amount_format(struct slice currency, int64_t amount_hundredths,
                     char text[static AMOUNT_TEXT_SIZE]);

/* "23 Oktober 2020" in Indonesian and Malay (Ogos for August), "23 October 2020" elsewhere. */
size_t day_format_local(struct slice language, epoch_day day, char text[static LOCAL_DAY_SIZE]);

#endif
