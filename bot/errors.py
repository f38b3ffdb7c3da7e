"""What can go wrong at the edge, before or after the rooms below are asked.

EdgeError
├── BadRequestBody       the body is not the JSON that the route expects
├── BodyTooLarge         the body is longer than the route takes
├── WrongKey             the API key is missing or wrong
├── ManagementRefused    a management route was called without this machine's token
├── OriginRefused        a page of an origin that is not allowed
├── UnknownModel         a model that is not here was asked for
├── TextOnly             a message holds an image, a sound or a file
├── UnknownFilter        `filters.document_ids` names a document that is not in the library
├── UnknownConversation  a conversation that is to be deleted is not known
├── NotDeleted           the disk does not let us delete a conversation
├── TooManyQuestions     one person asks faster than the settings allow
├── TooBusy              too many askers wait at once
├── TelegramNotReady     an update came while Telegram is off or starting
├── AddressUnavailable   the host and port of the server can't be had
├── ServerProblem        the running server answered a command with a problem
└── ServerSilent         the running server broke off, or its answer can't be understood
"""

from __future__ import annotations


class EdgeError(Exception):
    """Base of this room; `detail` is for the log, `status` is the HTTP status."""

    status = 400

    def __init__(self, detail: str = "", *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class BadRequestBody(EdgeError):
    """The body is not JSON, not UTF-8, or nested too deep."""


class BodyTooLarge(EdgeError):
    """The body is longer than the route takes."""

    status = 413


class WrongKey(EdgeError):
    """`server.api_key` is set, and the request carries none or another."""

    status = 401


class ManagementRefused(EdgeError):
    """Documents and index are managed from this machine only, with the token of server.json."""

    status = 403


class OriginRefused(EdgeError):
    """The page that asks is of an origin that `server.allowed_origins` does not name."""

    status = 403


class UnknownModel(EdgeError):
    """A program that speaks OpenAI's protocol names a model that is not here."""

    status = 404


class TextOnly(EdgeError):
    """The question holds an image, a sound or a file; only text is read."""


class UnknownFilter(EdgeError):
    """A document id in the filter is not in the library."""

    status = 422


class UnknownConversation(EdgeError):
    """The conversation never existed, is expired, or was deleted."""

    status = 404


class NotDeleted(EdgeError):
    """The disk is full or can't be written; what was to be deleted is still there."""

    status = 503


class TooManyQuestions(EdgeError):
    """More than `server.questions_per_minute` from one person."""

    status = 429


class TooBusy(EdgeError):
    """More than `server.max_waiting` askers at once."""

    status = 503


class TelegramNotReady(EdgeError):
    """Telegram is switched off, or could not be started yet."""

    status = 503


class AddressUnavailable(EdgeError):
    """The address is in use by another program, or is not this machine's."""

    status = 500


class ServerProblem(EdgeError):
    """A command asked the server of its data folder; `detail` is the server's own sentence."""

    status = 502


class ServerSilent(EdgeError):
    """The server of the data folder went away in the middle, or is not a danvan server."""

    status = 502
