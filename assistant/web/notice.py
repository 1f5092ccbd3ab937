"""The line above the question: what is going on with the index, when there is something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from assistant.asking import ALONE
from assistant.vector_server import WITHOUT
from assistant.web.told import sentence, told
from assistant.web.wording import say
from assistant.web.work import progress_text

if TYPE_CHECKING:
    from assistant.archive import Archive


class Notice(TypedDict):
    """A sentence for people, empty where all is as usual; ``busy`` while it changes by itself."""

    text: str
    busy: bool


def notice(archive: Archive, *, looks_after: bool = True) -> Notice:
    """Say how far a new index is, why an older one answers, or what is to be done without.

    Where the documents and the database of several hosts are is told only to whoever looks after
    the archive; readers hear what it means for their answers.
    """
    building = archive.new_index.progress
    if building is not None:
        said = progress_text(building)
        text = f"{said[:1].upper()}{said[1:]}. {say('page.still_answering')}"
        return {"text": text, "busy": True}
    remark, away = archive.new_index.remark, bool(archive.index.vectors_away)
    sharing = archive.index.sharing
    alone = ""
    if sharing.remark and not looks_after:
        remark = remark.replace(sharing.remark, "").strip("; ")
        alone = ALONE if sharing.is_away else ""
    parts = (sentence(told(remark)) if remark else "", alone, WITHOUT if away else "")
    return {"text": " ".join(map(told, filter(None, parts))), "busy": away}
