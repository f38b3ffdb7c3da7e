"""Who: organs and people that a sentence gives work to, with whom, and to whom they report.

Kinds of organs and the words that follow them stand in `doers.yaml`. A name is read from its kind
to the first word of what is done; lists (`Các sở, ngành, UBND các xã, phường`) stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from corpus.letters import compiled

Span = tuple[int, int]

_MAX_WORDS = 24  # of a name: lists of organs are long
_SPACE = re.compile(r"\s+(?:[-–]\s+)?")
_TOKEN = re.compile(r"[^\s,;:.()“”\"]+|[,;:.()“”\"]")
_PREFIX = compiled(
    r"(?:(?:[Mm]ỗi|[Tt]ừng|[Cc]ác|[Nn]hững|[Tt]oàn thể|[Tt]ất cả|[Tt]oàn|[Mm]ột|[Đđ]ồng chí|\d+\s?%(?:\s+số)?|[Đđ]ại diện|[Tt]ập thể)\s+)+"
)
# Kinds of bodies and people that are called by what they do.
_FOR = compiled(
    r"(?:[Tt]ổ|[Đđ]ội|[Bb]an|[Đđ]oàn|[Nn]hóm|[Tt]rạm|[Bb]ộ phận|[Tt]rung tâm|[Tt]iểu ban|[Tt]ổ trưởng|[Tt]rưởng ban|[Đđ]ội trưởng|[Ll]ực lượng|[Tt]ổ tư vấn|[Tt]ổ hòa giải|[Bb]an quản lý"
    r"|[Cc]ông chức|[Vv]iên chức|[Cc]án bộ|[Nn]hân viên|[Nn]gười|(?:[Đđ]ồng chí )?(?:[Pp]hó|[Tt]rưởng) [^,;:]{2,24}|[Ll]ãnh đạo|[Tt]hành viên)"
)
_PLURAL = re.compile(r"(?:mỗi|từng|các|những|tất cả|toàn|%)(?:\s+số)?\s*$", re.I)
# Somebody by name, with what he is: `đồng chí Trần Văn Hùng, Phó Chủ tịch UBND xã`.
_PERSON = compiled(
    r"[Đđ]ồng chí (?!Phó|Chủ|Bí|Giám|Trưởng|Ủy|Uỷ|Đại|Chánh|Hiệu|Thủ)[A-ZÀ-ỸĐ]\w*(?: [A-ZÀ-ỸĐ]\w*){1,4}(?:(?:,| [-–]) (?=Phó|Chủ|Bí|Giám|Trưởng|Ủy|Uỷ|Đại|Chánh|Hiệu|Thủ)[^,;:.]{3,60}(?=,))?"
)
_DROPPED = re.compile(r"(?:[Mm]ỗi|[Tt]ừng|\d+\s?%(?:\s+số)?)\s+")
_JOINED = compiled(r"(?:,?\s+(?:và|hoặc|cùng)|[,;])\s+(?=\S)")
# What ends a name beside verbs: time, place of the work, an agent, a parenthesis.
_ENDS = re.compile(
    r"(?:trước|trong|vào|theo|tại|hằng|hàng|định kỳ|do|nếu|khi|chậm|về|với|gồm|từ|bằng|qua|ở|cho|đã|sẽ|để|mà|sau|thì|này|nhằm|đối|như|nêu|còn|gắn|đến|cùng|những|rồi|vẫn|xong)$"
)
_THINGS = re.compile(
    r"(?:các|mọi|từng|những)\s+(?:trường hợp|vụ|nội dung|thông tin|vấn đề|kết quả|việc|hành vi)\b"
)
_FAILS = re.compile(r"(?:được|bị|có|là|đạt|nằm|xếp|đã|đang|gồm|thì)$")
# `Phòng Quản lý` is a name, `các phòng, ban` too; `phòng ngừa` and `tổ chức` are not.
_NOT_ORGAN = compiled(
    r"(?:Tổ chức|tổ chức)\s+(?!đảng|chính trị|hội|đoàn|cơ sở|xã hội)|(?:Phòng|phòng)(?:,? chống| ngừa| dịch| cháy)|(?:Ban|ban) hành|(?:Đoàn|đoàn) kết"
    r"|(?:Hội|hội) (?:nghị|thi|thảo|họp)|(?:Đội|đội) ngũ|(?:Cấp|cấp) (?!ủy|uỷ|tỉnh|huyện|xã|trưởng|phó|dưới|trên|cơ sở|ngành)|(?:Bộ|bộ) (?:tiêu|máy|chỉ|câu|thủ|luật)|(?:Báo|báo) (?:cáo|(?!Ảnh|Nhân|Công)(?:(?:Tổ|Phòng|Ban|Sở|UBND|Công an|Chi cục|Văn phòng|Trưởng|Giám|Hiệu|Chủ)\b))|(?:Bản|bản) |(?:Khoa|khoa) học"
    r"|(?:Trường|trường) hợp|(?:Sở|sở) hữu|(?:Quỹ|quỹ) đất|(?:Ngành|ngành) nghề|(?:Cơ quan|đơn vị) tính|(?:Cán bộ|cán bộ), đảng viên và Nhân dân"
)
_PLACE = re.compile(
    r"(?:xã|phường|huyện|tỉnh|thôn|ấp|bản|khu phố|cấp xã|cấp huyện|cơ sở|nhân dân|Nhân dân|người dân)(?!\w)"
)
# `Công chức tiếp nhận hồ sơ có trách nhiệm ...`: a name may hold a verb before the one that counts.
_STRONG = re.compile(
    r"(?P<name>(?:\s+(?!phải|cần|không|tiếp tục|chủ động|chủ trì|đã)[^\s,;:.()]+){1,6}?)"
    r"(?=\s+(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|phải)\b)"
)
_LEADING = compiled(
    r"(?:Căn cứ|Trên cơ sở|Theo|Riêng|Để|Nhằm|Hằng|Hàng|Định kỳ|Trước|Trong|Chậm nhất|Đến|Từ|Khi|Sau|Năm|Nhận được|Vào|Qua|Cùng với|Ngoài)\b[^;:]{2,240}"
)
_CONNECTIVE = re.compile(
    r"(?:Riêng|Đồng thời|Ngoài ra|Bên cạnh đó|Cùng với đó|Trước mắt|Mặt khác|Sau đó|Cuối (?:tuần|tháng|quý|năm)|(?:Hằng|Hàng) (?:ngày|tuần|tháng|quý|năm)),?\s+"
)
_ASKED = re.compile(
    r"(?<!\w)(?:[Gg]iao(?! ban|\w)(?: cho)?|[Đđ]ề nghị|[Yy]êu cầu|[Cc]hỉ đạo|[Pp]hân công|[Tt]hống nhất giao)\s+(?:nhiệm vụ cho\s+)?"
)
_ASKS = re.compile(r"(?<!\w)(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu|[Pp]hân công)\s")
_AGENT = re.compile(r"(?<!\w)(?:do|(?:sẽ|phải) được)\s+(?=\S)")
# What may stand between a name and its verb: `Sở Nội vụ trước ngày 20/3 gửi ...`.
_BETWEEN = re.compile(
    r"(?:do|tại|theo|trước|trong|vào|hằng|hàng|định kỳ|chậm nhất|về|này|nêu|căn cứ|ở|khi|từ|sau|đến|gắn|với|cùng|để)\b"
)
_PASSIVE = re.compile(r"[;.]|\b(?:do|được(?! giao| phân công)|bị|đều)\b")
_OF_ANOTHER = re.compile(
    r"\s*(?:ban hành|quy định|phê duyệt|tổ chức|quản lý|thành lập|phát động|công nhận|đánh giá|giao)\b"
)
_ROLE = re.compile(
    r"(?:Chủ trì|Thư ký(?: \w+){0,2}|Phụ trách|Đầu mối|Thường trực|Trưởng đoàn)\s*:\s+"
)
_LABEL = compiled(r"[A-ZÀ-ỸĐ][^:;.,]{2,80}(?:, [^:;.,]{2,40})?:\s+")
_LATE = re.compile(r"[,)]\s+(?=(?:các|mỗi|từng)\s)")
_THEN = re.compile(r"(?<!\w)thì\s+")
_PARTNERS = re.compile(
    r"(?<!\w)[Pp]hối hợp(?: chặt chẽ| thường xuyên)?\s+(?:cùng\s+)?(?:với\s+)?(?=\S)"
)
_SENT = re.compile(
    r"(?<!\w)(?P<verb>[Gg]ửi|[Tt]rình|[Nn]ộp|[Bb]áo(?: ngay| kịp thời)?(?! cáo)|[Pp]hản ánh|[Kk]iến nghị|[Bb]áo cáo|[Đđ]ăng ký|[Tt]hông báo|[Gg]iải trình|[Cc]ung cấp|(?<!điều )(?<!luân )(?<!vận )(?<!Điều )(?<!Luân )(?<!Vận )[Cc]huyển(?! đổi| giao)|[Tt]ổng hợp)(?!\w)"
)
_TOWARDS = re.compile(r"(?<!\w)(?:về|cho|với|đến|tới|lên|sang|trước)\s+(?=\S)")
_THROUGH = re.compile(
    r"\s*\((?:qua|thông qua|trực tiếp)\s[^)]*\)|\s+(?:\(?thông\s+)?qua\s+(?=Văn phòng|Sở|Phòng|Ban)"
)
_ADDRESS_GAP = 14  # words between the sending and its addressee
# `phối hợp với`, `liên quan đến`, `so với`: no way of a paper.
_WRONG_TOWARDS = {
    "với": re.compile(r"(?:phối hợp|so|gắn|đối|đối thoại|cùng|kết hợp|trao đổi|tiếp xúc|ký)\s+$"),
    "đến": re.compile(r"(?:liên quan|thời hạn|tính|kể|chuyển)\s+$"),
    "về": re.compile(r"(?:quy định|căn cứ)\s+$"),
}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    data = yaml.safe_load((Path(__file__).parent / "doers.yaml").read_text(encoding="utf-8"))
    return {
        name: tuple(" ".join(w.split()) for w in said.split(",")) for name, said in data.items()
    }


@cache
def _heads() -> re.Pattern[str]:
    def options(words: tuple[str, ...]) -> str:
        both = {form for word in words for form in (word, word[0].lower() + word[1:])}
        return "|".join(re.escape(word) for word in sorted(both, key=len, reverse=True))

    named = options((*_words()["organs"], *_words()["people"]))
    return compiled(
        rf"(?:(?P<named>(?:(?:[Pp]hó|[Qq]uyền)\s+)?(?:{named}))|(?P<short>{options(_words()['short_organs'])}))(?!\w)"
    )


@cache
def _verbs() -> re.Pattern[str]:
    def options(words: Sequence[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    verbs, nouns = options(_words()["verbs"]), options(_words()["nouns"])
    return re.compile(rf"(?<!\w)(?<!thường )(?!(?:{nouns})(?!\w))(?:{verbs})(?!\w)")


@cache
def _purposes() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_words()['purposes'])})(?!\w)")


def holds_verb(words: str) -> bool:
    """Whether some words tell an action."""
    return bool(_verbs().search(words[:1].lower() + words[1:]))


def begins_with_verb(text: str, start: int, end: int) -> bool:
    """Whether the words at `start` tell an action: `Rà soát ...`, `thường xuyên cập nhật ...`."""
    here = text[start : min(end, start + 40)]
    return bool(_verbs().match(here[:1].lower() + here[1:]))


def tells_action(text: str, start: int, end: int) -> bool:
    """Whether an action opens the sentence, or what stands behind its date, condition or ground."""
    behind = [*_openings(text, start, end), *(m.end() for m in _THEN.finditer(text, start, end))]
    return any(begins_with_verb(text, at, end) for at in behind)


def behind_openings(words: str) -> str:
    """A sentence without the date, place or ground that leads it."""
    leading = re.match(
        r"(?:Trong|Tại|Theo|Ở|Từ|Đến|Sau|Qua)\s[^,;:]{2,60}(?:, nơi[^,]+)?,\s+", words
    )
    return words[leading.end() :] if leading else words


def organ_at(text: str, start: int, end: int, places: bool = False) -> Span | None:
    """The organ or people (or list of them) that begins at `start`, without `mỗi`; or None.

    `places`: a bare `xã`, `ấp` counts too, as behind `gửi đến`.
    """
    prefix = _PREFIX.match(text, start, end)
    begin = prefix.end() if prefix else start
    if person := _PERSON.match(text, start, end):
        return person.span()
    if not (_is_head(text, begin, end) or (places and _PLACE.match(text, begin, end))):
        return None
    stop = _name_end(text, begin, end)
    if strong := _STRONG.match(text, stop, end):
        stop = strong.end("name")
    left = start
    while dropped := _DROPPED.match(text, left, end):
        left = dropped.end()
    return (left, stop) if stop > left else None


def _is_head(text: str, begin: int, end: int) -> bool:
    match = _heads().match(text, begin, end)
    if match is None or _NOT_ORGAN.match(text, begin, end):
        return False
    if match["named"]:
        return True
    plural = _PLURAL.search(text, max(0, begin - 12), begin)
    behind = text[match.end() : match.end() + 2]
    return (
        bool(plural)
        or (behind[:1] == " " and behind[1:2].isupper())
        or (match[0][:1].isupper() and (behind[:1] in ",:" or not behind.strip()))
        or bool(
            re.match(
                r"\s+(?:tỉnh|huyện|xã|cấp|trưởng|các|lâm sàng|đội|dân phố|chuyên môn)\b",
                text[match.end() : match.end() + 14],
            )
        )
        or (match[0] == "Sở")
        or (match[0][:1].isupper() and bool(_purposes().match(text, match.end() + 1)))
        or bool(_STRONG.match(text, match.end()))
        or bool(re.match(r"\s+và\s+[A-ZĐÀ-Ỹ]", text[match.end() : match.end() + 6]))
    )


def _name_end(text: str, begin: int, end: int) -> int:
    """The end of the name: before a verb, a word that ends names, or punctuation that joins none."""
    head = _heads().match(text, begin, end)
    last = position = head.end() if head else begin
    for _ in range(_MAX_WORDS):
        if joined := _JOINED.match(text, position, end):
            if not _goes_on(text, joined.end(), end, joined[0]):
                break
            position = joined.end()
            inner = _PREFIX.match(text, position, end)
            head = _heads().match(text, inner.end() if inner else position, end)
            if head is not None:
                last = position = head.end()
                continue
        space = _SPACE.match(text, position, end)
        at = space.end() if space else position
        token = _TOKEN.match(text, at, end)
        if token is None or token[0] in ',;:.()“”"':
            break
        if _ENDS.match(token[0]) or _FAILS.match(token[0]) or _THINGS.match(text, at, end):
            break
        if verb := _verbs().match(text, at, end):
            purpose = _purpose(text, begin, position, at, end)
            if purpose is None and not _second_half(text, position, verb):
                break
            if purpose:
                token = purpose
        last = position = token.end()
    return last


def _second_half(text: str, at: int, verb: re.Match[str]) -> bool:
    """`Đăng ký`, `Đào tạo`: the capital says that the word is of the name, so is its second half."""
    word = re.search(r"(\S+)$", text[max(0, at - 12) : at])
    if word is None or not word[1][:1].isupper():
        return False
    both = f"{word[1].lower()} {verb[0].split()[0]}"
    return bool(_verbs().fullmatch(both)) or both in _words()["second"]


def _purpose(text: str, begin: int, at: int, verb: int, end: int) -> re.Match[str] | None:
    """`Tổ tư vấn học đường mở ...`, `Phó Giám đốc phụ trách nội vụ ký ...`: what a body is for stands
    straight behind its kind, and another verb follows; the words of the purpose."""
    if not _FOR.fullmatch(text[begin:at]) or text[verb - 1 : verb] != " ":
        return None
    first = _purposes().match(text, verb, end)
    more = re.compile(r"(?:\s+(?!và\b|việc\b|công tác\b|hoặc\b)[^\s,;:.()]+){0,6}")
    stop = more.match(text, first.end(), end) if first else None
    if first is None or stop is None:
        return None
    for word in re.compile(r"\s+(?=\S)").finditer(text, first.end(), stop.end() + 1):
        if _verbs().match(text, word.end(), end):
            return re.compile(r".*").match(text, verb, word.start())
    return None


def _goes_on(text: str, at: int, end: int, joint: str) -> bool:
    """Whether a name is joined: another organ, or a capital behind `và` and `,` inside a name."""
    prefix = _PREFIX.match(text, at, end)
    begin = prefix.end() if prefix else at
    if _heads().match(text, begin, end) and not _NOT_ORGAN.match(text, begin, end):
        return True
    if _verbs().match(text, at, end) or ";" in joint:
        return False
    return text[at : at + 1].isupper() or bool(
        re.match(
            r"(?:ngành|địa phương|thị trấn|đoàn thể|tổ chức chính trị|khu phố|nhân dân|Nhân dân|doanh nghiệp|người)\b",
            text[at : at + 24],
        )
    )


def subjects(text: str, start: int, end: int) -> list[Span]:
    """Who is told to act in the sentence `text[start:end]`: its subject, or who is asked to."""
    asked = list(_asked(text, start, end))
    if not asked:
        return list(_acting(text, start, end))
    opener = opening_subject(text, start, end)
    if opener and not _ASKS.search(text, start, asked[0][0]):
        return [opener, *asked]  # `X chỉ đạo Y thực hiện`: both
    return asked


def listed(text: str, spans: Sequence[Span]) -> list[Span]:
    """The single organs of lists: `Sở Nội vụ, UBND các xã` are two, `Các sở, ngành` stay one."""
    found = []
    for start, end in spans:
        begin = start
        for joint in _JOINED.finditer(text, start, end):
            alone = "và" in joint[0] and " " not in text[begin : joint.start()]  # `Báo và Đài X`
            if ";" in joint[0] or (not alone and _begins_anew(text, joint.end(), end)):
                found.append((begin, joint.start()))
                begin = joint.end()
        found.append((begin, end))
    return found


def _begins_anew(text: str, at: int, end: int) -> bool:
    prefix = _PREFIX.match(text, at, end)
    begin = prefix.end() if prefix else at
    head = _heads().match(text, begin, end)
    if head is None or not re.match(r"\s+[\w-]", text[head.end() : min(end, head.end() + 2)]):
        return False  # `Văn phòng HĐND và UBND` is one
    return prefix is not None or text[begin].isupper()


def opening_subject(text: str, start: int, end: int) -> Span | None:
    """The organ that opens a sentence (behind a date or a ground) and acts in it."""
    for at in _openings(text, start, end):
        span = organ_at(text, at, end)
        if span and _acts(text, span[1], end):
            return span
        if span and (shorter := _before_predicate(text, *span, end)):
            return shorter
    return None


def _before_predicate(text: str, start: int, stop: int, end: int) -> Span | None:
    """A name whose verb is not known: it ends where the lower case goes on with no word of names."""
    prefix = _PREFIX.match(text, start, stop)
    head = _heads().match(text, prefix.end() if prefix else start, stop)
    if head is None:
        return None
    last, capital = head.end(), False
    for token in _TOKEN.finditer(text, head.end(), stop):
        word = token[0]
        if word == ",":
            continue
        upper = word[:1].isupper() or word[:1].isdigit()
        if not upper and not capital and word not in _words()["tails"] and word not in "-–":
            break
        last, capital = token.end(), upper and not word[:1].isdigit()
    rest = text[last:stop]
    clause = re.compile(r"[^,;:.]*").match(text, last, end)
    passive = clause and re.search(r"\b(?:do|đều|bị|được)\b", clause[0])
    told = len(rest.split()) >= 2 and not re.match(r"\s*[,;:.]", rest) and not passive
    return (start, last) if told else None


def _openings(text: str, start: int, end: int) -> Iterator[int]:
    if label := _LABEL.match(text, start, end):
        yield label.end()
    yield start
    if connective := _CONNECTIVE.match(text, start, end):
        yield connective.end()
    if leading := _LEADING.match(text, start, end):
        for comma in re.compile(r",\s+").finditer(text, start, leading.end()):
            yield comma.end()


def _acting(text: str, start: int, end: int) -> Iterator[Span]:
    last = start
    if first := opening_subject(text, start, end):
        if not _then_other(text, first[1], end):
            yield first
        last = first[1]
    elif role := _ROLE.match(text, start, end):
        if span := organ_at(text, role.end(), end):
            yield span
            return
    for match in re.compile(r";\s+|(?<!\w)thì\s+").finditer(text, last, end):
        span = organ_at(text, match.end(), end)
        if span and _acts(text, span[1], end) and not _then_other(text, span[1], end):
            yield span
    if last == start and not begins_with_verb(text, start, end):
        yield from _late(text, start, end)
    for match in _AGENT.finditer(text, last, end):
        span = organ_at(text, match.end(), end)
        if (
            span
            and _verbs().match(text, span[1] + 1, end)
            and not _OF_ANOTHER.match(text, span[1], end)
        ):
            yield span


def _late(text: str, start: int, end: int) -> Iterator[Span]:
    """A plural subject behind other words: `Định kỳ quý (trước ngày 10), các đơn vị gửi ...`."""
    for match in _LATE.finditer(text, start, end):
        span = organ_at(text, match.end(), end)
        if span and _verbs().match(text, span[1] + 1, end):
            yield span
            return


def _then_other(text: str, at: int, end: int) -> bool:
    """`Khoa không hoàn thành thì trưởng khoa ...`: the condition's subject isn't told to act."""
    stop = re.compile(r"[;.]").search(text, at, end)
    return bool(_THEN.search(text, at, stop.start() if stop else end))


def _asked(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _ASKED.finditer(text, start, end):
        word = match[0].lower()
        if word.startswith("chỉ đạo") and not _directs(text, start, match.start()):
            continue
        if (
            word.startswith("phân công")
            and match.start() > start
            and text[match.start() - 2] not in ",;"
        ):
            continue
        span = organ_at(text, match.end(), end)
        if span and _acts(text, span[1], end):
            yield span
        elif span and (shorter := _before_predicate(text, *span, end)):
            yield shorter
        elif span and re.match(r"\s*(?::|$)", text[span[1] : end]):
            yield span


def _directs(text: str, start: int, at: int) -> bool:
    """`đề nghị X chỉ đạo Y`, `X chỉ đạo Y`: the one who directs stands before, or above."""
    return (
        at == start
        or bool(_ASKED.search(text, start, at))
        or opening_subject(text, start, at + 10) is not None
    )


def _acts(text: str, at: int, end: int) -> bool:
    """Whether an action follows a name: `, chủ trì`, `: bố trí`, `có trách nhiệm`, `do ... làm`."""
    rest = text[at : min(end, at + 160)]
    if re.match(r"\s*\(", rest):
        rest = re.sub(r"^\s*\([^)]*\)", "", rest)
    said = re.match(r"\s*[,:]?\s*", rest)
    begin = said.end() if said else 0
    if said and ":" in said[0]:
        rest = rest[:begin] + rest[begin : begin + 1].lower() + rest[begin + 1 :]
    if _FAILS.match(rest[begin:].split(" ")[0]) and not _verbs().match(rest, begin):
        return bool(
            re.match(
                r"(?:là (?:đầu mối|lực lượng|cơ quan|đơn vị|thành viên|thư ký)|(?:được|có nhiệm vụ) (?:giao|yêu cầu|đề nghị|phân công|ủy quyền|chỉ định))",
                rest[begin:],
            )
        )
    if _verbs().match(rest, begin):
        return True
    if not _BETWEEN.match(rest, begin):
        return False
    verb = _verbs().search(rest, begin + 1)
    return bool(verb and not _PASSIVE.search(rest, begin + 2, verb.start()))


def partners(text: str, start: int, end: int) -> list[Span]:
    """With whom: the organs behind `phối hợp với`."""
    found = (organ_at(text, match.end(), end) for match in _PARTNERS.finditer(text, start, end))
    return [span for span in found if span]


def addressee(text: str, start: int, end: int) -> Span | None:
    """The last of the organs that something is sent or reported to, its `(qua ...)` kept."""
    last: Span | None = None
    for match in _SENT.finditer(text, start, end):
        stop = _gap_end(text, match.end(), end)
        direct = None
        if match["verb"].lower() in ("gửi", "trình", "nộp", "báo", "báo ngay", "báo cáo"):
            direct = organ_at(text, match.end() + 1, end)
        span = direct or next(_towards(text, match, stop, end), None)
        if span:
            last = max(last or span, span)
    return _with_through(text, last, end) if last else None


def _gap_end(text: str, at: int, end: int) -> int:
    stop = re.compile(r"[;.]\s|\n").search(text, at, end)
    words = list(re.compile(r"\S+").finditer(text, at, stop.start() if stop else end))
    return words[min(_ADDRESS_GAP, len(words)) - 1].end() if words else at


def _towards(text: str, sent: re.Match[str], stop: int, end: int) -> Iterator[Span]:
    verb = sent["verb"].lower()
    for match in _TOWARDS.finditer(text, sent.end(), stop):
        towards = match[0].strip()
        wrong = _WRONG_TOWARDS.get(towards)
        if wrong and wrong.search(text, sent.end(), match.start()):
            continue
        if towards == "về" and verb == "phản ánh":
            continue
        if towards == "trước" and verb != "giải trình":
            continue
        if towards == "sang" and verb != "chuyển":
            continue
        if verb == "tổng hợp" and towards != "về":
            continue
        if verb in ("trình", "chuyển", "cung cấp") and towards not in ("cho", "về", "đến", "sang"):
            continue
        if verb in ("thông báo", "gửi", "nộp") and towards == "với":
            continue
        if span := organ_at(text, match.end(), end, places=towards != "về"):
            yield span


def _with_through(text: str, span: Span, end: int) -> Span:
    through = _THROUGH.match(text, span[1], end)
    if through is None:
        return span
    if "(" in through[0]:
        return span[0], through.end()
    organ = organ_at(text, through.end(), end)
    return (span[0], organ[1]) if organ else span


# `UBND các xã có dự án đi qua`, `Các trường nằm ven biển`: what tells which ones.
_CLAUSE_OF_NAME = re.compile(
    r"\s+(?:có|nằm|thuộc|ở|trên|tại|được|đang)\s(?!trách nhiệm|nhiệm vụ)[^:;.]{2,80}"
)
_HEADED = re.compile(
    r"(?:(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu|[Tt]ại|[Đđ]ối với|[Tt]rách nhiệm(?: thực hiện)? của|[Nn]hiệm vụ(?:, quyền hạn)? của|[Cc]huẩn bị của|[Vv]ề phía|(?:[Cc]ông|[Pp]hần) việc của|[Pp]hân công)\s+(?:cho\s+)?)"
)


def heading_organ(text: str, start: int, end: int) -> list[Span]:
    """The organs that a heading or lead-in gives the work below it to: `1. Giao Sở Nội vụ:`."""
    lead = _HEADED.match(text, start, end)
    span = organ_at(text, lead.end() if lead else start, end)
    if span is None and lead and "của" in lead[0] and len(text[lead.end() : end].split()) <= 8:
        return [(lead.end(), lead.end() + len(text[lead.end() : end].rstrip(" .:")))]
    if span is None:
        return [s for s in _asked(text, start, end)]
    rest = text[span[1] : end].strip()
    if not lead and (words := _CLAUSE_OF_NAME.match(text, span[1], end)) and words.end() >= end - 1:
        return [(span[0], words.end())]
    if rest and len(rest.split()) <= 2 and not re.search(r"[^\w\s]", rest):
        return [(span[0], end)]  # `Phòng Kế hoạch tổng hợp`: the verb is of the name
    if not rest.strip(":. ") or rest.startswith("(") or _acts(text, span[1], end):
        return [span]
    return []
