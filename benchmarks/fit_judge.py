"""Fit the judge's weights on gold sets and print `rag/data/judge.yaml`.

    python benchmarks/fit_judge.py QUESTIONS.jsonl... > rag/data/judge.yaml

The library must hold the documents that the questions are about (`DANVAN_DATA_DIR`). Only questions
whose `split` is not `test` are used. Every question weighs the same; folds are cut between
questions. A statement is right where what it quotes holds all facts of the gold question.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from config.settings import load_settings
from rag.answer import judged_statements
from rag.assistant import LocalAssistant
from rag.compose import quoted
from rag.constraints import satisfies
from rag.evaluation import read_gold
from rag.model import Question
from rag.wiring import open_assistant

FOLDS, STRENGTH = 5, 0.3


@dataclass(frozen=True)
class Row:
    question: int
    answerable: bool
    right: bool
    features: dict[str, float]


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def is_right(gold: dict[str, Any], text: str, source: str) -> bool:
    said = folded(text)
    facts = all(any(folded(a) in said for a in group) for group in gold["facts"])
    return bool(gold["answerable"]) and facts and source in gold["documents"]


async def rows(paths: list[str]) -> list[Row]:
    golds = [g for path in paths for g in read_gold(Path(path)) if g.get("split") != "test"]
    found: list[Row] = []
    async with open_assistant(load_settings()) as assistant:
        assert isinstance(assistant, LocalAssistant)
        await assistant.index()
        for number, gold in enumerate(golds):
            asked, hits, state, judge = assistant.looked_up(Question(gold["question"]))
            if asked.part:
                continue
            for judged in judged_statements(asked, hits, state, judge):
                if satisfies(asked, judged.statement):
                    document = judged.statement.document
                    said = document.text[slice(*quoted(judged))]
                    right = is_right(gold, said, document.source)
                    found.append(Row(number, gold["answerable"], right, dict(judged.features)))
    return found


def fit(data: list[Row], names: list[str]) -> LogisticRegression:
    x = np.array([[row.features[name] for name in names] for row in data])
    y = np.array([row.right for row in data])
    count: dict[tuple[int, bool], int] = {}
    for row in data:
        count[row.question, row.right] = count.get((row.question, row.right), 0) + 1
    # The best wrong statements matter, not the thousandth: the weight of the easy ones is spread.
    weight = np.array([1.0 / count[row.question, row.right] ** 0.6 for row in data])
    return LogisticRegression(C=STRENGTH, max_iter=2000).fit(x, y, sample_weight=weight)


def cross_validated(data: list[Row], names: list[str]) -> list[tuple[bool, bool, bool, float]]:
    """For each question held out: answerable, some statement right, the first right, its probability."""
    groups = np.array([row.question for row in data])
    results = []
    for train, held in GroupKFold(FOLDS).split(groups, groups=groups):
        model = fit([data[n] for n in train], names)
        x = np.array([[data[n].features[name] for name in names] for n in held])
        chance = model.predict_proba(x)[:, 1]
        for question in sorted(set(groups[held])):
            own = [k for k, n in enumerate(held) if data[n].question == question]
            best = max(own, key=lambda k: chance[k])
            some = any(data[held[k]].right for k in own)
            row = data[held[best]]
            results.append((row.answerable, some, row.right, float(chance[best])))
    return results


def main() -> None:
    data = asyncio.run(rows(sys.argv[1:]))
    names = sorted({name for row in data for name in row.features})
    results = cross_validated(data, names)
    able = [r for r in results if r[0] and r[1]]
    unable = [r for r in results if not r[0]]
    print(f"# cross-validated, {len(able)} answerable: first right {np.mean([r[2] for r in able]):.3f}")
    for bar in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        told = np.mean([r[3] >= bar for r in able])
        right = np.mean([r[3] >= bar and r[2] for r in able])
        refused = np.mean([r[3] < bar for r in unable])
        print(f"#   from {bar}: told {told:.3f}, told right {right:.3f}; of {len(unable)} unanswerable refused {refused:.3f}")
    model = fit(data, names)
    weights = {"bias": round(float(model.intercept_[0]), 3)}
    weights |= {name: round(float(w), 3) for name, w in zip(names, model.coef_[0], strict=True)}
    print(yaml.safe_dump({"weights": weights}, sort_keys=False), end="")


if __name__ == "__main__":
    main()
