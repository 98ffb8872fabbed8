/* Many HMAC-SHA256 tags in one call: the answers of the function for one tag, in every place of
 * batches of every size, and a status for what C can get wrong. */
#include "expect.h"

#include <stdint.h>

enum { MOST = 150, SECRETS = 5 };

static tollgate_hmac_sha256_key keys[SECRETS];
static tollgate_hmac_sha256_item items[MOST];
static uint8_t tags[MOST][32];

/* Messages of many lengths in blocks of their own, under several keys, with their right tags. */
static void make_items(void) {
  for (size_t at = 0; at < SECRETS; at++) {
    uint8_t secret[SECRETS];
    memset(secret, (int)at, sizeof secret);
    EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&keys[at], tollgate_bytes_of(secret, at)));
  }
  uint8_t text[700];
  for (size_t at = 0; at < sizeof text; at++) text[at] = (uint8_t)(at * 7);
  for (size_t at = 0; at < MOST; at++) {
    items[at].key = &keys[at % SECRETS];
    items[at].message = lend(text + at, at * 37 % 500);
    items[at].tag = tollgate_bytes_of(tags[at], 32);
    EXPECT_STATUS(OK, tollgate_hmac_sha256_mac(items[at].key, items[at].message, tags[at]));
  }
}

static void all_match(void) {
  for (size_t count = 0; count <= MOST; count++) {
    uint8_t results[MOST + 1];
    memset(results, 0xa5, sizeof results);
    EXPECT_STATUS(OK, tollgate_hmac_sha256_verify_batch(items, count, results));
    EXPECT(all_are(1, results, count));
    EXPECT(all_are(0xa5, results + count, sizeof results - count));
  }
}

/* One wrong tag, in each place: a bit of it, its length, its message, its key. */
static void one_does_not(void) {
  for (size_t count = 1; count <= MOST; count += count < 20 ? 1 : 13) {
    for (size_t wrong = 0; wrong < count; wrong++) {
      uint8_t results[MOST], other[33] = {0};
      tollgate_hmac_sha256_item right = items[wrong];
      memcpy(other, tags[wrong], 32);
      switch (wrong % 4) {
      case 0:
        other[wrong % 32] ^= (uint8_t)(1 << count % 8);
        items[wrong].tag.data = other;
        break;
      case 1:
        items[wrong].tag = tollgate_bytes_of(other, count % 2 ? 31 : 33);
        break;
      case 2:
        items[wrong].message = TOLLGATE_LITERAL("another");
        break;
      default:
        items[wrong].key = &keys[(wrong + 1) % SECRETS];
      }
      memset(results, 0xa5, sizeof results);
      EXPECT_STATUS(MISMATCH, tollgate_hmac_sha256_verify_batch(items, count, results));
      for (size_t at = 0; at < count; at++) EXPECT_NUMBER(at != wrong, results[at]);
      items[wrong] = right;
    }
  }
}

/* After any other status, everything is 0. */
static void refused(void) {
  const tollgate_bytes null = {NULL, 1}, endless = {tags[0], SIZE_MAX};
  uint8_t results[MOST];
  EXPECT_STATUS(OK, tollgate_hmac_sha256_verify_batch(NULL, 0, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_verify_batch(items, 1, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_hmac_sha256_verify_batch(items, SIZE_MAX, results));
  for (size_t wrong = 0; wrong < MOST; wrong++) {
    tollgate_hmac_sha256_item right = items[wrong];
    const tollgate_hmac_sha256_item broken[] = {
        {NULL, right.message, right.tag},
        {right.key, null, right.tag},
        {right.key, right.message, null},
    };
    for (size_t at = 0; at < sizeof broken / sizeof *broken; at++) {
      items[wrong] = broken[at];
      memset(results, 0xa5, sizeof results);
      EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_verify_batch(items, MOST, results));
      EXPECT(all_are(0, results, sizeof results));
    }
    items[wrong] = right;
    items[wrong].tag = endless;
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_hmac_sha256_verify_batch(items, MOST, results));
    EXPECT(all_are(0, results, sizeof results));
    items[wrong] = right;
  }
  memset(results, 0xa5, sizeof results);
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_verify_batch(NULL, MOST, results));
  EXPECT(all_are(0, results, sizeof results));
}

int main(void) {
  make_items();
  all_match();
  one_does_not();
  refused();
  for (size_t at = 0; at < MOST; at++) take_back(items[at].message);
  return expectations_met("batch");
}
