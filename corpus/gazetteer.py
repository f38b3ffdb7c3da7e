"""Names of places, old and new, from `gazetteer.yaml`: the mergers of July 2025 (Resolution 202/2025/QH15).

What was renamed, bodies too, is in `renamings.py`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpus.clean import fold


@cache
def gazetteer() -> dict[str, Any]:
    """The file as it is."""
    path = Path(__file__).parent / "gazetteer.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def provinces() -> dict[str, str]:
    """Name of a province before or after July 2025, in any spelling -> name of today's province."""
    names = {old: new for new, olds in gazetteer()["provinces"].items() for old in (new, *olds)}
    return names | {spelled: names[name] for spelled, name in _spellings().items()}


@cache
def _spellings() -> dict[str, str]:
    return {other: name for name, others in gazetteer()["spellings"].items() for other in others}


def place_name(spelled: str) -> str:
    """A province's name in its usual spelling: `TPHCM` is `Thành phố Hồ Chí Minh`."""
    return _spellings().get(spelled, spelled)


def spellings_of(spelled: str) -> tuple[str, ...]:
    """A province's name in every spelling."""
    name = place_name(spelled)
    return (name, *gazetteer()["spellings"].get(name, ()))


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(provinces(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


@cache
def _folded() -> dict[str, str]:
    return {fold(name): name for name in provinces()}


@cache
def _folded_pattern() -> re.Pattern[str]:
    names = sorted(_folded(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def find_place(text: str) -> str | None:
    """The first province named in a text, as it is spelled there; None where there is none."""
    match = _pattern().search(text)
    return match[0] if match else None


def find_places(text: str, *, accented: bool) -> list[str]:
    """Every province that a question names; `accented=False` reads text typed without diacritics."""
    if accented:
        return list(dict.fromkeys(match[0] for match in _pattern().finditer(text)))
    found = _folded_pattern().finditer(fold(text))
    return list(dict.fromkeys(_folded()[match[0]] for match in found))


def place_spans(text: str) -> list[tuple[int, int]]:
    """Where a question names provinces, in its folded text where it has no diacritics."""
    found = list(_pattern().finditer(text)) or list(_folded_pattern().finditer(fold(text)))
    return [match.span() for match in found]


@cache
def mended_place(pair: str) -> str | None:
    """The province whose folded name is one letter from a folded pair of syllables, if only one.

    None for a pair that is a province's name already: `bac kan` is not a slip for `bac can`.
    """
    if pair in _folded():
        return None
    near = {name for name in _folded() if len(name) >= 7 and _one_letter_apart(pair, name)}
    return _folded()[near.pop()] if len(near) == 1 else None


def _one_letter_apart(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:]
