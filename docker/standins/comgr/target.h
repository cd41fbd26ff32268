/* Names of targets, such as amdgcn-amd-amdhsa--gfx90a:sramecc+:xnack-. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "data.h"

enum { TARGET_BYTES = 256 };

/* Whether a device of the name isa runs code of the name code: the same processor, and each feature that the code names. */
bool target_runs(const char *isa, const char *code);

/* The target of a code object, as its ELF header says it. */
amd_comgr_status_t target_of_code(const struct data *data, char name[TARGET_BYTES]);

#endif
