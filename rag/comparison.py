"""A question that compares: each side becomes a question of its own, and the answers a small table.

Sides are texts, provinces, years or places in a text that the question names, else two phrases joined
by `và`, `với`, `hay` (`lần đầu và lần hai`). Every cell is the answer to its side, cited as always; a side
that no text answers says so. Nothing is concluded from the cells: who compares reads both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.clean import fold
from corpus.gazetteer import place_spans, spellings_of
from corpus.letters import compiled
from corpus.model import Citation, Document, Part
from corpus.sentences import Span
from rag.compose import Draft, counted_on
from rag.refuse import Choices, Gap
from rag.understand import KIND_ALTERNATIVES, Understood, instrument_spans, understand

Answerer = Callable[[Understood], Draft | Gap | Choices]
_NONE_FOUND = "Không tìm thấy căn cứ trong kho tài liệu"
_MOST_SIDES = 4
_LONGEST_PHRASE = 6  # syllables of a side without a name
_SHORT_PHRASE = 4  # of a side that begins like the next one
_LONGEST_LINK = (
    6  # syllables between the names of one side: `Chỉ thị 09 của Chủ tịch tỉnh An Giang`
)
_HOW = r"(?:o )?(?:the nao|ra sao|nhu the nao|diem nao|cho nao|dau|gi|khong)"
# It says that it compares.
_COMPARES = re.compile(
    r"(?<!\w)(?:(?:hay |xin |giup |nho )?(?:so sanh|doi chieu)(?: giup| cho)?(?: (?:xem|su khac nhau|diem khac nhau))?(?: (?:giua|cua|ve))?"
    rf"|(?:co |su |diem )*(?:gi )?(?:giong (?:nhau )?(?:va|hay) )?(?:gi )?(?:khac|chenh|lech|chenh lech) (?:nhau|biet)(?: {_HOW}|(?= *[?.!]*$))(?: giua| ve)?"
    r"|co (?:giong|trung|khac) nhau khong|(?:co )?(?:gi )?khac (?:gi|nao|the nao|o dau|cho nao|ra sao|nhu the nao|khong)(?: nhau)?(?: (?:so )?voi)?"
    r"|co gi khac(?: nhau)?(?: (?:so )?voi)?)(?!\w)"
)
# `kiến nghị khác phản ánh ở chỗ nào`: two terms, and nothing asked of them but what they mean.
_TERMS = re.compile(
    r"(?P<one>.{2,60}?),? khac(?: (?:so )?voi)? (?P<other>(?!nhau|gi|nao|o).{2,40}?) (?:o )?(?:diem|cho) nao"
)
# What else asks for nothing but a side by side.
_BESIDE = re.compile(
    r"(?<!\w)(?:(?:(?:noi|ben|tinh|dia phuong|van ban|cai|don vi) nao )?(?:som|muon|cao|thap|nhieu|it|dai|ngan|lon|nho|nang|nhe|nhanh|cham) hon(?= *[?.!]*$)"
    r"|moi (?:noi|ben|tinh|dia phuong|van ban|ke hoach)|lan luot)(?!\w)"
)
_WORD_JOIN = r"\s*,?\s+(?:và|với|va|voi|so với|so voi|hay|hoặc|hoac|cùng|cung|còn|con|vs)\s+"
_JOIN = re.compile(rf"{_WORD_JOIN}|\s*[,;]\s*")
_YEAR = re.compile(r"(?<![\d/.-])((?:19|20)\d{2})(?![\d%/.-])")
_CLAUSE = re.compile(r"(?<!\w)(?:khoản|khoan) \d{1,2}[a-z]?(?!\w)", re.I)
_PLACE_IN_TEXT = re.compile(
    r"(?<!\w)(?:(?:điểm|diem) [a-zđ] )?(?:(?:khoản|khoan) \d{1,2}[a-z]? )?(?:điều|dieu) \d{1,3}[a-z]?(?!\w)"
    r"|(?<!\w)(?:khoản|khoan|mục|muc|chương|chuong) (?:[ivx]{1,5}|\d{1,2})(?!\w)", re.I)  # fmt: skip
_NAME = compiled(
    r"(?:[Xx]ã|[Pp]hường|[Hh]uyện|[Tt]hôn|[Tt]hị trấn|[Tt]hành phố|[Vv]iện|[Tt]rường|THPT|THCS)\s+"
    r"([A-ZÀ-ỸĐ][a-zà-ỹđ]+(?: [A-ZÀ-ỸĐ][a-zà-ỹđ]+)+)"
)
# What stands before a name and goes with it: `của tỉnh`, `năm`, `ở`.
_BEFORE_NAME = re.compile(
    r"(?:(?<!\w)(?:của|cua|ở|o|tại|tai|tỉnh|tinh|thành phố|thanh pho|tp\.?|năm|nam|trong|bên|ben)\s+)+$", re.I)  # fmt: skip
_KIND = re.compile(rf"(?<!\w)(?:{KIND_ALTERNATIVES})(?!\w)")
_BODY = re.compile(
    r"(?<!\w)(?:so|bo|ubnd|uy ban|phong|chi cuc|ban|truong|benh vien|huyen|xa|phuong|tinh uy|nganh)(?!\w)"
)


@dataclass(frozen=True)
class Side:
    """One of the things compared, what is asked of it, and the names by which a text can be its."""

    label: str
    question: str
    names: tuple[str, ...] = ()


def compares(asked: Understood) -> bool:
    """Whether the question says that it compares."""
    return bool(_COMPARES.search(asked.folded) or _TERMS.fullmatch(asked.folded.rstrip(" ?.!")))


def comparison(asked: Understood, answer: Answerer) -> Draft | None:
    """The answers to the sides of a question side by side; None where it has no sides, or where no more
    than one place answers."""
    told = [(side, answer(understand(side.question))) for side in sides(asked)]
    drafts = [draft for _, draft in told if isinstance(draft, Draft)]
    if len(told) < 2 or not drafts:
        return None
    spans = {tuple((c.document.id, c.start, c.end) for c in draft.citations) for draft in drafts}
    if len(drafts) > 1 and len(spans) == 1:
        return drafts[0]  # one sentence tells both
    return _table([(side, d if isinstance(d, Draft) else None) for side, d in told])


def sides(asked: Understood) -> list[Side]:
    """The things that a question compares, each with its own question; empty where there are not two."""
    text = " ".join(asked.text.rstrip(" ?.!").split())
    if len(fold(text)) != len(text):
        return []  # spans of the folded text would be others
    for named in (_clusters(text), _apart(text, _CLAUSE), _apart(text, _PLACE_IN_TEXT)):
        joined = 2 <= len(named) <= _MOST_SIDES and _are_joined(text, named)
        if joined and (compares(asked) or _are_alike(text, named)):
            return _of_names(text, named)
    return _of_terms(text) or _of_phrases(text) if compares(asked) else []


def _apart(text: str, pattern: re.Pattern[str]) -> list[list[Span]]:
    found = {fold(m[0]): [m.span()] for m in pattern.finditer(text)}
    return list(found.values())


def _clusters(text: str) -> list[list[Span]]:
    """The texts, provinces, years and names that a question says, those of one side together."""
    found = [*instrument_spans(text), *place_spans(text)]
    found += [m.span(1) for pattern in (_YEAR, _NAME) for m in pattern.finditer(text)]
    clusters: list[list[Span]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        last = clusters[-1][-1] if clusters else None
        if last and start < last[1]:
            continue
        link = text[last[1] : start] if last else ""
        apart = _JOIN.search(link) or ":" in link or _COMPARES.search(fold(link))
        if last and not apart and len(link.split()) <= _LONGEST_LINK:
            clusters[-1].append((start, end))
        else:
            clusters.append([(start, end)])
    named = [spans for spans in clusters if not all(text[a:b].isdigit() for a, b in spans)]
    return named or clusters  # the one year of two places is no side


def _are_joined(text: str, named: Sequence[Sequence[Span]]) -> bool:
    """`A và B`, `A khác gì B`; a decree that guides a law is no second side."""
    between = (text[a[-1][1] : b[0][0]] for a, b in pairwise(named))
    return all(_JOIN.search(f"{words} ") or _COMPARES.search(fold(words)) for words in between)


def _are_alike(text: str, named: Sequence[Sequence[Span]]) -> bool:
    """`Theo Kế hoạch 12, Sở Y tế Sơn La …` names a text and its place, no two sides."""
    numbered = set(instrument_spans(text))
    return len({numbered.isdisjoint(spans) for spans in named}) == 1


def _of_names(text: str, named: Sequence[Sequence[Span]]) -> list[Side]:
    """Each name with what stands before the first and behind the last of them, and what is its own."""
    bounds = [(spans[0][0], _closed(text, spans[-1][1])) for spans in named]
    head, tail = text[: bounds[0][0]], text[bounds[-1][1] :]
    found = []
    for n, (start, end) in enumerate(bounds):
        own, before = text[start:end], head
        if n:
            joined = _JOIN.search(
                text, bounds[n - 1][1], start
            )  # `Sở Khoa học và Công nghệ` has one too
            own = text[joined.end() if joined else start : end]
            before = _led_by(head, own)
        if n + 1 < len(bounds):
            between = text[end : bounds[n + 1][0]]
            join = _JOIN.search(between)
            own += between[: join.start()] if join else ""
        names = tuple(text[a:b] for a, b in named[n])
        found.append(Side(_label(text[start:end]), _question(f"{before}{own} {tail}"), names))
    return found


def _closed(text: str, end: int) -> int:
    """Behind the bracket that follows a name or is opened before it: `Gia Lai (đầu tư công)`."""
    bracket = re.match(r"\)| \([^()]{1,60}\)", text[end:])
    return end + bracket.end() if bracket else end


def _led_by(head: str, own: str) -> str:
    """What leads to the first name, as far as the next one does not bring it itself."""
    first = re.compile(rf"(?<!\w){re.escape(fold(own).split()[0])}(?!\w)")
    for pattern in (_KIND, _BODY, first):
        same = list(pattern.finditer(fold(head))) if pattern.match(fold(own)) else []
        if same:
            return head[: same[-1].start()]
    led = _BEFORE_NAME.search(head)
    if led and _BEFORE_NAME.match(f"{own.split()[0]} "):
        return head[: led.start()]
    body = list(_BODY.finditer(fold(head))) if _KIND.match(fold(own)) else []
    return head[: body[-1].start()] if body else head


def _of_terms(text: str) -> list[Side]:
    match = _TERMS.fullmatch(fold(text))
    if match is None:
        return []
    terms = (text[slice(*match.span(name))] for name in ("one", "other"))
    return [Side(_label(term), f"{term} là gì") for term in terms]


def _of_phrases(text: str) -> list[Side]:
    """`thời hạn giải quyết lần đầu và lần hai khác nhau thế nào`: the phrase behind the joining word
    takes the place of the one before it that begins alike, else of as many syllables."""
    cue = _COMPARES.search(fold(text))
    if cue is None:
        return []
    before, behind = text[: cue.start()].strip(" ,"), text[cue.end() :].strip(" ,:")
    body, rest = (before, behind) if re.search(_WORD_JOIN, before) else (behind, before)
    join = re.search(_WORD_JOIN, body)
    if join:
        left, right = body[: join.start()], body[join.end() :]
    else:  # `A khác gì B`
        left, right, rest = before, behind, ""
    right, _, tail = right.partition(":")
    if not left.split() or not right.split():
        return []
    right, _, then = right.partition(" thì ")
    kept, phrases, behind_them = _phrases(left.split(), right.split(), ended=bool(tail or then))
    end = [*behind_them, *f"{then} {tail} {rest}".split()]
    # Nothing may be asked of them but what they mean: `… (Nghị định về công tác văn thư)`.
    bare = not kept and (not end or end[0].startswith("("))
    end = ["là", "gì", *end] if bare else end
    return [
        Side(_label(" ".join(words)), _question(" ".join([*kept, *words, *end])))
        for words in phrases[-_MOST_SIDES:]
    ]


def _phrases(
    left: list[str], right: list[str], *, ended: bool
) -> tuple[list[str], list[list[str]], list[str]]:
    """What stands before the phrases, the phrases (`chủ tịch xã`, `chủ tịch huyện`), what stands behind."""
    alike = [n for n, word in enumerate(left) if fold(word) == fold(right[0])]
    if not alike:
        size = min(len(right), len(left), _LONGEST_PHRASE)
        cut = len(right) if len(right) <= _LONGEST_PHRASE else size
        return left[:-size], [left[-size:], right[:cut]], right[cut:]
    listed = [n for n in alike if n == alike[-1] or left[n - 1].endswith(",")] if len(alike) > 1 else alike  # fmt: skip
    if len(listed) > 1 or left[alike[-1] - 1].endswith(","):
        listed = sorted({*listed, *(n for n in alike if any(m > n and left[m - 1].endswith(",") for m in alike))})  # fmt: skip
    ends = [*listed[1:], len(left)]
    own = [[w.rstrip(",") for w in left[a:b]] for a, b in zip(listed, ends, strict=True)]
    short = len(own[-1]) if len(own[-1]) <= _SHORT_PHRASE and not ended else len(right)
    return left[: listed[0]], [*own, right[:short]], right[short:]


def _question(text: str) -> str:
    """Without the words that only compare."""
    text = " ".join(text.split())
    while cue := _COMPARES.search(fold(text)) or _BESIDE.search(fold(text)):
        text = " ".join(f"{text[: cue.start()]} {text[cue.end() :]}".split())
    text = text.replace(" ,", ",").strip(" ,:")
    return re.sub(r"\s+(?:và|với|va|voi|thì|thi|của|cua)$", "", text)


def _label(words: str) -> str:
    if words.isdigit():
        return f"Năm {words}"
    return f"{words[:1].upper()}{words[1:]}"


def _table(told: Sequence[tuple[Side, Draft | None]]) -> Draft:
    """A row a side; sides with lists stand below each other."""
    citations: list[Citation] = []
    notices: list[str] = []
    blocks = any(draft and "\n" in draft.text for _, draft in told)
    lines = []
    for side, draft in told:
        named = _naming(side.names, draft, len(citations) + 1) if draft else None
        citations += [named] if named else []
        label = f"{side.label} [{named.marker}]" if named else side.label
        cell = counted_on(draft or Draft(_NONE_FOUND, ()), len(citations))
        words = cell.text
        citations += cell.citations
        notices += cell.notices
        lines.append(f"{label}:\n{words}" if blocks else f"| {label} | {words.replace('|', '/')} |")
    return Draft("\n".join(lines), tuple(citations), tuple(dict.fromkeys(notices)), final=True)


def _naming(names: Sequence[str], draft: Draft, marker: int) -> Citation | None:
    """Where the text that answers says whose it is; None where the answer says so itself."""
    cited = draft.citations[0]
    lead = cited.document.text[slice(*cited.context)] if cited.context else ""
    said = f"{cited.locator}\n{lead}\n{cited.quote}\n{cited.document.name}"
    spelled = [[fold(other) for other in spellings_of(name)] for name in names]
    unsaid = [others for others in spelled if not _says(said, others)]
    found = (next(_lines_saying(cited.document, others), None) for others in unsaid)
    place = next((place for place in found if place), None)
    return Citation(marker, cited.document, place[0], *place[1]) if place else None


def _says(words: str, names: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", fold(words)) for name in names)


def _lines_saying(document: Document, names: Sequence[str]) -> Iterator[tuple[Part, Span]]:
    """The lines of the head and the first parts that say a name."""
    for part in document.outline:
        for line in re.finditer(r"[^\n]+", document.text[part.start : part.lead_end]):
            words = line[0].rstrip()
            if _says(words, names):
                yield part, (part.start + line.start(), part.start + line.start() + len(words))
