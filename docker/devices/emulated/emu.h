/* A GPU's instructions, carried out: RDNA3 and RDNA3.5, one kernel launch at a time.
 *
 * Addresses of the GPU are addresses of this process. What is not known, or not allowed, ends a launch with a sentence
 * that names it: an opcode, the kernel, the address. Nothing is ever guessed. */
#ifndef GFXBAKE_EMU_H
#define GFXBAKE_EMU_H

#include <stddef.h>
#include <stdint.h>

enum emu_target { EMU_GFX1100, EMU_GFX1101, EMU_GFX1102, EMU_GFX1103, EMU_GFX1150, EMU_GFX1151, EMU_TARGETS };

struct emu_launch {
    uint64_t code; /* address of the first instruction: of the descriptor, plus its entry */
    uint64_t code_end; /* first address behind what may be read as code; 0 when unknown */
    const void *descriptor; /* the 64 bytes of LLVM's AMDGPUUsage, "Kernel Descriptor" */
    uint64_t kernarg; /* address of the arguments */
    uint64_t packet; /* address of the AQL dispatch packet */
    uint64_t queue; /* address of the amd_queue_t; 0 when there is none */
    uint32_t grid[3]; /* in work items */
    uint16_t group[3];
    uint32_t lds_bytes, private_bytes; /* the packet's group and private segment sizes */
    const char *name; /* of the kernel, for messages; may be NULL */
};

struct emu_counts {
    uint64_t instructions; /* of waves */
    uint64_t waves;
    uint64_t groups;
    uint64_t bytes_read; /* of global memory, by vector instructions */
    uint64_t bytes_written;
};

/* EMU_TARGETS for a name such as "gfx1151" that is not known. */
enum emu_target emu_target_named(const char *name);

/* 0, and the counts are added to; or -1 with a sentence. Several threads may launch at the same time. */
int emu_run(enum emu_target target, const struct emu_launch *launch, struct emu_counts *counts, char *error, size_t error_size);

/* How many threads one launch may use for its work-groups; 0 (as at the start) is one for each processor. */
void emu_threads(int count);

/* How many instructions of waves one launch may have, about; 0, as at the start: any number. More end it with a sentence. */
void emu_limit(uint64_t instructions);

/* Called before each access with the lowest address and the number of bytes up to the end of the highest; says whether all
 * of it may be read, or with writes != 0 written. NULL, as at the start: a fault is caught and becomes an error. May be called
 * by several threads at the same time. */
void emu_memory_allowed(int (*allowed)(uint64_t address, size_t bytes, int writes));

/* One instruction as LLVM's llvm-objdump writes it, without the comment. The bytes it takes, or -1: none that is known. */
int emu_disassemble(enum emu_target target, const void *code, size_t bytes, uint64_t address, char *text, size_t text_size);

#endif
