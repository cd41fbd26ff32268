/* A bounded look at an ELF file that may be damaged: each read is checked, none needs alignment. */
#ifndef ELF_FILE_H
#define ELF_FILE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_file {
    const uint8_t *bytes;
    size_t size;
    Elf64_Ehdr header;
};

/* Whether the bytes begin with a header of a 64-bit, little-endian ELF file. */
bool elf_open(struct elf_file *elf, const void *bytes, size_t size);

/* A part of the file; NULL unless all of it lies in the file. */
const uint8_t *elf_part(const struct elf_file *elf, uint64_t offset, uint64_t size);

/* The header of a segment or section; false where there is none of that number or its table does not lie in the file. */
bool elf_segment(const struct elf_file *elf, unsigned index, Elf64_Phdr *segment);
bool elf_section(const struct elf_file *elf, unsigned index, Elf64_Shdr *section);

#endif
