/*
 * Makes HIP's first queue and fills memory with it, at which HIP compiles its own kernels: ask LIBRARY…
 * The first of the libraries that can be loaded is taken. Status 0 when all of it worked.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { BYTES = 4096, VALUE = 1 };

static void *function(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL) {
        fprintf(stderr, "ask: %s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    return found;
}

static void need(int status, const char *what)
{
    if (status == 0)
        return;
    fprintf(stderr, "ask: %s ended with %d\n", what, status);
    exit(EXIT_FAILURE);
}

int main(int count, char **names)
{
    void *library = NULL;
    for (int i = 1; i < count && library == NULL; i++)
        library = dlopen(names[i], RTLD_NOW);
    if (library == NULL) {
        fprintf(stderr, "ask: %s\n", count > 1 ? dlerror() : "name a library");
        return EXIT_FAILURE;
    }
    int (*allocate)(void **, size_t);
    int (*fill)(void *, int, size_t);
    int (*wait_for_device)(void);
    *(void **)&allocate = function(library, "hipMalloc");
    *(void **)&fill = function(library, "hipMemset");
    *(void **)&wait_for_device = function(library, "hipDeviceSynchronize");
    void *memory = NULL;
    need(allocate(&memory, BYTES), "hipMalloc");
    need(fill(memory, VALUE, BYTES), "hipMemset");
    need(wait_for_device(), "hipDeviceSynchronize");
    puts("ask: HIP's kernels are there");
    return EXIT_SUCCESS;
}
