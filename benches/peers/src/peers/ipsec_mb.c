/* Intel's multi-buffer library. Its manager works on many messages at once; its entries are macros
 * over function pointers, so this is C. */
#include <intel-ipsec-mb.h>
#include <string.h>

#define MESSAGES 256

typedef struct {
    DECLARE_ALIGNED(uint8_t inner[32], 16);
    DECLARE_ALIGNED(uint8_t outer[32], 16);
} bench_ipsec_mb_key;

void *bench_ipsec_mb_new(void) {
    IMB_MGR *manager = alloc_mb_mgr(0);
    if (manager != NULL) init_mb_mgr_auto(manager, NULL);
    return manager;
}

/* For secrets of at most 64 bytes. */
void bench_ipsec_mb_key_init(void *manager, bench_ipsec_mb_key *key, const uint8_t *secret,
                             size_t length) {
    IMB_MGR *m = manager;
    uint8_t inner[64] = {0}, outer[64] = {0};
    memcpy(inner, secret, length);
    memcpy(outer, secret, length);
    for (size_t i = 0; i < 64; i++) {
        inner[i] ^= 0x36;
        outer[i] ^= 0x5c;
    }
    IMB_SHA256_ONE_BLOCK(m, inner, key->inner);
    IMB_SHA256_ONE_BLOCK(m, outer, key->outer);
}

static void fill(IMB_JOB *job, const bench_ipsec_mb_key *key, const uint8_t *message,
                 size_t length, uint8_t *tag) {
    job->cipher_mode = IMB_CIPHER_NULL;
    job->cipher_direction = IMB_DIR_ENCRYPT;
    job->chain_order = IMB_ORDER_HASH_CIPHER;
    job->hash_alg = IMB_AUTH_HMAC_SHA_256;
    job->src = message;
    job->hash_start_src_offset_in_bytes = 0;
    job->msg_len_to_hash_in_bytes = length;
    job->u.HMAC._hashed_auth_key_xor_ipad = key->inner;
    job->u.HMAC._hashed_auth_key_xor_opad = key->outer;
    job->auth_tag_output = tag;
    job->auth_tag_output_len_in_bytes = 32;
}

/* The burst of hashes: all jobs in one call. */
int bench_ipsec_mb_burst(void *manager, const bench_ipsec_mb_key *keys,
                         const uint8_t *const *messages, const size_t *lengths, size_t count,
                         uint8_t (*tags)[32]) {
    static IMB_JOB jobs[MESSAGES];
    if (count > MESSAGES) return 0;
    for (size_t i = 0; i < count; i++) {
        fill(&jobs[i], &keys[i], messages[i], lengths[i], tags[i]);
    }
    IMB_MGR *m = manager;
    return IMB_SUBMIT_HASH_BURST_NOCHECK(m, jobs, count, IMB_AUTH_HMAC_SHA_256) == count;
}

/* One job after the other, and at the end what the manager still holds. */
int bench_ipsec_mb_jobs(void *manager, const bench_ipsec_mb_key *keys,
                        const uint8_t *const *messages, const size_t *lengths, size_t count,
                        uint8_t (*tags)[32]) {
    IMB_MGR *m = manager;
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        fill(IMB_GET_NEXT_JOB(m), &keys[i], messages[i], lengths[i], tags[i]);
        for (IMB_JOB *job = IMB_SUBMIT_JOB_NOCHECK(m); job != NULL;
             job = IMB_GET_COMPLETED_JOB(m)) {
            done++;
        }
    }
    while (IMB_FLUSH_JOB(m) != NULL) done++;
    return done == count;
}

const char *bench_ipsec_mb_version(void) { return imb_get_version_str(); }
