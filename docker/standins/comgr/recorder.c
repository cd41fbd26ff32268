/*
 * Stands before the real libamd_comgr while an image is traced, and writes down what it is asked to compile and what it knows of targets.
 *
 *   GFXBAKE_COMGR         path of the real library
 *   GFXBAKE_COMGR_RECORD  folder that the parts are written to; without it nothing is written
 *
 * Each file there is a part of the table that table.h describes: version, isa-NUMBER-NAME and isa-asked-NAME, machine-ABI-NUMBER, request-KEY.
 * Who writes one again with other content finds "conflict-" in front of its name: the compiler then does not say the same twice.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comgr.h"
#include "sha256.h"

enum { PATH_BYTES = 4096, TEXT_BYTES = 512, MOST_INTERMEDIATES = 256, MOST_INFOS = 256, TOKEN_BYTES = 128, ELF_BYTES = 64, MACHINES = 256 };

static void *real;
static const char *folder;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("gfxbake: libamd_comgr recorder: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    abort();
}

/* The real library's function of that name, with the type that AMD's header gives it. */
#define REAL(name) ((__typeof__(&amd_comgr_##name))find("amd_comgr_" #name))

static void *find(const char *name)
{
    void *function = dlsym(real, name);
    if (function == NULL)
        fail("the real library has no %s", name);
    return function;
}

/* ---- parts of the table */

struct part {
    FILE *out;
    char *bytes;
    size_t size;
};

static void part_open(struct part *part)
{
    part->out = open_memstream(&part->bytes, &part->size);
    if (part->out == NULL)
        fail("no memory");
}

static void put_number(struct part *part, uint32_t value)
{
    fwrite(&value, sizeof value, 1, part->out);
}

static void put_bytes(struct part *part, const void *bytes, size_t size)
{
    if (size > UINT32_MAX)
        fail("%zu bytes do not fit into a table", size);
    put_number(part, (uint32_t)size);
    fwrite(bytes, 1, size, part->out);
    fputc(0, part->out);
}

static bool same_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    bool same = file != NULL;
    for (size_t i = 0; same && i < size; i++)
        same = fgetc(file) == (unsigned char)bytes[i];
    same = same && fgetc(file) == EOF;
    if (file != NULL)
        fclose(file);
    return same;
}

/* Whole or not at all, also when two processes record. */
static void part_write(struct part *part, const char *name)
{
    char path[PATH_BYTES], temporary[PATH_BYTES];
    if (fclose(part->out) != 0)
        fail("no memory");
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!same_file(path, part->bytes, part->size)) {
        bool exists = access(path, F_OK) == 0;
        snprintf(path, sizeof path, "%s/%s%s", folder, exists ? "conflict-" : "", name);
        snprintf(temporary, sizeof temporary, "%s/.%ld", folder, (long)getpid());
        FILE *file = fopen(temporary, "wb");
        if (file == NULL || fwrite(part->bytes, 1, part->size, file) != part->size || fclose(file) != 0 || rename(temporary, path) != 0)
            fail("%s can't be written: %s", path, strerror(errno));
    }
    free(part->bytes);
}

/* ---- what the library knows of targets */

static char *text_of_node(amd_comgr_metadata_node_t node)
{
    size_t size = 0;
    if (REAL(get_metadata_string)(node, &size, NULL) != SUCCESS)
        fail("metadata of an ISA is neither text nor map");
    char *text = calloc(1, size + 1);
    if (text == NULL || REAL(get_metadata_string)(node, &size, text) != SUCCESS)
        fail("no memory");
    return text;
}

static void pack_text(FILE *out, const char *text)
{
    size_t size = strlen(text);
    if (size > UINT16_MAX)
        fail("a text of %zu bytes in an ISA's metadata", size);
    fputc(0xda, out);
    fputc((int)(size >> 8), out);
    fputc((int)(size & 0xff), out);
    fwrite(text, 1, size, out);
}

static void pack_map(FILE *out, amd_comgr_metadata_node_t map);

static amd_comgr_status_t pack_pair(amd_comgr_metadata_node_t key, amd_comgr_metadata_node_t value, void *user)
{
    FILE *out = user;
    amd_comgr_metadata_kind_t kind;
    char *text = text_of_node(key);
    pack_text(out, text);
    free(text);
    REAL(get_metadata_kind)(value, &kind);
    if (kind == AMD_COMGR_METADATA_KIND_MAP) {
        pack_map(out, value);
        return SUCCESS;
    }
    text = text_of_node(value);
    pack_text(out, text);
    free(text);
    return SUCCESS;
}

static void pack_map(FILE *out, amd_comgr_metadata_node_t map)
{
    size_t size = 0;
    REAL(get_metadata_map_size)(map, &size);
    fputc(0xde, out);
    fputc((int)(size >> 8), out);
    fputc((int)(size & 0xff), out);
    REAL(iterate_map_metadata)(map, pack_pair, out);
}

/* Names are sorted when the parts are put together; the library's own order begins with numbers. */
static void record_isa(const char *order, const char *name)
{
    amd_comgr_metadata_node_t metadata;
    if (REAL(get_isa_metadata)(name, &metadata) != SUCCESS)
        return;
    char *packed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&packed, &size);
    if (out == NULL)
        fail("no memory");
    pack_map(out, metadata);
    fclose(out);
    REAL(destroy_metadata)(metadata);
    struct part part;
    part_open(&part);
    put_bytes(&part, name, strlen(name));
    put_bytes(&part, packed, size);
    free(packed);
    char file[TEXT_BYTES];
    snprintf(file, sizeof file, "isa-%s-%s", order, name);
    for (char *at = file; *at != 0; at++) {
        if (*at == '/')
            *at = '_';
    }
    part_write(&part, file);
}

/* Which target an ELF header means: asked with headers and nothing else. e_flags has 1 as its generic version in the ABI of those. */
static void record_machine(unsigned abi_version, unsigned machine)
{
    enum { EXECUTABLE = 3, AMDGPU = 224, ABI_HSA = 64, ABI_GENERIC = 4 };
    unsigned char elf[ELF_BYTES] = { 0x7f, 'E', 'L', 'F', 2, 1, 1, ABI_HSA, (unsigned char)abi_version };
    elf[16] = EXECUTABLE;
    elf[18] = AMDGPU;
    elf[20] = 1;
    elf[48] = (unsigned char)machine;
    elf[51] = abi_version == ABI_GENERIC;
    elf[52] = ELF_BYTES;
    elf[54] = 56;
    elf[58] = 64;
    amd_comgr_data_t data;
    char name[TEXT_BYTES];
    size_t size = sizeof name;
    if (REAL(create_data)(AMD_COMGR_DATA_KIND_EXECUTABLE, &data) != SUCCESS)
        fail("no memory");
    if (REAL(set_data)(data, sizeof elf, (const char *)elf) == SUCCESS && REAL(get_data_isa_name)(data, &size, name) == SUCCESS) {
        struct part part;
        part_open(&part);
        put_number(&part, abi_version);
        put_number(&part, machine);
        put_bytes(&part, name, strlen(name));
        char file[TEXT_BYTES];
        snprintf(file, sizeof file, "machine-%u-%u", abi_version, machine);
        part_write(&part, file);
    }
    REAL(release_data)(data);
}

static void record_library(void)
{
    size_t major = 0, minor = 0, isas = 0;
    struct part part;
    REAL(get_version)(&major, &minor);
    part_open(&part);
    put_number(&part, (uint32_t)major);
    put_number(&part, (uint32_t)minor);
    part_write(&part, "version");
    REAL(get_isa_count)(&isas);
    for (size_t i = 0; i < isas; i++) {
        const char *name = NULL;
        if (REAL(get_isa_name)(i, &name) != SUCCESS)
            continue;
        char order[TEXT_BYTES];
        snprintf(order, sizeof order, "%04zu", i);
        record_isa(order, name);
    }
    for (unsigned abi_version = 2; abi_version <= 4; abi_version++) {
        for (unsigned machine = 0; machine < MACHINES; machine++)
            record_machine(abi_version, machine);
    }
}

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("GFXBAKE_COMGR");
    real = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (real == NULL)
        fail("%s", path == NULL ? "GFXBAKE_COMGR names no library" : dlerror());
    folder = getenv("GFXBAKE_COMGR_RECORD");
    if (folder != NULL)
        record_library();
}

/* ---- what it is asked to compile */

/*
 * What an action gave and a later one takes: nobody else reads it, so that a short text stands for it. It names the request and not the
 * bytes, which are others in each run: bitcode has the path of a temporary folder in it. What a program takes is recorded as it is.
 */
static struct { uint8_t digest[SHA256_BYTES]; char token[TOKEN_BYTES]; } intermediates[MOST_INTERMEDIATES];
static size_t intermediate_count;

/* What amd_comgr_action_info_set_device_lib_linking said; the library has no function that tells. */
static struct { uint64_t info; bool links; } infos[MOST_INFOS];
static size_t info_count;

static bool is_intermediate(amd_comgr_data_kind_t kind)
{
    return kind == AMD_COMGR_DATA_KIND_PRECOMPILED_HEADER || kind == AMD_COMGR_DATA_KIND_BC || kind == AMD_COMGR_DATA_KIND_RELOCATABLE;
}

/* The text that stands for these bytes, or NULL. */
static const char *token_of(const uint8_t digest[SHA256_BYTES])
{
    for (size_t i = 0; i < intermediate_count; i++) {
        if (memcmp(intermediates[i].digest, digest, SHA256_BYTES) == 0)
            return intermediates[i].token;
    }
    return NULL;
}

/* Bytes that two requests gave keep the first one's text: the next action is asked for with the bytes, not with where they came from. */
static const char *token_for(const uint8_t digest[SHA256_BYTES], const char *request, unsigned index)
{
    const char *known = token_of(digest);
    if (known != NULL)
        return known;
    if (intermediate_count == MOST_INTERMEDIATES)
        fail("more than %d intermediate results", MOST_INTERMEDIATES);
    memcpy(intermediates[intermediate_count].digest, digest, SHA256_BYTES);
    snprintf(intermediates[intermediate_count].token, TOKEN_BYTES, "gfxbake: in place of result %u of request %s", index, request);
    return intermediates[intermediate_count++].token;
}

typedef amd_comgr_status_t (*getter)(amd_comgr_data_t data, size_t *size, char *bytes);

static char *get(getter function, amd_comgr_data_t data, size_t *size)
{
    *size = 0;
    if (function(data, size, NULL) != SUCCESS)
        fail("a data object without content");
    char *bytes = calloc(1, *size + 1);
    if (bytes == NULL || function(data, size, bytes) != SUCCESS)
        fail("no memory");
    return bytes;
}

typedef amd_comgr_status_t (*info_getter)(amd_comgr_action_info_t info, size_t *size, char *bytes);

static char *get_info(info_getter function, amd_comgr_action_info_t info)
{
    size_t size = 0;
    if (function(info, &size, NULL) != SUCCESS)
        fail("an action without a target");
    char *text = calloc(1, size + 1);
    if (text == NULL || function(info, &size, text) != SUCCESS)
        fail("no memory");
    return text;
}

static void put_options(FILE *out, amd_comgr_action_info_t info)
{
    size_t count = 0;
    REAL(action_info_get_option_list_count)(info, &count);
    for (size_t i = 0; i < count; i++) {
        size_t size = 0;
        REAL(action_info_get_option_list_item)(info, i, &size, NULL);
        char *option = calloc(1, size + 1);
        if (option == NULL || REAL(action_info_get_option_list_item)(info, i, &size, option) != SUCCESS)
            fail("no memory");
        fprintf(out, "option %s\n", option);
        free(option);
    }
}

static void put_input(FILE *out, amd_comgr_data_kind_t kind, amd_comgr_data_t data)
{
    size_t size, name_size;
    char *bytes = get(REAL(get_data), data, &size), *name = get(REAL(get_data_name), data, &name_size);
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256(bytes, size, digest);
    const char *token = token_of(digest);
    if (token != NULL)
        sha256(token, strlen(token), digest);
    sha256_hex(digest, hex);
    fprintf(out, "in %u %s %s\n", kind, hex, name);
    free(bytes);
    free(name);
}

/* The same text as request_text in compile.c makes. */
static char *request_text(amd_comgr_action_kind_t action, amd_comgr_action_info_t info, amd_comgr_data_set_t input)
{
    char *text = NULL;
    size_t size = 0;
    amd_comgr_language_t language = AMD_COMGR_LANGUAGE_NONE;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        fail("no memory");
    char *isa = get_info(REAL(action_info_get_isa_name), info);
    REAL(action_info_get_language)(info, &language);
    bool links = false;
    for (size_t i = 0; i < info_count; i++)
        links = infos[i].info == info.handle ? infos[i].links : links;
    fprintf(out, "action %u\nlanguage %u\nisa %s\ndevice-libs %d\n", action, language, isa, links);
    free(isa);
    put_options(out, info);
    for (unsigned kind = 1; kind <= AMD_COMGR_DATA_KIND_LAST; kind++) {
        size_t count = 0;
        if (kind == AMD_COMGR_DATA_KIND_LOG || kind == AMD_COMGR_DATA_KIND_DIAGNOSTIC
            || REAL(action_data_count)(input, (amd_comgr_data_kind_t)kind, &count) != SUCCESS)
            continue;
        for (size_t i = 0; i < count; i++) {
            amd_comgr_data_t data;
            REAL(action_data_get_data)(input, (amd_comgr_data_kind_t)kind, i, &data);
            put_input(out, (amd_comgr_data_kind_t)kind, data);
            REAL(release_data)(data);
        }
    }
    fclose(out);
    return text;
}

static void put_output(struct part *part, amd_comgr_data_kind_t kind, amd_comgr_data_t data, const char *request, unsigned index)
{
    size_t size, name_size;
    char *bytes = get(REAL(get_data), data, &size), *name = get(REAL(get_data_name), data, &name_size);
    put_number(part, kind);
    put_bytes(part, name, strlen(name));
    if (is_intermediate(kind)) {
        uint8_t digest[SHA256_BYTES];
        sha256(bytes, size, digest);
        const char *token = token_for(digest, request, index);
        put_bytes(part, token, strlen(token));
    } else {
        put_bytes(part, bytes, size);
    }
    free(bytes);
    free(name);
}

static void put_outputs(struct part *part, amd_comgr_data_set_t result, const char *request)
{
    uint32_t total = 0, index = 0;
    size_t count;
    for (unsigned kind = 1; kind <= AMD_COMGR_DATA_KIND_LAST; kind++) {
        if (REAL(action_data_count)(result, (amd_comgr_data_kind_t)kind, &count) == SUCCESS)
            total += (uint32_t)count;
    }
    put_number(part, total);
    for (unsigned kind = 1; kind <= AMD_COMGR_DATA_KIND_LAST; kind++) {
        if (REAL(action_data_count)(result, (amd_comgr_data_kind_t)kind, &count) != SUCCESS)
            continue;
        for (size_t i = 0; i < count; i++) {
            amd_comgr_data_t data;
            REAL(action_data_get_data)(result, (amd_comgr_data_kind_t)kind, i, &data);
            put_output(part, (amd_comgr_data_kind_t)kind, data, request, index++);
            REAL(release_data)(data);
        }
    }
}

EXPORTED amd_comgr_status_t amd_comgr_do_action(
    amd_comgr_action_kind_t action, amd_comgr_action_info_t info, amd_comgr_data_set_t input, amd_comgr_data_set_t result)
{
    if (folder == NULL || action == AMD_COMGR_ACTION_UNBUNDLE)
        return REAL(do_action)(action, info, input, result);
    pthread_mutex_lock(&lock);
    char *text = request_text(action, info, input);
    amd_comgr_status_t status = REAL(do_action)(action, info, input, result);
    if (status == SUCCESS) {
        uint8_t key[SHA256_BYTES];
        char hex[SHA256_HEX], file[TEXT_BYTES];
        struct part part;
        sha256(text, strlen(text), key);
        sha256_hex(key, hex);
        part_open(&part);
        fwrite(key, 1, sizeof key, part.out);
        put_bytes(&part, text, strlen(text));
        put_outputs(&part, result, hex);
        snprintf(file, sizeof file, "request-%s", hex);
        part_write(&part, file);
    }
    free(text);
    pthread_mutex_unlock(&lock);
    return status;
}

EXPORTED amd_comgr_status_t amd_comgr_action_info_set_device_lib_linking(amd_comgr_action_info_t info, bool links)
{
    pthread_mutex_lock(&lock);
    size_t i = 0;
    while (i < info_count && infos[i].info != info.handle)
        i++;
    if (i == MOST_INFOS)
        fail("more than %d actions say whether they link device libraries", MOST_INFOS);
    infos[i].info = info.handle;
    infos[i].links = links;
    info_count = i == info_count ? i + 1 : info_count;
    pthread_mutex_unlock(&lock);
    return REAL(action_info_set_device_lib_linking)(info, links);
}

/* The handle may come back as another action's, which then says nothing of device libraries. */
EXPORTED amd_comgr_status_t amd_comgr_destroy_action_info(amd_comgr_action_info_t info)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < info_count; i++) {
        if (infos[i].info == info.handle)
            infos[i--] = infos[--info_count];
    }
    pthread_mutex_unlock(&lock);
    return REAL(destroy_action_info)(info);
}

static bool is_listed(const char *name)
{
    size_t count = 0;
    const char *listed = NULL;
    REAL(get_isa_count)(&count);
    for (size_t i = 0; i < count; i++) {
        if (REAL(get_isa_name)(i, &listed) == SUCCESS && strcmp(listed, name) == 0)
            return true;
    }
    return false;
}

/* Names with features are not among those that the library lists. */
EXPORTED amd_comgr_status_t amd_comgr_get_isa_metadata(const char *name, amd_comgr_metadata_node_t *metadata)
{
    if (folder != NULL && name != NULL && !is_listed(name)) {
        pthread_mutex_lock(&lock);
        record_isa("asked", name);
        pthread_mutex_unlock(&lock);
    }
    return REAL(get_isa_metadata)(name, metadata);
}

/* ---- all others are handed on as they are: up to six arguments in registers, one result */

#define HAND_ON(name) \
    EXPORTED uint64_t recorder_##name(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) __asm__("amd_comgr_" #name); \
    uint64_t recorder_##name(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) \
    { \
        static void *_Atomic found; \
        uint64_t (*function)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t); \
        if (found == NULL) \
            found = find("amd_comgr_" #name); \
        *(void **)&function = found; \
        return function(a, b, c, d, e, f); \
    }

HAND_ON(get_isa_count)
HAND_ON(get_isa_name)
HAND_ON(create_data)
HAND_ON(release_data)
HAND_ON(get_data_kind)
HAND_ON(set_data)
HAND_ON(set_data_from_file_slice)
HAND_ON(set_data_name)
HAND_ON(get_data)
HAND_ON(get_data_name)
HAND_ON(get_data_isa_name)
HAND_ON(get_data_metadata)
HAND_ON(destroy_metadata)
HAND_ON(create_data_set)
HAND_ON(destroy_data_set)
HAND_ON(data_set_add)
HAND_ON(data_set_remove)
HAND_ON(action_data_count)
HAND_ON(action_data_get_data)
HAND_ON(create_action_info)
HAND_ON(action_info_set_isa_name)
HAND_ON(action_info_get_isa_name)
HAND_ON(action_info_set_language)
HAND_ON(action_info_get_language)
HAND_ON(action_info_set_option_list)
HAND_ON(action_info_get_option_list_count)
HAND_ON(action_info_get_option_list_item)
HAND_ON(action_info_set_bundle_entry_ids)
HAND_ON(action_info_get_bundle_entry_id_count)
HAND_ON(action_info_get_bundle_entry_id)
HAND_ON(action_info_set_vfs)
HAND_ON(action_info_set_working_directory_path)
HAND_ON(action_info_get_working_directory_path)
HAND_ON(action_info_set_logging)
HAND_ON(action_info_get_logging)
HAND_ON(get_metadata_kind)
HAND_ON(get_metadata_string)
HAND_ON(get_metadata_map_size)
HAND_ON(iterate_map_metadata)
HAND_ON(metadata_lookup)
HAND_ON(get_metadata_list_size)
HAND_ON(index_list_metadata)
HAND_ON(iterate_symbols)
HAND_ON(symbol_lookup)
HAND_ON(symbol_get_info)
HAND_ON(demangle_symbol_name)
HAND_ON(populate_mangled_names)
HAND_ON(get_mangled_name)
HAND_ON(populate_name_expression_map)
HAND_ON(map_name_expression_to_symbol_name)
HAND_ON(map_elf_virtual_address_to_code_object_offset)
HAND_ON(lookup_code_object)
HAND_ON(create_symbolizer_info)
HAND_ON(destroy_symbolizer_info)
HAND_ON(symbolize)
HAND_ON(create_disassembly_info)
HAND_ON(destroy_disassembly_info)
HAND_ON(disassemble_instruction)
HAND_ON(status_string)
HAND_ON(get_version)
