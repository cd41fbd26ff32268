#include "kernel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* CODE_ALIGNMENT and DESCRIPTOR_ALIGNMENT are AMDGPUUsage's. No compiler writes a hole as large as HOLE_BYTES into a function. */
enum { CODE_ALIGNMENT = 256, DESCRIPTOR_ALIGNMENT = 64, FIRST_BYTES = 64, HOLE_BYTES = 64 };

/* The offset of the first hole of zeros in code, or the size when there is none. Instructions are words. */
static uint64_t first_hole(const void *code, uint64_t size, uint64_t hole)
{
    uint64_t zeros = 0;
    for (uint64_t offset = 0; offset + sizeof(uint32_t) <= size; offset += sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, (const char *)code + offset, sizeof word);
        zeros = word == 0 ? zeros + sizeof word : 0;
        if (zeros >= hole)
            return offset + sizeof word - zeros;
    }
    return size;
}

static bool code_is_there(struct memory *memory, uint64_t entry, const struct kernel_symbol *kernel, struct problem *why)
{
    if (kernel->code != 0 && kernel->code != entry)
        return complain(why, "its descriptor leads to 0x%" PRIx64 ", its function lies at 0x%" PRIx64, entry, kernel->code);
    if (entry % CODE_ALIGNMENT != 0)
        return complain(why, "its descriptor leads to 0x%" PRIx64 ", which is no multiple of 256", entry);
    uint64_t size = kernel->code == 0 || kernel->code_bytes < FIRST_BYTES ? FIRST_BYTES : kernel->code_bytes;
    const void *code = memory_at(memory, entry, size, MEMORY_EXECUTABLE);
    if (code == NULL)
        return complain(why, "its %" PRIu64 " bytes of code at 0x%" PRIx64 " are in no executable memory that ROCr allocated", size, entry);
    if (first_hole(code, FIRST_BYTES, FIRST_BYTES) != FIRST_BYTES)
        return complain(why, "its code at 0x%" PRIx64 " is all zero", entry);
    uint64_t hole = first_hole(code, size, HOLE_BYTES);
    if (hole != size)
        return complain(why, "its code at 0x%" PRIx64 " has a hole of zeros after %" PRIu64 " of %" PRIu64 " bytes", entry, hole, size);
    return true;
}

static bool is_all_zero(const struct descriptor *descriptor)
{
    static const struct descriptor zero;
    return memcmp(descriptor, &zero, sizeof zero) == 0;
}

static bool check(struct memory *memory, uint64_t address, struct kernel *kernel, struct problem *why)
{
    struct descriptor descriptor;
    const void *place = memory_at(memory, address, sizeof descriptor, 0);
    if (place == NULL)
        return complain(why, "its descriptor at 0x%" PRIx64 " is in no memory that ROCr allocated", address);
    memcpy(&descriptor, place, sizeof descriptor);
    if (address % DESCRIPTOR_ALIGNMENT != 0)
        return complain(why, "its descriptor at 0x%" PRIx64 " is not at a multiple of 64", address);
    if (is_all_zero(&descriptor))
        return complain(why, "its descriptor at 0x%" PRIx64 " is all zero", address);
    const uint32_t *more = descriptor.more_reserved;
    if ((descriptor.reserved | more[0] | more[1] | more[2] | more[3] | more[4] | descriptor.last_reserved) != 0)
        return complain(why, "reserved bytes of its descriptor at 0x%" PRIx64 " are not zero", address);
    /* Unsigned: an offset can be negative, and a wrong one lands in no memory. */
    kernel->descriptor = descriptor;
    kernel->code = address + (uint64_t)descriptor.entry;
    struct range range = { .base = kernel->code };
    if (memory_range(memory, kernel->code, &range))
        kernel->code_end = range.base + range.size;
    return code_is_there(memory, kernel->code, &kernel->symbol, why);
}

bool kernel_find(struct memory *memory, uint64_t address, struct kernel *kernel, struct problem *problem)
{
    struct code_object object = { .base = 0 };
    struct problem why;
    *kernel = (struct kernel){ .code = 0 };
    bool found = code_object_find(memory, address, &object);
    bool named = found && code_object_kernel(&object, address, &kernel->symbol);
    bool there = check(memory, address, kernel, &why);
    kernel->machine = found ? object.machine : 0;
    if (there && found && object.symbols != 0 && !named)
        there = complain(&why, "no symbol of the code object leads to a descriptor at 0x%" PRIx64, address);
    if (there)
        return true;
    char where[200] = "", target[TARGET_BYTES] = "";
    if (found) {
        code_object_target(&object, target);
        snprintf(where, sizeof where, " of the code object for %s at 0x%" PRIx64 " (%" PRIu64 " bytes)",
                 target[0] != '\0' ? target : "an unknown target", object.base, object.size);
    }
    return complain(problem, "kernel %s%s is not there: %s; next: compare the file that holds it with the full image's (docs/null-gpu.md)",
                    named ? kernel->symbol.name : "without a name", where, why.text);
}
