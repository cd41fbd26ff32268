/* Instructions as llvm-objdump of LLVM 22 writes them. */
#include "text.h"

#include <string.h>

int emu_disassemble(enum emu_target target, const void *code, size_t bytes, uint64_t address, char *text, size_t text_size)
{
    (void)address;
    uint32_t words[MOST_WORDS] = { 0 };
    size_t count = bytes / sizeof *words < MOST_WORDS ? bytes / sizeof *words : MOST_WORDS;
    if (text_size == 0)
        return -1;
    text[0] = '\0';
    memcpy(words, code, count * sizeof *words);
    struct inst inst;
    decode(target, words, count, &inst);
    if (inst.op == OP_NONE)
        return -1;
    struct text out = { text, text_size };
    switch (inst.encoding) {
    case SOP1:
    case SOP2:
    case SOPC: disassemble_scalar(&out, &inst); break;
    case SOPK: disassemble_sopk(&out, &inst); break;
    case SOPP: disassemble_sopp(&out, &inst); break;
    case SMEM: disassemble_smem(&out, &inst); break;
    case VOPD: disassemble_pair(&out, &inst); break;
    case MUBUF:
    case MTBUF: disassemble_buffer(&out, &inst); break;
    case VOP1:
    case VOP2:
    case VOPC:
    case VOP3:
    case VOP3P: disassemble_vector(&out, &inst); break;
    default: disassemble_memory(&out, &inst); break;
    }
    return (int)(inst.words * sizeof(uint32_t));
}
