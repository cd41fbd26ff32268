/*
 * What was recorded when the image was built. It stands behind the library's own ELF, in the same file:
 *
 *   "GFXCOMGR", u32 format (1), u32 major, u32 minor of the real library
 *   u32 count of ISAs that the real library lists; u32 count of all ISAs, the listed ones first: text name, bytes metadata (msgpack)
 *   u32 count of machines: u32 ELF ABI version, u32 machine (low byte of e_flags), text name
 *   u32 count of requests: 32 bytes key (SHA-256 of the request's text), text request, u32 count of outputs: u32 kind, text name, bytes
 *   u64 size of all of this up to here, "GFXCOMGR"
 *
 * All numbers are little endian. A text and bytes are a u32 length, that many bytes and a NUL. build/Formats/Comgr writes it.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recorded_isa {
    const char *name;
    const uint8_t *metadata;
    uint32_t metadata_bytes;
};

struct recorded_machine {
    uint32_t abi_version;
    uint32_t machine;
    const char *name;
};

struct recorded_output {
    uint32_t kind;
    const char *name;
    const uint8_t *bytes;
    uint32_t size;
};

struct recorded_request {
    const uint8_t *key;
    const char *text;
    struct recorded_output *outputs;
    uint32_t output_count;
};

struct table {
    uint32_t major, minor;
    struct recorded_isa *isas;
    struct recorded_machine *machines;
    struct recorded_request *requests;
    uint32_t listed_isa_count, isa_count, machine_count, request_count;
};

/* Reads a table out of the end of a file's bytes, which must outlive it. NULL, or what is wrong with it. */
const char *table_read(struct table *table, const uint8_t *file, size_t size);

void table_free(struct table *table);

/* The library's own table; read at the first call. Ends the process where there is none: nothing works without it. */
const struct table *table_own(void);

#endif
