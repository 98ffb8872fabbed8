/* A token from the token endpoint and what it is good for, with requests as curl sends them; what
 * is refused; and what wrong arguments get. */
#include "fixture.h"

enum { ANSWER = 8192, LINE_COUNT = 5, TOKEN_TEXT = 4200 };

/* curl -u your_key:your_secret -d grant_type=client_credentials https://api.example.com/api/token */
#define BASIC "Basic eW91cl9rZXk6eW91cl9zZWNyZXQ="
#define WRONG_BASIC "Basic eW91cl9rZXk6eW91cl9zZWNyZWU="
#define GRANT "grant_type=client_credentials"

static tollgate_gate *gate;

/* An answer: header lines and body lie in `bytes`, one behind the other. */
struct answer {
  tollgate_decision decision;
  uint8_t bytes[ANSWER];
  tollgate_bytes head, body;
};

static tollgate_header_line line(const char *name, const char *value) {
  return (tollgate_header_line){tollgate_bytes_of(name, strlen(name)),
                                tollgate_bytes_of(value, strlen(value))};
}

/* What curl sends to the token endpoint; `authorization` may be NULL. */
static tollgate_request curl(tollgate_header_line lines[LINE_COUNT], const char *authorization,
                             const char *body) {
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  size_t count = 0;
  lines[count++] = line("Host", "api.example.com");
  if (authorization != NULL) lines[count++] = line("Authorization", authorization);
  lines[count++] = line("User-Agent", "curl/8.14.1");
  lines[count++] = line("Accept", "*/*");
  lines[count++] = line("Content-Type", "application/x-www-form-urlencoded");
  request.route = TOLLGATE_LITERAL("token");
  request.method = TOLLGATE_LITERAL("POST");
  request.target = TOLLGATE_LITERAL("/api/token");
  request.host = TOLLGATE_LITERAL("api.example.com");
  request.headers = lines;
  request.header_count = count;
  request.body = tollgate_bytes_of(body, strlen(body));
  request.tls = 1;
  request.unix_ms = NOON_MS;
  request.monotonic_ns = SECOND_NS;
  return request;
}

static void ask(const tollgate_request *request, struct answer *answer) {
  size_t head = 0, length = 0;
  answer->decision = allowing();
  EXPECT_STATUS(OK, tollgate_gate_token(gate, request, answer->bytes, sizeof answer->bytes, &head,
                                        &length, &answer->decision));
  EXPECT(head <= length && length <= sizeof answer->bytes);
  answer->head = tollgate_bytes_of(answer->bytes, head);
  answer->body = tollgate_bytes_of(answer->bytes + head, length - head);
}

/* The token in a body, or nothing. */
static void token_of(const struct answer *answer, char token[TOKEN_TEXT]) {
  static const char start[] = "{\"access_token\":\"", end[] = "\",\"token_type\":\"Bearer\",";
  const char *body = (const char *)answer->body.data;
  size_t len = answer->body.len, from = sizeof start - 1, to = from;
  token[0] = 0;
  EXPECT(len > from && memcmp(body, start, from) == 0);
  while (to < len && body[to] != '"') to++;
  EXPECT(len - to > sizeof end && memcmp(body + to, end, sizeof end - 1) == 0);
  if (to - from < TOKEN_TEXT) {
    memcpy(token, body + from, to - from);
    token[to - from] = 0;
  }
}

/* curl -H "Authorization: Bearer TOKEN" https://api.example.com/api/a_secured_endpoint */
static tollgate_decision use(const char *token, uint64_t unix_ms) {
  char value[TOKEN_TEXT + 8];
  snprintf(value, sizeof value, "Bearer %s", token);
  tollgate_header_line lines[LINE_COUNT];
  tollgate_request request = curl(lines, value, "");
  request.header_count--;
  request.route = TOLLGATE_LITERAL("secured");
  request.method = TOLLGATE_LITERAL("GET");
  request.target = TOLLGATE_LITERAL("/api/a_secured_endpoint");
  request.unix_ms = unix_ms;
  return decide(gate, &request);
}

static void good_token(void) {
  struct answer answer;
  char token[TOKEN_TEXT];
  tollgate_header_line lines[LINE_COUNT];
  tollgate_request request = curl(lines, BASIC, GRANT);
  ask(&request, &answer);
  EXPECT_ALLOWED(answer.decision);
  EXPECT_NUMBER(200, answer.decision.http_status);
  EXPECT_TEXT("Content-Type: application/json\r\n"
              "Pragma: no-cache\r\n"
              "Cache-Control: no-store\r\n"
              "RateLimit-Policy: \"tokens\";q=2;w=60\r\n"
              "RateLimit: \"tokens\";r=1;t=30\r\n",
              answer.head);
  token_of(&answer, token);
  EXPECT(answer.body.len > 18 &&
         memcmp(answer.body.data + answer.body.len - 18, ",\"expires_in\":600}", 18) == 0);
  EXPECT_ALLOWED(use(token, NOON_MS));
  EXPECT_ALLOWED(use(token, NOON_MS + 604999));
  EXPECT_DENIED(TOKEN_EXPIRED, use(token, NOON_MS + 605000));
  token[strlen(token) - 5] ^= 1;
  EXPECT_DENIED(TOKEN_BAD_SIG, use(token, NOON_MS));
}

/* A token of the generation before has ended when the swap returns. */
static void reset(void) {
  struct answer answer;
  char token[TOKEN_TEXT];
  tollgate_header_line lines[LINE_COUNT];
  tollgate_request request = curl(lines, NULL, GRANT "&client_id=your_key&client_secret=your_secret");
  ask(&request, &answer);
  EXPECT_ALLOWED(answer.decision);
  token_of(&answer, token);
  EXPECT_ALLOWED(use(token, NOON_MS));

  tollgate_bytes document = fixture_file("token.json");
  char *generation = strstr((char *)(uintptr_t)document.data, "\"generation\": 1");
  EXPECT(generation != NULL);
  if (generation != NULL) generation[14] = '2';
  tollgate_policy *policy = fixture_load(document, "token.json");
  EXPECT_STATUS(OK, tollgate_gate_swap(gate, policy));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  take_back(document);
  EXPECT_DENIED(TOKEN_REVOKED, use(token, NOON_MS));
}

static void refusals(void) {
  static const struct {
    const char *authorization, *body;
    uint32_t status, reason;
    const char *error;
  } rows[] = {
      {WRONG_BASIC, GRANT, 401, TOLLGATE_REASON_BAD_SECRET, "{\"error\":\"invalid_client\"}"},
      {NULL, GRANT, 401, TOLLGATE_REASON_NO_CREDENTIAL, "{\"error\":\"invalid_client\"}"},
      {BASIC, "", 400, TOLLGATE_REASON_BAD_GRANT_REQUEST, "{\"error\":\"invalid_request\"}"},
      {BASIC, GRANT "&" GRANT, 400, TOLLGATE_REASON_BAD_GRANT_REQUEST,
       "{\"error\":\"invalid_request\"}"},
      {BASIC, "grant_type=password", 400, TOLLGATE_REASON_UNSUPPORTED_GRANT_TYPE,
       "{\"error\":\"unsupported_grant_type\"}"},
      {BASIC, GRANT "&scope=write", 400, TOLLGATE_REASON_SCOPE_NOT_GRANTED,
       "{\"error\":\"invalid_scope\"}"},
      {BASIC, GRANT "&client_id=your_key&client_secret=your_secret", 400,
       TOLLGATE_REASON_AMBIGUOUS_CREDENTIALS, "{\"error\":\"invalid_request\"}"},
      {BASIC, GRANT, 429, TOLLGATE_REASON_RATE_LIMITED, "{\"error\":\"temporarily_unavailable\"}"},
  };
  static const char challenge[] =
      "WWW-Authenticate: Basic realm=\"pledg\", charset=\"UTF-8\"\r\nCache-Control: no-store\r\n";
  for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
    struct answer answer;
    tollgate_header_line lines[LINE_COUNT];
    tollgate_request request = curl(lines, rows[at].authorization, rows[at].body);
    ask(&request, &answer);
    EXPECT_NUMBER(TOLLGATE_VERDICT_DENY, answer.decision.verdict);
    EXPECT_NUMBER(rows[at].reason, answer.decision.reason);
    EXPECT_NUMBER(rows[at].status, answer.decision.http_status);
    EXPECT_TEXT(rows[at].error, answer.body);
    bool asked = answer.head.len > sizeof challenge - 1 &&
                 memcmp(answer.head.data + answer.head.len - (sizeof challenge - 1), challenge,
                        sizeof challenge - 1) == 0;
    EXPECT(asked == (rows[at].status == 401));
  }
}

/* The call gives the status, its decision denies, and nothing else is written. */
#define EXPECT_REFUSED(name, call)                                                      \
  do {                                                                                  \
    tollgate_decision decision = allowing();                                            \
    EXPECT_STATUS(name, call);                                                          \
    EXPECT_DENIED(INTERNAL, decision);                                                  \
    EXPECT(head == 77 && all_are(0xa5, buffer, sizeof buffer));                         \
  } while (0)

static void arguments(void) {
  static const uint64_t zeros[64];
  uint8_t buffer[ANSWER];
  size_t head = 77, length = 77;
  tollgate_header_line lines[LINE_COUNT];
  tollgate_request request = curl(lines, BASIC, GRANT);
  memset(buffer, 0xa5, sizeof buffer);
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_token(NULL, &request, buffer, sizeof buffer, &head,
                                                   &length, &decision));
  EXPECT_REFUSED(BAD_HANDLE, tollgate_gate_token((const void *)zeros, &request, buffer,
                                                 sizeof buffer, &head, &length, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_token(gate, NULL, buffer, sizeof buffer, &head,
                                                   &length, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_token(gate, &request, NULL, sizeof buffer, &head,
                                                   &length, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_token(gate, &request, buffer, sizeof buffer, NULL,
                                                   &length, &decision));
  EXPECT_REFUSED(NULL_POINTER, tollgate_gate_token(gate, &request, buffer, sizeof buffer, &head,
                                                   NULL, &decision));
  EXPECT_STATUS(NULL_POINTER, tollgate_gate_token(gate, &request, buffer, sizeof buffer, &head,
                                                  &length, NULL));
  request.tls = 2;
  EXPECT_REFUSED(INVALID_ARGUMENT, tollgate_gate_token(gate, &request, buffer, sizeof buffer, &head,
                                                       &length, &decision));
  EXPECT_NUMBER(77, length);
  request.tls = 1;
  EXPECT_REFUSED(BUFFER_TOO_SMALL, tollgate_gate_token(gate, &request, NULL, 0, &head, &length,
                                                       &decision));
  EXPECT_NUMBER(ANSWER, length);
  length = 77;
  EXPECT_REFUSED(BUFFER_TOO_SMALL, tollgate_gate_token(gate, &request, buffer, ANSWER - 1, &head,
                                                       &length, &decision));
  EXPECT_NUMBER(ANSWER, length);
  request.route = TOLLGATE_LITERAL("secured");
  struct answer answer;
  ask(&request, &answer);
  EXPECT_DENIED(CONFIG_MISSING, answer.decision);
  EXPECT_TEXT("{\"error\":\"temporarily_unavailable\"}", answer.body);
}

int main(void) {
  gate = fixture_gate("token.json");
  size_t size = 0;
  void *memory = fixture_limits(&size);
  EXPECT_STATUS(OK, tollgate_gate_attach_limits(gate, memory, size));
  arguments();
  good_token();
  reset();
  refusals();
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  free(memory);
  return expectations_met("token");
}
