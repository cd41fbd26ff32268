/* Buffers. */
#define _GNU_SOURCE
#include "access.h"

/* Buffers without swizzling: base, stride, number of records, format's word 3. Reads outside give 0, writes vanish. */
void run_buffer(struct wave *wave, const struct inst *inst)
{
    const struct access *access = access_of(wave, inst);
    const uint32_t *words = wave->s + inst->src[1];
    if (inst->src[1] + 4 > SCALARS)
        fail(wave->worker, "the buffer's descriptor is in no scalar registers");
    uint64_t base = words[0] | (uint64_t)(words[1] & 0xffff) << 32;
    uint32_t stride = words[1] >> 16 & 0x3fff, records = words[2], scalar_offset = scalar(wave, inst->src[2], 0);
    unsigned check_mode = words[3] >> 28 & 3;
    if ((words[1] >> 30 & 3) != 0 || (words[3] >> 23 & 1) != 0 || inst->literal != 0)
        fail(wave->worker, "a swizzled buffer is not supported");
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])wave->halves[half].v + inst->src[0];
        bool indexed = inst->flags & FLAG_IDXEN, offen = inst->flags & FLAG_OFFEN;
        for (uint32_t left = exec; left != 0; left &= left - 1) {
            int lane = __builtin_ctz(left);
            uint32_t index = indexed ? v[0][lane] : 0, offset = (uint32_t)inst->offset + (offen ? v[indexed][lane] : 0);
            bool outside;
            if (check_mode == 0)
                outside = index >= records || (uint64_t)offset + access->bytes > stride;
            else if (check_mode == 1)
                outside = index >= records;
            else if (check_mode == 2)
                outside = records == 0;
            else if (stride != 0)
                outside = (uint64_t)index * stride + offset + scalar_offset + access->bytes > records;
            else
                outside = (uint64_t)offset + scalar_offset + access->bytes > records;
            if (outside) {
                static unsigned char nothing[16];
                unsigned char zero[16] = { 0 };
                (void)nothing;
                if (access->verb == LOAD)
                    load_lane(wave->halves[half].v + inst->dst, lane, access, zero);
                continue;
            }
            uint64_t address = base + scalar_offset + (uint64_t)index * stride + offset;
            check(wave, address, access->bytes, access->verb != LOAD);
            access_lane(wave, inst, access, half, lane, (unsigned char *)(uintptr_t)address);
        }
        count_bytes(wave, access, exec);
    }
}
