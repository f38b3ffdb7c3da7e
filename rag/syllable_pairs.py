"""How often a syllable follows another: a bigram model with Kneser and Ney's discount.

Counts lie in `data/*.tsv`, a line each: a syllable, then each that follows it with its count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from corpus.clean import fold

_DATA = Path(__file__).parent / "data"
BEGIN, TURN, END = "", "^", "$"  # of a sequence, of a follow-up; no syllables
_DISCOUNT = 0.75  # taken off each count for the pairs that were not seen
_SMALL = 1e-9  # the count of a syllable that was not seen


@dataclass(frozen=True)
class SyllablePairs:
    counts: Mapping[str, Mapping[str, int]]  # by the first syllable, then by the second

    @classmethod
    def counted(cls, sequences: Iterable[Iterable[str]]) -> SyllablePairs:
        counts: dict[str, Counter[str]] = {}
        for sequence in sequences:
            for first, second in pairwise([BEGIN, *sequence]):
                counts.setdefault(first, Counter())[second] += 1
        return cls(counts)

    @classmethod
    def read(cls, path: Path) -> SyllablePairs:
        counts = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            first, *seconds = line.split("\t")
            counts[first] = {s: int(n) for s, n in (second.rsplit(" ", 1) for second in seconds)}
        return cls(counts)

    def written(self) -> str:
        """What `read` reads."""
        lines = (
            "\t".join([first, *(f"{second} {n}" for second, n in sorted(seconds.items()))])
            for first, seconds in sorted(self.counts.items())
        )
        return "\n".join(lines)

    def follows(self, first: str, second: str) -> float:
        """The probability that `second` comes after `first`; tiny, never 0."""
        alone = (self._before[second] + _SMALL) / self._kinds
        if not (total := self._totals.get(first)):
            return alone
        counts = self.counts[first]
        seen = max(counts.get(second, 0) - _DISCOUNT, 0.0)
        return (seen + _DISCOUNT * len(counts) * alone) / total

    @cached_property
    def spellings(self) -> Mapping[str, tuple[str, ...]]:
        """The syllables that are one without diacritics, by that."""
        found: dict[str, list[str]] = {}
        for syllable in self._before.keys() - {TURN, END}:
            found.setdefault(fold(syllable), []).append(syllable)
        return {bare: tuple(spellings) for bare, spellings in found.items()}

    @cached_property
    def _totals(self) -> dict[str, int]:
        return {first: sum(seconds.values()) for first, seconds in self.counts.items()}

    @cached_property
    def _before(self) -> Counter[str]:
        """How many different syllables stand before one."""
        return Counter(second for seconds in self.counts.values() for second in seconds)

    @cached_property
    def _kinds(self) -> int:
        return self._before.total()


class Neighbours(Protocol):
    """What is known of the syllables of a library."""

    def spellings(self, syllable: str) -> Sequence[str]:
        """The ways in which a folded syllable is written."""
        ...

    def follows(self, first: str, seconds: Sequence[str]) -> Sequence[float]:
        """Of all pairs that begin with a syllable, how many go on with each of others; 0 to 1."""
        ...


@cache
def of_offices() -> SyllablePairs:
    """As offices and those who ask them write."""
    return SyllablePairs.read(_DATA / "syllable_pairs.tsv")


@cache
def of_courtesies() -> SyllablePairs:
    """As people speak around a question: greetings, thanks; punctuation stands among the syllables."""
    return SyllablePairs.read(_DATA / "courtesy_pairs.tsv")
