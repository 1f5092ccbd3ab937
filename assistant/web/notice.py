"""The line above the question: what is going on with the index, when there is something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from assistant.spoken import with_home
from assistant.vector_server import WITHOUT
from assistant.web.wording import say
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
        text = f"{said[:1].upper()}{said[1:]}. {say('page.still_answering')}"
        return {"text": text, "busy": True}
    remark, away = archive.new_index.remark, bool(archive.index.vectors_away)
    said = f"{remark[:1].upper()}{remark[1:]}." if remark else ""
    text = " ".join(filter(None, (said, WITHOUT if away else "")))
    return {"text": with_home(text), "busy": away}
