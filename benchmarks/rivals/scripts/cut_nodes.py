"""Articles into the nodes that LlamaIndex cuts by default: FILE in, FILE out."""

import json
import sys
from pathlib import Path

from llama_index.core import Document
from llama_index.core.node_parser import SentenceSplitter

from benchmarks.rivals.scripts.measured import read

source, target = sys.argv[1:]
articles = [Document(text=row["text"], id_=row["doc_id"]) for row in read(source)]
with Path(target).open("w", encoding="utf-8") as lines:
    for node in SentenceSplitter().get_nodes_from_documents(articles):
        row = {"doc_id": node.ref_doc_id, "text": node.get_content()}
        lines.write(json.dumps(row, ensure_ascii=False) + "\n")
