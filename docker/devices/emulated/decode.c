#include "decode.h"

#include <string.h>

#define OP(encoding, code, name, operands, generation) { #name, operands, code, encoding, generation },
const struct op_info op_infos[OPS] = {
    { "?", "", 0, 0, 0 },
#include "opcodes.inc"
};
#undef OP

enum { MOST_CODES = 1024 };
static uint16_t by_code[ENCODINGS][MOST_CODES];

__attribute__((constructor)) static void fill(void)
{
    for (unsigned op = 1; op < OPS; op++)
        by_code[op_infos[op].encoding][op_infos[op].code] = (uint16_t)op;
    static const struct {
        enum encoding encoding;
        unsigned first, count;
    } also[] = { { VOPC, 0, 256 }, { VOP2, 256, 64 }, { VOP1, 384, 128 } };
    for (size_t i = 0; i < sizeof also / sizeof *also; i++) {
        for (unsigned code = 0; code < also[i].count; code++)
            by_code[VOP3][also[i].first + code] = by_code[also[i].encoding][code];
    }
}

static const uint16_t pairs[32] = {
    [0] = OP_v_fmac_f32,          [1] = OP_v_fmaak_f32,    [2] = OP_v_fmamk_f32, [3] = OP_v_mul_f32,
    [4] = OP_v_add_f32,           [5] = OP_v_sub_f32,      [6] = OP_v_subrev_f32, [7] = OP_v_mul_dx9_zero_f32,
    [8] = OP_v_mov_b32,           [9] = OP_v_cndmask_b32,  [10] = OP_v_max_f32,  [11] = OP_v_min_f32,
    [12] = OP_v_dot2acc_f32_f16,  [16] = OP_v_add_nc_u32,  [17] = OP_v_lshlrev_b32, [18] = OP_v_and_b32,
};
const char *const pair_names[32] = {
    [0] = "v_dual_fmac_f32",   [1] = "v_dual_fmaak_f32",  [2] = "v_dual_fmamk_f32",        [3] = "v_dual_mul_f32",
    [4] = "v_dual_add_f32",    [5] = "v_dual_sub_f32",    [6] = "v_dual_subrev_f32",       [7] = "v_dual_mul_dx9_zero_f32",
    [8] = "v_dual_mov_b32",    [9] = "v_dual_cndmask_b32", [10] = "v_dual_max_f32",        [11] = "v_dual_min_f32",
    [12] = "v_dual_dot2acc_f32_f16", [16] = "v_dual_add_nc_u32", [17] = "v_dual_lshlrev_b32", [18] = "v_dual_and_b32",
};

static uint32_t bits(uint32_t word, unsigned low, unsigned count)
{
    return word >> low & ((UINT32_C(1) << count) - 1);
}

static enum encoding encoding_of(uint32_t word)
{
    switch (word >> 26) {
    case 0x30: return word >> 24 == 0xcc ? VOP3P : ENCODINGS;
    case 0x32: return VOPD;
    case 0x33: return word >> 24 == 0xcc ? VOP3P : ENCODINGS;
    case 0x35: return VOP3;
    case 0x36: return DS;
    case 0x37: return bits(word, 16, 2) == 0 ? FLAT : bits(word, 16, 2) == 1 ? SCRATCH : bits(word, 16, 2) == 2 ? GLOBAL : ENCODINGS;
    case 0x38: return MUBUF;
    case 0x3a: return MTBUF;
    case 0x3d: return SMEM;
    default: break;
    }
    if (word >> 31 == 0)
        return word >> 25 == 0x3f ? VOP1 : word >> 25 == 0x3e ? VOPC : VOP2;
    if (word >> 30 != 2)
        return ENCODINGS;
    switch (word >> 23) {
    case 0x17d: return SOP1;
    case 0x17e: return SOPC;
    case 0x17f: return SOPP;
    default: return word >> 28 == 0xb ? SOPK : SOP2;
    }
}

static unsigned code_of(enum encoding encoding, uint32_t word)
{
    switch (encoding) {
    case SOP1: return bits(word, 8, 8);
    case SOP2: return bits(word, 23, 7);
    case SOPC:
    case SOPP:
    case VOP3P: return bits(word, 16, 7);
    case SOPK: return bits(word, 23, 5);
    case VOP1: return bits(word, 9, 8);
    case VOP2: return bits(word, 25, 6);
    case VOPC: return bits(word, 17, 8);
    case VOP3: return bits(word, 16, 10);
    case FLAT:
    case GLOBAL:
    case SCRATCH: return bits(word, 18, 7);
    case MTBUF: return bits(word, 15, 4);
    default: return bits(word, 18, 8); /* SMEM, DS, MUBUF */
    }
}

/* Widths out of the table's text; false where it has a letter, as memory instructions do. */
static void read_widths(struct inst *inst, const char *text)
{
    unsigned count = 0;
    memset(inst->widths, 1, sizeof inst->widths);
    for (; *text != '\0' && count < sizeof inst->widths; text++) {
        unsigned width = *text == 'h' ? 0 : (unsigned)(*text - '0');
        if (width == 1 && text[1] == '6') {
            width = 16;
            text++;
        }
        inst->widths[count++] = (uint8_t)width;
    }
    inst->sources = (uint8_t)(count > 0 ? count - 1 : 0);
}

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

static size_t take_dpp(struct inst *inst, const uint32_t *words, size_t count, size_t used)
{
    unsigned src = inst->src[0];
    if (src != 233 && src != 234 && src != 250)
        return used;
    if (used >= count || (op_infos[inst->op].operands[0] == '\0')) {
        inst->op = OP_NONE;
        return used;
    }
    uint32_t word = words[used];
    inst->dpp = src == 250 ? DPP_16 : DPP_8;
    inst->src[0] = (uint16_t)(R_VGPR + bits(word, 0, 8));
    if (src != 250) {
        inst->dpp_control = word >> 8;
        inst->dpp_fetch_inactive = src == 234;
        return used + 1;
    }
    inst->dpp_control = bits(word, 8, 9);
    inst->dpp_fetch_inactive = (uint8_t)bits(word, 18, 1);
    inst->dpp_bound = (uint8_t)bits(word, 19, 1);
    if (inst->encoding != VOP3 && inst->encoding != VOP3P) {
        inst->neg |= (uint8_t)(bits(word, 20, 1) | bits(word, 22, 1) << 1);
        inst->abs |= (uint8_t)(bits(word, 21, 1) | bits(word, 23, 1) << 1);
    }
    inst->dpp_masks = (uint8_t)bits(word, 24, 8);
    return used + 1;
}

static size_t take_literal(struct inst *inst, const uint32_t *words, size_t count, size_t used, bool wanted)
{
    for (unsigned i = 0; i < inst->sources && i < 3; i++)
        wanted |= inst->src[i] == R_LITERAL;
    if (!wanted)
        return used;
    if (used >= count) {
        inst->op = OP_NONE;
        return used;
    }
    inst->literal = words[used];
    return used + 1;
}

static void decode_scalar(struct inst *inst, uint32_t word)
{
    inst->dst = (uint16_t)bits(word, 16, 7);
    inst->src[0] = (uint16_t)bits(word, 0, 8);
    inst->src[1] = (uint16_t)bits(word, 8, 8);
    if (inst->encoding == SOPC) { /* no result: both are sources */
        memmove(inst->widths + 1, inst->widths, sizeof inst->widths - 1);
        inst->sources = 2;
    } else if (inst->op == OP_s_setpc_b64 || inst->op == OP_s_rfe_b64) {
        inst->sources = 1;
        inst->widths[1] = 2;
    } else if (inst->op == OP_s_getpc_b64) {
        inst->sources = 0;
    } else if (inst->op == OP_s_sendmsg_rtn_b32 || inst->op == OP_s_sendmsg_rtn_b64) {
        inst->sources = 0;
        inst->offset = (int32_t)bits(word, 0, 8);
    }
}

static void decode_vector(struct inst *inst, uint32_t word)
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

static void decode_vop3(struct inst *inst, const uint32_t *words)
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

static void decode_memory(struct inst *inst, const uint32_t *words)
{
    const uint32_t low = words[0], high = words[1];
    inst->src[0] = (uint16_t)bits(high, 0, 8); /* address */
    inst->src[1] = (uint16_t)bits(high, 8, 8); /* data */
    inst->src[2] = (uint16_t)bits(high, 16, 8); /* data, or a scalar */
    inst->dst = (uint16_t)bits(high, 24, 8);
    inst->sources = 0;
    switch (inst->encoding) {
    case SMEM:
        inst->src[0] = (uint16_t)(bits(low, 0, 6) << 1);
        inst->src[1] = (uint16_t)bits(high, 25, 7);
        inst->dst = (uint16_t)bits(low, 6, 7);
        inst->offset = (int32_t)(high << 11) >> 11;
        inst->flags = (uint8_t)((bits(low, 14, 1) ? FLAG_GLC : 0) | (bits(low, 13, 1) ? FLAG_DLC : 0));
        read_widths(inst, op_infos[inst->op].operands);
        break;
    case DS:
        inst->offset = (int32_t)bits(low, 0, 16);
        inst->flags = bits(low, 17, 1) ? FLAG_GDS : 0;
        break;
    case MUBUF:
    case MTBUF:
        inst->offset = (int32_t)bits(low, 0, 12);
        inst->dst = inst->src[1];
        inst->src[1] = (uint16_t)(bits(high, 16, 5) << 2);
        inst->src[2] = (uint16_t)bits(high, 24, 8);
        inst->flags = (uint8_t)((bits(low, 14, 1) ? FLAG_GLC : 0) | (bits(low, 12, 1) ? FLAG_SLC : 0) | (bits(low, 13, 1) ? FLAG_DLC : 0)
                                | (bits(high, 22, 1) ? FLAG_OFFEN : 0) | (bits(high, 23, 1) ? FLAG_IDXEN : 0));
        inst->literal = inst->encoding == MTBUF ? bits(low, 19, 7) : bits(high, 21, 1);
        read_widths(inst, op_infos[inst->op].operands);
        inst->sources = 0;
        break;
    default:
        inst->offset = (int32_t)(low << 19) >> 19;
        inst->src[2] = (uint16_t)bits(high, 16, 7);
        inst->flags = (uint8_t)((bits(low, 14, 1) ? FLAG_GLC : 0) | (bits(low, 15, 1) ? FLAG_SLC : 0) | (bits(low, 13, 1) ? FLAG_DLC : 0)
                                | (bits(high, 23, 1) ? FLAG_OFFEN : 0));
        break;
    }
}

static void decode_pair(struct inst *inst, const uint32_t *words, size_t count)
{
    if (count < 2)
        return;
    unsigned x = bits(words[0], 22, 4), y = bits(words[0], 17, 5);
    if (pairs[x] == OP_NONE || pairs[y] == OP_NONE)
        return;
    inst->op = pairs[x];
    inst->op2 = pairs[y];
    inst->flags = (uint8_t)x;
    inst->dpp_masks = (uint8_t)y;
    inst->src[0] = (uint16_t)bits(words[0], 0, 9);
    inst->src[1] = (uint16_t)(R_VGPR + bits(words[0], 9, 8));
    inst->src2[0] = (uint16_t)bits(words[1], 0, 9);
    inst->src2[1] = (uint16_t)(R_VGPR + bits(words[1], 9, 8));
    inst->dst = (uint16_t)bits(words[1], 24, 8);
    inst->dst2 = (uint16_t)(bits(words[1], 17, 7) << 1 | ((inst->dst & 1) ^ 1));
    inst->words = 2;
    bool literal = inst->src[0] == R_LITERAL || inst->src2[0] == R_LITERAL;
    for (int half = 0; half < 2; half++) {
        unsigned op = half == 0 ? inst->op : inst->op2;
        uint16_t *src = half == 0 ? inst->src : inst->src2;
        uint8_t *sources = half == 0 ? &inst->sources : &inst->sources2;
        *sources = op == OP_v_mov_b32 ? 1 : 2;
        if (op == OP_v_fmamk_f32) {
            src[2] = src[1];
            src[1] = R_LITERAL;
        } else if (op == OP_v_fmaak_f32) {
            src[2] = R_LITERAL;
        } else if (op == OP_v_cndmask_b32) {
            src[2] = R_VCC_LO;
        }
        if (op == OP_v_fmamk_f32 || op == OP_v_fmaak_f32) {
            *sources = 3;
            literal = true;
        }
    }
    if (literal && count < 3) {
        inst->op = OP_NONE;
        return;
    }
    if (literal)
        inst->literal = words[inst->words++];
    memset(inst->widths, 1, sizeof inst->widths);
}

void decode(enum emu_target target, const uint32_t *words, size_t count, struct inst *inst)
{
    memset(inst, 0, sizeof *inst);
    inst->words = 1;
    if (count == 0)
        return;
    enum encoding encoding = encoding_of(words[0]);
    inst->encoding = (uint8_t)encoding;
    if (encoding == VOPD) {
        decode_pair(inst, words, count);
        return;
    }
    if (encoding == ENCODINGS)
        return;
    inst->op = by_code[encoding][code_of(encoding, words[0])];
    const struct op_info *info = &op_infos[inst->op];
    if (inst->op == OP_NONE || (info->generation == RDNA35 && target < EMU_GFX1150)) {
        inst->op = OP_NONE;
        return;
    }
    size_t used = encoding >= SMEM && encoding != VOP1 && encoding != VOP2 && encoding != VOPC ? 2 : 1;
    if (count < used) {
        inst->op = OP_NONE;
        return;
    }
    switch (encoding) {
    case SOPP:
    case SOPK:
        inst->offset = (int16_t)words[0];
        inst->dst = (uint16_t)bits(words[0], 16, 7);
        used = take_literal(inst, words, count, used, inst->op == OP_s_setreg_imm32_b32);
        break;
    case SOP1:
    case SOP2:
    case SOPC:
        read_widths(inst, info->operands);
        decode_scalar(inst, words[0]);
        used = take_literal(inst, words, count, used, inst->op == OP_s_fmaak_f32 || inst->op == OP_s_fmamk_f32);
        break;
    case VOP1:
    case VOP2:
    case VOPC:
    case VOP3:
    case VOP3P:
        read_widths(inst, info->operands);
        if (encoding == VOP3 || encoding == VOP3P)
            decode_vop3(inst, words);
        else
            decode_vector(inst, words[0]);
        used = take_dpp(inst, words, count, used);
        used = take_literal(inst, words, count, used, false);
        break;
    default: decode_memory(inst, words); break;
    }
    inst->words = (uint8_t)used;
}
