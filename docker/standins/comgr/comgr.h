/*
 * The interface of libamd_comgr.so.3, as far as HIP uses it: types, numbers and functions as AMD's amd_comgr.h documents them. It is
 * written out here so that the stand-in can be compiled where that header is not; a test compares both where it is.
 */
#ifndef COMGR_H
#define COMGR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORTED __attribute__((visibility("default")))

typedef enum { SUCCESS = 0, FAILURE = 1, INVALID = 2, NO_MEMORY = 3 } amd_comgr_status_t;

typedef enum { AMD_COMGR_LANGUAGE_NONE = 0, AMD_COMGR_LANGUAGE_LAST = 4 } amd_comgr_language_t;

typedef enum {
    AMD_COMGR_DATA_KIND_UNDEF = 0,
    AMD_COMGR_DATA_KIND_PRECOMPILED_HEADER = 3,
    AMD_COMGR_DATA_KIND_DIAGNOSTIC = 4,
    AMD_COMGR_DATA_KIND_LOG = 5,
    AMD_COMGR_DATA_KIND_BC = 6,
    AMD_COMGR_DATA_KIND_RELOCATABLE = 7,
    AMD_COMGR_DATA_KIND_EXECUTABLE = 8,
    AMD_COMGR_DATA_KIND_BYTES = 9,
    AMD_COMGR_DATA_KIND_FATBIN = 0x10,
    AMD_COMGR_DATA_KIND_LAST = 0x15,
} amd_comgr_data_kind_t;

typedef enum { AMD_COMGR_ACTION_UNBUNDLE = 0xf, AMD_COMGR_ACTION_LAST = 0x13 } amd_comgr_action_kind_t;

typedef enum {
    AMD_COMGR_METADATA_KIND_NULL = 0,
    AMD_COMGR_METADATA_KIND_STRING = 1,
    AMD_COMGR_METADATA_KIND_MAP = 2,
    AMD_COMGR_METADATA_KIND_LIST = 3,
} amd_comgr_metadata_kind_t;

typedef enum {
    AMD_COMGR_SYMBOL_TYPE_UNKNOWN = -1,
    AMD_COMGR_SYMBOL_TYPE_NOTYPE = 0,
    AMD_COMGR_SYMBOL_TYPE_OBJECT = 1,
    AMD_COMGR_SYMBOL_TYPE_FUNC = 2,
    AMD_COMGR_SYMBOL_TYPE_SECTION = 3,
    AMD_COMGR_SYMBOL_TYPE_FILE = 4,
    AMD_COMGR_SYMBOL_TYPE_COMMON = 5,
    AMD_COMGR_SYMBOL_TYPE_AMDGPU_HSA_KERNEL = 0xa,
} amd_comgr_symbol_type_t;

typedef enum {
    AMD_COMGR_SYMBOL_INFO_NAME_LENGTH = 0,
    AMD_COMGR_SYMBOL_INFO_NAME = 1,
    AMD_COMGR_SYMBOL_INFO_TYPE = 2,
    AMD_COMGR_SYMBOL_INFO_SIZE = 3,
    AMD_COMGR_SYMBOL_INFO_IS_UNDEFINED = 4,
    AMD_COMGR_SYMBOL_INFO_VALUE = 5,
} amd_comgr_symbol_info_t;

typedef struct { uint64_t handle; } amd_comgr_data_t;
typedef struct { uint64_t handle; } amd_comgr_data_set_t;
typedef struct { uint64_t handle; } amd_comgr_action_info_t;
typedef struct { uint64_t handle; } amd_comgr_metadata_node_t;
typedef struct { uint64_t handle; } amd_comgr_symbol_t;

/* A question to amd_comgr_lookup_code_object: where in a bundle the code for a target lies. */
typedef struct {
    const char *isa;
    size_t size;
    uint64_t offset;
} amd_comgr_code_object_info_t;

typedef amd_comgr_status_t (*comgr_pair_visitor)(amd_comgr_metadata_node_t key, amd_comgr_metadata_node_t value, void *user);
typedef amd_comgr_status_t (*comgr_symbol_visitor)(amd_comgr_symbol_t symbol, void *user);

void amd_comgr_get_version(size_t *major, size_t *minor);
amd_comgr_status_t amd_comgr_status_string(amd_comgr_status_t status, const char **text);
amd_comgr_status_t amd_comgr_get_isa_count(size_t *count);
amd_comgr_status_t amd_comgr_get_isa_name(size_t index, const char **name);
amd_comgr_status_t amd_comgr_get_isa_metadata(const char *name, amd_comgr_metadata_node_t *metadata);

amd_comgr_status_t amd_comgr_create_data(amd_comgr_data_kind_t kind, amd_comgr_data_t *data);
amd_comgr_status_t amd_comgr_release_data(amd_comgr_data_t data);
amd_comgr_status_t amd_comgr_get_data_kind(amd_comgr_data_t data, amd_comgr_data_kind_t *kind);
amd_comgr_status_t amd_comgr_set_data(amd_comgr_data_t data, size_t size, const char *bytes);
amd_comgr_status_t amd_comgr_set_data_from_file_slice(amd_comgr_data_t data, int file, uint64_t offset, uint64_t size);
amd_comgr_status_t amd_comgr_set_data_name(amd_comgr_data_t data, const char *name);
amd_comgr_status_t amd_comgr_get_data(amd_comgr_data_t data, size_t *size, char *bytes);
amd_comgr_status_t amd_comgr_get_data_name(amd_comgr_data_t data, size_t *size, char *name);
amd_comgr_status_t amd_comgr_get_data_isa_name(amd_comgr_data_t data, size_t *size, char *name);
amd_comgr_status_t amd_comgr_get_data_metadata(amd_comgr_data_t data, amd_comgr_metadata_node_t *metadata);
amd_comgr_status_t amd_comgr_lookup_code_object(amd_comgr_data_t data, amd_comgr_code_object_info_t *wanted, size_t count);
amd_comgr_status_t amd_comgr_demangle_symbol_name(amd_comgr_data_t mangled, amd_comgr_data_t *demangled);

amd_comgr_status_t amd_comgr_create_data_set(amd_comgr_data_set_t *set);
amd_comgr_status_t amd_comgr_destroy_data_set(amd_comgr_data_set_t set);
amd_comgr_status_t amd_comgr_data_set_add(amd_comgr_data_set_t set, amd_comgr_data_t data);
amd_comgr_status_t amd_comgr_data_set_remove(amd_comgr_data_set_t set, amd_comgr_data_kind_t kind);
amd_comgr_status_t amd_comgr_action_data_count(amd_comgr_data_set_t set, amd_comgr_data_kind_t kind, size_t *count);
amd_comgr_status_t amd_comgr_action_data_get_data(
    amd_comgr_data_set_t set, amd_comgr_data_kind_t kind, size_t index, amd_comgr_data_t *data);

amd_comgr_status_t amd_comgr_create_action_info(amd_comgr_action_info_t *info);
amd_comgr_status_t amd_comgr_destroy_action_info(amd_comgr_action_info_t info);
amd_comgr_status_t amd_comgr_action_info_set_isa_name(amd_comgr_action_info_t info, const char *name);
amd_comgr_status_t amd_comgr_action_info_get_isa_name(amd_comgr_action_info_t info, size_t *size, char *name);
amd_comgr_status_t amd_comgr_action_info_set_language(amd_comgr_action_info_t info, amd_comgr_language_t language);
amd_comgr_status_t amd_comgr_action_info_get_language(amd_comgr_action_info_t info, amd_comgr_language_t *language);
amd_comgr_status_t amd_comgr_action_info_set_option_list(amd_comgr_action_info_t info, const char *options[], size_t count);
amd_comgr_status_t amd_comgr_action_info_get_option_list_count(amd_comgr_action_info_t info, size_t *count);
amd_comgr_status_t amd_comgr_action_info_get_option_list_item(amd_comgr_action_info_t info, size_t index, size_t *size, char *option);
amd_comgr_status_t amd_comgr_action_info_set_bundle_entry_ids(amd_comgr_action_info_t info, const char *ids[], size_t count);
amd_comgr_status_t amd_comgr_action_info_get_bundle_entry_id_count(amd_comgr_action_info_t info, size_t *count);
amd_comgr_status_t amd_comgr_action_info_get_bundle_entry_id(amd_comgr_action_info_t info, size_t index, size_t *size, char *id);
amd_comgr_status_t amd_comgr_action_info_set_vfs(amd_comgr_action_info_t info, bool virtual_files);
amd_comgr_status_t amd_comgr_action_info_set_device_lib_linking(amd_comgr_action_info_t info, bool links);
amd_comgr_status_t amd_comgr_action_info_set_working_directory_path(amd_comgr_action_info_t info, const char *path);
amd_comgr_status_t amd_comgr_action_info_get_working_directory_path(amd_comgr_action_info_t info, size_t *size, char *path);
amd_comgr_status_t amd_comgr_action_info_set_logging(amd_comgr_action_info_t info, bool logs);
amd_comgr_status_t amd_comgr_action_info_get_logging(amd_comgr_action_info_t info, bool *logs);
amd_comgr_status_t amd_comgr_do_action(
    amd_comgr_action_kind_t action, amd_comgr_action_info_t info, amd_comgr_data_set_t input, amd_comgr_data_set_t result);

amd_comgr_status_t amd_comgr_destroy_metadata(amd_comgr_metadata_node_t node);
amd_comgr_status_t amd_comgr_get_metadata_kind(amd_comgr_metadata_node_t node, amd_comgr_metadata_kind_t *kind);
amd_comgr_status_t amd_comgr_get_metadata_string(amd_comgr_metadata_node_t node, size_t *size, char *text);
amd_comgr_status_t amd_comgr_get_metadata_map_size(amd_comgr_metadata_node_t map, size_t *size);
amd_comgr_status_t amd_comgr_get_metadata_list_size(amd_comgr_metadata_node_t list, size_t *size);
amd_comgr_status_t amd_comgr_iterate_map_metadata(amd_comgr_metadata_node_t map, comgr_pair_visitor visit, void *user);
amd_comgr_status_t amd_comgr_metadata_lookup(amd_comgr_metadata_node_t map, const char *key, amd_comgr_metadata_node_t *value);
amd_comgr_status_t amd_comgr_index_list_metadata(amd_comgr_metadata_node_t list, size_t index, amd_comgr_metadata_node_t *value);

amd_comgr_status_t amd_comgr_iterate_symbols(amd_comgr_data_t data, comgr_symbol_visitor visit, void *user);
amd_comgr_status_t amd_comgr_symbol_lookup(amd_comgr_data_t data, const char *name, amd_comgr_symbol_t *symbol);
amd_comgr_status_t amd_comgr_symbol_get_info(amd_comgr_symbol_t symbol, amd_comgr_symbol_info_t what, void *value);

#endif
