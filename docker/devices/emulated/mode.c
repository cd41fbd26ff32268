/* MODE: how results are rounded, and what becomes of denormals; for 32 bits, and for 16 and 64 together. */
#define _GNU_SOURCE
#include "execute.h"

#include <string.h>
#include <xmmintrin.h>

enum { NEAREST = 0, KEPT = 3 };

static unsigned rounding(uint32_t mode, bool wide)
{
    return mode >> (wide ? 2 : 0) & 3;
}

static unsigned denormals(uint32_t mode, bool wide)
{
    return mode >> (wide ? 6 : 4) & 3;
}

/* MXCSR of one of the two. Halves are floats while they are reckoned with, which the processor's denormals do not touch. */
static unsigned control(uint32_t mode, bool wide, bool halves)
{
    static const unsigned bits[] = { 0x0000, 0x4000, 0x2000, 0x6000 };
    unsigned csr = 0x1f80 | bits[rounding(mode, wide)], kept = halves ? KEPT : denormals(mode, wide);
    if ((kept & 1) == 0)
        csr |= 0x40; /* sources */
    if ((kept & 2) == 0)
        csr |= 0x8000; /* results */
    return csr;
}

void apply_mode(struct wave *wave)
{
    _mm_setcsr(control(wave->mode, false, false));
    wave->usual = (wave->mode & 0xff) == 0xf0;
}

static bool has(const char *name, const char *part)
{
    return strstr(name, part) != NULL;
}

enum precision precision_of(unsigned op)
{
    const char *name = op_infos[op].name;
    switch (op) {
    case OP_v_cvt_f32_f64: return PRECISION_NARROWED;
    case OP_v_dot2_f32_f16:
    case OP_v_dot2_f32_bf16:
    case OP_v_dot2acc_f32_f16:
    case OP_v_fma_mix_f32: return PRECISION_HALF_SOURCE;
    case OP_v_fma_mixlo_f16:
    case OP_v_fma_mixhi_f16: return PRECISION_MIXED;
    case OP_v_cvt_f64_f32:
    case OP_v_cvt_f64_i32:
    case OP_v_cvt_f64_u32:
    case OP_v_cvt_pk_rtz_f16_f32: return PRECISION_SINGLE;
    default: break;
    }
    if (has(name, "wmma") && !has(name, "i32"))
        return PRECISION_MATRIX;
    if (has(name, "f16"))
        return has(name, "fma") ? PRECISION_FUSED_HALF : PRECISION_HALF;
    return has(name, "f64") ? PRECISION_DOUBLE : PRECISION_SINGLE;
}

/* What is refused here rounds, or flushes, in a way that no code known to us asks for. */
static void refuse(struct wave *wave, const struct inst *inst)
{
    bool matrix = inst->precision == PRECISION_MATRIX, mixed = inst->precision == PRECISION_MIXED || inst->precision == PRECISION_NARROWED;
    bool halves = inst->precision != PRECISION_DOUBLE && inst->precision != PRECISION_NARROWED;
    if (halves && denormals(wave->mode, true) != KEPT)
        fail(wave->worker, "MODE flushes denormals of halves, which is not supported");
    if (matrix && denormals(wave->mode, false) != KEPT)
        fail(wave->worker, "MODE flushes denormals of a matrix, which is not supported");
    if (matrix && (rounding(wave->mode, false) != NEAREST || rounding(wave->mode, true) != NEAREST))
        fail(wave->worker, "MODE does not round a matrix to nearest, which is not supported");
    if (inst->precision == PRECISION_FUSED_HALF && rounding(wave->mode, true) != NEAREST)
        fail(wave->worker, "MODE does not round this opcode to nearest, which is not supported");
    if (mixed && rounding(wave->mode, false) != rounding(wave->mode, true))
        fail(wave->worker, "MODE rounds 32 bits in another way than the rest, which this opcode does not support");
}

void run_in_mode(struct wave *wave, const struct inst *inst, void (*run)(struct wave *wave, const struct inst *inst))
{
    refuse(wave, inst);
    bool wide = inst->precision == PRECISION_DOUBLE || inst->precision == PRECISION_HALF || inst->precision == PRECISION_FUSED_HALF;
    if (wide)
        _mm_setcsr(control(wave->mode, true, inst->precision != PRECISION_DOUBLE));
    run(wave, inst);
    _mm_setcsr(control(wave->mode, false, false));
}
