"""The lexical lane: BM25 over syllables and pairs of syllables, with and without diacritics.

Units (the article or section around a passage), their headings and the documents' titles have an
inverted index in numpy (`Field`); passages are kept as the lines that they are made of and are
weighed only inside the units that a question brings up (`Chosen`), so a library of a whole
country's law fits in memory. Beside scores both tell which of the question's words stand where
(`Held`), from which `ranking` reads coverage, rare words and word order without touching the texts.
Kept in memory; made anew when a document changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.lines import BORDER, UNKNOWN, Lines, Numbers, Texts, Vocabulary
from rag.words import syllables

Scores = NDArray[np.float32]
Flags = NDArray[np.bool_]
# The share of texts without diacritics for a question typed with them: a slip in a tone mark must
# not lose the passage, a typed diacritic must still count.
FOLDED_SHARE = 0.25
# A term of so many texts has a row of weights for all of them too: adding it is ten times as fast.
_COMMON = 0.25


@dataclass(frozen=True)
class Held:
    """Which of a question's terms stand in which text, with the rarity of each term."""

    words: Flags  # (texts, m)
    pairs: Flags  # (texts, m - 1) of neighbouring words
    idf: Scores  # (m,)
    pair_idf: Scores  # (m - 1,)


def _damping(lengths: Scores, k1: float, b: float) -> Scores:
    longness = lengths / max(1.0, float(lengths.mean()) if len(lengths) else 0.0)
    return np.asarray(k1 * (1 - b + b * longness), dtype=np.float32)


class Field:
    """Postings: for every term the texts that hold it and its BM25 weight there.

    A term is a syllable or a pair of neighbouring ones. The weight is Lucene's:
    idf * tf / (tf + k1 * (1 - b + b * length / mean length)), idf = ln(1 + (N - n + .5) / (n + .5)).
    """

    def __init__(
        self, texts: Texts, size: int, folds: Numbers | None = None, *, k1: float, b: float
    ) -> None:
        """`size` is that of the vocabulary; `folds` maps the syllables of the texts to the field's."""
        self.count, self.lengths = len(texts), texts.lengths
        self._base = size  # of the keys of pairs
        found = [self._counted(texts, folds, pairs=pairs) for pairs in (False, True)]
        self._keys = np.concatenate([keys for keys, *_ in found])
        found_in = np.concatenate([texts_each for _, texts_each, *_ in found])
        self._texts = np.concatenate([texts_of for *_, texts_of, _ in found])
        counts = np.concatenate([counted for *_, counted in found])
        del found  # a large library's takes as much as what is kept
        self._starts = np.append(0, np.cumsum(found_in))
        idf = np.log1p((self.count - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
        self._idf = np.append(idf, np.float32(0))  # the last is for an unknown term, row -1
        self._weights = counts
        self._weights /= counts + _damping(self.lengths, k1, b)[self._texts]
        self._weights *= np.repeat(idf, found_in)
        common = np.flatnonzero(found_in > _COMMON * self.count)
        self._common = {row: self._everywhere(row) for row in common.tolist()}

    def _counted(
        self, texts: Texts, folds: Numbers | None, *, pairs: bool
    ) -> tuple[Numbers, Numbers, Numbers, Scores]:
        """Keys of terms, ascending; in how many texts each stands; behind one another those texts,
        ascending, and how often it stands there."""
        width = max(1, self.count)
        coded, end = np.empty(int(self.lengths.sum(dtype=np.float64)), dtype=np.int64), 0
        for numbers, owners in texts.read_all():
            keys, at = self._terms(numbers if folds is None else folds[numbers], pairs)
            coded[end : end + len(keys)] = keys * width + owners[at]
            end += len(keys)
        coded = coded[:end]
        coded.sort()  # puts the postings into their final order
        begins = np.flatnonzero(np.append(True, coded[1:] != coded[:-1])[:end])
        counts = np.diff(np.append(begins, end)).astype(np.float32)
        keys, texts_of = np.divmod(coded[begins], width)
        del coded, begins
        begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        found_in = np.diff(np.append(begins, len(keys)))
        return keys[begins], found_in, texts_of.astype(np.int32), counts

    def _terms(self, numbers: Numbers, pairs: bool) -> tuple[Numbers, Flags]:
        """Keys of the syllables, or of the pairs, and where they are."""
        words = numbers != BORDER
        if not pairs:
            return numbers[words].astype(np.int64), words
        both = np.append(words[:-1] & words[1:], False)[: len(words)]
        return self._pair_keys(numbers[:-1][both[:-1]], numbers[1:][both[:-1]]), both

    def _pair_keys(self, first: Numbers, second: Numbers) -> Numbers:
        known = (first > 0) & (second > 0) & (first < self._base) & (second < self._base)
        keys = self._base + first.astype(np.int64) * self._base + second
        return np.where(known, keys, UNKNOWN)

    def _everywhere(self, row: int) -> Scores:
        weights = np.zeros(self.count, dtype=np.float32)
        span = slice(self._starts[row], self._starts[row + 1])
        weights[self._texts[span]] = self._weights[span]
        return weights

    def rows(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Rows of a question's syllables, (m,), and of its pairs, (m - 1,); -1 for unknown ones."""
        keys = np.concatenate([numbers, self._pair_keys(numbers[:-1], numbers[1:])])
        rows = self._find(keys)
        return rows[: len(numbers)], rows[len(numbers) :]

    def _find(self, keys: Numbers) -> Numbers:
        if not len(self._keys):
            return np.full(len(keys), UNKNOWN, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[rows] == keys, rows, UNKNOWN)

    def idf(self, rows: Numbers) -> Scores:
        """0 for an unknown term."""
        return np.asarray(self._idf[rows], dtype=np.float32)

    def spread(self, rows: Numbers) -> Numbers:
        """In how many texts each term stands; 0 for an unknown one."""
        return np.where(rows >= 0, self._starts[rows + 1] - self._starts[rows], 0)

    def follows(self, first: int, seconds: Numbers) -> Scores:
        """Of the pairs that begin with a syllable, each counted once a text, the share that goes on
        with each of some others, (n,); 0 where it stands nowhere."""
        firsts = np.full(len(seconds), first, dtype=np.int64)
        spread = self.spread(self._find(self._pair_keys(firsts, seconds)))
        keys = self._base + np.array([first, first + 1], dtype=np.int64) * self._base
        begin, end = self._starts[np.searchsorted(self._keys, keys)]
        return np.asarray(spread / max(1, end - begin), dtype=np.float32)

    def scores(self, rows: Numbers) -> Scores:
        """BM25 of all texts, (count,), 0 where no term is shared; a term asked twice counts twice."""
        found = np.zeros(self.count, dtype=np.float32)
        for row in rows[rows >= 0].tolist():
            if (weights := self._common.get(row)) is not None:
                found += weights
            else:
                span = slice(self._starts[row], self._starts[row + 1])
                found[self._texts[span]] += self._weights[span]  # a text stands once behind a term
        return found

    def weights(self, rows: Numbers, places: Numbers) -> Scores:
        """What each term weighs in some texts, (places, rows); 0 where it does not stand."""
        table = np.zeros((len(rows), len(places)), dtype=np.float32)
        for found, row in zip(table, rows.tolist(), strict=True):
            if row >= 0:
                span = slice(self._starts[row], self._starts[row + 1])
                texts = self._texts[span]
                at = np.minimum(texts.searchsorted(places), len(texts) - 1)
                np.multiply(self._weights[span][at], texts[at] == places, out=found)
        return table.T

    @cached_property
    def masses(self) -> Scores:
        """Idf of all syllables that stand in a text, summed, (count,)."""
        end = int(self._starts[np.searchsorted(self._keys, self._base)])
        idf = np.repeat(self._idf[:-1], np.diff(self._starts))[:end]
        return np.bincount(self._texts[:end], idf, minlength=self.count).astype(np.float32)


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
    units, headings, titles = (Field(text, size, folds, k1=k1, b=b) for text in texts)
    return Spelling(units, headings, titles, folds, size)


@dataclass(frozen=True)
class AskedWords:
    """A question's syllables, numbered for one spelling; the last is unknown."""

    spelling: Spelling
    numbers: Numbers

    def rows(self, field: Field) -> Numbers:
        """Rows of its terms in one of the spelling's fields."""
        return np.concatenate(field.rows(self.numbers))

    def scores(self, field: Field) -> Scores:
        """BM25 of the question over all texts of a field, (count,)."""
        return field.scores(self.rows(field))


@dataclass(frozen=True)
class Weighed:
    """How much each of a question's terms counts in some passages, its rarity left out.

    A term that is asked twice has one column.
    """

    words: Scores  # (passages, kinds of words)
    pairs: Scores  # (passages, kinds of pairs)
    of_word: Numbers  # (m,) the column of each word
    of_pair: Numbers  # (m - 1,)
    idf: Scores  # (m,) of the units
    pair_idf: Scores  # (m - 1,)

    def part(self, first: int, last: int) -> Weighed:
        """The same for some of the question's words."""
        words, pairs = slice(first, last), slice(first, last - 1)
        return replace(
            self, of_word=self.of_word[words], of_pair=self.of_pair[pairs],
            idf=self.idf[words], pair_idf=self.pair_idf[pairs],
        )  # fmt: skip

    def scores(self) -> Scores:
        """BM25, (passages,)."""
        words = np.bincount(self.of_word, self.idf, self.words.shape[1]).astype(np.float32)
        pairs = np.bincount(self.of_pair, self.pair_idf, self.pairs.shape[1]).astype(np.float32)
        # OpenBLAS at times reports finite products as invalid (numpy issue 24067).
        with np.errstate(invalid="ignore"):
            return np.asarray(self.words @ words + self.pairs @ pairs, dtype=np.float32)

    def held(self, places: Numbers) -> Held:
        """What some of the passages hold."""
        return self._held(self.words[places], self.pairs[places])

    def held_together(self, starts: Numbers) -> Held:
        """What runs of passages hold together; each run begins at one of `starts`."""
        return self._held(
            np.maximum.reduceat(self.words, starts), np.maximum.reduceat(self.pairs, starts)
        )

    def _held(self, words: Scores, pairs: Scores) -> Held:
        return Held(words[:, self.of_word] > 0, pairs[:, self.of_pair] > 0, self.idf, self.pair_idf)


@dataclass(frozen=True)
class Chosen:
    """Some passages, read once for all that is asked of them; rarity is that of the units."""

    syllables: Numbers
    owners: Numbers
    damping: Scores  # (passages,)
    lengths: Scores  # (passages,)

    def weighed(self, *asked: AskedWords) -> list[Weighed]:
        """Questions of one spelling."""
        field = asked[0].spelling.units
        together = AskedWords(asked[0].spelling, np.concatenate([a.numbers for a in asked]))
        rows = field.rows(together.numbers)
        found = Weighed(*self._columns(together), *(field.idf(some) for some in rows))
        borders = np.append(0, np.cumsum([len(a.numbers) for a in asked])).tolist()
        return [found.part(a, b) for a, b in zip(borders[:-1], borders[1:], strict=True)]

    def _columns(self, asked: AskedWords) -> tuple[Scores, Scores, Numbers, Numbers]:
        """What each kind of word and each kind of pair counts; the kind of each of the question's."""
        terms, of_word = np.unique(asked.numbers, return_inverse=True)
        size = len(terms)
        columns = np.full(asked.spelling.size, size, dtype=np.int32)  # by syllable; last: not asked
        columns[terms[terms > 0]] = np.flatnonzero(terms > 0)
        folds = asked.spelling.folds
        columns = columns if folds is None else columns[folds]
        column = columns[self.syllables]
        at = np.flatnonzero(column < size)
        column, owners = column[at], self.owners[at]
        words = self._table(column, owners, size)
        kinds, of_pair = np.unique(of_word[:-1] * size + of_word[1:], return_inverse=True)
        places = np.full(size * size, len(kinds), dtype=np.int64)
        places[kinds] = np.arange(len(kinds))
        both = np.flatnonzero(np.diff(at) == 1)  # neighbours; a border is never asked
        pair = places[column[both] * size + column[both + 1]]
        meant = pair < len(kinds)
        pairs = self._table(pair[meant], owners[both[meant]], len(kinds))
        return words, pairs, of_word, of_pair

    def _table(self, columns: Numbers, owners: Numbers, width: int) -> Scores:
        cells = np.bincount(owners * width + columns, minlength=len(self.lengths) * width)
        counts = cells.reshape(len(self.lengths), width).astype(np.float32)
        counts /= counts + self.damping[:, None]
        return counts


class LexicalIndex:
    """Passages, the units that they stand in, the units' headings and the documents' titles."""

    def __init__(
        self,
        passages: Iterable[Iterable[str]],
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
        runs = lines.read(passages)
        units = runs.joined(of_passage, len(headings))  # a heading above many counts once
        single = (lines.read([text] for text in each) for each in (headings, titles))
        self._passages, *texts = lines.texts([runs, units, *single])
        del lines  # a large library's take as much as the fields
        self._damping = _damping(self._passages.lengths, k1, b)
        folds = self._vocabulary.folds()
        self._written = _spelling(texts, None, len(folds), k1=k1, b=b)
        self._folded = _spelling(texts, folds, len(folds), k1=k1, b=b)

    def asked(self, question: str, *, accented: bool) -> AskedWords:
        """A question's words; no pair crosses its line breaks."""
        spelling = self._written if accented else self._folded
        words = [word for line in question.split("\n") for word in (*syllables(line), "")]
        return AskedWords(spelling, self._vocabulary.numbers(words, accented=accented))

    def spellings(self, syllable: str) -> Sequence[str]:
        """How the library writes a folded syllable, where more than one text has it so."""
        found = self._vocabulary.spellings(syllable)
        units = self._written.units
        rows, _ = units.rows(self._vocabulary.numbers(found, accented=True))
        return [word for word, n in zip(found, units.spread(rows).tolist(), strict=True) if n > 1]

    def follows(self, first: str, seconds: Sequence[str]) -> Sequence[float]:
        """Of the pairs of syllables that begin with one, the share that goes on with each of others."""
        number, *others = self._vocabulary.numbers([first, *seconds], accented=True).tolist()
        if number == UNKNOWN:
            return [0.0] * len(others)
        shares = self._written.units.follows(number, np.array(others, dtype=np.int64))
        return [float(share) for share in shares]

    def chosen(self, places: Numbers) -> Chosen:
        """Some passages, ready to be weighed."""
        syllables, owners = self._passages.read(places)
        return Chosen(syllables, owners, self._damping[places], self._passages.lengths[places])
