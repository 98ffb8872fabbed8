/* The hashes that stand for secrets in a policy, through the C ABI. */
#include "expect.h"

#include <stdint.h>

#define SECRET TOLLGATE_LITERAL("a-generated-api-key")
#define PEPPER TOLLGATE_LITERAL("the-pepper-of-the-gateway")

/* printf %s a-generated-api-key | openssl dgst -sha256 */
static const uint8_t PLAIN[32] = {
    0xce, 0xcb, 0xf8, 0x61, 0xe9, 0x40, 0x1d, 0x9f, 0x51, 0x38, 0x39, 0x26, 0x28, 0xf9, 0x25, 0x48,
    0xbb, 0x1f, 0x58, 0x2c, 0x8e, 0x9d, 0x37, 0x01, 0xe1, 0x4d, 0x3a, 0x24, 0x33, 0x8a, 0x41, 0xa9};

/* printf %s a-generated-api-key | openssl dgst -sha256 -hmac the-pepper-of-the-gateway */
static const uint8_t PEPPERED[32] = {
    0x63, 0x58, 0xd2, 0x63, 0x27, 0xbc, 0xee, 0xeb, 0x4c, 0x18, 0x5b, 0x40, 0x5b, 0x82, 0x8a, 0xbf,
    0x16, 0x85, 0xaf, 0xd1, 0xb5, 0xf9, 0xe3, 0x9f, 0xc0, 0xcd, 0x74, 0x5b, 0x17, 0x0f, 0x1a, 0xce};

static const tollgate_bytes NOTHING = {NULL, 0}, NULL_BYTES = {NULL, 1};

static void right_and_wrong(void) {
  uint8_t hash[32];
  EXPECT_STATUS(OK, tollgate_secret_sha256(SECRET, hash));
  EXPECT(memcmp(hash, PLAIN, sizeof hash) == 0);
  EXPECT_STATUS(OK, tollgate_secret_matches(SECRET, BYTES(PLAIN), NOTHING));
  EXPECT_STATUS(OK, tollgate_secret_matches(SECRET, BYTES(PEPPERED), PEPPER));
  EXPECT_STATUS(MISMATCH, tollgate_secret_matches(SECRET, BYTES(PLAIN), PEPPER));
  EXPECT_STATUS(MISMATCH, tollgate_secret_matches(SECRET, BYTES(PEPPERED), NOTHING));
  EXPECT_STATUS(MISMATCH, tollgate_secret_matches(NOTHING, BYTES(PLAIN), NOTHING));
  for (int bit = 0; bit < 256; bit++) {
    memcpy(hash, PLAIN, sizeof hash);
    hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
    EXPECT_STATUS(MISMATCH, tollgate_secret_matches(SECRET, BYTES(hash), NOTHING));
  }
  for (size_t len = 0; len < 32; len++) {
    tollgate_bytes cut = lend(PLAIN, len);
    EXPECT_STATUS(MISMATCH, tollgate_secret_matches(SECRET, cut, NOTHING));
    take_back(cut);
  }
}

static void refused(void) {
  uint8_t hash[32];
  tollgate_bytes endless = tollgate_bytes_of(PLAIN, SIZE_MAX);
  memset(hash, 0xa5, sizeof hash);
  EXPECT_STATUS(NULL_POINTER, tollgate_secret_sha256(SECRET, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_secret_sha256(NULL_BYTES, hash));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_secret_sha256(endless, hash));
  EXPECT(all_are(0xa5, hash, sizeof hash));
  EXPECT_STATUS(NULL_POINTER, tollgate_secret_matches(NULL_BYTES, BYTES(PLAIN), NOTHING));
  EXPECT_STATUS(NULL_POINTER, tollgate_secret_matches(SECRET, NULL_BYTES, NOTHING));
  EXPECT_STATUS(NULL_POINTER, tollgate_secret_matches(SECRET, BYTES(PLAIN), NULL_BYTES));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_secret_matches(endless, BYTES(PLAIN), NOTHING));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_secret_matches(SECRET, endless, NOTHING));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_secret_matches(SECRET, BYTES(PLAIN), endless));
}

int main(void) {
  right_and_wrong();
  refused();
  return expectations_met("hashes");
}
