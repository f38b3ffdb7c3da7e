"""What a text states that can be held against another text letter by letter: dates, times, numbers
with their unit and direction, numbers of documents, articles, phone numbers, addresses.

Two spellings of one fact are equal: `15/10/2024` and `ngày 15 tháng 10 năm 2024`, `167/KH-SNNPTNT`
and `167 / KH-SNNPTNT`, `20 triệu` and `20.000.000`. Names and meaning are not here; comparing is
in `agreement.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from corpus.references import number_parts
from rag.numerals import numbers
from rag.words import canonical

Key = tuple[Hashable, ...]  # what kind of fact, then its value
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{3,80}|(?:https?://|www\.)[^\s<>\"”)]{3,300}", re.I)
# A code begins with a capital: `2 lần/năm` is no document.
_INSTRUMENT = re.compile(
    r"(?<![\w/.-])\d{1,5}[a-z]?(?: ?/ ?(?:19|20)\d{2})?(?: ?/ ?|-)[A-ZĐ][A-Za-zĐđƯư&]{0,19}\d{0,3}"
    r"(?:(?: ?/ ?|[-.])[A-ZĐ][A-Za-zĐđƯư&]{0,19}\d{0,3}){0,4}(?!\w)"
)
_PHONE = re.compile(
    r"(?<![\d/.,])(?:\+84|0)(?:[ .()-]{0,2}\d){8,10}(?!\d)|\b1[89]00(?:[ .]?\d){4,6}(?!\d)"
)
_DATES = re.compile(
    r"(?<![\d/.-])(?:(?P<iso>\d{4})-(?P<im>\d{1,2})-(?P<id>\d{1,2})"
    r"|(?P<d>\d{1,2}) ?(?P<sep>[/.-]) ?(?P<m>\d{1,2}) ?(?P=sep) ?(?P<y>\d{4}|\d{2})"
    r"|(?P<dw>\d{1,2}) tháng (?P<mw>\d{1,2})(?:,? năm (?P<yw>\d{4}))?"
    r"|(?P<mo>\d{1,2}) ?/ ?(?P<yo>(?:19|20)\d{2})|(?P<ds>\d{1,2})/(?P<ms>\d{1,2}))(?![\d/])"
    r"|(?<!\w)tháng (?P<mt>\d{1,2})(?: ?[/-] ?|,? năm )(?P<yt>\d{4})(?!\d)"
    r"|(?<!\w)tháng (?P<mb>\d{1,2})(?![\d/.,])"
    r"|(?<!\w)ngày (?:mùng |mồng )?(?P<db>\d{1,2})(?![\d/.-]| tháng| ?[/-] ?\d)"
)  # fmt: skip
_QUARTER = re.compile(
    r"(?<!\w)quý (?P<q>iv|i{1,3}|[1-4])(?: ?[/-] ?(?P<y>\d{4})| năm (?P<yw>\d{4}))?(?!\w)", re.I
)
_CLOCK = re.compile(
    r"(?<![\d.,])(\d{1,2}) ?(?:h|giờ)(?: ?(\d{2})(?!\d))?(?: ?phút)?(?!\w)|(?<![\d.,:])(\d{1,2}):(\d{2})(?![\d:])"
)
_PART = re.compile(
    r"(?<!\w)(điểm|khoản|điều|tiểu mục|mục|chương|phần|phụ lục) (?:số |thứ )?"
    r"([a-zđ]|\d{1,3}[a-zđ]?(?:\.\d{1,3}){0,3}|[ivxlc]{1,6}(?:\.\d{1,3}){0,3})(?![\w%]|[.,]\d)"
)
_SEQUENCE = re.compile(
    r"(?<!\w)(?:số|nghị quyết|nghị định|quyết định|quy định|chỉ thị|kết luận|thông tư|thông báo|công văn|kế hoạch"
    r"|chương trình|hướng dẫn|báo cáo|luật)(?: số)? (\d{1,5})(?![\w%]|[.,/]\d)"
)
_ROMAN = re.compile(r"(?<![\w-])[IVXLC]{1,6}(?![\w-])")
_DIRECTIONS = tuple(
    (name, re.compile(rf"(?<!\w)(?:{words})(?: (?:là|vào|ngày|tháng|năm|quý|thời điểm)){{0,3}} ?$"))
    for name, words in (
        ("until", "trước|chậm nhất|muộn nhất|trễ nhất|đến hết|đến trước|cho đến|đến|hết"),
        ("since", "sau|từ|kể từ|bắt đầu từ"),
        ("at most", "không quá|tối đa|nhiều nhất|dưới|ít hơn|thấp hơn|không vượt quá"),
        (
            "at least",
            "ít nhất|tối thiểu|trên|hơn|nhiều hơn|cao hơn|không dưới|không ít hơn|quá|vượt",
        ),
    )
)
# Said of a fact's direction, which is compared by itself.
DIRECTION_WORDS = frozenset(
    "chậm muộn trễ nhất hết kể bắt đầu quá tối đa thiểu ít dưới trên hơn vượt".split()
)
_YEAR_WORDS = re.compile(r"(?<!\w)(?:năm|giai đoạn|nhiệm kỳ) (?:\d{4} ?[-–] ?)?$")
_NEAR = 4  # syllables behind a number among which a source may name what is counted


class Count(NamedTuple):
    """A number with what it counts: the syllables behind it, the nearest first."""

    values: frozenset[Decimal]
    percent: bool
    behind: tuple[str, ...]
    before: str | None  # its direction


@dataclass(frozen=True)
class Facts:
    """The facts of one text."""

    keys: dict[Key, frozenset[str | None]]  # each with the directions in which it is said
    counts: tuple[Count, ...]
    parts: tuple[tuple[tuple[str, str], ...], ...]  # `khoản 2 Điều 15` as one chain
    roman: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.keys or self.counts or self.parts or self.roman)


def facts(text: str) -> Facts:
    """Read a text of a few thousand code points."""
    plain = " ".join(text.split())
    keys: dict[Key, set[str | None]] = {}
    plain = _take(_ADDRESS, plain, keys, lambda m: [("address", m[0].casefold().rstrip(".,;"))])
    plain = _take(_INSTRUMENT, plain, keys, lambda m: [("instrument", *number_parts(m[0]))])
    plain = _take(_QUARTER, plain, keys, _quarter)
    roman = frozenset(_ROMAN.findall(plain))
    plain = " ".join(canonical(plain).split())
    plain = _take(_PHONE, plain, keys, lambda m: [("phone", re.sub(r"\D", "", m[0]))])
    plain = _take(
        _CLOCK, plain, keys, lambda m: [("time", int(m[1] or m[3]), int(m[2] or m[4] or 0))]
    )
    plain = _take(_DATES, plain, keys, _dates)
    chains = tuple(_chains(plain))
    plain = _PART.sub(_blank, plain)
    plain = _take(_SEQUENCE, plain, keys, lambda m: [("sequence", m[1].lstrip("0") or "0")])
    counts = tuple(_counts(plain))
    return Facts({k: frozenset(v) for k, v in keys.items()}, counts, chains, roman)


def _take(
    pattern: re.Pattern[str], text: str, keys: dict[Key, set[str | None]],
    read: Callable[[re.Match[str]], list[Key]],
) -> str:  # fmt: skip
    """Read what a pattern finds and blank it out, so that its digits are no numbers as well."""

    def note(match: re.Match[str]) -> str:
        found = read(match)
        way = _direction(text, match.start())
        for key in found:
            keys.setdefault(key, set()).add(way)
        return _blank(match) if found else match[0]

    return pattern.sub(note, text)


def _blank(match: re.Match[str]) -> str:
    return "·" * len(match[0])


def _direction(text: str, position: int) -> str | None:
    """Whether a fact is a limit: `trước ngày`, `từ`, `không quá`, `ít nhất`."""
    before = canonical(text[max(0, position - 40) : position])
    found = [(m.start(), name) for name, words in _DIRECTIONS if (m := words.search(before))]
    return min(found)[1] if found else None  # the longest words: `không quá` before `quá`


def _quarter(match: re.Match[str]) -> list[Key]:
    number = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(match["q"].lower()) or int(match["q"])
    return [("quarter", number, int(match["y"] or match["yw"] or 0) or None)]


def _dates(match: re.Match[str]) -> list[Key]:
    """Day, month and year, each None where it is not said; nothing where no calendar has it."""
    given = match.groupdict()
    day = next((given[n] for n in ("id", "d", "dw", "ds", "db") if given[n]), None)
    month = next((given[n] for n in ("im", "m", "mw", "mo", "ms", "mt", "mb") if given[n]), None)
    year = next((given[n] for n in ("iso", "y", "yw", "yo", "yt") if given[n]), None)
    year = f"20{year}" if year and len(year) == 2 else year
    d, m, y = (int(piece) if piece else None for piece in (day, month, year))
    if d is not None and not 1 <= d <= 31 or m is not None and not 1 <= m <= 12:
        return []
    return [("date", d, m, y)]


def _chains(text: str) -> Iterator[tuple[tuple[str, str], ...]]:
    chain: list[tuple[str, str]] = []
    end = 0
    for match in _PART.finditer(text):
        level, label = match[1], match[2]
        apart = match.start() - end > 3 or any(level == step for step, _ in chain)
        if chain and apart:
            yield tuple(chain)
            chain = []
        chain.append((level, label))
        end = match.end()
    if chain:
        yield tuple(chain)


def _counts(text: str) -> Iterator[Count]:
    for number in numbers(text):
        behind = re.findall(r"[^\W\d_]+|·+", text[number.end : number.end + 60])[:_NEAR]
        if _YEAR_WORDS.search(text[max(0, number.start - 20) : number.start]) or text[
            number.end : number.end + 1
        ] in tuple(",;:."):
            behind = []  # `năm 2024` counts nothing
        yield Count(number.values, number.percent, tuple(behind), _direction(text, number.start))
