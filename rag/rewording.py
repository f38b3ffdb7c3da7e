"""The words of a follow-up and of the question before it, taken apart and put together. Pure text.

Positions are those of `Understood.text`; its folded form has the same length. Which of these a
follow-up needs is decided in `follow_ups`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from corpus.clean import fold, has_marks
from corpus.gazetteer import find_places
from corpus.references import KIND_WORDS
from rag.understand import Understood, cues, understand
from rag.words import FUNCTION_WORDS

_PARTS = re.compile(
    r"(?<!\w)(?:diem (?:[a-z]|đ)|(?:dieu|khoan|muc|chuong|phu luc) (?:so |thu )?(?:\d{1,3}[a-z]?|[ivx]{1,5}(?:\.\d+)*))(?!\w)[ ,]*"
)
_NO_VERB = (  # `công bố`, `ban hành`: no organ without diacritics
    r"(?<!cong )(?<!cai )(?<!phoi )(?<!phan )"
    r"(?!(?:ban (?:hanh|bo|giao)|so (?:sanh|huu)|bo (?:sung|tri|phieu|nhiem)|phong (?:chong|ngua)|hoi (?:dap|y)|doan ket)(?!\w))"
)
_BAO = frozenset(("nhieu", "gio", "lau", "nhiêu", "giờ", "lâu"))
_O_DAU = frozenset("o ve tu den di vao tai cho".split())
_ASKED_NOUN = 3  # words at most before what asks, that another noun may stand for
_EDGES = " ,.;:?!-–"


class Patterns(NamedTuple):
    lead: re.Pattern[str]  # as it is written
    lead_folded: re.Pattern[str]
    asks_same: re.Pattern[str]
    trail: re.Pattern[str]
    thanks: re.Pattern[str]
    to_assistant: re.Pattern[str]
    summary: re.Pattern[str]
    again: re.Pattern[str]
    goes_on: re.Pattern[str]
    asks_place: re.Pattern[str]
    this: str  # folded
    this_written: str
    relative: dict[str, str]  # next, previous, last, first: alternatives
    listed: str  # what the items of a list are called
    it: re.Pattern[str]
    pronoun: re.Pattern[str]  # as it is written
    pronoun_folded: re.Pattern[str]
    no_pronoun: re.Pattern[str]
    relative_years: dict[str, int]
    text_words: str
    of_document: re.Pattern[str]
    ends: frozenset[str]  # as they are written, and folded
    verbs: frozenset[str]  # of two syllables, folded
    asking: frozenset[str]  # as they are written, and folded
    bring_in: re.Pattern[str]  # as it is written
    bring_in_folded: re.Pattern[str]
    generic: re.Pattern[str]  # says nothing of a subject: `cơ quan`, `người`
    back: re.Pattern[str]
    organ: re.Pattern[str]  # as it is written
    organ_folded: re.Pattern[str]
    level: re.Pattern[str]  # folded: `cấp huyện`, `xã`
    levels: dict[str, str]  # folded, as they are written


@cache
def patterns() -> Patterns:
    """How a question leans on the one before it, from `data/follow_ups.yaml`."""
    path = Path(__file__).parent / "data" / "follow_ups.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Patterns(
        lead=re.compile(rf"(?:(?!{data['no_leads']})(?:{data['leads']})[ ,]+)+"),
        lead_folded=re.compile(rf"(?:(?!{data['no_leads']})(?:{fold(data['leads'])})[ ,]+)+"),
        asks_same=re.compile(rf"[ ,]+(?:{data['asks_same']})$"),
        trail=re.compile(rf"(?:(?<!diem)[ ,]+(?:{data['trails']}))+$"),
        thanks=re.compile("|".join(data["thanks"])),
        to_assistant=re.compile(data["to_assistant"]),
        summary=re.compile(data["summary"]),
        again=re.compile(data["again"]),
        goes_on=re.compile(data["goes_on"]),
        asks_place=re.compile("|".join(data["asks_place"])),
        this=fold(data["this"]),
        this_written=data["this"],
        relative={name: data[name] for name in ("next", "previous", "last", "first")},
        listed=data["listed"],
        pronoun=re.compile(rf"(?<!\w)(?:{data['pronouns']})(?!\w)"),
        pronoun_folded=re.compile(rf"(?<!\w)(?:{fold(data['pronouns'])})(?!\w)"),
        no_pronoun=re.compile(rf"(?<!\w)(?:{data['no_pronouns']})(?!\w)"),
        relative_years=data["relative_years"],
        it=re.compile(rf"(?<!\w)(?:{data['it']})(?!\w)"),
        text_words=data["text_words"],
        of_document=re.compile(rf"(?<!\w)(?:{'|'.join(data['of_document'])})(?!\w)"),
        ends=frozenset(data["ends"].split()),
        verbs=frozenset(fold(data["verbs"]).split("|")),
        asking=frozenset(data["asking"].split()),
        bring_in=re.compile(rf"(?:{data['bring_in']})(?!\w)"),
        bring_in_folded=re.compile(rf"(?:{fold(data['bring_in'])})(?!\w)"),
        generic=re.compile(data["generic"]),
        back=re.compile(rf"(?<!\w)(?:{data['back']})(?!\w)"),
        organ=re.compile(rf"(?<!\w)(?!(?:{data['no_organs']})(?!\w))(?:{data['organs']})(?!\w)"),
        organ_folded=re.compile(rf"{_NO_VERB}(?<!\w)(?:{fold(data['organs'])})(?!\w)"),
        level=re.compile(rf"(?<!\w)(cap )?(?:{fold(data['levels'])})(?!\w)"),
        levels={fold(name): name for name in data["levels"].split("|")},
    )


class Bare(NamedTuple):
    """A turn without the words that only join it to what was said."""

    text: str
    led: bool  # it began with such a word
    asks_same: bool  # `… thì sao`: the same question of something else
    back: bool = False  # `quay lại …`: to what was spoken of earlier, or to something else

    @property
    def joins(self) -> bool:
        """Whether a word joins it to what was said: before it or behind."""
        return self.led or self.asks_same


def bare(asked: Understood) -> Bare:
    """`thế còn phản ánh về đất đai thì sao?` is `phản ánh về đất đai`."""
    text = asked.text.strip(_EDGES)
    leads = patterns().lead if has_marks(text) else patterns().lead_folded
    lead = leads.match(text.casefold())
    text = text[lead.end() :] if lead else text
    same = False
    while found := patterns().asks_same.search(fold(text)) or patterns().trail.search(fold(text)):
        same = same or patterns().asks_same.search(fold(text)) is not None
        text = text[: found.start()].strip(_EDGES)
    back = lead is not None and patterns().back.search(fold(lead[0])) is not None
    if back:  # `quay lại hương ước, ai công nhận`
        text = re.sub(r", *", " ", text, count=1)
    return Bare(text, lead is not None, same, back)


def pronouns(text: str) -> list[tuple[int, int]]:
    """Where `họ`, `việc đó` stand in a text; in one without diacritics those that are no other word."""
    if has_marks(text):
        return [m.span() for m in patterns().pronoun.finditer(text.casefold())]
    plain = fold(text)
    others = [m.span() for m in patterns().no_pronoun.finditer(plain)]
    found = [m.span() for m in patterns().pronoun_folded.finditer(plain)]
    return [(a, b) for a, b in found if not any(x < b and a < y for x, y in others)]


def with_years_told(text: str, year: int) -> str:
    """`năm ngoái` as a number, where the year spoken of is known."""
    for words, apart in patterns().relative_years.items():
        for match in reversed(list(re.finditer(rf"(?<!\w){words}(?!\w)", fold(text)))):
            text = f"{text[: match.start()]}năm {year + apart}{text[match.end() :]}"
    return text


def without_parts(text: str) -> str:
    """Without `điểm a khoản 2 Điều 5`."""
    return _cut(text, _PARTS)


def without_cue(question: Understood) -> str:
    """Without the words that ask: `tổ chức ngày nào?` is `tổ chức`."""
    text = question.text.strip(_EDGES)
    stated = text[: _asking(question, first=True)].strip(_EDGES)
    if _names_subject(stated):
        return stated
    leading = set(question.kinds[:1])
    for kind, cue in cues().kinds:
        if kind in leading:
            text = _cut(text, cue)
    return text.strip(_EDGES)


def without_naming(text: str, title: str | None, *, kind: bool = False) -> str:
    """Without the document that a question names: number, place, body, title; its kind may stay."""
    text = _cut(text, _NUMBERED, keep="kind" if kind else None)
    for pattern in (*_bodies(understand(text)), *([_said(title)] if title else [])):
        text = _cut(text, pattern)
    text = without_places(text)
    return re.sub(r"^\W*(?:[Tt]heo|[Tt]rong|[Tt]ại)\W*[,:]\W*", "", text).strip(_EDGES)


def without_bodies(text: str) -> str:
    """Without departments and the word before them: `bên Sở Y tế`."""
    for pattern in _bodies(understand(text)):
        text = _cut(text, pattern)
    return re.sub(r"^\W*(?:bên|phía|của|ben|phia|cua)(?:\W+|$)", "", text).strip(_EDGES)


def without_source(text: str) -> str:
    """Without `theo Luật Khiếu nại,`, `Quy chế kênh phản ánh:` before what is asked."""
    text = re.sub(r"^\W*(?:[Tt]heo|[Tt]rong|[Cc]ăn cứ)\s[^,:]+[,:]\s*", "", text)
    head, _, asked = text.partition(": ")
    return asked if _names_subject(asked) else head


def without_places(text: str) -> str:
    """Without provinces and the word before them: `ở Hà Tĩnh`."""
    places = find_places(text, accented=True) or find_places(text, accented=False)
    names = "|".join(sorted({re.escape(fold(p)) for p in places}, key=len, reverse=True))
    link = r"(?:(?:o|tai|cua|tinh|thanh pho|ben|phia) ){0,2}"
    return _cut(text, re.compile(rf"(?<!\w){link}(?:{names})(?!\w)")) if names else text


def without_years(text: str) -> str:
    """Without `năm 2025`."""
    return _cut(text, re.compile(r"(?<!\w)(?:(?:cua|trong|cho) )?(?:nam )?(?:19|20)\d{2}(?!\w)"))


def with_subject(question: Understood, subject: str) -> str:
    """The question asked of another subject.

    A phrase that begins as the new subject does, or names an organ or a level where that does, gives way
    to it; else the new subject is asked the way the question asked.
    """
    text = question.text.strip(_EDGES)
    if given_way := _giving_way(question, subject):
        start, end = given_way
        return f"{text[:start]}{subject} {text[end:].lstrip()}".strip()
    return f"{subject} {text[_asking(question) :]}".strip()


def with_asked(question: Understood, noun: str) -> str | None:
    """The question with another noun before what asks: `… có quyền gì?` is `… có nghĩa vụ gì?`; None where
    it begins with that noun."""
    text = question.text.strip(_EDGES)
    at = _asking(question)
    ends = _as_typed(patterns().ends, question)
    words = list(re.finditer(r"\w+", text.casefold()[:at]))
    start = len(words)
    while start and not _is_light(words, start - 1, ends):
        start -= 1
    if not 0 < start < len(words) or len(words) - start > _ASKED_NOUN:
        return None
    return f"{text[: words[start].start()]}{noun} {text[at:]}".strip()


def level_named(text: str) -> str | None:
    """`tỉnh` of `tinh`, `cấp xã`: a level of administration that is all a text says."""
    plain = fold(text)
    name = patterns().levels.get(plain.removeprefix("cap "))
    return f"cấp {name}" if name and plain.startswith("cap ") else name


def has_same_kind(question: Understood, subject: str) -> bool:
    """Whether some phrase of the question would give way to the subject."""
    return _giving_way(question, subject) is not None


def _giving_way(question: Understood, subject: str) -> tuple[int, int] | None:
    """Where the phrase stands that gives way to a subject, if one does."""
    text = question.text.strip(_EDGES)
    if new := patterns().level.fullmatch(fold(subject)):
        levels = patterns().level.finditer(fold(text))
        # `tỉnh Lai Châu` is no level but a place.
        own = [m for m in levels if not re.match(r" [A-ZÀ-ỸĐ]", text[m.end() :])]
        if own:
            keeps_word = own[-1][1] and not new[1]  # `cấp xã` gives way to `huyện` behind its `cấp`
            return own[-1].end(1) if keeps_word else own[-1].start(), own[-1].end()
    first = _same_kind(text, subject)
    return None if first is None else (first, _phrase_end(question, text, first))


def with_condition(question: Understood, condition: str) -> str:
    """The question in another case: `thời hạn giải quyết là bao lâu` `ở vùng sâu` is `thời hạn giải
    quyết ở vùng sâu là bao lâu`."""
    text = question.text.strip(_EDGES)
    at = _asking(question) or len(text)
    return f"{text[:at].strip(_EDGES)} {condition} {text[at:]}".strip()


def spoken_of(question: Understood) -> str:
    """The noun phrase that a question is about: the one it begins with, else what follows the asking
    word: `hương ước` of `ai công nhận hương ước?`."""
    first = first_phrase(question)
    if _names_subject(first):
        return _trimmed(first, question)
    text = question.text.strip(_EDGES)
    light = _as_typed(patterns().asking | patterns().ends - {"quy"}, question) | _BAO
    words = list(re.finditer(r"\w+", text.casefold()))
    plain = [not _is_light(words, n, light) for n in range(len(words))]
    led = (n for n, (last, own) in enumerate(pairwise(plain), start=1) if own > last)
    begin = next(led, 0)
    while begin >= 2 and _is_verb(words, begin - 2):
        begin -= 2
    return _trimmed(text[words[begin].start() :] if words else "", question)


def _trimmed(text: str, question: Understood) -> str:
    """Without light words and those that only bring the subject in: `nêu`, `đề nghị`; empty where
    nothing is left that names a subject."""
    written = patterns().bring_in if question.accented else patterns().bring_in_folded
    light = _as_typed(patterns().ends | frozenset(FUNCTION_WORDS), question)
    text = text.strip(_EDGES)
    while found := written.match(text.casefold()):
        text = text[found.end() :].strip(_EDGES)
    while (last := re.search(r"(?:\w+ )?(\w+)$", text)) and last[1].casefold() in light:
        verb = fold(last[0]) in patterns().verbs
        text = text[: last.start(0 if verb else 1)].strip(_EDGES)
    return text if _names_subject(text) else ""


def _names_subject(text: str) -> bool:
    return any(not patterns().generic.fullmatch(fold(t.text)) for t in understand(text).terms)


def before_asking(question: Understood) -> str:
    """`gửi kế hoạch` of `gửi kế hoạch trước ngày nào?`."""
    return question.text[: _asking(question)].strip(_EDGES)


def first_phrase(question: Understood) -> str:
    """The noun phrase that a question begins with: up to its verb, a comma or what asks."""
    text = before_asking(question)
    return text[: _phrase_end(question, text, 0)].strip(_EDGES) if text else ""


def _as_typed(words: frozenset[str], question: Understood) -> frozenset[str]:
    return words if question.accented else frozenset(map(fold, words))


def _same_kind(text: str, subject: str) -> int | None:
    """Where the phrase begins that shares its first word with the subject, or is an organ as it is."""
    written = all(map(has_marks, (text, subject)))  # `bản` is no `ban`
    said, new = (t.casefold() if written else fold(t) for t in (text, subject))
    organ = patterns().organ if written else patterns().organ_folded
    at = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(new.split()[0])}(?!\w)", said)]
    if organ.match(new) and not (at and written):  # `bo truong` is no second `bo` of `cong bo`
        organs = [m.span() for m in organ.finditer(said)]
        # `Chủ tịch UBND` gives way as one.
        at = [a for n, (a, _) in enumerate(organs) if not n or organs[n - 1][1] + 1 != a]
    return at[-1] if at else None


def _phrase_end(question: Understood, text: str, start: int) -> int:
    """Before the next word that no noun phrase holds, a comma or a colon."""
    ends = _as_typed(patterns().ends, question)
    words = list(re.finditer(r"\w+|[,:;]", text.casefold()[start:]))
    ended = (w for n, w in enumerate(words) if n and (w[0] in ",:;" or _is_light(words, n, ends)))
    stop = next(ended, None)
    return start + stop.start() if stop else len(text)


def _is_light(words: Sequence[re.Match[str]], at: int, light: Collection[str]) -> bool:
    """Whether a word is one of those, or of a verb that has one of them."""
    return words[at][0] in light or _is_verb(words, at) or at > 0 and _is_verb(words, at - 1)


def _is_verb(words: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a word and the next are such a verb: `theo dõi`, not `chủ tịch`."""
    return fold(" ".join(word[0] for word in words[at : at + 2])) in patterns().verbs


def _asking(question: Understood, *, first: bool = False) -> int:
    """Where the asking begins: the last (or first) word that asks, with the light words before it."""
    text = question.text.strip(_EDGES)
    asking = _as_typed(patterns().asking, question)
    light = asking | _as_typed(patterns().ends, question)
    words = list(re.finditer(r"\w+", text.casefold()))
    found = [n for n, w in enumerate(words) if w[0] in asking and _asks(words, n, question)]
    last = (found[0] if first else found[-1]) if found else None
    if last is None:
        return len(text)
    while last and _is_light(words, last - 1, light):
        last -= 1
    return words[last].start()


def _asks(words: Sequence[re.Match[str]], at: int, question: Understood) -> bool:
    """`bao` asks in `bao lau`, not in `bao cao`; `dau` in `o dau`, not in `lan dau`."""
    before = words[at - 1][0] if at else ""
    after = words[at + 1][0] if at + 1 < len(words) else ""
    if question.accented or words[at][0] not in ("bao", "dau"):
        return True
    return after in _BAO if words[at][0] == "bao" else before in _O_DAU


def asks_something(question: Understood) -> bool:
    """Whether a word of it asks: `ở đâu`, not `nguyên nhân`."""
    return _asking(question) < len(question.text.strip(_EDGES))


def says_nothing(text: str) -> bool:
    """Whether only function words are left."""
    stop = {fold(word) for word in {*FUNCTION_WORDS, *patterns().ends}} | {
        "tinh",
        "so",
        "quy",
        "dinh",
    }
    return all(word in stop for word in re.findall(r"\w+", fold(text)))


_ISSUER = (
    r"(?: (?:cua|do) (?:(?:chu tich|thuong truc|ban thuong vu|thu tuong) )?"
    r"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|tinh uy|thanh uy|chinh phu)(?: (?:tinh|thanh pho))?(?!\w))?"
)
_NUMBERED = re.compile(
    rf"(?<!\w)(?:(?P<kind>{KIND_WORDS}) )?(?:so )?\d{{1,5}}[a-z]?(?:/(?:19|20)\d{{2}})?[/-][a-z][a-z&]*\d*(?:[/-][a-z&]+\d*)*(?!\w){_ISSUER}"
    rf"|(?<!\w)(?P<spoken>{KIND_WORDS}) (?:so )?\d{{1,5}}(?![\w/%]){_ISSUER}"
)


# What departments have behind their first sector: `Sở Nông nghiệp và Môi trường`.
_SECOND = r"(?:(?: va)? (?:moi truong|ptnt|phat trien nong thon|cong nghe|dao tao|truyen thong|the thao|du lich|xa hoi))"


def _bodies(asked: Understood) -> list[re.Pattern[str]]:
    return [
        re.compile(rf"(?<!\w)(?:(?:cua|ve|boi) )?{re.escape(b)}(?:{_SECOND}{{1,3}}|(?: va [a-z]+)?)(?!\w)")
        for b in asked.bodies
    ]  # fmt: skip


def _said(title: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(fold(title))}(?!\w)")


def _cut(text: str, pattern: re.Pattern[str], keep: str | None = None) -> str:
    """The text without what matches in its folded form, but for the group that is kept."""
    text = " ".join(text.split())
    for match in reversed(list(pattern.finditer(fold(text)))):
        kept = slice(*match.span(keep)) if keep and match[keep] else slice(0, 0)
        text = f"{text[: match.start()].rstrip()} {text[kept]} {text[match.end() :].lstrip()}"
    return re.sub(r" (?=[,;:])", "", " ".join(text.split())).strip()
