"""A corpus and its questions, laid out for scripts that know nothing of the product."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.rivals.rivals import Environments, Rival
from benchmarks.rivals.vectors import KeptVectors, known_vectors
from rag.corpus_file import CorpusQuestion, read_questions
from rag.indexing import OPENING_CHARS
from rag.ports import Embedder

# More articles than these get one vector each, of the opening that the product embeds: embedding all
# their pieces would take a day.
MOST_CUT = 20_000
_UNITS, _PIECES = 10, 50  # asked for: units are what is measured, several pieces may be of one
_CUTTERS = {"chunks": ("langchain", "cut_chunks"), "nodes": ("llama_index", "cut_nodes")}


@dataclass(frozen=True)
class Suite:
    """Files of the retrieval formats (docs/measures.md), and a folder for what is made of them."""

    title: str
    corpus: Path
    questions: Path
    limit: int | None
    folder: Path

    @cached_property
    def asked(self) -> list[CorpusQuestion]:
        return read_questions(self.questions, self.limit)

    @cached_property
    def units(self) -> int:
        return sum(1 for _ in _rows(self.corpus))

    @property
    def is_cut(self) -> bool:
        return self.units <= MOST_CUT

    def write(self, embedder: Embedder) -> None:
        """Articles and questions, with the questions' vectors; what an earlier run made goes."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        _write(self.folder / "articles.jsonl", map(_article, _rows(self.corpus)))
        rows = [{"qid": question.qid, "text": question.text} for question in self.asked]
        _write(self.folder / "questions.jsonl", rows)
        vectors = [embedder.embed_query(question.text) for question in self.asked]
        np.save(self.folder / "questions.npy", np.stack(vectors))

    def pieces(self, rival: Rival, environments: Environments, kept: KeptVectors) -> Path:
        """The file of what the rival indexes; vectors are beside it where it needs them."""
        name = rival.pieces if self.is_cut else "articles"
        file = self.folder / f"{name}.jsonl"
        if name != "articles" and not file.exists():
            environment, cutter = _CUTTERS[name]
            environments.run(environment, cutter, str(self.folder / "articles.jsonl"), str(file))
        if rival.needs_vectors and not file.with_suffix(".npy").exists():
            size = None if self.is_cut else OPENING_CHARS
            texts = [row["text"][:size] for row in _rows(file)]
            np.save(file.with_suffix(".npy"), kept.of(texts))
        return file

    def take_vectors(self, folder: Path) -> None:
        """Use vectors of whole articles that were made before, by doc_id."""
        known = known_vectors(folder)
        rows = _rows(self.folder / "articles.jsonl")
        np.save(self.folder / "articles.npy", np.stack([known[row["doc_id"]] for row in rows]))

    def depth(self, pieces: Path) -> int:
        return _UNITS if pieces.stem == "articles" else _PIECES


def _article(row: dict[str, Any]) -> dict[str, Any]:
    """The text with its headings: the law's, where the file has its name, and its own."""
    law = str(row.get("law_id") or "")
    headings = [law if not re.search(r"\d", law) else "", row.get("title") or ""]
    return {"doc_id": str(row["doc_id"]), "text": "\n".join([*filter(None, headings), row["text"]])}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
