/* Two libraries that were written in Rust, in one program. */
#include <tollgate.h>

int other_catches(void);

int main(void) {
  return !(other_catches() == 1 && tollgate_check_abi(TOLLGATE_ABI) == TOLLGATE_STATUS_OK);
}
