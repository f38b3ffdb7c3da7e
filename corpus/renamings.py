"""What has another name since the mergers of 2025: provinces, ministries, departments of provinces.

Read from `gazetteer.yaml`. Not here: which document is meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corpus.clean import fold
from corpus.gazetteer import gazetteer, place_name, spellings_of

PROVINCES_SINCE, BODIES_SINCE = "2025-07-01", "2025-03-01"
_GAP = r"[\s.,–-]+"


@dataclass(frozen=True)
class Renaming:
    """An older name and today's; `told` says it in a sentence for people."""

    old: str
    new: str
    since: str  # ISO day
    kept: bool  # the new name was in use before, for less than it is today
    told: str


@cache
def renamings() -> tuple[Renaming, ...]:
    """Every renaming, provinces first."""
    return (*_of_provinces(), *_of_bodies())


def _of_provinces() -> Iterator[Renaming]:
    for new, olds in gazetteer()["provinces"].items():
        for old in olds:
            told = f"{old} nay thuộc {new} (từ ngày 01/7/2025, theo Nghị quyết 202/2025/QH15)."
            yield Renaming(old, new, PROVINCES_SINCE, True, told)


def _of_bodies() -> Iterator[Renaming]:
    for new, known in gazetteer()["bodies"].items():
        kept, mostly = bool(known.get("kept")), bool(known.get("mostly"))
        for old in known["from"]:
            became = "phần lớn nhiệm vụ nay thuộc" if mostly else "nay thuộc" if kept else "nay là"
            colon = ":" if mostly else ""
            yield Renaming(
                old, new, BODIES_SINCE, kept, f"{old}{colon} {became} {new} (sắp xếp năm 2025)."
            )


def names_in(text: str) -> dict[str, tuple[int, int]]:
    """Renamed bodies and provinces that a text names, with their first span in `fold(text)`.

    `Sở Tài nguyên` is one, where no other name begins so. Of abbreviations only those of places.
    """
    found: dict[str, tuple[int, int]] = {}
    for match in _pattern().finditer(fold(text)):
        found.setdefault(_forms()[_words(match[0])], match.span())
    return found


def _words(form: str) -> str:
    return " ".join(re.findall(r"\w+", fold(form)))


@cache
def _forms() -> dict[str, str]:
    """Folded words of every way to write a name -> the name."""
    bodies = {name for r in _of_bodies() for name in (r.old, r.new)}
    places = {place_name(name) for r in _of_provinces() for name in (r.old, r.new)}
    begins = {name: " ".join(_words(name).split()[:3]) for name in bodies}
    common = Counter(begins.values())
    short = {begin: name for name, begin in begins.items() if common[begin] == 1}
    spelled = {_words(form): name for name in places for form in spellings_of(name)}
    return short | {_words(name): name for name in bodies} | spelled


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_forms(), key=len, reverse=True)
    forms = "|".join(form.replace(" ", _GAP) for form in longest_first)
    return re.compile(rf"(?<![\w/-])(?:{forms})(?![\w/-])")
