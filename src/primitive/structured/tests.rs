use super::*;

#[test]
fn a_member_is_found_and_stands_once() {
    let text = br#"a=:AA==:, sig1=("x" "a,b");t="\",";n=1 ,	*z-1.b_=7"#;
    assert_eq!(member(text, "a"), Ok(Some(&b":AA==:"[..])));
    assert_eq!(member(text, "sig1"), Ok(Some(&br#"("x" "a,b");t="\",";n=1"#[..])));
    assert_eq!(member(text, "*z-1.b_"), Ok(Some(&b"7"[..])));
    assert_eq!(member(text, "b"), Ok(None));
    for bad in [
        "", "a", "a=1,", ",a=1", "a=1,,b=2", "A=1", "1=1", "=1", "a =1", "a=1, a=2", r#"a=""#,
        r#"a="\""#,
    ] {
        assert_eq!(member(bad.as_bytes(), "a"), Err(Malformed), "{bad}");
    }
}

#[test]
fn a_byte_sequence_is_between_colons() {
    assert_eq!(byte_sequence(b":AA==:"), Ok(&b"AA=="[..]));
    assert_eq!(byte_sequence(b"::"), Ok(&b""[..]));
    for bad in ["", ":", "AA==", ":AA==", "AA==:", ":AA==:;a=1", ":A:A:"] {
        assert_eq!(byte_sequence(bad.as_bytes()), Err(Malformed), "{bad}");
    }
}

#[test]
fn parameters_are_as_they_would_be_written() {
    let mut seen = 0;
    let text = br#";created=1618884473;keyid="a \"b\" \\c";n=0"#;
    let read = parameters(text, |key, value| {
        seen += 1;
        assert_eq!(
            (seen, key, value),
            match seen {
                1 => (1, &b"created"[..], Bare::Integer(b"1618884473")),
                2 => (2, &b"keyid"[..], Bare::String(br#"a \"b\" \\c"#)),
                _ => (3, &b"n"[..], Bare::Integer(b"0")),
            }
        );
        Ok(())
    });
    assert_eq!((read, seen), (Ok(()), 3));
    for bad in [
        "a=1",
        "; a=1",
        ";a = 1",
        ";a=1 ",
        ";a",
        ";a=",
        ";A=1",
        ";a=01",
        ";a=-1",
        ";a=1.5",
        ";a=1000000000000000",
        r#";a=""#,
        r#";a="\x""#,
        r#";a="é""#,
        ";a=\u{22}\t\u{22}",
        ";a=?1",
        ";a=:AA==:",
        ";a=token",
        ";a=1;",
        ";a=1,",
    ] {
        assert_eq!(parameters(bad.as_bytes(), |_, _| Ok(())), Err(Malformed), "{bad}");
    }
}
