"""HTML pages and the files they load. Everything that came from outside is escaped by Jinja."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import replies
from bot.citing import cited_by, cites, lacked, text_links
from bot.duty_body import KINDS
from bot.reading import Quote, blocks, contents
from bot.terminal import Measured
from corpus import validity
from corpus.duty import Duty
from corpus.duty_list import Wanted
from corpus.links import Links
from corpus.model import Document
from rag.evaluation_report import histogram

HERE = Path(__file__).parent
WIDGET = HERE / "widget"
QUOTE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")

SHORT = 3  # recipients that the facts of a document name

# Joined in this order into /widget.js: one file for the page that embeds it, no build step.
WIDGET_SCRIPTS = ("texts.js", "client.js", "render.js", "turn.js", "widget.js")


def home_page() -> str:
    return _render("home.html")


def documents_page(documents: Sequence[Document]) -> str:
    return _render("documents.html", documents=documents)


def missing_page(links: Links) -> str:
    """What documents cite and the library lacks."""
    return _render("missing.html", missing=lacked(links.missing))


def document_page(
    document: Document, asked_quote: str | None, links: Links, standing: str | None = None
) -> str:
    """The whole text; `asked_quote` is the `q=start-end` of a citation's address."""
    quote = read_quote(asked_quote, document)
    return _render(
        "document.html",
        standing=standing,
        document=document,
        blocks=list(blocks(document, quote, list(text_links(document, links)))),
        contents=contents(document),
        cites=cites(document, links),
        cited_by=cited_by(links.into(document)),
        notice=replies.QUOTE_MOVED if asked_quote and not quote else None,
    )


def duties_page(
    duties: Sequence[Duty], wanted: Wanted, documents: Sequence[Document], query: str
) -> str:
    """The duties that fit; `query` is that of the page's own address, for the calendar's."""
    return _render(
        "duties.html", duties=duties, wanted=wanted, documents=documents, kinds=KINDS, query=query
    )


def evaluation_page(
    name: str, summary: Sequence[Measured], rows: Sequence[Mapping[str, Any]], day: date
) -> str:
    """A measured run as one file: the measures, then every question, the misses of a kind first."""
    kinds = sorted({row["kind"] for row in rows})
    own = {k: sorted((r for r in rows if r["kind"] == k), key=lambda r: r["right"]) for k in kinds}
    answered = [row for row in rows if row["status"] == "answered"]
    plots = [
        ("Số từ của câu trả lời", histogram([row["words"] for row in answered])),
        ("Thời gian (ms)", histogram([row["ms"] for row in rows])),
    ]
    return _render(
        "evaluation.html",
        name=name,
        day=vietnamese_date(day.isoformat()),
        summary=summary,
        rows=rows,
        kinds=sorted(
            own.items(), key=lambda kind: sum(row["right"] for row in kind[1]) - len(kind[1])
        ),
        plots=plots,
    )


def error_page(status: int, detail: str) -> str:
    return _render("error.html", status=status, phrase=HTTPStatus(status).phrase, detail=detail)


def api_page(openapi: dict[str, Any]) -> str:
    """The OpenAPI description as a plain page."""
    return _render("api.html", api=openapi)


def read_quote(asked: str | None, document: Document) -> Quote:
    """`12-40` as a range of the document's text; None where it is no such range."""
    found = QUOTE.fullmatch(asked or "")
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(document.text) else None


@cache
def asset(name: str) -> tuple[bytes, str]:
    """The bytes of a file in `widget/` and their ETag; `widget.js` is put together."""
    data = _widget_script() if name == "widget.js" else (WIDGET / name).read_bytes()
    return data, f'"{hashlib.sha256(data).hexdigest()[:16]}"'


def _widget_script() -> bytes:
    style = json.dumps((WIDGET / "widget.css").read_text(encoding="utf-8"), ensure_ascii=False)
    scripts = [(WIDGET / name).read_text(encoding="utf-8") for name in WIDGET_SCRIPTS]
    body = "\n".join((f"const STYLE = {style};", *scripts))
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'.encode()


def _render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = code_in_backticks
    environment.filters["vn_date"] = vietnamese_date
    environment.filters["short"] = short_list
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False, indent=2)
    return environment


def code_in_backticks(text: str) -> Markup:
    """`like this` as <code>."""
    pieces = enumerate(text.split("`"))
    return Markup().join(Markup("<code>{}</code>").format(t) if n % 2 else t for n, t in pieces)


def short_list(names: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    more = f" và {len(names) - SHORT} nơi khác" if len(names) > SHORT else ""
    return "; ".join(names[:SHORT]) + more


def vietnamese_date(iso: str | None) -> str | None:
    """`2024-04-05` as `05/4/2024`; None stays None for a template's `or`."""
    return None if iso is None else validity.vietnamese_date(iso)
