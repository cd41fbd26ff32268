/* Which opcode a word has. */
#include "decoding.h"

#define OP(encoding, code, name, operands, generation) { #name, operands, code, encoding, generation },
const struct op_info op_infos[OPS] = {
    { "?", "", 0, 0, 0 },
#include "opcodes.inc"
};
#undef OP

enum { MOST_CODES = 1024 };
static uint16_t by_code[ENCODINGS][MOST_CODES];

__attribute__((constructor)) static void fill(void)
{
    for (unsigned op = 1; op < OPS; op++)
        by_code[op_infos[op].encoding][op_infos[op].code] = (uint16_t)op;
    static const struct {
        enum encoding encoding;
        unsigned first, count;
    } also[] = { { VOPC, 0, 256 }, { VOP2, 256, 64 }, { VOP1, 384, 128 } };
    for (size_t i = 0; i < sizeof also / sizeof *also; i++) {
        for (unsigned code = 0; code < also[i].count; code++)
            by_code[VOP3][also[i].first + code] = by_code[also[i].encoding][code];
    }
}

enum encoding encoding_of(uint32_t word)
{
    switch (word >> 26) {
    case 0x30: return word >> 24 == 0xcc ? VOP3P : ENCODINGS;
    case 0x32: return VOPD;
    case 0x33: return word >> 24 == 0xcc ? VOP3P : ENCODINGS;
    case 0x35: return VOP3;
    case 0x36: return DS;
    case 0x37: return bits(word, 16, 2) == 0 ? FLAT : bits(word, 16, 2) == 1 ? SCRATCH : bits(word, 16, 2) == 2 ? GLOBAL : ENCODINGS;
    case 0x38: return MUBUF;
    case 0x3a: return MTBUF;
    case 0x3d: return SMEM;
    default: break;
    }
    if (word >> 31 == 0)
        return word >> 25 == 0x3f ? VOP1 : word >> 25 == 0x3e ? VOPC : VOP2;
    if (word >> 30 != 2)
        return ENCODINGS;
    switch (word >> 23) {
    case 0x17d: return SOP1;
    case 0x17e: return SOPC;
    case 0x17f: return SOPP;
    default: return word >> 28 == 0xb ? SOPK : SOP2;
    }
}

static unsigned code_of(enum encoding encoding, uint32_t word)
{
    switch (encoding) {
    case SOP1: return bits(word, 8, 8);
    case SOP2: return bits(word, 23, 7);
    case SOPC:
    case SOPP:
    case VOP3P: return bits(word, 16, 7);
    case SOPK: return bits(word, 23, 5);
    case VOP1: return bits(word, 9, 8);
    case VOP2: return bits(word, 25, 6);
    case VOPC: return bits(word, 17, 8);
    case VOP3: return bits(word, 16, 10);
    case FLAT:
    case GLOBAL:
    case SCRATCH: return bits(word, 18, 7);
    case MTBUF: return bits(word, 15, 4);
    default: return bits(word, 18, 8); /* SMEM, DS, MUBUF */
    }
}

uint16_t opcode_of(enum encoding encoding, uint32_t word)
{
    return by_code[encoding][code_of(encoding, word)];
}
