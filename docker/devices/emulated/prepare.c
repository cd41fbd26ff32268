/* Which part of the executor carries out an instruction, and with which function. */
#define _GNU_SOURCE
#include "execute.h"

const struct lane_set *lanes_best(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq"))
        return &lanes_avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") ? &lanes_avx2 : &lanes_plain;
}

static bool sets_carry(const struct inst *inst)
{
    const struct op_info *info = &op_infos[inst->op];
    return inst->op == OP_v_add_co_ci_u32 || inst->op == OP_v_sub_co_ci_u32 || inst->op == OP_v_subrev_co_ci_u32
        || (info->encoding == VOP3 && info->code >= 764 && info->code <= 770);
}

static enum kind vector_kind(const struct lane_set *lanes, struct inst *inst)
{
    inst->run = (const void *)lanes->functions[inst->op];
    inst->flags = sets_carry(inst);
    switch (inst->op) {
    case OP_v_nop:
    case OP_v_pipeflush: return KIND_NOTHING;
    case OP_v_readfirstlane_b32:
    case OP_v_readlane_b32:
    case OP_v_writelane_b32:
    case OP_v_permlane16_b32:
    case OP_v_permlanex16_b32:
    case OP_v_permlane64_b32:
    case OP_v_swap_b32:
    case OP_v_movreld_b32:
    case OP_v_movrels_b32:
    case OP_v_movrelsd_b32:
    case OP_v_wmma_f32_16x16x16_f16:
    case OP_v_wmma_f32_16x16x16_bf16:
    case OP_v_wmma_f16_16x16x16_f16:
    case OP_v_wmma_bf16_16x16x16_bf16:
    case OP_v_wmma_i32_16x16x16_iu8:
    case OP_v_wmma_i32_16x16x16_iu4: return KIND_VECTOR;
    default: return inst->run != NULL ? KIND_LANES : KIND_UNKNOWN;
    }
}

void prepare(const struct lane_set *lanes, struct inst *inst)
{
    if (inst->op == OP_NONE)
        return;
    if (inst->encoding <= SOPC || (inst->encoding >= VOP1 && inst->encoding <= VOP3P))
        inst->precision = (uint8_t)precision_of(inst->op);
    else if (inst->encoding == VOPD && (inst->op == OP_v_dot2acc_f32_f16 || inst->op2 == OP_v_dot2acc_f32_f16))
        inst->precision = PRECISION_HALF_SOURCE;
    switch (inst->encoding) {
    case SOPP:
        switch (inst->op) {
        case OP_s_nop:
        case OP_s_clause:
        case OP_s_delay_alu:
        case OP_s_waitcnt:
        case OP_s_waitcnt_depctr:
        case OP_s_wait_idle:
        case OP_s_wait_event:
        case OP_s_set_inst_prefetch_distance:
        case OP_s_setprio:
        case OP_s_icache_inv: inst->kind = KIND_NOTHING; return;
        default: inst->kind = KIND_SCALAR; return;
        }
    case SOPK:
        inst->kind = inst->op >= OP_s_waitcnt_vscnt && inst->op <= OP_s_waitcnt_lgkmcnt ? KIND_NOTHING : KIND_SCALAR;
        return;
    case SOP1:
    case SOP2:
    case SOPC: inst->kind = KIND_SCALAR; return;
    case SMEM: inst->kind = KIND_SMEM; return;
    case DS: inst->kind = inst->op == OP_ds_nop ? KIND_NOTHING : KIND_DS; return;
    case FLAT:
    case GLOBAL:
    case SCRATCH: inst->kind = KIND_FLAT; return;
    case MUBUF: inst->kind = op_infos[inst->op].operands[0] == '\0' ? KIND_NOTHING : KIND_BUFFER; return;
    case VOPD:
        inst->run = (const void *)lanes->functions[inst->op];
        inst->run2 = (const void *)lanes->functions[inst->op2];
        inst->kind = inst->run != NULL && inst->run2 != NULL ? KIND_PAIR : KIND_UNKNOWN;
        return;
    case VOP1:
    case VOP2:
    case VOPC:
    case VOP3:
    case VOP3P: inst->kind = (uint8_t)vector_kind(lanes, inst); return;
    default: return;
    }
}
