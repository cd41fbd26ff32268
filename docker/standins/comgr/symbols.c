#include "symbols.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "elf_file.h"

enum { MOST_SECTIONS = 1 << 16 };

/* Called for each symbol; true ends the walk. */
typedef bool (*visitor)(struct symbol *symbol, void *user);

static bool walk_section(const struct elf_file *elf, const Elf64_Shdr *section, visitor visit, void *user, bool *stopped)
{
    Elf64_Shdr strings;
    if (!elf_section(elf, section->sh_link, &strings))
        return false;
    const uint8_t *entries = elf_part(elf, section->sh_offset, section->sh_size);
    const char *texts = (const char *)elf_part(elf, strings.sh_offset, strings.sh_size);
    if (entries == NULL || texts == NULL || strings.sh_size == 0 || texts[strings.sh_size - 1] != 0)
        return false;
    /* The first symbol is the empty one. */
    for (uint64_t i = 1; i < section->sh_size / sizeof(Elf64_Sym) && !*stopped; i++) {
        struct symbol symbol;
        memcpy(&symbol.entry, entries + i * sizeof symbol.entry, sizeof symbol.entry);
        if (symbol.entry.st_name >= strings.sh_size)
            return false;
        symbol.name = texts + symbol.entry.st_name;
        *stopped = visit(&symbol, user);
    }
    return true;
}

/* The dynamic symbols of an executable, all symbols of a relocatable, as comgr does it. */
static amd_comgr_status_t walk(const struct data *data, visitor visit, void *user)
{
    struct elf_file elf;
    if (!elf_open(&elf, data->bytes, data->size))
        return FAILURE;
    uint32_t wanted = data->kind == AMD_COMGR_DATA_KIND_EXECUTABLE ? SHT_DYNSYM : SHT_SYMTAB;
    Elf64_Shdr section;
    bool stopped = false;
    for (unsigned i = 0; i < MOST_SECTIONS && !stopped && elf_section(&elf, i, &section); i++) {
        if (section.sh_type == wanted && !walk_section(&elf, &section, visit, user, &stopped))
            return FAILURE;
    }
    return SUCCESS;
}

struct iteration {
    comgr_symbol_visitor visit;
    void *user;
};

static bool hand_on(struct symbol *symbol, void *user)
{
    const struct iteration *iteration = user;
    iteration->visit((amd_comgr_symbol_t){ (uintptr_t)symbol }, iteration->user);
    return false;
}

EXPORTED amd_comgr_status_t amd_comgr_iterate_symbols(amd_comgr_data_t handle, comgr_symbol_visitor visit, void *user)
{
    if (data_of(handle) == NULL || visit == NULL)
        return INVALID;
    struct iteration iteration = { visit, user };
    return walk(data_of(handle), hand_on, &iteration);
}

struct search {
    const char *name;
    struct symbol *found;
};

static bool compare(struct symbol *symbol, void *user)
{
    struct search *search = user;
    if (strcmp(symbol->name, search->name) != 0)
        return false;
    search->found = malloc(sizeof *symbol);
    if (search->found != NULL)
        *search->found = *symbol;
    return true;
}

EXPORTED amd_comgr_status_t amd_comgr_symbol_lookup(amd_comgr_data_t handle, const char *name, amd_comgr_symbol_t *symbol)
{
    struct data *data = data_of(handle);
    if (data == NULL || name == NULL || symbol == NULL)
        return INVALID;
    struct search search = { name, NULL };
    if (walk(data, compare, &search) != SUCCESS || search.found == NULL)
        return FAILURE;
    free(data->symbol);
    data->symbol = search.found;
    symbol->handle = (uintptr_t)search.found;
    return SUCCESS;
}

static amd_comgr_symbol_type_t type_of(const struct symbol *symbol)
{
    switch (ELF64_ST_TYPE(symbol->entry.st_info)) {
    case STT_NOTYPE: return AMD_COMGR_SYMBOL_TYPE_NOTYPE;
    case STT_OBJECT: return AMD_COMGR_SYMBOL_TYPE_OBJECT;
    case STT_FUNC: return AMD_COMGR_SYMBOL_TYPE_FUNC;
    case STT_SECTION: return AMD_COMGR_SYMBOL_TYPE_SECTION;
    case STT_FILE: return AMD_COMGR_SYMBOL_TYPE_FILE;
    case STT_COMMON: return AMD_COMGR_SYMBOL_TYPE_COMMON;
    case STT_LOOS: return AMD_COMGR_SYMBOL_TYPE_AMDGPU_HSA_KERNEL;
    default: return AMD_COMGR_SYMBOL_TYPE_UNKNOWN;
    }
}

EXPORTED amd_comgr_status_t amd_comgr_symbol_get_info(amd_comgr_symbol_t handle, amd_comgr_symbol_info_t what, void *value)
{
    const struct symbol *symbol = (const struct symbol *)(uintptr_t)handle.handle;
    if (symbol == NULL || value == NULL)
        return INVALID;
    switch (what) {
    case AMD_COMGR_SYMBOL_INFO_NAME_LENGTH: *(size_t *)value = strlen(symbol->name); return SUCCESS;
    case AMD_COMGR_SYMBOL_INFO_NAME: memcpy(value, symbol->name, strlen(symbol->name) + 1); return SUCCESS;
    case AMD_COMGR_SYMBOL_INFO_TYPE: *(amd_comgr_symbol_type_t *)value = type_of(symbol); return SUCCESS;
    case AMD_COMGR_SYMBOL_INFO_SIZE: *(uint64_t *)value = symbol->entry.st_size; return SUCCESS;
    case AMD_COMGR_SYMBOL_INFO_IS_UNDEFINED: *(bool *)value = symbol->entry.st_shndx == SHN_UNDEF; return SUCCESS;
    case AMD_COMGR_SYMBOL_INFO_VALUE: *(uint64_t *)value = symbol->entry.st_value; return SUCCESS;
    default: return INVALID;
    }
}

/* The C++ library that HIP itself needs does it; a name that is none of C++ stays as it is. */
EXPORTED amd_comgr_status_t amd_comgr_demangle_symbol_name(amd_comgr_data_t handle, amd_comgr_data_t *demangled)
{
    const struct data *data = data_of(handle);
    if (data == NULL || demangled == NULL || data->kind != AMD_COMGR_DATA_KIND_BYTES)
        return INVALID;
    char *(*demangle)(const char *, char *, size_t *, int *);
    *(void **)&demangle = dlsym(RTLD_DEFAULT, "__cxa_demangle");
    int status = -1;
    char *text = demangle == NULL ? NULL : demangle(data->bytes, NULL, NULL, &status);
    const char *name = text != NULL && status == 0 ? text : data->bytes;
    struct data *result = data_new(AMD_COMGR_DATA_KIND_BYTES, NULL, name, strlen(name));
    free(text);
    demangled->handle = (uintptr_t)result;
    return result == NULL ? NO_MEMORY : SUCCESS;
}
