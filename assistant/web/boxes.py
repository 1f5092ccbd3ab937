"""The Corpus tab's boxes that are Gradio's own: the file drop and the filter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.uploads import Upload, file_name

import gradio as gr  # isort: skip


def upload_box() -> gr.File:
    """Return a file drop that hands over each file with its own name.

    It takes any kind of file: one that can't be read gets its line among the others, with the
    reason, instead of a passing message of the browser's.
    """
    box = gr.File(label="Add documents", file_count="multiple", height=168, elem_id="upload")

    def upload(file: Any) -> Upload:
        path = Path(file.path)
        return Upload(path, file_name(file.orig_name, path))

    # Gradio would hand over the cleaned-up name, and leave an empty file behind for each. (A
    # subclass would be the plain way, but Gradio writes a stub file next to a subclass's source.)
    vars(box)["_process_single_file"] = upload
    return box


def filter_box() -> gr.Textbox:
    """Return the box that narrows the table."""
    return gr.Textbox(
        label="Filter",
        show_label=False,
        container=False,
        placeholder="Filter by title, outlet, date or tag",
        elem_id="filter",
    )
