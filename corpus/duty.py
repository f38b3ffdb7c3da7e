"""What a duty is: the nouns that the readers of sentences and of tables share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from corpus.due_dates import Due
from corpus.model import Document, Part

Span = tuple[int, int]
Kind = Literal["report", "deadline", "target", "task"]
Topic = Literal["plain", "aside", "target", "money", "forms"]


@dataclass(frozen=True, eq=False)
class Duty:
    """One duty at `document.text[start:end]`; all spans are offsets into that text."""

    document: Document = field(repr=False)
    part: Part
    start: int
    end: int
    kind: Kind
    who: tuple[Span, ...]  # may stand in the heading or lead-in above, as may `with_`
    with_: tuple[Span, ...]
    what: Span
    amounts: tuple[Span, ...]
    due: tuple[Span, ...]
    due_on: tuple[
        str | None, ...
    ]  # beside `due`: ISO, the last day; None: recurs, or hangs on an event
    report_to: Span | None
    context: Span | None  # the heading or lead-in that names the doer

    @property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    def names(self, field: Literal["who", "with_", "amounts", "due"]) -> list[str]:
        """The words of a field."""
        return [self.document.text[slice(*span)] for span in getattr(self, field)]

    @property
    def url(self) -> str:
        """Address of the document's page, opened at the part with the duty marked."""
        return f"/documents/{self.document.id}?q={self.start}-{self.end}#{self.part.anchor}"


@dataclass(frozen=True)
class Setting:
    """What the headings above say for everything below them."""

    topic: Topic = "plain"
    doers: tuple[Span, ...] = ()
    partners: tuple[Span, ...] = ()
    context: Span | None = None


_REPORTS = re.compile(r"(?:Báo cáo|Nộp|Gửi)\b|.*(?<!\w)(?:gửi|nộp)(?!\w)")


def kind_of(
    words: str, receiver: Span | None, due: Sequence[Due], firm: bool, much: Sequence[Span]
) -> Kind:
    """`report` wins over `deadline` over `target` over `task`."""
    if receiver or (firm and _REPORTS.match(words)):
        return "report"
    return "deadline" if due else "target" if much else "task"
