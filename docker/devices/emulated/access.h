/* What the accesses of memory share. */
#ifndef GFXBAKE_ACCESS_H
#define GFXBAKE_ACCESS_H

#include "execute.h"

#include <string.h>

enum verb { LOAD, STORE, ATOMIC };
enum operation { SWAP, CMPSWAP, ADD, SUB, RSUB, MIN, MAX, AND, OR, XOR, INC, DEC, CSUB, OPERATIONS };

/* What an opcode's name says. */
struct access {
    enum verb verb;
    enum operation operation;
    uint8_t bytes; /* of one item */
    bool is_signed, low, high, is_float, pair, stride64, returns, known;
};

/* Of the instruction's opcode; ends the launch where it is none of these. */
const struct access *access_of(struct wave *wave, const struct inst *inst);
void count_bytes(struct wave *wave, const struct access *access, uint32_t exec);

/* Returns what was there. Misaligned addresses are refused by the caller. */
uint64_t run_atomic(void *at, const struct access *access, uint64_t data, uint64_t compare);
/* Of vector memory: the data's registers and those of the result. */
void atomic_lane(struct lanes_state *state, const struct inst *inst, const struct access *access, const uint32_t (*data)[LANES], int lane,
                 struct worker *worker, unsigned char *place);

/* Of one lane; here, because most of the time in memory is spent with it. */
static inline void load_lane(uint32_t (*to)[LANES], int lane, const struct access *access, const void *from)
{
    if (access->bytes >= 4) {
        uint32_t words[4];
        memcpy(words, from, access->bytes);
        for (unsigned k = 0; k < access->bytes / 4; k++)
            to[k][lane] = words[k];
        return;
    }
    uint32_t value = 0;
    memcpy(&value, from, access->bytes);
    if (access->is_signed)
        value = access->bytes == 1 ? (uint32_t)(int8_t)value : (uint32_t)(int16_t)value;
    if (access->low)
        value = (to[0][lane] & 0xffff0000) | (value & 0xffff);
    else if (access->high)
        value = (to[0][lane] & 0xffff) | value << 16;
    to[0][lane] = value;
}

static inline void store_lane(const uint32_t (*from)[LANES], int lane, const struct access *access, void *to)
{
    uint32_t words[4];
    if (access->bytes >= 4) {
        for (unsigned k = 0; k < access->bytes / 4; k++)
            words[k] = from[k][lane];
    } else {
        words[0] = access->high ? from[0][lane] >> 16 : from[0][lane];
    }
    memcpy(to, words, access->bytes);
}

/* A load, a store or an atomic of vector memory. */
static inline void access_lane(struct wave *wave, const struct inst *inst, const struct access *access, unsigned half, int lane,
                               unsigned char *place)
{
    struct lanes_state *state = &wave->halves[half];
    const uint32_t(*data)[LANES] = (const uint32_t(*)[LANES])state->v + (inst->encoding == MUBUF ? inst->dst : inst->src[1]);
    if (access->verb == LOAD)
        load_lane(state->v + inst->dst, lane, access, place);
    else if (access->verb == STORE)
        store_lane(data, lane, access, place);
    else
        atomic_lane(state, inst, access, data, lane, wave->worker, place);
}

#endif
