#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "data.h"
#include "offload.h"
#include "report.h"
#include "sha256.h"
#include "table.h"

enum { LONGEST_LINE = 300, SHOWN = 4096, KIND_BYTES = 32 };

/*
 * The text whose digest is a request's key; recorder.c writes the same. Logs and diagnostics say nothing of what is asked:
 *
 *   action 12
 *   language 2
 *   isa amdgcn-amd-amdhsa--gfx1100
 *   device-libs 0
 *   option -cl-std=CL2.0
 *   in 1 SHA-256 name
 */
static char *request_text(amd_comgr_action_kind_t kind, const struct action *action, const struct data_set *input)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "action %u\nlanguage %u\nisa %s\ndevice-libs %d\n", kind, action->language, action->isa == NULL ? "" : action->isa,
        action->links_device_libraries);
    for (size_t i = 0; i < action->options.count; i++)
        fprintf(out, "option %s\n", action->options.items[i]);
    for (unsigned data_kind = 1; data_kind <= AMD_COMGR_DATA_KIND_LAST; data_kind++) {
        for (size_t i = 0; i < input->count; i++) {
            const struct data *data = input->members[i];
            if (data->kind != data_kind || data_kind == AMD_COMGR_DATA_KIND_LOG || data_kind == AMD_COMGR_DATA_KIND_DIAGNOSTIC)
                continue;
            uint8_t digest[SHA256_BYTES];
            char hex[SHA256_HEX];
            sha256(data->bytes, data->size, digest);
            sha256_hex(digest, hex);
            fprintf(out, "in %u %s %s\n", data_kind, hex, data->name);
        }
    }
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}

static bool has_line(const char *text, const char *line, size_t length)
{
    while (*text != 0) {
        size_t here = strcspn(text, "\n");
        if (here == length && memcmp(text, line, length) == 0)
            return true;
        text += here + (text[here] == '\n');
    }
    return false;
}

/* The lines of one text that another lacks. */
static void write_missing(FILE *out, const char *label, const char *text, const char *other)
{
    while (*text != 0) {
        size_t length = strcspn(text, "\n");
        if (!has_line(other, text, length))
            fprintf(out, "\n    %s %.*s", label, (int)(length > LONGEST_LINE ? LONGEST_LINE : length), text);
        text += length + (text[length] == '\n');
    }
}

/* The recorded request of the same kind of action that differs least would need a search; the last one does for people. */
static const char *nearest(const struct table *table, amd_comgr_action_kind_t kind)
{
    char start[KIND_BYTES];
    int length = snprintf(start, sizeof start, "action %u\n", kind);
    const char *found = "";
    for (uint32_t i = 0; i < table->request_count; i++) {
        if (strncmp(table->requests[i].text, start, (size_t)length) == 0)
            found = table->requests[i].text;
    }
    return found;
}

__attribute__((noreturn)) static void refuse(const struct table *table, amd_comgr_action_kind_t kind, const char *request)
{
    char difference[SHOWN] = "";
    FILE *out = fmemopen(difference, sizeof difference, "w");
    if (out != NULL) {
        const char *recorded = nearest(table, kind);
        write_missing(out, "asked for:", request, recorded);
        write_missing(out, "recorded: ", recorded, request);
        fclose(out);
    }
    report_and_abort("HIP asks to compile something that was not recorded when this image was made (%u requests were), and this image has "
                     "no compiler.%s\n    next: unset variables that change how HIP compiles (GPU_ENABLE_WGP_MODE, "
                     "GPU_ENABLE_WAVE32_MODE, AMD_OCL_*), leave HSA_OVERRIDE_GFX_VERSION as the image has it, or " WAY_BACK,
        table->request_count, difference);
}

EXPORTED amd_comgr_status_t amd_comgr_do_action(
    amd_comgr_action_kind_t kind, amd_comgr_action_info_t info, amd_comgr_data_set_t input, amd_comgr_data_set_t result)
{
    const struct action *action = action_of(info);
    struct data_set *output = data_set_of(result);
    if (action == NULL || data_set_of(input) == NULL || output == NULL)
        return INVALID;
    if (kind == AMD_COMGR_ACTION_UNBUNDLE)
        return offload_unbundle(action, data_set_of(input), output);
    char *request = request_text(kind, action, data_set_of(input));
    if (request == NULL)
        return NO_MEMORY;
    const struct table *table = table_own();
    uint8_t key[SHA256_BYTES];
    sha256(request, strlen(request), key);
    const struct recorded_request *found = NULL;
    for (uint32_t i = 0; i < table->request_count && found == NULL; i++) {
        if (memcmp(table->requests[i].key, key, sizeof key) == 0)
            found = &table->requests[i];
    }
    if (found == NULL)
        refuse(table, kind, request);
    free(request);
    amd_comgr_status_t status = SUCCESS;
    for (uint32_t i = 0; i < found->output_count && status == SUCCESS; i++) {
        const struct recorded_output *one = &found->outputs[i];
        status = data_set_take(output, data_new((amd_comgr_data_kind_t)one->kind, one->name, one->bytes, one->size));
    }
    return status;
}
