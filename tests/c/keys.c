/* Keys through the C ABI: made of given random bytes as Python makes them, and of the operating
 * system's; read, with what is wrong; hashed; every buffer that is too small, and what overlaps. */
#include "expect.h"

#include <stdint.h>

enum { FILL = 0xa5, ENTROPY = 22, LONGEST = 86 };

/* From tests/vectors/keys.json: the random bytes are 0 to 21. */
#define KEY "acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4"

static const tollgate_bytes NONE = {NULL, 0};

static tollgate_status make(const char *prefix, const char *environment, tollgate_bytes entropy,
                            uint8_t *out, size_t capacity, size_t *needed) {
  tollgate_bytes lent[] = {lend(prefix, strlen(prefix)), lend(environment, strlen(environment)),
                           lend(entropy.data, entropy.len)};
  tollgate_status status =
      tollgate_key_generate(lent[0], lent[1], lent[2], out, capacity, needed);
  for (size_t at = 0; at < 3; at++) take_back(lent[at]);
  return status;
}

static tollgate_bytes counting(void) {
  static uint8_t bytes[ENTROPY];
  for (size_t at = 0; at < ENTROPY; at++) bytes[at] = (uint8_t)at;
  return BYTES(bytes);
}

static void made_of_given_bytes(void) {
  size_t needed = 0;
  for (size_t capacity = 0; capacity < sizeof KEY - 1; capacity++) {
    uint8_t out[LONGEST];
    memset(out, FILL, sizeof out);
    EXPECT_STATUS(BUFFER_TOO_SMALL,
                  make("acme", "live", counting(), capacity ? out : NULL, capacity, &needed));
    EXPECT(needed == sizeof KEY - 1 && all_are(FILL, out, sizeof out));
  }
  for (size_t capacity = sizeof KEY - 1; capacity < LONGEST; capacity++) {
    uint8_t out[LONGEST];
    memset(out, FILL, sizeof out);
    EXPECT_STATUS(OK, make("acme", "live", counting(), out, capacity, &needed));
    EXPECT_TEXT(KEY, tollgate_bytes_of(out, needed));
    EXPECT_NUMBER(FILL, out[needed]);
  }
}

static void made_by_the_operating_system(void) {
  uint8_t one[LONGEST], other[LONGEST];
  size_t one_len = 0, other_len = 0, prefix = 0, environment = 0;
  uint32_t fault = 77;
  const char *longest = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
  EXPECT_STATUS(OK, make("pppppppppppppppp", longest, NONE, one, sizeof one, &one_len));
  EXPECT_STATUS(OK, make("pppppppppppppppp", longest, NONE, other, sizeof other, &other_len));
  EXPECT(one_len == LONGEST && other_len == LONGEST && memcmp(one, other, LONGEST) != 0);
  EXPECT_STATUS(OK, tollgate_key_parse(BYTES(one), &prefix, &environment, &fault));
  EXPECT(prefix == 16 && environment == 32 && fault == TOLLGATE_KEY_FAULT_NONE);
}

static void refused(void) {
  static uint8_t zeros[ENTROPY];
  uint8_t out[LONGEST], entropy[ENTROPY + 1] = {1};
  size_t needed = 77;
  memset(out, FILL, sizeof out);
  static const char *const labels[][2] = {{"", "live"},     {"Acme", "live"}, {"1a", "live"},
                                          {"a_b", "live"},  {"a", ""},        {"a", "Live"},
                                          {"a", "li ve"},   {"a", "\xff"},    {"\xff", "live"},
                                          {"ppppppppppppppppp", "live"}};
  for (size_t at = 0; at < sizeof labels / sizeof *labels; at++)
    EXPECT_STATUS(INVALID_ARGUMENT,
                  make(labels[at][0], labels[at][1], NONE, out, sizeof out, &needed));
  for (size_t len = 1; len <= sizeof entropy; len++) {
    if (len == ENTROPY) continue;
    tollgate_bytes bytes = tollgate_bytes_of(entropy, len);
    EXPECT_STATUS(INVALID_ARGUMENT, make("a", "b", bytes, out, sizeof out, &needed));
    EXPECT_STATUS(INVALID_ARGUMENT, make("a", "b", bytes, NULL, 0, &needed));
  }
  tollgate_bytes a = TOLLGATE_LITERAL("a"), null = {NULL, 1};
  EXPECT_STATUS(NULL_POINTER, tollgate_key_generate(null, a, NONE, out, sizeof out, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_generate(a, null, NONE, out, sizeof out, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_generate(a, a, null, out, sizeof out, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_generate(a, a, NONE, NULL, 1, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_generate(a, a, NONE, out, sizeof out, NULL));
  tollgate_bytes inside = tollgate_bytes_of(entropy, ENTROPY);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_key_generate(a, a, inside, entropy, 1, &needed));
  /* A source that failed. */
  EXPECT_STATUS(INVALID_ARGUMENT, make("a", "b", BYTES(zeros), out, sizeof out, &needed));
  EXPECT(needed == 77 && all_are(FILL, out, sizeof out));
}

static void parsed(void) {
  static const struct {
    const char *text;
    uint32_t fault;
  } cases[] = {
      {KEY, TOLLGATE_KEY_FAULT_NONE},
      {"", TOLLGATE_KEY_FAULT_PREFIX},
      {"Acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4", TOLLGATE_KEY_FAULT_PREFIX},
      {"acme_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4", TOLLGATE_KEY_FAULT_ENVIRONMENT},
      {"acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW-", TOLLGATE_KEY_FAULT_SYMBOL},
      {KEY "\n", TOLLGATE_KEY_FAULT_SYMBOL},
      {KEY "0", TOLLGATE_KEY_FAULT_LENGTH},
      {"acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW", TOLLGATE_KEY_FAULT_LENGTH},
      {"acme_test_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4", TOLLGATE_KEY_FAULT_CHECKSUM},
      {"acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW5", TOLLGATE_KEY_FAULT_CHECKSUM},
  };
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    size_t prefix = 77, environment = 77;
    uint32_t fault = 77;
    tollgate_bytes key = lend(cases[at].text, strlen(cases[at].text));
    tollgate_status status = tollgate_key_parse(key, &prefix, &environment, &fault);
    take_back(key);
    EXPECT_NUMBER(cases[at].fault, fault);
    if (fault == TOLLGATE_KEY_FAULT_NONE) {
      EXPECT_STATUS(OK, status);
      EXPECT(prefix == 4 && environment == 4);
    } else {
      EXPECT_STATUS(DECODE, status);
      EXPECT(prefix == 77 && environment == 77);
    }
  }
  size_t length = 77;
  uint32_t fault = 77;
  tollgate_bytes key = TOLLGATE_LITERAL(KEY), null = {NULL, 1};
  EXPECT_STATUS(NULL_POINTER, tollgate_key_parse(null, &length, &length, &fault));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_parse(key, NULL, &length, &fault));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_parse(key, &length, NULL, &fault));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_parse(key, &length, &length, NULL));
  EXPECT(length == 77 && fault == 77);
}

static void hashed(void) {
  uint8_t digits[64];
  tollgate_bytes key = TOLLGATE_LITERAL(KEY), null = {NULL, 1};
  tollgate_bytes pepper = TOLLGATE_LITERAL("a pepper that is kept elsewhere");
  EXPECT_STATUS(OK, tollgate_key_hash(key, NONE, digits));
  EXPECT_TEXT("2c458e43db998f88dbe764b21aa6b01de4d64ea48c647e73b4ee0d86b9eb3310", BYTES(digits));
  EXPECT_STATUS(OK, tollgate_key_hash(key, pepper, digits));
  EXPECT_TEXT("2ad3cb84b2a684ec9f79e098ec7961d45603065eb13b4d13b47f8edb89c67b6a", BYTES(digits));
  memset(digits, FILL, sizeof digits);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_key_hash(key, tollgate_bytes_of(pepper.data, 15), digits));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_hash(null, NONE, digits));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_hash(key, null, digits));
  EXPECT_STATUS(NULL_POINTER, tollgate_key_hash(key, NONE, NULL));
  EXPECT(all_are(FILL, digits, sizeof digits));
}

int main(void) {
  made_of_given_bytes();
  made_by_the_operating_system();
  refused();
  parsed();
  hashed();
  return expectations_met("keys");
}
