/* The work-group's memory, and lanes that read each other through its unit. */
#define _GNU_SOURCE
#include "access.h"

static unsigned char *lds_place(struct wave *wave, uint32_t address, unsigned bytes)
{
    struct worker *worker = wave->worker;
    if (address > worker->lds_bytes || bytes > worker->lds_bytes - address)
        return NULL;
    return worker->lds + address;
}

/* Five bits in the other order, as an FFT numbers its points. */
static unsigned turned(unsigned x)
{
    return (x & 1) << 4 | (x & 2) << 2 | (x & 4) | (x & 8) >> 2 | (x & 16) >> 4;
}

/* Between lanes of 32, without memory. */
static void ds_lanes(const struct inst *inst, struct lanes_state *state, uint32_t exec)
{
    uint32_t result[LANES] = { 0 };
    const uint32_t *address = state->v[inst->src[0]], *data = state->v[inst->src[1]];
    for (int lane = 0; lane < LANES; lane++) {
        if (inst->op == OP_ds_bpermute_b32) {
            unsigned from = (address[lane] + (uint32_t)inst->offset) >> 2 & 31;
            result[lane] = exec >> from & 1 ? data[from] : 0;
        } else if (inst->op == OP_ds_permute_b32) {
            if (exec >> lane & 1)
                result[(address[lane] + (uint32_t)inst->offset) >> 2 & 31] = data[lane];
        } else {
            unsigned value = (unsigned)inst->offset, from;
            unsigned rotate = value >> 10 & 1 ? 32 - (value >> 5 & 31) : value >> 5 & 31, kept = value & 31;
            if (value >= 0xe000)
                from = turned((unsigned)lane) >> __builtin_popcount(kept) | ((unsigned)lane & kept);
            else if (value >= 0xc000)
                from = ((unsigned)lane & kept) | (((unsigned)lane + rotate) & ~kept & 31);
            else if (value & 0x8000)
                from = ((unsigned)lane & ~3u) | (value >> 2 * (lane & 3) & 3);
            else
                from = (((unsigned)lane & (value & 31)) | (value >> 5 & 31)) ^ (value >> 10 & 31);
            result[lane] = exec >> from & 1 ? address[from] : 0;
        }
    }
    write_lanes(state->v[inst->dst], result, exec);
}

static void ds_pair(struct wave *wave, const struct inst *inst, const struct access *access, struct lanes_state *state, int lane)
{
    unsigned scale = access->bytes * (access->stride64 ? 64u : 1u), words = access->bytes / 4;
    uint32_t base = state->v[inst->src[0]][lane];
    uint32_t loaded[2][2] = { { 0 } };
    for (unsigned k = 0; k < 2; k++) {
        unsigned char *place = lds_place(wave, base + (inst->offset >> 8 * k & 0xff) * scale, access->bytes);
        const uint32_t(*data)[LANES] = (const uint32_t(*)[LANES])state->v + inst->src[1 + k];
        if (place != NULL && access->verb == STORE)
            store_lane(data, lane, access, place);
        else if (place != NULL)
            memcpy(loaded[k], place, access->bytes);
    }
    for (unsigned k = 0; access->verb == LOAD && k < 2; k++) {
        for (unsigned j = 0; j < words; j++)
            state->v[inst->dst + k * words + j][lane] = loaded[k][j];
    }
}

static void ds_atomic(struct wave *wave, const struct inst *inst, const struct access *access, struct lanes_state *state, int lane,
                      unsigned char *place)
{
    if ((uintptr_t)place % access->bytes != 0)
        fail(wave->worker, "an atomic's address is no multiple of its size");
    unsigned words = access->bytes / 4;
    const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])state->v;
    uint64_t first = v[inst->src[1]][lane] | (words == 2 ? (uint64_t)v[inst->src[1] + 1][lane] << 32 : 0);
    uint64_t second = v[inst->src[2]][lane] | (words == 2 ? (uint64_t)v[inst->src[2] + 1][lane] << 32 : 0);
    uint64_t old = run_atomic(place, access, first, access->operation == CMPSWAP ? second : 0);
    if (access->returns) {
        state->v[inst->dst][lane] = (uint32_t)old;
        if (words == 2)
            state->v[inst->dst + 1][lane] = (uint32_t)(old >> 32);
    }
}

void run_ds(struct wave *wave, const struct inst *inst)
{
    bool lanes = inst->op == OP_ds_bpermute_b32 || inst->op == OP_ds_permute_b32 || inst->op == OP_ds_swizzle_b32;
    const struct access *access = lanes ? NULL : access_of(wave, inst);
    if (inst->flags & FLAG_GDS)
        fail(wave->worker, "global data share is not supported");
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        struct lanes_state *state = &wave->halves[half];
        if (lanes) {
            ds_lanes(inst, state, exec);
            continue;
        }
        for (uint32_t left = exec; left != 0; left &= left - 1) {
            int lane = __builtin_ctz(left);
            if (access->pair) {
                ds_pair(wave, inst, access, state, lane);
                continue;
            }
            /* Outside: loads give 0, stores vanish. */
            unsigned char *place = lds_place(wave, state->v[inst->src[0]][lane] + (uint32_t)inst->offset, access->bytes), zero[16] = { 0 };
            if (access->verb == LOAD)
                load_lane(state->v + inst->dst, lane, access, place == NULL ? zero : place);
            else if (place != NULL && access->verb == STORE)
                store_lane((const uint32_t(*)[LANES])state->v + inst->src[1], lane, access, place);
            else if (place != NULL)
                ds_atomic(wave, inst, access, state, lane, place);
        }
    }
}
