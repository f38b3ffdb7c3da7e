"""When nothing answers: what is missing, said plainly, and the nearest places."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Citation
from rag.compose import Draft
from rag.judge import Judged
from rag.model import Answer, Choice, Reason, Refusal
from rag.understand import Understood

NO_SOURCE = "Không tìm thấy căn cứ trong kho tài liệu để trả lời câu hỏi này."
OUT_OF_SCOPE = "Câu hỏi nằm ngoài phạm vi các tài liệu trong kho."
COURTESY = "Dạ, anh/chị cần tra cứu gì trong các kế hoạch và văn bản của kho, xin cứ hỏi."
_NEAREST = 3
_COVERED = 0.35  # of the question's words, by weight, that something must say
_ALIKE = 0.0  # the judge's `cosine` from which a passage is about the same matter


@dataclass(frozen=True)
class Gap:
    """What was judged and did not answer; `fitting` fails nothing that the question insists on."""

    asked: Understood
    judged: tuple[Judged, ...]
    fitting: tuple[Judged, ...]
    lacking: str | None = None  # what is missing, where that is known exactly
    nearest: tuple[Citation, ...] = ()  # instead of what was judged
    suggestions: tuple[str, ...] = ()  # questions that the library answers


@dataclass(frozen=True)
class Choices:
    """A question that fits several documents: which one is asked back."""

    text: str
    choices: tuple[Choice, ...]


def courtesy() -> Answer:
    """To a greeting or thanks: nothing was asked."""
    refusal = Refusal("out_of_scope", COURTESY, ())
    spent = dict.fromkeys(("total", "retrieve", "answer"), 0.0)
    return Answer("refused", COURTESY, refusal=refusal, timings_ms=spent)


def refuse(gap: Gap) -> Answer:
    """A refusal that says what the library lacks and names the nearest parts."""
    reason: Reason = "no_source" if _in_scope(gap) else "out_of_scope"
    message = " ".join([NO_SOURCE, *_lacking(gap)]) if reason == "no_source" else OUT_OF_SCOPE
    if gap.suggestions:
        message += f" Anh/chị có thể hỏi: {'; '.join(f'“{s}”' for s in gap.suggestions)}"
    nearest = gap.nearest or _nearest(gap) if reason == "no_source" else ()
    refusal = Refusal(reason, message, nearest)
    return Answer("refused", message, refusal=refusal)


def answer_of(found: Draft | Gap | Choices) -> Answer:
    """What a person is told: the draft, what is missing, or what is asked back."""
    if isinstance(found, Gap):
        return refuse(found)
    if isinstance(found, Choices):
        return Answer("clarify", found.text, choices=found.choices)
    return Answer("answered", found.text, found.citations)


def _in_scope(gap: Gap) -> bool:
    """Whether the library is about what is asked, though it does not answer."""
    asked = gap.asked
    if asked.instruments or asked.part or gap.lacking:
        return True
    if not asked.terms:
        return False
    covered = any(judged.coverage >= _COVERED for judged in gap.judged)
    cosines = [c for judged in gap.judged if (c := judged.features["cosine"])]
    # Everyday words stand in every text: without a place that is known they say little of the matter.
    if not cosines or asked.places:
        return covered or any(c > _ALIKE for c in cosines)
    return max(cosines) > _ALIKE


def _lacking(gap: Gap) -> list[str]:
    """One sentence for what the question insists on and no text has."""
    asked = gap.asked
    if gap.lacking:
        return [gap.lacking]
    if gap.fitting:
        return ["Không câu nào trong các tài liệu liên quan trả lời chắc chắn câu hỏi này."]
    said = []
    if asked.instruments:
        numbers = ", ".join(f"{i.kind or 'văn bản'} số {i.sequence}" for i in asked.instruments)
        said.append(f"Kho không có nội dung này về {numbers}.")
    if asked.years:
        said.append(f"Không tìm thấy nội dung được hỏi cho năm {', '.join(map(str, asked.years))}.")
    if asked.places:
        said.append(f"Địa phương được hỏi: {', '.join(asked.places)}.")
    if asked.part:
        said.append("Bản trong kho không có điều, khoản hoặc mục được hỏi.")
    return said


def _nearest(gap: Gap) -> tuple[Citation, ...]:
    seen: dict[tuple[str, str], Citation] = {}
    for judged in (*gap.fitting, *gap.judged):
        s = judged.statement
        key = s.document.id, s.part.anchor
        if key not in seen and len(seen) < _NEAREST:
            seen[key] = Citation(len(seen) + 1, s.document, s.part, s.start, s.end, s.context)
    return tuple(seen.values())
