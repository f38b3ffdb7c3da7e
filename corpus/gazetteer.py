"""Place names, old and new, from `gazetteer.yaml`: the mergers of July 2025 (Resolution 202/2025/QH15)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from corpus.clean import fold


@cache
def provinces() -> dict[str, str]:
    """Name of a province before or after July 2025 -> name of today's province."""
    data = yaml.safe_load((Path(__file__).parent / "gazetteer.yaml").read_text(encoding="utf-8"))
    return {old: new for new, olds in data["provinces"].items() for old in (new, *olds)}


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
