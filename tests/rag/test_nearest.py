"""Of one article's statements the one in the question's own words; an item with what holds for it; a
definition whole."""

from __future__ import annotations

import re

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.asked_value import asked_value
from rag.compose import compose_item
from rag.definition import defined_term, definition
from rag.judge import Judge, Judged
from rag.nearest import nearest_first, nearest_item, share_of_runs
from rag.statements import scope, statements
from rag.understand import understand

LAW = """Điều 1. Phá hoại hồ sơ
1. Người nào tự ý tiêu hủy hồ sơ thì bị phạt tiền từ 02 triệu đồng đến 05 triệu đồng.
2. Tiêu hủy hồ sơ thuộc một trong các trường hợp sau đây thì bị phạt tiền từ 07 triệu đồng đến 12 triệu đồng:
a) Có tổ chức;
b) Để che giấu vi phạm của mình.
Điều 2. Nhặt được tài liệu
1. Người nhặt được tài liệu mà biết địa chỉ của người đánh rơi thì trả lại cho người đó.
2. Người nhặt được tài liệu mà không biết địa chỉ của người đánh rơi thì nộp cho công an xã.
Điều 3. Giải thích từ ngữ
1. Hồ sơ gốc là hồ sơ do cơ quan lập lần đầu. Hồ sơ gốc bao gồm cả bản điện tử.
2. Người lập hồ sơ gốc là công chức được giao việc."""


def law() -> Document:
    text = clean(LAW)
    return Document("law", "law.txt", Instrument(kind="Luật", title="Luật A"), text, outline(text))


def judged(question: str, begins: str) -> list[Judged]:
    """Every statement of the law as judged, the one that begins with the words first."""
    document, asked = law(), understand(question)
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])
    weights = judge.weights(asked)
    found = [
        judge.judge(asked, s, weights, None)
        for p in passages(document)
        for s in statements(document, p)
    ]
    return sorted(found, key=lambda j: not re.search(begins, j.statement.text))


def test_a_denied_condition_is_told_from_the_affirmed_one() -> None:
    question = "Người nhặt được tài liệu mà không biết địa chỉ của người đánh rơi thì phải làm gì?"
    asked = understand(question)
    first = nearest_first(asked, judged(question, "trả lại"))[0]
    assert "nộp cho công an xã" in first.statement.text


def test_nothing_of_another_article_comes_first() -> None:
    question = "Người nhặt được tài liệu phải làm gì?"
    first = nearest_first(understand(question), judged(question, "Có tổ chức"))[0]
    assert first.statement.part.step_label("article") == "1"


def test_the_value_of_a_lead_in_is_told_with_the_item_for_which_it_holds() -> None:
    question = "Tiêu hủy hồ sơ để che giấu vi phạm thì bị phạt tiền từ bao nhiêu đến bao nhiêu?"
    item = nearest_item(understand(question), judged(question, "tự ý tiêu hủy")[0])
    assert item is not None
    draft = compose_item(item)
    assert draft.text.startswith("Từ 07 triệu đồng đến 12 triệu đồng: ")
    assert draft.text.endswith("[1]: để che giấu vi phạm của mình [2].")
    assert [c.locator for c in draft.citations] == ["khoản 2 Điều 1", "điểm b khoản 2 Điều 1"]


def test_a_statement_that_says_all_by_itself_needs_no_item() -> None:
    question = "Người nào tự ý tiêu hủy hồ sơ thì bị phạt tiền từ bao nhiêu đến bao nhiêu?"
    assert nearest_item(understand(question), judged(question, "tự ý tiêu hủy")[0]) is None


def test_an_amount_is_that_of_the_words_before_it() -> None:
    asked = understand("Người vi phạm bị phạt tù đến bao nhiêu năm?")
    text = clean("Điều 1. Mức phạt\nNgười vi phạm bị cải tạo đến 03 năm hoặc phạt tù đến 05 năm.")
    document = Document("d", "d.txt", Instrument(), text, outline(text))
    sentence = statements(document, passages(document)[0])[-1]
    span = asked_value(asked, sentence)
    assert span is not None
    assert text[slice(*span)] == "05 năm"


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Hồ sơ gốc là gì?", "ho so goc"),
        ("Theo Luật A, hồ sơ gốc được hiểu như thế nào?", "ho so goc"),
        ("Định nghĩa của “hồ sơ gốc”?", "ho so goc"),
        ("Người lập hồ sơ là ai?", "nguoi lap ho so"),
        ("Hồ sơ nộp ở đâu?", None),
    ],
)
def test_the_term_whose_meaning_is_asked(question: str, term: str | None) -> None:
    assert defined_term(understand(question)) == term


def test_a_definition_is_told_whole_and_not_that_of_a_longer_term() -> None:
    question = "Hồ sơ gốc là gì?"
    found = definition(understand(question), judged(question, "Người lập hồ sơ gốc là"))
    assert found is not None
    assert found.part.locator == "khoản 1 Điều 3"


def test_runs_are_counted_word_by_word() -> None:
    asked = understand("nộp hồ sơ")
    assert share_of_runs(asked, "Nộp hồ sơ gốc") == 1.0
    assert share_of_runs(asked, "sơ hồ nộp") == 0.0
