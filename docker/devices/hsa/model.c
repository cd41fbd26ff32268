/* A GPU that ROCr takes for one of its own. What it does with a kernel is gpu.h's matter.
 *
 * ROCr 7 can take its GPU from a library instead of from the kernel driver (HSA_MODEL_TOPOLOGY + HSA_MODEL_LIB). This part of
 * such a library does ROCr's own copies and fills, so that code objects arrive, and of every other kernel it checks that it is
 * there.
 *
 * Written from hsakmt/hsakmtmodeliface.h, interface 0.4. The environment must also say HSA_ENABLE_SDMA=0 (only AQL queues are
 * understood here) and HSA_ENABLE_INTERRUPT=0 (ROCr's model layer can lose an event's wake-up).
 *
 * At exit one line goes to stderr, so that a caller can require that kernels were really launched; ROCr's copies and fills
 * are not among the dispatches:
 *   gfxbake-nullgpu: dispatches 123 barriers 4 copies 20 fills 1
 * A program that is killed has no exit (Ollama ends its runners so), which is why the first dispatch has a line of its own:
 *   gfxbake-nullgpu: first dispatch
 */
#define _GNU_SOURCE
#include "blit.h"
#include "gpu.h"
#include "model.h"
#include "zeroing.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { TIMER_SLACK_NANOSECONDS = 1000000 };

static atomic_ullong dispatches;
static atomic_ullong barriers;
static atomic_ullong copies;
static atomic_ullong fills;

static void run(struct device *device, const struct dispatch *dispatch, uint64_t queue)
{
    struct problem problem;
    struct kernel kernel;
    switch (blit_run(&device->memory, dispatch, &problem)) {
    case BLIT_COPY: atomic_fetch_add(&copies, 1); return;
    case BLIT_FILL: atomic_fetch_add(&fills, 1); return;
    case BLIT_WRONG: give_up("%s", problem.text);
    case BLIT_NONE: break;
    }
    if (!kernel_find(&device->memory, dispatch->descriptor, &kernel, &problem))
        give_up("%s", problem.text);
    if (atomic_fetch_add(&dispatches, 1) == 0)
        fprintf(stderr, "%s: first dispatch\n", gpu_name);
    gpu_run(&(struct launch){ dispatch, &kernel, queue, &device->memory });
}

static struct device *create(void)
{
    /* Without interrupts ROCr's own threads poll with sleeps of 20 microseconds. They inherit this slack, which lets the
     * kernel serve many sleeps with one timer: measured on two virtual cores, 4 to 350 s of start-up become 2 to 3 s. */
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NANOSECONDS);
    zeroing_restore();
    struct device *device = calloc(1, sizeof *device);
    if (device == NULL)
        return NULL;
    memory_init(&device->memory);
    device->run = run;
    device->barriers = &barriers;
    return device;
}

static void destroy(struct device *device)
{
    memory_destroy(&device->memory);
    free(device);
}

static void set_set_event(struct device *device, set_event_fn set_event, void *data)
{
    device->set_event = set_event;
    device->set_event_data = data;
}

static void ignore_aperture(struct device *device, void *base, uint64_t size)
{
    (void)device, (void)base, (void)size;
}

static void alloced_memory(struct device *device, void *base, uint64_t size, uint32_t flags)
{
    if (!memory_add(&device->memory, (struct range){ .base = (uintptr_t)base, .size = size, .flags = flags }))
        give_up("no memory to remember an allocation");
}

static void freed_memory(struct device *device, void *base, uint64_t size)
{
    (void)size;
    memory_remove(&device->memory, (uintptr_t)base);
}

static struct queue *register_queue(struct device *device, struct queue_info *info)
{
    return queue_start(device, info);
}

static void destroy_queue(struct device *device, struct queue *queue)
{
    (void)device;
    queue_stop(queue);
}

static void ignore_notify(struct device *device, void (*callback)(void *data), void *data)
{
    (void)device, (void)callback, (void)data;
}

static void ignore_wait(struct device *device, void (*callback)(void *data, uint64_t address, uint64_t age), void *data)
{
    (void)device, (void)callback, (void)data;
}

const struct model_functions *get_hsakmt_model_functions(void)
{
    static const struct model_functions functions = {
        .version_major = INTERFACE_MAJOR,
        .version_minor = INTERFACE_MINOR,
        .create = create,
        .destroy = destroy,
        .set_global_aperture = ignore_aperture,
        .alloced_memory = alloced_memory,
        .freed_memory = freed_memory,
        .set_notify_event = ignore_notify,
        .set_wait_event = ignore_wait,
        .register_queue = register_queue,
        .set_set_event = set_set_event,
        .destroy_queue = destroy_queue,
    };
    zeroing_skip_large(__builtin_return_address(0));
    return &functions;
}

__attribute__((destructor)) static void report(void)
{
    char more[MORE_BYTES] = "";
    gpu_report(more);
    fprintf(stderr, "%s: dispatches %llu barriers %llu copies %llu fills %llu%s\n", gpu_name, atomic_load(&dispatches),
            atomic_load(&barriers), atomic_load(&copies), atomic_load(&fills), more);
}
