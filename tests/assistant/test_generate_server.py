"""Against a real OpenAI-compatible server: ``transformers serve`` with a tiny model of random
weights, made here. What it writes is noise, which is just what must not reach a reader."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.archive import Archive
from assistant.llm_settings import LlmSettings
from assistant.models import LlamaIndexModel
from assistant.prompts import Prompt
from assistant.settings import Settings

from ..fakes import BagOfStems
from .small_corpus import WORTH, write_home

NEEDED = ("transformers", "accelerate", "fastapi", "uvicorn", "openai")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


def make_model(folder: Path) -> None:
    """Write a Llama with two layers and random weights, which never ends by itself."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet
    )
    pieces.train_from_iterator(["The ferry contract is worth 18 million euros. "] * 9, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=pieces, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}assistant:"
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=16_384,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    model = LlamaForCausalLM(config)
    model.generation_config.eos_token_id = None
    model.save_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tiny")
    make_model(made)
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", program, "serve", str(folder), "--device", "cpu"]
    running = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 150
        while not is_up(address):
            assert running.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.25)
        yield f"{address}/v1", psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait(20)


def is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def settings(server: str, folder: Path, answer_tokens: int) -> LlmSettings:
    return LlmSettings(
        "tiny",
        "openai-like",
        str(folder),
        server,
        context_tokens=16_384,
        answer_tokens=answer_tokens,
        seconds=100,
        first_token_seconds=100,
    )


def work(process: psutil.Process, seconds: float) -> float:
    """Return how many seconds of a processor a server used in some time."""
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds)
    return float(sum(process.cpu_times()[:2]) - before)


def test_noise_from_a_real_server_leaves_the_quotes(
    server: tuple[str, psutil.Process], folder: Path, tmp_path: Path
) -> None:
    chosen = settings(server[0], folder, answer_tokens=60)
    named = Settings(llm="tiny", llms={"tiny": chosen})
    with Archive(write_home(tmp_path / "home"), named, BagOfStems()) as archive:
        archive.sync()
        answer = archive.ask(WORTH)
        plain = archive.ask(WORTH, llm="none")
    assert (answer.text, answer.citations) == (plain.text, plain.citations)
    assert answer.model == "extractive"
    assert answer.note.startswith("The language model tiny could not be used: ")
    # What it makes of nothing, by chance and without an end.
    reasons = ("nothing that it wrote stands", "returned nothing", "60 tokens were used up")
    assert any(reason in answer.note for reason in reasons)


def test_closing_ends_the_work_of_a_real_server(
    server: tuple[str, psutil.Process], folder: Path
) -> None:
    model = LlamaIndexModel(settings(server[0], folder, answer_tokens=8_000))
    pieces = model.write(Prompt("Be brief.", "Go on for ever.", ()))
    arrived = 0
    while arrived < 20:
        arrived += bool(next(pieces))
    assert work(server[1], 1.0) > 0.05, "it goes on although nobody reads"
    pieces.close()
    deadline = time.monotonic() + 10
    while (used := work(server[1], 1.0)) > 0.02 and time.monotonic() < deadline:
        pass
    assert used <= 0.02
