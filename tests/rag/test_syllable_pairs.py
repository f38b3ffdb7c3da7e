"""How often a syllable follows another."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.syllable_pairs import END, SyllablePairs

TURNS = (("hạn", "nộp", END), ("hạn", "nộp", "báo", "cáo", END), ("báo", "cáo", END))
SYLLABLES = ("hạn", "nộp", "báo", "cáo", END)


def test_chances_of_what_follows_add_up_to_one() -> None:
    pairs = SyllablePairs.counted(TURNS)
    for first in ("", "hạn", "nộp", "unseen"):
        total = sum(pairs.follows(first, second) for second in SYLLABLES)
        assert total == pytest.approx(1.0, abs=1e-6)
    assert pairs.follows("hạn", "nộp") > pairs.follows("hạn", "cáo") > 0


def test_what_is_written_is_read(tmp_path: Path) -> None:
    pairs = SyllablePairs.counted(TURNS)
    path = tmp_path / "pairs.tsv"
    path.write_text(f"{pairs.written()}\n", encoding="utf-8")
    read = SyllablePairs.read(path)
    assert read.counts == pairs.counts and read.spellings["nop"] == ("nộp",)
