"""Every error has its own Vietnamese sentence and a status."""

from __future__ import annotations

import unicodedata
from types import ModuleType

import pytest

from bot import errors as edge_errors
from bot import replies
from bot.problems import problem, status_for
from bot.side_by_side import in_lines
from corpus import errors as corpus_errors
from rag import errors as rag_errors


def errors_in(module: ModuleType) -> list[type[Exception]]:
    own = (value for value in vars(module).values() if isinstance(value, type))
    return [v for v in own if issubclass(v, Exception) and v.__module__ == module.__name__]


ALL = [e for m in (corpus_errors, rag_errors, edge_errors) for e in errors_in(m)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_its_sentence(kind: type[Exception]) -> None:
    assert kind in replies.ERRORS
    body = problem(kind("detail for the log"))
    assert body["detail"] == replies.ERRORS[kind]
    assert 400 <= body["status"] <= 599
    assert "detail for the log" not in str(body)


def test_no_sentence_is_left_over_or_said_twice() -> None:
    assert set(replies.ERRORS) == set(ALL)
    assert len(set(replies.ERRORS.values())) == len(ALL)


def test_sentences_are_nfc_and_end_with_a_full_stop() -> None:
    for sentence in (*replies.ERRORS.values(), *replies.STATUSES.values(), replies.UNEXPECTED):
        assert sentence == unicodedata.normalize("NFC", sentence)
        assert sentence.endswith(".")


def test_a_stranger_is_500() -> None:
    assert status_for(KeyError("x")) == 500
    assert problem(KeyError("x"))["detail"] == replies.UNEXPECTED


def test_a_comparison_is_a_list_where_no_table_can_be_drawn() -> None:
    text = "| Lào Cai [1] | Trước 05/9 [2] |\n| Bến Tre | Không tìm thấy | \nLưu ý: a | b | c"
    assert in_lines(text).split("\n")[0] == "- Lào Cai [1]: Trước 05/9 [2]"
    assert in_lines("a | b | c") == "a | b | c"
