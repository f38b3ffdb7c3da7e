"""Whether a refusal says that the library is not about the question at all."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.judge import Judged
from rag.refuse import Gap, refuse
from rag.statements import described_as_one
from rag.understand import understand

TEXT = clean("I. NỘI DUNG\n1. Các xã trồng mới 12 ha rừng ngập mặn ven biển.")
DOCUMENT = Document("a", "a.txt", Instrument(kind="Kế hoạch"), TEXT, outline(TEXT))


def reason(question: str, *, coverage: float, cosine: float) -> str:
    features = {"coverage": coverage, "cosine": cosine}
    judged = Judged(described_as_one(DOCUMENT), features, None, {}, "what")
    refusal = refuse(Gap(understand(question), (judged,), ())).refusal
    assert refusal is not None
    return refusal.reason


@pytest.mark.parametrize(
    ("coverage", "cosine", "expected"),
    [
        (0.1, 0.2, "no_source"),  # a story in other words than the text's
        (0.9, -0.3, "out_of_scope"),  # `có ai không`: words of any text
        (0.9, 0.0, "no_source"),  # no vectors: words alone tell
        (0.1, 0.0, "out_of_scope"),
    ],
)
def test_what_means_the_like_is_in_scope_whatever_its_words(
    coverage: float, cosine: float, expected: str
) -> None:
    assert reason("Ai coi sóc cây ngập mặn?", coverage=coverage, cosine=cosine) == expected


def test_a_place_that_is_said_keeps_its_words_in_scope() -> None:
    question = "Cà Mau mỗi tuần họp ở phòng nào?"
    assert reason(question, coverage=0.5, cosine=-0.1) == "no_source"
    assert reason(question, coverage=0.2, cosine=-0.1) == "out_of_scope"
