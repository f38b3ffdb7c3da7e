"""What each command does; how it is typed is in `cli`, how it looks in `terminal`."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot import replies, terminal
from bot.clients import Client, Progress, open_client
from bot.errors import EdgeError, ServerProblem
from config.settings import Settings
from corpus.errors import CorpusError, DocumentTooLarge, UnreadableDocument
from rag.errors import EmbedderUnavailable, IndexUnavailable, InvalidQuestion, RagError

INDEXING = "Lập chỉ mục"
# Errors whose sentence says all; the detail of the others helps the operator.
SELF_EVIDENT = (InvalidQuestion, UnreadableDocument, DocumentTooLarge)
NEEDED = ("id", "question", "answerable", "kind")  # of a gold question
CORRECTIONS = ("number", "title", "kind", "issuer", "issued_on", "place")
SETTABLE = (*CORRECTIONS, "in_force_from", "in_force_until", "confirmed_on", "replaced_by")


class CommandFailed(Exception):
    """The command can't be done; the message is a Vietnamese sentence."""


def sentence(error: Exception) -> str:
    """One line for stderr. A server's problem is told in its own words."""
    if isinstance(error, ServerProblem):
        return error.detail
    if isinstance(error, CommandFailed):
        return str(error)
    line = replies.sentence_for(error)
    if isinstance(error, (CorpusError, RagError, EdgeError)):
        detail = "" if isinstance(error, SELF_EVIDENT) else error.detail
    else:
        detail = f"{type(error).__name__}: {error}"
    detail = " ".join(detail.split())
    return f"{line} ({detail[:300]})" if detail else line


def ask(settings: Settings, given: Namespace) -> int:
    question = _stdin() if given.question == "-" else given.question
    with open_client(settings) as client:
        _prepare(client)
        body = client.ask(question, given.document)
    if given.json:
        terminal.say_json(body)
    else:
        terminal.say_answer(body)
    return 0


def _stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")


def _prepare(client: Client) -> None:
    """Bring the index up to date, where no server does."""
    _indexed(client.prepare)


def _bring_up_to_date(client: Client) -> None:
    """After documents have changed, also where a server owns the index."""
    _indexed(lambda on_progress: client.index(False, on_progress))


def _indexed(work: Callable[[Progress], None]) -> None:
    """Without vectors, questions are still answered by their words."""
    try:
        with terminal.progress_bar(INDEXING) as on_progress:
            work(on_progress)
    except (EmbedderUnavailable, IndexUnavailable) as exc:
        terminal.warn(f"Lưu ý: chỉ tìm theo từ ngữ. {sentence(exc)}")


def serve(settings: Settings, given: Namespace) -> int:
    from bot.app import serve as run  # seconds of imports

    wanted = {"host": given.host, "port": given.port}
    changed = {name: value for name, value in wanted.items() if value is not None}
    server = settings.server.model_copy(update=changed)

    def on_ready(url: str) -> None:
        print(f"danvan đang chạy tại {url} (nhấn Ctrl+C để dừng)", flush=True)

    asyncio.run(run(settings.model_copy(update={"server": server}), on_ready))
    return 0


def index(settings: Settings, given: Namespace) -> int:
    with open_client(settings) as client:
        with terminal.progress_bar(INDEXING) as on_progress:
            client.index(given.rebuild, on_progress)
        health = client.health()
    for problem in health["problems"]:
        terminal.warn(f"Lưu ý: {problem}")
    terminal.say(
        f"Chỉ mục đã đủ: {health['documents']} văn bản, "
        f"{health['embedded']}/{health['passages']} đoạn."
    )
    return 0


def add(settings: Settings, given: Namespace) -> int:
    """One bad file doesn't stop the others; it makes the exit code 1."""
    paths, failed = _files(given.paths)
    corrections = _given(given, CORRECTIONS)
    if len(paths) > 1 and (corrections.keys() & {"number", "title"}):
        raise CommandFailed("--number và --title chỉ dùng được khi thêm một tệp.")
    if not paths:
        return 1
    with open_client(settings) as client:
        for path in paths:
            try:
                terminal.say_understood(client.add(path, corrections))
            except (CorpusError, ServerProblem, OSError) as exc:
                failed = True
                terminal.warn(f"{path}: {sentence(exc)}")
        _bring_up_to_date(client)
    return int(failed)


def _files(given: list[Path]) -> tuple[list[Path], bool]:
    """The files to take in, and whether one that was named is missing."""
    found: list[Path] = []
    failed = False
    for path in given:
        if path.is_dir():
            inside = list(_readable(path))
            failed |= not inside
            found += inside
            if not inside:
                terminal.warn(f"{path}: không có tệp nào thuộc loại đọc được.")
        elif path.is_file():
            found.append(path)
        else:
            failed = True
            terminal.warn(f"{path}: không có tệp hay thư mục này.")
    return list(dict.fromkeys(found)), failed


def _readable(folder: Path) -> Iterator[Path]:
    from corpus.readers.text import SUFFIXES

    for path in sorted(folder.rglob("*")):
        hidden = any(step.startswith(".") for step in path.relative_to(folder).parts)
        if hidden or not path.is_file():
            continue
        if path.suffix.lower() in SUFFIXES:
            yield path
        else:
            terminal.warn(f"{path}: bỏ qua, loại tệp chưa hỗ trợ.")


def _given(given: Namespace, names: Iterable[str]) -> dict[str, str]:
    """The options that were typed."""
    values = {name: getattr(given, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def documents(settings: Settings, given: Namespace) -> int:
    if given.missing:
        return _missing(settings, given)
    with open_client(settings) as client:
        found = client.documents()
    if given.json:
        terminal.say_json({"documents": found})
    else:
        terminal.say_documents(found)
    return 0


def _missing(settings: Settings, given: Namespace) -> int:
    with open_client(settings) as client:
        found = client.missing()
    if given.json:
        terminal.say_json({"missing": found})
    else:
        terminal.say_missing(found)
    return 0


def set_document(settings: Settings, given: Namespace) -> int:
    """An empty value takes a correction back."""
    typed = _given(given, SETTABLE)
    if not typed:
        raise CommandFailed("Chưa nêu thông tin cần sửa. Xem: danvan documents set --help")
    corrections = {name: value.strip() or None for name, value in typed.items()}
    with open_client(settings) as client:
        terminal.say_corrected(client.correct(given.id, corrections))
    return 0


def duties(settings: Settings, given: Namespace) -> int:
    if given.month and (given.first_day or given.last_day):
        raise CommandFailed("--month không dùng cùng với --from và --to.")
    first, last = given.month or (given.first_day, given.last_day)
    filters = {
        "document_id": given.document, "who": given.who, "kind": given.kind,
        "from": first, "to": last,
    }  # fmt: skip
    with open_client(settings) as client:
        found = client.duties({name: value for name, value in filters.items() if value})
    if given.json:
        terminal.say_json({"duties": found})
    else:
        terminal.say_duties(found)
    return 0


def remove(settings: Settings, given: Namespace) -> int:
    with open_client(settings) as client:
        client.remove(given.id)
    terminal.say(f"Đã xoá {given.id}")
    return 0


def eval_answers(settings: Settings, given: Namespace) -> int:
    from rag.evaluation import Judgement, report
    from rag.evaluation_report import row

    golds = _golds(given.questions, given.split)
    _prove_writable(given.html)
    judgements = []
    with open_client(settings) as client:
        _prepare(client)
        _warn_of_missing(golds, {document["source"] for document in client.documents()})
        text = cache(client.text)
        with terminal.progress_bar("Hỏi") as on_progress:
            for done, gold in enumerate(golds, 1):
                body = client.ask(gold["question"])
                cited = {citation["document"]["id"] for citation in body["citations"]}
                judgements.append(Judgement(gold, body, {one: text(one) for one in cited}))
                on_progress(done, len(golds))
    wrong = [j for j in judgements if not j.right]
    measures, rows = report(judgements), [row(j) for j in judgements]
    if given.html:
        _write_page(given.html, given.questions.name, measures, rows)
    if given.json:
        failures = [{"gold": j.gold, "body": j.body} for j in wrong]
        shown = {"failures": failures} if given.show_failures else {}
        terminal.say_json(measures | {"answers": rows} | shown)
        return 0
    terminal.say_report(measures)
    for judgement in wrong if given.show_failures else ():
        _say_failure(judgement.gold, judgement.body)
    return 0


def _write_page(
    path: Path, name: str, measures: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    from bot.pages import evaluation_page

    page = evaluation_page(name, terminal.measured(measures), rows, date.today())
    path.write_text(page, encoding="utf-8")


def _prove_writable(path: Path | None) -> None:
    """Before minutes of asking, not after them."""
    try:
        if path:
            path.touch()
    except OSError as exc:
        raise CommandFailed(f"Không ghi được {path} ({exc.strerror}).") from exc


def eval_compare(settings: Settings, given: Namespace) -> int:
    from rag.evaluation_report import compare

    changes = compare(_run(given.before), _run(given.after))
    if not changes["n"]:
        raise CommandFailed("Hai lần đo không có câu hỏi nào chung.")
    if given.json:
        terminal.say_json(changes)
    else:
        terminal.say_comparison(changes)
    return 0


def _run(path: Path) -> dict[str, dict[str, Any]]:
    from rag.evaluation_report import read_run

    try:
        return read_run(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as exc:
        told = f"{path} không phải là kết quả của “danvan eval answers --json” ({exc})."
        raise CommandFailed(told) from exc


def _golds(path: Path, split: str | None) -> list[dict[str, Any]]:
    from rag.evaluation import read_gold

    try:
        golds = read_gold(path)
    except (OSError, ValueError) as exc:
        raise CommandFailed(f"Không đọc được bộ câu hỏi {path} ({exc})") from exc
    for number, gold in enumerate(golds, 1):
        missing = [key for key in NEEDED if not isinstance(gold, dict) or key not in gold]
        if missing:
            raise CommandFailed(f"Bộ câu hỏi {path}: câu thứ {number} thiếu “{missing[0]}”.")
    chosen = [gold for gold in golds if split in (None, gold.get("split"))]
    if not chosen:
        raise CommandFailed(f"Bộ câu hỏi {path} không có câu nào phù hợp.")
    return chosen


def _warn_of_missing(golds: list[dict[str, Any]], sources: set[str]) -> None:
    """Without its documents a gold set measures nothing."""
    wanted = {source for gold in golds for source in gold.get("documents") or ()}
    if missing := sorted(wanted - sources):
        terminal.warn(f"Lưu ý: kho chưa có {len(missing)} văn bản của bộ này: {', '.join(missing)}")


def _say_failure(gold: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    wanted = "; ".join(" | ".join(group) for group in gold.get("facts") or ())
    terminal.say(f"\n{gold['id']} [{gold['kind']}] {gold['question']}")
    terminal.say(f"    cần:   {wanted if gold['answerable'] else 'từ chối'}")
    terminal.say(f"    {body['status']}: " + body["answer"].replace("\n", "\n    "))


@contextmanager
def _everything_kept() -> Iterator[None]:
    """All that is made meanwhile stays: the collector would walk it in vain, then and later."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def eval_retrieval(settings: Settings, given: Namespace) -> int:
    from rag.corpus_file import read_corpus, read_questions
    from rag.indexing import bring_up_to_date, snapshot
    from rag.retrieval_evaluation import rank, report
    from rag.wiring import open_corpus
    from rag.words import without_diacritics

    try:
        questions = read_questions(given.questions, given.limit_questions)
        if given.unaccented:
            questions = [replace(q, text=without_diacritics(q.text)) for q in questions]
        begun = time.perf_counter()
        with _everything_kept():
            corpus = read_corpus(given.corpus)
    except (OSError, ValueError, EOFError) as exc:
        raise CommandFailed(f"Không đọc được bộ đo ({exc})") from exc
    if not questions or not corpus.documents:
        raise CommandFailed("Bộ đo không có câu hỏi hoặc không có văn bản nào.")
    with _everything_kept():
        state = snapshot(corpus.documents, k1=settings.retrieval.k1, b=settings.retrieval.b)
    lexical_ready_s = time.perf_counter() - begun
    with open_corpus(settings, state.embedded.ids, given.lanes) as lanes:
        begun, embedded = time.perf_counter(), 0
        if "dense" in given.lanes:
            with terminal.progress_bar(INDEXING) as on_progress:
                embedded = bring_up_to_date(state, lanes.index, lanes.embedder, on_progress)
        embed_s = time.perf_counter() - begun
        with terminal.progress_bar("Hỏi") as on_progress:
            ranked = rank(questions, corpus, state, lanes.retriever, lanes.embedder, on_progress)
    measures = report(ranked) | {
        "lanes": list(given.lanes),
        "unaccented": given.unaccented,
        "units": len(corpus.doc_ids),
        "passages": len(state.passages),
        "lexical_ready_s": round(lexical_ready_s, 1),
        "embedded": embedded,  # in this run; the others were there
        "embed_s": round(embed_s, 1),
        "passages_per_s": round(embedded / embed_s, 1) if embedded else None,
        "fingerprint": lanes.fingerprint,
    }
    if given.json:
        terminal.say_json(measures)
    else:
        terminal.say_retrieval_report(measures)
    return 0
