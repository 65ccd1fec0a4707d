"""Who may speak to the server, and what bad messages do: an error for the one who sent them, nothing for anyone else."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from sheetengine.errors import SheetEngineError
from sheetengine.web import app as application_module, serve as serve_module
from sheetengine.web.access import Access, lasting_token
from sheetengine.web.app import application
from sheetengine.web.protocol import DRAW, MOST_CHARACTERS
from sheetengine.web.serve import is_loopback

TOKEN = "t" * 43
PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"
HOST = {"host": f"127.0.0.1:{PORT}"}
GOOD = {**HOST, "cookie": f"sheetengine_{PORT}={TOKEN}", "origin": HERE}


class Echo:
    """A session that answers with what it was asked, or fails as told by the digit's number."""

    schemas = DRAW
    lock = contextlib.nullcontext()
    in_thread = False

    def welcome(self) -> dict[str, Any]:
        return {"type": "welcome"}

    def handle(self, message: Any) -> dict[str, Any]:
        if message.number == 13:
            raise ZeroDivisionError("a bug of ours")
        if message.number == 14:
            raise SheetEngineError("that cannot be")
        return {"type": "digit", "number": message.number}


@pytest.fixture
def client() -> TestClient:
    access = Access.for_address("127.0.0.1", PORT, TOKEN)
    return TestClient(application({"draw": lambda _: Echo()}, access), base_url=HERE, follow_redirects=False)


def ask(socket: Any, data: str) -> dict[str, Any]:
    socket.send_text(data)
    return json.loads(socket.receive_text())


def digit(number: int, own: int = 1) -> str:
    return json.dumps({"type": "digit", "id": own, "number": number})


# -- pages ---------------------------------------------------------------------------------------------------------------


def test_the_token_moves_from_the_address_into_a_cookie(client: TestClient) -> None:
    answer = client.get(f"/draw?token={TOKEN}&zoom=2")
    assert answer.status_code == 303 and answer.headers["location"] == "/draw?zoom=2"
    cookie = answer.headers["set-cookie"]
    assert f"sheetengine_{PORT}={TOKEN}" in cookie and "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    assert client.get("/draw").status_code == 200


@pytest.mark.parametrize(
    "path", ["/draw", "/", "/static/draw.js", "/static/base.css", "/nothing", "/draw?token=", "/draw?token=" + "x" * 43]
)
def test_without_the_token_nothing_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 403
    assert "terminal" in answer.text and "<" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", ""])
def test_a_foreign_host_is_refused_even_with_the_token(client: TestClient, host: str) -> None:
    assert client.get(f"/draw?token={TOKEN}", headers={"host": host}).status_code == 403
    assert client.get("/draw", headers={**GOOD, "host": host}).status_code == 403


def test_pages_load_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/draw", headers=GOOD)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "no-referrer"
    static = Path(application_module.__file__).parent / "static"
    for file in static.iterdir():
        text = file.read_text("utf-8")
        found = [word for word in ("https://", "http://", "@import", "//cdn") if word in text.replace("http://www.w3.org/2000/svg", "")]
        assert not found, (file.name, found)
        assert "style=" not in text.replace("el.style", "") or file.suffix != ".html", file.name
        assert client.get(f"/static/{file.name}", headers=GOOD).status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/..%2Faccess.py", "/static/%2e%2e/app.py", "/static/nothing.js", "/static/.hidden.js", "/static/__init__.py", "/view"]
)
def test_only_files_of_the_pages_are_served(client: TestClient, path: str) -> None:
    assert client.get(path, headers=GOOD).status_code == 404


# -- sockets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        HOST,
        {**HOST, "origin": HERE},
        {**HOST, "cookie": GOOD["cookie"]},
        {**GOOD, "origin": "http://evil.example"},
        {**GOOD, "origin": "null"},
        {**GOOD, "origin": "https://127.0.0.1:8765"},
        {**GOOD, "origin": "http://127.0.0.1:8766"},
        {**GOOD, "origin": f"http://127.0.0.1:{PORT}.evil.example"},
        {**GOOD, "host": "evil.example"},
        {**GOOD, "cookie": f"sheetengine_{PORT}=wrong"},
        {**GOOD, "cookie": f"sheetengine_{PORT + 1}={TOKEN}"},
        {**GOOD, "cookie": "a=b; c d=,;;\x01"},
    ],
)
def test_a_socket_without_token_or_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/draw/socket", headers=headers):
        pass


def test_the_other_names_of_this_machine_will_do(client: TestClient) -> None:
    for name in ("localhost", "[::1]"):
        headers = {**GOOD, "host": f"{name}:{PORT}", "origin": f"http://{name}:{PORT}"}
        with client.websocket_connect("/draw/socket", headers=headers) as socket:
            assert json.loads(socket.receive_text()) == {"type": "welcome"}


def test_bad_messages_get_an_error_and_the_page_lives_on(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with client.websocket_connect("/draw/socket", headers=GOOD) as socket, client.websocket_connect("/draw/socket", headers=GOOD) as other:
        assert json.loads(socket.receive_text()) == json.loads(other.receive_text()) == {"type": "welcome"}
        for bad in ("{", "[]", '{"type":"paint"}', '{"type":"digit","id":5,"number":-1}'):
            assert ask(socket, bad)["kind"] == "malformed"
        assert ask(socket, '"' + "x" * MOST_CHARACTERS + '"')["kind"] == "too large"
        socket.send_bytes(b"\x00\x01")
        assert json.loads(socket.receive_text())["kind"] == "malformed"
        assert ask(socket, digit(14, 8)) == {"type": "error", "id": 8, "kind": "refused", "text": "that cannot be"}
        with caplog.at_level(logging.ERROR):
            assert ask(socket, digit(13, 9)) == {"type": "error", "id": 9, "kind": "bug", "text": "ZeroDivisionError: a bug of ours"}
        assert "ZeroDivisionError" in caplog.text and "Traceback" in caplog.text
        assert ask(socket, digit(7)) == {"type": "digit", "number": 7, "id": 1}
        assert ask(other, digit(8)) == {"type": "digit", "number": 8, "id": 1}


def test_who_sends_nothing_but_nonsense_is_cut_off(client: TestClient) -> None:
    with client.websocket_connect("/draw/socket", headers=GOOD) as socket:
        socket.receive_text()
        for _ in range(100):
            assert ask(socket, "{")["kind"] == "malformed"
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_text()
        assert caught.value.code == 1008


def test_no_more_pages_than_the_server_bears(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application_module, "MOST_PAGES", 1)
    with client.websocket_connect("/draw/socket", headers=GOOD) as socket:
        socket.receive_text()
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/draw/socket", headers=GOOD):
            pass
    with client.websocket_connect("/draw/socket", headers=GOOD) as socket:
        assert json.loads(socket.receive_text()) == {"type": "welcome"}


def test_a_session_that_cannot_open_says_why(client: TestClient) -> None:
    def opener(_: object) -> Echo:
        raise SheetEngineError("there is no network to show")

    refusing = TestClient(application({"draw": opener}, Access.for_address("127.0.0.1", PORT, TOKEN)), base_url=HERE)
    with refusing.websocket_connect("/draw/socket", headers=GOOD) as socket:
        assert json.loads(socket.receive_text()) == {"type": "error", "id": None, "kind": "refused", "text": "there is no network to show"}


# -- tokens and addresses ------------------------------------------------------------------------------------------------


def test_a_token_lasts_a_day_and_is_the_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    first = lasting_token(1234, folder)
    assert len(first) == 43 and lasting_token(1234, folder) == first
    assert lasting_token(1235, folder) != first
    path = folder / "token-1234"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(folder.stat().st_mode) == 0o700
    os.utime(path, (0, 0))
    second = lasting_token(1234, folder)
    assert second != first
    path.chmod(0o644)
    third = lasting_token(1234, folder)
    assert third not in (first, second) and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_only_loopback_is_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.9.1", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.1.2", "::", "example.com")))


# -- starting ------------------------------------------------------------------------------------------------------------


class Idle:
    """In the place of a server: notes where it would listen."""

    def __init__(self) -> None:
        self.places: list[tuple[str, int]] = []

    def run(self, sockets: list[Any]) -> None:
        self.places = [socket.getsockname()[:2] for socket in sockets]
        for socket in sockets:
            socket.close()


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_other_machines_are_let_in_only_with_a_warning(host: str, warned: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHEETENGINE_RUNTIME_DIR", str(tmp_path))
    idle, said = Idle(), []
    monkeypatch.setattr(serve_module, "server", lambda *_: idle)
    serve_module.serve({"draw": lambda _: Echo()}, host=host, port=0, browser=False, say=said.append)
    ((listens, port),) = idle.places
    assert listens == host
    assert ("WARNING" in said[0]) == warned
    assert f":{port}/draw?token=" in said[-1]
    if warned:
        assert "unencrypted" in said[0] and "edit" in said[0]


def test_a_taken_port_is_refused_and_the_default_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = serve_module.bind("127.0.0.1", 0)
    port = taken.getsockname()[1]
    try:
        with pytest.raises(SheetEngineError, match=str(port)):
            serve_module.bind("127.0.0.1", port)
        monkeypatch.setattr(serve_module, "DEFAULT_PORT", port)
        other = serve_module.bind("127.0.0.1", None)
        assert other.getsockname()[1] not in (0, port)
        other.close()
    finally:
        taken.close()


def test_without_the_extra_it_is_named() -> None:
    program = (
        "import sys\n"
        "sys.modules['uvicorn'] = None\n"
        "from sheetengine.cli import main\n"
        "main(['draw', '--no-browser'])\n"
    )  # fmt: skip
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "pip install 'sheetengine[web]'" in ran.stderr and "Traceback" not in ran.stderr
