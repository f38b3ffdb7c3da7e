"""Haystack's tutorial "Creating a hybrid retrieval pipeline", up to its cross-encoder.

The tutorial joins by concatenation, for a ranker orders what comes; without one the two lists are
joined by reciprocal rank fusion, the joiner's own mode for that.
"""

from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure


@component
class KnownVectors:
    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        return {"embedding": self.prepared.vectors[text].tolist()}


def stored(prepared: Prepared) -> InMemoryDocumentStore:
    store = InMemoryDocumentStore()
    store.write_documents(
        [
            Document(
                id=str(n),
                content=piece.text,
                meta={"doc_id": piece.doc_id},
                embedding=prepared.vectors[piece.text].tolist(),
            )
            for n, piece in enumerate(prepared.pieces)
        ]
    )
    return store


def index(prepared: Prepared) -> Ask:
    store, depth = stored(prepared), prepared.depth
    pipeline = Pipeline()
    pipeline.add_component("text_embedder", KnownVectors(prepared))
    pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(store, top_k=depth))
    pipeline.add_component("bm25_retriever", InMemoryBM25Retriever(store, top_k=depth))
    pipeline.add_component("document_joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("text_embedder", "embedding_retriever")
    pipeline.connect("bm25_retriever", "document_joiner")
    pipeline.connect("embedding_retriever", "document_joiner")

    def ask(question: str) -> list[str]:
        given = {"text_embedder": {"text": question}, "bm25_retriever": {"query": question}}
        found = pipeline.run(given)["document_joiner"]["documents"]
        return [document.meta["doc_id"] for document in found]

    return ask


if __name__ == "__main__":
    measure(index)
