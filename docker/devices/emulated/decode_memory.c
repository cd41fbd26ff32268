/* The operands of instructions that touch memory. */
#include "decoding.h"

void decode_memory(struct inst *inst, const uint32_t *words)
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
