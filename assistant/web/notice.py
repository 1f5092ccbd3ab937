"""The line above the question: what is going on with the index, when there is something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from assistant.spoken import with_home
from assistant.web.work import progress_text

if TYPE_CHECKING:
    from assistant.archive import Archive


class Notice(TypedDict):
    """A sentence for people, empty where all is as usual; ``busy`` while it changes by itself."""

    text: str
    busy: bool


def notice(archive: Archive) -> Notice:
    """Say how far a new index is, why an older one answers, or what is to be done without."""
    building = archive.new_index.progress
    if building is not None:
        said = progress_text(building)
        return {"text": f"{said[:1].upper()}{said[1:]}. Questions are answered.", "busy": True}
    remark, away = archive.new_index.remark, archive.index.vectors_away
    said = " ".join(f"{one[:1].upper()}{one[1:]}." for one in (remark, away) if one)
    return {"text": with_home(said), "busy": bool(away)}
