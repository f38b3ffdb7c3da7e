"""What the settings mean for the parts that are chosen."""

from __future__ import annotations

import pytest

from config.settings import load_settings
from rag.wiring import leaves_machine


@pytest.mark.parametrize(
    ("base_url", "leaves"),
    [
        ("http://127.0.0.1:11434/v1", False),
        ("http://localhost:8080/v1", False),
        ("http://[::1]:8080/v1", False),
        ("http://127.3.2.1/v1", False),
        (None, True),
        ("https://api.example.vn/v1", True),
        ("http://192.168.1.9:8000/v1", True),
        ("http://localhost.example.vn/v1", True),
        ("http://127.example.vn/v1", True),
        ("http://example.vn//localhost/v1", True),
        ("http://localhost@example.vn/v1", True),
    ],
)
def test_only_a_model_on_this_machine_keeps_questions_here(
    base_url: str | None, leaves: bool
) -> None:
    environ = {"DANVAN_CHAT_MODEL__MODEL": "m"}
    if base_url:
        environ["DANVAN_CHAT_MODEL__BASE_URL"] = base_url
    assert leaves_machine(load_settings(environ)) is leaves


def test_without_a_chat_model_nothing_leaves() -> None:
    assert not leaves_machine(load_settings({}))
