"""What both commands say of themselves, in the width of a common terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from assistant.cli import cli as assistant
from evals.cli import cli as evals


def groups(command: click.Command, name: str) -> Iterator[tuple[str, click.Group]]:
    if isinstance(command, click.Group):
        yield name, command
        for one, sub in command.commands.items():
            yield from groups(sub, f"{name} {one}")


@pytest.mark.parametrize(
    ("name", "group"), [*groups(assistant, "assistant"), *groups(evals, "evals")]
)
def test_no_line_of_a_list_of_commands_is_cut_off(name: str, group: click.Group) -> None:
    shown = group.get_help(click.Context(group, info_name=name, terminal_width=80))
    _, _, listed = shown.partition("Commands:")
    assert len(listed.split("\n")) > 2
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


def test_every_option_says_what_it_is_for() -> None:
    commands = [
        (f"{name} {one}", sub)
        for top in (*groups(assistant, "assistant"), *groups(evals, "evals"))
        for name, group in [top]
        for one, sub in group.commands.items()
    ]
    silent = [
        f"{name} {param.opts[0]}"
        for name, command in commands
        for param in command.params
        if isinstance(param, click.Option) and not param.help
    ]
    assert (len(commands) > 40, silent) == (True, [])
