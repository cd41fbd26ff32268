/* Code, page by page: copied, decoded, and looked at again in each launch. */
#define _GNU_SOURCE
#include "launch.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };
static struct page *buckets[BUCKETS];
static pthread_mutex_t page_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t launches; /* under page_lock */

uint64_t new_launch_number(void)
{
    pthread_mutex_lock(&page_lock);
    uint64_t number = ++launches;
    pthread_mutex_unlock(&page_lock);
    return number;
}

static void copy_code(struct worker *worker, struct page *page, uint64_t base)
{
    uint64_t end = worker->launch->request->code_end;
    size_t bytes = sizeof page->words;
    if (end != 0 && end < base + bytes)
        bytes = end > base ? (size_t)(end - base) & ~(size_t)3 : 0;
    /* What lies behind the page may be unreadable, and no instruction of this page need reach it. */
    if (end == 0 && bytes > PAGE_BYTES)
        bytes = PAGE_BYTES;
    if (bytes > 0 && !is_readable(base, bytes)) {
        bytes = bytes > PAGE_BYTES ? PAGE_BYTES : bytes;
        if (!is_readable(base, bytes))
            bytes = 0;
    }
    if (base == 0)
        bytes = 0;
    if (bytes > 0)
        memcpy(page->words, (const void *)(uintptr_t)base, bytes);
    page->readable = (unsigned)(bytes / sizeof *page->words);
}

static void decode_page(struct worker *worker, struct page *page)
{
    for (unsigned i = 0; i < PAGE_WORDS; i++) {
        memset(&page->insts[i], 0, sizeof page->insts[i]);
        if (i < page->readable) {
            decode(worker->launch->target, page->words + i, page->readable - i, &page->insts[i]);
            prepare(worker->launch->lanes, &page->insts[i]);
        }
    }
}

/* Pages are never freed: another launch may run on one. What changed gets a new page in front of the old. */
const struct page *page_at(struct worker *worker, uint64_t pc, uint64_t launch_number)
{
    uint64_t base = pc & ~(uint64_t)(PAGE_BYTES - 1);
    struct page **bucket = &buckets[(base / PAGE_BYTES * 31 + (uint64_t)worker->launch->target) % BUCKETS];
    pthread_mutex_lock(&page_lock);
    struct page *page = *bucket;
    while (page != NULL && page->base != base)
        page = page->next;
    if (page == NULL || page->checked != launch_number) {
        struct page *fresh = calloc(1, sizeof *fresh);
        pthread_mutex_unlock(&page_lock);
        if (fresh == NULL)
            fail(worker, "there is no memory for its code");
        worker->page = NULL;
        worker->inst = NULL;
        copy_code(worker, fresh, base); /* may fault, so no lock is held */
        pthread_mutex_lock(&page_lock);
        if (page != NULL && page->readable == fresh->readable && memcmp(page->words, fresh->words, sizeof page->words) == 0) {
            page->checked = launch_number;
            free(fresh);
        } else {
            fresh->base = base;
            fresh->checked = launch_number;
            decode_page(worker, fresh);
            fresh->next = *bucket;
            *bucket = page = fresh;
        }
    }
    pthread_mutex_unlock(&page_lock);
    return page;
}
