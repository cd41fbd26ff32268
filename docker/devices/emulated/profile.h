/* What each kernel cost: a file that GFXBAKE_EMU_PROFILE names. Callers see to it that one thread at a time is in here. */
#ifndef GFXBAKE_PROFILE_H
#define GFXBAKE_PROFILE_H

#include "emu.h"

#include <stdbool.h>
#include <stdint.h>

/* Adds a launch that took so many nanoseconds by the clock. False without memory for it. */
bool profile_add(const char *name, const struct emu_counts *counts, uint64_t nanoseconds);

/* Writes the file anew; nothing when none is wanted. The first line names the columns, all are parted by tabs. */
void profile_write(void);

#endif
