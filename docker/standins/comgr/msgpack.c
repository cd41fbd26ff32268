#include "msgpack.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32, NUMBER_BYTES = 24 };

struct block {
    struct block *next;
    max_align_t memory[];
};

struct reader {
    struct document *document;
    const uint8_t *at, *end;
    /* Every value takes a byte at least, so that more nodes than bytes are a lie. */
    size_t nodes_left;
};

struct document *document_new(void)
{
    struct document *document = calloc(1, sizeof *document);
    if (document != NULL)
        document->references = 1;
    return document;
}

void document_release(struct document *document)
{
    if (atomic_fetch_sub(&document->references, 1) != 1)
        return;
    for (struct block *block = document->blocks; block != NULL;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(document);
}

void *document_memory(struct document *document, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct block))
        return NULL;
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->next = document->blocks;
    document->blocks = block;
    return block->memory;
}

static bool big_endian(struct reader *reader, unsigned bytes, uint64_t *value)
{
    if ((size_t)(reader->end - reader->at) < bytes)
        return false;
    *value = 0;
    for (unsigned i = 0; i < bytes; i++)
        *value = *value << 8 | *reader->at++;
    return true;
}

static bool text_of(struct reader *reader, struct node *node, uint64_t size)
{
    if (size > (uint64_t)(reader->end - reader->at))
        return false;
    node->kind = NODE_TEXT;
    node->count = (uint32_t)size;
    node->text = (const char *)reader->at;
    reader->at += size;
    return true;
}

__attribute__((format(printf, 3, 4))) static bool written(struct reader *reader, struct node *node, const char *format, ...)
{
    char *text = document_memory(reader->document, NUMBER_BYTES);
    if (text == NULL)
        return false;
    va_list values;
    va_start(values, format);
    node->count = (uint32_t)vsnprintf(text, NUMBER_BYTES, format, values);
    va_end(values);
    node->kind = NODE_TEXT;
    node->text = text;
    return true;
}

static int by_key(const void *left, const void *right)
{
    const struct node *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->count < b->count ? a->count : b->count);
    return order != 0 ? order : (a->count > b->count) - (a->count < b->count);
}

static bool value(struct reader *reader, struct node *node, unsigned depth);

static bool children(struct reader *reader, struct node *node, enum node_kind kind, uint64_t count, unsigned depth)
{
    uint64_t nodes = kind == NODE_MAP ? 2 * count : count;
    if (count > UINT32_MAX || nodes > reader->nodes_left)
        return false;
    reader->nodes_left -= (size_t)nodes;
    node->kind = kind;
    node->count = (uint32_t)count;
    node->children = document_memory(reader->document, (size_t)nodes * sizeof *node);
    if (node->children == NULL)
        return false;
    for (uint64_t i = 0; i < nodes; i++) {
        bool is_key = kind == NODE_MAP && i % 2 == 0;
        if (!value(reader, &node->children[i], depth + 1) || (is_key && node->children[i].kind != NODE_TEXT))
            return false;
    }
    if (kind == NODE_MAP && count > 1)
        qsort(node->children, (size_t)count, 2 * sizeof *node, by_key);
    return true;
}

static bool sized(struct reader *reader, struct node *node, uint8_t tag, unsigned depth)
{
    uint64_t size = 0;
    switch (tag) {
    case 0xcc: case 0xcd: case 0xce: case 0xcf:
        return big_endian(reader, 1u << (tag - 0xcc), &size) && written(reader, node, "%" PRIu64, size);
    case 0xd0:
        return big_endian(reader, 1, &size) && written(reader, node, "%d", (int8_t)size);
    case 0xd1:
        return big_endian(reader, 2, &size) && written(reader, node, "%d", (int16_t)size);
    case 0xd2:
        return big_endian(reader, 4, &size) && written(reader, node, "%d", (int32_t)size);
    case 0xd3:
        return big_endian(reader, 8, &size) && written(reader, node, "%" PRId64, (int64_t)size);
    case 0xd9: case 0xda: case 0xdb:
        return big_endian(reader, 1u << (tag - 0xd9), &size) && text_of(reader, node, size);
    case 0xdc: case 0xdd:
        return big_endian(reader, 2u << (tag - 0xdc), &size) && children(reader, node, NODE_LIST, size, depth);
    case 0xde: case 0xdf:
        return big_endian(reader, 2u << (tag - 0xde), &size) && children(reader, node, NODE_MAP, size, depth);
    default:
        return false;
    }
}

static bool value(struct reader *reader, struct node *node, unsigned depth)
{
    node->document = reader->document;
    if (depth > DEEPEST || reader->at == reader->end)
        return false;
    uint8_t tag = *reader->at++;
    if (tag < 0x80)
        return written(reader, node, "%u", tag);
    if (tag < 0x90)
        return children(reader, node, NODE_MAP, tag & 0x0f, depth);
    if (tag < 0xa0)
        return children(reader, node, NODE_LIST, tag & 0x0f, depth);
    if (tag < 0xc0)
        return text_of(reader, node, tag & 0x1f);
    if (tag >= 0xe0)
        return written(reader, node, "%d", (int8_t)tag);
    if (tag == 0xc2 || tag == 0xc3)
        return written(reader, node, "%u", tag - 0xc2u);
    if (tag == 0xc0)
        return true;
    return sized(reader, node, tag, depth);
}

bool msgpack_read(struct document *document, const void *bytes, size_t size, struct node *root)
{
    uint8_t *copy = document_memory(document, size + 1);
    if (copy == NULL)
        return false;
    memcpy(copy, bytes, size);
    struct reader reader = { document, copy, copy + size, size };
    return value(&reader, root, 0);
}

struct node *node_member(const struct node *map, const char *key)
{
    size_t length = strlen(key);
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        const struct node *name = &map->children[2 * (size_t)i];
        if (name->count == length && memcmp(name->text, key, length) == 0)
            return &map->children[2 * (size_t)i + 1];
    }
    return NULL;
}
