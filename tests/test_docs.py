"""What the README and docs/ name is there: pages, places in them, commands, settings."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from assistant.cli import cli as assistant
from assistant.settings import Settings
from evals.cli import cli as evals

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROGRAMS = {"assistant": assistant, "evals": evals}
_BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchor(heading: str) -> str:
    """Return how GitHub names the place of a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(heading) for heading in _HEADING.findall(page.read_text("utf-8"))}


def commands(page: Path) -> Iterator[list[str]]:
    """Give the words of each of our commands that a page shows in a block."""
    for block in _BLOCK.findall(page.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            with_comment = re.sub(r"^[\d*/ ]+\* +", "", line.strip())  # of a crontab
            for one in re.split(r" && | -- ", with_comment):
                name = one.partition(" ")[0].rpartition("/")[2]
                if name in PROGRAMS and " " in one:
                    yield [name, *shlex.split(one, comments=True)[1:]]


def misused(words: list[str]) -> str:
    """Return what a command has that the program does not know; nothing where all is well."""
    name, *rest = words
    group: click.Command = PROGRAMS[name]
    while isinstance(group, click.Group):
        if not rest or rest[0] not in group.commands:
            return f"{name} {' '.join(rest[:1])}"
        name, group, rest = f"{name} {rest[0]}", group.commands[rest[0]], rest[1:]
    known = {option for one in group.params for option in (*one.opts, *one.secondary_opts)}
    unknown = [one for one in rest if re.match(r"--?[a-z]", one) and one not in known]
    return f"{name} {' '.join(unknown)}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_links_to_is_there(page: Path) -> None:
    broken = []
    for link in _LINK.findall(page.read_text("utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        file, _, place = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (place and place not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_are_ones_that_there_are(page: Path) -> None:
    assert [wrong for words in commands(page) if (wrong := misused(words))] == []


def test_the_checks_see_what_they_look_for(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# The doctor's page\n```\n.venv/bin/assistant ask 'Why?' --json # --x\n"
        "0 3 * * *  assistant backup \\\n  --froce F\nevals run --json a.json && evals jugde\n```\n"
    )
    assert anchors(page) == {"the-doctors-page"}
    found = list(commands(page))
    assert found[0] == ["assistant", "ask", "Why?", "--json"]
    assert [misused(words) for words in found] == [
        "",
        "assistant backup --froce",
        "",
        "evals jugde",
    ]


def test_every_setting_has_its_row() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    names = {field.name for field in dataclasses.fields(Settings)} - {"llms"}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_each_page_and_each_decision_can_be_found_from_the_readme() -> None:
    linked, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        linked.add(page)
        for link in _LINK.findall(page.read_text("utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists() and target not in linked:
                todo.append(target)
    decisions = ROOT / "docs" / "decisions"
    assert [page for page in PAGES if page not in linked and page.parent != decisions] == []
