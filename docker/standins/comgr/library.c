#include <string.h>

#include "comgr.h"
#include "report.h"
#include "table.h"

/* A table that can't be read is told at the start, not in the middle of a computation. */
__attribute__((constructor)) static void start(void)
{
    table_own();
}

EXPORTED void amd_comgr_get_version(size_t *major, size_t *minor)
{
    *major = table_own()->major;
    *minor = table_own()->minor;
}

EXPORTED amd_comgr_status_t amd_comgr_get_isa_count(size_t *count)
{
    if (count == NULL)
        return INVALID;
    *count = table_own()->listed_isa_count;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_isa_name(size_t index, const char **name)
{
    if (name == NULL || index >= table_own()->listed_isa_count)
        return INVALID;
    *name = table_own()->isas[index].name;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_status_string(amd_comgr_status_t status, const char **text)
{
    static const char *const texts[] = { "SUCCESS", "ERROR", "INVALID_ARGUMENT", "OUT_OF_RESOURCES" };
    if (text == NULL || (unsigned)status >= sizeof texts / sizeof *texts)
        return INVALID;
    *text = texts[status];
    return SUCCESS;
}

/* What only a compiler or a disassembler can do. HIP looks each of them up and calls none of them in a kept program. */
#define NEEDS_COMPILER(name) \
    EXPORTED __attribute__((noreturn)) void standin_##name(void) __asm__("amd_comgr_" #name); \
    void standin_##name(void) \
    { \
        report_and_abort("amd_comgr_" #name " needs a compiler, and this image has none; next: " WAY_BACK); \
    }

NEEDS_COMPILER(create_symbolizer_info)
NEEDS_COMPILER(destroy_symbolizer_info)
NEEDS_COMPILER(symbolize)
NEEDS_COMPILER(create_disassembly_info)
NEEDS_COMPILER(destroy_disassembly_info)
NEEDS_COMPILER(disassemble_instruction)
NEEDS_COMPILER(populate_mangled_names)
NEEDS_COMPILER(get_mangled_name)
NEEDS_COMPILER(populate_name_expression_map)
NEEDS_COMPILER(map_name_expression_to_symbol_name)
NEEDS_COMPILER(map_elf_virtual_address_to_code_object_offset)
