/* The tests of one hash; hmac.c says which: HASH(name) is a function or a type of the library,
 * TEST(name) a test, DIGITS(vector) the wanted tag, TAG its length. */

/* One vector, as a whole and in pieces of every size. */
static void TEST(vector)(const struct vector *vector) {
  uint8_t room[LONGEST], wanted[TAG], tag[TAG];
  tollgate_bytes secret = expand(&vector->key, room), message = expand(&vector->message, room);
  size_t len = unhex(DIGITS(vector), wanted);
  HASH(key) key;
  EXPECT_STATUS(OK, HASH(key_init)(&key, secret));
  EXPECT_STATUS(OK, HASH(mac)(&key, message, tag));
  EXPECT(memcmp(wanted, tag, len) == 0);
  EXPECT_STATUS(OK, HASH(verify)(&key, message, BYTES(tag)));
  for (size_t piece = 1; piece <= message.len; piece++) {
    HASH(state) state;
    EXPECT_STATUS(OK, HASH(init)(&state, &key));
    for (size_t at = 0; at < message.len; at += piece) {
      size_t left = message.len - at;
      tollgate_bytes next = tollgate_bytes_of(message.data + at, left < piece ? left : piece);
      EXPECT_STATUS(OK, HASH(update)(&state, next));
    }
    EXPECT_STATUS(OK, HASH(finish_verify)(&state, BYTES(tag)));
    EXPECT(all_are(0, &state, sizeof state));
  }
  take_back(secret);
  take_back(message);
}

/* Every other tag is refused: one bit more, one byte less or more, and none. */
static void TEST(other_tags)(void) {
  uint8_t tag[TAG + 1] = {0};
  HASH(key) key;
  tollgate_bytes message = TOLLGATE_LITERAL("message");
  EXPECT_STATUS(OK, HASH(key_init)(&key, TOLLGATE_LITERAL("key")));
  EXPECT_STATUS(OK, HASH(mac)(&key, message, tag));
  for (int bit = 0; bit < 8 * TAG; bit++) {
    tag[bit / 8] ^= (uint8_t)(1 << bit % 8);
    EXPECT_STATUS(MISMATCH, HASH(verify)(&key, message, tollgate_bytes_of(tag, TAG)));
    tag[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  for (size_t len = 0; len <= TAG + 1; len++) {
    tollgate_bytes cut = lend(tag, len);
    tollgate_status wanted = len == TAG ? TOLLGATE_STATUS_OK : TOLLGATE_STATUS_MISMATCH;
    EXPECT_NUMBER(wanted, HASH(verify)(&key, message, cut));
    HASH(state) state;
    EXPECT_STATUS(OK, HASH(init)(&state, &key));
    EXPECT_STATUS(OK, HASH(update)(&state, message));
    EXPECT_NUMBER(wanted, HASH(finish_verify)(&state, cut));
    take_back(cut);
  }
}

/* A key that was wiped is all zeros, and one in a block of its own is not written beyond. */
static void TEST(wiped_key)(void) {
  HASH(key) *key = malloc(sizeof *key);
  if (key == NULL) abort();
  EXPECT_STATUS(OK, HASH(key_init)(key, TOLLGATE_LITERAL("a secret")));
  EXPECT(!all_are(0, key, sizeof *key));
  EXPECT_STATUS(OK, HASH(key_wipe)(key));
  EXPECT(all_are(0, key, sizeof *key));
  EXPECT_STATUS(OK, HASH(key_wipe)(NULL));
  free(key);
}

/* Memory that was never a key or a state gives a wrong tag and no more. */
static void TEST(garbage)(void) {
  static const size_t lengths[] = {0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 300};
  static const uint8_t message[300];
  uint8_t tag[TAG];
  for (size_t turn = 0; turn < 600; turn++) {
    HASH(key) key;
    HASH(state) state;
    noise(&key, sizeof key);
    noise(&state, sizeof state);
    if (turn % 3 == 1) memset(&state, 0xff, sizeof state);
    /* The position in the block, wherever it is kept, beyond the block. */
    if (turn % 3 == 2) memset((uint8_t *)&state + turn % (sizeof state - 8), 0xff, 8);
    size_t len = lengths[turn % (sizeof lengths / sizeof *lengths)];
    tollgate_bytes piece = tollgate_bytes_of(message, len);
    EXPECT_STATUS(OK, HASH(mac)(&key, piece, tag));
    EXPECT_STATUS(OK, HASH(update)(&state, piece));
    EXPECT_STATUS(OK, HASH(update)(&state, piece));
    EXPECT_STATUS(OK, HASH(finish)(&state, tag));
  }
}

/* A pointer that is not aligned is refused; the tag may lie anywhere. */
static void TEST(misaligned)(void) {
  uint8_t room[sizeof(HASH(state)) + 1], tag[TAG + 1];
  HASH(key) key;
  HASH(state) state;
  tollgate_bytes message = TOLLGATE_LITERAL("message");
  EXPECT_STATUS(OK, HASH(key_init)(&key, message));
  EXPECT_STATUS(OK, HASH(mac)(&key, message, tag + 1));
  for (size_t shift = 0; shift < 2; shift++) {
    void *odd = room + ((uintptr_t)room % 2 == shift ? 1 : 0);
    if ((uintptr_t)odd % 2 == 0) continue;
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(key_init)(odd, message));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(key_wipe)(odd));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(mac)(odd, message, tag));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(verify)(odd, message, BYTES(tag)));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(init)(odd, &key));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(init)(&state, odd));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(update)(odd, message));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(finish)(odd, tag));
    EXPECT_STATUS(INVALID_ARGUMENT, HASH(finish_verify)(odd, BYTES(tag)));
  }
}

/* What NULL and impossible lengths give, for each argument in turn; nothing is written. */
static void TEST(refused)(void) {
  static const tollgate_bytes null = {NULL, 1};
  tollgate_bytes text = TOLLGATE_LITERAL("text"), endless = tollgate_bytes_of("text", SIZE_MAX);
  uint8_t tag[TAG];
  HASH(key) key, same_key;
  HASH(state) state, same_state;
  EXPECT_STATUS(OK, HASH(key_init)(&key, text));
  EXPECT_STATUS(OK, HASH(init)(&state, &key));
  same_key = key;
  same_state = state;
  memset(tag, 0xa5, sizeof tag);
  EXPECT_STATUS(NULL_POINTER, HASH(key_init)(NULL, text));
  EXPECT_STATUS(NULL_POINTER, HASH(key_init)(&key, null));
  EXPECT_STATUS(INVALID_ARGUMENT, HASH(key_init)(&key, endless));
  EXPECT_STATUS(NULL_POINTER, HASH(mac)(NULL, text, tag));
  EXPECT_STATUS(NULL_POINTER, HASH(mac)(&key, null, tag));
  EXPECT_STATUS(NULL_POINTER, HASH(mac)(&key, text, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, HASH(mac)(&key, endless, tag));
  EXPECT_STATUS(NULL_POINTER, HASH(verify)(NULL, text, BYTES(tag)));
  EXPECT_STATUS(NULL_POINTER, HASH(verify)(&key, null, BYTES(tag)));
  EXPECT_STATUS(NULL_POINTER, HASH(verify)(&key, text, null));
  EXPECT_STATUS(INVALID_ARGUMENT, HASH(verify)(&key, text, endless));
  EXPECT_STATUS(NULL_POINTER, HASH(init)(NULL, &key));
  EXPECT_STATUS(NULL_POINTER, HASH(init)(&state, NULL));
  EXPECT_STATUS(NULL_POINTER, HASH(update)(NULL, text));
  EXPECT_STATUS(NULL_POINTER, HASH(update)(&state, null));
  EXPECT_STATUS(INVALID_ARGUMENT, HASH(update)(&state, endless));
  EXPECT_STATUS(INVALID_ARGUMENT, HASH(update)(&state, tollgate_bytes_of(&state, 1)));
  EXPECT_STATUS(NULL_POINTER, HASH(finish)(NULL, tag));
  EXPECT_STATUS(NULL_POINTER, HASH(finish)(&state, NULL));
  EXPECT_STATUS(NULL_POINTER, HASH(finish_verify)(NULL, BYTES(tag)));
  EXPECT(memcmp(&key, &same_key, sizeof key) == 0);
  EXPECT(memcmp(&state, &same_state, sizeof state) == 0);
  EXPECT(all_are(0xa5, tag, sizeof tag));
  /* "Whatever comes out": a state that was finished is gone even if the tag cannot be read. */
  EXPECT_STATUS(NULL_POINTER, HASH(finish_verify)(&state, null));
  EXPECT(all_are(0, &state, sizeof state));
}

static void TEST(all)(void) {
  for (size_t at = 0; at < VECTORS; at++) TEST(vector)(&RFC_4231[at]);
  TEST(other_tags)();
  TEST(wiped_key)();
  TEST(garbage)();
  TEST(misaligned)();
  TEST(refused)();
}
