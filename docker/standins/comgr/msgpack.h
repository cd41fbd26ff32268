/* The part of msgpack that metadata of code objects uses, read into a tree. Texts point into the document's own copy of the bytes. */
#ifndef MSGPACK_H
#define MSGPACK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum node_kind { NODE_NULL = 0, NODE_TEXT = 1, NODE_MAP = 2, NODE_LIST = 3 };

/* The kinds have the values of amd_comgr_metadata_kind_t. Numbers and booleans are texts, as comgr gives them. */
struct node {
    enum node_kind kind;
    /* Bytes of a text, members of a list, pairs of a map. */
    uint32_t count;
    const char *text;
    /* Members of a list; key, value, key, value … of a map, by key. */
    struct node *children;
    struct document *document;
};

/* Counted: each handle to one of its nodes holds a reference. */
struct document {
    atomic_int references;
    struct block *blocks;
};

struct document *document_new(void);
void document_release(struct document *document);

/* Memory that lives as long as the document; zeros. NULL without memory. */
void *document_memory(struct document *document, size_t size);

/* Reads one value that fills the bytes, which are copied. False where they are no msgpack, or more than metadata has. */
bool msgpack_read(struct document *document, const void *bytes, size_t size, struct node *root);

/* The value of a key; NULL where there is none or the node is no map. */
struct node *node_member(const struct node *map, const char *key);

#endif
