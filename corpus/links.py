"""What the references of a library's documents mean: found in the library, or listed as missing.

A law named without a number is found by its title; one that was issued later than the citing text
is not it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from corpus.clean import fold
from corpus.model import Document, Instrument, Level, Part, Step
from corpus.part_references import ORDER, Place
from corpus.reference import Named, Reference, references, told_fields
from corpus.references import GO_BY_NAME, number_parts


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
            if document.meta.kind in GO_BY_NAME and document.meta.title:
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


def _best_label(group: Sequence[Reference]) -> str:
    labels = [reference.named.label for reference in group if reference.named]
    return max(set(labels), key=lambda label: (labels.count(label), len(label)))
