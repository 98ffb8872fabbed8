/* A program that needs one function. What only the others need is not linked into it. */
#include <string.h>

#include "tollgate.h"

int main(void) {
    tollgate_bytes name = tollgate_reason_name(TOLLGATE_REASON_OK);
    return name.len == 2 && memcmp(name.data, "ok", 2) == 0 ? 0 : 1;
}
