"""bm25s as its README shows it, without the optional English stemmer."""

import bm25s

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure


def index(prepared: Prepared) -> Ask:
    tokens = bm25s.tokenize([piece.text for piece in prepared.pieces], stopwords="en")
    retriever = bm25s.BM25()
    retriever.index(tokens)

    def ask(question: str) -> list[str]:
        asked = bm25s.tokenize(question, show_progress=False)
        places, _ = retriever.retrieve(asked, k=prepared.depth, show_progress=False)
        return [prepared.pieces[place].doc_id for place in places[0]]

    return ask


if __name__ == "__main__":
    measure(index)
