/* Gives a GPU without a name one.
 *
 * Why: ROCr asks the kernel's graphics driver for a GPU's name, and in model mode there is none, so that the name is empty.
 * Ollama 0.30 and later reads llama-server's list of devices and takes a line without a name for no device.
 *
 * It stands before ROCr by LD_PRELOAD, in programs that have no ROCr as well; so it looks for the real function when it is
 * called: then ROCr is there. Written from hsa.h and hsa_ext_amd.h.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SUCCESS = 0, ERROR = 0x1000, PRODUCT_NAME = 0xA009 };

struct agent {
    uint64_t handle;
};

typedef int get_info(struct agent agent, uint32_t attribute, void *value);

__attribute__((visibility("default"))) get_info hsa_agent_get_info;

int hsa_agent_get_info(struct agent agent, uint32_t attribute, void *value)
{
    get_info *real = NULL;
    void *library = dlopen("libhsa-runtime64.so.1", RTLD_NOLOAD | RTLD_LAZY);
    if (library != NULL) {
        /* ISO C has no cast from a pointer to data. */
        void *found = dlsym(library, "hsa_agent_get_info");
        memcpy(&real, &found, sizeof real);
        dlclose(library);
    }
    if (real == NULL)
        return ERROR;
    int status = real(agent, attribute, value);
    /* The value has 64 bytes. */
    if (status == SUCCESS && attribute == PRODUCT_NAME && *(const char *)value == '\0')
        strcpy(value, "gfxbake null GPU");
    return status;
}
