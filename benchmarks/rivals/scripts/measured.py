"""What the scripts share: a prepared folder in, ranked doc_ids with times out.

Runs in each rival's own environment: the standard library and numpy only. A script is given its
pieces (`FILE.jsonl` of doc_id and text, `FILE.npy` with a vector for each), the questions (of qid
and text), how many pieces to ask for, and where to write.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ask: TypeAlias = Callable[[str], Iterable[str]]  # a question to doc_ids, best first

_UNITS = 10  # what is measured of a ranking


@dataclass(frozen=True)
class Piece:
    """A text that is indexed, and the unit of the corpus that it was cut from."""

    doc_id: str
    text: str


@dataclass(frozen=True)
class Prepared:
    """What a rival may use; `vectors` stand in for an embedding model, which would give the same."""

    pieces: list[Piece]
    vectors: dict[str, NDArray[np.float32]]  # of pieces and of questions, by text
    depth: int  # pieces to ask for

    def embed(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """(n, dimension), length 1 each."""
        return np.stack([self.vectors[text] for text in texts])


def measure(index: Callable[[Prepared], Ask]) -> None:
    """Index, ask each question once, one after another and warm, and write what came."""
    pieces, questions, depth, target = sys.argv[1:]
    rows, asked = read(pieces), read(questions)
    vectors = _vectors(pieces, rows) | _vectors(questions, asked)
    prepared = Prepared([Piece(r["doc_id"], r["text"]) for r in rows], vectors, int(depth))
    begun = time.perf_counter()
    ask = index(prepared)
    index_s = time.perf_counter() - begun
    list(ask(asked[0]["text"]))
    found = [_ask(ask, row) for row in asked]
    Path(target).write_text(json.dumps({"index_s": index_s, "questions": found}), encoding="utf-8")


def read(path: str) -> list[dict[str, Any]]:
    with Path(path).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _vectors(path: str, rows: Sequence[dict[str, Any]]) -> dict[str, NDArray[np.float32]]:
    """By text; none where the rival searches by words only."""
    file = Path(path).with_suffix(".npy")
    if not file.exists():
        return {}
    return dict(zip((row["text"] for row in rows), np.load(file), strict=True))


def _ask(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    begun = time.perf_counter()
    pieces = list(ask(row["text"]))
    ms = (time.perf_counter() - begun) * 1000
    return {"qid": row["qid"], "doc_ids": best_of_units(pieces), "ms": ms}


def best_of_units(doc_ids: Sequence[str]) -> list[str]:
    """A unit stands where its best piece does."""
    return list(dict.fromkeys(doc_ids))[:_UNITS]
