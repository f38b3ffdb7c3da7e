"""What notices and tables put before a colon: `Địa điểm: Hội trường tầng 2`, `Đơn vị thực hiện: Sở A`.

A label that says what is asked for speaks for its line, one that says something else against it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.clean import fold
from rag.statements import Statement
from rag.understand import Understood
from rag.words import FUNCTION_WORDS

_LABEL = re.compile(
    r"(?:^|;\s)\W*(?:(?:\d{1,2}(?:\.\d+)*[.)]|[a-zđ]\)|[-–+•])\s*)?([^:;.,\n]{2,50}):\s+(?=\S)"
)
_LONGEST = 7  # words: a longer one is the beginning of a sentence
# Folded, by the kind of question that it answers; beginnings.
_OF_KIND = {
    "where": r"dia diem|dia chi|noi (?!dung)|tru so",
    "when": r"thoi (?:gian|diem|han)|ngay|lich|tien do|han ",
    "who": r"thanh phan|chu tri|don vi|nguoi|dau moi|co quan|phu trach|doi tuong|chu toa",
    "money": r"(?:tong )?(?:kinh phi|du toan)|muc (?:chi|ho tro|thu|phat)|so tien",
    "how_many": r"so |ty le|tong so|chi tieu|muc ",
    "phone": r"(?:so )?dien thoai|lien he|duong day nong",
    "why": r"muc dich|muc tieu",
    "list": r"noi dung|nhiem vu|thanh phan|cong viec",
}
_SAME = {"deadline": "when", "person": "who", "listed": "list", "what": "list"}
_BY_KIND = {kind: re.compile(words) for kind, words in _OF_KIND.items()}
_PLACE = re.compile(
    r"(?i:địa điểm|địa chỉ|trụ sở|hội trường|nhà văn hóa|quảng trường|sân vận động|tòa nhà)"
    r"|(?:tại|ở|về|đến|qua)\s+(?:phòng|Phòng|tầng|Tầng|số \d|khu|Khu|nhà|Nhà|Trung tâm|Bộ phận|Văn phòng|Sở|UBND|Ủy ban|cổng|Cổng|trang|hộp thư)"
)
_FUNCTION = frozenset(map(fold, FUNCTION_WORDS))


def label_features(asked: Understood, statement: Statement) -> dict[str, float]:
    """How a statement's labels fit the kind of a question, and its words; none without a label."""
    kind = _SAME.get(asked.kind, asked.kind)
    found = {"place": float(_PLACE.search(statement.text) is not None)} if kind == "where" else {}
    labels = _labels(statement.text) if statement.shape != "list" else ()
    if not labels:
        return found
    own = _BY_KIND.get(kind)
    fits = own is not None and any(own.match(label) for label in labels)
    other = any(words.match(labels[0]) for name, words in _BY_KIND.items() if name != kind)
    said = set(asked.folded.split())
    asks = any(set(label.split()) - _FUNCTION <= said for label in labels)
    return found | {
        "label_fits": float(fits),
        "label_other": float(own is not None and other and not fits),
        "label_asked": float(asks),
    }


@lru_cache(maxsize=16_384)
def _labels(text: str) -> tuple[str, ...]:
    found = (fold(match[1]).strip() for match in _LABEL.finditer(text))
    return tuple(label for label in found if len(label.split()) <= _LONGEST)
