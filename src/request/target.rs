//! The parts of a request target, as they were sent: nothing is decoded or normalised, because a
//! signature covers the bytes.

/// The path and the query of `target`; the query is `None` if there is no `?`.
pub fn split_target(target: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut halves = target.splitn(2, |byte| *byte == b'?');
    (halves.next().unwrap_or(&[]), halves.next())
}

/// The values of all parameters named `name` in the query of `target`, undecoded.
pub fn query_values<'a>(target: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let query = split_target(target).1.unwrap_or(&[]);
    query.split(|byte| *byte == b'&').filter_map(move |pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let found = halves.next()? == name.as_bytes();
        found.then(|| halves.next().unwrap_or(&[]))
    })
}
