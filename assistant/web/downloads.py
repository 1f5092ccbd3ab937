"""Files to download: kept conversations, links that bring them to a browser, and backups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse

from assistant.contract_chats import conversation_json
from assistant.export import FORMATS, MEDIA_TYPES, exported_text, file_name
from assistant.users import allow, user_of
from assistant.web.told import sentence, told
from assistant.web.visitor import COOKIE, asker, cookie_of, new_secret, reader_of
from assistant.web.wording import say
from corpus.errors import ArchiveError, RequestRefused

if TYPE_CHECKING:
    from assistant.archive import Archive

BACKUPS = "backups"
"""The folder of a home that the page's backups go to."""
_BACKUP = re.compile(r"[\w.-]{1,100}\.zip")


def is_backup(name: str) -> bool:
    """Tell whether a file of that folder is handed out: by a plain name, so that none leads out."""
    return bool(_BACKUP.fullmatch(name))


def add_downloads(app: FastAPI, archive: Archive) -> None:
    """Let the application answer ``GET /chats/<id>/<format>`` with a file, for the browser that it
    belongs to, ``GET /chats/link/<token>`` with the page, to whom offered conversations then
    belong, and ``GET /backups/<name>`` with a backup."""

    def link(token: str, request: Request) -> Response:
        offered = archive.chats.offers.take(token) if archive.settings.keep_chats else None
        if offered is None:
            return _plain(say("history.link_used"), 404)
        given = request.cookies.get(COOKIE, "")
        secret = given if reader_of(request.cookies) else new_secret()
        try:
            owner = user_of(request.scope)
            archive.chats.hand_over(offered, owner.reader if owner else reader_of({COOKIE: secret}))
        except ArchiveError as error:
            return _plain(sentence(told(error)), 503)
        return Response(
            status_code=303,
            headers={"location": "/", "set-cookie": cookie_of(secret, request.url.scheme)},
        )

    def download(chat: str, form: str, request: Request) -> Response:
        reader = asker(request)
        if form not in FORMATS or not reader or not archive.settings.keep_chats:
            return _plain(say("history.no_such"), 404)
        try:
            found = archive.chats.open(chat, reader)
        except ArchiveError as error:
            return _plain(sentence(told(error)), 404)
        name = file_name(found.chat.title, form)
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        }
        text = exported_text(conversation_json(found), form)
        return Response(text, media_type=MEDIA_TYPES[form], headers=headers)

    def backup(name: str, request: Request) -> Response:
        # It holds the conversations of all readers: for who looks after them, and nobody else.
        try:
            allow(archive.settings, request.scope, "look after")
        except RequestRefused as error:
            return _plain(sentence(told(error)), 403)
        file = archive.home.root / BACKUPS / name
        if not is_backup(name) or file.is_symlink() or not file.is_file():
            return _plain(say("settings.no_backup"), 404)
        return FileResponse(
            file, media_type="application/zip", filename=name, headers={"cache-control": "no-store"}
        )

    app.add_api_route("/backups/{name}", backup, methods=["GET"], response_model=None)
    app.add_api_route("/chats/link/{token}", link, methods=["GET"], response_model=None)
    app.add_api_route("/chats/{chat}/{form}", download, methods=["GET"], response_model=None)


def _plain(text: str, status: int) -> Response:
    return Response(text + "\n", status, media_type="text/plain; charset=utf-8")
