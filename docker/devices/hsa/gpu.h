/* What a library does that plays a GPU, beside what all of them do. Each library has one file that defines these. */
#ifndef GFXBAKE_GPU_H
#define GFXBAKE_GPU_H

#include "aql.h"
#include "kernel.h"

enum { MORE_BYTES = 200 };

struct launch {
    const struct dispatch *dispatch;
    const struct kernel *kernel; /* it is there */
    uint64_t queue; /* address of the amd_queue_t; 0 when it is not known */
    struct memory *memory; /* what a kernel may touch */
};

/* What each of its lines on stderr begins with. */
extern const char gpu_name[];

/* Carries a kernel out, to its end. Several queues may call it at the same time. */
void gpu_run(const struct launch *launch);

/* Adds to the last line, with a space in front. */
void gpu_report(char more[MORE_BYTES]);

#endif
