"""Articles into the chunks of LangChain's tutorial: FILE in, FILE out."""

import json
import sys
from pathlib import Path

from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.rivals.scripts.measured import read

source, target = sys.argv[1:]
splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
articles = [Document(row["text"], metadata={"doc_id": row["doc_id"]}) for row in read(source)]
with Path(target).open("w", encoding="utf-8") as lines:
    for chunk in splitter.split_documents(articles):
        row = {"doc_id": chunk.metadata["doc_id"], "text": chunk.page_content}
        lines.write(json.dumps(row, ensure_ascii=False) + "\n")
