"""A cross-encoder small enough to make in a test: a BERT of one layer over a few words.

Its weights are set, not trained: only ``LIKED`` and the mark at the beginning are seen, attention
looks at all words alike, and the classifier at one direction only, that of ``LIKED``. So a pair
scores higher the larger a share of its words that one is, and a test knows the order beforehand.
"""

from __future__ import annotations

from pathlib import Path

LIKED = "liked"
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", LIKED, "boat", "ferry", "the", "what", ".")


def make_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """Write a cross-encoder as sentence-transformers reads it; ``labels`` scores for a pair."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir(parents=True)
    size = 16
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=size,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=size,
        max_position_embeddings=128,
        num_labels=labels,
    )
    torch.manual_seed(0)
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        embeddings = model.bert.embeddings
        embeddings.LayerNorm.weight.fill_(1.0)
        word = embeddings.word_embeddings.weight
        for told in ("[CLS]", LIKED):
            word[WORDS.index(told), WORDS.index(told)] = 4.0
        layer = model.bert.encoder.layer[0]
        # Attention looks at all words alike, and hands on what they are; its output is added.
        layer.attention.self.value.weight.copy_(torch.eye(size))
        layer.attention.output.dense.weight.copy_(torch.eye(size) * 8)
        layer.attention.output.LayerNorm.weight.fill_(1.0)
        layer.output.LayerNorm.weight.fill_(1.0)
        model.bert.pooler.dense.weight.copy_(torch.eye(size) * 0.5)
        model.classifier.weight[:, WORDS.index(LIKED)] = 3.0
    model.eval()
    model.save_pretrained(folder)
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = BertTokenizerFast(vocab=vocabulary, do_lower_case=True)
    assert tokenizer.tokenize("Liked ferry") == ["liked", "ferry"]
    tokenizer.save_pretrained(folder)
    return folder
