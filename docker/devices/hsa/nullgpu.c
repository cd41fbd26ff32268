/* A GPU that accepts all work and does none.
 *
 * Why: half of what a ROCm program needs is opened only when a GPU answers: comgr and LLVM at device init, rocBLAS
 * kernels at the first GEMM. A machine without a GPU would trace, and so keep, none of it. ROCr 7 can take its GPU
 * from a library instead of from the kernel driver (HSA_MODEL_TOPOLOGY + HSA_MODEL_LIB). This is the smallest such
 * library: it completes every packet of every queue and runs no kernel. Results are therefore meaningless; which files
 * are opened, and whether the stack comes up at all, is not.
 *
 * Written from hsakmt/hsakmtmodeliface.h, interface 0.4, and from the AQL packet and signal layouts of the HSA
 * Platform System Architecture Specification and amd_hsa_signal.h. The environment must also say HSA_ENABLE_SDMA=0
 * (only AQL queues are understood here) and HSA_ENABLE_INTERRUPT=0 (ROCr's model layer can lose an event's wake-up).
 *
 * At exit one line goes to stderr, so that a caller can require that kernels were really launched:
 *   gfxbake-nullgpu: dispatches 123 barriers 4
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define INTERFACE_MAJOR 0
#define INTERFACE_MINOR 4

enum { QUEUE_TYPE_COMPUTE_AQL = 2 };
enum { PACKET_VENDOR = 0, PACKET_INVALID = 1, PACKET_DISPATCH = 2, PACKET_BARRIER_AND = 3, PACKET_BARRIER_OR = 5 };
enum { VENDOR_BARRIER_VALUE = 2 };
enum { PACKET_BYTES = 64, BARRIER_SIGNALS = 5 };
enum { YIELDS = 100, SHORTEST_NANOSECONDS = 20000, LONGEST_PAUSES = 100, TIMER_SLACK_NANOSECONDS = 1000000 };
enum { ALLOWANCE_BYTES = 64 << 20 };

/* amd_signal_t; a signal's handle is its address, and ROCr maps it at the same address for CPU and GPU. */
struct signal {
    int64_t kind;
    _Atomic int64_t value;
    uint64_t event_mailbox;
    uint32_t event_id;
    uint32_t reserved;
    uint64_t start_tick;
    uint64_t end_tick;
};
_Static_assert(offsetof(struct signal, value) == 8 && offsetof(struct signal, end_tick) == 40, "amd_signal_t");

struct barrier_body {
    uint64_t signals[BARRIER_SIGNALS];
    uint64_t reserved;
};

struct barrier_value_body {
    uint64_t signal;
    int64_t value;
    int64_t mask;
    uint32_t condition;
    uint32_t reserved[5];
};

/* Only the fields of an AQL packet that matter to someone who runs nothing. */
struct packet {
    _Atomic uint16_t header;
    uint8_t vendor_format;
    uint8_t reserved[5];
    union {
        struct barrier_body barrier;
        struct barrier_value_body barrier_value;
    };
    uint64_t completion_signal;
};
_Static_assert(sizeof(struct packet) == PACKET_BYTES && offsetof(struct packet, completion_signal) == 56, "AQL packet");

typedef void (*set_event_fn)(void *data, unsigned event_id);

struct model {
    set_event_fn set_event;
    void *set_event_data;
};

struct queue_info {
    uint64_t ring_base_address;
    uint64_t write_pointer_address;
    uint64_t read_pointer_address;
    uint64_t *doorbell;
    uint32_t ring_size;
    uint32_t queue_type;
};

struct queue {
    struct model *model;
    struct packet *ring;
    uint64_t packets;
    const _Atomic uint64_t *write_index;
    _Atomic uint64_t *read_index;
    atomic_bool stop;
    pthread_t thread;
};

struct model_functions {
    uint32_t version_major;
    uint32_t version_minor;
    struct model *(*create)(void);
    void (*destroy)(struct model *);
    void (*set_global_aperture)(struct model *, void *base, uint64_t size);
    void (*alloced_memory)(struct model *, void *base, uint64_t size, uint32_t flags);
    void (*freed_memory)(struct model *, void *base, uint64_t size);
    void (*set_notify_event)(struct model *, void (*callback)(void *data), void *data);
    void (*set_wait_event)(struct model *, void (*callback)(void *data, uint64_t address, uint64_t age), void *data);
    struct queue *(*register_queue)(struct model *, struct queue_info *);
    void (*set_set_event)(struct model *, set_event_fn, void *data);
    void (*destroy_queue)(struct model *, struct queue *);
};

static atomic_ullong dispatches;
static atomic_ullong barriers;
/* Profilers divide by end - start: ticks grow and never repeat. */
static atomic_ullong ticks = 1000;

static void pause_for(long nanoseconds)
{
    nanosleep(&(struct timespec){ .tv_nsec = nanoseconds }, NULL);
}

static struct signal *signal_at(uint64_t handle)
{
    return (struct signal *)(uintptr_t)handle;
}

static void complete(const struct model *model, uint64_t handle)
{
    if (handle == 0)
        return;
    struct signal *signal = signal_at(handle);
    signal->start_tick = atomic_fetch_add(&ticks, 10);
    signal->end_tick = signal->start_tick + 5;
    /* Read before the value changes: whoever waits for the value may free the signal at once. */
    uint64_t mailbox = signal->event_mailbox;
    uint32_t event = signal->event_id;
    atomic_fetch_sub(&signal->value, 1);
    if (mailbox == 0)
        return;
    atomic_store((_Atomic uint64_t *)(uintptr_t)mailbox, event);
    if (model->set_event != NULL)
        model->set_event(model->set_event_data, event);
}

static bool barrier_is_met(const struct barrier_body *barrier, bool all_of_them)
{
    unsigned wanted = 0, met = 0;
    for (int i = 0; i < BARRIER_SIGNALS; i++) {
        if (barrier->signals[i] == 0)
            continue;
        wanted++;
        met += atomic_load(&signal_at(barrier->signals[i])->value) == 0;
    }
    return all_of_them ? met == wanted : wanted == 0 || met > 0;
}

static bool barrier_value_is_met(const struct barrier_value_body *barrier)
{
    if (barrier->signal == 0)
        return true;
    int64_t value = atomic_load(&signal_at(barrier->signal)->value) & barrier->mask;
    switch (barrier->condition) { /* hsa_signal_condition_t */
    case 0: return value == barrier->value;
    case 1: return value != barrier->value;
    case 2: return value < barrier->value;
    default: return value >= barrier->value;
    }
}

static bool is_met(const struct packet *packet, unsigned type)
{
    if (type == PACKET_BARRIER_AND || type == PACKET_BARRIER_OR)
        return barrier_is_met(&packet->barrier, type == PACKET_BARRIER_AND);
    if (type == PACKET_VENDOR && packet->vendor_format == VENDOR_BARRIER_VALUE)
        return barrier_value_is_met(&packet->barrier_value);
    return true;
}

static void count(unsigned type)
{
    if (type == PACKET_DISPATCH)
        atomic_fetch_add(&dispatches, 1);
    else if (type == PACKET_BARRIER_AND || type == PACKET_BARRIER_OR || type == PACKET_VENDOR)
        atomic_fetch_add(&barriers, 1);
}

/* Just after a packet the next one is near: give the processor away, but stay runnable. Later sleep, longer and longer:
 * many short sleeps of many idle queues keep a small virtual machine busy with timers alone. */
static void back_off(unsigned idle)
{
    if (idle < YIELDS)
        sched_yield();
    else
        pause_for(idle - YIELDS < LONGEST_PAUSES ? (idle - YIELDS + 1) * SHORTEST_NANOSECONDS : LONGEST_PAUSES * SHORTEST_NANOSECONDS);
}

static void *process(void *argument)
{
    struct queue *queue = argument;
    uint64_t index = 0;
    unsigned idle = 0;
    while (!atomic_load(&queue->stop)) {
        struct packet *packet = &queue->ring[index % queue->packets];
        unsigned type = atomic_load(&packet->header) & 0xff;
        if (index >= atomic_load(queue->write_index) || type == PACKET_INVALID || !is_met(packet, type)) {
            back_off(idle++);
            continue;
        }
        idle = 0;
        uint64_t completion = packet->completion_signal;
        count(type);
        /* The slot belongs to the program again as soon as the read index has passed it. */
        atomic_store(&packet->header, PACKET_INVALID);
        atomic_store(queue->read_index, ++index);
        complete(queue->model, completion);
    }
    return NULL;
}

static struct queue *register_queue(struct model *model, struct queue_info *info)
{
    if (info->queue_type != QUEUE_TYPE_COMPUTE_AQL) {
        fprintf(stderr, "gfxbake-nullgpu: queue type %" PRIu32 " is not supported; set HSA_ENABLE_SDMA=0\n", info->queue_type);
        abort();
    }
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL || info->ring_size < PACKET_BYTES) {
        fprintf(stderr, "gfxbake-nullgpu: no memory for a queue, or a ring of %" PRIu32 " bytes\n", info->ring_size);
        abort();
    }
    queue->model = model;
    queue->ring = (struct packet *)(uintptr_t)info->ring_base_address;
    queue->packets = info->ring_size / PACKET_BYTES;
    queue->write_index = (const _Atomic uint64_t *)(uintptr_t)info->write_pointer_address;
    queue->read_index = (_Atomic uint64_t *)(uintptr_t)info->read_pointer_address;
    if (pthread_create(&queue->thread, NULL, process, queue) != 0) {
        fprintf(stderr, "gfxbake-nullgpu: cannot start a thread for a queue\n");
        abort();
    }
    return queue;
}

static void destroy_queue(struct model *model, struct queue *queue)
{
    (void)model;
    atomic_store(&queue->stop, true);
    pthread_join(queue->thread, NULL);
    free(queue);
}

/* The limit that the process had; rlim_max is 0 while no other is in force. */
static struct rlimit data_limit;

/* ROCr 7.2.4 sizes two arrays by a word of its stack that nothing has set in model mode, and zeroes the first: up to 4 GB
 * and 10 s, at random (measured; gdb at hsaKmtOpenKFD). Without that memory it goes on with a warning. The arrays come
 * between the making of the model and its aperture, and nothing else of size does. */
static void forbid_large_allocations(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL)
        return;
    bool known = fscanf(statm, "%*u %*u %*u %*u %*u %lu", &pages) == 1;
    fclose(statm);
    if (!known || getrlimit(RLIMIT_DATA, &data_limit) != 0)
        return;
    struct rlimit low = { pages * (rlim_t)sysconf(_SC_PAGESIZE) + ALLOWANCE_BYTES, data_limit.rlim_max };
    if (low.rlim_cur >= data_limit.rlim_cur || setrlimit(RLIMIT_DATA, &low) != 0)
        data_limit.rlim_max = 0;
}

static void allow_allocations(void)
{
    if (data_limit.rlim_max != 0)
        setrlimit(RLIMIT_DATA, &data_limit);
    data_limit.rlim_max = 0;
}

static struct model *create(void)
{
    /* Without interrupts ROCr's own threads poll with sleeps of 20 microseconds. They inherit this slack, which lets the
     * kernel serve many sleeps with one timer: measured on two virtual cores, 4 to 350 s of start-up become 2 to 3 s. */
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NANOSECONDS);
    forbid_large_allocations();
    return calloc(1, sizeof(struct model));
}

static void destroy(struct model *model)
{
    allow_allocations();
    free(model);
}

static void set_set_event(struct model *model, set_event_fn set_event, void *data)
{
    model->set_event = set_event;
    model->set_event_data = data;
}

static void set_global_aperture(struct model *model, void *base, uint64_t size)
{
    (void)model, (void)base, (void)size;
    allow_allocations();
}

static void ignore_freeing(struct model *model, void *base, uint64_t size)
{
    (void)model, (void)base, (void)size;
}

static void ignore_allocation(struct model *model, void *base, uint64_t size, uint32_t flags)
{
    (void)model, (void)base, (void)size, (void)flags;
}

static void ignore_notify(struct model *model, void (*callback)(void *data), void *data)
{
    (void)model, (void)callback, (void)data;
}

static void ignore_wait(struct model *model, void (*callback)(void *data, uint64_t address, uint64_t age), void *data)
{
    (void)model, (void)callback, (void)data;
}

__attribute__((visibility("default"))) const struct model_functions *get_hsakmt_model_functions(void);

const struct model_functions *get_hsakmt_model_functions(void)
{
    static const struct model_functions functions = {
        .version_major = INTERFACE_MAJOR,
        .version_minor = INTERFACE_MINOR,
        .create = create,
        .destroy = destroy,
        .set_global_aperture = set_global_aperture,
        .alloced_memory = ignore_allocation,
        .freed_memory = ignore_freeing,
        .set_notify_event = ignore_notify,
        .set_wait_event = ignore_wait,
        .register_queue = register_queue,
        .set_set_event = set_set_event,
        .destroy_queue = destroy_queue,
    };
    return &functions;
}

__attribute__((destructor)) static void report(void)
{
    fprintf(stderr, "gfxbake-nullgpu: dispatches %llu barriers %llu\n", atomic_load(&dispatches), atomic_load(&barriers));
}
