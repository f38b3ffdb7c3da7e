"""txtai: an Embeddings database, hybrid, over vectors of a function of our own."""

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure


def index(prepared: Prepared) -> Ask:
    def transform(texts: list[str]) -> NDArray[np.float32]:
        return prepared.embed(texts)

    embeddings = Embeddings(method="external", transform=transform, hybrid=True)
    embeddings.index([piece.text for piece in prepared.pieces])

    def ask(question: str) -> list[str]:
        found = embeddings.search(question, prepared.depth)
        return [prepared.pieces[place].doc_id for place, _ in found]

    return ask


if __name__ == "__main__":
    measure(index)
