"""``python -m index.make_references FOLDER``: torch's vectors of the reference texts, in base64."""

from __future__ import annotations

import base64
import sys

from index.model_files import Prefixes
from index.references import TEXTS
from index.sentence_transformer import SentenceTransformerEmbedder


def main() -> None:
    """Print the vectors as the last line; what a library prints may come before it."""
    vectors = SentenceTransformerEmbedder(sys.argv[1], prefixes=Prefixes()).embed(TEXTS)
    print(base64.b64encode(vectors.astype("<f4").tobytes()).decode())


if __name__ == "__main__":
    main()
