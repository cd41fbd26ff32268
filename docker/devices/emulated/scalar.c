/* Scalar instructions: jumps, those with a constant of 16 bits, comparisons. */
#define _GNU_SOURCE
#include "scalar.h"

#include <sched.h>

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
