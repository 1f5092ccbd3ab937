"""What commands write to a terminal: progress, answers and tables for people, JSON for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable

from assistant.contract import AskJson, HitJson, SearchJson
from assistant.contract_corpus import ChangesJson, EntryJson, ShowJson
from assistant.durations import duration
from assistant.spoken import with_home
from assistant.spoken_values import sources
from assistant.terminal_answer import print_in_front, told
from assistant.terminal_explain import print_explanation, print_search_notes, same_in
from index.entries import Progress


def print_json(value: object) -> None:
    """Print one JSON value on stdout, with letters that its encoding lacks as escapes."""
    everything = (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
    print(json.dumps(value, ensure_ascii=not everything, indent=2))


class ProgressLine:
    """One line on stderr that is written over as work goes on; silent when not on a terminal."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, progress: Progress) -> None:
        """Show how far the work is."""
        if not sys.stderr.isatty():
            return
        width = shutil.get_terminal_size().columns
        line = progress.stage
        if progress.total:
            line += f" {progress.done + 1} of {progress.total}{_pace(progress)}"
        if progress.part:
            line += f", {progress.part:.0%} embedded"
        line += f": {progress.name}"
        sys.stderr.write("\r\x1b[K" + line[: width - 1])
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            self._shown = False


def print_answer(answer: AskJson, *, explain: bool) -> None:
    """Print an answer with its sources, or what came closest."""
    if answer["searched"] != answer["question"]:
        print(f"Searched for: {answer['searched']}\n")
    print_search_notes(answer)
    print_in_front(answer)
    print("\n\n".join(_wrapped(part) for part in told(answer)))
    if answer["note"]:
        print(f"\n{_wrapped(answer['note'])}")
    for citation in answer["citations"]:
        about = [citation["title"], citation["source"], citation["date"]]
        print(f"\n[{citation['marker']}] {', '.join(part for part in about if part)}")
        page = f", page {citation['page']}" if citation["page"] else ""
        page += "".join(
            f", box {' '.join(f'{side:g}' for side in box)}"
            for place in citation.get("places", ())
            for box in place["boxes"][:1]
        )
        span = f"characters {citation['start']}-{citation['end']}"
        print(f"    {citation['document_id']}{page}, {span}")
        if citation["also"]:
            print(f"    {sources(len(citation['also']) + 1, citation['independent'])}")
        if citation["url"]:
            print(f"    {citation['url']}")
    if answer["nearest"]:
        print("\nClosest passages:")
        _print_hits(answer["nearest"], explain=False)
    if explain:
        print(f"\nConfidence {answer['confidence']:.2f}. Passages looked at:")
        _print_hits(answer["hits"], explain=True)
    if "explanation" in answer:
        print_explanation(answer["explanation"])


def print_search(found: SearchJson) -> None:
    """Print the passages found."""
    print_search_notes(found)
    if not found["hits"]:
        print("Nothing found.")
    _print_hits(found["hits"], explain=True)
    if "explanation" in found:
        print_explanation(found["explanation"])


def print_entries(entries: Iterable[EntryJson], *, is_filling: bool = False) -> None:
    """Print the documents, one a line; ``is_filling`` where more are being taken in."""
    rows = [
        (one["id"], one["date"] or "-", one["source"] or "-", str(one["passages"]), one["title"])
        for one in entries
    ]
    if not rows and is_filling:
        print("No document is in the index yet.")
        return
    if not rows:
        print(with_home("The corpus is empty: 'assistant add FILE' adds a document."))
        return
    table = [("ID", "DATE", "SOURCE", "PASSAGES", "TITLE"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, row[4]]))


def print_document(shown: ShowJson) -> None:
    """Print a document with what is known about it."""
    print(shown["title"])
    about = [shown["author"], shown["source"], shown["date"], shown["url"]]
    about.append(", ".join(shown["tags"]))
    print(" · ".join(part for part in about if part) or "no source, date or tags")
    if shown["guessed"]:
        print(f"guessed: {', '.join(shown['guessed'])}")
    if shown["version_of"]:
        print(f"another version of {shown['version_of']}")
    for reason in shown["quarantine"]:
        print(f"! quarantined: {reason}")
    for problem in shown["problems"]:
        print(f"! {problem}")
    print(f"\n{shown['text']}")


def print_changes(changes: ChangesJson) -> None:
    """Print what was done, one document a line, and failures on stderr."""
    again = set(changes["indexed_again"])
    first_of = {one["document_id"]: one["version_of"] for one in changes["versions"]}
    for what in ("added", "updated", "removed"):
        for document_id in changes[what]:
            if document_id in again:
                continue
            first = first_of.get(document_id)
            print(f"{what} {document_id}" + (f" (another version of {first})" if first else ""))
    for held in changes["quarantined"]:
        print(f"quarantined {held['document_id']}: {held['reasons'][0]}")
        release = f"'assistant release {held['document_id']}'"
        print(with_home(f"  read it; {release} lets it be found"))
    for remark in changes["remarks"]:
        for problem in remark["problems"]:
            print(with_home(f"look at {remark['document_id']}: {problem}"))
    for skipped in changes["skipped"]:
        print(with_home(f"skipped {skipped['path']}: {skipped['reason']}"))
    if again:
        print(f"indexed again: {len(again)}")
    if changes["unchanged"]:
        print(f"unchanged: {changes['unchanged']}")
    if not any(changes.values()):
        print("There was nothing to do.")
    counts = {what: len(changes[what]) for what in ("added", "updated", "removed", "skipped")}
    counts["added"] -= len(again)
    if sum(counts.values()) + len(changes["failed"]) > 1:
        counts["failed"] = len(changes["failed"])
        print("In all: " + ", ".join(f"{n:,} {what}" for what, n in counts.items() if n))
    for failed in changes["failed"]:
        where = "" if failed["path"] in failed["error"] else f"{failed['path']}: "
        print(with_home(f"failed: {where}{failed['error']}"), file=sys.stderr)


def print_note(note: str) -> None:
    """Print a remark that is no result, so it goes to stderr."""
    print(note, file=sys.stderr, flush=True)


def _pace(progress: Progress) -> str:
    """Return the rate and the time left, once there is one: ", 12/s, 3 min left"."""
    if not progress.rate:
        return ""
    rate = f", {progress.rate:.1f}/s" if progress.rate < 10 else f", {progress.rate:.0f}/s"
    left = progress.seconds_left
    if left is None:
        return rate
    return f"{rate}, {duration(left)} left"


def _print_hits(hits: Iterable[HitJson], *, explain: bool) -> None:
    for place, hit in enumerate(hits, start=1):
        print(f"\n{place:2}. {hit['score']:.2f}  {hit['passage_id']}")
        if explain and "parts" in hit:
            print("    " + "  ".join(f"{name} {value:g}" for name, value in hit["parts"].items()))
        print(_wrapped(textwrap.shorten(hit["text"], 400, placeholder=" …"), indent="    "))
        if same := same_in(hit):
            print(_wrapped(same, indent="    "))


def _wrapped(text: str, indent: str = "") -> str:
    width = min(100, shutil.get_terminal_size().columns)
    lines = text.split("\n")
    return "\n".join(
        textwrap.fill(
            line, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )
        for line in lines
    )
