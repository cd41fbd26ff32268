#include "report.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void write_message(const char *format, va_list values)
{
    flockfile(stderr);
    fputs("gfxbake: libamd_comgr stand-in: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    funlockfile(stderr);
}

void report(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    write_message(format, values);
    va_end(values);
}

void report_and_abort(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    write_message(format, values);
    va_end(values);
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    /* A container's first process is not ended by it, and abort() would then end with SIGSEGV, which says something else. */
    _exit(128 + SIGABRT);
}
