"""The JSON of a whole document, of what it names and who names it, and of what the library lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from bot.answer_body import (
    DocumentBody,
    ListedDocumentBody,
    StepBody,
    document_body,
    listed_document_body,
    path_body,
)
from corpus.model import Document, Part

if TYPE_CHECKING:  # a command that a server answers need not load what reads texts
    from corpus.validity import Validity
from corpus.links import Links, Missing
from corpus.reference import Reference


class OutlineBody(TypedDict):
    path: list[StepBody]
    locator: str
    heading: str
    start: int
    end: int
    children: list[OutlineBody]


class ReferenceBody(TypedDict):
    quote: str
    start: int
    end: int
    locator: str
    label: str | None  # null for the text itself
    document_id: str | None
    places: list[str]
    url: str | None


class CitedByBody(TypedDict):
    document_id: str
    title: str | None
    locator: str
    quote: str
    url: str


class ValidityBody(TypedDict):
    """What is known today: `state` as in `corpus.validity.State`, days as ISO dates."""

    state: str
    since: str | None
    until: str | None
    sentence: str


class FullDocumentBody(ListedDocumentBody):
    validity: ValidityBody
    signer: str | None
    signer_office: str | None
    recipients: list[str]
    secrecy: str | None
    text: str
    outline: list[OutlineBody]
    references: list[ReferenceBody]
    cited_by: list[CitedByBody]


class CitingPlaceBody(TypedDict):
    document: DocumentBody
    locator: str
    quote: str
    start: int
    end: int
    url: str


class MissingBody(TypedDict):
    label: str
    number: str | None
    kind: str | None
    name: str | None
    year: int | None
    documents: int
    count: int
    cited_by: list[CitingPlaceBody]


def full_document_body(document: Document, links: Links, validity: Validity) -> FullDocumentBody:
    """A document with its text, its outline, and its links both ways."""
    return {
        **listed_document_body(document),
        "validity": {
            "state": validity.state,
            "since": validity.since,
            "until": validity.until,
            "sentence": validity.sentence,
        },
        "signer": document.foot.signer,
        "signer_office": document.foot.signer_office,
        "recipients": list(document.foot.recipients),
        "secrecy": document.secrecy,
        "text": document.text,
        "outline": [_outline_body(part) for part in document.outline],
        "references": [_reference_body(r, target, links) for r, target in links.of(document)],
        "cited_by": [_cited_by_body(reference) for reference in links.into(document)],
    }


def missing_bodies(missing: Sequence[Missing]) -> list[MissingBody]:
    """`count` is the number of places, `documents` of the documents in which they are."""
    return [
        {
            "label": one.label,
            "number": one.named.number,
            "kind": one.named.kind,
            "name": one.named.name,
            "year": one.named.year,
            "documents": len(one.documents),
            "count": len(one.references),
            "cited_by": [_citing_place_body(reference) for reference in one.references],
        }
        for one in missing
    ]


def _reference_body(reference: Reference, target: Document | None, links: Links) -> ReferenceBody:
    return {
        "quote": reference.quote,
        "start": reference.start,
        "end": reference.end,
        "locator": reference.part.locator,
        "label": reference.named.label if reference.named else None,
        "document_id": target.id if target else None,
        "places": [place.locator for place in reference.places if place.locator],
        "url": target.address(links.meant(reference, target)) if target else None,
    }


def _cited_by_body(reference: Reference) -> CitedByBody:
    return {
        "document_id": reference.document.id,
        "title": reference.document.meta.title,
        "locator": reference.part.locator,
        "quote": reference.quote,
        "url": reference.url,
    }


def _citing_place_body(reference: Reference) -> CitingPlaceBody:
    return {
        "document": document_body(reference.document),
        "locator": reference.part.locator,
        "quote": reference.quote,
        "start": reference.start,
        "end": reference.end,
        "url": reference.url,
    }


def _outline_body(part: Part) -> OutlineBody:
    return {
        "path": path_body(part),
        "locator": part.locator,
        "heading": part.heading,
        "start": part.start,
        "end": part.end,
        "children": [_outline_body(child) for child in part.children],
    }
