/* Who knows no secret cannot tell a known user or key from an unknown one: neither by the answer,
 * which this program compares byte for byte, nor by the work behind it, whose instructions
 * callgrind counts. tests/scripts/equal_work.sh runs this under callgrind, which writes one file
 * of counts for each attempt, and compares what this prints with them:
 *
 *   equal|differs   first attempt   second attempt   what is compared
 */
#include "fixture.h"

#include <valgrind/callgrind.h>

/* The index of users and keys is keyed at random for every policy, and a search there may take a
 * step more or less: that is evened out over gates. */
enum { GATES = 8, MOST_LINES = 3, TEXT = 512, ANSWER = 4096 };

#define LONG_PASSPHRASE \
  "a-passphrase-that-is-long-enough-to-need-one-more-block-of-sha256-than-the-other-one-needs"

/* One attempt, and the reason for which it is denied. */
struct attempt {
  const char *route, *user, *passphrase, *key, *signature, *named, *body;
  uint32_t reason;
  /* `batched`: in the middle of other requests, in one call. */
  bool bearer, early, form, batched;
};

enum { BATCH = 5 };

#define BY_USER(route_, user_, passphrase_, reason_)                                  \
  {.route = route_, .user = user_, .passphrase = passphrase_, .signature = SIGNED_ONE, \
   .reason = TOLLGATE_REASON_##reason_}
#define BY_SLOW(user_, passphrase_, reason_) \
  {.route = "slow", .user = user_, .passphrase = passphrase_, .reason = TOLLGATE_REASON_##reason_}
#define BY_BODY(body_, reason_) \
  {.route = "login", .body = body_, .reason = TOLLGATE_REASON_##reason_}
#define BY_CLIENT(user_, passphrase_, reason_)                                              \
  {.route = "grant", .user = user_, .passphrase = passphrase_, .form = true,                \
   .body = "grant_type=client_credentials", .reason = TOLLGATE_REASON_##reason_}
#define BY_FORM(client_, reason_)                                                           \
  {.route = "grant", .body = "grant_type=client_credentials&" client_, .form = true,        \
   .reason = TOLLGATE_REASON_##reason_}
#define BY_KEY(route_, key_, reason_) \
  {.route = route_, .key = key_, .signature = SIGNED_ONE, .reason = TOLLGATE_REASON_##reason_}
#define BY_BATCHED_KEY(key_, reason_)                                    \
  {.route = "signed-key", .key = key_, .signature = SIGNED_ONE,           \
   .reason = TOLLGATE_REASON_##reason_, .batched = true}
#define BY_NAMED_KEY(key_, reason_)                                 \
  {.route = "named-key", .named = "Gateway " key_ ":" SIGNED_ONE,    \
   .reason = TOLLGATE_REASON_##reason_}
#define BY_TOKEN(key_) \
  {.route = "bearer", .key = key_, .bearer = true, .reason = TOLLGATE_REASON_UNKNOWN_KEY}

/* Tokens that nobody signed, of {"typ":"JWT","alg":"HS256","kid":"k1"}, or k9, which is no key, and
 * {"iss":"pay","sub":...,"aud":...,"iat":...,"exp":...,"gen":1}. */
#define BY_JWT(kid_, claims_, reason_)                                   \
  {.route = "token", .bearer = true, .reason = TOLLGATE_REASON_##reason_, \
   .key = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6Im" kid_ "In0." claims_ "." FORGED}
#define K1 "sx"
#define K9 "s5"
#define FORGED "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg"
#define CLAIMS_GOOD \
  "eyJpc3MiOiJwYXkiLCJzdWIiOiJwbGFpbiIsImF1ZCI6InByb2R1Y3Rpb24iLCJpYXQiOjE3Njk4NjA4" \
  "MDAsImV4cCI6MTc2OTg2MTQwMCwiZ2VuIjoxfQ"
#define CLAIMS_NOBODY \
  "eyJpc3MiOiJwYXkiLCJzdWIiOiJub2JvZCIsImF1ZCI6InByb2R1Y3Rpb24iLCJpYXQiOjE3Njk4NjA4" \
  "MDAsImV4cCI6MTc2OTg2MTQwMCwiZ2VuIjoxfQ"
#define CLAIMS_EXPIRED \
  "eyJpc3MiOiJwYXkiLCJzdWIiOiJwbGFpbiIsImF1ZCI6InByb2R1Y3Rpb24iLCJpYXQiOjE3Njk4NTk2" \
  "MDAsImV4cCI6MTc2OTg2MDIwMCwiZ2VuIjoxfQ"
#define CLAIMS_STAGING \
  "eyJpc3MiOiJwYXkiLCJzdWIiOiJwbGFpbiIsImF1ZCI6InByb2R1a3Rpb24iLCJpYXQiOjE3Njk4NjA4" \
  "MDAsImV4cCI6MTc2OTg2MTQwMCwiZ2VuIjoxfQ"

/* A pair looks the same from outside unless it is a control. Both presentations of a pair are
 * equally long: their length is the caller's own. The work of a pair with two answers is not
 * compared. */
static const struct pair {
  const char *name;
  struct attempt first, second;
  bool other_work, other_answer;
} PAIRS[] = {
    {"Basic: wrong passphrase, unknown user",
     BY_USER("basic", "plain-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "nobody-who", "wrong-passphrase-------", UNKNOWN_KEY), 0, 0},
    {"Basic: wrong passphrase with a pepper, unknown user",
     BY_USER("basic", "mixed-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "nobody-who", "wrong-passphrase-------", UNKNOWN_KEY), 0, 0},
    {"Basic: wrong passphrases of two kinds",
     BY_USER("basic", "plain-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "mixed-user", "wrong-passphrase-------", BAD_SECRET), 0, 0},
    {"Basic: wrong passphrase of a user who has three, unknown user",
     BY_USER("basic", "three-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "nobody-who", "wrong-passphrase-------", UNKNOWN_KEY), 0, 0},
    {"Basic: wrong passphrases of users who have three and one",
     BY_USER("basic", "three-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "plain-user", "wrong-passphrase-------", BAD_SECRET), 0, 0},
    {"Basic: nearly the passphrase, unknown user",
     BY_USER("basic", "plain-user", "passphrase-of-the-plaiN", BAD_SECRET),
     BY_USER("basic", "nobody-who", "passphrase-of-the-plaiN", UNKNOWN_KEY), 0, 0},
    {"Basic: passphrase of another user, unknown user",
     BY_USER("basic", "plain-user", "passphrase-of-the-other", BAD_SECRET),
     BY_USER("basic", "nobody-who", "passphrase-of-the-other", UNKNOWN_KEY), 0, 0},
    {"Basic and a signature: wrong passphrase, unknown user",
     BY_USER("signed-basic", "plain-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("signed-basic", "nobody-who", "wrong-passphrase-------", UNKNOWN_KEY), 0, 0},
    {"login in the body: wrong passphrase, unknown user",
     BY_BODY("{\"login\":\"plain-user\",\"pass\":\"wrong-passphrase\"}", BAD_SECRET),
     BY_BODY("{\"login\":\"nobody-who\",\"pass\":\"wrong-passphrase\"}", UNKNOWN_KEY), 0, 0},
    {"login in the body: wrong passphrase with a pepper, unknown user",
     BY_BODY("{\"login\":\"mixed-user\",\"pass\":\"wrong-passphrase\"}", BAD_SECRET),
     BY_BODY("{\"login\":\"nobody-who\",\"pass\":\"wrong-passphrase\"}", UNKNOWN_KEY), 0, 0},
    {"login in the body: wrong passphrase of a user who has three, unknown user",
     BY_BODY("{\"login\":\"three-user\",\"pass\":\"wrong-passphrase\"}", BAD_SECRET),
     BY_BODY("{\"login\":\"nobody-who\",\"pass\":\"wrong-passphrase\"}", UNKNOWN_KEY), 0, 0},
    {"API key: nearly right, wrong", BY_KEY("key", "api-key-of-the-plain-onE", UNKNOWN_KEY),
     BY_KEY("key", "zzzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"Bearer: nearly right, wrong", BY_TOKEN("api-key-of-the-plain-onE"),
     BY_TOKEN("zzzzzzzzzzzzzzzzzzzzzzzz"), 0, 0},
    {"Bearer: a public key, unknown key", BY_TOKEN("a-login-that-is-no-secret"),
     BY_TOKEN("zzzzzzzzzzzzzzzzzzzzzzzzz"), 0, 0},
    {"token endpoint: wrong secret, unknown client",
     BY_CLIENT("plain-user", "wrong-passphrase%20of+the", BAD_SECRET),
     BY_CLIENT("nobody-who", "wrong-passphrase%20of+the", UNKNOWN_KEY), 0, 0},
    {"token endpoint: wrong secret in the form, unknown client",
     BY_FORM("client_id=plain-user&client_secret=wrong-passphrase", BAD_SECRET),
     BY_FORM("client_id=nobody-who&client_secret=wrong-passphrase", UNKNOWN_KEY), 0, 0},
    {"token: forged for a known key, unknown key", BY_JWT(K1, CLAIMS_GOOD, TOKEN_BAD_SIG),
     BY_JWT(K9, CLAIMS_GOOD, UNKNOWN_KID), 0, 0},
    {"token: forged for a known credential, unknown credential",
     BY_JWT(K1, CLAIMS_GOOD, TOKEN_BAD_SIG), BY_JWT(K1, CLAIMS_NOBODY, TOKEN_BAD_SIG), 0, 0},
    {"token: forged for a good time, past time", BY_JWT(K1, CLAIMS_GOOD, TOKEN_BAD_SIG),
     BY_JWT(K1, CLAIMS_EXPIRED, TOKEN_BAD_SIG), 0, 0},
    {"token: forged for this environment, another one", BY_JWT(K1, CLAIMS_GOOD, TOKEN_BAD_SIG),
     BY_JWT(K1, CLAIMS_STAGING, TOKEN_BAD_SIG), 0, 0},
    {"signature: wrong for a known key, unknown key",
     BY_KEY("signed-key", "api-key-of-the-plain-one", SIG_MISMATCH),
     BY_KEY("signed-key", "zzzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"signature: key that has ended, without a secret, unknown key",
     BY_KEY("signed-key", "api-key-that-has-ended--", NO_SECRET),
     BY_KEY("signed-key", "zzzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"signature: known key without a secret, unknown key",
     BY_KEY("signed-key", "key-without-any-secrets", NO_SECRET),
     BY_KEY("signed-key", "zzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"signature in a batch: wrong for a known key, unknown key",
     BY_BATCHED_KEY("api-key-of-the-plain-one", SIG_MISMATCH),
     BY_BATCHED_KEY("zzzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"signature in a batch: key that has ended, without a secret, unknown key",
     BY_BATCHED_KEY("api-key-that-has-ended--", NO_SECRET),
     BY_BATCHED_KEY("zzzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"key before the signature: wrong for a known key, unknown key",
     BY_NAMED_KEY("api-key-of-the-plain-one", SIG_MISMATCH),
     BY_NAMED_KEY("zzzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"key before the signature: known key without a secret, unknown key",
     BY_NAMED_KEY("key-without-any-secrets", NO_SECRET),
     BY_NAMED_KEY("zzzzzzzzzzzzzzzzzzzzzzz", UNKNOWN_KEY), 0, 0},
    {"control: the host answers for an unknown user",
     BY_USER("basic", "plain-user", "wrong-passphrase-------", BAD_SECRET),
     {.route = "basic", .user = "nobody-who", .passphrase = "wrong-passphrase-------",
      .reason = TOLLGATE_REASON_UNKNOWN_KEY, .early = true}, 1, 0},
    {"control: one more block is hashed",
     BY_USER("basic", "plain-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "plain-user", LONG_PASSPHRASE, BAD_SECRET), 1, 0},
    {"control: a right passphrase from a wrong network",
     BY_USER("basic", "other-user", "wrong-passphrase-------", BAD_SECRET),
     BY_USER("basic", "other-user", "passphrase-of-the-other", IP_NOT_ALLOWED), 0, 1},
    {"slow hashes: wrong passphrase of an argon2id user, unknown user",
     BY_SLOW("argon-user", "wrong-passphrase", BAD_SECRET),
     BY_SLOW("nobody-who", "wrong-passphrase", UNKNOWN_KEY), 0, 0},
    {"slow hashes: wrong passphrase of a bcrypt user, unknown user",
     BY_SLOW("crypt-user", "wrong-passphrase", BAD_SECRET),
     BY_SLOW("nobody-who", "wrong-passphrase", UNKNOWN_KEY), 0, 0},
    {"slow hashes: wrong passphrase of a PBKDF2 user, unknown user",
     BY_SLOW("pbkdf-user", "wrong-passphrase", BAD_SECRET),
     BY_SLOW("nobody-who", "wrong-passphrase", UNKNOWN_KEY), 0, 0},
    {"slow hashes: wrong passphrase of a fast user, unknown user",
     BY_SLOW("plain-user", "wrong-passphrase", BAD_SECRET),
     BY_SLOW("nobody-who", "wrong-passphrase", UNKNOWN_KEY), 0, 0},
    {"slow hashes: nearly the passphrase, passphrase of another user",
     BY_SLOW("argon-user", "passwore", BAD_SECRET), BY_SLOW("crypt-user", "password", BAD_SECRET),
     0, 0},
    {"slow hashes: passphrase too long for bcrypt, unknown user",
     BY_SLOW("crypt-user", LONG_PASSPHRASE, BAD_SECRET),
     BY_SLOW("nobody-who", LONG_PASSPHRASE, UNKNOWN_KEY), 0, 0},
    {"control: bcrypt is not computed of a passphrase that is too long",
     BY_SLOW("nobody-who", "wrong-passphrase", UNKNOWN_KEY),
     BY_SLOW("nobody-who", LONG_PASSPHRASE, UNKNOWN_KEY), 1, 0},
};

enum { PAIR_COUNT = sizeof PAIRS / sizeof *PAIRS };

/* The request of an attempt; `text` is room for the value of its Authorization header. */
static size_t lines_of(const struct attempt *attempt, char *text, size_t capacity,
                       tollgate_header_line lines[MOST_LINES]) {
  size_t count = 0, len = 0;
  if (attempt->user != NULL) {
    char pair[256];
    int pair_len = snprintf(pair, sizeof pair, "%s:%s", attempt->user, attempt->passphrase);
    memcpy(text, "Basic ", 6);
    EXPECT_STATUS(OK, tollgate_base64_encode(tollgate_bytes_of(pair, (size_t)pair_len), 0, 1,
                                             (uint8_t *)text + 6, capacity - 6, &len));
    lines[count++] = (tollgate_header_line){TOLLGATE_LITERAL("Authorization"),
                                            tollgate_bytes_of(text, len + 6)};
  } else if (attempt->named != NULL) {
    lines[count++] = (tollgate_header_line){
        TOLLGATE_LITERAL("Authorization"), tollgate_bytes_of(attempt->named, strlen(attempt->named))};
  } else if (attempt->bearer) {
    int text_len = snprintf(text, capacity, "Bearer %s", attempt->key);
    lines[count++] = (tollgate_header_line){TOLLGATE_LITERAL("Authorization"),
                                            tollgate_bytes_of(text, (size_t)text_len)};
  } else if (attempt->key != NULL) {
    lines[count++] = (tollgate_header_line){
        TOLLGATE_LITERAL("X-Login"), tollgate_bytes_of(attempt->key, strlen(attempt->key))};
  }
  if (attempt->form)
    lines[count++] = (tollgate_header_line){TOLLGATE_LITERAL("Content-Type"),
                                            TOLLGATE_LITERAL("application/x-www-form-urlencoded")};
  if (attempt->signature != NULL)
    lines[count++] =
        (tollgate_header_line){TOLLGATE_LITERAL("Payload-Signature"),
                               tollgate_bytes_of(attempt->signature, strlen(attempt->signature))};
  return count;
}

/* All that a stranger sees of a decision. */
static size_t outside(const tollgate_decision *decision, char answer[ANSWER]) {
  tollgate_bytes name = {NULL, 0};
  size_t length = 0;
  int start = snprintf(answer, ANSWER, "%u\n", (unsigned)decision->http_status);
  size_t used = (size_t)start;
  EXPECT_STATUS(OK, tollgate_decision_headers(decision, (uint8_t *)answer + used, ANSWER - used,
                                              &length));
  used += length;
  EXPECT_STATUS(OK, tollgate_decision_public_name(decision, &name));
  if (used + name.len > ANSWER) abort();
  memcpy(answer + used, name.data, name.len);
  return used + name.len;
}

/* The request of an attempt, which refers to `text` and `lines`. */
static tollgate_request request_of(const struct attempt *attempt, tollgate_bytes body,
                                   char text[TEXT], tollgate_header_line lines[MOST_LINES]) {
  tollgate_request request = TOLLGATE_REQUEST_INIT;
  request.headers = lines;
  request.header_count = lines_of(attempt, text, TEXT, lines);
  request.route = tollgate_bytes_of(attempt->route, strlen(attempt->route));
  request.method = TOLLGATE_LITERAL("POST");
  request.target = TOLLGATE_LITERAL("/v3/cashout");
  request.host = TOLLGATE_LITERAL("api.example.com");
  request.body = attempt->body ? tollgate_bytes_of(attempt->body, strlen(attempt->body)) : body;
  request.peer = TOLLGATE_LITERAL(PEER_ONE);
  request.tls = 1;
  request.unix_ms = NOON_MS;
  return request;
}

/* What others in a batch ask. */
static const struct attempt KNOWN = BY_KEY("signed-key", "api-key-of-the-plain-one", SIG_MISMATCH);

/* Makes the attempt at every gate and lets callgrind count that; writes what a stranger sees. */
static size_t attempt_at(tollgate_gate *const gates[GATES], const struct attempt *attempt,
                         tollgate_bytes body, char answer[ANSWER]) {
  char text[TEXT];
  tollgate_header_line lines[MOST_LINES];
  tollgate_request request = request_of(attempt, body, text, lines);
  /* What the first call of a program does once is not counted. */
  tollgate_decision decision = decide(gates[0], &request), known = decision;
  tollgate_status status = TOLLGATE_STATUS_OK;
  tollgate_request batch[BATCH];
  tollgate_decision decisions[BATCH];
  char known_text[TEXT];
  tollgate_header_line known_lines[MOST_LINES];
  for (size_t at = 0; at < BATCH; at++) {
    batch[at] = at == BATCH / 2 ? request : request_of(&KNOWN, body, known_text, known_lines);
    decisions[at] = allowing();
  }
  for (size_t at = 0; at < GATES; at++) {
    CALLGRIND_TOGGLE_COLLECT;
    if (attempt->early)
      memcpy(&decision, &known, sizeof decision);
    else if (attempt->batched)
      status = tollgate_gate_verify_batch(gates[at], batch, BATCH, decisions);
    else
      status = tollgate_gate_verify(gates[at], &request, &decision);
    CALLGRIND_TOGGLE_COLLECT;
    if (attempt->batched) decision = decisions[BATCH / 2];
    EXPECT_STATUS(OK, status);
    expect_decision_at(TOLLGATE_VERDICT_DENY, attempt->reason, decision, attempt->route, __FILE__,
                       __LINE__);
  }
  CALLGRIND_DUMP_STATS;
  return outside(&decision, answer);
}

/* Whether the body is asked for when it comes in behind the head. */
static bool body_is_read(const tollgate_gate *gate, const struct attempt *attempt,
                         tollgate_bytes body) {
  char text[TEXT];
  tollgate_header_line lines[MOST_LINES];
  tollgate_request request = request_of(attempt, body, text, lines);
  tollgate_decision decision = allowing();
  tollgate_context context = TOLLGATE_CONTEXT_INIT;
  EXPECT_STATUS(OK, tollgate_gate_begin(gate, &request, &context, &decision));
  EXPECT_STATUS(OK, tollgate_context_abort(&context));
  return decision.reason == TOLLGATE_REASON_NONE;
}

static void compare(tollgate_gate *const gates[GATES], const struct pair *pair,
                    tollgate_bytes body) {
  char first[ANSWER], second[ANSWER];
  size_t first_len = attempt_at(gates, &pair->first, body, first);
  size_t second_len = attempt_at(gates, &pair->second, body, second);
  bool same = first_len == second_len && memcmp(first, second, first_len) == 0;
  if (expect_failed(same != pair->other_answer))
    fprintf(stderr, "%s: the answers are\n%.*s\n%.*s\n", pair->name, (int)first_len, first,
            (int)second_len, second);
  if (expect_failed(body_is_read(gates[0], &pair->first, body) ==
                    body_is_read(gates[0], &pair->second, body)))
    fprintf(stderr, "%s: the body of one alone is read\n", pair->name);
}

int main(void) {
  if (!RUNNING_ON_VALGRIND) {
    puts("this says something under callgrind only");
    return 1;
  }
  /* Slow hashes are in a policy of their own, or they would make all its attempts slow. */
  tollgate_gate *gates[2][GATES];
  for (size_t at = 0; at < GATES; at++) {
    gates[0][at] = fixture_gate("equal_work.json");
    gates[1][at] = fixture_gate("equal_work_slow.json");
  }
  tollgate_bytes body = fixture_file("cashout.json");
  for (size_t at = 0; at < PAIR_COUNT; at++) {
    const struct pair *pair = &PAIRS[at];
    compare(gates[strcmp(pair->first.route, "slow") == 0], pair, body);
    if (pair->other_answer) continue;
    printf("%s\t%zu\t%zu\t%s\n", pair->other_work ? "differs" : "equal", 2 * at + 1, 2 * at + 2,
           pair->name);
  }
  take_back(body);
  for (size_t at = 0; at < GATES; at++) {
    EXPECT_STATUS(OK, tollgate_gate_free(gates[0][at]));
    EXPECT_STATUS(OK, tollgate_gate_free(gates[1][at]));
  }
  return atomic_load(&failures) > 0;
}
