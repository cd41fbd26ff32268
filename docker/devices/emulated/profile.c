#define _GNU_SOURCE
#include "profile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    char *name;
    uint64_t dispatches, nanoseconds;
    struct emu_counts counts;
};

static struct row *rows;
static size_t count, capacity;

static struct row *row_of(const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    if (count == capacity) {
        size_t more = capacity == 0 ? 64 : 2 * capacity;
        struct row *larger = reallocarray(rows, more, sizeof *rows);
        if (larger == NULL)
            return NULL;
        rows = larger;
        capacity = more;
    }
    char *copy = strdup(name);
    if (copy == NULL)
        return NULL;
    rows[count] = (struct row){ .name = copy };
    return &rows[count++];
}

bool profile_add(const char *name, const struct emu_counts *counts, uint64_t nanoseconds)
{
    if (getenv("GFXBAKE_EMU_PROFILE") == NULL)
        return true;
    struct row *row = row_of(name);
    if (row == NULL)
        return false;
    row->dispatches++;
    row->nanoseconds += nanoseconds;
    row->counts.instructions += counts->instructions;
    row->counts.waves += counts->waves;
    row->counts.groups += counts->groups;
    row->counts.bytes_read += counts->bytes_read;
    row->counts.bytes_written += counts->bytes_written;
    return true;
}

void profile_write(void)
{
    const char *path = getenv("GFXBAKE_EMU_PROFILE");
    FILE *file = path == NULL || count == 0 ? NULL : fopen(path, "we");
    if (file == NULL)
        return;
    fputs("kernel\tdispatches\tinstructions\twaves\tgroups\tread\twritten\tmicroseconds\n", file);
    for (size_t i = 0; i < count; i++) {
        const struct emu_counts *counts = &rows[i].counts;
        fprintf(file, "%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", rows[i].name,
                rows[i].dispatches, counts->instructions, counts->waves, counts->groups, counts->bytes_read, counts->bytes_written,
                rows[i].nanoseconds / 1000);
    }
    fclose(file);
}
