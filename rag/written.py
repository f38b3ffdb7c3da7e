"""Reading what a chat model wrote: its sentences and the markers of each.

Whatever form a model gives its markers ([1][2], [1, 2], 【1】, before or behind the full stop), they
are read into numbers here. What the sentences say is not looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.clean import fold
from corpus.sentences import sentences

MAX_CHARS = 8000  # of a model's output; an answer has some hundreds, a model gone wild has no end
_LONG_LINE = 1000  # characters
# Around a marker while its sentence is cut; private, so never in a text.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKER = re.compile(
    r"[\[【] ?(?:\^|(?:[Đđ]oạn|[Nn]guồn|[Tt]rích dẫn) ?(?:số )?)?"
    r"(\d{1,3}(?: ?[,;–-] ?\d{1,3}){0,9}) ?(?:†[^】\]]{0,40})?[\]】](?:\([^()\s]{1,300}\))?"
)
_TOKEN = re.compile(rf"{_OPEN}([\d,]+){_CLOSE}")
_RUN = re.compile(rf"(?: ?{_OPEN}[\d,]+{_CLOSE})+")
_BEHIND_STOP = re.compile(rf"([.!?…;]+)((?: ?{_OPEN}[\d,]+{_CLOSE})+)(?= |$)")
_STOP = re.compile(rf"(?<={_CLOSE})[.!?…]+(?= )")
_STOPS = " .!?…"
_LIST_MARK = re.compile(r"^(?:[-–—•+*]|\d{1,2}[.)]|[a-zđ]\)) ")
_LABEL = re.compile(r"^(?:\W{0,3})(?:[Cc]âu t|[Tt])rả lời ?: ?", re.M)
_THINKS = re.compile(r"<think(?:ing)?>", re.I)
_THOUGHT_ENDS = re.compile(r"</think(?:ing)?>", re.I)
_LONGEST_TAG = len("</thinking>")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_STOPPED = re.compile(r"[.!?…]")
_OPEN_MARKER = re.compile(r"[\[【][^\]】]{0,60}$")
# A passage's head, copied with it: `(Kế hoạch …, mục II) Trước ngày …`.
_HEAD = re.compile(r"^\((?:[^()]|\([^()]*\)){1,300}\) (?=\w|[“\"])")
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


class Reader:
    """A model's output read while it comes: each sentence once, as soon as it is complete.

    A sentence is complete when the next one begins or its line ends, for its markers may stand
    behind its full stop. A line that begins with a marker is read when it ends, a thought never.
    """

    def __init__(self) -> None:
        self._pending = ""  # from the beginning of the line that has not ended
        self._taken, self._room = 0, MAX_CHARS  # thoughts count for the first only
        self._thought_at: int | None = None  # where in it a thought began that has not ended
        self._line, self._of_line = 0, 0  # its number, its sentences that were handed out
        self._looked_at = 0  # characters of it
        self._seen: set[str] = set()

    @property
    def is_full(self) -> bool:
        """Whether nothing more will be read."""
        spoken = len(self._pending[: self._thought_at])
        return self._taken >= 4 * MAX_CHARS or spoken >= self._room

    def feed(self, piece: str) -> list[Sentence]:
        """The sentences that a piece of output completes."""
        piece = piece[: 4 * MAX_CHARS - self._taken]
        self._taken += len(piece)
        self._pending = _LINE_END.sub("\n", self._pending + piece)
        self._leave_thoughts_out()
        if self._thought_at is not None:
            return []
        *ended, self._pending = self._pending.split("\n")
        found = [sentence for line in ended for sentence in self._of_whole(line)]
        if self._is_due():
            self._looked_at = len(self._pending)
            found += self._new(self._sentences(self._pending)[:-1])
        return found

    def end(self) -> list[Sentence]:
        """What is left when the model has stopped writing."""
        last, self._pending = self._pending[: self._thought_at], ""
        return [sentence for line in last.split("\n") for sentence in self._of_whole(line)]

    def _leave_thoughts_out(self) -> None:
        begin = self._thought_at
        while tag := (_THINKS if begin is None else _THOUGHT_ENDS).search(
            self._pending, begin or 0
        ):
            before = tag.start() if begin is None else begin
            self._pending = self._pending[:before] + self._pending[tag.end() :]
            begin = before if begin is None else None
        self._thought_at = begin
        if begin is not None:  # what may be the beginning of its end
            self._pending = self._pending[:begin] + self._pending[begin:][-_LONGEST_TAG:]

    def _is_due(self) -> bool:
        """Whether the line that has not ended may hold a new sentence. A long one, which is none of a
        sane model, is looked at less and less often: reading it must not take for ever."""
        grown, length = len(self._pending) - self._looked_at, len(self._pending)
        return grown >= (length - _LONG_LINE) / 8 and _STOPPED.search(self._pending) is not None

    def _of_whole(self, line: str) -> list[Sentence]:
        found = self._new(self._sentences(line, ended=True))
        self._room = max(0, self._room - len(line) - 1)
        self._line, self._of_line, self._looked_at = self._line + 1, 0, 0
        return found

    def _sentences(self, line: str, *, ended: bool = False) -> list[Sentence]:
        line = line[: self._room]
        line = _clean(line if ended else _OPEN_MARKER.sub("", line))
        item = _LIST_MARK.match(line)
        body = line[item.end() :] if item else line
        if not ended and body.startswith(_OPEN):
            return []
        return [_sentence(text, self._line, item is not None) for text in _cut(body)]

    def _new(self, of_line: Sequence[Sentence]) -> list[Sentence]:
        """Those not handed out yet; a small model may say one thing without end."""
        new, self._of_line = of_line[self._of_line :], max(self._of_line, len(of_line))
        unseen = []
        for sentence in new:
            key = fold(sentence.words)
            if key and key not in self._seen:
                self._seen.add(key)
                unseen.append(sentence)
        return unseen


def read(raw: str) -> list[Sentence]:
    """The sentences of a whole output, in their order, each once."""
    reader = Reader()
    return [*reader.feed(raw), *reader.end()]


def _clean(line: str) -> str:
    """NFC, no hidden characters, no Markdown, single spaces, markers as tokens."""
    text = "".join(
        c for c in unicodedata.normalize("NFC", line)
        if not unicodedata.category(c).startswith("C") or c == "\t"
    )  # fmt: skip
    text = _MANY_STOPS.sub("…", _MARKUP.sub("", text)).replace("[[", "[").replace("]]", "]")
    return _MARKER.sub(_token, _LABEL.sub("", " ".join(text.split())))


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
        piece = line[run.end() : end].lstrip(" :,;.–-")
        for a, b in sentences(piece):
            words = piece[a:b].rstrip(_STOPS)
            yield f"{words}{run[0]}{piece[a:b][len(words) :].strip()}"


def _sentence(text: str, line: int, is_item: bool) -> Sentence:
    text = _HEAD.sub("", text)
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
