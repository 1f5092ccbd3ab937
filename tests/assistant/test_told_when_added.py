"""What a person is told of documents as they come in, beyond their names."""

from __future__ import annotations

import io

import openpyxl

from assistant.home import Home

from .conftest import Command, json_of

TEXT = "The ferry leaves twice a day from the old pier, and the harbour master counts it. " * 9


def test_another_version_is_named_with_its_first(command: Command, home: Home) -> None:
    at = ("--home", str(home.root))
    (home.root / "first.txt").write_text(f"Pier\n\n{TEXT}", "utf-8")
    (home.root / "second.txt").write_text(f"Pier\n\n{TEXT} Nobody else does.", "utf-8")
    assert command("add", str(home.root / "first.txt"), *at).out == "added first\n"
    second = str(home.root / "second.txt")
    assert command("add", second, *at).out == "added second (another version of first)\n"
    command("remove", "second", *at)
    added = json_of(command("add", second, "--json", *at))
    assert added["versions"] == [{"document_id": "second", "version_of": "first"}]


def test_what_was_not_read_is_said_at_once_and_by_the_doctor(command: Command, home: Home) -> None:
    at = ("--home", str(home.root))
    book = openpyxl.Workbook()
    book.active.append(["The ferry leaves twice a day from the old pier."])
    book.create_sheet("Costs").sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    (home.root / "ferries.xlsx").write_bytes(data.getvalue())
    said = "sheet 'Costs' is hidden: not read"
    assert (
        command("add", str(home.root / "ferries.xlsx"), *at).out
        == f"added ferries\nlook at ferries: {said}\n"
    )
    assert f"! ferries: {said}. Look whether the document holds the whole text.\n" in (
        command("doctor", *at).out
    )
