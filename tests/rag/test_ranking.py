"""Which unit answers: views of a question, what a field tells, the returned set."""

from __future__ import annotations

import numpy as np
import pytest

from rag.lexical import Field
from rag.lines import Lines, Vocabulary
from rag.ranking import Ranker, longest_run, ranker, returned
from rag.views import core, stem, without_verdict


def field(*texts: str) -> tuple[Field, Vocabulary]:
    vocabulary = Vocabulary()
    lines = Lines(vocabulary)
    runs = lines.read(text.split("\n") for text in texts)
    return Field(lines.texts([runs])[0], 100, k1=1, b=0.5), vocabulary


def test_no_pair_of_syllables_crosses_a_line() -> None:
    lane, vocabulary = field("báo cáo\nkết quả", "báo cáo kết quả")
    _, pairs = lane.rows(vocabulary.numbers(["cáo", "kết"], accented=True))
    assert (lane.weights(pairs, np.arange(2)) > 0).ravel().tolist() == [False, True]


def test_a_rare_word_weighs_more_than_one_of_every_text() -> None:
    lane, vocabulary = field("điều một", "điều hai", "điều ba")
    rows, _ = lane.rows(vocabulary.numbers(["điều", "hai", "lạ"], accented=True))
    common, rare, unknown = lane.idf(rows)
    assert 0 < common < rare and unknown == 0


def test_a_library_without_a_word_finds_nothing() -> None:
    lane, vocabulary = field("", "")
    rows, _ = lane.rows(vocabulary.numbers(["gì"], accented=True))
    assert lane.scores(rows).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Đất đai thuộc sở hữu toàn dân, đúng hay sai?", "Đất đai thuộc sở hữu toàn dân,"),
        ("Hạn nộp báo cáo là khi nào?", "Hạn nộp báo cáo là khi nào?"),
        ("Đúng hay sai?", "Đúng hay sai?"),
    ],
)
def test_the_examiners_verdict_is_not_searched(question: str, kept: str) -> None:
    assert without_verdict(question) == kept


def test_appended_choices_are_no_part_of_the_stem() -> None:
    assert stem("Ai ký đơn? Người kháng cáo Người đại diện") == "Ai ký đơn?"
    assert stem("Ai ký đơn? Cảm ơn") == "Ai ký đơn? Cảm ơn"


def test_the_core_leaves_out_the_named_law_and_words_that_only_ask() -> None:
    words = core("Theo Bộ luật Dân sự năm 2015, lợi tức được hiểu như thế nào?").split()
    assert [word for word in words if word not in ",?"] == ["lợi", "tức"]
    assert core("Là gì?") == "Là gì?"


def test_a_sure_unit_is_returned_alone_a_doubtful_one_with_its_rival() -> None:
    assert returned(np.array([9.0, 2.0, 1.0])) == 1
    assert returned(np.array([2.0, 1.9, -5.0])) == 2
    assert returned(np.array([])) == 0


def test_weights_are_those_of_the_lanes_that_spoke() -> None:
    for accented in (True, False):
        assert "dense_gap" in ranker(["lexical", "dense"], accented=accented).weights
        assert list(ranker(["dense"], accented=accented).weights) == ["dense_gap"]
        words = ranker(["lexical"], accented=accented).weights
        assert not any(name.startswith("dense") for name in words)
    scores = Ranker({"a": 2.0}).scores({"a": np.array([1, 3], dtype=np.float32)})
    assert scores.tolist() == [2.0, 6.0]


def test_the_longest_run_is_that_of_neighbouring_pairs() -> None:
    pairs = np.array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 1, 1]], dtype=np.bool_)
    assert longest_run(pairs).tolist() == [2, 0, 4, 3]
    assert longest_run(pairs[:, :0]).tolist() == [0, 0, 0, 0]
