"""Of one article's statements the one in the question's own words; an item with what holds for it; a
definition whole."""

from __future__ import annotations

import re
from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.asked_value import (
    asked_value,
    asks_signer,
    counts_nothing,
    tells_only_who_is_named,
)
from rag.compose import Draft, compose_item, compose_list, told_value
from rag.definition import defined_term, definition
from rag.judge import Judge, Judged
from rag.nearest import Item, led_item, nearest_first, nearest_item, share_of_runs
from rag.statements import doer_heading, list_span, lists, scope, statements
from rag.understand import understand
from tests.rag.words_only import told_by

LAW = """Điều 1. Phá hoại hồ sơ
1. Người nào tự ý tiêu hủy hồ sơ thì bị phạt tiền từ 02 triệu đồng đến 05 triệu đồng.
2. Tiêu hủy hồ sơ thuộc một trong các trường hợp sau đây thì bị phạt tiền từ 07 triệu đồng đến 12 triệu đồng:
a) Có tổ chức;
b) Để che giấu vi phạm của mình.
Điều 2. Nhặt được tài liệu
1. Người nhặt được tài liệu mà biết địa chỉ của người đánh rơi thì trả lại cho người đó.
2. Người nhặt được tài liệu mà không biết địa chỉ của người đánh rơi thì nộp cho công an xã.
Điều 3. Giải thích từ ngữ
1. Hồ sơ gốc là hồ sơ do cơ quan lập lần đầu. Hồ sơ gốc bao gồm cả bản điện tử.
2. Người lập hồ sơ gốc là công chức được giao việc."""


def read(raw: str, **meta: str) -> Document:
    text = clean(raw)
    return Document("d", "d.txt", Instrument(**meta), text, outline(text))


def law() -> Document:
    return read(LAW, kind="Luật", title="Luật A")


def judged(question: str, begins: str) -> list[Judged]:
    """Every statement of the law as judged, the one that begins with the words first."""
    document, asked = law(), understand(question)
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])
    weights = judge.weights(asked)
    found = [
        judge.judge(asked, s, weights, None)
        for p in passages(document)
        for s in statements(document, p)
    ]
    return sorted(found, key=lambda j: not re.search(begins, j.statement.text))


def test_a_denied_condition_is_told_from_the_affirmed_one() -> None:
    question = "Người nhặt được tài liệu mà không biết địa chỉ của người đánh rơi thì phải làm gì?"
    asked = understand(question)
    first = nearest_first(asked, judged(question, "trả lại"))[0]
    assert "nộp cho công an xã" in first.statement.text


def test_nothing_of_another_article_comes_first() -> None:
    question = "Người nhặt được tài liệu phải làm gì?"
    first = nearest_first(understand(question), judged(question, "Có tổ chức"))[0]
    assert first.statement.part.step_label("article") == "1"


def test_the_value_of_a_lead_in_is_told_with_the_item_for_which_it_holds() -> None:
    question = "Tiêu hủy hồ sơ để che giấu vi phạm thì bị phạt tiền từ bao nhiêu đến bao nhiêu?"
    item = nearest_item(understand(question), judged(question, "tự ý tiêu hủy")[0])
    assert item is not None
    draft = compose_item(item)
    assert draft.text.startswith("Từ 07 triệu đồng đến 12 triệu đồng: ")
    assert draft.text.endswith("[1]: để che giấu vi phạm của mình [2].")
    assert [c.locator for c in draft.citations] == ["khoản 2 Điều 1", "điểm b khoản 2 Điều 1"]


def test_a_clause_that_says_nothing_alone_is_told_with_what_leads_in_to_it() -> None:
    document = read(
        """Điều 1. Từ chối cho mượn
Thủ thư được từ chối cho mượn sách trong các trường hợp sau đây:
1. Người mượn không có thẻ;
2. Sách đang được sửa.
Điều 2. Phân loại sách
Sách của thư viện được chia thành các loại sau đây:
1. Sách quý là sách in trước năm 1945;
2. Sách thường là sách khác.""",
        kind="Quy chế",
        title="Quy chế Thư viện",
    )
    asked = understand("Người không có thẻ có được mượn sách không?")
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])

    def told(words: str) -> Item | None:
        every = (s for p in passages(document) for s in statements(document, p))
        found = next(s for s in every if words in s.text)
        return led_item(asked, judge.judge(asked, found, judge.weights(asked), None))

    item = told("không có thẻ")
    assert item is not None
    assert compose_item(item).text == (
        "Thủ thư được từ chối cho mượn sách trong các trường hợp sau đây [1]: người mượn không có thẻ [2]."
    )
    assert told("in trước năm 1945") is None


def test_what_a_lead_in_is_about_says_the_first_clause() -> None:
    document = read(
        """Điều 1. Tội làm mất hồ sơ
1. Người nào do cẩu thả mà làm mất hồ sơ của dân thì bị phạt tù từ 01 năm đến 02 năm.
2. Phạm tội thuộc một trong các trường hợp sau đây thì bị phạt tù từ 03 năm đến 07 năm:
a) Làm mất từ 100 hồ sơ trở lên;
b) Gây thiệt hại nghiêm trọng.""",
        kind="Luật",
        title="Luật C",
    )
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])

    def item(question: str) -> Item | None:
        asked = understand(question)
        found = (s for p in passages(document) for s in statements(document, p))
        first = next(s for s in found if "Người nào" in s.text)
        return nearest_item(asked, judge.judge(asked, first, judge.weights(asked), None))

    asked_of = "Người cẩu thả mà làm mất hồ sơ của dân {} thì bị phạt tù từ bao nhiêu năm?"
    found = item(asked_of.format("gây thiệt hại nghiêm trọng"))
    assert found is not None and found.part.label == "b"
    assert item(asked_of.format("")) is None


def test_the_value_of_an_item_is_told_with_the_items_marker() -> None:
    document = read(
        "Điều 1. Lãnh đạo\n1. Chủ tịch xã có nhiệm vụ:\na) Họp dân ít nhất 02 lần trong một năm;\nb) Ký giấy.",
        kind="Luật",
        title="Luật B",
    )
    text = document.text
    clause = next(p for p in document.parts() if p.level == "clause")
    point = clause.children[0]
    start = text.index("ít nhất 02")
    lead = (clause.start, clause.lead_end)
    value = (start, start + len("ít nhất 02 lần trong"))
    draft = compose_item(Item(document, clause, lead, point, value))
    assert draft.text.startswith("Ít nhất 02 lần [1]: Chủ tịch xã có nhiệm vụ [2]: họp dân")
    assert draft.text.endswith("trong một năm [1].")
    assert [c.part.level for c in draft.citations] == ["point", "clause"]


def test_a_statement_that_says_all_by_itself_needs_no_item() -> None:
    question = "Người nào tự ý tiêu hủy hồ sơ thì bị phạt tiền từ bao nhiêu đến bao nhiêu?"
    assert nearest_item(understand(question), judged(question, "tự ý tiêu hủy")[0]) is None


def test_a_later_sentence_of_an_item_is_not_replaced_by_its_beginning() -> None:
    document = read(
        """Điều 1. Văn thư
1. Văn thư kho tiếp nhận thư như sau:
a) Mọi thư gửi đến kho được bóc bì rồi đóng dấu. Thư đích danh chủ tịch công đoàn thì chuyển cho người nhận.
b) Thư khác được trả lại.""",
        kind="Luật",
        title="Luật D",
    )
    asked = understand(
        "Thư đích danh chủ tịch công đoàn gửi đến kho có được bóc bì rồi đóng dấu không?"
    )
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])
    for begins, found in (("Thư đích danh", None), ("b) Thư khác", "a")):
        own = next(
            s for p in passages(document) for s in statements(document, p)
            if s.text.startswith(begins) and s.shape == "sentence"
        )  # fmt: skip
        item = nearest_item(asked, judge.judge(asked, own, judge.weights(asked), None))
        assert (item and item.part.label) == found


def test_an_amount_is_that_of_the_words_before_it() -> None:
    asked = understand("Người vi phạm bị phạt tù đến bao nhiêu năm?")
    document = read(
        "Điều 1. Mức phạt\nNgười vi phạm bị cải tạo đến 03 năm hoặc phạt tù đến 05 năm.",
    )
    text = document.text
    sentence = statements(document, passages(document)[0])[-1]
    span = asked_value(asked, sentence)
    assert span is not None
    assert text[slice(*span)] == "05 năm"


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Hồ sơ gốc là gì?", "ho so goc"),
        ("Theo Luật A, hồ sơ gốc được hiểu như thế nào?", "ho so goc"),
        ("Định nghĩa của “hồ sơ gốc”?", "ho so goc"),
        ("Người lập hồ sơ là ai?", "nguoi lap ho so"),
        ("the nao la ho so goc", "ho so goc"),
        ("Thế nào được gọi là hồ sơ gốc?", "ho so goc"),
        ("Hội đồng thẩm định là cơ quan gì?", "hoi dong tham dinh"),
        ("Trong lưu trữ thì thế nào gọi là hồ sơ gốc, khác bản sao ở chỗ nào?", "ho so goc"),
        ("Hồ sơ nộp ở đâu?", None),
    ],
)
def test_the_term_whose_meaning_is_asked(question: str, term: str | None) -> None:
    assert defined_term(understand(question)) == term


def test_a_definition_is_told_whole_and_not_that_of_a_longer_term() -> None:
    question = "Hồ sơ gốc là gì?"
    found = definition(understand(question), judged(question, "Người lập hồ sơ gốc là"))
    assert found is not None
    assert found.part.locator == "khoản 1 Điều 3"


def test_a_term_defined_with_another_is_told() -> None:
    text = """Điều 2. Lệ làng
1. Ngôn ngữ trong lệ làng, lệ xóm là tiếng Việt.
2. Lệ làng, lệ xóm là văn bản do dân bàn và quyết định."""
    document = read(text, kind="Luật", title="Luật Làng")
    told = told_by([document], "Thế nào là lệ làng?", on=date(2031, 1, 1))
    assert isinstance(told, Draft) and told.text.startswith("Lệ làng, lệ xóm là văn bản")


def test_what_another_term_means_is_no_answer() -> None:
    text = """Điều 3. Giải thích từ ngữ
1. “Bản chính hồ sơ giấy” là bản có chữ ký của người lập.
2. “Hồ sơ hành chính” là hồ sơ của cơ quan, có bản chính và bản sao."""
    document = read(text, kind="Luật", title="Luật Hồ sơ")
    told = told_by([document], "Bản chính là gì?", on=date(2031, 1, 1))
    assert isinstance(told, Draft) and told.text.startswith("“Bản chính hồ sơ giấy” là")
    assert "hành chính" not in told.text


def test_the_rest_of_a_list_is_told_of_nobody() -> None:
    text = """Điều 5. Xóa hồ sơ
1. Hồ sơ được xóa trong trường hợp sau đây:
a) Hồ sơ bị mối ăn;
b) Các trường hợp khác do thủ kho quyết định xóa hồ sơ."""
    document = read(text, kind="Luật", title="Luật Hồ sơ")
    told = told_by([document], "Thủ kho quyết định xóa hồ sơ khi nào?", on=date(2031, 1, 1))
    assert not isinstance(told, Draft) or "trường hợp khác" not in told.text.partition(":")[2][:30]


def test_runs_are_counted_word_by_word() -> None:
    asked = understand("nộp hồ sơ")
    assert share_of_runs(asked, "Nộp hồ sơ gốc") == 1.0
    assert share_of_runs(asked, "sơ hồ nộp") == 0.0


LEAD_IN = (
    LAW
    + """
Điều 4. Người lưu trữ
Người lưu trữ phải là công chức của cơ quan và có các tiêu chuẩn sau đây:
1. Cẩn thận;
2. Biết tra cứu.
Điều 5. Trách nhiệm
1. Chánh Văn phòng có trách nhiệm sau đây:
a) Ban hành quy chế lưu trữ của cơ quan;
b) Mở kho lưu trữ trước khi thanh lý hồ sơ."""
)


def test_a_point_is_told_with_the_lead_in_that_names_who_it_binds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), "LAW", LEAD_IN)
    question = "Quy chế lưu trữ của cơ quan do ai ban hành?"
    best = judged(question, "Ban hành quy chế")[0]
    assert best.value is not None  # the body is in the lead-in
    item = led_item(understand(question), best)
    assert item is not None
    assert compose_item(item).text == (
        "Chánh Văn phòng có trách nhiệm sau đây [1]: ban hành quy chế lưu trữ của cơ quan [2]."
    )


def test_a_clause_of_its_own_has_no_lead_in() -> None:
    question = "Ai bị phạt tiền?"
    assert led_item(understand(question), judged(question, "tự ý tiêu hủy")[0]) is None


def test_a_list_begins_with_the_paragraph_that_leads_in_to_it() -> None:
    law = read(LEAD_IN, kind="Luật", title="A")
    found = next(s for s in lists(law) if s.part.step_label("article") == "4")
    lines = compose_list(found).text.split("\n")
    assert lines[0].startswith("Người lưu trữ phải là công chức của cơ quan")
    assert [line[:6] for line in lines[1:]] == ["1. Cẩn", "2. Biế"]
    assert law.text[slice(*list_span(found))].rstrip().endswith("Biết tra cứu.")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Mở sổ lưu trữ bị phạt mấy trăm nghìn?", "money"),
        ("Trưởng ban được hưởng phụ cấp bao nhiêu?", "money"),
        ("Phải có bao nhiêu phần số hộ góp tiền đồng ý?", "how_many"),
        ("Tiền bồi dưỡng do ai quy định là bao nhiêu?", "who"),
        ("Làm lộ họ tên người gửi đơn thì bị xử lý hình thức gì?", "what"),
        ("Trưởng phòng Văn hóa - Xã hội tên là gì?", "person"),
        ("Người khiếu nại có quyền gì?", "list"),
        ("Người nào làm mất sổ lưu trữ thì bị xử lý như thế nào?", "how"),
        ("Người nào giữ sổ lưu trữ?", "who"),
        ("Làm thêm không quá bao nhiêu phần trăm trong 1 ngày?", "how_many"),
        ("Kế hoạch ban hành ngày?", "when"),
        ("Mức chi bồi dưỡng do những vị nào quy định?", "who"),
        ("Ông nào đặt bút ký chỉ thị?", "who"),
        ("Hồ sơ trễ hạn được hẹn lại tối đa mấy lần?", "how_many"),
        ("Báo cáo trong bao nhiu ngày?", "deadline"),
        ("SIPAS là chỉ số gì?", "define"),
        ("Số tổng đài của kho là số mấy?", "phone"),
        ("Tổng đài lưu cuộc gọi trong bao lâu?", "deadline"),
        ("Bán sổ lưu trữ bị phạt tiền đến bao nhiêu?", "money"),
        ("Người nào bán sổ lưu trữ thì bị phạt tiền từ bao nhiêu?", "money"),
        ("Phiếu hẹn làm theo mẫu số mấy?", "what"),
    ],
)
def test_what_kind_of_value_is_asked(question: str, kind: str) -> None:
    assert understand(question).kind == kind


def test_an_event_answers_until_when() -> None:
    question = "Kho lưu trữ phải mở đến khi nào?"
    statement = "Chánh Văn phòng mở kho trước khi thanh lý hồ sơ, có biên bản."
    law = Document("law", "l.txt", Instrument(), statement, outline(statement))
    found = next(iter(statements(law, passages(law)[0])))
    value = asked_value(understand(question), found)
    assert value is not None and statement[slice(*value)] == "trước khi thanh lý hồ sơ"


def test_who_signs_a_letter_for_the_office_is_no_question_for_the_signature() -> None:
    assert asks_signer(understand("Kế hoạch này ai ký?"))
    assert asks_signer(understand("nguoi ky ke hoach 2026"))
    assert not asks_signer(understand("Hồ sơ trễ thì ai ký thư xin lỗi?"))
    assert not asks_signer(understand("Kỳ họp đầu tiên do ai triệu tập?"))
    assert asks_signer(understand("Ai ký Luật Kho?"))
    assert asks_signer(understand("Quyết định kỷ luật này do ai ký?"))
    assert not asks_signer(understand("Bộ nào giải quyết khiếu nại kỷ luật công chức?"))
    assert not asks_signer(understand("bo nao giai quyet khieu nai ky luat cong chuc"))
    assert not asks_signer(understand("Ban Dân vận ký kế hoạch phối hợp với bên nào?"))


WHO = """Điều 1. Thẩm quyền
1. Chủ tịch Ủy ban nhân dân cấp xã có thẩm quyền giải quyết tố cáo của công chức kho do mình quản lý.
2. Chủ tịch Ủy ban nhân dân cấp huyện có thẩm quyền giải quyết tố cáo Chủ tịch, Phó Chủ tịch Ủy ban nhân dân cấp xã.
3. Tổ trưởng tổ kho do xã viên bầu."""


def test_who_is_asked_is_not_whom_the_question_names() -> None:
    document = read(WHO, kind="Luật", title="Luật Kho")
    own, other, elected = (
        s
        for p in passages(document)
        for s in statements(document, p)
        if s.part.level == "clause" and s.shape == "sentence"
    )
    asked = understand("Tố cáo chủ tịch xã thì ai giải quyết?")
    assert asked_value(asked, own) is None
    assert tells_only_who_is_named(asked, own)
    assert asked_value(asked, other) is not None
    assert not tells_only_who_is_named(asked, other)
    assert not tells_only_who_is_named(understand("Tổ trưởng do ai bầu?"), elected)


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("Tổ kho tối thiểu mấy người?", "Tổ kho có không quá 02 người trực.", None),
        ("Họp mấy lần?", "Tổ kho họp mỗi năm một lần.", "một lần"),
        ("Bao lâu họp một lần?", "Tổ kho họp, báo trước 02 ngày.", None),
        ("Bao lâu họp một lần?", "Tổ kho họp 01 ngày trong tuần.", "01 ngày"),
        ("Mấy giờ phát sóng?", "Loa phát sóng 19 giờ 45 phút tối thứ Tư.", "19 giờ 45 phút tối thứ Tư"),
        ("Họp mấy lần?", "Tổ kho họp một năm hai lần.", "hai lần"),
        ("Họp ngày nào?", "Tổ kho họp vào ngày 08 và ngày 22 hằng tháng.", "ngày 08 và ngày 22 hằng tháng"),
        ("Khi nào chuyển giấy?", "Giấy nhận sau 15 giờ hàng ngày thì chuyển hôm sau.", None),
        ("Khi nào chuyển giấy?", "Giấy được chuyển ngay trong ngày làm việc.", "ngay trong ngày làm việc"),
        ("Khi nào chuyển giấy?", "Giấy được chuyển chậm nhất là trong ngày làm việc tiếp theo.", "chậm nhất là trong ngày làm việc tiếp theo"),
        ("Mỗi năm họp vào dịp nào, khi nào?", "Việc họp do dân làm hằng năm.", None),
        ("Khi nào thì họp?", "Việc họp do dân làm hằng năm.", "hằng năm"),
        ("Tổ kho ít nhất mấy người?", "Tổ kho có từ 03 hòa giải viên trở lên.", "từ 03 hòa giải viên trở lên"),
    ],
)  # fmt: skip
def test_a_highest_number_is_no_lowest_one(question: str, sentence: str, value: str | None) -> None:
    document = read(f"Điều 1. Chung\n{sentence}", kind="Luật", title="Luật C")
    whole = max(statements(document, passages(document)[0]), key=lambda s: s.length)
    found = asked_value(understand(question), whole)
    assert (document.text[slice(*found)] if found else None) == value


@pytest.mark.parametrize("number", ["hai", "mười hai"])
def test_a_number_in_words_is_told_whole(number: str) -> None:
    document = read(f"Điều 1. Họp\nHội đồng họp {number} kỳ mỗi năm.", kind="Luật", title="Luật B")
    text = document.text
    sentence = statements(document, passages(document)[0])[-1]
    value = asked_value(understand("Hội đồng họp mấy kỳ một năm?"), sentence)
    assert value is not None
    assert text[slice(*value)] == f"{number} kỳ"


def test_a_number_alone_in_a_cell_counts_what_the_row_names() -> None:
    document = read(
        "I. CHỈ TIÊU\n| TT | Chỉ tiêu | Đơn vị tính | Năm 2025 |\n|---|---|---|---|\n"
        "| 1 | Lớp tập huấn | Lớp | 12 |\n| 2 | Mô hình đăng ký mới | Mô hình | 420 |",
        title="Kế hoạch",
    )
    text = document.text
    rows = [s for p in passages(document) for s in statements(document, p) if s.part.level == "row"]
    asked = understand("Đăng ký mới bao nhiêu mô hình?")
    found = [text[slice(*value)] for s in rows if (value := asked_value(asked, s))]
    assert set(found) == {"420"}


def test_a_value_keeps_its_unit() -> None:
    text = "Trong thời hạn 60 ngày kể từ ngày nhận; 03 lần trong một năm"
    assert text[slice(*told_value(text, (15, 22)))] == "60 ngày"
    start = text.index("03")
    assert text[slice(*told_value(text, (start, start + 12)))] == "03 lần"


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("Hồ sơ tồn phải giảm xuống còn bao nhiêu?", "Hồ sơ tồn giảm từ 1.870 hồ sơ xuống dưới 300 hồ sơ.", "dưới 300 hồ sơ"),
        ("Khi nào chạy chính thức?", "Chạy thử trước ngày 30/4/2026, chạy chính thức trước ngày 15/8/2026.", "trước ngày 15/8/2026"),
        ("Ít nhất bao nhiêu người?", "Tổ có số người theo số thôn nhưng không ít hơn 05 người.", "không ít hơn 05 người"),
        ("Không quá bao nhiêu tháng?", "Thời hạn không ít hơn 06 tháng và không nhiều hơn 24 tháng.", "không nhiều hơn 24 tháng"),
        ("Bị phạt tiền từ bao nhiêu đến bao nhiêu?", "Bị phạt tù từ 02 năm đến 05 năm hoặc phạt tiền từ 20.000.000 đồng đến 30.000.000 đồng.", "từ 20.000.000 đồng đến 30.000.000 đồng"),
        ("Đơn ở vùng sâu mà phức tạp thì mấy ngày?", "Ở vùng sâu là 60 ngày; đối với đơn phức tạp là 70 ngày.", "70 ngày"),
        ("Đơn ở vùng sâu thì mấy ngày?", "Ở vùng sâu là 60 ngày; đối với đơn phức tạp là 70 ngày.", "60 ngày"),
        ("Số lượng xe phải giao?", "Điều 46 nói về xe phải giao; giao 12 xe.", "12 xe"),
        ("Chủ tịch tỉnh ký rồi thì mấy ngày phải đăng?", "Thời hạn đăng là 10 ngày kể từ ngày Bộ trưởng ký; 05 ngày kể từ ngày Chủ tịch tỉnh ký.", "05 ngày"),
    ],
)  # fmt: skip
def test_of_several_values_the_one_that_is_asked_is_told(
    question: str, sentence: str, value: str
) -> None:
    document = read(f"Điều 1. Chung\n{sentence}", kind="Luật", title="Luật C")
    text = document.text
    whole = max(statements(document, passages(document)[0]), key=lambda s: s.length)
    found = asked_value(understand(question), whole)
    assert found is not None and text[slice(*found)] == value


def test_what_the_heading_says_holds_of_every_value() -> None:
    document = read(
        """Điều 1. Đăng thủ tục hành chính lên cổng dịch vụ công
Thời hạn là 05 ngày kể từ ngày Chủ tịch tỉnh ký; 02 ngày đối với thủ tục hành chính rút gọn lên cổng dịch vụ công.""",
        kind="Luật",
        title="Luật E",
    )
    asked = understand(
        "Chủ tịch ký rồi thì mấy ngày phải đưa thủ tục hành chính lên cổng dịch vụ công?"
    )
    whole = max(statements(document, passages(document)[0]), key=lambda s: s.length)
    value = asked_value(asked, whole)
    assert value is not None and document.text[slice(*value)] == "05 ngày"


def test_an_ordinal_counts_nothing() -> None:
    document = read(
        "Điều 1. Hội đồng\nNgười giải quyết lần hai thành lập Hội đồng tư vấn gồm hai thành viên.",
        kind="Luật",
        title="Luật D",
    )
    asked = understand("Hội đồng tư vấn gồm bao nhiêu thành viên?")
    found = (s for p in passages(document) for s in statements(document, p))
    statement = next(s for s in found if "Hội đồng tư vấn" in s.text)
    value = asked_value(asked, statement)
    assert value is not None and document.text[slice(*value)] == "hai thành viên"


@pytest.mark.parametrize(
    "said", ["Biên bản phải có chữ ký của người dự.", "Các bên ký những bản có nhiều trang."]
)
def test_a_sentence_without_a_number_counts_nothing(said: str) -> None:
    document = read(f"Điều 1. Biên bản\n{said}", kind="Luật", title="Luật D")
    sentence = statements(document, passages(document)[0])[-1]
    assert counts_nothing(understand("Biên bản lập mấy bản?"), sentence)
    assert not counts_nothing(understand("Biên bản có chữ ký của ai?"), sentence)


def doers(document: Document, level: str) -> list[str | None]:
    """The headings that say whose the parts of a level are."""
    return [
        document.text[slice(*lead)] if (lead := doer_heading(s)) else None
        for p in passages(document)
        for s in statements(document, p)
        if s.part.level == level and s.shape == "sentence"
    ]


def test_an_item_of_a_plan_is_told_with_the_heading_that_says_whose_it_is() -> None:
    document = read(
        "III. PHÂN CÔNG\n1. Các đơn vị trực thuộc\n- Hoàn thành 12 lớp tập huấn trước ngày 05/6/2025.\n"
        "- Văn phòng Sở gửi báo cáo hằng tháng.\n2. Kinh phí\n- Bố trí trong dự toán năm 2025.",
        title="Kế hoạch",
    )
    # The second names who does it itself, the heading above the third is nobody.
    assert doers(document, "item") == ["1. Các đơn vị trực thuộc", None, None]


def test_a_point_of_a_plan_is_told_with_the_body_above_it() -> None:
    document = read(
        "III. PHÂN CÔNG\n1. Phòng Tổ chức\na) Nhận hồ sơ đăng ký.\nb) Trung tâm Y tế gửi báo cáo.\n2. Kinh phí\na) Bố trí trong dự toán.",
        title="Kế hoạch",
    )
    assert doers(document, "point") == ["1. Phòng Tổ chức", None, None]


def test_a_paragraph_below_a_body_is_told_with_it() -> None:
    document = read(
        "III. PHÂN CÔNG\n1. Phòng Nghiệp vụ Y\nKhảo sát mức độ hài lòng hai lần.", title="Kế hoạch"
    )
    (told,) = (
        s
        for p in passages(document)
        for s in statements(document, p)
        if s.shape == "sentence" and s.text.startswith("Khảo sát")
    )
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])
    asked = understand("Ai khảo sát mức độ hài lòng?")
    item = led_item(asked, judge.judge(asked, told, judge.weights(asked), None))
    assert item and compose_item(item).text == (
        "Phòng Nghiệp vụ Y [1]: khảo sát mức độ hài lòng hai lần [2]."
    )
