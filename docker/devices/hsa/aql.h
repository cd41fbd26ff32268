/* Packets and signals as the HSA Platform System Architecture Specification, hsa_ext_amd.h and amd_hsa_signal.h lay them out. */
#ifndef GFXBAKE_AQL_H
#define GFXBAKE_AQL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_VENDOR = 0, PACKET_INVALID = 1, PACKET_DISPATCH = 2, PACKET_BARRIER_AND = 3, PACKET_BARRIER_OR = 5 };
enum { VENDOR_BARRIER_VALUE = 2 };
enum { PACKET_BYTES = 64, BARRIER_SIGNALS = 5 };

struct dispatch {
    uint16_t header;
    uint16_t setup;
    uint16_t workgroup[3];
    uint16_t reserved;
    uint32_t grid[3];
    uint32_t private_bytes;
    uint32_t group_bytes;
    uint64_t descriptor;
    uint64_t arguments;
    uint64_t more_reserved;
    uint64_t completion;
};
_Static_assert(sizeof(struct dispatch) == PACKET_BYTES && offsetof(struct dispatch, descriptor) == 32, "dispatch packet");

/* Barrier-AND and barrier-OR. */
struct barrier {
    uint64_t header;
    uint64_t signals[BARRIER_SIGNALS];
    uint64_t reserved;
    uint64_t completion;
};
_Static_assert(sizeof(struct barrier) == PACKET_BYTES, "barrier packet");

/* AMD's own: waits for a signal's value. */
struct barrier_value {
    uint16_t header;
    uint8_t vendor_format;
    uint8_t reserved[5];
    uint64_t signal;
    int64_t value;
    int64_t mask;
    uint32_t condition;
    uint32_t more_reserved[5];
    uint64_t completion;
};
_Static_assert(sizeof(struct barrier_value) == PACKET_BYTES && offsetof(struct barrier_value, completion) == 56, "vendor packet");

union packet {
    _Atomic uint16_t header;
    struct dispatch dispatch;
    struct barrier barrier;
    struct barrier_value barrier_value;
};
_Static_assert(sizeof(union packet) == PACKET_BYTES, "AQL packet");

/* amd_signal_t; a signal's handle is its address, and ROCr maps it at the same address for CPU and GPU. */
struct signal {
    int64_t kind;
    _Atomic int64_t value;
    uint64_t event_mailbox;
    uint32_t event_id;
    uint32_t reserved;
    uint64_t start_tick;
    uint64_t end_tick;
    uint64_t more_reserved[2];
};
_Static_assert(sizeof(struct signal) == 64 && offsetof(struct signal, end_tick) == 40, "amd_signal_t");

#endif
