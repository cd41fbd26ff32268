/* Loads, stores and atomics: vector memory, the work-group's memory, scalar loads. */
#define _GNU_SOURCE
#include "execute.h"

#include <inttypes.h>
#include <string.h>

enum verb { LOAD, STORE, ATOMIC };
enum operation { SWAP, CMPSWAP, ADD, SUB, RSUB, MIN, MAX, AND, OR, XOR, INC, DEC, CSUB, OPERATIONS };

/* What an opcode's name says. */
struct access {
    enum verb verb;
    enum operation operation;
    uint8_t bytes; /* of one item */
    bool is_signed, low, high, is_float, pair, stride64, returns, known;
};
static struct access accesses[OPS];

static const char *const operation_names[OPERATIONS] = { "swap", "cmpswap", "add", "sub", "rsub", "min", "max", "and", "or", "xor", "inc", "dec", "csub" };

static enum operation operation_of(const char *name)
{
    if (strstr(name, "storexchg") != NULL)
        return SWAP;
    if (strstr(name, "cmpstore") != NULL)
        return CMPSWAP;
    const char *word = strncmp(name, "ds_", 3) == 0 ? name + 3 : strstr(name, "atomic_") + 7;
    for (unsigned i = 0; i < OPERATIONS; i++) {
        size_t length = strlen(operation_names[i]);
        if (strncmp(word, operation_names[i], length) == 0 && word[length] == '_')
            return i;
    }
    return OPERATIONS;
}

static void read_name(const char *name, struct access *access)
{
    static const struct {
        const char *suffix;
        uint8_t bytes;
        bool is_signed;
    } sizes[] = { { "u8", 1, false }, { "i8", 1, true },   { "b8", 1, false },   { "u16", 2, false },  { "i16", 2, true },
                  { "b16", 2, false }, { "b32", 4, false }, { "b64", 8, false }, { "b96", 12, false }, { "b128", 16, false },
                  { "u32", 4, false }, { "i32", 4, true },  { "f32", 4, false }, { "u64", 8, false },  { "i64", 8, true },
                  { "f64", 8, false } };
    access->pair = strstr(name, "2addr") != NULL;
    access->stride64 = strstr(name, "stride64") != NULL;
    access->high = strstr(name, "d16_hi") != NULL;
    access->low = !access->high && strstr(name, "d16") != NULL;
    access->returns = strstr(name, "_rtn") != NULL;
    access->is_float = strstr(name, "_f32") != NULL || strstr(name, "_f64") != NULL;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const char *at = strstr(name, sizes[i].suffix);
        if (at == NULL || at[-1] != '_' || (at[strlen(sizes[i].suffix)] != '\0' && at[strlen(sizes[i].suffix)] != '_'))
            continue;
        access->bytes = sizes[i].bytes;
        access->is_signed = sizes[i].is_signed;
    }
    if (strstr(name, "_load_") != NULL)
        access->verb = LOAD;
    else if (strstr(name, "_store_") != NULL)
        access->verb = STORE;
    else {
        access->verb = ATOMIC;
        access->operation = operation_of(name);
    }
    access->known = access->bytes != 0 && (access->verb != ATOMIC || access->operation != OPERATIONS) && strstr(name, "format") == NULL
        && strstr(name, "addtid") == NULL && strstr(name, "lds") == NULL && !(access->verb == ATOMIC && access->pair);
}

__attribute__((constructor)) static void fill(void)
{
    for (unsigned op = 1; op < OPS; op++) {
        const struct op_info *info = &op_infos[op];
        bool memory = info->encoding == FLAT || info->encoding == GLOBAL || info->encoding == SCRATCH || info->encoding == MUBUF;
        if (memory && info->operands[0] != '\0')
            read_name(info->name, &accesses[op]);
        if (info->encoding == DS && (strncmp(info->name, "ds_load_", 8) == 0 || strncmp(info->name, "ds_store", 8) == 0 || operation_of(info->name) != OPERATIONS))
            read_name(info->name, &accesses[op]);
    }
}

static uint64_t float_result(enum operation operation, uint64_t old, uint64_t data, uint64_t compare, unsigned bytes)
{
    double x, y;
    float fx, fy;
    uint32_t wx = (uint32_t)old, wy = (uint32_t)data;
    memcpy(&fx, &wx, sizeof fx);
    memcpy(&fy, &wy, sizeof fy);
    memcpy(&x, &old, sizeof x);
    memcpy(&y, &data, sizeof y);
    if (bytes == 4) {
        float c, result;
        uint32_t word = (uint32_t)compare;
        memcpy(&c, &word, sizeof c);
        switch (operation) {
        case ADD: result = fx + fy; break;
        case MIN: result = fy < fx ? fy : fx; break;
        case MAX: result = fy > fx ? fy : fx; break;
        default: result = fx == c ? fy : fx; break;
        }
        memcpy(&word, &result, sizeof word);
        return word;
    }
    double c, result;
    memcpy(&c, &compare, sizeof c);
    switch (operation) {
    case ADD: result = x + y; break;
    case MIN: result = y < x ? y : x; break;
    case MAX: result = y > x ? y : x; break;
    default: result = x == c ? y : x; break;
    }
    memcpy(&old, &result, sizeof old);
    return old;
}

static uint64_t result_of(const struct access *access, uint64_t old, uint64_t data, uint64_t compare)
{
    uint64_t sign = access->bytes == 8 ? UINT64_C(1) << 63 : UINT64_C(1) << 31, flip = access->is_signed ? sign : 0;
    if (access->is_float)
        return float_result(access->operation, old, data, compare, access->bytes);
    switch (access->operation) {
    case SWAP: return data;
    case CMPSWAP: return old == compare ? data : old;
    case ADD: return old + data;
    case SUB: return old - data;
    case RSUB: return data - old;
    case MIN: return (data ^ flip) < (old ^ flip) ? data : old;
    case MAX: return (data ^ flip) > (old ^ flip) ? data : old;
    case AND: return old & data;
    case OR: return old | data;
    case XOR: return old ^ data;
    case INC: return old >= data ? 0 : old + 1;
    case DEC: return old == 0 || old > data ? data : old - 1;
    default: return old < data ? 0 : old - data;
    }
}

/* Returns what was there. Misaligned addresses are refused by the caller. */
static uint64_t atomic(void *at, const struct access *access, uint64_t data, uint64_t compare)
{
    if (access->bytes == 4) {
        uint32_t old = __atomic_load_n((uint32_t *)at, __ATOMIC_SEQ_CST), new;
        do
            new = (uint32_t)result_of(access, old, (uint32_t)data, (uint32_t)compare);
        while (!__atomic_compare_exchange_n((uint32_t *)at, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
        return old;
    }
    uint64_t old = __atomic_load_n((uint64_t *)at, __ATOMIC_SEQ_CST), new;
    do
        new = result_of(access, old, data, compare);
    while (!__atomic_compare_exchange_n((uint64_t *)at, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return old;
}

static void load(uint32_t (*to)[LANES], int lane, const struct access *access, const void *from)
{
    if (access->bytes >= 4) {
        uint32_t words[4];
        memcpy(words, from, access->bytes);
        for (unsigned k = 0; k < access->bytes / 4; k++)
            to[k][lane] = words[k];
        return;
    }
    uint32_t value = 0;
    memcpy(&value, from, access->bytes);
    if (access->is_signed)
        value = access->bytes == 1 ? (uint32_t)(int8_t)value : (uint32_t)(int16_t)value;
    if (access->low)
        value = (to[0][lane] & 0xffff0000) | (value & 0xffff);
    else if (access->high)
        value = (to[0][lane] & 0xffff) | value << 16;
    to[0][lane] = value;
}

static void store(const uint32_t (*from)[LANES], int lane, const struct access *access, void *to)
{
    uint32_t words[4];
    if (access->bytes >= 4) {
        for (unsigned k = 0; k < access->bytes / 4; k++)
            words[k] = from[k][lane];
    } else {
        words[0] = access->high ? from[0][lane] >> 16 : from[0][lane];
    }
    memcpy(to, words, access->bytes);
}

/* Where a lane's flat address leads. */
static unsigned char *flat_place(struct wave *wave, const struct access *access, uint64_t address, unsigned lane)
{
    struct worker *worker = wave->worker;
    uint32_t aperture = (uint32_t)(address >> 32), offset = (uint32_t)address;
    if (aperture == SHARED_APERTURE) {
        if (offset > worker->lds_bytes || access->bytes > worker->lds_bytes - offset)
            fail(worker, "the address 0x%" PRIx32 " is outside the work-group's %" PRIu32 " bytes", offset, worker->lds_bytes);
        return worker->lds + offset;
    }
    if (aperture == PRIVATE_APERTURE) {
        if (offset > worker->scratch_bytes || access->bytes > worker->scratch_bytes - offset)
            fail(worker, "the address 0x%" PRIx32 " is outside the lane's %" PRIu32 " bytes of scratch", offset, worker->scratch_bytes);
        return wave->scratch + (size_t)lane * worker->scratch_bytes + offset;
    }
    return (unsigned char *)(uintptr_t)address; /* NOLINT: the GPU's address is ours */
}

static void one(struct wave *wave, const struct inst *inst, const struct access *access, unsigned half, int lane, unsigned char *place)
{
    struct lanes_state *state = &wave->halves[half];
    const uint32_t(*data)[LANES] = (const uint32_t(*)[LANES])state->v + (inst->encoding == MUBUF ? inst->dst : inst->src[1]);
    if (access->verb == LOAD) {
        load(state->v + inst->dst, lane, access, place);
        return;
    }
    if (access->verb == STORE) {
        store(data, lane, access, place);
        return;
    }
    if ((uintptr_t)place % access->bytes != 0)
        fail(wave->worker, "an atomic's address is no multiple of its size");
    unsigned words = access->bytes / 4;
    uint64_t value = data[0][lane] | (words == 2 ? (uint64_t)data[1][lane] << 32 : 0), compare = 0;
    if (access->operation == CMPSWAP)
        compare = data[words][lane] | (words == 2 ? (uint64_t)data[3][lane] << 32 : 0);
    uint64_t old = atomic(place, access, value, compare);
    if (inst->flags & FLAG_GLC) {
        state->v[inst->dst][lane] = (uint32_t)old;
        if (words == 2)
            state->v[inst->dst + 1][lane] = (uint32_t)(old >> 32);
    }
}

static const struct access *known(struct wave *wave, const struct inst *inst)
{
    const struct access *access = &accesses[inst->op];
    if (!access->known)
        fail(wave->worker, "this opcode is not supported");
    return access;
}

static void count(struct wave *wave, const struct access *access, uint32_t exec)
{
    uint64_t bytes = (uint64_t)access->bytes * (unsigned)__builtin_popcount(exec);
    if (access->verb != STORE)
        wave->worker->counts.bytes_read += bytes;
    if (access->verb != LOAD)
        wave->worker->counts.bytes_written += bytes;
}

/* Asks once for all lanes where they lie in what was asked for before; else for each. */
static void check_lanes(struct wave *wave, const struct access *access, const uint64_t *addresses, uint32_t exec)
{
    uint64_t low = UINT64_MAX, high = 0;
    if (exec == 0)
        return;
    for (int lane = 0; lane < LANES; lane++) {
        uint64_t on = 0 - (uint64_t)(exec >> lane & 1), first = addresses[lane] | ~on, last = addresses[lane] & on;
        low = first < low ? first : low;
        high = last > high ? last : high;
    }
    if (high - low <= UINT32_MAX && is_checked(wave->worker, low, high - low + access->bytes, access->verb != LOAD)
        && (uint32_t)(high >> 32) != SHARED_APERTURE && (uint32_t)(high >> 32) != PRIVATE_APERTURE)
        return;
    for (uint32_t left = exec; left != 0; left &= left - 1) {
        int lane = __builtin_ctz(left);
        uint32_t top = (uint32_t)(addresses[lane] >> 32);
        if (top != SHARED_APERTURE && top != PRIVATE_APERTURE)
            check(wave, addresses[lane], access->bytes, access->verb != LOAD);
    }
}

static inline void move_words(uint32_t (*v)[LANES], unsigned words, const uint64_t *addresses, uint32_t exec, bool loads)
{
    for (uint32_t left = exec; left != 0; left &= left - 1) {
        int lane = __builtin_ctz(left);
        void *place = (void *)(uintptr_t)addresses[lane]; /* NOLINT: the GPU's address is ours */
        uint32_t data[4] = { 0 };
        if (loads)
            memcpy(data, place, words * sizeof *data);
        for (unsigned k = 0; k < words; k++) {
            if (loads)
                v[k][lane] = data[k];
            else
                data[k] = v[k][lane];
        }
        if (!loads)
            memcpy(place, data, words * sizeof *data);
    }
}

/* Whole words of global memory: what most accesses are. False for any other. */
static bool move_lanes(struct lanes_state *state, const struct inst *inst, const struct access *access, const uint64_t *addresses,
                       uint32_t exec)
{
    bool loads = access->verb == LOAD;
    if (access->verb == ATOMIC || access->bytes < 4 || inst->encoding != GLOBAL)
        return false;
    uint32_t(*v)[LANES] = state->v + (loads ? inst->dst : inst->src[1]);
    switch (access->bytes / 4) {
    case 1: move_words(v, 1, addresses, exec, loads); break;
    case 2: move_words(v, 2, addresses, exec, loads); break;
    case 3: move_words(v, 3, addresses, exec, loads); break;
    default: move_words(v, 4, addresses, exec, loads); break;
    }
    return true;
}

void run_flat(struct wave *wave, const struct inst *inst)
{
    const struct access *access = known(wave, inst);
    /* Flat's has no sign. */
    uint64_t base = inst->encoding == FLAT ? (uint32_t)inst->offset & 0xfff : (uint64_t)(int64_t)inst->offset;
    bool scratch = inst->encoding == SCRATCH;
    bool scalar_base = inst->encoding == GLOBAL && inst->src[2] != R_NULL;
    if (scratch)
        base += inst->src[2] == R_NULL ? 0 : scalar(wave, inst->src[2], 0);
    else if (scalar_base)
        base += scalar_pair(wave, inst->src[2], 0);
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        uint64_t addresses[LANES];
        const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])wave->halves[half].v + inst->src[0];
        for (int i = 0; i < LANES; i++) {
            if (scratch)
                addresses[i] = (uint64_t)PRIVATE_APERTURE << 32 | (uint32_t)(base + (inst->flags & FLAG_OFFEN ? v[0][i] : 0));
            else
                addresses[i] = base + (v[0][i] | (scalar_base ? 0 : (uint64_t)v[1][i] << 32));
        }
        check_lanes(wave, access, addresses, exec);
        bool moved = move_lanes(&wave->halves[half], inst, access, addresses, exec);
        for (uint32_t left = moved ? 0 : exec; left != 0; left &= left - 1) {
            int lane = __builtin_ctz(left);
            bool own = inst->encoding == GLOBAL;
            unsigned char *place = own ? (unsigned char *)(uintptr_t)addresses[lane]
                                       : flat_place(wave, access, addresses[lane], half * LANES + (unsigned)lane);
            one(wave, inst, access, half, lane, place);
        }
        if (!scratch)
            count(wave, access, exec);
    }
}

/* Buffers without swizzling: base, stride, number of records, format's word 3. Reads outside give 0, writes vanish. */
void run_buffer(struct wave *wave, const struct inst *inst)
{
    const struct access *access = known(wave, inst);
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
                    load(wave->halves[half].v + inst->dst, lane, access, zero);
                continue;
            }
            uint64_t address = base + scalar_offset + (uint64_t)index * stride + offset;
            check(wave, address, access->bytes, access->verb != LOAD);
            one(wave, inst, access, half, lane, (unsigned char *)(uintptr_t)address);
        }
        count(wave, access, exec);
    }
}

static unsigned char *lds_place(struct wave *wave, uint32_t address, unsigned bytes)
{
    struct worker *worker = wave->worker;
    if (address > worker->lds_bytes || bytes > worker->lds_bytes - address)
        return NULL;
    return worker->lds + address;
}

/* Five bits in the other order, as an FFT numbers its points. */
static unsigned turned(unsigned x)
{
    return (x & 1) << 4 | (x & 2) << 2 | (x & 4) | (x & 8) >> 2 | (x & 16) >> 4;
}

/* Between lanes of 32, without memory. */
static void ds_lanes(const struct inst *inst, struct lanes_state *state, uint32_t exec)
{
    uint32_t result[LANES] = { 0 };
    const uint32_t *address = state->v[inst->src[0]], *data = state->v[inst->src[1]];
    for (int lane = 0; lane < LANES; lane++) {
        if (inst->op == OP_ds_bpermute_b32) {
            unsigned from = (address[lane] + (uint32_t)inst->offset) >> 2 & 31;
            result[lane] = exec >> from & 1 ? data[from] : 0;
        } else if (inst->op == OP_ds_permute_b32) {
            if (exec >> lane & 1)
                result[(address[lane] + (uint32_t)inst->offset) >> 2 & 31] = data[lane];
        } else {
            unsigned value = (unsigned)inst->offset, from;
            unsigned rotate = value >> 10 & 1 ? 32 - (value >> 5 & 31) : value >> 5 & 31, kept = value & 31;
            if (value >= 0xe000)
                from = turned((unsigned)lane) >> __builtin_popcount(kept) | ((unsigned)lane & kept);
            else if (value >= 0xc000)
                from = ((unsigned)lane & kept) | (((unsigned)lane + rotate) & ~kept & 31);
            else if (value & 0x8000)
                from = ((unsigned)lane & ~3u) | (value >> 2 * (lane & 3) & 3);
            else
                from = (((unsigned)lane & (value & 31)) | (value >> 5 & 31)) ^ (value >> 10 & 31);
            result[lane] = exec >> from & 1 ? address[from] : 0;
        }
    }
    write_lanes(state->v[inst->dst], result, exec);
}

static void ds_pair(struct wave *wave, const struct inst *inst, const struct access *access, struct lanes_state *state, int lane)
{
    unsigned scale = access->bytes * (access->stride64 ? 64u : 1u), words = access->bytes / 4;
    uint32_t base = state->v[inst->src[0]][lane];
    uint32_t loaded[2][2] = { { 0 } };
    for (unsigned k = 0; k < 2; k++) {
        unsigned char *place = lds_place(wave, base + (inst->offset >> 8 * k & 0xff) * scale, access->bytes);
        const uint32_t(*data)[LANES] = (const uint32_t(*)[LANES])state->v + inst->src[1 + k];
        if (place != NULL && access->verb == STORE)
            store(data, lane, access, place);
        else if (place != NULL)
            memcpy(loaded[k], place, access->bytes);
    }
    for (unsigned k = 0; access->verb == LOAD && k < 2; k++) {
        for (unsigned j = 0; j < words; j++)
            state->v[inst->dst + k * words + j][lane] = loaded[k][j];
    }
}

static void ds_atomic(struct wave *wave, const struct inst *inst, const struct access *access, struct lanes_state *state, int lane,
                      unsigned char *place)
{
    if ((uintptr_t)place % access->bytes != 0)
        fail(wave->worker, "an atomic's address is no multiple of its size");
    unsigned words = access->bytes / 4;
    const uint32_t(*v)[LANES] = (const uint32_t(*)[LANES])state->v;
    uint64_t first = v[inst->src[1]][lane] | (words == 2 ? (uint64_t)v[inst->src[1] + 1][lane] << 32 : 0);
    uint64_t second = v[inst->src[2]][lane] | (words == 2 ? (uint64_t)v[inst->src[2] + 1][lane] << 32 : 0);
    uint64_t old = atomic(place, access, first, access->operation == CMPSWAP ? second : 0);
    if (access->returns) {
        state->v[inst->dst][lane] = (uint32_t)old;
        if (words == 2)
            state->v[inst->dst + 1][lane] = (uint32_t)(old >> 32);
    }
}

void run_ds(struct wave *wave, const struct inst *inst)
{
    bool lanes = inst->op == OP_ds_bpermute_b32 || inst->op == OP_ds_permute_b32 || inst->op == OP_ds_swizzle_b32;
    const struct access *access = lanes ? NULL : known(wave, inst);
    if (inst->flags & FLAG_GDS)
        fail(wave->worker, "global data share is not supported");
    for (unsigned half = 0; half < wave->count; half++) {
        uint32_t exec = wave->s[R_EXEC_LO + half];
        struct lanes_state *state = &wave->halves[half];
        if (lanes) {
            ds_lanes(inst, state, exec);
            continue;
        }
        for (uint32_t left = exec; left != 0; left &= left - 1) {
            int lane = __builtin_ctz(left);
            if (access->pair) {
                ds_pair(wave, inst, access, state, lane);
                continue;
            }
            /* Outside: loads give 0, stores vanish. */
            unsigned char *place = lds_place(wave, state->v[inst->src[0]][lane] + (uint32_t)inst->offset, access->bytes), zero[16] = { 0 };
            if (access->verb == LOAD)
                load(state->v + inst->dst, lane, access, place == NULL ? zero : place);
            else if (place != NULL && access->verb == STORE)
                store((const uint32_t(*)[LANES])state->v + inst->src[1], lane, access, place);
            else if (place != NULL)
                ds_atomic(wave, inst, access, state, lane, place);
        }
    }
}

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
