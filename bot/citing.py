"""What a page says of references: links inside the text, what a document cites, who cites it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.reading import Link
from corpus.links import Links, Missing
from corpus.model import Document, Part
from corpus.reference import Reference


@dataclass(frozen=True)
class Spot:
    """One place as people cite it, and its address."""

    locator: str
    url: str


@dataclass(frozen=True)
class Citing:
    """A document that cites or is cited, with the places where that is said."""

    title: str
    url: str | None  # None: not in the library
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Lacked:
    """An instrument that is not in the library, and who cites it."""

    label: str
    places: int
    citing: tuple[Citing, ...]


def text_links(document: Document, links: Links) -> Iterator[Link]:
    """The references of a text whose target is in the library, in order, none over another."""
    end = 0
    for reference, target in links.of(document):
        url = _target_url(reference, target, links) if target else None
        if url and reference.start >= end:
            yield Link(reference.start, reference.end, url)
            end = reference.end


def _target_url(reference: Reference, target: Document, links: Links) -> str | None:
    """None for the text as a whole inside itself: a link there would lead nowhere."""
    part = links.meant(reference, target)
    if target is not reference.document:
        return target.address(part)
    return _fragment(part) if part else None


def _fragment(part: Part) -> str:
    """Inside one page only the part is named: a marked quote stays marked."""
    return f"#{part.anchor}"


def cites(document: Document, links: Links) -> list[Citing]:
    """The instruments that a document names; those in the library first."""
    groups: dict[str, list[Reference]] = {}
    heads: dict[str, tuple[str, str | None]] = {}
    for reference, target in links.out(document):
        if target is document or reference.named is None:
            continue
        key = target.id if target else reference.named.key
        groups.setdefault(key, []).append(reference)
        head = (full_title(target), target.address()) if target else (reference.named.label, None)
        heads.setdefault(key, head)
    found = [Citing(*heads[key], _spots(group)) for key, group in groups.items()]
    return sorted(found, key=lambda one: one.url is None)


def cited_by(references: Iterable[Reference]) -> list[Citing]:
    """The documents in which references stand."""
    groups: dict[Document, list[Reference]] = {}
    for reference in references:
        groups.setdefault(reference.document, []).append(reference)
    return [Citing(full_title(d), d.address(), _spots(group)) for d, group in groups.items()]


def lacked(missing: Iterable[Missing]) -> list[Lacked]:
    """What the library lacks, in the same order."""
    return [
        Lacked(one.label, len(one.references), tuple(cited_by(one.references))) for one in missing
    ]


def full_title(document: Document) -> str:
    """The title, with the number where it does not hold it."""
    number = document.meta.number
    return (
        f"{document.title} ({number})"
        if number and number not in document.title
        else document.title
    )


def _spots(references: Iterable[Reference]) -> tuple[Spot, ...]:
    """Each place once."""
    found: dict[str, Spot] = {}
    for reference in references:
        found.setdefault(reference.part.locator, Spot(reference.part.locator, reference.url))
    return tuple(found.values())
