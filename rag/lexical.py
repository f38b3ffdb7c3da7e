"""The lexical lane: BM25 over syllables and pairs of syllables, with and without diacritics.

An inverted index in numpy (`Field`) over three kinds of text: passages, units (the article or
section around a passage) and the units' headings. Beside scores it tells what each word of a
question adds to a candidate, from which `ranking` reads coverage, rare words and word order without
touching the texts. Kept in memory; made anew when a document changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from corpus.clean import fold
from rag.words import syllables

Scores = NDArray[np.float32]
Numbers = NDArray[np.int64]
_BORDER = 0  # stands between two lines: no pair of syllables crosses it
_UNKNOWN = -1
# The share of passages without diacritics for a question typed with them: a slip in a tone mark must
# not lose the passage, a typed diacritic must still count.
FOLDED_SHARE = 0.25
_SHORT_LINE = 300  # characters; titles and headings stand above many passages and are read once


class Vocabulary:
    """Numbers for syllables, as written and without diacritics."""

    def __init__(self) -> None:
        self._written: dict[str, int] = {}
        self._folded: dict[str, int] = {}
        self._folds = [_BORDER]
        self._lines: dict[str, list[int]] = {}

    def learn(self, lines: Iterable[str]) -> list[int]:
        """The numbers of all syllables, as written, with a border behind each line."""
        found: list[int] = []
        for line in lines:
            numbers = self._lines.get(line)
            if numbers is None:
                numbers = [*map(self._learnt, syllables(line)), _BORDER]
                if len(line) < _SHORT_LINE:
                    self._lines[line] = numbers
            found += numbers
        return found

    def _learnt(self, word: str) -> int:
        number = self._written.get(word)
        if number is None:
            number = self._written[word] = len(self._written) + 1
            self._folds.append(self._folded.setdefault(fold(word), len(self._folded) + 1))
        return number

    def numbers(self, words: Sequence[str], *, accented: bool) -> Numbers:
        """`_UNKNOWN` for a syllable that stands nowhere."""
        known = self._written if accented else self._folded
        found = [known.get(word if accented else fold(word), _UNKNOWN) for word in words]
        return np.array(found, dtype=np.int64)

    def folded(self, numbers: Numbers) -> Numbers:
        """From numbers as written to numbers without diacritics."""
        return np.array(self._folds, dtype=np.int64)[numbers]


@dataclass(frozen=True)
class Texts:
    """Syllable numbers of many texts one after another; text n is `borders[n]:borders[n + 1]`."""

    numbers: Numbers
    borders: Numbers

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]], vocabulary: Vocabulary) -> Texts:
        """Each text as its lines."""
        learnt = [vocabulary.learn(lines) for lines in texts]
        borders = np.array([0, *accumulate(map(len, learnt))], dtype=np.int64)
        flat = np.fromiter((n for numbers in learnt for n in numbers), np.int64, int(borders[-1]))
        return cls(flat, borders)


class Field:
    """Postings: for every term the texts that hold it and its BM25 weight there.

    A term is a syllable or a pair of neighbouring ones. The weight is Lucene's:
    idf * tf / (tf + k1 * (1 - b + b * length / mean length)), idf = ln(1 + (N - n + .5) / (n + .5)).
    """

    def __init__(self, texts: Texts, *, k1: float, b: float) -> None:
        lengths = np.diff(texts.borders)
        self.count, self.lengths = len(lengths), lengths.astype(np.float32)
        self._base = int(texts.numbers.max(initial=0)) + 1  # of the keys of pairs
        keys, owners = self._terms(texts.numbers, np.repeat(np.arange(self.count), lengths))
        # One sort by term, then text, puts the postings into their final order.
        coded, counts = np.unique(keys * max(1, self.count) + owners, return_counts=True)
        keys, texts_of = np.divmod(coded, max(1, self.count))
        self._keys, starts = np.unique(keys, return_index=True)
        self._starts = np.append(starts, len(keys))
        self._texts = texts_of.astype(np.int32)
        found_in = np.diff(self._starts)
        self._idf = np.log1p((self.count - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
        longness = lengths / max(1.0, lengths.mean() if self.count else 0.0)
        damping = (k1 * (1 - b + b * longness)).astype(np.float32)[self._texts]
        weights = np.repeat(self._idf, found_in) * (counts / (counts + damping))
        self._weights = weights.astype(np.float32)
        self.masses = self._masses()

    def _terms(self, numbers: Numbers, owners: Numbers) -> tuple[Numbers, Numbers]:
        words = numbers != _BORDER
        pairs = words[:-1] & words[1:] & (owners[:-1] == owners[1:])
        keys = self._pair_keys(numbers[:-1][pairs], numbers[1:][pairs])
        terms = np.concatenate([numbers[words], keys])
        return terms, np.concatenate([owners[words], owners[:-1][pairs]])

    def _pair_keys(self, first: Numbers, second: Numbers) -> Numbers:
        known = (first > 0) & (second > 0) & (first < self._base) & (second < self._base)
        return np.where(known, self._base + first * self._base + second, _UNKNOWN)

    def rows(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Rows of a question's syllables, (m,), and of its pairs, (m - 1,); -1 for unknown ones."""
        return self._find(numbers), self._find(self._pair_keys(numbers[:-1], numbers[1:]))

    def _find(self, keys: Numbers) -> Numbers:
        if not len(self._keys):
            return np.full(len(keys), _UNKNOWN, dtype=np.int64)
        rows = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
        return np.where(self._keys[rows] == keys, rows, _UNKNOWN)

    def idf(self, rows: Numbers) -> Scores:
        """0 for an unknown term."""
        return np.where(rows >= 0, np.append(self._idf, np.float32(0))[rows], 0).astype(np.float32)

    def scores(self, rows: Numbers) -> Scores:
        """BM25 of all texts, (count,), 0 where no term is shared; a term asked twice counts twice."""
        spans = [slice(self._starts[row], self._starts[row + 1]) for row in rows if row >= 0]
        if not spans:
            return np.zeros(self.count, dtype=np.float32)
        texts = np.concatenate([self._texts[span] for span in spans])
        weights = np.concatenate([self._weights[span] for span in spans])
        return np.bincount(texts, weights, minlength=self.count).astype(np.float32)

    def holds(self, rows: Numbers, places: Numbers) -> NDArray[np.bool_]:
        """Which of some texts hold which term, (places, rows)."""
        table = np.zeros((len(places), len(rows)), dtype=np.bool_)
        for column, row in enumerate(rows):
            if row >= 0:
                texts = self._texts[self._starts[row] : self._starts[row + 1]]
                at = np.searchsorted(texts, places).clip(max=len(texts) - 1)
                table[:, column] = texts[at] == places
        return table

    def _masses(self) -> Scores:
        """Idf of all syllables that stand in a text, summed, (count,)."""
        end = int(self._starts[np.searchsorted(self._keys, self._base)])
        idf = np.repeat(self._idf, np.diff(self._starts))[:end]
        return np.bincount(self._texts[:end], idf, minlength=self.count).astype(np.float32)


@dataclass(frozen=True)
class Spelling:
    """All fields with or without diacritics."""

    passages: Field
    units: Field
    headings: Field
    titles: Field


@dataclass(frozen=True)
class AskedWords:
    """A question's syllables, numbered for one spelling and looked up in each of its fields."""

    spelling: Spelling
    numbers: Numbers

    def scores(self, field: Field) -> Scores:
        """BM25 of the question over all texts of a field, (count,)."""
        return field.scores(np.concatenate(field.rows(self.numbers)))


class LexicalIndex:
    """Passages, the units that they stand in, the units' headings and the documents' titles."""

    def __init__(
        self,
        passages: Sequence[Sequence[str]],
        units: Sequence[Sequence[str]],
        headings: Sequence[str],
        titles: Sequence[str],
        *,
        k1: float,
        b: float,
    ) -> None:
        """Passages and units as their lines."""
        self._vocabulary = Vocabulary()
        texts = [
            Texts.of(lines, self._vocabulary)
            for lines in (
                passages,
                units,
                [[line] for line in headings],
                [[line] for line in titles],
            )
        ]
        self._written = Spelling(*(Field(text, k1=k1, b=b) for text in texts))
        self._folded = Spelling(*(Field(self._without_marks(text), k1=k1, b=b) for text in texts))

    def _without_marks(self, texts: Texts) -> Texts:
        return Texts(self._vocabulary.folded(texts.numbers), texts.borders)

    def asked(self, question: str, *, accented: bool) -> AskedWords:
        """A question's words; no pair crosses its line breaks."""
        spelling = self._written if accented else self._folded
        words = [word for line in question.split("\n") for word in (*syllables(line), "")]
        return AskedWords(spelling, self._vocabulary.numbers(words, accented=accented))

    def passage_scores(self, question: str, *, accented: bool) -> Scores:
        """BM25 of all passages, (n,), 0 where no word is shared."""
        plain = self.asked(question, accented=False)
        folded = plain.scores(plain.spelling.passages)
        if not accented:
            return folded
        written = self.asked(question, accented=True)
        exact = written.scores(written.spelling.passages)
        return (1 - FOLDED_SHARE) * exact + FOLDED_SHARE * folded
