"""Text with a little markup, cut to Telegram's limits. Nothing here knows what an answer is.

Markup is kept beside the words as runs and only written down when a piece is finished: so a tag
is closed and opened again at every cut, and no cut can fall inside a tag or an entity.

Limits (Bot API, sendMessage): 1 to 4096 UTF-16 code units after the entities are parsed; the
server also refuses raw text above 32 KiB. The second follows from the first: `&amp;`, the longest
thing that we write for one unit, has 5 bytes, so 4096 units are at most 20 KiB and a few tags.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

MAX_UNITS = 4096

Style = Literal["plain", "bold", "italic", "quote"]
_TAGS: dict[Style, tuple[str, str]] = {
    "plain": ("", ""),
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "quote": ("<blockquote expandable>", "</blockquote>"),
}

# Best border first; a cut is made behind the match.
_BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.;?!…][\"”»)\]]*\s"),
    re.compile(r"\s"),
)
_MARKER = re.compile(r"\s*\[\d")
_OPEN_MARKER = re.compile(r"\[\d{0,4}$")
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MAX_CLUSTER = 32  # code points that a letter with its marks, or a joined emoji, may have


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True)
class Piece:
    """One message: as HTML, and as plain text for a server that can't read the HTML."""

    html: str
    plain: str


def pieces(runs: Sequence[Run], limit: int = MAX_UNITS) -> list[Piece]:
    """Cut `runs` into messages of at most `limit` UTF-16 units each; none is empty."""
    runs = [Run(clean(run.text), run.style) for run in runs]
    text = "".join(run.text for run in runs)
    return [_piece(runs, start, end) for start, end in _spans(text, limit)]


def units(text: str) -> int:
    """Length as Telegram counts it: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def clean(text: str) -> str:
    """Without control characters and half surrogates, which no server takes."""
    return _LOST.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _piece(runs: Sequence[Run], start: int, end: int) -> Piece:
    written, words, at = [], [], 0
    for run in runs:
        part = run.text[max(0, start - at) : max(0, end - at)]
        at += len(run.text)
        words.append(part)
        # Tags around nothing but white space are an error for some servers, and never seen.
        opened, closed = _TAGS[run.style] if part.strip() else ("", "")
        written.append(f"{opened}{html.escape(part, quote=False)}{closed}")
    return Piece("".join(written), "".join(words))


def _spans(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Start and end of every piece, without the white space around it."""
    start = 0
    while start < len(text):
        end = _cut(text, start, limit)
        words = text[start:end]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        start = end


def _cut(text: str, start: int, limit: int) -> int:
    """Where the piece from `start` ends: a paragraph, else a line, a sentence, a word."""
    end = _fit(text, start, limit)
    if end == len(text):
        return end
    half = start + (end - start) // 2  # an earlier border would make messages too short
    for border, earliest in (*((border, half) for border in _BORDERS), (_BORDERS[-1], start)):
        # One more character may match: the white space at the very border is stripped.
        found = (match.end() for match in border.finditer(text, earliest, end + 1))
        cuts = [cut for cut in found if not _MARKER.match(text, cut)]
        if cuts:
            return cuts[-1]
    return _cut_inside_a_word(text, start, end)


def _fit(text: str, start: int, limit: int) -> int:
    """The furthest end so that `text[start:end]` has at most `limit` units."""
    count = 0
    for end in range(start, len(text)):
        count += 2 if ord(text[end]) > 0xFFFF else 1
        if count > limit:
            return end
    return len(text)


def _cut_inside_a_word(text: str, start: int, end: int) -> int:
    """Not inside a marker, nor between a letter and its marks."""
    marker = _OPEN_MARKER.search(text, max(start + 1, end - 6), end)
    if marker:
        return marker.start()
    for cut in range(end, max(start, end - _MAX_CLUSTER), -1):
        if not _joined(text[cut - 1], text[cut]):
            return cut
    return end


def _joined(left: str, right: str) -> bool:
    """True where a cut between the two would change what is seen."""
    return (
        unicodedata.combining(right) != 0
        or right in "\u200d\ufe0f"
        or left == "\u200d"
        or "\U0001f3fb" <= right <= "\U0001f3ff"  # skin tones
    )
