//! The signatures that others made (`tests/vectors/make_schemes.py`), made again of the same
//! messages.

use std::ops::Range;

use tollgate::primitive::jws::Jws;
use tollgate::scheme::{Carrier, Encoding, Locator, Scheme, Stamp, parse_time};

use crate::message::{Message, Place, is_time_header};
use crate::schemes::{Vector, vectors};

/// A message as others signed it.
struct Sent<'a> {
    vector: &'a Vector,
    scheme: &'a Scheme,
    message: Message,
}

impl<'a> Sent<'a> {
    fn new(vector: &'a Vector) -> Self {
        let headers = vector.headers.iter();
        let message = Message {
            method: b"POST".to_vec(),
            target: vector.target.clone().into_bytes(),
            host: b"example.com".to_vec(),
            headers: headers.map(|(name, value)| (name.clone(), value.clone().into())).collect(),
            body: vector.body.clone(),
            stored: vector.stored.clone().map(String::into_bytes),
        };
        Self { vector, scheme: &vector.scheme, message }
    }

    /// The message before it was signed, its id, and when it was signed: as its header says, if
    /// it has one for that.
    fn unsigned(&self) -> (Message, String, u64) {
        let mut message = self.message.clone();
        let is_message = matches!(self.scheme.locator, Locator::Jws);
        if !is_message || matches!(self.scheme.carrier, Carrier::Query(_)) {
            self.take_signature(&mut message);
        }
        if is_message {
            message.body = self.payload();
        }
        let (mut id, mut unix_ms) = (String::new(), self.vector.unix_ms);
        message.headers.retain(|(name, value)| {
            let identifies = name.eq_ignore_ascii_case(&self.scheme.id_header);
            let dates = is_time_header(self.scheme, name);
            if identifies {
                id = String::from_utf8(value.clone()).unwrap();
            } else if dates {
                let format = self.scheme.timestamp.as_ref().unwrap().format;
                unix_ms = parse_time(format, value).unwrap();
            }
            !identifies && !dates
        });
        (message, id, unix_ms)
    }

    /// The message that is in the signature.
    fn payload(&self) -> Vec<u8> {
        let text = self.signature().into_bytes();
        let mut room = vec![0; text.len()];
        Jws::parse(&text, text.len()).unwrap().payload(&mut room).unwrap().to_vec()
    }

    fn take_signature(&self, message: &mut Message) {
        let name = self.scheme.carrier.name();
        match (message.carrier_place(self.scheme).expect("a signature"), &self.scheme.carrier) {
            (Place::Header(_), _) => {
                message.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            }
            (Place::Target(value), _) => take_pair(&mut message.target, name, &value),
            (Place::Body(value), Carrier::Json(_)) => {
                message.body.drain(value.start - name.len() - r#", "": ""#.len()..=value.end);
            }
            (Place::Body(value), _) => take_pair(&mut message.body, name, &value),
            (Place::Stored(at), _) => message.stored[at].clear(),
            (Place::Method | Place::Host, _) => panic!("no method or host is a signature"),
        }
    }

    /// The value that carries the signature.
    fn signature(&self) -> String {
        let place = self.message.carrier_place(self.scheme).unwrap();
        String::from_utf8(self.message.clone().bytes(&place).to_vec()).unwrap()
    }

    /// Whether it has a header with the value of this one, in which the scheme takes it too.
    fn has(&self, name: &str, value: &[u8]) -> bool {
        self.message.headers.iter().any(|(own, text)| {
            let times = is_time_header(self.scheme, own) && is_time_header(self.scheme, name);
            (times || own.eq_ignore_ascii_case(name)) && text == value
        })
    }
}

/// Takes the pair of `name` and `value` out of a query or a form, with a separator beside it.
fn take_pair(text: &mut Vec<u8>, name: &str, value: &Range<usize>) {
    let start = value.start - name.len() - 1;
    if start > 0 && text[start - 1] == b'&' {
        text.drain(start - 1..value.end);
    } else {
        text.drain(start..text.len().min(value.end + 1));
    }
}

#[test]
fn the_signatures_are_those_that_others_made() {
    let (mut same, mut among_others, mut other_dates) = (0, 0, 0);
    let vectors = vectors();
    for vector in &vectors {
        assert_eq!(vector.verify(), Ok(()));
        let (scheme, sent) = (&vector.scheme, Sent::new(vector));
        let (message, id, unix_ms) = sent.unsigned();
        let key = String::from_utf8(sent.message.claimed_key(scheme).unwrap()).unwrap();
        let keys: Vec<_> = vector.key.iter().cloned().collect();
        let stamp = Stamp { unix_ms, id: &id, key: &key };
        let (signed, value) = message.signed(scheme, &keys, &stamp).unwrap();
        let mut lines = signed.headers.iter();
        let theirs = sent.signature();
        let either_case = scheme.encoding == Encoding::HexAny;
        if lines.any(|(name, value)| is_time_header(scheme, name) && !sent.has(name, value)) {
            other_dates += 1;
        } else if theirs == value || (either_case && theirs.eq_ignore_ascii_case(&value)) {
            let all = signed.headers.iter().all(|(name, value)| sent.has(name, value));
            assert!(all, "{}: {signed:?}", &*scheme.name);
            same += 1;
        } else {
            let own = value.rsplit([',', ' ', '=']).find(|text| !text.is_empty()).unwrap();
            assert!(theirs.contains(own), "{value} is not in {theirs}");
            among_others += 1;
        }
    }
    println!(
        "{same} values are the same, {among_others} stand among others, \
         {other_dates} are over a date that is written in another way"
    );
    assert_eq!(same + among_others + other_dates, vectors.len());
    assert!(same >= 40);
}
