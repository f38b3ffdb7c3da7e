"""Old and new names of places and bodies: found either way, and told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.renamings import names_in
from rag.adapters.chroma_index import ChromaIndex
from rag.answer import Extractive
from rag.assistant import LocalAssistant
from rag.data_folder import DataFolder
from rag.model import Answer, Question
from rag.retrieve import Retriever
from rag.understand import understand
from tests.rag.words_only import NoEmbedder

OFFICE = """{office}
KẾ HOẠCH
Công tác dân vận chính quyền năm {year}
{place}, ngày 10 tháng 9 năm {year}
I. MỤC ĐÍCH
Nâng cao tinh thần phục vụ Nhân dân của công chức.
II. TỔ CHỨC THỰC HIỆN
Các phòng chuyên môn gửi báo cáo kết quả dân vận về Văn phòng Sở trước ngày {day}.
"""
OLD_LAND = OFFICE.format(
    office="SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG TỈNH LẠNG SƠN",
    place="Lạng Sơn",
    year=2024,
    day="11/11/2024",
)
NEW_FARMS = OFFICE.format(
    office="SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH SƠN LA", place="Sơn La", year=2025, day="12/11/2025"
)
BAC_KAN = OFFICE.format(
    office="SỞ TƯ PHÁP TỈNH BẮC KẠN", place="Bắc Kạn", year=2024, day="13/11/2024"
)
AN_GIANG = OFFICE.format(
    office="SỞ Y TẾ TỈNH AN GIANG", place="An Giang", year=2024, day="14/11/2024"
)
Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    empty: Path = tmp_path_factory.mktemp("documents")
    (empty / "catalogue.yaml").write_text("documents: []\n")
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    library = Library(folder.engine, empty, 1_000_000)
    for number, text in enumerate((OLD_LAND, NEW_FARMS, BAC_KAN, AN_GIANG)):
        library.add(f"{number}.txt", text.encode(), {})
    index = ChromaIndex(folder.path / "index", "none")
    retriever = Retriever(index, NoEmbedder(), lexical_weight=1.0, candidates=40)
    assistant = LocalAssistant(
        library, index, NoEmbedder(), Extractive(retriever), None,
        k1=1.0, b=0.45, leaves_machine=False,
    )  # fmt: skip
    yield lambda question: asyncio.run(assistant.answer(Question(question)))
    asyncio.run(assistant.close())
    folder.close()


WHEN = "gửi báo cáo kết quả dân vận trước ngày nào?"


@pytest.mark.parametrize(
    ("question", "day", "notice"),
    [
        ("Sở Nông nghiệp và Môi trường Lạng Sơn", "11/11/2024", "Sở Tài nguyên và Môi trường nay là"),
        ("so nnmt lang son", "11/11/2024", "Sở Tài nguyên và Môi trường nay là"),
        ("Sở NN&PTNT Sơn La", "12/11/2025", "Sở Nông nghiệp và Phát triển nông thôn nay là"),
        ("Sở TN&MT tỉnh Sơn La", "12/11/2025", "Sở Tài nguyên và Môi trường nay là"),
        ("Sở Tư pháp tỉnh Thái Nguyên", "13/11/2024", "Bắc Kạn nay thuộc Thái Nguyên"),
        ("so tu phap thai nguyen", "13/11/2024", "Bắc Kạn nay thuộc Thái Nguyên"),
    ],
)  # fmt: skip
def test_the_other_name_finds_the_document_and_is_told(
    ask: Ask, question: str, day: str, notice: str
) -> None:
    answer = ask(f"{question} {WHEN}")
    assert day in answer.text, answer.text
    assert any(told.startswith(notice) for told in answer.notices)


@pytest.mark.parametrize(
    ("question", "day"),
    [("Sở TN&MT Lạng Sơn", "11/11/2024"), ("Sở Tư pháp Bắc Cạn", "13/11/2024"),
     ("Sở Nông nghiệp và Môi trường Sơn La", "12/11/2025")],
)  # fmt: skip
def test_a_document_of_the_asked_name_needs_no_notice(ask: Ask, question: str, day: str) -> None:
    answer = ask(f"{question} {WHEN}")
    assert day in answer.text
    assert not any("2025/QH15" in told or "sắp xếp" in told for told in answer.notices)


@pytest.mark.parametrize(
    "question",
    [
        "Sở Tư pháp tỉnh Thái Nguyên năm 2024",  # the province of then
        "Sở Y tế tỉnh Kiên Giang",  # An Giang's plan is older than the merger
        "Sở Tư pháp tỉnh Cao Bằng",
        "Sở Tài chính tỉnh Lạng Sơn",
    ],
)
def test_what_was_another_place_or_body_is_refused(ask: Ask, question: str) -> None:
    assert ask(f"{question} {WHEN}").status == "refused"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sở Lao động, Thương binh và Xã hội", "Sở Lao động - Thương binh và Xã hội"),
        ("so tai nguyen", "Sở Tài nguyên và Môi trường"),
        ("BR-VT", "Bà Rịa - Vũng Tàu"),
        ("TP. HCM", "Thành phố Hồ Chí Minh"),
    ],
)
def test_a_name_is_read_in_its_spellings(text: str, name: str) -> None:
    assert list(names_in(f"ở {text} có gì")) == [name]


def test_a_short_name_that_two_bodies_share_names_neither() -> None:
    assert not names_in("Sở Nông nghiệp làm gì")


@pytest.mark.parametrize("spelled", ["Đắc Lắc", "TPHCM", "TT Huế", "Bà Rịa Vũng Tàu", "dak nong"])
def test_a_province_is_read_in_its_spellings(spelled: str) -> None:
    assert len(understand(f"ở {spelled} có gì").places) == 1
