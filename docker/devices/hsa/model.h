/* What ROCr asks of a library that plays its GPU: hsakmt/hsakmtmodeliface.h, interface 0.4. */
#ifndef GFXBAKE_MODEL_H
#define GFXBAKE_MODEL_H

#include "queue.h"

enum { INTERFACE_MAJOR = 0, INTERFACE_MINOR = 4 };

struct model_functions {
    uint32_t version_major;
    uint32_t version_minor;
    struct device *(*create)(void);
    void (*destroy)(struct device *);
    void (*set_global_aperture)(struct device *, void *base, uint64_t size);
    void (*alloced_memory)(struct device *, void *base, uint64_t size, uint32_t flags);
    void (*freed_memory)(struct device *, void *base, uint64_t size);
    void (*set_notify_event)(struct device *, void (*callback)(void *data), void *data);
    void (*set_wait_event)(struct device *, void (*callback)(void *data, uint64_t address, uint64_t age), void *data);
    struct queue *(*register_queue)(struct device *, struct queue_info *);
    void (*set_set_event)(struct device *, set_event_fn, void *data);
    void (*destroy_queue)(struct device *, struct queue *);
};

__attribute__((visibility("default"))) const struct model_functions *get_hsakmt_model_functions(void);

#endif
