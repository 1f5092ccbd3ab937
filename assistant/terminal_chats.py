"""What the commands about conversations write for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from assistant.contract_chats import (
    ChatJson,
    ConversationJson,
    JudgedJson,
    VerifyJson,
    WishJson,
)
from assistant.spoken import with_home
from assistant.verify import ELSEWHERE, GONE

_QUOTE = 90


def print_chats(found: Iterable[ChatJson]) -> None:
    """Print conversations, one a line."""
    rows = [
        (one["id"][:8], one["changed"][:16].replace("T", " "), str(one["questions"]), one["title"])
        for one in found
    ]
    if not rows:
        print(with_home("No conversation is kept: 'assistant chat' begins one."))
        return
    table = [("ID", "LAST (UTC)", "QUESTIONS", "TITLE"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, row[3]]))


def print_conversation(found: ConversationJson) -> None:
    """Print a conversation with the sources of its answers."""
    print(_plain(found["title"]))
    for turn in found["turns"]:
        print(f"\n> {_plain(turn['question'])}\n")
        if not turn["sound"]:
            print("(This answer was damaged on the disk it was kept on.)")
        print(_plain(str(turn["answer"].get("answer", ""))))
        for one in turn["answer"].get("citations", ()):
            place = f"{one['document_id']}, characters {one['start']}-{one['end']}"
            print(_plain(f"[{one['marker']}] {one['title']} ({place})"))


def print_exported(file: str) -> None:
    """Print where a conversation was written."""
    print(with_home(f"{_plain(file)} is written; 'assistant verify FILE' checks its quotes."))


def print_feedback(found: Iterable[JudgedJson]) -> None:
    """Print what readers said, one verdict a line."""
    said = False
    for turn in found:
        for one in turn["feedback"]:
            said = True
            which = f" [{one['marker']}]" if one["marker"] else ""
            comment = f": {one['comment']}" if one["comment"] else ""
            question = textwrap.shorten(turn["question"], _QUOTE, placeholder=" …")
            print(_plain(f"{one['given'][:16]}  {one['verdict']}{which}  {question}{comment}"))
    if not said:
        print("Nobody has said anything about an answer yet.")


def print_wishes(found: Iterable[WishJson]) -> None:
    """Print wishes: the question, what was missing, and what the reader adds."""
    there = False
    for one in found:
        there = True
        state = " (seen to)" if one["done"] else ""
        print(_plain(f"{one['id']}  {one['made'][:10]}  {one['question']}{state}"))
        for said in (one["missing"], one["comment"] and f"“{one['comment']}”"):
            if said:
                print(_plain(textwrap.indent(textwrap.fill(said, _QUOTE), "    ")))
    if there:
        print(with_home("'assistant wishes done ID' says that one is seen to."))
    else:
        print("No wish is open: nobody has asked for documents below a declined answer.")


def print_verified(found: VerifyJson) -> None:
    """Print the quotes that do not stand where they stood, and the counts."""
    for one in found["quotes"]:
        quote = textwrap.shorten(one["quote"], _QUOTE, placeholder=" …")
        where = f"answer {one['turn']} [{one['marker']}] {one['document_id']}"
        now = one["now"]
        if one["status"] == ELSEWHERE and now is not None:
            place = f"{now['document_id']}, characters {now['start']}-{now['end']}"
            print(_plain(f"changed: {where}: “{quote}” stands in {place} now"))
        elif one["status"] == GONE:
            print(_plain(f"gone: {where}: “{quote}” stands in no document"))
    if found["missing"]:
        print(f"not readable: {found['missing']:,} of the quotes that the file names")
    total = len(found["quotes"]) + found["missing"]
    if not total:
        print(f"{_plain(found['file'])} quotes nothing, so there is nothing to check.")
        return
    quotes = "quote stands" if total == 1 else "quotes stand"
    print(f"{found['stands']:,} of {total:,} {quotes} at their place.")


def _plain(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text
    )
