/* Scalar loads. */
#define _GNU_SOURCE
#include "access.h"

void run_smem(struct wave *wave, const struct inst *inst)
{
    if (inst->op == OP_s_gl1_inv || inst->op == OP_s_dcache_inv)
        return;
    bool buffer = inst->op >= OP_s_buffer_load_b32 && inst->op <= OP_s_buffer_load_b512;
    if (!buffer && (inst->op < OP_s_load_b32 || inst->op > OP_s_load_b512))
        fail(wave->worker, "this opcode is not supported");
    unsigned count = inst->widths[0];
    uint64_t base = scalar_pair(wave, inst->src[0], 0);
    uint64_t offset = (uint64_t)(int64_t)inst->offset + (inst->src[1] == R_NULL ? 0 : scalar(wave, inst->src[1], 0));
    uint32_t words[16] = { 0 };
    if (inst->dst + count > SCALARS)
        fail(wave->worker, "it loads more scalar registers than there are");
    if (buffer) {
        const uint32_t *record = wave->s + inst->src[0];
        uint32_t stride = record[1] >> 16 & 0x3fff;
        uint64_t size = stride == 0 ? record[2] : (uint64_t)stride * record[2];
        base &= UINT64_C(0xffffffffffff);
        if (offset > size)
            count = 0;
        else if (offset + count * 4 > size)
            count = (unsigned)((size - offset) / 4);
    }
    uint64_t address = (base + offset) & ~UINT64_C(3);
    if (count > 0) {
        check(wave, address, count * sizeof *words, false);
        memcpy(words, (const void *)(uintptr_t)address, count * sizeof *words);
    }
    for (unsigned i = 0; i < inst->widths[0]; i++)
        set_scalar(wave, inst->dst == R_NULL ? R_NULL : inst->dst + i, words[i]);
}
