#include "offload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "report.h"
#include "target.h"

enum {
    MAGIC_BYTES = 24,
    HEAD_BYTES = 32,
    ENTRY_BYTES = 24,
    ID_BYTES = 256,
    SHORTEST_PACKED = 20,
    METHOD_ZSTD = 1,
    MOST_ENTRIES = 4096,
    NAME_BYTES = 1024,
};

/* A claim beyond these is a damaged file, not a bundle: code objects shrink to a twentieth at best. */
static const uint64_t most_bytes = UINT64_C(2) << 30, most_ratio = 4096;

static const char bundle_magic[] = "__CLANG_OFFLOAD_BUNDLE__";
static const char packed_magic[] = "CCOB";

struct entry {
    uint64_t offset, size;
    char id[ID_BYTES];
};

struct bundle {
    const uint8_t *bytes;
    size_t size;
    /* Behind the entries read so far. Where an entry's code lies may be beyond size: HIP gives the start of a bundle to look up in. */
    size_t at;
    uint64_t left;
};

static bool open_bundle(struct bundle *bundle, const void *bytes, size_t size)
{
    *bundle = (struct bundle){ bytes, size, HEAD_BYTES, 0 };
    if (size < HEAD_BYTES || memcmp(bytes, bundle_magic, MAGIC_BYTES) != 0)
        return false;
    memcpy(&bundle->left, bundle->bytes + MAGIC_BYTES, sizeof bundle->left);
    return true;
}

/* The next entry; false at the end and, with bad set, where the bundle is damaged. */
static bool next_entry(struct bundle *bundle, struct entry *entry, bool *bad)
{
    uint64_t length;
    *bad = false;
    if (bundle->left == 0)
        return false;
    *bad = true;
    if (bundle->left > MOST_ENTRIES || bundle->size - bundle->at < ENTRY_BYTES)
        return false;
    const uint8_t *place = bundle->bytes + bundle->at;
    memcpy(&entry->offset, place, 8);
    memcpy(&entry->size, place + 8, 8);
    memcpy(&length, place + 16, 8);
    bundle->at += ENTRY_BYTES;
    if (length >= ID_BYTES || bundle->size - bundle->at < length)
        return false;
    memcpy(entry->id, bundle->bytes + bundle->at, length);
    entry->id[length] = 0;
    bundle->at += length;
    bundle->left--;
    *bad = false;
    return true;
}

/* The target within the id of an entry for a GPU, such as hipv4-amdgcn-amd-amdhsa--gfx1151. */
static const char *gpu_target(const char *id)
{
    static const char *const kinds[] = { "hip-", "hipv4-", "hcc-" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strncmp(id, kinds[i], strlen(kinds[i])) == 0)
            return id + strlen(kinds[i]);
    }
    return NULL;
}

static amd_comgr_status_t look_up_code(const struct data *data, amd_comgr_code_object_info_t *wanted, size_t count)
{
    char target[TARGET_BYTES];
    amd_comgr_status_t status = target_of_code(data, target);
    for (size_t i = 0; status == SUCCESS && i < count; i++) {
        if (!target_runs(wanted[i].isa, target))
            continue;
        wanted[i].size = data->size;
        break;
    }
    return status;
}

EXPORTED amd_comgr_status_t amd_comgr_lookup_code_object(amd_comgr_data_t handle, amd_comgr_code_object_info_t *wanted, size_t count)
{
    const struct data *data = data_of(handle);
    if (data == NULL || wanted == NULL)
        return INVALID;
    for (size_t i = 0; i < count; i++)
        wanted[i].size = wanted[i].offset = 0;
    struct bundle bundle;
    bool is_bundle = open_bundle(&bundle, data->bytes, data->size);
    if (data->kind == AMD_COMGR_DATA_KIND_EXECUTABLE || (data->kind == AMD_COMGR_DATA_KIND_BYTES && !is_bundle))
        return look_up_code(data, wanted, count);
    if (!is_bundle)
        return data->size < MAGIC_BYTES ? FAILURE : INVALID;
    struct entry entry;
    bool bad;
    while (next_entry(&bundle, &entry, &bad)) {
        const char *target = gpu_target(entry.id);
        for (size_t i = 0; target != NULL && i < count; i++) {
            if (wanted[i].size != 0 || !target_runs(wanted[i].isa, target))
                continue;
            wanted[i].offset = entry.offset;
            wanted[i].size = entry.size;
            break;
        }
    }
    return bad ? FAILURE : SUCCESS;
}

struct packed {
    const uint8_t *bytes;
    uint64_t size, unpacked;
};

/* Clang's compressed bundles of the versions 1 to 3 (clang/lib/Driver/OffloadBundler.cpp). */
static bool read_packed(const uint8_t *bytes, size_t size, struct packed *packed)
{
    uint16_t version, method;
    uint32_t whole = 0, unpacked = 0;
    uint64_t total = size;
    size_t head = SHORTEST_PACKED;
    memcpy(&version, bytes + 4, sizeof version);
    memcpy(&method, bytes + 6, sizeof method);
    if (version == 1) {
        memcpy(&unpacked, bytes + 8, sizeof unpacked);
    } else if (version == 2 && size >= 24) {
        head = 24;
        memcpy(&whole, bytes + 8, sizeof whole);
        memcpy(&unpacked, bytes + 12, sizeof unpacked);
        total = whole;
    } else if (version == 3 && size >= 32) {
        head = 32;
        memcpy(&total, bytes + 8, sizeof total);
        memcpy(&packed->unpacked, bytes + 16, sizeof packed->unpacked);
    } else {
        report("a compressed bundle is of version %u; known are 1, 2 and 3", version);
        return false;
    }
    if (version < 3)
        packed->unpacked = unpacked;
    if (method != METHOD_ZSTD || total > size || total < head) {
        report("a compressed bundle of version %u is damaged, or packed with method %u; known is zstd (1)", version, method);
        return false;
    }
    packed->bytes = bytes + head;
    packed->size = total - head;
    return packed->unpacked <= most_bytes && packed->unpacked / most_ratio <= packed->size;
}

/* The bundle's bytes, to be freed; NULL where it is damaged. */
static uint8_t *unpack(const struct packed *packed)
{
    if (ZSTD_getFrameContentSize(packed->bytes, packed->size) != packed->unpacked)
        return NULL;
    uint8_t *bytes = malloc(packed->unpacked + 1);
    if (bytes == NULL)
        return NULL;
    size_t size = ZSTD_decompress(bytes, packed->unpacked, packed->bytes, packed->size);
    if (!ZSTD_isError(size) && size == packed->unpacked)
        return bytes;
    free(bytes);
    return NULL;
}

static amd_comgr_status_t take_entry(const struct bundle *start, const char *wanted, const char *name, struct data_set *output)
{
    struct bundle bundle = *start;
    struct entry entry;
    bool bad, found = false;
    const char *target = gpu_target(wanted);
    while (!found && next_entry(&bundle, &entry, &bad)) {
        const char *made_for = gpu_target(entry.id);
        found = target != NULL && made_for != NULL && target_runs(target, made_for);
    }
    if ((!found && bad) || (found && (entry.offset > bundle.size || entry.size > bundle.size - entry.offset)))
        return FAILURE;
    char full[NAME_BYTES];
    snprintf(full, sizeof full, "%s-%s.o", name, wanted);
    const uint8_t *bytes = found ? bundle.bytes + entry.offset : NULL;
    return data_set_take(output, data_new(AMD_COMGR_DATA_KIND_EXECUTABLE, full, bytes, found ? (size_t)entry.size : 0));
}

amd_comgr_status_t offload_unbundle(const struct action *action, const struct data_set *input, struct data_set *output)
{
    if (input->count != 1)
        return INVALID;
    const struct data *data = input->members[0];
    const uint8_t *bytes = (const uint8_t *)data->bytes;
    size_t size = data->size;
    uint8_t *unpacked = NULL;
    if (size >= SHORTEST_PACKED && memcmp(bytes, packed_magic, 4) == 0) {
        struct packed packed = { NULL, 0, 0 };
        unpacked = read_packed(bytes, size, &packed) ? unpack(&packed) : NULL;
        if (unpacked == NULL) {
            report("a compressed bundle is damaged");
            return FAILURE;
        }
        bytes = unpacked;
        size = (size_t)packed.unpacked;
    }
    struct bundle bundle;
    amd_comgr_status_t status = open_bundle(&bundle, bytes, size) ? SUCCESS : FAILURE;
    for (size_t i = 0; status == SUCCESS && i < action->bundle_entries.count; i++)
        status = take_entry(&bundle, action->bundle_entries.items[i], data->name, output);
    free(unpacked);
    return status;
}
