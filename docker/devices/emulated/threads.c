/* Without interrupts ROCr waits by asking again and again, without a pause: its own thread for events, and the one that waits for a
 * kernel. On two processors the first alone took four times what the kernels took (perf, with one thread for kernels). They keep a
 * priority that is lower, not the lowest: beside other programs they must still get on, because they do the program's own work too. */
#define _GNU_SOURCE
#include "threads.h"

#include <dirent.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOWER = 10 };
static const char tasks[] = "/proc/self/task";
static const char own_name[] = "gfxbake-queue";

/* Queues' threads have a name, so that one of them does not slow another. */
static bool is_own(const char *task)
{
    char path[sizeof tasks + 300], name[32] = "";
    snprintf(path, sizeof path, "%s/%s/comm", tasks, task);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return true; /* it has ended */
    bool read = fgets(name, sizeof name, file) != NULL;
    fclose(file);
    return !read || strncmp(name, own_name, sizeof own_name - 1) == 0;
}

void give_way(void)
{
    static nlink_t known; /* of threads; a race costs one more look */
    struct stat now;
    pthread_setname_np(pthread_self(), own_name);
    if (stat(tasks, &now) != 0 || now.st_nlink == known)
        return;
    known = now.st_nlink;
    DIR *folder = opendir(tasks);
    if (folder == NULL)
        return;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.' && !is_own(entry->d_name))
            (void)setpriority(PRIO_PROCESS, (id_t)strtoul(entry->d_name, NULL, 10), LOWER);
    }
    closedir(folder);
}
