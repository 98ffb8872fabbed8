//! The known word that a misspelt one was meant to be.

use alloc::vec::Vec;

/// How many letters may be wrong.
const MAX_DISTANCE: usize = 2;

/// Words beyond this length are not compared: no known word is as long.
const MAX_LENGTH: usize = 64;

/// The one of `known` that is nearest to `word`, if at most two letters are wrong, missing or too
/// many. A word with no more letters than that is nobody's neighbour.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > MAX_LENGTH {
        return None;
    }
    let measured = known.map(|candidate| (distance(word, candidate), candidate));
    let near = |&(distance, candidate): &(usize, &str)| {
        distance <= MAX_DISTANCE && distance < candidate.len().min(word.len())
    };
    measured.filter(near).min_by_key(|&(distance, _)| distance).map(|(_, candidate)| candidate)
}

/// The Levenshtein distance in bytes.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.bytes().enumerate() {
        let mut diagonal = index;
        let mut left = index.saturating_add(1);
        let mut next = Vec::from([left]);
        for (above, other) in row.iter().skip(1).zip(to.bytes()) {
            let replaced = diagonal.saturating_add(usize::from(letter != other));
            left = replaced.min(left.saturating_add(1)).min(above.saturating_add(1));
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
