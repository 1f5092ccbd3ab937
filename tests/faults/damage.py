"""Ways for a file to come to harm."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], None]


def cut_in_half(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def overwritten(path: Path) -> None:
    path.write_bytes(b"garbage " * (path.stat().st_size // 8 + 1))


def deleted(path: Path) -> None:
    path.unlink()


def flip(path: Path, chance: random.Random) -> tuple[int, int]:
    """Flip one bit of one byte, and return its place and which."""
    data = bytearray(path.read_bytes())
    place, bit = chance.randrange(len(data)), chance.randrange(8)
    data[place] ^= 1 << bit
    path.write_bytes(bytes(data))
    return place, bit


DAMAGES: tuple[Damage, ...] = (cut_in_half, emptied, overwritten, deleted)


def flip_some(path: Path, chance: random.Random) -> None:
    """Flip a bit in one byte of two hundred, at least in one."""
    data = bytearray(path.read_bytes())
    for _ in range(max(1, len(data) // 200) if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))
