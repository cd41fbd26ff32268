/* The text of instructions that touch memory. */
#include "text.h"

#include <inttypes.h>
#include <string.h>

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

void disassemble_smem(struct text *text, const struct inst *inst)
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

void disassemble_buffer(struct text *text, const struct inst *inst)
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

void disassemble_memory(struct text *text, const struct inst *inst)
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
