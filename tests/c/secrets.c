/* No branch and no address depends on a secret.
 *
 * Under valgrind's memcheck, secrets are marked as undefined memory: whatever is computed from
 * them is undefined too, and memcheck reports a branch on it and an address made of it. The
 * outcome of a call is public and is marked as defined before it is looked at.
 * tests/scripts/constant_time.sh links this with the release archive and runs it.
 */
#include <stdio.h>
#include <string.h>
#include <tollgate.h>
#include <valgrind/memcheck.h>

#define SECRET(object) VALGRIND_MAKE_MEM_UNDEFINED(&(object), sizeof(object))
#define PUBLIC(object) VALGRIND_MAKE_MEM_DEFINED(&(object), sizeof(object))
#define BYTES(array) tollgate_bytes_of(array, sizeof(array))

static uint8_t message[200];

/* The outcome of a call, which is public. */
static tollgate_status outcome(tollgate_status status) {
  PUBLIC(status);
  return status;
}

/* Each case says whether the answer was right. */

static int hmac_sha256_key(void) {
  uint8_t secret[32] = {1}, tag[32] = {2};
  tollgate_hmac_sha256_key key;
  SECRET(secret);
  return outcome(tollgate_hmac_sha256_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha256_verify(&key, BYTES(message), BYTES(tag))) ==
             TOLLGATE_STATUS_MISMATCH;
}

static int hmac_sha256_long_key(void) {
  uint8_t secret[100] = {1}, tag[32] = {2};
  tollgate_hmac_sha256_key key;
  SECRET(secret);
  return outcome(tollgate_hmac_sha256_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha256_verify(&key, BYTES(message), BYTES(tag))) ==
             TOLLGATE_STATUS_MISMATCH;
}

static int hmac_sha256_tag(void) {
  uint8_t secret[32] = {1}, tag[32];
  tollgate_hmac_sha256_key key;
  int ok = outcome(tollgate_hmac_sha256_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
           outcome(tollgate_hmac_sha256_mac(&key, BYTES(message), tag)) == TOLLGATE_STATUS_OK;
  SECRET(tag);
  return ok && outcome(tollgate_hmac_sha256_verify(&key, BYTES(message), BYTES(tag))) ==
                   TOLLGATE_STATUS_OK;
}

static int hmac_sha256_in_pieces(void) {
  uint8_t secret[32] = {1}, tag[32] = {2};
  tollgate_hmac_sha256_key key;
  tollgate_hmac_sha256_state state;
  SECRET(secret);
  return outcome(tollgate_hmac_sha256_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha256_init(&state, &key)) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha256_update(&state, BYTES(message))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha256_finish_verify(&state, BYTES(tag))) ==
             TOLLGATE_STATUS_MISMATCH;
}

/* One, two, and as many as fill lanes of every width; the outcomes are public one by one. */
static int hmac_sha256_batch(void) {
  static tollgate_hmac_sha256_item items[70];
  static const size_t counts[] = {1, 2, 4, 9, 70};
  uint8_t secret[32] = {1}, tag[32] = {2}, results[70];
  tollgate_hmac_sha256_key key;
  SECRET(secret);
  SECRET(tag);
  int ok = outcome(tollgate_hmac_sha256_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK;
  for (size_t at = 0; at < 70; at++) {
    items[at].key = &key;
    items[at].message = tollgate_bytes_of(message, at);
    items[at].tag = BYTES(tag);
  }
  for (size_t at = 0; at < sizeof counts / sizeof *counts; at++) {
    ok &= outcome(tollgate_hmac_sha256_verify_batch(items, counts[at], results)) ==
          TOLLGATE_STATUS_MISMATCH;
    PUBLIC(results);
    ok &= results[0] == 0 && results[counts[at] - 1] == 0;
  }
  return ok;
}

static int hmac_sha512_key(void) {
  uint8_t secret[64] = {1}, tag[64] = {2};
  tollgate_hmac_sha512_key key;
  SECRET(secret);
  return outcome(tollgate_hmac_sha512_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha512_verify(&key, BYTES(message), BYTES(tag))) ==
             TOLLGATE_STATUS_MISMATCH;
}

static int hmac_sha512_tag(void) {
  uint8_t secret[64] = {1}, tag[64];
  tollgate_hmac_sha512_key key;
  int ok = outcome(tollgate_hmac_sha512_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
           outcome(tollgate_hmac_sha512_mac(&key, BYTES(message), tag)) == TOLLGATE_STATUS_OK;
  SECRET(tag);
  return ok && outcome(tollgate_hmac_sha512_verify(&key, BYTES(message), BYTES(tag))) ==
                   TOLLGATE_STATUS_OK;
}

static int hmac_sha512_in_pieces(void) {
  uint8_t secret[64] = {1}, tag[64] = {2};
  tollgate_hmac_sha512_key key;
  tollgate_hmac_sha512_state state;
  SECRET(secret);
  return outcome(tollgate_hmac_sha512_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha512_init(&state, &key)) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha512_update(&state, BYTES(message))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_hmac_sha512_finish_verify(&state, BYTES(tag))) ==
             TOLLGATE_STATUS_MISMATCH;
}

static int comparison(void) {
  uint8_t left[33] = {1}, right[33] = {1};
  SECRET(left);
  SECRET(right);
  return outcome(tollgate_equal(BYTES(left), BYTES(right))) == TOLLGATE_STATUS_OK;
}

/* What a gate does with an API key that is presented, once its record is found. */
static int api_key(void) {
  uint8_t key[40] = {3}, hash[32];
  int ok = tollgate_secret_sha256(BYTES(key), hash) == TOLLGATE_STATUS_OK;
  SECRET(key);
  SECRET(hash);
  return ok && outcome(tollgate_secret_matches(BYTES(key), BYTES(hash), tollgate_bytes_of(NULL, 0))) ==
                   TOLLGATE_STATUS_OK;
}

/* What it does with a passphrase whose hash is an HMAC. */
static int passphrase(void) {
  uint8_t phrase[22] = {4}, hash[32] = {5}, pepper[32] = {6};
  SECRET(phrase);
  SECRET(hash);
  SECRET(pepper);
  return outcome(tollgate_secret_matches(BYTES(phrase), BYTES(hash), BYTES(pepper))) ==
         TOLLGATE_STATUS_MISMATCH;
}

/* Trust signatures that do not match: under a secret key, and of values that are secret. */
static int trust(void) {
  uint8_t secret[32] = {7}, seed[36] = {8};
  tollgate_bytes value = TOLLGATE_LITERAL("b8c37e33defde51cf91e1e03e51657da");
  tollgate_bytes other =
      TOLLGATE_LITERAL("3e204601861b0fd8ed67f5a131879125db78795a372f891e27dbaf0e3d152042");
  tollgate_hmac_sha256_key key;
  SECRET(secret);
  SECRET(seed);
  return outcome(tollgate_hmac_sha256_key_init(&key, BYTES(secret))) == TOLLGATE_STATUS_OK &&
         outcome(tollgate_trust_verify_keyed(&key, value, BYTES(seed), other)) ==
             TOLLGATE_STATUS_MISMATCH &&
         outcome(tollgate_trust_verify(value, BYTES(seed), other)) == TOLLGATE_STATUS_MISMATCH;
}

/* Controls: they must be reported. The loops are kept from being compiled without a branch. */

__attribute__((noinline)) static int leaky_equal(const uint8_t *left, const uint8_t *right,
                                                 size_t len) {
  for (size_t index = 0; index < len; index++) {
    if (*(volatile const uint8_t *)&left[index] != right[index]) {
      return 0;
    }
  }
  return 1;
}

static int leaky_comparison(void) {
  uint8_t left[32] = {1}, right[32] = {1};
  SECRET(left);
  int equal = leaky_equal(left, right, sizeof left);
  PUBLIC(equal);
  return equal;
}

static int leaky_table(void) {
  static volatile uint8_t table[256];
  uint8_t secret = 5;
  SECRET(secret);
  uint8_t found = table[secret];
  PUBLIC(found);
  return found == 0;
}

static const struct {
  const char *name;
  int (*run)(void);
  int leaks;
} cases[] = {
    {"control: compare and leave early", leaky_comparison, 1},
    {"control: look up in a table", leaky_table, 1},
    {"HMAC-SHA256, secret key", hmac_sha256_key, 0},
    {"HMAC-SHA256, secret key of 100 bytes", hmac_sha256_long_key, 0},
    {"HMAC-SHA256, secret tag", hmac_sha256_tag, 0},
    {"HMAC-SHA256 in pieces, secret key", hmac_sha256_in_pieces, 0},
    {"HMAC-SHA256, many at once, secret key and tag", hmac_sha256_batch, 0},
    {"HMAC-SHA512, secret key", hmac_sha512_key, 0},
    {"HMAC-SHA512, secret tag", hmac_sha512_tag, 0},
    {"HMAC-SHA512 in pieces, secret key", hmac_sha512_in_pieces, 0},
    {"comparison", comparison, 0},
    {"API key against its hash", api_key, 0},
    {"Basic passphrase against its hash", passphrase, 0},
    {"trust signatures, secret key and seed", trust, 0},
};

int main(void) {
  int failures = 0;
  if (!RUNNING_ON_VALGRIND) {
    puts("this says something under valgrind only");
    return 1;
  }
  for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
    unsigned before = (unsigned)VALGRIND_COUNT_ERRORS;
    int right = cases[index].run();
    unsigned reports = (unsigned)VALGRIND_COUNT_ERRORS - before;
    int ok = right && (reports > 0) == cases[index].leaks;
    printf("%-6s %3u reports  %s%s\n", ok ? "ok" : "FAILED", reports, cases[index].name,
           right ? "" : ": wrong answer");
    failures += !ok;
  }
  return failures != 0;
}
