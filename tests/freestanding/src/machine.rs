//! What an operating system would do: begin and end.

use core::arch::{asm, global_asm};

// The kernel enters here with any stack alignment; a function wants it at 16 before the call.
global_asm!(".globl _start", "_start:", "xor ebp, ebp", "and rsp, -16", "call {begin}", begin = sym begin);

extern "C" fn begin() -> ! {
    let status = u64::from(crate::work());
    // SAFETY: `exit_group` takes the status and does not return.
    unsafe { asm!("syscall", in("rax") 231, in("rdi") status, options(noreturn)) }
}
