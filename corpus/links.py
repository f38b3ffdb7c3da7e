"""Which text names which: every reference of a document, resolved to the library or listed as missing.

A reference without an instrument (`khoản 2 Điều 5`, `Luật này`) is to the text itself. A law named
without a number is found by its title; one that was issued later than the citing text is not it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from corpus.clean import fold
from corpus.letters import compiled
from corpus.model import Document, Instrument, Level, Part, Step
from corpus.part_references import ORDER, PartMention, Place, filled, part_mentions
from corpus.references import KINDS, Mention, mentions, number_parts

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

    label: str  # its words, without date, issuer and subject
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
    label = text[_label_start(text, mention) : _label_end(mention)]
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
    laws = [r.named for r in inside if r.named and r.named.kind in _GO_BY_NAME]
    return laws[-1] if laws else None


@dataclass(frozen=True)
class Missing:
    """An instrument that texts of the library name and that is not in it."""

    label: str
    named: Named
    references: tuple[Reference, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """Those that name it, in the library's order."""
        return tuple(dict.fromkeys(reference.document for reference in self.references))


class Links:
    """The references among the documents of a library; made when first asked for."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)

    @cached_property
    def _by_number(self) -> dict[tuple[str, tuple[str, ...]], list[Document]]:
        found: dict[tuple[str, tuple[str, ...]], list[Document]] = {}
        for document in self.documents:
            if document.meta.number:
                sequence, _, codes = number_parts(document.meta.number)
                found.setdefault((sequence, codes), []).append(document)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {}
        for document in self.documents:
            if document.meta.kind in _GO_BY_NAME and document.meta.title:
                found.setdefault(fold(document.meta.title), []).append(document)
        return found

    def resolve(self, named: Named, source: Document) -> Document | None:
        """The document of the library that a text means, or None."""
        if named.number:
            sequence, year, codes = number_parts(named.number)
            same = self._by_number.get((sequence, codes), [])
            year = year or str(named.year or "")
            fitting = (d for d in same if _of_year(d.meta, year, named.date))
            return next((d for d in fitting if _of_place(d.meta, source.meta)), None)
        if not named.name:
            return None
        words = fold(f"{named.kind} {named.name}")
        same = [d for d in self._by_name.get(words, []) if _not_later(d.meta, source.meta)]
        return next((d for d in same if _of_year(d.meta, str(named.year or ""), None)), None)

    @cached_property
    def _resolved(self) -> tuple[tuple[Reference, Document | None], ...]:
        return tuple(
            (reference, self.resolve(reference.named, document))
            for document in self.documents
            for reference in references(document)
            if reference.named is not None
        )

    @cached_property
    def _out(self) -> dict[Document, list[tuple[Reference, Document | None]]]:
        found: dict[Document, list[tuple[Reference, Document | None]]] = {}
        for reference, target in self._resolved:
            found.setdefault(reference.document, []).append((reference, target))
        return found

    @cached_property
    def _into(self) -> dict[Document, list[Reference]]:
        found: dict[Document, list[Reference]] = {}
        for reference, target in self._resolved:
            if target and target is not reference.document:
                found.setdefault(target, []).append(reference)
        return found

    def of(self, document: Document) -> list[tuple[Reference, Document | None]]:
        """Everything that a document names, itself too, in the order of its text."""
        targets = dict(self.out(document))
        return [
            (reference, targets.get(reference) if reference.named else document)
            for reference in references(document)
        ]

    def out(self, document: Document) -> list[tuple[Reference, Document | None]]:
        """What a document names beside itself, each with its document in the library, if any."""
        return list(self._out.get(document, ()))

    def into(self, document: Document) -> list[Reference]:
        """Where the others name a document."""
        return list(self._into.get(document, ()))

    def meant(self, reference: Reference, target: Document) -> Part | None:
        """The first part of its document that a reference means and that is there."""
        beside = reference.part if target is reference.document else None
        found = (self.part_of(target, place, beside) for place in reference.places)
        return next((part for part in found if part), None)

    def part_of(self, document: Document, place: Place, beside: Part | None = None) -> Part | None:
        """The part of a document that a place means; None where there is none, or several.

        Of two parts called Điều 5 the one in the same attachment as `beside` is meant.
        """
        said = [(level, label) for level in reversed(ORDER) if (label := place.label(level))]
        if not said or place.this - {level for level, _ in said}:
            return None
        found = _by_label(document).get(_label_key(*said[0]), [])
        found = [part for part in found if _attachment(part) == _attachment(beside)] or found
        for level, label in said[1:]:
            found = _below(found, _label_key(level, label))
        return found[0] if len(found) == 1 else None

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """What is named and absent, what most documents and places name first."""
        groups: dict[str, list[Reference]] = {}
        for reference, target in self._resolved:
            if target is None and reference.named:
                groups.setdefault(reference.named.key, []).append(reference)
        _join_undated(groups)
        found = [
            Missing(_best_label(group), _fullest(group), tuple(group)) for group in groups.values()
        ]
        return tuple(sorted(found, key=lambda m: (-len(m.documents), -len(m.references), m.label)))


_GO_BY_NAME = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")


@lru_cache(maxsize=4096)
def _by_label(document: Document) -> dict[tuple[Level, str], list[Part]]:
    """The parts by level and label; those of a plan also as `mục II.3`."""
    found: dict[tuple[Level, str], list[Part]] = {}
    for part in document.parts():
        found.setdefault(_label_key(part.level, part.label), []).append(part)
        if dotted := re.fullmatch(r"mục (\S+\.\S+)", part.locator):
            found.setdefault(_label_key("section", dotted[1]), [part])
    return found


def _label_key(level: Level, label: str) -> tuple[Level, str]:
    return level, " ".join(label.upper().split())


def _below(outer: Iterable[Part], key: tuple[Level, str]) -> list[Part]:
    """The parts under others that bear a label; where some lie deeper, the least deep ones."""
    found = [p for one in outer for p in one.walk() if _label_key(p.level, p.label) == key]
    depth = min((len(part.path) for part in found), default=0)
    return [part for part in found if len(part.path) == depth]


def _attachment(part: Part | None) -> Step | None:
    return part.path[0] if part and part.path[0].level == "appendix" else None


def _of_year(meta: Instrument, year: str, date: str | None) -> bool:
    if (
        date
        and meta.issued_on
        and date != meta.issued_on
        and not number_parts(meta.number or "")[1]
    ):
        return False
    own = number_parts(meta.number)[1] if meta.number else None
    own = own or (meta.issued_on or "")[:4]
    return not year or not own or own == year


def _of_place(target: Instrument, source: Instrument) -> bool:
    """Every province has a Kế hoạch số 5/KH-UBND: a text means its own province's. What is issued in
    the capital by no organ of the city holds everywhere."""
    if not target.place or not source.place or target.place == source.place:
        return True
    capital = "ha noi"
    return fold(target.place) == capital and capital not in fold(target.issuer or "")


def _not_later(target: Instrument, source: Instrument) -> bool:
    both = target.issued_on and source.issued_on
    return not both or str(target.issued_on) <= str(source.issued_on)


def _join_undated(groups: dict[str, list[Reference]]) -> None:
    """A number told without its year is the dated one of the same number, where there is just one."""
    numbers = {key: group[0].named.number for key, group in groups.items() if group[0].named}
    undated = [
        key for key, group in groups.items() if group[0].named and group[0].named.year is None
    ]
    for key in undated:
        same = [k for k in groups if k not in undated and numbers[k] and numbers[k] == numbers[key]]
        if len(same) == 1:
            groups[same[0]].extend(groups.pop(key))


def _fullest(group: Sequence[Reference]) -> Named:
    """The mention that tells most: with its date, issuer and subject."""
    told = max(group, key=lambda r: told_fields(r.mention))
    return told.named or group[0].named  # type: ignore[return-value]


def told_fields(mention: Mention | None) -> int:
    """How many of number, date, issuer and subject a mention gives."""
    if mention is None:
        return 0
    spans = (mention.number_span, mention.date_span, mention.issuer_span, mention.subject_span)
    return sum(span is not None for span in spans)


def _best_label(group: Sequence[Reference]) -> str:
    labels = [reference.named.label for reference in group if reference.named]
    return max(set(labels), key=lambda label: (labels.count(label), len(label)))
