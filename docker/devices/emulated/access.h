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

/* Of one lane. */
void load_lane(uint32_t (*to)[LANES], int lane, const struct access *access, const void *from);
void store_lane(const uint32_t (*from)[LANES], int lane, const struct access *access, void *to);
/* Returns what was there. Misaligned addresses are refused by the caller. */
uint64_t run_atomic(void *at, const struct access *access, uint64_t data, uint64_t compare);
/* A load, a store or an atomic of vector memory. */
void access_lane(struct wave *wave, const struct inst *inst, const struct access *access, unsigned half, int lane, unsigned char *place);

#endif
