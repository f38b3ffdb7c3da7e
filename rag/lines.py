"""Texts as numbers of syllables: each line is read once however many texts it stands in."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.clean import fold
from rag.words import read_syllables

Lengths = NDArray[np.float32]
Numbers = NDArray[np.integer[Any]]
BORDER = 0  # stands between two lines: no pair of syllables crosses it
UNKNOWN = -1
_READ_AT_ONCE = 1 << 20  # syllables: what reading all texts takes in memory


class _Numbering(dict[str, int]):
    """Numbers from 1 on, given when first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) + 1
        return number


class Vocabulary:
    """Numbers for syllables, as written and without diacritics."""

    def __init__(self) -> None:
        self._written = _Numbering()
        self._folded = _Numbering()
        self._spellings: dict[str, list[str]] = {}

    def learn(self, line: str) -> Iterator[int]:
        """The numbers of a line's syllables, as written."""
        return map(self._written.__getitem__, read_syllables(line))

    def folds(self) -> Numbers:
        """From numbers as written to numbers without diacritics; learns the latter."""
        folds = [BORDER]
        for word in self._written:
            folds.append(self._folded[bare := fold(word)])
            self._spellings.setdefault(bare, []).append(word)
        return np.array(folds, dtype=np.int32)

    def spellings(self, folded: str) -> Sequence[str]:
        """The syllables, as written, that are one without diacritics; once `folds` has run."""
        return self._spellings.get(folded, ())

    def numbers(self, words: Sequence[str], *, accented: bool) -> Numbers:
        """`UNKNOWN` for a syllable that stands nowhere."""
        known = self._written if accented else self._folded
        found = [known.get(word if accented else fold(word), UNKNOWN) for word in words]
        return np.array(found, dtype=np.int64)


@dataclass(frozen=True)
class Runs:
    """Which lines each text is made of: text n has `lines[borders[n]:borders[n + 1]]`."""

    lines: Numbers
    borders: Numbers

    def joined(self, owners: Sequence[int], count: int) -> Runs:
        """Texts made of texts, `owners` tells of which; a line counts once in each, in any order."""
        width = int(self.lines.max(initial=0)) + 1
        keys = np.repeat(np.asarray(owners, dtype=np.int64), np.diff(self.borders)) * width
        found, lines = np.divmod(np.unique(keys + self.lines), width)
        return Runs(lines.astype(np.int32), np.searchsorted(found, np.arange(count + 1)))


class Lines:
    """The lines of all texts, numbered by first appearance."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str, int] = {}
        self._syllables, self._borders = array("i"), array("q", [0])

    def _number(self, line: str) -> int:
        number = self._known.setdefault(line, len(self._known))
        if number == len(self._borders) - 1:
            self._syllables.extend(self._vocabulary.learn(line))
            self._syllables.append(BORDER)
            self._borders.append(len(self._syllables))
        return number

    def read(self, texts: Iterable[Iterable[str]]) -> Runs:
        """Texts, each as its lines."""
        lines, borders = array("i"), array("q", [0])
        for text in texts:
            lines.extend(map(self._number, text))
            borders.append(len(lines))
        return Runs(_numbers(lines), _numbers(borders))

    def texts(self, runs: Sequence[Runs]) -> list[Texts]:
        """What was read, once all is read."""
        shared = _numbers(self._syllables), _numbers(self._borders)
        return [Texts(*shared, run) for run in runs]


def _numbers(values: array[int]) -> Numbers:
    return np.frombuffer(values, dtype=np.int32 if values.typecode == "i" else np.int64)


@dataclass(frozen=True)
class Texts:
    """Texts as runs of lines that they share."""

    syllables: Numbers  # of all lines, one after another, a border behind each
    borders: Numbers  # line n is `syllables[borders[n]:borders[n + 1]]`
    runs: Runs

    def __len__(self) -> int:
        return len(self.runs.borders) - 1

    def read(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """The syllables of some texts one after another, and whose each is: a place in `places`."""
        owners, at = spans(self.runs.borders[places], self.runs.borders[places + 1])
        lines = self.runs.lines[at]
        inner, at = spans(self.borders[lines], self.borders[lines + 1])
        return self.syllables[at], owners[inner]

    def read_all(self) -> Iterator[tuple[Numbers, Numbers]]:
        """The same for all texts, some texts at a time: a large library's would not fit in memory."""
        ends = np.cumsum(self.lengths, dtype=np.float64)
        cuts = np.searchsorted(ends, np.arange(0, ends[-1] if len(ends) else 0, _READ_AT_ONCE))
        for first, last in zip(cuts, [*cuts[1:], len(self)], strict=True):
            numbers, owners = self.read(np.arange(first, last))
            yield numbers, owners + first

    @cached_property
    def lengths(self) -> Lengths:
        """Syllables and borders of each text, (texts,)."""
        of_lines = np.append(0, np.cumsum(np.diff(self.borders)[self.runs.lines]))
        return np.diff(of_lines[self.runs.borders]).astype(np.float32)


def spans(starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """Every number of the spans one after another, with the place of its span before it."""
    sizes = ends - starts
    owners = np.repeat(np.arange(len(starts)), sizes)
    before = np.cumsum(sizes) - sizes
    return owners, np.arange(len(owners)) + np.repeat(starts - before, sizes)
