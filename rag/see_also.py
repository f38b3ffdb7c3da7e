"""Statements that the judge can hardly tell apart: where several may answer, the likelier one is told
first and the other below it.

Choosing one of them would be a guess that looks like an answer; each stands there with its citation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.clean import fold
from corpus.model import Document
from rag.compose import Draft, below, beside
from rag.judge import Judged

_CLOSE = 1.0  # of rank, by which a rival may lie behind
_NEAR = 1.5  # the same of what is told below
_CLAUSE = 0.4  # chance from which a clause speaks for its sentence
_DOUBTFUL, _EVEN = 0.6, 0.3  # chance of the first, rank by which it leads
_MOST_WORDS, _MOST_WORDS_OF_GUESSES = 80, 120  # of both together
LED_BY = "Xem thêm: "


def rivals(judged: Sequence[Judged]) -> list[Judged]:
    """The first and those close behind it, of statements that are in the order of their rank, with the
    clauses of the first that are likelier than a guess: beside them it lacks a lead."""
    return [
        j
        for j in judged
        if j.rank >= judged[0].rank - _CLOSE
        or (j.probability >= _CLAUSE and _overlaps(j, judged[0]))
    ]


def runner_up(
    best: Judged,
    telling: Sequence[Judged],
    is_over: Callable[[Document], bool],
    *,
    by_value: bool = True,
) -> Judged | None:
    """The next statement after the one told first that answers about as well, says another thing, and
    is not of a text that is over while the first one's holds. One value told twice is the same thing,
    unless more than a value is asked (`by_value` False); an instrument's number always is."""
    for judged in telling:
        same = _tells_the_same if by_value or best.statement.mention else _overlaps
        if judged is best or judged.rank < best.rank - _NEAR or same(judged, best):
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
    return _overlaps(one, other) or _said(one) == _said(other)


def _overlaps(one: Judged, other: Judged) -> bool:
    a, b = one.statement, other.statement
    return a.document is b.document and a.start < b.end and b.start < a.end


def _said(judged: Judged) -> str:
    """The asked value, else the words."""
    text = judged.statement.document.text
    span = judged.value or (judged.statement.start, judged.statement.end)
    return " ".join(fold(text[slice(*span)]).split())


def told_below(first: Draft, second: Draft, best: Judged, other: Judged) -> bool:
    """Whether there is room for the second: more where the first is no more than a guess, or hardly before
    the second. It is told whole or not at all: cut, it might say another thing."""
    doubtful = best.probability < _DOUBTFUL or best.rank - other.rank < _EVEN
    most = _MOST_WORDS_OF_GUESSES if doubtful else _MOST_WORDS
    return len(_joined(first, second).text.split()) <= most


def _joined(first: Draft, second: Draft) -> Draft:
    """Both, the second below the first or, where they are items of one list, behind it."""
    return beside(first, second) or below(first, second, LED_BY)


def with_second(draft: Draft) -> Draft:
    """The draft with its second statement below, its markers counted on; alone where one brings a verdict,
    which the other might contradict."""
    second = draft.second
    if second is None or draft.final or second.final or second.spans <= draft.spans:
        return replace(draft, second=None)
    return _joined(draft, second)
