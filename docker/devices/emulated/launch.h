/* What the parts of a launch know of each other. */
#ifndef GFXBAKE_LAUNCH_H
#define GFXBAKE_LAUNCH_H

#include "execute.h"

#include <pthread.h>

struct descriptor_words {
    uint32_t group_bytes, private_bytes, argument_bytes, reserved;
    int64_t entry;
    uint32_t more_reserved[5], resources3, resources1, resources2;
    uint16_t properties, preload;
    uint32_t last_reserved;
};
_Static_assert(sizeof(struct descriptor_words) == 64, "kernel descriptor");

/* Writes the launch's error, if it has none yet. */
void report(struct worker *worker, const char *what);
/* Of a launch that has no worker. */
void report_no_memory(struct launch *launch);

void catch_faults(void);
/* Whose accesses this thread makes; NULL: nobody's. A fault then ends that one's launch. */
void faults_are_of(struct worker *worker);

/* Whether all of it may be read as code. */
bool is_readable(uint64_t address, size_t bytes);

/* Pages of code are looked at again in each launch, once. */
uint64_t new_launch_number(void);
const struct page *page_at(struct worker *worker, uint64_t pc, uint64_t launch_number);

/* Without the lock where this worker has been there. */
static inline const struct page *own_page_at(struct worker *worker, uint64_t pc, uint64_t launch_number)
{
    const struct page **known = &worker->pages[pc / PAGE_BYTES % KNOWN_PAGES];
    if (*known == NULL || pc - (*known)->base >= PAGE_BYTES)
        *known = page_at(worker, pc, launch_number);
    return *known;
}

void start_wave(struct worker *worker, unsigned index, unsigned lanes, const uint64_t *group, const uint32_t *size);
void run_group(struct worker *worker, const uint64_t *group, unsigned lanes, uint64_t launch_number);

/* What the threads of a launch have in common. */
struct shared {
    struct launch *launch;
    atomic_ullong next;
    uint64_t groups, launch_number;
    unsigned lanes, waves;
    uint32_t lds_bytes, scratch_bytes;
    atomic_int failed;
    pthread_mutex_t lock;
    struct emu_counts counts;
};

/* One that rests, or a new one; NULL without memory. */
struct worker *wake(const struct shared *shared);
void rest(struct worker *worker);

#endif
