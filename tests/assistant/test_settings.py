from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings, load_settings
from assistant.settings_in_use import settings_json
from corpus.errors import BadSettings

EVERYTHING = """\
model = "/models/other"
backend = "torch"
query_prefix = "query: "
passage_prefix = "passage: "
online = true
passages = 20
max_quotes = 2
max_file_mb = 5
host = "0.0.0.0"
port = 8000
examples = ["Who?", "When?"]
reranker = "/models/reranker"
keep_indexes = 2
database = "postgresql://archive@db/corpus"
keep_chats = false
chats_days = 90
users = "header"
users_header = "X-User"
trusted_proxies = ["10.0.0.7"]
vectors = "https://chroma.example"
vectors_tenant = "us"
vectors_database = "archive"
vectors_ca = "/tls/ca.pem"
vectors_timeout = 9
vectors_patience = 0
requests_per_minute = 30
tracing = true
documents = "s3://bucket/folder"
"""
RANGES = {
    "passages": (1, 100),
    "max_quotes": (1, 10),
    "max_file_mb": (1, 2000),
    "port": (0, 65535),
    "keep_indexes": (0, 5),
    "chats_days": (0, 36_500),
    "vectors_timeout": (1, 600),
    "vectors_patience": (0, 3600),
    "requests_per_minute": (0, 1_000_000),
}
KEYS = ", ".join(field.name for field in dataclasses.fields(Settings))


def settings_of(folder: Path, text: str, environment: dict[str, str] | None = None) -> Settings:
    file = folder / "assistant.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environment or {})


def refusal(folder: Path, text: str, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(BadSettings) as error:
        settings_of(folder, text, environment)
    message = str(error.value)
    assert "\n" not in message
    assert error.value.exit_code == 2
    return message.replace(str(folder / "assistant.toml"), "FILE")


def test_a_home_without_a_settings_file_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "assistant.toml", {}) == Settings(
        model="all-MiniLM-L6-v2",
        backend="auto",
        online=False,
        passages=10,
        max_quotes=3,
        max_file_mb=25,
        host="127.0.0.1",
        port=7860,
        examples=(),
        keep_indexes=1,
        keep_chats=True,
        chats_days=0,
        requests_per_minute=120,
        tracing=False,
    )


def test_the_file_sets_every_key(tmp_path: Path) -> None:
    assert settings_of(tmp_path, EVERYTHING) == Settings(
        "/models/other", "torch", "query: ", "passage: ", True, 20, 2, 5, "0.0.0.0", 8000,
        ("Who?", "When?"), "/models/reranker", keep_indexes=2,
        database="postgresql://archive@db/corpus", keep_chats=False, chats_days=90,
        users="header", users_header="X-User", trusted_proxies=("10.0.0.7",),
        vectors="https://chroma.example", vectors_tenant="us", vectors_database="archive",
        vectors_ca="/tls/ca.pem", vectors_timeout=9, vectors_patience=0,
        requests_per_minute=30, tracing=True,
        documents="s3://bucket/folder",
    )  # fmt: skip


def test_the_environment_sets_every_key_over_the_file(tmp_path: Path) -> None:
    environment = {
        "ASSISTANT_MODEL": "third",
        "ASSISTANT_BACKEND": "openvino",
        "ASSISTANT_QUERY_PREFIX": "q: ",
        "ASSISTANT_PASSAGE_PREFIX": "",
        "ASSISTANT_ONLINE": "0",
        "ASSISTANT_PASSAGES": "3",
        "ASSISTANT_MAX_QUOTES": "1",
        "ASSISTANT_DOCUMENTS": "/mnt/share",
        "ASSISTANT_MAX_FILE_MB": "7",
        "ASSISTANT_HOST": "::1",
        "ASSISTANT_PORT": "0",
        "ASSISTANT_EXAMPLES": "Where? | Why?|",
        "ASSISTANT_KEEP_INDEXES": "0",
        "ASSISTANT_DATABASE": "postgresql://db/corpus",
        "ASSISTANT_KEEP_CHATS": "1",
        "ASSISTANT_CHATS_DAYS": "7",
        "ASSISTANT_RERANKER": "none",
        "ASSISTANT_USERS": "accounts",
        "ASSISTANT_USERS_HEADER": "X-Who",
        "ASSISTANT_TRUSTED_PROXIES": "::1|10.0.0.8",
        "ASSISTANT_VECTORS": "embedded",
        "ASSISTANT_VECTORS_TENANT": "them",
        "ASSISTANT_VECTORS_DATABASE": "theirs",
        "ASSISTANT_VECTORS_CA": "",
        "ASSISTANT_VECTORS_TIMEOUT": "1",
        "ASSISTANT_VECTORS_PATIENCE": "3600",
        "ASSISTANT_VECTORS_HEADERS": "X-Not: a setting",
        "ASSISTANT_REQUESTS_PER_MINUTE": "0",
        "ASSISTANT_TRACING": "0",
        "ASSISTANT_HOME": "/not/a/setting",
        "UNRELATED": "x",
    }
    assert settings_of(tmp_path, EVERYTHING, environment) == Settings(
        "third",
        "openvino",
        "q: ",
        "",
        False,
        3,
        1,
        7,
        "::1",
        0,
        ("Where?", "Why?"),
        "none",
        keep_indexes=0,
        database="postgresql://db/corpus",
        keep_chats=True,
        chats_days=7,
        users="accounts",
        users_header="X-Who",
        trusted_proxies=("::1", "10.0.0.8"),
        vectors="embedded",
        vectors_tenant="them",
        vectors_database="theirs",
        vectors_ca="",
        vectors_timeout=1,
        vectors_patience=3600,
        requests_per_minute=0,
        tracing=False,
        documents="/mnt/share",
    )


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("True", True), ("1", True), ("false", False), ("0", False)]
)
def test_a_variable_says_true_or_false(tmp_path: Path, text: str, value: bool) -> None:
    assert settings_of(tmp_path, "", {"ASSISTANT_ONLINE": text}).online is value


@pytest.mark.parametrize(("key", "edge"), [(k, e) for k, edges in RANGES.items() for e in edges])
def test_both_ends_of_a_range_are_allowed(tmp_path: Path, key: str, edge: int) -> None:
    assert getattr(settings_of(tmp_path, f"{key} = {edge}\n"), key) == edge


@pytest.mark.parametrize("key", RANGES)
@pytest.mark.parametrize("wrong", ["low", "high", '"5"', "5.0", "true", "[5]"])
def test_a_number_out_of_range_or_of_another_type_is_refused(
    tmp_path: Path, key: str, wrong: str
) -> None:
    low, high = RANGES[key]
    written = {"low": str(low - 1), "high": str(high + 1)}.get(wrong, wrong)
    shown = {"true": "True", '"5"': "'5'"}.get(written, written)
    assert refusal(tmp_path, f"{key} = {written}\n") == (
        f"FILE: {key} is {shown}: write a whole number from {low} to {high}"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("model = 3", "FILE: model is 3: write a text in quotation marks"),
        ('model = " "', "FILE: model is ' ': write a text in quotation marks"),
        ("host = []", "FILE: host is []: write a text in quotation marks"),
        ('host = ""', "FILE: host is '': write a text in quotation marks"),
        ('online = "yes"', "FILE: online is 'yes': write true or false"),
        ("online = 1", "FILE: online is 1: write true or false"),
        (
            'examples = "Who?"',
            'FILE: examples is \'Who?\': write a list of texts, as in ["one", "two"]',
        ),
        (
            'examples = ["Who?", 3]',
            'FILE: examples is [\'Who?\', 3]: write a list of texts, as in ["one", "two"]',
        ),
        (
            'examples = [""]',
            'FILE: examples is [\'\']: write a list of texts, as in ["one", "two"]',
        ),
        (
            'database = "mysql://ada:secret@db/corpus"',
            'FILE: database: write "postgresql://user@host/name", or leave it out',
        ),
        ("colour = 1", f"FILE: colour: there is no such setting; there are {KEYS}"),
        ("[web]\nport = 1", f"FILE: web: there is no such setting; there are {KEYS}"),
        ("[port]\nnumber = 1", "FILE: port is {'number': 1}: write a whole number from 0 to 65535"),
    ],
)
def test_a_wrong_line_is_named_with_what_it_may_be(tmp_path: Path, line: str, message: str) -> None:
    assert refusal(tmp_path, line) == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ASSISTANT_ONLINE", "maybe", "ASSISTANT_ONLINE is 'maybe': write true or false"),
        (
            "ASSISTANT_PORT",
            "http",
            "ASSISTANT_PORT is 'http': write a whole number from 0 to 65535",
        ),
        ("ASSISTANT_PORT", "-1", "ASSISTANT_PORT is -1: write a whole number from 0 to 65535"),
        ("ASSISTANT_PORT", "--1", "ASSISTANT_PORT is '--1': write a whole number from 0 to 65535"),
        ("ASSISTANT_PORT", "", "ASSISTANT_PORT is '': write a whole number from 0 to 65535"),
        ("ASSISTANT_MODEL", "", "ASSISTANT_MODEL is '': write a text in quotation marks"),
        (
            "ASSISTANT_COLOUR",
            "1",
            f"ASSISTANT_COLOUR: there is no such setting; there are {KEYS}",
        ),
    ],
)
def test_a_wrong_variable_is_named_with_what_it_may_be(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    assert refusal(tmp_path, "", {name: value}) == message


@pytest.mark.parametrize("text", ["port = ", "port 7860", "port = 1\nport = 2", "= 1", "a = [1"])
def test_broken_toml_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith("FILE is not valid TOML (")
    assert message.endswith("): correct that line")


def test_a_settings_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    file.write_bytes(b'host = "\xff"')
    with pytest.raises(BadSettings, match=r"assistant\.toml is not valid TOML"):
        load_settings(file, {})


def test_a_models_folder_is_meant_from_the_home_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "models" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    file = home / "assistant.toml"
    file.write_text('model = "models/mine"\n')
    assert load_settings(file, {}).model == str(home.resolve() / "models" / "mine")
    file.write_text('model = "models/other"\n')
    assert load_settings(file, {}).model == "models/other", "a name that a hub may know"


def test_a_settings_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").mkdir()
    with pytest.raises(BadSettings, match=r"assistant\.toml could not be read \(Is a directory\)"):
        load_settings(tmp_path / "assistant.toml", {})


def test_an_error_in_the_file_is_not_hidden_by_a_variable(tmp_path: Path) -> None:
    assert refusal(tmp_path, "port = true", {"ASSISTANT_PORT": "1"}).startswith("FILE: port")


def test_every_key_is_tested_here() -> None:
    keys: list[Any] = [line.split(" = ")[0] for line in EVERYTHING.splitlines()]
    fields = [field.name for field in dataclasses.fields(Settings)]
    assert [*keys, "llm", "llms"] == fields, "those two are tested in test_models_settings.py"


def test_the_password_of_a_database_is_told_to_nobody() -> None:
    told = settings_json(
        Settings(database="postgresql://ada:secret@db:5433/corpus?sslmode=require")
    )
    assert told["database"] == "db:5433/corpus"
