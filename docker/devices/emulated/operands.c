#define _GNU_SOURCE
#include "execute.h"

#include <string.h>

static const uint32_t floats[] = { 0x3f000000, 0xbf000000, 0x3f800000, 0xbf800000, 0x40000000, 0xc0000000, 0x40800000, 0xc0800000, 0x3e22f983 };
static const uint16_t halves[] = { 0x3800, 0xb800, 0x3c00, 0xbc00, 0x4000, 0xc000, 0x4400, 0xc400, 0x3118 };
static const uint64_t doubles[] = { 0x3fe0000000000000, 0xbfe0000000000000, 0x3ff0000000000000, 0xbff0000000000000, 0x4000000000000000,
                                    0xc000000000000000, 0x4010000000000000, 0xc010000000000000, 0x3fc45f306dc9c882 };
enum { FIRST_FLOAT = 240, LAST_FLOAT = 248 };

static bool any(const struct wave *wave, unsigned reg)
{
    return wave->s[reg] != 0 || (wave->count == 2 && wave->s[reg + 1] != 0);
}

uint32_t scalar(struct wave *wave, unsigned reg, uint32_t literal)
{
    if (reg < SCALARS)
        return reg == R_NULL ? 0 : wave->s[reg];
    if (reg <= 192)
        return reg - 128;
    if (reg <= 208)
        return (uint32_t)(192 - (int)reg);
    if (reg >= FIRST_FLOAT && reg <= LAST_FLOAT)
        return floats[reg - FIRST_FLOAT];
    switch (reg) {
    case R_LITERAL: return literal;
    case R_SCC: return wave->scc;
    case 251: return !any(wave, R_VCC_LO);
    case 252: return !any(wave, R_EXEC_LO);
    case R_SHARED_BASE: return SHARED_APERTURE;
    case R_PRIVATE_BASE: return PRIVATE_APERTURE;
    case R_SHARED_LIMIT:
    case R_PRIVATE_LIMIT: return UINT32_MAX;
    default: fail(wave->worker, "the operand %u is not supported", reg);
    }
}

uint64_t scalar_pair(struct wave *wave, unsigned reg, uint32_t literal)
{
    if (reg < SCALARS)
        return reg == R_NULL ? 0 : wave->s[reg] | (uint64_t)wave->s[reg + 1] << 32;
    if (reg >= FIRST_FLOAT && reg <= LAST_FLOAT)
        return doubles[reg - FIRST_FLOAT];
    switch (reg) {
    case R_SHARED_BASE: return (uint64_t)SHARED_APERTURE << 32;
    case R_PRIVATE_BASE: return (uint64_t)PRIVATE_APERTURE << 32;
    case R_SHARED_LIMIT: return (uint64_t)SHARED_APERTURE << 32 | UINT32_MAX;
    case R_PRIVATE_LIMIT: return (uint64_t)PRIVATE_APERTURE << 32 | UINT32_MAX;
    case R_LITERAL: return literal;
    default: return (uint64_t)(int64_t)(int32_t)scalar(wave, reg, literal);
    }
}

static bool is_double(const struct inst *inst)
{
    return strstr(op_infos[inst->op].name, "f64") != NULL;
}

static uint32_t half_constant(struct wave *wave, unsigned reg, uint32_t literal)
{
    return reg >= FIRST_FLOAT && reg <= LAST_FLOAT ? halves[reg - FIRST_FLOAT] : scalar(wave, reg, literal);
}

static bool takes_halves(const struct inst *inst)
{
    return inst->encoding == VOP3P && strncmp(op_infos[inst->op].name, "v_pk_", 5) == 0 && strstr(op_infos[inst->op].name, "f16") != NULL;
}

static const uint32_t *constant(struct wave *wave, const struct inst *inst, unsigned reg, unsigned width, uint32_t *buffer)
{
    if (width == 2) {
        uint64_t value = scalar_pair(wave, reg, inst->literal);
        if (reg == R_LITERAL && is_double(inst))
            value <<= 32;
        else if (reg == R_LITERAL && strstr(op_infos[inst->op].name, "i64") != NULL)
            value = (uint64_t)(int64_t)(int32_t)inst->literal;
        for (int i = 0; i < LANES; i++) {
            buffer[i] = (uint32_t)value;
            buffer[LANES + i] = (uint32_t)(value >> 32);
        }
        return buffer;
    }
    uint32_t value = width == 0 || takes_halves(inst) ? half_constant(wave, reg, inst->literal) : scalar(wave, reg, inst->literal);
    for (int i = 0; i < LANES; i++)
        buffer[i] = value;
    return buffer;
}

static const uint32_t *modified(const uint32_t *from, const struct inst *inst, unsigned index, unsigned width, uint32_t *buffer)
{
    uint32_t sign = width == 0 ? 0x8000 : 0x80000000;
    uint32_t keep = inst->abs >> index & 1 ? ~sign : UINT32_MAX, flip = inst->neg >> index & 1 ? sign : 0;
    const unsigned high = width == 2 ? LANES : 0;
    if (width == 2 && buffer != from)
        memcpy(buffer, from, LANES * sizeof *buffer);
    for (int i = 0; i < LANES; i++)
        buffer[high + i] = (from[high + i] & keep) ^ flip;
    return buffer;
}

/* The halves that op_sel and op_sel_hi choose, low and high, negated each on its own. */
static const uint32_t *packed(const uint32_t *from, const struct inst *inst, unsigned index, uint32_t *buffer)
{
    unsigned low = inst->op_sel >> index & 1 ? 16 : 0, high = inst->op_sel_hi >> index & 1 ? 16 : 0;
    uint32_t flip = (inst->neg >> index & 1 ? 0x8000u : 0) | (inst->abs >> index & 1 ? 0x80000000u : 0);
    for (int i = 0; i < LANES; i++)
        buffer[i] = ((from[i] >> low & 0xffff) | (from[i] >> high & 0xffff) << 16) ^ flip;
    return buffer;
}

/* A source of v_fma_mix is a float, or one half of a register. */
static const uint32_t *mixed(struct wave *wave, const uint32_t *from, const struct inst *inst, unsigned index, uint32_t *buffer)
{
    if (inst->op_sel_hi >> index & 1) {
        uint32_t half[LANES];
        float value[LANES];
        unsigned shift = inst->op_sel >> index & 1 ? 16 : 0;
        for (int i = 0; i < LANES; i++)
            half[i] = from[i] >> shift;
        wave->worker->launch->lanes->to_floats(value, half);
        memcpy(buffer, value, sizeof value);
        from = buffer;
    }
    uint32_t keep = inst->abs >> index & 1 ? 0x7fffffff : UINT32_MAX, flip = inst->neg >> index & 1 ? 0x80000000 : 0;
    for (int i = 0; i < LANES; i++)
        buffer[i] = (from[i] & keep) ^ flip;
    return buffer;
}

const uint32_t *source(struct wave *wave, const struct inst *inst, unsigned half, unsigned index, uint32_t *buffer)
{
    unsigned reg = inst->src[index], width = inst->widths[index + 1];
    const uint32_t *from;
    if (reg >= R_VGPR)
        from = wave->halves[half].v[reg - R_VGPR];
    else if (inst->op == OP_v_fma_mix_f32 && (inst->op_sel_hi >> index & 1))
        from = constant(wave, inst, reg, 0, buffer);
    else if ((inst->op == OP_v_fma_mixlo_f16 || inst->op == OP_v_fma_mixhi_f16) && (inst->op_sel_hi >> index & 1))
        from = constant(wave, inst, reg, 0, buffer);
    else if ((inst->op == OP_v_dot2_f32_f16 || inst->op == OP_v_dot2acc_f32_f16) && index < 2)
        from = constant(wave, inst, reg, 0, buffer);
    else if (inst->op == OP_v_dot2_f32_bf16 && index < 2 && reg >= FIRST_FLOAT && reg <= LAST_FLOAT)
        fail(wave->worker, "a constant of floating point is not supported here");
    else
        from = constant(wave, inst, reg, width, buffer);
    if (inst->encoding == VOP3P) {
        if (inst->op == OP_v_fma_mix_f32 || inst->op == OP_v_fma_mixlo_f16 || inst->op == OP_v_fma_mixhi_f16)
            return mixed(wave, from, inst, index, buffer);
        bool whole = inst->op_sel >> index & 1 || !(inst->op_sel_hi >> index & 1) || ((inst->neg | inst->abs) >> index & 1);
        bool is_packed = strncmp(op_infos[inst->op].name, "v_pk_", 5) == 0
            || ((inst->op == OP_v_dot2_f32_f16 || inst->op == OP_v_dot2_f32_bf16) && index < 2);
        return whole && is_packed ? packed(from, inst, index, buffer) : from;
    }
    if (width == 0 && (inst->op_sel >> index & 1)) {
        for (int i = 0; i < LANES; i++)
            buffer[i] = from[i] >> 16;
        from = buffer;
    }
    if ((inst->neg | inst->abs) >> index & 1)
        return modified(from, inst, index, width, buffer);
    return from;
}
