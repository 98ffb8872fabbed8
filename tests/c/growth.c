/* How the work grows with what it is about. tests/scripts/growth.sh runs this under callgrind,
 * which writes one file of counts for each attempt, and compares them with what this prints:
 *
 *   most times the instructions   first attempt   second attempt   what grows
 *
 * "more than" before the number is for a control. */
#include "fixture.h"

#include <valgrind/callgrind.h>

/* Puts `count` lines of `format`, which has up to three numbers, behind `anchor` in the policy of
 * the file `name`, and loads that. */
static tollgate_policy *grown(const char *name, const char *anchor, const char *format, int count) {
  tollgate_bytes document = fixture_file(name);
  size_t room = document.len + (size_t)count * 300 + 1, len = 0;
  char *text = malloc(room);
  if (text == NULL) abort();
  memcpy(text, document.data, document.len);
  text[document.len] = '\0';
  const char *found = strstr(text, anchor);
  if (found == NULL) abort();
  size_t before = (size_t)(found - text) + strlen(anchor);
  len = before;
  for (int number = 0; number < count; number++)
    len += (size_t)snprintf(text + len, room - len, format, number, number, number);
  memcpy(text + len, document.data + before, document.len - before);
  len += document.len - before;
  tollgate_bytes lent = lend(text, len);
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  tollgate_policy *policy = fixture_load(lent, name);
  CALLGRIND_TOGGLE_COLLECT;
  take_back(lent);
  free(text);
  take_back(document);
  return policy;
}

static int attempts;

/* Ends an attempt: what was counted so far is its work. */
static int counted(void) {
  char name[16];
  snprintf(name, sizeof name, "%d", ++attempts);
  CALLGRIND_DUMP_STATS_AT(name);
  CALLGRIND_ZERO_STATS;
  return attempts;
}

static void compare(const char *most, int first, int second, const char *what) {
  printf("%s\t%d\t%d\t%s\n", most, first, second, what);
}

static const char ROUTES[] = "\"routes\": {", CREDENTIALS[] = "\"credentials\": [\n";
static const char ROUTE[] =
    "\"route-%d\": { \"max_body\": 65536, \"credentials\": [\"basic\"],"
    " \"signature\": \"directa24-cashout\" },";
static const char CREDENTIAL[] =
    "{ \"id\": \"client-%d\", \"api_key\": { \"sha256\": \"%064x\" },"
    " \"secrets\": [{ \"generation\": 1, \"key\": { \"text\": \"signing-secret-of-%016d\" } }],"
    " \"networks\": \"203.0.113.7,192.0.2.0/24\" },\n";
/* A user that is written in one way more for the form of a token request. */
static const char USER[] =
    "{ \"id\": \"client-%d\", \"basic\": { \"user\": \"%%75ser-%d\","
    " \"passphrase\": { \"sha256\": \"%064x\" } } },\n";

/* Verifies the request a few times: the index is keyed at random, and a search may take a step
 * more or less. */
static int verified(const tollgate_gate *gate, const tollgate_request *request) {
  CALLGRIND_ZERO_STATS;
  for (int turn = 0; turn < 8; turn++) {
    tollgate_decision decision = TOLLGATE_DECISION_INIT;
    CALLGRIND_TOGGLE_COLLECT;
    tollgate_status status = tollgate_gate_verify(gate, request, &decision);
    CALLGRIND_TOGGLE_COLLECT;
    EXPECT_STATUS(OK, status);
    EXPECT_ALLOWED(decision);
  }
  return counted();
}

/* Of a policy that was just loaded: what loading it took, and what a request takes under it. */
struct work {
  int load, request;
};

static struct work work_under(tollgate_policy *policy, const struct cashout *cashout) {
  struct work work = {.load = counted()};
  tollgate_gate *gate = NULL;
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  work.request = verified(gate, &cashout->request);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  return work;
}

static void policies(const struct cashout *cashout) {
  struct work few = work_under(grown("one.json", CREDENTIALS, CREDENTIAL, 250), cashout);
  struct work many = work_under(grown("one.json", CREDENTIALS, CREDENTIAL, 4000), cashout);
  compare("18", few.load, many.load, "loading 250 to 4,000 credentials");
  compare("1.1", few.request, many.request, "a request, with 250 to 4,000 credentials");
  few = work_under(grown("one.json", ROUTES, ROUTE, 20), cashout);
  many = work_under(grown("one.json", ROUTES, ROUTE, 1000), cashout);
  compare("50", few.load, many.load, "loading 20 to 1,000 routes");
  compare("1.1", few.request, many.request, "a request, with 20 to 1,000 routes");
}

/* What loading users takes that may ask for tokens. */
static int loaded_users(int count) {
  tollgate_policy *policy = grown("token.json", CREDENTIALS, USER, count);
  int attempt = counted();
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  return attempt;
}

static void headers(const tollgate_gate *gate, const struct cashout *cashout) {
  enum { FEW = 8, MANY = 64 };
  tollgate_header_line lines[MANY];
  memcpy(lines, cashout->lines, sizeof cashout->lines);
  for (size_t at = LINES; at < MANY; at++) {
    char name[16];
    snprintf(name, sizeof name, "X-Line-%zu", at);
    lines[at].name = lend(name, strlen(name));
    lines[at].value = TOLLGATE_LITERAL("a value");
  }
  tollgate_request request = cashout->request;
  request.headers = lines;
  request.header_count = FEW;
  int few = verified(gate, &request);
  request.header_count = MANY;
  compare("8", few, verified(gate, &request), "a request, with 8 to 64 header lines");
  for (size_t at = LINES; at < MANY; at++) take_back(lines[at].name);
}

static int digest_of(size_t len) {
  tollgate_hmac_sha256_key key;
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, TOLLGATE_LITERAL("a secret")));
  uint8_t *body = calloc(1, len), tag[32];
  if (body == NULL) abort();
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  tollgate_status status = tollgate_hmac_sha256_mac(&key, tollgate_bytes_of(body, len), tag);
  CALLGRIND_TOGGLE_COLLECT;
  EXPECT_STATUS(OK, status);
  free(body);
  return counted();
}

/* Networks of which each has its own range; what loading a list of them takes, and what a question
 * about it takes. */
static struct work networks_of(int count) {
  char *list = malloc((size_t)count * 20 + 1);
  if (list == NULL) abort();
  size_t len = 0;
  for (unsigned number = 0; number < (unsigned)count; number++) {
    unsigned at = number * 2654435761u;
    len += (size_t)sprintf(list + len, "%s%u.%u.%u.%u", number > 0 ? "," : "", at >> 24,
                           at >> 16 & 255, at >> 8 & 255, at & 255);
  }
  tollgate_networks *networks = NULL;
  size_t length = 0;
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  tollgate_status status =
      tollgate_networks_load(tollgate_bytes_of(list, len), &networks, NULL, 0, &length);
  CALLGRIND_TOGGLE_COLLECT;
  EXPECT_STATUS(OK, status);
  struct work work = {.load = counted()};
  for (unsigned number = 0; number < 4000; number++) {
    unsigned at = number % (unsigned)count * 2654435761u ^ (number & 1);
    uint8_t bytes[4] = {(uint8_t)(at >> 24), (uint8_t)(at >> 16), (uint8_t)(at >> 8), (uint8_t)at};
    CALLGRIND_TOGGLE_COLLECT;
    status = tollgate_networks_contain(networks, BYTES(bytes));
    CALLGRIND_TOGGLE_COLLECT;
    if (number % 2 == 0)
      EXPECT_STATUS(OK, status);
    else
      EXPECT(status == TOLLGATE_STATUS_OK || status == TOLLGATE_STATUS_MISMATCH);
  }
  work.request = counted();
  EXPECT_STATUS(OK, tollgate_networks_free(networks));
  free(list);
  return work;
}

/* Compares each with each, as nothing of the library does. */
static int each_with_each(int count) {
  volatile int equal = 0;
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  for (int one = 0; one < count; one++)
    for (int other = 0; other < count; other++) equal += one == other;
  CALLGRIND_TOGGLE_COLLECT;
  EXPECT_NUMBER((unsigned)count, (unsigned)equal);
  return counted();
}

int main(void) {
  if (!RUNNING_ON_VALGRIND) {
    puts("this says something under callgrind only");
    return 1;
  }
  struct cashout cashout;
  cashout_init(&cashout);
  policies(&cashout);
  int users = loaded_users(250);
  compare("18", users, loaded_users(4000), "loading 250 to 4,000 users of a token endpoint");
  tollgate_gate *gate = fixture_gate("one.json");
  headers(gate, &cashout);
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  cashout_free(&cashout);
  int short_one = digest_of(1 << 10);
  compare("64", short_one, digest_of(1 << 16), "HMAC-SHA256 of 1 to 64 KiB");
  struct work few = networks_of(1000), many = networks_of(16000);
  compare("22", few.load, many.load, "loading 1,000 to 16,000 networks");
  compare("1.3", few.request, many.request, "a question about 1,000 to 16,000 networks");
  int hundred = each_with_each(100);
  compare("more than 18", hundred, each_with_each(1600), "control: each with each, 100 to 1,600");
  return atomic_load(&failures) > 0;
}
