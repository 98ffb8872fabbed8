//! Finds Tollgate as a C program does, by its header and its shared library, and makes two peers
//! ready that no crate gives in the way that is needed here.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().expect("the package lies in benches/peers");
    tollgate(&root, &out);
    openssl(&out);
    ipsec_mb();
    versions();
}

/// Links build/lib/libtollgate.so and makes declarations of its header.
fn tollgate(root: &Path, out: &Path) {
    let header = root.join("build/include/tollgate.h");
    let folder = root.join("build/lib");
    let library = folder.join("libtollgate.so");
    for file in [&header, &library] {
        assert!(file.exists(), "{} is missing: `make lib` makes it", file.display());
        println!("cargo::rerun-if-changed={}", file.display());
    }
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=dylib=tollgate");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
    bindgen::Builder::default()
        .header(header.to_str().expect("the path is UTF-8"))
        .allowlist_item("tollgate_.*|TOLLGATE_.*")
        .prepend_enum_name(false)
        .generate()
        .expect("the header is C")
        .write_to_file(out.join("tollgate.rs"))
        .expect("cargo's folder can be written");
}

/// The newest OpenSSL, as a shared library of its own that is opened at run time: its names are those
/// of BoringSSL and of Debian's OpenSSL. It takes minutes, so it is kept as long as cargo's folder is.
fn openssl(out: &Path) {
    let library = out.join(format!("libcrypto-{}.so", openssl_src::version()));
    println!("cargo::rustc-env=OPENSSL_NEWEST={}", library.display());
    if library.exists() {
        return;
    }
    let built = openssl_src::Build::new().build();
    let archive = built.lib_dir().join("libcrypto.a");
    let new = out.join("libcrypto-new.so");
    let status = Command::new("cc")
        .args(["-shared", "-Wl,-Bsymbolic", "-Wl,--whole-archive"])
        .arg(&archive)
        .args(["-Wl,--no-whole-archive", "-ldl", "-lpthread", "-o"])
        .arg(&new)
        .status()
        .expect("cc is there: it built the archive");
    assert!(status.success(), "{} did not become a shared library", archive.display());
    fs::rename(new, library).expect("cargo's folder can be written");
}

/// Intel's multi-buffer library, if it is installed: its entries are macros of its header.
fn ipsec_mb() {
    println!("cargo::rustc-check-cfg=cfg(has_ipsec_mb)");
    println!("cargo::rerun-if-changed=src/peers/ipsec_mb.c");
    println!("cargo::rerun-if-changed=/usr/include/intel-ipsec-mb.h");
    if Path::new("/usr/include/intel-ipsec-mb.h").exists() {
        cc::Build::new().file("src/peers/ipsec_mb.c").opt_level(2).compile("bench_ipsec_mb");
        println!("cargo::rustc-link-lib=dylib=IPSec_MB");
        println!("cargo::rustc-cfg=has_ipsec_mb");
    }
}

/// Cargo.lock, of which the bench prints the versions of its peers, and the compiler.
fn versions() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    assert!(fs::exists(&lock).unwrap_or(false), "Cargo.lock is committed");
    println!("cargo::rustc-env=LOCK={}", lock.display());
    let rustc = env::var_os("RUSTC").expect("cargo sets it");
    let said = Command::new(rustc).arg("--version").output().expect("it compiles this");
    println!("cargo::rustc-env=RUSTC_VERSION={}", String::from_utf8_lossy(&said.stdout).trim());
}
