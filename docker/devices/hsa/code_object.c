#define _GNU_SOURCE
#include "code_object.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_BYTES = 4096, LONGEST_SEARCH = 1 << 28, MOST_HEADERS = 64, MOST_DYNAMIC = 256, MACHINE_AMDGPU = 224, MACHINE_MASK = 0xff };

static const char descriptor_ending[] = ".kd";

/* Addresses in a code object count from its start. NULL unless all of the bytes lie in it. */
static const void *at(const struct code_object *object, uint64_t offset, uint64_t size)
{
    if (offset > object->size || size > object->size - offset)
        return NULL;
    return (const char *)(uintptr_t)object->base + offset;
}

static bool is_header(const struct code_object *object, Elf64_Ehdr *header)
{
    const void *start = at(object, 0, sizeof *header);
    if (start == NULL || memcmp(start, ELFMAG, SELFMAG) != 0)
        return false;
    memcpy(header, start, sizeof *header);
    return header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB
        && header->e_machine == MACHINE_AMDGPU;
}

/* DT_HASH has the number of symbols as its second word; linkers for AMD's GPUs always write it. */
static void read_dynamic(struct code_object *object, const Elf64_Phdr *segment)
{
    uint64_t symbols = 0, strings = 0, string_bytes = 0, hash = 0;
    for (uint64_t i = 0; i < MOST_DYNAMIC && i < segment->p_memsz / sizeof(Elf64_Dyn); i++) {
        const void *place = at(object, segment->p_vaddr + i * sizeof(Elf64_Dyn), sizeof(Elf64_Dyn));
        Elf64_Dyn entry = { .d_tag = DT_NULL };
        if (place != NULL)
            memcpy(&entry, place, sizeof entry);
        switch (entry.d_tag) {
        case DT_NULL: i = MOST_DYNAMIC; break;
        case DT_SYMTAB: symbols = entry.d_un.d_ptr; break;
        case DT_STRTAB: strings = entry.d_un.d_ptr; break;
        case DT_STRSZ: string_bytes = entry.d_un.d_val; break;
        case DT_HASH: hash = entry.d_un.d_ptr; break;
        default: break;
        }
    }
    const void *counts = hash == 0 ? NULL : at(object, hash, 2 * sizeof(uint32_t));
    uint32_t count[2] = { 0, 0 };
    if (counts != NULL)
        memcpy(count, counts, sizeof count);
    if (symbols == 0 || at(object, symbols, (uint64_t)count[1] * sizeof(Elf64_Sym)) == NULL || at(object, strings, string_bytes) == NULL)
        return;
    object->symbols = symbols;
    object->symbol_count = count[1];
    object->strings = strings;
    object->string_bytes = string_bytes;
}

static void read_segments(struct code_object *object, const Elf64_Ehdr *header)
{
    for (unsigned i = 0; i < header->e_phnum && i < MOST_HEADERS && header->e_phentsize == sizeof(Elf64_Phdr); i++) {
        Elf64_Phdr segment;
        const void *place = header->e_phoff > object->size ? NULL : at(object, header->e_phoff + i * sizeof segment, sizeof segment);
        if (place == NULL)
            return;
        memcpy(&segment, place, sizeof segment);
        if (segment.p_type == PT_DYNAMIC)
            read_dynamic(object, &segment);
        if (segment.p_type == PT_NOTE && object->note_bytes == 0 && at(object, segment.p_vaddr, segment.p_memsz) != NULL) {
            object->notes = segment.p_vaddr;
            object->note_bytes = segment.p_memsz;
        }
    }
}

bool code_object_find(struct memory *memory, uint64_t address, struct code_object *object)
{
    struct range range;
    if (!memory_range(memory, address, &range) || !memory_has(memory, range.base, range.size, 0))
        return false;
    for (uint64_t page = (address - range.base) / PAGE_BYTES, steps = 0; steps < LONGEST_SEARCH / PAGE_BYTES; page--, steps++) {
        uint64_t offset = page * PAGE_BYTES;
        Elf64_Ehdr header;
        *object = (struct code_object){ .base = range.base + offset, .size = range.size - offset };
        if (is_header(object, &header)) {
            object->machine = header.e_flags & MACHINE_MASK;
            read_segments(object, &header);
            return true;
        }
        if (page == 0)
            break;
    }
    return false;
}

void code_object_target(const struct code_object *object, char target[TARGET_BYTES])
{
    static const char triple[] = "amdgcn-amd-amdhsa--", letters[] = "abcdefghijklmnopqrstuvwxyz0123456789:+-";
    const size_t before = sizeof triple - 1;
    const char *notes = at(object, object->notes, object->note_bytes);
    const char *found = notes == NULL ? NULL : memmem(notes, object->note_bytes, triple, before);
    size_t length = 0, most = found == NULL ? 0 : object->note_bytes - (size_t)(found - notes) - before;
    while (length < most && length < TARGET_BYTES - 1 && memchr(letters, found[before + length], sizeof letters - 1) != NULL)
        length++;
    if (length > 0)
        memcpy(target, found + before, length);
    target[length] = '\0';
}

static bool symbol_at(const struct code_object *object, uint64_t index, Elf64_Sym *symbol)
{
    const void *place = at(object, object->symbols + index * sizeof *symbol, sizeof *symbol);
    if (place != NULL)
        memcpy(symbol, place, sizeof *symbol);
    return place != NULL;
}

/* NULL unless the name ends inside the table of names. */
static const char *name_of(const struct code_object *object, const Elf64_Sym *symbol, size_t *length)
{
    if (symbol->st_name >= object->string_bytes)
        return NULL;
    uint64_t most = object->string_bytes - symbol->st_name;
    const char *name = at(object, object->strings + symbol->st_name, most);
    const char *end = name == NULL ? NULL : memchr(name, '\0', most);
    if (end == NULL)
        return NULL;
    *length = (size_t)(end - name);
    return name;
}

static bool is_descriptor(const char *name, size_t length)
{
    const size_t ending = sizeof descriptor_ending - 1;
    return name != NULL && length > ending && memcmp(name + length - ending, descriptor_ending, ending) == 0;
}

static void print(char *to, const char *name, size_t length)
{
    static const char cut[] = "...";
    size_t most = KERNEL_NAME_BYTES - sizeof cut;
    for (size_t i = 0; i < length && i < most; i++)
        to[i] = name[i] > ' ' && name[i] <= '~' ? name[i] : '?';
    snprintf(to + (length < most ? length : most), sizeof cut, "%s", length > most ? cut : "");
}

bool code_object_kernel(const struct code_object *object, uint64_t descriptor, struct kernel_symbol *kernel)
{
    const char *wanted = NULL;
    size_t wanted_length = 0;
    *kernel = (struct kernel_symbol){ .code = 0 };
    Elf64_Sym symbol;
    for (uint64_t i = 0; i < object->symbol_count && wanted == NULL && symbol_at(object, i, &symbol); i++) {
        size_t length = 0;
        const char *name = symbol.st_value == descriptor - object->base ? name_of(object, &symbol, &length) : NULL;
        if (is_descriptor(name, length)) {
            wanted = name;
            wanted_length = length - (sizeof descriptor_ending - 1);
        }
    }
    if (wanted == NULL)
        return false;
    print(kernel->name, wanted, wanted_length);
    for (uint64_t i = 0; i < object->symbol_count && symbol_at(object, i, &symbol); i++) {
        size_t length = 0;
        const char *name = ELF64_ST_TYPE(symbol.st_info) == STT_FUNC ? name_of(object, &symbol, &length) : NULL;
        if (name == NULL || length != wanted_length || memcmp(name, wanted, length) != 0)
            continue;
        kernel->code = object->base + symbol.st_value;
        kernel->code_bytes = symbol.st_size;
        break;
    }
    return true;
}
