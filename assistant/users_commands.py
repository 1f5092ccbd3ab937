"""The commands about accounts: who may use a shared chat or service, and for what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from assistant.options import found_home, home_option, json_option
from assistant.spoken import with_home
from corpus.errors import UsageError

if TYPE_CHECKING:
    from assistant.accounts import Accounts

_name = click.argument("name")
_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
_ROLES = "reader asks; curator also changes documents; admin also looks after the service."


@click.group()
def users() -> None:
    """Give out accounts for a shared chat.

    users = "accounts" in assistant.toml asks for them.
    """


@users.command()
@_name
@click.option("--role", default="reader", show_default=True, help=_ROLES)
@click.option("--no-password", is_flag=True, help="For tokens only, or behind a proxy.")
@_stdin
@home_option
def add(name: str, role: str, no_password: bool, password_stdin: bool, home: str | None) -> None:
    """Make an account."""
    password = None if no_password else _password(from_stdin=password_stdin)
    _accounts(home).add(name, role, password)


@users.command("list")
@json_option
@home_option
def list_users(as_json: bool, home: str | None) -> None:
    """List accounts, with the ids of their tokens."""
    from assistant.terminal import print_json

    found = _accounts(home).all()
    rows = [
        {
            "name": one.name,
            "role": one.role,
            "password": one.password is not None,
            "tokens": [{"id": token.id, "made": token.made} for token in one.tokens],
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    if not found:
        print(with_home("There is no account yet: 'assistant users add' makes one."))
    for one in found:
        tokens = ", ".join(f"{token.id} of {token.made}" for token in one.tokens)
        print(f"{one.name:24} {one.role:8} {f'tokens: {tokens}' if tokens else ''}".rstrip())


@users.command()
@_name
@click.argument("role")
@home_option
def role(name: str, role: str, home: str | None) -> None:
    """Give an account another role."""
    _accounts(home).set_role(name, role)


@users.command()
@_name
@_stdin
@home_option
def password(name: str, password_stdin: bool, home: str | None) -> None:
    """Give an account another password, which signs it out everywhere."""
    _accounts(home).set_password(name, _password(from_stdin=password_stdin))


@users.command()
@_name
@home_option
def token(name: str, home: str | None) -> None:
    """Print a new token for programs of an account.

    It is shown this once.
    """
    print(_accounts(home).new_token(name))


@users.command()
@click.argument("token_id", metavar="ID")
@home_option
def revoke(token_id: str, home: str | None) -> None:
    """Let a token be worth nothing from now on."""
    _accounts(home).revoke(token_id)


@users.command()
@_name
@home_option
def remove(name: str, home: str | None) -> None:
    """Delete an account with its tokens; its conversations stay."""
    _accounts(home).remove(name)


def _accounts(home: str | None) -> Accounts:
    from assistant.accounts import ACCOUNTS, Accounts
    from assistant.settings import load_settings

    found = found_home(home)
    return Accounts(found.state / ACCOUNTS, load_settings(found.settings_file).database)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to type a password on: add --password-stdin")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
