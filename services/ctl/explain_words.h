/*
 * explain_words - what `kerja explain` says around the conditions, in the languages that rules/words.h speaks.
 *
 * Sentences have gaps in braces (rules/sentence.h).
 */
#ifndef KERJA_CTL_EXPLAIN_WORDS_H
#define KERJA_CTL_EXPLAIN_WORDS_H

#include "base/slice.h"

enum page_phrase {
    PAGE_NOW,           /* {state} */
    PAGE_ROW,           /* {table}, {key}, {service}               */
    PAGE_DECIDED,       /* {at}, {service}                         */
    PAGE_REPEATED,      /* likewise                                */
    PAGE_WAITING,       /* likewise                                */
    PAGE_DEAD_LETTERED, /* likewise                                */
    PAGE_TOLD_ABOVE,    /* {at}, {topic}, {partition}, {offset} */
    PAGE_CAUSE,         /* {topic}, {partition}, {offset}          */
    PAGE_RULES,         /* {programme}, {scheme}, {hash}           */
    PAGE_ROWS,          /* {rows}                                  */
    PAGE_ROW_VERSION,   /* {table}, {version}                      */
    PAGE_ROW_NEW,       /* {table} */
    PAGE_NO_CONDITION,
    PAGE_CHECKED,
    PAGE_DIFFERENT,      /* {error}                                 */
    PAGE_CANNOT_BE_TOLD, /* {error}                                 */
    PAGE_OLDER,          /* {count}                                 */
    PAGE_SUMMARY,        /* {decisions}, {checked}, {different}     */
    PAGE_WITHHELD,       /* {what}                                  */
    PAGE_DRAW,           /* {wave}, {rank}, {pool}, {outcome}       */
    PAGE_CHOSEN,         /* {selected}, {last} */
    PAGE_SELECTED,
    PAGE_NOT_SELECTED,
    PAGE_ORDER,      /* {class}, {digest}                       */
    PAGE_SEED,       /* {seed}, {sha256}, {announced}, {drawn}  */
    PAGE_VERIFY,     /* {command}                               */
    PAGE_INSTALMENT, /* {item}, {number}, {amount}, {payee}, {due} */
    PAGE_AMOUNT_NOT_SET,
    PAGE_STATE,   /* {state}                                 */
    PAGE_ACCOUNT, /* {partner}                               */
    PAGE_NO_ACCOUNT,
    PAGE_ATTEMPT,  /* {number}, {instruction}, {at}, {amount} */
    PAGE_RETURNED, /* {at}                                    */
    PAGE_PAID,     /* {at}                                    */
    PAGE_PHRASE_COUNT
};

/* A phrase in a language, as words_in() resolves it. */
const char *page_phrase(struct slice language, enum page_phrase phrase);

/* A table's, or an instalment's state's, name in words; the name itself where there are none. */
struct slice page_name(struct slice language, struct slice name);

#endif
