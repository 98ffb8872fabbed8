/* Decisions through the C ABI: one request, what spoils it, and that the flat form, the struct and
 * the pieces agree in every byte. */
#include "fixture.h"

#include <stdint.h>

/* The decision on the same request in arguments of its own. */
static tollgate_decision decide_flat(const tollgate_gate *gate, const tollgate_request *request) {
  static char text[65536];
  size_t len = 0;
  for (size_t at = 0; at < request->header_count; at++) {
    const tollgate_header_line *line = &request->headers[at];
    len += (size_t)snprintf(text + len, sizeof text - len, "%.*s: %.*s%s", (int)line->name.len,
                            (const char *)line->name.data, (int)line->value.len,
                            (const char *)line->value.data, at % 2 == 0 ? "\r\n" : "\n");
  }
  tollgate_bytes head = lend(text, len);
  tollgate_decision decision = allowing();
  const tollgate_request *r = request;
  EXPECT_STATUS(OK, tollgate_gate_verify_flat(
                        gate, r->route.data, r->route.len, r->method.data, r->method.len,
                        r->target.data, r->target.len, r->host.data, r->host.len, head.data,
                        head.len, r->body.data, r->body.len, r->peer.data, r->peer.len, r->tls,
                        r->unix_ms, r->monotonic_ns, &decision));
  take_back(head);
  return decision;
}

/* The decision on the same request with its body in two pieces. */
static tollgate_decision decide_in_pieces(const tollgate_gate *gate,
                                          const tollgate_request *request) {
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  tollgate_decision decision = allowing();
  uint32_t wanted = 77;
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, request, &context, &decision));
  EXPECT_NUMBER(TOLLGATE_VERDICT_DENY, decision.verdict);
  if (decision.reason != TOLLGATE_REASON_NONE) return decision;
  size_t half = request->body.len / 2, rest = request->body.len - half;
  tollgate_bytes first = lend(request->body.data, half);
  tollgate_bytes second = lend(request->body.data + half, rest);
  EXPECT_STATUS(OK, tollgate_context_update(&context, first, &wanted));
  EXPECT_STATUS(OK, tollgate_context_update(&context, second, &wanted));
  decision = allowing();
  EXPECT_STATUS(OK, tollgate_context_finish(&context, request->unix_ms, request->monotonic_ns,
                                            &decision));
  take_back(first);
  take_back(second);
  return decision;
}

static void value(struct cashout *cashout, int line, const char *text) {
  replace(&cashout->lines[line].value, text);
}

static void no_change(struct cashout *cashout) { (void)cashout; }
static void other_body(struct cashout *cashout) {
  ((uint8_t *)(uintptr_t)cashout->request.body.data)[100] ^= 1;
}
static void upper_case_signature(struct cashout *cashout) {
  value(cashout, SIGNATURE, "2ABD450B54333B16403BA0C0B536338C71E5BF2EE7431E5158EC2F0F4E8FC5DB");
}
static void signature_of_another(struct cashout *cashout) {
  value(cashout, SIGNATURE, SIGNED_TWO);
}
static void no_signature(struct cashout *cashout) { cashout->request.header_count = SIGNATURE; }
static void no_user_agent(struct cashout *cashout) {
  replace(&cashout->lines[USER_AGENT].name, "X-Agent");
}
static void wrong_media_type(struct cashout *cashout) {
  value(cashout, CONTENT_TYPE, "text/plain");
}
static void wrong_passphrase(struct cashout *cashout) {
  value(cashout, AUTHORIZATION, "Basic Y2FzaG91dF9BUElfS2V5Ondyb25n"); /* cashout_API_Key:wrong */
}
static void unknown_user(struct cashout *cashout) {
  value(cashout, AUTHORIZATION, "Basic bm9ib2R5Ondyb25n"); /* nobody:wrong */
}
static void no_credential(struct cashout *cashout) {
  replace(&cashout->lines[AUTHORIZATION].name, "X-Authorization");
}
static void repeated_header(struct cashout *cashout) {
  replace(&cashout->lines[USER_AGENT].name, "authorization");
}
static void outside_address(struct cashout *cashout) {
  take_back(cashout->request.peer);
  cashout->request.peer = lend(PEER_TWO, 4);
}
static void no_address(struct cashout *cashout) {
  take_back(cashout->request.peer);
  cashout->request.peer = tollgate_bytes_of(NULL, 0);
}
static void mapped_address(struct cashout *cashout) {
  take_back(cashout->request.peer);
  cashout->request.peer = lend("\0\0\0\0\0\0\0\0\0\0\xff\xff" PEER_ONE, 16);
}
static void plain_http(struct cashout *cashout) { cashout->request.tls = 0; }
static void other_method(struct cashout *cashout) { replace(&cashout->request.method, "PUT"); }
static void no_method(struct cashout *cashout) { replace(&cashout->request.method, ""); }
static void bad_target(struct cashout *cashout) { replace(&cashout->request.target, "/a b"); }
static void other_host(struct cashout *cashout) { replace(&cashout->request.host, "example.org"); }
static void no_route(struct cashout *cashout) { replace(&cashout->request.route, "nowhere"); }
static void empty_route(struct cashout *cashout) { replace(&cashout->request.route, ""); }
static void control_octet(struct cashout *cashout) { value(cashout, USER_AGENT, "a\x01z"); }
static void short_body(struct cashout *cashout) { cashout->request.body.len--; }
static void counted_route(struct cashout *cashout) { replace(&cashout->request.route, "few"); }

static const struct {
  const char *name;
  void (*spoil)(struct cashout *);
  uint32_t verdict, reason, http_status;
  const char *header;
} CASES[] = {
    {"as it was sent", no_change, 1, TOLLGATE_REASON_OK, 200, ""},
    {"v4-mapped address", mapped_address, 1, TOLLGATE_REASON_OK, 200, ""},
    {"tampered body", other_body, 0, TOLLGATE_REASON_SIG_MISMATCH, 401, ""},
    {"upper-case signature", upper_case_signature, 0, TOLLGATE_REASON_SIG_ENCODING, 401, 0},
    {"another's signature", signature_of_another, 0, TOLLGATE_REASON_SIG_MISMATCH, 401, ""},
    {"no signature", no_signature, 0, TOLLGATE_REASON_MISSING_SIGNATURE, 401, 0},
    {"no User-Agent", no_user_agent, 0, TOLLGATE_REASON_MISSING_HEADER, 400, "User-Agent"},
    {"media type", wrong_media_type, 0, TOLLGATE_REASON_BAD_CONTENT_TYPE, 415, "Content-Type"},
    {"wrong passphrase", wrong_passphrase, 0, TOLLGATE_REASON_BAD_SECRET, 401, ""},
    {"unknown user", unknown_user, 0, TOLLGATE_REASON_UNKNOWN_KEY, 401, ""},
    {"no credential", no_credential, 0, TOLLGATE_REASON_NO_CREDENTIAL, 401, ""},
    {"repeated header", repeated_header, 0, TOLLGATE_REASON_DUP_HEADER, 400, "Authorization"},
    {"outside address", outside_address, 0, TOLLGATE_REASON_IP_NOT_ALLOWED, 403, ""},
    {"no address", no_address, 0, TOLLGATE_REASON_IP_NOT_ALLOWED, 403, ""},
    {"plain HTTP", plain_http, 0, TOLLGATE_REASON_TLS_REQUIRED, 403, ""},
    {"other method", other_method, 0, TOLLGATE_REASON_METHOD_NOT_ALLOWED, 405, ""},
    {"no method", no_method, 0, TOLLGATE_REASON_BAD_TARGET, 400, ""},
    {"bad target", bad_target, 0, TOLLGATE_REASON_BAD_TARGET, 400, ""},
    {"other host", other_host, 0, TOLLGATE_REASON_WRONG_HOST, 421, ""},
    {"no such route", no_route, 0, TOLLGATE_REASON_CONFIG_MISSING, 503, ""},
    {"empty route", empty_route, 0, TOLLGATE_REASON_CONFIG_MISSING, 503, ""},
    {"control octet", control_octet, 0, TOLLGATE_REASON_BAD_HEADER_OCTET, 400, 0},
    {"short body", short_body, 0, TOLLGATE_REASON_LENGTH_MISMATCH, 400, 0},
    {"limits not attached", counted_route, 0, TOLLGATE_REASON_LIMITS_UNAVAILABLE, 503, ""},
};

/* Decided from the head alone, and so before the secret is proved: it is then 401 outside. */
static bool is_early(uint32_t reason) { return reason == TOLLGATE_REASON_IP_NOT_ALLOWED; }

static void one_case(const tollgate_gate *gate, size_t at) {
  struct cashout cashout;
  cashout_init(&cashout);
  CASES[at].spoil(&cashout);
  int failed = atomic_load(&failures);
  tollgate_decision whole = decide(gate, &cashout.request);
  EXPECT_NUMBER(CASES[at].verdict, whole.verdict);
  EXPECT_NUMBER(CASES[at].reason, whole.reason);
  EXPECT_NUMBER(CASES[at].http_status, whole.http_status);
  if (CASES[at].header != NULL) EXPECT(strcmp(CASES[at].header, whole.header) == 0);
  tollgate_decision flat = decide_flat(gate, &cashout.request);
  EXPECT(memcmp(&whole, &flat, DECISION_BYTES) == 0);
  tollgate_decision pieces = decide_in_pieces(gate, &cashout.request);
  EXPECT_NUMBER(whole.verdict, pieces.verdict);
  EXPECT_NUMBER(whole.reason, pieces.reason);
  if (is_early(whole.reason))
    EXPECT(pieces.http_status == 401 && pieces.authenticated == 0);
  else
    EXPECT(memcmp(&whole, &pieces, DECISION_BYTES) == 0);
  if (atomic_load(&failures) != failed) fprintf(stderr, "in the case: %s\n", CASES[at].name);
  cashout_free(&cashout);
}

static void what_is_in_a_decision(const tollgate_gate *gate) {
  struct cashout cashout;
  cashout_init(&cashout);
  tollgate_decision decision = decide(gate, &cashout.request);
  EXPECT_ALLOWED(decision);
  EXPECT_NUMBER(sizeof decision, decision.size);
  EXPECT(decision.authenticated == 1 && decision.generation == 1);
  EXPECT(strcmp(decision.credential, "merchant-1") == 0);
  EXPECT_NUMBER(TOLLGATE_CHALLENGE_BASIC | TOLLGATE_CHALLENGE_SIGNATURE, decision.challenges);
  EXPECT(decision.would_deny == 0 && decision.quirks == 0 && decision.has_rate == 0);
  cashout_free(&cashout);
}

static void zeroed_decisions_deny(void) {
  tollgate_decision zeroed, initial = TOLLGATE_DECISION_INIT;
  memset(&zeroed, 0, sizeof zeroed);
  EXPECT_DENIED(NONE, zeroed);
  EXPECT_DENIED(NONE, initial);
  EXPECT(initial.authenticated == 0 && initial.size == sizeof initial);
}

/* More header lines than any policy allows is a denial, however many they are. */
static void very_many_headers(const tollgate_gate *gate) {
  enum { MANY = 5000 };
  static tollgate_header_line lines[MANY];
  struct cashout cashout;
  cashout_init(&cashout);
  for (size_t at = 0; at < MANY; at++)
    lines[at] = (tollgate_header_line){TOLLGATE_LITERAL("X-Line"), TOLLGATE_LITERAL("v")};
  static const size_t counts[] = {65, 128, 129, 130, MANY};
  for (size_t at = 0; at < sizeof counts / sizeof *counts; at++) {
    tollgate_request request = cashout.request;
    request.headers = lines;
    request.header_count = counts[at];
    tollgate_decision whole = decide(gate, &request), flat = decide_flat(gate, &request);
    EXPECT_DENIED(TOO_MANY_HEADERS, whole);
    EXPECT(memcmp(&whole, &flat, DECISION_BYTES) == 0);
  }
  cashout_free(&cashout);
}

/* Heads that are no heads: the flat form is as strict as the lines that it stands for. */
static void heads_as_text(const tollgate_gate *gate) {
  static const struct {
    const char *head;
    uint32_t reason;
  } cases[] = {
      {"", TOLLGATE_REASON_MISSING_HEADER},
      {"\r\n", TOLLGATE_REASON_MISSING_HEADER},
      {"User-Agent: a\r\n\r\nContent-Type: application/json\r\n", TOLLGATE_REASON_BAD_CONTENT_TYPE},
      {"User-Agent\r\n", TOLLGATE_REASON_BAD_HEADER_OCTET},
      {"User-Agent : a\r\n", TOLLGATE_REASON_BAD_HEADER_OCTET},
      {": a\r\n", TOLLGATE_REASON_BAD_HEADER_OCTET},
      {"User-Agent: a\r\n b\r\n", TOLLGATE_REASON_BAD_HEADER_OCTET},
      {"User-Agent: a\rb\r\n", TOLLGATE_REASON_BAD_HEADER_OCTET},
      {"User-Agent: a\r\r\n", TOLLGATE_REASON_BAD_HEADER_OCTET},
      {"User-Agent:a", TOLLGATE_REASON_BAD_CONTENT_TYPE},
  };
  struct cashout cashout;
  cashout_init(&cashout);
  const tollgate_request *r = &cashout.request;
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    tollgate_bytes head = lend(cases[at].head, strlen(cases[at].head));
    tollgate_decision decision = allowing();
    EXPECT_STATUS(OK, tollgate_gate_verify_flat(
                          gate, r->route.data, r->route.len, r->method.data, r->method.len,
                          r->target.data, r->target.len, r->host.data, r->host.len, head.data,
                          head.len, r->body.data, r->body.len, r->peer.data, r->peer.len, r->tls,
                          r->unix_ms, r->monotonic_ns, &decision));
    EXPECT_NUMBER(TOLLGATE_VERDICT_DENY, decision.verdict);
    EXPECT_NUMBER(cases[at].reason, decision.reason);
    take_back(head);
  }
  cashout_free(&cashout);
}

int main(void) {
  tollgate_gate *gate = fixture_gate("one.json");
  zeroed_decisions_deny();
  what_is_in_a_decision(gate);
  for (size_t at = 0; at < sizeof CASES / sizeof *CASES; at++) one_case(gate, at);
  very_many_headers(gate);
  heads_as_text(gate);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  return expectations_met("gate");
}
