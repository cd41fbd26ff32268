/* A launch: its work-groups over threads, its waves in turn, its code page by page. */
#define _GNU_SOURCE
#include "execute.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Instructions until another wave has its turn. As on a GPU, where waves of a work-group get on alike: kernels exist whose work-group's
 * memory is read and then written again without a barrier between, and there a wave that runs ahead spoils what the others still read
 * (llama.cpp's block_reduce until ggml-org/llama.cpp#26385). */
enum { TURN = 32 };
enum { MOST_THREADS = 64, MOST_SCRATCH = 1 << 20 };
enum { PROPERTY_WAVE32 = 1 << 10 };
/* Instructions of a wave that has the work-group for itself, and of a thread, until the launch's are counted again. */
enum { ALONE = 1 << 16, COUNTED = 1 << 16 };

struct descriptor_words {
    uint32_t group_bytes, private_bytes, argument_bytes, reserved;
    int64_t entry;
    uint32_t more_reserved[5], resources3, resources1, resources2;
    uint16_t properties, preload;
    uint32_t last_reserved;
};
_Static_assert(sizeof(struct descriptor_words) == 64, "kernel descriptor");

static int wanted_threads;
static uint64_t most_instructions;
static int (*memory_allowed)(uint64_t address, size_t bytes, int writes);
static _Thread_local struct worker *current;

const struct lane_set *lanes_best(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq"))
        return &lanes_avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") ? &lanes_avx2 : &lanes_plain;
}

enum emu_target emu_target_named(const char *name)
{
    static const char *const names[EMU_TARGETS] = { "gfx1100", "gfx1101", "gfx1102", "gfx1103", "gfx1150", "gfx1151" };
    for (unsigned i = 0; i < EMU_TARGETS; i++) {
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    return EMU_TARGETS;
}

void emu_threads(int count)
{
    wanted_threads = count;
}

void emu_memory_allowed(int (*allowed)(uint64_t address, size_t bytes, int writes))
{
    memory_allowed = allowed;
}

/* ---- errors ---- */

static pthread_mutex_t error_lock = PTHREAD_MUTEX_INITIALIZER;

static void report(struct worker *worker, const char *what)
{
    struct launch *launch = worker->launch;
    char text[160] = "?";
    const struct inst *inst = worker->inst;
    uint64_t pc = worker->fault_pc;
    if (inst != NULL && worker->page != NULL) {
        size_t at = (size_t)(inst - worker->page->insts);
        if (emu_disassemble(launch->target, worker->page->words + at, inst->words * sizeof(uint32_t), pc, text, sizeof text) < 0)
            snprintf(text, sizeof text, "0x%08" PRIx32, worker->page->words[at]);
    }
    pthread_mutex_lock(&error_lock);
    if (launch->error_size > 0 && launch->error[0] == '\0')
        snprintf(launch->error, launch->error_size, "kernel %s, at 0x%" PRIx64 " (its code's byte %" PRIu64 "): %s: %s",
                 launch->request->name != NULL ? launch->request->name : "without a name", pc, pc - launch->request->code, text, what);
    pthread_mutex_unlock(&error_lock);
}

void fail(struct worker *worker, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    report(worker, what);
    worker->failed = 1;
    siglongjmp(worker->jump, 1);
}

bool is_checked(const struct worker *worker, uint64_t address, uint64_t bytes, bool writes)
{
    if (memory_allowed == NULL)
        return address >= PAGE_BYTES;
    for (unsigned i = 0; i < KNOWN_SPANS; i++) {
        const struct span *span = &worker->spans[writes][i];
        if (address >= span->start && address < span->end && bytes <= span->end - address)
            return true;
    }
    return false;
}

/* Asks for more than is wanted, so that the next accesses need no question. */
static bool ask(struct worker *worker, uint64_t address, size_t bytes, bool writes)
{
    static const uint64_t windows[] = { 1 << 21, 1 << 16, PAGE_BYTES };
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        uint64_t start = address & ~(windows[i] - 1);
        if (address - start + bytes > windows[i] || !memory_allowed(start, windows[i], writes))
            continue;
        worker->spans[writes][worker->next_span++ % KNOWN_SPANS] = (struct span){ start, start + windows[i] };
        return true;
    }
    return memory_allowed(address, bytes, writes);
}

void check(struct wave *wave, uint64_t address, size_t bytes, bool writes)
{
    if (address < PAGE_BYTES)
        fail(wave->worker, "it touches 0x%" PRIx64 ", where no memory is", address);
    if (!is_checked(wave->worker, address, bytes, writes) && !ask(wave->worker, address, bytes, writes))
        fail(wave->worker, "it %s %zu bytes at 0x%" PRIx64 ", which is no memory of the GPU", writes ? "writes" : "reads", bytes, address);
}

static struct sigaction before[2];

/* A fault of an emulated access ends its launch; any other goes where it went before. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    struct worker *worker = current;
    if (worker != NULL) {
        current = NULL;
        worker->fault_pc |= 0;
        char what[80];
        snprintf(what, sizeof what, "it touches 0x%" PRIx64 ", where no memory is", (uint64_t)(uintptr_t)info->si_addr);
        report(worker, what);
        worker->failed = 1;
        siglongjmp(worker->jump, 1);
    }
    struct sigaction *old = &before[number == SIGBUS];
    if ((old->sa_flags & SA_SIGINFO) && old->sa_sigaction != NULL) {
        old->sa_sigaction(number, info, context);
    } else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(number);
    } else {
        signal(number, SIG_DFL);
        raise(number);
    }
}

static void catch_faults(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
    sigaction(SIGSEGV, &action, &before[0]);
    sigaction(SIGBUS, &action, &before[1]);
}

/* ---- code ---- */

enum { BUCKETS = 4096 };
static struct page *buckets[BUCKETS];
static pthread_mutex_t page_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t launches; /* under page_lock */

static void copy_code(struct worker *worker, struct page *page, uint64_t base)
{
    uint64_t end = worker->launch->request->code_end;
    size_t bytes = sizeof page->words;
    if (end != 0 && end < base + bytes)
        bytes = end > base ? (size_t)(end - base) & ~(size_t)3 : 0;
    /* What lies behind the page may be unreadable, and no instruction of this page need reach it. */
    if (end == 0 && bytes > PAGE_BYTES)
        bytes = PAGE_BYTES;
    if (memory_allowed != NULL && bytes > 0 && !memory_allowed(base, bytes, 0)) {
        bytes = bytes > PAGE_BYTES ? PAGE_BYTES : bytes;
        if (!memory_allowed(base, bytes, 0))
            bytes = 0;
    }
    if (base == 0)
        bytes = 0;
    if (bytes > 0)
        memcpy(page->words, (const void *)(uintptr_t)base, bytes);
    page->readable = (unsigned)(bytes / sizeof *page->words);
}

static void decode_page(struct worker *worker, struct page *page)
{
    for (unsigned i = 0; i < PAGE_WORDS; i++) {
        memset(&page->insts[i], 0, sizeof page->insts[i]);
        if (i < page->readable) {
            decode(worker->launch->target, page->words + i, page->readable - i, &page->insts[i]);
            prepare(worker->launch->lanes, &page->insts[i]);
        }
    }
}

/* Pages are never freed: another launch may run on one. What changed gets a new page in front of the old. */
static const struct page *page_at(struct worker *worker, uint64_t pc, uint64_t launch_number)
{
    uint64_t base = pc & ~(uint64_t)(PAGE_BYTES - 1);
    struct page **bucket = &buckets[(base / PAGE_BYTES * 31 + (uint64_t)worker->launch->target) % BUCKETS];
    pthread_mutex_lock(&page_lock);
    struct page *page = *bucket;
    while (page != NULL && page->base != base)
        page = page->next;
    if (page == NULL || page->checked != launch_number) {
        struct page *fresh = calloc(1, sizeof *fresh);
        pthread_mutex_unlock(&page_lock);
        if (fresh == NULL)
            fail(worker, "there is no memory for its code");
        worker->page = NULL;
        worker->inst = NULL;
        copy_code(worker, fresh, base); /* may fault, so no lock is held */
        pthread_mutex_lock(&page_lock);
        if (page != NULL && page->readable == fresh->readable && memcmp(page->words, fresh->words, sizeof page->words) == 0) {
            page->checked = launch_number;
            free(fresh);
        } else {
            fresh->base = base;
            fresh->checked = launch_number;
            decode_page(worker, fresh);
            fresh->next = *bucket;
            *bucket = page = fresh;
        }
    }
    pthread_mutex_unlock(&page_lock);
    return page;
}

/* Without the lock where this worker has been there. */
static const struct page *own_page_at(struct worker *worker, uint64_t pc, uint64_t launch_number)
{
    const struct page **known = &worker->pages[pc / PAGE_BYTES % KNOWN_PAGES];
    if (*known == NULL || pc - (*known)->base >= PAGE_BYTES)
        *known = page_at(worker, pc, launch_number);
    return *known;
}

static bool sets_carry(const struct inst *inst)
{
    const struct op_info *info = &op_infos[inst->op];
    return inst->op == OP_v_add_co_ci_u32 || inst->op == OP_v_sub_co_ci_u32 || inst->op == OP_v_subrev_co_ci_u32
        || (info->encoding == VOP3 && info->code >= 764 && info->code <= 770);
}

static enum kind vector_kind(const struct lane_set *lanes, struct inst *inst)
{
    inst->run = (const void *)lanes->functions[inst->op];
    inst->flags = sets_carry(inst);
    switch (inst->op) {
    case OP_v_nop:
    case OP_v_pipeflush: return KIND_NOTHING;
    case OP_v_readfirstlane_b32:
    case OP_v_readlane_b32:
    case OP_v_writelane_b32:
    case OP_v_permlane16_b32:
    case OP_v_permlanex16_b32:
    case OP_v_permlane64_b32:
    case OP_v_swap_b32:
    case OP_v_movreld_b32:
    case OP_v_movrels_b32:
    case OP_v_movrelsd_b32:
    case OP_v_wmma_f32_16x16x16_f16:
    case OP_v_wmma_f32_16x16x16_bf16:
    case OP_v_wmma_f16_16x16x16_f16:
    case OP_v_wmma_bf16_16x16x16_bf16:
    case OP_v_wmma_i32_16x16x16_iu8:
    case OP_v_wmma_i32_16x16x16_iu4: return KIND_VECTOR;
    default: return inst->run != NULL ? KIND_LANES : KIND_UNKNOWN;
    }
}

void prepare(const struct lane_set *lanes, struct inst *inst)
{
    if (inst->op == OP_NONE)
        return;
    if (inst->encoding <= SOPC || (inst->encoding >= VOP1 && inst->encoding <= VOP3P))
        inst->precision = (uint8_t)precision_of(inst->op);
    else if (inst->encoding == VOPD && (inst->op == OP_v_dot2acc_f32_f16 || inst->op2 == OP_v_dot2acc_f32_f16))
        inst->precision = PRECISION_HALF_SOURCE;
    switch (inst->encoding) {
    case SOPP:
        switch (inst->op) {
        case OP_s_nop:
        case OP_s_clause:
        case OP_s_delay_alu:
        case OP_s_waitcnt:
        case OP_s_waitcnt_depctr:
        case OP_s_wait_idle:
        case OP_s_wait_event:
        case OP_s_set_inst_prefetch_distance:
        case OP_s_setprio:
        case OP_s_icache_inv: inst->kind = KIND_NOTHING; return;
        default: inst->kind = KIND_SCALAR; return;
        }
    case SOPK:
        inst->kind = inst->op >= OP_s_waitcnt_vscnt && inst->op <= OP_s_waitcnt_lgkmcnt ? KIND_NOTHING : KIND_SCALAR;
        return;
    case SOP1:
    case SOP2:
    case SOPC: inst->kind = KIND_SCALAR; return;
    case SMEM: inst->kind = KIND_SMEM; return;
    case DS: inst->kind = inst->op == OP_ds_nop ? KIND_NOTHING : KIND_DS; return;
    case FLAT:
    case GLOBAL:
    case SCRATCH: inst->kind = KIND_FLAT; return;
    case MUBUF: inst->kind = op_infos[inst->op].operands[0] == '\0' ? KIND_NOTHING : KIND_BUFFER; return;
    case VOPD:
        inst->run = (const void *)lanes->functions[inst->op];
        inst->run2 = (const void *)lanes->functions[inst->op2];
        inst->kind = inst->run != NULL && inst->run2 != NULL ? KIND_PAIR : KIND_UNKNOWN;
        return;
    case VOP1:
    case VOP2:
    case VOPC:
    case VOP3:
    case VOP3P: inst->kind = (uint8_t)vector_kind(lanes, inst); return;
    default: return;
    }
}

/* ---- waves ---- */

static void run_instruction(struct wave *wave, const struct inst *inst)
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

static void give_scalars(struct wave *wave, const struct launch *launch, const uint64_t *group)
{
    const struct emu_launch *request = launch->request;
    struct descriptor_words descriptor;
    memcpy(&descriptor, request->descriptor, sizeof descriptor);
    unsigned next = 0, users = descriptor.resources2 >> 1 & 31;
    struct {
        unsigned bit, count;
        uint64_t value;
    } parts[] = { { 0, 4, 0 }, { 1, 2, request->packet }, { 2, 2, request->queue }, { 3, 2, request->kernarg }, { 4, 2, 0 }, { 5, 2, 0 },
                  { 6, 1, request->private_bytes } };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(descriptor.properties >> parts[i].bit & 1))
            continue;
        for (unsigned k = 0; k < parts[i].count; k++)
            wave->s[next++] = k < 2 ? (uint32_t)(parts[i].value >> 32 * k) : 0;
    }
    if (next < users)
        next = users;
    for (unsigned axis = 0; axis < 3; axis++) {
        if (descriptor.resources2 >> (7 + axis) & 1)
            wave->s[next++] = (uint32_t)group[axis];
    }
}

static void start_wave(struct worker *worker, unsigned index, unsigned lanes, const uint64_t *group, const uint32_t *size)
{
    struct wave *wave = &worker->waves[index];
    const struct launch *launch = worker->launch;
    struct descriptor_words descriptor;
    memcpy(&descriptor, launch->request->descriptor, sizeof descriptor);
    memset(wave->s, 0, sizeof wave->s);
    wave->worker = worker;
    wave->count = lanes / LANES;
    wave->halves = worker->states + index * wave->count;
    /* What it may use; GRANULATED_WORKITEM_VGPR_COUNT of LLVM's AMDGPUUsage. */
    unsigned registers = ((descriptor.resources1 & 63) + 1) * (lanes == 32 ? 8 : 4);
    for (unsigned half = 0; half < wave->count; half++)
        memset(wave->halves[half].v, 0, (registers < VECTORS ? registers : VECTORS) * sizeof *wave->halves[half].v);
    wave->pc = launch->request->code;
    wave->scc = 0;
    wave->state = WAVE_RUNS;
    wave->mode = (descriptor.resources1 >> 12 & 0xff) | (descriptor.resources1 >> 21 & 1) << 8 | (descriptor.resources1 >> 23 & 1) << 9;
    wave->scratch = worker->scratch + (size_t)index * lanes * worker->scratch_bytes;
    give_scalars(wave, launch, group);
    uint32_t items = size[0] * size[1] * size[2];
    for (unsigned lane = 0; lane < lanes; lane++) {
        uint32_t item = index * lanes + lane;
        if (item >= items)
            break;
        wave->s[R_EXEC_LO + lane / LANES] |= UINT32_C(1) << lane % LANES;
        wave->halves[lane / LANES].v[0][lane % LANES] =
            item % size[0] | item / size[0] % size[1] << 10 | item / size[0] / size[1] << 20;
    }
}

static void run_group(struct worker *worker, const uint64_t *group, unsigned lanes, uint64_t launch_number)
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

/* ---- threads ---- */

struct shared {
    struct launch *launch;
    atomic_ullong next;
    uint64_t groups, launch_number;
    unsigned lanes, waves;
    uint32_t lds_bytes, scratch_bytes;
    atomic_int failed;
    pthread_mutex_t lock;
    struct emu_counts counts;
};

static void run_groups(struct worker *worker, struct shared *shared)
{
    const uint64_t *groups = shared->launch->groups;
    if (sigsetjmp(worker->jump, 1) != 0)
        return;
    for (;;) {
        uint64_t index = atomic_fetch_add(&shared->next, 1);
        if (index >= shared->groups || atomic_load(&shared->failed))
            return;
        uint64_t group[3] = { index % groups[0], index / groups[0] % groups[1], index / groups[0] / groups[1] };
        run_group(worker, group, shared->lanes, shared->launch_number);
    }
}

static struct worker *resting;
static pthread_mutex_t resting_lock = PTHREAD_MUTEX_INITIALIZER;

static void rest(struct worker *worker)
{
    pthread_mutex_lock(&resting_lock);
    worker->next = resting;
    resting = worker;
    pthread_mutex_unlock(&resting_lock);
}

static bool grow(struct worker *worker, size_t states, size_t scratch)
{
    if (states > worker->state_count) {
        free(worker->states);
        worker->states = aligned_alloc(64, states * sizeof *worker->states);
        worker->state_count = worker->states != NULL ? states : 0;
        if (worker->states != NULL)
            memset(worker->states, 0, states * sizeof *worker->states);
    }
    if (scratch > worker->scratch_capacity) {
        free(worker->scratch);
        worker->scratch = malloc(scratch);
        worker->scratch_capacity = worker->scratch != NULL ? scratch : 0;
    }
    return worker->state_count >= states && worker->scratch_capacity >= scratch;
}

/* NULL without memory. */
static struct worker *wake(const struct shared *shared)
{
    pthread_mutex_lock(&resting_lock);
    struct worker *worker = resting;
    if (worker != NULL)
        resting = worker->next;
    pthread_mutex_unlock(&resting_lock);
    if (worker == NULL)
        worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return NULL;
    /* What one launch knew is not true of the next. */
    memset((unsigned char *)worker + offsetof(struct worker, launch), 0, sizeof *worker - offsetof(struct worker, launch));
    worker->launch = shared->launch;
    worker->lds_bytes = shared->lds_bytes;
    worker->scratch_bytes = shared->scratch_bytes;
    size_t scratch = (size_t)shared->waves * shared->lanes * shared->scratch_bytes;
    free(worker->lds); /* of its size, so that a sanitizer sees what leaves it */
    worker->lds = calloc(1, shared->lds_bytes + 16u);
    if (worker->lds == NULL || !grow(worker, shared->waves * (shared->lanes / LANES), scratch)) {
        rest(worker);
        return NULL;
    }
    if (scratch > 0)
        memset(worker->scratch, 0, scratch);
    return worker;
}

static void *work(void *argument)
{
    struct shared *shared = argument;
    unsigned csr = __builtin_ia32_stmxcsr();
    struct worker *worker = wake(shared);
    if (worker != NULL) {
        current = worker;
        run_groups(worker, shared);
        current = NULL;
        if (worker->failed)
            atomic_store(&shared->failed, 1);
    } else {
        pthread_mutex_lock(&error_lock);
        if (shared->launch->error_size > 0)
            snprintf(shared->launch->error, shared->launch->error_size, "there is no memory for a work-group's registers and scratch");
        pthread_mutex_unlock(&error_lock);
        atomic_store(&shared->failed, 1);
    }
    __builtin_ia32_ldmxcsr(csr);
    if (worker != NULL) {
        pthread_mutex_lock(&shared->lock);
        shared->counts.instructions += worker->counts.instructions;
        shared->counts.waves += worker->counts.waves;
        shared->counts.groups += worker->counts.groups;
        shared->counts.bytes_read += worker->counts.bytes_read;
        shared->counts.bytes_written += worker->counts.bytes_written;
        pthread_mutex_unlock(&shared->lock);
        rest(worker);
    }
    return NULL;
}

static int refuse(char *error, size_t size, const struct emu_launch *launch, const char *why)
{
    if (size > 0)
        snprintf(error, size, "kernel %s: %s", launch->name != NULL ? launch->name : "without a name", why);
    return -1;
}

void emu_limit(uint64_t instructions)
{
    most_instructions = instructions;
}

int emu_run(enum emu_target target, const struct emu_launch *request, struct emu_counts *counts, char *error, size_t error_size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, catch_faults);
    if (error_size > 0)
        error[0] = '\0';
    struct descriptor_words descriptor;
    memcpy(&descriptor, request->descriptor, sizeof descriptor);
    struct launch launch = { .request = request, .target = target, .lanes = lanes_best(), .error = error, .error_size = error_size };
    struct shared shared = { .launch = &launch, .groups = 1, .lock = PTHREAD_MUTEX_INITIALIZER };
    uint64_t items = 1;
    if (target >= EMU_TARGETS)
        return refuse(error, error_size, request, "its GPU is not one that is emulated");
    for (unsigned axis = 0; axis < 3; axis++) {
        if (request->group[axis] == 0 || request->grid[axis] == 0)
            return refuse(error, error_size, request, "its grid or work-group is empty");
        items *= request->group[axis];
        launch.groups[axis] = ((uint64_t)request->grid[axis] + request->group[axis] - 1) / request->group[axis];
        if (__builtin_mul_overflow(shared.groups, launch.groups[axis], &shared.groups))
            return refuse(error, error_size, request, "its grid has more work-groups than can be counted");
    }
    shared.lanes = descriptor.properties & PROPERTY_WAVE32 ? 32 : 64;
    shared.waves = (unsigned)((items + shared.lanes - 1) / shared.lanes);
    if (items > 1024)
        return refuse(error, error_size, request, "its work-group has more than 1024 work items");
    if (request->lds_bytes > MOST_LDS)
        return refuse(error, error_size, request, "it wants more than 64 KiB of the work-group's memory");
    if (request->private_bytes > MOST_SCRATCH)
        return refuse(error, error_size, request, "it wants more than 1 MiB of scratch for a work item");
    if ((descriptor.resources2 >> 1 & 31) > 16 || (descriptor.preload & 0x7f) != 0)
        return refuse(error, error_size, request, "its descriptor asks for too many scalar registers, or for preloaded arguments");
    shared.lds_bytes = request->lds_bytes;
    shared.scratch_bytes = (request->private_bytes + 15) & ~15u;
    pthread_mutex_lock(&page_lock);
    shared.launch_number = ++launches;
    pthread_mutex_unlock(&page_lock);
    long processors = wanted_threads > 0 ? wanted_threads : sysconf(_SC_NPROCESSORS_ONLN);
    if (processors > MOST_THREADS)
        processors = MOST_THREADS;
    if ((uint64_t)processors > shared.groups)
        processors = (long)shared.groups;
    pthread_t threads[MOST_THREADS];
    long started = 0;
    while (started < processors - 1 && pthread_create(&threads[started], NULL, work, &shared) == 0)
        started++;
    work(&shared);
    for (long i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (counts != NULL) {
        counts->instructions += shared.counts.instructions;
        counts->waves += shared.counts.waves;
        counts->groups += shared.counts.groups;
        counts->bytes_read += shared.counts.bytes_read;
        counts->bytes_written += shared.counts.bytes_written;
    }
    return atomic_load(&shared.failed) ? -1 : 0;
}
