"""What both lanes say of the units that may answer a question, gathered for `ranking`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.indexing import Snapshot
from rag.lexical import FOLDED_SHARE, AskedWords, Held, Numbers, Scores
from rag.ranking import Candidates, View
from rag.understand import Understood
from rag.views import core, stem, without_verdict
from rag.words import syllables

# `3. Hoa lợi là sản vật ...`: what stands between a list mark and `là` is being defined.
_DEFINITION = re.compile(
    r"(?:Điều \w+\.\s*)?(?:\d{1,3}[a-zđ]?[.)]|[a-zđ][.)]|[-–•+])?\s*(?P<term>[^.;:]{2,90}?)\s+(?:là|gồm|bao gồm|được hiểu là)\s"
)
_VERBS = (" là ", " gồm ")
_OPENING = 140  # characters of a passage that may hold the defined term


@dataclass(frozen=True)
class Within:
    """Candidate units and all passages that stand in them."""

    units: Numbers  # ascending
    places: Numbers  # in `Snapshot.passages`
    owners: Numbers  # parallel to `places`: the place of its unit in `units`
    lengths: Scores  # parallel to `places`: syllables
    lexical: Scores  # parallel to `places`: BM25 of the whole question
    held: Held
    core: Scores  # BM25 of the question's core
    core_held: Held
    cosines: Scores | None = None  # parallel to `places`; None without the dense lane


@dataclass(frozen=True)
class Asked:
    """A question in the ways that it is searched."""

    understood: Understood
    text: str  # without what an examiner adds
    whole: AskedWords
    plain: AskedWords | None  # the whole without diacritics, where it was typed with them
    core: AskedWords
    whole_units: Scores  # BM25 of all units for the whole as typed
    units: Scores  # the same, by a part without diacritics: a slip in a tone mark must lose nothing
    core_units: Scores  # BM25 of all units for the core

    @classmethod
    def of(cls, understood: Understood, state: Snapshot) -> Asked:
        text, accented = without_verdict(understood.text), understood.accented
        whole = state.lexical.asked(text, accented=accented)
        plain = state.lexical.asked(text, accented=False) if accented else None
        bare = state.lexical.asked(core(stem(text)), accented=accented)
        whole_units, core_units = (words.scores(words.spelling.units) for words in (whole, bare))
        units = _blended(whole_units, plain.scores(plain.spelling.units) if plain else None)
        return cls(understood, text, whole, plain, bare, whole_units, units, core_units)

    def within(self, units: Numbers, state: Snapshot) -> Within:
        """The passages of some units, weighed by their words."""
        places, owners = state.units.passages(units)
        chosen = state.lexical.chosen(places)
        written, held = chosen.weighed(self.whole)
        lexical = _blended(written, chosen.weighed(self.plain)[0] if self.plain else None)
        core, core_held = chosen.weighed(self.core)
        return Within(units, places, owners, chosen.lengths, lexical, held, core, core_held)


def _blended(written: Scores, folded: Scores | None) -> Scores:
    if folded is None:
        return written
    return (1 - FOLDED_SHARE) * written + FOLDED_SHARE * folded


def candidate_units(whole: Scores, core: Scores, near: Numbers, limit: int) -> Numbers:
    """Units that words (the question's, `whole`, and its `core`) and meaning (`near`) bring up;
    ascending."""
    return np.unique(np.concatenate([_first(whole, limit), _first(core, limit // 2), near]))


def _first(scores: Scores, limit: int) -> Numbers:
    best = np.argpartition(-scores, min(limit, len(scores) - 1))[:limit]
    return best[scores[best] > 0]


def gathered(asked: Asked, state: Snapshot, within: Within) -> Candidates:
    unit_scores = asked.whole_units
    beside = np.maximum(np.append(0, unit_scores[:-1]), np.append(unit_scores[1:], 0))
    best = _best_passages(within)
    return Candidates(
        units=within.units,
        documents=state.units.of_document[within.units],
        lengths=within.lengths[best],
        whole=View(
            asked.whole,
            within.held.of(best),
            highest(within.lexical, within),
            unit_scores[within.units],
        ),
        core=View(
            asked.core,
            within.core_held.of(best),
            highest(within.core, within),
            asked.core_units[within.units],
        ),
        beside=beside[within.units].astype(np.float32),
        defines=_defines(asked, state, within),
        named=_named(asked.understood, state, within),
        nearest=None if within.cosines is None else highest(within.cosines, within),
        mean=None if within.cosines is None else _mean(within.cosines, within),
    )


def highest(values: Scores, within: Within) -> Scores:
    """Of each unit's passages, (units,)."""
    best = np.full(len(within.units), -np.inf, dtype=np.float32)
    np.maximum.at(best, within.owners, values)
    return best


def _mean(values: Scores, within: Within) -> Scores:
    sums = np.bincount(within.owners, values, len(within.units))
    return (sums / np.bincount(within.owners, minlength=len(within.units))).astype(np.float32)


def _best_passages(within: Within) -> Numbers:
    """The passage of each unit with the highest BM25, (units,): a place in `within.places`."""
    order = np.lexsort((-within.lexical, within.owners))
    first = np.searchsorted(within.owners[order], np.arange(len(within.units)))
    return order[first]


def _defines(asked: Asked, state: Snapshot, within: Within) -> Scores:
    """The share of the question's syllables that a passage of the unit defines, (units,)."""
    words = syllables(core(stem(asked.text)))
    joined = f" {' '.join(words)} "
    shares = np.zeros(len(within.places), dtype=np.float32)
    for n, place in enumerate(within.places):
        passage = state.passages[place]
        opening = state.document(passage).text[passage.start : passage.start + _OPENING]
        if not any(verb in opening for verb in _VERBS):  # most: the pattern is slow
            continue
        if match := _DEFINITION.match(opening):
            term = syllables(match["term"])
            if term and f" {' '.join(term)} " in joined:
                shares[n] = len(term) / len(words)
    return highest(shares, within)


def _named(asked: Understood, state: Snapshot, within: Within) -> NDArray[np.bool_]:
    """Whether the question gives the number of the unit's article."""
    found = np.zeros(len(within.units), dtype=np.bool_)
    if asked.part.article:
        labels = [state.passages[p].part.step_label("article") for p in within.places]
        found[within.owners[[label == asked.part.article for label in labels]]] = True
    return found
