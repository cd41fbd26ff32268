/* The symbols of a code object. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <elf.h>

struct symbol {
    /* In the bytes of the data that it is of. */
    const char *name;
    Elf64_Sym entry;
};

#endif
