/* What a launch may touch. */
#define _GNU_SOURCE
#include "launch.h"

#include <inttypes.h>

static int (*memory_allowed)(uint64_t address, size_t bytes, int writes);

void emu_memory_allowed(int (*allowed)(uint64_t address, size_t bytes, int writes))
{
    memory_allowed = allowed;
}

bool is_readable(uint64_t address, size_t bytes)
{
    return memory_allowed == NULL || memory_allowed(address, bytes, 0);
}

bool is_checked(const struct worker *worker, uint64_t address, uint64_t bytes, bool writes)
{
    if (memory_allowed == NULL)
        return address >= PAGE_BYTES;
    for (unsigned i = 0; i < KNOWN_SPANS; i++) {
        const struct span *span = &worker->spans[writes][i];
        if (address >= span->start && address < span->end && bytes <= span->end - address)
            return true;
    }
    return false;
}

/* Asks for more than is wanted, so that the next accesses need no question. */
static bool ask(struct worker *worker, uint64_t address, size_t bytes, bool writes)
{
    static const uint64_t windows[] = { 1 << 21, 1 << 16, PAGE_BYTES };
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        uint64_t start = address & ~(windows[i] - 1);
        if (address - start + bytes > windows[i] || !memory_allowed(start, windows[i], writes))
            continue;
        worker->spans[writes][worker->next_span++ % KNOWN_SPANS] = (struct span){ start, start + windows[i] };
        return true;
    }
    return memory_allowed(address, bytes, writes);
}

void check(struct wave *wave, uint64_t address, size_t bytes, bool writes)
{
    if (address < PAGE_BYTES)
        fail(wave->worker, "it touches 0x%" PRIx64 ", where no memory is", address);
    if (!is_checked(wave->worker, address, bytes, writes) && !ask(wave->worker, address, bytes, writes))
        fail(wave->worker, "it %s %zu bytes at 0x%" PRIx64 ", which is no memory of the GPU", writes ? "writes" : "reads", bytes, address);
}
