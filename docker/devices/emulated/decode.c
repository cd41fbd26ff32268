/* An instruction's words, taken apart. */
#include "decoding.h"

#include <string.h>

/* Widths out of the table's text; false where it has a letter, as memory instructions do. */
void read_widths(struct inst *inst, const char *text)
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
    inst->op = opcode_of(encoding, words[0]);
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
