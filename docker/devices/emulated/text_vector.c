/* The text of vector instructions. */
#include "text.h"

#include <string.h>

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

void disassemble_vector(struct text *text, const struct inst *inst)
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

void disassemble_pair(struct text *text, const struct inst *inst)
{
    put_pair_half(text, inst, pair_names[inst->flags], inst->op, inst->dst, inst->src, inst->sources);
    put(text, " :: ");
    put_pair_half(text, inst, pair_names[inst->dpp_masks], inst->op2, inst->dst2, inst->src2, inst->sources2);
}
