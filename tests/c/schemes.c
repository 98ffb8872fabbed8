/* Signatures without a policy: what is signed is what OpenSSL signs, passes a gate, and is verified
 * with every secret it was signed with; with a bit flipped it is not. */
#include "fixture.h"

#include <stdint.h>

#define SECRET_ONE "signing-secret-of-merchant-one"
#define SECRET_TWO "signing-secret-of-merchant-two"

#define KEY TOLLGATE_LITERAL("my-key")

static const tollgate_bytes NONE = {NULL, 0}, NULL_BYTES = {NULL, 3};

/* A message about to be signed. */
static tollgate_bytes one, two, body;
static tollgate_request request;

/* What signing gave. */
static uint8_t lines[1024], value[512];
static size_t lines_length, value_length;
static uint32_t reason;

static tollgate_scheme *scheme_of(const char *name, const char *url, size_t secret_count) {
  const tollgate_bytes secrets[] = {one, two};
  tollgate_scheme *scheme = NULL;
  EXPECT_STATUS(OK, tollgate_scheme_new(tollgate_bytes_of(name, strlen(name)),
                                        tollgate_bytes_of(url, strlen(url)), secrets, secret_count,
                                        &scheme));
  return scheme;
}

static tollgate_status sign(const tollgate_scheme *scheme, const char *id) {
  lines_length = value_length = reason = 7777;
  return tollgate_scheme_sign(scheme, &request, tollgate_bytes_of(id, strlen(id)), KEY, lines,
                              sizeof lines, &lines_length, value, sizeof value, &value_length,
                              &reason);
}

static tollgate_bytes signed_lines(void) { return tollgate_bytes_of(lines, lines_length); }

static tollgate_bytes signed_value(void) { return tollgate_bytes_of(value, value_length); }

/* The header lines of a block, for a request. */
static size_t split(tollgate_header_line *headers) {
  size_t count = 0;
  const char *at = (const char *)lines, *end = at + lines_length;
  while (at < end) {
    const char *colon = strstr(at, ": "), *line_end = strstr(at, "\r\n");
    headers[count].name = tollgate_bytes_of(at, (size_t)(colon - at));
    headers[count].value = tollgate_bytes_of(colon + 2, (size_t)(line_end - colon - 2));
    count++;
    at = line_end + 2;
  }
  return count;
}

/* What openssl dgst -sha256 -hmac signing-secret-of-merchant-one says of the same octets. */
static void values_of_openssl(void) {
  tollgate_header_line login = {TOLLGATE_LITERAL("X-Login"), TOLLGATE_LITERAL("login-one")};
  tollgate_scheme *cashout = scheme_of("directa24-cashout", "", 1);
  EXPECT_STATUS(OK, sign(cashout, ""));
  EXPECT_TEXT("Payload-Signature: " SIGNED_ONE "\r\n", signed_lines());
  EXPECT_TEXT("", signed_value());
  EXPECT_NUMBER(TOLLGATE_REASON_OK, reason);

  tollgate_scheme *deposit = scheme_of("directa24-deposit", "", 1);
  request.headers = &login;
  request.header_count = 1;
  EXPECT_STATUS(OK, sign(deposit, ""));
  EXPECT_TEXT("X-Date: 2026-01-31T12:00:00Z\r\nAuthorization: D24 " SIGNED_DEPOSIT "\r\n",
              signed_lines());
  request.header_count = 0;

  /* (printf '1769860800.'; cat fixture/cashout.json), under both secrets */
  tollgate_scheme *stripe = scheme_of("stripe", "", 2);
  EXPECT_STATUS(OK, sign(stripe, ""));
  EXPECT_TEXT("Stripe-Signature: t=1769860800,"
              "v1=b63cdb8dd3216c6622f86cfc124a68999a041c471957573f2f26c0906f6f9f3d,"
              "v1=af6467c6e39a2f0aa17b8cda876fdf71619a50caf8d1cee10634dec7e2af73eb\r\n",
              signed_lines());

  /* (printf 'https://shop.example.com/hook'; cat fixture/cashout.json) */
  tollgate_scheme *square = scheme_of("square", "https://shop.example.com/hook", 1);
  EXPECT_STATUS(OK, sign(square, ""));
  EXPECT_TEXT("x-square-hmacsha256-signature: jygjbo6eJOpX+88SsRdVmnVtc6Q205pSgCMp4HkTMkU=\r\n",
              signed_lines());

  /* (printf 'msg_1.1769860800.'; cat fixture/cashout.json), under the key in hex
   * 00112233445566778899aabbccddeeff */
  tollgate_bytes secret = TOLLGATE_LITERAL("whsec_ABEiM0RVZneImaq7zN3u/w==");
  tollgate_scheme *webhooks = NULL;
  EXPECT_STATUS(OK, tollgate_scheme_new(TOLLGATE_LITERAL("standard-webhooks"), NONE, &secret, 1,
                                        &webhooks));
  EXPECT_STATUS(OK, sign(webhooks, "msg_1"));
  EXPECT_TEXT("webhook-id: msg_1\r\nwebhook-timestamp: 1769860800\r\n"
              "webhook-signature: v1,+kjl1Ybj3IAm+TZCC8pEtxre9v0wxp0LdFLOiopMuYc=\r\n",
              signed_lines());

  /* printf 'POST\n%s\ntext/xml\nSat, 31 Jan 2026 12:00:00 GMT\n\n/hook', with
   * openssl dgst -sha512 -r fixture/cashout.json, under -sha512 */
  tollgate_header_line xml = {TOLLGATE_LITERAL("Content-Type"), TOLLGATE_LITERAL("text/xml")};
  tollgate_scheme *ixopay = scheme_of("ixopay-xml", "", 1);
  request.headers = &xml;
  request.header_count = 1;
  EXPECT_STATUS(OK, sign(ixopay, ""));
  EXPECT_TEXT("Date: Sat, 31 Jan 2026 12:00:00 GMT\r\nAuthorization: Gateway my-key:"
              "Vc9Y3NaxU//4oHbWfiCZ1YGfgvoHXeylBSYXJWaRfxbD/xJNzygSdYwbOTuHB8XSwQhWcxc21No0RTEycVEiNg==\r\n", signed_lines());
  request.header_count = 0;

  tollgate_scheme *schemes[] = {cashout, deposit, stripe, square, webhooks, ixopay};
  for (size_t at = 0; at < sizeof schemes / sizeof *schemes; at++)
    EXPECT_STATUS(OK, tollgate_scheme_free(schemes[at]));
}

/* Where a header does not carry it. */
static void other_carriers(void) {
  static const char document[] =
      "{\"tollgate\":1,\"environment\":\"test\",\"schemes\":{\"link\":{"
      "\"algorithm\":\"hmac-sha256\",\"carrier\":{\"query\":\"sign\"},\"encoding\":\"hex-lower\","
      "\"parts\":[\"path\",{\"literal\":\"|\"}]}},\"routes\":{\"paid\":{\"max_body\":0,"
      "\"credentials\":[{\"fixed\":\"shop\"}],\"signature\":\"link\"},"
      "\"open\":{\"max_body\":0,\"credentials\":[\"basic\"]}},"
      "\"credentials\":[{\"id\":\"shop\",\"basic\":{\"user\":\"u\",\"passphrase\":"
      "{\"text\":\"a passphrase of it\"}},\"secrets\":[{\"generation\":1,\"key\":{\"text\":\""
      SECRET_ONE "\"}}]}]}";
  uint32_t carrier = 77;
  tollgate_bytes name = NONE;
  tollgate_policy *policy = fixture_load(tollgate_bytes_of(document, strlen(document)), "own");
  tollgate_scheme *link = NULL;
  EXPECT_STATUS(OK,
                tollgate_scheme_of_route(policy, TOLLGATE_LITERAL("paid"), &one, 1, &link));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_scheme_carrier(link, &carrier, &name));
  EXPECT_NUMBER(TOLLGATE_CARRIER_QUERY, carrier);
  EXPECT_TEXT("sign", name);
  request.target = TOLLGATE_LITERAL("/pay?a=1");
  EXPECT_STATUS(OK, sign(link, ""));
  EXPECT_TEXT("", signed_lines());
  /* printf '/pay|' */
  EXPECT_TEXT("055c6de58dd1ed545aa4400bcf855787357f95af39bcb836dda3183907ddfadb", signed_value());
  EXPECT_STATUS(OK, tollgate_scheme_free(link));

  tollgate_scheme *control = scheme_of("directa24-control", "", 1);
  EXPECT_STATUS(OK, tollgate_scheme_carrier(control, &carrier, &name));
  EXPECT_NUMBER(TOLLGATE_CARRIER_FORM, carrier);
  EXPECT_TEXT("control", name);
  request.body = TOLLGATE_LITERAL("date=2026-01-31&external_id=cashout-7");
  EXPECT_STATUS(OK, sign(control, ""));
  EXPECT_TEXT("", signed_lines());
  /* printf 'Be4cashout-7Bo7' */
  EXPECT_TEXT("C6AD1970CDDBEC298E78341C38A1789AFB81154F60805D5F440BD4294D9AD6DB", signed_value());
  EXPECT_STATUS(OK, tollgate_scheme_free(control));

  /* The notification that Pledg publishes, which is a JSON Web Signature as a whole. */
  tollgate_bytes jwt_io = TOLLGATE_LITERAL("your-256-bit-secret");
  tollgate_scheme *message = NULL;
  EXPECT_STATUS(OK, tollgate_scheme_new(TOLLGATE_LITERAL("pledg-message"), NONE, &jwt_io, 1,
                                        &message));
  EXPECT_STATUS(OK, tollgate_scheme_carrier(message, &carrier, &name));
  EXPECT_NUMBER(TOLLGATE_CARRIER_JSON, carrier);
  EXPECT_TEXT("signature", name);
  request.body = TOLLGATE_LITERAL(
      "{\"reference\":\"purchase_reference\",\"created\":\"2020-09-17 15:00:02.052177\","
      "\"transfer_order_item_uid\":\"tri_fasdkfiasfsd234nfs7f5d\",\"amount_cents\":10000}");
  EXPECT_STATUS(OK, sign(message, ""));
  EXPECT_TEXT("", signed_lines());
  EXPECT_TEXT(
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
      "eyJyZWZlcmVuY2UiOiJwdXJjaGFzZV9yZWZlcmVuY2UiLCJjcmVhdGVkIjoiMjAyMC0wOS0xNyAxNTowMDowMi4wNTIx"
      "NzciLCJ0cmFuc2Zlcl9vcmRlcl9pdGVtX3VpZCI6InRyaV9mYXNka2ZpYXNmc2QyMzRuZnM3ZjVkIiwiYW1vdW50X2Nl"
      "bnRzIjoxMDAwMH0.6ZhlvdcPgjwwBfxCrRpzaBGoRxTCoqtWJzFhB8pw4Ys",
      signed_value());
  EXPECT_STATUS(OK, tollgate_scheme_free(message));

  tollgate_scheme *header = scheme_of("github", "", 1);
  EXPECT_STATUS(OK, tollgate_scheme_carrier(header, &carrier, &name));
  EXPECT_NUMBER(TOLLGATE_CARRIER_HEADER, carrier);
  EXPECT_TEXT("X-Hub-Signature-256", name);
  EXPECT_STATUS(OK, tollgate_scheme_free(header));
  request.body = body;
}

/* A client signs a cashout, and the gate of the provider lets it pass. */
static void through_a_gate(void) {
  struct cashout cashout;
  tollgate_gate *gate = fixture_gate("one.json");
  tollgate_policy *policy = fixture_policy("one.json");
  tollgate_scheme *scheme = NULL;
  EXPECT_STATUS(OK, tollgate_scheme_of_route(policy, TOLLGATE_LITERAL("cashout"), &one, 1,
                                             &scheme));
  cashout_init(&cashout);
  cashout.request.header_count = LINES - 1;
  EXPECT_DENIED(MISSING_SIGNATURE, decide(gate, &cashout.request));
  EXPECT_STATUS(OK, tollgate_scheme_sign(scheme, &cashout.request, NONE, NONE, lines,
                                         sizeof lines, &lines_length, NULL, 0, &value_length, &reason));
  tollgate_header_line signature;
  EXPECT_NUMBER(1, split(&signature));
  take_back(cashout.lines[LINES - 1].name);
  take_back(cashout.lines[LINES - 1].value);
  cashout.lines[LINES - 1].name = lend(signature.name.data, signature.name.len);
  cashout.lines[LINES - 1].value = lend(signature.value.data, signature.value.len);
  cashout.request.header_count = LINES;
  EXPECT_ALLOWED(decide(gate, &cashout.request));
  EXPECT_STATUS(OK, tollgate_scheme_free(scheme));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  cashout_free(&cashout);
}

/* The statuses of both ways to verify, which agree. */
static tollgate_status verify(const char *name, const tollgate_bytes *secrets, size_t count,
                              uint32_t *matched) {
  uint32_t same_reason = 77, same_matched = 77;
  tollgate_scheme *scheme = NULL;
  tollgate_bytes text = tollgate_bytes_of(name, strlen(name));
  *matched = reason = 77;
  tollgate_status status =
      tollgate_scheme_verify_with(text, NONE, secrets, count, &request, &reason, matched);
  EXPECT_STATUS(OK, tollgate_scheme_new(text, NONE, secrets, count, &scheme));
  EXPECT_NUMBER(status, tollgate_scheme_verify(scheme, &request, &same_reason, &same_matched));
  EXPECT_NUMBER(reason, same_reason);
  EXPECT_NUMBER(*matched, same_matched);
  EXPECT((status == TOLLGATE_STATUS_OK) == (reason == TOLLGATE_REASON_OK && *matched != 0));
  EXPECT_STATUS(OK, tollgate_scheme_free(scheme));
  return status;
}

/* A webhook under two secrets, as its sender rotates; the receiver has either or both. */
static void rotation(void) {
  tollgate_bytes other = TOLLGATE_LITERAL("a secret that nobody signed with");
  tollgate_header_line headers[3];
  uint32_t matched;
  tollgate_scheme *scheme = scheme_of("stripe", "", 2);
  EXPECT_STATUS(OK, sign(scheme, ""));
  request.header_count = split(headers);
  request.headers = headers;
  const struct {
    tollgate_bytes secrets[4];
    size_t count;
    uint32_t matched;
  } receivers[] = {{{one}, 1, 1},        {{two}, 1, 1},
                   {{two, one}, 2, 3},   {{other, one}, 2, 2},
                   {{other, other, other, two}, 4, 8}};
  for (size_t at = 0; at < sizeof receivers / sizeof *receivers; at++) {
    EXPECT_STATUS(OK, verify("stripe", receivers[at].secrets, receivers[at].count, &matched));
    EXPECT_NUMBER(receivers[at].matched, matched);
  }
  EXPECT_STATUS(MISMATCH, verify("stripe", &other, 1, &matched));
  EXPECT_NUMBER(TOLLGATE_REASON_SIG_MISMATCH, reason);

  static const struct {
    uint64_t unix_ms;
    uint32_t reason;
  } times[] = {{NOON_MS + 300000, TOLLGATE_REASON_OK},
               {NOON_MS + 300001, TOLLGATE_REASON_STALE},
               {NOON_MS - 300001, TOLLGATE_REASON_FUTURE},
               {0, TOLLGATE_REASON_FUTURE}};
  for (size_t at = 0; at < sizeof times / sizeof *times; at++) {
    request.unix_ms = times[at].unix_ms;
    EXPECT_NUMBER(times[at].reason == TOLLGATE_REASON_OK ? TOLLGATE_STATUS_OK
                                                         : TOLLGATE_STATUS_MISMATCH,
                  verify("stripe", &one, 1, &matched));
    EXPECT_NUMBER(times[at].reason, reason);
  }
  request.unix_ms = NOON_MS;
  request.header_count = 0;
  EXPECT_STATUS(MISMATCH, verify("stripe", &one, 1, &matched));
  EXPECT_NUMBER(TOLLGATE_REASON_MISSING_SIGNATURE, reason);
  EXPECT_STATUS(OK, tollgate_scheme_free(scheme));
}

static void flipped_bits(void) {
  tollgate_header_line headers[3];
  uint32_t matched;
  tollgate_scheme *scheme = scheme_of("stripe", "", 1);
  EXPECT_STATUS(OK, sign(scheme, ""));
  request.header_count = split(headers);
  request.headers = headers;
  uint8_t *octets[] = {(uint8_t *)(uintptr_t)headers[0].value.data,
                       (uint8_t *)(uintptr_t)body.data};
  size_t lengths[] = {headers[0].value.len, body.len};
  for (size_t place = 0; place < 2; place++) {
    for (size_t bit = 0; bit < 8 * lengths[place]; bit++) {
      octets[place][bit / 8] ^= (uint8_t)(1 << bit % 8);
      reason = matched = 77;
      EXPECT_STATUS(MISMATCH, tollgate_scheme_verify(scheme, &request, &reason, &matched));
      EXPECT(reason != TOLLGATE_REASON_OK && reason != TOLLGATE_REASON_NONE && matched == 0);
      octets[place][bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
  }
  EXPECT_STATUS(OK, tollgate_scheme_verify(scheme, &request, &reason, &matched));
  request.header_count = 0;
  EXPECT_STATUS(OK, tollgate_scheme_free(scheme));
}

/* Every size of both buffers: what is needed comes back, and nothing is written beyond. */
static void sizes(void) {
  tollgate_scheme *stripe = scheme_of("stripe", "", 1), *control;
  for (size_t room = 0; room < 128; room++) {
    uint8_t *buffer = malloc(room);
    tollgate_status status =
        tollgate_scheme_sign(stripe, &request, NONE, NONE, room == 0 ? NULL : buffer, room,
                             &lines_length, NULL, 0, &value_length, &reason);
    EXPECT_NUMBER(lines_length <= room ? TOLLGATE_STATUS_OK : TOLLGATE_STATUS_BUFFER_TOO_SMALL,
                  status);
    EXPECT_NUMBER(100, lines_length);
    EXPECT_NUMBER(0, value_length);
    free(buffer);
  }
  control = scheme_of("directa24-control", "", 1);
  request.body = TOLLGATE_LITERAL("external_id=cashout-7");
  for (size_t room = 0; room < 80; room++) {
    uint8_t *buffer = malloc(room);
    tollgate_status status =
        tollgate_scheme_sign(control, &request, NONE, NONE, NULL, 0, &lines_length,
                             room == 0 ? NULL : buffer, room, &value_length, &reason);
    EXPECT_NUMBER(64 <= room ? TOLLGATE_STATUS_OK : TOLLGATE_STATUS_BUFFER_TOO_SMALL, status);
    EXPECT_NUMBER(0, lines_length);
    EXPECT_NUMBER(64, value_length);
    free(buffer);
  }
  request.body = body;
  EXPECT_STATUS(OK, tollgate_scheme_free(control));
  EXPECT_STATUS(OK, tollgate_scheme_free(stripe));
}

#define EXPECT_UNSIGNED(why, call)                             \
  do {                                                         \
    EXPECT_STATUS(INVALID_ARGUMENT, call);                     \
    EXPECT_NUMBER(TOLLGATE_REASON_##why, reason);              \
    EXPECT(lines_length == 7777 && value_length == 7777);      \
  } while (0)

/* What a verifier would refuse, and what cannot be written. */
static void unsigned_messages(void) {
  tollgate_header_line headers[] = {{TOLLGATE_LITERAL("X-Login"), TOLLGATE_LITERAL("login-one")},
                                    {TOLLGATE_LITERAL("x-login"), TOLLGATE_LITERAL("login-one")},
                                    {TOLLGATE_LITERAL("x-date"), TOLLGATE_LITERAL("now")}};
  static tollgate_header_line many[200];
  tollgate_scheme *deposit = scheme_of("directa24-deposit", "", 1);
  tollgate_scheme *two_secrets = scheme_of("directa24-deposit", "", 2);
  EXPECT_UNSIGNED(SIGNED_PART_MISSING, sign(deposit, ""));
  request.headers = headers;
  request.header_count = 2;
  EXPECT_UNSIGNED(DUP_HEADER, sign(deposit, ""));
  request.headers = headers + 1;
  EXPECT_UNSIGNED(NONE, sign(deposit, ""));
  request.header_count = 1;
  EXPECT_UNSIGNED(NONE, sign(two_secrets, ""));
  request.unix_ms = UINT64_MAX;
  EXPECT_UNSIGNED(NONE, sign(deposit, ""));
  request.unix_ms = NOON_MS;
  EXPECT_STATUS(OK, sign(deposit, ""));
  /* More lines than are read could hide one that is there twice. */
  for (size_t at = 0; at < 200; at++) many[at].name = TOLLGATE_LITERAL("X-Other");
  many[0] = headers[0];
  request.headers = many;
  request.header_count = 128;
  EXPECT_STATUS(OK, sign(deposit, ""));
  uint32_t matched = 77;
  for (size_t count = 129; count <= 200; count++) {
    request.header_count = count;
    EXPECT_UNSIGNED(TOO_MANY_HEADERS, sign(deposit, ""));
    EXPECT_STATUS(MISMATCH, tollgate_scheme_verify(deposit, &request, &reason, &matched));
    EXPECT_NUMBER(TOLLGATE_REASON_TOO_MANY_HEADERS, reason);
  }
  request.header_count = 0;
  tollgate_bytes secret = TOLLGATE_LITERAL("whsec_ABEiM0RVZneImaq7zN3u/w==");
  tollgate_scheme *svix = NULL;
  EXPECT_STATUS(OK, tollgate_scheme_new(TOLLGATE_LITERAL("svix"), NONE, &secret, 1, &svix));
  EXPECT_UNSIGNED(NONE, sign(svix, ""));
  EXPECT_UNSIGNED(NONE, sign(svix, "a\r\nX-Evil: 1"));
  EXPECT_UNSIGNED(NONE, sign(svix, "\xff"));
  EXPECT_UNSIGNED(SIGNED_PART_MISSING, sign(svix, "a.b"));
  EXPECT_STATUS(OK, sign(svix, "a"));
  EXPECT_STATUS(OK, tollgate_scheme_free(svix));
  EXPECT_STATUS(OK, tollgate_scheme_free(deposit));
  EXPECT_STATUS(OK, tollgate_scheme_free(two_secrets));
}

/* Names, URLs and secrets that do not make a scheme. */
static void no_schemes(void) {
  const tollgate_bytes secrets[] = {one, two, one, two, one}, url = TOLLGATE_LITERAL("https://a");
  const tollgate_bytes square = TOLLGATE_LITERAL("square"), stripe = TOLLGATE_LITERAL("stripe");
  const tollgate_bytes unusable[] = {NONE, TOLLGATE_LITERAL("15 bytes are few"),
                                     TOLLGATE_LITERAL("whsec_"), TOLLGATE_LITERAL("whsec_!!!!"),
                                     TOLLGATE_LITERAL("whsec_c2hvcnQ=")};
  tollgate_policy *policy = fixture_policy("one.json");
  tollgate_scheme *scheme = NULL;
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(NONE, NONE, &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_scheme_new(TOLLGATE_LITERAL("Stripe"), NONE, &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_scheme_new(TOLLGATE_LITERAL("\xff"), NONE, &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(square, NONE, &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(stripe, url, &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(stripe, NONE, NULL, 0, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(stripe, NONE, secrets, 5, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(stripe, NONE, secrets, SIZE_MAX, &scheme));
  /* A signature without a key, or one that the host stored, says nothing about its sender. */
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_scheme_new(TOLLGATE_LITERAL("flexiown-trust"), NONE, NULL, 0, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(TOLLGATE_LITERAL("flexiown-trust-return"),
                                                      NONE, NULL, 0, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_new(TOLLGATE_LITERAL("flexiown-trust-keyed"),
                                                      NONE, &one, 1, &scheme));
  for (size_t at = 0; at < sizeof unusable / sizeof *unusable; at++)
    EXPECT_STATUS(DECODE, tollgate_scheme_new(TOLLGATE_LITERAL("svix"), NONE, &unusable[at], 1,
                                              &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_of_route(policy, NONE, &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_of_route(policy, TOLLGATE_LITERAL("unsigned"),
                                                           &one, 1, &scheme));
  EXPECT_STATUS(INVALID_ARGUMENT,
                tollgate_scheme_of_route(policy, TOLLGATE_LITERAL("cashout"), NULL, 0, &scheme));
  EXPECT_STATUS(DECODE, tollgate_scheme_of_route(policy, TOLLGATE_LITERAL("cashout"), &unusable[0],
                                                 1, &scheme));
  uint32_t matched = 77;
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_scheme_verify_with(square, NONE, &one, 1, &request,
                                                              &reason, &matched));
  EXPECT(reason == TOLLGATE_REASON_INTERNAL && matched == 0);
  EXPECT_STATUS(DECODE, tollgate_scheme_verify_with(stripe, NONE, &unusable[0], 1, &request,
                                                    &reason, &matched));
  EXPECT(reason == TOLLGATE_REASON_INTERNAL && matched == 0);
  EXPECT(scheme == NULL);
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

static void wrong_pointers(void) {
  static const uint64_t zeros[64];
  tollgate_scheme *made = NULL, *none = (tollgate_scheme *)(uintptr_t)zeros;
  tollgate_scheme *scheme = scheme_of("github", "", 1);
  tollgate_policy *policy = fixture_policy("one.json");
  tollgate_bytes github = TOLLGATE_LITERAL("github"), name = TOLLGATE_LITERAL("untouched");
  tollgate_bytes route = TOLLGATE_LITERAL("cashout");
  uint32_t carrier = 77, matched = 77;
  tollgate_request wrong = request;
  wrong.size = 3;
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_new(NULL_BYTES, NONE, &one, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_new(github, NULL_BYTES, &one, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_new(github, NONE, NULL, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_new(github, NONE, &NULL_BYTES, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_new(github, NONE, &one, 1, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_of_route(NULL, route, &one, 1, &made));
  EXPECT_STATUS(BAD_HANDLE,
                tollgate_scheme_of_route((tollgate_policy *)scheme, route, &one, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_of_route(policy, NULL_BYTES, &one, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_of_route(policy, route, NULL, 1, &made));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_of_route(policy, route, &one, 1, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_carrier(NULL, &carrier, &name));
  EXPECT_STATUS(BAD_HANDLE, tollgate_scheme_carrier(none, &carrier, &name));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_carrier(scheme, NULL, &name));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_carrier(scheme, &carrier, NULL));
  EXPECT_STATUS(BAD_HANDLE, tollgate_scheme_free((tollgate_scheme *)policy));
  EXPECT_STATUS(OK, tollgate_scheme_free(NULL));
  EXPECT(made == NULL && carrier == 77);
  EXPECT_TEXT("untouched", name);

  EXPECT_STATUS(NULL_POINTER, sign(NULL, ""));
  EXPECT_STATUS(BAD_HANDLE, sign(none, ""));
  lines_length = value_length = 7777;
#define SIGN(scheme, request, id, lines, lines_length, value, value_length, reason)            \
  tollgate_scheme_sign(scheme, request, id, KEY, lines, 100, lines_length, value, 100,         \
                       value_length, reason)
  size_t *lines_at = &lines_length, *value_at = &value_length;
  EXPECT_STATUS(NULL_POINTER, SIGN(scheme, NULL, NONE, lines, lines_at, value, value_at, &reason));
  EXPECT_STATUS(BAD_SIZE, SIGN(scheme, &wrong, NONE, lines, lines_at, value, value_at, &reason));
  EXPECT_STATUS(NULL_POINTER,
                SIGN(scheme, &request, NULL_BYTES, lines, lines_at, value, value_at, &reason));
  EXPECT_STATUS(NULL_POINTER,
                SIGN(scheme, &request, NONE, NULL, lines_at, value, value_at, &reason));
  EXPECT_STATUS(NULL_POINTER, SIGN(scheme, &request, NONE, lines, NULL, value, value_at, &reason));
  EXPECT_STATUS(NULL_POINTER,
                SIGN(scheme, &request, NONE, lines, lines_at, NULL, value_at, &reason));
  EXPECT_STATUS(NULL_POINTER, SIGN(scheme, &request, NONE, lines, lines_at, value, NULL, &reason));
  EXPECT_STATUS(NULL_POINTER, SIGN(scheme, &request, NONE, lines, lines_at, value, value_at, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_sign(scheme, &request, NONE, NULL_BYTES, lines, 100,
                                                   lines_at, value, 100, value_at, &reason));
  EXPECT(lines_length == 7777 && value_length == 7777);

  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_verify(scheme, &request, NULL, &matched));
  EXPECT_STATUS(NULL_POINTER, tollgate_scheme_verify(scheme, &request, &reason, NULL));
#define EXPECT_UNVERIFIED(name, call)                              \
  do {                                                             \
    reason = TOLLGATE_REASON_OK;                                   \
    matched = 1;                                                   \
    EXPECT_STATUS(name, call);                                     \
    EXPECT(reason == TOLLGATE_REASON_INTERNAL && matched == 0);    \
  } while (0)
  EXPECT_UNVERIFIED(NULL_POINTER, tollgate_scheme_verify(NULL, &request, &reason, &matched));
  EXPECT_UNVERIFIED(BAD_HANDLE, tollgate_scheme_verify(none, &request, &reason, &matched));
  EXPECT_UNVERIFIED(NULL_POINTER, tollgate_scheme_verify(scheme, NULL, &reason, &matched));
  EXPECT_UNVERIFIED(BAD_SIZE, tollgate_scheme_verify(scheme, &wrong, &reason, &matched));
  EXPECT_UNVERIFIED(NULL_POINTER, tollgate_scheme_verify_with(NULL_BYTES, NONE, &one, 1, &request,
                                                              &reason, &matched));
  EXPECT_UNVERIFIED(NULL_POINTER, tollgate_scheme_verify_with(github, NULL_BYTES, &one, 1, &request,
                                                              &reason, &matched));
  EXPECT_UNVERIFIED(NULL_POINTER, tollgate_scheme_verify_with(github, NONE, NULL, 1, &request,
                                                              &reason, &matched));
  EXPECT_UNVERIFIED(NULL_POINTER, tollgate_scheme_verify_with(github, NONE, &one, 1, NULL, &reason,
                                                              &matched));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_scheme_free(scheme));
}

int main(void) {
  one = lend(SECRET_ONE, strlen(SECRET_ONE));
  two = lend(SECRET_TWO, strlen(SECRET_TWO));
  body = fixture_file("cashout.json");
  request = (tollgate_request)TOLLGATE_REQUEST_INIT;
  request.method = TOLLGATE_LITERAL("POST");
  request.target = TOLLGATE_LITERAL("/hook");
  request.body = body;
  request.unix_ms = NOON_MS;
  values_of_openssl();
  other_carriers();
  through_a_gate();
  rotation();
  flipped_bits();
  sizes();
  unsigned_messages();
  no_schemes();
  wrong_pointers();
  take_back(one);
  take_back(two);
  take_back(body);
  return expectations_met("schemes");
}
