"""Duties, targets and dates as data: what is read, from where, and what is no duty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.clean import clean
from corpus.duties import Duty, duties, plan_year
from corpus.head import read_head
from corpus.model import Document
from corpus.outline import outline

HEAD = """SỞ TƯ PHÁP
Số: {number}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Hà Giang, ngày 12 tháng 3 năm 2025
{kind}
{title}
"""
BODY = """Căn cứ Luật Tiếp công dân ngày 25 tháng 11 năm 2013;
I. MỤC ĐÍCH, YÊU CẦU
- Các phòng phải nâng cao trách nhiệm trước ngày 20/3/2025.
II. KẾT QUẢ NĂM 2024
Văn phòng Sở tổ chức 12 cuộc đối thoại, đạt 95% kế hoạch.
III. CHỈ TIÊU
1. Ít nhất 80% hồ sơ được nộp trực tuyến.
2. Không để xảy ra khiếu nại đông người.
IV. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở
a) Tổng hợp, trình Giám đốc Sở ký báo cáo gửi UBND tỉnh (qua Sở Nội vụ) trước ngày 10/6 và trước ngày 25/11;
b) Mở 04 lớp tập huấn từ tháng 4 đến tháng 6/2025;
c) Thường xuyên cập nhật bộ câu hỏi.
2. Giao Phòng Hành chính tư pháp chủ trì, phối hợp với Công an tỉnh:
- Kiểm tra ít nhất 10 xã, hoàn thành trong quý III;
- Trưởng phòng chịu trách nhiệm nếu để chậm hồ sơ của công dân.
3. Đề nghị Hội Luật gia tỉnh chỉ đạo các chi hội tuyên truyền pháp luật.
4. Phòng Bổ trợ tư pháp: trả lời trong 05 ngày làm việc kể từ ngày nhận. Niêm yết kết quả.
Trên đây là Kế hoạch, yêu cầu các phòng nghiêm túc thực hiện./.
"""


def document(body: str, kind: str = "KẾ HOẠCH", title: str = "Dân vận năm 2025") -> Document:
    text = clean(HEAD.format(number="11/KH-STP", kind=kind, title=title) + body)
    meta, about = read_head(text)
    return Document("x", "x.txt", meta, text, outline(text), about)


def read(body: str, **given: str) -> tuple[Duty, ...]:
    return duties(document(body, **given))


def words(duty: Duty, name: str) -> list[str]:
    return [duty.document.text[slice(*span)] for span in getattr(duty, name)]


def one(sentence: str, **given: str) -> Duty:
    """The only duty of a plan that says nothing else."""
    (duty,) = read(f"I. NHIỆM VỤ\n1. {sentence}\n", **given)
    return duty


@pytest.fixture(scope="module")
def plan() -> dict[str, Duty]:
    return {duty.part.locator: duty for duty in read(BODY)}


def test_grounds_purposes_results_and_closing_words_are_no_duties(plan: dict[str, Duty]) -> None:
    assert list(plan) == [
        "mục III.1", "mục III.2", "điểm a mục IV.1", "điểm b mục IV.1", "điểm c mục IV.1",
        "mục IV.2, gạch đầu dòng 1", "mục IV.2, gạch đầu dòng 2", "mục IV.3", "mục IV.4",
    ]  # fmt: skip


def test_every_item_under_targets_is_one(plan: dict[str, Duty]) -> None:
    share, none = plan["mục III.1"], plan["mục III.2"]
    assert (share.kind, words(share, "amounts"), share.who) == ("target", ["Ít nhất 80%"], ())
    assert (none.kind, none.amounts) == ("task", ())


def test_a_report_goes_to_its_last_addressee_by_each_of_its_days(plan: dict[str, Duty]) -> None:
    report = plan["điểm a mục IV.1"]
    assert report.kind == "report"
    assert report.report_to is not None
    assert report.document.text[slice(*report.report_to)] == "UBND tỉnh (qua Sở Nội vụ)"
    assert words(report, "due") == ["trước ngày 10/6", "trước ngày 25/11"]
    assert report.due_on == ("2025-06-10", "2025-11-25")


def test_the_doer_may_stand_in_the_heading(plan: dict[str, Duty]) -> None:
    lesson = plan["điểm b mục IV.1"]
    assert words(lesson, "who") == ["Văn phòng Sở"]
    assert lesson.context is not None
    assert lesson.document.text[slice(*lesson.context)] == "Văn phòng Sở"
    assert words(lesson, "amounts") == ["04 lớp"]
    assert lesson.due_on == ("2025-06-30",)
    check = plan["mục IV.2, gạch đầu dòng 1"]
    assert words(check, "who") == ["Phòng Hành chính tư pháp"]
    assert words(check, "with_") == ["Công an tỉnh"]
    assert check.due_on == ("2025-09-30",)


def test_an_items_own_subject_is_the_doer(plan: dict[str, Duty]) -> None:
    own = plan["mục IV.2, gạch đầu dòng 2"]
    assert (words(own, "who"), own.due, own.context) == (["Trưởng phòng"], (), None)


def test_who_directs_and_who_is_directed_both_do(plan: dict[str, Duty]) -> None:
    assert words(plan["mục IV.3"], "who") == ["Hội Luật gia tỉnh", "các chi hội"]


def test_who_opens_an_item_does_what_its_next_sentence_tells() -> None:
    first, second = read(
        "I. NHIỆM VỤ\n1. Phòng Bổ trợ tư pháp trả lời công dân. Niêm yết kết quả giải quyết.\n"
    )
    assert words(first, "who") == words(second, "who") == ["Phòng Bổ trợ tư pháp"]


def test_quotes_are_cut_out_of_the_text_without_mark_and_final_stop(plan: dict[str, Duty]) -> None:
    for duty in plan.values():
        assert duty.quote == duty.document.text[duty.start : duty.end]
        assert duty.quote[0].isalnum()
        assert duty.quote[-1] not in ".;"


@pytest.mark.parametrize(
    ("sentence", "due", "on"),
    [
        ("Kiểm tra hồ sơ lưu trữ trước ngày 15/8/2026", "trước ngày 15/8/2026", "2026-08-15"),
        ("Kiểm tra hồ sơ lưu trữ trong tháng 2", "trong tháng 2", "2025-02-28"),
        ("Kiểm tra hồ sơ; thời gian: quý II, IV/2025", "quý II, IV/2025", "2025-12-31"),
        ("Kiểm tra hồ sơ trong 6 tháng đầu năm", "trong 6 tháng đầu năm", "2025-06-30"),
        ("Kiểm tra hồ sơ lưu trữ đến hết năm", "đến hết năm", "2025-12-31"),
        ("Kiểm tra hồ sơ vào thứ Hai hằng tuần", "thứ Hai hằng tuần", None),
        ("Kiểm tra hồ sơ trước ngày 10 của tháng cuối quý", "trước ngày 10 của tháng cuối quý", None),
        ("Kiểm tra hồ sơ chậm nhất 05 ngày làm việc kể từ ngày nhận", "chậm nhất 05 ngày làm việc", None),
        ("Kiểm tra hồ sơ định kỳ 6 tháng một lần", "định kỳ 6 tháng một lần", None),
    ],
)  # fmt: skip
def test_a_deadline_is_its_last_day(sentence: str, due: str, on: str | None) -> None:
    duty = one(sentence)
    assert (duty.kind, words(duty, "due"), duty.due_on) == ("deadline", [due], (on,))


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện Quyết định số 23/QĐ-TTg ngày 30/7/2021 của Thủ tướng Chính phủ",
        "Hồ sơ đạt từ 85 điểm trở lên được đề nghị khen thưởng",
        "Quy định về hồ sơ có hiệu lực từ ngày 01/7/2025",
        "Tuyên truyền theo chương trình hằng năm",
        "Học tập chuyên đề “Trước ngày 30/4, 100% hồ sơ số”",
    ],
)
def test_dates_and_numbers_that_set_nothing(sentence: str) -> None:
    assert read(f"I. NHIỆM VỤ\n1. {sentence}\n") == ()


def test_a_standing_instruments_report_day_has_no_year() -> None:
    duty = one("Sở Nội vụ báo cáo UBND tỉnh trước ngày 15/12.", kind="CHỈ THỊ", title="Về dân vận")
    assert (duty.kind, duty.due_on) == ("report", (None,))


def test_a_row_is_read_by_its_columns_heads() -> None:
    table = """I. PHÂN CÔNG
| TT | Nội dung | Đơn vị chủ trì | Đơn vị phối hợp | Thời hạn | Sản phẩm |
| 1 | Lấy ít nhất 200 phiếu | Văn phòng Sở | Phòng A; Công an tỉnh | Quý II/2025 | Báo cáo |
| 2 | Báo cáo quý gửi Sở Nội vụ | Thanh tra Sở | | Thường xuyên | |
| | Tổng cộng | | | | |
"""
    first, second = read(table)
    assert (first.quote, first.kind, first.due_on) == (
        "Lấy ít nhất 200 phiếu", "deadline", ("2025-06-30",)
    )  # fmt: skip
    assert words(first, "with_") == ["Phòng A", "Công an tỉnh"]
    assert words(first, "amounts") == ["ít nhất 200 phiếu"]
    assert (second.kind, words(second, "who"), second.due_on) == (
        "report",
        ["Thanh tra Sở"],
        (None,),
    )


def test_a_row_of_targets_takes_the_plans_number() -> None:
    table = """I. CHỈ TIÊU
| STT | Chỉ tiêu | Đơn vị tính | Thực hiện năm 2024 | Kế hoạch năm 2025 |
| 1 | Hồ sơ trực tuyến | % | 85 | 95 |
| 2 | Lớp tập huấn | Lớp | 12 | 20 |
"""
    assert [(d.kind, words(d, "amounts")) for d in read(table)] == [
        ("target", ["95"]),
        ("target", ["20"]),
    ]


def test_of_a_law_only_terms_for_a_named_doer_are_told() -> None:
    law = """Điều 1. Tiếp công dân
1. Người đứng đầu cơ quan phải lắng nghe ý kiến.
2. Chậm nhất 05 ngày làm việc kể từ ngày nhận, Ủy ban nhân dân cấp xã trả lời bằng văn bản.
3. Hồ sơ được lưu 10 năm.
"""
    (duty,) = read(law, kind="NGHỊ ĐỊNH", title="Quy định về tiếp công dân")
    assert duty.part.locator == "khoản 2 Điều 1"


def test_the_plans_year_is_its_titles_else_that_of_its_issue() -> None:
    assert plan_year(document("I. A\n", title="Dân vận năm 2026")) == 2026
    assert plan_year(document("I. A\n", title="Dân vận chính quyền")) == 2025


CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "duty_cases.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, id=case["text"][:60], marks=pytest.mark.xfail if case.get("missed") else ()
        )
        for case in CASES
    ],
)
def test_what_other_offices_write(case: dict[str, Any]) -> None:
    above = case.get("under", "")
    item = f"a) {case['text']}" if above else f"1. {case['text']}"
    found = read(f"I. NHIỆM VỤ\n{above}\n{item}\n" if above else f"I. NHIỆM VỤ\n{item}\n")
    if case["is"] == "none":
        assert found == ()
        return
    (duty,) = found
    told = {name: words(duty, name) for name in ("who", "due")}
    assert told == {name: case.get(name, []) for name in told}
    for amount, wanted in zip(words(duty, "amounts"), case.get("amounts", []), strict=True):
        assert amount.startswith(wanted) or wanted.startswith(amount)  # the unit may be cut
    assert [day for day in duty.due_on if day] == case.get("day", [])
    receiver = duty.report_to and duty.document.text[slice(*duty.report_to)]
    assert (duty.kind, receiver) == (case["is"], case.get("to"))


def test_a_cell_below_months_is_due_by_the_last_day_of_its_month() -> None:
    table = """I. LỊCH THỰC HIỆN
| Tháng | Nội dung | Đơn vị chủ trì |
| 02 | Lấy phiếu hài lòng | Văn phòng Sở |
| Tháng 11 | Sơ kết mô hình | Thanh tra Sở |
| Cả năm | Trực đường dây nóng | Văn phòng Sở |
"""
    dues = [duty.due_on for duty in read(table)]
    assert dues == [("2025-02-28",), ("2025-11-30",), (None,)]
