"""A statement that says the question's words as the question does, beside one that merely has them."""

from __future__ import annotations

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.statements import statements
from rag.understand import understand
from rag.word_order import word_order

LAW = """Điều 1. Tổ trưởng tổ hòa giải
1. Tổ trưởng tổ hòa giải do hòa giải viên bầu.
2. Việc bầu do ban công tác mặt trận chủ trì; tổ viên hòa giải giúp tổ trưởng.
3. Trường hợp không bầu được tổ trưởng thì tổ chức bầu lại.
4. Tổ trưởng được bầu ra mắt cuộc họp."""


def features(question: str, begins: str) -> dict[str, float]:
    text = clean(LAW)
    law = Document("law", "law.txt", Instrument(kind="Luật", title="Luật A"), text, outline(text))
    found = next(
        s for p in passages(law) for s in statements(law, p)
        if begins in s.text and s.shape != "list"
    )  # fmt: skip
    return word_order(understand(question), found)


def test_the_same_words_in_the_same_order_count_more() -> None:
    question = "Tổ trưởng tổ hòa giải do ai bầu?"
    right, wrong = features(question, "do hòa giải viên"), features(question, "mặt trận chủ trì")
    for name in ("in_order", "pairs", "near_pairs", "window", "to_the_point"):
        assert right[name] > wrong[name], name


def test_without_diacritics_the_order_is_seen_too() -> None:
    question = "to truong to hoa giai do ai bau"
    right, wrong = features(question, "do hòa giải viên"), features(question, "mặt trận chủ trì")
    assert right["in_order"] > wrong["in_order"] > 0


def test_a_denied_question_and_a_condition_find_their_like() -> None:
    question = "Nếu không bầu được tổ trưởng thì làm gì?"
    right, wrong = features(question, "bầu lại"), features(question, "ra mắt")
    assert (right["both_deny"], right["condition_asked"]) == (1.0, 1.0)
    assert (wrong["both_deny"], wrong["asked_denies"]) == (0.0, 1.0)


def test_a_condition_that_nobody_asked_about_is_told_apart() -> None:
    told = features("Ai bầu tổ trưởng tổ hòa giải?", "bầu lại")
    assert (told["condition"], told["condition_asked"]) == (1.0, 0.0)


def test_khong_at_the_end_of_a_question_denies_nothing() -> None:
    asked = features("Tổ trưởng có được bầu lại không?", "ra mắt")
    assert asked["asked_denies"] == 0.0


def test_a_question_without_words_is_no_error() -> None:
    assert set(features("?", "ra mắt").values()) == {0.0}
