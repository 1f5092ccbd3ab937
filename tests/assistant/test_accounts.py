"""Accounts as they are kept, and the commands that give them out."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path

import pytest

from assistant.accounts import ACCOUNTS, SESSION_SECONDS, Accounts
from assistant.home import Home
from assistant.passwords import is_right
from corpus.errors import AccountsFailure, UnknownAccount, UsageError

from .conftest import Command, json_of

PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    made = Accounts(tmp_path / ACCOUNTS)
    made.add("anne", "curator", PASSWORD)
    made.add("bo", "reader", None)
    return made


@pytest.fixture(params=["file", "database"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Accounts:
    """Accounts in a file, and in a database that hosts share."""
    address = request.getfixturevalue("database") if request.param == "database" else ""
    made = Accounts(tmp_path / ACCOUNTS, address)
    made.add("anne", "curator", PASSWORD)
    made.add("bo", "reader", None)
    return made


def test_a_password_fits_its_account_only(either: Accounts) -> None:
    anne = either.by_password("anne", PASSWORD)
    assert anne is not None
    assert (anne.name, anne.role) == ("anne", "curator")
    for name, given in (("anne", "wrong horse battery"), ("bo", ""), ("bo", PASSWORD), ("cy", "")):
        assert either.by_password(name, given) is None


def test_nothing_that_signs_in_is_in_the_file(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.new_token("bo")
    text = (tmp_path / ACCOUNTS).read_text("utf-8")
    assert "$argon2id$" in text
    assert PASSWORD not in text
    assert token.rpartition("_")[2] not in text
    assert stat.S_IMODE((tmp_path / ACCOUNTS).stat().st_mode) == 0o600


def test_a_token_stands_for_its_account_until_it_is_revoked(either: Accounts) -> None:
    token, other = either.new_token("bo"), either.new_token("bo")
    bo = either.by_token(token)
    assert bo is not None
    assert bo.name == "bo"
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert [either.by_token(one) for one in (wrong, "", "archive_x_y")] == [None, None, None]
    either.revoke(token.split("_")[1])
    assert either.by_token(token) is None
    assert either.by_token(other) == bo
    with pytest.raises(UnknownAccount):
        either.revoke("00000000")


def test_a_session_that_was_signed_out_of_is_worth_nothing_and_the_others_go_on(
    either: Accounts,
) -> None:
    anne = either.by_password("anne", PASSWORD)
    assert anne is not None
    here, there = either.session(anne), either.session(anne)
    either.end_session(here)
    assert (either.by_session(here), either.by_session(there)) == (None, anne)
    for _ in range(2):
        either.end_session(here)
        either.end_session("anne:9999999999:00:00")
    (kept,) = [one for one in either.all() if one.name == "anne"]
    assert len(kept.ended) == 1


def test_of_sessions_signed_out_of_no_more_are_kept_than_count(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.accounts.MOST_ENDED", 2)

    def ended() -> int:
        return len(next(one for one in accounts.all() if one.name == "anne").ended)

    anne = accounts.by_password("anne", PASSWORD)
    assert anne is not None
    left = accounts.session(anne)
    for number in (1, 2):
        accounts.end_session(accounts.session(anne))
        assert (ended(), accounts.by_session(left)) == (number, anne)
    later = time.time() + 2 * SESSION_SECONDS
    with monkeypatch.context() as patch:  # those are forgotten that time has ended
        patch.setattr("assistant.accounts.time.time", lambda: later)
        new = accounts.session(anne)
        accounts.end_session(new)
        assert (ended(), accounts.by_session(new)) == (1, None)
    for _ in range(2):
        accounts.end_session(accounts.session(anne))
    assert (ended(), accounts.by_session(left)) == (0, None)  # one too many: all ended


def test_a_session_ends_with_its_time_its_password_and_its_account(
    either: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = either.by_password("anne", PASSWORD)
    assert anne is not None
    session = either.session(anne)
    assert either.by_session(session) == anne
    name, until, mark, signature = session.split(":")
    forged = (
        f"bo:{until}:{mark}:{signature}",
        f"{name}:{int(until) + 1}:{mark}:{signature}",
        f"{name}:{until}:{'0' * 16}:{signature}",
        f"{name}:{until}:{signature}",
        *("", "a:b", ":::", f"{name}:{until}:{mark}:", f"{name}:x:{mark}:{signature}"),
    )
    assert [either.by_session(one) for one in forged] == [None] * len(forged)
    later = time.time() + SESSION_SECONDS + 1
    with monkeypatch.context() as patch:
        patch.setattr("assistant.accounts.time.time", lambda: later)
        assert either.by_session(session) is None
    either.set_role("anne", "reader")
    changed = either.by_session(session)
    assert changed is not None
    assert changed.role == "reader"
    either.set_password("anne", "another long password")
    assert either.by_session(session) is None


def test_a_new_account_of_an_old_name_is_somebody_else(either: Accounts) -> None:
    before = either.by_password("anne", PASSWORD)
    assert before is not None
    session = either.session(before)
    either.remove("anne")
    assert either.by_password("anne", PASSWORD) is None
    either.add("anne", "reader", PASSWORD)
    after = either.by_password("anne", PASSWORD)
    assert after is not None
    assert after.reader != before.reader
    assert either.by_session(session) is None


def test_another_process_changes_are_followed(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.new_token("bo")
    other = Accounts(tmp_path / ACCOUNTS)
    assert other.by_token(token) is not None
    accounts.remove("bo")
    assert other.by_token(token) is None


@pytest.mark.parametrize(
    ("name", "role", "password", "said"),
    [
        ("a b", "reader", None, "cannot be an account's name"),
        ("a:b", "reader", None, "cannot be an account's name"),
        ("", "reader", None, "cannot be an account's name"),
        ("cy", "boss", None, "there are reader, curator, admin"),
        ("cy", "reader", "short", "has 5 characters: take 10"),
        ("anne", "reader", None, "there is an account anne already"),
    ],
)
def test_what_cannot_be_an_account(
    either: Accounts, name: str, role: str, password: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        either.add(name, role, password)
    assert [one.name for one in either.all()] == ["anne", "bo"]


@pytest.mark.parametrize("text", ["{", "[]", '{"secret": "", "accounts": [{}]}'])
def test_a_damaged_file_lets_nobody_in_and_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    file = tmp_path / ACCOUNTS
    file.write_text(text, "utf-8")
    with pytest.raises(AccountsFailure, match="move it away"):
        Accounts(file).by_password("anne", PASSWORD)
    with pytest.raises(AccountsFailure):
        Accounts(file).add("cy", "reader", None)
    assert file.read_text("utf-8") == text


def test_the_commands_give_out_accounts(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    def run(*arguments: str, typed: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        ran = command("users", *arguments, "--home", str(home.root))
        assert (ran.code, ran.err) == (0, "")
        return ran.out

    run("add", "anne", "--role", "admin", "--password-stdin", typed=f"{PASSWORD}\n")
    run("add", "bo", "--no-password")
    token = run("token", "bo").strip()
    kept = Accounts(home.state / ACCOUNTS)
    bo = kept.by_token(token)
    assert bo is not None
    assert bo.role == "reader"
    run("role", "bo", "curator")
    run("password", "anne", "--password-stdin", typed="something else\n")
    assert kept.by_password("anne", "something else") is not None
    listed = json.loads(run("list", "--json"))
    token_id = token.split("_")[1]
    assert [(one["name"], one["role"], one["password"]) for one in listed] == [
        ("anne", "admin", True),
        ("bo", "curator", False),
    ]
    assert [one["id"] for one in listed[1]["tokens"]] == [token_id]
    assert token_id in run("list")
    assert token not in run("list")
    run("revoke", token_id)
    run("remove", "anne")
    assert [
        one["name"] for one in json_of(command("users", "list", "--json", "--home", str(home.root)))
    ] == ["bo"]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    untyped = command("users", "add", "cy", "--home", str(home.root))
    assert (untyped.code, "add --password-stdin" in untyped.err) == (2, True)


def test_no_password_is_right_where_none_is_kept() -> None:
    assert not is_right("nobody's", None)  # what the time of a real check is spent on
