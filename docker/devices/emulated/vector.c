/* Vector instructions that treat each lane alike: sources, DPP, function, clamp, result. */
#define _GNU_SOURCE
#include "execute.h"

#include <math.h>
#include <string.h>

enum { MOST_RESULTS = 2 };

/* -0 becomes 0. */
static double scaled(double value, unsigned omod)
{
    return omod == 0 ? value : value * (omod == 1 ? 2 : omod == 2 ? 4 : 0.5) + 0.0;
}

/* IEEE's mode ignores it, and so do results that may be denormal. */
static unsigned omod_of(const struct wave *wave, const struct inst *inst, bool wide)
{
    return wave->mode & (MODE_IEEE | (wide ? 0x80u : 0x20u)) ? 0 : inst->omod;
}

/* Clamp says of these whether they signal that they are inexact. */
static bool is_conversion(const char *name)
{
    return strncmp(name, "v_cvt_i", 7) == 0 || strncmp(name, "v_cvt_u", 7) == 0 || strcmp(name, "v_cvt_nearest_i32_f32") == 0
        || strcmp(name, "v_cvt_floor_i32_f32") == 0;
}

/* Output modifiers of floating point. */
static void modify_result(struct wave *wave, const struct inst *inst, uint32_t *result)
{
    const char *name = op_infos[inst->op].name;
    const struct lane_set *lanes = wave->worker->launch->lanes;
    size_t length = strlen(name);
    if (is_conversion(name) || !(inst->clamp || omod_of(wave, inst, inst->widths[0] != 1)))
        return;
    if (inst->clamp && !(wave->mode >> 8 & 1))
        fail(wave->worker, "clamp without MODE's DX10_CLAMP is not supported");
    bool packed_halves = inst->encoding == VOP3P && strncmp(name, "v_pk_", 5) == 0 && length > 3 && strcmp(name + length - 3, "f16") == 0;
    if (packed_halves || inst->widths[0] == 0 || inst->op == OP_v_fma_mixlo_f16 || inst->op == OP_v_fma_mixhi_f16) {
        if (strstr(name, "f16") == NULL)
            fail(wave->worker, "clamp of this opcode is not supported");
        uint32_t half[LANES];
        float value[LANES];
        for (unsigned shift = 0; shift <= (packed_halves ? 16u : 0u); shift += 16) {
            for (int i = 0; i < LANES; i++)
                half[i] = result[i] >> shift;
            lanes->to_floats(value, half);
            for (int i = 0; i < LANES; i++) /* omod is ignored: denormals of halves are always kept */
                value[i] = value[i] > 0 ? value[i] < 1 ? value[i] : 1 : 0;
            lanes->to_halves(half, value);
            for (int i = 0; i < LANES; i++)
                result[i] = (result[i] & ~(UINT32_C(0xffff) << shift)) | half[i] << shift;
        }
        return;
    }
    if (inst->widths[0] == 2 && strstr(name, "f64") != NULL) {
        for (int i = 0; i < LANES; i++) {
            uint64_t word = result[i] | (uint64_t)result[LANES + i] << 32;
            double value;
            memcpy(&value, &word, sizeof value);
            value = scaled(value, omod_of(wave, inst, true));
            if (inst->clamp)
                value = value > 0 ? value < 1 ? value : 1 : 0;
            memcpy(&word, &value, sizeof word);
            result[i] = (uint32_t)word;
            result[LANES + i] = (uint32_t)(word >> 32);
        }
        return;
    }
    bool is_float = strstr(name, "_f32") != NULL && strncmp(name, "v_frexp_exp", 11) != 0 && strncmp(name, "v_cvt_pk", 8) != 0;
    if (!is_float)
        fail(wave->worker, "clamp of this opcode is not supported");
    for (int i = 0; i < LANES; i++) {
        float value;
        memcpy(&value, result + i, sizeof value);
        value = (float)scaled(value, omod_of(wave, inst, false));
        if (inst->clamp)
            value = value > 0 ? value < 1 ? value : 1 : 0;
        memcpy(result + i, &value, sizeof value);
    }
}

static bool adds_to_result(unsigned op)
{
    return op == OP_v_fmac_f32 || op == OP_v_fmac_f16 || op == OP_v_pk_fmac_f16 || op == OP_v_dot2acc_f32_f16 || op == OP_v_fmac_dx9_zero_f32;
}

static const uint32_t zeros[2 * LANES];

/* What the lane function's mask is for this opcode. */
static uint32_t mask_of(struct wave *wave, const struct inst *inst, unsigned half)
{
    switch (inst->op) {
    case OP_v_cndmask_b32:
    case OP_v_cndmask_b16:
    case OP_v_add_co_ci_u32:
    case OP_v_sub_co_ci_u32:
    case OP_v_subrev_co_ci_u32: return inst->src[2] < SCALARS && inst->src[2] != R_NULL ? wave->s[inst->src[2] + half] : 0;
    case OP_v_div_fmas_f32:
    case OP_v_div_fmas_f64: return wave->s[R_VCC_LO + half];
    case OP_v_mbcnt_lo_u32_b32:
    case OP_v_mbcnt_hi_u32_b32: return half;
    case OP_v_dot4_i32_iu8:
    case OP_v_dot8_i32_iu4: return inst->neg & 3;
    case OP_v_min_f16:
    case OP_v_max_f16:
    case OP_v_min3_f16:
    case OP_v_max3_f16:
    case OP_v_minmax_f16:
    case OP_v_maxmin_f16:
    case OP_v_pk_min_f16:
    case OP_v_pk_max_f16:
    case OP_v_min_f32:
    case OP_v_max_f32:
    case OP_v_min3_f32:
    case OP_v_max3_f32:
    case OP_v_med3_f32:
    case OP_v_minmax_f32:
    case OP_v_maxmin_f32:
    case OP_v_min_f64:
    case OP_v_max_f64: return wave->mode & MODE_IEEE ? UINT32_MAX : 0;
    default: return 0;
    }
}

static bool selects_by_third(unsigned op)
{
    return op == OP_v_cndmask_b32 || op == OP_v_cndmask_b16 || op == OP_v_add_co_ci_u32 || op == OP_v_sub_co_ci_u32
        || op == OP_v_subrev_co_ci_u32;
}

static void write_half(uint32_t *to, const uint32_t *from, uint32_t exec, bool high)
{
    unsigned shift = high ? 16 : 0;
    uint32_t keep = high ? 0xffff : 0xffff0000;
    uint32_t both[LANES];
    for (int i = 0; i < LANES; i++)
        both[i] = (to[i] & keep) | (from[i] & 0xffff) << shift;
    write_lanes(to, both, exec);
}

static void write_result(struct wave *wave, const struct inst *inst, unsigned half, const uint32_t *result, uint32_t exec)
{
    uint32_t *to = wave->halves[half].v[inst->dst];
    if (inst->widths[0] == 0)
        write_half(to, result, exec, inst->op_sel >> 3 & 1);
    else if (inst->op == OP_v_fma_mixlo_f16 || inst->op == OP_v_fma_mixhi_f16)
        write_half(to, result, exec, inst->op == OP_v_fma_mixhi_f16);
    else
        for (unsigned k = 0; k < inst->widths[0]; k++)
            write_lanes(to + k * LANES, result + k * LANES, exec);
}

void run_lanes(struct wave *wave, const struct inst *inst)
{
    uint32_t buffers[3][2 * LANES] __attribute__((aligned(64)));
    uint32_t result[MOST_RESULTS * LANES] __attribute__((aligned(64)));
    lane_fn *function = (lane_fn *)inst->run;
    /* Both halves read what was there before, so scalar results wait. */
    uint32_t scalars[2] = { 0 };
    unsigned written = 0;
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        bool compare = op_infos[inst->op].encoding == VOPC;
        if (exec == 0 && !compare && inst->dpp == DPP_NONE && !(inst->kind == KIND_LANES && inst->flags))
            continue;
        const uint32_t *sources[3] = { zeros, zeros, zeros };
        uint32_t mask = mask_of(wave, inst, half), writes = exec;
        unsigned count = selects_by_third(inst->op) ? 2 : inst->sources;
        for (unsigned i = 0; i < count && i < 3; i++)
            sources[i] = source(wave, inst, half, i, buffers[i]);
        if (inst->dpp) {
            writes = apply_dpp(wave, inst, half, buffers[0], sources[0]);
            sources[0] = buffers[0];
        }
        if (adds_to_result(inst->op)) {
            sources[2] = wave->halves[half].v[inst->dst];
            if (inst->op == OP_v_fmac_f16 && (inst->op_sel >> 3 & 1)) {
                for (int i = 0; i < LANES; i++)
                    buffers[2][i] = sources[2][i] >> 16;
                sources[2] = buffers[2];
            }
        }
        uint32_t flags = function(result, sources[0], sources[1], sources[2], mask);
        scalars[half] = flags & writes;
        if (compare) {
            written = half + 1;
            continue;
        }
        if (inst->clamp || inst->omod)
            modify_result(wave, inst, result);
        if (inst->flags) /* a carry or a flag */
            written = half + 1;
        write_result(wave, inst, half, result, writes);
    }
    unsigned to = op_infos[inst->op].encoding == VOPC ? inst->dst : inst->sdst;
    for (unsigned half = 0; half < written && to != R_NULL; half++)
        set_scalar(wave, to + half, scalars[half]);
}

void run_pair(struct wave *wave, const struct inst *inst)
{
    uint32_t buffers[3][2 * LANES] __attribute__((aligned(64)));
    uint32_t results[2][2 * LANES] __attribute__((aligned(64)));
    struct inst second = *inst;
    second.op = inst->op2;
    memcpy(second.src, inst->src2, sizeof inst->src2);
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        if (exec == 0)
            continue;
        for (int k = 0; k < 2; k++) {
            const struct inst *one = k == 0 ? inst : &second;
            const uint32_t *sources[3] = { zeros, zeros, zeros };
            unsigned count = k == 0 ? inst->sources : inst->sources2;
            for (unsigned i = 0; i < count; i++)
                sources[i] = source(wave, one, half, i, buffers[i]);
            if (adds_to_result(one->op))
                sources[2] = wave->halves[half].v[k == 0 ? inst->dst : inst->dst2];
            ((lane_fn *)(k == 0 ? inst->run : inst->run2))(results[k], sources[0], sources[1], sources[2], mask_of(wave, one, half));
        }
        write_lanes(wave->halves[half].v[inst->dst], results[0], exec);
        write_lanes(wave->halves[half].v[inst->dst2], results[1], exec);
    }
}
