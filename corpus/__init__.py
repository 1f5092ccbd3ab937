"""The corpus: a folder of documents that people curate, read into clean, described text."""
