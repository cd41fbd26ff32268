/* A code object as ROCr has loaded it: an ELF file of AMD's GPUs, headers and all, at the start of an allocation. */
#ifndef GFXBAKE_CODE_OBJECT_H
#define GFXBAKE_CODE_OBJECT_H

#include "memory.h"

enum { KERNEL_NAME_BYTES = 400, TARGET_BYTES = 64 };

struct code_object {
    uint64_t base;
    uint64_t size; /* to the end of its allocation */
    uint64_t symbols; /* 0 when it has no table of them that can be read */
    uint64_t symbol_count;
    uint64_t strings;
    uint64_t string_bytes;
    uint64_t notes;
    uint64_t note_bytes;
    unsigned machine; /* EF_AMDGPU_MACH_* of its header */
};

struct kernel_symbol {
    char name[KERNEL_NAME_BYTES]; /* printable, cut when it is longer */
    uint64_t code; /* address of the function of that name; 0 when there is none */
    uint64_t code_bytes;
};

/* Looks for the nearest ELF header at or before the address, inside its allocation. */
bool code_object_find(struct memory *memory, uint64_t address, struct code_object *object);

/* What the compiler's note says, as "gfx1100" of "amdgcn-amd-amdhsa--gfx1100"; empty when it says nothing. The notes can have
 * megabytes: this is for errors only. */
void code_object_target(const struct code_object *object, char target[TARGET_BYTES]);

/* The kernel whose descriptor lies at the address: symbol NAME.kd, and its function NAME. */
bool code_object_kernel(const struct code_object *object, uint64_t descriptor, struct kernel_symbol *kernel);

#endif
