#!/usr/bin/env python3
"""Prints times as Python's email.utils, time and datetime write and read them, one a line: the
format, the Unix time in milliseconds or `none`, and the text in hex.

    times.py SEED COUNT

For each format, COUNT random times in the form of the format, and as many texts in which something
was changed. A changed text names a time if Python reads one of which it writes the very same text.
"""

import calendar
import random
import sys
import time
from datetime import datetime, timedelta, timezone
from email.utils import formatdate, parsedate

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
END = 253_402_300_800  # the year 10000
SYMBOLS = "0123456789 :,-+./TZzGMUSunJaFeb\t\0é"


def imf_fixdate(seconds):
    return formatdate(seconds, usegmt=True)


def rfc1123(seconds):
    return imf_fixdate(seconds)


def rfc1123_utc(seconds):
    return imf_fixdate(seconds).replace("GMT", "UTC")


def one_digit(text):
    return text.replace(", 0", ", ")


def rfc1123_short(seconds):
    return one_digit(imf_fixdate(seconds))


def rfc1123_short_utc(seconds):
    return one_digit(rfc1123_utc(seconds))


def rfc850(seconds):
    return time.strftime("%A, %d-%b-%y %H:%M:%S GMT", time.gmtime(seconds))


def asctime(seconds):
    return time.asctime(time.gmtime(seconds))


def rfc3339(seconds):
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_ms(milliseconds):
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_mail(text):
    return calendar.timegm(parsedate(text))


def read_rfc3339(text):
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return calendar.timegm(moment.timetuple())


def read_rfc3339_ms(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - EPOCH) // timedelta(milliseconds=1)


# Each form: its format, how it is written and read, the first time that is not written so any
# more, and the milliseconds of its unit. Two digits name a year up to 2068, as POSIX has it.
FORMS = [
    ("http-date", imf_fixdate, read_mail, END, 1000),
    ("http-date", rfc850, read_mail, calendar.timegm((2069, 1, 1, 0, 0, 0)), 1000),
    ("http-date", asctime, read_mail, END, 1000),
    ("rfc1123", rfc1123, read_mail, END, 1000),
    ("rfc1123", rfc1123_utc, read_mail, END, 1000),
    ("rfc1123", rfc1123_short, read_mail, END, 1000),
    ("rfc1123", rfc1123_short_utc, read_mail, END, 1000),
    ("rfc3339", rfc3339, read_rfc3339, END, 1000),
    ("rfc3339-ms", rfc3339_ms, read_rfc3339_ms, END * 1000, 1),
]


def named_by(text, name):
    """The Unix time in milliseconds that `text` names in the format."""
    for form, write, read, end, unit in FORMS:
        try:
            named = read(text)
            if form == name and 0 <= named < end and write(named) == text:
                return named * unit
        except (TypeError, ValueError, OverflowError):
            pass
    return "none"


def changed(numbers, text):
    """Something is taken out of the text, or put in, or both."""
    at, kind = numbers.randrange(len(text)), numbers.randrange(3)
    taken = 0 if kind == 0 else 1
    put = "" if kind == 1 else numbers.choice(SYMBOLS)
    return text[:at] + put + text[at + taken :]


def main(seed, count):
    numbers = random.Random(seed)
    for name, write, _, end, unit in FORMS:
        for _ in range(count):
            value = numbers.randrange(end)
            text = write(value)
            assert named_by(text, name) == value * unit, text
            other = changed(numbers, text)
            print(name, value * unit, text.encode().hex())
            print(name, named_by(other, name), other.encode().hex())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
