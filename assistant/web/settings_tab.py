"""The Settings tab: what a reader chooses for this browser, and what the home holds."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import Home
from assistant.llm_settings import NONE, chosen_llm
from assistant.models import LlamaIndexModel
from assistant.prompts import Prompt
from assistant.settings import Settings
from assistant.tabs import Answering, PageTab, Wish
from assistant.web.downloads import BACKUPS
from assistant.web.holdings import (
    backups_html,
    places_html,
    section_html,
    size_text,
    storage_html,
)
from assistant.web.markup import html_text
from assistant.web.theme import asset
from assistant.web.told import sentence, told
from assistant.web.wishes import MOST_QUOTES, writers
from assistant.web.wording import language, languages, number, say
from corpus.errors import ArchiveError, BadFilter

_TRIED = Prompt("You answer with one word.", "Answer with the word: ready", ())
_SHOWN = ("model", "backend", "passages", "reranker", "keep_chats", "chats_days", "max_file_mb")


class SettingsTab:
    """What the tab shows and does, over an open archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._backing_up = threading.Lock()

    def answer(self, wish: Wish, reader: str) -> str:
        """Do what the page asks for, and return what it is to show."""
        if wish.get("act") == "try":
            return _said(lambda: self._tried(str(wish.get("llm"))))
        if wish.get("act") == "backup":
            return _said(self._backup)
        if wish.get("act") == "backups":
            return backups_html(self._archive.home) + storage_html(self._archive.home)
        if wish.get("act") == "places":
            return places_html(self._archive.home, self._archive.settings)
        return "".join(_parts(self._archive.home, self._archive.settings))

    def _tried(self, name: str) -> str:
        if name not in writers(self._archive.settings):
            raise BadFilter(say("settings.no_model"))
        model = chosen_llm(name, self._archive.settings.llms)
        if model is None:
            return say("settings.needs_none")
        began = time.monotonic()
        # Short, so that a server which hangs is told of while somebody waits.
        brief = dataclasses.replace(model, seconds=20, first_token_seconds=20, answer_tokens=16)
        text = "".join(LlamaIndexModel(brief).write(_TRIED)).strip()
        return say("settings.answered", seconds=number(time.monotonic() - began, 1), text=text[:60])

    def _backup(self) -> str:
        if not self._backing_up.acquire(blocking=False):
            return say("settings.backing_up")
        try:
            folder = self._archive.home.root / BACKUPS
            folder.mkdir(exist_ok=True)
            name = f"{datetime.now():%Y-%m-%d-%H%M}.zip"
            made = LocalClient(self._archive).backup(str(folder / name), force=True)
        finally:
            self._backing_up.release()
        return say("settings.made", name=f"{BACKUPS}/{name}", size=size_text(made["size"]))


def _said(work: Callable[[], str]) -> str:
    try:
        return f'<span class="good">{html_text(work())}</span>'
    except (ArchiveError, OSError) as error:
        return f'<span class="bad">{html_text(sentence(told(error)))}</span>'


def _parts(home: Home, settings: Settings) -> Iterator[str]:
    yield f'<h2 class="vh">{say("tabs.settings")}</h2>'
    yield _answers(settings)
    yield _page()
    yield storage_html(home)
    yield _backups(home)
    yield "<div data-places></div>"
    yield _home(settings)


def _answers(settings: Settings) -> str:
    names, as_set = writers(settings), say("settings.as_set")
    options = "".join(
        f'<option value="{html_text(name) if place else ""}" data-name="{html_text(name)}">'
        f"{html_text(say('settings.quotes_only') if name == NONE else name)}"
        f"{'' if place else f' ({as_set})'}</option>"
        for place, name in enumerate(names)
    )
    numbers = "".join(
        f'<option value="{many or ""}">{many or f"{settings.max_quotes} ({as_set})"}</option>'
        for many in range(MOST_QUOTES + 1)
    )
    return section_html(
        say("settings.answers"),
        say("settings.answers_about"),
        f'<label for="set-llm">{say("settings.written_by")}</label>'
        f'<span><select id="set-llm">{options}</select> '
        f'<button type="button" data-act="try">{say("settings.test")}</button></span>'
        '<p class="said" role="status" data-said="try"></p>'
        f'<label for="set-quotes">{say("settings.most_quotes")}</label>'
        f'<span><select id="set-quotes">{numbers}</select></span>',
    )


def _page() -> str:
    colours = "".join(
        f'<option value="{value}">{name}</option>'
        for value, name in (
            ("", say("settings.as_system")),
            ("light", say("settings.light")),
            ("dark", say("settings.dark")),
        )
    )
    spoken = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == language() else ""}>'
        f"{name}</option>"
        for code, name in languages().items()
    )
    return section_html(
        say("settings.page"),
        "",
        f'<label for="set-language">{say("settings.language")}</label><span>'
        f'<select id="set-language">{spoken}</select></span>'
        f'<label for="set-colours">{say("settings.colours")}</label><span>'
        f'<select id="set-colours">{colours}</select></span>'
        f'<label for="set-keys">{say("keys.single")}</label>'
        '<span><input type="checkbox" id="set-keys"></span>',
    )


def _backups(home: Home) -> str:
    return section_html(
        say("settings.backup"),
        say("settings.backup_about", folder=BACKUPS),
        f'<button type="button" data-act="backup">{say("settings.make_backup")}</button>'
        f'<p class="said" role="status" data-said="backup"></p>{backups_html(home)}',
    )


def _home(settings: Settings) -> str:
    rows = "".join(
        f"<dt><code>{name}</code></dt><dd>{html_text(_as_written(getattr(settings, name)))}</dd>"
        for name in _SHOWN
    )
    return section_html(
        say("settings.home"),
        say("settings.home_about"),
        f"<dl>{rows}</dl>",
    )


def _as_written(value: object) -> str:
    """Return a setting as its file writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _opened(archive: Archive) -> Answering:
    return SettingsTab(archive).answer


def settings_tab() -> PageTab:
    """Return the tab."""
    return PageTab(
        "settings",
        say("tabs.settings"),
        "",
        asset("settings.js"),
        _opened,
        frozenset({"try", "backup"}),
        frozenset({"places"}),
    )
