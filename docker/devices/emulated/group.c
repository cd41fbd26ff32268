/* The waves of a work-group, in turn. */
#define _GNU_SOURCE
#include "launch.h"

#include <inttypes.h>

/* Instructions until another wave has its turn. As on a GPU, where waves of a work-group get on alike: kernels exist whose work-group's
 * memory is read and then written again without a barrier between, and there a wave that runs ahead spoils what the others still read
 * (llama.cpp's block_reduce until ggml-org/llama.cpp#26385). */
enum { TURN = 32 };
/* Instructions of a wave that has the work-group for itself, and of a thread, until the launch's are counted again. */
enum { ALONE = 1 << 16, COUNTED = 1 << 16 };

static uint64_t most_instructions;

void emu_limit(uint64_t instructions)
{
    most_instructions = instructions;
}

void run_instruction(struct wave *wave, const struct inst *inst)
{
    switch (inst->kind) {
    case KIND_LANES: run_lanes(wave, inst); break;
    case KIND_PAIR: run_pair(wave, inst); break;
    case KIND_VECTOR: run_vector(wave, inst); break;
    case KIND_SCALAR: run_scalar(wave, inst); break;
    case KIND_SMEM: run_smem(wave, inst); break;
    case KIND_DS: run_ds(wave, inst); break;
    case KIND_FLAT: run_flat(wave, inst); break;
    case KIND_BUFFER: run_buffer(wave, inst); break;
    case KIND_NOTHING: break;
    default: {
        const struct page *page = wave->worker->page;
        if (inst->op == OP_NONE && (wave->pc - page->base) / sizeof(uint32_t) > page->readable)
            fail(wave->worker, "no code can be read there");
        fail(wave->worker, inst->op == OP_NONE ? "no instruction that is known" : "this opcode is not supported");
    }
    }
}

static void run_wave(struct wave *wave, uint64_t launch_number, uint64_t most)
{
    struct worker *worker = wave->worker;
    const struct page *page = NULL;
    uint64_t turn = 0;
    apply_mode(wave);
    while (wave->state == WAVE_RUNS && turn < most) {
        if (page == NULL || wave->pc - page->base >= PAGE_BYTES) {
            worker->fault_pc = wave->pc;
            if (wave->pc % sizeof(uint32_t) != 0)
                fail(worker, "it jumps to an address that is no multiple of 4");
            page = own_page_at(worker, wave->pc, launch_number);
            worker->page = page;
        }
        const struct inst *inst = &page->insts[(wave->pc - page->base) / sizeof(uint32_t)];
        worker->inst = inst;
        worker->fault_pc = wave->pc;
        wave->pc += inst->words * sizeof(uint32_t);
        turn++;
        if (inst->precision != PRECISION_SINGLE && !wave->usual)
            run_in_mode(wave, inst, run_instruction);
        else
            run_instruction(wave, inst);
    }
    worker->counts.instructions += turn;
}

/* Endless loops end here, whichever of the threads is in one. */
static void count_instructions(struct worker *worker)
{
    uint64_t more = worker->counts.instructions - worker->counted;
    if (most_instructions == 0 || (more < COUNTED && more <= most_instructions))
        return;
    worker->counted = worker->counts.instructions;
    if (atomic_fetch_add(&worker->launch->instructions, more) + more > most_instructions)
        fail(worker, "it is still not done after %" PRIu64 " instructions of waves", most_instructions);
}

void run_group(struct worker *worker, const uint64_t *group, unsigned lanes, uint64_t launch_number)
{
    const struct emu_launch *request = worker->launch->request;
    uint32_t size[3];
    for (unsigned axis = 0; axis < 3; axis++) {
        uint64_t left = request->grid[axis] - group[axis] * request->group[axis];
        size[axis] = left < request->group[axis] ? (uint32_t)left : request->group[axis];
    }
    unsigned items = size[0] * size[1] * size[2], count = (items + lanes - 1) / lanes, ended = 0;
    for (unsigned i = 0; i < count; i++)
        start_wave(worker, i, lanes, group, size);
    worker->counts.groups++;
    worker->counts.waves += count;
    while (ended < count) {
        unsigned waiting = 0;
        ended = 0;
        for (unsigned i = 0; i < count; i++) {
            if (worker->waves[i].state == WAVE_RUNS)
                run_wave(&worker->waves[i], launch_number, count == 1 ? ALONE : TURN);
            count_instructions(worker);
            ended += worker->waves[i].state == WAVE_ENDED;
            waiting += worker->waves[i].state == WAVE_WAITS;
        }
        /* A barrier waits for those that have not ended. */
        for (unsigned i = 0; waiting > 0 && ended + waiting == count && i < count; i++) {
            if (worker->waves[i].state == WAVE_WAITS)
                worker->waves[i].state = WAVE_RUNS;
        }
    }
}
