"""Several offices have a text on the same thing, and the question does not say whose: it is asked back.

Only where the answers differ, the texts are of different places or offices, and nothing in the question
(place, year, office, number, title) chooses one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.clean import fold
from corpus.model import Document
from rag.asked_value import needs_value
from rag.holdings import called
from rag.judge import Judged
from rag.model import Choice
from rag.refuse import Choices
from rag.understand import Understood

_COVERED = 0.85  # share of the question's words that an answer to choose has
_LIKELY = 0.5  # its chance of answering
_CLOSE = 4.0  # of rank, by which it may lie below the best
_MOST = 6
_CENTRAL = frozenset(("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp", "Nghị định", "Thông tư"))
_CENTRAL_NUMBER = re.compile(
    r"(?:-|/)(?:TTg|CP|TW|QH\d*|UBTVQH\d*|TTCP|B(?:NV|TC|TP|YT|CA|QP|XD|CT|NG|GDĐT|KHCN|VHTTDL|NNMT|NNPTNT|TTTT|TNMT|LĐTBXH|GTVT|KHĐT|DTTG))$"
)


def several(
    asked: Understood, telling: Sequence[Judged], document_ids: Collection[str] | None
) -> Choices | None:
    """The texts that answer about as well as the best, each with another answer; None for one text.

    `telling` are the statements that answer, the best first.
    """
    if document_ids is not None or not telling or not needs_value(asked) or _says_whose(asked):
        return None
    best = telling[0]
    own: dict[str, Judged] = {}
    for judged in telling:
        if judged.rank >= best.rank - _CLOSE and _is_sure(judged):
            own.setdefault(judged.statement.document.id, judged)
    if best.statement.document.id not in own:
        return None
    if len({_office(j.statement.document) for j in own.values()}) < 2:
        return None
    if len({_told(j) for j in own.values()}) < 2:
        return None
    found = [j.statement.document for j in own.values()][:_MOST]
    choices = tuple(Choice(called(document), (document.id,)) for document in found)
    return Choices("Nhiều văn bản trong kho có nội dung này. Anh/chị hỏi về văn bản nào?", choices)


def _says_whose(asked: Understood) -> bool:
    return bool(
        asked.places or asked.years or asked.bodies or asked.names or asked.instruments or asked.dates
    )  # fmt: skip


def _is_sure(judged: Judged) -> bool:
    likely = judged.coverage >= _COVERED and judged.probability >= _LIKELY
    return likely and not _is_for_all(judged.statement.document)


def _is_for_all(document: Document) -> bool:
    """Laws and what the central bodies issue hold everywhere."""
    known = document.about or document.meta
    return known.kind in _CENTRAL or bool(_CENTRAL_NUMBER.search(known.number or ""))


def _office(document: Document) -> tuple[str | None, str]:
    known = document.about or document.meta
    return known.place or document.meta.place, fold(known.issuer or "")


def _told(judged: Judged) -> tuple[str, ...]:
    """What a statement answers: its value and numbers, else its words."""
    text = judged.statement.text
    value = judged.statement.document.text[slice(*judged.value)] if judged.value else text
    return (fold(value), *re.findall(r"\d+", text))
