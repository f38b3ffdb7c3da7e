"""Slips of a phone's keyboard: Telex left in the text, syllables typed together, letters missing.

Only what can be no Vietnamese syllable is touched; names, numbers and abbreviations stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from corpus.clean import fold
from corpus.gazetteer import mended_place
from rag.spelling import is_syllable
from rag.syllable_pairs import of_offices
from rag.words import lexicon


def mend(text: str) -> str:
    """The question with what can be no syllable replaced by what was meant, where that is plain."""
    text = re.sub(r"[^\W\d_]+", _mended_word, text)
    for match in reversed([*_PAIR.finditer(text)]):
        start, end = match.span(1)
        text = f"{text[:start]}{_mended_place(text[start:end])}{text[end:]}"
    return text


_PAIR = re.compile(r"(?<!\w)(?=([^\W\d_]+ [^\W\d_]+)(?!\w))")


def _mended_place(typed: str) -> str:
    """`Tây Nin` is `Tây Ninh`; a pair that the law knows as a word stays, and `lai đóng`, which is
    neither a name nor typed without diacritics."""
    pair = fold(typed)
    if typed.islower() and typed != pair:
        return typed
    place = None if pair in lexicon().idf_folded else mended_place(pair)
    if place is None or not _may_be(typed, place):
        return typed  # `làm xong` is no `Lâm Đồng`
    if any(w in of_offices().spellings for w in set(pair.split()) - set(fold(place).split())):
        return typed  # `thoại bình` is no `Thái Bình`: what offices write is no slip
    return place


def _may_be(typed: str, place: str) -> bool:
    """Whether the syllables begin alike, and those that are the place's have its marks, or none."""
    pairs = list(zip(typed.casefold().split(), place.casefold().split(), strict=False))
    marked_alike = all(a in (b, fold(b)) for a, b in pairs if fold(a) == fold(b))
    return marked_alike and all(fold(a)[0] == fold(b)[0] for a, b in pairs)


_LAST = re.compile(r"[^\W\d_]+(?=\s$)")
_NEXT = re.compile(r"\s[^\W\d_]+")


def _mended_word(match: re.Match[str]) -> str:
    """A capital inside a question begins a name, which need be no syllable: `Krông Bông`."""
    if match.start() > 0 and match[0].istitle() or not _is_slip(match[0]):
        return match[0]
    before = _LAST.search(match.string, 0, match.start())
    behind = _NEXT.match(match.string, match.end())
    return _mended(
        match[0], fold(before[0]) if before else "", fold(behind[0].strip()) if behind else ""
    )


@lru_cache(maxsize=4096)
def _is_slip(word: str) -> bool:
    """Whether a word can be no syllable, name or abbreviation."""
    plain = fold(word)
    if is_syllable(plain) or word.isupper() or len(plain) < 4 or plain in lexicon().idf_folded:
        return False
    # `thpt` is short for something, `krong` is a name.
    return _VOWEL.search(plain) is not None and _FOREIGN.match(plain) is None


@lru_cache(maxsize=4096)
def _mended(word: str, before: str, behind: str) -> str:
    plain = fold(word)
    return _telex(plain) or _split(plain) or _near(plain, before, behind) or word


def _telex(plain: str) -> str | None:
    """`ddieeuf` is `điều`, `hanhj` is `hạnh`: letters that Telex takes for marks, left standing."""
    bare = re.sub(
        r"(?<=.)[sfrxj](?=[a-z]?$)|w", "", re.sub(r"(d)d|(a)a|(e)e|(o)o", r"\1\2\3\4", plain)
    )
    if bare == plain or not bare or not is_syllable(bare) or bare not in lexicon().idf_folded:
        return None
    marks = {_TELEX[typed] for typed in re.findall(r"dd|aa|ee|oo|(?<=.)[sfrxjw]", plain)}
    meant = [w for w in of_offices().spellings.get(bare, ()) if _marks(w) == marks]
    return meant[0] if len(meant) == 1 else bare


# The marks that letters stand for; `w` for the horn and the breve, which no syllable has both.
_TELEX = {
    "dd": "đ", "aa": "\u0302", "ee": "\u0302", "oo": "\u0302", "w": "w",
    "s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323",
}  # fmt: skip


def _marks(syllable: str) -> set[str]:
    decomposed = unicodedata.normalize("NFD", syllable)
    found = {c for c in decomposed if unicodedata.combining(c) or c == "đ"}
    return {"w" if mark in "\u031b\u0306" else mark for mark in found}


def _split(plain: str) -> str | None:
    """`baocao` is `bao cao`: two syllables that the law knows as a word."""
    known = lexicon().idf_folded
    cuts = [(plain[:n], plain[n:]) for n in range(2, len(plain) - 1)]
    pairs = [(known[f"{a} {b}"], f"{a} {b}") for a, b in cuts if f"{a} {b}" in known]
    return min(pairs)[1] if pairs else None


def _near(plain: str, before: str, behind: str) -> str | None:
    """One letter missing, doubled, wrong or swapped: the syllable that near which makes a word with its
    neighbour (`kế hoạh`), else the most common one."""
    known = lexicon().idf_folded
    near = [(known[word], word) for word in _edits(plain) if word in known and is_syllable(word)]
    pairs = [(f"{before} {word}", f"{word} {behind}") for _, word in near]
    words = [
        (min(known[pair] for pair in own if pair in known), word)
        for own, (_, word) in zip(pairs, near, strict=True)
        if any(pair in known for pair in own)
    ]
    return min(words or near)[1] if near else None


_LETTERS = "abcdeghiklmnopqrstuvxy"
_VOWEL = re.compile(r"[aeiouy]")
_FOREIGN = re.compile(r"[bcdfghkp][lr]")  # begins no Vietnamese word: Krông, Plei, Đrăng


def _edits(word: str) -> set[str]:
    """With one letter fewer, more, other or swapped; the first is another only where it is swapped."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    dropped = {a + b[1:] for a, b in cuts[1:] if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + c + b[1:] for a, b in cuts[1:] if b for c in _LETTERS}
    grown = {a + c + b for a, b in cuts[1:] for c in _LETTERS}
    return dropped | swapped | changed | grown
