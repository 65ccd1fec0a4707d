"""Starts the server: picks a port, prints the address, opens the browser, runs until Ctrl-C.

In: the pages to serve, host and port. Out: a running server. Invariant: without a host it listens on loopback alone; with one it says
first what that means.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from collections.abc import Callable, Mapping

from sheetengine.errors import MissingDependency, SheetEngineError

try:
    import uvicorn

    from sheetengine.web.access import Access, lasting_token
    from sheetengine.web.app import Opener, Session, application
    from sheetengine.web.protocol import MOST_CHARACTERS
except ImportError as error:
    if error.name is None or error.name.partition(".")[0] not in ("uvicorn", "starlette", "websockets", "anyio"):
        raise
    raise MissingDependency(f"the pages need {error.name}: pip install 'sheetengine[web]'") from error

DEFAULT_PORT = 8765
_LARGEST_FRAME = 4 * MOST_CHARACTERS
"""Beyond this a WebSocket is closed unread; between it and `MOST_CHARACTERS` a message is answered with an error."""


def serve(
    pages: Mapping[str, Opener],
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    browser: bool = True,
    say: Callable[[str], None],
    closing: Callable[[Session], None] | None = None,
) -> None:
    """Serve pages until interrupted."""
    listening = bind(host, port)
    number = int(listening.getsockname()[1])
    access = Access.for_address(host, number, lasting_token(number))
    shown = "127.0.0.1" if is_loopback(host) else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{number}/{next(iter(pages))}?token={access.token}"
    if not is_loopback(host):
        say(
            f"WARNING: listening on {host}, not on loopback alone. Whoever can reach this machine and learns the address below can read\n"
            "and edit what is served, and it travels unencrypted. Use it only in a network you trust."
        )
    say(f"{address}\nCtrl-C ends the server.")
    if browser:
        threading.Timer(0.4, webbrowser.open, [address]).start()
    server(pages, access, closing).run(sockets=[listening])


def server(pages: Mapping[str, Opener], access: Access, closing: Callable[[Session], None] | None = None) -> uvicorn.Server:
    """A server of pages, with its limits; it runs with sockets that are bound already."""
    config = uvicorn.Config(
        application(pages, access, closing),
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=_LARGEST_FRAME,
        # Between two processes of one machine compression costs more than it saves.
        ws_per_message_deflate=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int | None) -> socket.socket:
    """A listening socket at the port asked for, or at the default one, or where that is taken at any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    wanted = [port] if port is not None else [DEFAULT_PORT, 0]
    for place, one in enumerate(wanted):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, one))
            listening.listen(64)
        except OSError as error:
            listening.close()
            if place == len(wanted) - 1:
                raise SheetEngineError(f"cannot listen on {host}:{one}: {error.strerror}") from error
            continue
        return listening
    raise AssertionError("one of the ports was tried last")
