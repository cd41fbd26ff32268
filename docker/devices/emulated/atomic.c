/* Atomics: what is in memory then. */
#define _GNU_SOURCE
#include "access.h"

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

uint64_t run_atomic(void *at, const struct access *access, uint64_t data, uint64_t compare)
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
