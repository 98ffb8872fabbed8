/* Whole messages as JSON Web Tokens through the C ABI: signed, verified, read, and what bad ones
 * and bad arguments get. */
#include "expect.h"

#include <stdint.h>

enum { FILL = 0xa5 };

#define SECRET TOLLGATE_LITERAL("a secret of the merchant")
#define OTHER TOLLGATE_LITERAL("a secret of somebody else")
#define CLAIMS TOLLGATE_LITERAL("{\"reference\":\"order_123\",\"amount_cents\":10000}")

/* Python: base64url of header and claims, and of hmac.digest() over both. */
#define MESSAGE                                                                       \
  TOLLGATE_LITERAL("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."                            \
                   "eyJyZWZlcmVuY2UiOiJvcmRlcl8xMjMiLCJhbW91bnRfY2VudHMiOjEwMDAwfQ."  \
                   "CpPU1E2vqT6ngxfWL9D2IOzbHyf7D7s0FAH5W5eZeN0")

/* The example of Pledg's documentation; its secret is the one that jwt.io shows. */
#define PUBLISHED                                                                              \
  TOLLGATE_LITERAL(                                                                            \
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."                                                  \
      "eyJyZWZlcmVuY2UiOiJwdXJjaGFzZV9yZWZlcmVuY2UiLCJjcmVhdGVkIjoiMjAyMC0wOS0xNyAxNTowMDowMi" \
      "4wNTIxNzciLCJ0cmFuc2Zlcl9vcmRlcl9pdGVtX3VpZCI6InRyaV9mYXNka2ZpYXNmc2QyMzRuZnM3ZjVkIiwi" \
      "YW1vdW50X2NlbnRzIjoxMDAwMH0."                                                           \
      "6ZhlvdcPgjwwBfxCrRpzaBGoRxTCoqtWJzFhB8pw4Ys")

static const tollgate_bytes NULL_BYTES = {NULL, 3};

/* Into blocks of every size: only those that are large enough take anything. */
static void into_blocks(size_t whole, bool signs) {
  for (size_t capacity = 0; capacity <= whole + 1; capacity++) {
    size_t length = 77;
    uint8_t *out = malloc(capacity + 1);
    if (out == NULL) abort();
    memset(out, FILL, capacity + 1);
    tollgate_status status =
        signs ? tollgate_message_sign(SECRET, CLAIMS, out, capacity, &length)
              : tollgate_message_verify(SECRET, MESSAGE, out, capacity, &length);
    EXPECT_NUMBER(capacity < whole ? TOLLGATE_STATUS_BUFFER_TOO_SMALL : TOLLGATE_STATUS_OK, status);
    EXPECT_NUMBER(whole, length);
    if (capacity < whole)
      EXPECT(all_are(FILL, out, capacity + 1));
    else
      EXPECT(out[whole] == FILL);
    free(out);
  }
}

static void there_and_back(void) {
  uint8_t out[512];
  size_t length = 0;
  EXPECT_STATUS(OK, tollgate_message_sign(SECRET, CLAIMS, out, sizeof out, &length));
  tollgate_bytes made = lend(out, length);
  EXPECT(made.len == MESSAGE.len && memcmp(made.data, MESSAGE.data, made.len) == 0);
  EXPECT_STATUS(OK, tollgate_message_verify(SECRET, made, out, sizeof out, &length));
  EXPECT(length == CLAIMS.len && memcmp(out, CLAIMS.data, length) == 0);
  EXPECT_STATUS(OK, tollgate_message_claims(made, out, sizeof out, &length));
  EXPECT(length == CLAIMS.len && memcmp(out, CLAIMS.data, length) == 0);
  EXPECT_STATUS(OK, tollgate_message_verify(TOLLGATE_LITERAL("your-256-bit-secret"), PUBLISHED, out,
                                            sizeof out, &length));
  EXPECT(length > 30 && memcmp(out, "{\"reference\":\"purchase_reference\"", 33) == 0);
  take_back(made);
  into_blocks(MESSAGE.len, true);
  into_blocks(CLAIMS.len, false);
}

/* What is not right gives nothing of the claims. */
static void refused(void) {
  uint8_t out[512], clean[512] = {0};
  size_t length = 77;
  uint8_t changed[512];
  for (size_t at = 0; at < MESSAGE.len; at++) {
    memcpy(changed, MESSAGE.data, MESSAGE.len);
    changed[at] ^= 1;
    tollgate_bytes message = lend(changed, MESSAGE.len);
    memset(out, FILL, sizeof out);
    tollgate_status status = tollgate_message_verify(SECRET, message, out, sizeof out, &length);
    EXPECT(status == TOLLGATE_STATUS_MISMATCH || status == TOLLGATE_STATUS_DECODE);
    EXPECT(memcmp(out, clean, sizeof out) == 0 && length == 77);
    take_back(message);
  }
  EXPECT_STATUS(MISMATCH, tollgate_message_verify(OTHER, MESSAGE, out, sizeof out, &length));
  EXPECT_STATUS(DECODE, tollgate_message_verify(SECRET, TOLLGATE_LITERAL("a.b"), out, sizeof out,
                                                &length));
  EXPECT_STATUS(DECODE, tollgate_message_claims(TOLLGATE_LITERAL("e30.W10.e30"), out, sizeof out,
                                                &length));
  EXPECT_STATUS(DECODE, tollgate_message_sign(SECRET, TOLLGATE_LITERAL("{\"a\":1,\"a\":2}"), out,
                                              sizeof out, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_message_sign(TOLLGATE_LITERAL("fifteen bytes.."), CLAIMS,
                                                        out, sizeof out, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_message_verify(tollgate_bytes_of(NULL, 0), MESSAGE, out,
                                                          sizeof out, &length));
  EXPECT_NUMBER(77, length);
}

static void bad_arguments(void) {
  uint8_t out[512] = {0};
  size_t length = 77;
  EXPECT_STATUS(NULL_POINTER, tollgate_message_sign(NULL_BYTES, CLAIMS, out, sizeof out, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_sign(SECRET, NULL_BYTES, out, sizeof out, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_sign(SECRET, CLAIMS, NULL, 8, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_sign(SECRET, CLAIMS, out, sizeof out, NULL));
  EXPECT_STATUS(NULL_POINTER,
                tollgate_message_verify(NULL_BYTES, MESSAGE, out, sizeof out, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_verify(SECRET, NULL_BYTES, out, sizeof out, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_verify(SECRET, MESSAGE, NULL, 8, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_verify(SECRET, MESSAGE, out, sizeof out, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_claims(NULL_BYTES, out, sizeof out, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_claims(MESSAGE, NULL, 8, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_message_claims(MESSAGE, out, sizeof out, NULL));
  memcpy(out, MESSAGE.data, MESSAGE.len);
  tollgate_bytes inside = tollgate_bytes_of(out, MESSAGE.len);
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_message_verify(SECRET, inside, out, sizeof out, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_message_claims(inside, out, sizeof out, &length));
  EXPECT_NUMBER(77, length);
}

int main(void) {
  there_and_back();
  refused();
  bad_arguments();
  return expectations_met("message");
}
