#include "target.h"

#include <stdio.h>
#include <string.h>

#include "elf_file.h"
#include "report.h"
#include "table.h"

/* Values of LLVM's AMDGPUUsage, "e_flags for code object v4 and later". */
enum {
    MACHINE_AMDGPU = 224,
    ABI_HSA = 64,
    MACHINE_MASK = 0xff,
    XNACK_SHIFT = 8,
    SRAMECC_SHIFT = 10,
    FEATURE_MASK = 3,
    PARTS_BEFORE_PROCESSOR = 4,
};

static const char *processor(const char *name)
{
    for (int i = 0; i < PARTS_BEFORE_PROCESSOR && name != NULL; i++) {
        name = strchr(name, '-');
        name = name == NULL ? NULL : name + 1;
    }
    return name;
}

/* '+', '-' or ' ' where the name does not speak of the feature. */
static char feature(const char *name, const char *wanted)
{
    size_t length = strlen(wanted);
    for (const char *at = strchr(name, ':'); at != NULL; at = strchr(at + 1, ':')) {
        char sign = strncmp(at + 1, wanted, length) == 0 ? at[1 + length] : ' ';
        if (sign == '+' || sign == '-')
            return sign;
    }
    return ' ';
}

static bool agrees(const char *isa, const char *code, const char *name)
{
    char wanted = feature(code, name);
    return wanted == ' ' || wanted == feature(isa, name);
}

bool target_runs(const char *isa, const char *code)
{
    if (strcmp(isa, code) == 0)
        return true;
    const char *device = processor(isa), *made_for = processor(code);
    if (device == NULL || made_for == NULL)
        return false;
    size_t length = strcspn(device, ":");
    return length == strcspn(made_for, ":") && strncmp(device, made_for, length) == 0 && agrees(device, made_for, "xnack")
        && agrees(device, made_for, "sramecc");
}

amd_comgr_status_t target_of_code(const struct data *data, char name[TARGET_BYTES])
{
    static const char *const signs[] = { "", "", "-", "+" };
    struct elf_file elf;
    if (!elf_open(&elf, data->bytes, data->size) || elf.header.e_machine != MACHINE_AMDGPU || elf.header.e_ident[EI_OSABI] != ABI_HSA)
        return INVALID;
    const struct table *table = table_own();
    uint32_t flags = elf.header.e_flags, version = elf.header.e_ident[EI_ABIVERSION];
    for (uint32_t i = 0; i < table->machine_count; i++) {
        const struct recorded_machine *machine = &table->machines[i];
        if (machine->abi_version != version || machine->machine != (flags & MACHINE_MASK))
            continue;
        const char *sramecc = signs[flags >> SRAMECC_SHIFT & FEATURE_MASK], *xnack = signs[flags >> XNACK_SHIFT & FEATURE_MASK];
        int length = snprintf(name, TARGET_BYTES, "%s%s%s%s%s", machine->name, *sramecc == 0 ? "" : ":sramecc", sramecc,
            *xnack == 0 ? "" : ":xnack", xnack);
        return length < TARGET_BYTES ? SUCCESS : INVALID;
    }
    report("a code object is of a target that was not recorded: e_flags 0x%x, ABI version %u", flags, version);
    return INVALID;
}

EXPORTED amd_comgr_status_t amd_comgr_get_data_isa_name(amd_comgr_data_t handle, size_t *size, char *buffer)
{
    const struct data *data = data_of(handle);
    if (data == NULL || size == NULL || (data->kind != AMD_COMGR_DATA_KIND_EXECUTABLE && data->kind != AMD_COMGR_DATA_KIND_RELOCATABLE))
        return INVALID;
    char name[TARGET_BYTES];
    amd_comgr_status_t status = target_of_code(data, name);
    if (status != SUCCESS)
        return status;
    status = give_text(name, size, buffer);
    *size = strlen(name) + 1;
    return status;
}
