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
from corpus.readers.trees import html_blocks, reading_as

MEDIA_TYPE = "message/rfc822"
_MOST_PARTS = 1_000
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
# A signature has four lines by custom; anything much longer is text under a rule of two dashes.
_LONGEST_SIGNATURE = 12


def read_eml(data: bytes, *, name: str) -> RawText:
    """Read a mail; ``name`` is the file's, for messages.

    The plain part counts, else the HTML part. The signature goes to ``dropped``; the mail that is
    answered, quoted with ``>``, stays. ``problems`` name the attachments. Raises UnreadableFile.
    """
    with reading_as("a mail", name=name):
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        content = _content(body)
        is_html = body is not None and body.get_content_subtype() == "html"
        text, signature = (content, "") if is_html else _without_signature(content)
        text = "\n\n".join(html_blocks(text)) if is_html else lay_out(text)
        line = text.count("\n") + 2
        dropped = (Removed(line, signature, "signature"),) if signature else ()
        return RawText(text, MEDIA_TYPE, _stated(message), dropped)


def _content(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, ValueError):
        # An unknown or a false charset: what is ASCII can be read all the same.
        content = cast(bytes, part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return content.replace("\r\n", "\n").replace("\r", "\n")


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
