"""What stands below an official text: recipients, the office that signs, the signer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.letters import compiled
from corpus.model import Foot, Part

_OFFICE = compiled(
    r"^(?:T/M|TM|K/T|KT|T/L|TL|TUQ|Q|TS)\s*\.?\s+[A-ZÀ-ỸĐ]|^(?:PHÓ |QUYỀN |Q\. ?)?(?:GIÁM ĐỐC|TỔNG GIÁM ĐỐC|CHỦ TỊCH|BÍ THƯ"
    r"|THỦ TƯỚNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CỤC TRƯỞNG|TỔNG THANH TRA|CHÁNH|(?:CHI |TỔNG )CỤC TRƯỞNG|(?:VỤ|ĐỘI|HẠT|TRẠM|TỔ) TRƯỞNG|HIỆU TRƯỞNG|VIỆN TRƯỞNG|TRƯỞNG)(?![a-zà-ỹđ])"
)
_NAME = compiled(r"^(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]+\s){1,5}[A-ZÀ-ỸĐ][a-zà-ỹđ]+$")
_SIGNED = re.compile(r"^[\[(]?\s*(?:đã ký|daky|ký)\s*[\])]?$", re.I)
_TITLE_OF_PERSON = re.compile(
    r"^(?:ThS|TS|PGS|GS|BS|BSCK\w*|Thạc sĩ|Tiến sĩ|Luật sư)[.\s,]+(?:(?:TS|BS)\.?\s)?", re.I
)
_RECIPIENTS = re.compile(r"^NƠI NHẬN\s*:?\s*", re.I)


def read_foot(text: str, outline: Iterable[Part]) -> Foot:
    """The first foot of an outline; what is not there is None or empty."""
    foot = next((p for root in outline for p in root.walk() if p.level == "foot"), None)
    if foot is None:
        return Foot()
    lines = [line.strip(" |") for line in text[foot.start : foot.end].split("\n")]
    lines = [line for line in lines if line]
    first = next((n for n, line in enumerate(lines) if _OFFICE.match(line)), len(lines))
    offices = _offices(lines[first:])
    signer = _signer(lines[first + len(offices) :])
    return Foot(signer, " / ".join(offices) or None, tuple(_recipients(lines[:first])))


def _offices(lines: list[str]) -> list[str]:
    """The lines of capitals that begin with an office: `KT. GIÁM ĐỐC`, `PHÓ GIÁM ĐỐC`."""
    taken = []
    for line in lines:
        if not line.isupper():
            break
        taken.append(line)
    return taken


def _signer(lines: list[str]) -> str | None:
    for line in lines:
        if _SIGNED.match(line):
            continue
        name = _TITLE_OF_PERSON.sub("", line)
        return name if _NAME.match(name) else None
    return None


def _recipients(lines: list[str]) -> Iterable[str]:
    if not lines or not _RECIPIENTS.match(lines[0]):
        return
    for line in lines[1:]:
        yield re.sub(r"[;,.]+$", "", re.sub(r"^[-–+•*]\s*", "", line)).strip()
