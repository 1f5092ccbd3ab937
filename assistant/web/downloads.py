"""Addresses of kept conversations: files to download, and links that bring them to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response

from assistant.contract_chats import conversation_json
from assistant.export import FORMATS, MEDIA_TYPES, exported_text, file_name
from assistant.spoken import with_home
from assistant.users import user_of
from assistant.web.chat import sentence
from assistant.web.visitor import COOKIE, asker, cookie_of, new_secret, reader_of
from assistant.web.wording import say
from corpus.errors import ArchiveError

if TYPE_CHECKING:
    from assistant.archive import Archive


def add_downloads(app: FastAPI, archive: Archive) -> None:
    """Let the application answer ``GET /chats/<id>/<format>`` with a file, for the browser that it
    belongs to, and ``GET /chats/link/<token>`` with the page, to whom offered conversations then
    belong."""

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
            return _plain(sentence(with_home(str(error))), 503)
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
            return _plain(sentence(with_home(str(error))), 404)
        name = file_name(found.chat.title, form)
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        }
        text = exported_text(conversation_json(found), form)
        return Response(text, media_type=MEDIA_TYPES[form], headers=headers)

    app.add_api_route("/chats/link/{token}", link, methods=["GET"], response_model=None)
    app.add_api_route("/chats/{chat}/{form}", download, methods=["GET"], response_model=None)


def _plain(text: str, status: int) -> Response:
    return Response(text + "\n", status, media_type="text/plain; charset=utf-8")
