"""Servers and browsers for tests."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra [web] is not installed")

from sheetengine.web.access import Access
from sheetengine.web.app import Opener, Session
from sheetengine.web.serve import bind, server
from sheetengine.web.shared_workbook import SharedWorkbook
from sheetengine.web.view_session import ViewSession


class ServerProcess:
    """`python -m sheetengine …` with a port of its own, that can be stopped and started again."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.arguments = arguments
        self.port: int | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"

    def start(self) -> str:
        """Start, at the same port as before; the address that it prints."""
        place = self.log.stat().st_size if self.log.exists() else 0
        port = ["--port", str(self.port or 0)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sheetengine", *self.arguments, "--no-browser", *port],
                stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "SHEETENGINE_RUNTIME_DIR": str(self.folder)},
            )  # fmt: skip
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            said = self.log.read_bytes()[place:].decode()
            if "token=" in said and "Ctrl-C" in said:
                address = next(word for word in said.split() if word.startswith("http"))
                self.port = int(address.split("/")[2].rpartition(":")[2])
                return address
            time.sleep(0.02)
        raise AssertionError(f"the server did not start: {self.log.read_text()}")

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(10)


@contextlib.contextmanager
def serving(pages: Mapping[str, Opener], closing: Callable[[Session], None] | None = None) -> Iterator[str]:
    """A server in a thread of the test: starts in a moment, and its workbook is at hand; the address with the token."""
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    access = Access.for_address("127.0.0.1", port, "t" * 43)
    running = server(pages, access, closing)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/{next(iter(pages))}?token={access.token}"
    finally:
        running.should_exit = True
        thread.join(10)
        listening.close()


def view_pages(shared: SharedWorkbook) -> tuple[dict[str, Opener], Callable[[Session], None]]:
    """What `serving` needs to serve `view` of a workbook."""

    def closing(session: Session) -> None:
        assert isinstance(session, ViewSession)
        session.close()

    return {"view": lambda push: ViewSession(shared, push)}, closing


@pytest.fixture(scope="session")
def draw_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running `sheetengine draw`; its address with the token."""
    server = ServerProcess(tmp_path_factory.mktemp("draw"), "draw")
    try:
        yield server.start()
    finally:
        server.stop()


def pictures() -> Path | None:
    """Where screenshots go: the folder in SHEETENGINE_PICTURES, `docs/images` when they are made anew; None keeps none."""
    folder = os.environ.get("SHEETENGINE_PICTURES")
    return Path(folder) if folder else None
