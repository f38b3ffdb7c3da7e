"""A rival's ranking in the measures of docs/measures.md, by the product's own definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.corpus_file import CorpusQuestion
from rag.retrieval_evaluation import Ranked, report


def scored(result: dict[str, Any], questions: Sequence[CorpusQuestion]) -> dict[str, Any]:
    """All measures; its times are those of the search, `index_s` of indexing known vectors.

    Raises ValueError where the result is of other questions.
    """
    if [row["qid"] for row in result["questions"]] != [question.qid for question in questions]:
        raise ValueError("the result is of other questions")
    ranked = [
        Ranked(question.gold, tuple(row["doc_ids"]), 1, row["ms"], row["ms"])
        for row, question in zip(result["questions"], questions, strict=True)
    ]
    measures = report(ranked)
    return measures | {"index_s": round(result["index_s"], 1)}
