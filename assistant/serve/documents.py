"""``/api/documents``: list, show, add and remove, with the objects that the commands print."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body, FastAPI, File, Form, Query, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from assistant.client import LocalClient
from assistant.contract_corpus import ChangesJson, EntryJson, ShowJson
from assistant.serve import examples
from assistant.serve.bodies import AboutBody, AddBody, Date, Name, Names
from assistant.serve.described import answers
from assistant.serve.errors import refusal
from assistant.serve.headers import App, Receive, Scope, Send
from assistant.serve.service import Service
from assistant.users import allow
from corpus.documents import Overrides
from corpus.errors import BodyTooLarge, RequestRefused, UnreadableFile, UsageError
from corpus.safe_names import safe_name

if TYPE_CHECKING:
    from assistant.settings import Settings

_DOCUMENTS = "/api/documents"
_MOST_FILES = 100


class CuratorsOnly:
    """An ASGI application around the service's, which takes no files of somebody who may not add
    them: a route is only asked once all of the body is there."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        if is_post and scope["path"].startswith(_DOCUMENTS):
            try:
                allow(self._settings, scope, "curate")
            except RequestRefused as error:
                await refusal(scope["path"], error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def add_documents(app: FastAPI, service: Service) -> None:
    """Let an application show and change the documents."""
    _add_reading(app, service)
    _add_changing(app, service)


def _add_reading(app: FastAPI, service: Service) -> None:
    def list_documents(
        request: Request,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        limit: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    ) -> JSONResponse:
        """List the documents, the newest first."""
        allow(service.archive.settings, request.scope, "read")
        entries = LocalClient(service.archive).list()
        shown = entries[offset:] if limit is None else entries[offset : offset + limit]
        return JSONResponse(shown, headers={"x-total-count": str(len(entries))})

    def show(request: Request, document_id: str) -> JSONResponse:
        """Show a document with its text, exactly as it is searched and quoted."""
        allow(service.archive.settings, request.scope, "read")
        return JSONResponse(LocalClient(service.archive).show(document_id))

    options: dict[str, Any] = {"methods": ["GET"], "tags": ["documents"], "response_model": None}
    app.add_api_route(
        _DOCUMENTS,
        list_documents,
        responses=answers(list[EntryJson], [examples.ENTRY], 503),
        **options,
    )
    app.add_api_route(
        "/api/documents/{document_id:path}",
        show,
        responses=answers(ShowJson, examples.SHOWN, 404, 503),
        **options,
    )


def _add_changing(app: FastAPI, service: Service) -> None:
    async def changed(request: Request, work: Callable[[LocalClient], ChangesJson]) -> JSONResponse:
        allow(service.archive.settings, request.scope, "curate")
        async with service.adding.turn():
            return _report(await run_in_threadpool(work, LocalClient(service.archive)))

    async def upload(
        request: Request,
        files: Annotated[list[UploadFile], File(description="In any format that can be read.")],
        title: Annotated[Name | None, Form()] = None,
        author: Annotated[Name | None, Form()] = None,
        date: Annotated[Date | None, Form()] = None,
        source: Annotated[Name | None, Form()] = None,
        tags: Annotated[Names, Form()] = [],  # noqa: B006  (FastAPI copies it)
    ) -> JSONResponse:
        """Add files. Each is read in a process of its own; the report names what was not taken."""
        about = AboutBody(title=title, author=author, date=date, source=source, tags=tags)
        return await changed(
            request, lambda client: _uploaded(service, client, files, about.overrides())
        )

    async def fetch(
        request: Request, body: Annotated[AddBody, Body(openapi_examples=examples.FETCH)]
    ) -> JSONResponse:
        """Add web pages, or what feeds and sitemaps lead to."""
        overrides = body.overrides()
        if body.title and len(body.urls) > 1:
            raise UsageError("a title names one document: add the addresses one by one")
        return await changed(
            request,
            lambda client: client.add(
                body.urls, overrides=overrides, limit=body.limit, match=body.match
            ),
        )

    async def remove(request: Request, document_id: str) -> JSONResponse:
        """Remove a document from the corpus, with its file."""

        def work(client: LocalClient) -> ChangesJson:
            service.archive.entry(document_id)  # or it is answered that there is none
            return client.remove([document_id])

        return await changed(request, work)

    responses = answers(ChangesJson, examples.CHANGES, 400, 404, 409, 413, 429, 503)
    options: dict[str, Any] = {"tags": ["documents"], "response_model": None}
    options["responses"] = responses
    app.add_api_route(_DOCUMENTS, upload, methods=["POST"], **options)
    app.add_api_route("/api/documents/from-web", fetch, methods=["POST"], **options)
    app.add_api_route("/api/documents/{document_id:path}", remove, methods=["DELETE"], **options)


def _uploaded(
    service: Service, client: LocalClient, files: Sequence[UploadFile], overrides: Overrides
) -> ChangesJson:
    if len(files) > _MOST_FILES:
        raise BodyTooLarge(f"{len(files)} files came, and {_MOST_FILES} are the most: send fewer")
    if overrides.title and len(files) > 1:
        raise UsageError("a title names one document: send the files one by one")
    with _laid_out(files, service.archive.settings.max_file_mb * 1_000_000) as (folder, paths):
        changes = client.add([str(path) for path in paths], overrides=overrides)
    return _without_folder(changes, f"{folder}/")


@contextmanager
def _laid_out(files: Sequence[UploadFile], largest: int) -> Iterator[tuple[Path, list[Path]]]:
    """Give the files under their own names, made safe, in a folder that is deleted in the end."""
    folder = Path(tempfile.mkdtemp(prefix="archive-upload-"))
    try:
        paths = []
        for number, file in enumerate(files):
            name = safe_name(file.filename or "")
            if file.size is not None and file.size > largest:
                raise BodyTooLarge(
                    f"{name} is larger than {largest // 1_000_000} MB: split it up, or set "
                    "max_file_mb"
                )
            place = folder / str(number)
            place.mkdir()
            with (place / name).open("wb") as copy:
                shutil.copyfileobj(file.file, copy)
            paths.append(place / name)
        yield folder, paths
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _without_folder(changes: ChangesJson, folder: str) -> ChangesJson:
    """Name files as the caller does: where they lay meanwhile means nothing to anybody."""

    def named(text: str) -> str:
        before, found, after = text.partition(folder)
        return before + named(after.partition("/")[2]) if found else text

    changes["skipped"] = [
        {"path": named(one["path"]), "reason": named(one["reason"])} for one in changes["skipped"]
    ]
    changes["failed"] = [
        {"path": named(one["path"]), "error": named(one["error"])} for one in changes["failed"]
    ]
    return changes


def _report(changes: ChangesJson) -> JSONResponse:
    """Return the report; where nothing could be taken, that is an error, with the report in it."""
    done = any(changes[what] for what in ("added", "updated", "removed", "skipped"))
    if changes["failed"] and not done:
        first = changes["failed"][0]["error"]
        error = {"type": UnreadableFile.__name__, "message": first}
        return JSONResponse({"error": error, "changes": changes}, 422)
    return JSONResponse(changes)
