"""Adding what people name: files, folders, and web addresses by way of a staging folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.archive import Archive
from corpus.documents import Overrides
from corpus.errors import CorpusError, FetchRefused
from index.entries import Changes, Failed, Progress, ProgressListener, Skipped

if TYPE_CHECKING:
    from corpus.web.outcomes import Step

_HOLDS_THE_HOME = "{} has this home in it: name the files and folders that are to be added"


ALREADY = "in the corpus already"
"""Why a page is not fetched again."""


def is_address(target: str) -> bool:
    """Tell whether a target is a web address and not the path of a file."""
    return "://" in target and not Path(target).exists()


class Adding:
    """One request to add documents to an archive."""

    def __init__(
        self,
        archive: Archive,
        overrides: Overrides,
        *,
        limit: int,
        match: str | None,
        progress: ProgressListener | None,
    ) -> None:
        """``limit`` and ``match`` say which pages of a feed or a sitemap are taken."""
        self._archive = archive
        self._overrides = overrides
        self._limit = limit
        self._match = match
        self._progress = progress

    def add(self, targets: Sequence[str]) -> Changes:
        """Add every target; one that fails is reported, and the rest is done."""
        changes = Changes()
        paths = [Path(target) for target in targets if not is_address(target)]
        for path in [one for one in paths if self._holds_the_home(one)]:
            paths.remove(path)
            changes += Changes(failed=(Failed(str(path), _HOLDS_THE_HOME.format(path)),))
        if paths:
            changes += self._archive.add(paths, overrides=self._overrides, progress=self._progress)
        for target in targets:
            if is_address(target):
                changes += self._add_address(target)
        return changes

    def _holds_the_home(self, path: Path) -> bool:
        """Tell whether a folder has the home's own index in it, as '.' does in a home."""
        return os.path.isdir(path) and self._archive.home.state.is_relative_to(path.resolve())

    def _add_address(self, address: str) -> Changes:
        staging = Path(tempfile.mkdtemp(prefix="archive-web-"))
        try:
            fetched, changes = self._fetch(address, staging)
            if fetched:
                changes += self._in_their_words(
                    self._archive.add(
                        [staging], overrides=self._overrides, progress=self._progress
                    ),
                    fetched,
                )
            return changes
        except CorpusError as error:
            return Changes(failed=(Failed(address, str(error)),))
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _fetch(self, address: str, staging: Path) -> tuple[dict[Path, str], Changes]:
        """Fetch what an address leads to; return the address of each file, and what went wrong."""
        from corpus.web.collect import collect
        from corpus.web.outcomes import Fetched, Known

        known = {entry.url: entry.path for entry in self._archive.entries() if entry.url}
        fetched: dict[Path, str] = {}
        changes = Changes()
        for result in collect(
            address,
            into=staging,
            limit=self._limit,
            match=self._match,
            known=known,
            listener=self._step,
        ):
            if isinstance(result, Fetched):
                fetched[result.path] = result.url
            elif isinstance(result, Known):
                changes += Changes(skipped=(Skipped(result.url, ALREADY),))
            else:
                changes += Changes(failed=(Failed(result.url, str(result.error)),))
        if not fetched and not changes.failed and not changes.skipped:
            raise FetchRefused(f"{address} leads to no page that --match takes. Name another.")
        return fetched, changes

    def _step(self, step: Step) -> None:
        if self._progress is not None:
            total = step.total or max(self._limit, step.number)
            self._progress(Progress("fetching", step.number - 1, total, step.url))

    def _in_their_words(self, changes: Changes, fetched: dict[Path, str]) -> Changes:
        """Name the address where a report names a file of the staging folder."""
        return replace(
            changes,
            skipped=tuple(
                Skipped(fetched.get(Path(one.path), one.path), one.reason)
                for one in changes.skipped
            ),
            failed=tuple(
                Failed(address, one.error.replace(one.path, address))
                for one in changes.failed
                for address in [fetched.get(Path(one.path), one.path)]
            ),
        )
