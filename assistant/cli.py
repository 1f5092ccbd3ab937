"""The ``assistant`` command: each subcommand checks its input, makes one call, prints the result.

Nothing heavy is imported before a subcommand runs, so that ``--help`` is there at once.
"""

from __future__ import annotations

from typing import Any

import click

from assistant import (
    backup_commands,
    chats_commands,
    curating,
    migrate_commands,
    users_commands,
    wishes_commands,
)
from assistant.options import (
    chosen_filters,
    explain_options,
    filter_options,
    found_home,
    home_option,
    json_option,
    open_client,
    tell_under_way,
)
from assistant.shell import leave, run


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="archive-assistant", prog_name="assistant")
def cli() -> None:
    """Ask a curated corpus of documents; every answer quotes them, word for word."""


for module in (curating, backup_commands, migrate_commands, chats_commands):
    for command in module.COMMANDS:
        cli.add_command(command)
cli.add_command(users_commands.users)
cli.add_command(wishes_commands.wishes)


@cli.command()
@click.argument("question")
@json_option
@explain_options
@click.option("--llm", metavar="NAME", help="Which LLM writes the answer; none only quotes.")
@click.option("--places", is_flag=True, help="Look up each quote of a PDF: its box on the page.")
@click.option(
    "--history",
    multiple=True,
    metavar="FILE",
    help="What was asked before: the JSON of ask or of chats show; - reads it from stdin.",
)
@filter_options
@home_option
def ask(
    question: str,
    as_json: bool,
    explain: bool,
    why_not: str | None,
    llm: str | None,
    places: bool,
    history: tuple[str, ...],
    home: str | None,
    **filters: Any,
) -> None:
    """Answer a question from the corpus, with citations."""
    from assistant.ask import checked_question
    from assistant.terminal import print_answer, print_json
    from assistant.told_before import turns_in

    checked_question(question)
    chosen, earlier = chosen_filters(**filters), turns_in(history)
    with open_client(home, reads=True) as client:
        tell_under_way(client, quiet=as_json)
        answer = client.ask(
            question,
            history=earlier,
            filters=chosen,
            explain=explain,
            why_not=why_not,
            llm=llm,
            places=places,
        )
    if as_json:
        print_json(answer)
    else:
        print_answer(answer, explain=explain)


@cli.command()
@click.argument("query")
@json_option
@click.option("-k", default=10, type=click.IntRange(1, 1000), help="Passages, at most.")
@explain_options
@filter_options
@home_option
def search(
    query: str,
    as_json: bool,
    k: int,
    explain: bool,
    why_not: str | None,
    home: str | None,
    **filters: Any,
) -> None:
    """Find the passages nearest to a query."""
    from assistant.ask import checked_question
    from assistant.terminal import print_json, print_search

    checked_question(query)
    chosen = chosen_filters(**filters)
    with open_client(home, reads=True) as client:
        tell_under_way(client, quiet=as_json)
        found = client.search(query, k=k, filters=chosen, explain=explain, why_not=why_not)
    if as_json:
        print_json(found)
    else:
        print_search(found)


_log_option = click.option(
    "--log-requests", is_flag=True, help="Write a line of JSON for each request to stderr."
)


@cli.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@_log_option
@home_option
def chat(
    host: str | None, port: int | None, no_open: bool, log_requests: bool, home: str | None
) -> None:
    """Bring the index up to date, then open the chat in a browser."""
    from assistant.chat import run_chat

    run_chat(found_home(home), host=host, port=port, open_browser=not no_open, log=log_requests)


@cli.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@_log_option
@home_option
def serve(host: str | None, port: int | None, log_requests: bool, home: str | None) -> None:
    """Answer programs over HTTP, without the browser page."""
    from assistant.chat import run_service

    run_service(found_home(home), host=host, port=port, log=log_requests)


@cli.command()
@home_option
def mcp(home: str | None) -> None:
    """Answer a program over the Model Context Protocol.

    It asks on stdin and is answered on stdout.
    """
    from assistant.serve.mcp_stdio import run_mcp

    run_mcp(found_home(home))


def main() -> None:
    """Run the command line and exit with its code."""
    leave(run(cli, "assistant"))
