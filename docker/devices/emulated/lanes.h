/* What an instruction does to 32 lanes at once. Three copies are compiled, for what the processor has. */
#ifndef GFXBAKE_LANES_H
#define GFXBAKE_LANES_H

#include "decode.h"

enum { LANES = 32 };

/* Sources and result are 32 words, or two times 32 (low words, then high) where an operand has 64 bits; halves are in the low 16 bits.
 * mask is the carry or the selection of each lane, or what the opcode says. Returns a bit for each lane. */
typedef uint32_t lane_fn(uint32_t *restrict r, const uint32_t *a, const uint32_t *b, const uint32_t *c, uint32_t mask);

struct lane_set {
    lane_fn *functions[OPS];
    void (*to_floats)(float *out, const uint32_t *halves); /* of low 16 bits */
    void (*to_halves)(uint32_t *out, const float *floats);
    /* result = a x b + c over 16 x 16 x 16; row-major a, column after column b. */
    void (*multiply)(float result[16][16], float a[16][16], float b[16][16]);
};

extern const struct lane_set lanes_plain, lanes_avx2, lanes_avx512;
const struct lane_set *lanes_best(void);

#endif
