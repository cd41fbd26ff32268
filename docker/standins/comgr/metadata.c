#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "elf_file.h"
#include "msgpack.h"
#include "report.h"
#include "table.h"

/* Notes of LLVM's AMDGPUUsage, "Code Object V3 and Above Note Records". */
enum { NOTE_METADATA = 32, NOTE_METADATA_V2 = 10, NOTE_HEAD = 12, MOST_NOTES = 1 << 16, MOST_HEADERS = 1 << 16 };

static const char owner[] = "AMDGPU";
static const char owner_v2[] = "AMD";

/* The metadata of all notes of one code object: Tensile's objects have a note for each kernel. */
struct notes {
    struct document *document;
    struct node *roots;
    size_t count;
    bool bad;
};

static struct node *node_of(amd_comgr_metadata_node_t handle)
{
    return (struct node *)(uintptr_t)handle.handle;
}

static void add_note(struct notes *notes, const uint8_t *bytes, size_t size)
{
    struct node *roots = notes->count >= MOST_NOTES ? NULL : realloc(notes->roots, (notes->count + 1) * sizeof *roots);
    if (roots == NULL) {
        notes->bad = true;
        return;
    }
    notes->roots = roots;
    memset(&roots[notes->count], 0, sizeof *roots);
    if (msgpack_read(notes->document, bytes, size, &roots[notes->count]))
        notes->count++;
    else
        notes->bad = true;
}

static void read_notes(struct notes *notes, const uint8_t *bytes, size_t size)
{
    while (size >= NOTE_HEAD && !notes->bad) {
        uint32_t head[3];
        memcpy(head, bytes, sizeof head);
        size_t name = ((size_t)head[0] + 3) & ~(size_t)3, content = head[1], padded = (content + 3) & ~(size_t)3;
        if (name > size - NOTE_HEAD || content > size - NOTE_HEAD - name) {
            notes->bad = true;
            return;
        }
        const uint8_t *text = bytes + NOTE_HEAD;
        if (head[0] == sizeof owner && memcmp(text, owner, sizeof owner) == 0 && head[2] == NOTE_METADATA)
            add_note(notes, text + name, content);
        if (head[0] == sizeof owner_v2 && memcmp(text, owner_v2, sizeof owner_v2) == 0 && head[2] == NOTE_METADATA_V2) {
            report("a code object is of version 2, which ROCm has not made since 2021");
            notes->bad = true;
        }
        if (size - NOTE_HEAD - name < padded)
            return;
        bytes += NOTE_HEAD + name + padded;
        size -= NOTE_HEAD + name + padded;
    }
}

/* As LLVM's reader: segments first, and sections only where no segment has metadata. */
static void read_all_notes(struct notes *notes, const struct elf_file *elf)
{
    Elf64_Phdr segment;
    for (unsigned i = 0; i < MOST_HEADERS && elf_segment(elf, i, &segment) && !notes->bad; i++) {
        const uint8_t *part = elf_part(elf, segment.p_offset, segment.p_filesz);
        if (segment.p_type == PT_NOTE && part != NULL)
            read_notes(notes, part, segment.p_filesz);
    }
    Elf64_Shdr section;
    for (unsigned i = 0; notes->count == 0 && i < MOST_HEADERS && elf_section(elf, i, &section) && !notes->bad; i++) {
        const uint8_t *part = elf_part(elf, section.sh_offset, section.sh_size);
        if (section.sh_type == SHT_NOTE && part != NULL)
            read_notes(notes, part, section.sh_size);
    }
}

static bool same_version(const struct node *left, const struct node *right)
{
    if (left == NULL || right == NULL || left->kind != NODE_LIST || right->kind != NODE_LIST || left->count != right->count)
        return false;
    for (uint32_t i = 0; i < left->count; i++) {
        const struct node *a = &left->children[i], *b = &right->children[i];
        if (a->kind != NODE_TEXT || b->kind != NODE_TEXT || a->count != b->count || memcmp(a->text, b->text, a->count) != 0)
            return false;
    }
    return true;
}

/* Comgr makes one list of the kernels of all notes. */
static struct node *merge(struct notes *notes)
{
    struct node *root = document_memory(notes->document, sizeof *root);
    if (root == NULL)
        return NULL;
    *root = notes->roots[0];
    if (notes->count == 1)
        return root;
    struct node *list = node_member(root, "amdhsa.kernels"), *version = node_member(root, "amdhsa.version");
    uint64_t total = 0;
    for (size_t i = 0; i < notes->count; i++) {
        const struct node *kernels = node_member(&notes->roots[i], "amdhsa.kernels");
        bool fits = kernels != NULL && kernels->kind == NODE_LIST && same_version(version, node_member(&notes->roots[i], "amdhsa.version"))
            && (i == 0 || node_member(&notes->roots[i], "amdhsa.printf") == NULL);
        if (!fits) {
            report("the metadata notes of a code object do not fit together");
            return NULL;
        }
        total += kernels->count;
    }
    struct node *all = total > UINT32_MAX ? NULL : document_memory(notes->document, (size_t)total * sizeof *all);
    if (all == NULL)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < notes->count; i++) {
        const struct node *kernels = node_member(&notes->roots[i], "amdhsa.kernels");
        memcpy(all + at, kernels->children, kernels->count * sizeof *all);
        at += kernels->count;
    }
    list->children = all;
    list->count = (uint32_t)total;
    return root;
}

EXPORTED amd_comgr_status_t amd_comgr_get_data_metadata(amd_comgr_data_t handle, amd_comgr_metadata_node_t *metadata)
{
    const struct data *data = data_of(handle);
    struct elf_file elf;
    if (data == NULL || metadata == NULL || !elf_open(&elf, data->bytes, data->size))
        return INVALID;
    struct notes notes = { .document = document_new() };
    if (notes.document == NULL)
        return NO_MEMORY;
    read_all_notes(&notes, &elf);
    struct node *root = notes.bad || notes.count == 0 ? NULL : merge(&notes);
    free(notes.roots);
    metadata->handle = (uintptr_t)root;
    if (root != NULL)
        return SUCCESS;
    document_release(notes.document);
    return INVALID;
}

EXPORTED amd_comgr_status_t amd_comgr_get_isa_metadata(const char *name, amd_comgr_metadata_node_t *metadata)
{
    if (name == NULL || metadata == NULL)
        return INVALID;
    const struct table *table = table_own();
    const struct recorded_isa *isa = NULL;
    for (uint32_t i = 0; i < table->isa_count && isa == NULL; i++) {
        if (strcmp(table->isas[i].name, name) == 0)
            isa = &table->isas[i];
    }
    if (isa == NULL) {
        report("nothing was recorded of the target %s", name);
        return INVALID;
    }
    struct document *document = document_new();
    struct node *root = document == NULL ? NULL : document_memory(document, sizeof *root);
    if (root == NULL) {
        if (document != NULL)
            document_release(document);
        return NO_MEMORY;
    }
    if (!msgpack_read(document, isa->metadata, isa->metadata_bytes, root))
        report_and_abort("what was recorded of the target %s is damaged", name);
    metadata->handle = (uintptr_t)root;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_destroy_metadata(amd_comgr_metadata_node_t handle)
{
    if (node_of(handle) != NULL)
        document_release(node_of(handle)->document);
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_metadata_kind(amd_comgr_metadata_node_t handle, amd_comgr_metadata_kind_t *kind)
{
    if (node_of(handle) == NULL || kind == NULL)
        return INVALID;
    *kind = (amd_comgr_metadata_kind_t)node_of(handle)->kind;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_metadata_string(amd_comgr_metadata_node_t handle, size_t *size, char *text)
{
    const struct node *node = node_of(handle);
    if (node == NULL || node->kind != NODE_TEXT || size == NULL)
        return INVALID;
    size_t whole = (size_t)node->count + 1;
    if (text == NULL) {
        *size = whole;
        return SUCCESS;
    }
    size_t part = *size < node->count ? *size : node->count;
    memcpy(text, node->text, part);
    if (*size > part)
        text[part] = 0;
    return SUCCESS;
}

static amd_comgr_status_t count_of(amd_comgr_metadata_node_t handle, enum node_kind kind, size_t *count)
{
    if (node_of(handle) == NULL || node_of(handle)->kind != kind || count == NULL)
        return INVALID;
    *count = node_of(handle)->count;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_get_metadata_map_size(amd_comgr_metadata_node_t handle, size_t *size)
{
    return count_of(handle, NODE_MAP, size);
}

EXPORTED amd_comgr_status_t amd_comgr_get_metadata_list_size(amd_comgr_metadata_node_t handle, size_t *size)
{
    return count_of(handle, NODE_LIST, size);
}

EXPORTED amd_comgr_status_t amd_comgr_iterate_map_metadata(amd_comgr_metadata_node_t handle, comgr_pair_visitor visit, void *user)
{
    const struct node *map = node_of(handle);
    if (map == NULL || map->kind != NODE_MAP || visit == NULL)
        return INVALID;
    for (size_t i = 0; i < map->count; i++) {
        amd_comgr_metadata_node_t key = { (uintptr_t)&map->children[2 * i] }, value = { (uintptr_t)&map->children[2 * i + 1] };
        visit(key, value, user);
    }
    return SUCCESS;
}

static amd_comgr_status_t give_node(struct node *node, amd_comgr_metadata_node_t *handle)
{
    atomic_fetch_add(&node->document->references, 1);
    handle->handle = (uintptr_t)node;
    return SUCCESS;
}

EXPORTED amd_comgr_status_t amd_comgr_metadata_lookup(amd_comgr_metadata_node_t handle, const char *key, amd_comgr_metadata_node_t *value)
{
    if (node_of(handle) == NULL || node_of(handle)->kind != NODE_MAP || key == NULL || value == NULL)
        return INVALID;
    struct node *found = node_member(node_of(handle), key);
    return found == NULL ? FAILURE : give_node(found, value);
}

EXPORTED amd_comgr_status_t amd_comgr_index_list_metadata(amd_comgr_metadata_node_t handle, size_t index, amd_comgr_metadata_node_t *value)
{
    const struct node *list = node_of(handle);
    if (list == NULL || list->kind != NODE_LIST || value == NULL || index >= list->count)
        return INVALID;
    return give_node(&list->children[index], value);
}
