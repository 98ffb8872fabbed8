/*
 * Preloaded into nginx under valgrind, which has to report what this does at each connection that a
 * worker takes: PLANTED=freed reads freed memory, PLANTED=leak loses some, PLANTED=undefined decides
 * by what was never written, PLANTED=nothing does nothing.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char *plant = "nothing";
static volatile char sink;

/* nginx clears the environment of its workers, so it is read here. */
__attribute__((constructor)) static void read_plant(void)
{
    const char *name = getenv("PLANTED");

    if (name != NULL) {
        plant = strdup(name);
    }
}

static void do_wrong(void)
{
    char *volatile memory = malloc(64);

    if (memory == NULL) {
        return;
    }
    if (strcmp(plant, "freed") == 0) {
        free(memory);
        sink = memory[8];
        return;
    }
    if (strcmp(plant, "leak") == 0) {
        memory = NULL;
        return;
    }
    if (strcmp(plant, "undefined") == 0 && memory[8] == 'x') {
        fputs("planted\n", stderr);
    }
    free(memory);
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    int (*next)(int, struct sockaddr *, socklen_t *, int);

    *(void **) &next = dlsym(RTLD_NEXT, "accept4");
    do_wrong();
    return next(fd, address, length, flags);
}
