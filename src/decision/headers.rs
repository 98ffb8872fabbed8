//! The header lines that go with an answer, rendered into the caller's buffer.
//!
//! 401 carries its challenges (RFC 9110 section 15.5.2), 429 `Retry-After` and the rate limit
//! fields, and whatever depends on the caller is kept out of caches.

use core::fmt::{self, Write};

use super::{Challenge, Decision, Group, Reason};
use crate::primitive::BufferTooSmall;
use crate::primitive::cursor::Cursor;

/// `text` as the inside of a quoted-string (RFC 9110 section 5.6.4).
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '"' | '\\' => {
                    f.write_char('\\')?;
                    f.write_char(character)?;
                }
                ' '..='~' => f.write_char(character)?,
                _ => f.write_char('?')?,
            }
        }
        Ok(())
    }
}

impl Decision {
    /// Renders the header lines of the answer into `buffer`, each ended by CRLF, and gives the
    /// text: `WWW-Authenticate` lines for 401 and for a missing scope, `Retry-After` in whole
    /// seconds and at least 1 wherever waiting helps, `RateLimit-Policy` and `RateLimit` where a
    /// rate limit was asked, `Cache-Control: no-store` for 401 and 429. No line at all is the
    /// empty text.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the needed size; the buffer's content is then unspecified. 1024
    /// bytes are always enough.
    pub fn header_lines<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, BufferTooSmall> {
        let mut out = Cursor::new(buffer);
        // It never fails: what does not fit is counted.
        let _ = self.write_header_lines(&mut out);
        Ok(core::str::from_utf8(out.finish()?).unwrap_or(""))
    }

    fn write_header_lines(&self, out: &mut impl Write) -> fmt::Result {
        if self.http_status == 401 {
            self.write_challenges(out)?;
        }
        if !self.allow.is_empty() {
            write!(out, "Allow: {}\r\n", self.allow)?;
        }
        if self.http_status == 403
            && self.reason == Reason::InsufficientScope
            && self.takes(Challenge::Bearer)
        {
            let (realm, scope) = (Quoted(self.realm.as_str()), Quoted(self.scope.as_str()));
            write!(
                out,
                "WWW-Authenticate: Bearer realm=\"{realm}\", error=\"insufficient_scope\", scope=\"{scope}\"\r\n"
            )?;
        }
        if let Some(wait) = self.retry_after_ms {
            write!(out, "Retry-After: {}\r\n", wait.div_ceil(1000).max(1))?;
        }
        if let Some(rate) = &self.rate {
            let name = Quoted(rate.name.as_str());
            write!(out, "RateLimit-Policy: \"{name}\";q={};w={}\r\n", rate.quota, rate.window_s)?;
            write!(out, "RateLimit: \"{name}\";r={};t={}\r\n", rate.remaining, self.rate_wait_s())?;
        }
        if matches!(self.http_status, 401 | 429) {
            out.write_str("Cache-Control: no-store\r\n")?;
        }
        Ok(())
    }

    /// The time until the next request may come: what `t` of the RateLimit field says. It is
    /// never later than `Retry-After`.
    fn rate_wait_s(&self) -> u64 {
        match (self.retry_after_ms, &self.rate) {
            (Some(wait), _) => wait.div_ceil(1000).max(1),
            (None, Some(rate)) => rate.reset_s,
            (None, None) => 0,
        }
    }

    fn write_challenges(&self, out: &mut impl Write) -> fmt::Result {
        let realm = Quoted(self.realm.as_str());
        if self.takes(Challenge::Basic) {
            write!(out, "WWW-Authenticate: Basic realm=\"{realm}\", charset=\"UTF-8\"\r\n")?;
        }
        if self.takes(Challenge::Bearer) {
            // RFC 6750 section 3: no error code where no credential was presented.
            let error = match self.reason.group() {
                Group::Absent => "",
                _ => ", error=\"invalid_token\"",
            };
            write!(out, "WWW-Authenticate: Bearer realm=\"{realm}\"{error}\r\n")?;
        }
        if self.takes(Challenge::ApiKey) {
            write!(out, "WWW-Authenticate: ApiKey realm=\"{realm}\"\r\n")?;
        }
        if self.takes(Challenge::Signature) {
            write!(out, "WWW-Authenticate: Signature realm=\"{realm}\"\r\n")?;
        }
        Ok(())
    }

    const fn takes(&self, challenge: Challenge) -> bool {
        self.challenges & challenge as u32 != 0
    }
}
