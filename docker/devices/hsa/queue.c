#define _GNU_SOURCE
#include "queue.h"

#include "problem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { QUEUE_TYPE_COMPUTE_AQL = 2 };
/* Of amd_queue_t (amd_hsa_queue.h), which holds both indices. */
enum { WRITE_INDEX_AT = 56, READ_INDEX_AT = 128 };
enum { SHORTEST_NANOSECONDS = 20000, LONGEST_PAUSES = 100 };

struct queue {
    struct device *device;
    uint64_t address; /* of its amd_queue_t */
    union packet *ring;
    uint64_t packets;
    const _Atomic uint64_t *write_index;
    _Atomic uint64_t *read_index;
    atomic_bool stop;
    pthread_t thread;
};

/* Profilers divide by end - start: ticks grow and never repeat. */
static atomic_ullong ticks = 1000;

static struct signal *signal_at(struct device *device, uint64_t handle)
{
    struct signal *signal = memory_at(&device->memory, handle, sizeof *signal, MEMORY_WRITABLE);
    if (signal == NULL || handle % sizeof(uint64_t) != 0)
        give_up("a packet names the signal 0x%" PRIx64 ", which is in no memory that ROCr allocated", handle);
    return signal;
}

static void complete(struct device *device, uint64_t handle)
{
    if (handle == 0)
        return;
    struct signal *signal = signal_at(device, handle);
    signal->start_tick = atomic_fetch_add(&ticks, 10);
    signal->end_tick = signal->start_tick + 5;
    /* Read before the value changes: whoever waits for the value may free the signal at once. */
    uint64_t mailbox = signal->event_mailbox;
    uint32_t event = signal->event_id;
    _Atomic uint64_t *place = memory_at(&device->memory, mailbox, sizeof *place, MEMORY_WRITABLE);
    if (mailbox != 0 && (place == NULL || mailbox % sizeof *place != 0))
        give_up("the signal 0x%" PRIx64 " has its mailbox at 0x%" PRIx64 ", in no memory that ROCr allocated", handle, mailbox);
    atomic_fetch_sub(&signal->value, 1);
    if (mailbox == 0)
        return;
    atomic_store(place, event);
    if (device->set_event != NULL)
        device->set_event(device->set_event_data, event);
}

static bool barrier_is_met(struct device *device, const struct barrier *barrier, bool all_of_them)
{
    unsigned wanted = 0, met = 0;
    for (int i = 0; i < BARRIER_SIGNALS; i++) {
        if (barrier->signals[i] == 0)
            continue;
        wanted++;
        met += atomic_load(&signal_at(device, barrier->signals[i])->value) == 0;
    }
    return all_of_them ? met == wanted : wanted == 0 || met > 0;
}

static bool barrier_value_is_met(struct device *device, const struct barrier_value *barrier)
{
    if (barrier->signal == 0)
        return true;
    int64_t value = atomic_load(&signal_at(device, barrier->signal)->value) & barrier->mask;
    switch (barrier->condition) { /* hsa_signal_condition_t */
    case 0: return value == barrier->value;
    case 1: return value != barrier->value;
    case 2: return value < barrier->value;
    default: return value >= barrier->value;
    }
}

static bool is_met(struct device *device, const union packet *packet, unsigned type)
{
    if (type == PACKET_BARRIER_AND || type == PACKET_BARRIER_OR)
        return barrier_is_met(device, &packet->barrier, type == PACKET_BARRIER_AND);
    if (type == PACKET_VENDOR && packet->barrier_value.vendor_format == VENDOR_BARRIER_VALUE)
        return barrier_value_is_met(device, &packet->barrier_value);
    return true;
}

static void run(const struct queue *queue, const union packet *packet, unsigned type)
{
    struct device *device = queue->device;
    if (type == PACKET_DISPATCH)
        device->run(device, &packet->dispatch, queue->address);
    else if (type == PACKET_BARRIER_AND || type == PACKET_BARRIER_OR || type == PACKET_VENDOR)
        atomic_fetch_add(device->barriers, 1);
}

/* Sleep, longer and longer: many short sleeps of many idle queues keep a small virtual machine busy with timers alone. Who
 * sleeps gets a processor at once when it wakes; who yields gets it when ROCr's threads, which poll without a pause, have had
 * their turn, milliseconds later (docs/null-gpu.md). */
static void back_off(unsigned idle)
{
    long pauses = idle < LONGEST_PAUSES ? idle + 1 : LONGEST_PAUSES;
    nanosleep(&(struct timespec){ .tv_nsec = pauses * SHORTEST_NANOSECONDS }, NULL);
}

/* One packet after the other, each to its end: that is what the barrier bit asks for at most. */
static void *process(void *argument)
{
    struct queue *queue = argument;
    /* Else it has that of the thread that made it, which is far longer than these sleeps. */
    prctl(PR_SET_TIMERSLACK, 1UL);
    uint64_t index = 0;
    unsigned idle = 0;
    while (!atomic_load(&queue->stop)) {
        union packet *packet = &queue->ring[index % queue->packets];
        unsigned type = atomic_load(&packet->header) & 0xff;
        if (index >= atomic_load(queue->write_index) || type == PACKET_INVALID || !is_met(queue->device, packet, type)) {
            back_off(idle++);
            continue;
        }
        idle = 0;
        uint64_t completion = packet->dispatch.completion;
        run(queue, packet, type);
        /* The slot and the arguments belong to the program again as soon as the read index has passed it. */
        atomic_store(&packet->header, PACKET_INVALID);
        atomic_store(queue->read_index, ++index);
        complete(queue->device, completion);
    }
    return NULL;
}

struct queue *queue_start(struct device *device, const struct queue_info *info)
{
    if (info->queue_type != QUEUE_TYPE_COMPUTE_AQL)
        give_up("queue type %" PRIu32 " is not supported; set HSA_ENABLE_SDMA=0", info->queue_type);
    struct memory *memory = &device->memory;
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL || info->ring_size < PACKET_BYTES)
        give_up("no memory for a queue, or a ring of %" PRIu32 " bytes", info->ring_size);
    queue->device = device;
    if (info->read_pointer_address - info->write_pointer_address == READ_INDEX_AT - WRITE_INDEX_AT)
        queue->address = info->write_pointer_address - WRITE_INDEX_AT;
    queue->ring = memory_at(memory, info->ring_base_address, info->ring_size, MEMORY_WRITABLE);
    queue->packets = info->ring_size / PACKET_BYTES;
    queue->write_index = memory_at(memory, info->write_pointer_address, sizeof *queue->write_index, 0);
    queue->read_index = memory_at(memory, info->read_pointer_address, sizeof *queue->read_index, MEMORY_WRITABLE);
    if (queue->ring == NULL || queue->write_index == NULL || queue->read_index == NULL)
        give_up("a queue's ring at 0x%" PRIx64 " or its indices at 0x%" PRIx64 " and 0x%" PRIx64 " are in no memory that ROCr allocated",
                info->ring_base_address, info->write_pointer_address, info->read_pointer_address);
    if (pthread_create(&queue->thread, NULL, process, queue) != 0)
        give_up("cannot start a thread for a queue");
    return queue;
}

void queue_stop(struct queue *queue)
{
    atomic_store(&queue->stop, true);
    pthread_join(queue->thread, NULL);
    free(queue);
}
