"""The JSON that the outside relies on: the answer body that README.md shows, and listed documents.

A whole document is in `document_body`. The TypedDicts are the form; the functions fill it from the nouns of `rag` and `corpus`.
"""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import TypedDict

from corpus.model import Citation, Document, Instrument, Part
from rag.model import Answer, Refusal


class InstrumentBody(TypedDict):
    title: str | None
    number: str | None
    kind: str | None
    issuer: str | None
    issued_on: str | None
    issued_on_text: str | None


class DocumentBody(InstrumentBody):
    id: str
    about: InstrumentBody | None
    source: str


class StepBody(TypedDict):
    level: str
    label: str


class PartBody(TypedDict):
    path: list[StepBody]
    article: str | None
    clause: str | None
    point: str | None


class CitationBody(TypedDict):
    marker: int
    document: DocumentBody
    locator: str
    part: PartBody
    quote: str
    start: int
    end: int
    context: str | None
    url: str


class RefusalBody(TypedDict):
    reason: str
    message: str
    nearest: list[CitationBody]


class ChoiceBody(TypedDict):
    label: str
    document_ids: list[str]


class AnswerBody(TypedDict):
    id: str
    conversation_id: str
    status: str
    answer: str
    citations: list[CitationBody]
    refusal: RefusalBody | None
    choices: list[ChoiceBody] | None
    notices: list[str]
    answered_by: str
    timings_ms: Mapping[str, float]


class ListedDocumentBody(DocumentBody):
    place: str | None
    in_force_from: str | None
    in_force_until: str | None
    confirmed_on: str | None
    replaced_by: str | None
    shipped: bool
    url: str


def answer_body(answer: Answer, *, answer_id: str, conversation_id: str) -> AnswerBody:
    """The whole answer as the contract shows it."""
    return {
        "id": answer_id,
        "conversation_id": conversation_id,
        "status": answer.status,
        "answer": answer.text,
        "citations": [citation_body(citation) for citation in answer.citations],
        "refusal": _refusal_body(answer.refusal) if answer.refusal else None,
        "choices": [
            {"label": choice.label, "document_ids": list(choice.document_ids)}
            for choice in answer.choices
        ]
        or None,
        "notices": list(answer.notices),
        "answered_by": answer.answered_by,
        "timings_ms": {step: round(ms, 1) for step, ms in answer.timings_ms.items()},
    }


def citation_body(citation: Citation) -> CitationBody:
    """One citation; `context` is the text of the lead-in that the quote needs."""
    text = citation.document.text
    return {
        "marker": citation.marker,
        "document": document_body(citation.document),
        "locator": citation.locator,
        "part": part_body(citation.part),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "context": text[slice(*citation.context)] if citation.context else None,
        "url": citation.url,
    }


def document_body(document: Document) -> DocumentBody:
    """A document as an answer names it. An unknown title is null: the source's name is no title."""
    return {
        "id": document.id,
        **_instrument_body(document.meta),
        "about": _instrument_body(document.about) if document.about else None,
        "source": document.source,
    }


def listed_document_body(document: Document) -> ListedDocumentBody:
    """A document in the list of the library."""
    return {
        **document_body(document),
        "place": document.meta.place,
        "in_force_from": document.meta.in_force_from,
        "in_force_until": document.meta.in_force_until,
        "confirmed_on": document.meta.confirmed_on,
        "replaced_by": document.meta.replaced_by,
        "shipped": document.shipped,
        "url": document.address(),
    }


def _refusal_body(refusal: Refusal) -> RefusalBody:
    nearest = [citation_body(citation) for citation in refusal.nearest]
    return {"reason": refusal.reason, "message": refusal.message, "nearest": nearest}


def _instrument_body(meta: Instrument) -> InstrumentBody:
    return {
        "title": meta.title,
        "number": meta.number,
        "kind": meta.kind,
        "issuer": meta.issuer,
        "issued_on": meta.issued_on,
        "issued_on_text": meta.issued_on_text,
    }


def part_body(part: Part) -> PartBody:
    return {
        "path": path_body(part),
        "article": part.step_label("article"),
        "clause": part.step_label("clause"),
        "point": part.step_label("point"),
    }


def path_body(part: Part) -> list[StepBody]:
    """The steps from the outermost part inwards."""
    return [{"level": step.level, "label": step.label} for step in part.path]
