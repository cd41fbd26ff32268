/* What ROCr said it allocated. Every address that comes out of a packet, a descriptor or an argument is looked up here first:
 * a wrong one becomes an error with its name, never a wild read or write. */
#ifndef GFXBAKE_MEMORY_H
#define GFXBAKE_MEMORY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* KFD_IOC_ALLOC_MEM_FLAGS_* of the kernel's kfd_ioctl.h. */
enum { MEMORY_VRAM = 1u << 0, MEMORY_DOORBELL = 1u << 3, MEMORY_MMIO = 1u << 4 };
#define MEMORY_PUBLIC (UINT32_C(1) << 29)
#define MEMORY_EXECUTABLE (UINT32_C(1) << 30)
#define MEMORY_WRITABLE (UINT32_C(1) << 31)

struct range {
    uint64_t base;
    uint64_t size;
    uint32_t flags;
};

struct memory {
    pthread_mutex_t lock;
    struct range *ranges; /* sorted by base; none overlaps another */
    size_t count;
    size_t capacity;
};

void memory_init(struct memory *memory);
void memory_destroy(struct memory *memory);

/* What it overlaps is forgotten: ROCr knows better than an older word of it. False without memory for the entry. */
bool memory_add(struct memory *memory, struct range range);
void memory_remove(struct memory *memory, uint64_t base);

/* The allocation that holds the address. */
bool memory_range(struct memory *memory, uint64_t address, struct range *range);

/* Whether a program of this process may read, or with wanted flags write or execute, all of these bytes; neighbouring allocations
 * count as one, because ROCr splits large ones. Addresses of the GPU are those of the CPU. */
bool memory_has(struct memory *memory, uint64_t address, uint64_t size, uint32_t wanted);

/* The same as a pointer, or NULL. */
void *memory_at(struct memory *memory, uint64_t address, uint64_t size, uint32_t wanted);

#endif
