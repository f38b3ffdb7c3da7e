"""What a question is wrapped in when people chat: greetings, `cho em hỏi`, thanks, that it is urgent.

It asks for nothing, and would be searched like the rest. Which words are of it is read off two models of
syllable pairs (`syllable_pairs`), one counted over such words, one over questions and documents of
offices, with the library's own: a hidden Markov model of two states, the likeliest way wins (Viterbi).
Whole turns of courtesy are `follow_ups.is_courtesy`'s.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from corpus.clean import fold
from rag.diacritics import with_diacritics
from rag.syllable_pairs import BEGIN, END, Neighbours, of_courtesies, of_offices
from rag.words import FUNCTION_WORDS

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[.,?!:;]")
_STOPS = frozenset(".?!")
_OF_LIBRARY = 0.3  # what the library's own pairs count in a question
_MARK, _NUMBER = 0.05, 0.02  # how often a question goes on with one
_UNKNOWN = 1e-6  # a word that is in no model; in a courtesy less likely still
_CHANGE = 0.03  # how likely one begins behind the other
_JOINING = 4  # words that may join a follow-up to what was said


def as_meant(text: str, library: Neighbours, *, follows: bool) -> str:
    """What was typed, with its diacritics and without courtesies; `follows` a question before it.

    A few words before or behind a follow-up may join it to what was said (`thế …`, `hỏi sang …`).
    """
    text = with_diacritics(text, library, follows=follows)
    asked = without_courtesies(text, library)
    joining = follows and len(text.split()) - len(asked.split()) <= _JOINING
    return text if joining else asked


def courtesy_tokens(text: str) -> list[str]:
    """Syllables and punctuation, as courtesies are counted; numbers are alike."""
    return ["0" if token.isdigit() else token.lower() for token in _TOKEN.findall(text)]


def without_courtesies(text: str, library: Neighbours) -> str:
    """The question itself; the text as it is where nothing is left that says something."""
    matches = [*_TOKEN.finditer(text)]
    tokens = courtesy_tokens(text)
    says = [_says(token, library) for token in tokens]
    runs = [run for run in _runs(_asking(tokens, library)) if any(says[slice(*run)])]
    runs = _joined(runs, tokens)
    if not runs or runs == [(0, len(tokens))]:
        return text
    kept = ""
    for number, (start, end) in enumerate(runs):
        if number:  # what stood between ended a sentence
            kept += " " if kept.endswith(tuple(_STOPS)) else ". "
        # Brackets and dashes between its words are no tokens and stay.
        kept += text[matches[start].start() : matches[end - 1].end()].strip(" ,:;")
    return f"{kept.rstrip(' ?')}?" if "?" in text else kept


def _says(token: str, library: Neighbours) -> bool:
    """Whether it is a number, or a word that offices know and that says something."""
    if token in FUNCTION_WORDS or not token[0].isalnum():
        return False
    bare = fold(token)
    return token.isdigit() or bare in of_offices().spellings or bool(library.spellings(bare))


def _joined(runs: list[tuple[int, int]], tokens: list[str]) -> list[tuple[int, int]]:
    """Inside a sentence nothing is taken out: there it is mostly told, not said to somebody."""
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and _STOPS.isdisjoint(tokens[joined[-1][1] - 1 : joined[-1][1] + 1]):
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _runs(asks: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at, of_question in enumerate([*asks, False]):
        if of_question and start is None:
            start = at
        elif not of_question and start is not None:
            yield start, at
            start = None


def _asking(tokens: list[str], library: Neighbours) -> list[bool]:
    """Of each token, whether it is of the question."""
    change, stay = math.log(_CHANGE), math.log(1 - _CHANGE)
    said, before = (0.0, change), BEGIN  # as courtesy, as question
    back: list[tuple[bool, bool]] = []  # whether the best way to each came from a question
    for token in tokens:
        courtesy, question = said
        ended = math.log(of_courtesies().follows(before, END))
        to_courtesy = (
            courtesy + stay + _courteous(before, token),
            question + change + _courteous(BEGIN, token),
        )
        to_question = (
            courtesy + change + (ended if back else 0.0) + _asked(BEGIN, token, library),
            question + stay + _asked(before, token, library),
        )
        back.append((to_courtesy[1] > to_courtesy[0], to_question[1] > to_question[0]))
        said, before = (max(to_courtesy), max(to_question)), token
    state = said[1] >= said[0] + math.log(of_courtesies().follows(before, END))
    asks = []
    for came in reversed(back):
        asks.append(state)
        state = came[state]
    return asks[::-1]


def _courteous(before: str, token: str) -> float:
    return math.log(of_courtesies().follows(before, token))


def _asked(before: str, token: str, library: Neighbours) -> float:
    if not token[0].isalpha():
        return math.log(_NUMBER if token.isdigit() else _MARK)
    first = before if before[:1].isalpha() else BEGIN
    own, of_library = of_offices().follows(first, token), library.follows(first, [token])[0]
    return math.log((1 - _OF_LIBRARY) * own + _OF_LIBRARY * of_library + _UNKNOWN)
