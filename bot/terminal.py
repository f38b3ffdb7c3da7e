"""What the commands print: plain lines for pipes, tables and a bar for a person's terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

from bot import replies
from bot.answer_body import AnswerBody, CitationBody, DocumentBody, ListedDocumentBody
from bot.document_body import MissingBody
from bot.side_by_side import in_lines

if TYPE_CHECKING:
    from bot.duty_body import DutyBody  # brings FastAPI, which a command can do without

UNKNOWN = "chưa rõ"
NEAREST_CHARS = 200  # of a place that only lies near; what an answer cites is shown whole
MEASURES = {
    "n": "Số câu hỏi",
    "answerable": "— có lời đáp trong kho",
    "unanswerable": "— không có lời đáp",
    "fact": "Trả lời đúng nội dung",
    "right_document_of_answered": "Đúng văn bản (trên số câu đã trả lời)",
    "right_document_of_all": "Đúng văn bản (trên mọi câu có lời đáp)",
    "right_article_of_answered": "Đúng điều (trên số câu đã trả lời)",
    "right_article_of_all": "Đúng điều (trên mọi câu có lời đáp)",
    "right_clause_of_answered": "Đúng khoản (trên số câu đã trả lời)",
    "right_clause_of_all": "Đúng khoản (trên mọi câu có lời đáp)",
    "citation_recall": "Nguồn nói đủ câu (trên số câu văn)",
    "citation_precision": "Nguồn cần cho câu (trên số nguồn)",
    "verbatim": "Trích đúng nguyên văn",
    "refusal_recall": "Từ chối đúng (câu không có lời đáp)",
    "refusal_precision": "Từ chối có lý do (trên số câu bị từ chối)",
    "false_refusals": "Từ chối nhầm (câu có lời đáp)",
    "words_median": "Số từ, trung vị",
    "words_p90": "Số từ, bách phân vị 90",
    "citations_mean": "Số trích dẫn, trung bình",
    "ms_p50": "Thời gian, trung vị (ms)",
    "ms_p95": "Thời gian, bách phân vị 95 (ms)",
}
CHANGES = {
    "n": "Số câu hỏi chung",
    "right_before": "Đúng, lần trước",
    "right_after": "Đúng, lần sau",
    "better": "Tốt lên",
    "worse": "Kém đi",
    "changed": "Nói khác",
    "same": "Như cũ",
    "only_before": "Chỉ có lần trước",
    "only_after": "Chỉ có lần sau",
    "p": "Khả năng do ngẫu nhiên (kiểm định dấu)",
}
RETRIEVAL = {
    "n": "Số câu hỏi",
    "returned_mean": "Số điều trả về, trung bình",
    "ms_p50": "Thời gian, trung vị (ms)",
    "ms_p95": "Thời gian, bách phân vị 95 (ms)",
    "lanes": "Làn",
    "units": "Số điều trong kho",
    "passages": "Số đoạn",
    "lexical_ready_s": "Tìm theo từ dùng được sau (giây)",
    "embedded": "Số đoạn tính nghĩa trong lần này",
    "embed_s": "Thời gian tính nghĩa (giây)",
    "passages_per_s": "Số đoạn mỗi giây",
    "fingerprint": "Dấu vân tay của cấu hình",
}


def say(line: str = "") -> None:
    """A line of the result. Control characters of a source never reach the terminal."""
    print(_plain(line))


def warn(line: str) -> None:
    """A line beside the result, on stderr."""
    print(_plain(line), file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _plain(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def say_answer(body: AnswerBody) -> None:
    """The answer, then its sources; for a refusal the nearest places, for a question back the choices."""
    say(in_lines(body["answer"]))
    refusal = body["refusal"]
    if body["citations"]:
        _say_places(replies.SOURCES, body["citations"], numbered=True)
    elif refusal and refusal["nearest"]:
        _say_places(replies.NEAREST, refusal["nearest"], numbered=False)
    if body["notices"]:
        say(f"\n{replies.NOTICES}")
    for notice in body["notices"]:
        say(f"- {notice}")
    for choice in body["choices"] or ():
        say(f"- {choice['label']} (--document {' --document '.join(choice['document_ids'])})")


def _say_places(heading: str, places: Sequence[CitationBody], *, numbered: bool) -> None:
    say(f"\n{heading}")
    for place in places:
        mark = f"[{place['marker']}]" if numbered else "-"
        quote = (
            place["quote"] if numbered else shorten(place["quote"], NEAREST_CHARS, placeholder="…")
        )
        say(f"{mark} {name_of(place['document'])} — {place['locator']}")
        say("    “" + quote.replace("\n", "\n    ") + "”")


def name_of(document: DocumentBody) -> str:
    """Title and number as far as they are known, else the file's name."""
    title, number = document["title"] or document["source"], document["number"]
    return f"{title} ({number})" if number and number not in title else title


def say_understood(document: ListedDocumentBody) -> None:
    """What was read from a document that was just taken in."""
    say(f"Đã thêm {document['source']}")
    _say_rows(_known(document))


def say_corrected(document: ListedDocumentBody) -> None:
    """What is known of a document now."""
    say(f"Đã sửa {document['source']}")
    in_force = {
        "hiệu lực từ": document["in_force_from"],
        "hiệu lực đến": document["in_force_until"],
        "xác nhận": document["confirmed_on"],
        "thay thế bởi": document["replaced_by"],
    }
    _say_rows(_known(document) | in_force)


def _known(document: ListedDocumentBody) -> dict[str, str | None]:
    rows = {
        "mã": document["id"],
        "loại": document["kind"],
        "số": document["number"],
        "ngày": document["issued_on"] or document["issued_on_text"],
        "cơ quan": document["issuer"],
        "nơi": document["place"],
        "tên": document["title"],
    }
    if about := document["about"]:
        named = (about["kind"], about["number"], about["title"])
        rows["đưa tin về"] = " ".join(text for text in named if text)
    return rows


def _say_rows(rows: Mapping[str, str | None]) -> None:
    for label, value in rows.items():
        say(f"    {label + ':':<13} {value or UNKNOWN}")


def say_documents(documents: Sequence[ListedDocumentBody]) -> None:
    """One row a document."""
    rows = [
        (
            d["id"],
            d["kind"],
            d["number"],
            d["issued_on"] or d["issued_on_text"],
            d["place"],
            d["title"],
        )
        for d in documents
    ]
    say_table(("Mã", "Loại", "Số", "Ngày", "Nơi", "Tên"), [tuple(v or "" for v in r) for r in rows])


def say_missing(missing: Sequence[MissingBody]) -> None:
    """One row an instrument, with the documents that cite it."""
    if not missing:
        say("Mọi văn bản được viện dẫn đều có trong kho.")
        return
    rows = [
        (
            one["label"],
            str(one["documents"]),
            str(one["count"]),
            "; ".join(dict.fromkeys(name_of(place["document"]) for place in one["cited_by"])),
        )
        for one in missing
    ]
    say_table(("Văn bản chưa có", "Số văn bản", "Số chỗ", "Được viện dẫn trong"), rows)


def say_duties(duties: Sequence[DutyBody]) -> None:
    """One row a duty: its days (or its rhythm), who, what, how much, to whom, and where it stands."""
    if not duties:
        say("Không có việc nào khớp với điều kiện đã nêu.")
        return
    head = ("Hạn", "Ai", "Việc", "Chỉ tiêu", "Báo cáo cho", "Văn bản")
    say_table(head, [_duty_row(duty) for duty in duties])


def _duty_row(duty: DutyBody) -> tuple[str, ...]:
    pairs = zip(duty["due"], duty["due_on"], strict=True)
    days = [date.fromisoformat(on).strftime("%d/%m/%Y") if on else said for said, on in pairs]
    place = f"{name_of(duty['document'])} — {duty['locator']}"
    return (
        "; ".join(days), "; ".join(duty["who"]), duty["what"], "; ".join(duty["amounts"]),
        duty["report_to"] or "", place,
    )  # fmt: skip


def say_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on a terminal; for a pipe, lines with tabs between the fields."""
    if not sys.stdout.isatty():
        for row in (head, *rows):
            say("\t".join(" ".join(field.split()) for field in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_plain(field)) for field in row))
    Console().print(table)


class Measured(NamedTuple):
    """One measure as people read it; `bar` has `share`, `low` and `high` where it is a share."""

    label: str
    value: str
    n: str
    interval: str
    bar: Mapping[str, float] | None = None


def say_report(report: Mapping[str, Any]) -> None:
    """Measures with their n and 95 % interval; then the share right of each kind."""
    say_table(
        ("Chỉ số", "Giá trị", "n", "Khoảng tin cậy 95 %"), [row[:4] for row in measured(report)]
    )


def measured(report: Mapping[str, Any]) -> list[Measured]:
    """The measures of a report with their labels, its kinds last."""
    rows = [
        _measure(MEASURES.get(key, key), value, report["intervals"].get(key))
        for key, value in report.items()
        if key not in ("kinds", "intervals")
    ]
    return rows + [_measure(f"Loại “{kind}”", value) for kind, value in report["kinds"].items()]


def say_retrieval_report(report: Mapping[str, Any]) -> None:
    """Measures of retrieval, those of quality with their 95 % bootstrap interval."""
    rows = []
    for key, value in report.items():
        if key != "intervals":
            low, high = report["intervals"].get(key, (None, None))
            interval = "" if low is None else f"{low:.3f} – {high:.3f}"
            shown = ", ".join(value) if isinstance(value, list) else value
            rows.append((RETRIEVAL.get(key, key), "—" if shown is None else str(shown), interval))
    say_table(("Chỉ số", "Giá trị", "Khoảng tin cậy 95 %"), rows)


def _measure(label: str, value: Any, interval: Sequence[float] | None = None) -> Measured:
    if not isinstance(value, Mapping):
        between = f"{interval[0]:g} – {interval[1]:g}" if interval else ""
        return Measured(label, "—" if value is None else f"{value:g}", "", between)
    between = f"{value['low']:.3f} – {value['high']:.3f}"
    return Measured(label, f"{value['share']:.3f}", str(value["n"]), between, value)


def say_comparison(changes: Mapping[str, Any]) -> None:
    """The counts of two runs, then each question that changed, worse ones first."""
    say_table(
        ("Chỉ số", "Giá trị"),
        [(label, str(_count(changes[key]))) for key, label in CHANGES.items()],
    )
    for key in ("worse", "better", "changed"):
        for change in changes[key]:
            say(f"\n{CHANGES[key]}: {change['id']} [{change['kind']}] {change['question']}")
            for told in ("before", "after"):
                answer = change[told].replace("\n", "\n           ")
                say(f"    {'trước' if told == 'before' else 'sau'}: {answer}")


def _count(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr from the first moment that there is something to do."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
    task = bar.add_task(label, total=None, visible=False)

    def on_progress(done: int, total: int) -> None:
        if total and not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total, visible=total > 0)

    try:
        yield on_progress
    finally:
        if bar.live.is_started:  # stopping prints a line even so
            bar.stop()
