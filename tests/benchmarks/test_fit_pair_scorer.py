import torch

from benchmarks.fit_pair_scorer import DEPTH, unpacked
from rag.adapters.onnx_pair_scorer import LAYERS


def test_a_fit_can_go_on_from_the_layers_that_come_along() -> None:
    layers = unpacked(LAYERS)

    matrices = {n: w for n, w in layers.items() if n.endswith(".weight") and w.ndim == 2}
    assert len(matrices) == 6 * DEPTH + 1
    assert layers["outputs.weight"].shape == (2, 384)
    assert layers["transformer.encoder.layer.0.intermediate.dense.weight"].shape == (1536, 384)
    assert all(torch.isfinite(w).all() and w.std() > 0 for w in matrices.values())
