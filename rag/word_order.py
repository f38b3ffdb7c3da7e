"""How far a statement says the question's words as the question does: in its order, side by side, close
together, under the same condition, denied or not. No model.

The shares of words that the judge counts elsewhere don't know `ai bầu tổ trưởng` from `việc bầu do ai
chủ trì`; the order of words often does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.clean import fold
from rag.statements import Scope, Statement
from rag.understand import LIGHT, Understood, cues
from rag.words import lexicon

_COMMON, _LEAST = 1.5, 0.3  # natural log: a syllable of every article; weight of one
_APART = 3  # syllables, at most, between which two still stand together
_WINDOW = 20  # syllables
_LONGEST = 300  # syllables of a statement that are read
_CONDITION = re.compile(r" (?:(?:\d{1,3}|[a-z]) )?(?:truong hop|neu|khi|doi voi)(?!\w)")
_ASKS_CONDITION = re.compile(r"(?<!\w)(?:ma|neu|khi|thi)(?!\w)")
_DENIES = re.compile(r"(?<!\w)(?:khong|chua|khuyet|chang|ngoai|tru)(?!\w)")
_DENIED = re.compile(r"(?<!\w)(?:khong|chua|khuyet)(?!\w)(?!\W*$)")  # at its end it only asks

Pair = tuple[str, str]


@dataclass(frozen=True)
class _Question:
    """What all statements are held against."""

    words: tuple[str, ...]
    weights: Mapping[str, float]
    beside: frozenset[Pair]  # neighbours
    near: frozenset[Pair]  # each syllable with those close behind it
    conditional: bool
    denied: bool


def word_order(asked: Understood, statement: Statement) -> dict[str, float]:
    """Features of the judge, each 0..1."""
    own, accented = statement.scopes[0], asked.accented
    question = _question(asked.spoken, accented, asked.folded.rstrip(" ?.!"))
    weights = question.weights
    said = _syllables(own, accented)
    places = [n for n, word in enumerate(said) if word in weights]
    there = [said[n] for n in places]
    condition = _CONDITION.match(own.folded) is not None
    denies = _DENIES.search(own.folded) is not None
    return {
        "in_order": _in_order(question.words, there, weights),
        "pairs": _share(question.beside, _pairs(said, places, 1), weights),
        "near_pairs": _share(question.near, _pairs(said, places, _APART), weights),
        "window": _densest(said, places, weights) / (sum(weights.values()) or 1.0),
        "to_the_point": sum(map(weights.__getitem__, there)) / (_whole(own, accented) or 1.0),
        "condition_asked": float(condition and question.conditional),
        "condition": float(condition and not question.conditional),
        "both_deny": float(question.denied and denies),
        "asked_denies": float(question.denied and not denies),
    }


@lru_cache(maxsize=64)
def _question(words: tuple[str, ...], accented: bool, plain: str) -> _Question:
    everywhere = range(len(words))
    return _Question(
        words,
        {word: _weight(word, accented) for word in words},
        _pairs(words, everywhere, 1),
        _pairs(words, everywhere, _APART),
        _ASKS_CONDITION.search(plain) is not None,
        _DENIED.search(plain) is not None,
    )


@lru_cache(maxsize=8_192)
def _syllables(own: Scope, accented: bool) -> tuple[str, ...]:
    return tuple((own.written if accented else own.folded).split()[:_LONGEST])


@lru_cache(maxsize=8_192)
def _weight(word: str, accented: bool) -> float:
    weight = max(_LEAST, lexicon().rarity(word, accented=accented) - _COMMON)
    return weight * LIGHT if fold(word) in cues().light else weight


@lru_cache(maxsize=8_192)
def _whole(own: Scope, accented: bool) -> float:
    return sum(_weight(word, accented) for word in _syllables(own, accented))


def _pairs(words: Sequence[str], places: Iterable[int], apart: int) -> frozenset[Pair]:
    """The syllables at some places with each of those that follow up to so many places behind."""
    return frozenset((words[n], other) for n in places for other in words[n + 1 : n + 1 + apart])


def _share(pairs: Iterable[Pair], there: frozenset[Pair], weights: Mapping[str, float]) -> float:
    total = found = 0.0
    for pair in pairs:
        weight = weights[pair[0]] + weights[pair[1]]
        total += weight
        found += weight * (pair in there)
    return found / (total or 1.0)


def _in_order(words: Sequence[str], there: Sequence[str], weights: Mapping[str, float]) -> float:
    """The weight of the longest common subsequence, as a share of the question's."""
    best = [0.0] * (len(words) + 1)
    for word in there:
        diagonal = 0.0
        for n, own in enumerate(words, start=1):
            above = best[n]
            best[n] = max(above, best[n - 1], diagonal + weights[own] if own == word else 0.0)
            diagonal = above
    return best[-1] / (sum(map(weights.__getitem__, words)) or 1.0)


def _densest(said: Sequence[str], places: Sequence[int], weights: Mapping[str, float]) -> float:
    """The most of the question's weight that stands within a window of syllables."""
    windows = ({*said[n : n + _WINDOW]} & weights.keys() for n in places)
    return max((sum(map(weights.__getitem__, window)) for window in windows), default=0.0)
