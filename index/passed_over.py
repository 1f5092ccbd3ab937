"""Files of the folder that are in no index: those that cannot be read, and copies of others.

They are remembered while the index is open, so that not every question reads them again.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.report import Report
from index.stamps import stamp
from index.taking import Parts, same_text


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy with the stamp ``mark``; ``twin_at`` is the path and the stamp of its twin then."""

    mark: str
    twin: str
    twin_at: tuple[str, str]


class PassedOver:
    """What became, by path, of files that were read for nothing."""

    def __init__(self) -> None:
        self._refused: dict[str, tuple[str, str]] = {}
        self._copies: dict[str, _Copy] = {}

    def refuse(self, where: str, mark: str, error: str) -> None:
        """A file that had the stamp ``mark`` could not be read."""
        self._refused[where] = (mark, error)

    def copy(self, parts: Parts, where: str, mark: str, twin: str) -> None:
        """A file had the very text of the document ``twin``."""
        twin_at = parts.catalogue.stamp_of(twin)
        if twin_at is not None:  # else the twin came in the same group, and is not written yet
            self._copies[where] = _Copy(mark, twin, twin_at)

    def tell(self, parts: Parts, report: Report, where: str, mark: str) -> bool:
        """Report a file again that is as it was; False where it has to be read."""
        refused_mark, error = self._refused.get(where, ("", ""))
        if refused_mark == mark:
            report.failed(where, error)
            return True
        copy = self._copies.get(where)
        if copy is None or copy.mark != mark or not _is_there(parts, copy):
            return False
        report.skipped(where, same_text(copy.twin))
        return True


def _is_there(parts: Parts, copy: _Copy) -> bool:
    """Tell whether the twin is in the index and its file is as it was."""
    path, mark = copy.twin_at
    known = parts.catalogue.stamp_of(copy.twin) == copy.twin_at
    return known and stamp(parts.shelf.folder / path) == mark
