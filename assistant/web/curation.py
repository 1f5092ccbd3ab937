"""What a curator does in a document's panel: correct it, put parts back, release it, read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.web.details import details_html, gone_html, particulars
from assistant.web.edits import edit_from
from assistant.web.parts import part_key
from assistant.web.reading import reading_html
from assistant.web.told import told
from assistant.web.wording import say
from assistant.web.work import attempted
from corpus.errors import UnknownDocument
from index.entries import Changes

if TYPE_CHECKING:
    from assistant.archive import Archive


class Curation:
    """Each method returns the panel as HTML, whatever happens; ``sent`` is what the browser said.

    The archive does one thing at a time, so two people who curate the same document come one
    after the other; ``edits`` sees to it that neither overwrites the other unawares.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def open(self, sent: Mapping[str, Any]) -> str:
        """Show a document's panel."""
        return self._panel(_id(sent), all_parts=bool(sent.get("all")))

    def refused(self, sent: Mapping[str, Any], why: str) -> str:
        """Show a document's panel with the reason why nothing was done."""
        return self._panel(_id(sent), why)

    def read(self, sent: Mapping[str, Any]) -> str:
        """Show a document's text as it is retrieved, from an offset on."""
        document_id = _id(sent)
        begin = sent.get("from")
        return self._safely(
            document_id,
            lambda: reading_html(
                self._archive.document(document_id), begin if isinstance(begin, int) else 0
            ),
        )

    def save(self, sent: Mapping[str, Any]) -> str:
        """Write the corrected facts, all of them or none."""
        document_id = _id(sent)

        def save() -> str:
            known = particulars(self._archive, document_id)
            edit = edit_from(sent, known.entry)
            if edit.errors:
                return details_html(known, edit=edit)
            if not edit.changed():
                return self._panel(document_id, say("details.same"))
            return self._done(
                document_id,
                self._archive.describe(document_id, edit.overrides()),
                say("details.saved"),
            )

        return self._safely(document_id, save)

    def restore(self, sent: Mapping[str, Any]) -> str:
        """Put a part back that was taken out."""
        return self._with_part(
            sent,
            lambda document_id: [one.text for one in self._archive.removed_parts(document_id)],
            self._archive.restore_removed,
            say("parts.was_put_back"),
        )

    def take_out(self, sent: Mapping[str, Any]) -> str:
        """Take a part out again that was put back."""
        return self._with_part(
            sent,
            lambda document_id: list(self._archive.restored_parts(document_id)),
            self._archive.keep_out,
            say("parts.was_taken_out"),
        )

    def release(self, sent: Mapping[str, Any]) -> str:
        """Let a quarantined document be retrieved."""
        document_id = _id(sent)
        return self._safely(
            document_id,
            lambda: self._done(
                document_id,
                self._archive.release([document_id]),
                say("details.released"),
            ),
        )

    def _with_part(
        self,
        sent: Mapping[str, Any],
        parts: Callable[[str], list[str]],
        act: Callable[[str, list[str]], Changes],
        said: str,
    ) -> str:
        document_id, key = _id(sent), str(sent.get("part", ""))

        def work() -> str:
            texts = list(dict.fromkeys(one for one in parts(document_id) if part_key(one) == key))
            if not texts:
                return self._panel(document_id, say("details.meanwhile"))
            return self._done(document_id, act(document_id, texts), said)

        return self._safely(document_id, work)

    def _done(self, document_id: str, changes: Changes, said: str) -> str:
        for failed in changes.failed:
            said = told(failed.error)
        return self._panel(document_id, said)

    def _panel(self, document_id: str, notice: str = "", *, all_parts: bool = False) -> str:
        try:
            known = particulars(self._archive, document_id)
        except UnknownDocument:
            return gone_html(document_id)
        return details_html(known, notice=notice, all_parts=all_parts)

    def _safely(self, document_id: str, work: Callable[[], str]) -> str:
        return attempted(work, lambda why: self._panel(document_id, why))


def _id(sent: Mapping[str, Any]) -> str:
    return str(sent.get("id", ""))
