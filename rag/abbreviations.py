"""Abbreviations of administrative Vietnamese, written out in questions and documents alike.

`data/abbreviations.yaml` comes along; an office adds a file of its own (`library.abbreviations`).
Lower case, without diacritics, `&` and hyphens make no difference: `LĐ-TB&XH`, `ldtbxh`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import yaml

from corpus.clean import fold
from corpus.letters import compiled
from rag.errors import BrokenAbbreviations
from rag.spelling import is_syllable, respelled

_SHIPPED = Path(__file__).parent / "data" / "abbreviations.yaml"
_SHORT = re.compile(r"[^\W\d_](?:[-&]?[^\W_]){1,19}")
_FULL = re.compile(r"[^\W\d_]+(?:[ ,–-]+[^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")
_BEFORE_JOINT = re.compile(r"[^\W_]+(?=[-&]|$)")
_JOINT = r"(?:-|\s?&\s?)?"
_FREE = r"(?<![\w/&-])(?:{})(?![\w/&-])"  # never a piece of a number: `37/QĐ-UBND`


@dataclass(frozen=True)
class Abbreviations:
    """Short form to full words, lower-cased; see `abbreviations.yaml` for the three kinds."""

    always: Mapping[str, str]
    questions: Mapping[str, str]  # as typed, in capitals
    typed: Mapping[str, str]

    def expand(self, text: str) -> str:
        """A text with the abbreviations that stand in any text written out, in small letters."""
        return self._pattern.sub(lambda match: self._forms[_bare(match[0].lower())], text)

    def expand_small(self, text: str) -> str:
        """The same for a text in small letters, seven times as fast: all texts pass here."""
        if not any(map(self._may_begin, text.split())):
            return text
        return self._small.sub(lambda match: self._forms[_bare(match[0])], text)

    def expand_capitals(self, text: str) -> str:
        """The same for those that in small letters are a word: `TƯ` beside `đầu tư`.

        Beside another word in capitals it is a heading's own word: `THÔNG TƯ`.
        """
        if not any(map(text.__contains__, self._words)):
            return text
        words = compiled(rf"(?<![A-ZÀ-ỸĐ] ){_any_of(self._words).pattern}")
        return words.sub(lambda match: self.always[match[0].lower()], text)

    def expand_question(self, question: str) -> str:
        """A question with what is short in questions only: codes in capitals, chat's short words."""
        question = self._codes.sub(lambda match: self.questions[match[0]], question)
        return self._chat.sub(lambda match: self.typed[match[0].lower()], question)

    @cached_property
    def _forms(self) -> dict[str, str]:
        """Without joints, with and without diacritics."""
        own = {_bare(short): full for short, full in self.always.items() if not _is_word(short)}
        plain = {fold(short): full for short, full in own.items() if not is_syllable(fold(short))}
        return plain | own

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._small.pattern, re.I)

    @cached_property
    def _small(self) -> re.Pattern[str]:
        longest_first = sorted(self._forms, key=len, reverse=True)
        return re.compile(_FREE.format("|".join(_JOINT.join(short) for short in longest_first)))

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(short.upper() for short in self.always if _is_word(short))

    @cached_property
    def _may_begin(self) -> Callable[[str], bool]:
        """Whether a short form can begin in what stands between two spaces."""
        pieces = {short[:n] for short in self._forms for n in range(1, len(short))}
        pieces = {piece for piece in pieces if not is_syllable(piece)}

        @lru_cache(maxsize=65_536)
        def may_begin(chunk: str) -> bool:
            is_form = not self._forms.keys().isdisjoint(_WORD.findall(chunk))
            return is_form or not pieces.isdisjoint(_BEFORE_JOINT.findall(chunk))

        return may_begin

    @cached_property
    def _codes(self) -> re.Pattern[str]:
        return _any_of(self.questions)

    @cached_property
    def _chat(self) -> re.Pattern[str]:
        return re.compile(_any_of(self.typed).pattern, re.I)


def _any_of(shorts: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(shorts, key=len, reverse=True)
    return re.compile(_FREE.format("|".join(map(re.escape, longest_first)) or r"(?!)"))


def _bare(short: str) -> str:
    return re.sub(r"[\s&-]", "", short)


def _is_word(short: str) -> bool:
    """Whether a short form in small letters is a syllable: `tư`, `ban`."""
    return is_syllable(fold(short))


def read_abbreviations(own: Path | None = None) -> Abbreviations:
    """Those that come along, and an office's own, which win. Raises BrokenAbbreviations."""
    shipped = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    always = shipped["always"] | (_own(own) if own else {})
    spelled = {_bare(short).lower(): respelled(full.lower()) for short, full in always.items()}
    return Abbreviations(spelled, shipped["questions"], shipped["typed"])


def _own(path: Path) -> dict[str, str]:
    try:
        # All values as text: YAML would read `NO` or `ON` as a truth value.
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise BrokenAbbreviations(f"{path}: {type(exc).__name__}") from exc
    if not isinstance(values, dict):
        raise BrokenAbbreviations(f"{path}")
    for short, full in values.items():
        if not (isinstance(full, str) and _SHORT.fullmatch(short) and _FULL.fullmatch(full)):
            raise BrokenAbbreviations(f"{path}: {short}")
    return values
