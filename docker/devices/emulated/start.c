/* What a wave finds in its registers when it starts. */
#define _GNU_SOURCE
#include "launch.h"

#include <string.h>

static void give_scalars(struct wave *wave, const struct launch *launch, const uint64_t *group)
{
    const struct emu_launch *request = launch->request;
    struct descriptor_words descriptor;
    memcpy(&descriptor, request->descriptor, sizeof descriptor);
    unsigned next = 0, users = descriptor.resources2 >> 1 & 31;
    struct {
        unsigned bit, count;
        uint64_t value;
    } parts[] = { { 0, 4, 0 }, { 1, 2, request->packet }, { 2, 2, request->queue }, { 3, 2, request->kernarg }, { 4, 2, 0 }, { 5, 2, 0 },
                  { 6, 1, request->private_bytes } };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(descriptor.properties >> parts[i].bit & 1))
            continue;
        for (unsigned k = 0; k < parts[i].count; k++)
            wave->s[next++] = k < 2 ? (uint32_t)(parts[i].value >> 32 * k) : 0;
    }
    if (next < users)
        next = users;
    for (unsigned axis = 0; axis < 3; axis++) {
        if (descriptor.resources2 >> (7 + axis) & 1)
            wave->s[next++] = (uint32_t)group[axis];
    }
}

void start_wave(struct worker *worker, unsigned index, unsigned lanes, const uint64_t *group, const uint32_t *size)
{
    struct wave *wave = &worker->waves[index];
    const struct launch *launch = worker->launch;
    struct descriptor_words descriptor;
    memcpy(&descriptor, launch->request->descriptor, sizeof descriptor);
    memset(wave->s, 0, sizeof wave->s);
    wave->worker = worker;
    wave->count = lanes / LANES;
    wave->halves = worker->states + index * wave->count;
    /* What it may use; GRANULATED_WORKITEM_VGPR_COUNT of LLVM's AMDGPUUsage. */
    unsigned registers = ((descriptor.resources1 & 63) + 1) * (lanes == 32 ? 8 : 4);
    for (unsigned half = 0; half < wave->count; half++)
        memset(wave->halves[half].v, 0, (registers < VECTORS ? registers : VECTORS) * sizeof *wave->halves[half].v);
    wave->pc = launch->request->code;
    wave->scc = 0;
    wave->state = WAVE_RUNS;
    wave->mode = (descriptor.resources1 >> 12 & 0xff) | (descriptor.resources1 >> 21 & 1) << 8 | (descriptor.resources1 >> 23 & 1) << 9;
    wave->scratch = worker->scratch + (size_t)index * lanes * worker->scratch_bytes;
    give_scalars(wave, launch, group);
    uint32_t items = size[0] * size[1] * size[2];
    for (unsigned lane = 0; lane < lanes; lane++) {
        uint32_t item = index * lanes + lane;
        if (item >= items)
            break;
        wave->s[R_EXEC_LO + lane / LANES] |= UINT32_C(1) << lane % LANES;
        wave->halves[lane / LANES].v[0][lane % LANES] =
            item % size[0] | item / size[0] % size[1] << 10 | item / size[0] / size[1] << 20;
    }
}
