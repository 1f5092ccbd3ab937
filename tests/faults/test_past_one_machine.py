"""Two hosts, a database, a vector server and a proxy: each is killed in turn, and a cable pulled.

How the hosts are joined and what is said where is looked at one by one in ``tests/hosts`` and
``test_vector_server.py``. Here everything is there at once, each in a place of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.asking import ALONE
from assistant.vector_server import WITHOUT

from ..assistant.program import Ran
from ..assistant.small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH
from ..chroma_server import ChromaServer
from ..nginx import TOKEN
from ..postgres import binaries
from ..waiting import BUSY, wait_until
from .machines import Answer, Host, Machines, Part, machines

pytestmark = [pytest.mark.slow, pytest.mark.timeout(6 * BUSY)]  # 37 s of the processor

SECRETS = ("se/cret", "se%2Fcret", TOKEN, TOKEN.removeprefix("Bearer "))
BEGIN = ["council", "ferry", "library"]
CHAT = "c" * 32
FOLLOWS = "When does it end?"


@pytest.fixture
def team(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Machines]:
    programs = binaries()
    if programs is None:
        assert os.environ.get("CI") != "true", "PostgreSQL is not installed: see .ci/run"
        pytest.skip("PostgreSQL's server is not installed")
    with machines(tmp_path, programs) as team:
        with capsys.disabled():
            print(f"\n[past one machine: {team.net.kind}, {Path(team.proxy.command[0]).name}]")
        yield team


def document(folder: Path, thing: str, cost: int) -> str:
    file = folder / f"{thing}.txt"
    file.write_text(f"The {thing}\n\nThe {thing} costs {cost} euros.\n", encoding="utf-8")
    return str(file)


def added(host: Host, file: str) -> None:
    ran = host.run("add", file)
    assert (ran.code, ran.out) == (0, f"added {Path(file).stem}\n"), ran


def is_refused(ran: Ran, server: str) -> None:
    """A change is refused in one line that names the server and what to do."""
    assert (ran.code, ran.out) == (3, ""), ran
    assert ran.err.startswith(f"assistant: the {server}"), ran
    assert "cannot be reached" in ran.err
    assert "see that it runs" in ran.err
    assert len(ran.err.splitlines()) == 1
    keeps_secrets(ran.err)


def names(doctor: Ran, server: str) -> None:
    """The doctor says in a line which server is away, and what to do."""
    assert doctor.code == 1, doctor
    (line,) = [line for line in doctor.out.splitlines() if server in line]
    assert "cannot be reached" in line
    assert "tart it again" in line
    keeps_secrets(doctor.out + doctor.err)


def keeps_secrets(text: str) -> None:
    assert not any(secret in text for secret in SECRETS)


def both_answer(team: Machines, healthy: Answer, *, note: str = "") -> None:
    """Both hosts give the answer that they gave when all was well, and say what is not."""

    def told() -> bool:
        answers = team.ask(WORTH)
        assert answers[0].rest == answers[1].rest
        for answer in answers:
            assert answer.said == healthy.said
            keeps_secrets(answer.note)
        notes = [answer.note for answer in answers]
        return all(note in one for one in notes) if note else notes == ["", ""]

    wait_until(told, seconds=BUSY)


def all_have(team: Machines, ids: list[str]) -> None:
    """Both hosts, the database and the vector server have these documents, a passage each."""
    wait_until(lambda: team.one.ids() == team.two.ids() == sorted(ids), seconds=BUSY)
    assert team.in_database() == sorted(ids)
    wait_until(lambda: team.chroma.counts() == [len(ids), len(ids)], seconds=BUSY)


def shown(host: Host) -> Ran:
    """Show the conversation on a host."""
    ran = host.run("chats", "show", CHAT, "--json")
    assert ran.code == 0, ran
    return ran


def goes_on(host: Host, file: Path) -> None:
    """A conversation that another host began goes on at a host, which knows what it was about."""
    before = shown(host).out
    assert [turn["question"] for turn in json.loads(before)["turns"]] == [WORTH]
    file.write_text(before, "utf-8")
    ran = host.run("ask", FOLLOWS, "--history", str(file), "--json")
    answer = json.loads(ran.out)
    assert "Blue Wave Lines" in answer["searched"]
    assert answer["citations"]
    host.keep(CHAT, FOLLOWS, Answer("", answer))


def test_each_part_may_die_and_a_cable_be_pulled(team: Machines, tmp_path: Path) -> None:
    healthy, same = team.ask(WORTH)
    assert healthy == same
    assert healthy.quotes == [COUNCIL_WORTH, FERRY_WORTH]
    one_adds_and_the_other_knows(team, document(tmp_path, "tram", 7))

    without_vectors(team, team.chroma, team.one, healthy, document(tmp_path, "bus", 3))
    all_have(team, [*BEGIN, "tram", "bus"])
    without_vectors(team, team.proxy, team.two, healthy, document(tmp_path, "car", 9))
    all_have(team, [*BEGIN, "tram", "bus", "car"])
    without_the_database(team, healthy, document(tmp_path, "boat", 5))
    without_a_host(team, healthy, tmp_path / "chat.json")
    all_have(team, [*BEGIN, "tram", "car", "boat"])
    asked = [turn["question"] for turn in json.loads(shown(team.one).out)["turns"]]
    assert asked == [WORTH, FOLLOWS]

    without_a_cable(team, document(tmp_path, "cat", 19))
    all_have(team, [*BEGIN, "tram", "car", "boat", "cat"])
    both_answer(team, healthy)
    both_quote(team, "What does the cat cost?", "The cat costs 19 euros.")
    an_account_ends_everywhere(team)
    for host in (team.one, team.two):
        keeps_secrets(host.service.log.read_text("utf-8"))
        keeps_secrets((host.home.state / "assistant.log").read_text("utf-8"))
        doctor = host.run("doctor")
        assert doctor.code == 0, doctor


def both_quote(team: Machines, question: str, quote: str) -> Answer:
    """Both hosts give the same answer, which is one quote; return it."""
    here, there = team.ask(question)
    assert here == there
    assert there.quotes == [quote]
    return there


def one_adds_and_the_other_knows(team: Machines, tram: str) -> None:
    added(team.one, tram)
    all_have(team, [*BEGIN, "tram"])
    there = both_quote(team, "What does the tram cost?", "The tram costs 7 euros.")
    told = team.two.run("ask", "What does the tram cost?", "--json")
    assert json.loads(told.out)["citations"] == there.rest["citations"]


def without_vectors(
    team: Machines, part: ChromaServer | Part, host: Host, healthy: Answer, file: str
) -> None:
    """The vector server or its proxy dies: the answers are the same, and adding goes on."""
    part.kill()
    both_answer(team, healthy, note=WITHOUT)
    names(host.run("doctor"), team.vectors)
    added(host, file)
    part.start()


def without_the_database(team: Machines, healthy: Answer, boat: str) -> None:
    """It stops: both answer from their copies and change nothing, and go on when it is back."""
    team.cluster.stop("immediate")
    both_answer(team, healthy, note=ALONE)
    is_refused(team.one.run("add", boat), team.database)
    team.cluster.start()
    both_answer(team, healthy)
    added(team.one, boat)


def without_a_host(team: Machines, healthy: Answer, file: Path) -> None:
    """One is killed: the other goes on with its conversation, and what is removed meanwhile is
    gone when it is back."""
    team.one.keep(CHAT, WORTH, healthy)
    team.one.service.kill()
    goes_on(team.two, file)
    removed = team.two.run("remove", "bus")
    assert (removed.code, removed.out) == (0, "removed bus\n"), removed
    team.one.start()


def without_a_cable(team: Machines, cat: str) -> None:
    """One is cut off: it answers from what it had, says so, and changes nothing."""
    team.net.cut("two")
    added(team.one, cat)
    wait_until(lambda: ALONE in team.two.ask(WORTH).note, seconds=BUSY)
    behind = team.two.ask("What does the cat cost?")
    assert behind.rest["abstained"]
    assert WITHOUT in behind.note
    is_refused(team.two.run("remove", "tram"), team.database)
    team.net.restore("two")


def an_account_ends_everywhere(team: Machines) -> None:
    assert team.one.run("users", "remove", "ada").code == 0
    wait_until(lambda: not (team.one.lets_in() or team.two.lets_in()), seconds=BUSY)
