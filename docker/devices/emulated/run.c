/* A launch: its work-groups over threads. */
#define _GNU_SOURCE
#include "launch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64, MOST_SCRATCH = 1 << 20 };
enum { PROPERTY_WAVE32 = 1 << 10 };

static int wanted_threads;

enum emu_target emu_target_named(const char *name)
{
    static const char *const names[EMU_TARGETS] = { "gfx1100", "gfx1101", "gfx1102", "gfx1103", "gfx1150", "gfx1151" };
    for (unsigned i = 0; i < EMU_TARGETS; i++) {
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    return EMU_TARGETS;
}

void emu_threads(int count)
{
    wanted_threads = count;
}

static void run_groups(struct worker *worker, struct shared *shared)
{
    const uint64_t *groups = shared->launch->groups;
    if (sigsetjmp(worker->jump, 1) != 0)
        return;
    for (;;) {
        uint64_t index = atomic_fetch_add(&shared->next, 1);
        if (index >= shared->groups || atomic_load(&shared->failed))
            return;
        uint64_t group[3] = { index % groups[0], index / groups[0] % groups[1], index / groups[0] / groups[1] };
        run_group(worker, group, shared->lanes, shared->launch_number);
    }
}

static void *work(void *argument)
{
    struct shared *shared = argument;
    unsigned csr = __builtin_ia32_stmxcsr();
    struct worker *worker = wake(shared);
    if (worker != NULL) {
        faults_are_of(worker);
        run_groups(worker, shared);
        faults_are_of(NULL);
        if (worker->failed)
            atomic_store(&shared->failed, 1);
    } else {
        report_no_memory(shared->launch);
        atomic_store(&shared->failed, 1);
    }
    __builtin_ia32_ldmxcsr(csr);
    if (worker != NULL) {
        pthread_mutex_lock(&shared->lock);
        shared->counts.instructions += worker->counts.instructions;
        shared->counts.waves += worker->counts.waves;
        shared->counts.groups += worker->counts.groups;
        shared->counts.bytes_read += worker->counts.bytes_read;
        shared->counts.bytes_written += worker->counts.bytes_written;
        pthread_mutex_unlock(&shared->lock);
        rest(worker);
    }
    return NULL;
}

static int refuse(char *error, size_t size, const struct emu_launch *launch, const char *why)
{
    if (size > 0)
        snprintf(error, size, "kernel %s: %s", launch->name != NULL ? launch->name : "without a name", why);
    return -1;
}

int emu_run(enum emu_target target, const struct emu_launch *request, struct emu_counts *counts, char *error, size_t error_size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, catch_faults);
    if (error_size > 0)
        error[0] = '\0';
    struct descriptor_words descriptor;
    memcpy(&descriptor, request->descriptor, sizeof descriptor);
    struct launch launch = { .request = request, .target = target, .lanes = lanes_best(), .error = error, .error_size = error_size };
    struct shared shared = { .launch = &launch, .groups = 1, .lock = PTHREAD_MUTEX_INITIALIZER };
    uint64_t items = 1;
    if (target >= EMU_TARGETS)
        return refuse(error, error_size, request, "its GPU is not one that is emulated");
    for (unsigned axis = 0; axis < 3; axis++) {
        if (request->group[axis] == 0 || request->grid[axis] == 0)
            return refuse(error, error_size, request, "its grid or work-group is empty");
        items *= request->group[axis];
        launch.groups[axis] = ((uint64_t)request->grid[axis] + request->group[axis] - 1) / request->group[axis];
        if (__builtin_mul_overflow(shared.groups, launch.groups[axis], &shared.groups))
            return refuse(error, error_size, request, "its grid has more work-groups than can be counted");
    }
    shared.lanes = descriptor.properties & PROPERTY_WAVE32 ? 32 : 64;
    shared.waves = (unsigned)((items + shared.lanes - 1) / shared.lanes);
    if (items > 1024)
        return refuse(error, error_size, request, "its work-group has more than 1024 work items");
    if (request->lds_bytes > MOST_LDS)
        return refuse(error, error_size, request, "it wants more than 64 KiB of the work-group's memory");
    if (request->private_bytes > MOST_SCRATCH)
        return refuse(error, error_size, request, "it wants more than 1 MiB of scratch for a work item");
    if ((descriptor.resources2 >> 1 & 31) > 16 || (descriptor.preload & 0x7f) != 0)
        return refuse(error, error_size, request, "its descriptor asks for too many scalar registers, or for preloaded arguments");
    shared.lds_bytes = request->lds_bytes;
    shared.scratch_bytes = (request->private_bytes + 15) & ~15u;
    shared.launch_number = new_launch_number();
    long processors = wanted_threads > 0 ? wanted_threads : sysconf(_SC_NPROCESSORS_ONLN);
    if (processors > MOST_THREADS)
        processors = MOST_THREADS;
    if ((uint64_t)processors > shared.groups)
        processors = (long)shared.groups;
    pthread_t threads[MOST_THREADS];
    long started = 0;
    while (started < processors - 1 && pthread_create(&threads[started], NULL, work, &shared) == 0)
        started++;
    work(&shared);
    for (long i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (counts != NULL) {
        counts->instructions += shared.counts.instructions;
        counts->waves += shared.counts.waves;
        counts->groups += shared.counts.groups;
        counts->bytes_read += shared.counts.bytes_read;
        counts->bytes_written += shared.counts.bytes_written;
    }
    return atomic_load(&shared.failed) ? -1 : 0;
}
