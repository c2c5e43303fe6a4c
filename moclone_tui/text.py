"""Text fit to show: everything a server says is data, never markup, never a control.

Used by both front ends. The true name always goes to SQL; `safe()` is for eyes only.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def safe(text: str) -> str:
    """Make any text fit for one line of a terminal.

    Control characters become their visible pictures (ESC is shown as `␛`); characters
    that change direction, join or hide what is around them become U+FFFD. One
    character in, one character out. Printable ASCII passes untouched at no cost.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNFIT.sub(_visible, text)


def first_line(text: str) -> str:
    """The first line of a server's words, fit to show."""
    line = text.strip().split("\n", 1)[0]
    return safe(line.rstrip("\r"))


def count(number: int) -> str:
    """A number with thousands separators: `12,000`."""
    return f"{number:,}"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """`1 table`, `12,000 tables`."""
    word = noun if number == 1 else nouns or noun + "s"
    return f"{number:,} {word}"


def size(number: int) -> str:
    """Bytes with two digits that matter: `512 B`, `1.2 MB`."""
    value, digits = float(number), 0
    for unit in ("B", "kB", "MB", "GB"):
        if round(value, digits) < 1000:
            return f"{value:.{digits}f} {unit}"
        value /= 1000
        digits = 1 if round(value, 1) < 10 else 0
    return f"{value:,.{digits}f} TB"


def seconds(value: float) -> str:
    """A duration with two digits that matter: `9 ms`, `0.21 s`, `41 s`, `3 m 07 s`."""
    if round(value, 3) < 0.1:
        return f"{value * 1000:.0f} ms"
    for limit, digits in ((1, 2), (10, 1), (60, 0)):
        if round(value, digits) < limit:
            return f"{value:.{digits}f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} m {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} m"


_AGES = (
    (60, "s", 1),
    (3600, "min", 60),
    (48 * 3600, "h", 3600),
    (14 * 86400, "days", 86400),
)


def age(moment: dt.datetime, now: dt.datetime) -> str:
    """How long ago: `12 s ago`, `5 min ago`, `3 h ago`, `11 mo ago`."""
    passed = max(0.0, (now - moment).total_seconds())
    for limit, unit, divisor in _AGES:
        if passed < limit:
            return f"{int(passed // divisor)} {unit} ago"
    days = int(passed // 86400)
    if days < 60:
        return f"{days // 7} weeks ago"
    if days < 730:
        return f"{days // 30} mo ago"
    return f"{days // 365} years ago"


def width(text: str) -> int:
    """How many terminal cells a text takes, roughly: wide characters take two."""
    return sum(
        0
        if unicodedata.combining(char)
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def cut(text: str, cells: int) -> str:
    """A text in at most so many terminal cells, ending with `…` if that lost some."""
    if cells < 1 or width(text) <= cells:
        return text if cells > 0 else ""
    kept, room = "", cells - 1
    for char in text:
        room -= width(char)
        if room < 0:
            break
        kept += char
    return kept + "…"
