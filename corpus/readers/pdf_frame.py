"""Where things are on a page: in its file's coordinates, as it is shown, and turned upright."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points (1/72 inch), from the top left corner of the page as it is shown."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a page's visible part lies in the coordinates of its file, and how it is turned."""

    visible: Box
    rotation: int

    def to_shown(self, box: Box) -> Box:
        """Turn a box of the file (left, bottom, right, top) into one of the page as shown."""
        left, bottom, right, top = self.visible
        x0, y0, x1, y1 = box
        if self.rotation == 90:
            return (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        if self.rotation == 180:
            return (right - x1, y0 - bottom, right - x0, y1 - bottom)
        if self.rotation == 270:
            return (top - y1, right - x1, top - y0, right - x0)
        return (x0 - left, top - y1, x1 - left, top - y0)


def upright(box: Box, turn: int, size: tuple[float, float]) -> Box:
    """Turn the page so that text that runs in direction ``turn`` (counterclockwise) runs right."""
    x0, y0, x1, y1 = box
    if turn == 0:
        return box
    width, height = size
    if turn == 1:
        return (height - y1, x0, height - y0, x1)
    if turn == 2:
        return (width - x1, height - y1, width - x0, height - y0)
    return (y0, width - x1, y1, width - x0)


def turned_back(box: Box, turn: int, size: tuple[float, float]) -> Box:
    """Undo the turn of an upright box, back to the page as it is shown."""
    x0, y0, x1, y1 = box
    width, height = size
    if turn == 1:
        return (y0, height - x1, y1, height - x0)
    if turn == 2:
        return (width - x1, height - y1, width - x0, height - y0)
    if turn == 3:
        return (width - y1, x0, width - y0, x1)
    return box
