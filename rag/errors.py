"""What can go wrong between a question and its answer.

RagError
├── EmbedderUnavailable   the embedding model can't be loaded
├── RerankerUnavailable   the cross-encoder can't be loaded or used
├── PairScorerUnavailable the model that reads question and statement can't be loaded or used
├── EntailmentUnavailable the entailment model can't be loaded or used
├── IndexUnavailable      the index folder can't be opened or written
├── DataFolderBusy        another process owns the data folder
├── DataFolderUnwritable  no permission, or no room on the disk
├── BrokenAbbreviations   an office's own file of abbreviations can't be read
├── ChatModelUnavailable  the chat model is down, slow, or answers rubbish
└── InvalidQuestion       too long or empty
"""

from __future__ import annotations


class RagError(Exception):
    """Base of this room; `detail` is for the log and the operator, in English."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class EmbedderUnavailable(RagError):
    """The embedding model is missing or damaged."""


class RerankerUnavailable(RagError):
    """The cross-encoder is missing, damaged, or no model of relevance."""


class PairScorerUnavailable(RagError):
    """The model that reads question and statement together is missing, damaged, or failed to run."""


class EntailmentUnavailable(RagError):
    """The entailment model is missing, damaged, or has no label for entailment."""


class IndexUnavailable(RagError):
    """The index can't be opened or written."""


class DataFolderBusy(RagError):
    """Another process owns the data folder."""


class DataFolderUnwritable(RagError):
    """The data folder can't be written: no permission, or the disk is full."""


class BrokenAbbreviations(RagError):
    """An office's own abbreviations can't be read; `detail` names the file and the entry."""


class ChatModelUnavailable(RagError):
    """The chat model is down, slow, or its reply can't be used."""


class InvalidQuestion(RagError):
    """The question is empty or longer than 2,000 code points."""
