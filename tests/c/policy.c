/* Policies through the C ABI: what a document with errors gives, into buffers of every size, and
 * that it is all or nothing. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdint.h>
#include <stdlib.h>

static const tollgate_bytes NOTHING = {NULL, 0};

/* What no call may change if it fails. */
static tollgate_policy *const UNTOUCHED = (tollgate_policy *)(uintptr_t)0x1000;

static tollgate_bytes text(const char *characters) {
  return tollgate_bytes_of(characters, strlen(characters));
}

/* Loads a document with errors into an error buffer of each size up to the whole text and beyond:
 * the beginning is written, the length is that of the whole, nothing else changes. */
static void refused(tollgate_bytes document, const char *beginning) {
  size_t whole = 0;
  tollgate_policy *policy = UNTOUCHED;
  EXPECT_STATUS(POLICY_INVALID, tollgate_policy_load(document, text("p.json"), 0, NOTHING, NULL, 0,
                                                     &whole, &policy));
  EXPECT(whole > 0 && policy == UNTOUCHED);
  char *all = malloc(whole + 8);
  if (all == NULL) abort();
  for (size_t capacity = whole + 8; capacity-- > 0;) {
    size_t length = 0, written = capacity < whole ? capacity : whole;
    uint8_t *errors = malloc(capacity + 1);
    if (errors == NULL) abort();
    memset(errors, 0xa5, capacity + 1);
    EXPECT_STATUS(POLICY_INVALID, tollgate_policy_load(document, text("p.json"), 0, NOTHING, errors,
                                                       capacity, &length, &policy));
    EXPECT(length == whole && policy == UNTOUCHED);
    if (capacity == whole + 7) memcpy(all, errors, whole);
    EXPECT(memcmp(all, errors, written) == 0);
    EXPECT(all_are(0xa5, errors + written, capacity + 1 - written));
    free(errors);
  }
  all[whole] = '\0';
  EXPECT(strncmp(all, beginning, strlen(beginning)) == 0);
  if (strncmp(all, beginning, strlen(beginning)) != 0) fprintf(stderr, "%s\n", all);
  free(all);
}

static void documents_with_errors(void) {
  refused(NOTHING, "p.json:1:1: ");
  refused(text("{"), "p.json:1:1: ");
  refused(text("[]"), "p.json:1:1: ");
  refused(text("{}"), "p.json:1:1: ");
  refused(text("\xff\xfe"), "p.json:1:1: ");
  refused(text("{\"tollgate\":1,\n \"tollgate\":1}"), "p.json:");
  refused(text("{\"tollgate\":2,\"environment\":\"production\",\"routes\":{},\"credentials\":[]}"),
          "p.json:1:13: tollgate: ");
  refused(tollgate_bytes_of("{\0}", 3), "p.json:1:2: ");
}

/* No beginning of a good document is a document. */
static void half_written_documents(void) {
  tollgate_bytes whole = fixture_file("two.json");
  while (whole.data[whole.len - 1] == '\n') whole.len--;
  for (size_t len = 0; len < whole.len; len++) {
    tollgate_bytes beginning = lend(whole.data, len);
    tollgate_policy *policy = UNTOUCHED;
    size_t length = 0;
    EXPECT_STATUS(POLICY_INVALID, tollgate_policy_load(beginning, text("p"), 0, NOTHING, NULL, 0,
                                                       &length, &policy));
    EXPECT(policy == UNTOUCHED && length > 0);
    take_back(beginning);
  }
  take_back(whole);
}

/* Arguments that are wrong: the errors, their length and the policy are as they were. */
static void wrong_arguments(void) {
  static const tollgate_bytes null = {NULL, 3};
  tollgate_bytes document = fixture_file("two.json"), name = text("p.json");
  tollgate_bytes endless = tollgate_bytes_of(document.data, SIZE_MAX), odd = text("p\xff.json");
  uint8_t errors[64];
  size_t length = 77;
  tollgate_policy *policy = UNTOUCHED;
  memset(errors, 0xa5, sizeof errors);
#define LOAD(document, name, mode, base, errors, capacity, length, policy) \
  tollgate_policy_load(document, name, mode, base, errors, capacity, length, policy)
  EXPECT_STATUS(NULL_POINTER, LOAD(null, name, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, null, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, null, errors, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, NOTHING, NULL, 64, &length, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, NOTHING, errors, 64, NULL, &policy));
  EXPECT_STATUS(NULL_POINTER, LOAD(document, name, 0, NOTHING, errors, 64, &length, NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(endless, name, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT,
                LOAD(document, endless, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, name, 0, endless, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT,
                LOAD(document, name, 0, NOTHING, errors, SIZE_MAX, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, odd, 0, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, name, 1, odd, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT, LOAD(document, name, 2, NOTHING, errors, 64, &length, &policy));
  EXPECT_STATUS(INVALID_ARGUMENT,
                LOAD(document, name, UINT32_MAX, NOTHING, errors, 64, &length, &policy));
#undef LOAD
  EXPECT(length == 77 && policy == UNTOUCHED && all_are(0xa5, errors, sizeof errors));
  take_back(document);
}

/* A document that is good: no error text, and what can be asked of the policy. */
static void good_document(void) {
  static const tollgate_bytes null = {NULL, 3};
  tollgate_bytes document = fixture_file("one.json");
  uint8_t errors[4] = {1, 2, 3, 4};
  size_t length = 77, count = 77;
  uint32_t streams = 77;
  tollgate_policy *policy = NULL;
  EXPECT_STATUS(OK, tollgate_policy_load(document, NOTHING, TOLLGATE_SECRET_MODE_TEXT, NOTHING,
                                         errors, sizeof errors, &length, &policy));
  EXPECT(policy != NULL && length == 0);
  take_back(document);
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_credential_count(policy, NULL));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_credential_count(NULL, &count));
  EXPECT_NUMBER(77, count);
  EXPECT_STATUS(OK, tollgate_policy_credential_count(policy, &count));
  EXPECT_NUMBER(1, count);
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_streams(NULL, text("cashout"), &streams));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_streams(policy, null, &streams));
  EXPECT_STATUS(NULL_POINTER, tollgate_policy_route_streams(policy, text("cashout"), NULL));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_streams(policy, text("none"), &streams));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_streams(policy, NOTHING, &streams));
  EXPECT_STATUS(INVALID_ARGUMENT, tollgate_policy_route_streams(policy, text("\xff"), &streams));
  EXPECT_NUMBER(77, streams);
  EXPECT_STATUS(OK, tollgate_policy_route_streams(policy, text("cashout"), &streams));
  EXPECT_NUMBER(1, streams);
  EXPECT_STATUS(OK, tollgate_policy_route_streams(policy, text("login"), &streams));
  EXPECT_NUMBER(0, streams);
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
  EXPECT_STATUS(OK, tollgate_policy_free(NULL));
}

/* References to files and the environment are errors unless they are allowed. */
static void secrets_of_the_host(void) {
  static const char document[] =
      "{\"tollgate\":1,\"environment\":\"production\","
      "\"routes\":{\"r\":{\"max_body\":1,\"credentials\":[{\"api_key\":\"X-Key\"}]}},"
      "\"credentials\":[{\"id\":\"m\",\"api_key\":{\"env\":\"TOLLGATE_TEST_KEY\"}},"
      "{\"id\":\"n\",\"api_key\":{\"file\":\"api-key\"}}]}";
  refused(text(document), "p.json:1:");
  size_t length = 77;
  tollgate_policy *policy = UNTOUCHED;
  unsetenv("TOLLGATE_TEST_KEY");
  EXPECT_STATUS(POLICY_INVALID,
                tollgate_policy_load(text(document), text("p"), TOLLGATE_SECRET_MODE_HOST,
                                     text("tests/c/fixture"), NULL, 0, &length, &policy));
  setenv("TOLLGATE_TEST_KEY", "a-key-of-the-environment", 1);
  EXPECT_STATUS(POLICY_INVALID,
                tollgate_policy_load(text(document), text("p"), TOLLGATE_SECRET_MODE_HOST,
                                     text("tests/no-such-folder"), NULL, 0, &length, &policy));
  EXPECT(policy == UNTOUCHED);
  EXPECT_STATUS(OK, tollgate_policy_load(text(document), text("p"), TOLLGATE_SECRET_MODE_HOST,
                                         text("tests/c/fixture"), NULL, 0, &length, &policy));
  EXPECT_STATUS(OK, tollgate_policy_free(policy));
}

int main(void) {
  good_document();
  documents_with_errors();
  half_written_documents();
  wrong_arguments();
  secrets_of_the_host();
  return expectations_met("policy");
}
