"""Abbreviations both ways: short in the question and long in the text, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.replies import sentence_for
from config.settings import load_settings
from rag.errors import BrokenAbbreviations
from rag.lexical import LexicalIndex
from rag.statements import abbreviations
from rag.understand import understand
from rag.wiring import open_assistant
from rag.words import canonical, learn_abbreviations, syllables
from tests.rag.test_nearest import read


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """The file of an office, forgotten afterwards."""
    yield tmp_path / "viet-tat.yaml"
    learn_abbreviations(None)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("UBND", "Ủy ban nhân dân"),
        ("ubnd", "ủy ban nhân dân"),
        ("HĐND", "Hội đồng nhân dân"),
        ("hdnd", "hội đồng nhân dân"),
        ("MTTQ", "Mặt trận Tổ quốc"),
        ("CBCCVC", "cán bộ, công chức, viên chức"),
        ("cchc", "cải cách hành chính"),
        ("QCDC", "quy chế dân chủ"),
        ("tthc", "thủ tục hành chính"),
        ("KT-XH", "kinh tế - xã hội"),
        ("LĐ-TB&XH", "Lao động - Thương binh và Xã hội"),
        ("ldtbxh", "lao động thương binh và xã hội"),
        ("KH & CN", "khoa học và công nghệ"),
    ],
)
def test_a_short_form_and_its_words_find_each_other(short: str, full: str) -> None:
    texts = [f"Nhiệm vụ: {full} năm nay.", f"Nhiệm vụ: {short} năm nay.", "Nhiệm vụ khác."]
    lane = LexicalIndex([[text] for text in texts], range(3), texts, ["văn bản"], k1=1, b=0.5)
    for asked in (short, full):
        scores = lane.chosen(np.arange(3)).weighed(lane.asked(asked, accented=True))[0].scores()
        assert scores[0] == scores[1] > 0 == scores[2]


@pytest.mark.parametrize(
    "text", ["thông tư về đầu tư", "THÔNG TƯ VỀ ĐẦU TƯ", "37/2024/QĐ-UBND", "số 5/BC-BCĐ"]
)
def test_words_and_pieces_of_numbers_are_no_abbreviations(text: str) -> None:
    assert canonical(text) == text.lower()


def test_one_that_is_a_word_in_small_letters_is_read_in_capitals() -> None:
    assert syllables("Nghị quyết TƯ 8") == ("nghị", "quyết", "trung", "ương", "8")


def test_a_code_before_an_ampersand_is_none() -> None:
    assert "thông tư" not in understand("Sở TT&TT làm gì").text
    assert understand("KH 64 nói gì").instruments[0].kind == "Kế hoạch"


def test_short_words_of_chat_are_read() -> None:
    assert understand("mấy h họp").kind == "deadline" == understand("may h hop").kind
    assert understand("bao h nộp báo cáo").kind == "when"


def test_an_office_adds_its_own_and_they_win(own: Path) -> None:
    own.write_text('NO: nợ công\n"QL&VH": quản lý và vận hành\nPCTN: phòng chống thiên tai\n')
    learn_abbreviations(own)
    assert canonical("NO, qlvh, ql&vh, pctn") == (
        "nợ công, quản lý và vận hành, quản lý và vận hành, phòng chống thiên tai"
    )
    assert canonical("ubnd") == "ủy ban nhân dân"
    learn_abbreviations(None)
    assert canonical("qlvh") == "qlvh"


@pytest.mark.parametrize(
    "content",
    [b"", b"- UBND", b"UBND:", b"UBND: [a, b]", b"'': x y", b"A/B: x y", b"{", b"\xff\xfe\xff",
     b"UBND: (1)", None],
)  # fmt: skip
async def test_a_bad_file_stops_the_start_with_its_name(
    own: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        own.write_bytes(content)
    environ = {"DANVAN_DATA_DIR": str(tmp_path / "var"), "DANVAN_LIBRARY__ABBREVIATIONS": str(own)}
    with pytest.raises(BrokenAbbreviations, match=own.name) as stopped:
        async with open_assistant(load_settings(environ)):
            pass
    assert "chữ viết tắt" in sentence_for(stopped.value)


@pytest.mark.parametrize(
    ("short", "told"),
    [
        ("CCHC", "cải cách hành chính (CCHC)"),
        ("PCI", "chỉ số năng lực cạnh tranh cấp tỉnh (PCI)"),
        ("DDCI", "Bộ chỉ số đánh giá sở, ban, ngành tỉnh và các huyện, thị xã (DDCI)"),
    ],
)
def test_a_foreign_one_is_told_from_what_kind_of_thing_it_is(short: str, told: str) -> None:
    document = read(
        f"1. Đẩy mạnh cải cách hành chính (CCHC), nâng cao chỉ số năng lực cạnh tranh cấp tỉnh (PCI), {told}."
    )
    assert next(abbreviations(document, short)).text == told
