/* A GPU that computes: each kernel that is launched runs to its end on the processor, instruction by instruction.
 *
 * Beside the line that all of these libraries print at exit, with what the kernels did:
 *   gfxbake-emugpu: dispatches 447 barriers 153 copies 23 fills 0 instructions 41400000 waves 9000
 * GFXBAKE_EMU_PROFILE names a file that gets a line for each kernel at exit, even when the program ends by an error of this
 * library. GFXBAKE_EMU_THREADS says how many threads a launch may use, GFXBAKE_EMU_INSTRUCTIONS how many instructions of waves
 * it may have.
 */
#define _GNU_SOURCE
#include "emu.h"
#include "gpu.h"
#include "problem.h"
#include "profile.h"
#include "threads.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_THREADS = 1024 };
static const uint64_t most_instructions = UINT64_C(1) << 60;

const char gpu_name[] = "gfxbake-emugpu";

/* EF_AMDGPU_MACH_* of LLVM's AMDGPUUsage. */
static const struct {
    unsigned machine;
    enum emu_target target;
} targets[] = {
    { 0x41, EMU_GFX1100 }, { 0x46, EMU_GFX1101 }, { 0x47, EMU_GFX1102 },
    { 0x44, EMU_GFX1103 }, { 0x43, EMU_GFX1150 }, { 0x4a, EMU_GFX1151 },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct emu_counts total;
static struct memory *_Atomic memory;

/* Kernels touch what ROCr allocated, or end with a sentence. */
static int is_allowed(uint64_t address, size_t bytes, int writes)
{
    return memory_has(atomic_load(&memory), address, bytes, writes ? MEMORY_WRITABLE : 0);
}

static void remember(struct memory *its)
{
    struct memory *none = NULL;
    if (!atomic_compare_exchange_strong(&memory, &none, its) && none != its)
        give_up("more than one emulated GPU in a program is not supported");
    emu_memory_allowed(is_allowed);
}

/* A number that a variable of the environment holds; 0 where it is not set. */
static uint64_t setting(const char *name, uint64_t most)
{
    const char *text = getenv(name);
    char *end = NULL;
    unsigned long long number = text == NULL ? 0 : strtoull(text, &end, 10);
    if (text != NULL && (*text < '0' || *text > '9' || *end != '\0' || number < 1 || number > most))
        give_up("%s is no number from 1 to %" PRIu64, name, most);
    return number;
}

__attribute__((constructor)) static void start(void)
{
    emu_threads((int)setting("GFXBAKE_EMU_THREADS", MOST_THREADS));
    emu_limit(setting("GFXBAKE_EMU_INSTRUCTIONS", most_instructions));
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static enum emu_target target_of(const struct kernel *kernel, const char *name)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (targets[i].machine == kernel->machine)
            return targets[i].target;
    }
    give_up("kernel %s: its code object is for machine 0x%x (EF_AMDGPU_MACH), which is not emulated", name, kernel->machine);
}

void gpu_run(const struct launch *launch)
{
    const struct dispatch *dispatch = launch->dispatch;
    const struct kernel *kernel = launch->kernel;
    const char *name = kernel->symbol.name[0] != '\0' ? kernel->symbol.name : "without a name";
    struct emu_launch run = {
        .code = kernel->code,
        .code_end = kernel->code_end,
        .descriptor = &kernel->descriptor,
        .kernarg = dispatch->arguments,
        .packet = (uintptr_t)dispatch,
        .queue = launch->queue,
        .grid = { dispatch->grid[0], dispatch->grid[1], dispatch->grid[2] },
        .group = { dispatch->workgroup[0], dispatch->workgroup[1], dispatch->workgroup[2] },
        .lds_bytes = dispatch->group_bytes,
        .private_bytes = dispatch->private_bytes,
        .name = name,
    };
    struct emu_counts counts = { .instructions = 0 };
    remember(launch->memory);
    give_way();
    char error[PROBLEM_BYTES] = "";
    enum emu_target target = target_of(kernel, name);
    uint64_t began = nanoseconds();
    int status = emu_run(target, &run, &counts, error, sizeof error);
    uint64_t took = nanoseconds() - began;
    pthread_mutex_lock(&lock);
    total.instructions += counts.instructions;
    total.waves += counts.waves;
    bool noted = profile_add(name, &counts, took);
    if (status != 0 || !noted)
        profile_write();
    pthread_mutex_unlock(&lock);
    if (status != 0)
        give_up("%s", error);
    if (!noted)
        give_up("no memory for the profile");
}

void gpu_report(char more[MORE_BYTES])
{
    pthread_mutex_lock(&lock);
    snprintf(more, MORE_BYTES, " instructions %" PRIu64 " waves %" PRIu64, total.instructions, total.waves);
    profile_write();
    pthread_mutex_unlock(&lock);
}
