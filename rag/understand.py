"""What a question asks: its kind, its content words, and what it insists on.

Covered: diacritics or none, slips, abbreviations, numbers of documents in any spelling, parts
(`khoản 2 điều 5`), years, dates, places. Not covered: where the answer is. No model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from corpus.clean import fold
from corpus.gazetteer import find_places, provinces
from corpus.letters import compiled
from corpus.locators import PART_WORDS
from corpus.model import Level, Step
from corpus.references import KINDS, canonical_number, law_spans, number_parts
from rag.slips import mend
from rag.spelling import respelled
from rag.words import FUNCTION_WORDS, canonical, folded, lexicon, syllables, written_out

_FOLDED_FUNCTION = frozenset(fold(word) for word in FUNCTION_WORDS)
_KIND_CODES = {code: kind for kind, codes in KINDS.items() for code in codes}
LIGHT = 0.15  # the share of its weight that a word keeps that says little of what is asked
KIND_NAMES = {fold(kind): kind for kind in KINDS}
KIND_ALTERNATIVES = "|".join(sorted(KIND_NAMES, key=len, reverse=True))
_CODE_ALTERNATIVES = "|".join(sorted((c for c in _KIND_CODES if len(c) > 1), key=len, reverse=True))
_YEAR_DIGITS = r"(?:19\d{2}|20[0-5]\d)"  # `công văn 2075` is a number
# `59/2023/NĐ-CP`, `18-NQ/TW`; with a known code also `59-2023-nđ-cp`, `59/2023 nđ-cp`, `16 ct-ttg`.
_WRITTEN = re.compile(
    rf"(?<![\w/.-])(\d{{1,5}}[a-z]?(?:(?:\s?/\s?{_YEAR_DIGITS})?(?:\s?/\s?|-)[a-z][a-z&]*\d*(?:\s?[/-]\s?[a-z]+\d*)*"
    rf"|(?:\s?[/-]\s?{_YEAR_DIGITS})?\s?[\s/-]\s?(?:{_CODE_ALTERNATIVES})\s?-\s?[a-z]+))(?!\w)"
)
_SPOKEN = re.compile(
    rf"(?<![\w/-])(?P<kind>{KIND_ALTERNATIVES}|{_CODE_ALTERNATIVES})(?: phoi hop|\s?-\s?[a-z]{{2,8}})?\.?\s*(?P<so>so\s*)?"
    r"(?P<seq>\d{1,5})(?![\w%]|\s?[.,]\d)(?(so)|(?!\s+(?:thang|quy|tuan|ngay|lan|gio|buoi|dot)\b))"
    rf"(?:\s?/\s?(?P<year>{_YEAR_DIGITS})|\s+nam\s+(?P<since>{_YEAR_DIGITS}))?(?!\s*/\s*\d)"
)
_SO = re.compile(
    r"(?<!tieu )(?<!muc )(?<!vu )(?<!nhanh )(?<!co )(?<!tru )(?<!\w)so\s+(?P<seq>\d{2,5})"
    rf"(?:\s?/\s?(?P<year>{_YEAR_DIGITS})|\s+nam\s+(?P<since>{_YEAR_DIGITS}))?(?![\w%/-])"
)
# A number typed with spaces: `59 / 2023 / NĐ - CP`; its codes are none of the question's words.
_SPACED = re.compile(
    rf"\d{{1,5}}(?:\s?/\s?{_YEAR_DIGITS})?\s?/\s?[A-ZĐ][\w&]*(?:\s?-\s?[A-ZĐ]\w*)*"
)
_DATE = re.compile(
    r"(?<![\d/])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?((?:19|20)\d{2})|(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{2})(?![\d/])|(?<!\d)(\d{1,2}) thang (\d{1,2})(?: nam ((?:19|20)\d{2}))?|(?<=ngay )(\d{1,2})/(\d{1,2})(?![/\d])"
)
_YEAR = re.compile(rf"(?<![\d/.-])({_YEAR_DIGITS})(?![\d%])")
_PERIOD = re.compile(
    rf"(?<!\w)(?:(?:thang|quy) ?|[tq])(?:\d{{1,2}}|[ivx]+) ?/ ?({_YEAR_DIGITS})(?!\d)"
)
_ARTICLE = re.compile(r"(?<!\w)dieu (?:so )?(\d{1,3}[a-z]?)(?!\w)")
_CLAUSE = re.compile(r"(?<!\w)khoan (?:so |thu )?(\d{1,2}[a-z]?)(?!\w)")
_POINT = re.compile(r"(?<!\w)diem ([a-z]|đ)(?!\w)")
_SECTION = re.compile(
    r"(?<!\w)(?:muc|phan) (?:so |thu )?((?:[ivx]{1,5}|\d{1,2})(?:[. ]\d{1,2})*)(?![\w%/])"
)


_DOTTED = re.compile(r"(?<!\w)diem (\d{1,2}(?:\.\d{1,2})*) muc ([ivx]{1,5}|\d{1,2})(?![\w%/])")
_CHAPTER = re.compile(r"(?<!\w)chuong (?:so |thu )?([ivx]{1,5}|\d{1,2})(?!\w)")
_APPENDIX = re.compile(r"(?<!\w)phu luc (?:so |thu )?([ivx]{1,5}|\d{1,2}[a-z]?)(?!\w)")
# `bảng 2`, `đoạn 3` only as they are written: `bang`, `doan` may be other words.
_LISTED = re.compile(
    r"(?<!\w)(?:(đoạn|bảng|dòng)|(gạch đầu dòng|gach dau dong|dấu cộng|dau cong)) (?:số |so |thứ |thu )?(\d{1,3})(?!\w)"
)
_LISTED_LEVELS: dict[str, Level] = {
    "gach dau dong": "item", "dau cong": "subitem", "đoạn": "paragraph", "bảng": "table", "dòng": "row",
}  # fmt: skip
ORDINAL_WORDS = "nhat hai ba tu nam sau bay tam chin muoi".split()
_ORDINAL = re.compile(
    r"(?<!\w)(?:nhiem vu|chi tieu|noi dung|yeu cau|giai phap|nhom viec|nhom|viec|y|diem)(?: [a-z]+)? (?:(?:thu|so) (?=\d)|thu )"
    rf"(\d{{1,2}}|{'|'.join(ORDINAL_WORDS)})(?!\w)|(?<!\w)(?:diem|nhiem vu|chi tieu|noi dung|yeu cau|giai phap) (?:so )?(\d{{1,2}})(?![\w%.,])"
)
_ASKED_KIND = re.compile(
    rf"(?<!\w)({KIND_ALTERNATIVES})(?: [a-z]+){{0,2}}? (?:so (?:may|nao|bao nhieu|gi)|nao|gi)(?!\w)"
)
_SECTORS = (
    "y te|noi vu|tai chinh|tu phap|nong nghiep|cong thuong|xay dung|giao thong|giao duc|van hoa|lao dong"
    "|khoa hoc|thong tin|tai nguyen|ke hoach|ngoai vu|du lich|dan toc|quoc phong|cong an|ngan hang|thue"
)
# Departments, ministries and sectors (Decree 24/2014, 107/2020, 45/2025 on departments of provinces).
_BODY = re.compile(
    rf"(?<!\bho )(?<!\bco )\b(?:so|bo|nganh|phong|chi cuc|cuc|ty) (?:{_SECTORS})(?!\w)"
)
_NAME = compiled(
    r"(?<!\w)(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|đ/c|[Kk]ỹ sư|[Tt]iến sĩ|[Bb]í thư|[Cc]hủ tịch|[Gg]iám đốc|[Tt]hôn|[Xx]ã"
    r"|[Pp]hường|[Hh]uyện|[Tt]hị xã|[Qq]uận|[Tt]hị trấn|[Tt]hành phố|[Đđ]ặc khu)\s+([A-ZÀ-ỸĐ][a-zà-ỹđ]+(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ]+)+)"
)


# Asked of a signature, which does not say `ký` itself.
_SIGNS = frozenset(("ky", "ky ten", "nguoi ky", "ky ban", "ky ket")) - {"ky ket"}


@dataclass(frozen=True)
class InstrumentReference:
    """An instrument that the question names by number."""

    kind: str | None
    sequence: str  # the number's first part without leading zeros
    year: int | None
    codes: tuple[str, ...]  # folded codes behind it, () where the question gives none


@dataclass(frozen=True)
class PartReference:
    """A place that the question names: `điểm a khoản 1 Điều 2` or `mục II.3`."""

    article: str | None = None
    clause: str | None = None
    point: str | None = None
    section: tuple[str, ...] = ()
    chapter: str | None = None
    list_name: str | None = None  # folded: `chi tieu` of `chỉ tiêu số 5`
    appendix: str | None = None
    listed: tuple[Step, ...] = ()  # below that place: `gạch đầu dòng 2`

    def __bool__(self) -> bool:
        return bool(self.article or self.clause or self.section or self.chapter or self.appendix)

    @property
    def told(self) -> str:
        """`điểm a khoản 2 Điều 15`, as far as the question says it."""
        named = (("điểm", self.point), ("khoản", self.clause), ("Điều", self.article),
                 ("mục", ".".join(self.section).upper()), ("Chương", (self.chapter or "").upper()),
                 ("Phụ lục", (self.appendix or "").upper()))  # fmt: skip
        place = " ".join(f"{word} {label}" for word, label in named if label)
        return ", ".join([place, *(f"{PART_WORDS[s.level]} {s.label}" for s in self.listed)])


@dataclass(frozen=True)
class Term:
    """A content word of the question and its rarity in administrative Vietnamese."""

    text: str
    weight: float


@dataclass(frozen=True)
class Understood:
    """A question read: `text` is what is searched, the rest what an answer must satisfy."""

    text: str
    kind: str
    kinds: tuple[str, ...]  # every kind with a cue, the leading one first
    accented: bool
    terms: tuple[Term, ...]
    years: tuple[int, ...]
    dates: tuple[str, ...]  # ISO; "-MM-DD" where the question gives no year
    places: tuple[str, ...]
    instruments: tuple[InstrumentReference, ...]
    part: PartReference
    asked_kind: str | None = None  # `kết luận nào`, `kế hoạch số mấy`: the kind of instrument
    bodies: tuple[str, ...] = ()  # folded: `so y te`
    names: tuple[str, ...] = ()  # capitalised words that must stand somewhere: people, places

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The syllables of the question, without diacritics where it was typed so."""
        words = syllables(self.text)
        return words if self.accented else folded(words)

    @cached_property
    def content(self) -> tuple[Term, ...]:
        """The terms that carry what is asked: without the light ones."""
        return tuple(t for t in self.terms if fold(t.text) not in cues().light)

    @cached_property
    def neighbours(self) -> frozenset[str]:
        """Each pair of neighbouring syllables."""
        return frozenset(f"{a} {b}" for a, b in pairwise(self.spoken))


def understand(question: str) -> Understood:
    """Read a question of up to 2,000 code points; pure, a fraction of a millisecond."""
    typed = " ".join(unicodedata.normalize("NFC", question).split())
    text = _SPACED.sub(lambda match: canonical_number(match[0]), respelled(typed))
    text = mend(written_out(text))
    plain = fold(text)
    # Without their marks `máy` (a telephone) could not be told from `mấy`, `cơ sở hiểu` from `số hiệu`.
    read = re.sub(r"\bmáy\b", "myy", text.casefold())
    kinds, rest = _kinds(fold(re.sub(r"\b(cơ|hồ) s(?=[ởơ]\b)", r"\1 z", read)))
    accented = is_accented(typed)
    instruments = _instruments(plain, text if len(text) == len(plain) else plain)
    return Understood(
        text=text,
        kind=kinds[0] if kinds else "what",
        kinds=kinds,
        accented=accented,
        terms=_terms(text, rest, accented),
        years=tuple(dict.fromkeys((*plain_years(text), *map(int, _PERIOD.findall(plain))))),
        dates=_dates(plain),
        places=tuple(find_places(text, accented=accented) or find_places(text, accented=False)),
        instruments=instruments,
        part=_part(text),
        asked_kind=_asked_kind(plain),
        bodies=tuple(dict.fromkeys(match[0] for match in _BODY.finditer(fold(canonical(text))))),
        names=_names(text) if accented else (),
    )


def is_accented(typed: str) -> bool:
    """Whether diacritics were typed; `đ` alone may be an abbreviation's: `nđ 59`."""
    return sum(map(_is_marked, typed)) >= max(1, len(typed.split()) // 6)


@lru_cache(maxsize=1024)
def _is_marked(letter: str) -> bool:
    return letter.isalpha() and letter not in "đĐ" and fold(letter) != letter.casefold()


class Cues(NamedTuple):
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    filler: re.Pattern[str]
    synonyms: dict[str, frozenset[str]]
    folded_synonyms: dict[str, frozenset[str]]
    light: frozenset[str]


@cache
def cues() -> Cues:
    """How Vietnamese asks: cues of kinds, filler, synonyms by word, light words (folded)."""
    path = Path(__file__).parent / "data" / "questions.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    kinds = tuple((kind, _any_of(cues)) for kind, cues in data["kinds"].items())
    filler = re.compile(rf"(?<!\w)(?:{'|'.join(data['filler'])})")
    groups: dict[str, set[str]] = {}
    for group in data["synonyms"]:
        for word in group:
            groups.setdefault(canonical(word), set()).update(canonical(w) for w in group)
    synonyms = {word: frozenset(group - {word}) for word, group in groups.items()}
    folded_synonyms: dict[str, set[str]] = {}
    for word, others in synonyms.items():
        folded_synonyms.setdefault(fold(word), set()).update(fold(other) for other in others)
    light = fold(data["light"]).split()
    pairs = {f"{a} {b}" for a, b in zip(light, light[1:], strict=False)}
    return Cues(kinds, filler, synonyms, {w: frozenset(o) for w, o in folded_synonyms.items()},
                frozenset({*light, *pairs}))  # fmt: skip


def alike(word: str, *, accented: bool) -> tuple[str, ...]:
    """A word, folded where no diacritics were typed, and those that mean the same."""
    synonyms = cues().synonyms if accented else cues().folded_synonyms
    return (word, *synonyms.get(word, ()))


def _any_of(cues: Sequence[str]) -> re.Pattern[str]:
    """Any of the cues, ending where a word does: `lý do` is not `xử lý đơn`."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?:(?<!\w)|(?!\w))")


def _kinds(plain: str) -> tuple[tuple[str, ...], str]:
    """The kinds whose cue the question has, and the question with its cues blanked out."""
    patterns, filler = cues()[:2]
    rest = filler.sub(lambda m: " " * len(m[0]), plain)
    found: dict[str, str] = {}  # the words of its cues by kind
    for kind, pattern in patterns:
        if said := [match[0] for match in pattern.finditer(rest)]:
            found[kind] = " ".join(said)
            rest = pattern.sub(lambda m: " " * len(m[0]), rest)
    kinds = list(found)
    if kinds[:1] == ["money"] and "who" in found:  # `mức chi do ai quy định`
        kinds.sort(key=lambda kind: kind != "who")
    if "why" in found:
        reason_asked = _ASKS.search(found["why"]) is not None
        if kinds[0] == "define" or reason_asked and kinds[0] in ("how_many", "deadline", "money"):
            kinds.sort(key=lambda kind: kind != "why")  # `mục đích là gì`, `vì sao mấy hộ …`
        elif not reason_asked and "how" in found:
            kinds.sort(key=lambda kind: kind != "how")  # `không báo lý do thì xử lý ra sao`
    # `có phải ghi địa chỉ không`: a noun that could be asked for, and is not.
    if "yes_no" in found and not any(_ASKS.search(found[kind]) for kind in kinds if kind != "yes_no"):  # fmt: skip
        kinds.sort(key=lambda kind: kind != "yes_no")
    return tuple(kinds), rest


_ASKS = re.compile(r"(?<!\w)(?:nao|gi|ai|dau|may|bao|khi|sao|nhung|cac|han|cham nhat)(?!\w)")


def _terms(text: str, rest: str, accented: bool) -> tuple[Term, ...]:
    """Content words: what is left beside the cues and the function words."""
    plain = fold(text)
    kept = _without_constraints(rest if len(rest) == len(plain) else plain)
    words = text.casefold().split() if accented else plain.split()
    position, content = 0, []
    for word, bare in zip(words, plain.split(), strict=False):
        at = plain.index(bare, position)
        position = at + len(bare)
        content.append(word if re.search(r"\w", kept[at : at + len(bare)]) else "|")
    stop = _FOLDED_FUNCTION if not accented else FUNCTION_WORDS
    found: dict[str, float] = {}
    lex = lexicon()
    for run in " ".join(content).split("|"):
        run_words = syllables(run)
        run_words = run_words if accented else folded(run_words)
        for term in lex.terms(run_words, accented=accented):
            if term not in stop and fold(term) not in _SIGNS and not re.fullmatch(r"[a-xz]", term):
                found[term] = lex.rarity(term, accented=accented)
    return tuple(Term(term, weight) for term, weight in found.items())


# `Kế hoạch số` before a number.
_NAMED = re.compile(
    rf"(?<!\w)(?:{KIND_ALTERNATIVES}) so (?=\d)|(?<!\w)(?:{KIND_ALTERNATIVES}) (?=\d{{1,5}}[/-])"
)


def _without_constraints(rest: str) -> str:
    """Numbers, dates, places and parts are held against the text by themselves."""
    rest = _NAMED.sub(lambda match: " " * len(match[0]), rest)
    for pattern in _constraints():
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    return rest


@cache
def _constraints() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted({re.escape(fold(name)) for name in provinces()}, key=len, reverse=True))
    year = re.compile(rf"(?<!\w)(?:nam )?{_YEAR_DIGITS}(?!\w)")
    place = re.compile(rf"(?<!\w)(?:tinh |thanh pho )?(?:{names})(?!\w)")
    return _WRITTEN, _SPOKEN, _DATE, year, _ARTICLE, _CLAUSE, _SECTION, _LISTED, place


def _instruments(plain: str, text: str) -> tuple[InstrumentReference, ...]:
    """Of a folded text; in `text`, as it was typed, `cơ sở 2027` says no number."""
    found: dict[str, InstrumentReference] = {}
    for match in _WRITTEN.finditer(plain):
        if re.fullmatch(r"\d+\s?[-/]\s?(?:nam|thang|ngay|quy)", match[1]):
            continue
        sequence, year, codes = number_parts(match[1])
        kind = next((_KIND_CODES[c] for c in codes if c in _KIND_CODES), None)
        found[sequence] = InstrumentReference(kind, sequence, int(year) if year else None, codes)
    for pattern in (_SPOKEN, _SO):
        for match in pattern.finditer(plain):
            given = match.groupdict()
            at = match.start() + match[0].find("so ")
            numbered = "so " in match[0] and text[at : at + 2].casefold() in ("số", "so")
            if pattern is _SO and not numbered:
                continue
            if re.fullmatch(_YEAR_DIGITS, match["seq"]) and not numbered:
                continue  # `kế hoạch 2025` is the plan for a year
            sequence = match["seq"].lstrip("0") or "0"
            name = given.get("kind")
            kind = KIND_NAMES.get(name) or _KIND_CODES.get(name) if name else None
            year = match["year"] or given.get("since")
            known = found.get(sequence)
            if known is None:
                found[sequence] = InstrumentReference(
                    kind, sequence, int(year) if year else None, ()
                )
    return tuple(found.values())


_LED = re.compile(rf"(?<!\w)(?:{KIND_ALTERNATIVES})\s+(?:so\s*:?\s*)?$")


def instrument_spans(text: str) -> list[tuple[int, int]]:
    """Where a question names instruments by number or laws by name, kinds included, in their order.

    `text` must keep its length when folded.
    """
    plain = fold(text)
    found = [*_WRITTEN.finditer(plain), *_SPOKEN.finditer(plain)]
    spans = [m.span() for m in found if not re.match(rf"{_YEAR_DIGITS}(?!\d)", m["seq"] if "seq" in m.groupdict() else "")]  # fmt: skip
    led = [(m.start() if (m := _LED.search(plain, 0, a)) else a, b) for a, b in spans]
    taken: list[tuple[int, int]] = []
    for start, end in sorted([*led, *law_spans(text)], key=lambda span: (span[0], -span[1])):
        if not taken or start >= taken[-1][1]:
            taken.append((start, end))
    return taken


def _asked_kind(plain: str) -> str | None:
    match = _ASKED_KIND.search(plain)
    return KIND_NAMES[match[1]] if match else None


def _names(text: str) -> tuple[str, ...]:
    """People and places below the province, told by the word before their capitals."""
    return tuple(dict.fromkeys(fold(match[1]) for match in _NAME.finditer(text)))


def plain_years(text: str) -> tuple[int, ...]:
    """Years that a text speaks of; those inside numbers and whole dates are of something else."""
    plain = _DATE.sub(" ", _WRITTEN.sub(" ", fold(text)))
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(plain)))


def _dates(plain: str) -> tuple[str, ...]:
    found = []
    for d1, m1, y1, d2, m2, short, d3, m3, y3, d4, m4 in _DATE.findall(plain):
        day, month = int(d1 or d2 or d3 or d4), int(m1 or m2 or m3 or m4)
        year = y1 or y3 or (short and f"20{short}")
        if 1 <= day <= 31 and 1 <= month <= 12:
            found.append(f"{year}-{month:02d}-{day:02d}")
    return tuple(found)


def _part(text: str) -> PartReference:
    place = _place(text)
    listed = tuple(
        Step(_LISTED_LEVELS[word], label)
        for match in _LISTED.finditer(text.casefold())
        for word, label in [(match[1] or fold(match[2]), match[3])]
    )
    return replace(place, listed=listed) if place and not place.list_name else place


def _place(text: str) -> PartReference:
    plain = fold(text)
    article, clause = _ARTICLE.search(plain), _CLAUSE.search(plain)
    accented_point = re.search(r"(?<!\w)(?:điểm|diem)\s+([a-zđ])(?!\w)", text.casefold())
    section = _SECTION.search(plain)
    if dotted := _DOTTED.search(plain):
        return PartReference(
            section=tuple(re.split(r"[. ]", dotted[2])) + tuple(dotted[1].split("."))
        )
    chapter, appendix = _CHAPTER.search(plain), _APPENDIX.search(plain)
    if chapter and not article:
        inner = (section[1],) if section else ()  # `mục 2 chương III`
        return PartReference(chapter=chapter[1], section=inner)
    if appendix and not (article or section):
        return PartReference(appendix=appendix[1])
    ordinal = _ORDINAL.search(plain) if not article else None
    if ordinal and not (section and section.start() <= ordinal.start() < section.end()):
        said = ordinal[1] or ordinal[2]
        number = said if said.isdigit() else str(ORDINAL_WORDS.index(said) + 1)
        outer = tuple(re.split(r"[. ]", section[1])) if section else ()
        if outer[1:] and outer[-1] == number.lstrip("0"):
            return PartReference(section=outer)  # `chỉ tiêu thứ 5 (mục III.5)`
        name = re.match(r"[a-z]+(?: (?!thu|so)[a-z]+)?", ordinal[0])
        return PartReference(
            section=(*outer, number.lstrip("0")), list_name=name[0] if name else None
        )
    return PartReference(
        article[1] if article else None,
        clause[1] if clause else None,
        accented_point[1] if accented_point and (article or clause or section) else None,
        tuple(re.split(r"[. ]", section[1])) if section and not article else (),
    )
