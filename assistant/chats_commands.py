"""The commands ``chats list|show|export|rename|delete|link|feedback`` and ``verify``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from assistant.options import home_option, json_option, open_client
from corpus.errors import ChatsFailure, UsageError

_chat = click.argument("chat", metavar="CHAT")


@click.group()
def chats() -> None:
    """Show, export or delete conversations that the chat has kept.

    CHAT is an id of 'chats list', or its beginning.
    """


@chats.command("list")
@json_option
@home_option
def list_(as_json: bool, home: str | None) -> None:
    """List the conversations, the latest first."""
    from assistant.terminal import print_json
    from assistant.terminal_chats import print_chats

    with open_client(home, reads=True) as client:
        found = client.chats()
    if as_json:
        print_json(found)
    else:
        print_chats(found)


@chats.command()
@_chat
@json_option
@home_option
def show(chat: str, as_json: bool, home: str | None) -> None:
    """Show one conversation."""
    from assistant.terminal import print_json
    from assistant.terminal_chats import print_conversation

    with open_client(home, reads=True) as client:
        found = client.chat(chat)
    if as_json:
        print_json(found)
    else:
        print_conversation(found)


@chats.command()
@_chat
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown"]),
    help="Else FILE's suffix says it; without either, html.",
)
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@json_option
@home_option
def export(
    chat: str, file: str | None, form: str | None, force: bool, as_json: bool, home: str | None
) -> None:
    """Write a conversation to a file, with its quotes.

    'assistant verify FILE' can check them. Without FILE it goes to a file that is named after it;
    '-' writes to the terminal.
    """
    from assistant.export import exported_text, file_name
    from assistant.terminal import print_json
    from assistant.terminal_chats import print_exported

    chosen = form or ("markdown" if (file or "").lower().endswith((".md", ".markdown")) else "html")
    with open_client(home, reads=True) as client:
        found = client.chat(chat)
    text = exported_text(found, chosen)
    if file == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        return
    path = Path(os.path.abspath(file or file_name(found["title"], chosen)))
    _write(path, text, force=force)
    done = {"file": str(path), "format": chosen, "id": found["id"], "title": found["title"]}
    if as_json:
        print_json(done)
    else:
        print_exported(str(path))


@chats.command()
@_chat
@click.argument("title")
@json_option
@home_option
def rename(chat: str, title: str, as_json: bool, home: str | None) -> None:
    """Give a conversation another title."""
    from assistant.terminal import print_json

    with open_client(home) as client:
        kept = client.rename_chat(chat, title)
    if as_json:
        print_json({"title": kept})
    else:
        print(f"It is called {kept!r} now.")


@chats.command()
@click.argument("chats", nargs=-1, required=True, metavar="CHAT...")
@json_option
@home_option
def delete(chats: tuple[str, ...], as_json: bool, home: str | None) -> None:
    """Delete conversations with their feedback.

    Nothing of them is left in the home's files.
    """
    from assistant.terminal import print_json

    with open_client(home) as client:
        gone = client.delete_chats(chats)
    if as_json:
        print_json({"deleted": gone})
    else:
        for one in gone:
            print(f"deleted {one}")


@chats.command()
@click.argument("chats", nargs=-1, metavar="[CHAT...]")
@json_option
@home_option
def link(chats: tuple[str, ...], as_json: bool, home: str | None) -> None:
    """Print a link that brings conversations into another browser.

    Without CHAT, all of them. For a new machine, say, or deleted cookies. The chat has to be open;
    the link works once, for ten minutes, and the browser that had them before has them no more.
    """
    from assistant.terminal import print_json

    with open_client(home) as client:
        address = client.link_to_chats(chats)
    if as_json:
        print_json({"url": address})
    else:
        print(address)


@chats.command()
@json_option
@home_option
def feedback(as_json: bool, home: str | None) -> None:
    """List what readers said about answers and citations."""
    from assistant.terminal import print_json
    from assistant.terminal_chats import print_feedback

    with open_client(home, reads=True) as client:
        found = client.judged_turns()
    if as_json:
        print_json(found)
    else:
        print_feedback(found)


@click.command()
@click.argument("file", metavar="FILE")
@json_option
@home_option
def verify(file: str, as_json: bool, home: str | None) -> int:
    """Check the quotes of an exported conversation.

    FILE is HTML or Markdown that the chat exported, or the JSON of 'ask' or 'chats show'. Exit code
    0 when every quote stands at its place in the very text of a document of now, else 1.
    """
    from assistant.export_read import read_quotes
    from assistant.terminal import print_json
    from assistant.terminal_chats import print_verified
    from assistant.verify import asked_for, verified

    read = read_quotes(Path(file))
    with open_client(home, reads=True) as client:
        found = verified(file, read, client.look_for_quotes(asked_for(read)))
    if as_json:
        print_json(found)
    else:
        print_verified(found)
    return 0 if found["passed"] else 1


def _write(path: Path, text: str, *, force: bool) -> None:
    from corpus.atomic import write_all
    from corpus.errors import ShelfError

    if path.exists() and not force:
        raise UsageError(f"{path} is there already: name another file, or replace it with --force")
    try:
        write_all({path: text.encode("utf-8")})
    except (OSError, ShelfError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ChatsFailure(
            f"{path} could not be written ({reason}): name a file in a folder that is there"
        ) from error


COMMANDS = (chats, verify)
