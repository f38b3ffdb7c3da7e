"""What a statement must name to answer: places, departments, a street, the class of a thing that is asked.

Unlike `constraints` this says nothing of a whole document. No model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from corpus.gazetteer import find_places
from corpus.letters import compiled
from rag.statements import Statement
from rag.understand import Understood


def names_what_is_asked(asked: Understood, statement: Statement) -> bool:
    """Whether a statement names the places, departments or class of things that a question is about, where
    it asks for such."""
    return all(_says_label(label, statement) for label in _labels(asked.folded)) and all(
        names(statement.text) for names in _must_name(asked.folded)
    )


# `xã loại II`, `giải khuyến khích`: the class of a thing, of several.
_LABEL = re.compile(
    r"(?<!\w)(?:(?:loai|hang|bac|nhom|cap do)\s(?:i{1,3}|iv|v|\d)|bieu \d{1,2}|giai (?:nhat|nhi|ba|dac biet|khuyen khich|[abc]))(?!\w)"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


@lru_cache(maxsize=256)
def _labels(question: str) -> tuple[str, ...]:
    return tuple(m[0] for m in _LABEL.finditer(question))


def _says_label(label: str, statement: Statement) -> bool:
    """Whether a class of things is said by a statement, or around it, in letters or figures."""
    thing, _, number = label.rpartition(" ")
    figures = {i: d for i, d in (*_ROMAN.items(), *((d, i) for i, d in _ROMAN.items()))}
    spellings = (label, f"{thing} {figures.get(number, number)}")
    return any(f" {s} " in scope.folded for s in spellings for scope in statement.scopes)


# Where places or departments are asked for, only what names some tells: `những xã nào`, `tên 21 xã`; `ở những thành phố nào` (`tỉnh nào`
# also asks for the place of a text, which need not stand in the sentence); `số nhà nào, đường nào`.
_NAMES_ASKED: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (
        re.compile(
            r"\b(?:nhung|cac) (?:xa|phuong|huyen|thon|ban|dang uy)(?: [a-z]+)? nao|\b(?:ten|danh sach) (?:cua )?(?:cac )?\d+ (?:xa|phuong|huyen|thon)"
            r"|(?<!\w)(?:xa|phuong|huyen|thon) nao (?:\w+ ){0,2}(?:dung dau|dan dau|dau tien|(?:som|muon|cham|cao|thap|nhieu|it|tot|kem) nhat)(?!\w)"
        ),
        compiled(
            r"(?:[Xx]ã|[Pp]hường|[Hh]uyện|[Tt]hôn|[Bb]ản|[Tt]hị xã|[Tt]hành phố|[Đđ]ảng ủy)(?: xã| phường)? [A-ZÀ-ỸĐ]"
        ).search,
    ),
    (
        re.compile(r"(?<!\w)(?:nhung|cac) (?:tinh|thanh pho) nao(?!\w)"),
        partial(find_places, accented=True),
    ),
    (
        re.compile(
            r"(?<!\w)(?:so nha (?:nao|bao nhieu|may)|so (?:nha |may,? |nao,? )(?:\w+ )?duong (?:nao|gi)|(?:nam|dat|o) so (?:may|bao nhieu))(?!\w)"
        ),
        compiled(
            r"(?<!\w)(?:[Ss]ố(?: nhà)? \d+(?![\d/-])|[Đđ]ường [A-ZÀ-ỸĐ]|(?<![Tt]hành )[Pp]hố [A-ZÀ-ỸĐ])"
        ).search,
    ),
    (
        re.compile(r"(?<!\w)(?:nam|o|tai|tren) duong (?:nao|gi)(?!\w)"),
        compiled(
            r"(?<!\w)(?:[Ss]ố(?: nhà)? \d+[A-Z]?,? [A-ZÀ-ỸĐ]|[Đđ]ường [A-ZÀ-ỸĐ]|(?<![Tt]hành )[Pp]hố [A-ZÀ-ỸĐ])"
        ).search,
    ),
    (  # `sở nào lo`: a department, and no other body
        re.compile(
            r"(?<!co )(?<!\w)so nao (?:lo|chu tri|phu trach|lam|chiu|tham muu|duoc giao|phai|thuc hien|huong dan)(?!\w)"
        ),
        compiled(r"(?<!\w)(?:[Ss]ở [A-ZÀ-ỸĐ]|[Cc]ác [Ss]ở)").search,
    ),
)


@lru_cache(maxsize=256)
def _must_name(question: str) -> tuple[Callable[[str], object], ...]:
    """What must find something in a statement for it to tell what a folded question asks for."""
    return tuple(names for asked, names in _NAMES_ASKED if asked.search(question))
