"""Who may speak to the server: the browser that was given the token, at the names the server answers to, from its own pages.

In: the scope of a request. Out: let through, refused, or sent on with a cookie. Invariants: without the token nothing is answered but a
refusal; a request under a foreign `Host` (DNS rebinding) or a WebSocket from a foreign `Origin` (another site's page) is refused even with
the token; tokens are compared in constant time.

The URL that the terminal prints has the token once; the answer moves it into a cookie that scripts cannot read, and the address bar
keeps nothing. The token outlives the process (0600 in the user's own folder, a day long), so that a page may reconnect after a restart.
"""

from __future__ import annotations

import http.cookies
import os
import secrets
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_TOKEN_LASTS = 24 * 3600.0

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Access:
    """The token, and the names (with port) that the server is reached by."""

    token: str
    hosts: frozenset[str]
    cookie: str = field(default="sheetengine")

    @classmethod
    def for_address(cls, host: str, port: int, token: str) -> Access:
        """For a server that listens on an address; on all addresses (`0.0.0.0`, `::`) any name of this machine will do."""
        names = {"127.0.0.1", "localhost", "[::1]"} | {f"[{host}]" if ":" in host else host}
        if host in ("0.0.0.0", "::"):  # compared with, not bound to
            names |= own_names()
        return cls(token, frozenset(f"{name.lower()}:{port}" for name in names), f"sheetengine_{port}")

    def host_problem(self, headers: Headers) -> str | None:
        """Why the `Host` of a request is not ours."""
        host = headers.get("host", "").lower()
        return None if host in self.hosts else f"this server is not {host!r}"

    def origin_problem(self, headers: Headers) -> str | None:
        """Why a WebSocket's `Origin` is not one of our pages."""
        origin = headers.get("origin", "").lower()
        return None if origin.startswith("http://") and origin[7:] in self.hosts else f"a page of {origin or 'no origin'} may not connect"

    def is_token(self, given: str) -> bool:
        """Whether this is the token."""
        return secrets.compare_digest(given.encode(), self.token.encode())

    def has_cookie(self, headers: Headers) -> bool:
        """Whether a request carries the token in its cookie."""
        jar: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except http.cookies.CookieError:
            return False
        return self.cookie in jar and self.is_token(jar[self.cookie].value)


class AccessMiddleware:
    """Stands before the application and lets through what `Access` allows."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI wants it."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        problem = self.access.host_problem(headers)
        if problem is not None:
            await PlainTextResponse(problem, 403, SECURITY_HEADERS)(scope, receive, send)
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and self.access.is_token(given) and scope["method"] == "GET":
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            onward = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), 303, SECURITY_HEADERS)
            onward.set_cookie(self.access.cookie, self.access.token, max_age=int(_TOKEN_LASTS), httponly=True, samesite="strict")
            await onward(scope, receive, send)
            return
        if not self.access.has_cookie(headers):
            text = "Open the address that the terminal printed: it carries the token of this server."
            await PlainTextResponse(text, 403, SECURITY_HEADERS)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        allowed = (
            self.access.host_problem(headers) is None and self.access.origin_problem(headers) is None and self.access.has_cookie(headers)
        )
        if allowed:
            await self.app(scope, receive, send)
            return
        await receive()
        # Closed before it was accepted: the handshake is answered with 403.
        await send({"type": "websocket.close", "code": 1008})


def own_names() -> set[str]:
    """The names and addresses by which others reach this machine."""
    import socket  # noqa: PLC0415  # only where the server is opened to others

    name = socket.gethostname()
    found = {name, socket.getfqdn()}
    for family, _, _, _, address in socket.getaddrinfo(name, None):
        found.add(f"[{address[0]}]" if family == socket.AF_INET6 else str(address[0]))
    return found


def token_folder() -> Path:
    """Where tokens are kept: a folder of the user's alone."""
    runtime = os.environ.get("SHEETENGINE_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "sheetengine" if runtime else Path.home() / ".cache" / "sheetengine" / "run"


def lasting_token(port: int, folder: Path | None = None) -> str:
    """The token of the server at a port: the one kept there while it is fresh and nobody else's, else a new one."""
    folder = token_folder() if folder is None else folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"token-{port}"
    try:
        found = path.stat()
        # Windows knows neither owners nor modes; there the profile folder is the user's alone.
        private = os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        if private and time.time() - found.st_mtime < _TOKEN_LASTS:
            kept = path.read_text("ascii")
            if len(kept) == 43:
                return kept
        path.unlink()
    except FileNotFoundError:
        pass
    token = secrets.token_urlsafe(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token)
    return token
