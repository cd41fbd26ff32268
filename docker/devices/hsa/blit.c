/* What is known of these kernels, from ROCr 7's amd_blit_kernel.cpp, amd_gpu_agent.cpp and blit_shaders:
 *
 * - Each lies alone at the start of an allocation: an amd_kernel_code_t of 256 bytes, then the code. Of those bytes only the
 *   entry (256), the resources and the properties are set. No code object looks like this: there a page starts with ELF's magic.
 * - Its first instructions load the arguments, 16 bytes at a time, from s[0:1] to s4 and up. Which loads these are tells the
 *   three kernels apart, on each generation, and from those that later versions added.
 * - Its arguments are the ends of the phases of one copy or fill, so they must fit each other.
 */
#include "blit.h"

#include "kernel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HEADER_BYTES = 256, WAVE = 64, MOST_LOADS = 6, FIRST_REGISTER = 4, LOAD_BYTES = 16, ENCODING_SOPP = 0x17f };

/* First words of s_load_dwordx4 and s_load_dword from s[0:1] to s0; the second word ends in the offset. */
static const struct encoding {
    uint32_t four, one;
} encodings[] = {
    { 0xc00a0000, 0xc0020000 }, /* gfx8, gfx9 */
    { 0xf4080000, 0xf4000000 }, /* gfx10, gfx11 */
    { 0xf4004000, 0xf4000000 }, /* gfx12 */
};

/* Where the phases of a copy begin, and the end: byte by byte to an aligned start, blocks, words, byte by byte. */
struct point {
    uint64_t from, to;
};

struct fill {
    uint64_t points[3];
    uint32_t value;
    uint32_t items;
};

enum { MOST_POINTS = 5 };

/* How many loads of four words, then of one, begin the code. */
struct loads {
    unsigned four, one;
};

static bool is_own_header(const unsigned char *header)
{
    struct descriptor descriptor;
    memcpy(&descriptor, header, sizeof descriptor);
    if (descriptor.entry != HEADER_BYTES || descriptor.group_bytes != 0 || descriptor.private_bytes != 0 || descriptor.argument_bytes != 0)
        return false;
    for (size_t i = sizeof descriptor; i < HEADER_BYTES; i++) {
        if (header[i] != 0)
            return false;
    }
    return true;
}

static unsigned count_loads(const unsigned char *code, uint32_t opcode, unsigned first, unsigned most)
{
    unsigned count = 0;
    while (count < most) {
        uint32_t words[2], index = first + count;
        memcpy(words, code + index * sizeof words, sizeof words);
        uint32_t destination = FIRST_REGISTER + FIRST_REGISTER * index;
        if (words[0] != (opcode | destination << 6) || (words[1] & 0xfffff) != LOAD_BYTES * index)
            break;
        count++;
    }
    return count;
}

/* Behind the last load the code waits for them all; else there are more loads, of another kernel. */
static struct loads waited(const unsigned char *code, struct loads loads)
{
    uint32_t word;
    memcpy(&word, code + (loads.four + loads.one) * 2 * sizeof word, sizeof word);
    return word >> 23 == ENCODING_SOPP ? loads : (struct loads){ 0, 0 };
}

static struct loads read_loads(const unsigned char *code)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        unsigned four = count_loads(code, encodings[i].four, 0, MOST_LOADS);
        if (four > 0)
            return waited(code, (struct loads){ four, count_loads(code, encodings[i].one, four, MOST_LOADS - four) });
    }
    return (struct loads){ 0, 0 };
}

static enum blit wrong(struct problem *problem, const struct dispatch *dispatch, const char *why)
{
    complain(problem,
             "kernel of ROCr's own at 0x%" PRIx64 ", arguments at 0x%" PRIx64 ": %s; "
             "next: compare docker/devices/hsa/blit.c with this ROCr's amd_blit_kernel.cpp",
             dispatch->descriptor, dispatch->arguments, why);
    return BLIT_WRONG;
}

/* The stride is the number of work items. One that is not the dispatch's makes it another kernel. */
static bool fits(const struct dispatch *dispatch, uint32_t items)
{
    return dispatch->workgroup[0] == WAVE && dispatch->workgroup[1] == 1 && dispatch->workgroup[2] == 1 && dispatch->grid[0] == items
        && dispatch->grid[1] == 1 && dispatch->grid[2] == 1 && items != 0;
}

/* False, and a problem, unless size bytes could be copied out and the work items, the last of them, are the dispatch's. */
static bool read_arguments(struct memory *memory, const struct dispatch *dispatch, void *arguments, size_t size, struct problem *problem)
{
    const void *place = memory_at(memory, dispatch->arguments, size, 0);
    if (place == NULL) {
        wrong(problem, dispatch, "its arguments are in no memory that ROCr allocated");
        return false;
    }
    memcpy(arguments, place, size);
    uint32_t items;
    memcpy(&items, (const char *)arguments + size - sizeof items, sizeof items);
    bool fit = fits(dispatch, items);
    if (!fit)
        wrong(problem, dispatch, "its arguments do not fit its grid");
    return fit;
}

static enum blit copy(struct memory *memory, const struct dispatch *dispatch, size_t count, struct problem *problem)
{
    struct {
        struct point points[MOST_POINTS];
        uint32_t items;
    } arguments;
    const struct point *points = arguments.points, *last = points + count - 1;
    if (!read_arguments(memory, dispatch, &arguments, count * sizeof *points + sizeof arguments.items, problem))
        return BLIT_WRONG;
    for (size_t i = 1; i < count; i++) {
        if (points[i].to < points[i - 1].to || points[i].to - points->to != points[i].from - points->from)
            return wrong(problem, dispatch, "the phases of the copy do not fit each other");
    }
    uint64_t size = last->to - points->to;
    const void *source = memory_at(memory, points->from, size, 0);
    void *target = memory_at(memory, points->to, size, MEMORY_WRITABLE);
    if (size == 0)
        return BLIT_COPY;
    if (source != NULL && target != NULL) {
        memmove(target, source, size);
        return BLIT_COPY;
    }
    char why[200];
    snprintf(why, sizeof why,
             "it copies %" PRIu64 " bytes from 0x%" PRIx64 " to 0x%" PRIx64 ", and the %s is no memory that ROCr allocated for it", size,
             points->from, points->to, source == NULL ? "source" : "target");
    return wrong(problem, dispatch, why);
}

static enum blit fill(struct memory *memory, const struct dispatch *dispatch, struct problem *problem)
{
    struct fill arguments;
    if (!read_arguments(memory, dispatch, &arguments, sizeof arguments, problem))
        return BLIT_WRONG;
    const uint64_t *points = arguments.points;
    uint64_t size = points[2] - points[0];
    if (points[1] < points[0] || points[2] < points[1] || points[0] % sizeof arguments.value != 0 || size % sizeof arguments.value != 0)
        return wrong(problem, dispatch, "the phases of the fill do not fit each other");
    unsigned char *target = memory_at(memory, points[0], size, MEMORY_WRITABLE);
    if (size == 0)
        return BLIT_FILL;
    if (target == NULL) {
        char why[160];
        snprintf(why, sizeof why, "it fills %" PRIu64 " bytes at 0x%" PRIx64 ", which is no memory that ROCr allocated for it", size,
                 points[0]);
        return wrong(problem, dispatch, why);
    }
    memcpy(target, &arguments.value, sizeof arguments.value);
    for (uint64_t done = sizeof arguments.value; done < size; done *= 2)
        memcpy(target + done, target, done < size - done ? done : size - done);
    return BLIT_FILL;
}

enum blit blit_run(struct memory *memory, const struct dispatch *dispatch, struct problem *problem)
{
    struct range range;
    if (!memory_range(memory, dispatch->descriptor, &range) || range.base != dispatch->descriptor)
        return BLIT_NONE;
    const unsigned char *header = memory_at(memory, range.base, HEADER_BYTES + (MOST_LOADS + 1) * 2 * sizeof(uint32_t), MEMORY_EXECUTABLE);
    if (header == NULL || !is_own_header(header))
        return BLIT_NONE;
    struct loads loads = read_loads(header + HEADER_BYTES);
    if (loads.four == 5 && loads.one == 1)
        return copy(memory, dispatch, 5, problem);
    if (loads.four == 3 && loads.one == 1)
        return copy(memory, dispatch, 3, problem);
    if (loads.four == 2 && loads.one == 0)
        return fill(memory, dispatch, problem);
    return wrong(problem, dispatch, "it is none of the three that this device knows");
}
