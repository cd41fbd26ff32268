/* What the parts of the decoder know of each other. */
#ifndef GFXBAKE_DECODING_H
#define GFXBAKE_DECODING_H

#include "decode.h"

static inline uint32_t bits(uint32_t word, unsigned low, unsigned count)
{
    return word >> low & ((UINT32_C(1) << count) - 1);
}

/* ENCODINGS: none that is known. */
enum encoding encoding_of(uint32_t word);
/* The table's opcode; OP_NONE: none that is known. */
uint16_t opcode_of(enum encoding encoding, uint32_t word);

void read_widths(struct inst *inst, const char *text);
void decode_vector(struct inst *inst, uint32_t word);
void decode_vop3(struct inst *inst, const uint32_t *words);
void decode_pair(struct inst *inst, const uint32_t *words, size_t count);
void decode_memory(struct inst *inst, const uint32_t *words);

#endif
