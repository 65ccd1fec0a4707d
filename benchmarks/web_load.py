"""Many pages painting at once on one server: no edit may be lost, and how long each stroke takes.

    python -m benchmarks.web_load [--pages 20] [--seconds 30] [--rate 120]

Every page is a WebSocket client that paints as the page `draw` does: events come at a rate, one message is under way at a time, what is
painted meanwhile goes with the next. At the end each page asks for its sheet's cells, and they must equal, to the bit, what the same
edits give in a workbook of a script. Prints JSON; the exit code is 1 where an edit was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import websockets

import sheetengine
from benchmarks.web_latency import percentiles
from sheetengine.digits_data import workbook_bytes
from tests.web.conftest import ServerProcess

SIDE = 28


class Page:
    """One client: what it painted, and the time from the first event of each message to its answer."""

    def __init__(self, number: int, rate: float) -> None:
        self.chance = random.Random(number)
        self.rate = rate
        self.picture = [[0.0] * SIDE for _ in range(SIDE)]
        self.at = (self.chance.uniform(5, 23), self.chance.uniform(5, 23))
        self.unsent: dict[tuple[int, int], float] = {}
        self.since: float | None = None
        self.times: list[float] = []
        self.events = self.edits = self.messages = 0
        self.layers: list[list[list[int]]] = []
        self.sheet = 0

    def brush(self) -> None:
        """One event of a pointer: a soft dab a little further on."""
        self.at = tuple(min(SIDE - 1.0, max(0.0, one + self.chance.uniform(-1.2, 1.2))) for one in self.at)  # type: ignore[assignment]  # two of them
        erase = self.chance.random() < 0.2
        for row in range(max(0, int(self.at[0]) - 1), min(SIDE, int(self.at[0]) + 2)):
            for column in range(max(0, int(self.at[1]) - 1), min(SIDE, int(self.at[1]) + 2)):
                distance = ((row + 0.5 - self.at[0]) ** 2 + (column + 0.5 - self.at[1]) ** 2) ** 0.5
                ink = round(min(1.0, max(0.0, (1.4 - distance) / 0.95)), 2)
                now = self.picture[row][column]
                value = min(now, 1 - ink) if erase else max(now, ink)
                if value != now:
                    self.picture[row][column] = value
                    self.unsent[row, column] = value
        self.events += 1
        if self.since is None and self.unsent:
            self.since = time.perf_counter()

    async def ask(self, socket: Any, kind: str, **fields: object) -> dict[str, Any]:
        """Send one message and wait for its answer."""
        self.messages += 1
        await socket.send(json.dumps({"id": self.messages, "type": kind, **fields}))
        answer: dict[str, Any] = json.loads(await socket.recv())
        if answer["type"] == "error" or answer["id"] != self.messages:
            raise AssertionError(f"{kind}: {answer}")
        return answer

    async def run(self, address: str, headers: dict[str, str], origin: str, seconds: float, start: asyncio.Event) -> list[Any]:
        """Paint for so long; the values of the sheet at the end."""
        async with websockets.connect(address, additional_headers=headers, origin=origin, max_size=None) as socket:  # type: ignore[arg-type]
            welcome = json.loads(await socket.recv())
            self.layers, self.sheet = welcome["layers"], welcome["sheet"]["id"]
            await start.wait()
            began = time.perf_counter()
            while (now := time.perf_counter() - began) < seconds or self.unsent:
                while self.events < min(now, seconds) * self.rate:
                    self.brush()
                if not self.unsent:
                    await asyncio.sleep(max(0.0, (self.events + 1) / self.rate - now))
                    continue
                pixels = [[row, column, value] for (row, column), value in self.unsent.items()]
                self.unsent.clear()
                since, self.since = self.since, None
                answer = await self.ask(socket, "paint", pixels=pixels)
                self.edits += len(pixels)
                assert answer["recomputed"] == 41, answer
                assert since is not None
                self.times.append((time.perf_counter() - since) * 1000)
            cells = [[row, column] for row in range(SIDE) for column in range(SIDE)] + [cell for layer in self.layers for cell in layer]
            return [(await self.ask(socket, "inspect", sheet=self.sheet, row=row, column=column))["value"] for row, column in cells]

    def expected(self) -> list[Any]:
        """The same cells of a workbook that a script gave the same picture, pixel by pixel."""
        sheet = sheetengine.open(workbook_bytes())["Draw"]
        for row, line in enumerate(self.picture):
            for column, value in enumerate(line):
                sheet.cell(row + 1, column + 1).value = value
        cells = [sheet.cell(row + 1, column + 1) for row in range(SIDE) for column in range(SIDE)]
        return [cell.value for cell in cells] + [sheet.cell(row + 1, column + 1).value for layer in self.layers for row, column in layer]


async def paint(address: str, pages: list[Page], seconds: float) -> list[list[Any]]:
    """All pages at once."""
    host, _, rest = address.removeprefix("http://").partition("/")
    token = rest.partition("token=")[2]
    headers = {"Cookie": f"sheetengine_{host.rpartition(':')[2]}={token}"}
    start = asyncio.Event()
    running = [asyncio.create_task(page.run(f"ws://{host}/draw/socket", headers, f"http://{host}", seconds, start)) for page in pages]
    await asyncio.sleep(0.2 * len(pages))
    start.set()
    return list(await asyncio.gather(*running))


def measure(count: int, seconds: float, rate: float) -> dict[str, Any]:
    """One run with a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder), "draw")
        try:
            address = server.start()
            pages = [Page(number, rate) for number in range(count)]
            found = asyncio.run(paint(address, pages, seconds))
        finally:
            server.stop()
    lost = sum(one != two for page, values in zip(pages, found, strict=True) for one, two in zip(page.expected(), values, strict=True))
    times = [time for page in pages for time in page.times]
    return {
        "pages": count,
        "seconds": seconds,
        "events": sum(page.events for page in pages),
        "messages": len(times),
        "messages_per_second": round(len(times) / seconds),
        "edits": sum(page.edits for page in pages),
        "cells_that_differ": lost,
        "answer_ms": percentiles(times) | {"max": round(max(times), 1)},
        "load_before": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=float, default=120, help="events a second of each page")
    given = parser.parse_args()
    result = measure(given.pages, given.seconds, given.rate)
    print(json.dumps(result, indent=2))
    sys.exit(result["cells_that_differ"] > 0)
