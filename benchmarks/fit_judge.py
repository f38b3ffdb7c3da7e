"""Fit the judge's weights on gold sets and print `rag/data/judge.yaml`.

    python benchmarks/fit_judge.py DATA_DIR=QUESTIONS.jsonl... > rag/data/judge.yaml

Each data folder holds the documents that its questions are about. Only questions whose `split` is not
`test` are used. Every question weighs the same; folds are cut between
questions. A statement is right where what it quotes holds all facts of the gold question
and, where the gold names articles, stands in one of them.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from config.settings import load_settings
from rag.answer import judged_statements
from rag.assistant import LocalAssistant
from rag.compose import quoted
from rag.constraints import satisfies
from rag.evaluation import read_gold
from rag.model import Question
from rag.statements import Statement
from rag.wiring import open_assistant

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
FOLDS, STRENGTH, GATE_STRENGTH = 5, 0.3, 0.3
GATE = [
    "coverage", "own", "itself", "detail", "missing", "heaviest_missing", "value", "no_value",
    "named_bare", "named_detailed", "own_instrument", "cosine", "margin",
    "missing_compounds", "unknown", "relevance", "wording", "article_share", "section_share", "in_article",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    question: int
    answerable: bool
    right: bool
    features: dict[str, float]


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def is_right(gold: dict[str, Any], text: str, statement: Statement) -> bool:
    said, document = folded(text), statement.document
    facts = all(any(folded(a) in said for a in group) for group in gold["facts"])
    places = {(number, str(article)) for number, article, *_ in gold.get("gold") or ()}
    there = (
        document.meta.number,
        str(statement.part.step_label("article")),
    ) in places or not places
    return bool(gold["answerable"]) and facts and there and document.source in gold["documents"]


async def rows(pairs: list[str]) -> list[Row]:
    found: list[Row] = []
    first = 0
    for pair in pairs:
        folder, _, path = pair.partition("=")
        golds = [gold for gold in read_gold(Path(path)) if gold.get("split") != "test"]
        found += await _rows_of(folder, golds, first)
        first += len(golds)
    return found


async def _rows_of(folder: str, golds: list[dict[str, Any]], first: int) -> list[Row]:
    found: list[Row] = []
    async with open_assistant(
        load_settings({**os.environ, "DANVAN_DATA_DIR": folder})
    ) as assistant:
        assert isinstance(assistant, LocalAssistant)
        await assistant.index()
        for number, gold in enumerate(golds, start=first):
            asked, hits, state, judge = assistant.looked_up(Question(gold["question"]))
            if asked.part:
                continue
            for judged in judged_statements(asked, hits, state, judge):
                if judged.possible and satisfies(asked, judged.statement):
                    said = judged.statement.document.text[slice(*quoted(judged))]
                    right = is_right(gold, said, judged.statement)
                    found.append(Row(number, gold["answerable"], right, dict(judged.features)))
    return found


def matrix(data: list[Row], names: list[str]) -> Matrix:
    return np.array([[row.features.get(name, 0.0) for name in names] for row in data])


def fit_ranking(data: list[Row], names: list[str]) -> Vector:
    """Conditional logit: among the statements of one question the right ones get the weight."""
    asked: dict[int, list[Row]] = {}
    for row in data:
        asked.setdefault(row.question, []).append(row)
    groups = [
        (matrix(own, names), np.array([row.right for row in own]))
        for own in asked.values()
        if any(row.right for row in own)
    ]

    def loss(w: Vector) -> tuple[float, Vector]:
        total, slope = STRENGTH * float(w @ w), 2 * STRENGTH * w
        for x, right in groups:
            z = x @ w
            every, chosen = softmax(z), softmax(np.where(right, z, -np.inf))
            total += float(logsumexp(z) - logsumexp(z[right]))
            slope = slope + x.T @ (every - chosen)
        return total, slope

    return np.asarray(minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x)


def first_of_each(data: list[Row], scores: Vector) -> list[int]:
    best: dict[int, int] = {}
    for n, row in enumerate(data):
        if row.question not in best or scores[n] > scores[best[row.question]]:
            best[row.question] = n
    return list(best.values())


def fit_gate(data: list[Row], scores: Vector) -> LogisticRegression:
    """Whether the first statement answers: on first statements only, few features."""
    first = [data[n] for n in first_of_each(data, scores)]
    # A wrong first statement to an answerable question teaches ranking, not refusing.
    first = [row for row in first if row.right or not row.answerable]
    y = np.array([row.right for row in first])
    return LogisticRegression(C=GATE_STRENGTH, max_iter=5000, class_weight="balanced").fit(
        matrix(first, GATE), y
    )


def cross_validated(data: list[Row], names: list[str]) -> list[tuple[bool, bool, bool, float]]:
    """For each question held out: answerable, some statement right, the first right, its probability."""
    groups = np.array([row.question for row in data])
    results = []
    for train, held in GroupKFold(FOLDS).split(groups, groups=groups):
        known, new = [data[n] for n in train], [data[n] for n in held]
        weights = fit_ranking(known, names)
        gate = fit_gate(known, matrix(known, names) @ weights)
        scores = matrix(new, names) @ weights
        chance = gate.predict_proba(matrix(new, GATE))[:, 1]
        for n in first_of_each(new, scores):
            some = any(row.right for row in new if row.question == new[n].question)
            results.append((new[n].answerable, some, new[n].right, float(chance[n])))
    return results


def main() -> None:
    data = asyncio.run(rows(sys.argv[1:]))
    names = sorted({name for row in data for name in row.features} - {"value_missing"})
    results = cross_validated(data, names)
    able = [r for r in results if r[0] and r[1]]
    unable = [r for r in results if not r[0]]
    print(
        f"# cross-validated, {len(able)} answerable: first right {np.mean([r[2] for r in able]):.3f}"
    )
    for bar in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        told = np.mean([r[3] >= bar for r in able])
        right = np.mean([r[3] >= bar and r[2] for r in able])
        refused = np.mean([r[3] < bar for r in unable])
        print(
            f"#   from {bar}: told {told:.3f}, told right {right:.3f}; of {len(unable)} unanswerable refused {refused:.3f}"
        )
    weights = fit_ranking(data, names)
    gate = fit_gate(data, matrix(data, names) @ weights)
    fitted = {
        "rank": {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)},
        "gate": {"bias": round(float(gate.intercept_[0]), 3)}
        | {name: round(float(w), 3) for name, w in zip(GATE, gate.coef_[0], strict=True)},
    }
    print(yaml.safe_dump(fitted, sort_keys=False), end="")


if __name__ == "__main__":
    main()
