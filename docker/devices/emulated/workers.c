/* The memory of the threads that run work-groups, kept from launch to launch. */
#define _GNU_SOURCE
#include "launch.h"

#include <stdlib.h>
#include <string.h>

static struct worker *resting;
static pthread_mutex_t resting_lock = PTHREAD_MUTEX_INITIALIZER;

void rest(struct worker *worker)
{
    pthread_mutex_lock(&resting_lock);
    worker->next = resting;
    resting = worker;
    pthread_mutex_unlock(&resting_lock);
}

static bool grow(struct worker *worker, size_t states, size_t scratch)
{
    if (states > worker->state_count) {
        free(worker->states);
        worker->states = aligned_alloc(64, states * sizeof *worker->states);
        worker->state_count = worker->states != NULL ? states : 0;
        if (worker->states != NULL)
            memset(worker->states, 0, states * sizeof *worker->states);
    }
    if (scratch > worker->scratch_capacity) {
        free(worker->scratch);
        worker->scratch = malloc(scratch);
        worker->scratch_capacity = worker->scratch != NULL ? scratch : 0;
    }
    return worker->state_count >= states && worker->scratch_capacity >= scratch;
}

struct worker *wake(const struct shared *shared)
{
    pthread_mutex_lock(&resting_lock);
    struct worker *worker = resting;
    if (worker != NULL)
        resting = worker->next;
    pthread_mutex_unlock(&resting_lock);
    if (worker == NULL)
        worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return NULL;
    /* What one launch knew is not true of the next. */
    memset((unsigned char *)worker + offsetof(struct worker, launch), 0, sizeof *worker - offsetof(struct worker, launch));
    worker->launch = shared->launch;
    worker->lds_bytes = shared->lds_bytes;
    worker->scratch_bytes = shared->scratch_bytes;
    size_t scratch = (size_t)shared->waves * shared->lanes * shared->scratch_bytes;
    free(worker->lds); /* of its size, so that a sanitizer sees what leaves it */
    worker->lds = calloc(1, shared->lds_bytes + 16u);
    if (worker->lds == NULL || !grow(worker, shared->waves * (shared->lanes / LANES), scratch)) {
        rest(worker);
        return NULL;
    }
    if (scratch > 0)
        memset(worker->scratch, 0, scratch);
    return worker;
}
