/* Whether a kernel that is launched is there: its descriptor, its code and its name. */
#ifndef GFXBAKE_KERNEL_H
#define GFXBAKE_KERNEL_H

#include "code_object.h"
#include "memory.h"
#include "problem.h"

/* LLVM's AMDGPUUsage, "Kernel Descriptor". */
struct descriptor {
    uint32_t group_bytes;
    uint32_t private_bytes;
    uint32_t argument_bytes;
    uint32_t reserved;
    int64_t entry; /* of the code, counted from the descriptor */
    uint32_t more_reserved[5];
    uint32_t resources3;
    uint32_t resources1;
    uint32_t resources2;
    uint16_t properties;
    uint16_t preload;
    uint32_t last_reserved;
};
_Static_assert(sizeof(struct descriptor) == 64 && offsetof(struct descriptor, resources3) == 44, "kernel descriptor");

/* A kernel that is there. */
struct kernel {
    struct descriptor descriptor;
    struct kernel_symbol symbol; /* without a name when no symbol leads to it */
    uint64_t code; /* address of its first instruction */
    uint64_t code_end; /* of the memory that its code lies in */
    unsigned machine; /* EF_AMDGPU_MACH_* of its code object; 0 when it has none */
};

/* Whether it is there. The problem names the kernel and its code object, as far as they can be known. */
bool kernel_find(struct memory *memory, uint64_t address, struct kernel *kernel, struct problem *problem);

#endif
