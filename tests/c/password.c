/* Passwords that people choose: hashed, verified, and kept in a policy. A library without the
 * feature "password" says so everywhere. */
#include "fixture.h"

/* htpasswd -nbB -C 4 user "correct horse" */
#define BCRYPT "$2y$04$ZvmNibcvBAloy9apsdh.v.gw/W3RkdnY5ltub.0Gpa1RVRWEEYBSG"

/* printf "correct horse" | argon2 "sixteen of salt." -id -t 2 -k 19456 -p 1 -e */
#define ARGON2ID "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBvZiBzYWx0Lg$AqFRSn+HR6ett9wsjgf7wLBOviAzuAPCcnw2R6z7pLE"

#define POLICY \
  "{\"tollgate\": 1, \"environment\": \"e\"," \
  " \"routes\": {\"r\": {\"max_body\": 0, \"credentials\": [\"basic\"]}}," \
  " \"credentials\": [{\"id\": \"a\", \"basic\": {\"user\": \"anna\", \"passphrase\":" \
  "   {\"password_hash\": \"" BCRYPT "\"}}}]}"

static tollgate_status load(tollgate_policy **policy, uint8_t *errors, size_t capacity,
                            size_t *length) {
  tollgate_bytes none = {NULL, 0};
  return tollgate_policy_load(TOLLGATE_LITERAL(POLICY), TOLLGATE_LITERAL("p.json"),
                              TOLLGATE_SECRET_MODE_TEXT, none, errors, capacity, length, policy);
}

static void without_the_feature(void) {
  uint8_t out[128], errors[512] = {0};
  size_t length = 7;
  tollgate_policy *policy = NULL;
  EXPECT_STATUS(NOT_BUILT_IN, tollgate_password_hash(TOLLGATE_LITERAL("correct horse"),
                                                     TOLLGATE_LITERAL("sixteen of salt."), out,
                                                     sizeof out, &length));
  EXPECT(length == 7);
  EXPECT_STATUS(NOT_BUILT_IN, tollgate_password_verify(TOLLGATE_LITERAL("correct horse"),
                                                       TOLLGATE_LITERAL(BCRYPT)));
  EXPECT_STATUS(POLICY_INVALID, load(&policy, errors, sizeof errors - 1, &length));
  EXPECT(strstr((char *)errors, "built without slow passwords") != NULL);
}

static void with_the_feature(void) {
  uint8_t out[128], errors[512] = {0};
  size_t length = 0;
  tollgate_bytes right = TOLLGATE_LITERAL("correct horse"), none = {NULL, 0};
  EXPECT_STATUS(OK, tollgate_password_hash(right, TOLLGATE_LITERAL("sixteen of salt."), out,
                                           sizeof out, &length));
  EXPECT_TEXT(ARGON2ID, tollgate_bytes_of(out, length));
  EXPECT_STATUS(OK, tollgate_password_verify(right, tollgate_bytes_of(out, length)));
  EXPECT_STATUS(MISMATCH, tollgate_password_verify(TOLLGATE_LITERAL("correct horsf"),
                                                   tollgate_bytes_of(out, length)));
  EXPECT_STATUS(OK, tollgate_password_verify(right, TOLLGATE_LITERAL(BCRYPT)));
  EXPECT_STATUS(MISMATCH, tollgate_password_verify(none, TOLLGATE_LITERAL(BCRYPT)));

  /* Salts from the operating system are never the same. */
  uint8_t second[128];
  size_t second_length = 0;
  EXPECT_STATUS(OK, tollgate_password_hash(right, none, out, sizeof out, &length));
  EXPECT_STATUS(OK, tollgate_password_hash(right, none, second, sizeof second, &second_length));
  EXPECT(length == second_length && memcmp(out, second, length) != 0);
  EXPECT_STATUS(OK, tollgate_password_verify(right, tollgate_bytes_of(second, second_length)));

  tollgate_policy *policy = NULL;
  EXPECT_STATUS(OK, load(&policy, errors, sizeof errors, &length));
  tollgate_gate *gate = NULL;
  EXPECT_STATUS(OK, tollgate_gate_new(policy, &gate));
  static const struct {
    const char *line;
    uint32_t reason;
  } ATTEMPTS[] = {
      {"Basic YW5uYTpjb3JyZWN0IGhvcnNl", TOLLGATE_REASON_OK}, /* anna:correct horse */
      {"Basic YW5uYTpjb3JyZWN0IGhvcnNm", TOLLGATE_REASON_BAD_SECRET},
      {"Basic YmVydDpjb3JyZWN0IGhvcnNl", TOLLGATE_REASON_UNKNOWN_KEY},
      {"Basic YW5uYTpjb3JyZWN0IGhvcnNl", TOLLGATE_REASON_OK},
  };
  for (size_t at = 0; at < sizeof ATTEMPTS / sizeof *ATTEMPTS; at++) {
    tollgate_header_line line = {TOLLGATE_LITERAL("Authorization"),
                                 tollgate_bytes_of(ATTEMPTS[at].line, strlen(ATTEMPTS[at].line))};
    tollgate_request request = TOLLGATE_REQUEST_INIT;
    request.headers = &line;
    request.header_count = 1;
    request.route = TOLLGATE_LITERAL("r");
    request.method = TOLLGATE_LITERAL("POST");
    request.target = TOLLGATE_LITERAL("/");
    request.peer = TOLLGATE_LITERAL(PEER_ONE);
    request.tls = 1;
    request.monotonic_ns = SECOND_NS * (at + 1);
    EXPECT_NUMBER(ATTEMPTS[at].reason, decide(gate, &request).reason);
  }
  EXPECT_STATUS(OK, tollgate_gate_free(gate));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

static void bad_arguments(void) {
  uint8_t out[128];
  size_t length = 7;
  tollgate_bytes password = TOLLGATE_LITERAL("correct horse");
  tollgate_bytes salt = TOLLGATE_LITERAL("sixteen of salt.");
  const tollgate_bytes unusable[] = {
      TOLLGATE_LITERAL(""), TOLLGATE_LITERAL("seven77"), TOLLGATE_LITERAL("a line\nand more")};
  for (size_t at = 0; at < sizeof unusable / sizeof *unusable; at++)
    EXPECT_STATUS(INVALID_ARGUMENT,
                  tollgate_password_hash(unusable[at], salt, out, sizeof out, &length));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_password_hash(password, TOLLGATE_LITERAL("short"), out,
                                                         sizeof out, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_password_hash(password, salt, NULL, 10, &length));
  EXPECT_STATUS(NULL_POINTER, tollgate_password_hash(password, salt, out, sizeof out, NULL));
  EXPECT_NUMBER(7, length);
  EXPECT_STATUS(BUFFER_TOO_SMALL, tollgate_password_hash(password, salt, NULL, 0, &length));
  EXPECT_NUMBER(97, length);
  const tollgate_bytes no_hashes[] = {
      TOLLGATE_LITERAL(""), TOLLGATE_LITERAL("$"), TOLLGATE_LITERAL("\xff"),
      TOLLGATE_LITERAL("$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/"),
      TOLLGATE_LITERAL("$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg"),
      TOLLGATE_LITERAL("$2y$31$ZvmNibcvBAloy9apsdh.v.gw/W3RkdnY5ltub.0Gpa1RVRWEEYBSG")};
  for (size_t at = 0; at < sizeof no_hashes / sizeof *no_hashes; at++)
    EXPECT_STATUS(DECODE, tollgate_password_verify(password, no_hashes[at]));
}

/* With the argument "required" the library must have the feature. */
int main(int count, char **arguments) {
  tollgate_status status =
      tollgate_password_verify(TOLLGATE_LITERAL("correct horse"), TOLLGATE_LITERAL(BCRYPT));
  bool required = count > 1 && strcmp(arguments[1], "required") == 0;
  if (status == TOLLGATE_STATUS_NOT_BUILT_IN && !required) {
    without_the_feature();
  } else {
    EXPECT_STATUS(OK, status);
    with_the_feature();
    bad_arguments();
  }
  return expectations_met("passwords");
}
