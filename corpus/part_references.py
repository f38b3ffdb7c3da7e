"""Parts that a text names: `khoản 1, 2 Điều 18 của Luật ...`, `các điều 5, 6 và 7`, `khoản này`.

Covered: lists, ranges, chains (`điểm a khoản 1, khoản 3 Điều 5 và Điều 8`), relative ones. The places
are as the text says them; what is left unsaid (`khoản 2`, `Điều này`) is filled in by `filled`
from the place where it is said. Which instrument is meant is told by `links`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from corpus.model import Level, Part

_POINTS = "abcdđeghiklmnopqrstuvxy"
_LEVELS: dict[str, Level] = {
    "điểm": "point", "khoản": "clause", "điều": "article", "tiểu mục": "subsection",
    "mục": "section", "chương": "chapter", "phần": "part", "phụ lục": "appendix",
}  # fmt: skip
_SAID = {
    level: word if level in ("point", "clause") else word.capitalize()
    for word, level in _LEVELS.items()
}
# From the inside out: a place is said in this order.
ORDER: tuple[Level, ...] = ("point", "clause", "article", "subsection", "section", "chapter", "part", "appendix")  # fmt: skip
_LABELS = {
    "point": r"(?:[a-zđ]\d?|\d(?:\.\d){1,2})",
    "clause": r"\d{1,2}[a-zđ]?",
    "article": r"\d{1,3}[a-zđ]?",
    "subsection": r"\d{1,2}",
    "section": r"(?:[IVXLC]+|\d{1,2}[A-Za-z]?)(?:\.\d{1,2})*",
    "chapter": r"(?:[IVXLC]+|\d{1,2})",
    "part": r"(?:thứ\s+\w+|[IVXLC]+|\d{1,2})",
    "appendix": r"(?:số\s+)?(?:[IVXLC]+|\d{1,2}[A-Za-z]?)",
}
_JOIN = r"(?:\s*[,;]\s*(?:và\s+|hoặc\s+)?|\s+(?:và|hoặc|hay|đến|tới)\s+|\s*[-–]\s*)"
_CASED = {"khoản": "[Kk]hoản", "điểm": "[Đđ]iểm", "điều": "[Đđ]iều", "tiểu mục": "[Tt]iểu mục",
          "mục": "[Mm]ục", "chương": "[Cc]hương", "phần": "[Pp]hần", "phụ lục": "[Pp]hụ lục"}  # fmt: skip


def _atom_pattern() -> re.Pattern[str]:
    """A level's word and its labels, or `này`: `các khoản 1, 2 và 3`, `Điều này`."""
    options = []
    for word, level in _LEVELS.items():
        label = rf"{_LABELS[level]}(?![\w%]|\.\d)"
        again = rf"(?:{_JOIN}(?:(?:các\s+)?{_CASED[word]}\s+)?{label})*"
        options.append(
            rf"(?P<w_{level}>{_CASED[word]})\s+(?:(?P<this_{level}>này)(?!\w)|(?P<l_{level}>{label}{again}))"
        )
    return re.compile(rf"(?<![\w])(?:[Cc]ác\s+|[Nn]hững\s+)?(?:{'|'.join(options)})")


_ATOM = _atom_pattern()
_NESTS = re.compile(r"\s+(?:của\s+|thuộc\s+|tại\s+)?|\s*,\s*")
_GOES_ON = re.compile(r"\s*[,;]\s*(?:và\s+|hoặc\s+)?|\s+(?:và|hoặc|hay|đến|tới)\s+")


@dataclass(frozen=True)
class Place:
    """A place by its levels, as far as they are said; `this` names the levels said by `này`."""

    labels: tuple[tuple[Level, str], ...]
    this: frozenset[Level] = frozenset()

    def label(self, level: Level) -> str | None:
        return dict(self.labels).get(level)

    @property
    def locator(self) -> str:
        """`khoản 2 Điều 15`; empty where only `này` is said of it."""
        known = dict(self.labels)
        return " ".join(f"{_SAID[level]} {known[level]}" for level in ORDER if level in known)


@dataclass(frozen=True)
class PartMention:
    """Places of one instrument named at `text[start:end]`."""

    start: int
    end: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class _Atom:
    level: Level
    labels: tuple[str, ...]  # () for `này`
    start: int
    end: int
    shared: bool = False  # `khoản 1 các Điều 5, 6`: what stands before it holds for each


def part_mentions(text: str, start: int = 0, end: int | None = None) -> list[PartMention]:
    """The parts named in `text[start:end]`, in their order.

    A numbered line's own marker (`Điều 5. Tên`) is none of them.
    """
    end = len(text) if end is None else end
    atoms = [a for a in _atoms(text, start, end) if not _is_marker(text, a)]
    return [_mention(text, chain) for chain in _chains(text, atoms)]


def _atoms(text: str, start: int, end: int) -> Iterator[_Atom]:
    for match in _ATOM.finditer(text, start, end):
        level = next(lv for lv in ORDER if match[f"w_{lv}"])
        if match[f"this_{level}"]:
            yield _Atom(level, (), match.start(), match.end())
            continue
        said = match[f"l_{level}"]
        shared = match[0][:1] in "CcNn" and match[0][1:3] in ("ác", "hữ")
        yield _Atom(level, tuple(_labels(said, level)), match.start(), match.end(), shared)


def _labels(said: str, level: Level) -> Iterator[str]:
    """`1, 2 và 3` one by one; `5 đến 8` with what lies between."""
    tokens = [
        (m[1], m[2])
        for m in re.finditer(
            rf"(đến|tới|[-–])?\s*(?:[^\W\d_]{{3,}}\s+)?({_LABELS[level]})(?!\w)", said
        )
    ]
    previous: str | None = None
    for joint, label in tokens:
        if joint and previous is not None:
            yield from _between(previous, label)
        yield label
        previous = label


def _between(first: str, last: str) -> Iterator[str]:
    if first.isdigit() and last.isdigit():
        yield from (str(n) for n in range(int(first) + 1, int(last)))
    elif first in _POINTS and last in _POINTS:
        yield from _POINTS[_POINTS.index(first) + 1 : _POINTS.index(last)]


def _is_marker(text: str, atom: _Atom) -> bool:
    """`Điều 5. Phạm vi`, `Chương II` alone on its line: the line's own place."""
    if atom.start and text[atom.start - 1] != "\n":
        return False
    if atom.level in ("point", "clause") or len(atom.labels) != 1:
        return False
    return re.match(r"\s*(?:[.:]\s|\n|$)", text[atom.end : atom.end + 3]) is not None


def _chains(text: str, atoms: Sequence[_Atom]) -> Iterator[list[_Atom]]:
    """Atoms that only a separator parts belong together."""
    chain: list[_Atom] = []
    for atom in atoms:
        gap = text[chain[-1].end : atom.start] if chain else ""
        if chain and not (_NESTS.fullmatch(gap) or _GOES_ON.fullmatch(gap)):
            yield chain
            chain = []
        chain.append(atom)
    if chain:
        yield chain


def _mention(text: str, chain: Sequence[_Atom]) -> PartMention:
    groups: list[list[_Atom]] = []
    for atom in chain:
        gap = text[groups[-1][-1].end : atom.start] if groups else ""
        if groups and _nested(groups[-1][-1], atom, gap):
            first, *others = atom.labels or ("",)
            if not others or atom.shared:
                groups[-1].append(atom)
            else:  # `khoản 3 Điều 5 và Điều 8`: the second article is a place of its own
                groups[-1].append(replace(atom, labels=(first,)))
                groups.append([replace(atom, labels=tuple(others))])
        else:
            groups.append([atom])
    _inherit(groups)
    places = [place for group in groups for place in _places(group)]
    return PartMention(chain[0].start, chain[-1].end, tuple(dict.fromkeys(places)))


def _nested(inner: _Atom, outer: _Atom, gap: str) -> bool:
    """`khoản 1 Điều 5`, and `khoản 1, Điều 5` too; `Điều 5, khoản 1` begins anew."""
    outward = ORDER.index(outer.level) > ORDER.index(inner.level)
    return outward and _NESTS.fullmatch(gap) is not None


def _inherit(groups: list[list[_Atom]]) -> None:
    """`khoản 1, điểm a khoản 2 Điều 5`: the article at the end holds for what stands before it."""
    for left, right in zip(reversed(groups[:-1]), reversed(groups[1:]), strict=True):
        outer = ORDER.index(left[-1].level)
        inherited = [atom for atom in right if ORDER.index(atom.level) > outer]
        if inherited and left[-1].level in ("point", "clause"):
            left.extend(inherited)


def _places(group: Sequence[_Atom]) -> Iterator[Place]:
    """Every label of each atom with every label of the others: nearly always one place an atom."""
    this = frozenset(atom.level for atom in group if not atom.labels)
    said = [[(atom.level, _plain(label)) for label in atom.labels] for atom in group if atom.labels]
    for labels in product(*said):
        yield Place(labels, this)


def _plain(label: str) -> str:
    return re.sub(r"^số\s+", "", label)


_INNER: tuple[Level, ...] = ("point", "clause", "article")


def filled(place: Place, part: Part) -> Place:
    """The place with what it leaves unsaid taken from the part in which it is said.

    `khoản 2` inside Điều 5 is khoản 2 Điều 5; `Điều này` is Điều 5.
    """
    known = dict(place.labels)
    said = [level for level in ORDER if level in known or level in place.this]
    if not said or not set(said) & set(_INNER):
        own = {level: label for level in place.this if (label := _own(part, level))}
        return replace(place, labels=(*place.labels, *own.items()))
    needed: list[Level] = []
    innermost = said[0]
    for level in _INNER:
        if ORDER.index(level) >= ORDER.index(innermost) and level not in known:
            needed.append(level)
    if "article" in known:
        needed = [level for level in needed if level in place.this]
    own = {level: label for level in needed if (label := _own(part, level))}
    labels = {**known, **own}
    return replace(place, labels=tuple((lv, labels[lv]) for lv in ORDER if lv in labels))


def _own(part: Part, level: Level) -> str | None:
    label = part.step_label(level)
    return label.partition("~")[0] if label else None
