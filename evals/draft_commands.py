"""The command ``evals draft``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.options import home_option, json_option
from corpus.errors import UsageError

if TYPE_CHECKING:
    from assistant.home import Home
    from evals.draft import Draft


@click.command()
@click.argument("document", metavar="DOCUMENT")
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Cases, at most.",
)
@click.option("--llm", metavar="NAME", help="A language model writes the questions; 'none': none.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="F",
    help="Write the drafts to F (NAME.draft.jsonl), to be gone through in an editor.",
)
@click.option("--accept", is_flag=True, help="Go through the drafts, or those of a file, now.")
@click.option("--yes", is_flag=True, help="With --accept and a file: all that is left in it.")
@click.option(
    "--suite",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="F",
    help="The suite for accepted cases; else evals/suite.jsonl in the home's state folder.",
)
@json_option
@home_option
def draft(
    document: str,
    limit: int,
    llm: str | None,
    out: Path | None,
    accept: bool,
    yes: bool,
    suite: Path | None,
    as_json: bool,
    home: str | None,
) -> None:
    """Draft cases from a document, for a person to accept.

    They are printed as JSON lines, or written to --out. DOCUMENT is a document's id or file name,
    or a file of drafts (NAME.draft.jsonl) that you have gone through.
    """
    from assistant.terminal import print_json
    from evals.draft import SUFFIX, draft_json, draft_lines, read_drafts
    from evals.files import write_report
    from evals.running import found

    this, is_file = found(home), document.endswith(SUFFIX)
    if out is not None and not out.name.endswith(SUFFIX):
        raise UsageError(f"{out} would be taken for a suite: name a file that ends in {SUFFIX}")
    if (is_file or yes) and not (is_file and accept):
        raise UsageError(f"--accept, --yes and a file {SUFFIX} go together: 'evals draft --help'")
    drafts = read_drafts(Path(document)) if is_file else _drafted(this, document, limit, llm)
    if accept:
        from evals.inbox import own_suite
        from evals.reviewing import review

        review(drafts, (suite or own_suite(this)).resolve(), this, ask=not yes)
    elif out is not None:
        write_report(out, draft_lines(drafts))
        from assistant.spoken import in_this_home
        from evals.report import counted

        click.echo(f"{counted(len(drafts), 'draft')} in {out}: delete what is wrong, add the rest:")
        click.echo(in_this_home(f"evals draft {shlex.quote(str(out))} --accept --yes"))
    elif as_json:
        print_json([draft_json(one) for one in drafts])
    else:
        click.echo(draft_lines(drafts), nl=False)
        if not drafts:
            click.echo(f"No sentence of {document} gives a sure question.", err=True)


def _drafted(home: Home, document: str, limit: int, llm: str | None) -> list[Draft]:
    from assistant.llm_settings import chosen_llm
    from assistant.settings import load_settings
    from evals.draft import drafts_of
    from evals.draft_llm import llm_writer
    from evals.running import up_to_date

    settings = load_settings(home.settings_file)
    model = chosen_llm(settings.llm if llm is None else llm, settings.llms)
    with up_to_date(home, "evals draft") as client:
        return drafts_of(client, document, limit=limit, writer=llm_writer(model) if model else None)
