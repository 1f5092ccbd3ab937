"""Parts of the page that are Gradio's own: plain HTML, the file drop and the filter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.uploads import Upload, file_name, folder_of
from assistant.web.wording import say

import gradio as gr  # isort: skip


def html_box(value: str, elem_id: str | None = None, script: str | None = None) -> gr.HTML:
    """Return a part of the page that is our own HTML, with the script that makes it live."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def upload_box() -> gr.File:
    """Return a file drop that hands over each file with its own name.

    It takes any kind of file: one that can't be read gets its line among the others, with the
    reason, instead of a passing message of the browser's.
    """
    box = gr.File(label=say("adding.upload"), file_count="multiple", height=168, elem_id="upload")

    def upload(file: Any) -> Upload:
        path = Path(file.path)
        return Upload(path, file_name(file.orig_name, path), folder_of(file.orig_name))

    # Gradio would hand over the cleaned-up name, and leave an empty file behind for each. (A
    # subclass would be the plain way, but Gradio writes a stub file next to a subclass's source.)
    vars(box)["_process_single_file"] = upload
    return box


def filter_box() -> gr.Textbox:
    """Return the box that narrows the table."""
    return gr.Textbox(
        label=say("corpus.filter"),
        show_label=False,
        container=False,
        placeholder=say("corpus.filter_by"),
        elem_id="filter",
    )
