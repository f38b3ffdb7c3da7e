"""What a statement must hold to answer: a day, a count, a name, a department."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.passages import passages
from rag.asked_value import counts_nothing
from rag.compose import Draft
from rag.statements import statements
from rag.understand import understand
from tests.rag.test_nearest import read
from tests.rag.words_only import told_by

PLAN = """KẾ HOẠCH
Nuôi ong năm 2031

1. Hội Nuôi ong ký kết kế hoạch phối hợp nuôi ong với Hội Làm vườn theo Kế hoạch số 280/KH-HNO ngày 30/12/2030 về lập các trại ong mới.
2. Tại Cà Mau, trưởng ban nuôi ong được các cơ sở hoan nghênh.
3. Các ngành, các cấp tuyên truyền về nuôi ong. Sở Thông tin phối hợp tuyên truyền về nuôi ong trên đài.
4. Hội chọn 10 người được khen nhiều nhất để biểu dương.
5. Sổ theo dõi trại ong được lưu theo khoản 5 Điều 18 Quy chế của Hội.
6. Hội viên bàn và quyết định bằng một trong các hình thức sau đây:
a) Họp tại nhà ông trưởng trại;
b) Gửi phiếu đến từng nhà.
7. Nội dung mà hội viên của trại được bàn và quyết định trong năm gồm:
a) Giá bán mật;
b) Ngày quay mật.
8. Không lập lại trại ong đã bỏ trong thời hạn 24 tháng kể từ ngày trại bị bỏ hoang.
9. Mỗi buổi họp về mật ong ở Khánh Sơn chi khoảng 420 nghìn đồng.
10. Hội họp tổng kết vụ mật vào chủ nhật cuối tháng, bắt đầu lúc 7 giờ 30, trại loại I cử hai người.
11. Sáng kiến nuôi ong chưa có đủ 15% hội viên tán thành thì trưởng trại hỏi lại từng người.
12. Quá trình nuôi có vướng mắc thì gọi ông Lê Văn Tám, điện thoại 0256.3828.593.
13. Sáng kiến được ít nhất 20% hội viên tán thành thì trưởng trại đưa ra bàn.
14. Biểu 1 ghi số đàn ong, biểu 2 ghi số mật.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Trại ong đã bị bỏ hoang lần nào chưa, vào năm nào?", None),
        ("Giá mật ong Khánh Sơn bao nhiêu?", None),
        ("Mỗi buổi họp về mật ong ở Khánh Sơn chi bao nhiêu tiền?", "420 nghìn đồng"),
        ("Kế hoạch phối hợp nuôi ong với Hội Làm vườn được ký kết vào ngày nào?", None),
        ("Lập mấy trại ong mới?", None),
        ("Trưởng ban nuôi ong là ai?", None),
        ("Sở nào lo tuyên truyền về nuôi ong?", "Sở Thông tin"),
        ("10 người được biểu dương là những ai?", None),
        ("Ai gọi khi có vướng mắc về nuôi ong, tên gì?", "Quá trình nuôi có vướng mắc"),
        ("Hội họp tổng kết vụ mật vào thứ mấy?", "Hội họp tổng kết vụ mật vào chủ nhật"),
        ("Chọn người được khen vào thứ mấy?", None),
        ("Họp tổng kết vụ mật kết thúc lúc mấy giờ?", None),
        ("Trại loại II cử mấy người họp tổng kết vụ mật?", None),
        ("Trại loại 1 cử mấy người họp tổng kết vụ mật?", "Hai người"),
        ("Sáng kiến nuôi ong cần bao nhiêu phần trăm hội viên tán thành?", "Ít nhất 20%"),
        ("Chưa có đủ bao nhiêu phần trăm hội viên tán thành thì hỏi lại từng người?", "15%"),
        ("Số đường dây nóng khi nuôi ong có vướng mắc?", None),
        ("Nuôi ong có vướng mắc thì gọi số điện thoại nào?", "0256.3828.593"),
        ("Nuôi ong có vướng mắc thì gọi đồng chí Hùng số điện thoại nào?", None),
        ("Nuôi ong có vướng mắc thì gọi ông Tám số điện thoại nào?", "0256.3828.593"),
        ("Biểu 7 ghi số gì?", None),
        ("Hội viên bàn và quyết định những việc gì?", "Nội dung mà hội viên"),
        ("Hội viên bàn và quyết định bằng những hình thức nào?", "Hội viên bàn và quyết định bằng"),
    ],
)
def test_a_statement_without_what_is_asked_tells_nothing(question: str, told: str | None) -> None:
    found = told_by([read(PLAN)], question, on=date(2031, 1, 1))
    if told is None:
        assert not isinstance(found, Draft), found
    else:
        assert isinstance(found, Draft) and found.text.startswith(told)


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("Sổ được lưu theo khoản 5 Điều 18 Quy chế số 7/QC-HNO ngày 02/3/2031.", False),
        ("Sổ được lưu 02 bản theo khoản 5 Điều 18 của Quy chế.", True),
    ],
)
def test_the_number_of_a_place_counts_nothing(sentence: str, counts: bool) -> None:
    document = read(f"Điều 1. Sổ\n{sentence}", kind="Quy chế", title="Quy chế Sổ")
    statement = next(
        s for p in passages(document) for s in statements(document, p) if "Sổ được" in s.text
    )
    assert counts_nothing(understand("Sổ được lưu mấy bản?"), statement) != counts
