/* Policies through the C ABI: what a document with errors gives, into buffers of every size, and
 * that it is all or nothing, and what a policy says of its routes. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdint.h>
#include <stdlib.h>

static const tollgate_bytes NOTHING = {NULL, 0};

/* What no call may change if it fails. */
static tollgate_policy *const UNTOUCHED = (tollgate_policy *)(uintptr_t)0x1000;

static tollgate_bytes text(const char *characters) {
  return tollgate_bytes_of(characters, strlen(characters));
}

/* Loads a document with errors into an error buffer of each size up to the whole text and beyond:
 * the beginning is written, the length is that of the whole, nothing else changes. */
static void refused(tollgate_bytes document, const char *beginning) {
  size_t whole = 0;
  tollgate_policy *policy = UNTOUCHED;
  EXPECT_STATUS(POLICY_INVALID, tollgate_policy_load(document, text("p.json"), 0, NOTHING, NULL, 0,
                                                     &whole, &policy));
  EXPECT(whole > 0 && policy == UNTOUCHED);
  char *all = malloc(whole + 8);
  if (all == NULL) abort();
  for (size_t capacity = whole + 8; capacity-- > 0;) {
    size_t length = 0, written = capacity < whole ? capacity : whole;
    uint8_t *errors = malloc(capacity + 1);
    if (errors == NULL) abort();
    memset(errors, 0xa5, capacity + 1);
    EXPECT_STATUS(POLICY_INVALID, tollgate_policy_load(document, text("p.json"), 0, NOTHING, errors,
                                                       capacity, &length, &policy));
    EXPECT(length == whole && policy == UNTOUCHED);
    if (capacity == whole + 7) memcpy(all, errors, whole);
    EXPECT(memcmp(all, errors, written) == 0);
    EXPECT(all_are(0xa5, errors + written, capacity + 1 - written));
    free(errors);
  }
  all[whole] = '\0';
  EXPECT(strncmp(all, beginning, strlen(beginning)) == 0);
  if (strncmp(all, beginning, strlen(beginning)) != 0) fprintf(stderr, "%s\n", all);
  free(all);
}

static void documents_with_errors(void) {
  refused(NOTHING, "p.json:1:1: ");
  refused(text("{"), "p.json:1:1: ");
  refused(text("[]"), "p.json:1:1: ");
  refused(text("{}"), "p.json:1:1: ");
  refused(text("\xff\xfe"), "p.json:1:1: ");
  refused(text("{\"tollgate\":1,\n \"tollgate\":1}"), "p.json:");
  refused(text("{\"tollgate\":2,\"environment\":\"production\",\"routes\":{},\"credentials\":[]}"),
          "p.json:1:13: tollgate: ");
  refused(tollgate_bytes_of("{\0}", 3), "p.json:1:2: ");
}

/* No beginning of a good document is a document. */
static void half_written_documents(void) {
  tollgate_bytes whole = fixture_file("two.json");
  while (whole.data[whole.len - 1] == '\n') whole.len--;
  for (size_t len = 0; len < whole.len; len++) {
    tollgate_bytes beginning = lend(whole.data, len);
    tollgate_policy *policy = UNTOUCHED;
    size_t length = 0;
    EXPECT_STATUS(POLICY_INVALID, tollgate_policy_load(beginning, text("p"), 0, NOTHING, NULL, 0,
                                                       &length, &policy));
    EXPECT(policy == UNTOUCHED && length > 0);
    take_back(beginning);
  }
  take_back(whole);
}

/* Arguments that are wrong: the errors, their length and the policy are as they were. */
static void wrong_arguments(void) {
  static const tollgate_bytes null = {NULL, 3};
  tollgate_bytes document = fixture_file("two.json"), name = text("p.json");
  tollgate_bytes endless = tollgate_bytes_of(document.data, SIZE_MAX), odd = text("p\xff.json");
  uint8_t errors[64];
  size_t length = 77;
  tollgate_policy *policy = UNTOUCHED;
  memset(errors, 0xa5, sizeof errors);
#define LOAD(document, name, mode, base, errors, capacity, length, policy) \
  tollgate_policy_load(document, name, mode, base, errors, capacity, length, policy)
  EXPECT_STATUS(NULL_POINTER, LOAD(null, name, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, null, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, null, errors, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, NOTHING, NULL, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, NOTHING, errors, 64, NULL, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, NOTHING, errors, 64, &length, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(endless, name, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT,
                LOAD(document, endless, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, name, 0, endless, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT,
                LOAD(document, name, 0, NOTHING, errors, SIZE_MAX, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, odd, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, name, 1, odd, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, name, 2, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT,
                LOAD(document, name, UINT32_MAX, NOTHING, errors, 64, &length, &policy));
#undef LOAD
  EXPECT(length == 77 && policy == UNTOUCHED && all_are(0xa5, errors, sizeof errors));
  take_back(document);
}

/* A document that is good: no error text, and what can be asked of the policy. */
static void good_document(void) {
  static const tollgate_bytes null = {NULL, 3};
  tollgate_bytes document = fixture_file("one.json");
  uint8_t errors[4] = {1, 2, 3, 4};
  size_t length = 77, count = 77;
  uint32_t streams = 77;
  tollgate_policy *policy = NULL;
  EXPECT_STATUS(OK, tollgate_policy_load(document, NOTHING, TOLLGATE_SECRET_MODE_TEXT, NOTHING,
                                         errors, sizeof errors, &length, &policy));
  EXPECT(policy != NULL && length == 0);
  take_back(document);
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_credential_count(policy, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_credential_count(NULL, &count));
  EXPECT_NUMBER(77, count);
  EXPECT_STATUS(OK, tollgate_policy_credential_count(policy, &count));
  EXPECT_NUMBER(1, count);
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_streams(NULL, text("cashout"), &streams));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_streams(policy, null, &streams));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_streams(policy, text("cashout"), NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_streams(policy, text("none"), &streams));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_streams(policy, NOTHING, &streams));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_streams(policy, text("\xff"), &streams));
  EXPECT_NUMBER(77, streams);
  EXPECT_STATUS(OK, tollgate_policy_route_streams(policy, text("cashout"), &streams));
  EXPECT_NUMBER(1, streams);
  EXPECT_STATUS(OK, tollgate_policy_route_streams(policy, text("login"), &streams));
  EXPECT_NUMBER(0, streams);
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_policy_free(NULL));
}

/* Two routes of which `first` and `second` are the rest, and what else is in the policy. */
static tollgate_policy *two_routes(const char *top, const char *first, const char *second) {
  char document[1024];
  snprintf(document, sizeof document,
           "{\"tollgate\":1,\"environment\":\"production\",%s\"routes\":{"
           "\"one\":{%s\"max_body\":1,\"credentials\":[\"basic\"]},"
           "\"two\":{%s\"max_body\":1,\"credentials\":[\"basic\"]}},"
           "\"credentials\":[{\"id\":\"m\",\"basic\":{\"user\":\"user\","
           "\"passphrase\":{\"text\":\"passphrase\"}}}]}",
           top, first, second);
  return fixture_load(text(document), "p.json");
}

/* The reason for which a gate without any memory denies a good request on the route, or not. */
static uint32_t without_memory(const tollgate_policy *policy, const char *route) {
  static const char user[] = "Basic dXNlcjpwYXNzcGhyYXNl";
  tollgate_header_line line = {TOLLGATE_LITERAL("Authorization"), text(user)};
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  request.route = text(route);
  request.method = TOLLGATE_LITERAL("GET");
  request.target = TOLLGATE_LITERAL("/");
  request.headers = &line;
  request.header_count = 1;
  request.peer = TOLLGATE_LITERAL(PEER_ONE);
  request.tls = 1;
  request.unix_ms = NOON_MS;
  tollgate_gate *gate = NULL;
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  uint32_t reason = decide(gate, &request).reason;
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  return reason;
}

/* What is said of the policy is what its requests get without the memory. */
static void policies_that_need_limits(void) {
#define RATES(per) \
  "\"rates\":[{\"name\":\"" per "\",\"per\":\"" per "\",\"limit\":1,\"period_s\":1}],"
#define FAILURES "\"failures\":{\"limit\":1,\"period_s\":1},"
  static const struct {
    const char *top, *first, *second;
    uint32_t one, two;
  } cases[] = {
      {"", "", "", 0, 0},
      {"", "\"rates\":[],", "", 0, 0},
      {"\"realm\":\"r\",", "\"methods\":[\"GET\"],", "", 0, 0},
      {"", RATES("credential"), "", 1, 0},
      {"", "", RATES("credential"), 0, 1},
      {"", "", RATES("address"), 0, 1},
      {"", RATES("address"), RATES("credential"), 1, 1},
      {FAILURES, "", "", 1, 1},
      {FAILURES, RATES("address"), "", 1, 1},
  };
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    tollgate_policy *policy = two_routes(cases[at].top, cases[at].first, cases[at].second);
    const uint32_t reasons[] = {TOLLGATE_REASON_OK, TOLLGATE_REASON_LIMITS_UNAVAILABLE};
    uint32_t needs = 77;
    EXPECT_STATUS(OK, tollgate_policy_needs_limits(policy, &needs));
    EXPECT_NUMBER(cases[at].one | cases[at].two, needs);
    EXPECT_NUMBER(reasons[cases[at].one], without_memory(policy, "one"));
    EXPECT_NUMBER(reasons[cases[at].two], without_memory(policy, "two"));
    EXPECT_STATUS(OK, tollgate_policy_free(policy));
  }
  tollgate_policy *policy = two_routes("", "", "");
  uint32_t needs = 77;
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_needs_limits(NULL, &needs));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_needs_limits(policy, NULL));
  EXPECT_NUMBER(77, needs);
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

/* The names are those of the document, in its order, and stay where they are. */
static void names_of_routes(void) {
  static const char *const names[] = {"z", "a", "10", "9", "b", "a.b-c_d", "Z"};
  enum { ROUTES = sizeof names / sizeof *names };
#define ROUTE ":{\"max_body\":1,\"credentials\":[{\"api_key\":\"X-Key\"}]}"
  static const char document[] =
      "{\"tollgate\":1,\"environment\":\"production\",\"routes\":{\"z\"" ROUTE ",\"a\"" ROUTE
      ",\"10\"" ROUTE ",\"9\"" ROUTE ",\"\\u0062\"" ROUTE ",\"a.b-c_d\"" ROUTE ",\"Z\"" ROUTE "},"
      "\"credentials\":[]}";
  tollgate_policy *policy = fixture_load(text(document), "p.json");
  tollgate_bytes first = NOTHING, name = {(const uint8_t *)"untouched", 9};
  size_t count = 77;
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_count(NULL, &count));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_count(policy, NULL));
  EXPECT_NUMBER(77, count);
  EXPECT_STATUS(OK, tollgate_policy_route_count(policy, &count));
  EXPECT_NUMBER(ROUTES, count);
  static const size_t beyond[] = {ROUTES, ROUTES + 1, SIZE_MAX};
  for (size_t at = 0; at < sizeof beyond / sizeof *beyond; at++)
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_name(policy, beyond[at], &name));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_name(NULL, 0, &name));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_name(policy, 0, NULL));
  EXPECT_TEXT("untouched", name);
  EXPECT_STATUS(OK, tollgate_policy_route_name(policy, 0, &first));
  for (size_t at = 0; at < ROUTES; at++) {
    uint32_t streams = 77;
    EXPECT_STATUS(OK, tollgate_policy_route_name(policy, at, &name));
    EXPECT_TEXT(names[at], name);
    EXPECT_STATUS(OK, tollgate_policy_route_streams(policy, name, &streams));
    EXPECT_NUMBER(1, streams);
  }
  EXPECT_TEXT("z", first);
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

/* Whether tollgate_gate_token() looks at a request on the route. */
static bool gives_out(const tollgate_policy *policy, const char *route) {
  static uint8_t answer[8192];
  size_t head = 0, length = 0;
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  request.route = text(route);
  request.method = TOLLGATE_LITERAL("POST");
  request.target = TOLLGATE_LITERAL("/token");
  request.peer = TOLLGATE_LITERAL(PEER_ONE);
  request.tls = 1;
  request.unix_ms = NOON_MS;
  tollgate_gate *gate = NULL;
  tollgate_decision decision = allowing();
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  EXPECT_STATUS(OK, tollgate_gate_token(gate, &request, answer, sizeof answer, &head, &length,
                                        &decision));
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  return decision.reason != TOLLGATE_REASON_CONFIG_MISSING;
}

/* Token endpoints are those routes on which tokens can be asked for. */
static void token_endpoints(void) {
  static const tollgate_bytes null = {NULL, 3};
  tollgate_policy *policy = fixture_policy("token.json");
  tollgate_bytes token = text("token");
  uint32_t issues = 77;
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_issues_tokens(NULL, token, &issues));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_issues_tokens(policy, null, &issues));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_issues_tokens(policy, token, NULL));
  static const char *const unknown[] = {"", "none", "Token", "token ", "toke", "\xff"};
  for (size_t at = 0; at < sizeof unknown / sizeof *unknown; at++)
    EXPECT_STATUS(INVALID_ARGUMENT,
                  tollgate_policy_route_issues_tokens(policy, text(unknown[at]), &issues));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_policy_route_issues_tokens(
                    policy, tollgate_bytes_of(token.data, SIZE_MAX), &issues));
  EXPECT_NUMBER(77, issues);
  EXPECT_STATUS(OK, tollgate_policy_route_issues_tokens(policy, token, &issues));
  EXPECT(issues == 1 && gives_out(policy, "token"));
  EXPECT_STATUS(OK, tollgate_policy_route_issues_tokens(policy, text("secured"), &issues));
  EXPECT(issues == 0 && !gives_out(policy, "secured"));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

/* References to files and the environment are errors unless they are allowed. */
static void secrets_of_the_host(void) {
  static const char document[] =
      "{\"tollgate\":1,\"environment\":\"production\","
      "\"routes\":{\"r\":{\"max_body\":1,\"credentials\":[{\"api_key\":\"X-Key\"}]}},"
      "\"credentials\":[{\"id\":\"m\",\"api_key\":{\"env\":\"TOLLGATE_TEST_KEY\"}},"
      "{\"id\":\"n\",\"api_key\":{\"file\":\"api-key\"}}]}";
  refused(text(document), "p.json:1:");
  size_t length = 77;
  tollgate_policy *policy = UNTOUCHED;
  unsetenv("TOLLGATE_TEST_KEY");
  EXPECT_STATUS(POLICY_INVALID,
                tollgate_policy_load(text(document), text("p"), TOLLGATE_SECRET_MODE_HOST,
                                     text("tests/c/fixture"), NULL, 0, &length, &policy));
  setenv("TOLLGATE_TEST_KEY", "a-key-of-the-environment", 1);
  EXPECT_STATUS(POLICY_INVALID,
                tollgate_policy_load(text(document), text("p"), TOLLGATE_SECRET_MODE_HOST,
                                     text("tests/no-such-folder"), NULL, 0, &length, &policy));
  EXPECT(policy == UNTOUCHED);
  EXPECT_STATUS(OK, tollgate_policy_load(text(document), text("p"), TOLLGATE_SECRET_MODE_HOST,
                                         text("tests/c/fixture"), NULL, 0, &length, &policy));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

int main(void) {
  good_document();
  policies_that_need_limits();
  names_of_routes();
  token_endpoints();
  documents_with_errors();
  half_written_documents();
  wrong_arguments();
  secrets_of_the_host();
  return expectations_met("policy");
}
