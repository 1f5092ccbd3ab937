"""Put this project's index into a LlamaIndex query engine.

Run it from the checkout after ``make setup``::

    .venv/bin/python examples/llamaindex_query_engine.py "Who fined Clearview AI?"

No language model is used here: the synthesizer returns the passages themselves, and LlamaIndex's
stand-in keeps it from asking for a key. Set ``Settings.llm`` to a model of yours and leave out the
response mode to have an answer written from the passages.
"""

from __future__ import annotations

import sys

from llama_index.core import Settings, get_response_synthesizer
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode

from assistant.connect import own
from assistant.home import find_home
from index.llamaindex import IndexRetriever


def main(question: str) -> None:
    """Print the passages that LlamaIndex gets for a question, with their places."""
    Settings.llm = MockLLM()
    with own(find_home(), command="example") as (archive, _):
        archive.sync()
        engine = RetrieverQueryEngine(
            retriever=IndexRetriever(archive.index, k=3),
            response_synthesizer=get_response_synthesizer(response_mode=ResponseMode.NO_TEXT),
        )
        for found in engine.query(question).source_nodes:
            print(f"{found.score:.2f}  {found.node.node_id}")
            print(f"      {found.node.metadata['title']}\n")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "Who fined Clearview AI?")
