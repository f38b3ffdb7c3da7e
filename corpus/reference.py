"""Every reference of a text: the instruments and the parts that it names, with their places.

A reference without an instrument (`khoản 2 Điều 5`, `Luật này`) is to the text itself. What a
reference means in the library is told by `links`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.clean import fold
from corpus.letters import compiled
from corpus.model import Document, Part
from corpus.part_references import PartMention, Place, filled, part_mentions
from corpus.references import GO_BY_NAME, KINDS, Mention, mentions, number_parts

_KIND_WORDS = "|".join(sorted((*KINDS, "Hiến pháp"), key=len, reverse=True))
_KIND = re.compile(rf"(?<!\w)(?:{_KIND_WORDS})(?!\w)")
_SELF = compiled(
    rf"(?<!\w)(?:{_KIND_WORDS}|{'|'.join(k.lower() for k in sorted(KINDS, key=len, reverse=True))}) này(?!\w)"
)
_BEHIND = compiled(
    r"\s*,?\s*(?:của\s+|tại\s+|trong\s+|thuộc\s+)?(?:ban hành kèm theo\s+|kèm theo\s+)?"
)
_ALIAS = compiled(
    r"\(?\s*sau đây (?:được )?(?:gọi|viết) (?:tắt |chung )*(?:là|:)\s*[“\"]?"
    rf"(?P<alias>(?:{_KIND_WORDS})(?:\s+[^\s“”\"();,.]+){{1,10}}?)[”\"]?\s*(?=[);.,]|$)",
    re.M,
)


@dataclass(frozen=True)
class Named:
    """An instrument as a text names it; `number` or `name` is known."""

    label: str  # its words, without date, issuer and subject; with the year of a law without number
    kind: str | None
    number: str | None
    name: str | None  # of a law that goes by its name
    year: int | None
    date: str | None = None  # ISO

    @property
    def key(self) -> str:
        """Equal for two mentions of one instrument, as far as they tell."""
        if self.number:
            return "/".join(filter(None, _number_key(self.number, self.year)))
        return f"{fold(f'{self.kind} {self.name or str()}').strip()} {self.year or ''}".strip()


@dataclass(frozen=True, eq=False)
class Reference:
    """One reference at `document.text[start:end]`; `named` is None for the text itself."""

    document: Document
    part: Part
    start: int
    end: int
    named: Named | None
    places: tuple[Place, ...] = ()
    mention: Mention | None = None

    @property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def url(self) -> str:
        """Address of the place that refers, its words marked."""
        return self.document.address(self.part, (self.start, self.end))


def _number_key(number: str, year: int | None) -> tuple[str, str, str]:
    sequence, own_year, codes = number_parts(number)
    return sequence, own_year or str(year or ""), "-".join(codes)


@lru_cache(maxsize=4096)
def references(document: Document) -> tuple[Reference, ...]:
    """Every instrument and every part that a document names, in the order of its text."""
    text = document.text
    places = _Places(document)
    named = [(m, _named(text, m)) for m in mentions(text)]
    found = [
        Reference(document, places.part_at(m.start), _label_start(text, m), _label_end(m), n, (), m)
        for m, n in named
    ]
    found = _with_short_names(document, places, found)
    found += [
        Reference(document, places.part_at(m.start()), m.start(), m.end(), None)
        for m in _SELF.finditer(text)
    ]
    found.sort(key=lambda r: r.start)
    starts = [r.start for r in found]
    parts = [_of_part(document, places, m, found, starts) for m in part_mentions(text)]
    # `khoản 2 Điều 5 của Luật này` is one reference.
    owned = {owner.start for _, owner in parts if owner}
    kept = [
        r for r in found
        if (r.named is not None or r.start not in owned) and not _is_own_number(r)
    ]  # fmt: skip
    return tuple(sorted([*kept, *(r for r, _ in parts)], key=lambda r: (r.start, r.end)))


def _is_own_number(reference: Reference) -> bool:
    """`Số: 30/2020/NĐ-CP` in the head is the text's own."""
    named, own = reference.named, reference.document.meta.number
    in_head = reference.part.level == "head"
    return bool(in_head and named and named.number and own and named.number == own)


class _Places:
    """The innermost part at an offset."""

    def __init__(self, document: Document) -> None:
        self._parts = list(document.parts())
        self._starts = [part.start for part in self._parts]

    def part_at(self, offset: int) -> Part:
        return self._parts[max(0, bisect_right(self._starts, offset) - 1)]

    def lead_of(self, part: Part) -> tuple[int, int] | None:
        """The span of the lead-in above a part, None at the top."""
        above = next(
            (
                p
                for p in reversed(self._parts)
                if p.path == part.path[:-1] and p.start <= part.start
            ),
            None,
        )
        if above is None:
            return None
        # A paragraph before the first khoản introduces them as the heading does.
        first = next(child for child in above.children if child.level == part.level)
        return above.start, first.start


def _label_start(text: str, mention: Mention) -> int:
    if mention.number_span is None:
        return mention.start
    if mention.name_span:
        return text.rfind(mention.kind or "", 0, mention.name_span[0])
    begin = mention.number_span[0]
    before = text[max(0, begin - 40) : begin]
    kinds = [m for m in _KIND.finditer(before) if not re.search(r"[\n,;.\d]", before[m.end() :])]
    return begin - len(before) + kinds[-1].start() if kinds else begin


def _label_end(mention: Mention) -> int:
    if mention.number_span:
        return mention.number_span[1]
    return (mention.name_span or (0, mention.end))[1]


def _named(text: str, mention: Mention) -> Named:
    # Laws of one name are told apart by their year alone.
    year = mention.date_span if mention.number_span is None else None
    label = text[_label_start(text, mention) : year[1] if year else _label_end(mention)]
    name = text[slice(*mention.name_span)] if mention.name_span else None
    return Named(
        " ".join(label.split()), mention.kind, mention.number, name, mention.year, mention.date
    )


def _with_short_names(
    document: Document, places: _Places, found: list[Reference]
) -> list[Reference]:
    """`Luật Ban hành văn bản ... (sau đây gọi là Luật năm 2015)`: what a short name stands for."""
    text = document.text
    for match in _ALIAS.finditer(text):
        before = [r for r in found if r.end <= match.start() and match.start() - r.start < 400]
        if not before or before[-1].named is None:
            continue
        short, named = match["alias"].strip(), before[-1].named
        uses = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", text)]
        others = [r for r in found if not any(a <= r.start < b for a, b in uses)]
        found = others + [
            Reference(document, places.part_at(a), a, b, named)
            for a, b in uses
            if not match.start() <= a < match.end()
        ]
    return found


def _of_part(
    document: Document,
    places: _Places,
    mention: PartMention,
    found: Sequence[Reference],
    starts: Sequence[int],
) -> tuple[Reference, Reference | None]:
    """The parts with their instrument, and the reference behind them that names it."""
    part = places.part_at(mention.start)
    behind = _BEHIND.match(document.text, mention.end)
    at = behind.end() if behind else mention.end
    place = bisect_left(starts, at)
    owner = found[place] if place < len(starts) and starts[place] == at else None
    named = owner.named if owner else _named_before(document, places, part, mention, found, starts)
    said = mention.places if named else tuple(filled(p, part) for p in mention.places)
    return Reference(document, part, mention.start, mention.end, named, said), owner


_DETAILS = compiled(rf"(?:{_KIND_WORDS}) này (?:quy định chi tiết|hướng dẫn)")


def _named_before(
    document: Document,
    places: _Places,
    part: Part,
    mention: PartMention,
    found: Sequence[Reference],
    starts: Sequence[int],
) -> Named | None:
    """The instrument of a part that has none behind it: told by the lead-in of its list
    (`Các điều sau đây của Luật Tố cáo:`), or at the end of a sentence that details a law."""
    text = document.text
    if any(place.this for place in mention.places):
        return None
    if re.fullmatch(r"(?:[a-zđ]\)|\d{1,2}\.|[-–+])?\s*", text[part.start : mention.start]):
        lead = places.lead_of(part)
        if lead and text[slice(*lead)].rstrip().endswith(":"):
            return _last_law(text, lead, found, starts)
    line = text.rfind("\n", 0, mention.start) + 1, text.find("\n", mention.start)
    sentence = line[0], len(text) if line[1] < 0 else line[1]
    if _DETAILS.search(text, sentence[0], mention.start):
        return _last_law(text, sentence, found, starts)
    return None


def _last_law(
    text: str, span: tuple[int, int], found: Sequence[Reference], starts: Sequence[int]
) -> Named | None:
    inside = found[bisect_left(starts, span[0]) : bisect_left(starts, span[1])]
    laws = [r.named for r in inside if r.named and r.named.kind in GO_BY_NAME]
    return laws[-1] if laws else None


def told_fields(mention: Mention | None) -> int:
    """How many of number, date, issuer and subject a mention gives."""
    if mention is None:
        return 0
    spans = (mention.number_span, mention.date_span, mention.issuer_span, mention.subject_span)
    return sum(span is not None for span in spans)
