"""The lexical lane: BM25 over syllables and pairs of syllables, with and without diacritics.

Units (the article or section around a passage), their headings and the documents' titles have an
inverted index in numpy (`Field`); passages are kept as the lines that they are made of and are
weighed only inside the units that a question brings up (`Chosen`), so a library of a whole
country's law fits in memory. Beside scores both tell which of the question's words stand where
(`Held`), from which `ranking` reads coverage, rare words and word order without touching the texts.
Kept in memory; made anew when a document changes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.clean import fold
from rag.words import syllables

Scores = NDArray[np.float32]
Numbers = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
_BORDER = 0  # stands between two lines: no pair of syllables crosses it
_UNKNOWN = -1
# The share of texts without diacritics for a question typed with them: a slip in a tone mark must
# not lose the passage, a typed diacritic must still count.
FOLDED_SHARE = 0.25


class Vocabulary:
    """Numbers for syllables, as written and without diacritics."""

    def __init__(self) -> None:
        self._written: dict[str, int] = {}
        self._folded: dict[str, int] = {}
        self._folds = [_BORDER]

    def learn(self, line: str) -> list[int]:
        """The numbers of a line's syllables, as written, with a border behind them."""
        return [*map(self._learnt, syllables(line)), _BORDER]

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

    def folds(self) -> Numbers:
        """From numbers as written to numbers without diacritics."""
        return np.array(self._folds, dtype=np.int32)


class Lines:
    """The lines of all texts, each read once however many texts it stands in."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str, int] = {}
        self._syllables, self._borders = array("i"), array("q", [0])

    def number(self, line: str) -> int:
        number = self._known.setdefault(line, len(self._known))
        if number == len(self._borders) - 1:
            self._syllables.extend(self._vocabulary.learn(line))
            self._borders.append(len(self._syllables))
        return number

    def texts(self, texts: Iterable[Iterable[int]]) -> Texts:
        """Texts from the numbers of their lines."""
        lines, borders = array("i"), array("q", [0])
        for numbers in texts:
            lines.extend(numbers)
            borders.append(len(lines))
        return Texts(*map(_as_numbers, (self._syllables, self._borders, lines, borders)))


def _as_numbers(values: array[int]) -> Numbers:
    return np.array(values, dtype=np.int32 if values.typecode == "i" else np.int64)


@dataclass(frozen=True)
class Texts:
    """Texts as runs of lines that they share; `borders` has one more than there are texts."""

    syllables: Numbers  # of all lines, one after another
    line_borders: Numbers  # line n is `syllables[line_borders[n]:line_borders[n + 1]]`
    lines: Numbers  # of all texts, one after another
    borders: Numbers  # text n is `lines[borders[n]:borders[n + 1]]`

    def __len__(self) -> int:
        return len(self.borders) - 1

    def read(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """The syllables of some texts one after another, and whose each is: a place in `places`."""
        owners, at = spans(self.borders[places], self.borders[places + 1])
        lines = self.lines[at]
        inner, at = spans(self.line_borders[lines], self.line_borders[lines + 1])
        return self.syllables[at], owners[inner]

    @cached_property
    def lengths(self) -> Scores:
        """Syllables and borders of each text, (texts,)."""
        of_lines = np.append(0, np.cumsum(np.diff(self.line_borders)[self.lines]))
        return np.diff(of_lines[self.borders]).astype(np.float32)


def spans(starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """Every number of the spans one after another, with the place of its span before it."""
    sizes = ends - starts
    owners = np.repeat(np.arange(len(starts)), sizes)
    before = np.cumsum(sizes) - sizes
    return owners, np.arange(len(owners)) + (starts - before)[owners]


@dataclass(frozen=True)
class Held:
    """Which of a question's terms stand in which text, with the rarity of each term."""

    words: Flags  # (texts, m)
    pairs: Flags  # (texts, m - 1) of neighbouring words
    idf: Scores  # (m,)
    pair_idf: Scores  # (m - 1,)

    def of(self, places: Numbers) -> Held:
        """The same for some of the texts."""
        return replace(self, words=self.words[places], pairs=self.pairs[places])


def _damping(lengths: Scores, k1: float, b: float) -> Scores:
    longness = lengths / max(1.0, float(lengths.mean()) if len(lengths) else 0.0)
    return np.asarray(k1 * (1 - b + b * longness), dtype=np.float32)


class Field:
    """Postings: for every term the texts that hold it and its BM25 weight there.

    A term is a syllable or a pair of neighbouring ones. The weight is Lucene's:
    idf * tf / (tf + k1 * (1 - b + b * length / mean length)), idf = ln(1 + (N - n + .5) / (n + .5)).
    """

    def __init__(self, texts: Texts, folds: Numbers | None = None, *, k1: float, b: float) -> None:
        """`folds` maps the syllables of the texts to those of the field."""
        self.count, self.lengths = len(texts), texts.lengths
        numbers, owners = texts.read(np.arange(self.count))
        numbers = numbers if folds is None else folds[numbers]
        self._base = int(numbers.max(initial=0)) + 1  # of the keys of pairs
        found = [_counted(*terms, self.count) for terms in self._terms(numbers, owners)]
        keys, texts_of, counts = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        self._keys, self._starts = keys[begins], np.append(begins, len(keys))
        self._texts = texts_of
        found_in = np.diff(self._starts)
        idf = np.log1p((self.count - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
        self._idf = np.append(idf, np.float32(0))  # the last is for an unknown term, row -1
        self._weights = counts / (counts + _damping(self.lengths, k1, b)[texts_of])
        self._weights *= np.repeat(idf, found_in)

    def _terms(self, numbers: Numbers, owners: Numbers) -> Iterable[tuple[Numbers, Numbers]]:
        words = numbers != _BORDER
        yield numbers[words], owners[words]
        pairs = words[:-1] & words[1:]  # a border stands behind each text
        yield self._pair_keys(numbers[:-1][pairs], numbers[1:][pairs]), owners[:-1][pairs]

    def _pair_keys(self, first: Numbers, second: Numbers) -> Numbers:
        known = (first > 0) & (second > 0) & (first < self._base) & (second < self._base)
        keys = self._base + first.astype(np.int64) * self._base + second
        return np.where(known, keys, _UNKNOWN)

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
        return np.asarray(self._idf[rows], dtype=np.float32)

    def scores(self, rows: Numbers) -> Scores:
        """BM25 of all texts, (count,), 0 where no term is shared; a term asked twice counts twice."""
        found = np.zeros(self.count, dtype=np.float32)
        for row in rows[rows >= 0]:
            span = slice(self._starts[row], self._starts[row + 1])
            found[self._texts[span]] += self._weights[span]  # a text stands once behind a term
        return found

    def holds(self, rows: Numbers, places: Numbers) -> Flags:
        """Which of some texts hold which term, (places, rows)."""
        table = np.zeros((len(places), len(rows)), dtype=np.bool_)
        for column, row in enumerate(rows):
            if row >= 0:
                texts = self._texts[self._starts[row] : self._starts[row + 1]]
                at = np.searchsorted(texts, places).clip(max=len(texts) - 1)
                table[:, column] = texts[at] == places
        return table

    def held(self, numbers: Numbers, places: Numbers) -> Held:
        rows, pairs = self.rows(numbers)
        return Held(
            self.holds(rows, places), self.holds(pairs, places), self.idf(rows), self.idf(pairs)
        )

    @cached_property
    def masses(self) -> Scores:
        """Idf of all syllables that stand in a text, summed, (count,)."""
        end = int(self._starts[np.searchsorted(self._keys, self._base)])
        idf = np.repeat(self._idf[:-1], np.diff(self._starts))[:end]
        return np.bincount(self._texts[:end], idf, minlength=self.count).astype(np.float32)


def _counted(keys: Numbers, owners: Numbers, texts: int) -> tuple[Numbers, Numbers, Scores]:
    """Keys with the texts that hold them and how often, by key, then text."""
    # One sort puts the postings into their final order.
    coded, counts = np.unique(keys.astype(np.int64) * max(1, texts) + owners, return_counts=True)
    keys, texts_of = np.divmod(coded, max(1, texts))
    return keys, texts_of.astype(np.int32), counts.astype(np.float32)


@dataclass(frozen=True)
class Spelling:
    """All fields with or without diacritics."""

    units: Field
    headings: Field
    titles: Field
    folds: Numbers | None  # from the texts' syllables to the fields'; None: as written
    size: int  # numbers of syllables, the border's 0 among them


def _spelling(
    texts: Sequence[Texts], folds: Numbers | None, size: int, *, k1: float, b: float
) -> Spelling:
    units, headings, titles = (Field(text, folds, k1=k1, b=b) for text in texts)
    return Spelling(units, headings, titles, folds, size)


@dataclass(frozen=True)
class AskedWords:
    """A question's syllables, numbered for one spelling and looked up in each of its fields."""

    spelling: Spelling
    numbers: Numbers

    def scores(self, field: Field) -> Scores:
        """BM25 of the question over all texts of a field, (count,)."""
        return field.scores(np.concatenate(field.rows(self.numbers)))


@dataclass(frozen=True)
class Chosen:
    """Some passages, read once for all that is asked of them; rarity is that of the units."""

    syllables: Numbers
    owners: Numbers
    damping: Scores  # (passages,)
    lengths: Scores  # (passages,)

    def weighed(self, asked: AskedWords) -> tuple[Scores, Held]:
        """BM25, (passages,), and which of the question's terms stand where."""
        field = asked.spelling.units
        idf, pair_idf = (field.idf(rows) for rows in field.rows(asked.numbers))
        counts, pair_counts = self._counts(asked)
        damping = self.damping[:, None]
        words, pairs = counts / (counts + damping), pair_counts / (pair_counts + damping)
        scores = np.asarray(words @ idf + pairs @ pair_idf, dtype=np.float32)
        return scores, Held(counts > 0, pair_counts > 0, idf, pair_idf)

    def _counts(self, asked: AskedWords) -> tuple[Scores, Scores]:
        """How often each word, (passages, m), and each pair, (passages, m - 1), stands there."""
        terms, of_word = np.unique(asked.numbers, return_inverse=True)
        size = len(terms)
        columns = np.full(asked.spelling.size, size, dtype=np.int64)  # by syllable; last: not asked
        columns[terms[terms > 0]] = np.flatnonzero(terms > 0)
        folds = asked.spelling.folds
        column = columns[self.syllables if folds is None else folds[self.syllables]]
        known = column < size
        words = self._table(column[known], self.owners[known], size)[:, of_word]
        kinds, of_pair = np.unique(of_word[:-1] * size + of_word[1:], return_inverse=True)
        places = np.full(size * size, len(kinds), dtype=np.int64)
        places[kinds] = np.arange(len(kinds))
        both = np.flatnonzero(known[:-1] & known[1:])
        pair = places[column[both] * size + column[both + 1]]
        meant = pair < len(kinds)
        pairs = self._table(pair[meant], self.owners[both[meant]], len(kinds))[:, of_pair]
        return words, pairs

    def _table(self, columns: Numbers, owners: Numbers, width: int) -> Scores:
        cells = np.bincount(owners * width + columns, minlength=len(self.lengths) * width)
        return cells.reshape(len(self.lengths), width).astype(np.float32)


class LexicalIndex:
    """Passages, the units that they stand in, the units' headings and the documents' titles."""

    def __init__(
        self,
        passages: Iterable[Sequence[str]],
        of_passage: Sequence[int],
        headings: Sequence[str],
        titles: Sequence[str],
        *,
        k1: float,
        b: float,
    ) -> None:
        """Passages as their lines, read once; `of_passage` tells the unit of each."""
        self._vocabulary = Vocabulary()
        lines = Lines(self._vocabulary)
        numbers = [[lines.number(line) for line in passage] for passage in passages]
        units: list[dict[int, None]] = [{} for _ in headings]
        for unit, own in zip(of_passage, numbers, strict=True):
            units[unit] |= dict.fromkeys(own)  # a heading above many passages counts once
        single = [[[lines.number(line)] for line in each] for each in (headings, titles)]
        texts = [lines.texts(units), *map(lines.texts, single)]
        self._passages = lines.texts(numbers)
        self._damping = _damping(self._passages.lengths, k1, b)
        del lines, numbers, units, single  # a large library's take as much as the fields
        folds = self._vocabulary.folds()
        self._written = _spelling(texts, None, len(folds), k1=k1, b=b)
        self._folded = _spelling(texts, folds, len(folds), k1=k1, b=b)

    def asked(self, question: str, *, accented: bool) -> AskedWords:
        """A question's words; no pair crosses its line breaks."""
        spelling = self._written if accented else self._folded
        words = [word for line in question.split("\n") for word in (*syllables(line), "")]
        return AskedWords(spelling, self._vocabulary.numbers(words, accented=accented))

    def chosen(self, places: Numbers) -> Chosen:
        """Some passages, ready to be weighed."""
        syllables, owners = self._passages.read(places)
        return Chosen(syllables, owners, self._damping[places], self._passages.lengths[places])
