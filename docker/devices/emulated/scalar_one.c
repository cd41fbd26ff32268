/* Scalar instructions of one source. */
#define _GNU_SOURCE
#include "scalar.h"

#include <math.h>

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

void run_sop1(struct wave *wave, const struct inst *inst)
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
