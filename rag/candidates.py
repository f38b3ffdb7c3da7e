"""What both lanes say of the units that may answer a question, gathered for `ranking`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.indexing import Snapshot
from rag.lexical import FOLDED_SHARE, AskedWords, Scores, Weighed
from rag.lines import Numbers
from rag.ranking import Candidates, View
from rag.understand import Understood
from rag.views import core, stem, without_verdict
from rag.words import syllables


@dataclass(frozen=True)
class Within:
    """Candidate units and all passages that stand in them."""

    units: Numbers  # ascending
    places: Numbers  # in `Snapshot.passages`
    owners: Numbers  # parallel to `places`: the place of its unit in `units`; ascending
    lengths: Scores  # parallel to `places`: syllables
    lexical: Scores  # parallel to `places`: BM25 of the whole question
    whole: Weighed  # the whole question as typed
    core: Weighed  # its core
    cosines: Scores | None = None  # parallel to `places`; None without the dense lane

    @cached_property
    def starts(self) -> Numbers:
        """Where the passages of each unit begin, (units,)."""
        return np.searchsorted(self.owners, np.arange(len(self.units)))


@dataclass(frozen=True)
class Asked:
    """A question in the ways that it is searched."""

    understood: Understood
    core_text: str
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
        core_text = core(stem(text))
        bare = state.lexical.asked(core_text, accented=accented)
        whole_units, core_units = unit_scores(whole, bare)
        units = _blended(whole_units, plain.scores(plain.spelling.units) if plain else None)
        return cls(understood, core_text, whole, plain, bare, whole_units, units, core_units)

    def within(self, units: Numbers, state: Snapshot) -> Within:
        """The passages of some units, weighed by their words."""
        places, owners = state.units.passages(units)
        chosen = state.lexical.chosen(places)
        whole, core = chosen.weighed(self.whole, self.core)
        plain = chosen.weighed(self.plain)[0].scores() if self.plain else None
        lexical = _blended(whole.scores(), plain)
        return Within(units, places, owners, chosen.lengths, lexical, whole, core)


def unit_scores(whole: AskedWords, bare: AskedWords) -> tuple[Scores, Scores]:
    """BM25 of all units for the whole and for its core; what is asked in both is added up once."""
    field = whole.spelling.units
    rows, core_rows = whole.rows(field), bare.rows(field)
    core = field.scores(core_rows)
    rest = Counter(rows.tolist())
    rest.subtract(core_rows.tolist())
    if min(rest.values()) < 0:  # a word of the core is another one in the whole
        return field.scores(rows), core
    return core + field.scores(np.array([*rest.elements()], dtype=np.int64)), core


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
    best, unit_scores = _best_passages(within), asked.whole_units[within.units]
    return Candidates(
        units=within.units,
        documents=state.units.of_document[within.units],
        lengths=within.lengths[best],
        whole=View(
            asked.whole,
            within.whole.held(best),
            within.whole.held_together(within.starts),
            highest(within.lexical, within),
            unit_scores,
        ),
        core=View(
            asked.core,
            within.core.held(best),
            within.core.held_together(within.starts),
            highest(within.core.scores(), within),
            asked.core_units[within.units],
        ),
        beside=_beside(asked.whole_units, within.units),
        defines=_defines(asked, state, within),
        named=_named(asked.understood, state, within),
        nearest=None if within.cosines is None else highest(within.cosines, within),
        mean=None if within.cosines is None else _mean(within.cosines, within),
    )


def highest(values: Scores, within: Within) -> Scores:
    """Of each unit's passages, (units,)."""
    return np.asarray(np.maximum.reduceat(values, within.starts), dtype=np.float32)


def _beside(scores: Scores, units: Numbers) -> Scores:
    """Of the unit before or after each of some units, whichever is higher."""
    padded = np.concatenate([[np.float32(0)], scores, [np.float32(0)]])
    return np.asarray(np.maximum(padded[units], padded[units + 2]), dtype=np.float32)


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
    return highest(state.defined.shares(syllables(asked.core_text), within.places), within)


def _named(asked: Understood, state: Snapshot, within: Within) -> NDArray[np.bool_]:
    """Whether the question gives the number of the unit's article."""
    found = np.zeros(len(within.units), dtype=np.bool_)
    if asked.part.article:
        labels = [state.passages[p].part.step_label("article") for p in within.places]
        found[within.owners[[label == asked.part.article for label in labels]]] = True
    return found
