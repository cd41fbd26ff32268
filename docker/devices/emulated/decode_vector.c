/* The operands of vector instructions. */
#include "decoding.h"

#include <string.h>

static bool is_carry(unsigned op)
{
    return op == OP_v_add_co_ci_u32 || op == OP_v_sub_co_ci_u32 || op == OP_v_subrev_co_ci_u32;
}

static bool has_sdst(unsigned op)
{
    const struct op_info *info = &op_infos[op];
    return is_carry(op) || (info->encoding == VOP3 && info->code >= 764 && info->code <= 770);
}

/* Takes the carry's result out of the list, so that widths are the result's and the sources'. */
static void drop_sdst(struct inst *inst)
{
    memmove(inst->widths + 1, inst->widths + 2, sizeof inst->widths - 2);
    inst->sources--;
}

static bool is_cmpx(const struct op_info *info)
{
    return info->encoding == VOPC && strncmp(info->name, "v_cmpx", 6) == 0;
}

/* A half's register and which half, of an encoding that has 8 bits for both. */
static uint16_t half(struct inst *inst, uint16_t reg, unsigned bit)
{
    if (reg >= R_VGPR && (reg & 0x80) != 0) {
        inst->op_sel |= (uint8_t)(1u << bit);
        reg &= (uint16_t)~0x80u;
    }
    return reg;
}

void decode_vector(struct inst *inst, uint32_t word)
{
    const struct op_info *info = &op_infos[inst->op];
    inst->src[0] = (uint16_t)bits(word, 0, 9);
    inst->src[1] = (uint16_t)(R_VGPR + bits(word, 9, 8));
    inst->dst = (uint16_t)bits(word, 17, 8);
    inst->sdst = R_VCC_LO;
    if (inst->encoding == VOPC) {
        inst->dst = is_cmpx(info) ? R_EXEC_LO : R_VCC_LO;
        if (is_cmpx(info)) {
            memmove(inst->widths + 1, inst->widths, sizeof inst->widths - 1);
            inst->sources = 2;
        }
    } else if (inst->encoding == VOP1) {
        inst->src[1] = 0;
    }
    if (is_carry(inst->op)) {
        drop_sdst(inst);
        inst->src[2] = R_VCC_LO;
    } else if (inst->op == OP_v_cndmask_b32) {
        inst->src[2] = R_VCC_LO;
    } else if (inst->op == OP_v_fmamk_f32 || inst->op == OP_v_fmamk_f16) {
        inst->src[2] = inst->src[1];
        inst->src[1] = R_LITERAL;
        inst->widths[3] = inst->widths[1];
        inst->sources = 3;
    } else if (inst->op == OP_v_fmaak_f32 || inst->op == OP_v_fmaak_f16) {
        inst->src[2] = R_LITERAL;
        inst->widths[3] = inst->widths[1];
        inst->sources = 3;
    }
    for (unsigned i = 0; i < inst->sources && i < 3; i++) {
        if (inst->widths[i + 1] == 0)
            inst->src[i] = half(inst, inst->src[i], i);
    }
    if (inst->widths[0] == 0 && inst->encoding != VOPC)
        inst->dst = (uint16_t)(half(inst, (uint16_t)(R_VGPR + inst->dst), 3) - R_VGPR);
}

void decode_vop3(struct inst *inst, const uint32_t *words)
{
    const struct op_info *info = &op_infos[inst->op];
    inst->dst = (uint16_t)bits(words[0], 0, 8);
    inst->src[0] = (uint16_t)bits(words[1], 0, 9);
    inst->src[1] = (uint16_t)bits(words[1], 9, 9);
    inst->src[2] = (uint16_t)bits(words[1], 18, 9);
    inst->neg = (uint8_t)bits(words[1], 29, 3);
    inst->omod = (uint8_t)bits(words[1], 27, 2);
    inst->clamp = (uint8_t)bits(words[0], 15, 1);
    if (has_sdst(inst->op)) {
        inst->sdst = (uint8_t)bits(words[0], 8, 7);
        drop_sdst(inst);
    } else {
        inst->abs = (uint8_t)bits(words[0], 8, 3);
        inst->op_sel = (uint8_t)bits(words[0], 11, 4);
    }
    if (is_cmpx(info)) {
        inst->dst = R_EXEC_LO;
        memmove(inst->widths + 1, inst->widths, sizeof inst->widths - 1);
        inst->sources = 2;
    }
    if (inst->encoding == VOP3P) {
        inst->op_sel_hi = (uint8_t)(bits(words[1], 27, 2) | bits(words[0], 14, 1) << 2);
        inst->op_sel &= 7;
        inst->omod = 0;
    }
    if (inst->op == OP_v_writelane_b32)
        inst->sources = 2;
}
