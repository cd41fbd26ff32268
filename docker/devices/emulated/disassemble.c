/* Instructions as llvm-objdump of LLVM 22 writes them. */
#include "decode.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text {
    char *at;
    size_t left;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->at, text->left, format, arguments);
    va_end(arguments);
    size_t moved = length < 0 ? 0 : (size_t)length < text->left ? (size_t)length : text->left - 1;
    text->at += moved;
    text->left -= moved;
}

static void put_range(struct text *text, const char *file, unsigned first, unsigned width)
{
    if (width <= 1)
        put(text, "%s%u", file, first);
    else
        put(text, "%s[%u:%u]", file, first, first + width - 1);
}

static void put_vector(struct text *text, unsigned reg, unsigned width)
{
    put_range(text, "v", reg, width);
}

static const char *const special[256] = {
    [R_NULL] = "null",        [R_M0] = "m0",
    [235] = "src_shared_base", [236] = "src_shared_limit", [237] = "src_private_base", [238] = "src_private_limit",
    [251] = "src_vccz",       [252] = "src_execz",        [253] = "src_scc",          [254] = "src_lds_direct",
    [240] = "0.5",            [241] = "-0.5",             [242] = "1.0",              [243] = "-1.0",
    [244] = "2.0",            [245] = "-2.0",             [246] = "4.0",              [247] = "-4.0",
};

/* Whether a constant needs no literal: LLVM says where one is used all the same. */
static bool is_inline(uint32_t literal)
{
    static const uint32_t floats[] = { 0x3f000000, 0xbf000000, 0x3f800000, 0xbf800000, 0x40000000, 0xc0000000, 0x40800000, 0xc0800000, 0x3e22f983 };
    if ((int32_t)literal >= -16 && (int32_t)literal <= 64)
        return true;
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) {
        if (literal == floats[i])
            return true;
    }
    return false;
}

static void put_literal(struct text *text, uint32_t literal, unsigned width)
{
    bool inlined = width > 0 && is_inline(literal);
    put(text, "%s0x%" PRIx32 "%s", inlined ? "lit(" : "", width == 0 ? literal & 0xffff : literal, inlined ? ")" : "");
}

/* The constant of fmaak and fmamk. */
enum { R_CONSTANT = 0xfff };

/* A scalar register, a constant or a vector register. */
static void put_source(struct text *text, unsigned reg, unsigned width, uint32_t literal)
{
    if (reg == R_CONSTANT)
        put(text, "0x%" PRIx32, width == 0 ? literal & 0xffff : literal);
    else if (reg >= R_VGPR)
        put_vector(text, reg - R_VGPR, width);
    else if (reg < 106)
        put_range(text, "s", reg, width);
    else if (reg == R_VCC_LO)
        put(text, width > 1 ? "vcc" : "vcc_lo");
    else if (reg == R_VCC_HI)
        put(text, "vcc_hi");
    else if (reg >= 108 && reg < 124)
        put_range(text, "ttmp", reg - 108, width);
    else if (reg == R_EXEC_LO)
        put(text, width > 1 ? "exec" : "exec_lo");
    else if (reg == R_EXEC_HI)
        put(text, "exec_hi");
    else if (reg >= 128 && reg <= 192)
        put(text, "%u", reg - 128);
    else if (reg > 192 && reg <= 208)
        put(text, "%d", 192 - (int)reg);
    else if (reg == 248)
        put(text, width > 1 ? "0.15915494309189532" : width == 0 ? "0.15915494" : "0.15915494");
    else if (reg == R_LITERAL)
        put_literal(text, literal, width);
    else if (special[reg] != NULL)
        put(text, "%s", special[reg]);
    else
        put(text, "?%u", reg);
}

static bool is_constant(unsigned op, unsigned index)
{
    return ((op == OP_v_fmaak_f32 || op == OP_v_fmaak_f16) && index == 2) || ((op == OP_v_fmamk_f32 || op == OP_v_fmamk_f16) && index == 1);
}

static void put_operand(struct text *text, const struct inst *inst, unsigned index, bool modifiers)
{
    unsigned reg = inst->src[index], width = inst->widths[index + 1];
    if (is_constant(inst->op, index))
        reg = R_CONSTANT;
    bool negative = modifiers && (inst->neg >> index & 1) != 0, absolute = modifiers && (inst->abs >> index & 1) != 0;
    bool constant = reg >= 128 && reg < R_VGPR && (reg <= 208 || reg >= 240) && reg != R_SCC && reg != 251 && reg != 252 && reg != 254;
    if (negative)
        put(text, constant && !absolute ? "neg(" : "-");
    if (absolute)
        put(text, "|");
    put_source(text, reg, width, inst->literal);
    if (width == 0 && reg >= R_VGPR)
        put(text, inst->op_sel >> index & 1 ? ".h" : ".l");
    if (absolute)
        put(text, "|");
    if (negative && constant && !absolute)
        put(text, ")");
}

static void put_list(struct text *text, const char *name, unsigned value, unsigned count)
{
    put(text, " %s:[", name);
    for (unsigned i = 0; i < count; i++)
        put(text, i == 0 ? "%u" : ",%u", value >> i & 1);
    put(text, "]");
}

static void put_dpp(struct text *text, const struct inst *inst)
{
    unsigned control = inst->dpp_control;
    if (inst->dpp == DPP_8) {
        put(text, " dpp8:[");
        for (unsigned i = 0; i < 8; i++)
            put(text, i == 0 ? "%u" : ",%u", control >> 3 * i & 7);
        put(text, "]%s", inst->dpp_fetch_inactive ? " fi:1" : "");
        return;
    }
    if (control < 0x100)
        put(text, " quad_perm:[%u,%u,%u,%u]", control & 3, control >> 2 & 3, control >> 4 & 3, control >> 6 & 3);
    else if (control == 0x140)
        put(text, " row_mirror");
    else if (control == 0x141)
        put(text, " row_half_mirror");
    else
        put(text, " %s:%u", control >= 0x160 ? "row_xmask" : control >= 0x150 ? "row_share" : control >= 0x120 ? "row_ror"
                            : control >= 0x110 ? "row_shr" : "row_shl", control & 15);
    put(text, " row_mask:0x%x bank_mask:0x%x", inst->dpp_masks >> 4, inst->dpp_masks & 15);
    put(text, "%s%s", inst->dpp_bound ? " bound_ctrl:1" : "", inst->dpp_fetch_inactive ? " fi:1" : "");
}

static bool has_suffix_names(const struct inst *inst)
{
    const struct op_info *info = &op_infos[inst->op];
    switch (inst->op) { /* these exist in one encoding only */
    case OP_v_nop:
    case OP_v_pipeflush:
    case OP_v_readfirstlane_b32:
    case OP_v_dot2acc_f32_f16:
    case OP_v_fmamk_f32:
    case OP_v_fmaak_f32:
    case OP_v_fmamk_f16:
    case OP_v_fmaak_f16:
    case OP_v_pk_fmac_f16:
    case OP_v_swap_b32:
    case OP_v_swap_b16:
    case OP_v_permlane64_b32:
    case OP_v_swaprel_b32: return false;
    default: return info->encoding == VOP1 || info->encoding == VOP2 || info->encoding == VOPC;
    }
}

/* Whether the opcode computes in floating point, so that its sources can be negated. */
static bool takes_modifiers(const struct inst *inst)
{
    const char *name = op_infos[inst->op].name;
    return strstr(name, "_f16") != NULL || strstr(name, "_f32") != NULL || strstr(name, "_f64") != NULL || strstr(name, "cndmask") != NULL
        || strstr(name, "mov_b32") != NULL || strstr(name, "bf16") != NULL;
}

static void put_packed_modifiers(struct text *text, const struct inst *inst)
{
    unsigned count = inst->sources, all = (1u << count) - 1;
    bool mixed = inst->op == OP_v_fma_mix_f32 || inst->op == OP_v_fma_mixlo_f16 || inst->op == OP_v_fma_mixhi_f16;
    if (inst->op_sel != 0)
        put_list(text, "op_sel", inst->op_sel, count);
    if (mixed ? inst->op_sel_hi != 0 : (inst->op_sel_hi & all) != all)
        put_list(text, "op_sel_hi", inst->op_sel_hi, count);
    if (mixed)
        return;
    if (inst->neg != 0)
        put_list(text, "neg_lo", inst->neg, count);
    if (inst->abs != 0)
        put_list(text, "neg_hi", inst->abs, count);
}

static void disassemble_vector(struct text *text, const struct inst *inst)
{
    const struct op_info *info = &op_infos[inst->op];
    bool three = inst->encoding == VOP3, packed = inst->encoding == VOP3P;
    bool compare = info->encoding == VOPC, cmpx = strncmp(info->name, "v_cmpx", 6) == 0;
    put(text, "%s", info->name);
    if (has_suffix_names(inst))
        put(text, three ? "_e64" : inst->dpp ? "" : "_e32");
    if (inst->dpp && !compare)
        put(text, "_dpp");
    else if (inst->dpp && three)
        put(text, "_dpp");
    if (info->operands[0] == '\0')
        return;
    const char *comma = " ";
    if (compare ? !cmpx || false : true) {
        put(text, " ");
        if (compare || inst->op == OP_v_readfirstlane_b32 || inst->op == OP_v_readlane_b32)
            put_source(text, inst->dst, 1, 0);
        else if (inst->widths[0] == 0)
            put(text, "v%u.%c", inst->dst, inst->op_sel & 8 ? 'h' : 'l');
        else
            put_vector(text, inst->dst, inst->widths[0]);
        comma = ", ";
    }
    bool carry = inst->op == OP_v_add_co_ci_u32 || inst->op == OP_v_sub_co_ci_u32 || inst->op == OP_v_subrev_co_ci_u32;
    if (carry || (info->encoding == VOP3 && info->code >= 764 && info->code <= 770)) {
        put(text, "%s", comma);
        put_source(text, inst->sdst, 1, 0);
        comma = ", ";
    }
    for (unsigned i = 0; i < inst->sources; i++) {
        bool mixed = inst->op == OP_v_fma_mix_f32 || inst->op == OP_v_fma_mixlo_f16 || inst->op == OP_v_fma_mixhi_f16;
        put(text, "%s", comma);
        put_operand(text, inst, i, packed ? mixed : takes_modifiers(inst));
        comma = ", ";
    }
    if (packed)
        put_packed_modifiers(text, inst);
    if (three && inst->op_sel != 0 && inst->op != OP_v_cndmask_b16) {
        bool lanes = inst->op == OP_v_permlane16_b32 || inst->op == OP_v_permlanex16_b32;
        unsigned sources = inst->sources, value = inst->op_sel & ((1u << sources) - 1);
        if (lanes)
            put_list(text, "op_sel", inst->op_sel, 2);
        else
            put_list(text, "op_sel", compare ? value : value | (unsigned)(inst->op_sel >> 3 & 1) << sources, sources + 1);
    }
    if (inst->clamp)
        put(text, " clamp");
    if (inst->omod != 0)
        put(text, inst->omod == 1 ? " mul:2" : inst->omod == 2 ? " mul:4" : " div:2");
    if (inst->dpp)
        put_dpp(text, inst);
}

static void put_pair_half(struct text *text, const struct inst *inst, const char *name, unsigned op, unsigned dst, const uint16_t *src,
                          unsigned sources)
{
    put(text, "%s v%u", name, dst);
    for (unsigned i = 0; i < sources; i++) {
        put(text, ", ");
        put_source(text, is_constant(op, i) ? R_CONSTANT : src[i], 1, inst->literal);
    }
}

static void disassemble_pair(struct text *text, const struct inst *inst)
{
    put_pair_half(text, inst, pair_names[inst->flags], inst->op, inst->dst, inst->src, inst->sources);
    put(text, " :: ");
    put_pair_half(text, inst, pair_names[inst->dpp_masks], inst->op2, inst->dst2, inst->src2, inst->sources2);
}

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

static void disassemble_sopp(struct text *text, const struct inst *inst)
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

static void disassemble_sopk(struct text *text, const struct inst *inst)
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

static void disassemble_scalar(struct text *text, const struct inst *inst)
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

static void put_cache(struct text *text, const struct inst *inst)
{
    put(text, "%s%s%s", inst->flags & FLAG_GLC ? " glc" : "", inst->flags & FLAG_SLC ? " slc" : "", inst->flags & FLAG_DLC ? " dlc" : "");
}

static void put_hex(struct text *text, int32_t value)
{
    if (value < 0)
        put(text, "-0x%" PRIx32, (uint32_t)-value);
    else
        put(text, "0x%" PRIx32, (uint32_t)value);
}

static void disassemble_smem(struct text *text, const struct inst *inst)
{
    put(text, "%s", op_infos[inst->op].name);
    if (inst->op == OP_s_gl1_inv || inst->op == OP_s_dcache_inv)
        return;
    put(text, " ");
    put_source(text, inst->dst, inst->widths[0], 0);
    put(text, ", ");
    put_source(text, inst->src[0], inst->widths[1], 0);
    put(text, ", ");
    if (inst->src[1] == R_NULL && inst->offset != 0) {
        put_hex(text, inst->offset);
    } else {
        put_source(text, inst->src[1], 1, 0);
        if (inst->offset != 0) {
            put(text, " offset:");
            put_hex(text, inst->offset);
        }
    }
    put_cache(text, inst);
}

static void disassemble_buffer(struct text *text, const struct inst *inst)
{
    const struct op_info *info = &op_infos[inst->op];
    put(text, "%s", info->name);
    if (info->operands[0] == '\0')
        return;
    put(text, " ");
    put_vector(text, inst->dst, inst->widths[0]);
    put(text, ", ");
    if ((inst->flags & (FLAG_IDXEN | FLAG_OFFEN)) == 0)
        put(text, "off");
    else
        put_vector(text, inst->src[0], (inst->flags & FLAG_IDXEN) && (inst->flags & FLAG_OFFEN) ? 2 : 1);
    put(text, ", ");
    put_source(text, inst->src[1], 4, 0);
    put(text, ", ");
    put_source(text, inst->src[2], 1, 0);
    put(text, "%s%s", inst->flags & FLAG_IDXEN ? " idxen" : "", inst->flags & FLAG_OFFEN ? " offen" : "");
    if (inst->offset != 0)
        put(text, " offset:%" PRId32, inst->offset);
    put_cache(text, inst);
    if (inst->encoding == MUBUF && inst->literal)
        put(text, " tfe");
}

static void disassemble_memory(struct text *text, const struct inst *inst)
{
    const struct op_info *info = &op_infos[inst->op];
    put(text, "%s", info->name);
    bool atomic = strstr(info->name, "atomic") != NULL;
    bool pair = strstr(info->name, "2addr") != NULL;
    const char *comma = " ";
    if (atomic && (inst->flags & FLAG_GLC) != 0) {
        unsigned width = strstr(info->name, "64") != NULL ? 2 : 1;
        put(text, " ");
        put_vector(text, inst->dst, width);
        comma = ", ";
    }
    for (const char *operand = info->operands; operand[0] != '\0'; operand += 2) {
        unsigned width = (unsigned)(operand[1] - '0');
        put(text, "%s", comma);
        comma = ", ";
        if (operand[0] == 'A' && inst->encoding == SCRATCH) {
            if (inst->flags & FLAG_OFFEN)
                put_vector(text, inst->src[0], 1);
            else
                put(text, "off");
        } else if (operand[0] == 'A') {
            put_vector(text, inst->src[0], inst->encoding == GLOBAL && inst->src[2] != R_NULL ? 1 : width);
        } else {
            put_vector(text, operand[0] == 'D' ? inst->dst : operand[0] == 'S' ? inst->src[1] : inst->src[2], width);
        }
    }
    if (inst->encoding == GLOBAL || inst->encoding == SCRATCH) {
        put(text, ", ");
        if (inst->src[2] == R_NULL)
            put(text, "off");
        else
            put_source(text, inst->src[2], inst->encoding == GLOBAL ? 2 : 1, 0);
    }
    if (pair && inst->encoding == DS) {
        if (inst->offset & 0xff)
            put(text, " offset0:%d", inst->offset & 0xff);
        if (inst->offset >> 8 & 0xff)
            put(text, " offset1:%d", inst->offset >> 8 & 0xff);
    } else if (inst->op == OP_ds_swizzle_b32) {
        put(text, " offset:0x%x", (unsigned)inst->offset);
    } else if (inst->offset != 0) {
        put(text, " offset:%" PRId32, inst->offset);
    }
    put_cache(text, inst);
    if (inst->encoding == DS && (inst->flags & FLAG_GDS))
        put(text, " gds");
}

int emu_disassemble(enum emu_target target, const void *code, size_t bytes, uint64_t address, char *text, size_t text_size)
{
    (void)address;
    uint32_t words[MOST_WORDS] = { 0 };
    size_t count = bytes / sizeof *words < MOST_WORDS ? bytes / sizeof *words : MOST_WORDS;
    if (text_size == 0)
        return -1;
    text[0] = '\0';
    memcpy(words, code, count * sizeof *words);
    struct inst inst;
    decode(target, words, count, &inst);
    if (inst.op == OP_NONE)
        return -1;
    struct text out = { text, text_size };
    switch (inst.encoding) {
    case SOP1:
    case SOP2:
    case SOPC: disassemble_scalar(&out, &inst); break;
    case SOPK: disassemble_sopk(&out, &inst); break;
    case SOPP: disassemble_sopp(&out, &inst); break;
    case SMEM: disassemble_smem(&out, &inst); break;
    case VOPD: disassemble_pair(&out, &inst); break;
    case MUBUF:
    case MTBUF: disassemble_buffer(&out, &inst); break;
    case VOP1:
    case VOP2:
    case VOPC:
    case VOP3:
    case VOP3P: disassemble_vector(&out, &inst); break;
    default: disassemble_memory(&out, &inst); break;
    }
    return (int)(inst.words * sizeof(uint32_t));
}
