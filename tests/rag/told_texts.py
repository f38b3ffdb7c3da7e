"""Four passages that a chat model is told in tests, and a sentence that the first of them carries."""

from __future__ import annotations

from corpus.model import Citation, Document, Instrument, Part, Step

PLAN = (
    "Trước ngày 15/10/2024, các đơn vị báo cáo kết quả thực hiện về Sở Nông nghiệp và PTNT"
    " (qua Văn phòng Sở) theo Kế hoạch số 167/KH-SNNPTNT ngày 18/01/2024."
)
LAW = (
    "Trong thời hạn 10 ngày làm việc, Chủ tịch UBND tỉnh trả lời người khiếu nại bằng văn bản theo"
    " khoản 2 Điều 15; phấn đấu 50% đơn vị, hỗ trợ 20.000.000 đồng cho hai mươi hộ."
)
BAN = "Cán bộ tiếp công dân không được nhận quà tặng của người dân; phải mặc trang phục lịch sự."
SIGNED = "Phó Bí thư Thường trực Tỉnh ủy Trần Thế Dũng ký ban hành chỉ thị; công bố công khai."
TEXTS = (PLAN, LAW, BAN, SIGNED)
GOOD = "Các đơn vị báo cáo kết quả về Sở Nông nghiệp và PTNT trước ngày 15/10/2024 [1]."


def cited(text: str, marker: int, title: str = "Kế hoạch dân vận năm 2024") -> Citation:
    part = Part((Step("section", "II"),), "mục II", "", 0, len(text), len(text))
    meta = Instrument(title=title, place="Tây Ninh")
    return Citation(
        marker, Document(f"d{marker}", "f.txt", meta, text, (part,)), part, 0, len(text)
    )
