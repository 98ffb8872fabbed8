/* The primitives through the C ABI: right answers, and a status for every pointer, length and
 * number that C can get wrong. */
#include "expect.h"

#include <stdint.h>
#include <stdlib.h>

static const tollgate_bytes NOTHING = {NULL, 0};
static const tollgate_bytes NULL_WITH_LENGTH = {NULL, 1};

/* RFC 4231 section 4.3. */
static const char KEY[] = "Jefe";
static const char MESSAGE[] = "what do ya want for nothing?";
static const uint8_t TAG256[32] = {
    0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
    0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
static const uint8_t TAG512[64] = {
    0x16, 0x4b, 0x7a, 0x7b, 0xfc, 0xf8, 0x19, 0xe2, 0xe3, 0x95, 0xfb, 0xe7, 0x3b, 0x56, 0xe0, 0xa3,
    0x87, 0xbd, 0x64, 0x22, 0x2e, 0x83, 0x1f, 0xd6, 0x10, 0x27, 0x0c, 0xd7, 0xea, 0x25, 0x05, 0x54,
    0x97, 0x58, 0xbf, 0x75, 0xc0, 0x5a, 0x99, 0x4a, 0x6d, 0x03, 0x4f, 0x65, 0xf8, 0xf0, 0xe6, 0xfd,
    0xca, 0xea, 0xb1, 0xa3, 0x4d, 0x4a, 0x6b, 0x4b, 0x63, 0x6e, 0x07, 0x0a, 0x38, 0xbc, 0xe7, 0x37};

static tollgate_bytes text(const char *characters) {
  return tollgate_bytes_of(characters, strlen(characters));
}

static int is_text(tollgate_bytes bytes, const char *expected) {
  return bytes.len == strlen(expected) && memcmp(bytes.data, expected, bytes.len + 1) == 0;
}

static void versions(void) {
  EXPECT_STATUS(OK, tollgate_check_abi(TOLLGATE_ABI));
  EXPECT_STATUS(ABI_MISMATCH, tollgate_check_abi(TOLLGATE_ABI + 1));
  EXPECT(tollgate_abi() == TOLLGATE_ABI);
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", TOLLGATE_VERSION_MAJOR, TOLLGATE_VERSION_MINOR,
           TOLLGATE_VERSION_PATCH);
  EXPECT(is_text(tollgate_version(), version));
  EXPECT(is_text(tollgate_status_text(TOLLGATE_STATUS_OK), "the call worked"));
  EXPECT(is_text(tollgate_status_text(4294967295U), "unknown status"));
}

static void layout(void) {
  EXPECT(sizeof(tollgate_status) == 4);
  EXPECT(sizeof(tollgate_bytes) == 2 * sizeof(void *));
  EXPECT(sizeof(tollgate_hmac_sha256_key) == 64 && sizeof(tollgate_hmac_sha512_key) == 128);
  EXPECT(sizeof(tollgate_hmac_sha256_state) == 136 && sizeof(tollgate_hmac_sha512_state) == 264);
}

static void hmac_sha256(void) {
  tollgate_hmac_sha256_key key;
  uint8_t tag[32];
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, text(KEY)));
  EXPECT_STATUS(OK, tollgate_hmac_sha256_mac(&key, text(MESSAGE), tag));
  EXPECT(memcmp(tag, TAG256, sizeof tag) == 0);
  EXPECT_STATUS(OK, tollgate_hmac_sha256_verify(&key, text(MESSAGE), BYTES(TAG256)));
  EXPECT_STATUS(MISMATCH, tollgate_hmac_sha256_verify(&key, text(KEY), BYTES(TAG256)));
  EXPECT_STATUS(MISMATCH, tollgate_hmac_sha256_verify(&key, text(MESSAGE), NOTHING));
  EXPECT_STATUS(MISMATCH,
                tollgate_hmac_sha256_verify(&key, text(MESSAGE), tollgate_bytes_of(TAG256, 31)));

  tollgate_hmac_sha256_state state, copy;
  EXPECT_STATUS(OK, tollgate_hmac_sha256_init(&state, &key));
  EXPECT_STATUS(OK, tollgate_hmac_sha256_update(&state, tollgate_bytes_of(MESSAGE, 5)));
  EXPECT_STATUS(OK, tollgate_hmac_sha256_update(&state, NOTHING));
  EXPECT_STATUS(OK, tollgate_hmac_sha256_update(&state, text(MESSAGE + 5)));
  memcpy(&copy, &state, sizeof copy);
  EXPECT_STATUS(OK, tollgate_hmac_sha256_finish(&state, tag));
  EXPECT(memcmp(tag, TAG256, sizeof tag) == 0);
  EXPECT_STATUS(OK, tollgate_hmac_sha256_finish_verify(&copy, BYTES(TAG256)));
  static const tollgate_hmac_sha256_state zeros;
  EXPECT(memcmp(&state, &zeros, sizeof state) == 0 && memcmp(&copy, &zeros, sizeof copy) == 0);

  static const tollgate_hmac_sha256_key no_key;
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_wipe(&key));
  EXPECT(memcmp(&key, &no_key, sizeof key) == 0);
}

static void hmac_sha512(void) {
  tollgate_hmac_sha512_key key;
  uint8_t tag[64];
  EXPECT_STATUS(OK, tollgate_hmac_sha512_key_init(&key, text(KEY)));
  EXPECT_STATUS(OK, tollgate_hmac_sha512_mac(&key, text(MESSAGE), tag));
  EXPECT(memcmp(tag, TAG512, sizeof tag) == 0);
  EXPECT_STATUS(OK, tollgate_hmac_sha512_verify(&key, text(MESSAGE), BYTES(TAG512)));
  EXPECT_STATUS(MISMATCH,
                tollgate_hmac_sha512_verify(&key, text(MESSAGE), tollgate_bytes_of(TAG512, 32)));

  tollgate_hmac_sha512_state state, copy;
  EXPECT_STATUS(OK, tollgate_hmac_sha512_init(&state, &key));
  EXPECT_STATUS(OK, tollgate_hmac_sha512_update(&state, text(MESSAGE)));
  memcpy(&copy, &state, sizeof copy);
  EXPECT_STATUS(OK, tollgate_hmac_sha512_finish(&state, tag));
  EXPECT(memcmp(tag, TAG512, sizeof tag) == 0);
  tag[63] ^= 1;
  EXPECT_STATUS(MISMATCH, tollgate_hmac_sha512_finish_verify(&copy, BYTES(tag)));
  EXPECT_STATUS(OK, tollgate_hmac_sha512_key_wipe(&key));
}

/* A caller that scribbles over a state gets a wrong tag and no more. */
static void scribbled_states(void) {
  tollgate_hmac_sha256_key key;
  tollgate_hmac_sha256_state state;
  tollgate_hmac_sha512_state long_state;
  uint8_t tag[64];
  for (int fill = 0; fill < 256; fill++) {
    memset(&key, fill, sizeof key);
    EXPECT_STATUS(OK, tollgate_hmac_sha256_mac(&key, text(MESSAGE), tag));
    memset(&state, fill, sizeof state);
    memset(&long_state, fill, sizeof long_state);
    for (size_t length = 0; length < sizeof MESSAGE; length++) {
      EXPECT_STATUS(OK, tollgate_hmac_sha256_update(&state, tollgate_bytes_of(MESSAGE, length)));
      EXPECT_STATUS(
          OK, tollgate_hmac_sha512_update(&long_state, tollgate_bytes_of(MESSAGE, length)));
    }
    EXPECT_STATUS(OK, tollgate_hmac_sha256_finish(&state, tag));
    EXPECT_STATUS(OK, tollgate_hmac_sha512_finish(&long_state, tag));
  }
}

static void wrong_pointers(void) {
  tollgate_hmac_sha256_key key;
  tollgate_hmac_sha256_state state;
  uint8_t tag[32] = {9};
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_init(&key, NOTHING));
  EXPECT_STATUS(OK, tollgate_hmac_sha256_key_wipe(NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_key_init(NULL, text(KEY)));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_key_init(&key, NULL_WITH_LENGTH));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_mac(NULL, text(MESSAGE), tag));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_mac(&key, text(MESSAGE), NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_mac(&key, NULL_WITH_LENGTH, tag));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_init(NULL, &key));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_init(&state, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_update(NULL, text(MESSAGE)));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_finish(NULL, tag));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_finish_verify(NULL, BYTES(tag)));
  EXPECT_STATUS(NULL_POINTER, tollgate_hmac_sha256_verify(NULL, text(MESSAGE), BYTES(tag)));

  tollgate_bytes endless = tollgate_bytes_of(MESSAGE, SIZE_MAX);
  tollgate_bytes too_long = tollgate_bytes_of(MESSAGE, (size_t)PTRDIFF_MAX + 1);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_hmac_sha256_mac(&key, endless, tag));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_hmac_sha256_mac(&key, too_long, tag));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_equal(endless, endless));
  EXPECT(tag[0] == 9);

  EXPECT_STATUS(OK, tollgate_hmac_sha256_init(&state, &key));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_hmac_sha256_update(&state, BYTES(state.opaque)));
}

static void comparison(void) {
  EXPECT_STATUS(OK, tollgate_equal(text("abc"), text("abc")));
  EXPECT_STATUS(OK, tollgate_equal(NOTHING, text("")));
  EXPECT_STATUS(MISMATCH, tollgate_equal(text("abc"), text("abd")));
  EXPECT_STATUS(MISMATCH, tollgate_equal(text("abc"), text("abcd")));
  EXPECT_STATUS(NULL_POINTER, tollgate_equal(NULL_WITH_LENGTH, text("a")));
}

static void base64(void) {
  uint8_t out[16];
  size_t needed = 77;
  EXPECT_STATUS(OK, tollgate_base64_encode(text("Jefe"), 0, 0, out, sizeof out, &needed));
  EXPECT(needed == 8 && memcmp(out, "SmVmZQ==", 8) == 0);
  EXPECT_STATUS(OK, tollgate_base64_encode(text("\xff\xfe"), TOLLGATE_BASE64_ALPHABET_URL_SAFE,
                                           TOLLGATE_BASE64_PADDING_FORBIDDEN, out, 3, &needed));
  EXPECT(needed == 3 && memcmp(out, "__4", 3) == 0);
  EXPECT_STATUS(OK, tollgate_base64_decode(text("SmVmZQ=="), 0, 0, out, 4, &needed));
  EXPECT(needed == 4 && memcmp(out, "Jefe", 4) == 0);

  memset(out, '-', sizeof out);
  EXPECT_STATUS(DECODE, tollgate_base64_decode(text("SmVmZR=="), 0, 0, out, 4, &needed));
  EXPECT(memcmp(out, "\0\0\0\0-", 5) == 0 && needed == 4);
  EXPECT_STATUS(DECODE, tollgate_base64_decode(text("SmVmZQ"), 0, 0, out, 4, &needed));
  EXPECT_STATUS(DECODE, tollgate_base64_decode(text("SmVm\nZQ=="), 0, 0, out, 8, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_base64_decode(text("SmVm"), 2, 0, out, 8, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_base64_decode(text("SmVm"), 0, 3, out, 8, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_base64_encode(text("SmVm"), 9, 0, out, 8, &needed));

  EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_base64_encode(text("Jefe"), 0, 0, out, 7, &needed));
  EXPECT(needed == 8);
  EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_base64_encode(text("Jefe"), 0, 0, NULL, 0, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_base64_encode(text("Jefe"), 0, 0, NULL, 8, &needed));
  EXPECT_STATUS(NULL_POINTER, tollgate_base64_encode(text("Jefe"), 0, 0, out, 8, NULL));
}

static void hex(void) {
  uint8_t out[16];
  size_t needed = 77;
  EXPECT_STATUS(OK, tollgate_hex_encode(text("Jefe"), TOLLGATE_HEX_CASE_UPPER, out, 8, &needed));
  EXPECT(needed == 8 && memcmp(out, "4A656665", 8) == 0);
  EXPECT_STATUS(OK, tollgate_hex_decode(text("4A656665"), TOLLGATE_HEX_CASE_ANY, out, 4, &needed));
  EXPECT(needed == 4 && memcmp(out, "Jefe", 4) == 0);
  EXPECT_STATUS(DECODE, tollgate_hex_decode(text("4A656665"), 0, out, 4, &needed));
  EXPECT_STATUS(DECODE, tollgate_hex_decode(text("4a6"), 0, out, 4, &needed));
  EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_hex_decode(text("4a65"), 0, out, 1, &needed));
  EXPECT(needed == 2);
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_hex_decode(text("4a65"), 3, out, 4, &needed));

  /* A buffer must not overlap the input, in whatever way. */
  memcpy(out, "4a656665", 8);
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_hex_decode(tollgate_bytes_of(out, 8), 0, out, 4, &needed));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_hex_decode(tollgate_bytes_of(out, 8), 0, out + 7, 4, &needed));
  EXPECT_STATUS(OK, tollgate_hex_decode(tollgate_bytes_of(out, 8), 0, out + 8, 4, &needed));
}

/* Many addresses at once: as one by one, and nothing is written where nothing may be. */
static void many_networks(void) {
  enum { COUNT = 100, UNTOUCHED = 77 };
  static uint8_t v4[COUNT][4], v6[COUNT][16], inside[COUNT + 1], single[COUNT];
  static const char *const lists[] = {"10.0.0.0/28", "10.0.0.0/28,2001:db8::/32",
                                      ("10.0.0.1,10.0.0.3,10.0.0.5,10.0.0.7,10.0.0.9,10.0.0.11,"
                                      "10.0.0.13,10.0.0.15,10.0.0.17,2001:db8::/64")};
  for (size_t at = 0; at < COUNT; at++) {
    const uint8_t address[4] = {10, 0, 0, (uint8_t)(at * 7 % 32)};
    memcpy(v4[at], address, 4);
    if (at % 3 == 0) { /* 2001:db8:0:x:: */
      const uint8_t start[8] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, (uint8_t)(at % 2)};
      memcpy(v6[at], start, 8);
    } else {
      v6[at][10] = v6[at][11] = 0xff;
      memcpy(v6[at] + 12, address, 4);
    }
  }
  for (size_t list = 0; list < sizeof lists / sizeof *lists; list++) {
    tollgate_networks *set = NULL;
    size_t length, accepted = 0;
    EXPECT_STATUS(OK, tollgate_networks_load(text(lists[list]), &set, NULL, 0, &length));
    for (size_t width = 4; width <= 16; width += 12) {
      const uint8_t *octets = width == 4 ? *v4 : *v6;
      for (size_t at = 0; at < COUNT; at++)
        single[at] = tollgate_networks_contain(set, tollgate_bytes_of(octets + at * width, width)) ==
                     TOLLGATE_STATUS_OK;
      for (size_t count = 0; count <= COUNT; count++) {
        tollgate_bytes addresses = tollgate_bytes_of(octets, count * width);
        memset(inside, UNTOUCHED, sizeof inside);
        EXPECT_STATUS(OK, tollgate_networks_contain_many(set, addresses, width, inside, count + 1));
        EXPECT(memcmp(inside, single, count) == 0 && inside[count] == UNTOUCHED);
      }
      for (size_t at = 0; at < COUNT; at++) accepted += single[at];
    }
    EXPECT(accepted > 20 && accepted < 2 * COUNT - 20);

    /* As many answers as there is room for, no fewer, and no other width. */
    memset(inside, UNTOUCHED, sizeof inside);
    EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_networks_contain_many(set, BYTES(v4), 4, inside, COUNT - 1));
    EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_networks_contain_many(set, BYTES(v6), 16, NULL, 0));
    static const size_t widths[] = {0, 1, 2, 8, 15, 17, SIZE_MAX};
    for (size_t at = 0; at < sizeof widths / sizeof *widths; at++)
      EXPECT_STATUS(INVALID_ARGUMENT,
                    tollgate_networks_contain_many(set, BYTES(v4), widths[at], inside, COUNT));
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_networks_contain_many(
                                        set, tollgate_bytes_of(*v4, 7), 4, inside, COUNT));
    EXPECT_STATUS(INVALID_ARGUMENT, tollgate_networks_contain_many(
                                        set, tollgate_bytes_of(*v6, 24), 16, inside, COUNT));
    EXPECT_STATUS(INVALID_ARGUMENT,
                  tollgate_networks_contain_many(set, BYTES(v4), 4, v4[COUNT / 2], COUNT));
    EXPECT_STATUS(NULL_POINTER, tollgate_networks_contain_many(NULL, BYTES(v4), 4, inside, COUNT));
    EXPECT_STATUS(NULL_POINTER, tollgate_networks_contain_many(set, BYTES(v4), 4, NULL, COUNT));
    EXPECT_STATUS(NULL_POINTER, tollgate_networks_contain_many(set, tollgate_bytes_of(NULL, 4), 4,
                                                               inside, COUNT));
    static uint64_t not_a_handle[64];
    EXPECT_STATUS(BAD_HANDLE, tollgate_networks_contain_many((tollgate_networks *)not_a_handle,
                                                             BYTES(v4), 4, inside, COUNT));
    for (size_t at = 0; at < sizeof inside; at++) EXPECT(inside[at] == UNTOUCHED);
    EXPECT_STATUS(OK, tollgate_networks_contain_many(set, NOTHING, 4, NULL, 0));
    EXPECT_STATUS(OK, tollgate_networks_contain_many(set, NOTHING, 16, inside, COUNT));
    EXPECT(inside[0] == UNTOUCHED);
    EXPECT_STATUS(OK, tollgate_networks_free(set));
  }
}

static void networks(void) {
  static const uint8_t inside[4] = {10, 0, 0, 15}, outside[4] = {10, 0, 0, 16};
  static const uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
  tollgate_networks *set = NULL, *none = NULL;
  char error[64];
  size_t length = 77;
  EXPECT_STATUS(OK, tollgate_networks_load(text("12.12.12.12,10.0.0.0/28,2001:db8::/32"), &set,
                                           (uint8_t *)error, sizeof error, &length));
  EXPECT(set != NULL && length == 0);
  EXPECT_STATUS(OK, tollgate_networks_contain(set, BYTES(inside)));
  EXPECT_STATUS(OK, tollgate_networks_contain(set, BYTES(mapped)));
  EXPECT_STATUS(MISMATCH, tollgate_networks_contain(set, BYTES(outside)));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_networks_contain(set, text("short")));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_networks_contain(set, NOTHING));
  EXPECT_STATUS(NULL_POINTER, tollgate_networks_contain(NULL, BYTES(inside)));
  static uint64_t not_a_handle[64];
  EXPECT_STATUS(BAD_HANDLE, tollgate_networks_contain((tollgate_networks *)not_a_handle, BYTES(inside)));
  EXPECT_STATUS(BAD_HANDLE, tollgate_networks_free((tollgate_networks *)not_a_handle));
  EXPECT_STATUS(OK, tollgate_networks_free(set));
  EXPECT_STATUS(OK, tollgate_networks_free(NULL));

  EXPECT_STATUS(DECODE, tollgate_networks_load(text("10.0.0.0/28,10.0.0.01"), &none,
                                               (uint8_t *)error, sizeof error, &length));
  EXPECT(none == NULL && length > 8 && memcmp(error, "byte 12: ", 9) == 0);
  EXPECT_STATUS(DECODE, tollgate_networks_load(text("10.0.0.1,"), &none, NULL, 0, &length));
  EXPECT(none == NULL && length > 0);
  EXPECT_STATUS(DECODE, tollgate_networks_load(NOTHING, &none, NULL, 0, &length));
  EXPECT_STATUS(DECODE, tollgate_networks_load(text("\xff"), &none, NULL, 0, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_networks_load(text("any"), NULL, NULL, 0, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_networks_load(text("any"), &none, NULL, 0, NULL));

  EXPECT_STATUS(OK, tollgate_network_contains(text("10.0.0.0/28"), BYTES(inside)));
  EXPECT_STATUS(MISMATCH, tollgate_network_contains(text("10.0.0.0/28"), BYTES(outside)));
  EXPECT_STATUS(DECODE, tollgate_network_contains(text("10.0.0.1/28"), BYTES(inside)));
}

int main(void) {
  networks();
  many_networks();
  versions();
  layout();
  hmac_sha256();
  hmac_sha512();
  scribbled_states();
  wrong_pointers();
  comparison();
  base64();
  hex();
  return expectations_met("primitives");
}
