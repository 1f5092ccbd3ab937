"""The Corpus tab: its components, and which event of them calls what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.addresses import Wanted, fetch, form_html, wanted_from
from assistant.web.batches import Batches
from assistant.web.boxes import filter_box, html_box, upload_box
from assistant.web.corpus_tab import View, corpus_html, told_html
from assistant.web.curation import Curation
from assistant.web.findings import check_html, checking_html, failed_html, findings_html
from assistant.web.formats import hint_html, unfold_html
from assistant.web.fresh import fresh
from assistant.web.listed import Listed
from assistant.web.outcomes import Outcome, outcomes_html
from assistant.web.removals import Removals
from assistant.web.rights import allow_here, refusal_here
from assistant.web.theme import asset
from assistant.web.told import sentence
from assistant.web.uploads import Upload, take
from assistant.web.wanted import WishList
from assistant.web.wording import say
from assistant.web.work import attempted, progress_text, watched
from index.entries import Progress, ProgressListener

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

# People who add or check at the same moment are served side by side; the archive lets one write
# at a time.
ADDING = 4

_QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
_EMPTIED = "(...sent) => { setTimeout(() => window.archiveEmptied()); return sent; }"
_LONG: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "concurrency_limit": ADDING,
}


class CorpusPage:
    """The tab over an archive. Made inside the tab's context, it draws its components there."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._curation = Curation(archive)
        self._removals = Removals()
        self._listed = Listed(archive)
        # Each person's own, of this visit.
        self._view = gr.State(View())
        self._batches = gr.State(Batches())
        with gr.Row(elem_classes="page", elem_id="corpus-page"):
            with gr.Column(scale=2, min_width=280, elem_id="adding"):
                html_box(unfold_html(), "unfold", asset("unfold.js"))
                self._upload = upload_box()
                html_box(hint_html(archive.settings.max_file_mb), "upload-hint", asset("folder.js"))
                self._form = html_box(form_html(), "fetch", asset("fetch.js"))
                self._log = html_box(outcomes_html(()), "log")
                self._web_log = html_box(outcomes_html((), say("adding.pages")), "web-log")
            with gr.Column(scale=5, min_width=280, elem_id="holding"):
                with gr.Row(elem_id="tools"):
                    self._filter = filter_box()
                    self._check = html_box(check_html(), "check", asset("check.js"))
                self._wishes = WishList(archive)
                self._findings = html_box("", "findings", asset("findings.js"))
                self._table = html_box("", "corpus", asset("corpus.js"))
            self._details = html_box("", "details", asset("details.js"))

    def connect(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Attach every event of the tab."""
        self._connect_adding()
        self._wishes.connect(page, tab)
        looking = [self._filter, self._view]
        self._table.remove(self.remove, looking, self._table, **_QUIET)
        self._table.bring_back(self.bring_back, looking, self._table, **_QUIET)
        self._table.sort(self.sort, looking, [self._view, self._table], **_QUIET)
        self._table.more(self.more, looking, [self._view, self._table], **_QUIET)
        self._filter.change(self.show, looking, self._table, trigger_mode="always_last", **_QUIET)
        page.load(self.show, looking, self._table, **_QUIET)
        # The folder may have changed by hand since the page was opened.
        tab.select(self.show, looking, self._table, **_QUIET)
        self._connect_details(looking)
        examined = [self._check, self._findings, self._table]
        self._check.check(self.check, looking, examined, **_LONG)
        self._findings.repair(self.repair, looking, examined, **_LONG)

    def _connect_adding(self) -> None:
        looking = [self._filter, self._view]
        self._upload.upload(
            self.add,
            [self._upload, *looking, self._batches],
            [self._log, self._table],
            js=_EMPTIED,
            trigger_mode="multiple",  # more files may come while the first are being read
            **_LONG,
        )
        # At once: were the box emptied when its files are done, those chosen meanwhile were lost.
        self._form.emptied(None, None, self._upload, js="() => [null]", **_QUIET)
        self._form.fetch(self.fetch, looking, [self._form, self._web_log, self._table], **_LONG)

    def _connect_details(self, looking: list[Any]) -> None:
        panel, curation = self._details, self._curation
        for event, act in ((panel.open, curation.open), (panel.read, curation.read)):
            event(_sent(act), None, panel, **_QUIET)
        changing = (
            (panel.save, curation.save),
            (panel.restore, curation.restore),
            (panel.take_out, curation.take_out),
            (panel.release, curation.release),
        )
        for event, act in changing:
            event(self._then_show(act), looking, [panel, self._table], **_QUIET)

    # ------------------------------------------------------------------ the table

    def show(self, words: str | None, view: View, notice: str = "", undo: str = "") -> str:
        """Return the table."""
        said = told_html(notice, undo)
        listing, taken_out = self._listed.now(), self._listed.taken_out
        return fresh(corpus_html(listing, words or "", said, view=view, taken_out=taken_out))

    def sort(self, words: str | None, view: View, event: gr.EventData) -> tuple[View, str]:
        """Sort by a column, or turn its order round."""
        view = view.sorted_by(str((event._data or {}).get("by", "")))
        return view, self.show(words, view)

    def more(self, words: str | None, view: View) -> tuple[View, str]:
        """Show more rows."""
        view = view.more()
        return view, self.show(words, view)

    def remove(self, words: str | None, view: View, event: gr.EventData) -> str:
        """Remove a document."""
        document_id = str((event._data or {}).get("id", ""))

        def work() -> tuple[str, str]:
            allow_here(self._archive, "curate")
            title, token = self._removals.remove(self._archive, document_id)
            return say("corpus.removed", title=title), token

        return self.show(words, view, *attempted(work, lambda why: (sentence(why), "")))

    def bring_back(self, words: str | None, view: View, event: gr.EventData) -> str:
        """Undo a removal."""
        token = str((event._data or {}).get("token", ""))

        def work() -> str:
            allow_here(self._archive, "curate")
            title = self._removals.bring_back(self._archive, token)
            return say("corpus.back_again", title=title)

        return self.show(words, view, attempted(work, sentence))

    # ------------------------------------------------------------------ adding and checking

    def add(
        self, uploads: list[Upload] | None, words: str | None, view: View, batches: Batches
    ) -> Iterator[tuple[Any, ...]]:
        """Take the dropped files in, one line each."""
        if why := refusal_here(self._archive, "curate"):
            names = [one.shown for one in uploads or ()] or [say("adding.files")]
            refused = tuple(Outcome(name, "failed", why) for name in names)
            yield outcomes_html(refused), gr.skip()
            return
        batch, outcomes = batches.begin(), tuple[Outcome, ...]()
        for outcomes in take(self._archive, uploads or []):
            yield outcomes_html(batches.put(batch, outcomes)), gr.skip()
        batches.end(batch)
        yield outcomes_html(batches.put(batch, outcomes)), self.show(words, view)

    def fetch(
        self, words: str | None, view: View, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        """Add what a web address leads to, one line a page."""
        wanted, pages = wanted_from(event._data or {}), say("adding.pages")
        if wanted.errors:
            yield fresh(form_html(wanted)), gr.skip(), gr.skip()
            return
        if why := refusal_here(self._archive, "curate"):
            refused = Outcome(wanted.address, "failed", why)
            yield fresh(form_html(wanted)), outcomes_html((refused,), pages), gr.skip()
            return
        outcomes: tuple[Outcome, ...] = ()
        for outcomes in fetch(self._archive, wanted):
            yield gr.skip(), outcomes_html(outcomes, pages), gr.skip()
        # What could not be had stays in the form, to be corrected.
        failed = all(one.state == "failed" for one in outcomes)
        form = fresh(form_html(wanted if failed else Wanted()))
        yield form, outcomes_html(outcomes, pages), self.show(words, view)

    def check(self, words: str | None, view: View) -> Iterator[tuple[Any, ...]]:
        """Examine the corpus."""
        yield from self._examine(words, view, repair=False)

    def repair(self, words: str | None, view: View) -> Iterator[tuple[Any, ...]]:
        """Mend what loses nothing, and examine again."""
        yield from self._examine(words, view, repair=True)

    def _examine(self, words: str | None, view: View, *, repair: bool) -> Iterator[tuple[Any, ...]]:
        if why := refusal_here(self._archive, "curate"):
            yield fresh(check_html()), failed_html(why), gr.skip()
            return
        yield gr.skip(), checking_html(say("check.running")), gr.skip()
        steps = watched(lambda progress: self._examined(repair, progress), failed_html)
        for step in steps:
            if isinstance(step, Progress):
                yield gr.skip(), checking_html(progress_text(step).capitalize()), gr.skip()
            else:
                yield fresh(check_html()), step, self.show(words, view)

    def _examined(self, repair: bool, progress: ProgressListener) -> str:
        from assistant.health import doctor_json

        found = doctor_json(self._archive, repair=repair, progress=progress)
        return findings_html(found, self._listed.now().titles, str(self._archive.home.documents))

    # ------------------------------------------------------------------ the panel

    def _then_show(
        self, act: Callable[[Mapping[str, Any]], str]
    ) -> Callable[[str | None, View, gr.EventData], tuple[str, str]]:
        def handle(words: str | None, view: View, event: gr.EventData) -> tuple[str, str]:
            sent = event._data or {}
            why = refusal_here(self._archive, "curate")
            panel = fresh(self._curation.refused(sent, why) if why else act(sent))
            return panel, self.show(words, view)

        return handle


def _sent(act: Callable[[Mapping[str, Any]], str]) -> Callable[[gr.EventData], str]:
    def handle(event: gr.EventData) -> str:
        return fresh(act(event._data or {}))

    return handle
