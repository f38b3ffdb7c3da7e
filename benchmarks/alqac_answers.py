"""Short answers of ALQAC 2022 against the default answerer, which finds the article by itself.

    python benchmarks/alqac_answers.py CORPUS QUESTIONS [--from 1] [--to 520] [--title NUMBER=NAME]... [--failures]

CORPUS and QUESTIONS are those of `danvan eval retrieval`; each question has an `answer` as well. The
corpus's laws become the documents of a library; a corpus without names may be given them. Vectors
are kept in `corpora/` of the data folder (`DANVAN_DATA_DIR`), so a second run begins at once. Printed: one dated row,
defined in docs/measures.md.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from config.settings import load_settings
from corpus.library import Library
from corpus.model import Document
from rag.adapters.chroma_index import ChromaIndex
from rag.adapters.onnx_pair_scorer import OnnxPairScorer
from rag.adapters.sentence_transformer_embedder import DEFAULT_MODEL
from rag.answer import Extractive
from rag.assistant import LocalAssistant
from rag.corpus_file import read_corpus
from rag.evaluation import folded, pooled, share, unmarked, words
from rag.indexing import snapshot
from rag.model import Answer, Question
from rag.retrieve import BOTH_LANES
from rag.wiring import open_corpus

MAX_WORDS = 80
# `đúng hay sai`, `có ... không`: what the answer must begin with.
VERDICTS = {"có": "có", "đúng": "có", "không": "không", "sai": "không"}


@dataclass(frozen=True)
class Shelf:
    """A corpus's laws in place of a library."""

    laws: Sequence[Document]
    problems: tuple[str, ...] = ()

    def documents(self) -> Sequence[Document]:
        return self.laws


@dataclass(frozen=True)
class Told:
    """One question with what was answered."""

    row: dict[str, Any]
    answer: Answer

    @property
    def holds(self) -> bool:
        """The gold answer stands in the answer; a yes or no at its head."""
        if self.answer.status != "answered":
            return False
        gold, said = folded(self.row["answer"]).rstrip(" .;,"), folded(unmarked(self.answer.text))
        if verdict := VERDICTS.get(gold):
            first = said.replace(",", " ").replace(":", " ").replace(".", " ").split()[:1]
            return [VERDICTS.get(word) for word in first] == [verdict]
        return gold in said

    @property
    def right_article(self) -> bool:
        cited = {(c.document.id, c.part.step_label("article")) for c in self.answer.citations}
        return any(tuple(gold.rsplit("@", 1)) in cited for gold in self.row["gold"])

    @property
    def length(self) -> int:
        return words(self.answer.text)

    @property
    def good(self) -> bool:
        return self.holds and self.length <= MAX_WORDS


def titled(documents: Sequence[Document], titles: Sequence[str]) -> list[Document]:
    """The documents with the names given for their numbers."""
    names = dict(title.split("=", 1) for title in titles)
    return [
        replace(d, meta=replace(d.meta, title=names[d.meta.number]))
        if d.meta.number in names
        else d
        for d in documents
    ]


def answered(documents: Sequence[Document], rows: Sequence[dict[str, Any]]) -> Iterator[Told]:
    """Every question asked of an assistant over the documents."""
    settings = load_settings()
    k1, b = settings.retrieval.k1, settings.retrieval.b
    state = snapshot(documents, k1=k1, b=b)
    scorer = OnnxPairScorer(settings.data_dir / "models" / DEFAULT_MODEL)
    with open_corpus(settings, state.embedded.ids, BOTH_LANES) as lanes:
        assistant = LocalAssistant(
            cast(Library, Shelf(documents)), cast(ChromaIndex, lanes.index), lanes.embedder,
            Extractive(lanes.retriever, scorer), None, k1=k1, b=b, leaves_machine=False,
        )  # fmt: skip
        with asyncio.Runner() as runner:
            runner.run(assistant.index())
            for row in rows:
                yield Told(row, runner.run(assistant.answer(Question(row["question"]))))
            runner.run(assistant.close())


def report(told: Sequence[Told]) -> dict[str, Any]:
    spoken = [t for t in told if t.answer.status == "answered"]
    lengths = sorted(t.length for t in spoken)
    times = sorted(t.answer.timings_ms["total"] for t in told)
    return {
        "date": datetime.date.today().isoformat(),
        "holds_and_short": share([t.good for t in told]),
        "bootstrap": pooled([[t.good] for t in told]),
        "holds": share([t.holds for t in told]),
        "short_of_answered": share([t.length <= MAX_WORDS for t in spoken]),
        "right_article": share([t.right_article for t in told]),
        "answered": share([t.answer.status == "answered" for t in told]),
        "words_median": statistics.median(lengths),
        "ms_p50": statistics.median(times),
        "ms_p95": times[int(0.95 * len(times))],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--to", dest="last", type=int)
    parser.add_argument("--title", action="append", default=[])
    parser.add_argument("--failures", action="store_true")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    rows = [row for row in rows[given.first - 1 : given.last] if row.get("answer")]
    documents = titled(read_corpus(given.corpus).documents, given.title)
    told = list(answered(documents, rows))
    for t in told if given.failures else ():
        if not t.good:
            where = [
                f"{c.document.meta.number}@{c.part.step_label('article')}"
                for c in t.answer.citations
            ]
            print(json.dumps({**t.row, "told": t.answer.text, "cited": where, "right_article": t.right_article,
                              "status": t.answer.status}, ensure_ascii=False))  # fmt: skip
    print(json.dumps(report(told), ensure_ascii=False))


if __name__ == "__main__":
    main()
