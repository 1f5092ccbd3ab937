"""The index: passages, embeddings, the catalogue, Chroma, and search over them."""
