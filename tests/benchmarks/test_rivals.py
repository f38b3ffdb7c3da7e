"""The parts of the comparison that need no rival: what they are given, and how they are scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.rivals.page import page
from benchmarks.rivals.scoring import scored
from benchmarks.rivals.scripts.measured import best_of_units
from benchmarks.rivals.suite import Suite
from benchmarks.rivals.vectors import KeptVectors
from rag.corpus_file import CorpusQuestion
from rag.ports import Vectors

QUESTIONS = [
    CorpusQuestion("1", "Thanh niên là ai?", frozenset({"a"})),
    CorpusQuestion("2", "Ai được nghỉ?", frozenset({"b", "c"})),
]


class CountingEmbedder:
    """Vectors by length of the text; remembers what it was given."""

    fingerprint = "counting"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        return np.array([len(text), 0], dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def result(*rankings: list[str]) -> dict[str, Any]:
    rows = [
        {"qid": question.qid, "doc_ids": doc_ids, "ms": 2.0}
        for question, doc_ids in zip(QUESTIONS, rankings, strict=True)
    ]
    return {"index_s": 1.26, "questions": rows}


def test_an_article_stands_where_its_best_piece_does() -> None:
    assert best_of_units(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]
    assert len(best_of_units([str(n) for n in range(50)])) == 10


def test_a_ranking_is_scored_by_the_products_definitions() -> None:
    measures = scored(result(["x", "a"], ["c", "b"]), QUESTIONS)
    assert measures["mrr@10"] == 0.75
    assert measures["hit@10"] == 1
    assert measures["f2@1"] == pytest.approx((0 + 5 * 0.5 / 4.5) / 2, abs=1e-4)
    assert measures["search_ms_p50"] == 2
    assert measures["index_s"] == 1.3


def test_a_ranking_of_other_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="other questions"):
        scored(result(["a"], ["b"]), QUESTIONS[:1])


def test_everyone_reads_the_headings(tmp_path: Path) -> None:
    articles = [
        {"doc_id": "1", "law_id": "Luật Thanh niên", "text": "Thanh niên là công dân"},
        {"doc_id": "2", "law_id": "57/2020/QH14", "title": "Điều 2. Tuổi", "text": "Từ đủ 16"},
    ]
    suite = a_suite(tmp_path, articles)
    suite.write(CountingEmbedder())
    lines = (suite.folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [
        "Luật Thanh niên\nThanh niên là công dân",
        "Điều 2. Tuổi\nTừ đủ 16",
    ]
    assert np.load(suite.folder / "questions.npy").tolist() == [[17, 0]]


def a_suite(folder: Path, articles: list[dict[str, Any]]) -> Suite:
    corpus, questions = folder / "corpus.jsonl", folder / "questions.jsonl"
    corpus.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    asked = {"qid": "1", "question": "Thanh niên là ai?", "gold": ["1"]}
    questions.write_text(json.dumps(asked), encoding="utf-8")
    return Suite("a suite", corpus, questions, None, folder / "prepared")


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    KeptVectors(tmp_path, embedder).of(["một", "hai mươi"])
    vectors = KeptVectors(tmp_path, embedder).of(["hai mươi", "ba", "một", "ba"])
    assert vectors[:, 0].tolist() == [8, 2, 3, 2]
    assert sorted(embedder.embedded) == ["ba", "hai mươi", "một"]


def test_the_page_shows_no_path_and_who_did_not_finish() -> None:
    own = scored(result(["a"], ["b"]), QUESTIONS) | {"ms_p50": 30.0, "ms_p95": 40.0}
    rows = {"bm25s": None, "danvan": own}
    text = page([{"title": "A suite", "units": 3, "rows": rows}], ["--limit-questions 2"])
    command = "--out DIR --limit-questions 2 --title 'A suite' CORPUS QUESTIONS\n"
    assert command in text
    assert text.index("**danvan**") < text.index("| bm25s | did not finish in time |")
