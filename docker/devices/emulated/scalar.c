/* Scalar instructions. */
#define _GNU_SOURCE
#include "execute.h"

#include <math.h>
#include <sched.h>
#include <string.h>

/* A wave's masks have 32 or 64 bits; the opcode says which. */
static uint64_t read(struct wave *wave, const struct inst *inst, unsigned index)
{
    return inst->widths[index + 1] == 2 ? scalar_pair(wave, inst->src[index], inst->literal) : scalar(wave, inst->src[index], inst->literal);
}

static void write(struct wave *wave, const struct inst *inst, uint64_t value)
{
    set_scalar(wave, inst->dst, (uint32_t)value);
    if (inst->widths[0] == 2 && inst->dst != R_NULL)
        set_scalar(wave, inst->dst + 1, (uint32_t)(value >> 32));
}

static float as_float(uint64_t word)
{
    uint32_t low = (uint32_t)word;
    float value;
    memcpy(&value, &low, sizeof value);
    return value;
}

static uint32_t as_word(float value)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static uint32_t get_register(struct wave *wave, const struct inst *inst)
{
    unsigned value = (uint16_t)inst->offset, offset = value >> 6 & 31, size = (value >> 11 & 31) + 1;
    uint32_t word;
    switch (value & 63) {
    case 1: word = wave->mode; break;
    case 2:
        if (offset != 0 || size != 1)
            fail(wave->worker, "STATUS but for SCC is not supported");
        word = wave->scc;
        break;
    case 23:
    case 24: word = 0; break; /* HW_ID */
    case 29: word = (uint32_t)wave->worker->counts.instructions & 0xfffff; break;
    default: fail(wave->worker, "the hardware register %u is not supported", value & 63);
    }
    return word >> offset & (size == 32 ? UINT32_MAX : (UINT32_C(1) << size) - 1);
}

static void set_register(struct wave *wave, const struct inst *inst, uint32_t word)
{
    unsigned value = (uint16_t)inst->offset, offset = value >> 6 & 31, size = (value >> 11 & 31) + 1;
    if ((value & 63) != 1)
        fail(wave->worker, "writing the hardware register %u is not supported", value & 63);
    uint32_t mask = (size == 32 ? UINT32_MAX : (UINT32_C(1) << size) - 1) << offset;
    wave->mode = (wave->mode & ~mask) | (word << offset & mask);
    apply_mode(wave);
}

static void run_sopp(struct wave *wave, const struct inst *inst)
{
    unsigned value = (uint16_t)inst->offset;
    uint64_t target = wave->pc + (uint64_t)((int64_t)inst->offset * 4);
    bool vcc = wave->s[R_VCC_LO] != 0 || (wave->count == 2 && wave->s[R_VCC_HI] != 0);
    bool exec = wave->s[R_EXEC_LO] != 0 || (wave->count == 2 && wave->s[R_EXEC_HI] != 0);
    bool jump = false;
    switch (inst->op) {
    case OP_s_branch: jump = true; break;
    case OP_s_cbranch_scc0: jump = !wave->scc; break;
    case OP_s_cbranch_scc1: jump = wave->scc; break;
    case OP_s_cbranch_vccz: jump = !vcc; break;
    case OP_s_cbranch_vccnz: jump = vcc; break;
    case OP_s_cbranch_execz: jump = !exec; break;
    case OP_s_cbranch_execnz: jump = exec; break;
    case OP_s_endpgm: wave->state = WAVE_ENDED; break;
    case OP_s_barrier: wave->state = WAVE_WAITS; break;
    case OP_s_sleep: sched_yield(); break;
    case OP_s_round_mode:
        wave->mode = (wave->mode & ~15u) | (value & 15);
        apply_mode(wave);
        break;
    case OP_s_denorm_mode:
        wave->mode = (wave->mode & ~0xf0u) | (value & 15) << 4;
        apply_mode(wave);
        break;
    case OP_s_sendmsg:
        if (value != 3) /* MSG_DEALLOC_VGPRS: they go with the wave */
            fail(wave->worker, "the message %u is not supported", value);
        break;
    case OP_s_trap: fail(wave->worker, "the kernel gave up: s_trap %u", value);
    default: fail(wave->worker, "this opcode is not supported");
    }
    if (jump)
        wave->pc = target;
}

static void run_sopk(struct wave *wave, const struct inst *inst)
{
    uint32_t value = (uint32_t)inst->offset, low = value & 0xffff, old = scalar(wave, inst->dst, 0);
    int32_t x = (int32_t)old, k = inst->offset;
    switch (inst->op) {
    case OP_s_movk_i32: set_scalar(wave, inst->dst, value); return;
    case OP_s_cmovk_i32:
        if (wave->scc)
            set_scalar(wave, inst->dst, value);
        return;
    case OP_s_cmpk_eq_i32: wave->scc = x == k; return;
    case OP_s_cmpk_lg_i32: wave->scc = x != k; return;
    case OP_s_cmpk_gt_i32: wave->scc = x > k; return;
    case OP_s_cmpk_ge_i32: wave->scc = x >= k; return;
    case OP_s_cmpk_lt_i32: wave->scc = x < k; return;
    case OP_s_cmpk_le_i32: wave->scc = x <= k; return;
    case OP_s_cmpk_eq_u32: wave->scc = old == low; return;
    case OP_s_cmpk_lg_u32: wave->scc = old != low; return;
    case OP_s_cmpk_gt_u32: wave->scc = old > low; return;
    case OP_s_cmpk_ge_u32: wave->scc = old >= low; return;
    case OP_s_cmpk_lt_u32: wave->scc = old < low; return;
    case OP_s_cmpk_le_u32: wave->scc = old <= low; return;
    case OP_s_addk_i32: {
        int32_t sum;
        wave->scc = __builtin_add_overflow(x, k, &sum);
        set_scalar(wave, inst->dst, (uint32_t)sum);
        return;
    }
    case OP_s_mulk_i32: set_scalar(wave, inst->dst, old * value); return;
    case OP_s_getreg_b32: set_scalar(wave, inst->dst, get_register(wave, inst)); return;
    case OP_s_setreg_b32: set_register(wave, inst, old); return;
    case OP_s_setreg_imm32_b32: set_register(wave, inst, inst->literal); return;
    case OP_s_call_b64:
        set_scalar(wave, inst->dst, (uint32_t)wave->pc);
        set_scalar(wave, inst->dst + 1u, (uint32_t)(wave->pc >> 32));
        wave->pc += (uint64_t)((int64_t)k * 4);
        return;
    default: fail(wave->worker, "this opcode is not supported");
    }
}

static uint64_t exec_of(const struct wave *wave, bool wide)
{
    return wave->s[R_EXEC_LO] | (wide ? (uint64_t)wave->s[R_EXEC_HI] << 32 : 0);
}

static void set_exec(struct wave *wave, bool wide, uint64_t value)
{
    wave->s[R_EXEC_LO] = (uint32_t)value;
    if (wide)
        wave->s[R_EXEC_HI] = (uint32_t)(value >> 32);
    wave->scc = value != 0;
}

/* EXEC becomes op(source, EXEC), and the result is what it was. */
static bool save_exec(struct wave *wave, const struct inst *inst, uint64_t x)
{
    bool wide = inst->widths[0] == 2;
    uint64_t exec = exec_of(wave, wide), mask = wide ? UINT64_MAX : UINT32_MAX, value;
    switch (inst->op) {
    case OP_s_and_saveexec_b32:
    case OP_s_and_saveexec_b64: value = x & exec; break;
    case OP_s_or_saveexec_b32:
    case OP_s_or_saveexec_b64: value = x | exec; break;
    case OP_s_xor_saveexec_b32:
    case OP_s_xor_saveexec_b64: value = x ^ exec; break;
    case OP_s_nand_saveexec_b32:
    case OP_s_nand_saveexec_b64: value = ~(x & exec); break;
    case OP_s_nor_saveexec_b32:
    case OP_s_nor_saveexec_b64: value = ~(x | exec); break;
    case OP_s_xnor_saveexec_b32:
    case OP_s_xnor_saveexec_b64: value = ~(x ^ exec); break;
    case OP_s_and_not0_saveexec_b32:
    case OP_s_and_not0_saveexec_b64:
    case OP_s_and_not0_wrexec_b32:
    case OP_s_and_not0_wrexec_b64: value = ~x & exec; break;
    case OP_s_or_not0_saveexec_b32:
    case OP_s_or_not0_saveexec_b64: value = ~x | exec; break;
    case OP_s_and_not1_saveexec_b32:
    case OP_s_and_not1_saveexec_b64:
    case OP_s_and_not1_wrexec_b32:
    case OP_s_and_not1_wrexec_b64: value = x & ~exec; break;
    case OP_s_or_not1_saveexec_b32:
    case OP_s_or_not1_saveexec_b64: value = x | ~exec; break;
    default: return false;
    }
    value &= mask;
    bool result_too = inst->op >= OP_s_and_not0_wrexec_b32 && inst->op <= OP_s_and_not1_wrexec_b64;
    set_exec(wave, wide, value);
    write(wave, inst, result_too ? value : exec);
    return true;
}

static uint64_t reversed(uint64_t x, unsigned bits)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < bits; i++)
        result |= (x >> i & 1) << (bits - 1 - i);
    return result;
}

static uint64_t whole_quads(uint64_t x)
{
    uint64_t any = (x | x >> 1 | x >> 2 | x >> 3) & UINT64_C(0x1111111111111111);
    return any * 15;
}

static uint32_t sign_bits(uint64_t x, unsigned bits)
{
    uint64_t sign = x >> (bits - 1) & 1;
    for (unsigned i = 1; i < bits; i++) {
        if ((x >> (bits - 1 - i) & 1) != sign)
            return i;
    }
    return UINT32_MAX;
}

static uint64_t replicated(uint32_t x)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 32; i++)
        result |= (uint64_t)(x >> i & 1) * 3 << 2 * i;
    return result;
}

static void run_sop1(struct wave *wave, const struct inst *inst)
{
    uint64_t x = inst->sources > 0 ? read(wave, inst, 0) : 0, value;
    if (save_exec(wave, inst, x))
        return;
    switch (inst->op) {
    case OP_s_mov_b32:
    case OP_s_mov_b64: write(wave, inst, x); return;
    case OP_s_cmov_b32:
    case OP_s_cmov_b64:
        if (wave->scc)
            write(wave, inst, x);
        return;
    case OP_s_brev_b32: write(wave, inst, reversed(x, 32)); return;
    case OP_s_brev_b64: write(wave, inst, reversed(x, 64)); return;
    case OP_s_ctz_i32_b32:
    case OP_s_ctz_i32_b64: write(wave, inst, x == 0 ? UINT32_MAX : (uint32_t)__builtin_ctzll(x)); return;
    case OP_s_clz_i32_u32: write(wave, inst, x == 0 ? UINT32_MAX : (uint32_t)__builtin_clz((uint32_t)x)); return;
    case OP_s_clz_i32_u64: write(wave, inst, x == 0 ? UINT32_MAX : (uint32_t)__builtin_clzll(x)); return;
    case OP_s_cls_i32: write(wave, inst, sign_bits(x, 32)); return;
    case OP_s_cls_i32_i64: write(wave, inst, sign_bits(x, 64)); return;
    case OP_s_sext_i32_i8: write(wave, inst, (uint32_t)(int8_t)x); return;
    case OP_s_sext_i32_i16: write(wave, inst, (uint32_t)(int16_t)x); return;
    case OP_s_bitset0_b32: write(wave, inst, scalar(wave, inst->dst, 0) & ~(UINT32_C(1) << (x & 31))); return;
    case OP_s_bitset1_b32: write(wave, inst, scalar(wave, inst->dst, 0) | UINT32_C(1) << (x & 31)); return;
    case OP_s_bitset0_b64: write(wave, inst, scalar_pair(wave, inst->dst, 0) & ~(UINT64_C(1) << (x & 63))); return;
    case OP_s_bitset1_b64: write(wave, inst, scalar_pair(wave, inst->dst, 0) | UINT64_C(1) << (x & 63)); return;
    case OP_s_bitreplicate_b64_b32: write(wave, inst, replicated((uint32_t)x)); return;
    case OP_s_abs_i32: value = (int32_t)x < 0 ? 0 - (uint32_t)x : (uint32_t)x; break;
    case OP_s_bcnt0_i32_b32: value = 32u - (unsigned)__builtin_popcountll(x); break;
    case OP_s_bcnt0_i32_b64: value = 64u - (unsigned)__builtin_popcountll(x); break;
    case OP_s_bcnt1_i32_b32:
    case OP_s_bcnt1_i32_b64: value = (unsigned)__builtin_popcountll(x); break;
    case OP_s_wqm_b32: value = (uint32_t)whole_quads(x); break;
    case OP_s_wqm_b64: value = whole_quads(x); break;
    case OP_s_not_b32: value = (uint32_t)~x; break;
    case OP_s_not_b64: value = ~x; break;
    case OP_s_getpc_b64: write(wave, inst, wave->pc); return;
    case OP_s_setpc_b64: wave->pc = x; return;
    case OP_s_swappc_b64:
        write(wave, inst, wave->pc);
        wave->pc = x;
        return;
    case OP_s_movrels_b32:
        if (inst->src[0] + (uint64_t)wave->s[R_M0] >= 106)
            fail(wave->worker, "M0 leads to a scalar register that does not exist");
        write(wave, inst, wave->s[inst->src[0] + wave->s[R_M0]]);
        return;
    case OP_s_ceil_f32: write(wave, inst, as_word(ceilf(as_float(x)))); return;
    case OP_s_floor_f32: write(wave, inst, as_word(floorf(as_float(x)))); return;
    case OP_s_trunc_f32: write(wave, inst, as_word(truncf(as_float(x)))); return;
    case OP_s_rndne_f32: write(wave, inst, as_word(__builtin_roundevenf(as_float(x)))); return;
    case OP_s_cvt_f32_i32: write(wave, inst, as_word((float)(int32_t)x)); return;
    case OP_s_cvt_f32_u32: write(wave, inst, as_word((float)(uint32_t)x)); return;
    case OP_s_cvt_i32_f32: {
        float f = as_float(x);
        write(wave, inst, f != f ? 0 : f >= 0x1p31f ? 0x7fffffff : f <= -0x1p31f ? 0x80000000 : (uint32_t)(int32_t)f);
        return;
    }
    case OP_s_cvt_u32_f32: {
        float f = as_float(x);
        write(wave, inst, !(f > 0) ? 0 : f >= 0x1p32f ? UINT32_MAX : (uint32_t)f);
        return;
    }
    case OP_s_cvt_f16_f32:
    case OP_s_cvt_f32_f16:
    case OP_s_cvt_hi_f32_f16: {
        uint32_t words[LANES] = { inst->op == OP_s_cvt_hi_f32_f16 ? (uint32_t)x >> 16 : (uint32_t)x };
        float numbers[LANES] = { as_float(x) };
        if (inst->op == OP_s_cvt_f16_f32) {
            wave->worker->launch->lanes->to_halves(words, numbers);
            write(wave, inst, words[0]);
        } else {
            wave->worker->launch->lanes->to_floats(numbers, words);
            write(wave, inst, as_word(numbers[0]));
        }
        return;
    }
    default: fail(wave->worker, "this opcode is not supported");
    }
    write(wave, inst, value);
    wave->scc = value != 0;
}

static void run_sopc(struct wave *wave, const struct inst *inst)
{
    uint64_t x = read(wave, inst, 0), y = read(wave, inst, 1);
    int32_t sx = (int32_t)x, sy = (int32_t)y;
    float fx = as_float(x), fy = as_float(y);
    switch (inst->op) {
    case OP_s_cmp_eq_i32:
    case OP_s_cmp_eq_u32:
    case OP_s_cmp_eq_u64: wave->scc = x == y; return;
    case OP_s_cmp_lg_i32:
    case OP_s_cmp_lg_u32:
    case OP_s_cmp_lg_u64: wave->scc = x != y; return;
    case OP_s_cmp_gt_i32: wave->scc = sx > sy; return;
    case OP_s_cmp_ge_i32: wave->scc = sx >= sy; return;
    case OP_s_cmp_lt_i32: wave->scc = sx < sy; return;
    case OP_s_cmp_le_i32: wave->scc = sx <= sy; return;
    case OP_s_cmp_gt_u32: wave->scc = x > y; return;
    case OP_s_cmp_ge_u32: wave->scc = x >= y; return;
    case OP_s_cmp_lt_u32: wave->scc = x < y; return;
    case OP_s_cmp_le_u32: wave->scc = x <= y; return;
    case OP_s_bitcmp0_b32: wave->scc = !(x >> (y & 31) & 1); return;
    case OP_s_bitcmp1_b32: wave->scc = x >> (y & 31) & 1; return;
    case OP_s_bitcmp0_b64: wave->scc = !(x >> (y & 63) & 1); return;
    case OP_s_bitcmp1_b64: wave->scc = x >> (y & 63) & 1; return;
    case OP_s_cmp_lt_f32: wave->scc = fx < fy; return;
    case OP_s_cmp_eq_f32: wave->scc = fx == fy; return;
    case OP_s_cmp_le_f32: wave->scc = fx <= fy; return;
    case OP_s_cmp_gt_f32: wave->scc = fx > fy; return;
    case OP_s_cmp_lg_f32: wave->scc = fx < fy || fx > fy; return;
    case OP_s_cmp_ge_f32: wave->scc = fx >= fy; return;
    case OP_s_cmp_o_f32: wave->scc = fx == fx && fy == fy; return;
    case OP_s_cmp_u_f32: wave->scc = fx != fx || fy != fy; return;
    case OP_s_cmp_nge_f32: wave->scc = !(fx >= fy); return;
    case OP_s_cmp_nlg_f32: wave->scc = !(fx < fy || fx > fy); return;
    case OP_s_cmp_ngt_f32: wave->scc = !(fx > fy); return;
    case OP_s_cmp_nle_f32: wave->scc = !(fx <= fy); return;
    case OP_s_cmp_neq_f32: wave->scc = !(fx == fy); return;
    case OP_s_cmp_nlt_f32: wave->scc = !(fx < fy); return;
    default: fail(wave->worker, "this opcode is not supported");
    }
}

static uint64_t extracted(uint64_t x, unsigned offset, unsigned width, bool is_signed)
{
    if (width == 0)
        return 0;
    uint64_t shifted = is_signed ? (uint64_t)((int64_t)x >> offset) : x >> offset;
    uint64_t value = shifted & (width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1);
    if (is_signed && width < 64 && (value >> (width - 1) & 1))
        value |= UINT64_MAX << width;
    return value;
}

/* Bits: the result is also SCC's. */
static bool run_bits(struct wave *wave, const struct inst *inst, uint64_t x, uint64_t y)
{
    uint64_t value, mask = inst->widths[0] == 2 ? UINT64_MAX : UINT32_MAX;
    switch (inst->op) {
    case OP_s_and_b32:
    case OP_s_and_b64: value = x & y; break;
    case OP_s_or_b32:
    case OP_s_or_b64: value = x | y; break;
    case OP_s_xor_b32:
    case OP_s_xor_b64: value = x ^ y; break;
    case OP_s_nand_b32:
    case OP_s_nand_b64: value = ~(x & y); break;
    case OP_s_nor_b32:
    case OP_s_nor_b64: value = ~(x | y); break;
    case OP_s_xnor_b32:
    case OP_s_xnor_b64: value = ~(x ^ y); break;
    case OP_s_and_not1_b32:
    case OP_s_and_not1_b64: value = x & ~y; break;
    case OP_s_or_not1_b32:
    case OP_s_or_not1_b64: value = x | ~y; break;
    case OP_s_lshl_b32: value = x << (y & 31); break;
    case OP_s_lshl_b64: value = x << (y & 63); break;
    case OP_s_lshr_b32: value = x >> (y & 31); break;
    case OP_s_lshr_b64: value = x >> (y & 63); break;
    case OP_s_ashr_i32: value = (uint64_t)((int32_t)x >> (y & 31)); break;
    case OP_s_ashr_i64: value = (uint64_t)((int64_t)x >> (y & 63)); break;
    case OP_s_bfe_u32: value = extracted((uint32_t)x, y & 31, y >> 16 & 127, false); break;
    case OP_s_bfe_i32: value = extracted((uint64_t)(int64_t)(int32_t)x, y & 31, y >> 16 & 127, true); break;
    case OP_s_bfe_u64: value = extracted(x, y & 63, y >> 16 & 127, false); break;
    case OP_s_bfe_i64: value = extracted(x, y & 63, y >> 16 & 127, true); break;
    default: return false;
    }
    value &= mask;
    write(wave, inst, value);
    wave->scc = value != 0;
    return true;
}

static bool is_nan(uint64_t x, bool signalling)
{
    return (x & 0x7fffffff) > 0x7f800000 && !(signalling && (x & 0x400000));
}

/* Which of two floats is wanted; but a signalling NaN is the result, made quiet, under MODE's IEEE. */
static uint64_t chosen(const struct wave *wave, uint64_t x, uint64_t y, bool first)
{
    bool ieee = wave->mode >> 9 & 1;
    if (ieee && (is_nan(x, true) || is_nan(y, true)))
        return (is_nan(x, true) ? x : y) | 0x400000;
    return is_nan(y, false) || first ? x : y;
}

static void run_sop2(struct wave *wave, const struct inst *inst)
{
    uint64_t x = read(wave, inst, 0), y = read(wave, inst, 1), value;
    int32_t sx = (int32_t)x, sy = (int32_t)y, sum;
    float fx = as_float(x), fy = as_float(y);
    if (run_bits(wave, inst, x, y))
        return;
    switch (inst->op) {
    case OP_s_add_u32:
        write(wave, inst, x + y);
        wave->scc = (x + y) >> 32 & 1;
        return;
    case OP_s_sub_u32:
        write(wave, inst, x - y);
        wave->scc = x < y;
        return;
    case OP_s_add_i32:
        wave->scc = __builtin_add_overflow(sx, sy, &sum);
        write(wave, inst, (uint32_t)sum);
        return;
    case OP_s_sub_i32:
        wave->scc = __builtin_sub_overflow(sx, sy, &sum);
        write(wave, inst, (uint32_t)sum);
        return;
    case OP_s_addc_u32:
        value = x + y + wave->scc;
        write(wave, inst, value);
        wave->scc = value >> 32 & 1;
        return;
    case OP_s_subb_u32:
        value = x - y - wave->scc;
        wave->scc = x < y + wave->scc;
        write(wave, inst, value);
        return;
    case OP_s_absdiff_i32:
        value = (uint32_t)(x - y);
        value = value >> 31 ? (uint32_t)(0 - value) : value; /* of what is left of the difference */
        write(wave, inst, value);
        wave->scc = value != 0;
        return;
    case OP_s_lshl1_add_u32:
    case OP_s_lshl2_add_u32:
    case OP_s_lshl3_add_u32:
    case OP_s_lshl4_add_u32:
        value = (x << (1 + inst->op - OP_s_lshl1_add_u32)) + y;
        write(wave, inst, value);
        wave->scc = value >> 32 != 0;
        return;
    case OP_s_min_i32:
        wave->scc = sx < sy;
        write(wave, inst, wave->scc ? x : y);
        return;
    case OP_s_max_i32:
        wave->scc = sx >= sy;
        write(wave, inst, wave->scc ? x : y);
        return;
    case OP_s_min_u32:
        wave->scc = x < y;
        write(wave, inst, wave->scc ? x : y);
        return;
    case OP_s_max_u32:
        wave->scc = x >= y;
        write(wave, inst, wave->scc ? x : y);
        return;
    case OP_s_bfm_b32: write(wave, inst, ((UINT64_C(1) << (x & 31)) - 1) << (y & 31)); return;
    case OP_s_bfm_b64: write(wave, inst, ((UINT64_C(1) << (x & 63)) - 1) << (y & 63)); return;
    case OP_s_mul_i32: write(wave, inst, (uint32_t)x * (uint32_t)y); return;
    case OP_s_mul_hi_u32: write(wave, inst, (uint64_t)(uint32_t)x * (uint32_t)y >> 32); return;
    case OP_s_mul_hi_i32: write(wave, inst, (uint64_t)((int64_t)sx * sy) >> 32); return;
    case OP_s_cselect_b32:
    case OP_s_cselect_b64: write(wave, inst, wave->scc ? x : y); return;
    case OP_s_pack_ll_b32_b16: write(wave, inst, (x & 0xffff) | y << 16); return;
    case OP_s_pack_lh_b32_b16: write(wave, inst, (x & 0xffff) | (y & 0xffff0000)); return;
    case OP_s_pack_hh_b32_b16: write(wave, inst, (x >> 16 & 0xffff) | (y & 0xffff0000)); return;
    case OP_s_pack_hl_b32_b16: write(wave, inst, (x >> 16 & 0xffff) | y << 16); return;
    case OP_s_add_f32: write(wave, inst, as_word(fx + fy)); return;
    case OP_s_sub_f32: write(wave, inst, as_word(fx - fy)); return;
    case OP_s_mul_f32: write(wave, inst, as_word(fx * fy)); return;
    case OP_s_min_f32: write(wave, inst, chosen(wave, x, y, fx < fy || (fx == fy && x >> 31))); return;
    case OP_s_max_f32: write(wave, inst, chosen(wave, x, y, fx > fy || (fx == fy && !(x >> 31)))); return;
    case OP_s_fmac_f32: write(wave, inst, as_word(fmaf(fx, fy, as_float(scalar(wave, inst->dst, 0))))); return;
    case OP_s_fmaak_f32: write(wave, inst, as_word(fmaf(fx, fy, as_float(inst->literal)))); return;
    case OP_s_fmamk_f32: write(wave, inst, as_word(fmaf(fx, as_float(inst->literal), fy))); return;
    default: fail(wave->worker, "this opcode is not supported");
    }
}

void run_scalar(struct wave *wave, const struct inst *inst)
{
    switch (inst->encoding) {
    case SOPP: run_sopp(wave, inst); return;
    case SOPK: run_sopk(wave, inst); return;
    case SOP1: run_sop1(wave, inst); return;
    case SOP2: run_sop2(wave, inst); return;
    default: run_sopc(wave, inst); return;
    }
}
