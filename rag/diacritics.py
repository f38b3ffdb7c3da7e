"""Diacritics as they were meant: `han nop bao cao` is `hạn nộp báo cáo`, `hội nghi` is `hội nghị`.

The likeliest way to write a question (Viterbi) under pairs of neighbouring syllables: how often they
stand in questions and documents of offices (`syllable_pairs`),
and how often in the library itself, which knows its names. So the embedding model and all that reads
words read the question as it was meant. Letters that are missing or wrong are the work of `slips`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from corpus.clean import fold
from rag.slips import mend
from rag.spelling import respelled
from rag.syllable_pairs import BEGIN, TURN, Neighbours, of_courtesies, of_offices
from rag.understand import is_accented
from rag.words import written_out

_OF_LIBRARY, _OF_COURTESIES = 0.3, 0.02  # what the library's own pairs count, and those of chat
_ALL_LACK = 1.0
_SMALL = 1e-9  # for what stands nowhere
# How likely a word of a text with diacritics is typed without its own, where others are and where it is
# the only one; with wrong ones that are another word's; with ones that are no word's.
_LACKS_MARKS, _ALONE_LACKS_MARKS, _WRONG_MARKS, _UNKNOWN = 0.03, 0.0003, 1e-4, 0.1
_SHOUTED = 4  # words from which a text in capitals only is one
_WORD = re.compile(r"(?<![^\s(\"“‘',;:])[^\W\d_]+(?=[)\"”’',;:.?!…]*(?:\s|$))")
# What stands before a label, which is no syllable: `diem d`, `muc vi`, `nam 2024`.
_LABELLED = {
    "dieu": "điều", "khoan": "khoản", "diem": "điểm", "muc": "mục", "chuong": "chương", "phan": "phần",
    "phu luc": "phụ lục", "so": "số", "quy": "quý", "thang": "tháng", "ngay": "ngày", "nam": "năm",
}  # fmt: skip
_LABEL = re.compile(
    r"(?<!\w)(?:(dieu|khoan|diem|muc|chuong|phan|phu luc) (\d[\d.]*|[ivx]+|[a-eghkl])|(quy) (\d|i{1,3}|iv)"
    r"|(?<!ho )(so|thang|ngay|nam) (\d[\d./]*))(?!\w)",
    re.I,
)


def with_diacritics(text: str, library: Neighbours, *, follows: bool = False) -> str:
    """The question with the diacritics that it lacks, and those put right that are wrong; `follows`
    another, as `con cong an` (`còn công an?`) does.

    Abbreviations and slips are written out on the way, for a neighbour tells how a syllable is meant.
    Names, numbers, labels, addresses stay as they are where the text has diacritics at all.
    """
    if text.isupper() and len(text.split()) >= _SHOUTED:
        text = text.lower()  # its capitals tell no name and no abbreviation
    typed_with = is_accented(text)
    text = mend(written_out(respelled(" ".join(text.split()))))
    labels = {match.start(match.lastindex or 0) for match in _LABEL.finditer(text)}
    text = _LABEL.sub(_labelled, text)  # keeps its length
    words = [match for match in _WORD.finditer(text) if match.start() not in labels]
    ends = [0, *(match.end() for match in words[:-1])]
    apart = [text[end : match.start()] != " " for end, match in zip(ends, words, strict=False)]

    def spelled(lacks_marks: float) -> list[str]:
        options = [_options(match, lacks_marks, library) for match in words]
        return _likeliest(options, apart, library, TURN if follows else BEGIN)

    meant = spelled(_LACKS_MARKS if typed_with else _ALL_LACK)
    if typed_with and sum(m[0].lower() != w for m, w in zip(words, meant, strict=True)) == 1:
        meant = spelled(_ALONE_LACKS_MARKS)
    pieces, end = [], 0
    for match, word in zip(words, meant, strict=True):
        pieces += [text[end : match.start()], _as_typed(match[0], word)]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _options(match: re.Match[str], lacks_marks: float, library: Neighbours) -> dict[str, float]:
    """How a word may be meant, each with the log of how likely it is then typed as it is."""
    word, bare = match[0].lower(), fold(match[0])
    has_others = lacks_marks < _ALL_LACK  # marks, the text
    is_name = has_others and match[0] != word and match.start() > 0
    if is_name or word != bare and not has_others:
        return {word: 0.0}
    known = {
        *of_offices().spellings.get(bare, ()),
        *of_courtesies().spellings.get(bare, ()),
        *library.spellings(bare),
    }
    slip = lacks_marks if word == bare else _WRONG_MARKS if word in known else _UNKNOWN
    return dict.fromkeys(sorted(known), math.log(slip)) | {word: 0.0}


def _likeliest(
    options: Sequence[dict[str, float]], apart: Sequence[bool], library: Neighbours, begin: str
) -> list[str]:
    """One spelling for each word; `apart` tells which words begin a clause."""
    best: dict[str, tuple[float, list[str]]] = {begin: (0.0, [])}
    for at, (spellings, begins) in enumerate(zip(options, apart, strict=True)):
        if begins and at:
            best = {BEGIN: max(best.values(), key=_score)}
        longer: dict[str, tuple[float, list[str]]] = {}
        for first, (score, way) in best.items():
            shares = library.follows(BEGIN if first == TURN else first, [*spellings])
            for (spelled, slip), of_library in zip(spellings.items(), shares, strict=True):
                chance = _mixed(first, spelled, of_library)
                reached = score + slip + math.log(chance + _SMALL)
                if spelled not in longer or reached > longer[spelled][0]:
                    longer[spelled] = reached, [*way, spelled]
        best = longer
    return max(best.values(), key=_score)[1]


def _mixed(first: str, second: str, of_library: float) -> float:
    if first == TURN:  # of few turns is known how they begin
        as_any = _mixed(BEGIN, second, of_library)
        return (as_any + of_offices().follows(TURN, second)) / 2
    of_courtesy = of_courtesies().follows(first, second)
    own = 1 - _OF_LIBRARY - _OF_COURTESIES
    of_office = of_offices().follows(first, second)
    return own * of_office + _OF_LIBRARY * of_library + _OF_COURTESIES * of_courtesy


def _score(found: tuple[float, list[str]]) -> float:
    return found[0]


def _labelled(match: re.Match[str]) -> str:
    word, label = (group for group in match.groups() if group)
    return f"{_as_typed(word, _LABELLED[word.lower()])} {label}"


def _as_typed(typed: str, spelled: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return spelled.upper()
    return spelled.capitalize() if typed[0].isupper() else spelled
