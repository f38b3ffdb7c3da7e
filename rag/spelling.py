"""How a Vietnamese syllable is spelled: where the tone mark stands, `i` or `y`, what can be one.

Words with two spellings get one, so that `kĩ thuật` finds `kỹ thuật` and `hoà giải` finds `hòa giải`.
"""

from __future__ import annotations

import re

_ONSET = "(?:ngh|ng|nh|kh|ch|tr|th|ph|gh|gi|qu|[bcdghklmnpqrstvx])?"
_RIME = (
    "(?:a(?:[cptmniouy]|ch|nh|ng)?|e(?:[cptmnou]|ch|nh|ng)?|i(?:[ptmnuac]|ch|nh|ng|e[cptmnu]|eng)?"
    "|o(?:[cptmnia]|ng|oc|ong|a[cptmniyo]|ach|anh|ang|e[ont]|eng)?|u(?:[cptmniayu]|ng|o[cptmniu]|ong|a[tny]|ang|e|e[nt]|ech|enh|y[atnu]?|ych|ynh|yet|yen)?"
    "|y(?:[tmu]|e[tmnu]|eng)?)"
)
_SYLLABLE = re.compile(rf"{_ONSET}{_RIME}$")

# The older placing of tone marks: `hoà` is `hòa`, `uỷ` is `ủy`, `thuý` is `thúy`.
_GLIDES = {"o": "òóỏõọ", "u": "ùúủũụ"}
_OLD_TONES = {
    old: new
    for glide, vowel, marked in (("o", "a", "àáảãạ"), ("o", "e", "èéẻẽẹ"), ("u", "y", "ỳýỷỹỵ"))
    for toned, second in zip(_GLIDES[glide], marked, strict=True)
    for old, new in (
        (glide + second, toned + vowel),
        ((glide + second).upper(), (toned + vowel).upper()),
        ((glide + second).capitalize(), (toned + vowel).capitalize()),
    )
}
# The set in front lets the search skip letters; what it lets through besides is no old placing.
_OLD = re.compile(r"[oOuU](?<![qQ].)[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸỳýỷỹỵỲÝỶỸỴ](?![^\W\d_])")
# Both are written (Decision 1989/QĐ-BGDĐT of 2018 has `kĩ`, most offices `kỹ`); the law mostly writes
# `y` behind these consonants, `i` behind `s`.
_I, _Y = "iìíỉĩịIÌÍỈĨỊ", "yỳýỷỹỵYỲÝỶỸỴ"
_I_OR_Y = re.compile(
    rf"(?<![^\W\d_])(?:([hklmtHKLMT]|[qQ][uU])([{_I}])|([sS])([{_Y}]))(?![^\W\d_])"
)
_SWAPPED = str.maketrans(_I + _Y, _Y + _I)


def is_syllable(word: str) -> bool:
    """Whether a folded word can be a Vietnamese syllable."""
    return bool(_SYLLABLE.match(word))


def respelled(text: str) -> str:
    """NFC text with one spelling where two are in use; its length and its capitals stay."""
    text = _OLD.sub(lambda match: _OLD_TONES.get(match[0], match[0]), text)
    return _I_OR_Y.sub(_with_other_vowel, text)


def _with_other_vowel(match: re.Match[str]) -> str:
    return match[0][:-1] + match[0][-1].translate(_SWAPPED)
