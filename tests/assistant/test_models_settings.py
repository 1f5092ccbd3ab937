from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from assistant.llm_settings import LlmSettings, chosen_llm
from assistant.settings import Settings, load_settings
from corpus.errors import BadSettings

FILE = """\
llm = "local"

[llms.local]
kind = "openai-like"
model = "llama3.2"
url = "http://127.0.0.1:11434/v1"
context_tokens = 8192
answer_tokens = 300
seconds = 90
first_token_seconds = 45
passages = 4

[llms.claude]
kind = "anthropic"
model = "claude-sonnet-4-5"
"""
LOCAL = LlmSettings(
    "local", "openai-like", "llama3.2", "http://127.0.0.1:11434/v1", "", 8192, 300, 90, 45, 4
)
CLAUDE = LlmSettings("claude", "anthropic", "claude-sonnet-4-5", key_variable="ANTHROPIC_API_KEY")


def loaded(folder: Path, text: str, **environment: str) -> Settings:
    file = folder / "assistant.toml"
    file.write_text(text, "utf-8")
    return load_settings(file, environment)


def refusal(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(BadSettings) as error:
        loaded(folder, text, **environment)
    assert error.value.exit_code == 2
    return str(error.value).replace(str(folder / "assistant.toml"), "FILE")


def test_a_file_names_models_and_one_of_them(tmp_path: Path) -> None:
    settings = loaded(tmp_path, FILE)
    assert (settings.llm, settings.llms) == ("local", {"local": LOCAL, "claude": CLAUDE})
    assert chosen_llm(settings.llm, settings.llms) == LOCAL


def test_the_environment_chooses_another_or_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, FILE, ASSISTANT_LLM="claude").llm == "claude"
    assert chosen_llm(loaded(tmp_path, FILE, ASSISTANT_LLM="none").llm, {}) is None
    assert chosen_llm(loaded(tmp_path, "").llm, {}) is None


def test_a_model_may_be_written_out() -> None:
    url = "http://127.0.0.1:8080/v1"
    assert chosen_llm(f"openai-like:qwen2.5:7b@{url}", {}) == LlmSettings(
        "openai-like:qwen2.5:7b", "openai-like", "qwen2.5:7b", url
    )
    assert chosen_llm("anthropic:claude-sonnet-4-5", {}) == dataclasses.replace(
        CLAUDE, name="anthropic:claude-sonnet-4-5"
    )


TABLE = '[llms.a]\nkind = "openai-like"\nmodel = "m"\nurl = "http://127.0.0.1:1/v1"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('llm = "other"\n' + TABLE,
         "there is no language model 'other'; there are none, a: name one that is there, or write "
         'it out, as in "openai-like:llama3.2@http://127.0.0.1:11434/v1"'),
        ("llms = 3", "FILE: llms is 3: write tables in the file, as in [llms.local]"),
        ("[llms]\na = 3", "FILE: llms.a is 3: write a table with kind, model and url"),
        (TABLE + "temperature = 1",
         "FILE: llms.a.temperature: there is no such setting; there are kind, model, url, "
         "key_variable, context_tokens, answer_tokens, seconds, first_token_seconds, passages"),
        (TABLE + "seconds = 0", "FILE: llms.a.seconds is 0: write a whole number from 1 to 3600"),
        (TABLE + "seconds = true",
         "FILE: llms.a.seconds is True: write a whole number from 1 to 3600"),
        ('[llms.a]\nkind = "gpt"',
         "FILE: llms.a.kind is 'gpt': write one of openai-like, anthropic"),
        ('[llms.a]\nkind = "openai-like"\nmodel = "m"\nurl = "http://a/v1/chat/completions"',
         "FILE: llms.a.url is 'http://a/v1/chat/completions': write it without /chat/completions, "
         'as in "openai-like:llama3.2@http://127.0.0.1:11434/v1"'),
        ('[llms.a]\nkind = "anthropic"',
         "FILE: llms.a lacks model: add it, as in "
         '"openai-like:llama3.2@http://127.0.0.1:11434/v1"'),
        ('[llms.a]\nkind = "openai-like"\nmodel = "m"',
         "FILE: llms.a lacks its server's address: add url, as in "
         '"openai-like:llama3.2@http://127.0.0.1:11434/v1"'),
        (TABLE.replace("http:", "ftp:"),
         "FILE: llms.a.url is 'ftp://127.0.0.1:1/v1': write an address of http or https, as in "
         '"openai-like:llama3.2@http://127.0.0.1:11434/v1"'),
        (TABLE + 'key_variable = "ASSISTANT_KEY"',
         "FILE: llms.a.key_variable is ASSISTANT_KEY: such variables are settings; use another "
         "name"),
        (TABLE + "answer_tokens = 3000",
         "FILE: llms.a.answer_tokens is 3000, more than half of context_tokens (4096): no passage "
         "would fit beside the answer"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text) == message


def test_a_key_that_was_put_into_the_file_is_not_repeated(tmp_path: Path) -> None:
    shown = refusal(tmp_path, TABLE + 'key_variable = "sk-12345-secret"')
    assert "sk-12345" not in shown
    assert "put the key into the environment" in shown
    shown = refusal(tmp_path, TABLE.replace("127.0.0.1", "user:pa55@127.0.0.1"))
    assert "pa55" not in shown
    assert "keep them out of the address" in shown


def test_tables_are_for_the_file(tmp_path: Path) -> None:
    shown = refusal(tmp_path, "", ASSISTANT_LLMS="x")
    assert shown == "ASSISTANT_LLMS is 'x': write tables in the file, as in [llms.local]"
