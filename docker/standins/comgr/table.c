#include "table.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "sha256.h"

/* Far above what ever was recorded; a damaged count is not allocated. */
enum { MAGIC_BYTES = 8, TRAILER = 16, FORMAT = 1, MOST = 4096 };

static const char magic[] = "GFXCOMGR";

struct reader {
    const uint8_t *at, *end;
    bool bad;
};

static uint32_t number(struct reader *reader)
{
    uint32_t value = 0;
    if ((size_t)(reader->end - reader->at) < sizeof value) {
        reader->bad = true;
        return 0;
    }
    memcpy(&value, reader->at, sizeof value);
    reader->at += sizeof value;
    return value;
}

static uint32_t count(struct reader *reader)
{
    uint32_t value = number(reader);
    if (value > MOST)
        reader->bad = true;
    return reader->bad ? 0 : value;
}

static const uint8_t *bytes(struct reader *reader, uint32_t *size)
{
    *size = number(reader);
    size_t left = (size_t)(reader->end - reader->at);
    if (reader->bad || left <= *size || reader->at[*size] != 0) {
        reader->bad = true;
        *size = 0;
        return (const uint8_t *)"";
    }
    const uint8_t *start = reader->at;
    reader->at += (size_t)*size + 1;
    return start;
}

static const char *text(struct reader *reader)
{
    uint32_t size;
    const char *start = (const char *)bytes(reader, &size);
    if (strlen(start) != size)
        reader->bad = true;
    return start;
}

static void read_isas(struct table *table, struct reader *reader)
{
    uint32_t listed = count(reader), isas = count(reader);
    if (listed > isas)
        reader->bad = true;
    table->listed_isa_count = listed;
    table->isas = calloc(isas + 1, sizeof *table->isas);
    for (uint32_t i = 0; table->isas != NULL && i < isas && !reader->bad; i++) {
        struct recorded_isa *isa = &table->isas[table->isa_count++];
        isa->name = text(reader);
        isa->metadata = bytes(reader, &isa->metadata_bytes);
    }
}

static void read_machines(struct table *table, struct reader *reader)
{
    uint32_t machines = count(reader);
    table->machines = calloc(machines + 1, sizeof *table->machines);
    for (uint32_t i = 0; table->machines != NULL && i < machines && !reader->bad; i++) {
        struct recorded_machine *machine = &table->machines[table->machine_count++];
        machine->abi_version = number(reader);
        machine->machine = number(reader);
        machine->name = text(reader);
    }
}

static void read_outputs(struct recorded_request *request, struct reader *reader)
{
    uint32_t outputs = count(reader);
    request->outputs = calloc(outputs + 1, sizeof *request->outputs);
    for (uint32_t i = 0; request->outputs != NULL && i < outputs && !reader->bad; i++) {
        struct recorded_output *output = &request->outputs[request->output_count++];
        output->kind = number(reader);
        output->name = text(reader);
        output->bytes = bytes(reader, &output->size);
    }
    if (request->outputs == NULL)
        reader->bad = true;
}

static void read_requests(struct table *table, struct reader *reader)
{
    uint32_t requests = count(reader);
    table->requests = calloc(requests + 1, sizeof *table->requests);
    for (uint32_t i = 0; table->requests != NULL && i < requests && !reader->bad; i++) {
        struct recorded_request *request = &table->requests[table->request_count++];
        request->key = reader->at;
        if ((size_t)(reader->end - reader->at) < SHA256_BYTES) {
            reader->bad = true;
            return;
        }
        reader->at += SHA256_BYTES;
        request->text = text(reader);
        read_outputs(request, reader);
        uint8_t digest[SHA256_BYTES];
        sha256(request->text, strlen(request->text), digest);
        if (memcmp(digest, request->key, sizeof digest) != 0)
            reader->bad = true;
    }
}

const char *table_read(struct table *table, const uint8_t *file, size_t size)
{
    memset(table, 0, sizeof *table);
    uint64_t length = 0;
    if (size < TRAILER || memcmp(file + size - MAGIC_BYTES, magic, MAGIC_BYTES) != 0)
        return "has no table at its end";
    memcpy(&length, file + size - TRAILER, sizeof length);
    if (length > size - TRAILER || length < MAGIC_BYTES)
        return "has a table that is cut off";
    const uint8_t *start = file + (size - TRAILER - length);
    struct reader reader = { start + MAGIC_BYTES, start + length, false };
    if (memcmp(start, magic, MAGIC_BYTES) != 0 || number(&reader) != FORMAT)
        return "has a table of another format";
    table->major = number(&reader);
    table->minor = number(&reader);
    read_isas(table, &reader);
    read_machines(table, &reader);
    read_requests(table, &reader);
    if (!reader.bad && reader.at == reader.end && table->isas != NULL && table->machines != NULL && table->requests != NULL)
        return NULL;
    table_free(table);
    return "has a damaged table";
}

void table_free(struct table *table)
{
    for (uint32_t i = 0; i < table->request_count; i++)
        free(table->requests[i].outputs);
    free(table->requests);
    free(table->machines);
    free(table->isas);
    memset(table, 0, sizeof *table);
}

static struct table own;

static void read_own(void)
{
    Dl_info library;
    struct stat status;
    if (dladdr((void *)(uintptr_t)read_own, &library) == 0 || library.dli_fname == NULL)
        report_and_abort("the loader does not say where this library is");
    int file = open(library.dli_fname, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0)
        report_and_abort("%s can't be read: %s", library.dli_fname, strerror(errno));
    size_t size = (size_t)status.st_size;
    const uint8_t *start = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    const char *problem = start == MAP_FAILED ? "can't be mapped" : table_read(&own, start, size);
    if (problem != NULL)
        report_and_abort("%s %s; next: make the image again", library.dli_fname, problem);
}

const struct table *table_own(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_own);
    return &own;
}
