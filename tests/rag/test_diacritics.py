"""Diacritics for questions that are typed without them."""

from __future__ import annotations

import pytest

from rag.diacritics import with_diacritics
from rag.words import without_diacritics
from tests.rag.words_only import lexical_index

EMPTY = lexical_index("văn bản")


@pytest.mark.parametrize(
    "meant",
    [
        "hạn nộp báo cáo là ngày nào",
        "Ai chịu trách nhiệm kiểm tra việc thực hiện quy chế dân chủ ở cơ quan?",
        "thời hạn giải quyết khiếu nại lần hai là bao nhiêu ngày",
        "trưởng thôn do ai bầu, nhiệm kỳ mấy năm",
        "còn chỉ tiêu thì sao",
        "tỉnh Cà Mau và Hà Tĩnh đề ra chỉ tiêu gì",
    ],
)
def test_a_question_gets_the_diacritics_that_it_was_typed_without(meant: str) -> None:
    typed = without_diacritics(meant)
    assert typed != meant
    assert with_diacritics(typed, EMPTY) == meant


@pytest.mark.parametrize(
    "meant",
    ["còn phòng tài chính", "thế cấp huyện thì sao", "nếu họ từ chối thì sao", "nó áp dụng cho ai"],
)
def test_a_follow_up_begins_in_a_way_of_its_own(meant: str) -> None:
    assert with_diacritics(without_diacritics(meant), EMPTY, follows=True) == meant


def test_the_word_behind_an_abbreviation_is_known() -> None:
    assert with_diacritics("ke hoach cua UBND tinh", EMPTY) == "kế hoạch của UBND tỉnh"


def test_a_question_in_capitals_only_is_read_in_small_letters() -> None:
    assert with_diacritics("HẠN NỘP BÁO CÁO NĂM 2024", EMPTY) == "hạn nộp báo cáo năm 2024"
    assert with_diacritics("HAN NOP BAO CAO QUY", EMPTY) == "hạn nộp báo cáo quý"
    assert with_diacritics("QCDC LÀ GÌ", EMPTY) == "QCDC LÀ GÌ"


def test_the_library_knows_its_names() -> None:
    typed = "ong Luc Van Toan giu chuc vu gi"
    named = lexical_index("Đồng chí Lục Văn Toản, Giám đốc", "Ông Lục Văn Toản chủ trì")
    assert with_diacritics(typed, named) == "ông Lục Văn Toản giữ chức vụ gì"
    assert "Lục Văn Toản" not in with_diacritics(typed, EMPTY)


def test_what_stands_in_one_text_only_may_be_a_slip_of_it() -> None:
    slip = lexical_index("giẩi quyết khiếu nại", "tiếp công dân")
    assert with_diacritics("giai quyet khieu nai", slip) == "giải quyết khiếu nại"


@pytest.mark.parametrize(
    "text",
    [
        "59/2023/nd-cp",
        "32/kh-ubnd",
        "can.bo@tinh.gov.vn",
        "www.danvan.vn",
        "xyzzy",
        "?",
        "",
    ],
)
def test_the_rest_stays_as_it_was_typed(text: str) -> None:
    assert with_diacritics(text, EMPTY) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ke hoach thực hiện công tác", "kế hoạch thực hiện công tác"),
        ("kế hoach thuc hiện nhiem vu", "kế hoạch thực hiện nhiệm vụ"),
        (
            "các đơn vị nop báo cáo cua quý trước ngày nào",
            "các đơn vị nộp báo cáo của quý trước ngày nào",
        ),
        ("họp thì măc trang phục gì", "họp thì mặc trang phục gì"),
        ("hội nghi cán bộ, công chức", "hội nghị cán bộ, công chức"),
        ("hạn gửi báocáo", "hạn gửi báo cáo"),
        ("truwowngr thoon do ai baauf", "trưởng thôn do ai bầu"),
        ("quyêt định do ai kí", "quyết định do ai ký"),
    ],
)
def test_diacritics_that_lack_or_are_wrong_are_put_right(typed: str, meant: str) -> None:
    assert with_diacritics(typed, EMPTY) == meant


@pytest.mark.parametrize(
    "right",
    [
        "người thua kiện phải làm gì",
        "Hiệu lực thi hành của đề án có từ bao giờ",
        "ai tham gia ban thanh tra nhân dân",
        "bà Trần Thị Hoa làm ở đâu, ông Lê Tuân thì sao",
        "xã Ia Drăng có bao nhiêu thôn",
        "số điện thoại đường dây nóng 0912 345 678",
    ],
)
def test_what_is_right_stays(right: str) -> None:
    assert with_diacritics(right, EMPTY) == right


def test_labels_of_parts_are_no_syllables() -> None:
    read = with_diacritics("diem d khoan 2 dieu 5 noi gi, muc vi thi sao", EMPTY)
    assert read == "điểm d khoản 2 điều 5 nói gì, mục vi thì sao"


def test_an_abbreviation_is_written_out_and_tells_its_neighbour() -> None:
    assert with_diacritics("ubnd xa lam gi", EMPTY).endswith("xã làm gì")


def test_a_long_question_is_read_in_time() -> None:
    assert len(with_diacritics("bao cao " * 250, EMPTY).split()) == 500
