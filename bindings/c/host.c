#define _GNU_SOURCE
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum {
    ERRORS_SIZE = 16384,
    MEMORY_ALIGNMENT = 64,
    /* Room for credentials that later policies add: the memory outlives the first one. */
    MORE_CREDENTIALS = 1024,
    ADDRESSES = 65536,
    /* So many messages of routes that take each only once may come in a window. */
    MESSAGES = 65536,
    /* What later policies may need: ten minutes, if the first one needs no more. */
    LEAST_WINDOW_MS = 600000,
};

bool worked(tollgate_status status, const char *what) {
    if (status != TOLLGATE_STATUS_OK) {
        fprintf(stderr, "%s: %s\n", what, (const char *)tollgate_status_text(status).data);
    }
    return status == TOLLGATE_STATUS_OK;
}

tollgate_bytes text_bytes(const char *text) {
    return tollgate_bytes_of(text, text == NULL ? 0 : strlen(text));
}

static uint64_t clock_ns(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) {
        abort();
    }
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Where the clocks stand, in nanoseconds since 1970; 0 while they go. */
static uint64_t stopped_ns;

void stop_clocks(uint64_t unix_s) {
    stopped_ns = unix_s * 1000000000u;
}

uint64_t unix_ms(void) {
    return (stopped_ns == 0 ? clock_ns(CLOCK_REALTIME) : stopped_ns) / 1000000u;
}

uint64_t monotonic_ns(void) {
    return stopped_ns == 0 ? clock_ns(CLOCK_MONOTONIC) : stopped_ns;
}

uint64_t thread_ns(void) {
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* All of an open file, or NULL. */
static char *read_all(FILE *file, size_t *length) {
    if (fseek(file, 0, SEEK_END) != 0) {
        return NULL;
    }
    long size = ftell(file);
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0) {
        return NULL;
    }
    char *text = malloc((size_t)size + 1);
    if (text == NULL) {
        return NULL;
    }
    *length = fread(text, 1, (size_t)size, file);
    if (*length != (size_t)size) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *text = file == NULL ? NULL : read_all(file, length);
    if (text == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
    }
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

static void print_errors(const uint8_t *errors, size_t length) {
    size_t shown = length < ERRORS_SIZE ? length : ERRORS_SIZE;
    fwrite(errors, 1, shown, stderr);
    if (shown > 0 && errors[shown - 1] != '\n') {
        fputc('\n', stderr);
    }
    if (shown < length) {
        fputs("(and more)\n", stderr);
    }
}

tollgate_policy *load_policy(const char *path) {
    static const tollgate_bytes here = {NULL, 0};
    const char *slash = strrchr(path, '/');
    tollgate_bytes folder = slash == NULL ? here : tollgate_bytes_of(path, (size_t)(slash - path) + 1);
    uint8_t errors[ERRORS_SIZE];
    tollgate_policy *policy = NULL;
    size_t length = 0;
    char *document = read_file(path, &length);
    if (document == NULL) {
        return NULL;
    }
    tollgate_bytes text = tollgate_bytes_of(document, length);
    tollgate_status status = tollgate_policy_load(text, text_bytes(path), TOLLGATE_SECRET_MODE_HOST,
                                                  folder, errors, sizeof errors, &length, &policy);
    free(document);
    if (status == TOLLGATE_STATUS_POLICY_INVALID) {
        print_errors(errors, length);
        return NULL;
    }
    return worked(status, path) ? policy : NULL;
}

/* Memory of the library, aligned, and 16 random bytes for its seed; NULL, and a line on stderr, if
 * there is none. */
static void *allocate(size_t size, uint8_t seed[16]) {
    void *memory = NULL;
    if (getrandom(seed, 16, 0) != 16 || posix_memalign(&memory, MEMORY_ALIGNMENT, size) != 0) {
        fputs("no random numbers or no memory\n", stderr);
        return NULL;
    }
    return memory;
}

/* Makes memory for limits ready and attaches it. */
static bool attach_limits(const tollgate_gate *gate, const tollgate_policy *policy, void **memory) {
    uint8_t seed[16];
    size_t credentials = 0;
    size_t size = 0;
    if (!worked(tollgate_policy_credential_count(policy, &credentials), "credentials")) {
        return false;
    }
    credentials += MORE_CREDENTIALS;
    if (!worked(tollgate_limits_size(credentials, ADDRESSES, &size), "size of the limits")) {
        return false;
    }
    *memory = allocate(size, seed);
    tollgate_bytes random = tollgate_bytes_of(seed, sizeof seed);
    return *memory != NULL &&
           worked(tollgate_limits_init(*memory, size, credentials, ADDRESSES, random), "limits") &&
           worked(tollgate_gate_attach_limits(gate, *memory, size), "limits");
}

/* Makes memory of messages ready, for routes that take each only once, and attaches it. */
static bool attach_replay(const tollgate_gate *gate, const tollgate_policy *policy, void **memory) {
    uint8_t seed[16];
    uint64_t window_ms = 0;
    size_t size = 0;
    if (!worked(tollgate_policy_replay_window(policy, &window_ms), "window of messages") ||
        !worked(tollgate_replay_size(MESSAGES, &size), "size of the messages")) {
        return false;
    }
    if (window_ms < LEAST_WINDOW_MS) {
        window_ms = LEAST_WINDOW_MS;
    }
    *memory = allocate(size, seed);
    tollgate_bytes random = tollgate_bytes_of(seed, sizeof seed);
    return *memory != NULL &&
           worked(tollgate_replay_init(*memory, size, MESSAGES, window_ms, random), "messages") &&
           worked(tollgate_gate_attach_replay(gate, *memory, size), "messages");
}

tollgate_gate *make_gate(const tollgate_policy *policy, struct memory *memory) {
    tollgate_gate *gate = NULL;
    *memory = (struct memory){NULL, NULL};
    if (!worked(tollgate_gate_new(policy, &gate), "gate")) {
        return NULL;
    }
    if (!attach_limits(gate, policy, &memory->limits) ||
        !attach_replay(gate, policy, &memory->replay)) {
        free_gate(gate, memory);
        return NULL;
    }
    return gate;
}

void free_gate(tollgate_gate *gate, struct memory *memory) {
    tollgate_gate_free(gate);
    free(memory->limits);
    free(memory->replay);
}
