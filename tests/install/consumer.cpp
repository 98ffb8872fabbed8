// A C++17 program: the header as it is, handles in unique_ptr, views for bytes.
#include <cstdio>
#include <memory>
#include <string_view>
#include <tollgate.h>

namespace {

struct Free {
  void operator()(tollgate_policy *policy) const noexcept { (void)tollgate_policy_free(policy); }
};

tollgate_bytes bytes(std::string_view text) { return tollgate_bytes_of(text.data(), text.size()); }

}  // namespace

int main() {
  constexpr std::string_view document = R"({"tollgate": 1, "environment": "test", "routes": {
    "r": {"max_body": 0, "credentials": [{"api_key": "X-Key"}]}}, "credentials": []})";
  char errors[1024];
  std::size_t length = 0;
  tollgate_policy *loaded = nullptr;
  const auto status = tollgate_policy_load(
      bytes(document), bytes("policy"), TOLLGATE_SECRET_MODE_TEXT, bytes({}),
      reinterpret_cast<std::uint8_t *>(errors), sizeof errors, &length, &loaded);
  const std::unique_ptr<tollgate_policy, Free> policy(loaded);
  if (status != TOLLGATE_STATUS_OK) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(length), errors);
    return 1;
  }
  std::size_t credentials = 1;
  return tollgate_policy_credential_count(policy.get(), &credentials) != TOLLGATE_STATUS_OK ||
         credentials != 0;
}
