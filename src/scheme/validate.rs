//! What keeps a scheme from working.

use super::{
    Carrier, KeyEncoding, Locator, MAX_CANDIDATES, MAX_FIELD, MAX_PARTS, Part, Scheme, Source,
    TimeSource, Timestamp,
};

/// Why a scheme cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeError {
    /// No part, or more than 16.
    PartCount,
    /// Neither the body nor a digest of it, or one of them twice.
    BodyCount,
    /// The digest comes before the body, so it would have to be known before it is read.
    DigestBeforeBody,
    /// A timestamp part or label without the thing that it needs, or the other way round.
    TimestampUnused,
    /// An id part without an id header.
    IdUnused,
    /// `max_candidates` is not from 1 to 8.
    CandidateCount,
    /// A part contains the signature, which would have to be known before it is made: the part is
    /// the value that carries it, or the whole body or query around it.
    SignsItself,
    /// The body is read as a form and as JSON.
    TwoBodyForms,
    /// [`Locator::Jws`] and [`Part::SigningInput`] are one without the other, or together with
    /// anything but HMAC-SHA256 in base64url: no other part and so no timestamp.
    Jws,
    /// Something follows the parameters, so that bytes could move from one to the other under the
    /// same signature.
    ParametersNotLast,
    /// [`Locator::Member`], [`Part::SignatureParams`] and [`TimeSource::Created`] do not belong
    /// together: HMAC-SHA256 in base64 in a header, a label that is a key of RFC 8941, the
    /// parameters last and once, and the digest of the body once.
    HttpMessage,
    /// Two labels of [`Locator::Pairs`] are the same.
    LabelTwice,
    /// What stands before a signature has a comma, which ends a value of [`Carrier::HeaderLines`].
    CommaBefore,
    /// The key that stands before the signature is not in a header, or what separates them may
    /// stand in a signature.
    KeyPlace,
    /// Something follows a value of the body, or one that the host stored, without a literal in
    /// between, so that bytes could move from one to the other under the same signature.
    NoDelimiter,
    /// The length of [`Part::Exact`] is not from 1 to [`MAX_FIELD`].
    ExactLength,
    /// The algorithm has no key, and yet it says how to read one.
    KeyUnused,
    /// Neither the signature nor anything that it covers comes from the request.
    NothingReceived,
}

impl Scheme {
    /// Whether the scheme can work.
    ///
    /// # Errors
    ///
    /// The first thing that cannot.
    pub fn validate(&self) -> Result<(), SchemeError> {
        let count =
            |wanted: fn(&Part) -> bool| self.parts.iter().filter(|part| wanted(part)).count();
        let bodies = count(|part| matches!(part, Part::Body));
        let digests = count(|part| {
            matches!(part, Part::BodyDigest { .. } | Part::NonceDigest { .. } | Part::ContentDigest)
        });
        let position = |wanted: fn(&Part) -> bool| self.parts.iter().position(wanted);
        let body = position(|part| matches!(part, Part::Body));
        let digest =
            position(|part| matches!(part, Part::BodyDigest { .. } | Part::NonceDigest { .. }));
        let timed =
            count(|part| matches!(part, Part::Timestamp)) > 0 || self.covers_time_in_place();
        let labelled =
            matches!(self.timestamp, Some(Timestamp { source: TimeSource::Label(_), .. }));
        let pairs = matches!(self.locator, Locator::Pairs { .. })
            && !matches!(self.carrier, Carrier::HeaderLines(_));
        let identified = count(|part| matches!(part, Part::Id)) > 0;
        match () {
            () if !(1..=MAX_PARTS).contains(&self.parts.len()) => Err(SchemeError::PartCount),
            () if bodies > 1 || digests > 1 => Err(SchemeError::BodyCount),
            () if body.zip(digest).is_some_and(|(body, digest)| digest < body) => {
                Err(SchemeError::DigestBeforeBody)
            }
            // A timestamp that is not signed could be replaced by anybody.
            () if timed != self.timestamp.is_some() || (labelled && !pairs) => {
                Err(SchemeError::TimestampUnused)
            }
            () if identified == self.id_header.is_empty() => Err(SchemeError::IdUnused),
            () if !(1..=MAX_CANDIDATES).contains(&self.max_candidates) => {
                Err(SchemeError::CandidateCount)
            }
            () if !self.is_message_or_not() => Err(SchemeError::Jws),
            () if !self.is_http_message_or_not() => Err(SchemeError::HttpMessage),
            () if self.signs_itself().is_some() => Err(SchemeError::SignsItself),
            () if self.reads_form() && self.reads_json() => Err(SchemeError::TwoBodyForms),
            () if self.parameters_before_the_end().is_some() => Err(SchemeError::ParametersNotLast),
            () if self.has_label_twice() => Err(SchemeError::LabelTwice),
            () if self.has_comma_before() => Err(SchemeError::CommaBefore),
            () if !self.key_is_in_place() => Err(SchemeError::KeyPlace),
            () if self.undelimited().is_some() => Err(SchemeError::NoDelimiter),
            () if self.parts.iter().any(Part::has_impossible_length) => {
                Err(SchemeError::ExactLength)
            }
            () if !self.algorithm.is_keyed() && self.reads_key() => Err(SchemeError::KeyUnused),
            () if !self.covers_request() => Err(SchemeError::NothingReceived),
            () => Ok(()),
        }
    }

    /// The place of the first part that contains the signature.
    pub(crate) fn signs_itself(&self) -> Option<usize> {
        let carries = |header: &str| match &self.carrier {
            Carrier::Header(name) | Carrier::HeaderLines(name) => name.eq_ignore_ascii_case(header),
            _ => false,
        };
        self.parts.iter().position(|part| match (part, &self.carrier) {
            (
                Part::Body | Part::BodyDigest { .. } | Part::NonceDigest { .. },
                Carrier::Form(_) | Carrier::Parameter(_) | Carrier::Json(_),
            ) => true,
            (Part::Target | Part::Query, Carrier::Query(_) | Carrier::Parameter(_)) => true,
            (Part::Id, _) => carries(&self.id_header),
            (Part::Timestamp, _) => self.time_headers().any(carries),
            (part, carrier) => part.source().is_some_and(|source| carrier.is(source)),
        })
    }

    /// The place of the first part that is a value of the body, or of the host, and runs into the
    /// next part.
    pub(crate) fn undelimited(&self) -> Option<usize> {
        let next = self.parts.iter().skip(1);
        self.parts.iter().zip(next).position(|(part, next)| match (part, next) {
            (Part::Optional { suffix, .. }, _) if !suffix.is_empty() => false,
            (Part::Value(_), Part::Literal(text)) if !text.is_empty() => false,
            (Part::Exact { .. } | Part::NonceDigest { .. }, _) => false,
            (Part::Authority | Part::ContentDigest, Part::Literal(text)) => text.is_empty(),
            (Part::Authority | Part::ContentDigest, _) => true,
            _ => {
                matches!(part.source(), Some(Source::Form(_) | Source::Json(_) | Source::Stored(_)))
            }
        })
    }

    /// Whether the time is signed where it stands, with all parameters or the whole body.
    fn covers_time_in_place(&self) -> bool {
        let covers = |wanted: fn(&Part) -> bool| self.parts.iter().any(wanted);
        let carries = |parameter: &str| match &self.carrier {
            Carrier::Query(name) | Carrier::Parameter(name) => **name == *parameter,
            _ => false,
        };
        match self.timestamp.as_ref().map(|timestamp| &timestamp.source) {
            Some(TimeSource::Parameter { name, window }) => {
                let chosen = window.as_ref().is_some_and(|window| carries(&window.parameter));
                !carries(name) && !chosen && covers(|part| matches!(part, Part::Parameters(_)))
            }
            Some(TimeSource::Created) => covers(|part| matches!(part, Part::SignatureParams(_))),
            Some(TimeSource::Json(_)) => {
                covers(|part| matches!(part, Part::Body | Part::BodyDigest { .. }))
            }
            _ => false,
        }
    }

    /// The place of [`Part::Parameters`], if another part follows.
    pub(crate) fn parameters_before_the_end(&self) -> Option<usize> {
        let mut parts = self.parts.iter().rev().skip(1).rev();
        parts.position(|part| matches!(part, Part::Parameters(_)))
    }

    fn has_label_twice(&self) -> bool {
        matches!(&self.locator, Locator::Pairs { label, or_label, .. } if label == or_label)
    }

    /// Whether no value of several could ever be read.
    fn has_comma_before(&self) -> bool {
        let before = match &self.locator {
            Locator::Prefix(text)
            | Locator::OptionalPrefix(text)
            | Locator::Pairs { label: text, .. }
            | Locator::Versions { tag: text, .. } => text,
            Locator::Whole | Locator::AfterKey { .. } | Locator::Jws | Locator::Member(_) => {
                return false;
            }
        };
        matches!(self.carrier, Carrier::HeaderLines(_)) && before.contains(',')
    }

    fn key_is_in_place(&self) -> bool {
        let Locator::AfterKey { separator, .. } = &self.locator else { return true };
        let in_signature = separator.is_ascii_alphanumeric() || b"+/=-_,".contains(separator);
        matches!(self.carrier, Carrier::Header(_)) && !in_signature
    }

    fn reads_key(&self) -> bool {
        self.key != KeyEncoding::Text || !self.key_prefix.is_empty()
    }
}

impl Part {
    fn has_impossible_length(&self) -> bool {
        matches!(self, Part::Exact { length, .. } if !(1..=MAX_FIELD).contains(length))
    }
}
