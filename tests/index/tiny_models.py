"""Embedding models of a few thousand random weights, made for a test in a second."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path

_LETTERS = list(string.ascii_lowercase + string.digits)
_PIECES = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *".,?:;!'\"-%",
    *_LETTERS,
    *("##" + letter for letter in _LETTERS),
]


def make_model(
    folder: Path,
    *,
    kind: str = "bert",
    pooling: str = "mean",
    prompts: Mapping[str, str] | None = None,
    reads: int = 128,
    seed: int = 0,
) -> Path:
    """Save a sentence-transformers model with random weights, and return its folder.

    ``kind`` is ``"bert"`` or ``"distilbert"``, which no graph of ours runs. It reads letters, and
    ``reads`` of them.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    torch.manual_seed(seed)
    network = _network(kind, reads)
    plain = folder.with_name(folder.name + "-plain")
    network.save_pretrained(plain)
    _tokenizer(reads).save_pretrained(plain)
    modules = [
        Transformer(str(plain), max_seq_length=reads),
        Pooling(32, pooling_mode=pooling),
        Normalize(),
    ]
    SentenceTransformer(modules=modules, prompts=dict(prompts or {})).save(str(folder))
    return folder


def _network(kind: str, reads: int):  # type: ignore[no-untyped-def]
    import transformers

    common = {
        "vocab_size": len(_PIECES),
        "max_position_embeddings": reads,
        "initializer_range": 0.3,
    }
    if kind == "bert":
        return transformers.BertModel(
            transformers.BertConfig(
                **common,
                hidden_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                intermediate_size=64,
            )
        )
    return transformers.DistilBertModel(
        transformers.DistilBertConfig(**common, dim=32, n_layers=2, n_heads=2, hidden_dim=64)
    )


def _tokenizer(reads: int):  # type: ignore[no-untyped-def]
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    ids = {piece: number for number, piece in enumerate(_PIECES)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=reads,
    )
