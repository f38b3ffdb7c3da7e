"""A corpus of lines through the retriever: what a line becomes, what is measured."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import passages
from rag.corpus_file import read_corpus, read_questions
from rag.errors import DataFolderBusy
from rag.retrieval_evaluation import Ranked, report
from rag.vector_file import VectorFile

ROWS = [
    {"doc_id": "a@1", "law_id": "Luật A", "article_id": "1",
     "text": "Phạm vi điều chỉnh\n\nLuật này quy định về cây trồng."},
    {"doc_id": "a@2", "law_id": "Luật A", "article_id": "2",
     "text": "Giải thích từ ngữ\n\n1. Giống là cây con.\n\n2. Vụ là một mùa."},
    {"doc_id": "n", "text": "1. Một câu không có tiêu đề."},
    {"doc_id": "z", "law_id": "1/2020/QH14", "article_id": "1", "title": "Điều 36.3.LQ.1. Thanh niên",
     "source": "(Điều 1 Luật số 1/2020/QH14 Luật Thanh niên ngày 16/06/2020 của Quốc hội)",
     "text": "Thanh niên là công dân."},
]  # fmt: skip


@pytest.fixture
def corpus_file(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return path


def test_the_lines_of_a_law_become_the_articles_of_one_document(corpus_file: Path) -> None:
    corpus = read_corpus(corpus_file)
    law, bare, youth = corpus.documents
    found = passages(law)
    assert [corpus.doc_id(p) for p in found] == ["a@1", "a@2", "a@2"]
    assert found[2].part.locator == "khoản 2 Điều 2"
    assert found[2].searchable(law) == "Luật A\nĐiều 2. Giải thích từ ngữ\n2. Vụ là một mùa."
    assert (bare.title, youth.title) == ("", "Luật Thanh niên")
    assert youth.text.startswith("Điều 1. Thanh niên\n")


def test_a_gzipped_corpus_is_the_same(corpus_file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "corpus.jsonl.gz"
    packed.write_bytes(gzip.compress(corpus_file.read_bytes()))
    assert read_corpus(packed).doc_ids == read_corpus(corpus_file).doc_ids


def test_the_first_questions_are_taken_and_a_line_without_gold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"qid": 1, "question": "a", "gold": ["x"]}\n{"qid": 2}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_questions(path)


def test_measures_are_those_of_the_contract() -> None:
    ranked = [
        Ranked(frozenset({"b", "x"}), ("a", "b", "c"), 2, 1.0, 0.5),
        Ranked(frozenset({"q"}), (), 0, 3.0, 2.0),
    ]
    found = report(ranked)
    assert (found["hit@1"], found["hit@5"], found["recall@5"]) == (0, 0.5, 0.25)
    assert (found["mrr@10"], found["f2@1"], found["f2"]) == (0.25, 0, 0.25)
    assert found["ms_p95"] == pytest.approx(2.9)
    low, high = found["intervals"]["mrr@10"]
    assert low <= 0.25 <= high


def test_vectors_stay_and_a_row_cut_by_a_kill_is_written_over(tmp_path: Path) -> None:
    rows = np.eye(3, dtype=np.float32)
    first = VectorFile(tmp_path)
    first.add(["d:0-1:a", "d:1-2:b"], ["d", "d"], rows[:2])
    with pytest.raises(DataFolderBusy):
        VectorFile(tmp_path)
    first.close()
    with (tmp_path / "vectors.f32").open("ab") as file:
        file.write(b"cut")
    with (tmp_path / "ids.txt").open("a") as lines:
        lines.write("d:2-3")
    again = VectorFile(tmp_path)
    again.add(["e:0-1:c"], ["e"], rows[2:])
    assert again.nearest(rows[2], 1) == {"e:0-1:c": 1.0}
    assert again.nearest(rows[2], 1, {"d"}).keys() <= {"d:0-1:a", "d:1-2:b"}
    assert again.cosines(rows[1], ["d:1-2:b", "unknown"]) == {"d:1-2:b": 1.0}
    again.close()
