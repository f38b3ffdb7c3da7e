"""Reading what a chat model wrote: its sentences and the markers of each.

Whatever form a model gives its markers ([1][2], [1, 2], 【1】, before or behind the full stop), they
are read into numbers here. What the sentences say is not looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.clean import fold
from corpus.sentences import sentences

MAX_CHARS = 8000  # of a model's output; an answer has some hundreds, a model gone wild has no end
_OPEN, _CLOSE = (
    "\ue000",
    "\ue001",
)  # a marker while its sentence is cut; private, so never in a text
_MARKER = re.compile(
    r"[\[【] ?(?:\^|(?:[Đđ]oạn|[Nn]guồn|[Tt]rích dẫn) ?(?:số )?)?"
    r"(\d{1,3}(?: ?[,;–-] ?\d{1,3}){0,9}) ?(?:†[^】\]]{0,40})?[\]】](?:\([^()\s]{1,300}\))?"
)
_TOKEN = re.compile(rf"{_OPEN}([\d,]+){_CLOSE}")
_RUN = re.compile(rf"(?: ?{_OPEN}[\d,]+{_CLOSE})+")
_BEHIND_STOP = re.compile(rf"([.!?…;]+)((?: ?{_OPEN}[\d,]+{_CLOSE})+)(?= |$)")
_STOP = re.compile(rf"([.!?…;]+)((?: ?{_OPEN}[\d,]+{_CLOSE})+)(?= |$)")
_BEFORE_SENTENCE = re.compile(
    rf"((?: ?{_OPEN}[\d,]+{_CLOSE})+) ?([^{_OPEN}]+?)([.!?…;]*)(?= ?{_OPEN}|$)"
)
_STOP = re.compile(rf"(?<={_CLOSE})[.!?…]+(?= )")
_STOPS = " .!?…"
_LIST_MARK = re.compile(r"^(?:[-–—•+*]|\d{1,2}[.)]|[a-zđ]\)) ")
_LABEL = re.compile(r"^(?:\W{0,3})(?:[Cc]âu t|[Tt])rả lời ?: ?", re.M)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_MANY_STOPS = re.compile(r"[.!?…;]{4,}")
_MARKUP = re.compile(r"\*{1,3}|_{2,3}|`{1,3}|^#{1,6} |<[a-z/!][^<>]{0,80}>", re.I | re.M)


@dataclass(frozen=True)
class Claim:
    """A stretch of a sentence and the markers behind it."""

    words: str
    markers: tuple[int, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence as claims, and whether it is an item of a list; no claims: it has no marker."""

    words: str  # without its markers
    claims: tuple[Claim, ...]
    line: int
    is_item: bool
    stop: str  # the full stop, or none


def read(raw: str) -> list[Sentence]:
    """The sentences of a model's output, in their order, each once."""
    seen: set[str] = set()
    found = []
    for number, line in enumerate(_clean(raw).split("\n")):
        item = _LIST_MARK.match(line)
        for text in _cut(line[item.end() :] if item else line):
            sentence = _sentence(text, number, item is not None)
            key = fold(sentence.words)
            if key and key not in seen:  # a small model may say one thing without end
                seen.add(key)
                found.append(sentence)
    return found


def _clean(raw: str) -> str:
    """NFC, no hidden characters, no thoughts, no Markdown, single spaces, markers as tokens."""
    text = unicodedata.normalize("NFC", raw[: 4 * MAX_CHARS])
    text = _THOUGHT.sub("", text)[:MAX_CHARS]
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text)
    text = "".join(
        c for c in text if c == "\n" or not unicodedata.category(c).startswith("C") or c == "\t"
    )
    text = _MANY_STOPS.sub("…", _MARKUP.sub("", text)).replace("[[", "[").replace("]]", "]")
    lines = [_LABEL.sub("", " ".join(line.split())) for line in text.split("\n")]
    return _MARKER.sub(_token, "\n".join(line for line in lines if line))


def _token(match: re.Match[str]) -> str:
    numbers: list[int] = []
    for piece in re.split(r" ?[,;] ?", match[1]):
        first, *last = (int(n) for n in re.split(r" ?[–-] ?", piece))
        numbers.extend(
            range(first, last[-1] + 1)
            if last and first <= last[-1] <= first + 9
            else [first, *last]
        )
    return f"{_OPEN}{','.join(map(str, numbers))}{_CLOSE}"


def _cut(line: str) -> Iterator[str]:
    """Sentences with their markers before the full stop, whichever side the model put them."""
    if line.startswith(_OPEN) and not line.rstrip(_STOPS).endswith(_CLOSE):
        yield from _led(line)
        return
    line = _BEHIND_STOP.sub(r"\2\1", line)
    begin = 0
    for end in [*(match.end() for match in _STOP.finditer(line)), len(line)]:
        piece = line[begin:end]
        yield from (piece[a:b] for a, b in sentences(piece))
        begin = end


def _led(line: str) -> Iterator[str]:
    """A line whose markers stand before what they are for, up to the next marker."""
    runs = list(_RUN.finditer(line))
    ends = [*(run.start() for run in runs[1:]), len(line)]
    for run, end in zip(runs, ends, strict=True):
        piece = line[run.end() : end]
        for a, b in sentences(piece):
            words = piece[a:b].rstrip(_STOPS)
            yield f"{words}{run[0]}{piece[a:b][len(words) :].strip()}"


def _sentence(text: str, line: int, is_item: bool) -> Sentence:
    body = text.rstrip(_STOPS)
    claims: list[Claim] = []
    begin = 0
    for match in _RUN.finditer(body):
        markers = tuple(int(n) for token in _TOKEN.findall(match[0]) for n in token.split(","))
        if words := body[begin : match.start()].strip().rstrip(_STOPS + ":"):
            claims.append(Claim(words, tuple(dict.fromkeys(markers))))
        begin = match.end()
    rest, stop = body[begin:].strip(" ,;:"), text[len(body) :].strip()
    if rest and claims:  # words behind the last marker rest on it too
        claims[-1] = Claim(f"{claims[-1].words} {rest}", claims[-1].markers)
    words = " ".join(_RUN.sub("", body).split())
    return Sentence(words, tuple(claims), line, is_item, ":" if body.endswith(":") else stop)
