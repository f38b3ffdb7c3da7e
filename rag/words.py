"""The words of Vietnamese text: canonical spelling, abbreviations, terms and how rare each is.

A term is a syllable or a compound of two (`kinh phí`); compounds and their rarity come from
`data/lexicon.tsv`, counted over the codified law. No model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from corpus.clean import fold
from rag.abbreviations import read_abbreviations
from rag.spelling import respelled

_DATA = Path(__file__).parent / "data"
_SYLLABLE = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_]+")

FUNCTION_WORDS = frozenset(
    "và của các những trong với cho theo tại từ đến do là để hoặc trên về được có thì mà này đó khi nếu"
    " như ở vào ra đã sẽ đang bị bởi cũng vẫn còn rất một việc sự phải không nào gì ai hay cùng qua"
    " bằng giữa ngoài sau trước thế đây kia ấy nên lại cả mỗi từng".split()
)


_abbreviations = read_abbreviations()


def learn_abbreviations(own: Path | None) -> None:
    """Read an office's own abbreviations, for the whole process: before any text is read.

    Raises BrokenAbbreviations.
    """
    global _abbreviations
    _abbreviations = read_abbreviations(own)
    syllables.cache_clear()
    canonical.cache_clear()


@lru_cache(maxsize=16_384)  # words and pairs of questions, mostly
def canonical(text: str) -> str:
    """Lower case, NFC, one spelling, abbreviations written out."""
    return respelled(_lowered(text))


def _lowered(text: str) -> str:
    """Lower case, NFC, abbreviations written out."""
    text = _abbreviations.expand_capitals(unicodedata.normalize("NFC", text))
    return _abbreviations.expand_small(text.lower())


def expanded(text: str) -> str:
    """The text with its abbreviations written out; everything else stays."""
    return _abbreviations.expand(_abbreviations.expand_capitals(text))


@lru_cache(maxsize=65_536)
def syllables(text: str) -> tuple[str, ...]:
    """Syllables and numbers of the canonical text in their order; `100%` and `1.200` are one each."""
    return tuple(read_syllables(text))


def read_syllables(text: str) -> Iterator[str]:
    """The same for a text that is read once."""
    # As `findall(canonical(text))`, but what stands between spaces is mostly known already.
    return chain.from_iterable(map(_spelled, _lowered(text).split()))


@lru_cache(maxsize=65_536)
def _spelled(chunk: str) -> tuple[str, ...]:
    return tuple(map(respelled, _SYLLABLE.findall(chunk)))


def without_diacritics(text: str) -> str:
    """As it is typed on a phone without Vietnamese keys; capitals stay."""
    marked = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same without diacritics."""
    return tuple(fold(word) for word in words)


def search_tokens(words: tuple[str, ...]) -> list[str]:
    """What the lexical lane counts: syllables and pairs of neighbouring syllables."""
    return [*words, *(f"{a}_{b}" for a, b in zip(words, words[1:], strict=False))]


_SHORT_PARTS = re.compile(
    r"(?<!\w)(?:[Kk]\.?\s?(\d{1,2})\s*,?\s*)?(?:Đ|đ|D|d)\.?\s?(\d{1,3})(?![\w/])"
)
_SHORT_MONTHS = re.compile(r"(?<!\w)(\d{1,2})T(?!\w)")


def written_out(question: str) -> str:
    """A question with its own abbreviations written out: `KH 64`, `6T đầu năm`, `K2 Đ8`."""
    question = _abbreviations.expand_question(_abbreviations.expand_capitals(question))
    question = _SHORT_MONTHS.sub(r"\1 tháng", question)
    return _SHORT_PARTS.sub(_part_words, question)


def _part_words(match: re.Match[str]) -> str:
    clause = f"khoản {match[1]} " if match[1] else ""
    return f"{clause}Điều {match[2]}"


@dataclass(frozen=True)
class Lexicon:
    """How rare a term is in administrative Vietnamese, and which syllables form a word."""

    idf: dict[str, float]
    idf_folded: dict[str, float]
    unseen: float  # the rarity of a term that the law never uses

    def rarity(self, term: str, *, accented: bool = True) -> float:
        """Natural log; 1.9 for `thực hiện`, 6.2 for `điện thoại`."""
        return (self.idf if accented else self.idf_folded).get(term, self.unseen)

    def is_word(self, term: str, *, accented: bool = True) -> bool:
        return term in (self.idf if accented else self.idf_folded)

    def terms(self, words: tuple[str, ...], *, accented: bool = True) -> list[str]:
        """Compounds where two neighbours form one, syllables elsewhere; longest match, the rarer
        pairing first where two overlap."""
        found: list[str] = []
        index = 0
        while index < len(words):
            pair = " ".join(words[index : index + 2])
            following = " ".join(words[index + 1 : index + 3])
            is_pair = " " in pair and self.is_word(pair, accented=accented)
            better = " " in following and self.is_word(following, accented=accented)
            if (
                is_pair
                and better
                and not self.is_word(" ".join(words[index + 2 : index + 4]), accented=accented)
            ):
                is_pair = self.strength(pair, accented) >= self.strength(following, accented)
            found.append(pair if is_pair else words[index])
            index += 2 if is_pair else 1
        return found

    def strength(self, pair: str, accented: bool) -> float:
        """How much rarer the syllables are apart than together expected: a cheap association."""
        first, second = pair.split()
        apart = self.rarity(first, accented=accented) + self.rarity(second, accented=accented)
        return apart - self.rarity(pair, accented=accented)


@cache
def lexicon() -> Lexicon:
    idf: dict[str, float] = {}
    for line in (_DATA / "lexicon.tsv").read_text(encoding="utf-8").splitlines():
        term, _, rarity = line.partition("\t")
        idf[term] = float(rarity)
    idf_folded: dict[str, float] = {}
    for term, value in idf.items():
        key = fold(term)
        idf_folded[key] = min(value, idf_folded.get(key, value))
    return Lexicon(idf, idf_folded, max(idf.values()))
