/* Base64 and hexadecimal through the C ABI: every length with every alphabet and padding there
 * and back, every buffer that is too small, what is not well formed, and what overlaps. */
#include "expect.h"

#include <stdint.h>

enum { MOST = 70, FILL = 0xa5 };

/* One way to encode, and the way back. */
struct code {
  const char *name;
  tollgate_status (*encode)(tollgate_bytes, uint32_t, uint32_t, uint8_t *, size_t, size_t *);
  tollgate_status (*decode)(tollgate_bytes, uint32_t, uint32_t, uint8_t *, size_t, size_t *);
  uint32_t first, second;
};

static tollgate_status hex_encode(tollgate_bytes input, uint32_t letters, uint32_t unused,
                                  uint8_t *out, size_t capacity, size_t *needed) {
  (void)unused;
  return tollgate_hex_encode(input, letters, out, capacity, needed);
}

static tollgate_status hex_decode(tollgate_bytes input, uint32_t letters, uint32_t unused,
                                  uint8_t *out, size_t capacity, size_t *needed) {
  (void)unused;
  return tollgate_hex_decode(input, letters, out, capacity, needed);
}

static const struct code CODES[] = {
    {"base64", tollgate_base64_encode, tollgate_base64_decode, 0, 0},
    {"base64, optional padding", tollgate_base64_encode, tollgate_base64_decode, 0, 1},
    {"base64, no padding", tollgate_base64_encode, tollgate_base64_decode, 0, 2},
    {"base64url", tollgate_base64_encode, tollgate_base64_decode, 1, 0},
    {"base64url, optional padding", tollgate_base64_encode, tollgate_base64_decode, 1, 1},
    {"base64url, no padding", tollgate_base64_encode, tollgate_base64_decode, 1, 2},
    {"hex", hex_encode, hex_decode, 0, 0},
    {"HEX", hex_encode, hex_decode, 1, 0},
    {"hex, any case", hex_encode, hex_decode, 2, 0},
};

/* Converts into blocks of every size up to that which is needed: only that takes the result, and
 * the others stay as they are. Gives the result. */
static tollgate_bytes converted(const struct code *code, bool back, tollgate_bytes input) {
  size_t needed = 0, whole = 0;
  tollgate_status (*convert)(tollgate_bytes, uint32_t, uint32_t, uint8_t *, size_t, size_t *) =
      back ? code->decode : code->encode;
  tollgate_status asked = convert(input, code->first, code->second, NULL, 0, &whole);
  EXPECT_NUMBER(whole == 0 ? TOLLGATE_STATUS_OK : TOLLGATE_STATUS_BUFFER_TOO_SMALL, asked);
  for (size_t capacity = 0; capacity < whole; capacity++) {
    uint8_t *out = malloc(capacity + 1);
    if (out == NULL) abort();
    memset(out, FILL, capacity + 1);
    EXPECT_STATUS(BUFFER_TOO_SMALL,
                  convert(input, code->first, code->second, out, capacity, &needed));
    EXPECT(needed == whole && all_are(FILL, out, capacity + 1));
    free(out);
  }
  uint8_t *out = malloc(whole + 1);
  if (out == NULL) abort();
  memset(out, FILL, whole + 1);
  EXPECT_STATUS(OK, convert(input, code->first, code->second, out, whole, &needed));
  EXPECT(needed == whole && out[whole] == FILL);
  EXPECT_STATUS(OK, convert(input, code->first, code->second, out, whole + 1, &needed));
  EXPECT(needed == whole && out[whole] == FILL);
  return tollgate_bytes_of(out, whole);
}

static void there_and_back(const struct code *code) {
  uint8_t bytes[MOST];
  for (size_t at = 0; at < MOST; at++) bytes[at] = (uint8_t)(at * 37 + 250);
  for (size_t len = 0; len <= MOST; len++) {
    tollgate_bytes input = lend(bytes, len);
    tollgate_bytes text = converted(code, false, input);
    tollgate_bytes value = converted(code, true, text);
    EXPECT(value.len == len && memcmp(value.data, bytes, len) == 0);
    take_back(input);
    take_back(text);
    take_back(value);
  }
}

/* A text that is not well formed gives no part of its value: the buffer is all zeros. */
static void malformed(const struct code *code, const char *text) {
  uint8_t out[32];
  size_t needed = 77;
  memset(out, FILL, sizeof out);
  tollgate_bytes input = lend(text, strlen(text));
  tollgate_status status =
      code->decode(input, code->first, code->second, out, sizeof out - 1, &needed);
  if (status != TOLLGATE_STATUS_DECODE) fprintf(stderr, "%s: %s\n", code->name, text);
  EXPECT_STATUS(DECODE, status);
  EXPECT(needed == 77 && all_are(0, out, sizeof out - 1) && out[sizeof out - 1] == FILL);
  take_back(input);
}

static void all_malformed(void) {
  static const char *const base64[] = {
      "=",    "A",        "A===",  "AA=",      "AB==",     "AAB=",      "AA==AA==", "A=AA", "AA=A",
      "AAA ", " AAA",     "AA\nA", "AAAA\n",   "AAAA\r\n", "AA*A",      "AA\x80",   "AAAAA", "====",
      "AAAA=", "AAAA====", "-_-!",  "AAAAAAA*", "!AAAAAAA", "AAAAAAAA==",
  };
  static const char *const hex[] = {"a", "abc", "0x", "0g", " 00", "00 ", "0-", "\xc3\xa9", "0\n"};
  for (size_t code = 0; code < 6; code++)
    for (size_t at = 0; at < sizeof base64 / sizeof *base64; at++)
      malformed(&CODES[code], base64[at]);
  for (size_t code = 6; code < 9; code++)
    for (size_t at = 0; at < sizeof hex / sizeof *hex; at++) malformed(&CODES[code], hex[at]);
  malformed(&CODES[0], "-_-_");
  malformed(&CODES[3], "+/+/");
  malformed(&CODES[0], "AA");
  malformed(&CODES[2], "AA==");
  malformed(&CODES[6], "AB");
  malformed(&CODES[7], "ab");
}

static void refused(const struct code *code) {
  uint8_t room[32] = {0}, out[16];
  size_t needed = 77;
  memset(out, FILL, sizeof out);
  tollgate_bytes text = TOLLGATE_LITERAL("0000"), null = {NULL, 1}, none = {NULL, 0};
  tollgate_bytes endless = tollgate_bytes_of("0000", SIZE_MAX);
  tollgate_bytes inside = tollgate_bytes_of(room + 8, 8);
  for (int back = 0; back < 2; back++) {
    tollgate_status (*convert)(tollgate_bytes, uint32_t, uint32_t, uint8_t *, size_t, size_t *) =
        back ? code->decode : code->encode;
    uint32_t one = code->first, two = code->second;
    EXPECT_STATUS(NULL_POINTER, convert(null, one, two, out, sizeof out, &needed));
    EXPECT_STATUS(NULL_POINTER, convert(text, one, two, NULL, 8, &needed));
    EXPECT_STATUS(NULL_POINTER, convert(text, one, two, out, sizeof out, NULL));
    EXPECT_STATUS(INVALID_ARGUMENT, convert(endless, one, two, out, sizeof out, &needed));
    EXPECT_STATUS(INVALID_ARGUMENT, convert(text, one, two, out, SIZE_MAX, &needed));
    EXPECT_STATUS(INVALID_ARGUMENT, convert(text, 9, two, out, sizeof out, &needed));
    EXPECT_STATUS(INVALID_ARGUMENT, convert(text, UINT32_MAX, two, out, sizeof out, &needed));
    /* The buffer may end where the input begins and begin where it ends, and no further. */
    for (size_t at = 1; at < 16; at++)
      EXPECT_STATUS(INVALID_ARGUMENT, convert(inside, one, two, room + at, 8, &needed));
    EXPECT(needed == 77 && all_are(FILL, out, sizeof out));
    EXPECT_STATUS(OK, convert(none, one, two, NULL, 0, &needed));
    EXPECT_NUMBER(0, needed);
    needed = 77;
  }
}

int main(void) {
  for (size_t code = 0; code < sizeof CODES / sizeof *CODES; code++) {
    there_and_back(&CODES[code]);
    refused(&CODES[code]);
  }
  all_malformed();
  return expectations_met("encoding");
}
