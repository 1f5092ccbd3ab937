"""Programs of other people, unchanged: the ``openai`` client and ``gradio_client``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest

from assistant.answers import Answered, Said, Waiting, Withdrawn
from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.serve.completions import Chunks, completion, conversation
from assistant.web.app import application
from corpus.errors import BadQuestion

from .program import fast_parts
from .serving import running
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, NOWHERE, WORTH

MESSAGE = f"""{COUNCIL_WORTH} [1]

{FERRY_WORTH} [2]

Sources disagree: 21 million euros [1] (Council Gazette, 2 June 2024); 18 million euros [2] (The \
Harbour Post, 12 March 2024).

Sources:
[1] What the council paid for the ferry, Council Gazette, 2024-06-02
[2] Harbour ferry gets a new operator, The Harbour Post, 2024-03-12, \
https://harbour-post.example/ferry"""
ASKED: Any = [{"role": "user", "content": WORTH}]


@pytest.fixture(scope="module")
def address(_shared_archive: Archive) -> Iterator[str]:
    """The chat's own server, with page and service."""
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with running(application(_shared_archive, loopback_only=True)) as found:
            yield found


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as made:
        yield made


def test_the_openai_client_gets_a_message_with_its_sources(
    client: openai.OpenAI, shared_archive: Archive
) -> None:
    done = client.chat.completions.create(model="archive", messages=ASKED)
    assert done.choices[0].message.content == MESSAGE
    assert done.choices[0].finish_reason == "stop"
    (annotation,) = done.choices[0].message.annotations or []
    place = annotation.url_citation
    assert (place.title, place.url) == (
        "Harbour ferry gets a new operator",
        "https://harbour-post.example/ferry",
    )
    assert MESSAGE[place.start_index : place.end_index] == "[2]"
    told = (done.model_extra or {})["archive"]
    own = LocalClient(shared_archive).ask(WORTH)
    assert told["citations"] == own["citations"]


def test_the_openai_client_streams_the_same_message(client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model="archive", messages=ASKED, stream=True))
    said = [one.choices[0].delta.content or "" for one in chunks]
    assert "".join(said) == MESSAGE
    assert said[0] == f"{COUNCIL_WORTH} [1]"
    assert [one.choices[0].finish_reason for one in chunks] == [None] * (len(said) - 1) + ["stop"]
    assert chunks[0].choices[0].delta.role == "assistant"
    last = (chunks[-1].model_extra or {})["archive"]
    assert [one["quote"] for one in last["citations"]] == [COUNCIL_WORTH, FERRY_WORTH]
    assert len({one.id for one in chunks}) == 1


def test_the_openai_client_goes_on_with_a_conversation(client: openai.OpenAI) -> None:
    messages: Any = [
        {"role": "system", "content": "You are a pirate."},
        *ASKED,
        {"role": "assistant", "content": MESSAGE},
        {"role": "user", "content": [{"type": "text", "text": "When does it end?"}]},
    ]
    done = client.chat.completions.create(model="extractive", messages=messages, temperature=2)
    assert "31 March 2031" in (done.choices[0].message.content or "")


def test_the_openai_client_is_told_when_the_documents_do_not_say(client: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": NOWHERE}]
    done = client.chat.completions.create(model="archive", messages=messages)
    assert (done.model_extra or {})["archive"]["abstained"] is True
    assert done.choices[0].message.content == (done.model_extra or {})["archive"]["answer"]
    streamed = client.chat.completions.create(model="archive", messages=messages, stream=True)
    assert "".join(one.choices[0].delta.content or "" for one in streamed) == (
        done.choices[0].message.content
    )


def test_the_openai_client_lists_what_answers(client: openai.OpenAI) -> None:
    assert [one.id for one in client.models.list()] == ["archive", "extractive"]
    assert client.models.retrieve("archive").owned_by == "archive"


def test_the_openai_client_raises_its_own_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="there are archive, extractive"):
        client.chat.completions.create(model="gpt", messages=ASKED)
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.models.retrieve("gpt")
    unfinished: Any = [*ASKED, {"role": "assistant", "content": "Well,"}]
    for options in ({}, {"stream": True}):
        with pytest.raises(openai.BadRequestError, match="last message is not a user's"):
            client.chat.completions.create(model="archive", messages=unfinished, **options)
    with pytest.raises(openai.BadRequestError, match="response_format 'json_object'"):
        client.chat.completions.create(
            model="archive", messages=ASKED, response_format={"type": "json_object"}
        )
    with pytest.raises(openai.BadRequestError, match=r"messages: .*at least 1") as invalid:
        client.chat.completions.create(model="archive", messages=[])
    assert (invalid.value.type, invalid.value.code) == ("invalid_request_error", "BadRequest")


def test_a_conversation_is_its_pairs_of_question_and_answer() -> None:
    messages = [
        ("system", "Be brief."),
        ("user", "First?"),
        ("user", "Asked again?"),
        ("assistant", "So. [1]\n\nSources:\n[1] A"),
        ("user", "And then?"),
    ]
    question, turns = conversation(messages)
    assert question == "And then?"
    assert [(one.question, one.answer) for one in turns] == [("Asked again?", "So. [1]")]
    with pytest.raises(BadQuestion):
        conversation([("system", "Be brief.")])


def test_what_a_failing_llm_had_said_is_void(shared_archive: Archive) -> None:
    *_, last = shared_archive.stream(WORTH)
    assert isinstance(last, Answered)
    said = [Said(one.text, None) for one in last.answer.sentences]
    events = [Waiting("m"), Said("It is 99 euros."), Withdrawn(), *said, last]
    heard: list[object] = []
    whole = completion(events, "m", heard.append)
    assert heard == events
    content = whole["choices"][0]["message"]["content"]
    assert content.startswith(COUNCIL_WORTH)
    assert "99" not in content
    chunks = Chunks("m")
    told = "".join(
        one["choices"][0]["delta"].get("content", "")
        for event in events
        for one in chunks.of(event)
    )
    assert told.index("99") < told.index("what stands above is void") < told.index(COUNCIL_WORTH)


def test_gradios_own_client_asks_and_searches(address: str, shared_archive: Archive) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(address, verbose=False, analytics_enabled=False)
    assert set(client.view_api(print_info=False, return_format="dict")["named_endpoints"]) == {
        "/ask",
        "/search",
    }
    own = LocalClient(shared_archive)
    told = client.predict(WORTH, api_name="/ask")
    assert told["citations"] == own.ask(WORTH)["citations"]
    found = client.predict("ferry contract", 2, api_name="/search")
    assert found["hits"] == own.search("ferry contract", k=2)["hits"]
    with pytest.raises(AppError, match="the question is empty"):
        client.predict(" ", api_name="/ask")
    with pytest.raises(AppError, match="no language model"):
        client.predict(WORTH, "openai-like:m@http://127.0.0.1:9/v1", api_name="/ask")


def test_the_page_and_the_service_are_one_address(address: str) -> None:
    import httpx

    page = httpx.get(f"{address}/")
    assert page.headers["content-type"].startswith("text/html")
    assert "archive-reader" in page.headers["set-cookie"]
    assert httpx.get(f"{address}/healthz").headers.get("set-cookie") is None
    assert httpx.get(f"{address}/api/documents/ferry").json()["id"] == "ferry"
