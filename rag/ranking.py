"""Which unit answers: a linear model over features that a person can read (data/ranking.yaml).

A unit is the article around a passage (`rag.indexing.Units`). The weights are fitted by
`benchmarks/fit_ranker.py`; one set for both lanes, one for words alone, where no model embeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from rag.lexical import AskedWords, Field, Held, Scores
from rag.lines import Numbers

_FITTED = Path(__file__).parent / "data" / "ranking.yaml"
Features = NDArray[np.float32]
Values = NDArray[np.float32] | NDArray[np.float64] | NDArray[np.bool_]  # before the cast


@dataclass(frozen=True)
class View:
    """The question seen in one way (`rag.views`), with the units' scores for it."""

    words: AskedWords
    held: Held  # by the best passage of each candidate
    unit_held: Held  # by the whole unit
    passages: Scores  # (candidates,) BM25 of the best passage
    units: Scores  # (candidates,) BM25 of the whole unit


@dataclass(frozen=True)
class Candidates:
    """Units that may answer, with what the lanes say of each; all arrays are parallel to `units`."""

    units: Numbers
    documents: Numbers
    lengths: Scores  # syllables of the best passage
    whole: View
    core: View
    beside: Scores  # BM25 of the unit before or after, whichever is higher
    defines: Scores  # the share of the question that one of its passages defines: `X là ...`
    named: NDArray[np.bool_]  # the question names the article by its number
    nearest: Scores | None  # cosine of the nearest passage; None without the dense lane
    mean: Scores | None  # cosine of all its passages, on average


def features(candidates: Candidates) -> dict[str, Features]:
    """Name -> one value a candidate, most of them in 0..1."""
    whole, units = candidates.whole, candidates.units
    fields = whole.words.spelling
    found: dict[str, Values] = {
        "document": _document_share(candidates),
        "title": _share_of_best(whole.words.scores(fields.titles)[candidates.documents]),
        "beside": candidates.beside / _best(whole.units),
        "defines": candidates.defines,
        "named": candidates.named,
        "passage_length": np.log1p(candidates.lengths),
        "unit_length": np.log1p(fields.units.lengths[units]),
    }
    for name, view in (("whole", whole), ("core", candidates.core)):
        found[f"{name}_passage"] = _share_of_best(view.passages)
        found[f"{name}_passage_rank"] = _reciprocal_rank(view.passages)
        found[f"{name}_unit"] = _share_of_best(view.units)
        found[f"{name}_unit_rank"] = _reciprocal_rank(view.units)
        found |= _covered(f"{name}_unit", view.unit_held)
        found |= _covered(f"{name}_passage", view.held)
    found |= _headed(fields.headings, candidates.core.words, units)
    if candidates.nearest is not None and candidates.mean is not None:
        found |= {
            "dense": _between(candidates.nearest),
            "dense_gap": 10 * (candidates.nearest - candidates.nearest.max()),
            "dense_rank": _reciprocal_rank(candidates.nearest),
            "dense_mean": _between(candidates.mean),
            "dense_mean_gap": 10 * (candidates.mean - candidates.mean.max()),
        }
    return {name: np.asarray(values, dtype=np.float32) for name, values in found.items()}


def _best(scores: Scores) -> float:
    return max(float(scores.max(initial=0)), 1e-6)


def _share_of_best(scores: Scores) -> Scores:
    return scores / _best(scores)


def _between(scores: Scores) -> Scores:
    """0 for the lowest candidate, 1 for the best."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - np.float32(low)) / np.float32(max(high - low, 1e-6))


def _reciprocal_rank(scores: Scores) -> Features:
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.asarray(np.reciprocal(ranks), dtype=np.float32)


def _document_share(candidates: Candidates) -> Scores:
    """How much of the best units' score stands in the same document."""
    best = np.argsort(-candidates.whole.units)[:20]
    sums = np.bincount(
        candidates.documents[best],
        candidates.whole.units[best],
        int(candidates.documents.max()) + 1,
    )
    shares = sums / max(float(sums.sum()), 1e-6)
    return np.asarray(shares[candidates.documents], dtype=np.float32)


def _covered(name: str, held: Held) -> dict[str, Values]:
    """The share of the question's words that stand there, by rarity; of its pairs and triples."""
    words, idf, pairs, pair_idf = held.words, held.idf, held.pairs, held.pair_idf
    triples, triple_idf = pairs[:, :-1] & pairs[:, 1:], pair_idf[:-1] + pair_idf[1:]
    return {
        f"{name}_words": words @ idf / _total(idf),
        f"{name}_rare_words": words @ idf**2 / _total(idf**2),
        f"{name}_pairs": pairs @ pair_idf / _total(pair_idf),
        f"{name}_triples": triples @ triple_idf / _total(triple_idf),
        f"{name}_run": np.log1p(longest_run(pairs)),
    }


def _total(idf: Scores) -> float:
    return max(float(idf.sum()), 1e-6)


def longest_run(pairs: NDArray[np.bool_]) -> Features:
    """The most pairs of the question, one behind another, that all stand there."""
    if not pairs.size:
        return np.zeros(len(pairs), dtype=np.float32)
    so_far = np.cumsum(pairs, axis=1, dtype=np.float32)
    before = np.maximum.accumulate(np.where(pairs, 0, so_far), axis=1)  # at the last one lacking
    return np.asarray((so_far - before).max(axis=1), dtype=np.float32)


def _headed(field: Field, words: AskedWords, units: Numbers) -> dict[str, Values]:
    rows, pair_rows = field.rows(words.numbers)
    kinds, columns = np.unique(np.concatenate([rows, pair_rows]), return_inverse=True)
    weights = field.weights(kinds, units)
    holds, pair_columns = weights > 0, columns[len(rows) :]
    asked = np.unique(columns[: len(rows)][rows >= 0])
    own = holds[:, asked] @ field.idf(kinds[asked])
    pair_idf = field.idf(pair_rows)
    asked_for = own / np.maximum(field.masses[units], 1e-6)
    return {
        "heading": _share_of_best(weights @ np.bincount(columns, minlength=len(kinds))),
        "heading_asked": asked_for,
        "heading_whole": asked_for > 0.9,
        "heading_pairs": holds[:, pair_columns] @ pair_idf / _total(pair_idf),
    }


@dataclass(frozen=True)
class Ranker:
    """Weights by feature; `score` is a log-odds up to a constant of the question."""

    weights: Mapping[str, float]

    def scores(self, found: Mapping[str, Features]) -> NDArray[np.float64]:
        return sum(
            (weight * found[name].astype(np.float64) for name, weight in self.weights.items())
        )  # type: ignore[return-value]


@cache
def _rankers() -> dict[str, Ranker]:
    data = yaml.safe_load(_FITTED.read_text(encoding="utf-8"))
    return {name: Ranker(weights) for name, weights in data.items()}


def ranker(lanes: Collection[str], *, accented: bool) -> Ranker:
    """The weights fitted for these lanes and for questions typed with diacritics or without."""
    return _rankers()[weights_name(lanes, accented=accented)]


def weights_name(lanes: Collection[str], *, accented: bool) -> str:
    """`lexical_and_dense`, `lexical_unaccented`: a key of `data/ranking.yaml`."""
    return "_and_".join(sorted(lanes, reverse=True)) + ("" if accented else "_unaccented")


def fitted_digest() -> str:
    """Changes with the fitted weights."""
    return hashlib.sha256(_FITTED.read_bytes()).hexdigest()[:16]


def returned(scores: NDArray[np.float64]) -> int:
    """How many of the best units to return, so that the expected F2 is highest.

    `scores` (units,) best first. The softmax of the fitted scores is the chance that a unit is the
    one that answers; F2 of a set of k with the right one in it is 5 / (4 + k).
    """
    if not len(scores):
        return 0
    chances = np.exp(scores - scores.max())
    hits = np.cumsum(chances / chances.sum())
    return int(np.argmax(hits * 5 / (4 + np.arange(1, len(scores) + 1)))) + 1
