"""What a block of a text could begin: `Điều 5.`, `IV.`, `1.1.`, `a)`, `-`; and what only looks like it.

Words of other texts (quotations), tables of contents and blanks of forms are told apart here; whether
a mark fits its place in the text is decided by `outline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.clean import fold
from corpus.letters import compiled
from corpus.model import Level
from corpus.references import KINDS

POINTS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINALS = "nhất hai ba tư năm sáu bảy tám chín mười".split()

# The order is the order of trial: the first pattern that fits a block and its place wins.
# In front the characters that a pattern can begin with: most blocks are tried against one or two.
_SPELLED: tuple[tuple[str, Level, str], ...] = (
    ("P", "part", r"^(?:Phần|PHẦN)\s+((?:thứ|THỨ)\s+\w+|[IVXLC]+|\d+)\s*[.:]?(?=\s|$)"),
    ("C", "chapter", r"^(?:Chương|CHƯƠNG)\s+([IVXLC]+[a-zđ]?|\d+[a-zđ]?)\s*[.:]?(?=\s|$)"),
    ("M", "section", r"^(?:Mục|MỤC)\s+([IVXLC]+|\d+[a-z]?)\s*(?:[.:]\s*|\s+(?=[A-ZÀ-ỸĐ])|$)"),
    ("T", "subsection", r"^(?:Tiểu mục|TIỂU MỤC)\s+(\d+)\s*(?:[.:]\s*|\s+(?=[A-ZÀ-ỸĐ])|$)"),
    ("Đ", "article", r"^(?:Điều|ĐIỀU)\s+(\d+[a-zđ]?)\s*(?:[.:]-?\s*|$)"),
    ("IVXLC", "section", r"^([IVXLC]{1,6})\s*(?:[.)/]\s*(?=\S)|-\s+(?=[A-ZÀ-ỸĐ]))"),
    ("ABCDEFGH", "part", r"^([A-H])\s*[.)]\s+(?=\S)"),
    ("0", "clause", r"^(\d{1,2}(?:\.\d{1,2}){1,3})[.)]?\s+(?=\S)"),
    (
        "0",
        "clause",
        r"^(\d{1,3}[a-zđ]?)\s*(?:[.)/]\s*(?=[^\d\s]|\d+\s?%|\d{2,}\s|\d{1,3}(?:[./]\d+)+\s)|-\s+(?=[A-ZÀ-ỸĐ]))",
    ),
    ("abcdefghijklmnopqrstuvwxyzđ", "point", r"^([a-zđ])\d?\s*[.)]\s*(?=\S)"),
    ("-–—•", "item", r"^([-–—•])\s*(?=\S)"),
    ("+*", "subitem", r"^([+*])\s*(?=\S)"),
)
_PATTERNS: dict[str, list[tuple[Level, re.Pattern[str]]]] = {}
for _beginnings, _level, _pattern in _SPELLED:
    for _character in _beginnings:
        _PATTERNS.setdefault(_character, []).append((_level, compiled(_pattern)))
APPENDIX = re.compile(
    r"^(?:Phụ lục|PHỤ LỤC)(?:\s+(?:số\s+)?([IVXLC]+|\d+[a-z]?))?\s*(?:[.:](?=\s|$)|$|(?=\s(?![IVXLC]+\b)[A-ZĐ]{2}))"
)
_NAMES_OTHERS = "|".join((*KINDS, "Chương", "Mục", "Phần", "Tiểu mục", "Điều"))
# `Mục 3 Chương này`, `Chương II của Nghị định`: the words of a sentence about that part.
_IS_REFERENCE = compiled(
    rf"^(?:[a-zà-ỹđ,;]|(?:{_NAMES_OTHERS})\s+(?:này|số|[IVXLC\d]+)|[A-ZĐ][\wà-ỹ]+ [\wà-ỹ]+ này)"
)
_KEYWORDS = re.compile(r"^(?:Phần|Chương|Mục|Tiểu mục)\s")
_INITIALS = compiled(r"^(?:[A-ZĐ]\.\s*)+[A-ZÀ-ỸĐ][a-zà-ỹđ]+-?")
_BLANKS = re.compile(r"^[\s.…_□:/-]*(?:[.…_]{4,}|…)[\s.…_□:/-]*$")
LEADER = re.compile(r"[.…]{4,}\s*\d{1,3}$")
_OPENING, _CLOSING = re.compile(r"^[“\"«]"), re.compile(r"[”\"»][.;,]*$")
_CLOSES_INSIDE = re.compile(r"[”\"»]")
_LONGEST_QUOTE = 80  # blocks; a quotation left open must not swallow the text behind it


@dataclass(frozen=True)
class Block:
    """One line of a cleaned text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def blocks_of(text: str) -> list[Block]:
    blocks, position = [], 0
    for line in text.split("\n"):
        if line:
            blocks.append(Block(line, position))
        position += len(line) + 1
    return blocks


@lru_cache(maxsize=4096)  # a block is looked at from the blocks before it too
def candidates(block: str) -> tuple[tuple[Level, str, str], ...]:
    """Every mark that the block could begin with: level, label, the words behind it."""
    return tuple(_candidates(block))


def _candidates(block: str) -> Iterator[tuple[Level, str, str]]:
    first = "0" if block[:1].isdecimal() else block[:1]
    for level, pattern in _PATTERNS.get(first, ()):
        if match := pattern.match(block):
            words = block[match.end() :].strip()
            if not _only_looks_like(level, block, words):
                yield level, match.group(1) or "", words


def _only_looks_like(level: Level, block: str, words: str) -> bool:
    if level in ("item", "subitem"):
        return False
    if _KEYWORDS.match(block):
        return _IS_REFERENCE.match(words) is not None
    if level in ("section", "part"):  # `V. I. Lê-nin`, `A. Nguyễn (thực hiện)`
        initial = level == "part" and len(words.split("(")[0].split()) <= 1
        return _INITIALS.match(words) is not None or " | " in words or initial
    return _BLANKS.match(words) is not None


def followed(blocks: Sequence[Block], number: int, level: Level, label: str) -> bool:
    """Whether the mark that comes next in its row (3 behind 2) stands further on."""
    wanted, over = rank(label) + 1, _OVER.get(level, ())
    for block in blocks[number + 1 : number + _FORWARD]:
        for other, there, _ in candidates(block.text):
            if other == level and rank(there) == wanted and style(there) == style(label):
                return True
            if other in over and not there.isdigit():
                return False
    return False


_FORWARD = 200  # blocks looked ahead
_OVER: dict[Level, tuple[Level, ...]] = {
    "clause": ("article", "chapter", "part"),
    "point": ("article", "chapter", "part", "section"),
}


@lru_cache(maxsize=1024)
def rank(label: str) -> float:
    """The place of a label in its row: `2a` comes behind 2, `đ` behind d, IV is 4."""
    if match := re.fullmatch(r"(\d+)([a-zđ]?)", label):
        return int(match[1]) + (match[2] != "") * (POINTS.find(match[2]) + 1) * 0.01
    if label.lower().startswith("thứ "):
        word = label[4:].lower()
        return _ORDINALS.index(word) + 1 if word in _ORDINALS else 0
    if match := re.fullmatch(r"([IVXLC]+)([a-zđ]?)", label):
        return _roman(match[1]) + (match[2] != "") * (POINTS.find(match[2]) + 1) * 0.01
    if len(label) == 1 and label.isupper():
        return ord(label) - ord("A") + 1
    return POINTS.find(label) + 1 if label else 0


def _roman(label: str) -> int:
    values = [_ROMAN[letter] for letter in label]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def style(label: str) -> tuple[bool, int]:
    """Labels of one style form a row: `IV`, `4` and `4.1` are of three."""
    return label[:1].isupper(), label.count(".")


def foreign(blocks: Sequence[Block]) -> set[int]:
    """Blocks that are not the text's own structure: quotations and tables of contents."""
    return _quoted(blocks) | _contents(blocks)


def _quoted(blocks: Sequence[Block]) -> set[int]:
    """Blocks inside a quotation that begins with a block: the words of another text."""
    inside: set[int] = set()
    last_article = 0.0
    for number, block in enumerate(blocks):
        if number in inside:
            continue
        if not _OPENING.match(block.text) or not _is_marked(block.text.lstrip('“"«')):
            last_article = next(
                (rank(label) for level, label, _ in candidates(block.text) if level == "article"),
                last_article,
            )
            continue
        inside.update(range(number, _quote_end(blocks, number, last_article)))
    return inside


def _is_marked(words: str) -> bool:
    return APPENDIX.match(words) is not None or any(True for _ in candidates(words))


def _quote_end(blocks: Sequence[Block], number: int, last_article: float) -> int:
    """Behind the block that closes the quotation; one left open ends where the amending text's own
    articles go on."""
    stop = min(number + _LONGEST_QUOTE, len(blocks))
    for n in range(number, stop):
        if _CLOSING.search(blocks[n].text):
            return n + 1
    if _CLOSES_INSIDE.search(blocks[number].text[1:]):
        return number
    for n in range(number + 1, stop):
        for level, label, _ in candidates(blocks[n].text):
            if level == "article" and rank(label) == last_article + 1:
                return n
    return number


def _contents(blocks: Sequence[Block]) -> set[int]:
    """Lines of a table of contents: with leaders, or short ones under `Mục lục`."""
    inside = {
        n for n, block in enumerate(blocks)
        if block.text[-1].isdecimal() and LEADER.search(block.text)
    }  # fmt: skip
    for number, block in enumerate(blocks):
        if len(block.text) < 20 and fold(block.text).strip(" :") == "muc luc":
            inside.update(range(number + 1, _contents_end(blocks, number)))
    return inside


def _contents_end(blocks: Sequence[Block], number: int) -> int:
    """Up to the first sentence, or to where the first entry is said again: the body's beginning."""
    first = _entry(blocks[number + 1].text) if number + 1 < len(blocks) else ""
    for n in range(number + 1, len(blocks)):
        text = blocks[n].text
        again = n > number + 1 and _entry(text) in (first, first.split(". ")[0])
        if (
            again
            or (len(text.split()) > 25 or re.search(r"[.;:]$", text))
            and not LEADER.search(text)
        ):
            return n
    return len(blocks)


def _entry(line: str) -> str:
    return fold(LEADER.sub("", line)).strip(" .")
