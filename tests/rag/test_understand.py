"""A question read: kind, numbers, parts, places, years."""

from __future__ import annotations

import pytest

from rag.understand import understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hạn nộp báo cáo quý là khi nào?", "deadline"),
        ("han chot gui bao cao", "deadline"),
        ("Chậm nhất ngày nào phải gửi danh sách?", "deadline"),
        ("Chỉ thị 40 ban hành ngày nào?", "when"),
        ("bao gio hop", "when"),
        ("Tỷ lệ hài lòng là bao nhiêu phần trăm?", "how_many"),
        ("Kế hoạch có mấy nhiệm vụ?", "how_many"),
        ("Kế hoạch này số mấy?", "number"),
        ("Ai chịu trách nhiệm tiếp dân?", "who"),
        ("Cơ quan nào chủ trì?", "who"),
        ("Theo văn bản nào?", "which_document"),
        ("Tiếp công dân là gì?", "define"),
        ("Kế hoạch bao gồm gì?", "list"),
        ("Những nội dung nào được nêu?", "listed"),
        ("Số điện thoại của Văn phòng?", "phone"),
        ("số máy nào để liên hệ", "phone"),
        ("Để làm gì?", "why"),
        ("Mục đích của kế hoạch là gì?", "why"),
        ("Đơn giá chi trả mỗi hecta là bao nhiêu?", "money"),
        ("Phí gửi xuồng mỗi tháng đóng bao nhiêu?", "money"),
        ("gia xang vu nay bao nhieu 1 lit", "money"),
        ("Hạng nhất thưởng bao nhiêu?", "money"),
        ("Tỷ lệ hộ tham gia là bao nhiêu?", "how_many"),
        ("Thời gian gia hạn là bao nhiêu ngày?", "deadline"),
        ("Vì sao mấy hộ chưa chịu dời đi?", "why"),
        ("Không báo lý do thì xử lý ra sao?", "how"),
        ("Đơn bị trả lại trong trường hợp nào?", "listed"),
        ("Tổ chức ở đâu?", "where"),
    ],
)
def test_the_kind_of_a_question_is_told_by_its_words(question: str, kind: str) -> None:
    assert understand(question).kind == kind


@pytest.mark.parametrize(
    "question",
    [
        "nghị định 59/2023/NĐ-CP",
        "nd 59/2023",
        "NĐ 59 năm 2023",
        "nghị định số 59",
        "59/2023/nd-cp",
        "59 / 2023 / NĐ - CP",
        "59-2023-nđ-cp",
        "59/2023 nđ-cp",
        "NĐ-CP 59",
        "nđ-cp số 59",
        "NĐ59",
        "nghị định số 59 ngày 14/8/2023",
    ],
)
def test_a_document_number_is_read_in_any_spelling(question: str) -> None:
    (reference,) = understand(f"{question} nói gì?").instruments
    assert reference.sequence == "59" and reference.kind == "Nghị định"


@pytest.mark.parametrize(
    ("question", "sequence", "year"),
    [("luật 10/2022", "10", 2022), ("luật 10/2022/QH15", "10", 2022), ("số 10 năm 2022", "10", 2022),
     ("chỉ thị 16 - CT/TW", "16", None), ("ct-ttg 16", "16", None), ("NQ18", "18", None)],
)  # fmt: skip
def test_a_number_has_its_sequence_and_its_year(
    question: str, sequence: str, year: int | None
) -> None:
    (reference,) = understand(f"{question} nói gì?").instruments
    assert (reference.sequence, reference.year) == (sequence, year)


@pytest.mark.parametrize(
    "question", ["năm 2025 - kế hoạch nào", "giai đoạn 2021-2025 - kế hoạch gì", "từ 1-5 người"]
)
def test_a_dash_behind_a_year_makes_no_number(question: str) -> None:
    assert not understand(question).instruments


@pytest.mark.parametrize("question", ["tháng 10/2024", "t10/2024", "quý II/2024", "quy 2/2024"])
def test_the_year_of_a_month_or_a_quarter_is_read(question: str) -> None:
    assert understand(f"báo cáo {question}").years == (2024,)


def test_a_date_with_a_short_year_is_read() -> None:
    assert understand("họp ngày 15/10/24 ở đâu").dates == ("2024-10-15",)


@pytest.mark.parametrize(
    ("question", "article", "clause", "point"),
    [
        ("khoản 2 Điều 15 nói gì", "15", "2", None),
        ("dieu 15 khoan 2", "15", "2", None),
        ("K2 Đ15 quy định gì", "15", "2", None),
        ("điểm đ khoản 1 điều 3", "3", "1", "đ"),
    ],
)
def test_a_place_in_a_law_is_read(
    question: str, article: str, clause: str, point: str | None
) -> None:
    part = understand(question).part
    assert (part.article, part.clause, part.point) == (article, clause, point)


@pytest.mark.parametrize(
    ("question", "path"),
    [("mục II.3 nói gì", ("ii", "3")), ("muc iv", ("iv",)), ("nhiệm vụ thứ ba", ("3",)),
     ("điểm 3.2 mục III", ("iii", "3", "2"))],
)  # fmt: skip
def test_a_place_in_a_plan_is_read(question: str, path: tuple[str, ...]) -> None:
    assert understand(question).part.section == path


def test_a_year_is_no_number_and_a_date_no_year() -> None:
    asked = understand("Kế hoạch 2025 thay kế hoạch ngày 3/4/2024 ra sao?")
    assert asked.years == (2025,) and asked.dates == ("2024-04-03",) and not asked.instruments


@pytest.mark.parametrize(
    "question", ["ở Bắc Kạn", "o bac kan", "tinh bac kan co gi", "UBND tỉnh Bắc Kạn"]
)
def test_a_province_is_found_with_and_without_diacritics(question: str) -> None:
    assert understand(question).places == ("Bắc Kạn",)


def test_slips_are_mended_and_right_words_stay() -> None:
    assert understand("han gui baocao").text == "han gui bao cao"
    # Of the syllables that near the one that makes a word with its neighbour.
    assert understand("Kế hoạh năm nay").text == "Kế hoach năm nay"
    right = "Hiệu lực thi hành của đề án có từ bao giờ"
    assert understand(right).text == right


@pytest.mark.parametrize(
    ("left", "right"),
    [("hoà giải", "hòa giải"), ("thuỷ lợi", "thủy lợi"), ("Uỷ ban", "Ủy ban"), ("kĩ thuật", "kỹ thuật"),
     ("lí do", "lý do"), ("kỉ luật", "kỷ luật"), ("qui định", "quy định"), ("bác sỹ", "bác sĩ"),
     ("Kỉ luật", "Kỷ luật")],
)  # fmt: skip
def test_two_spellings_of_a_word_are_one(left: str, right: str) -> None:
    assert understand(left).text == understand(right).text == right


def test_a_word_spelled_with_i_asks_as_one_with_y() -> None:
    assert understand("lí do của việc này").kind == "why"


def test_a_written_out_abbreviation_is_no_typed_diacritic() -> None:
    assert not understand("KH 64 cua ubnd tinh bac kan noi gi").accented


def test_typed_without_diacritics_is_noticed() -> None:
    assert not understand("han nop bao cao ket qua").accented
    assert understand("hạn nộp báo cáo kết quả").accented


def test_two_common_syllables_are_no_slip_of_a_place() -> None:
    assert understand("bo nao giup chinh phu theo doi viec nay").places == ()
    assert understand("Tây Nin có kế hoạch không").places == ("Tây Ninh",)


def test_a_number_that_is_no_year_is_a_number() -> None:
    assert understand("Công văn 2075 giao việc gì?").instruments[0].sequence == "2075"
    assert understand("Công văn 2075 giao việc gì?").years == ()
    assert understand("Kế hoạch 2026 có gì?").years == (2026,)


def test_a_name_inside_a_question_is_no_slip() -> None:
    assert "Krông Bông" in understand("Trường Krông Bông lắp mấy camera?").text


@pytest.mark.parametrize(
    ("question", "kind"),
    [("Chỉ thị giao Sở Y tế làm gì?", "what"), ("Tập huấn để làm gì?", "why"),
     ("gửi qua bưu chính, fax chậm nhất bao lâu?", "deadline"), ("Số fax của Sở?", "phone")],
)  # fmt: skip
def test_what_to_do_is_no_aim_and_sent_by_fax_asks_for_no_number(question: str, kind: str) -> None:
    assert understand(question).kind == kind


def test_a_noun_of_money_stays_a_word_of_the_question() -> None:
    assert "kinh phí" in {t.text for t in understand("Kinh phí là bao nhiêu?").terms}
    assert "lương" in {t.text for t in understand("Lương giám đốc là bao nhiêu?").terms}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("đang xử lý đơn tố cáo thì chuyển hồ sơ cho cơ quan nào?", "who"),  # no `lý do`
        ("ai co quyen giai quyet to cao", "who"),  # no `quyền gì`
        ("Luật hiểu “cơ sở” ở cơ sở hiểu là những nơi nào?", "listed"),  # no `số hiệu`
        ("Đơn không ghi địa chỉ thì có phải giải quyết không?", "yes_no"),
        ("Tỷ lệ cần bao nhiêu, có giống nhau không?", "how_many"),
        ("Cần hỏi thêm thì gọi cho ai, số nào?", "phone"),
        ("Nộp đơn có mất lệ phí không, mất thì bao nhiêu?", "money"),
        ("chien dich het bao nhieu kinh phi", "money"),
        ("Ai là hiệu trưởng Trường THPT Lê Lợi?", "person"),
        ("Tên Giám đốc Sở Nội vụ?", "person"),
    ],
)  # fmt: skip
def test_a_cue_ends_with_a_word_and_a_noun_alone_asks_for_nothing(question: str, kind: str) -> None:
    assert understand(question).kind == kind


def test_a_file_and_a_facility_are_no_department() -> None:
    assert understand("Nộp hồ sơ xây dựng trong bao lâu?").bodies == ()
    assert understand("Cơ sở y tế nào phải báo cáo?").bodies == ()
    assert understand("Nộp báo cáo cho Sở Nội vụ khi nào?").bodies == ("so noi vu",)


def test_what_has_no_vowel_is_short_for_something_and_a_first_letter_stays() -> None:
    assert understand("truong thpt krong bong o dau").text == "truong thpt krong bong o dau"


def test_what_a_person_says_of_himself_asks_for_nothing() -> None:
    asked = understand(
        "Tôi tên Nguyễn Văn A, CCCD 079201001234, sđt 0912345678, muốn khiếu nại thì thời hạn bao lâu?"
    )
    assert asked.kind == "deadline"
    assert {t.text for t in asked.content} == {"khiếu nại"}


def test_a_name_is_no_neighbour_of_common_words() -> None:
    for question in ("Làm xong thì gửi về đâu", "lam xong thi gui ve dau"):
        assert understand(question).places == ()
    assert understand("ở Tây Nin thì gửi về đâu").places == ("Tây Ninh",)


@pytest.mark.parametrize(
    "question",
    [
        "chấm điểm dân chủ cơ sở 2027 ra sao",
        "chấm dân chủ cơ sở 100 điểm",
        "cham dan chu co so 100 diem",
    ],
)
def test_what_sounds_like_a_number_is_none(question: str) -> None:
    assert understand(question).instruments == ()


def test_a_number_is_one_with_its_marks_and_without() -> None:
    for question in ("kế hoạch số 100 nói gì", "ke hoach so 100 noi gi"):
        assert [i.sequence for i in understand(question).instruments] == ["100"]
