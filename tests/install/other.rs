//! Another Rust library for C: what a program that has Tollgate may link too.

/// 1 if a panic was caught here, which takes this archive's own runtime.
#[unsafe(no_mangle)]
pub extern "C" fn other_catches() -> i32 {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let caught = std::panic::catch_unwind(|| Vec::<u8>::new().swap_remove(3)).is_err();
    std::panic::set_hook(quiet);
    i32::from(caught)
}
