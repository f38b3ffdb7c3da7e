"""Whether the passages that a sentence cites hold what it states: ALCE's citation recall and
precision (Gao et al. 2023) with a test of words in the place of its entailment model.

Deterministic, and cruder than what the product itself checks (`grounds.py`), so that it does not
share its mistakes. A meaning turned round with the same words is not seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.see_also import LED_BY
from rag.words import FUNCTION_WORDS, lexicon

ENOUGH = 0.8  # of a sentence's content syllables, by rarity, must stand in what it cites
_CITED = re.compile(r"(?P<words>.*?)(?P<markers>(?:\s?\[\d+\])+)[.:;,!?…]*")
# The product's own words around what it cites: that a year is over is no source's saying.
_OWN = re.compile(rf"^Lưu ý: |^{LED_BY}|(?:này|ở) (?=là của năm)|, nay đã qua$")
_OPENS = re.compile(r"(?:^|[.!?:;“\"(–-])\s*$")  # a capital here may be the sentence's own


@dataclass(frozen=True)
class Stated:
    """A stretch of an answer up to the markers behind it; no markers: nothing is cited."""

    words: str
    markers: tuple[int, ...]


@dataclass(frozen=True)
class Support:
    """One sentence with how it is carried by what it cites."""

    stated: Stated
    recalled: bool  # all that it cites together holds it
    precise: tuple[bool, ...]  # for each marker: the passage is needed, or enough alone


def stated(answer: str) -> list[Stated]:
    """The sentences of an answer, in their order; what has no word in it is left out."""
    found = []
    for line in answer.split("\n"):
        end = 0
        for match in _CITED.finditer(line):
            markers = tuple(int(n) for n in re.findall(r"\d+", match["markers"]))
            found.append(Stated(_OWN.sub("", match["words"].strip(" -|")), markers))
            end = match.end()
        found.append(Stated(line[end:].strip(" -|"), ()))
    return [s for s in found if re.search(r"\w", s.words)]


def supports(answer: str, citations: Sequence[Mapping[str, Any]]) -> list[Support]:
    """Every sentence of an answer held against the bodies of its citations."""
    passages = {citation["marker"]: passage(citation) for citation in citations}
    return [_support(sentence, passages) for sentence in stated(answer)]


def passage(citation: Mapping[str, Any]) -> str:
    """The words cited and what a reader sees beside them: lead-in, place, whose text it is."""
    document = citation["document"]
    known = [document, document.get("about") or {}]
    whose = [
        i.get(k) for i in known for k in ("kind", "title", "number", "issuer", "issued_on_text")
    ]
    shown = [citation["quote"], citation["context"], citation["locator"], *whose]
    return "\n".join(words for words in shown if words)


def _support(sentence: Stated, passages: Mapping[int, str]) -> Support:
    texts = [passages.get(marker, "") for marker in sentence.markers]
    recalled = holds("\n".join(texts), sentence.words)
    precise = tuple(
        recalled and (holds(text, sentence.words) or not holds(_others(texts, n), sentence.words))
        for n, text in enumerate(texts)
    )
    return Support(sentence, recalled, precise)


def _others(texts: Sequence[str], left_out: int) -> str:
    return "\n".join(text for n, text in enumerate(texts) if n != left_out)


def holds(text: str, sentence: str) -> bool:
    """Every number and name of the sentence stands in the text, and most of its words do."""
    there = frozenset(_words(text))
    names_and_numbers = _numbers(sentence) <= _numbers(text) and _names(sentence) <= there
    said = {word for word in _words(sentence) if word not in FUNCTION_WORDS}
    rarity = {word: lexicon().rarity(word) for word in said if not word[0].isdigit()}
    found = sum(rarity[word] for word in rarity.keys() & there)
    return bool(text) and names_and_numbers and found >= ENOUGH * sum(rarity.values())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())


def _numbers(text: str) -> set[str]:
    """Runs of digits, `05` as `5`: dates, amounts and numbers of documents are made of them."""
    return {run.lstrip("0") or "0" for run in re.findall(r"\d+", text)}


def _names(sentence: str) -> set[str]:
    """Words with a capital that they don't owe to their place, case-folded."""
    return {
        match[0].casefold()
        for match in re.finditer(r"[^\W\d_]+", sentence)
        if match[0][0].isupper() and not _OPENS.search(sentence[: match.start()])
    }
