/* Every macro of the header, used as its documentation says. It is valid C99 and C++11. */
#include <tollgate.h>
/* A second inclusion changes nothing. */
#include <tollgate.h>

#if TOLLGATE_VERSION_MAJOR == 0 && TOLLGATE_ABI != TOLLGATE_VERSION_MINOR
#error "the ABI number does not follow from the version"
#endif

#if TOLLGATE_VERSION_PATCH < 0
#error "a version is not negative"
#endif

/* The attributes are those of a declaration. */
TOLLGATE_API TOLLGATE_MUST_USE tollgate_status tollgate_check_abi(uint32_t);

int main(void) {
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  tollgate_decision decision = TOLLGATE_DECISION_INIT;
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_bytes text = TOLLGATE_LITERAL("text");
  int sizes = request.size == sizeof request && decision.size == sizeof decision;
  int zeros = request.monotonic_ns == 0 && decision.verdict == TOLLGATE_VERDICT_DENY &&
              decision.rate_name[0] == '\0' && context.opaque[0] == 0;
  return tollgate_check_abi(TOLLGATE_ABI) == TOLLGATE_STATUS_OK && text.len == 4 && sizes && zeros
             ? 0
             : 1;
}
