/* Data objects and sets of them. */
#ifndef DATA_H
#define DATA_H

#include <stdatomic.h>
#include <stddef.h>

#include "comgr.h"

/* Counted: a handle and each set that has it hold one reference. */
struct data {
    atomic_int references;
    amd_comgr_data_kind_t kind;
    char *name;
    /* A NUL follows the bytes. */
    char *bytes;
    size_t size;
    /* What amd_comgr_symbol_lookup found last; it lives as long as its data. */
    struct symbol *symbol;
};

struct data_set {
    struct data **members;
    size_t count;
};

struct data *data_of(amd_comgr_data_t handle);
struct data_set *data_set_of(amd_comgr_data_set_t handle);

/* A new object with one reference; NULL without memory. */
struct data *data_new(amd_comgr_data_kind_t kind, const char *name, const void *bytes, size_t size);
void data_release(struct data *data);

/* Adds a new object to a set, which then has the only reference. */
amd_comgr_status_t data_set_take(struct data_set *set, struct data *data);

/* As comgr gives texts: the size with its NUL where buffer is NULL, else as many bytes as fit. */
amd_comgr_status_t give_text(const char *text, size_t *size, char *buffer);

#endif
