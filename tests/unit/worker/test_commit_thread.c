/* The thread that commits, with a commit that the test holds back. */
#include "worker/commit_thread.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* held by a test: the commit waits */
static enum commit_result answer;
static const struct batch *committed;
static pthread_t committed_by;
static bool takes_signals; /* the thread that commits */

static bool signals_taken(void)
{
    sigset_t blocked;
    return pthread_sigmask(SIG_BLOCK, NULL, &blocked) == 0 && !sigismember(&blocked, SIGTERM);
}

static enum commit_result commit_at_gate(struct database *database, const struct batch *batch,
                                         struct error *error)
{
    (void)database;
    pthread_mutex_lock(&gate);
    committed = batch;
    committed_by = pthread_self();
    takes_signals = signals_taken();
    if (answer != COMMITTED)
        error_set(error, RETRY, "as the test wants it");
    pthread_mutex_unlock(&gate);
    return answer;
}

static void test_the_loop_goes_on_while_it_commits(void **state)
{
    (void)state;
    struct database database = {0};
    struct batch first = {0}, second = {0};
    struct error error = {"what was said before"};
    int64_t took_us;
    struct commit_thread *thread = commit_thread_new(&database, commit_at_gate);
    assert_non_null(thread);
    answer = COMMITTED;
    pthread_mutex_lock(&gate);
    commit_thread_begin(thread, &first);
    assert_null(committed); /* we are here, and it waits */
    pthread_mutex_unlock(&gate);
    assert_int_equal(commit_thread_wait(thread, &took_us, &error), COMMITTED);
    assert_ptr_equal(committed, &first);
    assert_false(pthread_equal(committed_by, pthread_self()));
    assert_true(signals_taken() && !takes_signals);
    assert_true(took_us >= 0);
    assert_string_equal(error.text, "what was said before");
    answer = COMMIT_STALE;
    commit_thread_begin(thread, &second);
    assert_int_equal(commit_thread_wait(thread, &took_us, &error), COMMIT_STALE);
    assert_ptr_equal(committed, &second);
    assert_string_equal(error.text, "as the test wants it");
    commit_thread_free(thread);
}

static void test_what_is_under_way_is_finished_before_the_end(void **state)
{
    (void)state;
    struct database database = {0};
    struct batch batch = {0};
    struct commit_thread *thread = commit_thread_new(&database, commit_at_gate);
    assert_non_null(thread);
    committed = NULL;
    commit_thread_begin(thread, &batch);
    commit_thread_free(thread);
    assert_ptr_equal(committed, &batch);
    commit_thread_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_loop_goes_on_while_it_commits),
        cmocka_unit_test(test_what_is_under_way_is_finished_before_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
