#include <stdio.h>
#include <time.h>
#include <tollgate.h>

/* Loads the policy on standard input and decides on one request: example < example.json */
int main(void) {
    static char text[65536], errors[4096];
    tollgate_bytes document = tollgate_bytes_of(text, fread(text, 1, sizeof text, stdin));
    tollgate_bytes here = {NULL, 0};
    tollgate_policy *policy = NULL;
    tollgate_gate *gate = NULL;
    size_t length = 0;
    if (tollgate_check_abi(TOLLGATE_ABI) != TOLLGATE_STATUS_OK ||
        tollgate_policy_load(document, TOLLGATE_LITERAL("policy"), TOLLGATE_SECRET_MODE_TEXT, here,
                             (uint8_t *)errors, sizeof errors - 1, &length, &policy) ||
        tollgate_gate_new(policy, &gate)) {
        fprintf(stderr, "%s", errors);
        return 2;
    }
    static const uint8_t peer[4] = {203, 0, 113, 7};
    tollgate_header_line headers[] = {
        {TOLLGATE_LITERAL("Content-Type"), TOLLGATE_LITERAL("application/json")},
        {TOLLGATE_LITERAL("Authorization"),
         TOLLGATE_LITERAL("Basic Y2FzaG91dF9BUElfS2V5OmNhc2hvdXRfQVBJX1Bhc3NwaHJhc2U=")},
        {TOLLGATE_LITERAL("Payload-Signature"),
         TOLLGATE_LITERAL("d6037b18ac8412613e00ca8dda52dd005d1ca961e0220d622b2f6ffb9ff13d94")}};
    tollgate_request request = {
        .size = sizeof request, .headers = headers, .header_count = 3, .tls = 1,
        .route = TOLLGATE_LITERAL("cashout"), .method = TOLLGATE_LITERAL("POST"),
        .target = TOLLGATE_LITERAL("/v3/cashout"), .peer = tollgate_bytes_of(peer, 4),
        .body = TOLLGATE_LITERAL("{\"external_id\":\"1001\",\"country\":\"MX\",\"amount\":2000,"
                                 "\"currency\":\"MXN\"}"), .unix_ms = (uint64_t)time(NULL) * 1000};
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    tollgate_status status = tollgate_gate_verify(gate, &request, &decision);
    printf("%s: %s\n", decision.verdict == TOLLGATE_VERDICT_ALLOW ? "allow" : "deny",
           (const char *)tollgate_reason_name(decision.reason).data);
    tollgate_gate_free(gate);
    tollgate_policy_free(policy);
    return status != TOLLGATE_STATUS_OK || decision.verdict != TOLLGATE_VERDICT_ALLOW;
}
