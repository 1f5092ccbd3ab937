"""Put this project's index into a LlamaIndex query engine.

Run it from the checkout after ``make setup``::

    .venv/bin/python examples/llamaindex_query_engine.py "Who fined Clearview?" --since 2024-01-01

LlamaIndex's query engine retrieves with our index, builds its prompt from our passages and hands it
to a language model. The model here is a stand-in that needs no key and no network: it answers with
the first sentence of the first passage in its prompt. Put a real one in its place, for instance
``OpenAILike(model=..., api_base=..., is_chat_model=True)`` from ``llama-index-llms-openai-like``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from typing import Any

from llama_index.core import get_response_synthesizer
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.connect import own
from assistant.home import find_home
from corpus.errors import ArchiveError
from index.llamaindex import IndexRetriever
from index.passages import Filters


class FirstSentence(CustomLLM):
    """A stand-in for a language model: it says the first sentence of the context it is given."""

    @property
    def metadata(self) -> LLMMetadata:
        """Return what LlamaIndex wants to know of a model."""
        return LLMMetadata(context_window=8192, num_output=256, model_name="first-sentence")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        """Answer a prompt that LlamaIndex has made of the passages and the question."""
        context = prompt.partition("---------------------\n")[2]
        # The metadata come first, a line each, then an empty line and the passage.
        passage = context.partition("\n\n")[2].strip()
        return CompletionResponse(text=re.split(r"(?<=[.!?])\s", passage, maxsplit=1)[0])

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        """Answer a prompt in one piece."""
        yield self.complete(prompt, formatted=formatted)


def main(question: str, *, k: int, filters: Filters) -> None:
    """Print LlamaIndex's answer to a question, and the passages that it was made from."""
    with own(find_home(), command="example") as (archive, _):
        archive.sync()
        llm = FirstSentence()
        engine = RetrieverQueryEngine(
            retriever=IndexRetriever(archive.index, k=k, filters=filters),
            response_synthesizer=get_response_synthesizer(llm=llm),
        )
        response = engine.query(question)
        print(f"{response}\n")
        for found in response.source_nodes:
            about = found.node.metadata
            print(f"{found.score:.2f}  {about['title']} ({about['source']}, {about['date']})")
            print(f"      {about['document_id']}, characters {about['start']}-{about['end']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("question", nargs="?", default="Who fined Clearview AI?")
    parser.add_argument("-k", type=int, default=3, help="passages, at most")
    parser.add_argument("--since", type=dt.date.fromisoformat, help="only documents dated so")
    parser.add_argument("--until", type=dt.date.fromisoformat)
    parser.add_argument("--source", action="append", default=[])
    parser.add_argument("--tag", action="append", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    chosen = Filters(given.since, given.until, tuple(given.source), tuple(given.tag))
    try:
        main(given.question, k=given.k, filters=chosen)
    except (ArchiveError, ValueError) as error:
        sys.exit(f"example: {error}")
