#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool complain(struct problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    return false;
}

void give_up(const char *format, ...)
{
    static const char prefix[] = "gfxbake-nullgpu: ";
    char line[sizeof prefix + 2 * PROBLEM_BYTES];
    memcpy(line, prefix, sizeof prefix);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + sizeof prefix - 1, sizeof line - sizeof prefix, format, arguments);
    va_end(arguments);
    size_t length = strlen(line);
    line[length++] = '\n';
    /* One write: other threads print too. */
    if (write(STDERR_FILENO, line, length) < 0)
        _exit(EXIT_FAILURE);
    abort();
}
