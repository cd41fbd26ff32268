#include "memory.h"

#include <stdlib.h>
#include <string.h>

void memory_init(struct memory *memory)
{
    *memory = (struct memory){ .ranges = NULL };
    pthread_mutex_init(&memory->lock, NULL);
}

void memory_destroy(struct memory *memory)
{
    pthread_mutex_destroy(&memory->lock);
    free(memory->ranges);
    *memory = (struct memory){ .ranges = NULL };
}

/* The first range that ends behind the address. */
static size_t first_behind(const struct memory *memory, uint64_t address)
{
    size_t low = 0, high = memory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct range *range = &memory->ranges[middle];
        if (address < range->base || address - range->base < range->size)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void drop(struct memory *memory, size_t index, size_t count)
{
    if (count == 0)
        return;
    memmove(memory->ranges + index, memory->ranges + index + count, (memory->count - index - count) * sizeof *memory->ranges);
    memory->count -= count;
}

static bool add(struct memory *memory, struct range range)
{
    if (memory->count == memory->capacity) {
        size_t capacity = memory->capacity == 0 ? 64 : memory->capacity * 2;
        struct range *more = realloc(memory->ranges, capacity * sizeof *more);
        if (more == NULL)
            return false;
        memory->ranges = more;
        memory->capacity = capacity;
    }
    size_t index = first_behind(memory, range.base), end = index;
    while (end < memory->count && memory->ranges[end].base < range.base + range.size)
        end++;
    drop(memory, index, end - index);
    memmove(memory->ranges + index + 1, memory->ranges + index, (memory->count - index) * sizeof *memory->ranges);
    memory->ranges[index] = range;
    memory->count++;
    return true;
}

bool memory_add(struct memory *memory, struct range range)
{
    if (range.size == 0 || range.size > UINT64_MAX - range.base)
        return true;
    pthread_mutex_lock(&memory->lock);
    bool added = add(memory, range);
    pthread_mutex_unlock(&memory->lock);
    return added;
}

void memory_remove(struct memory *memory, uint64_t base)
{
    pthread_mutex_lock(&memory->lock);
    size_t index = first_behind(memory, base);
    if (index < memory->count && memory->ranges[index].base == base)
        drop(memory, index, 1);
    pthread_mutex_unlock(&memory->lock);
}

bool memory_range(struct memory *memory, uint64_t address, struct range *range)
{
    pthread_mutex_lock(&memory->lock);
    size_t index = first_behind(memory, address);
    bool found = index < memory->count && memory->ranges[index].base <= address;
    if (found)
        *range = memory->ranges[index];
    pthread_mutex_unlock(&memory->lock);
    return found;
}

static bool allows(const struct range *range, uint32_t wanted)
{
    if ((range->flags & (MEMORY_DOORBELL | MEMORY_MMIO)) != 0)
        return false;
    /* ROCr maps the GPU's own memory for the processor only when it is public. */
    if ((range->flags & MEMORY_VRAM) != 0 && (range->flags & MEMORY_PUBLIC) == 0)
        return false;
    return (range->flags & wanted) == wanted;
}

static bool has(const struct memory *memory, uint64_t address, uint64_t size, uint32_t wanted)
{
    for (size_t index = first_behind(memory, address); index < memory->count; index++) {
        const struct range *range = &memory->ranges[index];
        if (range->base > address || !allows(range, wanted))
            return false;
        uint64_t rest = range->size - (address - range->base);
        if (size <= rest)
            return true;
        address += rest;
        size -= rest;
    }
    return false;
}

bool memory_has(struct memory *memory, uint64_t address, uint64_t size, uint32_t wanted)
{
    pthread_mutex_lock(&memory->lock);
    bool there = has(memory, address, size, wanted);
    pthread_mutex_unlock(&memory->lock);
    return there;
}

void *memory_at(struct memory *memory, uint64_t address, uint64_t size, uint32_t wanted)
{
    return memory_has(memory, address, size, wanted) ? (void *)(uintptr_t)address : NULL;
}
