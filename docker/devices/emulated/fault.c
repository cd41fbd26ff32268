/* What ends a launch: its sentence, and the way out of it. */
#define _GNU_SOURCE
#include "launch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

static _Thread_local struct worker *current;
static pthread_mutex_t error_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before[2];

void report(struct worker *worker, const char *what)
{
    struct launch *launch = worker->launch;
    char text[160] = "?";
    const struct inst *inst = worker->inst;
    uint64_t pc = worker->fault_pc;
    if (inst != NULL && worker->page != NULL) {
        size_t at = (size_t)(inst - worker->page->insts);
        if (emu_disassemble(launch->target, worker->page->words + at, inst->words * sizeof(uint32_t), pc, text, sizeof text) < 0)
            snprintf(text, sizeof text, "0x%08" PRIx32, worker->page->words[at]);
    }
    pthread_mutex_lock(&error_lock);
    if (launch->error_size > 0 && launch->error[0] == '\0')
        snprintf(launch->error, launch->error_size, "kernel %s, at 0x%" PRIx64 " (its code's byte %" PRIu64 "): %s: %s",
                 launch->request->name != NULL ? launch->request->name : "without a name", pc, pc - launch->request->code, text, what);
    pthread_mutex_unlock(&error_lock);
}

void report_no_memory(struct launch *launch)
{
    pthread_mutex_lock(&error_lock);
    if (launch->error_size > 0)
        snprintf(launch->error, launch->error_size, "there is no memory for a work-group's registers and scratch");
    pthread_mutex_unlock(&error_lock);
}

void fail(struct worker *worker, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    report(worker, what);
    worker->failed = 1;
    siglongjmp(worker->jump, 1);
}

void faults_are_of(struct worker *worker)
{
    current = worker;
}

/* A fault of an emulated access ends its launch; any other goes where it went before. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    struct worker *worker = current;
    if (worker != NULL) {
        current = NULL;
        worker->fault_pc |= 0;
        char what[80];
        snprintf(what, sizeof what, "it touches 0x%" PRIx64 ", where no memory is", (uint64_t)(uintptr_t)info->si_addr);
        report(worker, what);
        worker->failed = 1;
        siglongjmp(worker->jump, 1);
    }
    struct sigaction *old = &before[number == SIGBUS];
    if ((old->sa_flags & SA_SIGINFO) && old->sa_sigaction != NULL) {
        old->sa_sigaction(number, info, context);
    } else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(number);
    } else {
        signal(number, SIG_DFL);
        raise(number);
    }
}

void catch_faults(void)
{
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
    sigaction(SIGSEGV, &action, &before[0]);
    sigaction(SIGBUS, &action, &before[1]);
}
