/* The state of what runs, and the parts that carry out instructions on it. */
#ifndef GFXBAKE_EXECUTE_H
#define GFXBAKE_EXECUTE_H

#include "lanes.h"

#include <setjmp.h>
#include <stdatomic.h>

enum { VECTORS = 256, SPARE_VECTORS = 16, SCALARS = 128, SPARE_SCALARS = 16, PAGE_BYTES = 4096, PAGE_WORDS = PAGE_BYTES / 4 };
enum { MOST_WAVES = 32, MOST_LDS = 64 * 1024, KNOWN_PAGES = 64, KNOWN_SPANS = 4 };
/* The upper halves of flat addresses of the work-group's and of the lane's own memory: no address of a process begins so. */
enum { SHARED_APERTURE = 0x10000, PRIVATE_APERTURE = 0x20000 };

struct lanes_state {
    uint32_t v[VECTORS + SPARE_VECTORS][LANES];
} __attribute__((aligned(64)));

enum { MODE_IEEE = 1 << 9 };

enum wave_state { WAVE_RUNS, WAVE_WAITS, WAVE_ENDED };

struct page;
struct worker;

struct wave {
    struct lanes_state *halves; /* one, or two of a wave of 64 */
    uint32_t s[SCALARS + SPARE_SCALARS]; /* VCC and EXEC among them */
    uint32_t scc, mode;
    bool usual; /* MODE rounds everything to nearest and keeps all denormals */
    uint64_t pc;
    unsigned count; /* of halves */
    enum wave_state state;
    unsigned char *scratch; /* of lane 0; the others follow */
    struct worker *worker;
};

struct span {
    uint64_t start, end;
};

/* One thread's share of a launch. What it has of memory it keeps for the next launch. */
struct worker {
    sigjmp_buf jump;
    struct wave waves[MOST_WAVES];
    struct lanes_state *states;
    size_t state_count, scratch_capacity;
    struct worker *next;
    unsigned char *lds, *scratch;
    struct launch *launch; /* from here on all is of one launch, and empty when the next begins */
    struct span spans[2][KNOWN_SPANS]; /* that may be read, and written */
    unsigned next_span;
    uint32_t lds_bytes;
    uint32_t scratch_bytes; /* of a lane */
    const struct page *page, *pages[KNOWN_PAGES]; /* where it is, and was; a worker has one launch */
    struct emu_counts counts;
    uint64_t counted; /* of its instructions, those that the launch's are counted with */
    uint64_t fault_pc;
    const struct inst *inst;
    int failed;
};

struct launch {
    const struct emu_launch *request;
    enum emu_target target;
    const struct lane_set *lanes;
    uint64_t groups[3];
    atomic_ullong instructions;
    char *error;
    size_t error_size;
};

struct page {
    uint64_t base;
    uint32_t words[PAGE_WORDS + MOST_WORDS];
    struct page *next;
    unsigned readable; /* words of this page; the rest cannot be read */
    uint64_t checked; /* the last launch that found the words unchanged */
    struct inst insts[PAGE_WORDS];
};

/* Ends the launch with a sentence about the instruction that runs. */
__attribute__((format(printf, 2, 3), noreturn)) void fail(struct worker *worker, const char *format, ...);

/* Which part of the executor carries out an instruction. */
enum kind { KIND_UNKNOWN, KIND_LANES, KIND_PAIR, KIND_VECTOR, KIND_SCALAR, KIND_SMEM, KIND_DS, KIND_FLAT, KIND_BUFFER, KIND_NOTHING };

/* What MODE's two halves mean for an opcode: HALF_SOURCE takes halves, and reckons in 32 bits; MIXED gives one, out of 32 bits. */
enum precision {
    PRECISION_SINGLE,
    PRECISION_DOUBLE,
    PRECISION_HALF,
    PRECISION_FUSED_HALF,
    PRECISION_HALF_SOURCE,
    PRECISION_MIXED,
    PRECISION_NARROWED,
    PRECISION_MATRIX
};
enum precision precision_of(unsigned op);

void apply_mode(struct wave *wave);
/* An instruction that is not of 32 bits alone, where MODE is not the usual one. */
void run_in_mode(struct wave *wave, const struct inst *inst, void (*run)(struct wave *wave, const struct inst *inst));

/* Sets kind and function, and what they need. */
void prepare(const struct lane_set *lanes, struct inst *inst);

void run_lanes(struct wave *wave, const struct inst *inst);
void run_pair(struct wave *wave, const struct inst *inst);
void run_vector(struct wave *wave, const struct inst *inst); /* those that look at other lanes, and matrices */
void run_scalar(struct wave *wave, const struct inst *inst);
void run_smem(struct wave *wave, const struct inst *inst);
void run_ds(struct wave *wave, const struct inst *inst);
void run_flat(struct wave *wave, const struct inst *inst);
void run_buffer(struct wave *wave, const struct inst *inst);
/* By its kind one of these. */
void run_instruction(struct wave *wave, const struct inst *inst);

/* A source's lanes: of the registers themselves, or in buffer, which holds two times 32 words. */
const uint32_t *source(struct wave *wave, const struct inst *inst, unsigned half, unsigned index, uint32_t *buffer);
/* Moves a source's lanes as DPP says, into buffer; the lanes that write a result. */
uint32_t apply_dpp(struct wave *wave, const struct inst *inst, unsigned half, uint32_t *buffer, const uint32_t *from);
uint32_t scalar(struct wave *wave, unsigned reg, uint32_t literal);
uint64_t scalar_pair(struct wave *wave, unsigned reg, uint32_t literal);

/* Under the launch's rules; the address's memory may be read, or written. */
void check(struct wave *wave, uint64_t address, size_t bytes, bool writes);
/* Whether check would pass, without a question; of what it has answered. */
bool is_checked(const struct worker *worker, uint64_t address, uint64_t bytes, bool writes);

static inline void set_scalar(struct wave *wave, unsigned reg, uint32_t value)
{
    if (reg != R_NULL && reg < SCALARS)
        wave->s[reg] = value;
}

/* Keeps the lanes that are off. */
static inline void write_lanes(uint32_t *to, const uint32_t *from, uint32_t exec)
{
    if (exec == UINT32_MAX) {
        for (int i = 0; i < LANES; i++)
            to[i] = from[i];
        return;
    }
    for (int i = 0; i < LANES; i++)
        to[i] = exec >> i & 1 ? from[i] : to[i];
}

#endif
