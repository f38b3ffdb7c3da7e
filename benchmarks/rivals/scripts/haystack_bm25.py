"""Haystack: BM25 over its in-memory document store."""

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure


def index(prepared: Prepared) -> Ask:
    store = InMemoryDocumentStore()
    store.write_documents(
        [Document(content=p.text, meta={"doc_id": p.doc_id}) for p in prepared.pieces]
    )
    retriever = InMemoryBM25Retriever(document_store=store, top_k=prepared.depth)

    def ask(question: str) -> list[str]:
        return [found.meta["doc_id"] for found in retriever.run(query=question)["documents"]]

    return ask


if __name__ == "__main__":
    measure(index)
