#include "world.h"

#include <stdarg.h>

uint64_t random_next(struct random *random)
{
    /* splitmix64: any seed is as good as any other */
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t random_below(struct random *random, int64_t bound)
{
    return (int64_t)(random_next(random) % (uint64_t)bound);
}

bool random_one_in(struct random *random, int n)
{
    return n > 0 && random_below(random, n) == 0;
}

void world_trace(struct world *world, const char *format, ...)
{
    if (!world->verbose)
        return;
    va_list arguments;
    printf("%7lld ", (long long)world->now_ms);
    if (world->running != NULL)
        printf("process %d slot %d%s: ", world->running->process->number,
               world->running->process->slot,
               world->running == &world->running->process->loop ? "" : " publisher");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

void world_violate(struct world *world, const char *format, ...)
{
    if (world->violation[0] != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(world->violation, sizeof world->violation, format, arguments);
    va_end(arguments);
    world_trace(world, "VIOLATION %s", world->violation);
}

static void fiber_main(unsigned high, unsigned low)
{
    struct fiber *fiber = (struct fiber *)(((uintptr_t)high << 32) | (uintptr_t)low);
    fiber->run(fiber->process);
    process_exit(fiber->process);
}

static void fiber_start(struct fiber *fiber, struct process *process,
                        void (*run)(struct process *process))
{
    fiber->process = process;
    fiber->run = run;
    fiber->alive = true;
    fiber->wake_ms = process->world->now_ms;
    if (fiber->stack == NULL)
        fiber->stack = malloc(STACK_SIZE);
    getcontext(&fiber->context);
    fiber->context.uc_stack.ss_sp = fiber->stack;
    fiber->context.uc_stack.ss_size = STACK_SIZE;
    fiber->context.uc_link = NULL;
    makecontext(&fiber->context, (void (*)(void))fiber_main, 2,
                (unsigned)((uintptr_t)fiber >> 32), (unsigned)(uintptr_t)fiber);
}

static void fiber_yield(struct world *world)
{
    swapcontext(&world->running->context, &world->scheduler);
}

void process_exit(struct process *process)
{
    struct world *world = process->world;
    process->alive = false;
    process->loop.alive = process->publishing.alive = false;
    fiber_yield(world);
    abort();
}

void world_sleep(struct process *process, int64_t duration_ms)
{
    struct world *world = process->world;
    world->running->wake_ms = world->now_ms + duration_ms;
    fiber_yield(world);
}

static int64_t latency_ms(struct random *random)
{
    int64_t kind = random_below(random, 100);
    if (kind < 88)
        return random_below(random, 4);
    return random_below(random, kind < 98 ? 60 : 900);
}

void world_step(struct process *process)
{
    struct world *world = process->world;
    world->steps++;
    if (!world->calm && random_one_in(&world->random, world->chances.crash)) {
        world_trace(world, "dies");
        process_exit(process);
    }
    if (!world->calm && random_one_in(&world->random, world->chances.stall)) {
        process->stalled_until_ms =
            world->now_ms + random_below(&world->random, 2 * SESSION_TIMEOUT_MS);
        world_trace(world, "stalls until %lld", (long long)process->stalled_until_ms);
    }
    world_sleep(process, latency_ms(&world->random));
}

static struct process *process_slot_new(struct world *world)
{
    struct process **slot = &world->processes[world->process_count];
    if (*slot == NULL)
        *slot = calloc(1, sizeof **slot);
    return *slot;
}

static void process_start(struct world *world, int slot)
{
    struct process *process = process_slot_new(world);
    char *loop_stack = process->loop.stack, *publishing_stack = process->publishing.stack;
    /* The publisher is large and initialises itself. */
    memset(&process->client, 0, sizeof process->client);
    process->world = world;
    process->number = world->process_count++;
    process->slot = slot;
    process->alive = true;
    process->superseded = false;
    process->stalled_until_ms = 0;
    process->saved = (struct membership){0};
    process->source_count = process->queued = process->row_count = process->taken = 0;
    process->paused = true;
    process->holding = process->producer_open = process->delivery_failed = false;
    process->failed = PUBLISHED;
    process->held_count = 0;
    process->loop.stack = loop_stack;
    process->publishing.stack = publishing_stack;
    process_io(process);
    fiber_start(&process->loop, process, worker_loop);
    fiber_start(&process->publishing, process, worker_publishing);
    world_trace(world, "process %d starts in slot %d", process->number, slot);
}

/* A slot has at most one process that is not superseded. A stalled one may be replaced, and
 * then wakes as a zombie. */
static void processes_keep(struct world *world)
{
    for (int slot = 0; slot < SLOTS; slot++) {
        struct process *holder = NULL;
        for (int i = 0; i < world->process_count; i++)
            if (world->processes[i]->alive && !world->processes[i]->superseded &&
                world->processes[i]->slot == slot)
                holder = world->processes[i];
        if (holder != NULL && holder->stalled_until_ms > world->now_ms && !world->calm &&
            world->process_count < PROCESSES - SLOTS &&
            random_one_in(&world->random, world->chances.replace)) {
            holder->superseded = true;
            world_trace(world, "process %d is taken for dead", holder->number);
            holder = NULL;
        }
        if (holder != NULL) {
            world->restart_at_ms[slot] = 0;
        } else if (world->restart_at_ms[slot] == 0) {
            /* sometimes later than the session expires */
            int64_t bound = random_one_in(&world->random, 3) ? 2 * SESSION_TIMEOUT_MS : 300;
            world->restart_at_ms[slot] =
                world->now_ms + 1 + random_below(&world->random, bound);
        } else if (world->restart_at_ms[slot] <= world->now_ms &&
                   world->process_count < PROCESSES) {
            world->restart_at_ms[slot] = 0;
            process_start(world, slot);
        }
    }
    /* The last lives are kept for the calm: no more deaths when they run out. */
    if (world->process_count >= PROCESSES - SLOTS)
        world->chances.crash = 0;
}

static void inputs_feed(struct world *world)
{
    if (world->inputs_left == 0 || world->now_ms < world->feed_at_ms)
        return;
    world->feed_at_ms = world->now_ms + random_below(&world->random, 700);
    struct input_log *log = &world->logs[random_below(&world->random, PARTITIONS)];
    int64_t count = 1 + random_below(&world->random, 4);
    for (int64_t i = 0; i < count && log->end < LOG_BOUND; i++)
        log->marker[log->end++] = random_one_in(&world->random, 4);
    world->inputs_left--;
}

static bool fiber_ready(const struct world *world, const struct fiber *fiber)
{
    return fiber->alive && fiber->process->stalled_until_ms <= world->now_ms &&
           fiber->wake_ms <= world->now_ms;
}

static struct fiber *fiber_pick(struct world *world)
{
    struct fiber *ready[2 * PROCESSES];
    int count = 0;
    for (int i = 0; i < world->process_count; i++) {
        struct process *process = world->processes[i];
        if (fiber_ready(world, &process->loop))
            ready[count++] = &process->loop;
        if (fiber_ready(world, &process->publishing))
            ready[count++] = &process->publishing;
    }
    return count == 0 ? NULL : ready[random_below(&world->random, count)];
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void time_pass(struct world *world)
{
    int64_t next = world->now_ms + 100;
    for (int i = 0; i < world->process_count; i++) {
        const struct process *process = world->processes[i];
        const struct fiber *fibers[] = {&process->loop, &process->publishing};
        for (int f = 0; f < 2; f++) {
            int64_t wake = later(fibers[f]->wake_ms, process->stalled_until_ms);
            if (fibers[f]->alive && wake < next)
                next = wake;
        }
    }
    world->now_ms = later(next, world->now_ms + 1);
    inputs_feed(world);
    kafka_tick(world);
    processes_keep(world);
    faults_tick(world);
}

static void world_init(struct world *world, uint64_t seed, enum variant variant, bool verbose)
{
    struct process *processes[PROCESSES];
    memcpy(processes, world->processes, sizeof processes);
    memset(world, 0, offsetof(struct world, outputs));
    memcpy(world->processes, processes, sizeof processes);
    world->output_count = 0;
    memset(world->visible, 0, sizeof world->visible);
    world->violation[0] = '\0';
    world->random.state = seed;
    world->repeats.state = ~seed;
    world->variant = variant;
    world->verbose = verbose;
    kafka_init(world);
    faults_draw(world);
}

/* What was reset while nothing moved is noticed at the next assignment: bring one about. */
static void processes_end(struct world *world)
{
    for (int i = 0; i < world->process_count; i++) {
        struct process *process = world->processes[i];
        process->alive = process->loop.alive = process->publishing.alive = false;
    }
}

void world_run(struct world *world, uint64_t seed, enum variant variant, bool verbose)
{
    world_init(world, seed, variant, verbose);
    for (;;) {
        struct fiber *fiber = fiber_pick(world);
        if (fiber != NULL) {
            world->running = fiber;
            swapcontext(&world->scheduler, &fiber->context);
            world->running = NULL;
        } else {
            time_pass(world);
        }
        check_positions(world);
        if (world->violation[0] != '\0')
            return;
        if (!world->calm && world->now_ms >= world->faults_end_ms) {
            world->calm = true;
            world_trace(world, "calm");
            if (check_tainted(world))
                processes_end(world);
        }
        if (world->calm && fiber == NULL && check_drained(world))
            break;
        if (world->now_ms > world->faults_end_ms + CALM_BOUND_MS) {
            world_violate(world, "not drained %d ms after the last fault", CALM_BOUND_MS);
            return;
        }
    }
    check_end(world);
}
