#include "data.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols.h"

struct data *data_of(amd_comgr_data_t handle)
{
    return (struct data *)(uintptr_t)handle.handle;
}

struct data_set *data_set_of(amd_comgr_data_set_t handle)
{
    return (struct data_set *)(uintptr_t)handle.handle;
}

struct data *data_new(amd_comgr_data_kind_t kind, const char *name, const void *bytes, size_t size)
{
    struct data *data = calloc(1, sizeof *data);
    if (data == NULL)
        return NULL;
    data->references = 1;
    data->kind = kind;
    data->size = size;
    data->name = strdup(name == NULL ? "" : name);
    data->bytes = size == SIZE_MAX ? NULL : malloc(size + 1);
    if (data->name == NULL || data->bytes == NULL) {
        data_release(data);
        return NULL;
    }
    if (size > 0)
        memcpy(data->bytes, bytes, size);
    data->bytes[size] = 0;
    return data;
}

void data_release(struct data *data)
{
    if (atomic_fetch_sub(&data->references, 1) != 1)
        return;
    free(data->name);
    free(data->bytes);
    free(data->symbol);
    free(data);
}

static amd_comgr_status_t add(struct data_set *set, struct data *data)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->members[i] == data)
            return SUCCESS;
    }
    struct data **members = realloc(set->members, (set->count + 1) * sizeof(struct data *));
    if (members == NULL)
        return NO_MEMORY;
    set->members = members;
    set->members[set->count++] = data;
    atomic_fetch_add(&data->references, 1);
    return SUCCESS;
}

amd_comgr_status_t data_set_take(struct data_set *set, struct data *data)
{
    if (data == NULL)
        return NO_MEMORY;
    amd_comgr_status_t status = add(set, data);
    data_release(data);
    return status;
}

amd_comgr_status_t give_text(const char *text, size_t *size, char *buffer)
{
    if (size == NULL || text == NULL)
        return INVALID;
    size_t whole = strlen(text) + 1;
    if (buffer == NULL)
        *size = whole;
    else
        memcpy(buffer, text, *size < whole ? *size : whole);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_create_data(amd_comgr_data_kind_t kind, amd_comgr_data_t *handle)
{
    if (handle == NULL || kind <= AMD_COMGR_DATA_KIND_UNDEF || kind > AMD_COMGR_DATA_KIND_LAST)
        return INVALID;
    struct data *data = data_new(kind, NULL, NULL, 0);
    handle->handle = (uintptr_t)data;
    return data == NULL ? NO_MEMORY : SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_release_data(amd_comgr_data_t handle)
{
    if (data_of(handle) == NULL)
        return INVALID;
    data_release(data_of(handle));
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_data_kind(amd_comgr_data_t handle, amd_comgr_data_kind_t *kind)
{
    if (data_of(handle) == NULL || kind == NULL)
        return INVALID;
    *kind = data_of(handle)->kind;
    return SUCCESS;
}

/* New bytes, with a NUL behind them; what was found in the old ones is gone. */
static void replace(struct data *data, char *bytes, size_t size)
{
    bytes[size] = 0;
    free(data->symbol);
    free(data->bytes);
    data->symbol = NULL;
    data->bytes = bytes;
    data->size = size;
}

EXPORTED amd_comgr_status_t amd_comgr_set_data(amd_comgr_data_t handle, size_t size, const char *bytes)
{
    if (data_of(handle) == NULL || size == 0 || size == SIZE_MAX || bytes == NULL)
        return INVALID;
    char *copy = malloc(size + 1);
    if (copy == NULL)
        return NO_MEMORY;
    memcpy(copy, bytes, size);
    replace(data_of(handle), copy, size);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_set_data_from_file_slice(amd_comgr_data_t handle, int file, uint64_t offset, uint64_t size)
{
    if (data_of(handle) == NULL || size == 0 || size == SIZE_MAX)
        return INVALID;
    char *bytes = malloc(size + 1);
    if (bytes == NULL)
        return NO_MEMORY;
    for (uint64_t done = 0; done < size;) {
        ssize_t got = pread(file, bytes + done, size - done, (off_t)(offset + done));
        if (got <= 0) {
            free(bytes);
            return FAILURE;
        }
        done += (uint64_t)got;
    }
    replace(data_of(handle), bytes, size);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_set_data_name(amd_comgr_data_t handle, const char *name)
{
    if (data_of(handle) == NULL)
        return INVALID;
    char *copy = strdup(name == NULL ? "" : name);
    if (copy == NULL)
        return NO_MEMORY;
    free(data_of(handle)->name);
    data_of(handle)->name = copy;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_data(amd_comgr_data_t handle, size_t *size, char *bytes)
{
    const struct data *data = data_of(handle);
    if (data == NULL || size == NULL)
        return INVALID;
    if (bytes == NULL)
        *size = data->size;
    else
        memcpy(bytes, data->bytes, *size < data->size ? *size : data->size);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_data_name(amd_comgr_data_t handle, size_t *size, char *name)
{
    return data_of(handle) == NULL ? INVALID : give_text(data_of(handle)->name, size, name);
}

EXPORTED amd_comgr_status_t amd_comgr_create_data_set(amd_comgr_data_set_t *handle)
{
    if (handle == NULL)
        return INVALID;
    handle->handle = (uintptr_t)calloc(1, sizeof(struct data_set));
    return handle->handle == 0 ? NO_MEMORY : SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_destroy_data_set(amd_comgr_data_set_t handle)
{
    struct data_set *set = data_set_of(handle);
    if (set == NULL)
        return INVALID;
    for (size_t i = 0; i < set->count; i++)
        data_release(set->members[i]);
    free(set->members);
    free(set);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_data_set_add(amd_comgr_data_set_t handle, amd_comgr_data_t data)
{
    return data_set_of(handle) == NULL || data_of(data) == NULL ? INVALID : add(data_set_of(handle), data_of(data));
}

EXPORTED amd_comgr_status_t amd_comgr_data_set_remove(amd_comgr_data_set_t handle, amd_comgr_data_kind_t kind)
{
    struct data_set *set = data_set_of(handle);
    if (set == NULL)
        return INVALID;
    size_t left = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (kind == AMD_COMGR_DATA_KIND_UNDEF || set->members[i]->kind == kind)
            data_release(set->members[i]);
        else
            set->members[left++] = set->members[i];
    }
    set->count = left;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_data_count(amd_comgr_data_set_t handle, amd_comgr_data_kind_t kind, size_t *count)
{
    const struct data_set *set = data_set_of(handle);
    if (set == NULL || count == NULL)
        return INVALID;
    *count = 0;
    for (size_t i = 0; i < set->count; i++)
        *count += set->members[i]->kind == kind;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_data_get_data(
    amd_comgr_data_set_t handle, amd_comgr_data_kind_t kind, size_t index, amd_comgr_data_t *data)
{
    const struct data_set *set = data_set_of(handle);
    if (set == NULL || data == NULL)
        return INVALID;
    for (size_t i = 0; i < set->count; i++) {
        if (set->members[i]->kind != kind || index-- > 0)
            continue;
        atomic_fetch_add(&set->members[i]->references, 1);
        data->handle = (uintptr_t)set->members[i];
        return SUCCESS;
    }
    return INVALID;
}
