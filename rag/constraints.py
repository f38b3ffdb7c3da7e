"""What a question insists on: number, date, year, place, part. A statement that fails one is no
answer, however near its words are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.clean import fold
from corpus.gazetteer import place_name, spellings_of
from corpus.model import Document, Instrument, Part
from corpus.reference import Named
from corpus.references import Mention, mentions, number_parts
from rag.statements import Statement, opening
from rag.understand import InstrumentReference, PartReference, Understood, plain_years


def satisfies(asked: Understood, statement: Statement) -> bool:
    """Whether nothing that the question insists on speaks against the statement."""
    return (
        all(_names_instrument(reference, statement) for reference in asked.instruments)
        and all(
            _has_year(year, statement) or _is_law_of(year, asked, statement.document)
            for year in asked.years
        )
        and all(_has_date(day, statement) for day in asked.dates)
        and _is_of_half(asked, statement)
        and all(_in_place(place, statement) for place in asked.places)
        and all(_names_body(body, statement) for body in asked.bodies)
        and all(_says(name, statement) for name in asked.names)
    )


_HALF = re.compile(r"(?<!\w)(?:6|sau) thang (dau|cuoi)(?!\w)|(?<!\w)nua (dau|cuoi) nam(?!\w)")


def _is_of_half(asked: Understood, statement: Statement) -> bool:
    """Whether the report on a half of a year, the first that its title says, is asked about that one; a
    statement about the other says so, or a heading above it."""
    wanted, reported = _halves(asked.folded), _halves(fold(statement.document.title))[:1]
    if len(set(wanted)) != 1 or not reported or wanted[0] == reported[0]:
        return True
    around = f"{statement.scopes[2].folded} {statement.headings.folded}"
    return wanted[0] in _halves(around)


@lru_cache(maxsize=4096)
def _halves(folded: str) -> tuple[str, ...]:
    return tuple(m[1] or m[2] for m in _HALF.finditer(folded))


_ANY_BODY = ("so", "bo", "phong")


def _names_body(body: str, statement: Statement) -> bool:
    """`Sở Y tế` is named by the statement, its surroundings, or the document's own head."""
    kind, _, sector = body.partition(" ")
    return any(
        any(
            f" {name} {sector} " in scope.folded
            for name in (kind, "nganh", *_ANY_BODY * (kind == "nganh"))
        )
        for scope in statement.scopes
    )


def _says(name: str, statement: Statement) -> bool:
    return any(f" {name} " in scope.folded for scope in statement.scopes)


def _names_instrument(reference: InstrumentReference, statement: Statement) -> bool:
    if statement.mention is not None and matches(reference, statement.mention):
        return True
    if is_document(reference, statement.document):
        return True
    own = statement.text
    return statement.mention is None and any(
        matches(reference, mention) for mention in _mentions(own)
    )


@lru_cache(maxsize=8192)
def _mentions(text: str) -> tuple[Mention, ...]:
    return tuple(mentions(text))


def matches(reference: InstrumentReference, mention: Mention) -> bool:
    """Equal where both sides say something: sequence, kind, year, codes."""
    return mention.number is not None and _agrees(
        reference, mention.number, mention.kind, mention.year
    )


def matches_named(reference: InstrumentReference, named: Named) -> bool:
    """The same of an instrument as `corpus.links` knows it."""
    return named.number is not None and _agrees(reference, named.number, named.kind, named.year)


def is_document(reference: InstrumentReference, document: Document) -> bool:
    """Whether the reference is the document itself or the instrument that it reports."""
    for known in (document.meta, document.about):
        if known and known.number and _agrees(reference, known.number, known.kind, _year(known)):
            return True
    return False


def _agrees(
    reference: InstrumentReference, number: str, kind: str | None, year: int | None
) -> bool:
    sequence, _, codes = number_parts(number)
    if sequence != reference.sequence:
        return False
    if reference.codes and not _same_codes(reference.codes, codes):
        return False
    if not reference.codes and reference.kind and kind and reference.kind != kind:
        return False
    return reference.year is None or year is None or reference.year == year


def _same_codes(asked: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """`59/nd-cp` is `59/2023/NĐ-CP`; `23-QĐ` is `23-QĐ/TW`."""
    return all(a == b for a, b in zip(asked, there, strict=False)) and len(asked) <= len(there)


def _year(known: Instrument) -> int | None:
    return int(known.issued_on[:4]) if known.issued_on else None


_OF_ANOTHER_YEAR = re.compile(
    r"(?:\d{1,2}(?:\.\d+)*[.)])?\W*(?:Trong |Hết |Cuối )?[Nn]ăm \d{4}(?!\d)"
)


def _has_year(year: int, statement: Statement) -> bool:
    if statement.mention is not None and statement.mention.year == year:
        return True
    own = own_words(statement)
    if year in plain_years(own) or re.search(rf"[/-]{year}(?!\d)", own):
        return True
    if _OF_ANOTHER_YEAR.match(own):
        return False  # `Năm 2025 đã đạt 62%` in the plan for 2026
    titled = title_years(statement.document)
    return year in titled if titled else year in document_years(statement.document)


def _is_law_of(year: int, asked: Understood, document: Document) -> bool:
    """`Bộ luật Dân sự 2015` names a law by the year of its number; a consolidated text tells none."""
    title = fold(document.meta.title or "")
    if not title or not re.search(rf"{re.escape(title)}(?: nam)? {year}(?!\d)", asked.folded):
        return False
    known = number_parts(document.meta.number)[1] if document.meta.number else None
    return (int(known) if known else _year(document.meta)) in (None, year)


def own_words(statement: Statement) -> str:
    """A sentence without the instruments that it names: their years and dates are their own."""
    text = statement.text
    if statement.mention is not None:
        return text
    for mention in _mentions(text):
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


@lru_cache(maxsize=1024)
def title_years(document: Document) -> frozenset[int]:
    """The years in a title: a yearly plan is for its year only."""
    titles = [document.meta.title, document.about.title if document.about else None]
    own = {year for title in titles if title for year in plain_years(title)}
    if not own:
        return frozenset()
    issued = {_year(known) for known in (document.meta, document.about) if known}
    return frozenset(own | {year for year in issued if year})


@lru_cache(maxsize=1024)
def document_years(document: Document) -> frozenset[int]:
    known = [document.meta, document.about or Instrument()]
    years = {year for k in known if (year := _year(k))}
    for k in known:
        years.update(plain_years(k.issued_on_text or ""))
    return frozenset(years | set(plain_years(opening(document))))


def _has_date(day: str, statement: Statement) -> bool:
    """A whole date tells which event or instrument is meant: it stands in the document somewhere."""
    if is_issued_on(day, statement.document):
        return True
    return says_date(
        day, statement.text if statement.mention is not None else statement.document.text
    )


def is_issued_on(day: str, document: Document) -> bool:
    """Whether a date, ISO with or without its year, is that of the document or of what it reports."""
    issued = [known.issued_on for known in (document.meta, document.about) if known]
    return any(date and date.endswith(day.lstrip("-")) for date in issued)


def says_date(day: str, text: str) -> bool:
    """Whether a text has the date, ISO with or without its year, in figures or with `tháng`."""
    year, month, number = day.rsplit("-", 2)
    behind = rf"\D{{1,6}}{year}" if year else ""
    pattern = rf"(?<!\d)0?{int(number)}\s?(?:[/.-]|tháng)\s?0?{int(month)}{behind}(?!\d)"
    return re.search(pattern, text) is not None


def _in_place(place: str, statement: Statement) -> bool:
    document = statement.document
    known = [k.place for k in (document.meta, document.about) if k and k.place]
    if any(same_place(place, other) for other in known):
        return True
    names = "|".join(re.escape(fold(name)) for name in spellings_of(place))
    said = f"{statement.text}\n{headline(document)}"
    return bool(re.search(rf"(?<!\w)(?:{names})(?!\w)", fold(said)))


@lru_cache(maxsize=1024)
def headline(document: Document) -> str:
    """Title, issuer and the lines of the head: `Sở Xây dựng tỉnh Lạng Sơn`."""
    head = [document.text[p.start : p.end] for p in document.outline if p.level == "head"]
    known = [document.meta, document.about or Instrument()]
    return "\n".join([*head, *(v for k in known for v in (k.title, k.issuer) if v)])


def same_place(left: str, right: str) -> bool:
    """One name, or two spellings of it: `Huế` and `Thừa Thiên Huế`, `Bắc Cạn` and `Bắc Kạn`."""
    a, b = _spelling(left), _spelling(right)
    if a == b or a.endswith(f" {b}") or b.endswith(f" {a}"):
        return True
    return place_name(left) == place_name(right)


def _spelling(name: str) -> str:
    plain = fold(name).replace("-", " ")
    return " ".join(re.sub(r"^(?:tinh|thanh pho|tp\.?) ", "", plain).split())


def find_part(reference: PartReference, document: Document, question: str = "") -> Part | None:
    """The part that a question (folded) names, or None where the document has no such part.

    Where a text and the regulation that it promulgates both have an Điều 2, the one whose name the
    question says is meant, else the text's own.
    """
    parts = list(document.parts())
    if reference.article:
        parts = _under(parts, "article", reference.article)
        if reference.clause:
            parts = _under(parts, "clause", reference.clause)
        if reference.point:
            parts = _under(parts, "point", reference.point) or _under(
                parts,
                "point",
                reference.point.replace("d", "đ"),  # typed without diacritics
            )
    elif reference.chapter:
        parts = [p for p in parts if p.level == "chapter" and p.label.lower() == reference.chapter]
        if reference.section:
            parts = _under(parts, "section", reference.section[0].upper())
    elif reference.appendix:
        parts = [
            p for p in parts if p.level == "appendix" and p.label.lower() == reference.appendix
        ]
    elif reference.list_name and len(reference.section) == 1 and (item := _item(reference, parts)):
        return item
    elif reference.section:
        parts = [part for part in parts if _section_path(part) == _flat(reference.section)]
        if reference.point:
            parts = [
                c
                for part in parts
                for c in part.children
                if c.step_label("point") == reference.point
            ]
    else:
        return None
    found = min(
        parts, key=lambda part: (not _attached_named(part, question), len(part.path)), default=None
    )
    for step in reference.listed:
        found = next((c for c in found.children if c.path[-1] == step), None) if found else None
    return found


def _item(reference: PartReference, parts: list[Part]) -> Part | None:
    """The nth of the list whose heading says its name: `chỉ tiêu 2` under `III. CHỈ TIÊU`."""
    name = re.compile(rf"(?<!\w){reference.list_name}(?!\w)")
    named = [p for p in parts if name.search(fold(p.heading))]
    for part in named:
        for child in part.children:
            if child.label == reference.section[0]:
                return child
    return None


def _attached_named(part: Part, question: str) -> bool:
    label = part.step_label("appendix")
    return label is not None and fold(label) in question


def _under(parts: list[Part], level: str, label: str) -> list[Part]:
    found = [p for part in parts for p in part.walk() if p.level == level and p.label == label]
    return list(dict.fromkeys(found))


def _section_path(part: Part) -> tuple[str, ...]:
    numbered = ("section", "subsection")
    labels = [s.label.partition("~")[0].lower() for s in part.path if s.level in numbered]
    if part.level not in numbered or not labels:
        return ()
    return _flat(labels)


def _flat(labels: Sequence[str]) -> tuple[str, ...]:
    """`III`, `3`, `3.2` is III.3.2: a dotted number holds its parent's."""
    flat: list[str] = []
    for label in labels:
        pieces = label.split(".")
        held = len(pieces) > 1 and flat[-len(pieces) + 1 :] == pieces[:-1]
        flat.extend(pieces[-1:] if held else pieces)
    return tuple(flat)
