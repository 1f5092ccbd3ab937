"""The mails in a mailbox (mbox), each written as a file of its own."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from corpus.documents import slug
from corpus.errors import CorpusError
from corpus.readers.load import opened_errors
from corpus.unpacked import Writer

_START = b"From "
_QUOTED_START = re.compile(rb"^>(>*From )", re.MULTILINE)
_LONGEST_LINE = 1_000_000
_LONGEST_NAME = 80


def unpack_mails(path: Path, writer: Writer) -> None:
    """Write each mail of a mailbox as ``.eml``. Raises UnreadableFile."""
    with opened_errors(path):
        for number, mail in enumerate(_mails(path, writer.max_bytes), start=1):
            if mail is None:
                writer.fail(f"mail {number}", f"it has over {writer.max_bytes / 1e6:,.1f} MB")
                continue
            try:
                writer.write([f"{_stem(mail, number)}.eml"], _QUOTED_START.sub(rb"\1", mail))
            except CorpusError as error:
                writer.fail(f"mail {number}", str(error))


def _mails(path: Path, most: int) -> Iterator[bytes | None]:
    """Yield the mails one after another; None for one of more than ``most`` bytes."""
    with path.open("rb") as file:
        lines: list[bytes] = []
        size, after_blank = 0, True
        while line := file.readline(_LONGEST_LINE):
            if after_blank and line.startswith(_START):
                if size:
                    yield b"".join(lines) if size <= most else None
                lines, size = [], 0
            else:
                size += len(line)
                if size <= most:
                    lines.append(line)
                else:
                    lines.clear()
            after_blank = not line.strip()
        if size:
            yield b"".join(lines) if size <= most else None


def _stem(mail: bytes, number: int) -> str:
    headers = BytesHeaderParser(policy=email.policy.compat32).parsebytes(mail[:65_536])
    try:
        day = parsedate_to_datetime(str(headers["Date"])).date().isoformat() + "-"
    except (ValueError, TypeError, IndexError, OverflowError):
        day = ""
    subject = str(headers["Subject"] or "").replace("/", " ").replace(".", " ")
    return day + (slug(subject)[:_LONGEST_NAME].strip("-") if subject.strip() else f"mail-{number}")
