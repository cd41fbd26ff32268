/* Two instructions in one: VOPD. */
#include "decoding.h"

#include <string.h>

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

void decode_pair(struct inst *inst, const uint32_t *words, size_t count)
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
