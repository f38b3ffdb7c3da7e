"""The documents kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from corpus.errors import (
    BrokenCatalogue,
    CorpusError,
    DocumentTooLarge,
    SecretDocument,
    ShippedDocument,
    UnknownDocument,
    UnknownField,
    UnreadableDocument,
)
from corpus.library import Library
from corpus.passages import passages

WORDS = "KẾ HOẠCH\nTiết kiệm điện năm 2025\n1. Tắt điện khi ra về.\n".encode()


def library(tmp_path: Path, shipped: Path | None = None) -> Library:
    return Library(sa.create_engine(f"sqlite:///{tmp_path / 'db'}"), shipped, 100_000)


def test_the_shipped_documents_are_read_without_a_problem(tmp_path: Path) -> None:
    found = library(tmp_path)
    assert len(found.documents()) == 5 and found.problems == []


def test_an_added_document_is_there_after_a_restart_and_gone_after_removal(tmp_path: Path) -> None:
    added = library(tmp_path).add("a.txt", WORDS, {"number": "1/KH-X"})
    again = library(tmp_path)
    assert again.document(added.id).meta.number == "1/KH-X"
    again.remove(added.id)
    with pytest.raises(UnknownDocument):
        library(tmp_path).document(added.id)


def test_the_same_words_twice_are_one_document(tmp_path: Path) -> None:
    found = library(tmp_path)
    assert found.add("a.txt", WORDS, {}).id == found.add("a.txt", WORDS + b"\n\n", {}).id
    assert len(found.documents()) == 6


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.txt", b"", UnreadableDocument),
        ("a.txt", b"%PDF-1.7 ...", UnreadableDocument),
        ("a.txt", bytes(range(32)) * 50, UnreadableDocument),
        ("a.exe", WORDS, UnreadableDocument),
        ("a.txt", b"a" * 100_001, DocumentTooLarge),
        ("a.txt", b"-----\n2\n", UnreadableDocument),
    ],
)
def test_what_is_no_text_is_refused(
    tmp_path: Path, name: str, content: bytes, error: type[CorpusError]
) -> None:
    with pytest.raises(error):
        library(tmp_path).add(name, content, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_give_the_same_words(tmp_path: Path, encoding: str) -> None:
    text = library(tmp_path).add("a.txt", WORDS.decode().encode(encoding), {}).text
    assert text.startswith("KẾ HOẠCH\nTiết kiệm điện")


def test_an_unknown_correction_and_a_shipped_document_are_refused(tmp_path: Path) -> None:
    found = library(tmp_path)
    with pytest.raises(CorpusError):
        found.add("a.txt", WORDS, {"colour": "red"})
    with pytest.raises(ShippedDocument):
        found.remove(found.documents()[0].id)


@pytest.mark.parametrize(
    "catalogue", ["", "documents: 3", "documents:\n - {id: A/B, file: x}", "\t:"]
)
def test_a_broken_catalogue_is_named(tmp_path: Path, catalogue: str) -> None:
    (tmp_path / "catalogue.yaml").write_text(catalogue, encoding="utf-8")
    with pytest.raises(BrokenCatalogue, match=r"catalogue\.yaml"):
        library(tmp_path, tmp_path)


def test_a_missing_file_is_a_problem_and_costs_no_other_document(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(WORDS)
    (tmp_path / "catalogue.yaml").write_text(
        "documents:\n - {id: a, file: a.txt}\n - {id: b, file: b.txt, issued_on: 2025-01-02}\n",
        encoding="utf-8",
    )
    found = library(tmp_path, tmp_path)
    assert [d.id for d in found.documents()] == ["b"] and len(found.problems) == 1
    assert found.document("b").meta.issued_on == "2025-01-02"


def test_passages_lie_inside_their_parts_and_none_is_lost(tmp_path: Path) -> None:
    for document in library(tmp_path).documents():
        for passage in passages(document):
            assert document.text[passage.start : passage.end].strip()
            assert passage.context is None or document.text[slice(*passage.context)].strip()


def test_a_correction_wins_and_can_be_taken_back(tmp_path: Path) -> None:
    found = library(tmp_path)
    document = found.add("a.txt", WORDS, {"number": "1/KH-X"})
    assert (
        found.correct(document.id, {"place": "Huế", "in_force_from": "2025-01-01"}).meta.place
        == "Huế"
    )
    again = library(tmp_path).document(document.id)
    assert (again.meta.number, again.meta.place) == ("1/KH-X", "Huế")
    assert found.correct(document.id, {"number": None}).meta.number is None
    with pytest.raises(UnknownField):
        found.correct(document.id, {"colour": "red"})


SECRET = "TỐI MẬT\n".encode() + WORDS


def test_a_secret_text_is_not_taken_in_unless_a_setting_allows_it(tmp_path: Path) -> None:
    with pytest.raises(SecretDocument):
        library(tmp_path).add("a.txt", SECRET, {})
    (tmp_path / "other").mkdir()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'other' / 'd.sqlite3'}")
    open_library = Library(engine, None, 10**6, allow_secret=True)
    assert open_library.add("a.txt", SECRET, {}).secrecy == "TỐI MẬT"


SIGNED = """SỞ X
Số: 5/KH-SX
KẾ HOẠCH
Công tác năm 2026
Các phòng thực hiện nghiêm túc kế hoạch này trong năm.
Nơi nhận:
- UBND tỉnh (b/c);
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(Đã ký)
TS. Trần Thị Mai"""


def test_the_foot_tells_who_signed_and_who_receives(tmp_path: Path) -> None:
    foot = library(tmp_path).add("a.txt", SIGNED.encode(), {}).foot
    assert (foot.signer, foot.signer_office) == ("Trần Thị Mai", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")
    assert foot.recipients == ("UBND tỉnh (b/c)", "Lưu: VT")
