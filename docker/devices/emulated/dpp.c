/* Data parallel primitives: a source whose lanes are others. */
#define _GNU_SOURCE
#include "execute.h"

#include <string.h>

/* The lane of the row or the eight that DPP reads; -1: none. */
static int dpp_lane(const struct inst *inst, int lane)
{
    unsigned control = inst->dpp_control;
    int row = lane & ~15, in_row = lane & 15;
    if (inst->dpp == DPP_8)
        return (lane & ~7) | (int)(control >> 3 * (lane & 7) & 7);
    if (control < 0x100)
        return (lane & ~3) | (int)(control >> 2 * (lane & 3) & 3);
    int count = (int)(control & 15);
    switch (control >> 4) {
    case 0x10: return in_row + count > 15 ? -1 : lane + count; /* row_shl */
    case 0x11: return in_row - count < 0 ? -1 : lane - count;
    case 0x12: return row | ((in_row - count) & 15);
    case 0x14: return count == 0 ? row | (15 - in_row) : (lane & ~7) | (7 - (lane & 7)); /* row_mirror, row_half_mirror */
    case 0x15: return row | count;
    case 0x16: return row | (in_row ^ count);
    default: return -1;
    }
}

static bool is_dpp_known(unsigned control)
{
    unsigned count = control & 15;
    switch (control >> 4) {
    case 0x10:
    case 0x11:
    case 0x12: return count != 0;
    case 0x14: return count < 2;
    case 0x15:
    case 0x16: return true;
    default: return control < 0x100;
    }
}

/* Moves the first source's lanes; returns those that write a result. Row masks count the wave's rows, not those of its half. */
uint32_t apply_dpp(struct wave *wave, const struct inst *inst, unsigned half, uint32_t *buffer, const uint32_t *from)
{
    uint32_t exec = wave->s[R_EXEC_LO + half], writes = exec;
    uint32_t moved[2 * LANES] = { 0 };
    unsigned width = inst->widths[1] == 2 ? 2 : 1;
    if (inst->dpp == DPP_16 && !is_dpp_known(inst->dpp_control))
        fail(wave->worker, "DPP's control 0x%x is not supported", (unsigned)inst->dpp_control);
    for (int lane = 0; lane < LANES; lane++) {
        int other = dpp_lane(inst, lane);
        bool valid = other >= 0 && (inst->dpp_fetch_inactive || (exec >> other & 1));
        if (inst->dpp == DPP_16) {
            bool masked = !(inst->dpp_masks >> 4 >> (2 * half + (unsigned)lane / 16) & 1) || !(inst->dpp_masks >> (lane / 4 & 3) & 1);
            if (masked || (!valid && !inst->dpp_bound))
                writes &= ~(UINT32_C(1) << lane);
        }
        for (unsigned k = 0; k < width; k++)
            moved[k * LANES + (unsigned)lane] = valid ? from[k * LANES + (unsigned)other] : 0;
    }
    memcpy(buffer, moved, width * LANES * sizeof *moved);
    return writes;
}
