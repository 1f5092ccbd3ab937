"""What one person may ask in a while, and how wrong passwords are slowed down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from assistant.accounts import ACCOUNTS, Accounts
from assistant.archive import Archive
from assistant.serve.rates import Buckets
from assistant.serve.tries import LONGEST, TRIES, Tries
from assistant.settings import Settings
from assistant.web.app import application

from ..fakes import BagOfStems
from .program import fast_parts
from .serving import running
from .small_corpus import WORTH, write_home

PASSWORD = "correct horse battery"
SENTENCE = "3 requests a minute are answered to one person: try again in 20 seconds"


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


# ------------------------------------------------------------------ the parts


def test_a_bucket_holds_a_minutes_worth_and_fills_evenly() -> None:
    clock = Clock()
    buckets = Buckets(30, clock)
    assert [buckets.take("ada") for _ in range(30)] == [0.0] * 30
    assert [buckets.take("ada"), buckets.take("rita")] == [pytest.approx(2.0), 0.0]
    clock.now += 1.5
    assert buckets.take("ada") == pytest.approx(0.5)
    clock.now += 0.5
    assert [buckets.take("ada"), buckets.take("ada")] == [0.0, pytest.approx(2.0)]
    clock.now += 3600
    assert [buckets.take("ada") for _ in range(31)] == [0.0] * 30 + [pytest.approx(2.0)]


def test_a_small_bucket_takes_a_tenth_for_a_step_and_never_more_than_it_holds() -> None:
    buckets = Buckets(1, Clock())
    assert [buckets.take("ada", 0.1) for _ in range(10)] == [0.0] * 10
    assert buckets.take("ada", 0.1) == pytest.approx(6.0)
    assert buckets.take("rita", 5.0) == 0.0


def test_of_many_people_those_are_forgotten_who_were_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.serve.rates._MOST_KNOWN", 3)
    clock = Clock()
    buckets = Buckets(2, clock)
    for name in "abc":
        assert [buckets.take(name), buckets.take(name)] == [0.0, 0.0]
        clock.now += 1
    assert buckets.take("d") == 0.0  # nobody is quiet, so the first is forgotten
    assert sorted(buckets._left) == ["b", "c", "d"]
    assert buckets.take("b") > 0
    clock.now += 3600
    assert buckets.take("e") == 0.0
    assert sorted(buckets._left) == ["e"]


def test_nobody_is_forgotten_who_need_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.serve.rates._MOST_KNOWN", 6)
    clock = Clock()
    buckets = Buckets(1, clock)
    for name in "abcdef":
        assert buckets.take(name) == 0.0
        clock.now += 0 if name != "b" else 61
    assert buckets.take("g") == 0.0
    assert sorted(buckets._left) == ["c", "d", "e", "f", "g"]


def test_an_address_waits_twice_as_long_each_time_and_a_name_does_not() -> None:
    clock = Clock()
    tries = Tries(clock)
    waited = []
    for _ in range(6):
        for place, doubling in (("address", True), ("name", False)):
            for number in range(TRIES):
                assert tries.wait(place) == 0.0, number
                tries.failed(place, doubling=doubling)
        waited.append((tries.wait("address"), tries.wait("name")))
        clock.now += tries.wait("address")
    assert waited == [(60, 60), (120, 60), (240, 60), (480, 60), (900, 60), (900, 60)]
    clock.now += LONGEST
    for _ in range(TRIES):
        tries.failed("address", doubling=True)
    assert tries.wait("address") == 60


def test_wrong_passwords_far_apart_cost_no_wait() -> None:
    clock = Clock()
    tries = Tries(clock)
    for _ in range(3 * TRIES):
        tries.failed("name", doubling=True)
        clock.now += 20
    assert tries.wait("name") == 0.0


def test_places_without_wrong_passwords_are_forgotten() -> None:
    clock = Clock()
    tries = Tries(clock)
    for number in range(1000):
        tries.failed(f"name {number}", doubling=False)
    assert len(tries._seen) == 1000
    clock.now += LONGEST + 1
    tries.failed("address", doubling=True)
    assert sorted(tries._seen) == ["address"]


# ------------------------------------------------------------------ over HTTP


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = write_home(tmp_path_factory.mktemp("rates") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        settings = Settings(users="accounts", requests_per_minute=3)
        with Archive(home, settings, embedder=BagOfStems()) as opened:
            opened.sync()
            yield opened


@pytest.fixture(scope="module")
def tokens(archive: Archive) -> dict[str, list[str]]:
    accounts = Accounts(archive.home.state / ACCOUNTS)
    for name in ("ada", "rita"):
        accounts.add(name, "reader", PASSWORD)
    return {name: [accounts.new_token(name) for _ in range(2)] for name in ("ada", "rita")}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("assistant.serve.rates.Buckets.__init__.__defaults__", (made,))
    monkeypatch.setattr("assistant.serve.rates.RateLimit.__init__.__defaults__", (made,))
    return made


def test_an_account_has_one_bucket_for_all_its_tokens(
    archive: Archive, tokens: dict[str, list[str]], clock: Clock
) -> None:
    with running(application(archive, loopback_only=True)) as address:

        def asked(name: str, token: int, path: str = "/api/search?q=ferry") -> httpx.Response:
            sent = {"authorization": f"Bearer {tokens[name][token]}"}
            return httpx.get(address + path, headers=sent, timeout=30)

        assert [asked("ada", one).status_code for one in (0, 1, 0)] == [200, 200, 200]
        refused = asked("ada", 1)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "20")
        assert refused.json() == {"error": {"type": "TooMuch", "message": SENTENCE}}
        of_openai = asked("ada", 0, "/v1/models")
        assert of_openai.status_code == 429
        assert of_openai.json()["error"]["type"] == "rate_limit_error"
        assert asked("ada", 0, "/mcp").status_code == 429
        assert asked("ada", 0, "/healthz").status_code == 200
        assert "content-security-policy" in refused.headers
        assert asked("rita", 0).status_code == 200
        clock.now += 20
        assert [asked("ada", 0).status_code, asked("ada", 0).status_code] == [200, 429]


def test_the_page_says_it_in_a_sentence(
    archive: Archive, tokens: dict[str, list[str]], clock: Clock
) -> None:
    from .test_serve_users import call_of_the_page

    sent = {"authorization": f"Bearer {tokens['ada'][0]}"}
    with (
        running(application(archive, loopback_only=True)) as address,
        httpx.Client(base_url=address, headers=sent, timeout=30) as client,
    ):
        config = client.get("/config").json()
        (submit,) = [
            one["id"]
            for one in config["dependencies"]
            if one["targets"] and one["targets"][0][1] == "submit"
        ]
        named = {one["api_name"]: one["id"] for one in config["dependencies"]}
        said = [call_of_the_page(client, submit, [WORTH, [], "", "", ""], None) for _ in range(3)]
        assert ["18 million" in one for one in said] == [True, True, False]
        assert "3 requests a minute are answered to one person" in said[2]
        assert "try again in" in call_of_the_page(client, named["ask"], [WORTH, None], None)
        steps = {client.post("/gradio_api/component_server", json={}).status_code for _ in range(9)}
        assert 429 in steps


def test_without_accounts_this_machine_is_not_counted_and_others_are_by_their_network(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(archive, "settings", replace(archive.settings, users="off"))
    with running(application(archive, loopback_only=True)) as address:

        def asked(forwarded: str) -> int:
            headers = {"x-forwarded-for": forwarded} if forwarded else {}
            return httpx.get(f"{address}/v1/models", headers=headers, timeout=30).status_code

        assert {asked("") for _ in range(8)} == {200}
        assert [asked("198.51.100.4") for _ in range(4)] == [200, 200, 200, 429]
        # Whoever is behind the proxy can put words before it, and never in its place.
        assert asked("127.0.0.1, 198.51.100.4") == 429
        assert asked("198.51.100.5") == 200
        network = [asked(f"2001:db8:1:2::{number}") for number in range(1, 5)]
        assert network == [200, 200, 200, 429]
        assert asked("2001:db8:1:3::1") == 200


def test_nobody_is_counted_where_the_settings_say_so(
    archive: Archive, tokens: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(archive, "settings", replace(archive.settings, requests_per_minute=0))
    sent = {"authorization": f"Bearer {tokens['ada'][0]}"}
    with running(application(archive, loopback_only=True)) as address:
        statuses = {
            httpx.get(f"{address}/v1/models", headers=sent, timeout=30).status_code
            for _ in range(8)
        }
    assert statuses == {200}


def test_a_sign_in_waits_longer_each_time_and_is_told_how_long(
    archive: Archive, tokens: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Clock()
    monkeypatch.setattr("assistant.serve.tries.Tries.__init__.__defaults__", (made,))
    proxies = ("127.0.0.1",)
    with running(application(archive, loopback_only=True), proxies=proxies) as address:

        def tried(name: str, password: str, place: str = "198.51.100.9") -> httpx.Response:
            return httpx.post(
                f"{address}/login",
                data={"name": name, "password": password},
                headers={"x-forwarded-for": place},
                timeout=30,
            )

        for minutes, told in ((1, "a minute"), (2, "2 minutes")):
            statuses = [tried(f"nobody{n}{minutes}", "wrong").status_code for n in range(TRIES)]
            assert statuses == [401] * TRIES
            refused = tried("ada", PASSWORD)
            assert refused.status_code == 429
            assert refused.headers["retry-after"] == str(60 * minutes)
            assert f"Try again in {told}." in refused.text
            assert tried("ada", PASSWORD, "198.51.100.10").status_code == 303
            made.now += 60 * minutes
        assert tried("ada", PASSWORD).status_code == 303


def test_the_wait_and_the_proxies_are_settings(tmp_path: Path) -> None:
    from assistant.serve.api import proxies
    from assistant.settings import load_settings
    from corpus.errors import BadSettings

    file = tmp_path / "assistant.toml"
    file.write_text('requests_per_minute = 30\ntrusted_proxies = ["10.0.0.7"]\n', "utf-8")
    made = load_settings(file, {})
    assert (made.requests_per_minute, proxies(made)) == (30, ("10.0.0.7",))
    assert proxies(replace(made, users="header")) == ()
    with pytest.raises(BadSettings, match="whole number from 0 to"):
        load_settings(file, {"ASSISTANT_REQUESTS_PER_MINUTE": "-1"})
