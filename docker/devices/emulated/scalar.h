/* What the scalar instructions share. */
#ifndef GFXBAKE_SCALAR_H
#define GFXBAKE_SCALAR_H

#include "execute.h"

#include <string.h>

/* A wave's masks have 32 or 64 bits; the opcode says which. */
static inline uint64_t read(struct wave *wave, const struct inst *inst, unsigned index)
{
    return inst->widths[index + 1] == 2 ? scalar_pair(wave, inst->src[index], inst->literal)
                                        : scalar(wave, inst->src[index], inst->literal);
}

static inline void write(struct wave *wave, const struct inst *inst, uint64_t value)
{
    set_scalar(wave, inst->dst, (uint32_t)value);
    if (inst->widths[0] == 2 && inst->dst != R_NULL)
        set_scalar(wave, inst->dst + 1, (uint32_t)(value >> 32));
}

static inline float as_float(uint64_t word)
{
    uint32_t low = (uint32_t)word;
    float value;
    memcpy(&value, &low, sizeof value);
    return value;
}

static inline uint32_t as_word(float value)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

/* Of one source, and of two. */
void run_sop1(struct wave *wave, const struct inst *inst);
void run_sop2(struct wave *wave, const struct inst *inst);

#endif
