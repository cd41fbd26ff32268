/* Scalar instructions of two sources. */
#define _GNU_SOURCE
#include "scalar.h"

#include <math.h>

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

void run_sop2(struct wave *wave, const struct inst *inst)
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
