"""LangChain's tutorial "Build a semantic search engine", with Chroma as its vector store."""

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure

BATCH = 5000  # Chroma takes no more than 5,461 at once


class KnownVectors(Embeddings):
    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.prepared.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def index(prepared: Prepared) -> Ask:
    splits = [Document(p.text, metadata={"doc_id": p.doc_id}) for p in prepared.pieces]
    store = Chroma(collection_name="example_collection", embedding_function=KnownVectors(prepared))
    for start in range(0, len(splits), BATCH):
        store.add_documents(documents=splits[start : start + BATCH])

    def ask(question: str) -> list[str]:
        found = store.similarity_search(question, k=prepared.depth)
        return [document.metadata["doc_id"] for document in found]

    return ask


if __name__ == "__main__":
    measure(index)
