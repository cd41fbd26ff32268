#include "action.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"

struct action *action_of(amd_comgr_action_info_t handle)
{
    return (struct action *)(uintptr_t)handle.handle;
}

static void clear(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct texts){ NULL, 0 };
}

static amd_comgr_status_t set_texts(struct texts *texts, const char *items[], size_t count)
{
    if (items == NULL && count > 0)
        return INVALID;
    clear(texts);
    texts->items = calloc(count + 1, sizeof(char *));
    for (; texts->items != NULL && texts->count < count; texts->count++) {
        texts->items[texts->count] = strdup(items[texts->count]);
        if (texts->items[texts->count] == NULL)
            return NO_MEMORY;
    }
    return texts->items == NULL ? NO_MEMORY : SUCCESS;
}

static amd_comgr_status_t set_text(char **place, const char *value)
{
    char *copy = value == NULL || *value == 0 ? NULL : strdup(value);
    if (copy == NULL && value != NULL && *value != 0)
        return NO_MEMORY;
    free(*place);
    *place = copy;
    return SUCCESS;
}

static amd_comgr_status_t get_text(const char *value, size_t *size, char *buffer)
{
    return give_text(value == NULL ? "" : value, size, buffer);
}

EXPORTED amd_comgr_status_t amd_comgr_create_action_info(amd_comgr_action_info_t *handle)
{
    if (handle == NULL)
        return INVALID;
    handle->handle = (uintptr_t)calloc(1, sizeof(struct action));
    return handle->handle == 0 ? NO_MEMORY : SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_destroy_action_info(amd_comgr_action_info_t handle)
{
    struct action *action = action_of(handle);
    if (action == NULL)
        return INVALID;
    free(action->isa);
    free(action->folder);
    clear(&action->options);
    clear(&action->bundle_entries);
    free(action);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_isa_name(amd_comgr_action_info_t handle, const char *name)
{
    return action_of(handle) == NULL ? INVALID : set_text(&action_of(handle)->isa, name);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_isa_name(amd_comgr_action_info_t handle, size_t *size, char *name)
{
    return action_of(handle) == NULL ? INVALID : get_text(action_of(handle)->isa, size, name);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_language(amd_comgr_action_info_t handle, amd_comgr_language_t language)
{
    if (action_of(handle) == NULL || (unsigned)language > AMD_COMGR_LANGUAGE_LAST)
        return INVALID;
    action_of(handle)->language = language;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_language(amd_comgr_action_info_t handle, amd_comgr_language_t *language)
{
    if (action_of(handle) == NULL || language == NULL)
        return INVALID;
    *language = action_of(handle)->language;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_option_list(amd_comgr_action_info_t handle, const char *options[], size_t count)
{
    return action_of(handle) == NULL ? INVALID : set_texts(&action_of(handle)->options, options, count);
}

static amd_comgr_status_t count_of(const struct texts *texts, size_t *count)
{
    if (count == NULL)
        return INVALID;
    *count = texts->count;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_option_list_count(amd_comgr_action_info_t handle, size_t *count)
{
    return action_of(handle) == NULL ? INVALID : count_of(&action_of(handle)->options, count);
}

static amd_comgr_status_t item_of(const struct texts *texts, size_t index, size_t *size, char *text)
{
    return index >= texts->count ? INVALID : get_text(texts->items[index], size, text);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_option_list_item(
    amd_comgr_action_info_t handle, size_t index, size_t *size, char *option)
{
    return action_of(handle) == NULL ? INVALID : item_of(&action_of(handle)->options, index, size, option);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_bundle_entry_ids(amd_comgr_action_info_t handle, const char *ids[], size_t count)
{
    return action_of(handle) == NULL ? INVALID : set_texts(&action_of(handle)->bundle_entries, ids, count);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_bundle_entry_id_count(amd_comgr_action_info_t handle, size_t *count)
{
    return action_of(handle) == NULL ? INVALID : count_of(&action_of(handle)->bundle_entries, count);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_bundle_entry_id(
    amd_comgr_action_info_t handle, size_t index, size_t *size, char *id)
{
    return action_of(handle) == NULL ? INVALID : item_of(&action_of(handle)->bundle_entries, index, size, id);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_working_directory_path(amd_comgr_action_info_t handle, const char *path)
{
    return action_of(handle) == NULL ? INVALID : set_text(&action_of(handle)->folder, path);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_working_directory_path(amd_comgr_action_info_t handle, size_t *size, char *path)
{
    return action_of(handle) == NULL ? INVALID : get_text(action_of(handle)->folder, size, path);
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_logging(amd_comgr_action_info_t handle, bool logs)
{
    if (action_of(handle) == NULL)
        return INVALID;
    action_of(handle)->logs = logs;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_get_logging(amd_comgr_action_info_t handle, bool *logs)
{
    if (action_of(handle) == NULL || logs == NULL)
        return INVALID;
    *logs = action_of(handle)->logs;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_device_lib_linking(amd_comgr_action_info_t handle, bool links)
{
    if (action_of(handle) == NULL)
        return INVALID;
    action_of(handle)->links_device_libraries = links;
    return SUCCESS;
}

/* Only says where a compiler keeps its files meanwhile. */
EXPORTED amd_comgr_status_t amd_comgr_action_info_set_vfs(amd_comgr_action_info_t handle, bool virtual_files)
{
    (void)virtual_files;
    return action_of(handle) == NULL ? INVALID : SUCCESS;
}
