"""What a text states of validity: when it comes into force and what it replaces, repeals, amends.

Read only where validity is stated: the last articles, those whose heading says so, the few articles
of a decision, texts without articles. Words in quotation marks are another text's. Old rules that
go on for a while, conditions (`trường hợp ... hết hiệu lực`) and reports (`đã được sửa đổi`) state
nothing. What follows from all texts together is told by `validity`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from corpus.letters import compiled
from corpus.model import Document, Instrument, Part, Step
from corpus.part_references import Place, part_mentions
from corpus.reference import Named, Reference, references
from corpus.references import KINDS, iso_date
from corpus.sentences import sentences

Kind = Literal["in_force_from", "in_force_until", "replaces", "repeals", "amends"]


@dataclass(frozen=True, eq=False)
class Effect:
    """One statement, said at `document.text[start:end]`.

    `named` is what is replaced, repealed or amended; None for the text itself, and for rules that
    no number tells (`quy định trái với Luật này`: then `scope` holds their words).
    """

    kind: Kind
    document: Document
    part: Part
    start: int
    end: int
    date: str | None = None  # ISO; for in_force_until the last day
    named: Named | None = None
    places: tuple[Place, ...] = ()  # the parts meant; () where it is not told by parts
    scope: str | None = None  # a part told by its subject: `các quy định về tiếp công dân`
    exception: str | None = None  # `trừ trường hợp quy định tại Điều 142`

    @property
    def whole(self) -> bool:
        """The instrument as a whole is meant."""
        return not self.places and self.scope is None


_KIND = "|".join(
    sorted((*KINDS, "Điều lệ", "Nội quy", "Quy trình", "Văn bản"), key=len, reverse=True)
)
_SELF = rf"(?:{_KIND}) này"
_DATE = r"(?P<day>\d{1,2})\s?(?:[/.-]|tháng)\s?(?P<month>\d{1,2})\s?(?:[/.-]|năm)\s?(?P<year>(?:19|20)\d{2})"
# Not every beginning is a day that a text can tell: that of printing in the gazette is not.
_WHEN = compiled(
    r"(?<!\w)(?:(?P<days>\d{1,3})(?:\s*\([^)]*\))?\s+ngày,?\s+)?"
    r"(?:(?:[Kk]ể |[Tt]ính )?(?:[Tt]ừ|[Vv]ào)\s+(?:ngày\s+|thời điểm\s+|khi\s+)?|(?<=thi hành )ngày\s+|(?<=hiệu lực )ngày\s+)"
    rf"(?:(?P<date>{_DATE})|(?P<own>{_SELF} (?:bắt đầu )?(?:có hiệu lực|được ban hành))"
    r"|(?P<signed>(?:được )?(?:ký|ban hành)(?!\w))|(?P<other>\w))"
)
_UNTIL = compiled(
    rf"(?<!cho )(?:đến|tới)\s+(?:hết\s+)?(?:ngày\s+(?P<date>{_DATE})|năm\s+(?P<last>(?:19|20)\d{{2}}))"
)
_VERB = compiled(
    r"(?<!\w)(?:(?P<lapse>hết hiệu lực|chấm dứt hiệu lực|không còn hiệu lực)|(?P<begin>có hiệu lực"
    r"|(?:được )?(?:thi hành|thực hiện|áp dụng)(?=\s+(?:kể |trong thời gian |thí điểm |cho )?(?:từ|đến|tới)\s+(?:hết )?(?:ngày|năm)))"
    r"|(?P<replace>[Tt]hay thế(?: cho)?)|(?P<repeal>[Bb]ãi bỏ|[Hh](?:ủy|uỷ) bỏ)"
    r"|(?P<amend>[Ss]ửa đổi(?:(?:,| và)? bổ sung)?|[Bb]ổ sung))(?!\w)"
)
_BEGINS = re.compile(
    r"\s*(?:thi hành|thực hiện|áp dụng)?\s*,?\s*(?:(?:kể|tính|bắt đầu)\s+)?(?:từ|sau|ngày|vào|ngay|\d)"
)
_MARKER = re.compile(r"(?:Điều \d+[a-zđ]?\s*[.:]?|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[-–+•])\s*")
_SELF_SUBJECT = compiled(
    rf"^\W*(?:[^:;.]{{0,60}}:\s*)?(?:{_KIND})(?: này)?(?:\s*,?\s*(?:và|cùng)\s[^;]{{0,120}}?kèm theo[^,;]{{0,40}})?"
    r"\s*(?:bắt đầu\s*|chính thức\s*|sẽ\s*)?$"
)
_OWN_PARTS = compiled(
    r"^(?:.*?(?<!\w)(?:[Tt]rừ|[Rr]iêng)(?!\w))?[\s,]*(?:(?:[Cc]ác |[Nn]hững )?(?:[Qq]uy định|[Nn]ội dung)(?: về [^,;]{0,60}?)?(?: tại| của| ở)?)?\s*$",
    re.S,
)
_OWNER = re.compile(rf"^\s*(?:của\s+|tại\s+)?(?:{_SELF})?\s*(?:bắt đầu\s*)?$")
# What makes a statement a condition, a report, a wish or a rule that goes on for a while.
_UNSAID = compiled(
    r"(?:^|[;,:]\s*)(?:trong )?(?:trường hợp|nếu|khi|đối với|việc)(?!\w)|cho đến khi|tiếp tục"
    r"|(?:trước|sau|đến|tới)\s+(?:ngày|khi|thời điểm)[^,]*$|(?:không|chưa|đã|có thể|hoặc|đã được|đã bị)\s*$",
    re.I,
)
_CONTRARY = compiled(rf"(?:quy định|văn bản)[^;]*\btrái(?: với)?[^;]*{_SELF}", re.I)
_STOP = compiled(
    r"[,(]?\s*(?<!\w)(?:[Tt]rừ|[Kk]ể từ|[Tt]ừ ngày|như sau|trái với|(?<!kèm )theo (?:quy định|đề nghị))(?!\w)"
)
_EXCEPT = compiled(r"(?<!\w)[Tt]rừ(?!\w)[^;]*")
_WORDS_ONLY = compiled(r"\s*(?:các |một số |những )?(?:cụm từ|từ |chữ |thuật ngữ|tên )")
_PIECE = compiled(
    r"\s*(?:các |một số )?(?:Phụ lục|[Mm]ẫu|[Bb]iểu|[Kk]hoản|[Đđ]iểm|Điều|[Đđ]oạn)(?!\w)"
)
_BY_SUBJECT = compiled(
    r"^[\s,:]*(?P<scope>(?:(?:các|những|một số|một phần) (?:điều|quy định|nội dung)|quy định|nội dung|một phần|một số điều)"
    r"(?! tại| ở)(?:[^;]*?))(?:,?\s*(?:trong|tại|của|ở|thuộc))?\s*$",
    re.I,
)


# `Các văn bản sau đây hết hiệu lực từ ngày 01/9/2024: Nghị định số ...; Nghị định số ...`
_LIST_BEHIND = re.compile(r"[^:;]{0,120}:(?=\s*\S)")


@dataclass(frozen=True)
class _Lead:
    """A heading or lead-in (`Bãi bỏ các văn bản sau đây:`) that holds for what stands below it."""

    scope: tuple[Step, ...]
    kind: Kind
    when: re.Match[str] | None
    named: Named | None
    article: str | None
    effects: tuple[Effect, ...]
    ends_with_paragraph: bool

    def covers(self, part: Part) -> bool:
        if self.ends_with_paragraph and part.level == "paragraph":
            return False
        return part.path[: len(self.scope)] == self.scope


@dataclass(frozen=True)
class _Act:
    """A verb that does something, in the words of one sentence."""

    kind: Kind
    at: int
    end: int
    passive: bool


@dataclass(frozen=True)
class _Sentence:
    document: Document
    part: Part
    start: int
    end: int
    words: str  # quotations are blanked out
    body: int  # behind the marker
    refs: tuple[Reference, ...]  # offsets are the text's
    in_article: bool
    lead: _Lead | None

    def refs_in(self, begin: int, end: int) -> list[Reference]:
        return [r for r in self.refs if begin <= r.start - self.start < end]


@lru_cache(maxsize=4096)
def effects(document: Document) -> tuple[Effect, ...]:
    """Every statement of validity in a document's own words, in their order."""
    masked = _unquoted(document.text)
    found: list[Effect] = []
    whens: dict[Effect, re.Match[str] | None] = {}
    for section in _sections(document):
        found.extend(_of_section(document, masked, section, whens))
    own = next(
        (_day(document, whens[e], None) for e in found if e.kind == "in_force_from" and e.whole),
        None,
    )
    dated = (e if e.date else replace(e, date=_day(document, whens.get(e), own)) for e in found)
    return tuple(dated)


def _unquoted(text: str) -> str:
    """The text with quotations blanked out, line breaks in them too; offsets stay."""
    pieces, position = [], 0
    for begin, end in _quotations(text):
        pieces += [text[position:begin], "¤" * (end - begin)]
        position = end
    return "".join([*pieces, text[position:]])


_LONGEST_QUOTE = 40_000  # characters; one left open must not swallow the text behind it


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """`“…”` with what is quoted inside, `"…"` within a line or from a line's begin to a line's end."""
    straight = re.compile(r'"[^"\n]*"|(?m:^)"[^"]*"(?=[.;,]*(?:\n|$))')
    position = 0
    while match := re.compile('[“"]').search(text, position):
        if match[0] == "“":
            end = _closing(text, match.start())
        else:
            whole = straight.match(text, match.start())
            end = whole.end() if whole and len(whole[0]) < _LONGEST_QUOTE else None
        if end:
            yield match.start(), end
        position = end or match.end()


def _closing(text: str, begin: int) -> int | None:
    depth = 0
    for match in re.compile("[“”]").finditer(text, begin, begin + _LONGEST_QUOTE):
        depth += 1 if match[0] == "“" else -1
        if depth == 0:
            return match.end()
    line = text.find("\n", begin)
    close = text.find("”", begin, line if line >= 0 else len(text))
    return close + 1 if close >= 0 else None


_SAYS_SO = re.compile(
    r"hiệu lực|thi hành|tổ chức thực hiện|sửa đổi|bãi bỏ|thay thế|chuyển tiếp", re.I
)
_LAST, _FEW = 3, 6  # articles at the end of a text; those of a short decision


def _sections(document: Document) -> Iterator[Part]:
    """The parts in which validity may be stated: articles, or all parts of a text without any."""
    groups: dict[Step | None, list[Part]] = {}
    for part in document.outline:
        if part.level not in ("head", "foot"):
            root = part.path[0] if part.level == "appendix" else None
            groups.setdefault(root, []).append(part)
    for parts in groups.values():
        articles = [p for top in parts for p in top.walk() if p.level == "article"]
        last = set(articles if len(articles) <= _FEW else articles[-_LAST:])
        for article in articles:
            first_line = document.text[article.start : article.lead_end].split("\n", 1)[0]
            if article in last or _SAYS_SO.search(first_line):
                yield article
        if not articles:
            yield from parts


def _of_section(
    document: Document, masked: str, section: Part, whens: dict[Effect, re.Match[str] | None]
) -> list[Effect]:
    found: list[Effect] = []
    leads: list[_Lead] = []
    announced: set[Effect] = set()
    for part in section.walk():
        if part.level in ("foot", "table", "row"):
            continue
        for start, end in sentences(masked, part.start, part.lead_end):
            leads = [lead for lead in leads if lead.covers(part)]
            lead = leads[-1] if leads else None
            if not _VERB.search(masked, start, end) and lead is None:
                continue
            sentence = _sentence(document, masked, part, start, end, section, lead)
            own, when, kind = _read(sentence, whens)
            for effect in own:
                announced |= {e for a in leads if a.kind == effect.kind for e in a.effects}
            found += own
            if kind and (lead := _lead(sentence, kind, when, own)):
                leads.append(lead)
    return [effect for effect in found if effect not in announced]


def _sentence(
    document: Document,
    masked: str,
    part: Part,
    start: int,
    end: int,
    section: Part,
    lead: _Lead | None,
) -> _Sentence:
    words = masked[start:end]
    marker = _MARKER.match(words)
    refs = tuple(
        r for r in references(document) if start <= r.start < end and masked[r.start] != "¤"
    )
    return _Sentence(document, part, start, end, words, marker.end() if marker else 0, refs,
                     section.level == "article", lead)  # fmt: skip


def _lead(
    sentence: _Sentence, kind: Kind, when: re.Match[str] | None, own: Sequence[Effect]
) -> _Lead | None:
    """A sentence that announces what follows: it ends with a colon, or is an article's heading."""
    part, words = sentence.part, sentence.words
    heading = (
        part.level == "article" and sentence.start == part.start and not re.search(r"[.;]$", words)
    )
    if not heading and not words.endswith(":"):
        return None
    named = [e.named for e in own if e.named]
    articles = {place.label("article") for e in own for place in e.places}
    inner = part.level == "paragraph"
    outer = sentence.lead
    return _Lead(
        part.path[:-1] if inner else part.path,
        kind,
        when or (outer.when if outer else None),
        named[-1] if named else (outer.named if outer else None),
        articles.pop() if len(articles) == 1 else None,
        tuple(own),
        inner,
    )


def _read(
    sentence: _Sentence, whens: dict[Effect, re.Match[str] | None]
) -> tuple[list[Effect], re.Match[str] | None, Kind | None]:
    """The effects of a sentence, the time it gives, and the kind that a list below it takes."""
    acts = _acts(sentence)
    if not acts:
        lead = sentence.lead
        item = _of_item(sentence, lead) if lead else []
        whens.update((e, lead.when if lead else None) for e in item)
        return item, None, None
    first = next((a for a in acts if a.kind == "in_force_from"), None)
    shared = _WHEN.search(sentence.words, first.end) if first else None
    found: list[Effect] = []
    told = shared
    for number, act in enumerate(acts):
        begin, end = _region(sentence, acts, number)
        when = _when(sentence, acts, number) or shared
        if when is None and sentence.lead:
            when = sentence.lead.when
        told = told or when
        new = _of_act(sentence, act, begin, end)
        whens.update((e, when) for e in new)
        found += new
    last = acts[-1].kind
    return found, told, last


def _when(sentence: _Sentence, acts: Sequence[_Act], number: int) -> re.Match[str] | None:
    """The time said behind the verb, or at the sentence's beginning (`Kể từ ngày ..., Luật ...`)."""
    words, act = sentence.words, acts[number]
    stop = acts[number + 1].at if number + 1 < len(acts) else len(words)
    semicolon = words.find(";", act.end, stop) if act.passive else -1
    found = _WHEN.search(words, act.end, semicolon if semicolon >= 0 else stop)
    if found or act.kind == "in_force_from":
        return found
    leading = _WHEN.match(words, sentence.body)
    return leading if leading and leading.end() <= act.at else None


def _acts(sentence: _Sentence) -> list[_Act]:
    acts: list[_Act] = []
    for verb in _VERB.finditer(sentence.words, sentence.body):
        act = _act(sentence, verb, acts)
        if act:
            acts.append(act)
    return acts


def _act(sentence: _Sentence, verb: re.Match[str], acts: Sequence[_Act]) -> _Act | None:
    """The verb as a statement, or None where it only stands in a name, condition or report."""
    words = sentence.words
    begin = acts[-1].end if acts else sentence.body
    before, behind = words[begin : verb.start()], words[verb.end() :]
    if verb["begin"]:
        own = _is_self(before) or _own_places(sentence, begin, verb.start())
        goes_on = bool(acts) and re.search(r"(?:và|,|;)\s*$", before)
        starts = verb["begin"] != "có hiệu lực" or _BEGINS.match(behind)
        until = _UNTIL.match(behind.lstrip())
        if (own or goes_on) and (starts or until):
            kind: Kind = "in_force_until" if until else "in_force_from"
            return _Act(kind, verb.start(), verb.end(), True)
        return None
    if verb["lapse"]:
        if not acts and _is_self(before):
            return _Act("in_force_until", verb.start(), verb.end(), True)
        return _passive(sentence, "repeals", verb, before)
    kind = "amends" if verb["amend"] else _active_kind(verb, behind)
    if _is_active(sentence, before, acts):
        return _Act(kind, verb.start(), verb.end(), False)
    said = re.search(r"(?:bị|được|đều)\s*$", before)
    ends = re.match(r"\s*(?:[.;:/]|$|kể từ|từ ngày)", behind)
    if kind == "amends" and not (said and re.match(r"\s*như sau", behind)):
        return None
    if kind == "replaces" and not (said and re.match(rf"\s*(?:bằng|bởi)\s+{_SELF}", behind)):
        return None
    return _passive(sentence, kind, verb, before) if said or ends else None


def _active_kind(verb: re.Match[str], behind: str) -> Kind:
    """`thay thế cụm từ`, `thay thế Phụ lục I` change an instrument that goes on."""
    if _WORDS_ONLY.match(behind):
        return "amends"
    if verb["repeal"]:
        return "repeals"
    return "amends" if _PIECE.match(behind) else "replaces"


def _is_self(before: str) -> bool:
    return _SELF_SUBJECT.match(before) is not None


def _is_active(sentence: _Sentence, before: str, acts: Sequence[_Act]) -> bool:
    """The text itself does it: at an article's beginning, behind `Luật này`, behind another act."""
    if not before.strip(" ,:") and not acts:
        return sentence.in_article
    if not acts:
        return "này" in before and _is_self(before)
    joined = re.search(r"(?:(?<!\w)và|,|;|đồng thời|này)\s*$", before)
    return joined is not None and not re.search(
        r"(?:được|bị|đến khi|sửa đổi,?|hoặc)\s*(?:và|,)?\s*$", before.rstrip(" ,")
    )


def _passive(sentence: _Sentence, kind: Kind, verb: re.Match[str], before: str) -> _Act | None:
    since = list(re.finditer(r"này có hiệu lực(?: thi hành)?\s*,?", before))
    subject = before[since[-1].end() :] if since else before
    if _UNSAID.search(re.sub(r"(?:bị|được|đều|sẽ)\s*$", "", subject)):
        return None
    return _Act(kind, verb.start(), verb.end(), True)


def _region(sentence: _Sentence, acts: Sequence[_Act], number: int) -> tuple[int, int]:
    """Where an act's targets stand: before a passive verb, behind an active one."""
    act = acts[number]
    behind = _LIST_BEHIND.match(sentence.words, act.end) if act.passive else None
    if act.passive and behind is None:
        begin = acts[number - 1].end if number else sentence.body
        return _turn(sentence.words, begin, act.at) if number else begin, act.at
    if behind:
        return behind.end(), len(sentence.words)
    for other in acts[number + 1 :]:
        if sentence.words[act.end : other.at].strip(" ,và"):
            end = (
                _turn(sentence.words, act.end, other.at)
                if other.passive and other.kind != "in_force_from"
                else other.at
            )
            return _until_stop(sentence.words, act.end, end)
        act = other
    return _until_stop(sentence.words, act.end, len(sentence.words))


def _turn(words: str, begin: int, end: int) -> int:
    """Where the subject of the second statement begins: behind the first semicolon or comma."""
    for sign in (";", ","):
        at = words.find(sign, begin, end)
        if at >= 0:
            return at
    return begin


def _until_stop(words: str, begin: int, end: int) -> tuple[int, int]:
    stop = _STOP.search(words, begin, end)
    return begin, stop.start() if stop else end


def _of_act(sentence: _Sentence, act: _Act, begin: int, end: int) -> list[Effect]:
    if act.kind in ("in_force_from", "in_force_until"):
        return _of_itself(sentence, act, begin)
    words = sentence.words
    span = words[begin:end] if act.passive else words[act.end :]
    if act.kind == "repeals" and _CONTRARY.search(span):
        contrary = _CONTRARY.search(span)
        scope = " ".join(contrary[0].split()) if contrary else None
        named = _of_targets(sentence, act.kind, begin, end) if not act.passive else []
        return [*named, _effect(sentence, act.kind, scope=scope)]
    return _of_targets(sentence, act.kind, begin, end)


def _of_itself(sentence: _Sentence, act: _Act, begin: int) -> list[Effect]:
    """When the text, or parts of it, come into force and till when."""
    words = sentence.words
    places = () if _is_self(words[begin : act.at]) else _own_places(sentence, begin, act.at)
    if act.kind == "in_force_until":
        last = _last_day(words, act)
        return [_effect(sentence, act.kind, date=last, places=places)] if last else []
    found = [_effect(sentence, act.kind, places=places)]
    limit = words.find(";", act.end)
    until = _UNTIL.search(words, act.end, limit if limit >= 0 else len(words))
    exception = words.find("trừ", act.end)
    another = re.search(r"(?:thực hiện|áp dụng|thi hành)\s*(?:\w+\s){0,3}$", words[act.end : until.start()]) if until else None  # fmt: skip
    if until and not another and (exception < 0 or until.start() < exception):
        found.append(_effect(sentence, "in_force_until", date=_until(until), places=places))
    return found


def _last_day(words: str, act: _Act) -> str | None:
    """`hết hiệu lực từ ngày 01/3/2027` ends with the day before; `đến hết ngày` with that day."""
    if until := _UNTIL.search(words, act.end):
        return _until(until)
    when = _WHEN.search(words, act.end)
    if when is None or not when["date"]:
        return None
    iso = iso_date(when["day"], when["month"], when["year"])
    return (date.fromisoformat(iso) - timedelta(days=1)).isoformat() if iso else None


def _until(match: re.Match[str]) -> str | None:
    if match["last"]:
        return f"{match['last']}-12-31"
    return iso_date(match["day"], match["month"], match["year"])


def _own_places(sentence: _Sentence, begin: int, end: int) -> tuple[Place, ...]:
    """The text's own parts as a subject: `Khoản 2 Điều 5 và Điều 8 của Luật này có hiệu lực`."""
    refs = [r for r in sentence.refs_in(begin, end) if r.places or r.named]
    cut = sentence.words.rfind("trừ", begin, end)
    refs = [r for r in refs if cut < 0 or r.start - sentence.start > cut]
    if not refs or any(r.named for r in refs):
        return ()
    head = sentence.words[begin : refs[0].start - sentence.start]
    tail = sentence.words[refs[-1].end - sentence.start : end]
    if not _OWN_PARTS.match(head) or not _OWNER.match(tail):
        return ()
    return tuple(place for r in refs for place in r.places)


def _of_item(sentence: _Sentence, lead: _Lead) -> list[Effect]:
    """An entry of a list whose lead-in tells what becomes of it."""
    if lead.kind not in ("replaces", "repeals"):
        return []
    begin, end = _until_stop(sentence.words, sentence.body, len(sentence.words))
    return _of_targets(sentence, lead.kind, begin, end)


def _of_targets(sentence: _Sentence, kind: Kind, begin: int, end: int) -> list[Effect]:
    exception = _EXCEPT.search(sentence.words, end)
    why = exception[0].rstrip(" .:") if exception else None
    found: dict[tuple[str, tuple[Place, ...]], Effect] = {}
    for named, places, scope in _targets(sentence, begin, end):
        effect = _effect(sentence, kind, named=named, places=places, scope=scope, exception=why)
        found.setdefault((named.key, places), effect)
    return list(found.values())


def _effect(
    sentence: _Sentence,
    kind: Kind,
    date: str | None = None,
    named: Named | None = None,
    places: tuple[Place, ...] = (),
    scope: str | None = None,
    exception: str | None = None,
) -> Effect:
    return Effect(kind, sentence.document, sentence.part, sentence.start, sentence.end, date, named,
                  places, scope, exception)  # fmt: skip


# Behind these words an instrument is only what another one details, follows or was amended by.
_UNDER = compiled(
    r"(?<!\w)(?:hướng dẫn|quy định chi tiết|thi hành|thực hiện|căn cứ|trái với|bởi|(?<!kèm )theo|sửa đổi|bổ sung)(?!\w)",
    re.I,
)
_AMENDED_BY = compiled(r"sửa đổi[^;]*(?:theo|bởi|tại|bằng)\s", re.I)
_PARTED = compiled(r"[,;:]|(?<!\w)(?:và|cùng với)(?!\w)")
_BEHIND = re.compile(
    r"\s*,?\s*(?:của\s+|tại\s+|trong\s+|thuộc\s+)?(?:ban hành kèm theo\s+|kèm theo\s+)?"
)


def _targets(
    sentence: _Sentence, begin: int, end: int
) -> Iterator[tuple[Named, tuple[Place, ...], str | None]]:
    """The instruments and parts that a stretch of words lists, without those named on the way."""
    refs = [r for r in _heads(sentence, begin, end) if r.named or r.places]
    for number, ref in enumerate(refs):
        named = ref.named or _owner(sentence, refs, number)
        if named is None or named.number and named.number == instrument(sentence.document).number:
            continue
        places = _places(sentence, ref, end) if ref.places else ()
        yield named, places, _scope(sentence, ref, begin)
        if ref.places:  # `quy định về A tại Chương V của X và Y`: the subject is that of X only
            begin = ref.end - sentence.start


def _owner(sentence: _Sentence, refs: Sequence[Reference], number: int) -> Named | None:
    """The instrument of a bare part: told by the lead-in, or named last or next in the list."""
    if any(place.this for place in refs[number].places):
        return None
    if sentence.lead and sentence.lead.named:
        return sentence.lead.named
    behind = (r.named for r in refs[number + 1 :] if r.named)
    before = (r.named for r in reversed(refs[:number]) if r.named)
    return next(behind, None) or next(before, None)


def _scope(sentence: _Sentence, ref: Reference, begin: int) -> str | None:
    """The subject that limits a target, said before it in the same stretch of the list."""
    before = sentence.words[begin : ref.start - sentence.start]
    match = _BY_SUBJECT.match(re.split(r";", before)[-1])
    return " ".join(match["scope"].split()) if match else None


def _places(sentence: _Sentence, ref: Reference, end: int) -> tuple[Place, ...]:
    """The places as said. A bare `khoản 4a` belongs to the next article named (`vào sau khoản 4
    Điều 9`), or to the lead-in's."""
    text = sentence.document.text
    following = sentence.refs_in(ref.end - sentence.start, end)
    said = [p for m in part_mentions(text, ref.start, ref.end) for p in m.places]
    others = (p.label("article") for r in following for p in r.places)
    article = next((a for a in others if a), None) or (
        sentence.lead.article if sentence.lead else None
    )
    return tuple(_in_article(p, article) for p in said)


def _in_article(place: Place, article: str | None) -> Place:
    bare = {level for level, _ in place.labels} <= {"clause", "point"}
    return replace(place, labels=(*place.labels, ("article", article))) if bare and article else place  # fmt: skip


def _heads(sentence: _Sentence, begin: int, end: int) -> Iterator[Reference]:
    """Each reference that is itself listed; not the owner of a part (it is in the part's own
    reference), not what a title or an amendment names (`đã được sửa đổi theo Luật số ...`)."""
    text = sentence.document.text
    owners: set[int] = set()
    head: Reference | None = None
    under: Reference | None = None
    amenders = False
    position = sentence.start + begin
    for ref in sentence.refs_in(begin, end):
        before = text[min(position, ref.start) : ref.start]
        position = max(position, ref.end)
        if ref.places and (behind := _BEHIND.match(text, ref.end)):
            owners.add(behind.end())
        if ref.start in owners or (ref.named is None and not ref.places):
            continue
        amenders = bool(_AMENDED_BY.search(before)) or (
            amenders and not ref.places and not re.search(r"[;)]", before)
        )
        if amenders or _is_under(ref, before, head, under):
            under = ref
            continue
        head, under = ref, None
        yield ref


def _is_under(ref: Reference, before: str, head: Reference | None, under: Reference | None) -> bool:
    last = _PARTED.split(before)[-1]
    if _UNDER.search(last):
        return True
    if head is None:
        return False
    if not _PARTED.search(before):
        return True
    named, of = ref.named, head.named
    # `Nghị định số 1 ... chi tiết Luật Khiếu nại, Luật Tố cáo`: the second law is of the title too.
    unnumbered = (
        named is not None and not named.number and of is not None and of.number and not ref.places
    )
    alike = under and under.named and named and under.named.kind == named.kind
    return bool(unnumbered or (alike and of and named and named.kind != of.kind))


def _day(document: Document, when: re.Match[str] | None, own: str | None) -> str | None:
    """The day that the words give, None where no text can tell it."""
    if when is None or when["other"]:
        return None
    if when["own"]:
        return own
    day = iso_date(when["day"], when["month"], when["year"]) if when["date"] else None
    day = instrument(document).issued_on if when["signed"] else day
    if day and when["days"]:
        return (date.fromisoformat(day) + timedelta(days=int(when["days"]))).isoformat()
    return day


def instrument(document: Document) -> Instrument:
    """What a document is, or what the news page reports: `kể từ ngày ký` is of that one."""
    return document.about if document.meta.kind == "Tin" and document.about else document.meta


def in_force_from(document: Document) -> Effect | None:
    """The statement of when a text comes into force as a whole; with its day, where one gives it."""
    return _first(document, "in_force_from")


def in_force_until(document: Document) -> Effect | None:
    """The statement of the last day of a text as a whole."""
    return _first(document, "in_force_until")


def _first(document: Document, kind: Kind) -> Effect | None:
    own: Iterable[Effect] = [e for e in effects(document) if e.kind == kind and e.whole]
    return next((e for e in own if e.date), next(iter(own), None))
