"""Tabs that other packages offer: found, and left out where they are none."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from assistant import tabs
from assistant.tabs import GROUP, PageTab, offered_tabs

GOOD = PageTab("good", "Good", "", "", lambda archive: lambda wish, reader: "")


def test_a_tab_that_cannot_be_loaded_or_is_none_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = [
        EntryPoint("broken", "no_such_package.tab:TAB", GROUP),
        EntryPoint("good", f"{__name__}:GOOD", GROUP),
        EntryPoint("other", "json:dumps", GROUP),
    ]
    monkeypatch.setattr(EntryPoint, "load", lambda one: GOOD if one.name == "good" else _load(one))
    monkeypatch.setattr(tabs, "entry_points", lambda group: found if group == GROUP else [])
    assert offered_tabs() == (GOOD,)
    assert "no_such_package.tab:TAB could not be loaded" in caplog.text


_load = EntryPoint.load
