import json
from pathlib import Path

from benchmarks.pair_labels import read_conversations

TURNS = [
    {"question": "Ai ký kế hoạch?", "follows": False, "statements": [["Nguyễn Văn A", 0, 12]]},
    {"question": "ký hôm nào", "follows": True, "statements": []},
]


def test_turns_of_a_conversation_are_labelled_in_its_document(tmp_path: Path) -> None:
    file = tmp_path / "conversations.jsonl"
    file.write_text(json.dumps({"document": "ke-hoach.txt", "turns": TURNS}), encoding="utf-8")

    [[first, second]] = read_conversations(file)

    assert (first.follows, second.follows) == (False, True)
    assert first.label.places == (("Nguyễn Văn A", 0, 12),)
    assert {turn.label.document for turn in (first, second)} == {"ke-hoach.txt"}
    assert not second.label.answerable
