"""Statements that the judge can hardly tell apart: where several may answer, the likelier one is told
first and the other below it.

Choosing one of them would be a guess that looks like an answer; each stands there with its citation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.clean import fold
from corpus.model import Document
from rag.compose import Draft, below
from rag.judge import Judged

_CLOSE = 1.0  # of rank, by which another may lie behind
_MOST_WORDS = 80  # of both together
_LEAST_WORDS = 25  # to which a second is cut
LED_BY = "Xem thêm: "


def rivals(judged: Sequence[Judged]) -> list[Judged]:
    """The first and those close behind it, of statements that are in the order of their rank."""
    return [j for j in judged if j.rank >= judged[0].rank - _CLOSE]


def runner_up(
    best: Judged, telling: Sequence[Judged], is_over: Callable[[Document], bool]
) -> Judged | None:
    """The next statement after the one told first that answers about as well, says another thing, and
    is not of a text that is over while the first one's holds."""
    for judged in telling:
        if judged is best or judged.rank < best.rank - _CLOSE or _tells_the_same(judged, best):
            continue
        if judged.statement.shape == "list" or _is_fragment(judged):
            continue
        own, other = best.statement.document, judged.statement.document
        if other is own or not is_over(other) or is_over(own):
            return judged
    return None


def _is_fragment(judged: Judged) -> bool:
    """`Căn cứ …,`: a piece that says nothing by itself."""
    return judged.statement.text.rstrip().endswith((",", ":"))


def _tells_the_same(one: Judged, other: Judged) -> bool:
    a, b = one.statement, other.statement
    overlap = a.document is b.document and a.start < b.end and b.start < a.end
    return overlap or _said(one) == _said(other)


def _said(judged: Judged) -> str:
    """The asked value, else the words."""
    text = judged.statement.document.text
    span = judged.value or (judged.statement.start, judged.statement.end)
    return " ".join(fold(text[slice(*span)]).split())


def words_left(first: Draft) -> int:
    """How many words a second statement may have: cut, it might say another thing."""
    return max(_LEAST_WORDS, _MOST_WORDS - len(first.text.split()))


def with_second(draft: Draft) -> Draft:
    """The draft with its second statement below, its markers counted on; alone where both are long or
    one brings a verdict, which the other might contradict."""
    second = draft.second
    if second is None or draft.final or second.final or second.spans <= draft.spans:
        return replace(draft, second=None)
    if len(f"{draft.text} {second.text}".split()) > _MOST_WORDS:
        return replace(draft, second=None)
    return below(draft, second, LED_BY)
