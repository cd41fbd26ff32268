/* Buffers. */
#define _GNU_SOURCE
#include "access.h"

/* How many of its bytes are before end: of more than one word each is looked at, but of an atomic. */
static unsigned inside(const struct access *access, uint64_t start, uint64_t end)
{
    uint64_t left = start < end ? end - start : 0;
    if (left >= access->bytes)
        return access->bytes;
    return access->verb == ATOMIC || access->bytes <= 4 ? 0 : (unsigned)left & ~3u;
}

/* Outside, loads give 0, and stores vanish. place may be nowhere where there are no bytes. */
static void access_part(struct lanes_state *state, const struct inst *inst, const struct access *access, int lane, unsigned char *place,
                        unsigned bytes)
{
    unsigned char whole[16] = { 0 };
    if (access->verb == LOAD) {
        if (bytes > 0)
            memcpy(whole, place, bytes);
        load_lane(state->v + inst->dst, lane, access, whole);
    } else if (access->verb == STORE && bytes > 0) {
        store_lane((const uint32_t(*)[LANES])state->v + inst->dst, lane, access, whole);
        memcpy(place, whole, bytes);
    }
}

/* Buffers without swizzling: base, stride, number of records, format's word 3. */
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
            uint64_t start = check_mode == 3 ? (uint64_t)index * stride + offset + scalar_offset : offset;
            bool exists = check_mode == 2 ? records != 0 : index < records;
            uint64_t end = check_mode == 3 ? records : !exists ? 0 : check_mode == 0 ? stride : UINT64_MAX;
            uint64_t address = base + scalar_offset + (uint64_t)index * stride + offset;
            unsigned bytes = inside(access, start, end);
            if (bytes > 0)
                check(wave, address, bytes, access->verb != LOAD);
            if (bytes == access->bytes)
                access_lane(wave, inst, access, half, lane, (unsigned char *)(uintptr_t)address);
            else
                access_part(&wave->halves[half], inst, access, lane, (unsigned char *)(uintptr_t)address, bytes);
        }
        count_bytes(wave, access, exec);
    }
}
