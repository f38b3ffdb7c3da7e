"""Labelled statements: which ones answer a question, by their words (`data/training/pairs`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.model import Document
from corpus.sentences import Span
from rag.statements import Statement

WHOLE, LED = 0.6, 400  # share of a statement that must be told; characters that a lead-in may have


@dataclass(frozen=True)
class Label:
    """A question and the places of its document that answer it; none where nothing there does.

    A place is how a statement starts, how many such starts stand before it, and its characters.
    """

    question: str
    document: str
    places: tuple[tuple[str, int, int], ...]
    wants_list: bool

    @property
    def answerable(self) -> bool:
        return bool(self.places)

    def spans(self, document: Document) -> list[Span]:
        return [_span(document.text, *place) for place in self.places]


@dataclass(frozen=True)
class LabelledTurn:
    """What is typed, what answers it, and whether it is only understood from the turns before."""

    label: Label
    follows: bool


def read_labels(file: Path) -> list[Label]:
    return [_label(row, row["document"]) for row in _rows(file)]


def read_conversations(file: Path) -> list[list[LabelledTurn]]:
    return [
        [LabelledTurn(_label(turn, row["document"]), turn["follows"]) for turn in row["turns"]]
        for row in _rows(file)
    ]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, file.read_text(encoding="utf-8").splitlines())


def _label(row: dict[str, Any], document: str) -> Label:
    places = tuple((words, before, chars) for words, before, chars in row["statements"])
    return Label(row["question"], document, places, "list" in row)


def _span(text: str, words: str, before: int, chars: int) -> Span:
    at = text.index(words)
    for _ in range(before):
        at = text.index(words, at + 1)
    return at, at + chars


def answering(label: Label, document: Document, told: Sequence[Statement]) -> list[bool | None]:
    """Which statements are what `label` names in `document`; None for one that holds it but is more or
    less than that."""
    spans = label.spans(document)
    return [
        _answers(statement, spans, wants_list=label.wants_list)
        if statement.document is document
        else False
        for statement in told
    ]


def _answers(statement: Statement, spans: Sequence[Span], *, wants_list: bool) -> bool | None:
    shared = [
        (min(end, statement.end) - max(start, statement.start), start, end) for start, end in spans
    ]
    shared = [(common, start, end) for common, start, end in shared if common > 0]
    if not shared:
        return False
    if wants_list:
        near = any(abs(statement.start - start) <= LED for _, start, _ in shared)
        return True if statement.shape == "list" and near else None
    whole = any(common >= WHOLE * (end - start) for common, start, end in shared)
    return True if whole and statement.shape != "list" else None
