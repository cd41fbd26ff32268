#include "elf_file.h"

#include <string.h>

bool elf_open(struct elf_file *elf, const void *bytes, size_t size)
{
    *elf = (struct elf_file){ .bytes = bytes, .size = size };
    if (size < sizeof elf->header || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return false;
    memcpy(&elf->header, bytes, sizeof elf->header);
    return elf->header.e_ident[EI_CLASS] == ELFCLASS64 && elf->header.e_ident[EI_DATA] == ELFDATA2LSB;
}

const uint8_t *elf_part(const struct elf_file *elf, uint64_t offset, uint64_t size)
{
    return offset <= elf->size && size <= elf->size - offset ? elf->bytes + offset : NULL;
}

static bool entry(const struct elf_file *elf, uint64_t table, uint64_t index, void *out, size_t size)
{
    const uint8_t *place = table > elf->size ? NULL : elf_part(elf, table + index * size, size);
    if (place != NULL)
        memcpy(out, place, size);
    return place != NULL;
}

bool elf_segment(const struct elf_file *elf, unsigned index, Elf64_Phdr *segment)
{
    return index < elf->header.e_phnum && elf->header.e_phentsize == sizeof *segment
        && entry(elf, elf->header.e_phoff, index, segment, sizeof *segment);
}

bool elf_section(const struct elf_file *elf, unsigned index, Elf64_Shdr *section)
{
    return index < elf->header.e_shnum && elf->header.e_shentsize == sizeof *section
        && entry(elf, elf->header.e_shoff, index, section, sizeof *section);
}
