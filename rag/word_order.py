"""How far a statement says the question's words as the question does: in its order, side by side, close
together, under the same condition, denied or not. No model.

The shares of words that the judge counts elsewhere don't know `ai bầu tổ trưởng` from `việc bầu do ai
chủ trì`; the order of words often does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from corpus.clean import fold
from rag.statements import Scope, Statement
from rag.understand import Understood, cues
from rag.words import lexicon

_COMMON = 1.5  # natural log: a syllable of every article
_LEAST, _LIGHT = 0.3, 0.15  # weight of a common syllable; share that one keeps which says little
_APART = 3  # syllables, at most, between which two still stand together
_WINDOW = 20  # syllables
_LONGEST = 300  # syllables of a statement that are read
_CONDITION = re.compile(r" (?:(?:\d{1,3}|[a-z]) )?(?:truong hop|neu|khi|doi voi)(?!\w)")
_ASKS_CONDITION = re.compile(r"(?<!\w)(?:ma|neu|khi|thi)(?!\w)")
_DENIES = re.compile(r"(?<!\w)(?:khong|chua|khuyet|chang|ngoai|tru)(?!\w)")
_DENIED = re.compile(r"(?<!\w)(?:khong|chua|khuyet)(?!\w)(?!\W*$)")  # at its end it only asks

Pair = tuple[str, str]


def word_order(asked: Understood, statement: Statement) -> dict[str, float]:
    """Features of the judge, each 0..1."""
    own = statement.scopes[0]
    words, accented = asked.spoken, asked.accented
    said = _syllables(own, accented)
    weights = _weights(words, accented)
    total = sum(weights.values()) or 1.0
    beside, near = _asked_pairs(words)
    there = [word for word in said if word in weights]
    condition = _CONDITION.match(own.folded) is not None
    denies = _DENIES.search(own.folded) is not None
    denied = _DENIED.search(asked.folded.rstrip(" ?.!")) is not None
    return {
        "in_order": _in_order(words, there, weights),
        "pairs": _share(beside, _pairs(said, 1), weights),
        "near_pairs": _share(near, _pairs(said, _APART), weights),
        "window": _densest(said, weights) / total,
        "to_the_point": sum(map(weights.__getitem__, there)) / (_whole(own, accented) or 1.0),
        "condition_asked": float(condition and _ASKS_CONDITION.search(asked.folded) is not None),
        "condition": float(condition and not _ASKS_CONDITION.search(asked.folded)),
        "both_deny": float(denied and denies),
        "asked_denies": float(denied and not denies),
    }


@lru_cache(maxsize=8_192)
def _syllables(own: Scope, accented: bool) -> tuple[str, ...]:
    return tuple((own.written if accented else own.folded).split()[:_LONGEST])


@lru_cache(maxsize=8_192)
def _weight(word: str, accented: bool) -> float:
    weight = max(_LEAST, lexicon().rarity(word, accented=accented) - _COMMON)
    return weight * _LIGHT if fold(word) in cues().light else weight


@lru_cache(maxsize=8_192)
def _whole(own: Scope, accented: bool) -> float:
    return sum(_weight(word, accented) for word in _syllables(own, accented))


@lru_cache(maxsize=64)
def _weights(words: tuple[str, ...], accented: bool) -> Mapping[str, float]:
    return {word: _weight(word, accented) for word in words}


@lru_cache(maxsize=64)
def _asked_pairs(words: tuple[str, ...]) -> tuple[frozenset[Pair], frozenset[Pair]]:
    return _pairs(words, 1), _pairs(words, _APART)


@lru_cache(maxsize=8_192)
def _pairs(words: tuple[str, ...], apart: int) -> frozenset[Pair]:
    """Each syllable with those that follow it up to so many places behind."""
    return frozenset(
        pair for n in range(1, apart + 1) for pair in zip(words, words[n:], strict=False)
    )


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


def _densest(said: Sequence[str], weights: Mapping[str, float]) -> float:
    """The most of the question's weight that stands within a window of syllables."""
    places = [n for n, word in enumerate(said) if word in weights]
    return max(
        (sum(weights[w] for w in {*said[n : n + _WINDOW]} if w in weights) for n in places),
        default=0.0,
    )
