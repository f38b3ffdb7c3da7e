"""Which part a follow-up means: `khoản 3`, `điều tiếp theo`, `điểm b`, read from the part told last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from corpus.clean import fold
from corpus.model import Document, Level, Part
from corpus.sentences import sentences
from rag.compose import Draft, compose_part, compose_words
from rag.rewording import patterns
from rag.understand import ORDINAL_WORDS, PartReference, understand

Path = Sequence[tuple[str, str]]  # level and label of each step, from the outermost

_LEVELS: dict[str, Level] = {
    "dieu": "article", "khoan": "clause", "diem": "point", "muc": "section", "chuong": "chapter",
}  # fmt: skip
_SENTENCES = 2  # told of what follows
_OF_ANY_LIST = frozenset(("y", "viec", "cai", "gach dau dong"))
_POINT = re.compile(r"(?<!\w)(?:điểm|diem)\s+([a-zđ])(?!\w)")


def part_meant(text: str, document: Document, path: Path) -> str | None:
    """The place as a person would cite it, whole: `điểm b khoản 1 Điều 12`; None where none is meant."""
    last = part_at(document, path)
    named = understand(text).part
    inside = bool(named) and not named.article and bool(named.clause or _point(text, named))
    # `khoản 1 điều đó` is a place in what `điều đó` means.
    found = None if inside else _relative(fold(text), document, last)
    if found is None and not (named and named.listed):  # `mục II, gạch đầu dòng 2` says where it is
        found = _nth(fold(text), document, last)
    if found is not None:
        return _cited(found)
    told = _completed(text, named, last)
    return f"{told}{_attached(last)}" if told else None


def what_follows(document: Document, path: Path, end: int) -> Draft | None:
    """What stands behind a place that ends there, in the same article or section, of a text without
    any in the next paragraph or item; None at its end."""
    part = part_at(document, path)
    if part is None:
        return None
    left = [*islice(sentences(document.text, max(end, part.start), part.end), _SENTENCES)]
    if left and not part.children:
        return compose_words(document, part, left)
    articles = (p for p in document.parts() if p.level == "article")
    around = next(p for p in (*articles, *document.outline) if _holds(p, part))
    flat = around.level != "article" and not around.children
    later = [p for p in document.outline if p.level != "foot"] if flat else around.children
    return next((compose_part(document, p) for p in _every(later) if p.start >= end), None)


def _every(parts: Iterable[Part]) -> Iterator[Part]:
    return (inner for part in parts for inner in part.walk())


def part_at(document: Document, path: Path) -> Part | None:
    """The part that the conversation is at."""
    return next((p for p in document.parts() if path_of(p) == tuple(path)), None)


def path_of(part: Part) -> tuple[tuple[str, str], ...]:
    return tuple((step.level, step.label) for step in part.path)


def _completed(text: str, named: PartReference, last: Part | None) -> str | None:
    """What the text names, filled up with where the conversation is."""
    point = _point(text, named)
    if named.list_name or not (named or point):
        return None
    if named.section or named.chapter or named.appendix or named.article:
        return replace(named, point=point).told
    article = last.step_label("article") if last else None
    clause = named.clause or (last.step_label("clause") if last else None)
    return PartReference(_plain(article), _plain(clause), point).told if article else None


def _point(text: str, named: PartReference) -> str | None:
    return named.point or ((match := _POINT.search(text.casefold())) and match[1])


def _plain(label: str | None) -> str | None:
    return label.partition("~")[0] if label else None


def _relative(plain: str, document: Document, last: Part | None) -> Part | None:
    """`điều tiếp theo`, `khoản cuối cùng`, `điều này`, `chỉ tiêu tiếp theo`."""
    units = f"{'|'.join(_LEVELS)}|{patterns().listed}|cai|phan"
    for move, words in (*patterns().relative.items(), ("this", patterns().this)):
        match = re.search(rf"(?<!\w)({units}) (?:{words})(?!\w)", plain)
        if match and last is not None and not (move == "this" and match[1] not in _LEVELS):
            if match[1] not in _LEVELS and move in ("first", "last") and last.children:
                return last.children[0 if move == "first" else -1]
            return _moved(_level(match[1], last), move, document, last)
    return None


_NUMBER = rf"\d{{1,2}}|(?<=thu )(?:{'|'.join(ORDINAL_WORDS)})"


def nth_item(plain: str) -> re.Match[str] | None:
    """Where a folded text says `ý 3`, `chỉ tiêu thứ hai`: what the item is called and its number."""
    names = "|".join((*sorted(_OF_ANY_LIST), patterns().listed))
    return re.search(rf"(?<!\w)({names}) (?:so |thu )?({_NUMBER})(?![\w%])", plain)


def _nth(plain: str, document: Document, last: Part | None) -> Part | None:
    """`ý 3`, `việc thứ hai` of the list told last; `chỉ tiêu 2` only where that list is called so."""
    match = nth_item(plain)
    if match is None or last is None:
        return None
    home = last if last.children else _above(last, document)
    heading = fold(home.heading) if home else ""  # outermost parts are a list without one
    if not (match[1] in _OF_ANY_LIST or match[1] in heading):
        return None
    number = int(match[2]) if match[2].isdigit() else ORDINAL_WORDS.index(match[2]) + 1
    level = home.children[-1].level if home else last.level
    row = [c for c in (home.children if home else document.outline) if c.level == level]
    return row[number - 1] if 0 < number <= len(row) else None


def _above(part: Part, document: Document) -> Part | None:
    return next((p for p in document.parts() if part in p.children), None)


def _level(word: str, last: Part) -> Level:
    """`mục` is said of a plan's sections and of those below them; an item has the last part's level."""
    level = _LEVELS.get(word, last.level)
    return "subsection" if (level, last.level) == ("section", "subsection") else level


def _moved(level: Level, move: str, document: Document, last: Part) -> Part | None:
    own = next((p for p in document.parts() if _holds(p, last) and p.level == level), None)
    if own is None:  # the part told last is above: its own children are meant
        below = [p for p in last.walk() if p.level == level]
        return below[-1 if move == "last" else 0] if below and move != "this" else None
    row = [p for p in document.parts() if p.level == level and _home(p) == _home(own)]
    at = row.index(own)
    place = {"next": at + 1, "previous": at - 1, "last": len(row) - 1, "first": 0, "this": at}[move]
    return row[place] if 0 <= place < len(row) else None


def _holds(part: Part, inner: Part) -> bool:
    return inner.path[: len(part.path)] == part.path


def _home(part: Part) -> object:
    """Articles are counted through a whole text or attachment, other parts within the one above."""
    return part.step_label("appendix") if part.level == "article" else part.path[:-1]


def _cited(part: Part) -> str:
    if part.level not in ("article", "clause", "point") or not part.step_label("article"):
        return part.locator
    article, clause, point = (_plain(part.step_label(n)) for n in ("article", "clause", "point"))
    return f"{PartReference(article, clause, point).told}{_attached(part)}"


def _attached(part: Part | None) -> str:
    """`, Quy chế kèm theo` for a place of an attachment that has a name of its own."""
    label = part.step_label("appendix") if part else None
    return f" {label} kèm theo" if label and not label.isdigit() else ""
