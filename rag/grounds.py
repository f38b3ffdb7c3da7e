"""Whether a sentence stands in the text that it cites: its facts, its names, its words, its yes or no.

No model: what can't be settled by comparing words counts as not standing, for the default answer is
always at hand. A meaning turned round by the order of the same words is not seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.sentences import sentences
from rag.agreement import lacking
from rag.facts import DIRECTION_WORDS, Facts, facts
from rag.numerals import NUMERAL_WORDS
from rag.words import FUNCTION_WORDS, lexicon, syllables

_SHARE = 0.75  # of each clause's content syllables must stand in what it cites
_STRANGE_RUN = 2  # more content syllables in a row from elsewhere are a claim of their own
_CLAUSES = re.compile(r"[,;:] | [–-] |[()]")
_NEGATIONS = frozenset("không chưa chẳng chớ đừng cấm trừ".split())
# What may stand between a negation and the word that it denies.
_LINKS = frozenset("được phải còn bị có thể cần nên hề để là".split())
_LIMITS = frozenset("quá dưới ít chỉ những ngừng".split())  # `không quá` is a limit, no denial
_CONTRARIES = tuple(
    tuple(f" {word} " for word in pair.split(" / "))
    for pair in """tăng / giảm; trước / sau; trên / dưới; cao / thấp; nhiều / ít; đầu / cuối; mua / bán; nhận / trả; gửi / nhận;
đóng / mở; phải / có thể; bắt buộc / khuyến khích; cho phép / cấm; được / cấm; tối đa / tối thiểu;
bổ nhiệm / miễn nhiệm; cấp trên / cấp dưới; sáng / chiều; trong / ngoài; công khai / bí mật;
tập thể / cá nhân; mới / cũ; hằng tháng / hằng quý; hằng tháng / hằng năm; hằng quý / hằng năm;
hàng tháng / hàng quý; hàng tháng / hàng năm; hàng quý / hàng năm; đồng ý / từ chối; chấp thuận / từ chối;
thành lập / giải thể""".replace("\n", " ").split("; ")
)
# What ends or lifts a duty turns any sentence round, wherever it stands in it.
_UNDOING = tuple(
    f" {word} "
    for word in "miễn,hoãn,hủy,hủy bỏ,bãi,bãi bỏ,giải thể,đình chỉ,tạm dừng,dừng,chấm dứt,thu hồi,lùi,gia hạn".split(
        ","
    )
)
_NOT_CONTENT = FUNCTION_WORDS | NUMERAL_WORDS | DIRECTION_WORDS
# An office that a person does not hold is as false as a wrong name.
_TITLES = re.compile(
    r"(?<!\w)(?:phó|quyền (?=chủ|giám|bộ)|tổng (?=bí|giám)|bí thư|chủ tịch|giám đốc|thủ tướng|bộ trưởng|thứ trưởng"
    r"|chánh \w+|trưởng \w+|\w+ trưởng|chủ nhiệm|thường trực)(?!\w)"
)
_OPENS = re.compile(r"(?:^|[:“\"(‘'.!?;/–-])\s*$")  # a capital here begins a clause, not a name
_CAPITALISED = re.compile(r"[^\W\d_][\w&]*")


@dataclass(frozen=True)
class Ground:
    """A text that sentences may rest on."""

    text: str

    @cached_property
    def facts(self) -> Facts:
        return facts(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return syllables(self.text)

    @cached_property
    def joined(self) -> str:
        """The syllables between spaces, for look-ups of several in a row."""
        return f" {' '.join(self.words)} "

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def denied(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_denied(self.words))


def stands(sentence: str, ground: Ground) -> bool:
    """Whether everything that a sentence says, its markers taken off, stands in the ground."""
    return (
        next(lacking(facts(sentence), ground.facts), None) is None
        and all(_named(name, opens, ground) for name, opens in _names(sentence))
        and all(f" {title.strip()} " in ground.joined for title in _titles(sentence))
        and _words_stand(sentence, ground)
        and _opens_as_there(sentence, ground)
        and not _turned_round(sentence, ground)
    )


def coverage(text: str, words: frozenset[str]) -> float:
    """Share of a text's content syllables that are among `words`; 1 where it has none."""
    own = content(text)
    return sum(word in words for word in own) / len(own) if own else 1.0


def content(text: str) -> list[str]:
    """The syllables of a text that say something: no function words, no numbers."""
    return [word for word in syllables(text) if _counts(word)]


def _counts(word: str) -> bool:
    return word not in _NOT_CONTENT and not word[0].isdigit()


def _names(sentence: str) -> Iterator[tuple[list[str], bool]]:
    """Runs of capitalised words, and whether the first may owe its capital to its place."""
    run: list[str] = []
    opens, end = False, 0
    for match in _CAPITALISED.finditer(sentence):
        capital = match[0][0].isupper()
        if run and (not capital or sentence[end : match.start()] != " "):
            yield run, opens
            run = []
        if capital:
            opens = (
                opens if run else _OPENS.search(sentence[max(0, end) : match.start()]) is not None
            )
            run = [*run, match[0]]
        end = match.end()
    if run:
        yield run, opens


def _named(name: list[str], opens: bool, ground: Ground) -> bool:
    if f" {' '.join(syllables(' '.join(name)))} " in ground.joined:
        return True
    first = syllables(name[0])
    common = all(word in ground.vocabulary or not _counts(word) for word in first)
    if not opens or len(name) > 1 and not common:
        return False
    return len(name) == 1 or _named(name[1:], False, ground)


def _opens_as_there(sentence: str, ground: Ground) -> bool:
    """`Đại đoàn Hội đồng` for `Đảng đoàn`, `Cân bộ` for `Cán bộ`: at its beginning every word has a
    capital, so the first two stand together in the source, or are a word of the language that the
    source lacks."""
    pair = syllables(sentence)[:2]
    if len(pair) < 2 or not all(map(_counts, pair)):
        return True
    strange = any(word not in ground.vocabulary for word in pair)
    said = " ".join(pair)
    return f" {said} " in ground.joined or strange and lexicon().is_word(said)


def _titles(sentence: str) -> list[str]:
    return _TITLES.findall(" ".join(syllables(sentence)))


def _words_stand(sentence: str, ground: Ground) -> bool:
    """Meaning, cheaply: most content syllables of each clause stand there, and no run of others."""
    own = content(sentence)
    strange = longest = 0
    for word in own:
        strange = 0 if word in ground.vocabulary else strange + 1
        longest = max(longest, strange)
    if not own:
        return bool(facts(sentence))
    clauses = _CLAUSES.split(sentence)
    return longest <= _STRANGE_RUN and all(
        coverage(clause, ground.vocabulary) >= _SHARE for clause in clauses
    )


def _turned_round(sentence: str, ground: Ground) -> bool:
    """Whether a denial or a contrary stands on one side only."""
    words = syllables(sentence)
    joined = f" {' '.join(words)} "
    if any(word in joined and word not in ground.joined for word in _UNDOING):
        return True
    if any(
        here in joined
        and here not in ground.joined
        and there in ground.joined
        and there not in joined
        for pair in _CONTRARIES
        for here, there in (pair, pair[::-1])
    ):
        return True
    own = frozenset(_denied(words))
    heads = {denied[0] for denied in ground.denied}
    if any(denied[0] not in heads for denied in own):
        return True
    dropped = [d for d in ground.denied if d not in own and f" {' '.join(d)} " in joined]
    return any(_denied_only(denied, sentence, ground) for denied in dropped)


def _denied(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """For each negation the two syllables that it denies."""
    for place, word in enumerate(words):
        if word not in _NEGATIONS:
            continue
        behind = list(words[place + 1 : place + 7])
        while behind and behind[0] in _LINKS and len(behind) > 1:
            behind.pop(0)
        if behind and behind[0] not in _LIMITS:
            yield tuple(behind[:2])


def _denied_only(denied: tuple[str, ...], sentence: str, ground: Ground) -> bool:
    """Whether the source denies what the sentence affirms; where it does both, the sentence of the
    source that is nearest decides."""
    affirmed = ground.joined.count(f" {' '.join(denied)} ")
    if affirmed <= sum(d == denied for d in _denied(ground.words)):
        return True
    own = frozenset(content(sentence))
    spans = [ground.text[a:b] for a, b in sentences(ground.text)]
    nearest = max(spans, key=lambda span: len(own & set(syllables(span))), default="")
    return denied in set(_denied(syllables(nearest)))
