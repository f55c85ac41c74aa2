/*
 * explaining - one run of `kerja explain`: what is asked, what was loaded, what is told so far.
 */
#ifndef KERJA_CTL_EXPLAINING_H
#define KERJA_CTL_EXPLAINING_H

#include "explain_page.h"
#include "session.h"

#include <jansson.h>

enum { RULEBOOKS = 16 };

struct explaining {
    struct call *call;
    struct session session;
    struct arena arena;                                 /* of the decision being told */
    struct buffer segment;                              /* likewise                   */
    struct buffer text;                                 /* being told                 */
    json_t *decisions, *draws, *instalments, *withheld; /* with --json, else NULL */
    struct slice language;
    bool everything, check;
    size_t told, checked, different;
    struct buffer said; /* what need not be said again, a line each */
    size_t withheld_count;
    struct programme *books[RULEBOOKS];
    size_t book_count;
};

/* The file of a programme with that hash, or its newest where `hash` is empty; loaded once. NULL with a reason in
 * the call's error. */
const struct programme *explaining_book(struct explaining *explaining, struct slice programme,
                                        struct slice hash);

/* Who reads, by that file. */
struct page explaining_page(const struct explaining *explaining,
                            const struct programme *programme);

/* True the first time that it is asked of these words. */
bool explaining_first(struct explaining *explaining, const char *words);

/* Says that this login may not read a view. */
void explaining_withhold(struct explaining *explaining, const char *schema, const char *view);

/* Prints and forgets what was told; nothing with --json. */
void explaining_print(struct explaining *explaining);

/* What else there is to tell of an id: places in draws, instalments and their payments. */
enum outcome explain_draws(struct explaining *explaining, const char *id);
enum outcome explain_instalments(struct explaining *explaining, const char *id);

#endif
