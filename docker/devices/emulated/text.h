/* The text of an instruction, part by part. */
#ifndef GFXBAKE_TEXT_H
#define GFXBAKE_TEXT_H

#include "decode.h"

struct text {
    char *at;
    size_t left;
};

/* The constant of fmaak and fmamk. */
enum { R_CONSTANT = 0xfff };

__attribute__((format(printf, 2, 3))) void put(struct text *text, const char *format, ...);
void put_vector(struct text *text, unsigned reg, unsigned width);
/* A scalar register, a constant or a vector register. */
void put_source(struct text *text, unsigned reg, unsigned width, uint32_t literal);

void disassemble_sopp(struct text *text, const struct inst *inst);
void disassemble_sopk(struct text *text, const struct inst *inst);
void disassemble_scalar(struct text *text, const struct inst *inst);
void disassemble_vector(struct text *text, const struct inst *inst);
void disassemble_pair(struct text *text, const struct inst *inst);
void disassemble_smem(struct text *text, const struct inst *inst);
void disassemble_buffer(struct text *text, const struct inst *inst);
void disassemble_memory(struct text *text, const struct inst *inst);

#endif
