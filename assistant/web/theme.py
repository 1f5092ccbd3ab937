"""The look: Gradio's theme in our colours, and the style sheet and scripts beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)

import gradio as gr  # isort: skip

ASSETS = Path(__file__).with_name("assets")


@cache
def asset(name: str) -> str:
    """Return the text of one of the files beside this one."""
    return (ASSETS / name).read_text(encoding="utf-8")


def theme() -> gr.themes.Base:
    """Return the theme. Only fonts that Gradio brings along, in the two weights it has whole."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_md,
        font=[_local("IBM Plex Sans"), "ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=[_local("IBM Plex Mono"), "ui-monospace", "monospace"],
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_shadow="none",
    )


class _Font(gr.themes.LocalFont):
    """A font that stands in the middle of its line, as its makers drew it: the files that Gradio
    brings have lost its measures, and their letters hang above the middle of every button."""

    def stylesheet(self) -> dict[str, str | None]:
        measures = "ascent-override:102.5%;descent-override:27.5%;"
        css = str(super().stylesheet()["css"])
        return {"url": None, "css": css.replace("}", f"{measures}}}")}


def _local(name: str) -> _Font:
    return _Font(name, weights=(400, 700))
