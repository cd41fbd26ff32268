/* The text of scalar instructions. */
#include "text.h"

#include <inttypes.h>

static const char *const hwregs[32] = {
    [1] = "HW_REG_MODE", [2] = "HW_REG_STATUS", [3] = "HW_REG_TRAPSTS", [5] = "HW_REG_GPR_ALLOC", [6] = "HW_REG_LDS_ALLOC",
    [7] = "HW_REG_IB_STS", [15] = "HW_REG_SH_MEM_BASES", [18] = "HW_REG_PERF_SNAPSHOT_PC_LO", [19] = "HW_REG_PERF_SNAPSHOT_PC_HI",
    [20] = "HW_REG_FLAT_SCR_LO", [21] = "HW_REG_FLAT_SCR_HI", [23] = "HW_REG_HW_ID1", [24] = "HW_REG_HW_ID2",
    [29] = "HW_REG_SHADER_CYCLES",
};

static void put_hwreg(struct text *text, unsigned value)
{
    unsigned id = value & 63, offset = value >> 6 & 31, size = (value >> 11 & 31) + 1;
    put(text, "hwreg(");
    if (id < 32 && hwregs[id] != NULL)
        put(text, "%s", hwregs[id]);
    else
        put(text, "%u", id);
    if (offset != 0 || size != 32)
        put(text, ", %u, %u", offset, size);
    put(text, ")");
}

static void put_message(struct text *text, const struct inst *inst, unsigned value)
{
    static const char *const plain[] = { [1] = "MSG_INTERRUPT", [2] = "MSG_HS_TESSFACTOR", [3] = "MSG_DEALLOC_VGPRS",
                                         [4] = "MSG_STALL_WAVE_GEN", [5] = "MSG_HALT_WAVES", [6] = "MSG_GS_ALLOC_REQ", [9] = "MSG_GET_DOORBELL" };
    static const char *const back[] = { "MSG_RTN_GET_DOORBELL", "MSG_RTN_GET_DDID", "MSG_RTN_GET_TMA", "MSG_RTN_GET_REALTIME",
                                        "MSG_RTN_SAVE_WAVE", "MSG_RTN_GET_TBA" };
    bool returns = inst->encoding == SOP1;
    if (returns && value >= 128 && value < 134)
        put(text, "sendmsg(%s)", back[value - 128]);
    else if (!returns && value < 7 && plain[value] != NULL && value != 2)
        put(text, "sendmsg(%s)", plain[value]);
    else if (returns)
        put(text, "sendmsg(%u, 0, 0)", value);
    else
        put(text, "%u", value);
}

static void put_delay(struct text *text, unsigned value)
{
    static const char *const names[] = { "NO_DEP", "VALU_DEP_1", "VALU_DEP_2", "VALU_DEP_3", "VALU_DEP_4", "TRANS32_DEP_1",
                                         "TRANS32_DEP_2", "TRANS32_DEP_3", "FMA_ACCUM_CYCLE_1", "SALU_CYCLE_1", "SALU_CYCLE_2",
                                         "SALU_CYCLE_3" };
    static const char *const skips[] = { "SAME", "NEXT", "SKIP_1", "SKIP_2", "SKIP_3", "SKIP_4" };
    unsigned first = value & 15, skip = value >> 4 & 7, second = value >> 7 & 15;
    const char *bar = "";
    if (first != 0 || (skip == 0 && second == 0)) {
        put(text, "instid0(%s)", first < 12 ? names[first] : "?");
        bar = " | ";
    }
    if (skip != 0) {
        put(text, "%sinstskip(%s)", bar, skip < 6 ? skips[skip] : "?");
        bar = " | ";
    }
    if (second != 0)
        put(text, "%sinstid1(%s)", bar, second < 12 ? names[second] : "?");
}

static void put_waits(struct text *text, unsigned value)
{
    unsigned vm = value >> 10 & 63, exp = value & 7, lgkm = value >> 4 & 63;
    bool all = vm == 63 && exp == 7 && lgkm == 63;
    const char *space = "";
    if (vm != 63 || all) {
        put(text, "vmcnt(%u)", vm);
        space = " ";
    }
    if (exp != 7 || all) {
        put(text, "%sexpcnt(%u)", space, exp);
        space = " ";
    }
    if (lgkm != 63 || all)
        put(text, "%slgkmcnt(%u)", space, lgkm);
}

enum { UNUSED = 3 << 5 };

/* The parts that differ from what nothing waits for. */
static void put_depctr(struct text *text, unsigned value)
{
    static const struct {
        const char *name;
        unsigned low, count;
    } parts[] = { { "depctr_hold_cnt", 7, 1 }, { "depctr_sa_sdst", 0, 1 }, { "depctr_va_vdst", 12, 4 }, { "depctr_va_sdst", 9, 3 },
                  { "depctr_va_ssrc", 8, 1 }, { "depctr_va_vcc", 1, 1 }, { "depctr_vm_vsrc", 2, 3 } };
    const char *space = "";
    if ((value & UNUSED) != 0) {
        put(text, "0x%x", value);
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        unsigned most = (1u << parts[i].count) - 1, part = value >> parts[i].low & most;
        if (part != most) {
            put(text, "%s%s(%u)", space, parts[i].name, part);
            space = " ";
        }
    }
    if (*space == '\0')
        put(text, "0x%x", value);
}

void disassemble_sopp(struct text *text, const struct inst *inst)
{
    unsigned value = (uint16_t)inst->offset;
    put(text, "%s", op_infos[inst->op].name);
    switch (inst->op) {
    case OP_s_wait_idle:
    case OP_s_code_end:
    case OP_s_ttracedata:
    case OP_s_icache_inv:
    case OP_s_barrier: return;
    case OP_s_endpgm:
        if (value != 0)
            put(text, " %u", value);
        return;
    case OP_s_set_inst_prefetch_distance:
    case OP_s_clause:
    case OP_s_wait_event:
    case OP_s_round_mode:
    case OP_s_ttracedata_imm: put(text, " 0x%x", value); return;
    case OP_s_sendmsg:
    case OP_s_sendmsghalt:
        put(text, " ");
        put_message(text, inst, value);
        return;
    case OP_s_delay_alu:
        put(text, " ");
        put_delay(text, value);
        return;
    case OP_s_waitcnt:
        put(text, " ");
        put_waits(text, value);
        return;
    case OP_s_waitcnt_depctr:
        put(text, " ");
        put_depctr(text, value);
        return;
    default: put(text, " %u", value); return;
    }
}

void disassemble_sopk(struct text *text, const struct inst *inst)
{
    unsigned value = (uint16_t)inst->offset;
    put(text, "%s ", op_infos[inst->op].name);
    switch (inst->op) {
    case OP_s_version: put(text, "%u", value); return;
    case OP_s_getreg_b32:
        put_source(text, inst->dst, 1, 0);
        put(text, ", ");
        put_hwreg(text, value);
        return;
    case OP_s_setreg_b32:
        put_hwreg(text, value);
        put(text, ", ");
        put_source(text, inst->dst, 1, 0);
        return;
    case OP_s_setreg_imm32_b32:
        put_hwreg(text, value);
        put(text, ", %" PRIu32, inst->literal);
        return;
    case OP_s_call_b64:
        put_source(text, inst->dst, 2, 0);
        put(text, ", %u", value);
        return;
    case OP_s_subvector_loop_begin:
    case OP_s_subvector_loop_end:
        put_source(text, inst->dst, 1, 0);
        put(text, ", %u", value);
        return;
    default:
        put_source(text, inst->dst, 1, 0);
        put(text, ", 0x%x", value);
        return;
    }
}

void disassemble_scalar(struct text *text, const struct inst *inst)
{
    put(text, "%s", op_infos[inst->op].name);
    const char *comma = " ";
    if (inst->encoding != SOPC && inst->op != OP_s_setpc_b64 && inst->op != OP_s_rfe_b64) {
        put(text, " ");
        put_source(text, inst->dst, inst->widths[0], 0);
        comma = ", ";
    }
    if (inst->op == OP_s_sendmsg_rtn_b32 || inst->op == OP_s_sendmsg_rtn_b64) {
        put(text, ", ");
        put_message(text, inst, (unsigned)inst->offset);
    }
    for (unsigned i = 0; i < inst->sources; i++) {
        put(text, "%s", comma);
        if (inst->op == OP_s_fmamk_f32 && i == 1)
            put(text, "0x%" PRIx32 ", ", inst->literal);
        put_source(text, inst->src[i], inst->widths[i + 1], inst->literal);
        comma = ", ";
    }
    if (inst->op == OP_s_fmaak_f32)
        put(text, ", 0x%" PRIx32, inst->literal);
}
