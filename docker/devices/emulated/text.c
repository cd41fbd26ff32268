/* Registers and constants as LLVM writes them. */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 2, 3))) void put(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->at, text->left, format, arguments);
    va_end(arguments);
    size_t moved = length < 0 ? 0 : (size_t)length < text->left ? (size_t)length : text->left - 1;
    text->at += moved;
    text->left -= moved;
}

static void put_range(struct text *text, const char *file, unsigned first, unsigned width)
{
    if (width <= 1)
        put(text, "%s%u", file, first);
    else
        put(text, "%s[%u:%u]", file, first, first + width - 1);
}

void put_vector(struct text *text, unsigned reg, unsigned width)
{
    put_range(text, "v", reg, width);
}

static const char *const special[256] = {
    [R_NULL] = "null",        [R_M0] = "m0",
    [235] = "src_shared_base", [236] = "src_shared_limit", [237] = "src_private_base", [238] = "src_private_limit",
    [251] = "src_vccz",       [252] = "src_execz",        [253] = "src_scc",          [254] = "src_lds_direct",
    [240] = "0.5",            [241] = "-0.5",             [242] = "1.0",              [243] = "-1.0",
    [244] = "2.0",            [245] = "-2.0",             [246] = "4.0",              [247] = "-4.0",
};

/* Whether a constant needs no literal: LLVM says where one is used all the same. */
static bool is_inline(uint32_t literal)
{
    static const uint32_t floats[] = { 0x3f000000, 0xbf000000, 0x3f800000, 0xbf800000, 0x40000000, 0xc0000000, 0x40800000, 0xc0800000, 0x3e22f983 };
    if ((int32_t)literal >= -16 && (int32_t)literal <= 64)
        return true;
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) {
        if (literal == floats[i])
            return true;
    }
    return false;
}

static void put_literal(struct text *text, uint32_t literal, unsigned width)
{
    bool inlined = width > 0 && is_inline(literal);
    put(text, "%s0x%" PRIx32 "%s", inlined ? "lit(" : "", width == 0 ? literal & 0xffff : literal, inlined ? ")" : "");
}

void put_source(struct text *text, unsigned reg, unsigned width, uint32_t literal)
{
    if (reg == R_CONSTANT)
        put(text, "0x%" PRIx32, width == 0 ? literal & 0xffff : literal);
    else if (reg >= R_VGPR)
        put_vector(text, reg - R_VGPR, width);
    else if (reg < 106)
        put_range(text, "s", reg, width);
    else if (reg == R_VCC_LO)
        put(text, width > 1 ? "vcc" : "vcc_lo");
    else if (reg == R_VCC_HI)
        put(text, "vcc_hi");
    else if (reg >= 108 && reg < 124)
        put_range(text, "ttmp", reg - 108, width);
    else if (reg == R_EXEC_LO)
        put(text, width > 1 ? "exec" : "exec_lo");
    else if (reg == R_EXEC_HI)
        put(text, "exec_hi");
    else if (reg >= 128 && reg <= 192)
        put(text, "%u", reg - 128);
    else if (reg > 192 && reg <= 208)
        put(text, "%d", 192 - (int)reg);
    else if (reg == 248)
        put(text, width > 1 ? "0.15915494309189532" : width == 0 ? "0.15915494" : "0.15915494");
    else if (reg == R_LITERAL)
        put_literal(text, literal, width);
    else if (special[reg] != NULL)
        put(text, "%s", special[reg]);
    else
        put(text, "?%u", reg);
}
