"""The command `danvan`: how it is typed, its exit codes, and its last net for errors.

0 done, 1 it could not be done, 2 typed wrongly. Nothing heavy is imported here: `--help` and a
command that a running server answers must start at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
import warnings
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from config.settings import Settings, SettingsError

    Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

LANES = ("lexical", "dense")
# argparse's own words, which come in English.
WORDS = (
    ("usage: ", "Cách dùng: "),
    ("positional arguments:", "Tham số:"),
    ("options:", "Tuỳ chọn:"),
    ("show this help message and exit", "hiện phần trợ giúp này"),
    ("show program's version number and exit", "hiện số phiên bản"),
)
MISTAKES = (
    (r"the following arguments are required: (.*)", r"thiếu \1"),
    (r"unrecognized arguments: (.*)", r"không có tham số \1"),
    (r"argument (.*?): invalid choice: ('.*?') .*", r"\1 không nhận \2"),
    (r"argument (.*?): expected .* arguments?", r"\1 còn thiếu giá trị"),
    (r"argument (.*?): invalid \S+ value: ('.*?')", r"\1 không nhận \2"),
    (r"argument (.*?): (.*)", r"\1: \2"),
)


class Parser(argparse.ArgumentParser):
    """argparse in Vietnamese; a mistake is one line and exit code 2."""

    def format_help(self) -> str:
        text = super().format_help()
        for english, vietnamese in WORDS:
            text = text.replace(english, vietnamese)
        return text

    def error(self, message: str) -> NoReturn:
        for pattern, words in MISTAKES:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, words, message)
                break
        self.exit(2, f"danvan: chưa đúng cách dùng: {message}. Xem: {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    signal.signal(signal.SIGINT, _end_at_once)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        code = _run(parser().parse_args(arguments))
        sys.stdout.flush()
    except BrokenPipeError:  # `danvan documents | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 128 + signal.SIGPIPE
    sys.exit(code)


def _end_at_once(number: int, frame: FrameType | None) -> None:
    """Whatever was under way may be cut anywhere: the next run goes on from what is written."""
    if sys.stderr.isatty():
        os.write(2, b"\x1b[?25h\n")  # a progress bar hides the cursor
    os._exit(128 + number)


def _run(given: argparse.Namespace) -> int:
    from bot import commands
    from config.settings import SettingsError, load_settings

    debug = False
    try:
        settings = load_settings()
        debug = settings.logging.level == "DEBUG"
        if given.run != "serve":
            _hush(settings)
        command: Callable[[Settings, argparse.Namespace], int] = getattr(commands, given.run)
        return command(settings, given)
    except BrokenPipeError:
        raise
    except SettingsError as exc:
        print(f"danvan: {_wrong_setting(exc)}", file=sys.stderr)
    except Exception as exc:
        if debug:
            raise
        print(f"danvan: {commands.sentence(exc)}", file=sys.stderr)
    return 1


def _hush(settings: Settings) -> None:
    """Libraries' warnings are for the log of a server, not for who types a question."""
    if settings.logging.level == "DEBUG":
        logging.basicConfig(level=logging.DEBUG)
    else:
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")


def _wrong_setting(error: SettingsError) -> str:
    """The key is at the head of the message; pydantic's reasons are English."""
    key, _, reason = str(error).partition(": ")
    if reason.startswith("Extra inputs"):
        return f"Cấu hình chưa đúng: không có thiết lập nào tên “{key}”."
    return f"Cấu hình chưa đúng: giá trị của “{key}” không dùng được ({reason})."


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    from importlib.metadata import version

    top = Parser(prog="danvan", description="Trợ lý hỏi đáp văn bản của cơ quan.")
    top.add_argument("--version", action="version", version=f"danvan {version('danvan')}")
    commands = top.add_subparsers(metavar="LỆNH", required=True)
    _add_ask(commands)
    _add_serve(commands)
    _add_documents(commands)
    _add_duties(commands)
    _add_eval(commands)
    return top


def _command(commands: Commands, name: str, run: str, told: str) -> Parser:
    new = commands.add_parser(name, help=told, description=told)
    new.set_defaults(run=run)
    return new


def _add_ask(commands: Commands) -> None:
    ask = _command(commands, "ask", "ask", "Hỏi một câu, nhận câu trả lời kèm nguồn.")
    ask.add_argument("question", metavar="CÂU_HỎI", help="câu hỏi; “-” để đọc từ đầu vào chuẩn")
    ask.add_argument("--json", action="store_true", help="in nguyên phần trả lời dạng JSON")
    ask.add_argument(
        "--document", metavar="MÃ", action="append", default=[], help="chỉ tìm trong văn bản này"
    )


def _add_serve(commands: Commands) -> None:
    serve = _command(commands, "serve", "serve", "Chạy máy chủ: trang hỏi đáp, HTTP và Telegram.")
    serve.add_argument("--host", metavar="ĐỊA_CHỈ", help="mặc định 127.0.0.1: chỉ máy này")
    serve.add_argument("--port", metavar="CỔNG", type=_port, help="mặc định 8000")


def _add_documents(commands: Commands) -> None:
    index = _command(commands, "index", "index", "Cập nhật chỉ mục: chỉ tính lại phần đã thay đổi.")
    index.add_argument("--rebuild", action="store_true", help="lập lại từ đầu")
    add = _command(commands, "add", "add", "Thêm văn bản (tệp hoặc thư mục) vào kho.")
    add.add_argument("paths", metavar="ĐƯỜNG_DẪN", nargs="+", type=Path)
    add.add_argument("--number", metavar="SỐ", help="số ký hiệu, ví dụ 167/KH-SNNPTNT")
    add.add_argument("--title", metavar="TÊN", help="tên văn bản")
    add.add_argument("--kind", metavar="LOẠI", help="loại văn bản, ví dụ Kế hoạch")
    add.add_argument("--issuer", metavar="CƠ_QUAN", help="cơ quan ban hành")
    add.add_argument("--issued-on", metavar="NGÀY", type=_day, help="ngày ban hành, 18/01/2024")
    add.add_argument("--place", metavar="NƠI", help="địa phương")
    documents = _command(commands, "documents", "documents", "Liệt kê văn bản trong kho.")
    documents.add_argument("--json", action="store_true", help="in dạng JSON")
    documents.add_argument(
        "--missing", action="store_true", help="các văn bản được viện dẫn nhưng chưa có trong kho"
    )
    _add_set(documents.add_subparsers(metavar="VIỆC"))
    remove = _command(commands, "remove", "remove", "Xoá một văn bản đã thêm.")
    remove.add_argument("id", metavar="MÃ", help="mã văn bản, xem “danvan documents”")


def _add_set(commands: Commands) -> None:
    told = "Sửa thông tin của một văn bản; giá trị trống để bỏ phần đã sửa."
    change = _command(commands, "set", "set_document", told)
    change.add_argument("id", metavar="MÃ", help="mã văn bản, xem “danvan documents”")
    for name, metavar, help_text in (
        ("--number", "SỐ", "số ký hiệu"),
        ("--title", "TÊN", "tên văn bản"),
        ("--kind", "LOẠI", "loại văn bản"),
        ("--issuer", "CƠ_QUAN", "cơ quan ban hành"),
        ("--place", "NƠI", "địa phương"),
        ("--replaced-by", "SỐ", "số ký hiệu của văn bản thay thế"),
    ):
        change.add_argument(name, metavar=metavar, help=help_text)
    for name, help_text in (
        ("--issued-on", "ngày ban hành, 18/01/2024"),
        ("--in-force-from", "ngày bắt đầu có hiệu lực"),
        ("--in-force-until", "ngày cuối cùng còn hiệu lực"),
        ("--confirmed-on", "ngày có người xác nhận là còn hiệu lực"),
    ):
        change.add_argument(name, metavar="NGÀY", type=_day_or_nothing, help=help_text)


def _add_duties(commands: Commands) -> None:
    duties = _command(commands, "duties", "duties", "Liệt kê việc phải làm, chỉ tiêu và thời hạn.")
    duties.add_argument("--document", metavar="MÃ", help="chỉ trong văn bản này")
    duties.add_argument("--who", metavar="TÊN", help="người hoặc cơ quan làm; không dấu cũng được")
    duties.add_argument(
        "--kind",
        choices=("report", "deadline", "target", "task"),
        help="report: báo cáo; deadline: có thời hạn; target: chỉ tiêu; task: nhiệm vụ",
    )
    duties.add_argument(
        "--from", dest="first_day", metavar="NGÀY", type=_day, help="hạn từ ngày, 01/3/2026"
    )
    duties.add_argument("--to", dest="last_day", metavar="NGÀY", type=_day, help="hạn đến ngày")
    duties.add_argument("--month", metavar="THÁNG", type=_month, help="hạn trong tháng, 2026-03")
    duties.add_argument("--json", action="store_true", help="in dạng JSON")


def _add_eval(commands: Commands) -> None:
    told = "Đo chất lượng trên bộ câu hỏi có đáp án."
    kinds = commands.add_parser("eval", help=told, description=told)
    of = kinds.add_subparsers(metavar="LOẠI", required=True)
    answers = _command(of, "answers", "eval_answers", "Đo các câu trả lời.")
    answers.add_argument("--questions", metavar="TỆP", type=Path, required=True)
    answers.add_argument("--split", choices=("dev", "test"), help="chỉ lấy một nửa của bộ câu hỏi")
    answers.add_argument("--json", action="store_true", help="in dạng JSON, kèm từng câu trả lời")
    answers.add_argument(
        "--html", metavar="TỆP", type=Path, help="ghi một trang để đọc từng câu trả lời và nguồn"
    )
    answers.add_argument("--show-failures", action="store_true", help="in các câu chưa đúng")
    compare = _command(of, "compare", "eval_compare", "So sánh hai lần đo các câu trả lời.")
    compare.add_argument("before", metavar="TRƯỚC", type=Path, help="kết quả của --json lần trước")
    compare.add_argument("after", metavar="SAU", type=Path, help="kết quả của --json lần sau")
    compare.add_argument("--json", action="store_true", help="in dạng JSON")
    retrieval = _command(of, "retrieval", "eval_retrieval", "Đo việc tìm kiếm trên một kho bất kỳ.")
    retrieval.add_argument("--corpus", metavar="TỆP", type=Path, required=True)
    retrieval.add_argument("--questions", metavar="TỆP", type=Path, required=True)
    retrieval.add_argument(
        "--lanes",
        metavar="LÀN,…",
        type=_lanes,
        default=LANES,
        help="lexical (theo từ), dense (theo nghĩa); mặc định cả hai",
    )
    retrieval.add_argument("--unaccented", action="store_true", help="hỏi không dấu")
    retrieval.add_argument("--limit-questions", metavar="N", type=_count, help="chỉ lấy N câu đầu")
    retrieval.add_argument("--json", action="store_true", help="in dạng JSON")


def _lanes(text: str) -> tuple[str, ...]:
    wanted = set(text.split(","))
    if wanted <= set(LANES):
        return tuple(lane for lane in LANES if lane in wanted)
    raise argparse.ArgumentTypeError(f"các làn là {', '.join(LANES)}")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError("là một số nguyên dương")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("cổng là một số từ 0 đến 65535")


def _day(text: str) -> str:
    """18/01/2024 or 2024-01-18, kept as ISO."""
    try:
        found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
        day, month, year = map(int, found.groups()) if found else (0, 0, 0)
        return (date(year, month, day) if found else date.fromisoformat(text)).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” không phải là ngày (ví dụ 18/01/2024)"
        ) from None


def _day_or_nothing(text: str) -> str:
    return _day(text) if text.strip() else ""


def _month(text: str) -> tuple[str, str]:
    """2026-03 or 3/2026 as its first and last day, ISO."""
    found = re.fullmatch(r"(?P<y>\d{4})-(?P<m>\d{1,2})", text) or re.fullmatch(
        r"(?P<m>\d{1,2})/(?P<y>\d{4})", text
    )
    try:
        year, month = (int(found["y"]), int(found["m"])) if found else (0, 0)
        last = monthrange(year, month)[1]
        return date(year, month, 1).isoformat(), date(year, month, last).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” không phải là tháng (ví dụ 2026-03)") from None


if __name__ == "__main__":
    main()
