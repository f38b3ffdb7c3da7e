"""Telegram's rules for messages, as a test's server holds them (core.telegram.org/bots/api).

Stricter than the real one in one thing: a bare `&` is refused, so that forgotten escaping shows.
"""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

MAX_UNITS = 4096
MAX_RAW_BYTES = 32 * 1024
MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_ENTITIES = 100

TAGS = {
    *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a"),
    *("blockquote", "tg-spoiler"),
}
TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z][a-z0-9-]*)(?P<attributes>[^<>]*)>|(?P<bad><)|(?P<entity>&[^;\s]*;?)"
)
ENTITY = re.compile(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class Refused(Exception):
    """An answer with ok=false."""

    def __init__(
        self, description: str, code: int = 400, parameters: dict[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.description = description
        self.code = code
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def message_text(raw: str, parse_mode: str | None) -> str:
    """The text that is shown. Raises Refused."""
    if len(raw.encode("utf-8")) > MAX_RAW_BYTES:
        raise Refused("Bad Request: message is too long")
    text = (parse_html(raw) if parse_mode == "HTML" else raw).strip()
    if not text:
        raise Refused("Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MAX_UNITS:
        raise Refused("Bad Request: message is too long")
    return text


def parse_html(raw: str) -> str:
    """The words of Telegram's HTML. Raises Refused as the server words it."""
    words: list[str] = []
    open_tags: list[str] = []
    at = entities = 0
    for token in TOKEN.finditer(raw):
        words.append(raw[at : token.start()])
        at = token.end()
        if token["entity"]:
            words.append(_entity(token["entity"]))
        elif token["bad"]:
            raise _cannot_parse(f"unsupported start tag at byte offset {token.start()}")
        elif token["close"]:
            _close(open_tags, token["tag"])
        else:
            entities += 1
            _open(open_tags, token["tag"], token["attributes"])
    if open_tags:
        raise _cannot_parse(f'can\'t find end tag corresponding to start tag "{open_tags[-1]}"')
    if entities > MAX_ENTITIES:
        raise AssertionError("Telegram drops entities beyond the hundredth without a word")
    return "".join(words) + raw[at:]


def check_keyboard(markup: dict[str, Any] | None) -> None:
    """Raises Refused for a button that Telegram would not take."""
    buttons = [b for row in (markup or {}).get("inline_keyboard", []) for b in row]
    if len(buttons) > MAX_BUTTONS:
        raise Refused("Bad Request: reply markup is too long")
    for button in buttons:
        if not button["text"].strip():
            raise Refused("Bad Request: text buttons are unallowed in the inline keyboard")
        if ("url" in button) == ("callback_data" in button):
            raise Refused("Bad Request: inline keyboard button type is invalid")
        if "url" in button:
            _check_url(button["url"])
        elif not 1 <= len(button["callback_data"].encode("utf-8")) <= MAX_CALLBACK_BYTES:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")


def check_commands(commands: list[dict[str, str]]) -> bool:
    """Raises Refused for a menu that Telegram would not take."""
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    return len(commands) <= 100


def _open(open_tags: list[str], tag: str, attributes: str) -> None:
    if tag not in TAGS:
        raise _cannot_parse(f'unsupported start tag "{tag}"')
    if attributes.strip() and not (tag == "blockquote" and attributes == " expandable"):
        raise _cannot_parse(f'unexpected attributes of "{tag}"')
    if tag == "blockquote" and tag in open_tags:
        raise _cannot_parse("nested blockquotes are not allowed")
    open_tags.append(tag)


def _close(open_tags: list[str], tag: str) -> None:
    if not open_tags or open_tags.pop() != tag:
        raise _cannot_parse(f'unmatched end tag "{tag}"')


def _entity(entity: str) -> str:
    if not ENTITY.fullmatch(entity):
        raise _cannot_parse("unescaped &")
    return html.unescape(entity)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg") or "." not in (parts.hostname or ""):
        raise Refused(f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _cannot_parse(why: str) -> Refused:
    return Refused(f"Bad Request: can't parse entities: {why}")
