"""The command `danvan` as a process of its own, on data folders of its own, with all real parts."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import filelock
import pytest

ROOT = Path(__file__).parents[2]
QUESTION = "Sở Nông nghiệp Tây Ninh nhận báo cáo kết quả dân vận chính quyền 2024 trước ngày nào?"
PLAN = "ke-hoach-dan-van-chinh-quyen-tay-ninh-2024"
OFFICE = ROOT / "tests/data/offices/thong-bao-218-doi-thoai-binh-dinh.txt"
HEAVY = ("torch", "chromadb", "langchain", "transformers", "sklearn")


@dataclass(frozen=True)
class Danvan:
    """Runs commands on one data folder."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if name[:7] != "DANVAN_"}
        return clean | {"DANVAN_DATA_DIR": str(self.folder)} | self.more

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bot.cli", *arguments]
        pipe = subprocess.PIPE
        streams = {"stdin": pipe, "stdout": pipe, "stderr": pipe} | options
        return subprocess.Popen(command, cwd=ROOT, env=self.environ, text=True, **streams)  # type: ignore[call-overload,no-any-return]

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        with self.start(*arguments) as process:
            out, err = process.communicate(stdin, timeout=120)
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def fails(self, *arguments: str) -> str:
        """The one line on stderr of a command that can't be done."""
        done = self(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        return done.stderr


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first command leaves the exported model for all others."""
    return tmp_path_factory.mktemp("models")


def new_folder(folder: Path, models: Path) -> Danvan:
    folder.mkdir()
    (folder / "models").symlink_to(models)
    return Danvan(folder)


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A data folder whose index was killed in its first writes, and then made whole."""
    danvan = new_folder(tmp_path_factory.mktemp("data") / "indexed", models)
    with danvan.start("index") as process:
        while process.poll() is None and not vectors(danvan.folder):
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"
    written = vectors(danvan.folder)
    again = danvan("index")
    assert again.returncode == 0, again.stderr
    passages = int(found(r"văn bản, (\d+)/\1 đoạn", again.stdout))
    missing = int(found(r"/(\d+)", again.stderr))
    assert 0 < missing <= passages - written < passages
    return danvan.folder


def vectors(folder: Path) -> int:
    """How many Chroma has written down."""
    try:
        with closing(
            sqlite3.connect(f"file:{folder}/index/chroma.sqlite3?mode=ro", uri=True)
        ) as db:
            return int(db.execute("SELECT count(*) FROM embeddings").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]


@pytest.fixture
def danvan(indexed: Path, tmp_path: Path) -> Danvan:
    """Commands on a copy of the indexed folder, which no server owns."""
    return Danvan(Path(shutil.copytree(indexed, tmp_path / "data", symlinks=True)))


@pytest.fixture(scope="session")
def served(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Danvan]:
    """Commands on a folder that a server owns."""
    folder = tmp_path_factory.mktemp("served") / "data"
    danvan = Danvan(Path(shutil.copytree(indexed, folder, symlinks=True)))
    log = folder.with_name("server.log")
    with log.open("w") as err, danvan.start("serve", "--port", "0", stderr=err) as process:
        try:
            assert process.stdout
            assert "http://127.0.0.1:" in process.stdout.readline(), log.read_text()
            yield danvan
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in log.read_text()
    assert not (folder / "server.json").exists()


def test_an_index_that_was_killed_goes_on_where_it_was(indexed: Path) -> None:
    assert vectors(indexed) > 0  # the fixture is the test


def test_a_question_from_standard_input_is_answered_without_a_server(danvan: Danvan) -> None:
    (danvan.folder / "server.json").write_text(
        json.dumps({"url": "http://127.0.0.1:9", "token": "x", "pid": dead_process()})
    )
    done = danvan("ask", "-", "--json", stdin=QUESTION + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    body = json.loads(done.stdout)
    assert body["status"] == "answered"
    assert "15/10/2024" in body["answer"]
    assert {"id", "conversation_id", "refusal", "choices", "timings_ms"} <= body.keys()


def dead_process() -> int:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid


def test_an_answer_is_printed_with_its_numbered_sources(served: Danvan) -> None:
    done = served("ask", QUESTION)
    assert (done.returncode, done.stderr) == (0, "")
    answer, sources = done.stdout.split("\nNguồn:\n")
    assert "15/10/2024" in answer
    assert "[1]" in answer
    assert re.match(r"\[1\] Kế hoạch thực hiện .* — mục IV, gạch đầu dòng 2\n    “", sources)


def test_a_refusal_is_no_error(served: Danvan) -> None:
    done = served("ask", "Giá vàng hôm nay bao nhiêu?")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1]" not in done.stdout


def test_json_is_the_body_of_http_and_nothing_else(served: Danvan) -> None:
    body = json.loads(served("ask", "--json", "--document", PLAN, QUESTION).stdout)
    assert body["citations"][0]["document"]["id"] == PLAN


def test_too_long_a_question_is_one_line(served: Danvan) -> None:
    assert "2.000 ký tự" in served.fails("ask", "a" * 2001)


def test_documents_are_added_listed_and_removed_through_the_server(served: Danvan) -> None:
    document_id = check_added(served)
    listed = json.loads(served("documents", "--json").stdout)["documents"]
    assert {d["id"]: d["number"] for d in listed}[document_id] == "219/TB-SNV"
    assert served("remove", document_id).returncode == 0
    assert "Không có văn bản này" in served.fails("remove", document_id)
    assert "Không có văn bản này" in served.fails("remove", "../../health")
    assert "đi kèm" in served.fails("remove", PLAN)
    table = [line.split("\t") for line in served("documents").stdout.splitlines()]
    assert {len(row) for row in table} == {6}
    assert PLAN in [row[0] for row in table]
    assert document_id not in [row[0] for row in table]


def test_documents_are_added_and_removed_without_a_server(danvan: Danvan) -> None:
    document_id = check_added(danvan)
    assert document_id in danvan("remove", document_id).stdout
    assert "Không có văn bản này" in danvan.fails("remove", document_id)


def test_a_document_is_corrected_through_the_server_and_without(
    served: Danvan, danvan: Danvan
) -> None:
    for run in (served, danvan):
        done = run("documents", "set", PLAN, "--number", "9/KH", "--in-force-until", "31/12/2024")
        assert (done.returncode, done.stderr) == (0, "")
        assert found(r"số: +(\S+)", done.stdout) == "9/KH"
        assert found(r"hiệu lực đến: +(\S+)", done.stdout) == "2024-12-31"
        back = run("documents", "set", PLAN, "--number", "", "--in-force-until", "")
        assert found(r"số: +(.+)", back.stdout) == "chưa rõ"
        assert "Không có văn bản này" in run.fails("documents", "set", "khong-co", "--kind", "A")
    assert "Chưa nêu" in served.fails("documents", "set", PLAN)


def test_what_is_cited_and_absent_is_listed(served: Danvan, danvan: Danvan) -> None:
    table = [line.split("\t") for line in served("documents", "--missing").stdout.splitlines()]
    assert table[1][:3] == ["Chỉ thị số 16/CT-TTg", "3", "3"]
    bodies = [
        json.loads(run("documents", "--missing", "--json").stdout) for run in (served, danvan)
    ]
    assert bodies[0] == bodies[1]
    assert bodies[0]["missing"][0]["number"] == "16/CT-TTg"


@pytest.mark.parametrize("owner", ["served", "danvan"])
def test_duties_are_listed_with_and_without_a_server(
    owner: str, request: pytest.FixtureRequest
) -> None:
    danvan: Danvan = request.getfixturevalue(owner)
    typed = ("duties", "--document", PLAN, "--who", "thu truong", "--month", "10/2024")
    (duty,) = json.loads(danvan(*typed, "--json").stdout)["duties"]
    assert (duty["kind"], duty["due_on"]) == ("report", ["2024-10-15"])
    head, row = danvan(*typed).stdout.splitlines()
    assert head.split("\t") == ["Hạn", "Ai", "Việc", "Chỉ tiêu", "Báo cáo cho", "Văn bản"]
    assert row.startswith("15/10/2024\tThủ trưởng các phòng, cơ quan, đơn vị\t")
    assert row.endswith("mục IV, gạch đầu dòng 2")
    nobody = danvan("duties", "--who", "Phòng Không Có")
    assert nobody.stdout == "Không có việc nào khớp với điều kiện đã nêu.\n"
    assert json.loads(danvan("duties", "--who", "Phòng Không Có", "--json").stdout) == {
        "duties": []
    }
    assert "mã văn bản" in danvan.fails("duties", "--document", "khong-co")
    assert "--month" in danvan.fails("duties", "--month", "2024-10", "--to", "2024-10-01")


def check_added(danvan: Danvan) -> str:
    added = danvan("add", str(OFFICE), "--number", "219/TB-SNV", "--issued-on", "9/5/2025")
    assert added.returncode == 0, added.stderr
    for value in ("Thông báo", "219/TB-SNV", "2025-05-09", "Bình Định"):
        assert value in added.stdout
    return found(r"mã: +(\S+)", added.stdout)


def test_a_bad_file_does_not_stop_the_others(served: Danvan, tmp_path: Path) -> None:
    folder = tmp_path / "văn bản"
    (folder / ".trash").mkdir(parents=True)
    (folder / ".trash/c.txt").write_text("bỏ")
    shutil.copy(OFFICE, folder / "b.txt")
    (folder / "a.txt").write_bytes(b"%PDF-1.7")
    (folder / "ghi chú.xyz").write_text("x")
    done = served("add", str(folder), str(tmp_path / "missing.txt"))
    assert done.returncode == 1
    assert done.stdout.count("Đã thêm") == 1
    told = [line for line in done.stderr.splitlines() if "Lập chỉ mục" not in line]  # the bar
    lines = dict(line.split(": ", 1) for line in told)
    wanted = {folder / "ghi chú.xyz", folder / "a.txt", tmp_path / "missing.txt"}
    assert {Path(name) for name in lines} == wanted
    served("remove", found(r"mã: +(\S+)", done.stdout))


def test_the_index_is_brought_up_to_date_through_the_server(served: Danvan) -> None:
    done = served("index")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Chỉ mục đã đủ" in done.stdout


def test_answers_are_measured(served: Danvan, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    golds = [
        gold(id="1", question=QUESTION, facts=[["15/10/2024"]], split="dev"),
        gold(id="2", question="Giá vàng hôm nay?", answerable=False, split="dev"),
        gold(id="3", question=QUESTION, facts=[["never said"]], split="test"),
    ]
    path.write_text("\n".join(json.dumps(g) for g in golds))
    dev = json.loads(
        served("eval", "answers", "--questions", str(path), "--split", "dev", "--json").stdout
    )
    assert (dev["n"], dev["fact"]["share"], dev["refusal_recall"]["share"]) == (2, 1.0, 1.0)
    whole = served("eval", "answers", "--questions", str(path), "--show-failures")
    assert whole.returncode == 0
    assert re.search(r"nội dung\t0.500\t2\t0.095 – 0.905", whole.stdout)
    assert "never said" in whole.stdout
    measured = ("eval", "answers", "--questions", str(path), "--json", "--html")
    before, page = tmp_path / "before.json", tmp_path / "page.html"
    before.write_text(served(*measured, str(page)).stdout)
    assert page.read_text().count("<article") == 3
    assert (json.loads(before.read_text())["verbatim"]["share"]) == 1.0
    assert "chỗ/không" in served.fails(*measured, str(tmp_path / "chỗ/không"))
    compared = served("eval", "compare", str(before), str(before)).stdout
    assert "Như cũ\t3" in compared
    assert "eval answers" in served.fails("eval", "compare", str(before), str(path))
    assert "không có câu nào" in served.fails("eval", "answers", "--questions", os.devnull)
    path.write_text('{"id": 1}')
    assert "question" in served.fails("eval", "answers", "--questions", str(path))


def gold(**fields: object) -> dict[str, object]:
    source = "004_293b440abef019b8.txt"
    return {"answerable": True, "kind": "date", "documents": [source], "facts": []} | fields


def test_retrieval_is_measured_by_words_alone(tmp_path: Path) -> None:
    corpus, questions = tmp_path / "corpus.jsonl", tmp_path / "questions.jsonl"
    rows = [
        {"doc_id": "a", "law_id": "L", "article_id": "1", "text": "Cây trồng\n\nGiống lúa."},
        {"doc_id": "b", "law_id": "L", "article_id": "2", "text": "Vật nuôi\n\nGiống gà."},
    ]
    corpus.write_text("\n".join(map(json.dumps, rows)))
    asked = [{"qid": n, "question": "Giống gà nào?", "gold": ["b"]} for n in (1, 2)]
    questions.write_text("\n".join(map(json.dumps, asked)))
    files = ("eval", "retrieval", "--corpus", str(corpus), "--questions", str(questions))
    command = Danvan(tmp_path / "var")
    done = command(*files, "--lanes", "lexical", "--limit-questions", "1", "--json")
    found = json.loads(done.stdout)
    assert (found["n"], found["units"], found["mrr@10"], found["f2"]) == (1, 2, 1.0, 1.0)
    assert found["lanes"] == ["lexical"] and found["embedded"] == 0
    assert "mrr@10\t1.0\t1.000 – 1.000" in command(*files, "--lanes", "lexical").stdout
    assert "lexical, dense" in command(*files, "--lanes", "words").stderr
    assert "Không đọc được" in command.fails(*files[:3], os.devnull + "x", *files[4:])


def test_a_second_server_is_told_that_the_folder_is_taken(served: Danvan) -> None:
    done = served("serve", "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "tiến trình danvan khác" in done.stderr


def test_a_folder_taken_by_a_command_is_told(danvan: Danvan) -> None:
    with filelock.FileLock(danvan.folder / "lock"):
        line = danvan.fails("documents")
    assert "tiến trình danvan khác" in line
    assert str(danvan.folder) in line


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "Không ghi được" in Danvan(tmp_path / "file/data").fails("documents")


def test_a_broken_catalogue_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text("documents: [}")
    danvan = Danvan(tmp_path / "data", {"DANVAN_LIBRARY__DOCUMENTS_DIR": str(tmp_path)})
    assert "catalogue.yaml" in danvan.fails("documents")


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("DANVAN_SERVER__PROT", "1", "server.prot"),
        ("DANVAN_SERVER__PORT", "99999", "server.port"),
        ("DANVAN_CONFIG", "/nowhere.yaml", "/nowhere.yaml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, key: str) -> None:
    assert f"“{key}”" in Danvan(tmp_path, {name: value}).fails("documents")


@pytest.mark.parametrize(
    "typed",
    [
        [],
        ["asks"],
        ["ask"],
        ["ask", "a", "b"],
        ["serve", "--port", "x"],
        ["add"],
        ["add", "a.txt", "--issued-on", "31/02/2024"],
        ["documents", "set"],
        ["documents", "change", "a"],
        ["documents", "set", "a", "--in-force-from", "hôm nay"],
        ["duties", "--kind", "job"],
        ["duties", "--month", "13/2026"],
        ["eval"],
        ["eval", "answers"],
    ],
)
def test_bad_usage_is_exit_code_2(typed: list[str], tmp_path: Path) -> None:
    done = Danvan(tmp_path / "data")(*typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"danvan: chưa đúng cách dùng: .+\n", done.stderr)
    assert not (tmp_path / "data").exists()


def test_one_title_for_many_files_is_refused(danvan: Danvan) -> None:
    assert "một tệp" in danvan.fails("add", str(OFFICE.parent), "--title", "Kế hoạch")


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    with Danvan(tmp_path).start("ask", "-") as process:
        time.sleep(0.7)  # it waits for the question
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, "", "")


def test_a_reader_that_hangs_up_is_no_error(served: Danvan) -> None:
    read, write = os.pipe()
    os.close(read)
    with served.start("documents", "--json", stdout=write) as process:
        os.close(write)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (141, "")


def imported(run: Callable[[str], subprocess.CompletedProcess[str]], arguments: list[str]) -> str:
    code = f"""
import sys
from bot.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    assert not end.code, end.code
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    return run(code).stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["documents"], ["documents", "--missing"], ["ask", QUESTION]]
)
def test_nothing_heavy_is_loaded_where_a_server_answers(
    served: Danvan, arguments: list[str]
) -> None:
    def run(code: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=ROOT, env=served.environ, capture_output=True, text=True, check=True
        )

    assert imported(run, arguments) == "[]"
