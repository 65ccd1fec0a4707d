"""The ASGI application: pages, their files, and one WebSocket for each page.

In: a way to open a session for each page. Out: answers to its messages, in their order. Invariants: one message of a page is at work at a
time; a message that cannot be read or carried out is answered with an error and changes nothing else: neither the page's own
connection, nor the server, nor another page's workbook.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import resources
from typing import Any, Final, Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sheetengine.errors import SheetEngineError
from sheetengine.web.access import SECURITY_HEADERS, Access, AccessMiddleware
from sheetengine.web.pace import Bucket
from sheetengine.web.protocol import TooLarge, read_message
from sheetengine.web.schema import BadMessage, Schema

MOST_PAGES: Final = 64
MESSAGES_PER_SECOND: Final = 500
_BURST: Final = 1000
_MOST_BAD: Final = 100
"""Messages in a row that make no sense, until a connection is closed."""

_SEND_TIMEOUT: Final = 30.0

_log = logging.getLogger("sheetengine.web")
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

Send = Callable[[dict[str, Any]], None]


class Session(Protocol):
    """What one page speaks to."""

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The messages it understands."""

    @property
    def in_thread(self) -> bool:
        """Whether its work may take long, so that it is done beside the loop that serves the others."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Held from when an answer is made until it is queued: so answers and what is pushed to the page come in the order of the edits."""

    def welcome(self) -> dict[str, Any]:
        """The first message to the page."""

    def handle(self, message: object) -> dict[str, Any]:
        """The answer to one."""


Opener = Callable[[Send], Session]
"""Opens a session; through the `Send` it may speak without being asked, from any thread."""


def application(pages: Mapping[str, Opener], access: Access, closing: Callable[[Session], None] | None = None) -> Starlette:
    """Serves the pages named; the first is the start page."""
    open_now: set[object] = set()

    async def page(request: Request) -> Response:
        return _file(f"{request.path_params['page']}.html") if request.path_params["page"] in pages else Response(status_code=404)

    async def start(_: Request) -> Response:
        return RedirectResponse(f"/{next(iter(pages))}", 303, SECURITY_HEADERS)

    async def static(request: Request) -> Response:
        return _file(request.path_params["name"])

    async def socket(websocket: WebSocket) -> None:
        opener = pages.get(websocket.path_params["page"])
        if opener is None or len(open_now) >= MOST_PAGES:
            await websocket.close(1013, "too many pages are open")
            return
        key = object()
        open_now.add(key)
        try:
            await websocket.accept()
            await _Connection(websocket).serve(opener, closing)
        finally:
            open_now.discard(key)

    routes = [
        Route("/", start),
        Route("/static/{name}", static),
        WebSocketRoute("/{page}/socket", socket),
        Route("/{page}", page),
    ]
    return Starlette(routes=routes, middleware=[Middleware(AccessMiddleware, access=access)])


def _file(name: str) -> Response:
    suffix = name[name.rfind(".") :]
    path = resources.files("sheetengine.web").joinpath("static", name)
    if "/" in name or "\\" in name or name.startswith(".") or suffix not in _TYPES or not path.is_file():
        return Response(status_code=404, headers=SECURITY_HEADERS)
    return Response(path.read_bytes(), media_type=_TYPES[suffix], headers=SECURITY_HEADERS)


class _Connection:
    """One page's WebSocket."""

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.outgoing: asyncio.Queue[str] = asyncio.Queue()
        self.bucket = Bucket(MESSAGES_PER_SECOND, _BURST)
        self.bad = 0

    def push(self, message: dict[str, Any]) -> None:
        """Queue a message to the page; may be called from any thread."""
        data = _encode(message)
        if threading.get_ident() == self.thread:
            self.outgoing.put_nowait(data)
        else:
            self.loop.call_soon_threadsafe(self.outgoing.put_nowait, data)

    async def serve(self, opener: Opener, closing: Callable[[Session], None] | None) -> None:
        session: Session | None = None
        sender = asyncio.create_task(self._send())
        try:
            try:
                session = await asyncio.to_thread(opener, self.push)
                await self._work(session, session.welcome, None)
            except SheetEngineError as error:
                await self.websocket.send_text(_encode(_problem(None, "refused", str(error))))
                return
            await self._receive(session)
        except WebSocketDisconnect:
            pass
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
            if session is not None and closing is not None:
                closing(session)

    async def _send(self) -> None:
        """Send what is queued. A page that does not read for long is let go: it connects again and asks anew."""
        while True:
            data = await self.outgoing.get()
            try:
                await asyncio.wait_for(self.websocket.send_text(data), _SEND_TIMEOUT)
            except TimeoutError:
                await self.websocket.close(1013, "the page does not read")
                return
            except (WebSocketDisconnect, RuntimeError):
                return  # it is gone; the receiving side is told too (RuntimeError is how starlette says "closed already")
            finally:
                self.outgoing.task_done()

    async def _work(self, session: Session, work: Callable[[], dict[str, Any]], number: int | None) -> None:
        """Make an answer and queue it."""

        def answer() -> None:
            with session.lock:
                made = work()
                if number is not None:
                    made["id"] = number
                self.push(made)

        if session.in_thread:
            await asyncio.to_thread(answer)
        else:
            answer()

    async def _receive(self, session: Session) -> None:
        while self.bad < _MOST_BAD:
            event = await self.websocket.receive()
            if event["type"] == "websocket.disconnect":
                return
            wait = self.bucket.wait()
            if wait > 0:
                await asyncio.sleep(wait)
            data = event.get("text")
            problem = await self._answer(session, "" if data is None else data)
            if problem is not None:
                self.push(problem)
        await asyncio.wait_for(self.outgoing.join(), _SEND_TIMEOUT)
        await self.websocket.close(1008, "too many messages that make no sense")

    async def _answer(self, session: Session, data: str) -> dict[str, Any] | None:
        """Answer a message; what went wrong with it, where something did."""
        number: int | None = None
        try:
            received = read_message(data, session.schemas)
            number = received.number
            await self._work(session, lambda: session.handle(received.message), number)
        except TooLarge as error:
            self.bad += 1
            return _problem(number, "too large", str(error))
        except BadMessage as error:
            self.bad += 1
            return _problem(number, "malformed", str(error))
        except SheetEngineError as error:
            self.bad = 0
            return _problem(number, "refused", str(error))
        except Exception as error:
            # Our bug: told to the page and, whole, to the log; the workbook is as the engine left it and the page goes on.
            _log.exception("a message of a page failed")
            return _problem(number, "bug", f"{type(error).__name__}: {error}")
        self.bad = 0
        return None


def _problem(number: int | None, kind: str, text: str) -> dict[str, Any]:
    return {"type": "error", "id": number, "kind": kind, "text": text}


def _encode(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
