"""LlamaIndex: a VectorStoreIndex over a custom embedding, and its retriever."""

from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.schema import TextNode

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure


class KnownVectors(BaseEmbedding):
    _prepared: Prepared = PrivateAttr()

    def __init__(self, prepared: Prepared, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._prepared = prepared

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._prepared.vectors[query].tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_query_embedding(text)


def index(prepared: Prepared) -> Ask:
    nodes = [TextNode(text=piece.text, id_=str(n)) for n, piece in enumerate(prepared.pieces)]
    vectors = VectorStoreIndex(nodes, embed_model=KnownVectors(prepared))
    retriever = vectors.as_retriever(similarity_top_k=prepared.depth)

    def ask(question: str) -> list[str]:
        found = retriever.retrieve(question)
        return [prepared.pieces[int(hit.node.node_id)].doc_id for hit in found]

    return ask


if __name__ == "__main__":
    measure(index)
