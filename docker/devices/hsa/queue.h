/* An AQL queue and the thread that works on it, packet by packet in their order. What a dispatch does is the device's matter. */
#ifndef GFXBAKE_QUEUE_H
#define GFXBAKE_QUEUE_H

#include "aql.h"
#include "memory.h"

/* Of hsakmt/hsakmtmodeliface.h. */
struct queue_info {
    uint64_t ring_base_address;
    uint64_t write_pointer_address;
    uint64_t read_pointer_address;
    uint64_t *doorbell;
    uint32_t ring_size;
    uint32_t queue_type;
};

typedef void (*set_event_fn)(void *data, unsigned event_id);

struct device {
    struct memory memory;
    set_event_fn set_event;
    void *set_event_data;
    /* Runs a kernel to its end; the packet's completion signal is the queue's matter. The queue is its amd_queue_t's address, or 0. */
    void (*run)(struct device *device, const struct dispatch *dispatch, uint64_t queue);
    atomic_ullong *barriers;
};

struct queue;

struct queue *queue_start(struct device *device, const struct queue_info *info);
void queue_stop(struct queue *queue);

#endif
