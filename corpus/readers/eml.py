"""Mails: the text a person wrote, who wrote it and when; what else hangs on it is named."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from corpus.documents import Removed
from corpus.readers.front_matter import one_line
from corpus.readers.plain import lay_out
from corpus.readers.raw import RawText, Stated
from corpus.readers.trees import reading_as

MEDIA_TYPE = "message/rfc822"
_MOST_PARTS = 1_000
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
# A signature has four lines by custom; anything much longer is text under a rule of two dashes.
_LONGEST_SIGNATURE = 12


def read_eml(data: bytes, *, name: str) -> RawText:
    """Read a mail; ``name`` is the file's, for messages.

    The plain part counts, else the HTML part. The signature and what an HTML part does not show go
    to ``dropped``; the mail that is answered, quoted with ``>``, stays. ``problems`` name the
    attachments. Raises UnreadableFile.
    """
    with reading_as("a mail", name=name):
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        text, dropped = _laid_out(part_text(body), is_html=_is_html(body))
        return RawText(text, MEDIA_TYPE, _stated(message), dropped)


def _is_html(part: MIMEPart | None) -> bool:
    return part is not None and part.get_content_subtype() == "html"


def _laid_out(content: str, *, is_html: bool) -> tuple[str, tuple[Removed, ...]]:
    if is_html:
        from corpus.readers.html import read_mail_page

        return read_mail_page(content)
    text, signature = _without_signature(content)
    text = lay_out(text)
    line = text.count("\n") + 2
    return text, (Removed(line, signature, "signature"),) if signature else ()


def part_text(part: MIMEPart | None) -> str:
    """Return the text of a part of a message, with ``\\n`` line ends."""
    if part is None:
        return ""
    data = cast(bytes, part.get_payload(decode=True) or b"")
    text = _decoded(data, part.get_content_charset(""))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, charset: str) -> str:
    """Decode a part; many state no charset, or a false one, and most of those are UTF-8."""
    for encoding in (charset, "utf-8"):
        try:
            if encoding:
                return data.decode(encoding)
        except (LookupError, ValueError):
            pass
    return data.decode("windows-1252", "replace")


def _without_signature(text: str) -> tuple[str, str]:
    marks = list(_SIGNATURE.finditer(text))
    if not marks:
        return text, ""
    signature = text[marks[-1].end() :].strip("\n")
    if signature.count("\n") >= _LONGEST_SIGNATURE or "\n>" in f"\n{signature}":
        return text, ""
    return text[: marks[-1].start()], one_line(signature)


def _stated(message: EmailMessage) -> Stated:
    real_name, address = parseaddr(_header(message, "From"))
    return Stated(
        title=one_line(_header(message, "Subject")) or None,
        author=one_line(real_name or address) or None,
        date=_day(_header(message, "Date")),
        language=one_line(_header(message, "Content-Language").partition(",")[0]) or None,
        problems=_attachments(message),
    )


def _header(message: EmailMessage, field: str) -> str:
    try:
        return str(message.get(field) or "")
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return ""  # the standard library's own trouble with hostile headers


def _day(stated: str) -> str | None:
    try:
        return parsedate_to_datetime(stated).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return one_line(stated) or None


def _attachments(message: EmailMessage) -> tuple[str, ...]:
    names = []
    for _, part in zip(range(_MOST_PARTS), message.walk(), strict=False):
        file_name = one_line(part.get_filename() or "")
        # Pictures that stand in the text of an HTML mail are no documents.
        if file_name and part.get_content_disposition() != "inline":
            names.append(f"attachment {file_name} was not read: add it by itself")
    return tuple(dict.fromkeys(names))
