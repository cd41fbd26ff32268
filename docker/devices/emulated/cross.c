/* Vector instructions that look at other lanes, and matrices. */
#define _GNU_SOURCE
#include "execute.h"

#include <string.h>

static unsigned first_lane(const struct wave *wave)
{
    for (unsigned half = 0; half < wave->count; half++) {
        if (wave->s[R_EXEC_LO + half] != 0)
            return half * LANES + (unsigned)__builtin_ctz(wave->s[R_EXEC_LO + half]);
    }
    return 0;
}

static uint32_t read_lane(const struct wave *wave, unsigned reg, unsigned lane)
{
    return wave->halves[lane / LANES % wave->count].v[reg][lane % LANES];
}

static void permute_rows(struct wave *wave, const struct inst *inst)
{
    uint32_t low = scalar(wave, inst->src[1], inst->literal), high = scalar(wave, inst->src[2], inst->literal);
    uint64_t selectors = low | (uint64_t)high << 32;
    unsigned other = inst->op == OP_v_permlanex16_b32 ? 16 : 0;
    bool fetch_inactive = inst->op_sel & 1, bound = inst->op_sel >> 1 & 1;
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half], writes = exec, result[LANES];
        const uint32_t *from = wave->halves[half].v[(inst->src[0] - R_VGPR) & 255];
        for (unsigned lane = 0; lane < LANES; lane++) {
            unsigned which = ((lane & 16) ^ other) | (unsigned)(selectors >> 4 * (lane & 15) & 15);
            bool valid = fetch_inactive || (exec >> which & 1);
            result[lane] = valid ? from[which] : 0;
            if (!valid && !bound)
                writes &= ~(UINT32_C(1) << lane);
        }
        write_lanes(wave->halves[half].v[inst->dst], result, writes);
    }
}

/* a's row and b's column r lie in lane r, and again in the lanes 16 further. */
static void read_floats(struct wave *wave, const struct inst *inst, unsigned index, float out[16][16], bool columns)
{
    bool brain = inst->op == OP_v_wmma_f32_16x16x16_bf16 || inst->op == OP_v_wmma_bf16_16x16x16_bf16;
    if (inst->src[index] < R_VGPR)
        fail(wave->worker, "a matrix that is no vector register is not supported");
    const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])wave->halves[0].v + (inst->src[index] - R_VGPR);
    for (unsigned k = 0; k < 16; k++) {
        uint32_t half[LANES];
        float value[LANES];
        for (int i = 0; i < LANES; i++)
            half[i] = v[k / 2][i] >> (k & 1 ? 16 : 0);
        if (brain) {
            for (int i = 0; i < LANES; i++) {
                half[i] <<= 16;
                memcpy(value + i, half + i, sizeof *value);
            }
        } else {
            wave->worker->launch->lanes->to_floats(value, half);
        }
        for (unsigned r = 0; r < 16; r++) {
            if (columns)
                out[k][r] = value[r];
            else
                out[r][k] = value[r];
        }
    }
}

/* Where the result's element is: its register and lane. */
static void element(const struct wave *wave, unsigned row, unsigned column, unsigned *reg, unsigned *lane)
{
    unsigned rows = wave->count == 1 ? 2 : 4;
    *reg = row / rows;
    *lane = row % rows * 16 + column;
}

static uint32_t third(struct wave *wave, const struct inst *inst, unsigned reg, unsigned lane)
{
    if (inst->src[2] < R_VGPR)
        return scalar(wave, inst->src[2], inst->literal);
    return wave->halves[lane / LANES].v[inst->src[2] - R_VGPR + reg][lane % LANES];
}

static uint32_t brain_of(float value)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    if (value != value)
        return word >> 16 | 0x40;
    return (word + 0x7fff + (word >> 16 & 1)) >> 16;
}

static void multiply_floats(struct wave *wave, const struct inst *inst)
{
    const struct lane_set *lanes = wave->worker->launch->lanes;
    bool halves = inst->op == OP_v_wmma_f16_16x16x16_f16, brains = inst->op == OP_v_wmma_bf16_16x16x16_bf16;
    unsigned shift = (halves || brains) && (inst->op_sel & 4) ? 16 : 0;
    float a[16][16], b[16][16], result[16][16];
    uint32_t old[16][16];
    unsigned reg, lane;
    if ((halves || brains ? inst->neg | inst->abs : (inst->neg | inst->abs)) & 3)
        fail(wave->worker, "a negated matrix is not supported");
    read_floats(wave, inst, 0, a, false);
    read_floats(wave, inst, 1, b, true);
    for (unsigned row = 0; row < 16; row++) {
        for (unsigned column = 0; column < 16; column++) {
            element(wave, row, column, &reg, &lane);
            old[row][column] = third(wave, inst, reg, lane);
            if (inst->neg & 4)
                old[row][column] ^= halves || brains ? 0x80008000 : 0x80000000;
        }
        if (halves) {
            uint32_t half[LANES] = { 0 };
            float value[LANES];
            for (unsigned column = 0; column < 16; column++)
                half[column] = inst->src[2] < R_VGPR ? old[row][column] : old[row][column] >> shift;
            lanes->to_floats(value, half);
            memcpy(result[row], value, sizeof result[row]);
        } else {
            for (unsigned column = 0; column < 16; column++) {
                uint32_t word = brains ? old[row][column] >> (inst->src[2] < R_VGPR ? 0 : shift) << 16 : old[row][column];
                memcpy(&result[row][column], &word, sizeof word);
            }
        }
    }
    lanes->multiply(result, a, b);
    for (unsigned row = 0; row < 16; row++) {
        float value[LANES] = { 0 };
        uint32_t half[LANES];
        memcpy(value, result[row], sizeof result[row]);
        lanes->to_halves(half, value);
        for (unsigned column = 0; column < 16; column++) {
            element(wave, row, column, &reg, &lane);
            uint32_t *to = &wave->halves[lane / LANES].v[inst->dst + reg][lane % LANES];
            uint32_t part = brains ? brain_of(result[row][column]) : half[column];
            if (halves || brains)
                *to = (*to & ~(UINT32_C(0xffff) << shift)) | part << shift;
            else
                memcpy(to, &result[row][column], sizeof *to);
        }
    }
}

static void read_integers(struct wave *wave, const struct inst *inst, unsigned index, int32_t out[16][16])
{
    bool four = inst->op == OP_v_wmma_i32_16x16x16_iu4, is_signed = inst->neg >> index & 1;
    if (inst->src[index] < R_VGPR)
        fail(wave->worker, "a matrix that is no vector register is not supported");
    const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])wave->halves[0].v + (inst->src[index] - R_VGPR);
    for (unsigned r = 0; r < 16; r++) {
        for (unsigned k = 0; k < 16; k++) {
            int32_t value = (int32_t)(four ? v[k / 8][r] >> 4 * (k & 7) & 15 : v[k / 4][r] >> 8 * (k & 3) & 255);
            int32_t sign = four ? 8 : 128;
            out[r][k] = is_signed ? (value ^ sign) - sign : value;
        }
    }
}

static void multiply_integers(struct wave *wave, const struct inst *inst)
{
    int32_t a[16][16], b[16][16];
    uint32_t result[16][16];
    unsigned reg, lane;
    read_integers(wave, inst, 0, a);
    read_integers(wave, inst, 1, b);
    for (unsigned row = 0; row < 16; row++) {
        for (unsigned column = 0; column < 16; column++) {
            element(wave, row, column, &reg, &lane);
            int64_t sum = (int32_t)third(wave, inst, reg, lane);
            for (unsigned k = 0; k < 16; k++)
                sum += a[row][k] * b[column][k];
            if (inst->clamp)
                sum = sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : sum;
            result[row][column] = (uint32_t)sum;
        }
    }
    for (unsigned row = 0; row < 16; row++) {
        for (unsigned column = 0; column < 16; column++) {
            element(wave, row, column, &reg, &lane);
            wave->halves[lane / LANES].v[inst->dst + reg][lane % LANES] = result[row][column];
        }
    }
}

static void swap(struct wave *wave, const struct inst *inst)
{
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t *one = wave->halves[half].v[inst->dst], *other = wave->halves[half].v[(inst->src[0] - R_VGPR) & 255], kept[LANES];
        memcpy(kept, one, sizeof kept);
        write_lanes(one, other, wave->s[R_EXEC_LO + half]);
        write_lanes(other, kept, wave->s[R_EXEC_LO + half]);
    }
}

/* Nothing in a wave of 32. */
static void swap_halves(struct wave *wave, const struct inst *inst)
{
    uint32_t from[2][LANES];
    if (wave->count == 1)
        return;
    for (unsigned half = 0; half < wave->count; half++)
        memcpy(from[half], wave->halves[half].v[(inst->src[0] - R_VGPR) & 255], sizeof from[half]);
    for (unsigned half = 0; half < wave->count; half++)
        write_lanes(wave->halves[half].v[inst->dst], from[1 - half], wave->s[R_EXEC_LO + half]);
}

/* Registers that M0 numbers. */
static void move_relative(struct wave *wave, const struct inst *inst)
{
    unsigned m0 = wave->s[R_M0];
    unsigned to = inst->dst + (inst->op == OP_v_movrels_b32 ? 0 : m0);
    unsigned from = inst->src[0] < R_VGPR ? 0 : inst->src[0] - R_VGPR + (inst->op == OP_v_movreld_b32 ? 0 : m0);
    if (to >= VECTORS || from >= VECTORS)
        fail(wave->worker, "M0 leads to a vector register that does not exist");
    uint32_t buffer[2 * LANES];
    for (unsigned half = 0; half < wave->count; half++) {
        const uint32_t *values = inst->src[0] < R_VGPR ? source(wave, inst, half, 0, buffer) : wave->halves[half].v[from];
        uint32_t moved[LANES];
        memcpy(moved, values, sizeof moved);
        write_lanes(wave->halves[half].v[to], moved, wave->s[R_EXEC_LO + half]);
    }
}

void run_vector(struct wave *wave, const struct inst *inst)
{
    unsigned mask = wave->count * LANES - 1;
    switch (inst->op) {
    case OP_v_readfirstlane_b32:
        set_scalar(wave, inst->dst, inst->src[0] < R_VGPR ? scalar(wave, inst->src[0], inst->literal)
                                                           : read_lane(wave, inst->src[0] - R_VGPR, first_lane(wave)));
        return;
    case OP_v_readlane_b32:
        if (inst->src[0] < R_VGPR)
            fail(wave->worker, "it reads a lane of no vector register");
        set_scalar(wave, inst->dst, read_lane(wave, inst->src[0] - R_VGPR, scalar(wave, inst->src[1], inst->literal) & mask));
        return;
    case OP_v_writelane_b32: {
        unsigned lane = scalar(wave, inst->src[1], inst->literal) & mask;
        wave->halves[lane / LANES].v[inst->dst][lane % LANES] = scalar(wave, inst->src[0], inst->literal);
        return;
    }
    case OP_v_permlane16_b32:
    case OP_v_permlanex16_b32: permute_rows(wave, inst); return;
    case OP_v_permlane64_b32: swap_halves(wave, inst); return;
    case OP_v_swap_b32: swap(wave, inst); return;
    case OP_v_movreld_b32:
    case OP_v_movrels_b32:
    case OP_v_movrelsd_b32: move_relative(wave, inst); return;
    case OP_v_wmma_f32_16x16x16_f16:
    case OP_v_wmma_f32_16x16x16_bf16:
    case OP_v_wmma_f16_16x16x16_f16:
    case OP_v_wmma_bf16_16x16x16_bf16: multiply_floats(wave, inst); return;
    case OP_v_wmma_i32_16x16x16_iu8:
    case OP_v_wmma_i32_16x16x16_iu4: multiply_integers(wave, inst); return;
    default: fail(wave->worker, "this opcode is not supported");
    }
}
