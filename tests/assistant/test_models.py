from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.llm_line import Line
from assistant.llm_servers import pieces
from assistant.llm_settings import LlmSettings
from assistant.models import LlamaIndexModel
from assistant.prompts import Prompt
from corpus.errors import LlmFailed
from corpus.extras import installing

from .llm_server import Step, serving

pytest.importorskip("llama_index.llms.openai_like", reason="the extra 'llm' is not installed")

PROMPT = Prompt("Be brief.", "What is it?", ())
KEY = "sk-very-secret-0123456789"


def settings(url: str, **values: object) -> LlmSettings:
    made: dict[str, object] = {"seconds": 20, "first_token_seconds": 20, **values}
    return LlmSettings("local", "openai-like", "tiny", url, **made)  # type: ignore[arg-type]


def self_signed(folder: Path) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the test's certificate, is not installed")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=llm.example", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def written(chosen: LlmSettings) -> str:
    return "".join(LlamaIndexModel(chosen).write(PROMPT))


def failure(chosen: LlmSettings) -> str:
    with pytest.raises(LlmFailed) as error:
        written(chosen)
    assert error.value.__cause__ is None
    return str(error.value)


def test_the_pieces_come_as_the_server_sends_them() -> None:
    with serving("It ", "is ", 0.4, "a ferry.") as server:
        pieces = [piece for piece in LlamaIndexModel(settings(server.url)).write(PROMPT) if piece]
    assert pieces == ["It ", "is ", "a ferry."]
    asked = server.requests[0]
    assert {key: asked[key] for key in ("model", "stream", "max_tokens", "temperature")} == {
        "model": "tiny",
        "stream": True,
        "max_tokens": 400,
        "temperature": 0.0,
    }
    assert [(one["role"], one["content"]) for one in asked["messages"]] == [
        ("system", "Be brief."),
        ("user", "What is it?"),
    ]


def test_closing_the_answer_ends_the_servers_work() -> None:
    with serving("It ", 30.0, "never") as server:
        pieces = LlamaIndexModel(settings(server.url)).write(PROMPT)
        assert next(piece for piece in pieces if piece) == "It "
        start = time.monotonic()
        pieces.close()
        assert server.gone.wait(5)
        assert time.monotonic() - start < 2
        assert server.written == 1


def test_an_answer_can_be_closed_before_anything_came() -> None:
    with serving(30.0) as server:
        pieces = LlamaIndexModel(settings(server.url)).write(PROMPT)
        while not server.requests:
            assert next(pieces) == ""
        pieces.close()
        assert server.gone.wait(5)


@pytest.mark.parametrize(
    ("script", "limits", "message"),
    [
        ((30.0,), {"first_token_seconds": 1}, "it did not begin within 1 seconds"),
        (("It ", 30.0), {"seconds": 2}, "it did not finish within 2 seconds"),
        (("It ", Step.BREAK), {}, "its answer broke off"),
        (("It is", Step.NO_END), {}, "its answer broke off"),
        (("It ", Step.GARBAGE), {}, "its answer broke off"),
        (("ferry " * 200,) * 60, {}, "it did not stop writing"),
    ],
    ids=["no token", "slow", "broken", "no end", "garbage", "endless"],
)
def test_an_answer_that_does_not_come_whole_fails(
    script: tuple[str | float | Step, ...], limits: dict[str, int], message: str
) -> None:
    with serving(*script) as server:
        start = time.monotonic()
        assert failure(settings(server.url, **limits)) == message
        assert time.monotonic() - start < 10


def test_a_slow_server_is_cut_off_when_its_time_is_up() -> None:
    with serving("It ", 30.0) as server:
        failure(settings(server.url, seconds=2))
        assert server.gone.wait(5)


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (401, "bad key", "it refused the key (HTTP 401): check LLM_TEST_KEY"),
        (
            404,
            "no such model",
            "its server knows no model 'tiny' at this address (HTTP 404): check model",
        ),
        (429, "slow down", "it is busy, or its quota is used up (HTTP 429): ask again later"),
        (
            400,
            "This model's maximum context length is 4096 tokens",
            "the passages did not fit its window (HTTP 400): lower context_tokens",
        ),
        (400, "no", "it did not accept the request (HTTP 400): check model and kind"),
        (500, "oops", "its server failed (HTTP 500): its log may say why"),
        (307, "go on", "its server points to another address (HTTP 307): check url"),
    ],
)
def test_each_refusal_says_what_to_do_and_never_the_key(
    status: int,
    error: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("LLM_TEST_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with serving(status=status, error=f"{error} {KEY}") as server:
        assert failure(settings(server.url, key_variable="LLM_TEST_KEY")) == message
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert len(server.requests) == 1, "a failed request is not repeated"
    ours = [one for one in caplog.records if one.name.startswith("assistant")]
    assert ours
    assert KEY not in "".join(one.getMessage() + str(one.exc_info) for one in ours)


def test_a_server_that_is_down_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    message = failure(settings(f"http://127.0.0.1:{port}/v1"))
    where = f"127.0.0.1:{port}"
    assert message == f"it could not be reached at {where}: check url, and that it is running"


def test_an_address_that_is_wrong_is_told_from_a_model_that_is_missing() -> None:
    with serving(status=404) as server:
        without = failure(settings(server.url.removesuffix("/v1")))
    assert without.endswith("check model, and url, which ends in /v1 with most servers")
    with serving(Step.PAGE) as server:
        where = server.url.removeprefix("http://").removesuffix("/v1")
        page = failure(settings(server.url))
        no_https = failure(settings(server.url.replace("http:", "https:")))
    assert page == f"what answers at {where} is no server of the kind openai-like: check url"
    assert no_https == f"{where} does not speak https: check whether url should begin with http://"
    nowhere = failure(settings("http://nowhere.invalid/v1"))
    assert nowhere == "there is no host of the name in nowhere.invalid: check url"


def test_a_certificate_that_is_not_trusted_is_told_and_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed(tmp_path)
    with serving("It is a ferry.", certificate=certificate, key=key) as server:
        assert failure(settings(server.url)) == (
            f"the certificate of {server.url.split('/')[2]} is not trusted here: name the file of "
            "the authority that signed it in SSL_CERT_FILE"
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert written(settings(server.url)) == "It is a ferry."


def test_a_model_that_thinks_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Step.THINK, "A ferry.") as server:
        assert list(pieces(settings(server.url), PROMPT, Line())) == ["", "A ferry."]

    def thinking(*_: object) -> Iterator[str]:
        yield ""
        time.sleep(1.3)
        yield "A ferry."

    monkeypatch.setattr("assistant.models.pieces_of", thinking)
    assert written(settings("http://127.0.0.1:1/v1", first_token_seconds=1)) == "A ferry."


def test_an_error_in_the_midst_of_an_answer_is_the_servers() -> None:
    with serving("It ", Step.ERROR) as server:
        assert failure(settings(server.url)) == (
            "its server failed while it wrote: its log may say why"
        )


def ran_out(chosen: LlmSettings) -> bool | None:
    pieces = LlamaIndexModel(chosen).write(PROMPT)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return bool(end.value)


def test_an_answer_that_its_length_ended_is_told_from_a_whole_one(anthropic: LlmSettings) -> None:
    with serving("It is a") as server:
        at_anthropic = replace(anthropic, url=server.url)
        assert not ran_out(settings(server.url))
        assert not ran_out(at_anthropic)
        server.end = "length"
        assert ran_out(settings(server.url))
        server.end = "max_tokens"
        assert ran_out(at_anthropic)


def test_a_key_that_is_missing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLM_TEST_KEY", raising=False)
    message = failure(settings("http://127.0.0.1:1/v1", key_variable="LLM_TEST_KEY"))
    assert message == "its key is missing: set LLM_TEST_KEY in the environment"


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    message = failure(settings("http://127.0.0.1:1/v1"))
    assert message == f"its package is not installed: {installing('llm')} does"


@pytest.fixture
def anthropic(monkeypatch: pytest.MonkeyPatch) -> LlmSettings:
    pytest.importorskip("llama_index.llms.anthropic", reason="it is not installed")
    monkeypatch.setenv("ANTHROPIC_TEST_KEY", KEY)
    return LlmSettings(
        "claude", "anthropic", "claude-sonnet-4-5", key_variable="ANTHROPIC_TEST_KEY"
    )


def test_anthropic_answers_piece_by_piece(anthropic: LlmSettings) -> None:
    with serving("It is ", "a ferry.") as server:
        chosen = replace(anthropic, url=server.url.removesuffix("/v1"))
        assert written(chosen) == "It is a ferry."
        # One that LlamaIndex does not know, and an address as other servers have it.
        assert written(replace(chosen, model="claude-to-come", url=server.url)) == "It is a ferry."
    assert server.headers[0].get("x-api-key", server.headers[0].get("X-Api-Key")) == KEY
    assert server.requests[0]["stream"] is True


def test_closing_an_answer_of_anthropics_ends_the_servers_work(anthropic: LlmSettings) -> None:
    with serving("It ", 30.0, "never") as server:
        pieces = LlamaIndexModel(replace(anthropic, url=server.url.removesuffix("/v1"))).write(
            PROMPT
        )
        assert next(piece for piece in pieces if piece) == "It "
        pieces.close()
        assert server.gone.wait(5)


def test_a_refusal_of_anthropics_says_what_to_do(anthropic: LlmSettings) -> None:
    with serving(status=401, error=KEY) as server:
        message = failure(replace(anthropic, url=server.url.removesuffix("/v1")))
    assert message == "it refused the key (HTTP 401): check ANTHROPIC_TEST_KEY"


def test_nothing_of_it_is_imported_by_the_archive(tmp_path: Path) -> None:
    import sys

    script = (
        "import sys, assistant.archive\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'openai', 'anthropic', 'httpx', 'httpx2'}))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_time_that_its_library_takes_to_load_is_not_the_models(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(_: LlmSettings) -> None:
        time.sleep(1.5)

    monkeypatch.setattr("assistant.models.load_library", slow)
    with serving("Yes.") as server:
        made = LlmSettings("m", "openai-like", "m", server.url, seconds=1, first_token_seconds=1)
        assert "".join(LlamaIndexModel(made).write(PROMPT)) == "Yes."
