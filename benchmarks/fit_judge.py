"""Fit the judge's weights on gold sets and print `rag/data/judge.yaml`.

    python benchmarks/fit_judge.py DATA_DIR=QUESTIONS.jsonl... > rag/data/judge.yaml

Each data folder holds the documents that its questions are about. Questions are those of a gold set
whose `split` is not `test`, or labels (`pair_labels`); not those that the pair scorer was fitted on, as
since 2026-12-01 the gold questions in `data/training` are. Every question weighs the same; folds are
cut between questions. A statement is right where what it quotes holds all facts of the gold question
and, where the gold names articles, stands in one of them. `rank` and `gate` judge every statement, the
weights of the pair scorer those that it reads, in the order that the present `rank` gives them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.conditional_logit import Matrix, Vector, fit_logit
from benchmarks.judged_library import JudgedLibrary, library_of
from benchmarks.pair_labels import Label, answering, read_labels
from rag.adapters.onnx_pair_scorer import OnnxPairScorer
from rag.adapters.sentence_transformer_embedder import DEFAULT_MODEL
from rag.evaluation import read_gold
from rag.judge import Judged, rivalry
from rag.pair_scores import READ, read_together, told_text
from rag.statements import Statement
from rag.understand import Understood

Gold = dict[str, Any]
FOLDS, STRENGTH, GATE_STRENGTH = 5, 0.3, 0.03
PAIR = ("pair_rank", "pair_sure")
RANK_ONLY = {"name_unsaid", "date_unsaid"}  # tell between statements, not whether one answers
GATE_ONLY = {"pair_sure"}  # beside `pair_rank` it would undo a part of it
STANDING = tuple(rivalry([0.0])[0])  # of one statement among all of its question: for the gate only


@dataclass(frozen=True)
class Row:
    question: int
    answerable: bool
    right: bool
    features: dict[str, float]
    pair: dict[str, float] | None  # what the pair scorer says, where it reads the statement


@dataclass(frozen=True)
class Case:
    """A question, and which of the statements that may answer it are right: None for one that counts as
    neither."""

    question: str
    answerable: bool
    right: Callable[[Understood, Sequence[Judged], JudgedLibrary], list[bool | None]]


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def is_right(gold: Gold, text: str, statement: Statement) -> bool:
    said, document = folded(text), statement.document
    facts = all(any(folded(a) in said for a in group) for group in gold["facts"])
    there = _is_at(gold.get("gold") or (), statement)
    return bool(gold["answerable"]) and facts and there and document.source in gold["documents"]


def _is_at(places: Sequence[Sequence[str]], statement: Statement) -> bool:
    """In one of the articles, and in its clause where statement and label both name one."""
    number, article, clause = (
        statement.document.meta.number,
        statement.part.step_label("article"),
        statement.part.step_label("clause"),
    )
    return not places or any(
        (place[0], str(place[1])) == (number, str(article))
        and (clause is None or len(place) < 3 or str(place[2]) == clause)
        for place in places
    )


async def rows(pairs: list[str]) -> list[Row]:
    found: list[Row] = []
    first = 0
    for pair in pairs:
        folder, _, path = pair.partition("=")
        cases = cases_in(Path(path))
        found += await _rows_of(folder, cases, first)
        first += len(cases)
    return found


def cases_in(file: Path) -> list[Case]:
    """What a file of labels or of gold questions asks; of gold what is not for testing."""
    if '"statements"' in file.read_text(encoding="utf-8"):
        return [_of_label(label) for label in read_labels(file)]
    return [_of_gold(gold) for gold in read_gold(file) if gold.get("split") != "test"]


def _of_label(label: Label) -> Case:
    def right(_: Understood, kept: Sequence[Judged], library: JudgedLibrary) -> list[bool | None]:
        return answering(label, library.documents[label.document], [j.statement for j in kept])

    return Case(label.question, label.answerable, right)


def _of_gold(gold: Gold) -> Case:
    def right(asked: Understood, kept: Sequence[Judged], _: JudgedLibrary) -> list[bool | None]:
        return _right(gold, kept, asked)

    return Case(gold["question"], gold["answerable"], right)


async def _rows_of(folder: str, cases: Sequence[Case], first: int) -> list[Row]:
    found: list[Row] = []
    scorer = OnnxPairScorer(Path(folder) / "models" / DEFAULT_MODEL)
    async with library_of(folder) as library:
        for number, case in enumerate(cases, start=first):
            asked, kept = library.judged(case.question)
            read = {
                id(j.statement): {name: j.features[name] for name in PAIR}
                for j in read_together(asked, kept[:READ], scorer)
            }
            found += [
                Row(number, case.answerable, right, dict(j.features), read.get(id(j.statement)))
                for right, j in zip(case.right(asked, kept, library), kept, strict=True)
                if right is not None
            ]
    return found


def _right(gold: Gold, kept: Sequence[Judged], asked: Understood) -> list[bool | None]:
    """A list is right where one is asked for, or where no single statement holds all facts."""
    right = [is_right(gold, told_text(asked, j), j.statement) for j in kept]
    single = any(r for r, j in zip(right, kept, strict=True) if j.statement.shape != "list")
    lists = not single or gold["kind"] in ("list", "listed", "procedure")
    return [r and (lists or j.statement.shape != "list") for r, j in zip(right, kept, strict=True)]


def matrix(data: list[Row], names: list[str]) -> Matrix:
    return np.array([[row.features.get(name, 0.0) for name in names] for row in data])


def fit_ranking(data: list[Row], names: list[str]) -> Vector:
    """A weight for each feature, by the statements of each question that has a right one."""
    asked: dict[int, list[Row]] = {}
    for row in data:
        asked.setdefault(row.question, []).append(row)
    groups = [
        (matrix(own, names), np.array([row.right for row in own]))
        for own in asked.values()
        if any(row.right for row in own)
    ]

    return fit_logit(groups, len(names), STRENGTH)


def firsts(data: list[Row], scores: Vector) -> list[Row]:
    """The first statement of each question, with what its rivals say of it by these scores."""
    asked: dict[int, list[int]] = {}
    for n, row in enumerate(data):
        asked.setdefault(row.question, []).append(n)
    found = []
    for own in asked.values():
        own.sort(key=lambda n: -scores[n])
        best = data[own[0]]
        standing = rivalry([float(scores[n]) for n in own])[0]
        found.append(replace(best, features={**best.features, **standing}))
    return found


def fit_gate(data: list[Row], names: list[str], scores: Vector) -> Vector:
    """Whether the first statement answers, on first statements only: a bias, then a weight for each
    feature, fitted on standardised ones."""
    # A wrong first statement to an answerable question teaches ranking, not refusing.
    first = [row for row in firsts(data, scores) if row.right or not row.answerable]
    x, y = matrix(first, names), np.array([row.right for row in first])
    spread = x.std(axis=0)
    spread[spread < 1e-6] = np.inf  # says nothing: weight 0
    model = LogisticRegression(C=GATE_STRENGTH, max_iter=5000, class_weight="balanced")
    model.fit(x / spread, y)
    return np.concatenate([model.intercept_, model.coef_[0] / spread])


def chances(data: list[Row], names: list[str], gate: Vector) -> Vector:
    return np.asarray(1 / (1 + np.exp(-(gate[0] + matrix(data, names) @ gate[1:]))))


def cross_validated(
    data: list[Row], names: list[str], gate_names: list[str]
) -> list[tuple[bool, bool, bool, float]]:
    """For each question held out: answerable, some statement right, the first right, its probability."""
    groups = np.array([row.question for row in data])
    results = []
    for train, held in GroupKFold(FOLDS).split(groups, groups=groups):
        known, new = [data[n] for n in train], [data[n] for n in held]
        weights = fit_ranking(known, names)
        gate = fit_gate(known, gate_names, matrix(known, names) @ weights)
        first = firsts(new, matrix(new, names) @ weights)
        chance = chances(first, gate_names, gate)
        answered = {row.question for row in new if row.right}
        results += [
            (row.answerable, row.question in answered, row.right, float(p))
            for row, p in zip(first, chance, strict=True)
        ]
    return results


def main() -> None:
    data = asyncio.run(rows(sys.argv[1:]))
    read = [
        replace(row, features={**row.features, **row.pair}) for row in data if row.pair is not None
    ]
    fitted = {**_fitted(data, "rank", "gate"), **_fitted(read, "pair_rank", "pair_gate")}
    print(yaml.safe_dump(fitted, sort_keys=False), end="")


def _fitted(data: list[Row], ranking: str, gating: str) -> dict[str, dict[str, float]]:
    every = sorted({name for row in data for name in row.features} - {"value_missing"})
    names = [n for n in every if n not in (*STANDING, *GATE_ONLY) and not n.startswith("asks_")]
    gate_names = [n for n in every if n not in RANK_ONLY]
    results = cross_validated(data, names, gate_names)
    able = [r for r in results if r[0] and r[1]]
    unable = [r for r in results if not r[0]]
    print(
        f"# {ranking}, cross-validated, {len(able)} answerable: first right {np.mean([r[2] for r in able]):.3f}"
    )
    for bar in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        told = np.mean([r[3] >= bar for r in able])
        right = np.mean([r[3] >= bar and r[2] for r in able])
        refused = np.mean([r[3] < bar for r in unable])
        print(
            f"#   from {bar}: told {told:.3f}, told right {right:.3f}; of {len(unable)} unanswerable refused {refused:.3f}"
        )
    weights = fit_ranking(data, names)
    gate = fit_gate(data, gate_names, matrix(data, names) @ weights)
    return {
        ranking: {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)},
        gating: {
            name: round(float(w), 3) for name, w in zip(["bias", *gate_names], gate, strict=True)
        },
    }


if __name__ == "__main__":
    main()
