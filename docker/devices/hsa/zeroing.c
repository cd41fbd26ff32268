/* ROCr 7.2.4 sizes two arrays by a word of its stack that nothing has set in model mode (hsaKmtOpenKFD), and writes zeros
 * over the first, a byte for each device: up to 4 GB, a million page faults and more than a second, at random. Without the
 * array it does not get on: it reads it where it maps scratch memory. But memory of that size malloc has from the kernel,
 * which gives zeros, so the writing can be left out, and nothing is touched but the bytes that are read.
 *
 * For that the slot through which ROCr calls memset leads here for a while. Where there is no such slot all is as before. */
#define _GNU_SOURCE
#include "zeroing.h"

#include <elf.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Above what malloc takes out of a heap that was used before, which is 32 MiB at most. */
enum { LARGE_BYTES = 64 << 20 };

typedef void *(*fill_fn)(void *, int, size_t);

static struct {
    uintptr_t caller;
    _Atomic(fill_fn) *slot;
    fill_fn real;
    /* The loader has made these pages read-only once it was done with them. */
    uintptr_t read_only, read_only_end;
} zeroing;

static void *fill(void *bytes, int value, size_t size)
{
    return value == 0 && size >= LARGE_BYTES ? bytes : zeroing.real(bytes, value, size);
}

/* The loader has made addresses of most entries, in place. */
static const void *address(const struct dl_phdr_info *object, ElfW(Addr) value)
{
    return (const void *)(value < object->dlpi_addr ? object->dlpi_addr + value : value);
}

/* One slot has been enough for every compiler: for calls, or, where the address is taken too, for both. */
static void find_slot(const struct dl_phdr_info *object, const ElfW(Dyn) *dynamic)
{
    const ElfW(Rela) *tables[2] = { NULL, NULL };
    size_t bytes[2] = { 0, 0 };
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        switch (dynamic->d_tag) {
        case DT_JMPREL: tables[0] = address(object, dynamic->d_un.d_ptr); break;
        case DT_PLTRELSZ: bytes[0] = dynamic->d_un.d_val; break;
        case DT_RELA: tables[1] = address(object, dynamic->d_un.d_ptr); break;
        case DT_RELASZ: bytes[1] = dynamic->d_un.d_val; break;
        case DT_SYMTAB: symbols = address(object, dynamic->d_un.d_ptr); break;
        case DT_STRTAB: names = address(object, dynamic->d_un.d_ptr); break;
        }
    }
    for (int table = 0; table < 2 && symbols != NULL && names != NULL; table++) {
        for (size_t i = 0; tables[table] != NULL && zeroing.slot == NULL && i < bytes[table] / sizeof *tables[table]; i++) {
            const ElfW(Rela) *row = &tables[table][i];
            bool leads = ELF64_R_TYPE(row->r_info) == R_X86_64_JUMP_SLOT || ELF64_R_TYPE(row->r_info) == R_X86_64_GLOB_DAT;
            if (leads && strcmp(names + symbols[ELF64_R_SYM(row->r_info)].st_name, "memset") == 0)
                zeroing.slot = (_Atomic(fill_fn) *)(object->dlpi_addr + row->r_offset);
        }
    }
}

static int look_at(struct dl_phdr_info *object, size_t size, void *data)
{
    (void)size, (void)data;
    const ElfW(Dyn) *dynamic = NULL;
    bool is_caller = false;
    uintptr_t read_only = 0, read_only_end = 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + header->p_vaddr, end = start + header->p_memsz;
        if (header->p_type == PT_LOAD && zeroing.caller >= start && zeroing.caller < end)
            is_caller = true;
        else if (header->p_type == PT_DYNAMIC)
            dynamic = (const ElfW(Dyn) *)start;
        else if (header->p_type == PT_GNU_RELRO)
            read_only = start, read_only_end = end;
    }
    if (!is_caller || dynamic == NULL)
        return is_caller;
    zeroing.read_only = read_only;
    zeroing.read_only_end = read_only_end;
    find_slot(object, dynamic);
    return true;
}

static void lead_to(fill_fn function)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)zeroing.slot & -page;
    if (mprotect((void *)start, page, PROT_READ | PROT_WRITE) != 0)
        return;
    atomic_store(zeroing.slot, function);
    /* As the loader does it: whole pages, down from where the part ends. */
    if (start >= (zeroing.read_only & -page) && start < (zeroing.read_only_end & -page))
        mprotect((void *)start, page, PROT_READ);
}

void zeroing_skip_large(const void *caller)
{
    if (zeroing.slot != NULL)
        return;
    zeroing.real = memset;
    zeroing.caller = (uintptr_t)caller;
    dl_iterate_phdr(look_at, NULL);
    if (zeroing.slot != NULL)
        lead_to(fill);
}

void zeroing_restore(void)
{
    if (zeroing.slot != NULL)
        lead_to(zeroing.real);
    zeroing.slot = NULL;
}
