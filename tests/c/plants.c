/* Faults that the tools must see, or they see nothing:
 *
 *   plants overread    the library reads one byte more than there is
 *   plants freed       the library reads memory that was freed
 *   plants undefined   the library decides by memory that nobody wrote
 *   plants race        two threads let the library write to one object
 *   plants leak        a handle of the library is lost
 *   plants overflow    the program itself computes what C does not define
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tollgate.h>

static tollgate_hmac_sha256_state shared;

static tollgate_status overread(void) {
  uint8_t *data = calloc(100, 1), out[202];
  size_t needed;
  tollgate_bytes input = tollgate_bytes_of(data, 101);
  tollgate_status status = tollgate_hex_encode(input, 0, out, sizeof out, &needed);
  free(data);
  return status;
}

static tollgate_status freed(void) {
  uint8_t *volatile data = calloc(100, 1);
  uint8_t *dangling = data, out[200];
  size_t needed;
  free(data);
  return tollgate_hex_encode(tollgate_bytes_of(dangling, 100), 0, out, sizeof out, &needed);
}

static tollgate_status undefined(void) {
  uint8_t *data = malloc(100), out[100];
  size_t needed;
  tollgate_bytes input = tollgate_bytes_of(data, 100);
  tollgate_status status = tollgate_hex_decode(input, 0, out, sizeof out, &needed);
  free(data);
  return status;
}

static void *update(void *unused) {
  static const uint8_t piece[64];
  for (int turn = 0; turn < 1000; turn++) {
    (void)!tollgate_hmac_sha256_update(&shared, tollgate_bytes_of(piece, sizeof piece));
  }
  return unused;
}

static tollgate_status race(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, update, NULL);
  pthread_create(&other, NULL, update, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  return TOLLGATE_STATUS_OK;
}

static tollgate_status leak(void) {
  tollgate_networks *networks = NULL;
  size_t length;
  tollgate_bytes list = TOLLGATE_LITERAL("10.0.0.0/8");
  tollgate_status status = tollgate_networks_load(list, &networks, NULL, 0, &length);
  memset(&networks, 0, sizeof networks);
  return status;
}

static tollgate_status overflow(void) {
  volatile int most = INT_MAX;
  most = most + 1;
  return TOLLGATE_STATUS_OK;
}

static const struct {
  const char *name;
  tollgate_status (*act)(void);
} PLANTS[] = {{"overread", overread}, {"freed", freed}, {"undefined", undefined},
              {"race", race},         {"leak", leak},   {"overflow", overflow}};

int main(int count, char **words) {
  for (size_t at = 0; count == 2 && at < sizeof PLANTS / sizeof *PLANTS; at++) {
    if (strcmp(PLANTS[at].name, words[1]) != 0) continue;
    /* The outcome is of no account: the tool has to end the program with its own. */
    (void)PLANTS[at].act();
    puts("nothing was seen");
    return 0;
  }
  return 2;
}
