"""Who wrote a page of news: the name below it. No sentence says it, and whom the text speaks of did not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Document, Part
from rag.compose import Draft, compose_part
from rag.constraints import satisfies
from rag.refuse import Gap
from rag.statements import described_as_one
from rag.understand import Understood

# `ai viết bài này`, `tác giả bài báo`, `tin do ai đăng`.
_ASKED = re.compile(
    r"(?<!\w)(?:(?:ai|nguoi nao|ong nao|ba nao|phong vien nao)(?: la)?(?: nguoi| tac gia)? (?:viet|dang|dua)(?: len)? (?:bai|tin)"
    r"|(?:tac gia|nguoi viet|nguoi dang|phong vien viet)(?: cua)? (?:bai|tin|trang)"
    r"|(?:bai|(?<!thong )tin)(?: \w+){0,10} do (?:ai|phong vien nao) (?:viet|dang|dua)"
    r"|(?:bai|(?<!thong )tin)(?: \w+){0,10} (?:cua (?:tac gia|phong vien) nao|(?:ghi|de|dung) ten (?:ai|tac gia nao)))(?!\w)"
)
_LONGEST = 7  # words


def byline(document: Document) -> Part | None:
    """The last line of a page of news where it is nothing but names: `Hà Lựu`, `LÊ AN - VPS`."""
    last = document.outline[-1]
    words = document.text[last.start : last.end].split()
    if document.meta.kind != "Tin" or last.level != "paragraph" or not 1 < len(words) <= _LONGEST:
        return None
    named = all(word[0].isupper() or not word[0].isalpha() for word in words)
    return last if named and words[-1][-1].isalnum() else None


def author(asked: Understood, documents: Sequence[Document]) -> Draft | Gap | None:
    """The name below the one page that is meant; None for any other question."""
    if not _ASKED.search(asked.folded):
        return None
    news = [d for d in documents if d.meta.kind == "Tin"]
    pages = [d for d in news if satisfies(asked, described_as_one(d))]
    if not news:
        return None
    if len(pages) != 1:
        several = f"Kho có {len(pages)} bản tin, chưa rõ câu hỏi nói về bản nào."
        return Gap(asked, (), (), several if pages else None)
    line = byline(pages[0])
    if line is None:
        lacking = f"Bản tin “{pages[0].meta.title}” trong kho không ghi tên người viết."
        return Gap(asked, (), (), lacking)
    return compose_part(pages[0], line)
