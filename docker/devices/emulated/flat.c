/* Flat, global and scratch memory. */
#define _GNU_SOURCE
#include "access.h"

#include <inttypes.h>

/* Where a lane's flat address leads. */
static unsigned char *flat_place(struct wave *wave, const struct access *access, uint64_t address, unsigned lane)
{
    struct worker *worker = wave->worker;
    uint32_t aperture = (uint32_t)(address >> 32), offset = (uint32_t)address;
    if (aperture == SHARED_APERTURE) {
        if (offset > worker->lds_bytes || access->bytes > worker->lds_bytes - offset)
            fail(worker, "the address 0x%" PRIx32 " is outside the work-group's %" PRIu32 " bytes", offset, worker->lds_bytes);
        return worker->lds + offset;
    }
    if (aperture == PRIVATE_APERTURE) {
        if (offset > worker->scratch_bytes || access->bytes > worker->scratch_bytes - offset)
            fail(worker, "the address 0x%" PRIx32 " is outside the lane's %" PRIu32 " bytes of scratch", offset, worker->scratch_bytes);
        return wave->scratch + (size_t)lane * worker->scratch_bytes + offset;
    }
    return (unsigned char *)(uintptr_t)address; /* NOLINT: the GPU's address is ours */
}

/* Asks once for all lanes where they lie in what was asked for before; else for each. */
static void check_lanes(struct wave *wave, const struct access *access, const uint64_t *addresses, uint32_t exec)
{
    uint64_t low = UINT64_MAX, high = 0;
    if (exec == 0)
        return;
    for (int lane = 0; lane < LANES; lane++) {
        uint64_t on = 0 - (uint64_t)(exec >> lane & 1), first = addresses[lane] | ~on, last = addresses[lane] & on;
        low = first < low ? first : low;
        high = last > high ? last : high;
    }
    if (high - low <= UINT32_MAX && is_checked(wave->worker, low, high - low + access->bytes, access->verb != LOAD)
        && (uint32_t)(high >> 32) != SHARED_APERTURE && (uint32_t)(high >> 32) != PRIVATE_APERTURE)
        return;
    for (uint32_t left = exec; left != 0; left &= left - 1) {
        int lane = __builtin_ctz(left);
        uint32_t top = (uint32_t)(addresses[lane] >> 32);
        if (top != SHARED_APERTURE && top != PRIVATE_APERTURE)
            check(wave, addresses[lane], access->bytes, access->verb != LOAD);
    }
}

static inline void move_words(uint32_t (*v)[LANES], unsigned words, const uint64_t *addresses, uint32_t exec, bool loads)
{
    for (uint32_t left = exec; left != 0; left &= left - 1) {
        int lane = __builtin_ctz(left);
        void *place = (void *)(uintptr_t)addresses[lane]; /* NOLINT: the GPU's address is ours */
        uint32_t data[4] = { 0 };
        if (loads)
            memcpy(data, place, words * sizeof *data);
        for (unsigned k = 0; k < words; k++) {
            if (loads)
                v[k][lane] = data[k];
            else
                data[k] = v[k][lane];
        }
        if (!loads)
            memcpy(place, data, words * sizeof *data);
    }
}

/* Whole words of global memory: what most accesses are. False for any other. */
static bool move_lanes(struct lanes_state *state, const struct inst *inst, const struct access *access, const uint64_t *addresses,
                       uint32_t exec)
{
    bool loads = access->verb == LOAD;
    if (access->verb == ATOMIC || access->bytes < 4 || inst->encoding != GLOBAL)
        return false;
    uint32_t(*v)[LANES] = state->v + (loads ? inst->dst : inst->src[1]);
    switch (access->bytes / 4) {
    case 1: move_words(v, 1, addresses, exec, loads); break;
    case 2: move_words(v, 2, addresses, exec, loads); break;
    case 3: move_words(v, 3, addresses, exec, loads); break;
    default: move_words(v, 4, addresses, exec, loads); break;
    }
    return true;
}

void run_flat(struct wave *wave, const struct inst *inst)
{
    const struct access *access = access_of(wave, inst);
    /* Flat's has no sign. */
    uint64_t base = inst->encoding == FLAT ? (uint32_t)inst->offset & 0xfff : (uint64_t)(int64_t)inst->offset;
    bool scratch = inst->encoding == SCRATCH;
    bool scalar_base = inst->encoding == GLOBAL && inst->src[2] != R_NULL;
    if (scratch)
        base += inst->src[2] == R_NULL ? 0 : scalar(wave, inst->src[2], 0);
    else if (scalar_base)
        base += scalar_pair(wave, inst->src[2], 0);
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        uint64_t addresses[LANES];
        const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])wave->halves[half].v + inst->src[0];
        for (int i = 0; i < LANES; i++) {
            if (scratch)
                addresses[i] = (uint64_t)PRIVATE_APERTURE << 32 | (uint32_t)(base + (inst->flags & FLAG_OFFEN ? v[0][i] : 0));
            else
                addresses[i] = base + (v[0][i] | (scalar_base ? 0 : (uint64_t)v[1][i] << 32));
        }
        check_lanes(wave, access, addresses, exec);
        bool moved = move_lanes(&wave->halves[half], inst, access, addresses, exec);
        for (uint32_t left = moved ? 0 : exec; left != 0; left &= left - 1) {
            int lane = __builtin_ctz(left);
            bool own = inst->encoding == GLOBAL;
            unsigned char *place = own ? (unsigned char *)(uintptr_t)addresses[lane]
                                       : flat_place(wave, access, addresses[lane], half * LANES + (unsigned)lane);
            access_lane(wave, inst, access, half, lane, place);
        }
        if (!scratch)
            count_bytes(wave, access, exec);
    }
}
