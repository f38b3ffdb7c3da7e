"""Whether a document is in force on a day, as far as the library and its people can tell.

Corrections (`document.meta`) win over what texts state (`effects`); where neither says so the state
is unknown: a text can't know what replaced it. The day is always a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from corpus.effects import Effect, effects, in_force_from, in_force_until, instrument
from corpus.links import Links
from corpus.model import Document, Instrument
from corpus.part_references import Place
from corpus.reference import Named
from corpus.references import kind_of, mentions

State = Literal["in_force", "not_yet", "over", "replaced", "repealed", "unknown"]


@dataclass(frozen=True, eq=False)
class Validity:
    """What is known of a document's validity on a day; `sentence` says it to a person."""

    document: Document
    state: State
    since: str | None = None  # ISO: the first day in force, as far as it is known
    until: str | None = None  # ISO: the last one
    causes: tuple[Effect, ...] = ()  # the statements that say so; () where a correction does
    by: str | None = None  # the instrument that replaced or repealed it, as a person calls it
    # Parts that another text changed, and own parts that come into force later; None for a part
    # that is told by its subject only.
    parts: tuple[tuple[Place | None, Effect], ...] = ()

    @property
    def sentence(self) -> str:
        """One short sentence in Vietnamese."""
        return _sentence(self)

    @property
    def is_asked(self) -> bool:
        """Whether anybody would want to know it: a page that is no instrument and reports none is
        neither in force nor not."""
        nothing_known = self.state == "unknown" and self.since is None
        return not (nothing_known and instrument(self.document).kind == "Tin")


class Register:
    """The validity of the documents of a library; its reverse index is made when first asked for."""

    def __init__(self, documents: Iterable[Document], links: Links | None = None) -> None:
        self._documents = tuple(documents)
        self._links = links or Links(self._documents)

    def validity(self, document: Document, on: date) -> Validity:
        """What is known of a document on a day."""
        day = on.isoformat()
        since, until, own = _span(document)
        parts = self._parts(document, day)
        told = self._told(document, day, since, until, own)
        state, last, causes, by = told or self._ended(document, day) or _year_over(document, day)
        if state == "unknown" and since and until:
            state, last = "in_force", until
        return Validity(document, state, since, last or until, causes or own, by, parts)

    def _told(
        self, document: Document, day: str, since: str | None, until: str | None, own: _Causes
    ) -> _Verdict | None:
        """By a correction, or by the days that the text itself gives."""
        meta = document.meta
        if since and day < since and not (_confirmed(meta, day) and not meta.in_force_from):
            return "not_yet", None, own, None
        if until and day > until:
            return "over", until, own, None
        if replaced := self._replaced(document, day):
            return replaced
        return ("in_force", until, own, None) if _confirmed(meta, day) else None

    def _replaced(self, document: Document, day: str) -> _Verdict | None:
        """`replaced_by` of a correction; its day is told by the new text, if the library has it."""
        number = document.meta.replaced_by
        if number is None:
            return None
        named = Named(number, kind_of(number), number, None, None)
        new = self._links.resolve(named, document)
        first = _span(new)[0] or new.meta.issued_on if new else None
        if first is None:
            known = not _confirmed(document.meta, day)
            return ("replaced", None, (), _numbered(named.kind, number)) if known else None
        label = called(new.meta) if new else _numbered(named.kind, number)
        return ("replaced", _day_before(first), (), label) if first <= day else None

    def _ended(self, document: Document, day: str) -> _Verdict | None:
        """Replaced or repealed as a whole by another text of the library, that day or before."""
        whole = [e for e in self._on(document) if e.whole and e.kind in ("replaces", "repeals")]
        ended = sorted((e for e in whole if _applies(e, day)), key=lambda e: _first_day(e) or "")
        if not ended:
            return None
        first = ended[0]
        state: State = "replaced" if first.kind == "replaces" else "repealed"
        known = _first_day(first)
        last = _day_before(known) if known else None
        return state, last, tuple(ended), called(instrument(first.document))

    def _parts(self, document: Document, day: str) -> tuple[tuple[Place | None, Effect], ...]:
        others = [e for e in self._on(document) if not (e.whole and e.kind != "amends")]
        changed = [e for e in others if _applies(e, day)]
        later = [e for e in effects(document) if e.kind == "in_force_from" and e.places]
        later = [e for e in later if e.date and e.date > day]
        return tuple((p, e) for e in (*changed, *later) for p in (e.places or (None,)))

    def _on(self, document: Document) -> list[Effect]:
        return self._reverse.get(document.id, [])

    @cached_property
    def _reverse(self) -> dict[str, list[Effect]]:
        """By a document's id, what the others state of it."""
        found: dict[str, list[Effect]] = {}
        for document in self._documents:
            for effect in effects(document):
                target = self._links.resolve(effect.named, document) if effect.named else None
                if target is not None and target is not document:
                    found.setdefault(target.id, []).append(effect)
        return found


_Causes = tuple[Effect, ...]
_Verdict = tuple[State, str | None, _Causes, str | None]  # state, last day, causes, by


def _span(document: Document) -> tuple[str | None, str | None, _Causes]:
    """First and last day in force and the statements that give them; corrections win."""
    begin, end = in_force_from(document), in_force_until(document)
    since = document.meta.in_force_from or (begin.date if begin else None)
    until = document.meta.in_force_until or (end.date if end else None)
    used = [begin if not document.meta.in_force_from else None,
            end if not document.meta.in_force_until else None]  # fmt: skip
    return since, until, tuple(e for e in used if e and e.date)


def _confirmed(meta: Instrument, day: str) -> bool:
    return meta.confirmed_on is not None and day <= meta.confirmed_on


def _first_day(effect: Effect) -> str | None:
    """The day from which an effect holds: its own, or that of the text that states it."""
    return effect.date or _span(effect.document)[0]


def _applies(effect: Effect, day: str) -> bool:
    """An effect without a day can't be older than its text; what has ended stays so, even when
    the text that ended it is replaced in its turn."""
    first = _first_day(effect) or effect.document.meta.issued_on
    return first is None or first <= day


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


_YEARLY = ("Kế hoạch", "Chương trình")
_YEARS = re.compile(r"(?<![\d/.])(?:19|20)\d{2}(?![\d/])")


def _year_over(document: Document, day: str) -> _Verdict:
    year = last_year(instrument(document))
    if year and day > f"{year}-12-31":
        return "over", f"{year}-12-31", (), None
    return "unknown", None, (), None


def last_year(meta: Instrument) -> int | None:
    """The last year of a yearly plan or programme, from its title.

    Years in the numbers, dates and names of other instruments are not its own (`thi hành Luật Đất
    đai năm 2024`), nor is a year before its issue (`khắc phục kết quả năm 2023`).
    """
    if meta.kind not in _YEARLY or not meta.title:
        return None
    named = [(m.start, m.end) for m in mentions(meta.title) if m.number is None]
    named += [s for m in mentions(meta.title) for s in (m.number_span, m.date_span) if s]
    own = [m for m in _YEARS.finditer(meta.title) if not any(a <= m.start() < b for a, b in named)]
    years = [int(m[0]) for m in own]
    issued = re.search(r"(?:19|20)\d{2}", meta.issued_on or meta.issued_on_text or "")
    return max(years) if years and (not issued or max(years) >= int(issued[0])) else None


def called(meta: Instrument) -> str:
    """What a person calls an instrument: its kind and number, or else its title."""
    if meta.number:
        return _numbered(meta.kind, meta.number)
    return meta.title or meta.kind or "văn bản khác"


def _numbered(kind: str | None, number: str) -> str:
    return f"{kind or 'Văn bản'} số {number}"


def vietnamese_date(iso: str) -> str:
    """`01/7/2025`: a zero before days under 10 and the months 1 and 2 (Decree 30/2020, annex I)."""
    day = date.fromisoformat(iso)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def _sentence(told: Validity) -> str:
    since = vietnamese_date(told.since) if told.since else None
    until = vietnamese_date(told.until) if told.until else None
    match told.state:
        case "in_force":
            span = (f" từ {since}" if since else "") + (f" đến hết {until}" if until else "")
            return f"Đang có hiệu lực{f' ({span.strip()})' if span else ''}."
        case "not_yet":
            return f"Chưa có hiệu lực (từ {since})."
        case "over":
            return _over(told, until)
        case "replaced" | "repealed":
            return _no_longer(told)
        case "unknown":
            if since:
                return f"Có hiệu lực từ {since}; kho không cho biết còn hiệu lực hay không."
            return "Chưa rõ hiệu lực."


def _over(told: Validity, until: str | None) -> str:
    meta = instrument(told.document)
    year = last_year(meta)
    if year is None or told.until != f"{year}-12-31" or told.causes:
        return f"Đã hết hiệu lực sau ngày {until}."
    news = "Tin về " if meta is not told.document.meta else ""
    kind = (meta.kind or "").lower() if news else meta.kind
    years = _YEARS.findall(meta.title or "")
    of = "của" if years == [str(year)] else "đến hết"
    return f"{news}{kind} {of} năm {year}, nay đã qua."


def _no_longer(told: Validity) -> str:
    verb = "Đã bị thay thế bởi" if told.state == "replaced" else "Đã hết hiệu lực theo"
    first = told.until and date.fromisoformat(told.until) + timedelta(days=1)
    since = f" từ {vietnamese_date(first.isoformat())}" if first else ""
    except_for = " (có ngoại lệ)" if any(e.exception for e in told.causes) else ""
    return f"{verb} {told.by}{since}{except_for}."
