"""A sentence-transformers model as an ONNX file with 8-bit weights; run in a process of its own.

    python -m rag.adapters.int8_export MODEL_FOLDER FILE

Torch and the model in float32 take a gigabyte for the ten seconds that this lasts; the process that
answers questions never loads them. Weights are quantised by output channel and kept to 7 bits,
without which processors that lack VNNI overflow in 16 bits: over 48 articles the mean cosine to
float32 is .996, with one scale for each matrix .982.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def export(folder: Path, file: Path) -> None:
    """Write the transformer of `folder` to `file`: token ids and mask in, token vectors out."""
    import torch
    from transformers import AutoModel

    class Transformer(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = AutoModel.from_pretrained(folder, local_files_only=True)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            told = self.model(input_ids=input_ids, attention_mask=attention_mask)
            vectors: torch.Tensor = told.last_hidden_state
            return vectors

    names = ["input_ids", "attention_mask"]
    ones = torch.ones((2, 8), dtype=torch.int64)
    axes = {name: {0: "texts", 1: "tokens"} for name in (*names, "vectors")}
    write_int8(Transformer().eval(), dict.fromkeys(names, ones), "vectors", axes, file)


def write_int8(
    model: torch.nn.Module,
    inputs: dict[str, torch.Tensor],
    output: str,
    axes: dict[str, dict[int, str]],
    file: Path,
) -> None:
    """Write a model to `file`: `inputs` are examples by name, `axes` names the dimensions that vary."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
        whole = Path(scratch, "float32.onnx")
        torch.onnx.export(
            model, tuple(inputs.values()), whole, input_names=list(inputs), output_names=[output],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        small = Path(scratch, "int8.onnx")
        quantize_dynamic(
            whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        small.replace(file)  # a killed export leaves nothing at its place


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
