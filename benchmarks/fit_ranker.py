"""Fit the ranker's weights on retrieval suites and print `rag/data/ranking.yaml`.

    python benchmarks/fit_ranker.py CORPUS QUESTIONS [CORPUS QUESTIONS ...] > rag/data/ranking.yaml

A corpus may also be a data folder, with a gold set of questions on the regulations in it, of which
those not in the `test` split are used. Vectors are kept in the data folder (`DANVAN_DATA_DIR`).
Conditional logit: among the candidate units of one question the right ones get the weight; so the softmax of the scores is a chance, by which
the returned set is cut. Questions typed without diacritics, on which the dense lane is weak, have
weights of their own. Each suite is measured twice, on questions that were not fitted on: in five
folds beside the other suites, and fitted on the other suites alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from config.settings import load_settings
from corpus.library import Library
from rag.corpus_file import CorpusQuestion, read_corpus, read_questions
from rag.data_folder import DataFolder
from rag.evaluation import read_gold
from rag.indexing import Snapshot, bring_up_to_date, snapshot
from rag.ranking import returned, weights_name
from rag.retrieval_evaluation import Ranked, report
from rag.understand import understand
from rag.wiring import open_corpus
from rag.words import without_diacritics

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
FOLDS = 5
STRENGTH = 5.0  # of the L2 penalty on standardised features; 1 and 20 were worse or equal
LANES = (("lexical", "dense"), ("lexical",), ("dense",))
MEASURES = ("mrr@10", "hit@10", "f2@1", "f2")


@dataclass(frozen=True)
class Asked:
    """The candidates of one question: (candidates, features), and which of them answer."""

    features: Matrix
    doc_ids: tuple[str, ...]
    gold: frozenset[str]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array([doc_id in self.gold for doc_id in self.doc_ids])


@dataclass(frozen=True)
class Suite:
    name: str
    features: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Corpus:
    """A suite, ready to be asked."""

    name: str
    state: Snapshot
    doc_ids: dict[int, str]  # of the units
    questions: list[CorpusQuestion]


def prepared(corpus_file: Path, questions_file: Path) -> Corpus:
    settings = load_settings()
    corpus = read_corpus(corpus_file)
    state = snapshot(corpus.documents, k1=settings.retrieval.k1, b=settings.retrieval.b)
    doc_ids = {
        int(unit): corpus.doc_id(passage)
        for unit, passage in zip(state.units.of_passage, state.passages, strict=True)
    }
    return Corpus(questions_file.parent.name, state, doc_ids, read_questions(questions_file))


def prepared_library(data_dir: Path, gold_file: Path) -> Corpus:
    """The regulations of a data folder, asked as a gold set asks."""
    settings = load_settings({**os.environ, "DANVAN_DATA_DIR": str(data_dir)})
    folder = DataFolder(settings.data_dir)
    try:
        library = Library(
            folder.engine, settings.library.documents_dir, settings.library.max_file_bytes
        )
        documents = library.documents()
    finally:
        folder.close()
    state = snapshot(documents, k1=settings.retrieval.k1, b=settings.retrieval.b)
    doc_ids = {
        int(unit): f"{state.document(p).meta.number}@{p.part.step_label('article')}"
        for unit, p in zip(state.units.of_passage, state.passages, strict=True)
    }
    questions = [
        CorpusQuestion(
            gold["id"],
            gold["question"],
            frozenset(f"{place[0]}@{place[1]}" for place in gold["gold"]),
        )
        for gold in read_gold(gold_file)
        if gold.get("split") != "test" and gold.get("gold")
    ]
    return Corpus(gold_file.stem, state, doc_ids, questions)


def looked_up(corpus: Corpus, lanes: Collection[str], *, accented: bool) -> Suite:
    """The candidates of all questions; not `accented`: typed without diacritics."""
    asked: list[Asked] = []
    names: tuple[str, ...] = ()
    with open_corpus(load_settings(), corpus.state.embedded.ids, lanes) as opened:
        if "dense" in lanes:
            bring_up_to_date(corpus.state, opened.index, opened.embedder)
        for question in corpus.questions:
            text = question.text if accented else without_diacritics(question.text)
            found = opened.retriever.look_up(understand(text), corpus.state)
            if found is None:
                asked.append(Asked(np.zeros((0, 0)), (), question.gold))
                continue
            names = tuple(found.features)
            values = np.column_stack(list(found.features.values())).astype(float)
            ids = tuple(corpus.doc_ids[int(unit)] for unit in found.within.units)
            asked.append(Asked(values, ids, question.gold))
    return Suite(corpus.name, names, tuple(asked))


def fitted(questions: Sequence[Asked]) -> Vector:
    """Weights for the features as they are; fitted on standardised ones, so that none is favoured."""
    usable = [question for question in questions if any(question.right)]
    every = np.concatenate([question.features for question in usable])
    spread = every.std(axis=0)
    spread[spread < 1e-6] = np.inf  # says nothing: weight 0
    starts = np.cumsum([0, *(len(question.doc_ids) for question in usable[:-1])])
    owners = np.repeat(np.arange(len(usable)), [len(question.doc_ids) for question in usable])
    right = np.concatenate([question.right for question in usable])
    scaled = every / spread

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = scaled @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owners])
        good = np.where(right, scores, 0)
        totals, goods = np.add.reduceat(scores, starts), np.add.reduceat(good, starts)
        slope = scaled.T @ (scores / totals[owners] - good / goods[owners])
        value = float(np.sum(np.log(totals / goods)) + STRENGTH * weights @ weights)
        return value, slope + 2 * STRENGTH * weights

    found = minimize(loss, np.zeros(every.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


def ranked(question: Asked, weights: Vector) -> Ranked:
    if not question.doc_ids:
        return Ranked(question.gold, (), 0, 0.0, 0.0)
    scores = question.features @ weights
    order = np.argsort(-scores, kind="stable")
    return Ranked(
        question.gold, tuple(question.doc_ids[n] for n in order), returned(scores[order]), 0.0, 0.0
    )


def in_folds(suite: Suite, others: Sequence[Asked]) -> list[Ranked]:
    order = np.random.default_rng(0).permutation(len(suite.asked))
    found: dict[int, Ranked] = {}
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS].tolist())
        weights = fitted([*others, *(q for n, q in enumerate(suite.asked) if n not in held)])
        found |= {n: ranked(suite.asked[n], weights) for n in held}
    return list(found.values())


def comments(suites: Sequence[Suite], *, folds: bool) -> Iterator[str]:
    for suite in suites:
        others = [q for other in suites if other is not suite for q in other.asked]
        if folds:
            yield f"#   {suite.name}, in folds: {_told(in_folds(suite, others))}"
        if others:
            weights = fitted(others)
            yield f"#   {suite.name}, fitted on the others: {_told([ranked(q, weights) for q in suite.asked])}"


def _told(found: Sequence[Ranked]) -> str:
    measures = report(found)
    shown = [
        f"{name} {measures[name]:.3f} ({low:.3f}-{high:.3f})"
        for name in MEASURES
        for low, high in [measures["intervals"][name]]
    ]
    return f"{', '.join(shown)}; {fmean(r.chosen for r in found):.2f} returned, n {len(found)}"


def corpora(files: Sequence[Path]) -> list[Corpus]:
    """Corpus and questions by turns."""
    return [
        (prepared_library if corpus.is_dir() else prepared)(corpus, questions)
        for corpus, questions in zip(files[::2], files[1::2], strict=True)
    ]


def main() -> None:
    opened = corpora([Path(name) for name in sys.argv[1:]])
    print("# Fitted by benchmarks/fit_ranker.py; 95 % bootstrap intervals over questions.")
    for lanes in LANES:
        for accented in (True, False):
            suites = [looked_up(corpus, lanes, accented=accented) for corpus in opened]
            if lanes == ("dense",):  # nothing but how sharply a cosine tells
                suites = [only(suite, "dense_gap") for suite in suites]
            for line in comments(suites, folds=accented or len(suites) == 1):
                print(line)
            weights = fitted([question for suite in suites for question in suite.asked])
            named = dict(
                zip(suites[0].features, (round(float(w), 3) for w in weights), strict=True)
            )
            print(yaml.safe_dump({weights_name(lanes, accented=accented): named}, sort_keys=False),
                  end="", flush=True)  # fmt: skip


def only(suite: Suite, name: str) -> Suite:
    column = suite.features.index(name)
    asked = (Asked(q.features[:, [column]], q.doc_ids, q.gold) for q in suite.asked)
    return Suite(suite.name, (name,), tuple(asked))


if __name__ == "__main__":
    main()
