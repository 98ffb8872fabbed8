//! From the first instruction that the BIOS starts to a program in long mode that may use all
//! registers, and what it says on the way out.

use core::arch::{asm, global_asm};

// The BIOS reads the first sector of the disk and jumps to it, in real mode, with the number of the
// disk in dl. It reads the other sectors, 64 at a time, and goes into long mode (Intel SDM volume 3
// section 11.8.5) with the first GiB mapped to itself and with the registers of AVX-512 switched on
// as far as the processor has them (volume 1 section 13.3).
global_asm!(
    r#"
    .pushsection .boot, "ax"
    .code16
    .globl boot
boot:
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    mov bx, offset program_sectors
2:  mov si, offset packet
    mov ah, 0x42
    int 0x13
    jc 9f
    add word ptr [packet + 6], 64 * 32
    add word ptr [packet + 8], 64
    sub bx, 64
    jg 2b

    cli
    in al, 0x92
    or al, 2
    out 0x92, al
    mov di, 0x1000
    xor eax, eax
    mov cx, 3 * 1024
    cld
    rep stosd
    mov dword ptr [0x1000], 0x2003
    mov dword ptr [0x2000], 0x3003
    mov di, 0x3000
    mov eax, 0x83
3:  mov [di], eax
    add eax, 0x200000
    add di, 8
    cmp di, 0x4000
    jne 3b
    mov eax, 0x1000
    mov cr3, eax
    mov eax, cr4
    or eax, (1 << 5) | (1 << 9) | (1 << 10) | (1 << 18)
    mov cr4, eax
    mov ecx, 0xc0000080
    rdmsr
    or eax, 1 << 8
    wrmsr
    lgdt [descriptors]
    mov eax, cr0
    and eax, ~(1 << 2)
    or eax, (1 << 31) | (1 << 1) | 1
    mov cr0, eax
    .byte 0xea
    .word long_mode, 8
9:  hlt
    jmp 9b

    .code64
long_mode:
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov eax, 0xd
    xor ecx, ecx
    cpuid
    and eax, 0xe7
    xor edx, edx
    xor ecx, ecx
    xsetbv
    mov rsp, 0x1000000
    mov edi, offset zeros
    mov ecx, offset zeros_length
    xor eax, eax
    rep stosb
    mov eax, offset entry
    jmp rax

    .balign 8
packet:
    .byte 16, 0
    .word 64, 0, 0x1000
    .quad 1
    .balign 8
table:
    .quad 0, 0x00209a0000000000, 0x0000920000000000
descriptors:
    .word 23
    .long table
    .org 510
    .word 0xaa55
    .popsection

    .pushsection .entry, "ax"
entry:
    call {begin}
    .popsection
"#,
    begin = sym begin
);

extern "C" fn begin() -> ! {
    // Eight bits, as fast as the port can: its divisor is written while the highest bit is set.
    for (register, byte) in [(3, 0x80), (0, 1), (1, 0), (3, 3)] {
        write_port(SERIAL + register, byte);
    }
    crate::work();
    end()
}

/// Switches the machine off, if that is the emulator Bochs, when all was sent.
pub(crate) fn end() -> ! {
    while read_port(SERIAL + 5) & 1 << 6 == 0 {}
    for byte in b"Shutdown" {
        write_port(0x8900, *byte);
    }
    loop {
        // SAFETY: no interrupt comes any more, so this waits until the machine is switched off.
        unsafe { asm!("hlt") }
    }
}

/// The first serial port.
const SERIAL: u16 = 0x3f8;

/// Sends text over the serial port.
pub(crate) fn say(text: &str) {
    for byte in text.bytes() {
        while read_port(SERIAL + 5) & 1 << 5 == 0 {}
        write_port(SERIAL, byte);
    }
}

fn write_port(port: u16, byte: u8) {
    // SAFETY: the ports are those of devices that touch no memory.
    unsafe { asm!("out dx, al", in("dx") port, in("al") byte, options(nomem, nostack)) }
}

fn read_port(port: u16) -> u8 {
    let byte;
    // SAFETY: the ports are those of devices that touch no memory.
    unsafe { asm!("in al, dx", in("dx") port, out("al") byte, options(nomem, nostack)) }
    byte
}
