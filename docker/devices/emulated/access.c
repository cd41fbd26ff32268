/* What an opcode's name says of its access, and one lane's part of it. */
#define _GNU_SOURCE
#include "access.h"

static struct access accesses[OPS];

static const char *const operation_names[OPERATIONS] = { "swap", "cmpswap", "add", "sub", "rsub", "min", "max",
                                                              "and",  "or",      "xor", "inc", "dec",  "csub" };

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
        if (info->encoding == DS
            && (strncmp(info->name, "ds_load_", 8) == 0 || strncmp(info->name, "ds_store", 8) == 0
                || operation_of(info->name) != OPERATIONS))
            read_name(info->name, &accesses[op]);
    }
}

void load_lane(uint32_t (*to)[LANES], int lane, const struct access *access, const void *from)
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

void store_lane(const uint32_t (*from)[LANES], int lane, const struct access *access, void *to)
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

void access_lane(struct wave *wave, const struct inst *inst, const struct access *access, unsigned half, int lane, unsigned char *place)
{
    struct lanes_state *state = &wave->halves[half];
    const uint32_t(*data)[LANES] = (const uint32_t(*)[LANES])state->v + (inst->encoding == MUBUF ? inst->dst : inst->src[1]);
    if (access->verb == LOAD) {
        load_lane(state->v + inst->dst, lane, access, place);
        return;
    }
    if (access->verb == STORE) {
        store_lane(data, lane, access, place);
        return;
    }
    if ((uintptr_t)place % access->bytes != 0)
        fail(wave->worker, "an atomic's address is no multiple of its size");
    unsigned words = access->bytes / 4;
    uint64_t value = data[0][lane] | (words == 2 ? (uint64_t)data[1][lane] << 32 : 0), compare = 0;
    if (access->operation == CMPSWAP)
        compare = data[words][lane] | (words == 2 ? (uint64_t)data[3][lane] << 32 : 0);
    uint64_t old = run_atomic(place, access, value, compare);
    if (inst->flags & FLAG_GLC) {
        state->v[inst->dst][lane] = (uint32_t)old;
        if (words == 2)
            state->v[inst->dst + 1][lane] = (uint32_t)(old >> 32);
    }
}

const struct access *access_of(struct wave *wave, const struct inst *inst)
{
    const struct access *access = &accesses[inst->op];
    if (!access->known)
        fail(wave->worker, "this opcode is not supported");
    return access;
}

void count_bytes(struct wave *wave, const struct access *access, uint32_t exec)
{
    uint64_t bytes = (uint64_t)access->bytes * (unsigned)__builtin_popcount(exec);
    if (access->verb != STORE)
        wave->worker->counts.bytes_read += bytes;
    if (access->verb != LOAD)
        wave->worker->counts.bytes_written += bytes;
}
