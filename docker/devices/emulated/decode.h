/* An instruction's words, taken apart. Decoder, disassembler and executor share opcodes.inc. */
#ifndef GFXBAKE_DECODE_H
#define GFXBAKE_DECODE_H

#include "emu.h"

#include <stdbool.h>

enum encoding { SOP1, SOP2, SOPC, SOPK, SOPP, SMEM, VOP1, VOP2, VOPC, VOP3, VOP3P, DS, FLAT, GLOBAL, SCRATCH, MUBUF, MTBUF, VOPD, ENCODINGS };
enum { RDNA3, RDNA35 };

#define OP(encoding, code, name, operands, generation) OP_##name,
enum op {
    OP_NONE,
#include "opcodes.inc"
    OPS
};
#undef OP

struct op_info {
    const char *name;
    const char *operands;
    uint16_t code;
    uint8_t encoding;
    uint8_t generation;
};
extern const struct op_info op_infos[OPS];

/* Numbers of operands as the ISA document's "Scalar and vector operands" has them; vector registers begin at 256. */
enum {
    R_VCC_LO = 106,
    R_VCC_HI = 107,
    R_NULL = 124,
    R_M0 = 125,
    R_EXEC_LO = 126,
    R_EXEC_HI = 127,
    R_SHARED_BASE = 235,
    R_SHARED_LIMIT = 236,
    R_PRIVATE_BASE = 237,
    R_PRIVATE_LIMIT = 238,
    R_SCC = 253,
    R_LITERAL = 255,
    R_VGPR = 256
};

enum { MOST_WORDS = 5 };
enum { DPP_NONE, DPP_8, DPP_16 };
enum { FLAG_GLC = 1, FLAG_SLC = 2, FLAG_DLC = 4, FLAG_IDXEN = 8, FLAG_OFFEN = 16, FLAG_GDS = 32 };

/* As the executor wants it; see execute.h for the parts that it adds. */
struct inst {
    uint16_t op; /* OP_NONE: no instruction that is known */
    uint8_t encoding; /* of the words: VOP3 for an opcode of VOP2 with modifiers */
    uint8_t words;
    uint8_t sources;
    uint8_t sdst; /* of VOP3SD, or vcc */
    uint8_t neg, abs, op_sel, op_sel_hi; /* a bit for each source; op_sel's fourth is the result's */
    uint8_t omod, clamp;
    uint8_t dpp, dpp_masks; /* bank mask, row mask */
    uint8_t dpp_fetch_inactive, dpp_bound;
    uint8_t flags;
    uint8_t widths[5]; /* result, sources; in registers, 0 for a half */
    uint16_t dst;
    uint16_t src[4];
    uint32_t literal;
    uint32_t dpp_control; /* 9 bits, or eight times 3 */
    int32_t offset;
    /* The second half of a pair. */
    uint16_t op2, dst2, src2[3];
    uint8_t sources2;
    uint8_t kind, precision; /* the executor's */
    const void *run, *run2;
};

/* The instruction at words, of which count can be read. inst->op is OP_NONE where it is not known. */
void decode(enum emu_target target, const uint32_t *words, size_t count, struct inst *inst);

/* VOPD's own names, by opcode; the opcode that does the same as one instruction. */
extern const char *const pair_names[32];

#endif
