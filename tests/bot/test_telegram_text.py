"""Cutting and escaping: whatever comes in, Telegram takes what goes out."""

from __future__ import annotations

import random
import re

import pytest

from bot.telegram_text import MAX_UNITS, Run, Style, pieces, units
from tests.bot.telegram_rules import message_text

HOSTILE = [
    "<b>không phải thẻ</b> & <script>alert(1)</script>",
    "&lt; &amp;lt; &#60; &unknown; AT&T",
    "</blockquote></b><a href='http://x'>bấm</a>",
    "1 < 2 > 0 && [1] ［1］ *_`~|",
    "\u202eđảo\u200f \x00\x07 \ud83d nửa ký tự",
    "👩‍👩‍👧‍👦" * 3000,
    "ệ" * 9000,
    "e\u0302\u0323" * 5000,
    "\u0301" * 9000,
    "&" * 9000,
    "[1]" * 4000,
    "một hai " * 3000,
    "Câu một. " * 2000,
    "\n\n".join(["đoạn " * 50] * 40),
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("style", ["plain", "bold", "italic", "quote"])
def test_every_piece_passes_telegrams_rules_and_no_word_is_lost(text: str, style: Style) -> None:
    parts = pieces([Run(text, style)])
    shown = [message_text(part.html, "HTML") for part in parts]
    assert shown == [part.plain.strip() for part in parts]
    assert _letters("".join(shown)) == _letters(text)
    assert [message_text(part.plain, None) for part in parts] == shown


def test_mixed_runs_are_cut_with_tags_closed_and_opened_again() -> None:
    parts = pieces([Run("Tên\n", "bold"), Run("lời " * 3000, "quote"), Run("\nhết", "italic")])
    assert len(parts) == 3
    assert parts[0].html.startswith("<b>Tên\n</b><blockquote expandable>lời ")
    assert all(part.html.count("<blockquote expandable>") == 1 for part in parts)
    assert parts[-1].html.endswith("</blockquote><i>\nhết</i>")


def test_random_runs_always_fit() -> None:
    chance = random.Random(7)
    alphabet = "aệ<>&[]1 \n.😀\u0301\u200d"
    styles: list[Style] = ["plain", "bold", "italic", "quote"]
    for _ in range(200):
        runs = [
            Run("".join(chance.choices(alphabet, k=chance.randrange(80))), chance.choice(styles))
            for _ in range(chance.randrange(6))
        ]
        limit = chance.randrange(8, 60)
        for part in pieces(runs, limit):
            assert 1 <= units(part.plain) <= limit
            message_text(part.html, "HTML")


def test_an_emoji_counts_as_two() -> None:
    assert units("😀ệ") == 3
    assert len(pieces([Run("😀" * (MAX_UNITS // 2))])) == 1
    assert len(pieces([Run("😀" * (MAX_UNITS // 2) + "a")])) == 2


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("một đoạn dài.\n\nđoạn hai nữa", "một đoạn dài."),
        ("một dòng dài.\ndòng hai nữa", "một dòng dài."),
        ("Một câu dài. Câu hai nữa đây", "Một câu dài."),
        ("một hai ba bốn năm sáu bảy", "một hai ba bốn năm"),
        ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrst"),
    ],
)
def test_the_best_border_is_taken(text: str, first: str) -> None:
    assert pieces([Run(text)], 20)[0].plain == first


@pytest.mark.parametrize(
    "text", ["mười chữ cái [12].", "Một câu dài. [12] nữa", "chữchữchữchữ[12]"]
)
def test_a_marker_stays_whole_and_with_its_sentence(text: str) -> None:
    for limit in range(8, len(text)):
        shown = [part.plain for part in pieces([Run(text)], limit)]
        assert sum("[12]" in part for part in shown) == 1
        if "chữchữ" not in text and limit > 12:
            assert not any(part.startswith("[") for part in shown)


def test_a_letter_keeps_its_marks() -> None:
    shown = [part.plain for part in pieces([Run("e\u0302\u0323" * 40)], 20)]
    assert all(part.startswith("e") for part in shown)


def test_nothing_to_say_makes_no_message() -> None:
    assert pieces([Run(" \n\t "), Run("\x00")]) == []


def _letters(text: str) -> str:
    """Without white space, which may go at a cut, and what no server takes."""
    return re.sub("[\\s\x00-\x1f\x7f\ud800-\udfff]", "", text)
