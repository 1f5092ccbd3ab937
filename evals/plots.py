"""Small plots as SVG, drawn with the page's own colours so that they fit light and dark.

Each returns one ``<svg>`` with a title and a description for those who do not see it. Values are
numbers or None (a gap); all axes but a histogram's run from 0 to 1 unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.web.wording import counted, number, say
from evals.html_parts import local

WIDTH, HEIGHT = 440, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 14, 12, 42
_SERIES = 5
_Point = tuple[float, float]


def lines(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> str:
    """Draw values over runs, a line for each series; ``labels`` name the runs."""
    last = max(1, len(labels) - 1)
    drawn = []
    for place, (name, values) in enumerate(series.items()):
        points = [(i / last, value) for i, value in enumerate(values) if value is not None]
        drawn.append(_path(points, f"s{place % _SERIES}"))
        drawn += [_dot(x, y, f"s{place % _SERIES}", f"{name}: {number(y, 3)}") for x, y in points]
    shown = {0, len(labels) - 1, len(labels) // 2}
    ticks = [(i / last, label) for i, label in enumerate(labels) if i in shown]
    about = "; ".join(f"{name} {_ends(values)}" for name, values in series.items())
    return _svg(title, about, _frame(ticks, "") + "".join(drawn)) + _legend(list(series))


def curve(title: str, points: Sequence[_Point], x_label: str, y_label: str, about: str) -> str:
    """Draw one curve."""
    return _svg(title, about, _frame(_unit_ticks(), x_label, y_label) + _path(points, "s0"))


def reliability(title: str, bins: Sequence[tuple[float, float, int]], about: str) -> str:
    """Draw a reliability diagram from (mean confidence, share that is so, cases) of each bin.

    The nearer the dots are to the diagonal, the more a confidence means what it says.
    """
    most = max((count for _, _, count in bins), default=1)
    diagonal = _path([(0, 0), (1, 1)], "guide")
    dots = [
        _dot(x, y, "s0", _bin(x, y, count), 3 + 7 * (count / most) ** 0.5) for x, y, count in bins
    ]
    frame = _frame(_unit_ticks(), say("evals.plots.confidence"), say("evals.plots.answerable"))
    return _svg(title, about, frame + diagonal + "".join(dots))


def histogram(title: str, values: Sequence[float], unit: str, bins: int = 24) -> str:
    """Draw how often values of each size occur; the axis runs from 0 to the largest."""
    if not values:
        return _svg(title, say("evals.plots.nothing"), "")
    top = max(values) or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / top * bins))] += 1
    most = max(counts)
    bars = [
        _bar(i / bins, (i + 1) / bins, count / most, _below(count, (i + 1) * top / bins))
        for i, count in enumerate(counts)
        if count
    ]
    ticks = [(share, f"{_size(share * top)} {unit}") for share in (0.0, 0.5, 1.0)]
    about = counted("evals.plots.values", len(values), top=_size(top), unit=unit)
    return _svg(title, about, _frame(ticks, "", y_ticks=()) + "".join(bars))


def _svg(title: str, about: str, inside: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}: '
        f'{escape(about)}">{inside}</svg>'
    )


def _frame(
    x_ticks: Sequence[tuple[float, str]],
    x_label: str,
    y_label: str = "",
    y_ticks: Sequence[float] = (0, 0.25, 0.5, 0.75, 1),
) -> str:
    parts = [_path([(0, 0), (1, 0)], "axis")]
    for value in y_ticks:
        parts.append(_path([(0, value), (1, value)], "grid"))
        parts.append(_text(_LEFT - 8, _y(value) + 4, local(f"{value:g}"), "end"))
    for share, label in x_ticks:
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        parts.append(_text(_x(share), HEIGHT - _BOTTOM + 17, label, anchor))
    if x_label:
        parts.append(_text(_x(0.5), HEIGHT - 6, x_label, "middle"))
    if y_label:
        middle = _y(0.5)
        turned = f'transform="rotate(-90 10 {middle})"'
        parts.append(
            f'<text x="10" y="{middle}" text-anchor="middle" {turned}>{escape(y_label)}</text>'
        )
    return "".join(parts)


def _unit_ticks() -> list[tuple[float, str]]:
    return [(value, local(f"{value:g}")) for value in (0.0, 0.25, 0.5, 0.75, 1.0)]


def _path(points: Sequence[_Point], kind: str) -> str:
    places = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{kind}" points="{places}"/>' if points else ""


def _dot(x: float, y: float, kind: str, label: str, radius: float = 3.5) -> str:
    return (
        f'<circle class="{kind}" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{radius:.1f}">'
        f"<title>{escape(label)}</title></circle>"
    )


def _bar(left: float, right: float, height: float, label: str) -> str:
    x, top = _x(left) + 1, _y(height)
    return (
        f'<rect class="bar" x="{x:.1f}" y="{top:.1f}" width="{_x(right) - x - 1:.1f}" '
        f'height="{_y(0) - top:.1f}"><title>{escape(label)}</title></rect>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _legend(names: Sequence[str]) -> str:
    items = "".join(
        f'<li><i class="s{place % _SERIES}"></i>{escape(name)}</li>'
        for place, name in enumerate(names)
    )
    return f'<ul class="legend">{items}</ul>'


def _ends(values: Sequence[float | None]) -> str:
    present = [value for value in values if value is not None]
    if not present:
        return say("evals.plots.never")
    return say("evals.plots.ends", first=number(present[0], 3), last=number(present[-1], 3))


def _bin(confidence: float, share: float, cases: int) -> str:
    return counted("evals.plots.dot", cases, at=number(confidence, 2), share=number(share, 2))


def _below(count: int, top: float) -> str:
    return say("evals.plots.below", n=count, top=_size(top))


def _size(value: float) -> str:
    """Return a measured value, three digits of it or all before the point."""
    return number(value) if value >= 100 else local(f"{value:.3g}")


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)
