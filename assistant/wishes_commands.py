"""The commands ``wishes list|done``: declined questions that readers want documents for."""

from __future__ import annotations

import click

from assistant.options import home_option, json_option, open_client

_ID = click.IntRange(1, 2**63 - 1)


@click.group()
def wishes() -> None:
    """List the documents that readers ask for.

    A wish is a question that was declined, and that somebody in the chat asked documents for.
    """


@wishes.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are seen to.")
@json_option
@home_option
def list_(everything: bool, as_json: bool, home: str | None) -> None:
    """List the wishes that are open, the oldest first."""
    from assistant.terminal import print_json
    from assistant.terminal_chats import print_wishes

    with open_client(home, reads=True) as client:
        found = client.wishes(everything=everything)
    if as_json:
        print_json(found)
    else:
        print_wishes(found)


@wishes.command()
@click.argument("numbers", nargs=-1, required=True, type=_ID, metavar="ID...")
@click.option("--undo", is_flag=True, help="They are open after all.")
@json_option
@home_option
def done(numbers: tuple[int, ...], undo: bool, as_json: bool, home: str | None) -> None:
    """Say that wishes are seen to; ID is a number of 'wishes list'.

    Whoever made one is told so below the answer in the chat.
    """
    from assistant.terminal import print_json

    with open_client(home) as client:
        client.settle_wishes(numbers, done=not undo)
    if as_json:
        print_json({"done" if not undo else "open": list(numbers)})
    else:
        for one in numbers:
            print(f"wish {one} is {'open again' if undo else 'seen to'}")
