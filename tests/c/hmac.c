/* HMAC through the C ABI: the vectors of RFC 4231, messages cut anywhere, states in any condition
 * and at any address. hmac_of.h has the tests, once for each hash. */
#include "expect.h"

#include <stdint.h>

/* A text, so many times. */
struct repeated {
  const char *text;
  size_t times;
};

struct vector {
  struct repeated key, message;
  const char *sha256, *sha512;
};

/* RFC 4231 sections 4.2 to 4.8. Of case 5 it gives the first 16 bytes. */
static const struct vector RFC_4231[] = {
    {{"\x0b", 20},
     {"Hi There", 1},
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
     "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
    {{"Jefe", 1},
     {"what do ya want for nothing?", 1},
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
     "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
    {{"\xaa", 20},
     {"\xdd", 50},
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
     "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
     "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"},
    {{"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17"
      "\x18\x19",
      1},
     {"\xcd", 50},
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
     "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
     "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"},
    {{"\x0c", 20},
     {"Test With Truncation", 1},
     "a3b6167473100ee06e0c796c2955552b",
     "415fad6271580a531d4179bc891d87a6"},
    {{"\xaa", 131},
     {"Test Using Larger Than Block-Size Key - Hash Key First", 1},
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
     "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
     "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
    {{"\xaa", 131},
     {"This is a test using a larger than block-size key and a larger than block-size data. The "
      "key needs to be hashed before being used by the HMAC algorithm.",
      1},
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
     "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
     "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"},
};

enum { VECTORS = sizeof RFC_4231 / sizeof *RFC_4231, LONGEST = 160 };

static tollgate_bytes expand(const struct repeated *repeated, uint8_t room[LONGEST]) {
  size_t len = strlen(repeated->text), whole = 0;
  for (size_t time = 0; time < repeated->times; time++, whole += len)
    memcpy(room + whole, repeated->text, len);
  return lend(room, whole);
}

/* The bytes that hexadecimal digits stand for. */
static size_t unhex(const char *digits, uint8_t *bytes) {
  size_t len = strlen(digits) / 2;
  for (size_t at = 0; at < len; at++) {
    unsigned byte = 0;
    sscanf(digits + 2 * at, "%2x", &byte);
    bytes[at] = (uint8_t)byte;
  }
  return len;
}

/* Bytes that look random and are the same on every run. */
static void noise(void *data, size_t len) {
  static uint64_t state = 0x9e3779b97f4a7c15;
  uint8_t *bytes = data;
  for (size_t at = 0; at < len; at++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes[at] = (uint8_t)(state >> 32);
  }
}

#define JOIN(a, b, c) a##b##c

#define HASH(name) JOIN(tollgate_hmac_sha256, _, name)
#define TEST(name) JOIN(sha256, _, name)
#define DIGITS(vector) ((vector)->sha256)
#define TAG 32
#include "hmac_of.h"

#undef HASH
#undef TEST
#undef DIGITS
#undef TAG
#define HASH(name) JOIN(tollgate_hmac_sha512, _, name)
#define TEST(name) JOIN(sha512, _, name)
#define DIGITS(vector) ((vector)->sha512)
#define TAG 64
#include "hmac_of.h"

int main(void) {
  sha256_all();
  sha512_all();
  return expectations_met("hmac");
}
