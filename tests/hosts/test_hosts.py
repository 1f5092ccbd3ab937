"""Processes of two hosts on one database: the command line, a kill, conversations and accounts."""

from __future__ import annotations

import datetime as dt
import json
import signal
from pathlib import Path
from typing import Self

import pytest

from assistant.accounts import ACCOUNTS, Accounts
from assistant.chats import CHATS, Chats
from assistant.home import Home
from assistant.kept import EVERYBODY, NewTurn
from corpus.errors import AccountsFailure, ChatsFailure

from ..assistant.program import ROOT, Ran, child, fast
from ..assistant.small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH, write_home
from ..assistant.test_processes import owning
from ..index.homes import texts
from ..postgres import Cluster
from ..waiting import wait_until
from .hosts import hits, host

TRAM = "Tram\n\nThe tram tunnel cost 7 million euros.\n"
PASSWORD = "correct horse"

KILLED = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from index.shared import cursor, folder, link, rows
from tests.hosts.hosts import Host
from tests.fakes import BagOfStems

def dies(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(link.StoreLink):
    def again(self, act):
        module, name = {{"begin": (rows, "write"), "mark": (rows, "new_mark"),
                        "done": (cursor, "write")}}[sys.argv[3]]
        setattr(module, name, dies)
        return act()

index = Host(Path(sys.argv[1]), BagOfStems()).join(sys.argv[2])
link.StoreLink.again = Dying.again
index.sync()
"""
"""Takes in what is in the folder, and is killed at a step of writing it to the database."""


def quotes(asked: Ran) -> set[str]:
    assert asked.code == 0, asked.err
    return {one["quote"] for one in json.loads(asked.out)["citations"]}


def joined_home(folder: Path, database: str, files: dict[str, str] | None = None) -> Home:
    home = write_home(folder, files)
    home.settings_file.write_text(f'database = "{database}"\n', "utf-8")
    return home


@pytest.mark.slow
@pytest.mark.parametrize("step", ["mark", "begin", "done"])
def test_a_writer_that_is_killed_leaves_all_or_nothing(
    tmp_path: Path, database: str, step: str
) -> None:
    one, two = host(tmp_path / "one"), host(tmp_path / "two")
    one.write("ferry.txt", "Ferry\n\nThe ferry crosses the harbour.\n")
    index = one.join(database)
    index.sync()
    index.close()
    one.write("ferry.txt", "Ferry\n\nThe ferry is out of order.\n")
    one.write("tram.txt", TRAM)
    process = child(KILLED, str(one.folder), database, step)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == -signal.SIGKILL
    there = two.join(database)
    is_done = step == "done"
    assert set(texts(there)) == ({"ferry", "tram"} if is_done else {"ferry"})
    before = len(one.embedder.embedded)
    again = one.join(database)
    assert texts(again) == texts(there)
    changes = again.sync()
    assert (changes.added, changes.updated) == (((), ()) if is_done else (("tram",), ("ferry",)))
    assert (len(one.embedder.embedded) == before) == is_done
    there.catch_up()
    assert texts(again) == texts(there)
    assert hits(again, "tram ferry") == hits(there, "tram ferry") != []
    assert again.is_sound(thorough=True)
    again.close()
    there.close()


@pytest.mark.slow
def test_commands_on_two_hosts_answer_from_one_corpus(tmp_path: Path, database: str) -> None:
    one = joined_home(tmp_path / "one", database)
    two = joined_home(tmp_path / "two", database, {})
    at_one, at_two = ("--home", str(one.root)), ("--home", str(two.root))
    with owning(one), owning(two):
        assert quotes(fast("ask", WORTH, "--json", *at_two)) == {FERRY_WORTH, COUNCIL_WORTH}
        tram = tmp_path / "tram.txt"
        tram.write_text(TRAM, "utf-8")
        assert fast("add", str(tram), *at_one).code == 0
        asking = ("ask", "How much did the tram tunnel cost?", "--json", *at_two)
        # Others follow within a second or so, not at once.
        wait_until(lambda: quotes(fast(*asking)) == {"The tram tunnel cost 7 million euros."})
        refused = fast("add", str(tram), *at_two)
        assert refused.code == 3
        assert "one/documents: change them there" in refused.err
    refused = fast("backup", str(tmp_path / "b.zip"), *at_one)
    assert (refused.code, "pg_dump" in refused.err) == (2, True)
    assert fast("sync", "--adopt", "--home", str(write_home(tmp_path / "alone").root)).code == 2


def test_who_is_known_is_known_on_while_the_database_is_away(
    tmp_path: Path, cluster: Cluster, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = Accounts(tmp_path / ACCOUNTS, database)
    chats = Chats(tmp_path / CHATS, database)
    accounts.add("ada", "reader", None)
    token = accounts.new_token("ada")
    ada = accounts.by_token(token)
    cluster.stop()
    try:
        assert accounts.by_token(token) == ada
        with pytest.raises(AccountsFailure, match="changed now: the database 127"):
            accounts.revoke(token.split("_")[1])
        with pytest.raises(ChatsFailure, match="neither kept nor read now: the database 127"):
            chats.list(EVERYBODY)
        monkeypatch.setattr("assistant.accounts_database.AWAY_SECONDS", 0.0)
        with pytest.raises(AccountsFailure):
            accounts.by_token(token)
    finally:
        cluster.start()
    assert chats.list(EVERYBODY) == ()
    accounts.revoke(token.split("_")[1])
    wait_until(lambda: accounts.by_token(token) is None)


def test_conversations_and_accounts_are_the_same_on_every_host(
    tmp_path: Path, database: str
) -> None:
    one = joined_home(tmp_path / "one", database, {})
    two = joined_home(tmp_path / "two", database, {})
    made = fast("users", "add", "ada", "--no-password", "--home", str(one.root))
    assert made.code == 0, made.err
    token = fast("users", "token", "ada", "--home", str(two.root)).out.strip()
    here, there = (Accounts(home.state / ACCOUNTS, database) for home in (one, two))
    ada = here.by_token(token)
    assert ada is not None
    assert there.by_token(token) == ada
    signed_in = here.session(ada)
    assert there.by_session(signed_in) == ada
    chats = Chats(one.state / CHATS, database)
    turn = NewTurn("What is it?", {"citations": []}, "shown", recipe="r", made_with={})
    chats.keep("1" * 32, ada.reader, turn)
    chats.close()
    elsewhere = Chats(two.state / CHATS, database)
    assert [one.title for one in elsewhere.list(ada.reader)] == ["What is it?"]
    assert elsewhere.list("0" * 64) == ()
    elsewhere.close()
    there.remove("ada")
    assert here.by_token(token) is None
    assert here.by_session(signed_in) is None
    assert not any(
        (home.state / name).exists() for home in (one, two) for name in (ACCOUNTS, CHATS)
    )
    wait_until(lambda: here.all() == ())


def test_a_host_whose_clock_is_ahead_deletes_no_conversation(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Self:
            return super().now(tz) + dt.timedelta(days=400)

    chats = Chats(tmp_path / CHATS, database)
    chats.keep("1" * 32, "0" * 64, NewTurn("What is it?", {"citations": []}, "shown", recipe="r"))
    with monkeypatch.context() as patched:
        patched.setattr(dt, "datetime", Ahead)
        assert chats.expire(30) == 0
    assert len(chats.list(EVERYBODY)) == 1
    chats.close()
