/* The type of every function, declared a second time: C and C++ refuse a program in which the two
 * declarations differ, so whoever changes a function has to change this too. It has nothing to
 * run; tests/scripts/headers.sh holds it complete. */
#include <tollgate.h>

#ifdef __cplusplus
extern "C" {
#endif

tollgate_bytes tollgate_status_text(uint32_t);
tollgate_bytes tollgate_version(void);
uint32_t tollgate_abi(void);
tollgate_status tollgate_check_abi(uint32_t);
tollgate_bytes tollgate_reason_name(uint32_t);
tollgate_bytes tollgate_reason_text(uint32_t);
uint32_t tollgate_reason_http_status(uint32_t);
tollgate_status tollgate_policy_load(tollgate_bytes, tollgate_bytes, uint32_t, tollgate_bytes,
                                     uint8_t *, size_t, size_t *, tollgate_policy **);
tollgate_status tollgate_policy_free(tollgate_policy *);
tollgate_status tollgate_policy_credential_count(const tollgate_policy *, size_t *);
tollgate_status tollgate_policy_route_streams(const tollgate_policy *, tollgate_bytes, uint32_t *);
tollgate_status tollgate_policy_needs_limits(const tollgate_policy *, uint32_t *);
tollgate_status tollgate_policy_route_count(const tollgate_policy *, size_t *);
tollgate_status tollgate_policy_route_name(const tollgate_policy *, size_t, tollgate_bytes *);
tollgate_status tollgate_policy_route_issues_tokens(const tollgate_policy *, tollgate_bytes,
                                                    uint32_t *);
tollgate_status tollgate_limits_size(size_t, size_t, size_t *);
tollgate_status tollgate_limits_init(void *, size_t, size_t, size_t, tollgate_bytes);
tollgate_status tollgate_limits_fill(const void *, size_t, uint64_t, tollgate_fill *,
                                     tollgate_fill *);
tollgate_status tollgate_decision_headers(const tollgate_decision *, uint8_t *, size_t, size_t *);
tollgate_status tollgate_decision_public_name(const tollgate_decision *, tollgate_bytes *);
tollgate_status tollgate_gate_new(const tollgate_policy *, tollgate_gate **);
tollgate_status tollgate_gate_free(tollgate_gate *);
tollgate_status tollgate_gate_swap(const tollgate_gate *, const tollgate_policy *);
tollgate_status tollgate_gate_attach_limits(const tollgate_gate *, void *, size_t);
tollgate_status tollgate_gate_attach_replay(const tollgate_gate *, void *, size_t);
tollgate_status tollgate_gate_confirm(const tollgate_gate *, const tollgate_claim *, uint32_t *);
tollgate_status tollgate_gate_release(const tollgate_gate *, const tollgate_claim *, uint32_t *);
tollgate_status tollgate_replay_size(size_t, size_t *);
tollgate_status tollgate_replay_init(void *, size_t, size_t, uint64_t, tollgate_bytes);
tollgate_status tollgate_replay_fill(const void *, size_t, uint64_t, tollgate_fill *);
tollgate_status tollgate_counters_size(size_t, size_t *);
tollgate_status tollgate_counters_init(void *, size_t, size_t);
tollgate_status tollgate_counters_count(void *, size_t, tollgate_bytes, const tollgate_decision *,
                                        uint32_t);
tollgate_status tollgate_counters_text(const void *, size_t, tollgate_bytes, uint8_t *, size_t,
                                       size_t *);
tollgate_status tollgate_policy_replay_window(const tollgate_policy *, uint64_t *);
tollgate_status tollgate_gate_verify(const tollgate_gate *, const tollgate_request *,
                                     tollgate_decision *);
tollgate_status tollgate_gate_verify_streamed(const tollgate_gate *, const tollgate_request *,
                                              tollgate_decision *);
tollgate_status tollgate_gate_verify_batch(const tollgate_gate *, const tollgate_request *, size_t,
                                           tollgate_decision *);
tollgate_status tollgate_gate_token(const tollgate_gate *, const tollgate_request *, uint8_t *,
                                    size_t, size_t *, size_t *, tollgate_decision *);
tollgate_status tollgate_gate_verify_flat(const tollgate_gate *, const uint8_t *, size_t,
                                          const uint8_t *, size_t, const uint8_t *, size_t,
                                          const uint8_t *, size_t, const uint8_t *, size_t,
                                          const uint8_t *, size_t, const uint8_t *, size_t,
                                          uint32_t, uint64_t, uint64_t, tollgate_decision *);
tollgate_status tollgate_gate_begin(const tollgate_gate *, const tollgate_request *,
                                    tollgate_context *, tollgate_decision *);
tollgate_status tollgate_context_update(tollgate_context *, tollgate_bytes, uint32_t *);
tollgate_status tollgate_context_finish(tollgate_context *, uint64_t, uint64_t,
                                        tollgate_decision *);
tollgate_status tollgate_context_abort(tollgate_context *);
tollgate_status tollgate_scheme_new(tollgate_bytes, tollgate_bytes, const tollgate_bytes *, size_t,
                                    tollgate_scheme **);
tollgate_status tollgate_scheme_of_route(const tollgate_policy *, tollgate_bytes,
                                         const tollgate_bytes *, size_t, tollgate_scheme **);
tollgate_status tollgate_scheme_free(tollgate_scheme *);
tollgate_status tollgate_scheme_carrier(const tollgate_scheme *, uint32_t *, tollgate_bytes *);
tollgate_status tollgate_scheme_sign(const tollgate_scheme *, const tollgate_request *,
                                     tollgate_bytes, tollgate_bytes, uint8_t *, size_t, size_t *,
                                     uint8_t *, size_t, size_t *, uint32_t *);
tollgate_status tollgate_scheme_verify(const tollgate_scheme *, const tollgate_request *,
                                       uint32_t *, uint32_t *);
tollgate_status tollgate_scheme_verify_with(tollgate_bytes, tollgate_bytes, const tollgate_bytes *,
                                            size_t, const tollgate_request *, uint32_t *,
                                            uint32_t *);
tollgate_status tollgate_hmac_sha256_key_init(tollgate_hmac_sha256_key *, tollgate_bytes);
tollgate_status tollgate_hmac_sha256_key_wipe(tollgate_hmac_sha256_key *);
tollgate_status tollgate_hmac_sha256_mac(const tollgate_hmac_sha256_key *, tollgate_bytes,
                                         uint8_t tag[32]);
tollgate_status tollgate_hmac_sha256_verify(const tollgate_hmac_sha256_key *, tollgate_bytes,
                                            tollgate_bytes);
tollgate_status tollgate_hmac_sha256_init(tollgate_hmac_sha256_state *,
                                          const tollgate_hmac_sha256_key *);
tollgate_status tollgate_hmac_sha256_update(tollgate_hmac_sha256_state *, tollgate_bytes);
tollgate_status tollgate_hmac_sha256_finish(tollgate_hmac_sha256_state *, uint8_t tag[32]);
tollgate_status tollgate_hmac_sha256_finish_verify(tollgate_hmac_sha256_state *, tollgate_bytes);
tollgate_status tollgate_hmac_sha256_verify_batch(const tollgate_hmac_sha256_item *, size_t,
                                                  uint8_t *);
tollgate_status tollgate_hmac_sha512_key_init(tollgate_hmac_sha512_key *, tollgate_bytes);
tollgate_status tollgate_hmac_sha512_key_wipe(tollgate_hmac_sha512_key *);
tollgate_status tollgate_hmac_sha512_mac(const tollgate_hmac_sha512_key *, tollgate_bytes,
                                         uint8_t tag[64]);
tollgate_status tollgate_hmac_sha512_verify(const tollgate_hmac_sha512_key *, tollgate_bytes,
                                            tollgate_bytes);
tollgate_status tollgate_hmac_sha512_init(tollgate_hmac_sha512_state *,
                                          const tollgate_hmac_sha512_key *);
tollgate_status tollgate_hmac_sha512_update(tollgate_hmac_sha512_state *, tollgate_bytes);
tollgate_status tollgate_hmac_sha512_finish(tollgate_hmac_sha512_state *, uint8_t tag[64]);
tollgate_status tollgate_hmac_sha512_finish_verify(tollgate_hmac_sha512_state *, tollgate_bytes);
tollgate_status tollgate_equal(tollgate_bytes, tollgate_bytes);
tollgate_status tollgate_secret_sha256(tollgate_bytes, uint8_t hash[32]);
tollgate_status tollgate_secret_matches(tollgate_bytes, tollgate_bytes, tollgate_bytes);
tollgate_status tollgate_secret_sha256(tollgate_bytes, uint8_t[32]);
tollgate_status tollgate_secret_matches(tollgate_bytes, tollgate_bytes, tollgate_bytes);
tollgate_status tollgate_message_sign(tollgate_bytes, tollgate_bytes, uint8_t *, size_t, size_t *);
tollgate_status tollgate_message_verify(tollgate_bytes, tollgate_bytes, uint8_t *, size_t,
                                        size_t *);
tollgate_status tollgate_message_claims(tollgate_bytes, uint8_t *, size_t, size_t *);
tollgate_status tollgate_trust_sign(tollgate_bytes, tollgate_bytes, uint8_t signature[64]);
tollgate_status tollgate_trust_verify(tollgate_bytes, tollgate_bytes, tollgate_bytes);
tollgate_status tollgate_trust_sign_keyed(const tollgate_hmac_sha256_key *, tollgate_bytes,
                                          tollgate_bytes, uint8_t signature[64]);
tollgate_status tollgate_trust_verify_keyed(const tollgate_hmac_sha256_key *, tollgate_bytes,
                                            tollgate_bytes, tollgate_bytes);
tollgate_status tollgate_key_generate(tollgate_bytes, tollgate_bytes, tollgate_bytes, uint8_t *,
                                      size_t, size_t *);
tollgate_status tollgate_key_parse(tollgate_bytes, size_t *, size_t *, uint32_t *);
tollgate_status tollgate_key_hash(tollgate_bytes, tollgate_bytes, uint8_t digits[64]);
tollgate_status tollgate_password_hash(tollgate_bytes, tollgate_bytes, uint8_t *, size_t, size_t *);
tollgate_status tollgate_password_verify(tollgate_bytes, tollgate_bytes);
tollgate_status tollgate_credential_rotate(tollgate_bytes, uint32_t, tollgate_bytes, tollgate_bytes,
                                           uint64_t, uint64_t, uint8_t *, size_t, size_t *);
tollgate_status tollgate_credential_reset(tollgate_bytes, uint32_t, tollgate_bytes, tollgate_bytes,
                                          uint8_t *, size_t, size_t *);
tollgate_status tollgate_credential_revoke(tollgate_bytes, uint64_t, uint8_t *, size_t, size_t *);
tollgate_status tollgate_base64_encode(tollgate_bytes, uint32_t, uint32_t, uint8_t *, size_t,
                                       size_t *);
tollgate_status tollgate_base64_decode(tollgate_bytes, uint32_t, uint32_t, uint8_t *, size_t,
                                       size_t *);
tollgate_status tollgate_hex_encode(tollgate_bytes, uint32_t, uint8_t *, size_t, size_t *);
tollgate_status tollgate_hex_decode(tollgate_bytes, uint32_t, uint8_t *, size_t, size_t *);
tollgate_status tollgate_networks_load(tollgate_bytes, tollgate_networks **, uint8_t *, size_t,
                                       size_t *);
tollgate_status tollgate_networks_contain(const tollgate_networks *, tollgate_bytes);
tollgate_status tollgate_networks_contain_many(const tollgate_networks *, tollgate_bytes, size_t,
                                               uint8_t *, size_t);
tollgate_status tollgate_networks_free(tollgate_networks *);
tollgate_status tollgate_network_contains(tollgate_bytes, tollgate_bytes);

#ifdef __cplusplus
}
#endif
