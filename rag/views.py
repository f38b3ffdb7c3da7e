"""A question as the lanes should see it: what an examiner adds is taken off, and so is the law that it
names, which tells the document and not the article."""

from __future__ import annotations

import re

# In a law `đúng` and `sai` are rare words that would mislead.
_VERDICT = re.compile(
    r"(?:(?:phát biểu|khẳng định|nhận định|mệnh đề|điều)?\s*(?:này|trên|sau đây|sau)?\s*(?:là\s+)?"
    r"đúng hay (?:là )?sai|(?:cả|tất cả) .{0,24}?(?:đều|phương án|đáp án|câu).{0,12}?(?:đúng|sai)"
    r"|(?:phương án|đáp án) nào)\s*[?.:]?",
    re.I,
)
_KIND = r"(?:bộ luật|luật|hiến pháp|nghị định|thông tư|pháp lệnh|nghị quyết)"
# `Theo Bộ luật Dân sự năm 2015, ...`; `Bộ luật Dân sự 2015 quy định ...`; `theo Luật Du lịch, ...`
_INSTRUMENT = re.compile(
    rf"(?:theo\s+)?(?:(?:quy định\s+)?(?:của|tại|trong)\s+)?(?:theo\s+)?{_KIND}\s[^,.;?]{{0,50}}?(?:năm\s+)?(?:19|20)\d\d(?:\s+quy định)?"
    rf"|theo\s+(?:quy định\s+)?(?:của\s+|tại\s+|trong\s+)?{_KIND}\s[^,.;?]{{2,50}},",
    re.I,
)
_ASKING = re.compile(
    r"(?:(?:được|là|có)\s+)?(?:(?:quy định|hiểu|xác định|định nghĩa)\s+)?(?:như\s+thế\s+nào|như\s+nào|thế\s+nào|ra\s+sao)"
    r"|(?:được\s+)?hiểu\s+(?:là|như)|(?:là|bao gồm|gồm|có|làm)?\s*(?:những\s+)?(?:điều\s+|cái\s+)?gì(?!\w)"
    r"|(?:trong\s+)?(?:những\s+)?trường hợp nào|khi nào|là ai|bao lâu|hay không|có đúng|phải không"
    r"|(?:là\s+)?bao nhiêu|theo quy định(?:\s+của\s+pháp\s+luật)?|pháp luật quy định|định nghĩa(?:\s+của)?|khái niệm",
    re.I,
)
_LEAST_CHOICES = 12  # characters behind the question mark that are choices, not a closing word


def without_verdict(question: str) -> str:
    """The statement itself: `..., đúng hay sai?` asks nothing of the text."""
    return _VERDICT.sub(" ", question).strip() or question


def stem(question: str) -> str:
    """The question before its appended choices; the whole where there are none."""
    head, mark, rest = question.partition("?")
    return head + mark if head.strip() and len(rest.strip()) > _LEAST_CHOICES else question


def core(question: str) -> str:
    """The words that tell the article: without the law's name and the words that only ask.

    Line breaks stand where words were taken out, so that no pair of syllables crosses the gap.
    """
    bare = _ASKING.sub("\n", _INSTRUMENT.sub("\n", without_verdict(question)))
    return bare if re.search(r"\w{2}", bare) else question
